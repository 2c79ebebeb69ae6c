/* sishi serve: one program, one socket, until a signal. */
#include "main/serve.h"

#include "api/api.h"
#include "main/gate.h"
#include "web/web.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

enum { GRACE_MS = 10000 };

static const struct cli_option serve_options[] = {
    { "listen", CLI_TEXT, "WHERE", "127.0.0.1:PORT, [::1]:PORT or unix:PATH (127.0.0.1:8080)" },
    { "threads", CLI_NUMBER, "N", "threads that read and answer; otherwise one a processor" },
    { "connections", CLI_NUMBER, "N", "connections at a time; otherwise 1000" },
    { "behind-tls", CLI_FLAG, NULL, "a front of ours speaks TLS (deploy/nginx.conf)" },
    { NULL, CLI_FLAG, NULL, NULL },
};

/* A question the store must answer for the server to be well. */
static enum err nothing(struct cx *cx UNUSED, struct tx *tx UNUSED, void *arg UNUSED)
{
    return ERR_OK;
}

static enum err health(struct cx *cx, void *app)
{
    const struct desk *d = app;
    return store_read(cx, d->store, nothing, NULL);
}

static enum err make_spool(struct cli *c, const struct desk *d, const char **out)
{
    struct buf b = buf_of(c->cx->mem, 4096);
    struct str path;
    buf_fmt(&b, STR_FMT "/spool", STR_ARG(d->data_dir));
    buf_put_c(&b, '\0');
    TRY(buf_done(c->cx, &b, &path));
    if (mkdir(path.p, 0700) != 0 && errno != EEXIST) {
        return fail(c->cx, ERR_FILE, "%s: %s", path.p, strerror(errno));
    }
    *out = path.p;
    return ERR_OK;
}

static void wait_for_end(const sigset_t *signals)
{
    int got = 0;
    while (sigwait(signals, &got) != 0) {
    }
    log_info("serve.stopping", "signal=%d", got);
}

static enum err serve(struct cli *c)
{
    const struct http_table tables[] = { api_table, web_table };
    const struct desk *d = NULL;
    struct http *server = NULL;
    struct job_worker *worker = NULL;
    int64_t threads;
    int64_t connections;
    sigset_t signals;
    log_set_level(LOG_INFO);
    TRY(cli_number(c, "threads", 0, 256, 0, &threads));
    TRY(cli_number(c, "connections", 0, 100000, 0, &connections));
    TRY(cli_desk(c, &d));
    const char *listen = cli_text(c, "listen");
    struct http_options o = {
        .listen = listen != NULL ? listen : "127.0.0.1:8080",
        .threads = (int)threads,
        .max_connections = (int)connections,
        .behind_tls = cli_flag(c, "behind-tls"),
        .tables = tables,
        .n_tables = COUNT_OF(tables),
        .statics = web_statics,
        .n_statics = n_web_statics,
        .app = (void *)(uintptr_t)d, /* handlers take it back as const */
        .enter = gate_enter,
        .check_write = gate_check_write,
        .health = health,
    };
    TRY(make_spool(c, d, &o.spool));
    /* Blocked before the threads are made, so that only this one hears of them. */
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    TRY(job_worker_start(c->cx, d, &worker));
    enum err code = http_start(c->cx, &o, &server);
    if (code != ERR_OK) {
        job_worker_stop(worker);
        return code;
    }
    (void)fprintf(c->out, "listening %s\n", http_address(server));
    (void)fflush(c->out);
    log_info("serve.started", "address=%s store=%s", http_address(server), store_engine(d->store));
    wait_for_end(&signals);
    http_stop(server, GRACE_MS);
    job_worker_stop(worker); /* after the batch under way; the next program goes on */
    return ERR_OK;
}

const struct cli_command cmd_serve = {
    .name = "serve",
    .brief = "serves pages and API",
    .words = "",
    .options = serve_options,
    .about =
        "Serves the pages and the API until it gets SIGINT or SIGTERM; answers under way are "
        "finished first. Prints \"listening ADDRESS\" when the socket is open; port 0 takes a free "
        "one. It listens on loopback or on a unix socket only: TLS, HTTP/2 and limits for each "
        "address are the front server's, for which deploy/nginx.conf is a configuration.\n\n"
        "GET /healthz says whether it is well, GET /metrics counts in Prometheus' text form. The "
        "log goes to stderr, one event a line.",
    .examples = "sishi serve                                      on 127.0.0.1:8080\n"
                "sishi serve --listen unix:/run/sishi/http.sock --behind-tls",
    .run = serve,
};

static const char *const methods[] = { "GET", "POST", "PUT", "DELETE" };

static enum err list_routes(struct cli *c)
{
    const struct http_table *const tables[] = { &api_table, &web_table };
    struct buf b = buf_of(c->cx->mem, 1 << 20);
    struct json j = json_to(&b);
    json_array(&j);
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        for (size_t i = 0; i < tables[t]->n; i++) {
            const struct http_route *r = &tables[t]->routes[i];
            if (!c->json) {
                (void)fprintf(c->out, "%-6s %-50s %-16s %s\n", methods[r->method], r->pattern,
                              power_name((enum power)r->power), r->doc);
                continue;
            }
            json_object(&j);
            json_key_str(&j, "method", str_of(methods[r->method]));
            json_key_str(&j, "pattern", str_of(r->pattern));
            json_key_str(&j, "name", str_of(r->name));
            json_key_str(&j, "power", str_of(power_name((enum power)r->power)));
            json_key_str(&j, "doc", str_of(r->doc));
            json_end_object(&j);
        }
    }
    json_end_array(&j);
    return c->json ? cli_print_json(c, &b) : ERR_OK;
}

const struct cli_command cmd_api_routes = {
    .name = "api routes",
    .brief = "lists every route of API and pages",
    .words = "",
    .about = "Lists method, path, the power a caller needs, and what each route does.",
    .examples = "sishi api routes --json",
    .run = list_routes,
};
