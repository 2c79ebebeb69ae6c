/* PostgreSQL: pools of connections. Reads stand on one snapshot; writes are serialisable, and run
 * again when the server could not order them or the connection broke. */
#include "store/postgres.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "q_store.h"

enum { CONNECTIONS = 8, BUSY_MS = 5000 };

static const char begin_read[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
static const char begin_write[] = "BEGIN ISOLATION LEVEL SERIALIZABLE";
static const char begin_plain[] = "BEGIN ISOLATION LEVEL READ COMMITTED";

/* ---- pools -------------------------------------------------------------------------------- */

static struct pg_conn *pool_take(struct pg *pg, struct pg_pool *pool)
{
    struct pg_conn *c = NULL;
    (void)pthread_mutex_lock(&pg->lock);
    while (c == NULL) {
        for (size_t i = 0; i < pool->n && c == NULL; i++) {
            c = pool->conns[i].taken ? NULL : &pool->conns[i];
        }
        if (c == NULL) {
            (void)pthread_cond_wait(&pool->free, &pg->lock);
        }
    }
    c->taken = true;
    (void)pthread_mutex_unlock(&pg->lock);
    c->again = false;
    return c;
}

static void pool_give(struct pg *pg, struct pg_pool *pool, struct pg_conn *c)
{
    (void)pthread_mutex_lock(&pg->lock);
    c->taken = false;
    (void)pthread_cond_signal(&pool->free);
    (void)pthread_mutex_unlock(&pg->lock);
}

static enum err pool_make(struct cx *cx, struct pg *pg, struct pg_pool *pool, size_t n)
{
    (void)pthread_cond_init(&pool->free, NULL);
    pool->conns = calloc(n, sizeof *pool->conns);
    if (pool->conns == NULL) {
        return fail(cx, ERR_NO_MEMORY, "postgres");
    }
    pool->n = n;
    for (size_t i = 0; i < n; i++) {
        pool->conns[i].pg = pg;
    }
    return ERR_OK;
}

static void pool_close(struct pg_pool *pool)
{
    for (size_t i = 0; i < pool->n; i++) {
        pg_conn_close(&pool->conns[i]);
    }
    free(pool->conns);
    (void)pthread_cond_destroy(&pool->free);
}

static void pool_interrupt(const struct pg_pool *pool)
{
    char why[256];
    for (size_t i = 0; i < pool->n; i++) {
        const struct pg_conn *c = &pool->conns[i];
        if (c->taken && c->cancel != NULL && PQcancel(c->cancel, why, sizeof why) != 1) {
            log_warn("store.interrupt", "reason=\"%.*s\"", (int)strcspn(why, "\n"), why);
        }
    }
}

/* ---- the end of a transaction ------------------------------------------------------------- */

/* Leaves the connection idle, or closed. */
static void conn_undo(struct pg_conn *c)
{
    if (c->begin != NULL) { /* nothing was ever sent */
        c->begin = NULL;
        return;
    }
    if (c->h != NULL && PQtransactionStatus(c->h) == PQTRANS_ACTIVE) { /* a COPY is open */
        (void)PQputCopyEnd(c->h, "left open");
        pg_conn_drain(c);
    }
    if (c->h != NULL && PQtransactionStatus(c->h) != PQTRANS_IDLE) {
        PQclear(PQexec(c->h, "ROLLBACK"));
    }
    if (pg_conn_lost(c) || PQtransactionStatus(c->h) != PQTRANS_IDLE) {
        pg_conn_close(c);
    }
}

/* The end of a read says nothing we wait for: its answer is taken before the next use. */
static void read_end(struct pg_conn *c)
{
    bool clean =
        c->begin == NULL && !pg_conn_lost(c) && PQtransactionStatus(c->h) == PQTRANS_INTRANS;
    if (clean && PQsendQuery(c->h, "COMMIT") == 1) {
        c->ending = true;
    } else {
        conn_undo(c);
    }
}

static enum err commit(struct cx *cx, struct pg_conn *c)
{
    TRY(store_stumble(cx, "commit"));
    if (c->begin != NULL) { /* nothing was done */
        return ERR_OK;
    }
    CLEANUP(pg_clearp) PGresult *r = PQexec(c->h, "COMMIT");
    if (PQresultStatus(r) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(r), "COMMIT") == 0) {
        return ERR_OK;
    }
    enum err code = pg_fail(cx, c, r, "commit");
    if (!pg_conn_lost(c)) {
        return code;
    }
    fault_clear(cx);
    return fail(cx, ERR_STORE_UNKNOWN, "the connection broke in the COMMIT");
}

/* ---- reading ------------------------------------------------------------------------------ */

static enum err pg_read(struct cx *cx, struct store *st, work_fn *work, void *arg)
{
    struct pg *pg = st->db;
    struct pg_conn *c = pool_take(pg, &pg->readers);
    struct tx tx = { .st = st, .conn = c };
    if (c->ending) {
        pg_conn_drain(c);
    }
    enum err code = pg_conn_open(cx, c);
    if (code == ERR_OK) {
        c->begin = begin_read;
        code = work(cx, &tx, arg);
        read_end(c);
    }
    pool_give(pg, &pg->readers, c);
    return code;
}

