/* Private to store/: what a backend is, and what the two share. */
#ifndef SISHI_STORE_BACKEND_H
#define SISHI_STORE_BACKEND_H

#include "store/store.h"

typedef enum err work_fn(struct cx *cx, struct tx *tx, void *arg);
typedef enum err row_fn(struct cx *cx, const struct val *v, void *arg);

/* A write that somebody waits for. */
struct job {
    struct cx *cx;
    struct op *op; /* NULL = none */
    work_fn *work;
    void *arg;
};

struct tx {
    struct store *st;
    void *conn; /* the backend's connection */
    struct op *op;
    bool writes;
    bool failed;       /* a statement failed: PostgreSQL takes no other, so SQLite does not */
    struct bulk *bulk; /* the one that is open */
};

/* A backend puts its own part behind it. */
struct bulk {
    struct tx *tx;
    const struct stmt *insert;
};

struct backend {
    const char *scheme;
    enum err (*open)(struct cx *cx, struct store *st, const char *where,
                     const struct store_options *o);
    void (*close)(void *db);
    enum err (*read)(struct cx *cx, struct store *st, work_fn *work, void *arg);
    enum err (*write)(struct store *st, struct job *job);
    /* Like write, but nothing of the store's own runs in it: no op, no reservation of ids. May be
     * called while writes wait for it. */
    enum err (*plain_write)(struct store *st, struct job *job);
    enum err (*run)(struct cx *cx, struct tx *tx, const struct stmt *q, const struct val *args,
                    row_fn *row, void *arg, int64_t *changed);
    enum err (*script)(struct cx *cx, struct tx *tx, const char *sql);
    /* A bulk that is left open goes with the transaction; its memory is cx->mem. */
    enum err (*bulk_open)(struct cx *cx, struct tx *tx, const struct bulk_table *t,
                          struct bulk **out);
    enum err (*bulk_row)(struct cx *cx, struct bulk *b, const struct val *v);
    enum err (*bulk_close)(struct cx *cx, struct bulk *b);
    void (*interrupt)(void *db);
};

extern const struct backend backend_sqlite;
extern const struct backend backend_postgres;

struct store {
    const struct backend *be;
    void *db;
    struct ids *ids;
    char engine[64];
};

/* What every backend does in a write: the key of the operation, then the work. */
enum err op_run(struct tx *tx, struct job *job) MUST_USE;
/* The tests' failing statement. */
enum err store_stumble(struct cx *cx, const char *what) MUST_USE;
/* Text that both engines take: UTF-8 without NUL. */
enum err vals_check(struct cx *cx, const struct stmt *q, const struct val *v) MUST_USE;
enum err col_null(struct cx *cx, const struct stmt *q, int col);
enum err col_type(struct cx *cx, const struct stmt *q, int col);

/* ---- ids.c: the generator and its reservation --------------------------------------------- */

/* Reads how far ids are reserved. ERR_CLOCK. */
enum err ids_open(struct cx *cx, struct store *st, const struct store_options *o) MUST_USE;
void ids_close(struct store *st); /* gives the node number back */
/* Takes a node number when none is held. */
enum err ids_lease(struct cx *cx, struct store *st) MUST_USE;
bool ids_leased(const struct ids *ids);
unsigned ids_losses(const struct ids *ids); /* how often the node number was taken over */
/* Before a COMMIT: were ids made beyond the reservation? Then ids_extend must be part of this
 * COMMIT or stand before it, and ids_extended follow it. */
bool ids_due(const struct ids *ids);
enum err ids_extend(struct cx *cx, struct tx *tx, int64_t *until_ms) MUST_USE;
void ids_extended(struct ids *ids, int64_t until_ms);
enum err ids_settle(struct cx *cx, struct store *st) MUST_USE; /* all three, by plain_write */
int64_t ids_next(struct ids *ids);

#endif
