/* bench_store: what the store costs and gains against the loop anyone would write with the engine's
 * own C interface, on the same disk in the same run: durable inserts one by one, with operation
 * keys, and from many threads (SQLite: group commit); look-ups by key; many rows at once. SQLite
 * always; PostgreSQL where SISHI_TEST_PG names a server (tools/pg.py starts one). Each is timed in
 * turn in short rounds, and the median of the rounds' ratios counts: disks are moody. Exits 1 when
 * a row is missing at the end. */
#include "store/backend.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 9, COMMITS = 60, THREADS = 16, LOOKUPS = 5000, BULK = 20000, NAME_CHARS = 32 };

struct side {
    struct store *st;
    sqlite3 *raw; /* one of these two */
    PGconn *pg;
    int64_t next;  /* id of the next row */
    int64_t wrote; /* rows that must be there at the end */
};

static int64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void must(bool good, const char *what, const char *why)
{
    if (!good) {
        (void)fprintf(stderr, "bench_store: %s: %s\n", what, why);
        exit(1);
    }
}

/* ---- the table ---------------------------------------------------------------------------- */

#define INSERT_INTO "INSERT INTO bench (id, name) VALUES "
#define SELECT_FROM "SELECT name FROM bench WHERE id = "

static const struct stmt add = { .name = "add",
                                 .sql = INSERT_INTO "(?1, ?2)",
                                 .sql_postgres = INSERT_INTO "($1, $2)",
                                 .args = "it",
                                 .cols = "",
                                 .n_args = 2,
                                 .writes = true };
static const struct stmt get = { .name = "get",
                                 .sql = SELECT_FROM "?1",
                                 .sql_postgres = SELECT_FROM "$1",
                                 .args = "i",
                                 .cols = "t",
                                 .n_args = 1,
                                 .n_cols = 1 };
static const struct stmt count = { .name = "count",
                                   .sql = "SELECT count(*) FROM bench",
                                   .sql_postgres = "SELECT count(*) FROM bench",
                                   .args = "",
                                   .cols = "i",
                                   .n_cols = 1 };
static const struct bulk_table bulk = {
    .table = "bench",
    .insert = { .name = "bulk",
                .sql = INSERT_INTO "(?1, ?2)",
                .sql_postgres = "COPY bench (id, name) FROM STDIN (FORMAT binary)",
                .args = "it",
                .cols = "",
                .n_args = 2,
                .writes = true },
    .shape = { .name = "shape",
               .sql = "SELECT id, name FROM bench LIMIT 0",
               .sql_postgres = "SELECT id, name FROM bench LIMIT 0",
               .args = "",
               .cols = "it",
               .n_cols = 2 },
};

static struct str name_of(int64_t id, char out[NAME_CHARS])
{
    return (struct str){ out, (size_t)snprintf(out, NAME_CHARS, "entity %012lld", (long long)id) };
}

static enum err make_work(struct cx *cx, struct tx *tx, void *arg)
{
    (void)arg;
    return tx->st->be->script(
        cx, tx, "CREATE TABLE bench (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)");
}

/* ---- through the store -------------------------------------------------------------------- */

static enum err put(struct cx *cx, struct tx *tx, int64_t id)
{
    char name[NAME_CHARS];
    const struct val v[] = { val_int(id), val_text(name_of(id, name)) };
    return tx_run(cx, tx, &add, v, NULL, NULL, NULL);
}

static enum err put_work(struct cx *cx, struct tx *tx, void *arg)
{
    return put(cx, tx, *(int64_t *)arg);
}

static void write_rows(struct store *st, int64_t from, int64_t n, bool keyed)
{
    for (int64_t id = from; id < from + n; id++) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 20);
        struct cx cx = { .mem = mem, .now_ms = 1 };
        char key[NAME_CHARS];
        struct op op = { .key = name_of(id, key) };
        enum err code = store_write(&cx, st, keyed ? &op : NULL, put_work, &id);
        must(code == ERR_OK, "store_write", cx.fault.detail);
    }
}

static int64_t take_ids(struct side *s, int64_t n)
{
    s->next += n;
    s->wrote += n;
    return s->next - n;
}

