/* Somebody takes over from an inspector who may not or cannot come. */
#include "web/draw_view.h"
#include "web/handlers.h"

enum err do_replace(struct http_call *c)
{
    struct ceremony_view v;
    struct str next;
    struct ceremony_replacement r = {
        .code = field_of(c, "code"),
        .dept = field_of(c, "dept"),
        .inspector = field_of(c, "inspector"),
        .reason = field_of(c, "reason"),
    };
    TRY(draw_of(c, &v));
    TRY(ceremony_replace_inspector(c->cx, desk_of(c), actor_of(c), v.id, &r, op_key_of(c), &next));
    return see_other(c,
                     text_fmt(c->cx, "/draws/" STR_FMT "/inspectors?done=replaced", STR_ARG(v.no)));
}
