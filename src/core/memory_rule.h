/* The memory rule (sishi-draw/1 section 4.10): probabilities that remember earlier draws of the
 * same cycle, so that nobody is visited twice in a row and everybody keeps the same chance. */
#ifndef SISHI_CORE_MEMORY_RULE_H
#define SISHI_CORE_MEMORY_RULE_H

#include "base/base.h"

enum { MEMORY_RHO_MAX = 256 }; /* 256 = no memory, 0 = never twice in a cycle */

/* One entity and item inside a cycle, e.g. a calendar year. Starts as {0}. */
struct memory {
    uint32_t c; /* cumulative probability in units of 2^-31, below 2^31 */
    bool drawn; /* in this cycle already */
};
/**
 * The probability to draw with, so that over the cycle the target probability is kept exactly.
 *
 * @param p    target probability of this draw, units of 2^-31, 0..2^31
 * @param rho  memory of the entity's grade in 1/256, 0..256 (higher values count as 256)
 * @param next the state after this draw (set `drawn` yourself when it was drawn); may be m
 * @return the weight for a rate lot, 0..2^31; 0 = leave the entity out
 */
PUBLIC uint32_t memory_rule(const struct memory *m, uint32_t p, uint32_t rho, struct memory *next);

#endif
