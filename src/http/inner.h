/* What the files of this room share. */
#ifndef SISHI_HTTP_INNER_H
#define SISHI_HTTP_INNER_H

#include "http/http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

/* ---- decode.c: text from the wire -------------------------------------------------------- */

struct field {
    struct str name, value;
};
struct fields {
    struct field *v;
    size_t n, room;
};
/* Views are kept, not copied. ERR_TOO_LONG past 4096 fields. */
enum err fields_add(struct cx *cx, struct fields *to, struct str name, struct str value) MUST_USE;
/* Undoes %XX, and '+' when `plus`. ERR_BAD_REQUEST: a bad escape, not UTF-8, a NUL. */
enum err percent_decode(struct cx *cx, struct str raw, bool plus, struct str *out) MUST_USE;
/* application/x-www-form-urlencoded; adds to `to`. */
enum err form_parse(struct cx *cx, struct str raw, struct fields *to) MUST_USE;
enum { SEGMENTS_MAX = 16 };
struct path {
    struct str whole; /* decoded */
    struct str seg[SEGMENTS_MAX];
    size_t n;
};
/* "/a/b%20c" to its segments. ERR_BAD_REQUEST: also dot segments, an escaped '/', too deep. */
enum err path_parse(struct cx *cx, struct str raw, struct path *out) MUST_USE;
/* The value of `name` in a Cookie header; p == NULL without. */
struct str cookie_find(struct str header, struct str name);
/* The value of parameter `name` of "type/sub; name=value"; p == NULL without. */
struct str media_param(struct str header, const char *name);
bool str_eq_nocase(struct str a, struct str b);
bool is_token(struct str s);                         /* RFC 9110 5.6.2 */
struct str str_lower(struct arena *a, struct str s); /* ASCII; empty when memory is out */
/* Chinese, unless English is preferred to it (RFC 9110 12.5.4). */
enum lang lang_accept(struct str header);

/* ---- multipart.c -------------------------------------------------------------------------- */

struct part {
    struct str name;
    struct str file_name; /* p == NULL: a plain field */
    struct str bytes;
};
/* RFC 7578, whole body in memory or mapped; views into it. ERR_BAD_REQUEST, ERR_TOO_LONG. */
enum err multipart_parse(struct cx *cx, struct str body, struct str boundary, struct part **out,
                         size_t *n) MUST_USE;

/* ---- gate.c: which requests are heard ------------------------------------------------------ */

/* Why a request is refused. X(symbol, name in metrics, what is said) */
#define GATE_TABLE(X)                                                                              \
    X(PASS, "pass", "")                                                                            \
    X(TARGET, "target", "request target")                                                          \
    X(VERSION, "version", "HTTP version")                                                          \
    X(METHOD, "method", "method is not a token")                                                   \
    X(FORM, "form", "folded line, bare LF or NUL in the header")                                   \
    X(HEADER, "header", "header name or value")                                                    \
    X(MANY, "many", "too many headers")                                                            \
    X(HOST_NONE, "host_none", "no Host")                                                           \
    X(HOST_TWICE, "host_twice", "more than one Host")                                              \
    X(HOST_BAD, "host_bad", "Host is malformed")                                                   \
    X(LENGTH_TWICE, "length_twice", "more than one Content-Length")                                \
    X(LENGTH_BAD, "length_bad", "Content-Length is not a number")                                  \
    X(CODING_BOTH, "coding_both", "Content-Length with Transfer-Encoding")                         \
    X(CODING_BAD, "coding_bad", "Transfer-Encoding other than chunked")                            \
    X(BODY, "body", "a body where none belongs")                                                   \
    X(EXPECT, "expect", "Expect other than 100-continue")                                          \
    X(ENCODING, "encoding", "Content-Encoding of a request")                                       \
    X(PARSER, "parser", "refused by the parser")

enum gate {
#define X(symbol, name, text) GATE_##symbol,
    GATE_TABLE(X)
#undef X
        GATE__COUNT
};
struct head {
    struct str method, target, version;
    struct field *v; /* headers in the order received */
    size_t n;
    size_t bytes;          /* of the whole head as received; 0 = not known */
    int64_t length;        /* out: Content-Length, -1 = none */
    bool chunked;          /* out */
    struct str type, host; /* out */
};
/* Pure. Fills the outputs of `h`. */
enum gate gate_check(struct head *h);
const char *gate_name(enum gate g);
const char *gate_text(enum gate g);

/* ---- route.c ------------------------------------------------------------------------------- */

struct node;
enum err routes_build(struct cx *cx, const struct http_options *o, struct node **root) MUST_USE;
struct found {
    const struct http_route *route; /* NULL: no such path, or no such method there */
    const struct http_table *table; /* whose path it is; NULL: nobody's */
    const struct http_static *file; /* served to GET */
    size_t index;                   /* of the route among all */
    unsigned allow;                 /* methods of the path, 1 << enum http_method */
    struct str seg[4];
    size_t n_seg;
};
/* Who answers for an address that nobody has or that cannot be read: the longest prefix. */
const struct http_table *route_table(const struct http_options *o, struct str path);
struct found route_find(const struct node *root, const struct http_options *o, const struct path *p,
                        int method);
void allow_put(struct buf *b, unsigned allow); /* "GET, HEAD, POST" */

/* ---- conn.c: sockets and their reaper -------------------------------------------------------- */

