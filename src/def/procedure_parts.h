/* Private to def/: a procedure while its file is read. */
#ifndef SISHI_DEF_PROCEDURE_PARTS_H
#define SISHI_DEF_PROCEDURE_PARTS_H

#include "def/tables.h"

/* A procedure being read, and where its parts stand, for failures of the checks that follow. */
struct reading {
    const struct yaml *y;
    const struct defs *defs;
    struct procedure *p;
    struct fy_node **state_at, **clock_at, **step_at, **publication_at, **batch_at, **map_at;
};

/* Everything that can be said of the parts only together. */
enum err procedure_check(const struct reading *r) MUST_USE;
/* Clocks: does every one start, stop and run out where it may? */
enum err procedure_check_clocks(const struct reading *r) MUST_USE;
/* Steps are read last: they name all other parts. */
enum err procedure_steps_read(struct reading *r) MUST_USE;

/* One row of a list of `key`, into `to`, which is zero before. */
typedef enum err reading_row(struct reading *r, struct fy_node *n, void *to);
/* Reads a list of mappings that may be missing. Its rows begin with their key, and no key stands
 * twice unless `repeat`. `at` gets the rows' nodes; may be NULL. */
struct reading_list {
    const char *key;
    size_t size;
    reading_row *row;
    bool repeat;
};
enum err reading_rows(struct reading *r, const struct reading_list *list, void *out, size_t *n,
                      struct fy_node ***at) MUST_USE;
/* key, zh, en of a row. */
enum err reading_term(const struct reading *r, struct fy_node *n, const char *key,
                      struct term *out) MUST_USE;
/* Names below `key`, each looked up; ERR_DEFINITION "... is no `what` of this procedure". */
enum err reading_indices(const struct reading *r, struct fy_node *n, const char *key,
                         int (*find)(const struct procedure *, struct str), const char *what,
                         const int16_t **out, size_t *n_out) MUST_USE;

/* Appends a procedure to defs; ERR_DEFINITION when two versions are in force on one day. */
enum err procedures_read(struct cx *cx, struct defs *d, const char *file, struct str text) MUST_USE;

#endif
