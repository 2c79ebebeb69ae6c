/* def: reads definitions/ into read-only structures. All checking happens here, at start-up. */
#ifndef SISHI_DEF_H
#define SISHI_DEF_H

#include "base/base.h"

/* Text of a definition lives as long as the struct defs. A label has both languages. */
struct label {
    struct str text[LANG__COUNT];
};

/* GB/T 2260 divisions, versioned: a code that was merged or renamed stays, with its successor. */
struct region {
    struct str code; /* 6 digits; "000000" is the country */
    struct str name;
    int level; /* 0 country, 1 province, 2 city, 3 county */
    struct str parent;
    int32_t valid_from_on, valid_to_on; /* 0 = since the first edition held here, or still */
    struct str successor;               /* code that took over; empty when none or still valid */
    struct str source; /* where it comes from; "unverified" starts a row nobody checked */
};

/* GB/T 4754-2017. */
struct industry {
    struct str code; /* with its section: "F", "F52", "F521", "F5211" */
    struct str name;
    int level; /* 1 section, 2 division, 3 group, 4 class */
};

/* Classes of market entities. */
struct entity_class {
    int no;         /* 1..62, never reused: entity.cls and masks */
    struct str key; /* "company" */
    struct label label;
    struct str authority; /* key of the kind of body that registers it */
    struct str prefixes;  /* first two characters of its USCC, comma separated */
    struct str words;     /* words of files that mean it, LF between */
    bool branch;          /* belongs to another entity */
    bool natural;         /* the operator is a natural person */
};

struct dept_def {
    struct str code, name, name_en;
    int level;
    struct str region, parent, field;
};

struct item_basis {
    struct str law, article;
    bool verified; /* the article's text was read */
};
struct item_def {
    struct str code, category, name, name_en, objects, methods, field, levels, quals, classes,
        industries;
    int64_t version;
    int kind, list; /* as enum item_kind, item_list_kind of office */
    int64_t ratio_floor_ppm, ratio_cap_ppm, yearly_cap;
    int32_t valid_from_on, valid_to_on;
    const struct item_basis *basis;
    size_t n_basis;
};

/* A header word of a file and the field it feeds. */
struct column_word {
    struct str word;  /* folded: half width, lower case, no blanks */
    struct str field; /* as import_field_key() */
};

struct defs;

/**
 * Reads and checks all definition files.
 *
 * @param dir  the folder definitions/
 * @return ERR_DEFINITION: "file:line:column: what", the first that is wrong; ERR_FILE
 * @cost   some tens of milliseconds
 */
enum err defs_load(struct cx *cx, const char *dir, struct defs **out) MUST_USE;
void defs_free(struct defs *d); /* accepts NULL */
void defs_freep(struct defs **d);

/* How many of each, for `sishi def check`. */
struct defs_counts {
    size_t regions, industries, classes, departments, items, columns, deadlines, procedures;
};
struct defs_counts defs_count(const struct defs *d);

/* Regions. A code of 9 or 12 digits is looked up by its first six. NULL: unknown.
 * @cost O(1) */
const struct region *defs_region(const struct defs *d, struct str code);
/* In force on the day? `on` 0: today's meaning, still valid. */
bool defs_region_valid(const struct region *r, int32_t on);
/* The region that stands for it now, along the successors; NULL when none does. */
const struct region *defs_region_now(const struct defs *d, struct str code);
/* The children of a code in code order, valid ones and past ones; "000000" gives provinces. */
size_t defs_region_children(const struct defs *d, struct str code, const struct region **first);
/* All of a level, in code order (levels are stored one after another). */
size_t defs_regions_of_level(const struct defs *d, int level, const struct region **first);
/* Looked up by name among the divisions of a level inside a parent's subtree (empty = all), with or
 * without the kind of division at the name's end; past ones only when nothing in force fits. NULL
 * when none or more than one fits. @cost one pass over that part of the level */
const struct region *defs_region_by_name(const struct defs *d, struct str name, int level,
                                         struct str within);
/* "Hunan / Changsha / Yuelu" with `sep` between, into `out`. Unknown codes are put as they are. */
void defs_region_path(const struct defs *d, struct str code, const char *sep, struct buf *out);
/* The prefix that all codes of its subtree share: "43" for 430000, "4301" for 430100. */
struct str region_prefix(struct str code);

/* Industries. Accepts the code with or without its section ("5211" or "F5211"). NULL: unknown. */
const struct industry *defs_industry(const struct defs *d, struct str code);
size_t defs_industries(const struct defs *d, const struct industry **all); /* in code order */

