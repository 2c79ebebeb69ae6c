/* Many rows into one table: COPY in the server's binary form. */
#include "store/postgres.h"

#include <endian.h>
#include <string.h>

enum { BUFFER = 1 << 16 };

struct pg_bulk {
    struct bulk b;
    int n;
    Oid types[PG_COLUMNS]; /* of the table's columns */
    size_t used;
    char *buffer; /* BUFFER bytes */
};

static PGconn *handle(const struct pg_bulk *b)
{
    const struct pg_conn *c = b->b.tx->conn;
    return c->h;
}

static enum err send_out(struct cx *cx, struct pg_bulk *b, const char *p, size_t n)
{
    return n == 0 || PQputCopyData(handle(b), p, (int)n) == 1
               ? ERR_OK
               : pg_fail(cx, b->b.tx->conn, NULL, b->b.insert->name);
}

static enum err put(struct cx *cx, struct pg_bulk *b, const void *p, size_t n)
{
    if (b->used + n > BUFFER) {
        TRY(send_out(cx, b, b->buffer, b->used));
        b->used = 0;
    }
    if (n > BUFFER) {
        return send_out(cx, b, p, n);
    }
    memcpy(b->buffer + b->used, p, n);
    b->used += n;
    return ERR_OK;
}

static enum err put16(struct cx *cx, struct pg_bulk *b, int16_t v)
{
    uint16_t be = htobe16((uint16_t)v);
    return put(cx, b, &be, sizeof be);
}

static enum err put32(struct cx *cx, struct pg_bulk *b, int32_t v)
{
    uint32_t be = htobe32((uint32_t)v);
    return put(cx, b, &be, sizeof be);
}

/* As wide as the column is. */
static enum err put_int(struct cx *cx, struct pg_bulk *b, int col, int64_t v)
{
    int bytes = b->types[col] == PG_INT8 ? 8 : b->types[col] == PG_INT4 ? 4 : 2;
    int64_t most = bytes == 8 ? INT64_MAX : bytes == 4 ? INT32_MAX : INT16_MAX;
    if (v > most || v < -most - 1) {
        return fail(cx, ERR_STORE, "%s: column %d: %lld is out of range", b->b.insert->name,
                    col + 1, (long long)v);
    }
    uint64_t be = htobe64((uint64_t)v);
    TRY(put32(cx, b, bytes));
    return put(cx, b, (const char *)&be + (8 - bytes), (size_t)bytes);
}

static enum err put_val(struct cx *cx, struct pg_bulk *b, int col, const struct val *v)
{
    if (v->type == VAL_NULL) {
        return put32(cx, b, -1);
    }
    if (v->type == VAL_INT) {
        return put_int(cx, b, col, v->i);
    }
    if (v->s.n > INT32_MAX / 2) {
        return fail(cx, ERR_TOO_LONG, "%s: column %d of %zu bytes", b->b.insert->name, col + 1,
                    v->s.n);
    }
    TRY(put32(cx, b, (int32_t)v->s.n));
    return put(cx, b, v->s.p, v->s.n);
}

/* The columns' types, from an answer without rows. */
static enum err ask_types(struct cx *cx, struct pg_bulk *b, const struct bulk_table *t)
{
    CLEANUP(pg_clearp) PGresult *r = NULL;
    TRY(pg_exec(cx, b->b.tx->conn, &t->shape, NULL, &r));
    b->n = PQnfields(r);
    if (b->n != t->insert.n_args) {
        return fail(cx, ERR_STORE, "%s answers %d columns", t->shape.name, b->n);
    }
    for (int i = 0; i < b->n; i++) {
        b->types[i] = PQftype(r, i);
    }
    return ERR_OK;
}

enum err pg_bulk_open(struct cx *cx, struct tx *tx, const struct bulk_table *t, struct bulk **out)
{
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* and its NUL: no flags */
    struct pg_conn *c = tx->conn;
    struct pg_bulk *b = arena_alloc(cx->mem, 1, sizeof *b);
    char *buffer = b == NULL ? NULL : arena_alloc(cx->mem, BUFFER, 1);
    if (buffer == NULL) {
        return fail(cx, ERR_NO_MEMORY, "bulk of %s", t->table);
    }
    *b = (struct pg_bulk){ .b = { tx, &t->insert }, .buffer = buffer };
    TRY(ask_types(cx, b, t));
    CLEANUP(pg_clearp) PGresult *r = PQexec(c->h, t->insert.sql_postgres);
    if (PQresultStatus(r) != PGRES_COPY_IN) {
        return pg_fail(cx, c, r, t->insert.name);
    }
    TRY(put(cx, b, head, sizeof head));
    *out = &b->b;
    return ERR_OK;
}

enum err pg_bulk_row(struct cx *cx, struct bulk *bulk, const struct val *v)
{
    struct pg_bulk *b = (struct pg_bulk *)bulk;
    TRY(put16(cx, b, (int16_t)b->n));
    for (int i = 0; i < b->n; i++) {
        TRY(put_val(cx, b, i, &v[i]));
    }
    return ERR_OK;
}

enum err pg_bulk_close(struct cx *cx, struct bulk *bulk)
{
    struct pg_bulk *b = (struct pg_bulk *)bulk;
    struct pg_conn *c = bulk->tx->conn;
    TRY(put16(cx, b, -1));
    TRY(send_out(cx, b, b->buffer, b->used));
    if (PQputCopyEnd(c->h, NULL) != 1) {
        return pg_fail(cx, c, NULL, b->b.insert->name);
    }
    CLEANUP(pg_clearp) PGresult *r = PQgetResult(c->h);
    enum err code =
        PQresultStatus(r) == PGRES_COMMAND_OK ? ERR_OK : pg_fail(cx, c, r, b->b.insert->name);
    pg_conn_drain(c);
    return code;
}
