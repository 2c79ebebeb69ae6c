#include "store/slots.h"

#include <stdlib.h>

static size_t place_of(const struct slot *at, size_t room, const struct stmt *q)
{
    size_t i = ((uintptr_t)q >> 4) * 0x9e3779b1u & (room - 1);
    while (at[i].q != NULL && at[i].q != q) {
        i = (i + 1) & (room - 1);
    }
    return i;
}

static bool slots_grow(struct slots *s)
{
    size_t room = s->room == 0 ? 64 : s->room * 2;
    struct slot *at = calloc(room, sizeof *at);
    if (at == NULL) {
        return false;
    }
    for (size_t i = 0; i < s->room; i++) {
        if (s->at[i].q != NULL) {
            at[place_of(at, room, s->at[i].q)] = s->at[i];
        }
    }
    free(s->at);
    s->at = at;
    s->room = room;
    return true;
}

struct slot *slots_find(struct slots *s, const struct stmt *q)
{
    if (s->n * 2 >= s->room && !slots_grow(s)) {
        return NULL;
    }
    struct slot *slot = &s->at[place_of(s->at, s->room, q)];
    if (slot->q == NULL) {
        slot->q = q;
        s->n++;
    }
    return slot;
}

void slots_fini(struct slots *s)
{
    free(s->at);
    *s = (struct slots){ 0 };
}
