#include "core/flow.h"

#include <string.h>

#define FAR  (FLOW_SHORT << 8)    /* beyond any path */
#define GONE (-(FLOW_SHORT << 8)) /* no way leads here */

enum { NOBODY = FLOW_NOBODY };
static const uint32_t no_seat = UINT32_MAX;

/* Successive shortest paths. The invariant between two seats: for a target that holds j and not k,
 * r_j + P_j <= r_k + P_k; and B*(H+x) <= P_j <= B*(H+x+1) for whoever has taken and still has room.
 * So every exchange has a reduced cost of at least nothing, and Dijkstra may stop at the first end
 * it is sure of: an inspector with room, or a place that stays unfilled. Prices only rise. */
struct solver {
    struct flow *f;
    assign_price *price;
    assign_price *floor; /* by target: no inspector outside its team is cheaper than this */
    uint32_t *seat_target;
    uint64_t *seat_r;             /* the pair ticket of who sits there */
    uint32_t *next, *prev, *head; /* for each inspector the seats it holds */
    /* one search */
    assign_price *dist; /* cost of a way to the inspector, its price included */
    uint32_t *via;      /* the seat that would move to it */
    uint64_t *via_r;
    uint16_t *settled; /* in order */
    size_t settleds;
    bool *done;
    assign_price end_cost;
    uint16_t end_inspector; /* with room, or NOBODY */
    uint32_t end_seat;      /* that stays or becomes unfilled */
};

static enum err solver_open(struct cx *cx, struct flow *f, struct solver *s)
{
    size_t m = f->inspectors;
    *s = (struct solver){
        .f = f,
        .price = arena_alloc(cx->mem, m, sizeof *s->price),
        .floor = arena_alloc(cx->mem, f->targets, sizeof *s->floor),
        .seat_target = arena_alloc(cx->mem, f->seats, sizeof *s->seat_target),
        .seat_r = arena_alloc(cx->mem, f->seats, sizeof *s->seat_r),
        .next = arena_alloc(cx->mem, f->seats, sizeof *s->next),
        .prev = arena_alloc(cx->mem, f->seats, sizeof *s->prev),
        .head = arena_alloc(cx->mem, m, sizeof *s->head),
        .dist = arena_alloc(cx->mem, m, sizeof *s->dist),
        .via = arena_alloc(cx->mem, m, sizeof *s->via),
        .via_r = arena_alloc(cx->mem, m, sizeof *s->via_r),
        .settled = arena_alloc(cx->mem, m, sizeof *s->settled),
        .done = arena_alloc(cx->mem, m, sizeof *s->done),
    };
    if (s->price == NULL || s->floor == NULL || s->seat_target == NULL || s->seat_r == NULL ||
        s->next == NULL || s->prev == NULL || s->head == NULL || s->dist == NULL ||
        s->via == NULL || s->via_r == NULL || s->settled == NULL || s->done == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the assignment of inspectors");
    }
    for (size_t j = 0; j < m; j++) {
        struct flow_inspector *i = &f->inspector[j];
        i->taken = 0;
        s->head[j] = no_seat;
        s->price[j] = i->room > 0 ? FLOW_B * (assign_price)(i->load + 1) : FAR;
    }
    for (size_t t = 0; t < f->targets; t++) {
        for (uint32_t d = 0; d < f->target[t].demand; d++) {
            s->seat_target[f->target[t].seat + d] = (uint32_t)t;
            f->seat[f->target[t].seat + d] = NOBODY;
        }
    }
    return ERR_OK;
}

static void seat_give(struct solver *s, uint32_t seat, uint16_t j, uint64_t r)
{
    s->f->seat[seat] = j;
    s->seat_r[seat] = r;
    s->prev[seat] = no_seat;
    s->next[seat] = s->head[j];
    if (s->head[j] != no_seat) {
        s->prev[s->head[j]] = seat;
    }
    s->head[j] = seat;
}

static void seat_leave(struct solver *s, uint32_t seat)
{
    uint16_t j = s->f->seat[seat];
    if (s->prev[seat] == no_seat) {
        s->head[j] = s->next[seat];
    } else {
        s->next[s->prev[seat]] = s->next[seat];
    }
    if (s->next[seat] != no_seat) {
        s->prev[s->next[seat]] = s->prev[seat];
    }
    s->f->seat[seat] = NOBODY;
}

