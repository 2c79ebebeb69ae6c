/* Fresh databases for a test that needs one: SQLite always, PostgreSQL where SISHI_TEST_PG names a
 * server (tools/pg.py starts one). SISHI_TEST_STORE=sqlite or =postgres asks for that one alone. */
#ifndef SISHI_STORE_HARNESS_H
#define SISHI_STORE_HARNESS_H

#include "test.h"

#include "store/store.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct harness {
    int turn; /* 0 SQLite, 1 PostgreSQL, 2 the end */
    PGconn *admin;
    char name[64]; /* of PostgreSQL's schema, or SQLite's folder */
    char url[512];
};

static inline struct store *harness_open(const char *url)
{
    TEST_CX(cx);
    struct store *st = NULL;
    const struct store_options o = { .trust_clock = true };
    ASSERT_OK(cx, store_open(cx, url, &o, &st));
    return st;
}

static inline struct store *harness_store(const char *url)
{
    TEST_CX(cx);
    struct store *st = harness_open(url);
    ASSERT_OK(cx, store_migrate(cx, st));
    return st;
}

static inline bool harness_wants(const char *engine)
{
    const char *only = getenv("SISHI_TEST_STORE");
    return only == NULL || only[0] == '\0' || strcmp(only, engine) == 0;
}

static inline void harness_admin(struct harness *h, const char *words)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql, "%s %s%s", words, h->name,
                   strncmp(words, "DROP", 4) == 0 ? " CASCADE" : "");
    PGresult *r = PQexec(h->admin, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        fail_msg("%s: %s", sql, PQerrorMessage(h->admin));
    }
    PQclear(r);
}

static inline void harness_quiet(void *arg, const char *text)
{
    (void)arg;
    (void)text;
}

/* A schema of its own in the server's database: much quicker than a database of its own. */
static inline bool harness_postgres(struct harness *h)
{
    static int made;
    const char *server = getenv("SISHI_TEST_PG");
    if (!harness_wants("postgres")) {
        return false;
    }
    if (server == NULL || server[0] == '\0') {
        if (getenv("SISHI_TEST_STORE") != NULL) {
            fail_msg("SISHI_TEST_STORE wants PostgreSQL, SISHI_TEST_PG names no server");
        }
        if (made++ == 0) {
            print_message("SKIPPED: PostgreSQL: SISHI_TEST_PG names no server\n");
        }
        return false;
    }
    h->admin = PQconnectdb(server);
    if (PQstatus(h->admin) != CONNECTION_OK) {
        fail_msg("SISHI_TEST_PG: %s", PQerrorMessage(h->admin));
    }
    (void)PQsetNoticeProcessor(h->admin, harness_quiet, NULL);
    (void)snprintf(h->name, sizeof h->name, "test_%d_%d", (int)getpid(), ++made);
    harness_admin(h, "CREATE SCHEMA");
    print_message("on PostgreSQL\n"); /* tools/count_tests.py --saying */
    (void)snprintf(h->url, sizeof h->url, "postgres:%s options=-csearch_path=%s", server, h->name);
    return true;
}

static inline bool harness_sqlite(struct harness *h)
{
    if (!harness_wants("sqlite")) {
        return false;
    }
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(h->name, sizeof h->name, "%.40s/sishi-test-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    assert_non_null(mkdtemp(h->name));
    (void)snprintf(h->url, sizeof h->url, "sqlite:%s/db", h->name);
    return true;
}

/* The next engine's empty database; NULL after the last. */
static inline const char *harness_next(struct harness *h)
{
    if (h->turn == 0) {
        h->turn = 1;
        if (harness_sqlite(h)) {
            return h->url;
        }
    }
    if (h->turn == 1) {
        h->turn = 2;
        if (harness_postgres(h)) {
            return h->url;
        }
    }
    return NULL;
}

static inline void harness_sqlite_remove(const struct harness *h)
{
    static const char *const tails[] = { "", "-wal", "-shm" };
    char file[128];
    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        (void)snprintf(file, sizeof file, "%s/db%s", h->name, tails[i]);
        (void)unlink(file);
    }
    (void)rmdir(h->name);
}

static inline void harness_done(struct harness *h)
{
    if (h->admin == NULL) {
        harness_sqlite_remove(h);
        return;
    }
    harness_admin(h, "DROP SCHEMA");
    PQfinish(h->admin);
    h->admin = NULL;
}

/* The body runs once for each engine, on the URL of an empty database without tables. */
#define FOR_EACH_URL(url)                                                                          \
    for (struct harness harness_##url = { .turn = 0 }; harness_##url.turn < 2;)                    \
        for (const char *url = harness_next(&harness_##url); url != NULL;                          \
             url = (harness_done(&harness_##url), NULL))

/* The body runs once for each engine, on an empty, migrated database. */
#define FOR_EACH_STORE(st)                                                                         \
    FOR_EACH_URL(url_of_##st)                                                                      \
    for (struct store *st = harness_store(url_of_##st); st != NULL; store_closep(&st))

#endif
