/* web: the pages. A table of routes; a handler makes one office call and fills a template. In
 * every call `app` is the const struct desk * and `user` the const struct caller *. */
#ifndef SISHI_WEB_H
#define SISHI_WEB_H

#include "http/http.h"
#include "office/office.h"

extern const struct http_table web_table;
extern const struct http_static web_statics[];
extern const size_t n_web_statics;

#endif
