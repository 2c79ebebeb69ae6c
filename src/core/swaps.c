#include "core/swaps.h"

enum err swaps_open(struct cx *cx, const struct flow *f, struct swaps *out)
{
    size_t cells = f->inspectors * f->inspectors; /* below 2^32 */
    struct swaps w = { .inspectors = f->inspectors,
                       .cost = arena_alloc(cx->mem, cells, sizeof *w.cost),
                       .seat = arena_alloc(cx->mem, cells, sizeof *w.seat) };
    if (w.cost == NULL || w.seat == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the exchanges of inspectors");
    }
    for (size_t i = 0; i < cells; i++) {
        w.cost[i] = SWAP_NONE;
        w.seat[i] = SEAT_NONE;
    }
    *out = w;
    return ERR_OK;
}

static void swap_offer(struct swaps *w, const struct seating *s, uint32_t seat, uint64_t pair)
{
    size_t cell = (size_t)s->f->seat[seat] * w->inspectors + flow_who(pair);
    int64_t cost = (int64_t)flow_r(pair) - (int64_t)s->r[seat];
    if (cost < w->cost[cell]) {
        w->cost[cell] = cost;
        w->seat[cell] = seat;
    }
}

/* Looks through all seats of `from` for the cheapest way to `to`. */
static void swap_find(struct swaps *w, const struct seating *s, uint16_t from, uint16_t to)
{
    size_t cell = (size_t)from * w->inspectors + to;
    w->cost[cell] = SWAP_NONE;
    w->seat[cell] = SEAT_NONE;
    for (uint32_t seat = s->head[from]; seat != SEAT_NONE; seat = s->next[seat]) {
        const uint64_t *pair = flow_pair_find(s->f, s->target[seat], to);
        if (pair != NULL && !seating_on_team(s, s->target[seat], to)) {
            swap_offer(w, s, seat, *pair);
        }
    }
}

/* `left` gave up the seat: whatever exchange went through it needs another way. */
static void row_repair(struct swaps *w, const struct seating *s, uint32_t seat, uint16_t left)
{
    const uint32_t *row = w->seat + (size_t)left * w->inspectors;
    for (size_t to = 0; to < w->inspectors; to++) {
        if (row[to] == seat) {
            swap_find(w, s, left, (uint16_t)to);
        }
    }
}

/* The team-mates of a seat: they can no longer be exchanged for `joined`, but again for `left`. */
static void mates_repair(struct swaps *w, const struct seating *s, uint32_t seat, uint16_t left)
{
    uint32_t t = s->target[seat];
    const struct flow_target *target = &s->f->target[t];
    uint16_t joined = s->f->seat[seat];
    const uint64_t *back = left == FLOW_NOBODY ? NULL : flow_pair_find(s->f, t, left);
    for (uint32_t d = 0; d < target->demand; d++) {
        uint32_t other = target->seat + d;
        uint16_t mate = s->f->seat[other];
        if (other == seat || mate == FLOW_NOBODY) {
            continue;
        }
        if (joined != FLOW_NOBODY && w->seat[(size_t)mate * w->inspectors + joined] == other) {
            swap_find(w, s, mate, joined);
        }
        if (back != NULL) {
            swap_offer(w, s, other, *back);
        }
    }
}

void swaps_emptied(struct swaps *w, const struct seating *s, uint32_t seat, uint16_t left)
{
    row_repair(w, s, seat, left);
    mates_repair(w, s, seat, left);
}

void swaps_moved(struct swaps *w, const struct seating *s, uint32_t seat, uint16_t left)
{
    const struct flow_target *target = &s->f->target[s->target[seat]];
    if (left != FLOW_NOBODY) {
        row_repair(w, s, seat, left);
    }
    mates_repair(w, s, seat, left);
    for (size_t i = 0; i < target->pairs; i++) {
        uint64_t pair = s->f->pair[target->pair + i];
        if (!seating_on_team(s, s->target[seat], flow_who(pair))) {
            swap_offer(w, s, seat, pair);
        }
    }
}
