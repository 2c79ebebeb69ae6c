/* The front door: finds the backend and hands the work to it. */
#include "store/store.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "q_store.h"
#include "store/backend.h"

static const struct {
    const char *head;
    const struct backend *be;
    bool keep_head; /* part of what the backend is given */
} schemes[] = {
    { "sqlite:", &backend_sqlite, false },
    { "postgres://", &backend_postgres, true },
    { "postgresql://", &backend_postgres, true },
    { "postgres:", &backend_postgres, false },
};

static _Atomic int64_t fail_in;

void store_fail_nth(int64_t n)
{
    atomic_store(&fail_in, n);
}

enum err store_stumble(struct cx *cx, const char *what)
{
    if (atomic_load(&fail_in) > 0 && atomic_fetch_sub(&fail_in, 1) == 1) {
        return fail(cx, ERR_STORE, "%s: failure asked for by a test", what);
    }
    return ERR_OK;
}

static enum err read_engine(struct cx *cx, struct tx *tx, void *arg)
{
    struct q_engine e;
    TRY(q_engine(cx, tx, &e));
    if (!str_eq(e.encoding, STR("UTF-8"))) {
        return fail(cx, ERR_STORE, "the database's encoding is " STR_FMT ", it must be UTF-8",
                    STR_ARG(e.encoding));
    }
    if (!str_eq(e.collation, STR("C"))) {
        return fail(cx, ERR_STORE,
                    "the database sorts text as " STR_FMT ", it must sort by code points (C.UTF-8)",
                    STR_ARG(e.collation));
    }
    struct store *st = arg;
    (void)snprintf(st->engine, sizeof st->engine, "%s " STR_FMT, st->be->scheme,
                   STR_ARG(e.version));
    st->engine[strcspn(st->engine, ":")] = ' ';
    return ERR_OK;
}

static enum err store_open_with(struct cx *cx, size_t scheme, const char *url,
                                const struct store_options *o, struct store **out)
{
    CLEANUP(store_closep) struct store *st = calloc(1, sizeof *st);
    if (st == NULL) {
        return fail(cx, ERR_NO_MEMORY, "store");
    }
    st->be = schemes[scheme].be;
    size_t cut = schemes[scheme].keep_head ? 0 : strlen(schemes[scheme].head);
    TRY(st->be->open(cx, st, url + cut, o));
    TRY(store_read(cx, st, read_engine, st));
    TRY(ids_open(cx, st, o));
    *out = st;
    st = NULL; /* handed over */
    return ERR_OK;
}

enum err store_open(struct cx *cx, const char *url, const struct store_options *o,
                    struct store **out)
{
    static const struct store_options usual = { 0 };
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (str_starts(str_of(url), str_of(schemes[i].head))) {
            return store_open_with(cx, i, url, o == NULL ? &usual : o, out);
        }
    }
    return fail(cx, ERR_STORE, "a database's URL begins sqlite: or postgres:, not %.20s", url);
}

void store_close(struct store *st)
{
    if (st == NULL) {
        return;
    }
    if (st->ids != NULL) {
        ids_close(st);
    }
    if (st->db != NULL) {
        st->be->close(st->db);
    }
    free(st);
}

void store_closep(struct store **st)
{
    store_close(*st);
    *st = NULL;
}

const char *store_engine(const struct store *st)
{
    return st->engine;
}

void store_interrupt(struct store *st)
{
    st->be->interrupt(st->db);
}

enum err store_read(struct cx *cx, struct store *st, work_fn *work, void *arg)
{
    return st->be->read(cx, st, work, arg);
}

enum err store_write(struct cx *cx, struct store *st, struct op *op, work_fn *work, void *arg)
{
    enum { TRIES = 3 };
    struct job job = { cx, op, work, arg };
    if (op != NULL && op->key.n > 64) {
        return fail(cx, ERR_TOO_LONG, "operation key of %zu bytes", op->key.n);
    }
    for (int i = 1;; i++) {
        TRY(ids_lease(cx, st));
        unsigned losses = ids_losses(st->ids);
        enum err code = st->be->write(st, &job);
        /* another program has taken our node number: nothing was written, so begin again */
        if (code == ERR_OK || losses == ids_losses(st->ids) || i == TRIES) {
            return code;
        }
        fault_clear(cx);
    }
}

