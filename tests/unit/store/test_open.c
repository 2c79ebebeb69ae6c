/* Which databases are opened, what their clocks may say, what a server that goes away does. */
#include "tables.h"

#include <pthread.h>

/* ---- what is refused ---------------------------------------------------------------------- */

static const struct {
    const char *what, *url, *said;
} urls[] = {
    { "no such engine", "mysql:x", "sqlite: or postgres:" },
    { "nothing", "", "sqlite: or postgres:" },
    { "a folder that is not there", "sqlite:/nowhere/at/all/db", "unable to open" },
    { "not a database", "sqlite:/proc/version", "" },
    { "words libpq does not know", "postgres:no-such-word=1", "no-such-word" },
    { "nobody listens", "postgres:host=/nowhere dbname=x", "/nowhere" },
    { "nobody listens, as a URI", "postgresql://user@127.0.0.1:1/x", "127.0.0.1" },
};

static void what_cannot_be_opened_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        TEST_CX(cx);
        struct store *st = NULL;
        print_message("%s\n", urls[i].what);
        assert_true(store_open(cx, urls[i].url, NULL, &st) != ERR_OK);
        assert_null(st);
        if (strstr(cx->fault.detail, urls[i].said) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", cx->fault.detail, urls[i].said);
        }
    }
}

static const struct {
    const char *what, *make, *said;
} databases[] = {
    { "another encoding", "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", "must be UTF8" },
    { "the dictionary's order", "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'zh'",
      "code points" },
};

static void ask(PGconn *h, const char *words, const char *name, const char *more)
{
    char sql[256];
    (void)snprintf(sql, sizeof sql, "%s %s %s", words, name, more);
    PGresult *r = PQexec(h, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK) {
        fail_msg("%s: %s", sql, PQerrorMessage(h));
    }
    PQclear(r);
}

static void databases_with_another_order_are_refused(void **state)
{
    (void)state;
    const char *server = getenv("SISHI_TEST_PG");
    if (!harness_wants("postgres") || server == NULL) {
        print_message("SKIPPED: PostgreSQL: no server to make databases in\n");
        return;
    }
    PGconn *h = PQconnectdb(server);
    assert_int_equal(PQstatus(h), CONNECTION_OK);
    for (size_t i = 0; i < COUNT_OF(databases); i++) {
        TEST_CX(cx);
        struct store *st = NULL;
        char name[64], url[512];
        (void)snprintf(name, sizeof name, "other_%d_%zu", (int)getpid(), i);
        (void)snprintf(url, sizeof url, "postgres:%s dbname=%s", server, name);
        print_message("%s\n", databases[i].what);
        char made[128];
        (void)snprintf(made, sizeof made, "TEMPLATE template0 %s", databases[i].make);
        ask(h, "CREATE DATABASE", name, made);
        ASSERT_ERR(ERR_STORE, store_open(cx, url, NULL, &st));
        if (strstr(cx->fault.detail, databases[i].said) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", cx->fault.detail, databases[i].said);
        }
        ask(h, "DROP DATABASE", name, "");
    }
    PQfinish(h);
}

static enum err claim_newer(struct cx *cx, struct tx *tx, void *arg)
{
    (void)arg;
    return tx->st->be->script(
        cx, tx, "INSERT INTO schema_version (version, name, applied_at) VALUES (9999, 'x', 0)");
}

static void a_newer_schema_is_refused(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        ASSERT_OK(cx, store_migrate(cx, st)); /* nothing to do */
        ASSERT_OK(cx, store_write(cx, st, NULL, claim_newer, NULL));
        ASSERT_ERR(ERR_STORE, store_migrate(cx, st));
        assert_non_null(strstr(cx->fault.detail, "9999"));
    }
}

/* A migration that fails at any statement leaves the schema as it was. */
static void a_migration_is_whole_or_not_at_all(void **state)
{
    (void)state;
    FOR_EACH_URL(url)
    {
        static const int at[] = { 1, 3, 5, 9, 20, 40 };
        struct store *st = harness_open(url);
        for (size_t i = 0; i < COUNT_OF(at); i++) {
            TEST_CX(cx);
            store_fail_nth(at[i]);
            assert_true(store_migrate(cx, st) != ERR_OK);
            store_fail_nth(0);
        }
        TEST_CX(cx);
        ASSERT_OK(cx, store_migrate(cx, st));
        store_close(st);
    }
}

/* ---- clocks ------------------------------------------------------------------------------- */

struct clocks {
    int64_t wall, steady;
};

static int64_t wall(void *clock)
{
    return ((struct clocks *)clock)->wall;
}

static int64_t steady(void *clock)
{
    return ((struct clocks *)clock)->steady;
}

enum { HOUR_MS = 3600000, DAY_MS = 24 * HOUR_MS };

static const struct {
    const char *what;
    int64_t step_ms;
    bool trust;
    enum err want;
} starts[] = {
    { "the clock went on", 1000, false, ERR_OK },
    { "a day back", -INT64_C(1) * DAY_MS, false, ERR_OK },
    { "two hours ahead", 2 * HOUR_MS, false, ERR_OK },
    { "ten days ahead", INT64_C(10) * DAY_MS, false, ERR_OK },
    { "400 days ahead", INT64_C(400) * DAY_MS, false, ERR_CLOCK },
    { "400 days ahead, and somebody says it is right", INT64_C(400) * DAY_MS, true, ERR_OK },
    { "and back again", -INT64_C(400) * DAY_MS, false, ERR_OK },
};