static int64_t store_one(struct side *s)
{
    int64_t from = take_ids(s, COMMITS), start = now_ns();
    write_rows(s->st, from, COMMITS, false);
    return (now_ns() - start) / COMMITS;
}

static int64_t store_keyed(struct side *s)
{
    int64_t from = take_ids(s, COMMITS), start = now_ns();
    write_rows(s->st, from, COMMITS, true);
    return (now_ns() - start) / COMMITS;
}

struct worker {
    pthread_t thread;
    struct store *st;
    int64_t from;
};

static void *worker_main(void *arg)
{
    const struct worker *w = arg;
    write_rows(w->st, w->from, COMMITS, false);
    return NULL;
}

static int64_t store_many(struct side *s)
{
    struct worker w[THREADS];
    int64_t from = take_ids(s, COMMITS * THREADS), start = now_ns();
    for (int i = 0; i < THREADS; i++) {
        w[i] = (struct worker){ .st = s->st, .from = from + i * COMMITS };
        must(pthread_create(&w[i].thread, NULL, worker_main, &w[i]) == 0, "thread", "not made");
    }
    for (int i = 0; i < THREADS; i++) {
        (void)pthread_join(w[i].thread, NULL);
    }
    return (now_ns() - start) / (COMMITS * THREADS);
}

static enum err length_row(struct cx *cx, const struct val *v, void *arg)
{
    (void)cx;
    *(int64_t *)arg += (int64_t)v[0].s.n;
    return ERR_OK;
}

static enum err look_up(struct cx *cx, struct tx *tx, int64_t id, int64_t *length)
{
    const struct val v[] = { val_int(id) };
    return tx_run(cx, tx, &get, v, length_row, length, NULL);
}

static enum err lookups_work(struct cx *cx, struct tx *tx, void *arg)
{
    int64_t length = 0;
    (void)arg;
    for (int64_t i = 0; i < LOOKUPS; i++) {
        TRY(look_up(cx, tx, i * 7919 % BULK, &length));
    }
    return length > 0 ? ERR_OK : fail(cx, ERR_NOT_FOUND, "rows");
}

static enum err lookup_work(struct cx *cx, struct tx *tx, void *arg)
{
    int64_t length = 0;
    return look_up(cx, tx, *(int64_t *)arg, &length);
}

static int64_t store_lookups(struct side *s)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 20);
    struct cx cx = { .mem = mem };
    int64_t start = now_ns();
    enum err code = store_read(&cx, s->st, lookups_work, NULL);
    must(code == ERR_OK, "look-ups", cx.fault.detail);
    return (now_ns() - start) / LOOKUPS;
}

static int64_t store_reads(struct side *s)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 20);
    struct cx cx = { .mem = mem };
    int64_t start = now_ns();
    for (int64_t i = 0; i < LOOKUPS; i++) {
        int64_t id = i * 7919 % BULK;
        enum err code = store_read(&cx, s->st, lookup_work, &id);
        must(code == ERR_OK, "look-up", cx.fault.detail);
    }
    return (now_ns() - start) / LOOKUPS;
}

static enum err bulk_work(struct cx *cx, struct tx *tx, void *arg)
{
    const int64_t *from = arg;
    struct bulk *b;
    char name[NAME_CHARS];
    TRY(bulk_open(cx, tx, &bulk, &b));
    for (int64_t id = *from; id < *from + BULK; id++) {
        const struct val v[] = { val_int(id), val_text(name_of(id, name)) };
        TRY(bulk_row(cx, b, v));
    }
    return bulk_close(cx, b);
}

static int64_t store_bulk(struct side *s)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 20);
    struct cx cx = { .mem = mem };
    int64_t from = take_ids(s, BULK), start = now_ns();
    enum err code = store_write(&cx, s->st, NULL, bulk_work, &from);
    must(code == ERR_OK, "bulk", cx.fault.detail);
    return (now_ns() - start) / BULK;
}

/* ---- the engines' own interfaces ---------------------------------------------------------- */

static void sqlite_do(struct side *s, const char *sql)
{
    must(sqlite3_exec(s->raw, sql, NULL, NULL, NULL) == SQLITE_OK, sql, sqlite3_errmsg(s->raw));
}

static void pg_do(struct side *s, const char *sql)
{
    PGresult *r = PQexec(s->pg, sql);
    must(PQresultStatus(r) == PGRES_COMMAND_OK, sql, PQerrorMessage(s->pg));
    PQclear(r);
}

