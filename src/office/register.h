/* The register of market entities, bitemporal: as it was (valid), as it was known (recorded). */
#ifndef SISHI_OFFICE_REGISTER_H
#define SISHI_OFFICE_REGISTER_H

#include "office/desk.h"

/* Registration states. X(symbol, number in the database, name in files and answers)
 * Labels in both languages: definitions/entity_classes.yaml, defs_status_label(). */
#define ENTITY_STATUS_TABLE(X)                                                                     \
    X(ACTIVE, 1, "active")                                                                         \
    X(DORMANT, 2, "dormant")           /* closed for a time, by notice */                          \
    X(REVOKED, 3, "revoked")           /* licence revoked as a penalty */                          \
    X(DEREGISTERED, 4, "deregistered") /* ended by its own application */                          \
    X(ANNULLED, 5, "annulled")         /* registration cancelled as wrongly obtained */            \
    X(MOVED_OUT, 6, "moved_out")       /* to another registration authority */

enum entity_status {
#define X(symbol, number, name) ENTITY_##symbol = (number),
    ENTITY_STATUS_TABLE(X)
#undef X
};
/* Masks are made of 1 << number. Those in business: what a draw may visit. */
#define ENTITY_LIVE_MASK ((UINT64_C(1) << ENTITY_ACTIVE) | (UINT64_C(1) << ENTITY_DORMANT))
const char *entity_status_name(enum entity_status s);
enum entity_status entity_status_by_name(struct str name); /* 0: no such */

/* One version of an entity. Text without a value has n == 0; numbers without one are 0. */
struct market_entity {
    int64_t id;      /* internal, for ever; home == id. A code can be issued again, an id not */
    struct str code; /* what it goes by, 1..18 bytes of 0-9 A-Z, unique: the USCC; without one
                        the registration number; without either the id as 13 characters */
    struct str uscc, regno;
    struct str name;
    int cls; /* number in definitions/entity_classes.yaml */
    enum entity_status status;
    struct str region; /* GB/T 2260, 6..12 digits: where it is */
    struct str
        authority; /* registration authority's code: not always a region (development zones) */
    struct str industry; /* GB/T 4754-2017 with its section: "F", "F52", "F521", "F5211" */
    int32_t established_on, closed_on;
    struct str premises;       /* address as registered */
    int64_t premises_key;      /* equal for equal addresses (folded); 0 = no address */
    int64_t capital_fen;       /* registered capital, CNY; -1 = not stated */
    struct str representative; /* legal representative or operator: personal, staff only */
    char grade;      /* credit-risk grade 'A'..'D' of the newest batch, 0 = none: staff only */
    int64_t version; /* 1, 2, ...: for the check that nobody changed it meanwhile */
    int32_t valid_from_on,
        valid_to_on; /* true from this day until (not including) that; 0 = open */
    int64_t recorded_at, superseded_at; /* believed from this instant until that; 0 = still */
    int64_t recorded_by;                /* account; 0 = console or import at the console */
    struct str reason;                  /* why this version was written */
};

/* What a caller may see: without POWER_REGISTER_READ the personal and internal fields (those
 * marked "staff only", and who recorded what) come back empty. Every function below that takes
 * `by` applies it; POWER_PUBLIC suffices to read. */

/**
 * An entity as it was on `as_of_on`, as known at `as_known_at` (0 and 0: now).
 *
 * One of the two alone leaves the other at now: as_of_on 0 is today. The grade is today's, and only
 * given for now.
 *
 * @return ERR_NOT_FOUND also when it did not exist then
 * @cost one indexed read for now; one more for the past
 */
enum err register_get(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                      int32_t as_of_on, int64_t as_known_at, struct market_entity *out) MUST_USE;
/* By USCC, registration number (folded first; former codes too) or record id of 13 characters.
 * @return ERR_NOT_FOUND; ERR_USCC_* or ERR_REGNO when it is no code at all */
enum err register_by_code(struct cx *cx, const struct desk *d, const struct actor *by,
                          struct str code, struct market_entity *out) MUST_USE;
/* All versions, newest belief first, then newest validity. Needs POWER_REGISTER_READ. */
enum err register_history(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                          struct market_entity **out, size_t *n) MUST_USE;

enum entity_name_kind { NAME_CURRENT = 1, NAME_FORMER = 2, NAME_ALIAS = 3 };
struct entity_name {
    struct str name;
    enum entity_name_kind kind;
    int32_t from_on, to_on; /* 0 = not known, or still */
};
/* The current name first, then former ones, then aliases, each in the order they were entered.
 * @return ERR_NOT_FOUND */
enum err register_names(struct cx *cx, const struct desk *d, int64_t id, struct entity_name **out,
                        size_t *n) MUST_USE;
/* Codes it has had: scheme CODE_USCC or CODE_REGNO. */
struct entity_code {
    struct str code;
    enum code_kind scheme;
    bool current;
};
enum err register_codes(struct cx *cx, const struct desk *d, int64_t id, struct entity_code **out,
                        size_t *n) MUST_USE;

