#include "api/answer.h"

#include <stdio.h>

#define JSON_TYPE    "application/json; charset=utf-8"
#define PROBLEM_TYPE "application/problem+json; charset=utf-8"

void document_open(struct http_call *c, struct document *d)
{
    d->b = buf_of(c->cx->mem, ANSWER_MAX);
    d->j = json_to(&d->b);
    json_object(&d->j);
}

enum err document_answer(struct http_call *c, int status, struct document *d)
{
    struct str text;
    json_end_object(&d->j);
    TRY(buf_done(c->cx, &d->b, &text));
    return http_answer(c, status, JSON_TYPE, text);
}

enum err document_made(struct http_call *c, struct document *d, struct str at)
{
    TRY(http_add_header(c, "Location", at));
    return document_answer(c, 201, d);
}

void list_open(struct http_call *c, struct document *d)
{
    document_open(c, d);
    json_key(&d->j, "items");
    json_array(&d->j);
}

enum err list_answer(struct http_call *c, struct document *d, struct str next)
{
    json_end_array(&d->j);
    json_key_text(&d->j, "next", next);
    return document_answer(c, 200, d);
}

enum err list_answer_whole(struct http_call *c, struct document *d)
{
    json_end_array(&d->j);
    return document_answer(c, 200, d);
}

enum err answer_nothing(struct http_call *c)
{
    return http_answer(c, 204, NULL, STR(""));
}

enum err answer_text(struct http_call *c, struct str text)
{
    return http_answer(c, 200, "text/plain; charset=utf-8", text);
}

/* ---- members ----------------------------------------------------------------------------------
 */

void put_digest(struct json *j, const char *key, const struct digest *d)
{
    json_key(j, key);
    json_hex(j, d->b, DIGEST_LEN);
}

struct str text_of(struct cx *cx, const char *fmt, ...)
{
    char one[1024];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(one, sizeof one, fmt, args);
    va_end(args);
    bool fits = n >= 0 && (size_t)n < sizeof one;
    struct str copy = str_dup(cx->mem, (struct str){ one, fits ? (size_t)n : 0 });
    return copy.p == NULL ? STR("") : copy;
}

/* ---- downloads ---------------------------------------------------------------------------------
 */

static enum err download_write(struct cx *cx, struct http_sink *to, void *arg)
{
    struct download *d = arg;
    d->sink = to;
    return d->write(cx, d, d->arg);
}

enum err api_download(struct http_call *c, const char *type, struct str name,
                      enum err (*write)(struct cx *cx, struct download *to, void *arg), void *arg)
{
    struct download d = { .call = c, .write = write, .arg = arg };
    struct str how = text_of(c->cx, "attachment; filename=\"" STR_FMT "\"", STR_ARG(name));
    TRY(http_add_header(c, "Content-Disposition", how));
    return http_answer_written(c, 200, type, download_write, &d);
}

/* ---- problems ----------------------------------------------------------------------------------
 */

void problem_put(struct json *j, enum err code, enum lang lang)
{
    char type[64];
    (void)snprintf(type, sizeof type, "/api/v1/problems/%s", err_name(code));
    json_key_str(j, "type", str_of(type));
    json_key_str(j, "title", str_of(err_text(code, lang)));
    json_key_int(j, "status", err_http(code));
    json_key_str(j, "code", str_of(err_name(code)));
}

enum err api_fault(struct http_call *c)
{
    const struct fault *f = &c->cx->fault;
    struct buf b = buf_of(c->cx->mem, 8192);
    struct json j = json_to(&b);
    bool ours = err_http(f->code) >= 500; /* then the log tells, under the same id */
    json_object(&j);
    problem_put(&j, f->code, c->cx->lang);
    if (!ours && f->detail[0] != '\0') {
        json_key_str(&j, "detail", str_of(f->detail));
    }
    json_key_str(&j, "request", c->id);
    json_end_object(&j);
    if (err_http(f->code) == 401) {
        TRY(http_add_header(c, "WWW-Authenticate", STR("Bearer")));
    }
    return http_answer(c, err_http(f->code), PROBLEM_TYPE, buf_str(&b));
}
