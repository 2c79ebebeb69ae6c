/* api: the JSON door. A table of routes; a handler parses, checks the shape, makes one office call,
 * answers. In every call `app` is the const struct desk * and `user` the const struct caller *. */
#ifndef SISHI_API_H
#define SISHI_API_H

#include "http/http.h"
#include "office/office.h"

extern const struct http_table api_table;

#endif
