/* A call with a body of JSON, as the server would hand it over. */
#ifndef SISHI_FUZZ_JSON_CALL_H
#define SISHI_FUZZ_JSON_CALL_H

#include "http/http.h"

/* In cx->mem. */
struct http_call *json_call(struct cx *cx, struct str body);

#endif
