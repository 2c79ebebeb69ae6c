/* http: sockets, requests and answers over libmicrohttpd. Knows no market: it routes by tables,
 * asks a hook who is calling, hands over one call, and sends what comes back. */
#ifndef SISHI_HTTP_H
#define SISHI_HTTP_H

#include "base/base.h"

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_DELETE }; /* HEAD is served by GET */

struct http_call {
    struct cx *cx; /* memory, time and language of this request */
    void *app;     /* http_options.app */
    void *user;    /* what `enter` found out about the caller */
    const struct http_route *route;
    enum http_method method;
    struct str path;   /* decoded, valid UTF-8, no NUL, no dot segments */
    struct str query;  /* raw */
    struct str seg[4]; /* what the pattern's "{}" matched, decoded */
    size_t n_seg;
    struct str body;      /* whole, for routes without `upload`; empty otherwise */
    struct str body_path; /* file a body was spooled to, for routes with `upload`; deleted after */
    struct str body_type; /* media type, lower case, no parameters */
    struct str client;    /* address text; X-Forwarded-For of a trusted front only */
    struct str id;        /* of this request, also in the answer's X-Request-Id and in the log */
    bool htmx;            /* HX-Request: answer with the fragment */
    struct http_inner *inner;
};

/* Views live as long as the call. Without such a header, cookie or field: p == NULL. */
struct str http_header(const struct http_call *c, const char *name);
struct str http_cookie(const struct http_call *c, const char *name);
/* A field of the query or of an urlencoded or multipart form, decoded; the form wins.
 * For an upload's file part: http_file. */
struct str http_field(const struct http_call *c, const char *name);
/* The k-th value of a field that may stand several times (check boxes); p == NULL past the last. */
struct str http_field_nth(const struct http_call *c, const char *name, size_t k);
/* A multipart file part: its path on disk and the name the sender gave. */
struct http_file {
    struct str path, name;
    int64_t bytes;
};
bool http_file(const struct http_call *c, const char *name, struct http_file *out);

/* The answer. The last http_answer* call wins; headers add up. Text is copied. */
enum err http_answer(struct http_call *c, int status, const char *type, struct str body) MUST_USE;
enum err http_redirect(struct http_call *c, int status, struct str to) MUST_USE; /* path of ours */
enum err http_add_header(struct http_call *c, const char *name, struct str value) MUST_USE;
/* HttpOnly, SameSite=Lax, Path=/; Secure when the front speaks TLS. max_age_s 0 deletes. */
enum err http_set_cookie(struct http_call *c, const char *name, struct str value,
                         int64_t max_age_s) MUST_USE;
/* Streams: `more` fills `to` (at least one byte; 0 bytes = the end) until the end; `done` is called
 * once, also when the client went away. Runs on a server thread with its own memory in `cx`. */
struct http_stream {
    enum err (*more)(struct cx *cx, void *arg, struct buf *to);
    void (*done)(void *arg);
    void *arg;
};
enum err http_answer_stream(struct http_call *c, int status, const char *type,
                            struct http_stream s) MUST_USE;

/**
 * An answer that a loop writes: `write` is called now and puts its bytes; they wait in the spool
 * folder and are sent afterwards, so that a slow reader keeps no snapshot open. When `write` fails,
 * nothing is sent and its failure is returned. For routes that are `slow`.
 */
struct http_sink;
enum err http_sink_put(struct cx *cx, struct http_sink *to, struct str bytes) MUST_USE;
enum err http_answer_written(struct http_call *c, int status, const char *type,
                             enum err (*write)(struct cx *cx, struct http_sink *to, void *arg),
                             void *arg) MUST_USE;

/* An answer that is a file of this machine. ERR_NOT_FOUND */
enum err http_answer_file(struct http_call *c, int status, const char *type,
                          const char *path) MUST_USE;

struct http_route {
    enum http_method method;
    const char *pattern; /* "/api/v1/entities/{}"; "{}" is one segment */
    int power;           /* opaque to http: what `enter` must grant */
    enum err (*handle)(struct http_call *c);
    const char *name;  /* operation id, unique in its table */
    const char *doc;   /* one line */
    size_t body_limit; /* bytes; 0 = 64 KiB */
    bool upload;       /* spool the body to a file instead of memory */
    bool slow; /* may take over a few milliseconds: runs on a worker, as POST, PUT, DELETE do */
};

/* A table answers its own failures, as JSON or as a page: `on_fault` is called with the failure in
 * c->cx->fault and must answer. */
struct http_table {
    const struct http_route *routes;
    size_t n;
    enum err (*on_fault)(struct http_call *c);
    const char *prefix; /* "/api/" : failures of unknown paths below it are this table's */
};

/* A file that is part of the program, served with ETag, and cached for good when its name carries
 * its hash. tools/embed.py makes a table of these from a folder at build time. */
struct http_static {
    const char *path; /* "/s/app.css" */
    const char *type;
    const uint8_t *bytes;
    size_t n;
    const uint8_t *gz; /* the same, gzip; NULL when that is not smaller */
    size_t n_gz;
    const char *etag; /* "0123456789abcdef", without quotes; NULL = no conditional answers */
    bool hashed;      /* the path changes with the bytes: cached for a year */
};

struct http_options {
    const char *listen;  /* "127.0.0.1:8080", "[::1]:8080" or "unix:PATH" */
    int threads;         /* which read, answer GETs and send; 0 = as many as processors */
    int workers;         /* which run writes and slow routes; 0 = 32 */
    int max_connections; /* 0 = 1000 */
    int header_s;        /* seconds for all headers; 0 = 10 */
    int idle_s;          /* seconds a connection may stand unused or stuck; 0 = 60 */
    int body_slow_bps;   /* bodies slower than this after header_s are cut; 0 = 500 */
    bool behind_tls;     /* a front of ours speaks TLS: Secure cookies, X-Forwarded-* trusted */
    const char *spool;   /* folder for uploads */
    const struct http_table *tables;
    size_t n_tables;
    const struct http_static *statics;
    size_t n_statics;
    void *app;
    /* Who is calling, may they take this route, in which language: sets c->user and c->cx->lang.
     * A failure is answered by the route's table. Called before the body is read. */
    enum err (*enter)(struct http_call *c);
    /* Called after the body is read and before the handler, for POST, PUT and DELETE: form token.
     */
    enum err (*check_write)(struct http_call *c);
    /* Extra lines for /metrics (Prometheus text), and what /healthz says besides. */
    void (*metrics)(void *app, struct buf *to);
    enum err (*health)(struct cx *cx, void *app);
};

struct http;
/* Starts serving; returns when the socket listens. Addresses that are not loopback are refused:
 * TLS and the limits for each address are the front's (deploy/nginx.conf). A unix socket has mode
 * 0660. ERR_LISTEN, ERR_NO_MEMORY. What `o` points at must outlive the server. */
enum err http_start(struct cx *cx, const struct http_options *o, struct http **out) MUST_USE;
/* "http://127.0.0.1:8080", with the real port when 0 was asked for. Lives as long as h. */
const char *http_address(const struct http *h);
/* No new connections; answers under way get `grace_ms`; then all is closed and freed. */
void http_stop(struct http *h, int grace_ms);

#endif
