/* bench_http: what the API costs, as ratios in one run against the same server and the same store.
 *
 * reading: a market entity by its code, against a route of the same server that answers "{}" after
 *          the same parsing, routing and gate
 * writing: single durable inserts of market entities through the API, each with its operation key,
 *          against the same office command called directly by as many threads (so the same group
 *          commits), and, for scale, against a bare insert of one row
 *
 * The two take turns; the median of the rounds' ratios counts. Exits 1 below a bar.
 *   bench_http [ENTITIES] */
#include "http_client.h"

#include "api/api.h"
#include "main/gate.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONNECTIONS = 32, READS = 8000, WRITES = 1600, ROUNDS = 15 };
#define READ_BAR  0.55
#define WRITE_BAR 0.35

struct bench {
    struct cx cx;
    struct desk desk;
    struct defs *defs;
    struct actor registrar;
    struct str token;
    struct http *http;
    int port;
    char dir[64];
    struct search_page codes;
    int64_t made; /* entities so far, for names of their own */
};

static void need(struct bench *b, enum err code, const char *what)
{
    if (code != ERR_OK) {
        (void)fprintf(stderr, "bench_http: %s: %s %s\n", what, err_name(code), b->cx.fault.detail);
        exit(1);
    }
}

/* ---- the server ---------------------------------------------------------------------------------
 */

static enum err answer_empty(struct http_call *c)
{
    return http_answer(c, 200, "application/json; charset=utf-8", STR("{}"));
}
static const struct http_route empty_routes[] = {
    { .method = HTTP_GET, .pattern = "/empty", .handle = answer_empty, .name = "empty" },
};
/* behind the API's table, for the last one asks nobody who is calling */
static const struct http_table no_table = { NULL, 0, NULL, "/" };
static const struct http_table empty_table = { empty_routes, 1, NULL, "/empty" };

static void serve(struct bench *b)
{
    static struct http_table tables[3];
    tables[0] = api_table;
    tables[1] = empty_table;
    tables[2] = no_table;
    const struct http_options o = { .listen = "127.0.0.1:0",
                                    .tables = tables,
                                    .n_tables = 3,
                                    .app = &b->desk,
                                    .spool = b->dir,
                                    .enter = gate_enter,
                                    .check_write = gate_check_write };
    need(b, http_start(&b->cx, &o, &b->http), "serve");
    b->port = (int)strtol(strrchr(http_address(b->http), ':') + 1, NULL, 10);
}

static void open_all(struct bench *b, int64_t entities)
{
    char url[128];
    struct demo_result made;
    const struct demo_options demo = { .entities = entities, .seed = 1 };
    const struct store_options o = { .readers = 0 };
    const struct search_query q = { .limit = SEARCH_LIMIT_MAX };
    b->cx.mem = arena_new((size_t)1 << 30);
    b->cx.now_ms = clock_now_ms();
    (void)snprintf(b->dir, sizeof b->dir, "/tmp/sishi-bench-XXXXXX");
    need(b, mkdtemp(b->dir) == NULL ? ERR_FILE : ERR_OK, "folder");
    (void)snprintf(url, sizeof url, "sqlite:%s/sishi.db", b->dir);
    need(b, store_open(&b->cx, url, &o, &b->desk.store), "store");
    need(b, store_migrate(&b->cx, b->desk.store), "schema");
    need(b, defs_load(&b->cx, getenv("SISHI_DEFINITIONS"), &b->defs), "definitions");
    b->desk.defs = b->defs;
    b->desk.data_dir = str_of(b->dir);
    need(b, demo_make(&b->cx, &b->desk, &demo, &made), "demo");
    need(b, account_seed_demo(&b->cx, &b->desk), "accounts");
    need(b, account_actor(&b->cx, &b->desk, STR("registrar"), &b->registrar), "registrar");
    need(b,
         token_make(&b->cx, &b->desk, &b->registrar, STR("registrar"), STR("bench"), ~0u, 1,
                    &b->token),
         "token");
    need(b, register_search(&b->cx, &b->desk, &b->registrar, &q, &b->codes), "codes");
}

static int remove_one(const char *path, const struct stat *st UNUSED, int flag UNUSED,
                      struct FTW *at UNUSED)
{
    return remove(path);
}

