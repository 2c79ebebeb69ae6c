#include "http/inner.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SERVER_MEMORY = 16 << 20, CONNECTION_MEMORY = 32768, DRAIN_STEP_MS = 5 };

static enum err health_answer(struct http_call *c)
{
    struct http *h = c->inner->http;
    if (h->o.health != NULL) {
        TRY(h->o.health(c->cx, h->o.app));
    }
    return http_answer(c, 200, "application/json", STR("{\"status\":\"ok\"}"));
}

static const struct http_route own_routes[] = {
    { .pattern = "/healthz", .handle = health_answer, .name = "healthz", .doc = "is all well?" },
    { .pattern = "/metrics", .handle = metrics_answer, .name = "metrics", .doc = "counts" },
};
static const struct http_table own = { .routes = own_routes, .n = COUNT_OF(own_routes) };

static void options_default(struct http_options *o)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    o->threads = o->threads > 0 ? o->threads : (int)(cpus > 0 ? cpus : 1);
    o->workers = o->workers > 0 ? o->workers : 32;
    o->max_connections = o->max_connections > 0 ? o->max_connections : 1000;
    o->header_s = o->header_s > 0 ? o->header_s : 10;
    o->idle_s = o->idle_s > 0 ? o->idle_s : 60;
    o->body_slow_bps = o->body_slow_bps > 0 ? o->body_slow_bps : 500;
    o->spool = o->spool != NULL ? o->spool : "/tmp";
}

static enum err tables_take(struct cx *cx, struct http *h)
{
    size_t n = h->o.n_tables;
    size_t routes = COUNT_OF(own_routes) + 1;
    h->tables = arena_alloc(h->mem, n + 1, sizeof *h->tables);
    if (h->tables == NULL) {
        return fail(cx, ERR_NO_MEMORY, "tables");
    }
    for (size_t t = 0; t < n; t++) {
        h->tables[t] = h->o.tables[t];
        routes += h->tables[t].n;
    }
    h->tables[n] = own; /* last: serve.c knows it by that */
    h->o.tables = h->tables;
    h->o.n_tables = n + 1;
    h->n_meters = routes;
    h->meters = arena_alloc(h->mem, routes, sizeof *h->meters);
    return h->meters != NULL ? ERR_OK : fail(cx, ERR_NO_MEMORY, "meters");
}

PRINTF(2, 0) static void mhd_log(void *cls UNUSED, const char *fmt, va_list ap)
{
    char line[300];
    (void)vsnprintf(line, sizeof line, fmt, ap);
    log_debug("http.parser", "said=\"%.200s\"", line);
}

/* Escapes are undone in decode.c, once and strictly. */
static size_t leave_escapes(void *cls UNUSED, struct MHD_Connection *mhd UNUSED, char *z)
{
    return strlen(z);
}

static enum err mhd_start(struct cx *cx, struct http *h)
{
    struct MHD_OptionItem pool[] = { { MHD_OPTION_THREAD_POOL_SIZE, h->o.threads, NULL },
                                     { MHD_OPTION_END, 0, NULL } };
    if (h->o.threads == 1) {
        pool[0].option = MHD_OPTION_END;
    }
    /* the lenient parser and a strict gate: then a refusal has an answer and is counted */
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    h->mhd = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER, mhd_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, h->listen_fd, MHD_OPTION_URI_LOG_CALLBACK, on_uri, h,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        h, MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 0,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)h->o.max_connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)h->o.idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
    return h->mhd != NULL ? ERR_OK : fail(cx, ERR_LISTEN, "%s: server threads", h->o.listen);
}

static void http_free(struct http *h)
{
    while (h->slots != NULL) {
        struct slot *s = h->slots;
        h->slots = s->next;
        arena_free(s->mem);
    }
    arena_free(h->mem);
    free(h);
}

static void pause_ms(int ms)
{
    (void)nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000L }, NULL);
}

void http_stop(struct http *h, int grace_ms)
{
    if (h == NULL) {
        return;
    }
    atomic_store(&h->draining, true);
    if (h->mhd != NULL) {
        int fd = MHD_quiesce_daemon(h->mhd);
        h->listen_fd = fd >= 0 ? fd : h->listen_fd;
    }
    if (h->listen_fd >= 0) {
        (void)close(h->listen_fd);
        listen_remove(h->o.listen);
    }
    int64_t until = mono_ms() + grace_ms;
    while (atomic_load(&h->in_flight) > 0 && mono_ms() < until) {
        pause_ms(DRAIN_STEP_MS);
    }
    if (h->conns.running) {
        conns_shutdown(h);
    }
    work_stop(h); /* a commit under way is waited for: its outcome must not be lost */
    if (h->mhd != NULL) {
        MHD_stop_daemon(h->mhd);
    }
    conns_stop(h);
    http_free(h);
}

static void http_stopp(struct http **h)
{
    http_stop(*h, 0);
}

static struct http *http_new(const struct http_options *o)
{
    struct http *h = calloc(1, sizeof *h);
    if (h == NULL) {
        return NULL;
    }
    h->o = *o;
    h->listen_fd = -1;
    h->mem = arena_new(SERVER_MEMORY);
    (void)pthread_mutex_init(&h->slots_lock, NULL);
    (void)pthread_mutex_init(&h->work.lock, NULL);
    (void)pthread_cond_init(&h->work.wake, NULL);
    uint64_t seed = 0;
    entropy(&seed, sizeof seed);
    atomic_store(&h->next_id, seed);
    return h;
}

enum err http_start(struct cx *cx, const struct http_options *o, struct http **out)
{
    CLEANUP(http_stopp) struct http *h = http_new(o);
    if (h == NULL || h->mem == NULL) {
        return fail(cx, ERR_NO_MEMORY, "server");
    }
    options_default(&h->o);
    TRY(tables_take(cx, h));
    struct cx start = { .mem = h->mem, .now_ms = cx->now_ms, .lang = cx->lang };
    if (routes_build(&start, &h->o, &h->root) != ERR_OK) {
        return fail(cx, start.fault.code, "%s", start.fault.detail);
    }
    spool_sweep(h->o.spool);
    (void)sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
    TRY(conns_start(cx, h));
    TRY(work_start(cx, h));
    TRY(listen_open(cx, h->o.listen, &h->listen_fd, h->address, sizeof h->address));
    TRY(mhd_start(cx, h));
    log_info("http.listen", "address=%s threads=%d workers=%d", h->address, h->o.threads,
             h->o.workers);
    *out = h;
    h = NULL;
    return ERR_OK;
}

const char *http_address(const struct http *h)
{
    return h->address;
}
