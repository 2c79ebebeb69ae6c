/* What freezing a plan now would give. */
#include "api/handlers.h"

enum err preview_draw(struct http_call *c)
{
    struct ceremony_plan plan;
    struct ceremony_preview p;
    struct document d;
    TRY(plan_of(c, &plan));
    TRY(ceremony_preview(c->cx, desk_of(c), actor_of(c), &plan, &p));
    document_open(c, &d);
    ceremony_preview_json(&d.j, &p);
    return document_answer(c, 200, &d);
}
