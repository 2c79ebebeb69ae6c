/* The frozen frame: population.tsv, roster.tsv, recusal.tsv (sishi-draw/1 sections 4.2, 4.3), one
 * line at a time. Lines are made by *_line_put and read back, checked, by *_line_get. */
#ifndef SISHI_CORE_FRAME_H
#define SISHI_CORE_FRAME_H

#include "core/plan.h"

enum {
    DRAW_ID_MAX = 64,    /* bytes of 0x21..0x7E */
    DRAW_NOTE_MAX = 255, /* bytes */
    DRAW_LOAD_MAX = 1 << 20,
};
#define DRAW_WEIGHT_MAX (UINT32_C(1) << 31)

/* One entity's share in one lot. In a rate lot w is the probability in units of 2^-31, in a fixed
 * lot a relative weight. */
struct share {
    uint32_t lot; /* index into plan.lot */
    uint32_t w;   /* 1..DRAW_WEIGHT_MAX */
};
struct entity {
    struct str id, region; /* region: 6..12 digits */
    struct share *share;   /* ascending by lot; memory given by the caller, see below */
    size_t shares;         /* 1.. */
    struct str salt;       /* "-" or 32 hex */
    struct str note;       /* "-" or up to 255 bytes without control characters */
};
struct inspector {
    struct str id, dept;
    struct str regions; /* comma list of digits; one is a prefix of the target's region */
    struct str quals;   /* comma list of names, or "-" */
    uint32_t cap;       /* new places in this draw, at most */
    uint32_t load;      /* places carried over, 0..DRAW_LOAD_MAX */
    struct str salt;
};
struct recusal {
    struct str inspector, target;
};

/* @param share  room for p->lots shares, which e->share will point to
 * @return ERR_DRAW_FILE with `at` and the reason. Views in *e point into `line`. */
PUBLIC enum err entity_get(struct cx *cx, const struct plan *p, struct place at, struct str line,
                           struct share *share, struct entity *e) MUST_USE;
/* Is this the line that the public gets of a sealed entity, `id TAB leaf`? */
PUBLIC bool entity_sealed(struct str line, struct str *id, struct digest *leaf);
PUBLIC enum err inspector_get(struct cx *cx, struct place at, struct str line,
                              struct inspector *i) MUST_USE;
PUBLIC enum err recusal_get(struct cx *cx, struct place at, struct str line,
                            struct recusal *r) MUST_USE;
/* The line without LF. What they write is not checked here; the frame's reader does. */
PUBLIC void entity_put(const struct plan *p, const struct entity *e, struct buf *out);
PUBLIC void inspector_put(const struct inspector *i, struct buf *out);
PUBLIC void recusal_put(const struct recusal *r, struct buf *out);

/* Does the region list hold a prefix of `region`? Does the qual list hold `qual`? */
PUBLIC bool inspector_serves(const struct inspector *i, struct str region);
PUBLIC bool inspector_has(const struct inspector *i, struct str qual);

/* Lines and Merkle root of one file. */
struct tree {
    uint64_t lines;
    struct digest root;
};

/* The frame's three files. */
struct frame_sources {
    struct draw_source population, roster, recusal;
};

/* What one pass over the population learns of a lot, enough to draw it in the second. */
struct lot_stat {
    uint64_t n;         /* entities in it */
    uint64_t w_sum;     /* of their weights */
    uint32_t takeall;   /* how many are certain (fixed lots) */
    uint32_t w_certain; /* weights from here on are certain; 0 = none */
    uint64_t w_left;    /* w_sum without the certain */
    uint32_t m_left;    /* n of the plan without the certain */
};
struct frame {
    struct tree population, roster, recusal;
    struct lot_stat *lot;        /* plan.lots of them */
    unsigned id_bytes;           /* of the longest id in the population */
    struct inspector *inspector; /* the roster, ascending by whole line; copied */
    size_t inspectors;
    struct recusal *recused; /* ascending; copied */
    size_t recusals;
};
/* Reads all three files once: checks every line and the order, counts, roots, weights.
 * @cost one pass; memory does not grow with the population (only with fixed lots' n, to find the
 * certain ones: 8 bytes each, given back at the end) */
PUBLIC enum err frame_read(struct cx *cx, const struct plan *p, const struct frame_sources *from,
                           struct frame *out) MUST_USE;

#endif
