/* A small server on the http room alone: what the tests over a raw socket and the benchmark talk
 * to. echo_server LISTEN SPOOL [name=number ...]; prints its address; ends on SIGTERM. */
#include "http/http.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char plain[] = "text/plain; charset=utf-8";

static enum err empty(struct http_call *c)
{
    return http_answer(c, 200, plain, STR(""));
}

/* What was understood, one thing a line. */
static enum err echo(struct http_call *c)
{
    struct buf b = buf_of(c->cx->mem, 1u << 20);
    struct str text;
    struct http_file f;
    buf_fmt(&b,
            "method=%d path=" STR_FMT " query=" STR_FMT " type=" STR_FMT " client=" STR_FMT "\n",
            (int)c->method, STR_ARG(c->path), STR_ARG(c->query), STR_ARG(c->body_type),
            STR_ARG(c->client));
    for (size_t k = 0; k < c->n_seg; k++) {
        buf_fmt(&b, "seg=" STR_FMT "\n", STR_ARG(c->seg[k]));
    }
    buf_fmt(&b, "body=%zu:" STR_FMT "\n", c->body.n, (int)(c->body.n < 100 ? c->body.n : 100),
            c->body.n > 0 ? c->body.p : "");
    for (size_t k = 0; http_field_nth(c, "a", k).p != NULL; k++) {
        buf_fmt(&b, "a=" STR_FMT "\n", STR_ARG(http_field_nth(c, "a", k)));
    }
    buf_fmt(&b, "cookie=" STR_FMT "\n", STR_ARG(http_cookie(c, "k")));
    buf_fmt(&b, "header=" STR_FMT "\n", STR_ARG(http_header(c, "x-test")));
    buf_fmt(&b, "lang=%d htmx=%d\n", (int)c->cx->lang, c->htmx);
    if (http_file(c, "file", &f)) {
        buf_fmt(&b, "file=" STR_FMT " bytes=%lld\n", STR_ARG(f.name), (long long)f.bytes);
    }
    TRY(buf_done(c->cx, &b, &text));
    return http_answer(c, 200, plain, text);
}

static enum err spooled(struct http_call *c)
{
    struct buf b = buf_of(c->cx->mem, 4096);
    struct http_file f = { c->body_path, c->body_path, 0 };
    struct str text;
    (void)http_file(c, "file", &f);
    FILE *in = fopen(str_dup(c->cx->mem, f.path).p, "rb");
    if (in == NULL) {
        return fail(c->cx, ERR_FILE, "spooled file");
    }
    int64_t n = 0;
    unsigned sum = 0;
    for (int ch = getc(in); ch != EOF; ch = getc(in), n++) {
        sum = sum * 31 + (unsigned)ch;
    }
    (void)fclose(in);
    buf_fmt(&b, "bytes=%lld sum=%u a=" STR_FMT "\n", (long long)n, sum,
            STR_ARG(http_field(c, "a")));
    TRY(buf_done(c->cx, &b, &text));
    return http_answer(c, 200, plain, text);
}

static enum err slow(struct http_call *c)
{
    struct timespec t = { .tv_nsec = 700000000 };
    (void)nanosleep(&t, NULL);
    return http_answer(c, 200, plain, STR("slept"));
}

struct count {
    int left;
    bool fails, sleeps;
};

static enum err count_more(struct cx *cx, void *arg, struct buf *to)
{
    struct count *n = arg;
    if (n->left == 0 && n->fails) {
        return fail(cx, ERR_FILE, "the stream fails on purpose");
    }
    if (n->left > 0) {
        if (n->sleeps) {
            (void)nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
        }
        buf_fmt(to, "line %d\n", n->left--);
    }
    return ERR_OK;
}

static void count_done(void *arg UNUSED)
{
    (void)fprintf(stderr, "stream done\n");
}

static enum err stream(struct http_call *c)
{
    int64_t n = 0;
    TRY(str_int(c->cx, c->seg[0], 0, 10000000, &n));
    struct count *state = arena_alloc(c->cx->mem, 1, sizeof *state);
    if (state == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "stream");
    }
    state->left = (int)n;
    state->fails = http_field(c, "fail").p != NULL;
    state->sleeps = http_field(c, "sleep").p != NULL;
    return http_answer_stream(c, 200, plain, (struct http_stream){ count_more, count_done, state });
}