static void close_all(struct bench *b)
{
    http_stop(b->http, 1000);
    store_close(b->desk.store);
    defs_free(b->defs);
    arena_free(b->cx.mem);
    (void)nftw(b->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- requests
 * ------------------------------------------------------------------------------------ */

static size_t ask_empty(void *arg UNUSED, int64_t k UNUSED, char *to, size_t room)
{
    return (size_t)snprintf(to, room, "GET /empty HTTP/1.1\r\nHost: bench\r\n\r\n");
}

static size_t ask_entity(void *arg, int64_t k, char *to, size_t room)
{
    struct bench *b = arg;
    struct str code = b->codes.hits[(size_t)k * 7919 % b->codes.n].entity.code;
    return (size_t)snprintf(to, room,
                            "GET /api/v1/entities/" STR_FMT " HTTP/1.1\r\nHost: bench\r\n\r\n",
                            STR_ARG(code));
}

static size_t ask_insert(void *arg, int64_t k UNUSED, char *to, size_t room)
{
    struct bench *b = arg;
    char body[256];
    int64_t no = b->made++;
    int n = snprintf(body, sizeof body,
                     "{\"name\":\"Bench Trading %lld\",\"class\":\"company\",\"region\":\"430102\","
                     "\"established_on\":\"2020-01-01\"}",
                     (long long)no);
    return (size_t)snprintf(
        to, room,
        "POST /api/v1/entities HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " STR_FMT
        "\r\nIdempotency-Key: k%lld\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\n\r\n%s",
        STR_ARG(b->token), (long long)no, n, body);
}

/* ---- the same without HTTP
 * -------------------------------------------------------------------------- */

struct worker {
    struct bench *b;
    int64_t first, n;
    bool bare;
};

static enum err nothing(struct cx *cx UNUSED, struct tx *tx UNUSED, void *arg UNUSED)
{
    return ERR_OK;
}

static enum err insert_one(struct worker *w, struct cx *cx, int64_t no)
{
    char key[32];
    char name[48];
    int64_t id;
    (void)snprintf(key, sizeof key, "bench:%lld", (long long)no);
    (void)snprintf(name, sizeof name, "Bench Trading %lld", (long long)no);
    struct op op = { .key = str_of(key) };
    const struct market_entity e = { .name = str_of(name),
                                     .cls = 1,
                                     .status = ENTITY_ACTIVE,
                                     .region = STR("430102"),
                                     .established_on = 20200101,
                                     .capital_fen = -1 };
    return w->bare ? store_write(cx, w->b->desk.store, &op, nothing, NULL)
                   : register_add(cx, &w->b->desk, &w->b->registrar, &e, op.key, &id);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    CLEANUP(arena_freep) struct arena *mem = arena_new(64u << 20);
    struct cx cx = { .mem = mem, .now_ms = w->b->cx.now_ms };
    for (int64_t k = 0; k < w->n; k++) {
        struct arena_mark mark = arena_mark(mem);
        enum err code = insert_one(w, &cx, w->first + k);
        if (code != ERR_OK) {
            (void)fprintf(stderr, "bench_http: insert: %s %s\n", err_name(code), cx.fault.detail);
            exit(1);
        }
        arena_reset(mem, mark);
    }
    return NULL;
}

static int64_t insert_directly(struct bench *b, bool bare)
{
    pthread_t threads[CONNECTIONS];
    struct worker workers[CONNECTIONS];
    int64_t each = WRITES / CONNECTIONS;
    int64_t start = now_ns();
    for (int k = 0; k < CONNECTIONS; k++) {
        workers[k] = (struct worker){ b, b->made, each, bare };
        b->made += each;
        need(b, pthread_create(&threads[k], NULL, work, &workers[k]) == 0 ? ERR_OK : ERR_NO_MEMORY,
             "thread");
    }
    for (int k = 0; k < CONNECTIONS; k++) {
        (void)pthread_join(threads[k], NULL);
    }
    return now_ns() - start;
}

/* ---- the measures
 * -------------------------------------------------------------------------------------- */

enum measure { EMPTY, ENTITY, HTTP_INSERT, DIRECT_INSERT, BARE_INSERT };

static int64_t measure(struct bench *b, enum measure m)
{
    struct load l = {
        .port = b->port, .connections = CONNECTIONS, .requests = READS, .want = 200, .arg = b
    };
    switch (m) {
    case EMPTY:
        l.request = ask_empty;
        return load_run(&l);
    case ENTITY:
        l.request = ask_entity;
        return load_run(&l);
    case HTTP_INSERT:
        l.request = ask_insert;
        l.requests = WRITES;
        l.want = 201;
        return load_run(&l);
    case DIRECT_INSERT:
    case BARE_INSERT:
    default:
        return insert_directly(b, m == BARE_INSERT);
    }
}

static int ascending(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

/* Both in turn, so that what else the machine does falls on both: the median of the ratios. */
static bool compare(struct bench *b, const char *what, enum measure ours, enum measure theirs,
                    double bar)
{
    double ratio[ROUNDS];
    double best[2] = { 0 };
    double n = ours == ENTITY ? READS : WRITES;
    for (int round = 0; round < ROUNDS; round++) {
        double base = n * 1e9 / (double)measure(b, theirs);
        double rate = n * 1e9 / (double)measure(b, ours);
        ratio[round] = rate / base;
        best[0] = rate > best[0] ? rate : best[0];
        best[1] = base > best[1] ? base : best[1];
    }
    qsort(ratio, ROUNDS, sizeof ratio[0], ascending);
    printf("%-62s %.2fx (bar %.2f; at best %.0f/s and %.0f/s)\n", what, ratio[ROUNDS / 2], bar,
           best[0], best[1]);
    return ratio[ROUNDS / 2] >= bar;
}

int main(int argc, char **argv)
{
    static struct bench b;
    log_set_level(LOG_WARN);
    open_all(&b, argc > 1 ? strtol(argv[1], NULL, 10) : 20000);
    serve(&b);
    bool good = compare(&b, "an entity by its code, of an empty route of the same server", ENTITY,
                        EMPTY, READ_BAR);
    good = compare(&b, "durable inserts by HTTP, of the same office command called", HTTP_INSERT,
                   DIRECT_INSERT, WRITE_BAR) &&
           good;
    (void)compare(&b, "for scale: durable inserts by HTTP, of one-row inserts", HTTP_INSERT,
                  BARE_INSERT, 0);
    close_all(&b);
    return good ? 0 : 1;
}