static void raw_do(struct side *s, const char *sql)
{
    if (s->raw != NULL) {
        sqlite_do(s, sql);
    } else {
        pg_do(s, sql);
    }
}

static void pg_run(struct side *s, const char *statement, int64_t id, const char *name)
{
    char text[24];
    const char *const values[] = { text, name };
    (void)snprintf(text, sizeof text, "%lld", (long long)id);
    PGresult *r = PQexecPrepared(s->pg, statement, name == NULL ? 1 : 2, values, NULL, NULL, 0);
    must(PQresultStatus(r) == PGRES_COMMAND_OK || PQntuples(r) == 1, statement,
         PQerrorMessage(s->pg));
    PQclear(r);
}

static void sqlite_run(struct side *s, sqlite3_stmt *q, int64_t id, const char *name)
{
    (void)sqlite3_bind_int64(q, 1, id);
    if (name != NULL) {
        (void)sqlite3_bind_text(q, 2, name, -1, SQLITE_STATIC);
    }
    int rc = sqlite3_step(q);
    must(rc == (name == NULL ? SQLITE_ROW : SQLITE_DONE), "step", sqlite3_errmsg(s->raw));
    (void)sqlite3_reset(q);
}

static sqlite3_stmt *sqlite_prepare(struct side *s, const char *sql)
{
    sqlite3_stmt *q = NULL;
    must(s->raw == NULL || sqlite3_prepare_v2(s->raw, sql, -1, &q, NULL) == SQLITE_OK, sql,
         "not prepared");
    return q;
}

static void raw_put(struct side *s, sqlite3_stmt *q, int64_t id)
{
    char name[NAME_CHARS];
    (void)name_of(id, name);
    if (q != NULL) {
        sqlite_run(s, q, id, name);
    } else {
        pg_run(s, "add", id, name);
    }
}

static int64_t raw_commits(struct side *s)
{
    int64_t from = take_ids(s, COMMITS), start = now_ns();
    sqlite3_stmt *q = sqlite_prepare(s, add.sql);
    for (int64_t id = from; id < from + COMMITS; id++) {
        raw_do(s, s->raw != NULL ? "BEGIN IMMEDIATE" : "BEGIN");
        raw_put(s, q, id);
        raw_do(s, "COMMIT");
    }
    (void)sqlite3_finalize(q);
    return (now_ns() - start) / COMMITS;
}

static int64_t raw_lookups(struct side *s)
{
    int64_t start = now_ns();
    sqlite3_stmt *q = sqlite_prepare(s, get.sql);
    raw_do(s, "BEGIN");
    for (int64_t i = 0; i < LOOKUPS; i++) {
        int64_t id = i * 7919 % BULK;
        if (q != NULL) {
            sqlite_run(s, q, id, NULL);
        } else {
            pg_run(s, "get", id, NULL);
        }
    }
    raw_do(s, "COMMIT");
    (void)sqlite3_finalize(q);
    return (now_ns() - start) / LOOKUPS;
}

static int64_t raw_rows(struct side *s)
{
    int64_t from = take_ids(s, BULK), start = now_ns();
    sqlite3_stmt *q = sqlite_prepare(s, add.sql);
    raw_do(s, "BEGIN");
    for (int64_t id = from; id < from + BULK; id++) {
        raw_put(s, q, id);
    }
    raw_do(s, "COMMIT");
    (void)sqlite3_finalize(q);
    return (now_ns() - start) / BULK;
}

/* ---- the comparison ----------------------------------------------------------------------- */

static const struct {
    const char *what;
    int64_t (*measure)(struct side *s);
    int base; /* the measure it is a ratio to; itself = a baseline */
} measures[] = {
    { "rows in one transaction, the engine's own interface", raw_rows, 0 },
    { "  through the store's bulk", store_bulk, 0 },
    { "durable inserts one by one, the engine's own interface", raw_commits, 2 },
    { "  through store_write", store_one, 2 },
    { "  with an operation key", store_keyed, 2 },
    { "  from 16 threads", store_many, 2 },
    { "look-ups by key, the engine's own interface", raw_lookups, 6 },
    { "  through the store, in one read", store_lookups, 6 },
    { "  through the store, a read (snapshot) each", store_reads, 6 },
};

