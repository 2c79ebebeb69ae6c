/* For every two inspectors the cheapest exchange of one for the other on a team. It turns the many
 * pairs of a matching into one small table, which a search reads row by row. Private. */
#ifndef SISHI_CORE_SWAPS_H
#define SISHI_CORE_SWAPS_H

#include "core/seating.h"

#define SWAP_NONE INT64_MAX

struct swaps {
    size_t inspectors;
    int64_t *cost;  /* [from * inspectors + to]: r of `to` less r of `from`; SWAP_NONE */
    uint32_t *seat; /* whose seat it is */
};
/* @cost 12 bytes for each two inspectors */
enum err swaps_open(struct cx *cx, const struct flow *f, struct swaps *out) MUST_USE;
/* After a seat has passed from `left` (FLOW_NOBODY: it was empty) to who sits there now. */
void swaps_moved(struct swaps *w, const struct seating *s, uint32_t seat, uint16_t left);
/* After a seat that `left` had became empty. */
void swaps_emptied(struct swaps *w, const struct seating *s, uint32_t seat, uint16_t left);

#endif
