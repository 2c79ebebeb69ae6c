#include "api/answer.h"

#define JSON_TYPE "application/json; charset=utf-8"

enum err api_answer(struct http_call *c, int status, const struct buf *document)
{
    struct str text;
    TRY(buf_done(c->cx, document, &text));
    return http_answer(c, status, JSON_TYPE, text);
}

enum err api_fault(struct http_call *c)
{
    const struct fault *f = &c->cx->fault;
    struct buf b = buf_of(c->cx->mem, 8192);
    struct json j = json_to(&b);
    json_object(&j);
    json_key(&j, "error");
    json_object(&j);
    json_key_str(&j, "code", str_of(err_name(f->code)));
    json_key_str(&j, "message", str_of(err_text(f->code, c->cx->lang)));
    json_key_str(&j, "detail", str_of(f->detail));
    json_end_object(&j);
    json_end_object(&j);
    return http_answer(c, err_http(f->code), JSON_TYPE, buf_str(&b));
}
