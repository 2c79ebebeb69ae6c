/* Private to def/: what struct defs is made of, and the readers of the single files. */
#ifndef SISHI_DEF_TABLES_H
#define SISHI_DEF_TABLES_H

#include "def/def.h"

/* Text -> number, open addressing. */
struct index {
    struct str *key;
    int32_t *value;
    size_t room, n; /* room is a power of two */
};
enum err index_init(struct cx *cx, struct arena *keep, struct index *x, size_t n) MUST_USE;
/* false when the key is there already. At most the n given to index_init. */
bool index_add(struct index *x, struct str key, int32_t value);
int32_t index_find(const struct index *x, struct str key); /* -1: not there */

enum { REGION_LEVELS = 4, DEMO_LISTS_MAX = 64, PROCEDURES_MAX = 500 };

struct labelled {
    struct str key;
    struct label label;
};
struct labels {
    struct labelled *item;
    size_t n;
};
struct status_def {
    int no;
    struct labelled name;
    struct str words;
};
struct demo_list {
    struct str key, words;
};

/* A notice of the calendar: days first .. first + n - 1 of defs.notice_day. */
struct notice {
    int32_t year, issued_on; /* issued_on 0: not known, always counts */
    struct str region;       /* empty: the whole country */
    struct str source;
    size_t first, n;
};
struct notice_day {
    struct calendar_day day;
    int32_t holiday; /* index into defs.holidays */
};

struct defs {
    struct arena *mem;
    struct region *region; /* by level, then code */
    size_t n_regions, level_at[REGION_LEVELS + 1];
    struct index region_of;
    struct industry *industry; /* by code */
    size_t n_industries;
    struct index industry_of, industry_of_digits;
    struct entity_class *cls;
    size_t n_classes;
    struct index class_of_word;
    struct status_def *status;
    size_t n_statuses;
    struct index status_of_word;
    struct labels authorities, fields, quals, methods, item_columns, item_words, demo_says,
        procedure_words;
    struct str *qual_keys;
    struct dept_def *dept; /* by code */
    size_t n_depts;
    struct index dept_of;
    struct item_def *item;
    size_t n_items;
    struct index field_of_column;
    struct str *column_field; /* column labels: field keys and ... */
    struct label *column_label;
    size_t n_columns;
    struct demo_list demo[DEMO_LISTS_MAX];
    size_t n_demo;
    struct labels holidays;
    struct notice *notice; /* the country's in the order of the file, then the regions' */
    size_t n_notices;
    struct notice_day *notice_day;
    size_t n_notice_days, notice_day_room;
    struct deadline_def *deadline;
    size_t n_deadlines;
    const struct procedure *procedure[PROCEDURES_MAX]; /* in the order of their files' names */
    size_t n_procedures;
};

/* Each reads one file's text into `d`. `file` stands in failures. */
enum err regions_read(struct cx *cx, struct defs *d, const char *file, struct str text) MUST_USE;
enum err industries_read(struct cx *cx, struct defs *d, const char *file, struct str text) MUST_USE;
enum err classes_read(struct cx *cx, struct defs *d, const char *file, struct str text) MUST_USE;
enum err departments_read(struct cx *cx, struct defs *d, const char *file,
                          struct str text) MUST_USE;
enum err items_read(struct cx *cx, struct defs *d, const char *file, struct str text) MUST_USE;
enum err columns_read(struct cx *cx, struct defs *d, const char *file, struct str text) MUST_USE;
enum err demo_read(struct cx *cx, struct defs *d, const char *file, struct str text) MUST_USE;
enum err calendar_read(struct cx *cx, struct defs *d, const char *file, struct str text) MUST_USE;
enum err deadlines_read(struct cx *cx, struct defs *d, const char *file, struct str text) MUST_USE;
enum err procedure_words_read(struct cx *cx, struct defs *d, const char *file,
                              struct str text) MUST_USE;

#include "def/yaml.h"
/* A list of { key, zh, en } below `key`. */
enum err labels_read(const struct yaml *y, const char *key, struct labels *out) MUST_USE;
enum err label_read(const struct yaml *y, struct fy_node *n, struct labelled *out) MUST_USE;
const struct labelled *labels_find(const struct labels *l, struct str key);

/* Cuts the next line off a TSV text (LF or CRLF) into exactly n fields. false at the end. */
struct tsv {
    struct cx *cx;
    const char *file;
    struct str rest;
    int line;
};
enum err tsv_next(struct tsv *t, struct str *field, size_t n, bool *more) MUST_USE;

#endif
