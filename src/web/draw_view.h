/* Private to web/: a draw as the pages show it, made of the office's view. */
#ifndef SISHI_WEB_DRAW_VIEW_H
#define SISHI_WEB_DRAW_VIEW_H

#include "web/labels.h"

/* The draw named by the first segment of the path. */
enum err draw_of(struct http_call *c, struct ceremony_view *out) MUST_USE;
/* Everything that draw_head, timeline and the tables need. Lists of the view live in cx->mem. */
enum err draw_page_of(struct http_call *c, const struct ceremony_view *v,
                      struct draw_page *out) MUST_USE;

/* A draw in a list. */
struct draw_row draw_row_of(struct http_call *c, const struct ceremony_row *r);

#endif
