/* Private to api/: how the API answers. */
#ifndef SISHI_API_ANSWER_H
#define SISHI_API_ANSWER_H

#include "api/api.h"

static inline const struct desk *desk_of(const struct http_call *c)
{
    return c->app;
}
static inline const struct actor *actor_of(const struct http_call *c)
{
    const struct caller *who = c->user;
    return &who->actor;
}

/* A document being written: `j` writes into `b`, at most ANSWER_MAX bytes. */
enum { ANSWER_MAX = 32 << 20 };
struct document {
    struct buf b;
    struct json j;
};
/* Begins it with '{'. The document may not be moved. */
void document_open(struct http_call *c, struct document *d);
/* Ends it with '}' and answers. */
enum err document_answer(struct http_call *c, int status, struct document *d) MUST_USE;
/* The same with the header Location: what was made. `at` is a path of ours. */
enum err document_made(struct http_call *c, struct document *d, struct str at) MUST_USE;

/* {"items":[ ... ]}: begins, and ends with "next" (empty: null, the last page). */
void list_open(struct http_call *c, struct document *d);
enum err list_answer(struct http_call *c, struct document *d, struct str next) MUST_USE;
/* Ends one that never has a next page. */
enum err list_answer_whole(struct http_call *c, struct document *d) MUST_USE;

/* 204. */
enum err answer_nothing(struct http_call *c) MUST_USE;
enum err answer_text(struct http_call *c, struct str text) MUST_USE;

void put_digest(struct json *j, const char *key, const struct digest *d);

/* Text in cx->mem; "" when memory is out. */
struct str text_of(struct cx *cx, const char *fmt, ...) PRINTF(2, 3);

/* A file to be saved, written piece by piece. */
struct download {
    struct http_call *call;
    struct http_sink *sink;
    enum err (*write)(struct cx *cx, struct download *to, void *arg);
    void *arg;
};
enum err api_download(struct http_call *c, const char *type, struct str name,
                      enum err (*write)(struct cx *cx, struct download *to, void *arg),
                      void *arg) MUST_USE;

/* http_table.on_fault: a problem (RFC 9457) in the caller's language. */
enum err api_fault(struct http_call *c) MUST_USE;
void problem_put(struct json *j, enum err code, enum lang lang);

#endif
