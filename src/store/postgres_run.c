/* Statements on PostgreSQL: parameters and rows travel in the server's binary form; a transaction's
 * BEGIN and a statement's first PREPARE go in the same round trip as the statement. */
#include "store/postgres.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

/* ---- parameters --------------------------------------------------------------------------- */

struct params {
    int n;
    Oid types[PG_COLUMNS];
    const char *values[PG_COLUMNS];
    int lengths[PG_COLUMNS];
    int formats[PG_COLUMNS];
    uint64_t ints[PG_COLUMNS];
};

static Oid type_of(char letter)
{
    letter = (char)(letter | 0x20);
    return letter == 'i' ? PG_INT8 : letter == 't' ? PG_TEXT : PG_BYTEA;
}

static void param_put(struct params *p, int at, const struct val *v)
{
    p->formats[at] = 1;
    if (v->type == VAL_INT) {
        p->ints[at] = htobe64((uint64_t)v->i);
        p->values[at] = (const char *)&p->ints[at];
        p->lengths[at] = sizeof p->ints[at];
        return;
    }
    p->values[at] = v->type == VAL_NULL ? NULL : v->s.p;
    p->lengths[at] = v->type == VAL_NULL ? 0 : (int)v->s.n;
}

static enum err params_put(struct cx *cx, struct params *p, const struct stmt *q,
                           const struct val *args)
{
    if (q->n_args > PG_COLUMNS || q->n_cols > PG_COLUMNS) {
        return fail(cx, ERR_STORE, "%s has over %d parameters or columns", q->name, PG_COLUMNS);
    }
    p->n = q->n_args;
    for (int i = 0; i < q->n_args; i++) {
        if (args[i].s.n > INT32_MAX / 2) {
            return fail(cx, ERR_TOO_LONG, "%s: parameter %d of %zu bytes", q->name, i + 1,
                        args[i].s.n);
        }
        p->types[i] = type_of(q->args[i]);
        param_put(p, i, &args[i]);
    }
    return ERR_OK;
}

/* ---- rows --------------------------------------------------------------------------------- */

static int64_t int_of(const char *p, int n)
{
    uint64_t v = 0;
    for (int i = 0; i < n; i++) {
        v = v << 8 | (uint8_t)p[i];
    }
    return n == 8 ? (int64_t)v : n == 4 ? (int32_t)(uint32_t)v : (int16_t)(uint16_t)v;
}

static enum err column(struct cx *cx, const struct stmt *q, const PGresult *r, int row, int col,
                       struct val *v)
{
    char want = q->cols[col];
    Oid type = PQftype(r, col);
    int n = PQgetlength(r, row, col);
    const char *p = PQgetvalue(r, row, col);
    if (PQgetisnull(r, row, col)) {
        *v = (struct val){ .type = VAL_NULL, .i = NULL_INT };
        return want >= 'A' && want <= 'Z' ? ERR_OK : col_null(cx, q, col);
    }
    want = (char)(want | 0x20);
    if (want == 'i' && (type == PG_INT8 || type == PG_INT4 || type == PG_INT2)) {
        *v = val_int(int_of(p, n));
        return ERR_OK;
    }
    if (want == 't' && (type == PG_TEXT || type == PG_VARCHAR || type == PG_NAME)) {
        *v = val_text((struct str){ p, (size_t)n });
        return ERR_OK;
    }
    if (want == 'b' && type == PG_BYTEA) {
        *v = val_blob((struct str){ p, (size_t)n });
        return ERR_OK;
    }
    return col_type(cx, q, col);
}

static enum err rows_give(struct cx *cx, const struct stmt *q, const PGresult *r, row_fn *row,
                          void *arg)
{
    struct val v[PG_COLUMNS];
    if (PQnfields(r) != q->n_cols) {
        return fail(cx, ERR_STORE, "%s answers %d columns", q->name, PQnfields(r));
    }
    for (int i = 0; i < PQntuples(r); i++) {
        for (int col = 0; col < q->n_cols; col++) {
            TRY(column(cx, q, r, i, col, &v[col]));
        }
        if (row != NULL) {
            TRY(row(cx, v, arg));
        }
    }
    return ERR_OK;
}

/* ---- several commands in one round trip --------------------------------------------------- */

