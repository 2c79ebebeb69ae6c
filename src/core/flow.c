#include "core/flow.h"

#include "core/seating.h"
#include "core/swaps.h"

#define FAR  (FLOW_SHORT << 8)    /* beyond any way */
#define GONE (-(FLOW_SHORT << 8)) /* no way leads here */

enum { NOBODY = FLOW_NOBODY };

/* Successive shortest paths. The invariant between two seats: for a target that has j and not k,
 * r_j + P_j <= r_k + P_k; and B*(H+x) <= P_j <= B*(H+x+1) for whoever has taken and has room left.
 * So every exchange has a reduced cost of at least nothing, and Dijkstra may stop at the first end
 * it is sure of: an inspector with room, or a place that stays unfilled. Prices only rise. */
struct solver {
    struct flow *f;
    struct seating seats;
    struct swaps swaps;
    bool has_swaps; /* else exchanges are looked up in the pairs each time */
    assign_price *price;
    /* one search */
    assign_price *dist; /* cost of a way to the inspector, its price included */
    uint32_t *via;      /* the seat that would pass to it */
    uint16_t *settled;  /* in order */
    size_t settleds;
    bool *done;
    assign_price end_cost;
    uint16_t end_inspector; /* with room, or NOBODY: */
    uint32_t end_seat;      /* the one that stays or becomes empty */
};

/* The table of exchanges pays where it is no larger than the pairs it stands for. */
static bool swaps_pay(const struct flow *f)
{
    size_t pairs = 0;
    for (size_t t = 0; t < f->targets; t++) {
        pairs += f->target[t].pairs;
    }
    return f->inspectors * f->inspectors <= pairs;
}

static enum err solver_open(struct cx *cx, struct flow *f, struct solver *s)
{
    size_t m = f->inspectors;
    *s = (struct solver){
        .f = f,
        .price = arena_alloc(cx->mem, m, sizeof *s->price),
        .dist = arena_alloc(cx->mem, m, sizeof *s->dist),
        .via = arena_alloc(cx->mem, m, sizeof *s->via),
        .settled = arena_alloc(cx->mem, m, sizeof *s->settled),
        .done = arena_alloc(cx->mem, m, sizeof *s->done),
    };
    if (s->price == NULL || s->dist == NULL || s->via == NULL || s->settled == NULL ||
        s->done == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the assignment of inspectors");
    }
    TRY(seating_open(cx, f, &s->seats));
    s->has_swaps = swaps_pay(f);
    if (s->has_swaps) {
        TRY(swaps_open(cx, f, &s->swaps));
    }
    for (size_t j = 0; j < m; j++) {
        const struct flow_inspector *i = &f->inspector[j];
        s->price[j] = i->room > 0 ? FLOW_B * (assign_price)(i->load + 1) : FAR;
    }
    return ERR_OK;
}

static void reach(struct solver *s, uint16_t k, assign_price cost, uint32_t seat)
{
    if (cost < s->dist[k]) {
        s->dist[k] = cost;
        s->via[k] = seat;
    }
}

/* All ways on from a seat that is given up: to each eligible inspector outside its team. */
static void relax_seat(struct solver *s, uint32_t seat, assign_price base)
{
    const struct flow *f = s->f;
    const struct flow_target *target = &f->target[s->seats.target[seat]];
    assign_price kept[PLAN_TEAM_MAX];
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
        reach(s, k, base + (assign_price)flow_r(pair) + s->price[k], seat);
    }
    for (uint32_t d = 0; d < target->demand; d++) {
        uint16_t j = f->seat[target->seat + d];
        if (j != NOBODY) {
            s->dist[j] = kept[d];
        }
    }
}

/* The same for all seats of an inspector at once. */
static void relax_row(struct solver *s, uint16_t j, assign_price way)
{
    const int64_t *cost = s->swaps.cost + (size_t)j * s->f->inspectors;
    const uint32_t *seat = s->swaps.seat + (size_t)j * s->f->inspectors;
    for (size_t k = 0; k < s->f->inspectors; k++) {
        if (cost[k] != SWAP_NONE) {
            reach(s, (uint16_t)k, way + cost[k] + s->price[k], seat[k]);
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
        end_at(s, way + FLOW_B * (assign_price)(i->load + i->taken + 1), j, SEAT_NONE);
    }
    for (uint32_t seat = s->seats.head[j]; seat != SEAT_NONE; seat = s->seats.next[seat]) {
        assign_price base = way - (assign_price)s->seats.r[seat];
        end_at(s, base + FLOW_SHORT, NOBODY, seat);
        if (!s->has_swaps) {
            relax_seat(s, seat, base);
        }
    }
    if (s->has_swaps) {
        relax_row(s, j, way);
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
    relax_seat(s, seat, 0);
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

/* One step of the way: the seat passes to j. Returns who had it. */
static uint16_t pass_on(struct solver *s, uint32_t seat, uint16_t j)
{
    uint16_t left = s->f->seat[seat];
    const uint64_t *pair = flow_pair_find(s->f, s->seats.target[seat], j);
    if (left != NOBODY) {
        seating_leave(&s->seats, seat);
    }
    seating_give(&s->seats, seat, j, pair == NULL ? 0 : flow_r(*pair));
    if (s->has_swaps) {
        swaps_moved(&s->swaps, &s->seats, seat, left);
    }
    return left;
}

/* Follows the way back from its end to the new seat, which was empty. */
static void exchange(struct solver *s, uint32_t new_seat)
{
    uint16_t j = s->end_inspector;
    if (j != NOBODY) {
        s->f->inspector[j].taken++;
    } else if (s->end_seat != new_seat) {
        j = s->f->seat[s->end_seat];
        seating_leave(&s->seats, s->end_seat);
        if (s->has_swaps) {
            swaps_emptied(&s->swaps, &s->seats, s->end_seat, j);
        }
    }
    while (j != NOBODY) {
        j = pass_on(s, s->via[j], j);
    }
}

/* Ascending, the empty ones (the largest number) last. */
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
