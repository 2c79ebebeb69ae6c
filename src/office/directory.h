/* The two directories beside the register: departments with their inspectors, and the list of
 * inspection items. */
#ifndef SISHI_OFFICE_DIRECTORY_H
#define SISHI_OFFICE_DIRECTORY_H

#include "office/register.h"

/* A department of government at one level. */
struct department {
    struct str code; /* [A-Za-z0-9_]{1,32}: also the name in draw files */
    struct str name;
    int level;         /* 1 province, 2 city, 3 county */
    struct str region; /* its area */
    struct str parent; /* code of the department above; empty at the top */
    struct str field;  /* what it supervises: key of definitions/departments.yaml fields */
};
enum err department_get(struct cx *cx, const struct desk *d, struct str code,
                        struct department *out) MUST_USE; /* ERR_NOT_FOUND */
/* All, by code. @param region  subtree, empty = all */
enum err department_list(struct cx *cx, const struct desk *d, struct str region,
                         struct department **out, size_t *n) MUST_USE;

enum inspector_kind { INSPECTOR_OFFICER = 1, INSPECTOR_QUALIFIED = 2, INSPECTOR_EXPERT = 3 };
enum inspector_status { INSPECTOR_PENDING = 1, INSPECTOR_VALID = 2, INSPECTOR_INVALID = 3 };
struct inspector_entry {
    int64_t id;          /* home == id */
    struct str staff_no; /* unique, 1..32 bytes of 0x21-0x7E: the id in draw files */
    struct str name;     /* personal: public only after the visit, and then as the numbers */
    struct str dept;
    enum inspector_kind kind;
    struct str regions; /* prefixes of region codes, comma separated, ascending, at least one */
    struct str
        quals; /* qualifications [A-Za-z0-9_]{1,32}, comma separated, ascending; may be empty */
    struct str cert_no;
    int32_t cert_valid_to_on; /* last day; a check after it needs somebody else */
    int64_t cap;              /* most places in one draw */
    int64_t load;             /* places carried over in this year */
    enum inspector_status status;
};
enum interest_kind {
    INTEREST_RELATIVE = 1,        /* a near relative owns, runs or works in it */
    INTEREST_FORMER_EMPLOYER = 2, /* worked there in the last three years */
    INTEREST_SHAREHOLDING = 3,
    INTEREST_PRIVATE_TIE = 4,
};
struct interest {
    int64_t id, inspector, entity;
    struct str staff_no, code; /* of the inspector and of the entity */
    enum interest_kind kind;
    int32_t from_on, to_on; /* to_on 0 = still */
    struct str note;        /* personal */
};

/* Inspectors of a department (empty = all) by staff number. Needs POWER_DRAW_READ. Keyset:
 * `after` the last staff number seen, empty first; at most `limit`, 1..1000. */
enum err inspector_entry_list(struct cx *cx, const struct desk *d, const struct actor *by,
                              struct str dept, struct str after, int limit,
                              struct inspector_entry **out, size_t *n) MUST_USE;
enum err inspector_entry_get(struct cx *cx, const struct desk *d, const struct actor *by,
                             struct str staff_no, struct inspector_entry *out) MUST_USE;
enum err inspector_entry_count(struct cx *cx, const struct desk *d, struct str dept,
                               int64_t *out) MUST_USE;
/* Enters or replaces by staff number; id is ignored. Needs POWER_DRAW_COMMIT (department
 * administrator) in the inspector's department; to move one, in both. ERR_FIELD names the field. */
enum err inspector_entry_put(struct cx *cx, const struct desk *d, const struct actor *by,
                             const struct inspector_entry *i, struct str op_key,
                             int64_t *id) MUST_USE;
/* Declares a tie of the inspector `staff_no` with the entity `code` (any code it has or had); ids
 * are ignored. Needs POWER_DRAW_COMMIT in the inspector's department. ERR_NOT_FOUND (no such
 * inspector), ERR_FIELD names the field. A replay of `op_key` gives the first one's id. */
