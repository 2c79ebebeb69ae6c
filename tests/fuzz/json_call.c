#include "json_call.h"

#include "http/inner.h"

#include <stdlib.h>

struct http_call *json_call(struct cx *cx, struct str body)
{
    struct http_inner *r = arena_alloc(cx->mem, 1, sizeof *r);
    struct field *type = arena_alloc(cx->mem, 1, sizeof *type);
    if (r == NULL || type == NULL) {
        abort();
    }
    *type = (struct field){ STR("Content-Type"), STR("application/json") };
    r->head.v = type;
    r->head.n = 1;
    r->call = (struct http_call){ .cx = cx,
                                  .inner = r,
                                  .method = HTTP_POST,
                                  .body = body,
                                  .body_type = STR("application/json") };
    return &r->call;
}
