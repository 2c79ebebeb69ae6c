/* plan.txt: what is announced before anything is frozen (sishi-draw/1 section 4.1). */
#ifndef SISHI_CORE_PLAN_H
#define SISHI_CORE_PLAN_H

#include "core/digest.h"
#include "core/lines.h"

enum {
    PLAN_PARTIES_MAX = 16,
    PLAN_BEACONS_MAX = 8,
    PLAN_LOTS_MAX = 1024,
    PLAN_TEAMS_MAX = 4096,
    PLAN_TEAM_MIN = 2, /* law: 行政处罚法 第四十二条(一): at least two officers */
    PLAN_TEAM_MAX = 64,
    BEACON_REF_MAX = 200,
    BEACON_VALUE_MAX = 400,
    NAME_MAX_BYTES = 32, /* party, dept, lot, qual: [A-Za-z0-9_]{1,32} */
};

enum beacon_kind { BEACON_LOTTERY, BEACON_DICE, BEACON_DRAND, BEACON_NIST, BEACON_OTHER };
enum lot_mode { LOT_FIXED, LOT_RATE };
enum missing_rule { MISSING_VOID, MISSING_SKIP };

struct plan_beacon {
    enum beacon_kind kind;
    struct str ref; /* names the one future event */
};
struct plan_lot {
    struct str name;
    enum lot_mode mode;
    uint32_t n, reserve; /* fixed lots; below 2^31 */
};
struct plan_team {
    struct str lot, dept;
    uint32_t size;   /* PLAN_TEAM_MIN..PLAN_TEAM_MAX */
    struct str qual; /* "-" when none is asked */
};

struct plan {
    struct str draw_id, title; /* title empty when there is none */
    bool has_rules;
    struct digest rules; /* H of the published rules for weights */
    enum digest_kind hash;
    struct str *party; /* strictly ascending */
    size_t parties;
    struct plan_beacon *beacon;
    size_t beacons;
    enum missing_rule missing;
    int32_t embargo_on;   /* yyyymmdd until which lists are withheld; 0 = publish now */
    struct plan_lot *lot; /* strictly ascending by name, whatever their order in the file */
    size_t lots;
    struct plan_team *team; /* in the order of the file */
    size_t teams;
    struct digest digest; /* H(plan.txt) */
};

/* Reads and checks a plan; its strings are copied to cx->mem. Refuses, with file and line: words
 * out of order or unknown, names unsorted or doubled, a team of fewer than two, a team for a lot or
 * with a qual that is not there, `missing skip` without a beacon, a beacon whose reference is not
 * in its kind's form. ERR_DRAW_FILE */
PUBLIC enum err plan_read(struct cx *cx, const struct draw_source *source,
                          struct plan *out) MUST_USE;
/* The plan's text, lots in ascending order. Fill in everything but `digest`; then read the text
 * back with plan_read, which checks it. */
PUBLIC void plan_write(const struct plan *p, struct buf *out);

/* The index of a lot, or p->lots. */
PUBLIC size_t plan_lot_find(const struct plan *p, struct str name);
/* Is the reference in its kind's form? Why not, or NULL when it is. */
PUBLIC const char *beacon_ref_fault(const struct plan_beacon *b);
/* Is the value in its kind's canonical form (section 4.5)? Why not, or NULL when it is. */
PUBLIC const char *beacon_fault(const struct plan_beacon *b, struct str value);
PUBLIC const char *beacon_kind_name(enum beacon_kind kind);

#endif