static enum err count_row(struct cx *cx, const struct val *v, void *arg)
{
    (void)cx;
    *(int64_t *)arg = v[0].i;
    return ERR_OK;
}

static enum err count_work(struct cx *cx, struct tx *tx, void *arg)
{
    return tx_run(cx, tx, &count, NULL, count_row, arg, NULL);
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* In percent, of the rounds' ratios to the baseline. */
static int64_t median_ratio(const int64_t base[ROUNDS], const int64_t ns[ROUNDS])
{
    int64_t percent[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        percent[round] = base[round] * 100 / (ns[round] > 0 ? ns[round] : 1);
    }
    qsort(percent, ROUNDS, sizeof *percent, by_value);
    return percent[ROUNDS / 2];
}

static void compare(struct side *s, struct cx *cx)
{
    static int64_t ns[COUNT_OF(measures)][ROUNDS];
    int64_t there = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < COUNT_OF(measures); i++) {
            ns[i][round] = measures[i].measure(s);
        }
    }
    must(store_read(cx, s->st, count_work, &there) == ERR_OK && there == s->wrote, "rows",
         "some are missing");
    (void)printf("%s\n", store_engine(s->st));
    for (size_t i = 0; i < COUNT_OF(measures); i++) {
        int64_t percent = median_ratio(ns[measures[i].base], ns[i]);
        (void)printf("  %-56s %3lld.%02lld times the speed\n", measures[i].what,
                     (long long)(percent / 100), (long long)(percent % 100));
    }
}

static void run(const char *url, struct side *s)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 22);
    struct cx cx = { .mem = mem, .now_ms = 1 };
    const struct store_options o = { .readers = THREADS };
    bool good = store_open(&cx, url, &o, &s->st) == ERR_OK && store_migrate(&cx, s->st) == ERR_OK &&
                store_write(&cx, s->st, NULL, make_work, NULL) == ERR_OK;
    must(good, url, cx.fault.detail);
    if (s->raw != NULL) {
        sqlite_do(s, "PRAGMA synchronous=FULL"); /* as the store has it */
        sqlite_do(s, "PRAGMA cache_size=-32768");
    } else {
        PQclear(PQprepare(s->pg, "add", add.sql_postgres, 2, NULL));
        PQclear(PQprepare(s->pg, "get", get.sql_postgres, 1, NULL));
    }
    compare(s, &cx);
    store_close(s->st);
}

static void run_sqlite(void)
{
    const char *tmp = getenv("TMPDIR");
    char folder[128], path[160], url[200];
    struct side s = { .next = 0 };
    (void)snprintf(folder, sizeof folder, "%.90s/sishi-bench-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    must(mkdtemp(folder) != NULL, folder, "no temporary folder");
    (void)snprintf(path, sizeof path, "%s/db", folder);
    (void)snprintf(url, sizeof url, "sqlite:%s", path);
    must(sqlite3_open(path, &s.raw) == SQLITE_OK, path, "not opened");
    run(url, &s);
    (void)sqlite3_close(s.raw);
    (void)unlink(path);
    (void)rmdir(folder);
}

static void quiet(void *arg, const char *text)
{
    (void)arg;
    (void)text;
}

static void run_postgres(const char *server)
{
    char url[400];
    struct side s = { .pg = PQconnectdb(server) };
    must(PQstatus(s.pg) == CONNECTION_OK, server, PQerrorMessage(s.pg));
    (void)PQsetNoticeProcessor(s.pg, quiet, NULL);
    pg_do(&s, "CREATE SCHEMA bench");
    pg_do(&s, "SET search_path = bench");
    (void)snprintf(url, sizeof url, "postgres:%s options=-csearch_path=bench", server);
    run(url, &s);
    pg_do(&s, "DROP SCHEMA bench CASCADE");
    PQfinish(s.pg);
}

int main(void)
{
    const char *server = getenv("SISHI_TEST_PG");
    log_set_level(LOG_WARN);
    run_sqlite();
    if (server != NULL && server[0] != '\0') {
        run_postgres(server);
    } else {
        (void)printf("SKIPPED: PostgreSQL: SISHI_TEST_PG names no server\n");
    }
    return 0;
}
