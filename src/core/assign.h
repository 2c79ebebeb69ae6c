/* Inspectors for the drawn targets (sishi-draw/1 section 4.7): the one cheapest assignment, and the
 * price list that proves it is the one. */
#ifndef SISHI_CORE_ASSIGN_H
#define SISHI_CORE_ASSIGN_H

#include "core/frame.h"
#include "core/ticket.h"

__extension__ typedef __int128 assign_price; /* units of 2^-20 of a pair ticket */

/* One drawn entity that a team must visit. */
struct visit {
    struct str id, region;
    uint32_t lot; /* a lot that drew it; an entity drawn by k lots stands k times */
};

/* Everything the assignment depends on. */
struct assign_input {
    const struct plan *plan;
    const struct digest *seed;
    const struct inspector *inspector; /* the roster */
    size_t inspectors;
    const struct recusal *recused; /* ascending */
    size_t recusals;
    struct visit *visit; /* any order; sorted in place by (id, lot) */
    size_t visits;
};

/* A line of assign.tsv: one place of a team. */
struct assign_row {
    struct str target, dept, qual;
    struct str inspector; /* "~" for a place that nobody can fill */
};
/* A line of prices.tsv. */
struct price_row {
    struct str dept, qual, inspector;
    assign_price price;
};
struct assignment {
    struct assign_row *row; /* ascending, as in assign.tsv */
    size_t rows;
    struct price_row *price; /* ascending, as in prices.tsv */
    size_t prices;
    uint64_t unfilled; /* places without an inspector */
};

/**
 * Finds the assignment and its prices, and checks them by assign_check before it returns.
 *
 * @return ERR_ASSIGN_TIE when the optimum is not unique (chance below pairs/2^48: the draw is then
 *         void by rule); ERR_NO_MEMORY
 * @cost memory 8 bytes for each eligible pair of target and inspector; time:
 * docs/adr/0009-assignment.md
 */
PUBLIC enum err assign_solve(struct cx *cx, const struct assign_input *in,
                             struct assignment *out) MUST_USE;

/**
 * The check "without solving": with this price list on the wall every target takes its cheapest
 * eligible inspectors, loads and caps add up, and every price is the largest it can be. Passing it
 * proves that the assignment is the optimum and the only one.
 *
 * @param a  rows and prices as published
 * @return ERR_DRAW_MISMATCH naming the file and line ("assign.tsv:7: ...") that is wrong
 */
PUBLIC enum err assign_check(struct cx *cx, const struct assign_input *in,
                             const struct assignment *a) MUST_USE;

PUBLIC void assign_row_put(const struct assign_row *r, struct buf *out);
PUBLIC void price_row_put(const struct price_row *r, struct buf *out);
PUBLIC enum err assign_row_get(struct cx *cx, struct place at, struct str line,
                               struct assign_row *r) MUST_USE;
PUBLIC enum err price_row_get(struct cx *cx, struct place at, struct str line,
                              struct price_row *r) MUST_USE;

/* Where a price stands in a->price, or where it would stand. */
size_t price_find(const struct assignment *a, struct str dept, struct str qual,
                  struct str inspector);

#endif