/**
 * Enters a new entity. Needs POWER_REGISTER_WRITE in its region. id, code, premises_key, grade,
 * version, recorded_* and superseded_at of `e` are ignored; valid_from_on 0 means established_on,
 * or today without one. A code whose last holder goes by another one now moves to the new entity.
 *
 * @param op_key  repeat with the same key: entered once, same id
 * @return ERR_FIELD (names the field), ERR_USCC_*, ERR_REGNO, ERR_DUPLICATE (a code is taken)
 */
enum err register_add(struct cx *cx, const struct desk *d, const struct actor *by,
                      const struct market_entity *e, struct str op_key, int64_t *id) MUST_USE;

/* Which fields of `to` a change sets. */
enum entity_field {
    FIELD_NAME = 1 << 0,
    FIELD_CLASS = 1 << 1,
    FIELD_STATUS = 1 << 2,
    FIELD_REGION = 1 << 3,
    FIELD_AUTHORITY = 1 << 4,
    FIELD_INDUSTRY = 1 << 5,
    FIELD_ESTABLISHED = 1 << 6,
    FIELD_CLOSED = 1 << 7,
    FIELD_PREMISES = 1 << 8,
    FIELD_CAPITAL = 1 << 9,
    FIELD_REPRESENTATIVE = 1 << 10,
    FIELD_USCC = 1 << 11,
    FIELD_REGNO = 1 << 12,
    FIELD_ALL = (1 << 13) - 1
};
struct entity_change {
    int64_t id;
    int64_t version; /* the version the caller saw; 0 = whatever is there */
    unsigned fields; /* mask of enum entity_field */
    struct market_entity to;
    int32_t from_on;   /* true from this day; not after today */
    int32_t to_on;     /* until (not including) this day; 0 = still */
    struct str reason; /* 1..200 characters, kept with the version */
};
/**
 * Records that the fields were so from `from_on` on: a change, or with an earlier day a correction
 * of what was believed. Every believed version that the period touches is superseded and rewritten
 * with these fields, so what was known before stays readable. A changed name becomes a former one,
 * a changed code one by which the entity is still found until somebody else gets it. A period that
 * begins before the first version extends it back. The last version stays open: to_on is at most
 * today. Needs POWER_REGISTER_WRITE where the entity is and where it goes to.
 *
 * @return ERR_MOVED_MEANWHILE, ERR_NOT_FOUND, ERR_FIELD, ERR_DATE (the period is no day, to come,
 * or over before the first version), ERR_USCC_*, ERR_REGNO, ERR_DUPLICATE (a code is taken)
 */
enum err register_change(struct cx *cx, const struct desk *d, const struct actor *by,
                         const struct entity_change *c, struct str op_key) MUST_USE;
/* Another name by which it is found. Needs POWER_REGISTER_WRITE in its region; the same alias again
 * changes nothing. @return ERR_FIELD, ERR_NOT_FOUND */
enum err register_alias_add(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                            struct str alias, struct str op_key) MUST_USE;

/* Which entities. All parts must hold; an empty part holds always. */
struct entity_filter {
    struct str code;      /* USCC or registration number, or the beginning of one (current ones) */
    struct str name;      /* some characters of the current name, a former one or an alias */
    struct str region;    /* region code; "430000", "43" and "4300" mean the whole subtree */
    struct str industry;  /* "F" or "F52" or "F5211": the subtree */
    struct str authority; /* exactly */
    uint64_t classes;     /* mask of 1 << class number; 0 = any */
    uint64_t statuses;    /* mask of 1 << enum entity_status; 0 = any */
    unsigned grades;      /* mask: bit 0 = A .. bit 3 = D, bit 4 = no grade; 0 = any. Staff only */
};

/**
 * Streams the current version of every entity that matches (name is not compared), in ascending
 * bytes of entity.code, out of one snapshot: the population of a draw is made from it.
 *
 * @param row  the entity's text lives until it returns
 * @cost one pass over the register in code order; flat memory
 */
enum err register_each(struct cx *cx, struct tx *tx, const struct entity_filter *f,
                       enum err (*row)(struct cx *cx, const struct market_entity *e, void *arg),
                       void *arg) MUST_USE;

/* Counts for a start page and for the wizard's live numbers, of the filter (name not compared). */
struct register_counts {
    int64_t all, live;
    int64_t by_grade[5]; /* live ones; A B C D, none */
};
enum err register_count(struct cx *cx, const struct desk *d, const struct actor *by,
                        const struct entity_filter *f, struct register_counts *out) MUST_USE;

/* The members of an entity in a JSON object that is open, as the API answers them and `--json`
 * prints them; what is empty is null. */
void entity_json(struct json *j, const struct defs *defs, const struct market_entity *e);

/* A database made by `sishi demo` says so, and every page must. @cost one read, cached by no one */
enum err register_is_demo(struct cx *cx, const struct desk *d, bool *out) MUST_USE;

#endif
