/* Replacements after a draw: the next reserve, another inspector. */
#include "api/handlers.h"

struct replace_input {
    uint64_t given;
    struct ceremony_replacement r;
};
#define REPLACE(name, need, lo, hi)                                                                \
    {                                                                                              \
#name, INPUT_TEXT, need, offsetof(struct replace_input, r.name), lo, hi, NULL, NULL        \
    }

static enum err answer_next(struct http_call *c, const char *key, struct str next)
{
    struct document d;
    document_open(c, &d);
    json_key_str(&d.j, key, next);
    return document_answer(c, 200, &d);
}

enum err step_replace_target(struct http_call *c)
{
    static const struct input_member members[] = {
        REPLACE(lot, REQUIRED, 1, 32),
        REPLACE(code, REQUIRED, 1, 18),
        REPLACE(reason, REQUIRED, 1, 200),
        REPLACE(evidence, OPTIONAL, 64, 64),
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct replace_input in = { 0 };
    struct str key;
    struct str next;
    int64_t id;
    TRY(input_op_key(c, &key));
    TRY(input_body(c, &table, &in));
    TRY(draw_id(c, &id));
    TRY(ceremony_replace_target(c->cx, desk_of(c), actor_of(c), id, &in.r, key, &next));
    return answer_next(c, "code", next);
}

enum err step_replace_inspector(struct http_call *c)
{
    static const struct input_member members[] = {
        REPLACE(code, REQUIRED, 1, 18),      REPLACE(dept, REQUIRED, 1, 32),
        REPLACE(inspector, REQUIRED, 1, 32), REPLACE(reason, REQUIRED, 1, 200),
        REPLACE(evidence, OPTIONAL, 64, 64),
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct replace_input in = { 0 };
    struct str key;
    struct str next;
    int64_t id;
    TRY(input_op_key(c, &key));
    TRY(input_body(c, &table, &in));
    TRY(draw_id(c, &id));
    TRY(ceremony_replace_inspector(c->cx, desk_of(c), actor_of(c), id, &in.r, key, &next));
    return answer_next(c, "inspector", next);
}
