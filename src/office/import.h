/* CSV in and out of the register. */
#ifndef SISHI_OFFICE_IMPORT_H
#define SISHI_OFFICE_IMPORT_H

#include "office/job.h"
#include "office/register.h"

/* Fields of an entity that a column may feed. X(symbol, key in files and answers)
 * Header words in both languages: definitions/columns.yaml. */
#define IMPORT_FIELD_TABLE(X)                                                                      \
    X(USCC, "uscc")                                                                                \
    X(REGNO, "regno")                                                                              \
    X(NAME, "name")                                                                                \
    X(CLASS, "class")                                                                              \
    X(STATUS, "status")                                                                            \
    X(REGION, "region")                                                                            \
    X(AUTHORITY, "authority")                                                                      \
    X(INDUSTRY, "industry")                                                                        \
    X(ESTABLISHED, "established_on")                                                               \
    X(CLOSED, "closed_on")                                                                         \
    X(PREMISES, "premises")                                                                        \
    X(CAPITAL, "capital")                                                                          \
    X(REPRESENTATIVE, "representative")                                                            \
    X(FORMER_NAME, "former_name")                                                                  \
    X(PROVINCE, "province") /* names instead of a region code */                                   \
    X(CITY, "city")                                                                                \
    X(COUNTY, "county")
enum import_field {
#define X(symbol, key) IMPORT_##symbol,
    IMPORT_FIELD_TABLE(X)
#undef X
        IMPORT__COUNT
};
enum { IMPORT_COLUMNS_MAX = 64, IMPORT_FIELD_BYTES_MAX = 4096 };

/* Which column feeds which field. */
struct import_mapping {
    int column[IMPORT__COUNT]; /* 0-based; -1 = none */
};
/* What a first look at a file finds out. Text in cx->mem. */
struct import_preview {
    const char *charset; /* "UTF-8" or "GB18030" */
    bool bom;
    char separator; /* ',' ';' or TAB */
    struct str header[IMPORT_COLUMNS_MAX];
    size_t n_columns;
    struct str signature;          /* 16 hex digits of the header: key of a remembered mapping */
    struct import_mapping mapping; /* remembered, else guessed from the header */
    bool remembered;
    struct str sample[5][IMPORT_COLUMNS_MAX]; /* first rows */
    size_t n_samples;
};
/* @param path  a file of this machine. ERR_FILE, ERR_FIELD (no header, a column twice). */
enum err import_look(struct cx *cx, const struct desk *d, struct str path,
                     struct import_preview *out) MUST_USE;
/* "name", "uscc", ...; and back, -1 when there is no such field. */
const char *import_field_key(enum import_field f);
int import_field_by_key(struct str key);

struct import_options {
    struct str path;
    struct str title;                     /* the name its owner gave it */
    const struct import_mapping *mapping; /* NULL = remembered or guessed */
    struct str region;                    /* for rows that name none; may be empty */
    bool dry_run;                         /* check everything, write nothing but the errors file */
    bool remember;                        /* keep the mapping for files with this header */
};
struct import_counts {
    int64_t rows; /* data rows read */
    int64_t added, changed, unchanged, refused;
    int64_t bytes_done, bytes_total;
};
struct import_result {
    struct import_counts counts;
    struct str errors; /* file name below desk.data_dir: refused rows, same columns, and why */
    bool cancelled;
};
struct import_watch {
    /* Called some times a second; false asks the import to stop after the batch under way. */
    bool (*progress)(void *arg, const struct import_counts *c);
    void *arg;
};

/**
 * Imports now, in batches that are each committed with the file position, and returns at the end.
 * A row whose code is known changes that entity where it differs, so the same file again changes
 * nothing. A refused row is written to the errors file with its line and reason and stops nothing.
 * Needs POWER_REGISTER_WRITE.
 *
 * @param job  0, or the job whose cursor is kept and where a restart goes on
 * @return ERR_FILE, ERR_FIELD (no column feeds a name or a code), ERR_FORBIDDEN
 * @cost two threads; flat memory
 */
enum err import_run(struct cx *cx, const struct desk *d, const struct actor *by,
                    const struct import_options *o, int64_t job, const struct import_watch *w,
                    struct import_result *out) MUST_USE;
/* The same as a job for the worker; the file is moved below desk.data_dir. */
enum err import_start(struct cx *cx, const struct desk *d, const struct actor *by,
                      const struct import_options *o, struct str op_key, int64_t *job) MUST_USE;
/* The result file of a job, opened for its owner: full path in cx->mem. ERR_NOT_FOUND. */
enum err job_result_path(struct cx *cx, const struct desk *d, const struct actor *by, int64_t job,
                         struct str *path) MUST_USE;

/* ---- export ---- */
enum export_view { EXPORT_PUBLIC, EXPORT_STAFF }; /* STAFF needs POWER_REGISTER_READ */
/**
 * Streams the register as CSV (UTF-8 with BOM, CRLF, header in `cx->lang`), in code order. Cells
 * that a spreadsheet would run (= + - @ TAB CR first) get a leading apostrophe.
 *
 * @param f      the name is looked for in the current one only
 * @param write  is given whole lines; its failure ends the export
 */
enum err export_csv(struct cx *cx, const struct desk *d, const struct actor *by,
                    const struct entity_filter *f, enum export_view v,
                    enum err (*write)(struct cx *cx, struct str bytes, void *arg), void *arg,
                    int64_t *rows) MUST_USE;

#endif
