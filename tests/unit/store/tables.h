/* A table of the tests' own, with every kind of column, and statements on it. */
#ifndef SISHI_TESTS_TABLES_H
#define SISHI_TESTS_TABLES_H

#include "../store_harness.h"

#include "store/backend.h"

#define BOTH(text, postgres) .sql = (text), .sql_postgres = (postgres)

static UNUSED const char *const tables_sqlite[] = {
    "CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, small INTEGER NOT NULL, name TEXT, "
    "bytes BLOB, above INTEGER REFERENCES thing (id)) STRICT",
    "CREATE UNIQUE INDEX thing_name ON thing (name)",
};
static UNUSED const char *const tables_postgres[] = {
    "CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, small INTEGER NOT NULL, name TEXT, "
    "bytes BYTEA, above BIGINT REFERENCES thing (id))",
    "CREATE UNIQUE INDEX thing_name ON thing (name)",
};

static UNUSED const struct stmt thing_add = {
    .name = "thing_add",
    BOTH("INSERT INTO thing (id, small, name, bytes, above) VALUES (?1, ?2, ?3, ?4, ?5)",
         "INSERT INTO thing (id, small, name, bytes, above) VALUES ($1, $2, $3, $4, $5)"),
    .args = "iiTBI",
    .cols = "",
    .n_args = 5,
    .writes = true,
};
static UNUSED const struct stmt thing_get = {
    .name = "thing_get",
    BOTH("SELECT id, small, name, bytes, above FROM thing WHERE id = ?1",
         "SELECT id, small, name, bytes, above FROM thing WHERE id = $1"),
    .args = "i",
    .cols = "iiTBI",
    .n_args = 1,
    .n_cols = 5,
};
static UNUSED const struct stmt thing_raise = {
    .name = "thing_raise",
    BOTH("UPDATE thing SET small = ?2 WHERE id = ?1", "UPDATE thing SET small = $2 WHERE id = $1"),
    .args = "ii",
    .cols = "",
    .n_args = 2,
    .writes = true,
};
static UNUSED const struct stmt thing_all = {
    .name = "thing_all",
    BOTH("SELECT id, small, name, bytes, above FROM thing ORDER BY id",
         "SELECT id, small, name, bytes, above FROM thing ORDER BY id"),
    .args = "",
    .cols = "iiTBI",
    .n_cols = 5,
    .stream = true,
};
static UNUSED const struct stmt thing_count = {
    .name = "thing_count",
    BOTH("SELECT count(*) FROM thing", "SELECT count(*) FROM thing"),
    .args = "",
    .cols = "i",
    .n_cols = 1,
};
#define THING_COLUMNS "id, small, name, bytes, above"
static UNUSED const struct bulk_table thing_bulk = {
    .table = "thing",
    .insert = { .name = "bulk thing",
                BOTH("INSERT INTO thing (" THING_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)",
                     "COPY thing (" THING_COLUMNS ") FROM STDIN (FORMAT binary)"),
                .args = "iiTBI",
                .cols = "",
                .n_args = 5,
                .writes = true },
    .shape = { .name = "shape of thing",
               BOTH("SELECT " THING_COLUMNS " FROM thing LIMIT 0",
                    "SELECT " THING_COLUMNS " FROM thing LIMIT 0"),
               .args = "",
               .cols = "iiTBI",
               .n_cols = 5 },
};

struct thing {
    int64_t id, small;
    struct str name, bytes;
    int64_t above;
};

static UNUSED enum err thing_put(struct cx *cx, struct tx *tx, const struct thing *t)
{
    const struct val v[] = { val_int(t->id), val_int(t->small), val_text(t->name),
                             val_blob(t->bytes), val_int_or_null(t->above) };
    return tx_run(cx, tx, &thing_add, v, NULL, NULL, NULL);
}

static UNUSED enum err tables_make(struct cx *cx, struct tx *tx, void *arg)
{
    const char *const *sql = tx->st->be == &backend_postgres ? tables_postgres : tables_sqlite;
    (void)arg;
    for (size_t i = 0; i < COUNT_OF(tables_sqlite); i++) {
        TRY(tx->st->be->script(cx, tx, sql[i]));
    }
    return ERR_OK;
}

static UNUSED enum err count_one(struct cx *cx, const struct val *v, void *arg)
{
    (void)cx;
    *(int64_t *)arg = v[0].i;
    return ERR_OK;
}

static UNUSED enum err count_work(struct cx *cx, struct tx *tx, void *arg)
{
    return tx_run(cx, tx, &thing_count, NULL, count_one, arg, NULL);
}

static UNUSED int64_t things(struct store *st)
{
    TEST_CX(cx);
    int64_t n = -1;
    ASSERT_OK(cx, store_read(cx, st, count_work, &n));
    return n;
}

static UNUSED void make_tables(struct store *st)
{
    TEST_CX(cx);
    ASSERT_OK(cx, store_write(cx, st, NULL, tables_make, NULL));
}

#endif
