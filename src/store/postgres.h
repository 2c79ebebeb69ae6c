/* Private to store/: connections to PostgreSQL, and what runs on them. */
#ifndef SISHI_STORE_POSTGRES_H
#define SISHI_STORE_POSTGRES_H

#include <libpq-fe.h>
#include <pthread.h>

#include "store/backend.h"
#include "store/slots.h"

enum { PG_COLUMNS = 64 }; /* of a row, and parameters of a statement, at most */

/* Object ids of the server's types, fixed since ever (pg_type.dat). */
enum pg_type {
    PG_BYTEA = 17,
    PG_NAME = 19,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_VARCHAR = 1043,
};

struct pg;

/* A connection and the statements prepared on it. Used by one thread at a time. */
struct pg_conn {
    struct pg *pg;
    PGconn *h;          /* NULL until it is needed */
    PGcancel *cancel;   /* under pg->lock, as h is when it changes */
    struct slots slots; /* char *: the prepared statement's name */
    const char *begin;  /* still to be sent: it goes with the first statement */
    unsigned made;      /* statements and cursors so far: their names */
    bool ending;        /* the end of a read was sent, its answer not yet taken */
    bool again;         /* what failed may go well when it is run again */
    bool taken;
};

struct pg_pool {
    struct pg_conn *conns;
    size_t n;
    pthread_cond_t free;
};

struct pg {
    char *conninfo;
    int busy_ms;
    pthread_mutex_t lock; /* of the pools */
    struct pg_pool readers, writers;
    struct pg_pool plain;        /* one: for the store's own writes, which others wait for */
    pthread_mutex_t repeat_lock; /* who runs again runs alone, or it might never end */
};

/* ---- postgres_conn.c ---------------------------------------------------------------------- */

/* Connects when there is no connection, or it broke. */
enum err pg_conn_open(struct cx *cx, struct pg_conn *c) MUST_USE;
/* The same, but waits up to busy_ms for a server that starts again. */
enum err pg_conn_reopen(struct cx *cx, struct pg_conn *c) MUST_USE;
void pg_conn_close(struct pg_conn *c);
bool pg_conn_lost(const struct pg_conn *c);
/* What the server said of a failure; r may be NULL. Sets c->again. */
enum err pg_fail(struct cx *cx, struct pg_conn *c, const PGresult *r, const char *what);
/* A command without parameters and rows, sent at once (the due BEGIN before it). */
enum err pg_do(struct cx *cx, struct pg_conn *c, const char *sql, const char *what) MUST_USE;
void pg_conn_drain(struct pg_conn *c); /* takes the answers that are under way */

/* ---- postgres_run.c ----------------------------------------------------------------------- */

/* Prepares q when it is new here, and runs it, in one round trip with a due BEGIN.
 * @param out  PQclear is the caller's */
enum err pg_exec(struct cx *cx, struct pg_conn *c, const struct stmt *q, const struct val *args,
                 PGresult **out) MUST_USE;
enum err pg_run(struct cx *cx, struct tx *tx, const struct stmt *q, const struct val *args,
                row_fn *row, void *arg, int64_t *changed) MUST_USE;

/* ---- postgres_bulk.c ---------------------------------------------------------------------- */

enum err pg_bulk_open(struct cx *cx, struct tx *tx, const struct bulk_table *t,
                      struct bulk **out) MUST_USE;
enum err pg_bulk_row(struct cx *cx, struct bulk *b, const struct val *v) MUST_USE;
enum err pg_bulk_close(struct cx *cx, struct bulk *b) MUST_USE;

static inline void pg_clearp(PGresult **r)
{
    PQclear(*r);
    *r = NULL;
}

#endif
