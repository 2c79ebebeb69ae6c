#include "core/kept.h"

#include <string.h>

enum { FIRST_ROOM = 64 };

void *kept_add(struct cx *cx, struct kept *k)
{
    if (k->n == k->room) {
        size_t room = k->room == 0 ? FIRST_ROOM : 2 * k->room;
        void *grown = arena_alloc(cx->mem, room, k->size);
        if (grown == NULL) {
            return NULL;
        }
        if (k->n > 0) {
            memcpy(grown, k->records, k->n * k->size);
        }
        k->records = grown;
        k->room = room;
    }
    return (char *)k->records + k->n++ * k->size;
}