/* Takes one command's answer. The first failure is said, those it brings with it are not. */
static enum err answer_take(struct cx *cx, struct pg_conn *c, const char *what, PGresult **out)
{
    CLEANUP(pg_clearp) PGresult *r = PQgetResult(c->h);
    ExecStatusType status = PQresultStatus(r);
    if (r != NULL) {
        PQclear(PQgetResult(c->h)); /* NULL, the end of this command */
    }
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        return pg_fail(cx, c, r, what);
    }
    PQclear(*out);
    *out = r;
    r = NULL; /* handed over */
    return ERR_OK;
}

/* Up to three commands: a due BEGIN, `prepare` of them, and the one whose answer is wanted. */
struct trip {
    const struct stmt *q;
    struct slot *slot; /* of a statement that is prepared on the way; NULL = none */
    char name[24];     /* of the prepared statement */
    struct params p;
    const char *declare, *fetch; /* of a cursor, instead of a prepared statement */
};

static bool trip_send(struct pg_conn *c, const struct trip *t)
{
    PGconn *h = c->h;
    const struct params *p = &t->p;
    if (c->begin != NULL && PQsendQueryParams(h, c->begin, 0, NULL, NULL, NULL, NULL, 0) != 1) {
        return false;
    }
    if (t->declare != NULL) {
        return PQsendQueryParams(h, t->declare, p->n, p->types, p->values, p->lengths, p->formats,
                                 1) == 1 &&
               PQsendQueryParams(h, t->fetch, 0, NULL, NULL, NULL, NULL, 1) == 1 &&
               PQpipelineSync(h) == 1;
    }
    return (t->slot == NULL ||
            PQsendPrepare(h, t->name, t->q->sql_postgres, p->n, p->types) == 1) &&
           PQsendQueryPrepared(h, t->name, p->n, p->values, p->lengths, p->formats, 1) == 1 &&
           PQpipelineSync(h) == 1;
}

static enum err trip_answers(struct cx *cx, struct pg_conn *c, const struct trip *t, PGresult **out)
{
    const char *what = t->q->name;
    if (c->begin != NULL) {
        TRY(answer_take(cx, c, "begin", out));
        c->begin = NULL;
    }
    if (t->declare != NULL || t->slot != NULL) {
        TRY(answer_take(cx, c, what, out));
    }
    if (t->slot != NULL && (t->slot->made = strdup(t->name)) == NULL) {
        return fail(cx, ERR_NO_MEMORY, "statement %s", what);
    }
    return answer_take(cx, c, what, out);
}

/* After a failure the commands behind it are skipped by the server up to the end of the trip. */
static void trip_end(struct pg_conn *c)
{
    bool ended = PQpipelineStatus(c->h) == PQ_PIPELINE_OFF;
    for (int empty = 0; !ended && empty < 2 && !pg_conn_lost(c);) {
        PGresult *r = PQgetResult(c->h);
        ended = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
        empty = r == NULL ? empty + 1 : 0;
        PQclear(r);
    }
    if (PQexitPipelineMode(c->h) != 1 && !pg_conn_lost(c)) {
        log_error("store.pipeline", "reason=\"%s\"", PQerrorMessage(c->h));
    }
}

static enum err trip_run(struct cx *cx, struct pg_conn *c, const struct trip *t, PGresult **out)
{
    CLEANUP(pg_clearp) PGresult *r = NULL;
    if (PQenterPipelineMode(c->h) != 1) {
        return pg_fail(cx, c, NULL, t->q->name);
    }
    enum err code = trip_send(c, t) ? trip_answers(cx, c, t, &r) : pg_fail(cx, c, NULL, t->q->name);
    trip_end(c);
    *out = r;
    r = NULL; /* handed over */
    return code;
}

/* ---- a statement -------------------------------------------------------------------------- */

static enum err exec_once(struct cx *cx, struct pg_conn *c, const struct stmt *q, struct trip *t,
                          PGresult **out)
{
    struct slot *slot = slots_find(&c->slots, q);
    if (slot == NULL) {
        return fail(cx, ERR_NO_MEMORY, "statement %s", q->name);
    }
    if (slot->made == NULL) {
        t->slot = slot;
        (void)snprintf(t->name, sizeof t->name, "s%u", ++c->made);
    } else {
        t->slot = NULL;
        (void)snprintf(t->name, sizeof t->name, "%s", (const char *)slot->made);
    }
    if (c->begin != NULL || t->slot != NULL) {
        return trip_run(cx, c, t, out);
    }
    const struct params *p = &t->p;
    PGresult *r = PQexecPrepared(c->h, t->name, p->n, p->values, p->lengths, p->formats, 1);
    ExecStatusType status = PQresultStatus(r);
    *out = r;
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? ERR_OK
                                                                   : pg_fail(cx, c, r, q->name);
}

