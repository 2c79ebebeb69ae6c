/* A whole draw over its files: freeze, run, verify, and one entity's line. Files are sources and
 * sinks, so a folder, a database and a test use the same steps (sishi-draw/1). */
#ifndef SISHI_CORE_BUNDLE_H
#define SISHI_CORE_BUNDLE_H

#include "core/assign.h"
#include "core/lot.h"
#include "core/merkle.h"
#include "core/transcript.h"

/* Step 1, freeze: reads the frame and says what freeze.txt must hold.
 * @param commit  p->parties commitments, in plan order */
PUBLIC enum err draw_freeze(struct cx *cx, const struct plan *p, const struct frame_sources *from,
                            const struct digest *commit, struct freeze *out) MUST_USE;

/* Where step 2 puts the result, line by line, each file in its order. */
struct draw_sinks {
    struct draw_sink lots, result, assign, prices; /* .line NULL: not wanted */
};
/* Like draw_sinks, but as values; for who keeps rows instead of lines. Any may be NULL. */
struct draw_watch {
    enum err (*drawn)(struct cx *cx, void *ctx, const struct drawn *d);
    enum err (*outcome)(struct cx *cx, void *ctx, const struct lot_outcome *o);
    enum err (*assigned)(struct cx *cx, void *ctx, const struct assign_row *r);
    enum err (*priced)(struct cx *cx, void *ctx, const struct price_row *r);
    void *ctx;
};

/**
 * Step 2, run: reads the frame again, checks it against the freeze, draws the lots, assigns the
 * inspectors, checks the assignment, and gives lines and head.
 *
 * @param freeze, seed  as read (and so checked) by freeze_read and seed_read
 * @param to, watch     may be NULL
 * @return ERR_DRAW_MISMATCH when the frame is not the frozen one; ERR_ASSIGN_TIE
 * @cost two passes over the population
 */
PUBLIC enum err draw_run(struct cx *cx, const struct plan *p, const struct freeze *freeze,
                         const struct seed *seed, const struct frame_sources *from,
                         const struct draw_sinks *to, const struct draw_watch *watch,
                         struct head *out) MUST_USE;

/* A finished draw as published. */
struct bundle {
    struct draw_source plan, freeze, seed, head;
    struct frame_sources frame;
    struct draw_source lots, result, assign, prices;
    struct draw_source reveals; /* .next NULL when it is not published */
    struct draw_source events;  /* events.tsv; .next NULL when it is not published */
};
/* Called after each step of verify that passed. `step` is a stable word: "plan", "freeze",
 * "frame", "seed", "lots", "assign", "head", and "changes" when events.tsv is there.
 * `what`: a sentence for a person, in English. */
struct verify_watch {
    void (*passed)(void *ctx, const char *step, const char *what);
    void *ctx;
};
/**
 * Recomputes everything and compares. Stops at the first thing that is wrong.
 *
 * @return ERR_DRAW_MISMATCH or ERR_DRAW_FILE with "FILE:LINE: reason"
 */
PUBLIC enum err draw_verify(struct cx *cx, const struct bundle *b, const struct verify_watch *watch,
                            struct head *out) MUST_USE;

/* One entity in one lot. */
struct check_lot {
    struct lot_outcome outcome; /* the lot's line in lots.tsv */
    struct str name;
    enum lot_mode mode;
    uint32_t w, p; /* w 0: sealed */
    lot_key k;
    bool certain;  /* its weight alone draws it */
    bool selected; /* by its own ticket and the lot's last line; not known when sealed */
    char status;   /* 'A', 'S', 'R' as result.tsv says, '-' not drawn */
    uint32_t rank; /* in result.tsv; 0 not drawn */
};
/* What `check` finds about one entity. */
struct check {
    bool present; /* it has a line in the population */
    bool sealed;  /* only the digest of its line is published */
    struct str id, line;
    uint64_t index, size; /* of the line in the tree */
    struct digest root, leaf;
    struct merkle_path path;       /* when present */
    struct merkle_absence absence; /* when not: the two lines between which it would stand */
    struct digest ticket;
    uint64_t u;
    struct check_lot *lot; /* of the lots in its line */
    size_t lots;
};
/**
 * Was this entity in the pool, and rightly drawn or left? Reads the population once, builds its
 * proof, recomputes ticket, p and K, and compares them with the lots' last lines and the result.
 *
 * @param own_line  the entity's own line when the published one is sealed; empty otherwise
 * @return ERR_DRAW_MISMATCH when the published result treats it otherwise than its ticket says
 * @cost one pass over the population; with a proof in hand anyone repeats it in O(log N)
 */
PUBLIC enum err draw_check(struct cx *cx, const struct bundle *b, struct str id,
                           struct str own_line, struct check *out) MUST_USE;

#endif
