/* Every statement the program has, asked of both engines: can it be prepared, and are its columns
 * of the declared types? */
#include "../store_harness.h"

#include "q_all.h"
#include "store/schema.h"

#include <sqlite3.h>

static const char *path_of(const char *url)
{
    return strchr(url, ':') + 1;
}

/* ---- PostgreSQL --------------------------------------------------------------------------- */

static const struct {
    char letter;
    Oid types[4];
} pg_types[] = { { 'i', { 20, 21, 23 } }, { 't', { 25, 19, 1043 } }, { 'b', { 17 } } };

static Oid pg_declared(char letter)
{
    for (size_t i = 0; i < COUNT_OF(pg_types); i++) {
        if (pg_types[i].letter == (letter | 0x20)) {
            return pg_types[i].types[0];
        }
    }
    return 0;
}

static bool pg_fits(char letter, Oid type)
{
    for (size_t i = 0; i < COUNT_OF(pg_types); i++) {
        for (size_t k = 0; k < 4 && pg_types[i].letter == (letter | 0x20); k++) {
            if (type != 0 && pg_types[i].types[k] == type) {
                return true;
            }
        }
    }
    return false;
}

static int pg_wrong(PGconn *h, const struct stmt *q)
{
    Oid types[64];
    int wrong = 0;
    for (int i = 0; i < q->n_args; i++) {
        types[i] = pg_declared(q->args[i]);
    }
    PGresult *r = PQprepare(h, "", q->sql_postgres, q->n_args, types);
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        print_message("%s: %s%s\n", q->name, PQerrorMessage(h), q->sql_postgres);
        wrong = 1;
    }
    PQclear(r);
    r = PQdescribePrepared(h, "");
    if (wrong == 0 && PQnfields(r) != q->n_cols) {
        print_message("%s answers %d columns, declares %d\n", q->name, PQnfields(r), q->n_cols);
        wrong = 1;
    }
    for (int i = 0; wrong == 0 && i < q->n_cols; i++) {
        if (!pg_fits(q->cols[i], PQftype(r, i))) {
            print_message("%s: column %d is of type %u, declared '%c'\n", q->name, i + 1,
                          PQftype(r, i), q->cols[i]);
            wrong = 1;
        }
    }
    PQclear(r);
    return wrong;
}

static int pg_all_wrong(const char *url)
{
    PGconn *h = PQconnectdb(path_of(url));
    int wrong = 0;
    assert_int_equal(PQstatus(h), CONNECTION_OK);
    for (size_t i = 0; i < q_all_count; i++) {
        wrong += pg_wrong(h, q_all[i]);
    }
    for (size_t i = 0; i < schema_table_count; i++) {
        wrong += pg_wrong(h, &schema_tables[i].all) + pg_wrong(h, &schema_tables[i].bulk.shape);
    }
    PQfinish(h);
    return wrong;
}

/* ---- SQLite ------------------------------------------------------------------------------- */

static int sqlite_wrong(sqlite3 *h, const struct stmt *q)
{
    sqlite3_stmt *s = NULL;
    int wrong = sqlite3_prepare_v2(h, q->sql, -1, &s, NULL) != SQLITE_OK;
    if (wrong) {
        print_message("%s: %s\n", q->name, sqlite3_errmsg(h));
    } else if (sqlite3_column_count(s) != q->n_cols ||
               sqlite3_bind_parameter_count(s) != q->n_args) {
        print_message("%s: %d columns, %d parameters\n", q->name, sqlite3_column_count(s),
                      sqlite3_bind_parameter_count(s));
        wrong = 1;
    }
    (void)sqlite3_finalize(s);
    return wrong;
}

static int sqlite_all_wrong(const char *url)
{
    sqlite3 *h = NULL;
    int wrong = 0;
    assert_int_equal(sqlite3_open(path_of(url), &h), SQLITE_OK);
    for (size_t i = 0; i < q_all_count; i++) {
        wrong += sqlite_wrong(h, q_all[i]);
    }
    (void)sqlite3_close(h);
    return wrong;
}

static void every_statement_is_understood(void **state)
{
    (void)state;
    assert_true(q_all_count > 50);
    FOR_EACH_URL(url)
    {
        store_close(harness_store(url));
        assert_int_equal(url[0] == 's' ? sqlite_all_wrong(url) : pg_all_wrong(url), 0);
    }
}

int main(void)
{
    log_set_level(LOG_WARN);
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_statement_is_understood) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
