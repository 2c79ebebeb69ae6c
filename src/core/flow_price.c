#include "core/flow.h"

const uint64_t *flow_pair_find(const struct flow *f, size_t target, uint16_t inspector)
{
    const uint64_t *pair = f->pair + f->target[target].pair;
    if (f->target[target].pairs == f->inspectors) { /* everybody is eligible */
        return inspector < f->inspectors ? pair + inspector : NULL;
    }
    size_t lo = 0;
    size_t hi = f->target[target].pairs;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (flow_who(pair[mid]) < inspector) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    bool found = lo < f->target[target].pairs && flow_who(pair[lo]) == inspector;
    return found ? pair + lo : NULL;
}

static bool sits(const struct flow *f, const struct flow_target *t, uint16_t inspector)
{
    bool found = false;
    for (uint32_t d = 0; d < t->demand; d++) {
        found |= f->seat[t->seat + d] == inspector;
    }
    return found;
}

static assign_price offer(uint64_t pair, const assign_price *price)
{
    return FLOW_SCALE * (assign_price)flow_r(pair) + price[flow_who(pair)];
}

/* The cheapest eligible inspector outside the team, or the price of leaving the place unfilled. */
static assign_price cheapest_other(const struct flow *f, const struct flow_target *t,
                                   const assign_price *price)
{
    assign_price least = FLOW_SCALE * FLOW_SHORT;
    for (size_t i = 0; i < t->pairs; i++) {
        uint64_t pair = f->pair[t->pair + i];
        assign_price at = offer(pair, price);
        if (at < least && !sits(f, t, flow_who(pair))) {
            least = at;
        }
    }
    return least;
}

/* What an inspector's price may not reach for its load's sake. */
static assign_price ceiling(const struct flow_inspector *i)
{
    return i->taken < i->room ? FLOW_SCALE * FLOW_B * (assign_price)(i->load + i->taken + 1) - 1
                              : FLOW_SCALE * FLOW_SHORT;
}

/* Lowers the prices of one team until they are below every other offer. */
static bool lower_team(const struct flow *f, size_t target, assign_price *price)
{
    const struct flow_target *t = &f->target[target];
    bool changed = false;
    assign_price below = cheapest_other(f, t, price) - 1;
    for (uint32_t d = 0; d < t->demand; d++) {
        uint16_t j = f->seat[t->seat + d];
        const uint64_t *pair = j == FLOW_NOBODY ? NULL : flow_pair_find(f, target, j);
        if (pair != NULL && offer(*pair, price) > below) {
            price[j] = below - FLOW_SCALE * (assign_price)flow_r(*pair);
            changed = true;
        }
    }
    return changed;
}

static struct flow_fault fault_target(const char *what, size_t target)
{
    return (struct flow_fault){ what, target, SIZE_MAX };
}

/* In words: every target takes its cheapest eligible inspectors, each once. */
static struct flow_fault check_target(const struct flow *f, size_t target,
                                      const assign_price *price)
{
    const struct flow_target *t = &f->target[target];
    assign_price least = cheapest_other(f, t, price);
    bool is_short = false;
    for (uint32_t d = 0; d < t->demand; d++) {
        uint16_t j = f->seat[t->seat + d];
        const uint64_t *pair = j == FLOW_NOBODY ? NULL : flow_pair_find(f, target, j);
        is_short |= j == FLOW_NOBODY;
        if (j == FLOW_NOBODY) {
            continue;
        }
        if (pair == NULL) {
            return fault_target("an inspector who is not eligible", target);
        }
        for (uint32_t e = 0; e < d; e++) {
            if (f->seat[t->seat + e] == j) {
                return fault_target("an inspector twice on a team", target);
            }
        }
        if (offer(*pair, price) >= least) {
            return fault_target("a cheaper inspector was passed over", target);
        }
    }
    for (size_t i = 0; is_short && i < t->pairs; i++) {
        uint64_t pair = f->pair[t->pair + i];
        if (offer(pair, price) <= FLOW_SCALE * FLOW_SHORT && !sits(f, t, flow_who(pair))) {
            return fault_target("a place left unfilled although an inspector could take it",
                                target);
        }
    }
    return fault_target(NULL, SIZE_MAX);
}

static struct flow_fault check_inspector(const struct flow *f, size_t j, const assign_price *price)
{
    const struct flow_inspector *i = &f->inspector[j];
    assign_price level = FLOW_SCALE * FLOW_B * (assign_price)(i->load + i->taken);
    if (i->taken > i->room) {
        return (struct flow_fault){ "more places than the cap allows", SIZE_MAX, j };
    }
    if (i->taken > 0 && price[j] <= level) {
        return (struct flow_fault){ "a price below the inspector's load", SIZE_MAX, j };
    }
    if (i->taken < i->room && price[j] >= level + FLOW_SCALE * FLOW_B) {
        return (struct flow_fault){ "a price above the inspector's next place", SIZE_MAX, j };
    }
    return (struct flow_fault){ NULL, SIZE_MAX, SIZE_MAX };
}

struct flow_fault flow_check(const struct flow *f, const assign_price *price)
{
    struct flow_fault fault = { NULL, SIZE_MAX, SIZE_MAX };
    for (size_t t = 0; fault.what == NULL && t < f->targets; t++) {
        fault = check_target(f, t, price);
    }
    for (size_t j = 0; fault.what == NULL && j < f->inspectors; j++) {
        fault = check_inspector(f, j, price);
    }
    return fault;
}

enum err flow_price(struct cx *cx, const struct flow *f, assign_price *price)
{
    for (size_t j = 0; j < f->inspectors; j++) {
        price[j] = ceiling(&f->inspector[j]);
    }
    /* Bellman-Ford from above: without a free exchange the longest chain has each inspector once */
    bool changed = true;
    for (size_t round = 0; changed && round <= f->inspectors + 1; round++) {
        changed = false;
        for (size_t t = 0; t < f->targets; t++) {
            changed |= lower_team(f, t, price);
        }
    }
    struct flow_fault fault = { .what = changed ? "an exchange costs nothing" : NULL };
    fault = changed ? fault : flow_check(f, price);
    return fault.what == NULL ? ERR_OK
                              : fail(cx, ERR_ASSIGN_TIE, "no prices support it: %s", fault.what);
}