static void ids_ascend_whatever_the_clock_does(void **state)
{
    (void)state;
    FOR_EACH_URL(url)
    {
        struct clocks now = { TEST_NOW_MS, 77 };
        int64_t last = 0;
        const struct store_options first = { .wall_ms = wall, .steady_ms = steady, .clock = &now };
        TEST_CX(cx);
        struct store *st = NULL;
        ASSERT_OK(cx, store_open(cx, url, &first, &st));
        ASSERT_OK(cx, store_migrate(cx, st));
        ASSERT_OK(cx, store_id(cx, st, &last));
        store_closep(&st);
        for (size_t i = 0; i < COUNT_OF(starts); i++) {
            TEST_CX(other);
            struct store_options o = first;
            o.trust_clock = starts[i].trust;
            print_message("%s\n", starts[i].what);
            int64_t before = now.wall;
            now.wall += starts[i].step_ms;
            ASSERT_ERR(starts[i].want, store_open(other, url, &o, &st));
            if (st == NULL) {
                now.wall = before;
                continue;
            }
            for (int k = 0; k < 5; k++) {
                int64_t id;
                ASSERT_OK(other, store_id(other, st, &id));
                assert_true(id > last);
                last = id;
                now.wall += k == 2 ? -INT64_C(1) * DAY_MS : HOUR_MS; /* while it runs */
                now.steady += 3;
            }
            store_closep(&st);
        }
    }
}

/* ---- a server that goes away -------------------------------------------------------------- */

static enum err add_id(struct cx *cx, struct tx *tx, void *arg)
{
    int64_t id;
    (void)arg;
    TRY(tx_id(cx, tx, &id));
    const struct thing t = { id, 0, { NULL, 0 }, { NULL, 0 }, NULL_INT };
    return thing_put(cx, tx, &t);
}

static const char terminate[] =
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'sishi' "
    "AND pid <> pg_backend_pid()";

static void connections_that_break_are_made_again(void **state)
{
    (void)state;
    const char *server = getenv("SISHI_TEST_PG");
    if (!harness_wants("postgres") || server == NULL) {
        print_message("SKIPPED: PostgreSQL: no server to break with\n");
        return;
    }
    char name[64], url[512];
    PGconn *h = PQconnectdb(server);
    (void)snprintf(name, sizeof name, "broken_%d", (int)getpid());
    (void)snprintf(url, sizeof url, "postgres:%s dbname=%s", server, name);
    ask(h, "CREATE DATABASE", name, "TEMPLATE template0");
    struct store *st = harness_store(url);
    make_tables(st);
    char where[128];
    (void)snprintf(where, sizeof where, "AND datname = '%s'", name);
    for (int i = 0; i < 5; i++) {
        TEST_CX(cx);
        assert_int_equal(things(st), i); /* and a statement is prepared again */
        ask(h, terminate, where, "");
        assert_int_equal(things(st), i);
        ask(h, terminate, where, "");
        ASSERT_OK(cx, store_write(cx, st, NULL, add_id, NULL));
    }
    store_close(st);
    ask(h, "DROP DATABASE", name, "");
    PQfinish(h);
}

/* ---- interrupting ------------------------------------------------------------------------- */

static const struct stmt forever = {
    .name = "forever",
    BOTH("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) "
         "SELECT max(i) FROM n",
         "SELECT count(*) FROM generate_series(1, 400000000000) AS s (i)"),
    .args = "",
    .cols = "i",
    .n_cols = 1,
};

static enum err run_forever(struct cx *cx, struct tx *tx, void *arg)
{
    return tx_run(cx, tx, &forever, NULL, count_one, arg, NULL);
}

struct waiting {
    struct store *st;
    _Atomic enum err code;
};

static void *wait_forever(void *arg)
{
    struct waiting *w = arg;
    CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 20);
    struct cx cx = { .mem = mem, .now_ms = TEST_NOW_MS };
    int64_t n;
    w->code = store_read(&cx, w->st, run_forever, &n);
    return NULL;
}

static void a_long_read_can_be_ended(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        struct waiting w = { .st = st, .code = ERR_OK };
        pthread_t thread;
        make_tables(st);
        assert_int_equal(pthread_create(&thread, NULL, wait_forever, &w), 0);
        while (w.code == ERR_OK) {
            (void)usleep(50000);
            store_interrupt(st);
        }
        (void)pthread_join(thread, NULL);
        ASSERT_ERR(ERR_STORE, w.code);
        assert_int_equal(things(st), 0); /* and the connection is of use */
    }
}

int main(void)
{
    log_set_level(LOG_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_opened_is_named),
        cmocka_unit_test(databases_with_another_order_are_refused),
        cmocka_unit_test(a_newer_schema_is_refused),
        cmocka_unit_test(a_migration_is_whole_or_not_at_all),
        cmocka_unit_test(ids_ascend_whatever_the_clock_does),
        cmocka_unit_test(connections_that_break_are_made_again),
        cmocka_unit_test(a_long_read_can_be_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
