/* Private to web/: what every handler does around its own work. */
#ifndef SISHI_WEB_FRAME_H
#define SISHI_WEB_FRAME_H

#include "web/web.h"

#include "pages.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_MAX = 4 << 20 };

static inline const struct desk *desk_of(const struct http_call *c)
{
    return c->app;
}
static inline const struct caller *caller_of(const struct http_call *c)
{
    static const struct caller nobody;
    return c->user != NULL ? c->user : &nobody; /* no route, so nobody was asked who they are */
}
static inline const struct actor *actor_of(const struct http_call *c)
{
    return &caller_of(c)->actor;
}
/* May the caller use this power anywhere at all? For menus and buttons; the office decides. */
bool may(const struct http_call *c, enum power what);

/* What stands around a page; `title` is for the window's title. */
enum err frame_make(struct http_call *c, struct str title, struct page_frame *out) MUST_USE;
/* A builder for a page, and its sending. */
struct buf page_buf(const struct http_call *c);
enum err page_send(struct http_call *c, const struct buf *b) MUST_USE;
enum err page_send_status(struct http_call *c, int status, const struct buf *b) MUST_USE;
/* 303 after a write; `to` is a path of ours. */
enum err see_other(struct http_call *c, struct str to) MUST_USE;
/* web_table.on_fault. */
enum err page_fault(struct http_call *c);

/* The form token, and a fresh operation key for each form. */
struct form_keys form_keys_of(const struct http_call *c);
/* The operation key that came with a form, with web's namespace; empty when it had none. */
struct str op_key_of(const struct http_call *c);

/* Text in cx->mem; "" when memory is out (the page's end will say so). */
struct str text_fmt(struct cx *cx, const char *fmt, ...) PRINTF(2, 3);
/* Percent-encoded, for the query of a URL. */
struct str text_url(struct cx *cx, struct str s);
/* The message, its "{name}" filled by the pairs name, value; NULL ends them. For titles and other
 * text that a template does not write. */
struct str text_msg(struct cx *cx, enum msg m, ...) __attribute__((sentinel));

/* Fields of the request: "" when missing. */
struct str field_of(const struct http_call *c, const char *name);
/* A whole number, `otherwise` when the field is missing or empty. ERR_FIELD names the field. */
enum err field_int(const struct http_call *c, const char *name, int64_t lo, int64_t hi,
                   int64_t otherwise, int64_t *out) MUST_USE;
/* A date, 0 when missing or empty. */
enum err field_date(const struct http_call *c, const char *name, int32_t *out) MUST_USE;
bool field_is(const struct http_call *c, const char *name, const char *value);

/* A file to be saved. `write` puts its bytes with one of the two below, whose `arg` is the
 * download.
 */
struct download {
    struct http_call *call;
    struct http_sink *sink;
    enum err (*write)(struct cx *cx, struct download *to, void *arg);
    void *arg;
};
enum err download(struct http_call *c, const char *type, struct str name,
                  enum err (*write)(struct cx *cx, struct download *to, void *arg),
                  void *arg) MUST_USE;
enum err download_put(struct cx *cx, struct str bytes, void *to) MUST_USE;
enum err download_sink(struct cx *cx, void *to, struct str bytes) MUST_USE;

/* A path of this site to go back to: begins with one '/', nothing a browser reads as a host. "/"
 * otherwise. */
struct str own_path(struct str to);

#endif
