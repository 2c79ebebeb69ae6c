/* Private to api/: how the API answers. */
#ifndef SISHI_API_ANSWER_H
#define SISHI_API_ANSWER_H

#include "api/api.h"

/* A finished JSON document. */
enum err api_answer(struct http_call *c, int status, const struct buf *document) MUST_USE;

/* http_table.on_fault: {"error":{"code","message","detail"}} in the caller's language, with the
 * status of the table of failures. */
enum err api_fault(struct http_call *c) MUST_USE;

#endif