/* ---- writing ------------------------------------------------------------------------------ */

static enum err write_steps(struct tx *tx, struct job *job)
{
    TRY(op_run(tx, job));
    TRY(ids_settle(job->cx, tx->st));
    return commit(job->cx, tx->conn);
}

static enum err write_once(struct store *st, struct job *job, struct pg_conn *c)
{
    struct tx tx = { .st = st, .conn = c, .op = job->op, .writes = true };
    c->again = false;
    TRY(pg_conn_reopen(job->cx, c));
    c->begin = begin_write;
    c->again = false;
    enum err code = write_steps(&tx, job);
    conn_undo(c);
    return code;
}

/* Was it the database's doing, and would a second run do no harm? After a lost COMMIT only the
 * operation's key can tell. */
static bool may_repeat(const struct pg_conn *c, const struct job *job, enum err code)
{
    bool keyed = job->op != NULL && job->op->key.n > 0;
    return c->again && (code != ERR_STORE_UNKNOWN || keyed);
}

static int64_t steady_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One of those that run again at a time; the others wait for it. */
static enum err write_again(struct store *st, struct job *job, struct pg_conn *c, enum err code)
{
    struct pg *pg = st->db;
    int64_t until = steady_ms() + pg->busy_ms;
    (void)pthread_mutex_lock(&pg->repeat_lock);
    for (int i = 1; may_repeat(c, job, code) && (i <= 3 || steady_ms() < until); i++) {
        fault_clear(job->cx);
        code = write_once(st, job, c);
    }
    (void)pthread_mutex_unlock(&pg->repeat_lock);
    return code;
}

static enum err pg_write(struct store *st, struct job *job)
{
    struct pg *pg = st->db;
    struct pg_conn *c = pool_take(pg, &pg->writers);
    enum err code = write_once(st, job, c);
    if (code != ERR_OK && may_repeat(c, job, code)) {
        code = write_again(st, job, c, code);
    }
    pool_give(pg, &pg->writers, c);
    return code;
}

/* The store's own writes: one at a time over all programs, each seeing what the last one did. */
static enum err plain_steps(struct store *st, struct job *job, struct pg_conn *c)
{
    struct tx tx = { .st = st, .conn = c, .writes = true };
    struct q_schema_lock lock;
    c->begin = begin_plain;
    TRY(q_schema_lock(job->cx, &tx, &lock));
    TRY(op_run(&tx, job));
    return commit(job->cx, c);
}

static enum err pg_plain_write(struct store *st, struct job *job)
{
    struct pg *pg = st->db;
    struct pg_conn *c = pool_take(pg, &pg->plain);
    enum err code = pg_conn_reopen(job->cx, c);
    if (code == ERR_OK) {
        code = plain_steps(st, job, c);
        conn_undo(c);
    }
    pool_give(pg, &pg->plain, c);
    return code;
}

static enum err pg_script(struct cx *cx, struct tx *tx, const char *sql)
{
    return pg_do(cx, tx->conn, sql, sql);
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void pg_interrupt(void *db)
{
    struct pg *pg = db;
    (void)pthread_mutex_lock(&pg->lock);
    pool_interrupt(&pg->readers);
    (void)pthread_mutex_unlock(&pg->lock);
}

static void pg_close(void *db)
{
    struct pg *pg = db;
    pool_close(&pg->readers);
    pool_close(&pg->writers);
    pool_close(&pg->plain);
    (void)pthread_mutex_destroy(&pg->repeat_lock);
    (void)pthread_mutex_destroy(&pg->lock);
    free(pg->conninfo);
    free(pg);
}

static enum err pg_open(struct cx *cx, struct store *st, const char *where,
                        const struct store_options *o)
{
    struct pg *pg = calloc(1, sizeof *pg);
    if (pg == NULL) {
        return fail(cx, ERR_NO_MEMORY, "postgres");
    }
    (void)pthread_mutex_init(&pg->lock, NULL);
    (void)pthread_mutex_init(&pg->repeat_lock, NULL);
    st->db = pg; /* from here on store_close frees it */
    pg->busy_ms = o->busy_ms > 0 ? o->busy_ms : BUSY_MS;
    size_t n = o->readers > 0 ? (size_t)o->readers : CONNECTIONS;
    TRY(pool_make(cx, pg, &pg->readers, n));
    TRY(pool_make(cx, pg, &pg->writers, n));
    TRY(pool_make(cx, pg, &pg->plain, 1));
    pg->conninfo = strdup(where);
    return pg->conninfo != NULL ? ERR_OK : fail(cx, ERR_NO_MEMORY, "postgres");
}

const struct backend backend_postgres = {
    .scheme = "postgres",
    .open = pg_open,
    .close = pg_close,
    .read = pg_read,
    .write = pg_write,
    .plain_write = pg_plain_write,
    .run = pg_run,
    .script = pg_script,
    .bulk_open = pg_bulk_open,
    .bulk_row = pg_bulk_row,
    .bulk_close = pg_bulk_close,
    .interrupt = pg_interrupt,
};
