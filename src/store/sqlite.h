/* Private to store/: one connection to SQLite, and the writer's thread. */
#ifndef SISHI_STORE_SQLITE_H
#define SISHI_STORE_SQLITE_H

#include <pthread.h>
#include <sqlite3.h>

#include "store/backend.h"
#include "store/slots.h"

/* A connection and the statements prepared on it. Used by one thread at a time. */
struct sq_conn {
    sqlite3 *h;         /* NULL until it is needed */
    struct slots slots; /* sqlite3_stmt */
    bool taken;         /* by a reader */
};

struct sq_writer;

struct sq {
    char *path;
    char *folder; /* of a temporary database, else NULL */
    int busy_ms;
    pthread_mutex_t lock; /* of the readers */
    pthread_cond_t reader_free;
    struct sq_conn *readers;
    size_t n_readers;
    struct sq_conn write_conn;
    struct sq_writer *writer;
};

enum err sq_fail(struct cx *cx, const struct sq_conn *c, int rc, const char *what);
/* A statement without parameters and rows. */
enum err sq_do(struct cx *cx, struct sq_conn *c, const struct stmt *q) MUST_USE;
void sq_undo(struct sq_conn *c, const struct stmt *q); /* a rollback: what could be done if not? */

enum err sq_writer_start(struct cx *cx, struct store *st, struct sq *sq) MUST_USE;
void sq_writer_stop(struct sq_writer *w); /* when all that waits is written; accepts NULL */
enum err sq_write(struct store *st, struct job *job);

#endif
