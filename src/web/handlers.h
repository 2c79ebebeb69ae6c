/* Private to web/: one handler a route; the table in web.c says which. */
#ifndef SISHI_WEB_HANDLERS_H
#define SISHI_WEB_HANDLERS_H

#include "web/frame.h"

/* entrance.c */
enum err page_home(struct http_call *c);
enum err page_help(struct http_call *c);
enum err page_a11y(struct http_call *c);
enum err page_sign_in(struct http_call *c);
enum err do_sign_in(struct http_call *c);
enum err do_sign_out(struct http_call *c);

#endif
