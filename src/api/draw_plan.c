/* Planning a draw. */
#include "api/handlers.h"

/* The body is the plan itself, which the office reads: docs/guide/draw.md. */
enum err plan_of(struct http_call *c, struct ceremony_plan *out)
{
    static const struct input_table none = { NULL, 0 };
    uint64_t given = 0;
    TRY(input_query(c, &none, &given));
    TRY(input_json_type(c));
    return ceremony_plan_parse(c->cx, c->body, out);
}

enum err plan_draw(struct http_call *c)
{
    struct ceremony_plan plan;
    struct ceremony_view v;
    struct str key;
    int64_t id;
    struct document d;
    TRY(input_op_key(c, &key));
    TRY(plan_of(c, &plan));
    TRY(ceremony_plan(c->cx, desk_of(c), actor_of(c), &plan, key, &id));
    TRY(ceremony_show(c->cx, desk_of(c), actor_of(c), id, &v));
    document_open(c, &d);
    json_key_id(&d.j, "id", id);
    json_key_str(&d.j, "no", v.no);
    return document_made(c, &d, text_of(c->cx, "/api/v1/draws/" STR_FMT, STR_ARG(v.no)));
}