enum err pg_exec(struct cx *cx, struct pg_conn *c, const struct stmt *q, const struct val *args,
                 PGresult **out)
{
    struct trip t = { .q = q };
    TRY(params_put(cx, &t.p, q, args));
    const char *begin = c->begin;
    CLEANUP(pg_clearp) PGresult *r = NULL;
    enum err code = exec_once(cx, c, q, &t, &r);
    if (code != ERR_OK && begin != NULL && pg_conn_lost(c)) {
        /* it broke while nobody used it: nothing of this transaction has been seen */
        fault_clear(cx);
        pg_clearp(&r);
        c->begin = begin;
        TRY(pg_conn_reopen(cx, c));
        code = exec_once(cx, c, q, &t, &r);
    }
    TRY(code);
    *out = r;
    r = NULL; /* handed over */
    return ERR_OK;
}

/* ---- a long answer, by portions ----------------------------------------------------------- */

enum { PORTION = 500 };

static enum err cursor_next(struct cx *cx, struct pg_conn *c, const struct stmt *q,
                            const char *fetch, PGresult **r)
{
    PQclear(*r);
    *r = PQexecParams(c->h, fetch, 0, NULL, NULL, NULL, NULL, 1);
    return PQresultStatus(*r) == PGRES_TUPLES_OK ? ERR_OK : pg_fail(cx, c, *r, q->name);
}

static enum err cursor_rows(struct cx *cx, struct pg_conn *c, const struct trip *t, row_fn *row,
                            void *arg)
{
    CLEANUP(pg_clearp) PGresult *r = NULL;
    const char *begin = c->begin;
    enum err code = trip_run(cx, c, t, &r);
    if (code != ERR_OK && begin != NULL && pg_conn_lost(c)) {
        fault_clear(cx);
        c->begin = begin;
        TRY(pg_conn_reopen(cx, c));
        code = trip_run(cx, c, t, &r);
    }
    TRY(code);
    for (;;) {
        TRY(rows_give(cx, t->q, r, row, arg));
        if (PQntuples(r) < PORTION) {
            return ERR_OK;
        }
        TRY(cursor_next(cx, c, t->q, t->fetch, &r));
    }
}

static enum err cursor_run(struct cx *cx, struct pg_conn *c, const struct stmt *q,
                           const struct val *args, row_fn *row, void *arg)
{
    char fetch[64], close[64];
    struct str declare;
    struct trip t = { .q = q, .fetch = fetch };
    struct buf b = buf_of(cx->mem, strlen(q->sql_postgres) + 128);
    unsigned number = ++c->made;
    buf_fmt(&b, "DECLARE c%u NO SCROLL CURSOR FOR %s%c", number, q->sql_postgres, '\0');
    TRY(buf_done(cx, &b, &declare));
    t.declare = declare.p;
    (void)snprintf(fetch, sizeof fetch, "FETCH %d FROM c%u", PORTION, number);
    (void)snprintf(close, sizeof close, "CLOSE c%u", number);
    TRY(params_put(cx, &t.p, q, args));
    enum err code = cursor_rows(cx, c, &t, row, arg);
    if (!pg_conn_lost(c) && PQtransactionStatus(c->h) == PQTRANS_INTRANS) {
        PQclear(PQexec(c->h, close)); /* it would go with the transaction anyway */
    }
    return code;
}

enum err pg_run(struct cx *cx, struct tx *tx, const struct stmt *q, const struct val *args,
                row_fn *row, void *arg, int64_t *changed)
{
    struct pg_conn *c = tx->conn;
    if (q->stream && !q->writes) {
        return cursor_run(cx, c, q, args, row, arg);
    }
    CLEANUP(pg_clearp) PGresult *r = NULL;
    TRY(pg_exec(cx, c, q, args, &r));
    if (q->n_cols > 0) {
        TRY(rows_give(cx, q, r, row, arg));
    }
    if (changed != NULL) {
        struct str n = str_of(PQcmdTuples(r));
        *changed = 0;
        TRY(n.n == 0 ? ERR_OK : str_int(cx, n, 0, INT64_MAX, changed));
    }
    return ERR_OK;
}
