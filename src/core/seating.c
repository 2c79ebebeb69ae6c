#include "core/seating.h"

enum err seating_open(struct cx *cx, struct flow *f, struct seating *out)
{
    struct seating s = {
        .f = f,
        .target = arena_alloc(cx->mem, f->seats, sizeof *s.target),
        .r = arena_alloc(cx->mem, f->seats, sizeof *s.r),
        .next = arena_alloc(cx->mem, f->seats, sizeof *s.next),
        .prev = arena_alloc(cx->mem, f->seats, sizeof *s.prev),
        .head = arena_alloc(cx->mem, f->inspectors, sizeof *s.head),
    };
    if (s.target == NULL || s.r == NULL || s.next == NULL || s.prev == NULL || s.head == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the assignment of inspectors");
    }
    for (size_t j = 0; j < f->inspectors; j++) {
        f->inspector[j].taken = 0;
        s.head[j] = SEAT_NONE;
    }
    for (size_t t = 0; t < f->targets; t++) {
        for (uint32_t d = 0; d < f->target[t].demand; d++) {
            s.target[f->target[t].seat + d] = (uint32_t)t;
            f->seat[f->target[t].seat + d] = FLOW_NOBODY;
        }
    }
    *out = s;
    return ERR_OK;
}

void seating_give(struct seating *s, uint32_t seat, uint16_t inspector, uint64_t r)
{
    uint32_t first = s->head[inspector];
    s->f->seat[seat] = inspector;
    s->r[seat] = r;
    s->prev[seat] = SEAT_NONE;
    s->next[seat] = first;
    if (first != SEAT_NONE) {
        s->prev[first] = seat;
    }
    s->head[inspector] = seat;
}

void seating_leave(struct seating *s, uint32_t seat)
{
    uint16_t inspector = s->f->seat[seat];
    if (s->prev[seat] == SEAT_NONE) {
        s->head[inspector] = s->next[seat];
    } else {
        s->next[s->prev[seat]] = s->next[seat];
    }
    if (s->next[seat] != SEAT_NONE) {
        s->prev[s->next[seat]] = s->prev[seat];
    }
    s->f->seat[seat] = FLOW_NOBODY;
}

bool seating_on_team(const struct seating *s, uint32_t target, uint16_t inspector)
{
    const struct flow_target *t = &s->f->target[target];
    bool found = false;
    for (uint32_t d = 0; d < t->demand; d++) {
        found |= s->f->seat[t->seat + d] == inspector;
    }
    return found;
}
