/* SQLite's one writer: a thread that takes the writes that wait, each in a savepoint, and makes
 * them durable with one COMMIT. A write's caller is woken after that, so an answer never leaves
 * before its record is on the disk. */
#include <stdlib.h>
#include <time.h>

#include "store/sqlite.h"

/* A group ends when nobody waits, or at these bounds: the first in it should not wait long. */
enum { GROUP_JOBS = 128, GROUP_MS = 20 };

struct entry {
    struct job *job;
    struct entry *next;
    enum err code;
    bool done;
    pthread_cond_t wake;
};

struct sq_writer {
    struct store *st;
    struct sq_conn *conn;
    pthread_t thread;
    pthread_mutex_t lock; /* of the queue and of every entry's `done` */
    pthread_cond_t work;
    struct entry *first, **end;
    bool stopping;
};

static const struct stmt sql_begin = { .name = "begin", .sql = "BEGIN IMMEDIATE" };
static const struct stmt sql_commit = { .name = "commit", .sql = "COMMIT" };
static const struct stmt sql_rollback = { .name = "rollback", .sql = "ROLLBACK" };
static const struct stmt sql_save = { .name = "save", .sql = "SAVEPOINT job" };
static const struct stmt sql_keep = { .name = "keep", .sql = "RELEASE job" };
static const struct stmt sql_drop = { .name = "drop", .sql = "ROLLBACK TO job" };

static int64_t steady_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- one write ---------------------------------------------------------------------------- */

/* Foreign keys that a bulk put off must hold when its write ends, or the COMMIT of the whole group
 * would fail. */
static enum err deferred_check(struct cx *cx, struct sq_conn *c)
{
    int open = 0, unused = 0;
    (void)sqlite3_db_status(c->h, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &unused, 0);
    return open == 0 ? ERR_OK : fail(cx, ERR_STORE, "FOREIGN KEY constraint failed");
}

static enum err job_steps(struct sq_writer *w, struct job *job)
{
    struct tx tx = { .st = w->st, .conn = w->conn, .op = job->op, .writes = true };
    TRY(op_run(&tx, job));
    TRY(deferred_check(job->cx, w->conn));
    return sq_do(job->cx, w->conn, &sql_keep);
}

/* @return false when SQLite gave up the whole transaction, not this write alone */
static bool job_run(struct sq_writer *w, struct entry *e)
{
    e->code = sq_do(e->job->cx, w->conn, &sql_save);
    if (e->code == ERR_OK) {
        e->code = job_steps(w, e->job);
        if (e->code != ERR_OK) {
            sq_undo(w->conn, &sql_drop);
            sq_undo(w->conn, &sql_keep);
        }
    }
    return sqlite3_get_autocommit(w->conn->h) == 0;
}

/* ---- a group of writes -------------------------------------------------------------------- */

static struct entry *queue_take(struct sq_writer *w)
{
    (void)pthread_mutex_lock(&w->lock);
    struct entry *e = w->first;
    if (e != NULL) {
        w->first = e->next;
        e->next = NULL;
        if (w->first == NULL) {
            w->end = &w->first;
        }
    }
    (void)pthread_mutex_unlock(&w->lock);
    return e;
}

/* Ids made beyond their reservation may become durable only together with a longer one. */
static enum err group_commit(struct sq_writer *w, struct cx *cx)
{
    struct ids *ids = w->st->ids;
    int64_t until = 0;
    bool due = ids != NULL && ids_due(ids);
    if (due) {
        struct tx tx = { .st = w->st, .conn = w->conn, .writes = true };
        TRY(ids_extend(cx, &tx, &until));
    }
    TRY(store_stumble(cx, "commit"));
    TRY(sq_do(cx, w->conn, &sql_commit));
    if (due) {
        ids_extended(ids, until);
    }
    return ERR_OK;
}

/* Every write that went well shares the group's fate. */
static void group_fail(struct entry *first, enum err code, const struct cx *why)
{
    for (struct entry *e = first; e != NULL; e = e->next) {
        if (e->code == ERR_OK) {
            e->code = fail(e->job->cx, code, "%s", why->fault.detail);
        }
    }
}

/* Takes what waits behind `first`, whose group it becomes.
 * @return false when the transaction is gone */
