/* Private to office/: the parts of an import. A file is read in batches: one thread reads, cuts and
 * checks the next batch while the other writes the one before it. */
#ifndef SISHI_OFFICE_IMPORT_PARTS_H
#define SISHI_OFFICE_IMPORT_PARTS_H

#include "office/charset.h"
#include "office/entity_rows.h"
#include "office/import.h"

/* ---- the file (import_file.c) --------------------------------------------------------------- */

struct import_file {
    int fd;
    int64_t bytes;
    enum charset charset;
    bool bom;
    char separator;
    struct str header[IMPORT_COLUMNS_MAX]; /* UTF-8, blanks at the ends gone; in cx->mem */
    size_t n_columns;
    struct str head;      /* BOM and header line as they stand in the file, without its end */
    int64_t rows_at;      /* position of the first row */
    int64_t rows_at_line; /* its line, from 1 */
};
#define IMPORT_FILE_INIT                                                                           \
    {                                                                                              \
        .fd = -1                                                                                   \
    }
/* Opens a file and reads its header. ERR_FILE, ERR_UTF8, ERR_FIELD (no header, a column twice). */
enum err import_file_open(struct cx *cx, struct str path, struct import_file *f) MUST_USE;
void import_file_close(struct import_file *f); /* CLEANUP form */
/* Reads up to `n` bytes at a position; fewer only at the end. */
enum err import_file_read(struct cx *cx, const struct import_file *f, int64_t at, char *to,
                          size_t n, size_t *got) MUST_USE;

/* ---- which column feeds which field (import_map.c) ------------------------------------------ */

enum { IMPORT_SIGNATURE = 16 };
enum err import_signature(struct cx *cx, const struct import_file *f, struct str *out) MUST_USE;
/* By the header's words; -1 everywhere when it says nothing. */
enum err import_guess(struct cx *cx, const struct defs *defs, const struct import_file *f,
                      struct import_mapping *out) MUST_USE;
/* "field=column,...", columns from 0; and back, where a field or column that is none is left out.
 */
enum err import_mapping_text(struct cx *cx, const struct import_mapping *m,
                             struct str *out) MUST_USE;
void import_mapping_of(struct str text, size_t n_columns, struct import_mapping *out);
/* The one that was remembered for this header. */
enum err import_recall(struct cx *cx, const struct desk *d, struct str signature, size_t n_columns,
                       struct import_mapping *out, bool *found) MUST_USE;
enum err import_remember(struct cx *cx, const struct desk *d, const struct actor *by,
                         struct str signature, const struct import_mapping *m) MUST_USE;
/* Can it be imported by? ERR_FIELD. */
enum err import_mapping_check(struct cx *cx, const struct import_mapping *m,
                              size_t n_columns) MUST_USE;

/* ---- one row (import_row.c, import_value.c) ------------------------------------------------- */

/* How the rows of a file are read. */
struct import_rules {
    const struct defs *defs;
    const struct import_mapping *map;
    const struct actor *by; /* NULL: the program itself */
    size_t n_columns;
    struct str region;   /* for rows that name none; may be empty */
    int64_t capital_fen; /* what a bare number of the capital column counts */
    int32_t today_on;
};

enum import_outcome {
    IMPORT_PENDING,
    IMPORT_ADDED,
    IMPORT_CHANGED,
    IMPORT_UNCHANGED,
    IMPORT_REFUSED,
    IMPORT_OUTCOME__COUNT
};
struct import_row {
    struct market_entity e;
    struct str former;
    unsigned stated; /* mask of enum entity_field: what the row says */
    struct str raw;  /* as it stands in the file */
    int64_t line;
    unsigned wave;  /* one more than that of the last row before it with a code of it */
    bool cut;       /* `raw` is no record of the file's form */
    size_t columns; /* of the row */
    /* What is wrong with it: at all, or were it entered anew. */
    enum err fault, fault_if_new;
    const char *why, *why_if_new;
    bool read_refused; /* fault was found while reading */
    enum import_outcome outcome;
};
/* Fills `row` from a record; what is wrong is written in it. Fails only without memory. */
enum err import_row_read(struct cx *cx, const struct import_rules *r, struct charset_turn *turn,
                         const struct csv_record *rec, struct import_row *row) MUST_USE;