enum err interest_add(struct cx *cx, const struct desk *d, const struct actor *by,
                      const struct interest *i, struct str op_key, int64_t *id) MUST_USE;
/* Ends the inspector's declared tie `id`: its last day is `to_on` (0 = today). Set, or brought
 * forward; a tie that lasts longer is declared anew. What was frozen stays as it was. Needs
 * POWER_DRAW_COMMIT in the inspector's department. ERR_NOT_FOUND (no such inspector, or no such tie
 * of this one), ERR_FIELD (no day, or before the tie began), ERR_STATE (over by then already). */
enum err interest_end(struct cx *cx, const struct desk *d, const struct actor *by,
                      struct str staff_no, int64_t id, int32_t to_on, struct str op_key) MUST_USE;
/* Needs POWER_DRAW_READ. Oldest declaration first. ERR_NOT_FOUND: no such inspector. */
enum err interest_list(struct cx *cx, const struct desk *d, const struct actor *by,
                       struct str staff_no, struct interest **out, size_t *n) MUST_USE;

/* What a draw's roster and recusals are made from: streams inside the caller's snapshot. */
/* Valid inspectors of a department, by staff number, whose certificate is good on `on`. */
enum err inspector_entry_each(struct cx *cx, struct tx *tx, struct str dept, int32_t on,
                              enum err (*row)(struct cx *cx, const struct inspector_entry *i,
                                              void *arg),
                              void *arg) MUST_USE;
/* Interests of a department's inspectors in force on `on`, by (staff number, entity code). */
enum err interest_each(struct cx *cx, struct tx *tx, struct str dept, int32_t on,
                       enum err (*row)(struct cx *cx, const struct interest *i, void *arg),
                       void *arg) MUST_USE;
/* Adds to the places carried over, when a draw is published; minus takes back, never below 0.
 * ERR_NOT_FOUND */
enum err inspector_load_add(struct cx *cx, struct tx *tx, int64_t inspector,
                            int64_t places) MUST_USE;

/* Inspection items: what may be inspected at all, and on what basis in law. */
enum item_kind { ITEM_GENERAL = 1, ITEM_KEY = 2 };
enum item_list_kind { ITEM_LEAVE_ALONE = 1, ITEM_RANDOM = 2, ITEM_KEY_LIST = 3 };
struct item {
    struct str code; /* [A-Z0-9_]{1,32} */
    int64_t version; /* of the published list */
    struct str category, name, name_en;
    struct str objects; /* what is inspected, words as published */
    enum item_kind kind;
    enum item_list_kind list;
    struct str methods; /* names of definitions/items.yaml methods, comma separated */
    struct str field;   /* whose: department field */
    struct str levels;  /* executing levels, of 1 2 3, comma separated */
    struct str basis;   /* articles, one a line: law TAB article TAB verified 0|1 */
    int64_t ratio_floor_ppm, ratio_cap_ppm; /* parts per million of the pool a year; cap 0 = none */
    int64_t yearly_cap;    /* planned visits of an entity a year for this item; 0 = none */
    struct str quals;      /* every team needs one of each, comma separated */
    uint64_t classes;      /* entity classes it applies to, mask; 0 = all */
    struct str industries; /* prefixes, comma separated; empty = all */
    int32_t valid_from_on, valid_to_on; /* 0 = open */
};
/* Items in force on `on` (0 = today), by code: of each the newest version that had begun by then,
 * unless it had ended. @cost one pass over the list, some hundreds of rows; also of item_get */
enum err item_list(struct cx *cx, const struct desk *d, int32_t on, struct item **out,
                   size_t *n) MUST_USE;
enum err item_get(struct cx *cx, const struct desk *d, struct str code, int32_t on,
                  struct item *out) MUST_USE; /* ERR_NOT_FOUND */

/* Brings departments and items of definitions/ into the database. Unchanged ones stay; a changed
 * item is a new version; one that the list no longer names gets a version that ended yesterday; a
 * department no longer named stays, for records name it. Writes nothing when there is no news. */
enum err directory_seed(struct cx *cx, const struct desk *d) MUST_USE;

#endif