static bool group_fill(struct sq_writer *w, struct entry *first)
{
    int64_t until = steady_ms() + GROUP_MS;
    struct entry *last = first;
    bool whole = job_run(w, first);
    for (int n = 1; whole && n < GROUP_JOBS && steady_ms() < until; n++) {
        struct entry *e = queue_take(w);
        if (e == NULL) {
            return true;
        }
        last->next = e;
        last = e;
        whole = job_run(w, e);
    }
    return whole;
}

static void group_run(struct sq_writer *w, struct entry *first);

/* One write broke the transaction of all: each gets one of its own, where only the guilty fails. */
static void group_split(struct sq_writer *w, struct entry *first)
{
    struct entry *next;
    for (struct entry *e = first; e != NULL; e = next) {
        struct entry *held = e->next;
        e->next = NULL;
        fault_clear(e->job->cx);
        group_run(w, e);
        struct entry *last = e;
        while (last->next != NULL) {
            last = last->next;
        }
        last->next = held;
        next = held;
    }
}

/* When nothing can be written, whoever waits is told now and not one timeout after another. */
static void group_take_all(struct sq_writer *w, struct entry *first)
{
    while ((first->next = queue_take(w)) != NULL) {
        first = first->next;
    }
}

static void group_run(struct sq_writer *w, struct entry *first)
{
    struct arena *mem = arena_new(1 << 20);
    struct cx cx = { .mem = mem };
    enum err code =
        mem == NULL ? fail(&cx, ERR_NO_MEMORY, "writer") : sq_do(&cx, w->conn, &sql_begin);
    bool whole = false;
    if (code != ERR_OK) {
        group_take_all(w, first);
    } else if ((whole = group_fill(w, first))) {
        code = group_commit(w, &cx);
    }
    sq_undo(w->conn, &sql_rollback); /* nothing is open after a COMMIT */
    if (code != ERR_OK) {
        group_fail(first, code, &cx);
    } else if (!whole && first->next != NULL) {
        group_split(w, first);
    }
    arena_free(mem);
}

/* ---- the thread --------------------------------------------------------------------------- */

static struct entry *queue_wait(struct sq_writer *w)
{
    (void)pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->stopping) {
        (void)pthread_cond_wait(&w->work, &w->lock);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return queue_take(w);
}

static void group_wake(struct sq_writer *w, struct entry *first)
{
    (void)pthread_mutex_lock(&w->lock);
    for (struct entry *e = first; e != NULL;) {
        struct entry *next = e->next; /* e is gone once its caller wakes */
        e->done = true;
        (void)pthread_cond_signal(&e->wake);
        e = next;
    }
    (void)pthread_mutex_unlock(&w->lock);
}

static void *writer_main(void *arg)
{
    struct sq_writer *w = arg;
    struct entry *first;
    while ((first = queue_wait(w)) != NULL) {
        group_run(w, first);
        group_wake(w, first);
    }
    return NULL;
}

enum err sq_write(struct store *st, struct job *job)
{
    struct sq *sq = st->db;
    struct sq_writer *w = sq->writer;
    struct entry e = { .job = job, .wake = PTHREAD_COND_INITIALIZER };
    (void)pthread_mutex_lock(&w->lock);
    *w->end = &e;
    w->end = &e.next;
    (void)pthread_cond_signal(&w->work);
    while (!e.done) {
        (void)pthread_cond_wait(&e.wake, &w->lock);
    }
    (void)pthread_mutex_unlock(&w->lock);
    (void)pthread_cond_destroy(&e.wake);
    return e.code;
}

enum err sq_writer_start(struct cx *cx, struct store *st, struct sq *sq)
{
    struct sq_writer *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return fail(cx, ERR_NO_MEMORY, "writer");
    }
    w->st = st;
    w->conn = &sq->write_conn;
    w->end = &w->first;
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->work, NULL);
    if (pthread_create(&w->thread, NULL, writer_main, w) != 0) {
        free(w);
        return fail(cx, ERR_NO_MEMORY, "writer's thread");
    }
    sq->writer = w;
    return ERR_OK;
}

void sq_writer_stop(struct sq_writer *w)
{
    if (w == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&w->lock);
    w->stopping = true;
    (void)pthread_cond_signal(&w->work);
    (void)pthread_mutex_unlock(&w->lock);
    (void)pthread_join(w->thread, NULL);
    (void)pthread_cond_destroy(&w->work);
    (void)pthread_mutex_destroy(&w->lock);
    free(w);
}
