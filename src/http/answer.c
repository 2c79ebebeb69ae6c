#include "http/inner.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { STREAM_BLOCK = 32768, STREAM_PIECE_MAX = 4 << 20, RAW_MAX = 16384 };

/* On every answer. Pages have no inline script or style, no frame, no outside source. */
static const struct {
    const char *name, *value;
} always[] = {
    { "Content-Security-Policy",
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
      "form-action 'self'; frame-ancestors 'none'" },
    { "X-Content-Type-Options", "nosniff" },
    { "X-Frame-Options", "DENY" },
    { "Referrer-Policy", "same-origin" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
};

static const char *copied(struct http_call *c, const char *z)
{
    return z == NULL ? NULL : str_dup(c->cx->mem, str_of(z)).p;
}

enum err http_answer(struct http_call *c, int status, const char *type, struct str body)
{
    struct answer *a = &c->inner->answer;
    struct str copy = str_dup(c->cx->mem, body);
    const char *t = copied(c, type);
    if (copy.p == NULL || (type != NULL && t == NULL)) {
        return fail(c->cx, ERR_NO_MEMORY, "answer of %zu bytes", body.n);
    }
    if (a->streams && a->stream.done != NULL) {
        a->stream.done(a->stream.arg);
    }
    a->streams = false;
    a->status = status;
    a->type = t;
    a->body = copy;
    return ERR_OK;
}

enum err http_answer_stream(struct http_call *c, int status, const char *type, struct http_stream s)
{
    TRY(http_answer(c, status, type, STR("")));
    c->inner->answer.streams = true;
    c->inner->answer.stream = s;
    return ERR_OK;
}

static bool one_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

enum err http_add_header(struct http_call *c, const char *name, struct str value)
{
    struct header *h = arena_alloc(c->cx->mem, 1, sizeof *h);
    if (h == NULL || !is_token(str_of(name)) || !one_line(value)) {
        return fail(c->cx, h == NULL ? ERR_NO_MEMORY : ERR_BAD_REQUEST, "header %s", name);
    }
    h->name = copied(c, name);
    h->value = str_dup(c->cx->mem, value);
    if (h->name == NULL || h->value.p == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "header %s", name);
    }
    struct header **to = &c->inner->answer.headers;
    while (*to != NULL) {
        to = &(*to)->next;
    }
    *to = h;
    return ERR_OK;
}

enum err http_redirect(struct http_call *c, int status, struct str to)
{
    bool ours = to.n > 0 && to.p[0] == '/' && (to.n == 1 || (to.p[1] != '/' && to.p[1] != '\\'));
    if (!ours) {
        return fail(c->cx, ERR_BAD_REQUEST, "redirect to another place");
    }
    TRY(http_add_header(c, "Location", to));
    return http_answer(c, status, NULL, STR(""));
}

enum err http_set_cookie(struct http_call *c, const char *name, struct str value, int64_t max_age_s)
{
    struct buf b = buf_of(c->cx->mem, 4096);
    struct str line;
    for (size_t i = 0; i < value.n; i++) { /* RFC 6265 4.1.1 */
        if ((unsigned char)value.p[i] <= 0x20 || (unsigned char)value.p[i] >= 0x7f ||
            strchr("\",;\\", value.p[i]) != NULL) {
            return fail(c->cx, ERR_BAD_REQUEST, "value of cookie %s", name);
        }
    }
    buf_fmt(&b, "%s=" STR_FMT "; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s", name,
            STR_ARG(value), (long long)max_age_s, c->inner->http->o.behind_tls ? "; Secure" : "");
    TRY(buf_done(c->cx, &b, &line));
    return http_add_header(c, "Set-Cookie", line);
}

/* ---- statics ------------------------------------------------------------------------------ */

static bool takes_gzip(struct http_call *c)
{
    struct str h = http_header(c, "Accept-Encoding");
    while (h.n > 0) {
        struct str params = str_trim(str_cut(&h, ','));
        struct str coding = str_trim(str_cut(&params, ';'));
        if (str_eq_nocase(coding, STR("gzip"))) {
            params = str_trim(params);
            return !str_eq(params, STR("q=0")) && !str_starts(params, STR("q=0.0"));
        }
    }
    return false;
}

static bool has_it(struct http_call *c, struct str etag)
{
    struct str h = http_header(c, "If-None-Match");
    while (h.n > 0) {
        struct str one = str_trim(str_cut(&h, ','));
        one = str_starts(one, STR("W/")) ? str_from(one, 2) : one;
        if (str_eq(one, etag) || str_eq(one, STR("*"))) {
            return true;
        }
    }
    return false;
}

enum err static_answer(struct http_call *c, const struct http_static *s)
{
    struct answer *a = &c->inner->answer;
    bool gzip = s->gz != NULL && takes_gzip(c);
    char quoted[80];
    TRY(http_add_header(c, "Cache-Control",
                        s->hashed ? STR("public, max-age=31536000, immutable")
                                  : STR("public, no-cache")));
    TRY(http_add_header(c, "Vary", STR("Accept-Encoding")));
    a->cached = true;
    if (s->etag != NULL) {
        (void)snprintf(quoted, sizeof quoted, "\"%s%s\"", s->etag, gzip ? "-gz" : "");
        TRY(http_add_header(c, "ETag", str_of(quoted)));
        if (has_it(c, str_of(quoted))) {
            return http_answer(c, 304, NULL, STR(""));
        }
    }
    if (gzip) {
        TRY(http_add_header(c, "Content-Encoding", STR("gzip")));
    }
    a->status = 200;
    a->type = s->type;
    const void *bytes = gzip ? s->gz : s->bytes; /* part of the program: not copied */
    a->body = (struct str){ bytes, gzip ? s->n_gz : s->n };
    return ERR_OK;
}