static enum err cookie(struct http_call *c)
{
    TRY(http_set_cookie(c, "k", STR("v1"), 3600));
    TRY(http_set_cookie(c, "old", STR(""), 0));
    return http_redirect(c, 303, STR("/echo/x"));
}

static enum err denied(struct http_call *c)
{
    return fail(c->cx, ERR_FORBIDDEN, "nobody may");
}

static enum err away(struct http_call *c)
{
    return http_redirect(c, 303, http_field(c, "to"));
}

static const struct http_route routes[] = {
    { HTTP_GET, "/empty", 0, empty, "empty", "the baseline", 0, false, false },
    { HTTP_GET, "/echo/{}", 0, echo, "echo", "what was understood", 0, false, false },
    { HTTP_GET, "/two/{}/and/{}", 0, echo, "two", "two segments", 0, false, false },
    { HTTP_GET, "/two/new", 0, empty, "two_new", "a literal beside a segment", 0, false, false },
    { HTTP_POST, "/echo/{}", 0, echo, "echo_post", "a body", 1000, false, false },
    { HTTP_DELETE, "/echo/{}", 0, echo, "echo_delete", "a DELETE", 0, false, false },
    { HTTP_POST, "/form", 0, echo, "form", "a form", 0, false, false },
    { HTTP_POST, "/upload", 0, spooled, "upload", "a file", 32u << 20, true, false },
    { HTTP_GET, "/slow", 0, slow, "slow", "on a worker", 0, false, true },
    { HTTP_GET, "/stream/{}", 0, stream, "stream", "lines", 0, false, false },
    { HTTP_GET, "/cookie", 0, cookie, "cookie", "cookies", 0, false, false },
    { HTTP_GET, "/denied", 0, denied, "denied", "fails", 0, false, false },
    { HTTP_GET, "/away", 0, away, "away", "redirects", 0, false, false },
};

static enum err on_fault(struct http_call *c)
{
    struct buf b = buf_of(c->cx->mem, 4096);
    struct str text;
    buf_fmt(&b, "%s: %s", err_name(c->cx->fault.code), c->cx->fault.detail);
    TRY(buf_done(c->cx, &b, &text));
    return http_answer(c, err_http(c->cx->fault.code), plain, text);
}

static const uint8_t css[] = "body { color: black }";
static const uint8_t css_gz[] = "not really gzip";
static const struct http_static statics[] = {
    { "/s/app.css", "text/css", css, sizeof css - 1, css_gz, sizeof css_gz - 1, "abc123", false },
    { "/s/app.abc123.css", "text/css", css, sizeof css - 1, NULL, 0, "abc123", true },
};

static int option(int argc, char **argv, const char *name)
{
    for (int k = 3; k < argc; k++) {
        size_t n = strlen(name);
        if (strncmp(argv[k], name, n) == 0 && argv[k][n] == '=') {
            return (int)strtol(argv[k] + n + 1, NULL, 10);
        }
    }
    return 0;
}

static void wait_for_end(void)
{
    sigset_t set;
    int got;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigwait(&set, &got);
}

int main(int argc, char **argv)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(1u << 20);
    struct cx cx = { .mem = mem };
    struct http *h = NULL;
    const struct http_table table = { routes, COUNT_OF(routes), on_fault, "/" };
    sigset_t set;
    if (argc < 3) {
        (void)fprintf(stderr, "echo_server LISTEN SPOOL [header_s=N idle_s=N bps=N tls=1]\n");
        return 2;
    }
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL); /* before threads start: they inherit it */
    const struct http_options o = {
        .listen = argv[1],
        .spool = argv[2],
        .header_s = option(argc, argv, "header_s"),
        .idle_s = option(argc, argv, "idle_s"),
        .body_slow_bps = option(argc, argv, "bps"),
        .threads = option(argc, argv, "threads"),
        .behind_tls = option(argc, argv, "tls") != 0,
        .tables = &table,
        .n_tables = 1,
        .statics = statics,
        .n_statics = COUNT_OF(statics),
    };
    if (option(argc, argv, "quiet") != 0) {
        log_set_level(LOG_WARN);
    }
    if (http_start(&cx, &o, &h) != ERR_OK) {
        (void)fprintf(stderr, "%s: %s\n", err_name(cx.fault.code), cx.fault.detail);
        return 1;
    }
    (void)printf("%s\n", http_address(h));
    (void)fflush(stdout);
    wait_for_end();
    http_stop(h, 3000);
    (void)printf("stopped\n");
    return 0;
}