const struct entity_class *defs_class(const struct defs *d, int no); /* NULL: no such */
const struct entity_class *defs_class_by_key(const struct defs *d, struct str key);
/* By key, label or word of files; NULL: unknown. */
const struct entity_class *defs_class_by_word(const struct defs *d, struct str word);
/* What the first two characters of a USCC say; NULL when they say nothing. */
const struct entity_class *defs_class_by_code(const struct defs *d, struct str uscc);
size_t defs_classes(const struct defs *d, const struct entity_class **all);

/* Registration states: number (enum entity_status) to label; by key, label or word of files. */
struct str defs_status_label(const struct defs *d, int status, enum lang lang);
int defs_status_by_word(const struct defs *d, struct str word); /* 0: unknown */

size_t defs_depts(const struct defs *d, const struct dept_def **all); /* in code order */
const struct dept_def *defs_dept(const struct defs *d, struct str code);
/* Label of a department field or a qualification or an inspection method; the key when unknown. */
struct str defs_field_label(const struct defs *d, struct str key, enum lang lang);
struct str defs_qual_label(const struct defs *d, struct str key, enum lang lang);
struct str defs_method_label(const struct defs *d, struct str key, enum lang lang);
size_t defs_quals(const struct defs *d, const struct str **keys);
size_t defs_items(const struct defs *d, const struct item_def **all);
/* The published list's columns in their order: header of the i-th, and the key of what is in it. */
size_t defs_item_columns(const struct defs *d);
struct str defs_item_column(const struct defs *d, size_t i, enum lang lang, struct str *key);
/* A word that its cells are put together with ("general", "level_1", "and"); the key when unknown.
 */
struct str defs_item_word(const struct defs *d, const char *key, enum lang lang);

/* A header word folded: half width, lower case, no blanks, '_' or '-'. In `keep`. */
enum err defs_column_fold(struct cx *cx, struct arena *keep, struct str word,
                          struct str *out) MUST_USE;
/* Header words of files, in no order; looked up by the folded word. Empty: unknown. */
struct str defs_column_field(const struct defs *d, struct str folded);
/* The header of our own files for a field. */
struct str defs_column_label(const struct defs *d, const char *field, enum lang lang);

/**
 * The working days of a region as they were known on a day, up to ten years beyond the newest
 * notice.
 *
 * @param region    "" the country's; a region's own holidays come on top
 * @param known_on  only notices issued up to this day; 0 = all
 * @param out       in cx->mem
 * @cost  some 100 microseconds; keep it for as long as the work lasts
 */
enum err defs_calendar(struct cx *cx, const struct defs *d, struct str region, int32_t known_on,
                       struct calendar **out) MUST_USE;
/* The holiday whose notice names the day, also for a made-up one; empty when none does. */
struct str defs_holiday_label(const struct defs *d, int32_t on, enum lang lang);

/* A deadline of a procedure: a row of definitions/deadlines.yaml. */
struct deadline_def {
    struct str procedure, key; /* "complaint", "C3" */
    struct label label;
    struct str from;    /* what it is counted from */
    bool named;         /* the end is a date that a document names: n and unit say nothing */
    int32_t n;          /* of `unit`s */
    struct str unit;    /* "work_day", "day", "hour", "month", "year" */
    bool backwards;     /* counted back from an event to come */
    bool repeats;       /* due again each time it is met */
    int32_t not_before; /* a window opens this many units after the start; 0 = at once */
    int32_t promise;    /* promised by the authority, same unit; 0 = none */
    int32_t extend;     /* one extension; 0 = none */
    struct str extend_unit, extend_note, amount_note, paused_by, at_expiry, source;
    struct str roll;                    /* "none", "holiday", "rest" */
    int32_t valid_from_on, valid_to_on; /* of this rule; 0 = open */
    bool verified;                      /* the article was read */
};
/* The rule in force on a day; NULL: no such procedure or key, or none in force then. */
const struct deadline_def *defs_deadline(const struct defs *d, struct str procedure, struct str key,
                                         int32_t on);
size_t defs_deadlines(const struct defs *d, const struct deadline_def **all);

/* Word lists of the demo province: list by key, items separated by LF; empty when unknown. */
struct str defs_demo_words(const struct defs *d, const char *list);
/* What the demo draw says at a step; the key when unknown. */
struct str defs_demo_says(const struct defs *d, const char *key, enum lang lang);

#include "def/procedure.h"

#endif
