/* Lots: who is drawn (sishi-draw/1 section 4.6). `rate` lots have exact probabilities, `fixed` lots
 * an exact size by Pareto order sampling with an integer key; lots of one draw share tickets. */
#ifndef SISHI_CORE_LOT_H
#define SISHI_CORE_LOT_H

#include "core/frame.h"
#include "core/ticket.h"

__extension__ typedef unsigned __int128 lot_key; /* the key K: below 2^125, or u */

enum lot_status { LOT_CERTAIN = 'A', LOT_SELECTED = 'S', LOT_RESERVE = 'R' };

/* One drawn entity: a line of result.tsv. */
struct drawn {
    uint32_t lot;  /* index into plan.lot */
    uint32_t rank; /* from 1 */
    enum lot_status status;
    struct str id, region;
    uint32_t p; /* inclusion probability, units of 2^-31; 2^31 for LOT_CERTAIN */
    uint64_t u;
    lot_key k; /* 0 in rate lots and for LOT_CERTAIN */
};
/* What became of a lot: a line of lots.tsv. */
struct lot_outcome {
    uint32_t lot;
    struct lot_stat stat;
    uint64_t selected; /* certain ones included, reserves not */
    bool has_last;     /* a fixed lot with a line of status S; below is the last of them */
    lot_key k_last;
    uint64_t u_last;
    struct str id_last;
};

/* p_i of an entity with weight w: max(1, floor(m*w*2^31/w_left)), 2^31 when it is certain. */
PUBLIC uint32_t lot_probability(const struct lot_stat *stat, uint32_t w);
/* Is an entity with weight w drawn for certain? By m and W after the certain ones, as lots.tsv has
 * them. */
PUBLIC bool lot_certain(const struct lot_stat *stat, uint32_t w);
/* K = floor(u*(2^31-p)*2^31 / (p*(2^63-u))). @param p 1..2^31-1, u below 2^63 */
PUBLIC lot_key lot_key_of(uint64_t u, uint32_t p);
enum { LOT_KEY_CHARS = 39 };
/* Decimal digits of a 128-bit number, no NUL; returns how many. */
PUBLIC size_t lot_key_put(lot_key k, char out[LOT_KEY_CHARS]);

/* Where lots_draw delivers, in the order of the files: the drawn ones by lot and rank, and after
 * each lot its outcome. Either may be NULL. */
struct lot_sinks {
    enum err (*drawn)(struct cx *cx, void *ctx, const struct drawn *d);
    enum err (*outcome)(struct cx *cx, void *ctx, const struct lot_outcome *o);
    void *ctx;
};
/**
 * Draws all lots in one pass over the population. To put a whole list in random order, make it a
 * rate lot in which everybody has DRAW_WEIGHT_MAX: all are selected, ranked by ticket. (A fixed lot
 * with n = N is no order: everybody in it is certain, and certain ones are listed by id.)
 *
 * @param frame  of the same population, from frame_read
 * @cost N tickets; about 80 bytes for each of n+reserve, plus 8 MB
 */
PUBLIC enum err lots_draw(struct cx *cx, const struct plan *p, const struct frame *frame,
                          const struct digest *seed, const struct draw_source *population,
                          const struct lot_sinks *to) MUST_USE;

PUBLIC void drawn_put(const struct plan *p, const struct drawn *d, struct buf *out);
PUBLIC void lot_outcome_put(const struct plan *p, const struct lot_outcome *o, struct buf *out);

/* Lines read back. Views point into `line`; the region is not in it. `stat.w_certain` is not known
 * from a line and stays 0. ERR_DRAW_FILE, ERR_DRAW_MISMATCH */
PUBLIC enum err drawn_get(struct cx *cx, const struct plan *p, struct place at, struct str line,
                          struct drawn *d) MUST_USE;
PUBLIC enum err lot_outcome_get(struct cx *cx, const struct plan *p, struct place at,
                                struct str line, struct lot_outcome *o) MUST_USE;

#endif
