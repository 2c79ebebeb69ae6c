/* One connection to PostgreSQL: made, broken, made again; and what its failures mean. */
#include "store/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OLDEST = 120000 };

/* SQLSTATE or its class -> failure. */
static const struct {
    const char *state;
    enum err code;
    bool again;
} states[] = {
    { "23505", ERR_DUPLICATE, false },  /* unique_violation */
    { "40001", ERR_STORE_BUSY, true },  /* serialization_failure */
    { "40P01", ERR_STORE_BUSY, true },  /* deadlock_detected */
    { "53100", ERR_STORE_FULL, false }, /* disk_full */
    { "53200", ERR_NO_MEMORY, false },  /* out_of_memory */
    { "53300", ERR_STORE_BUSY, false }, /* too_many_connections */
    { "55P03", ERR_STORE_BUSY, false }, /* lock_not_available */
    { "08", ERR_STORE_BUSY, true },     /* connection_exception */
    { "57P", ERR_STORE_BUSY, true },    /* the server stops, crashed or starts */
};

bool pg_conn_lost(const struct pg_conn *c)
{
    return c->h == NULL || PQstatus(c->h) == CONNECTION_BAD;
}

enum err pg_fail(struct cx *cx, struct pg_conn *c, const PGresult *r, const char *what)
{
    const char *state = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *said = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    enum err code = ERR_STORE;
    if (pg_conn_lost(c) && (state == NULL || strncmp(state, "57P", 3) != 0)) {
        state = "08006"; /* whatever was under way, it broke off */
    }
    for (size_t i = 0; state != NULL && i < COUNT_OF(states); i++) {
        if (strncmp(state, states[i].state, strlen(states[i].state)) == 0) {
            code = states[i].code;
            c->again = c->again || states[i].again;
            break;
        }
    }
    said = said != NULL ? said : PQerrorMessage(c->h);
    return fail(cx, code, "%s: %.*s", what, (int)strcspn(said, "\n"), said);
}

void pg_conn_drain(struct pg_conn *c)
{
    PGresult *r;
    while (c->h != NULL && (r = PQgetResult(c->h)) != NULL) {
        PQclear(r);
    }
    c->ending = false;
}

void pg_conn_close(struct pg_conn *c)
{
    (void)pthread_mutex_lock(&c->pg->lock);
    PQfreeCancel(c->cancel);
    PQfinish(c->h);
    c->cancel = NULL;
    c->h = NULL;
    (void)pthread_mutex_unlock(&c->pg->lock);
    for (size_t i = 0; i < c->slots.room; i++) {
        free(c->slots.at[i].made);
    }
    slots_fini(&c->slots);
    c->ending = false;
}

static void notice(void *arg, const char *text)
{
    (void)arg;
    log_debug("store.notice", "text=\"%.*s\"", (int)strcspn(text, "\n"), text);
}

/* Every row of a cursor is read, so the plan is made for that; compiling plans does not pay for
 * statements as small as ours. */
static enum err conn_settings(struct cx *cx, struct pg_conn *c)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql,
                   "SET lock_timeout = %d; SET cursor_tuple_fraction = 1; SET jit = off",
                   c->pg->busy_ms);
    if (PQserverVersion(c->h) < OLDEST) {
        return fail(cx, ERR_STORE, "PostgreSQL %d is too old, it must be 12 or newer",
                    PQserverVersion(c->h) / 10000);
    }
    const char *encoding = PQparameterStatus(c->h, "server_encoding");
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        return fail(cx, ERR_STORE, "the database's encoding is %s, it must be UTF8",
                    encoding == NULL ? "unknown" : encoding);
    }
    return pg_do(cx, c, sql, "settings");
}

static enum err conn_connect(struct cx *cx, struct pg_conn *c)
{
    const char *const words[] = { "dbname", "client_encoding", "fallback_application_name", NULL };
    const char *const values[] = { c->pg->conninfo, "UTF8", "sishi", NULL };
    PGconn *h = PQconnectdbParams(words, values, 1);
    PGcancel *cancel = h == NULL ? NULL : PQgetCancel(h);
    (void)pthread_mutex_lock(&c->pg->lock);
    c->h = h;
    c->cancel = cancel;
    (void)pthread_mutex_unlock(&c->pg->lock);
    if (h == NULL) {
        return fail(cx, ERR_NO_MEMORY, "connection");
    }
    if (PQstatus(h) != CONNECTION_OK) {
        return pg_fail(cx, c, NULL, "PostgreSQL");
    }
    (void)PQsetNoticeProcessor(h, notice, NULL);
    return conn_settings(cx, c);
}

enum err pg_conn_open(struct cx *cx, struct pg_conn *c)
{
    if (!pg_conn_lost(c)) {
        return ERR_OK;
    }
    pg_conn_close(c);
    const char *begin = c->begin; /* what is due comes after the settings */
    c->begin = NULL;
    enum err code = conn_connect(cx, c);
    c->begin = begin;
    if (code != ERR_OK) {
        pg_conn_close(c);
    }
    return code;
}

enum err pg_conn_reopen(struct cx *cx, struct pg_conn *c)
{
    enum { STEP_MS = 100 };
    const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
    for (int waited = 0;; waited += STEP_MS) {
        enum err code = pg_conn_open(cx, c);
        if (code == ERR_OK || !c->again || waited >= c->pg->busy_ms) {
            return code;
        }
        fault_clear(cx);
        (void)nanosleep(&step, NULL);
    }
}

static enum err do_now(struct cx *cx, struct pg_conn *c, const char *sql, const char *what)
{
    CLEANUP(pg_clearp) PGresult *r = PQexec(c->h, sql);
    return PQresultStatus(r) == PGRES_COMMAND_OK ? ERR_OK : pg_fail(cx, c, r, what);
}

enum err pg_do(struct cx *cx, struct pg_conn *c, const char *sql, const char *what)
{
    if (c->begin != NULL) {
        TRY(do_now(cx, c, c->begin, "begin"));
        c->begin = NULL;
    }
    return do_now(cx, c, sql, what);
}
