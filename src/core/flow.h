/* One phase of the assignment as a matching with convex costs: every target takes `demand` distinct
 * inspectors among those eligible for it, at the least total of section 4.7. Private. */
#ifndef SISHI_CORE_FLOW_H
#define SISHI_CORE_FLOW_H

#include "core/assign.h"

/* An eligible pair in one word: r48 above, the inspector's index in the phase below. */
enum { FLOW_INSPECTORS_MAX = 0xFFFF, FLOW_NOBODY = 0xFFFF };
static inline uint64_t flow_pair(uint64_t r48, size_t inspector)
{
    return r48 << 16 | inspector;
}
static inline uint64_t flow_r(uint64_t pair)
{
    return pair >> 16;
}
static inline uint16_t flow_who(uint64_t pair)
{
    return (uint16_t)(pair & 0xFFFF);
}

#define FLOW_ONE   ((assign_price)1)
#define FLOW_B     (FLOW_ONE << 72) /* a step of load */
#define FLOW_SHORT (FLOW_ONE << 96) /* an unfilled place */
#define FLOW_SCALE (FLOW_ONE << 20) /* published prices are finer than pair tickets */

struct flow_target {
    uint32_t demand;
    uint32_t seat; /* the first of its `demand` seats */
    size_t pair;   /* the first of its pairs, ascending by inspector */
    size_t pairs;
};
struct flow_inspector {
    uint64_t load;  /* H_j */
    uint32_t room;  /* places it may still take */
    uint32_t taken; /* x_j */
};
struct flow {
    struct flow_target *target;
    size_t targets;
    struct flow_inspector *inspector;
    size_t inspectors;
    const uint64_t *pair;
    uint16_t *seat; /* who sits there; FLOW_NOBODY = unfilled */
    size_t seats;
};

/* Fills the seats and `taken`; each target's seats ascend, unfilled ones last.
 * Method: one seat at a time along a shortest path of exchanges, with prices as potentials.
 * @cost memory of a few words a seat and an inspector */
enum err flow_solve(struct cx *cx, struct flow *f) MUST_USE;

/* What is wrong with seats and prices, found without solving. */
struct flow_fault {
    const char *what; /* NULL: nothing; they are the optimum and the only one */
    size_t target;    /* which target, or SIZE_MAX */
    size_t inspector; /* which inspector, or SIZE_MAX */
};
struct flow_fault flow_check(const struct flow *f, const assign_price *price);

/* The largest prices under which the seats are everybody's strict choice; they pass flow_check.
 * @param price  f->inspectors of them
 * @return ERR_ASSIGN_TIE when there are none: the seats are not the one optimum */
enum err flow_price(struct cx *cx, const struct flow *f, assign_price *price) MUST_USE;

/* The pair of a target and an inspector, or NULL when not eligible. */
const uint64_t *flow_pair_find(const struct flow *f, size_t target, uint16_t inspector);

#endif
