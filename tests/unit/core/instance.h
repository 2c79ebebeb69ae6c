/* Random instances of the assignment's matching, the same for the same number. */
#ifndef SISHI_TEST_INSTANCE_H
#define SISHI_TEST_INSTANCE_H

#include "core/flow.h"

struct instance_size {
    size_t targets, inspectors;
    uint32_t demand_max; /* each target 1..this, or exactly this when `even` */
    bool even;
    unsigned r_bits;          /* pair tickets below 2^this */
    unsigned eligible_of_100; /* share of pairs that are eligible */
    uint32_t load_max, room_max;
};
struct flow instance_make(struct cx *cx, const struct instance_size *size, uint64_t number);

/* What the assignment minimises, in the order in which it matters. */
struct instance_cost {
    int64_t unfilled, load, tickets;
};
struct instance_cost instance_cost(const struct flow *f);

#endif