/* ---- failures ------------------------------------------------------------------------------ */

static void fault_log(struct http_inner *r)
{
    const struct fault *f = &r->cx.fault;
    if (err_http(f->code) >= 500) {
        log_error("http.fault", "id=" STR_FMT " code=%s at=%s:%d detail=\"%s\"",
                  STR_ARG(r->call.id), err_name(f->code), f->file, f->line, f->detail);
    } else {
        /* what a person wrote may stand in the detail */
        log_debug("http.fault", "id=" STR_FMT " code=%s at=%s:%d", STR_ARG(r->call.id),
                  err_name(f->code), f->file, f->line);
    }
}

void answer_fault(struct http_inner *r)
{
    const struct http_table *t = r->found.table;
    struct http_call *c = &r->call;
    r->answer.cached = false;
    r->answer.status = 0;
    fault_log(r);
    if (t != NULL && t->on_fault != NULL && t->on_fault(c) == ERR_OK && r->answer.status != 0) {
        return;
    }
    int status = err_http(c->cx->fault.code);
    const char *text = err_text(c->cx->fault.code, c->cx->lang);
    r->answer.type = "text/plain; charset=utf-8";
    r->answer.body = str_of(text);
    r->answer.status = status < 400 ? 500 : status;
    r->answer.streams = false;
}

/* ---- to the wire ---------------------------------------------------------------------------- */

static ssize_t stream_read(void *cls, uint64_t pos UNUSED, char *to, size_t max)
{
    struct http_inner *r = cls;
    if (r->stream_rest.n == 0 && !r->stream_ended) {
        arena_reset(r->cx.mem, r->stream_mark);
        struct buf b = buf_of(r->cx.mem, STREAM_PIECE_MAX);
        if (r->answer.stream.more(&r->cx, r->answer.stream.arg, &b) != ERR_OK || b.over) {
            fault_log(r);
            return MHD_CONTENT_READER_END_WITH_ERROR; /* the reader sees that the end is missing */
        }
        r->stream_rest = buf_str(&b);
        r->stream_ended = r->stream_rest.n == 0;
    }
    if (r->stream_ended) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    size_t n = r->stream_rest.n < max ? r->stream_rest.n : max;
    memcpy(to, r->stream_rest.p, n);
    r->stream_rest = str_from(r->stream_rest, n);
    return (ssize_t)n;
}

static bool has_header(const struct answer *a, const char *name)
{
    for (const struct header *h = a->headers; h != NULL; h = h->next) {
        if (str_eq_nocase(str_of(h->name), str_of(name))) {
            return true;
        }
    }
    return false;
}

/* Calls `put` for each header of the answer but Content-Length. */
static void headers_each(struct http_inner *r,
                         void (*put)(void *to, const char *name, const char *value), void *to)
{
    const struct answer *a = &r->answer;
    char id[ID_CHARS + 1];
    (void)snprintf(id, sizeof id, STR_FMT, STR_ARG(r->call.id));
    put(to, "X-Request-Id", id);
    if (a->type != NULL) {
        put(to, "Content-Type", a->type);
    }
    for (size_t k = 0; k < COUNT_OF(always); k++) {
        put(to, always[k].name, always[k].value);
    }
    if (!has_header(a, "Cache-Control")) {
        put(to, "Cache-Control", "no-store");
    }
    if (!a->cached) {
        put(to, "Vary", "HX-Request, Accept-Language, Cookie");
    }
    for (const struct header *h = a->headers; h != NULL; h = h->next) {
        put(to, h->name, h->value.p);
    }
    if (a->close || atomic_load_explicit(&r->http->draining, memory_order_relaxed)) {
        put(to, "Connection", "close");
    }
}

static void put_mhd(void *to, const char *name, const char *value)
{
    (void)MHD_add_response_header(to, name, value);
}

enum MHD_Result answer_queue(struct http_inner *r)
{
    struct answer *a = &r->answer;
    struct MHD_Response *resp = NULL;
    if (a->streams) {
        r->stream_mark = arena_mark(r->cx.mem);
        resp =
            MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, r, NULL);
    } else {
        union {
            const char *in;
            void *out;
        } body = { .in = a->body.p }; /* MHD only reads a persistent buffer */
        resp = MHD_create_response_from_buffer(a->body.n, body.out, MHD_RESPMEM_PERSISTENT);
    }
    if (resp == NULL) {
        return MHD_NO;
    }
    headers_each(r, put_mhd, resp);
    enum MHD_Result done = MHD_queue_response(r->mhd, (unsigned)a->status, resp);
    MHD_destroy_response(resp);
    return done;
}

static void put_raw(void *to, const char *name, const char *value)
{
    buf_fmt(to, "%s: %s\r\n", name, value);
}

void answer_raw(struct http_inner *r)
{
    struct buf b = buf_of(r->cx.mem, RAW_MAX);
    struct str all;
    r->answer.close = true;
    buf_fmt(&b, "HTTP/1.1 %d Refused\r\nContent-Length: %zu\r\n", r->answer.status,
            r->answer.body.n);
    headers_each(r, put_raw, &b);
    buf_put_z(&b, "\r\n");
    buf_put(&b, r->answer.body);
    if (buf_done(&r->cx, &b, &all) == ERR_OK) {
        (void)!send(r->conn->fd, all.p, all.n, MSG_NOSIGNAL | MSG_DONTWAIT);
        (void)shutdown(r->conn->fd, SHUT_WR);
        conn_linger(r->conn);
    }
}