/* Notes a failure of cx in the row and forgets it in cx. ERR_NO_MEMORY stays one. */
enum err import_row_refuse(struct cx *cx, enum err code, struct import_row *row,
                           bool only_if_new) MUST_USE;

/* A registered capital as files have it, with thousands' commas, ten-thousands and a currency.
 * *fen -1: not stated, or in another currency. ERR_NUMBER. */
enum err import_capital(struct cx *cx, struct str s, int64_t unit_fen, int64_t *fen) MUST_USE;
/* The class that a file's word means: by itself, half width, or up to its first bracket or blank.
 * 0: none. */
int import_class(struct cx *cx, const struct defs *defs, struct str word);
/* The class of an entity whose row states none: what its name ends in, then what its code says. */
int import_class_by_name(struct cx *cx, const struct defs *defs, struct str name, struct str uscc);
int import_status(struct cx *cx, const struct defs *defs, struct str word);
/* The division that names mean, the lowest that is given. NULL: not known. */
const struct region *import_place(const struct defs *defs, struct str province, struct str city,
                                  struct str county);

/* ---- a batch of rows (import_batch.c) ------------------------------------------------------- */

struct import_batch {
    struct arena *mem;
    struct cx cx; /* of the thread that has the batch */
    const struct import_file *file;
    const struct import_rules *rules;
    struct charset_turn turn;
    char *text, *scratch; /* the file's bytes; fields without their doubled quotes */
    int64_t from, to;     /* positions in the file */
    int64_t line, line_to;
    struct import_row *rows;
    size_t n;
    unsigned waves;
    struct arena_mark start; /* of what is made anew for each batch */
    bool last;               /* the file ends here */
    enum err code;
};
/* @param cx  whose language and clock the batch takes over */
enum err import_batch_make(struct cx *cx, const struct import_file *f, const struct import_rules *r,
                           struct import_batch *b) MUST_USE;
void import_batch_free(struct import_batch *b);
/* Reads the batch at a position. The failure is in b->code and b->cx. */
void import_batch_read(struct import_batch *b, int64_t at, int64_t line);

/* ---- the refused rows (import_errors.c) ----------------------------------------------------- */

struct import_errors {
    const struct import_file *file;
    struct charset_turn turn;
    struct str path, name; /* name below desk.data_dir */
    struct str reason;     /* title of the last column */
    int fd;
    int64_t bytes; /* of the rows that are committed */
};
enum err import_errors_open(struct cx *cx, const struct desk *d, const struct import_file *f,
                            struct str name, int64_t bytes, struct import_errors *e) MUST_USE;
/* Puts the batch's refused rows behind what is committed, on the disk. @param bytes  its size then
 */
enum err import_errors_put(struct cx *cx, struct import_errors *e, const struct import_batch *b,
                           int64_t *bytes) MUST_USE;
void import_errors_close(struct import_errors *e);

/* ---- writing a batch (import_write.c) ------------------------------------------------------- */

struct import_write {
    const struct desk *d;
    const struct entity_stamp *stamp;
    struct import_batch *batch;
    int32_t today_on;
    bool dry_run;
};
/* Decides each row of the batch and, but for a dry run, writes. Outcomes are in the rows. */
enum err import_write_batch(struct cx *cx, struct tx *tx, const struct import_write *w) MUST_USE;

/* ---- as a job (import_job.c) ---------------------------------------------------------------- */

/* Runs the import a job holds. */
enum err import_run_job(struct cx *cx, const struct desk *d, const struct job *j,
                        const struct import_watch *w, struct import_result *out) MUST_USE;

/* Removes the file of a job that has ended. */
void import_forget_file(struct cx *cx, const struct desk *d, const struct job *j);

/* Text with a NUL behind it: "DATA/NAME". */
enum err import_path(struct cx *cx, const struct desk *d, struct str name,
                     struct str *out) MUST_USE;

#endif