enum err vals_check(struct cx *cx, const struct stmt *q, const struct val *v)
{
    for (int i = 0; i < q->n_args; i++) {
        if (v[i].type == VAL_TEXT && utf8_bad_at(v[i].s) < v[i].s.n) {
            return fail(cx, ERR_UTF8, "%s: parameter %d, byte %zu", q->name, i + 1,
                        utf8_bad_at(v[i].s));
        }
    }
    return ERR_OK;
}

enum err col_null(struct cx *cx, const struct stmt *q, int col)
{
    return fail(cx, ERR_STORE, "%s: column %d is NULL, against its declaration", q->name, col + 1);
}

enum err col_type(struct cx *cx, const struct stmt *q, int col)
{
    return fail(cx, ERR_STORE, "%s: column %d is not of the declared type '%c'", q->name, col + 1,
                q->cols[col]);
}

/* Tells a statement's failure from its reader's. */
struct reader {
    row_fn *row;
    void *arg;
    bool failed;
};

static enum err reader_row(struct cx *cx, const struct val *v, void *arg)
{
    struct reader *r = arg;
    enum err code = r->row(cx, v, r->arg);
    r->failed = code != ERR_OK;
    return code;
}

static enum err tx_ready(struct cx *cx, const struct tx *tx, const struct stmt *q)
{
    if (q->writes && !tx->writes) {
        return fail(cx, ERR_STORE, "%s writes, in a transaction that only reads", q->name);
    }
    if (tx->bulk != NULL) {
        return fail(cx, ERR_STORE, "%s while a bulk is open", q->name);
    }
    return tx->failed ? fail(cx, ERR_STORE, "%s after a statement that failed", q->name) : ERR_OK;
}

enum err tx_run(struct cx *cx, struct tx *tx, const struct stmt *q, const struct val *args,
                row_fn *row, void *arg, int64_t *changed)
{
    struct reader r = { row, arg, false };
    TRY(tx_ready(cx, tx, q));
    enum err code = store_stumble(cx, q->name);
    code = code == ERR_OK ? vals_check(cx, q, args) : code;
    if (code == ERR_OK) {
        code = tx->st->be->run(cx, tx, q, args, row == NULL ? NULL : reader_row, &r, changed);
    }
    tx->failed = tx->failed || (code != ERR_OK && !r.failed);
    return code;
}

enum err bulk_open(struct cx *cx, struct tx *tx, const struct bulk_table *t, struct bulk **out)
{
    if (!tx->writes || tx->bulk != NULL) {
        return fail(cx, ERR_STORE, "%s: a bulk needs a write transaction to itself", t->table);
    }
    if (tx->failed) {
        return fail(cx, ERR_STORE, "%s after a statement that failed", t->insert.name);
    }
    TRY(store_stumble(cx, t->insert.name));
    TRY(tx->st->be->bulk_open(cx, tx, t, out));
    tx->bulk = *out;
    return ERR_OK;
}

enum err bulk_row(struct cx *cx, struct bulk *b, const struct val *v)
{
    enum err code = store_stumble(cx, b->insert->name);
    code = code == ERR_OK ? vals_check(cx, b->insert, v) : code;
    code = code == ERR_OK ? b->tx->st->be->bulk_row(cx, b, v) : code;
    b->tx->failed = b->tx->failed || code != ERR_OK;
    return code;
}

enum err bulk_close(struct cx *cx, struct bulk *b)
{
    struct tx *tx = b->tx;
    enum err code = tx->st->be->bulk_close(cx, b);
    tx->bulk = NULL;
    tx->failed = tx->failed || code != ERR_OK;
    return code;
}
