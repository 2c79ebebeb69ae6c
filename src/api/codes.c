/* Codes of market entities: pure checks, no register. */
#include "api/handlers.h"

enum { CODES_MAX = 1000, CODE_CHARS_MAX = 64 };

static void put_code(struct http_call *c, struct json *j, struct str given)
{
    struct buf why = buf_of(c->cx->mem, 2048);
    struct code_check k = code_check(given);
    code_explain(&k, c->cx->lang, &why);
    json_key_bool(j, "valid", k.err == ERR_OK);
    json_key_str(j, "kind", str_of(code_kind_name(k.kind)));
    json_key_str(j, "code", (struct str){ k.code, k.n });
    if (k.err != ERR_OK) {
        json_key_str(j, "problem", str_of(err_name(k.err)));
        json_key_str(j, "explanation", buf_str(&why));
        json_key_int(j, "position", (int64_t)k.position);
    }
    if (k.suggestion[0] != '\0') {
        json_key_str(j, "suggestion", (struct str){ k.suggestion, k.n });
    }
}

enum err get_code(struct http_call *c)
{
    struct document d;
    TRY(input_none(c));
    document_open(c, &d);
    put_code(c, &d.j, c->seg[0]);
    return document_answer(c, 200, &d);
}

struct codes_input {
    uint64_t given;
    struct input_texts codes;
};
static const struct input_member codes_members[] = {
    { "codes", INPUT_TEXTS, REQUIRED, offsetof(struct codes_input, codes), 1, CODES_MAX, NULL,
      NULL },
};
static const struct input_table codes_table = INPUT_TABLE(codes_members);

enum err check_codes(struct http_call *c)
{
    struct codes_input in = { 0 };
    struct document d;
    TRY(input_body(c, &codes_table, &in));
    list_open(c, &d);
    for (size_t k = 0; k < in.codes.n; k++) {
        json_object(&d.j);
        put_code(c, &d.j, in.codes.v[k]);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}
