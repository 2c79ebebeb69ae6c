/* The pool of a draw: who of the register is in which lot, with what weight, and who is left out
 * and why. The freeze writes it down, the preview counts it; both ask here, so they agree. Private
 * to office/.
 *
 * In this order, the first that holds: not of any lot's kind (not asked for, not listed); its
 * registration has ended; left out by order; certain target of another draw that is under way; the
 * yearly cap of the entity or its place is reached. Then for each lot of its kind: the item's
 * yearly cap; certain by duty (not visited for the item within the months, and registered longer
 * than that); no weight for its grade; the memory rule. Whom a lot names as mandatory is certain in
 * it against all of this but the first three. */
#ifndef SISHI_OFFICE_CEREMONY_POOL_H
#define SISHI_OFFICE_CEREMONY_POOL_H

#include "office/ceremony.h"
#include "office/directory.h"

struct pool;

/* Why a share has its weight. */
enum pool_why { POOL_BY_WEIGHT, POOL_MANDATORY, POOL_DUE };

/* An entity that is in the pool. Its views live until the callback returns. */
struct pool_entry {
    const struct market_entity *e;
    struct share *share;      /* lots are indices in ascending order of their names */
    const enum pool_why *why; /* of each share */
    size_t shares;
    struct str note; /* inputs of the weights, "-" for none; for the line */
};
struct pool_sink {
    enum err (*entry)(struct cx *cx, const struct pool_entry *p, void *arg);
    enum err (*left_out)(struct cx *cx, const struct market_entity *e, enum ceremony_exclusion why,
                         struct str detail, void *arg);
    /* The memory rule's state behind this draw, of an entity in a lot that remembers; may be NULL.
     */
    enum err (*memory)(struct cx *cx, size_t lot, struct str code, uint32_t c31, void *arg);
    void *arg;
};

/* What the pool is made for. */
struct pool_terms {
    const struct ceremony_plan *plan;
    int64_t self;                             /* the draw whose own visits do not count; 0 = none */
    int32_t on;                               /* the day, yyyymmdd */
    const struct ceremony_progress *progress; /* may be NULL */
};
/* Reads what the register does not hold: earlier visits, other draws. @cost memory for the codes
 * visited in the periods asked for, not for the register. ERR_NOT_FOUND (item) */
enum err pool_open(struct cx *cx, struct tx *tx, const struct pool_terms *t,
                   struct pool **out) MUST_USE;
/**
 * One pass over the register, in order of codes. May be called again for the same answer.
 *
 * @return ERR_NOT_FOUND when somebody mandatory is not in the pool, and what the sink returns
 */
enum err pool_each(struct cx *cx, struct tx *tx, struct pool *p,
                   const struct pool_sink *to) MUST_USE;

size_t pool_lots(const struct pool *p);
const struct ceremony_lot *pool_lot(const struct pool *p, size_t lot); /* by index */
/* First day of the memory cycle of a lot that remembers. */
int32_t pool_cycle_on(const struct pool *p, size_t lot);

/* ---- roster and recusals --------------------------------------------------------------------- */

/* The lines of a small file, sorted, each once. */
struct pool_lines {
    struct str *line;
    size_t n, room;
};
/* The inspectors of the departments that the team lines name, and their recusals, in force on the
 * day. @cost memory for the inspectors */
enum err pool_roster(struct cx *cx, struct tx *tx, const struct pool_terms *t,
                     struct pool_lines *roster, struct pool_lines *recusals) MUST_USE;

#endif
