/* The ceremony's texts: contribution, freeze.txt, reveals.txt, seed.txt, head.txt
 * (sishi-draw/1 sections 4.4, 4.5, 4.8). Each is written by *_write and read, checked, by *_read.
 */
#ifndef SISHI_CORE_TRANSCRIPT_H
#define SISHI_CORE_TRANSCRIPT_H

#include "core/frame.h"

enum { DRAW_VALUE_LEN = 32 };

/* A party's secret file. Its digest is the commitment. */
struct contribution {
    struct str draw_id, party;
    uint8_t value[DRAW_VALUE_LEN];
};
PUBLIC void contribution_write(const struct contribution *c, struct buf *out);
PUBLIC enum err contribution_read(struct cx *cx, const struct draw_source *source,
                                  struct contribution *out) MUST_USE;
PUBLIC struct digest commitment_of(enum digest_kind kind, const struct contribution *c);

struct freeze {
    struct digest plan; /* H(plan.txt) */
    struct tree population, roster, recusal;
    struct digest commit[PLAN_PARTIES_MAX]; /* in plan order */
    struct digest digest;                   /* H(freeze.txt) */
};
PUBLIC void freeze_write(const struct plan *p, const struct freeze *f, struct buf *out);
/* ERR_DRAW_FILE when malformed, ERR_DRAW_MISMATCH when it is not this plan's. */
PUBLIC enum err freeze_read(struct cx *cx, const struct plan *p, const struct draw_source *source,
                            struct freeze *out) MUST_USE;
/* commits.txt: lines `commit <party> <hex>` in plan order, one for each party. */
PUBLIC enum err commits_read(struct cx *cx, const struct plan *p, const struct draw_source *source,
                             struct digest commit[PLAN_PARTIES_MAX]) MUST_USE;
/* Is the tree of a file the published one? ERR_DRAW_MISMATCH naming the file. */
PUBLIC enum err tree_check(struct cx *cx, const char *file, const struct tree *published,
                           const struct tree *got) MUST_USE;
/* Is this frame what was frozen? ERR_DRAW_MISMATCH naming the file. */
PUBLIC enum err freeze_check_frame(struct cx *cx, const struct freeze *f,
                                   const struct frame *frame) MUST_USE;

struct reveal {
    bool given; /* false is written "-" */
    uint8_t value[DRAW_VALUE_LEN];
};
/* One party's value against its commitment: ERR_DRAW_MISMATCH. */
PUBLIC enum err reveal_check(struct cx *cx, const struct plan *p, const struct freeze *f,
                             size_t party, const struct reveal *r) MUST_USE;

struct reveals {
    struct reveal party[PLAN_PARTIES_MAX]; /* in plan order */
    struct digest digest;                  /* H(reveals.txt) */
};
PUBLIC void reveals_write(const struct plan *p, const struct freeze *f, const struct reveals *r,
                          struct buf *out);
/* Checks every value against its commitment. A missing one is ERR_DRAW_VOID under `missing void`.
 */
PUBLIC enum err reveals_read(struct cx *cx, const struct plan *p, const struct freeze *f,
                             const struct draw_source *source, struct reveals *out) MUST_USE;

struct seed {
    struct reveal party[PLAN_PARTIES_MAX];
    struct str beacon[PLAN_BEACONS_MAX]; /* canonical values, in plan order */
    struct digest digest;                /* the seed: H(seed.txt) */
};
PUBLIC void seed_write(const struct plan *p, const struct freeze *f, const struct seed *s,
                       struct buf *out);
/* As reveals_read; also the beacons' names and the form of their values. */
PUBLIC enum err seed_read(struct cx *cx, const struct plan *p, const struct freeze *f,
                          const struct draw_source *source, struct seed *out) MUST_USE;

/* head.txt. Under an embargo the seed is first shown sealed. */
struct head {
    bool sealed;
    struct digest freeze;
    struct digest seed; /* or its seal */
    struct tree lots, result, assign, prices;
    struct digest digest; /* H(head.txt) */
};
PUBLIC struct digest seed_seal(enum digest_kind kind, const struct digest *seed);
PUBLIC void head_write(const struct plan *p, const struct head *h, struct buf *out);
PUBLIC enum err head_read(struct cx *cx, const struct plan *p, const struct draw_source *source,
                          struct head *out) MUST_USE;

#endif