/* All ways on from a seat whose target lets go: to each eligible inspector outside its team. */
static void relax(struct solver *s, uint32_t seat, assign_price base)
{
    const struct flow *f = s->f;
    uint32_t t = s->seat_target[seat];
    const struct flow_target *target = &f->target[t];
    assign_price kept[PLAN_TEAM_MAX];
    assign_price floor = FAR;
    for (uint32_t d = 0; d < target->demand; d++) { /* nobody sits twice in a team */
        uint16_t j = f->seat[target->seat + d];
        if (j != NOBODY) {
            kept[d] = s->dist[j];
            s->dist[j] = GONE;
        }
    }
    for (size_t i = 0; i < target->pairs; i++) {
        uint64_t pair = f->pair[target->pair + i];
        uint16_t k = flow_who(pair);
        assign_price cost = (assign_price)flow_r(pair) + s->price[k];
        if (s->dist[k] == GONE) {
            continue;
        }
        floor = cost < floor ? cost : floor;
        if (base + cost < s->dist[k]) {
            s->dist[k] = base + cost;
            s->via[k] = seat;
            s->via_r[k] = flow_r(pair);
        }
    }
    s->floor[t] = floor;
    for (uint32_t d = 0; d < target->demand; d++) {
        uint16_t j = f->seat[target->seat + d];
        if (j != NOBODY) {
            s->dist[j] = kept[d];
        }
    }
}

static void end_at(struct solver *s, assign_price cost, uint16_t inspector, uint32_t seat)
{
    if (cost < s->end_cost) {
        s->end_cost = cost;
        s->end_inspector = inspector;
        s->end_seat = seat;
    }
}

/* The nearest inspector not yet settled, if it is nearer than the best end. */
static uint16_t nearest(const struct solver *s)
{
    assign_price least = s->end_cost;
    uint16_t found = NOBODY;
    for (size_t j = 0; j < s->f->inspectors; j++) {
        if (s->dist[j] < least && !s->done[j]) {
            least = s->dist[j];
            found = (uint16_t)j;
        }
    }
    return found;
}

static void settle(struct solver *s, uint16_t j)
{
    const struct flow_inspector *i = &s->f->inspector[j];
    assign_price way = s->dist[j] - s->price[j];
    s->done[j] = true;
    s->settled[s->settleds++] = j;
    if (i->taken < i->room) {
        end_at(s, way + FLOW_B * (assign_price)(i->load + i->taken + 1), j, no_seat);
    }
    for (uint32_t seat = s->head[j]; seat != no_seat; seat = s->next[seat]) {
        assign_price base = way - (assign_price)s->seat_r[seat];
        end_at(s, base + FLOW_SHORT, NOBODY, seat);
        if (base + s->floor[s->seat_target[seat]] < s->end_cost) {
            relax(s, seat, base);
        }
    }
}

/* The cheapest way to fill one more seat. */
static void search(struct solver *s, uint32_t seat)
{
    for (size_t j = 0; j < s->f->inspectors; j++) {
        s->dist[j] = FAR;
        s->done[j] = false;
    }
    s->settleds = 0;
    s->end_cost = FLOW_SHORT;
    s->end_inspector = NOBODY;
    s->end_seat = seat;
    relax(s, seat, 0);
    for (uint16_t j = nearest(s); j != NOBODY; j = nearest(s)) {
        settle(s, j);
    }
    for (size_t i = 0; i < s->settleds; i++) {
        uint16_t j = s->settled[i];
        if (s->dist[j] < s->end_cost) {
            s->price[j] += s->end_cost - s->dist[j];
        }
    }
}

/* Follows the way back from its end: each seat on it moves on by one inspector. */
static void exchange(struct solver *s, uint32_t new_seat)
{
    uint16_t j = s->end_inspector;
    if (j != NOBODY) {
        s->f->inspector[j].taken++;
    } else if (s->end_seat != new_seat) {
        j = s->f->seat[s->end_seat];
        seat_leave(s, s->end_seat);
    }
    while (j != NOBODY) {
        uint32_t seat = s->via[j];
        uint16_t left = seat == new_seat ? NOBODY : s->f->seat[seat];
        uint32_t t = s->seat_target[seat];
        if (left != NOBODY) {
            seat_leave(s, seat);
            assign_price back = (assign_price)s->seat_r[seat] + s->price[left];
            s->floor[t] = back < s->floor[t] ? back : s->floor[t];
        }
        seat_give(s, seat, j, s->via_r[j]);
        j = left;
    }
}

/* Ascending, the unfilled (the largest number) last. */
static void sort_seats(struct flow *f)
{
    for (size_t t = 0; t < f->targets; t++) {
        uint16_t *seat = f->seat + f->target[t].seat;
        for (uint32_t i = 1; i < f->target[t].demand; i++) {
            for (uint32_t d = i; d > 0 && seat[d] < seat[d - 1]; d--) {
                uint16_t hold = seat[d];
                seat[d] = seat[d - 1];
                seat[d - 1] = hold;
            }
        }
    }
}

enum err flow_solve(struct cx *cx, struct flow *f)
{
    struct solver s;
    TRY(solver_open(cx, f, &s));
    for (uint32_t seat = 0; seat < f->seats; seat++) {
        search(&s, seat);
        exchange(&s, seat);
    }
    sort_seats(f);
    return ERR_OK;
}