enum phase {
    PHASE_FRESH, /* no request yet */
    PHASE_HEAD,  /* a request line came */
    PHASE_BODY,
    PHASE_WORK, /* ours to answer */
    PHASE_IDLE, /* between requests */
};
struct conn {
    struct conn *prev, *next;
    struct http *http;
    int fd;
    _Atomic int phase;
    _Atomic int64_t since_ms; /* monotonic: when the phase began */
    _Atomic int64_t bytes;    /* of the body, so far */
    bool end_seen;            /* the reaper's: the peer had ended when it last looked */
};
enum { LINGER_MAX = 64 };
struct conns {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t reaper;
    bool running, stop;
    struct conn head; /* ring */
    struct lingering {
        int fd;
        int64_t until_ms;
    } linger[LINGER_MAX];
    size_t n_linger;
    _Atomic int64_t n, reaped;
};
int64_t mono_ms(void);
int64_t mono_us(void);
void conn_phase(struct conn *c, enum phase p);
enum err conns_start(struct cx *cx, struct http *h) MUST_USE;
void conns_shutdown(struct http *h); /* all of them, now */
void conns_stop(struct http *h);
/* The peer may still be sending: closes a moment later, so that the answer is read before a RST. */
void conn_linger(struct conn *c);
void on_connection(void *cls, struct MHD_Connection *mhd, void **context,
                   enum MHD_ConnectionNotificationCode what);

/* ---- meter.c: counts, the log line, /metrics ------------------------------------------------- */

enum { BUCKETS = 12 };
struct meter {
    _Atomic int64_t by_class[6]; /* 2xx at [2] */
    _Atomic int64_t bucket[BUCKETS + 1];
    _Atomic int64_t sum_us;
};
struct http_inner;
void meter_done(struct http_inner *r);
enum err metrics_answer(struct http_call *c) MUST_USE;

/* ---- answer.c -------------------------------------------------------------------------------- */

struct header {
    struct header *next;
    const char *name;
    struct str value;
};
struct answer {
    int status; /* 0 = none yet */
    const char *type;
    struct str body;
    struct header *headers;
    struct http_stream stream;
    bool streams, close;
    bool cached; /* a static: its own Cache-Control, no Vary by person */
};
enum MHD_Result answer_queue(struct http_inner *r);
/* When MHD cannot take an answer any more: the bytes themselves, then the connection closes. */
void answer_raw(struct http_inner *r);
/* The failure in cx as the table's answer, or as plain text. */
void answer_fault(struct http_inner *r);
enum err static_answer(struct http_call *c, const struct http_static *s) MUST_USE;

/* ---- body.c ---------------------------------------------------------------------------------- */

struct file_part {
    struct str field;
    struct http_file file;
};
struct body {
    struct buf text;
    int fd; /* of the spool file; -1 = none */
    int64_t bytes, limit;
    struct file_part *files;
    size_t n_files;
};
enum err body_open(struct http_inner *r) MUST_USE;
enum err body_take(struct http_inner *r, const char *p, size_t n) MUST_USE;
/* All is there: parses forms. */
enum err body_end(struct http_inner *r) MUST_USE;
void body_close(struct http_inner *r); /* deletes what was spooled */
void spool_sweep(const char *spool);

/* ---- serve.c: the life of a request ---------------------------------------------------------- */

enum step { STEP_NEW, STEP_BODY, STEP_WORK, STEP_READY, STEP_QUEUED };
/* An arena and the request in it; reused. */
struct slot {
    struct slot *next;
    struct arena *mem;
    struct arena_mark start;
};
struct http_inner {
    struct http_call call;
    struct cx cx;
    struct http *http;
    struct slot *slot;
    struct MHD_Connection *mhd;
    struct conn *conn;
    struct head head;
    struct path path;
    struct found found;
    struct fields query, form;
    struct body body;
    struct answer answer;
    struct arena_mark stream_mark;
    struct str stream_rest;
    struct http_inner *next; /* in the workers' queue */
    int64_t start_us;
    enum gate gate;
    enum step step;
    bool counted, is_head, stream_ended;
    char id[ID_CHARS];
};
void *on_uri(void *cls, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url,
                           const char *method, const char *version, const char *bytes, size_t *n,
                           void **context);
void on_completed(void *cls, struct MHD_Connection *mhd, void **context,
                  enum MHD_RequestTerminationCode why);

/* ---- work.c: workers ------------------------------------------------------------------------- */

struct work {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct http_inner *first, **last;
    pthread_t *threads;
    size_t n_threads;
    bool stop;
};
enum err work_start(struct cx *cx, struct http *h) MUST_USE;
void work_give(struct http *h, struct http_inner *r);
void work_stop(struct http *h); /* after what was given */
void request_run(struct http_inner *r);

/* ---- listen.c -------------------------------------------------------------------------------- */

enum err listen_open(struct cx *cx, const char *where, int *out, char *address,
                     size_t room) MUST_USE;
void listen_remove(const char *where); /* a unix socket's file */

struct http {
    struct http_options o;
    struct MHD_Daemon *mhd;
    int listen_fd;
    char address[160];
    struct arena *mem;
    struct node *root;
    struct http_table *tables; /* the caller's and our own */
    struct conns conns;
    struct work work;
    pthread_mutex_t slots_lock;
    struct slot *slots;
    size_t n_slots;
    struct meter *meters; /* one a route, and one for what has none */
    size_t n_meters;
    _Atomic int64_t in_flight, refused[GATE__COUNT];
    _Atomic uint64_t next_id;
    _Atomic bool draining;
};

#endif
