/* Market entities: one with its past, its names and codes, and how many there are. */
#include "api/entity.h"

const char *const entity_status_words[] = { "",
#define X(symbol, number, name) [number] = (name),
                                            ENTITY_STATUS_TABLE(X)
#undef X
                                                NULL };
const char *const grade_words[] = { "A", "B", "C", "D", "none", NULL };

enum err class_of(struct http_call *c, const char *member, struct str key, int *out)
{
    const struct entity_class *k = defs_class_by_key(desk_of(c)->defs, key);
    if (k == NULL) {
        return fail(c->cx, ERR_FIELD, "%s: no class \"" STR_FMT "\"", member, STR_ARG(key));
    }
    *out = k->no;
    return ERR_OK;
}

enum err filter_of(struct http_call *c, const struct filter_input *in, struct entity_filter *out)
{
    struct entity_filter f = { .code = in->code,
                               .name = in->name,
                               .region = in->region,
                               .industry = in->industry,
                               .authority = in->authority,
                               .statuses = in->statuses,
                               .grades = (unsigned)in->grades };
    for (size_t k = 0; k < in->classes.n; k++) {
        int no = 0;
        TRY(class_of(c, "class", in->classes.v[k], &no));
        f.classes |= UINT64_C(1) << no;
    }
    *out = f;
    return ERR_OK;
}

enum err entity_of(struct http_call *c, struct market_entity *out)
{
    return register_by_code(c->cx, desk_of(c), actor_of(c), c->seg[0], out);
}

/* ---- one ------------------------------------------------------------------------------------- */

struct past_input {
    uint64_t given;
    int32_t as_of;
    int64_t as_known;
};
static const struct input_member past_members[] = {
    { "as_of", INPUT_DATE, OPTIONAL, offsetof(struct past_input, as_of), 0, 0, NULL, NULL },
    { "as_known", INPUT_INSTANT, OPTIONAL, offsetof(struct past_input, as_known), 0, 0, NULL,
      NULL },
};
static const struct input_table past_table = INPUT_TABLE(past_members);

enum err get_entity(struct http_call *c)
{
    struct past_input in = { 0 };
    struct market_entity e;
    struct document d;
    TRY(input_query(c, &past_table, &in));
    TRY(entity_of(c, &e));
    if (in.given != 0) {
        TRY(register_get(c->cx, desk_of(c), actor_of(c), e.id, in.as_of, in.as_known, &e));
    }
    document_open(c, &d);
    entity_json(&d.j, desk_of(c)->defs, &e);
    return document_answer(c, 200, &d);
}

enum err get_entity_history(struct http_call *c)
{
    struct market_entity e;
    struct market_entity *all = NULL;
    size_t n = 0;
    struct document d;
    TRY(input_none(c));
    TRY(entity_of(c, &e));
    TRY(register_history(c->cx, desk_of(c), actor_of(c), e.id, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        entity_json(&d.j, desk_of(c)->defs, &all[k]);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

enum err get_entity_names(struct http_call *c)
{
    static const char *const kinds[] = {
        [NAME_CURRENT] = "current", [NAME_FORMER] = "former", [NAME_ALIAS] = "alias"
    };
    struct market_entity e;
    struct entity_name *all = NULL;
    size_t n = 0;
    struct document d;
    TRY(input_none(c));
    TRY(entity_of(c, &e));
    TRY(register_names(c->cx, desk_of(c), e.id, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        json_key_str(&d.j, "name", all[k].name);
        json_key_str(&d.j, "kind", str_of(kinds[all[k].kind]));
        json_key_date(&d.j, "from_on", all[k].from_on);
        json_key_date(&d.j, "to_on", all[k].to_on);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

enum err get_entity_codes(struct http_call *c)
{
    struct market_entity e;
    struct entity_code *all = NULL;
    size_t n = 0;
    struct document d;
    TRY(input_none(c));
    TRY(entity_of(c, &e));
    TRY(register_codes(c->cx, desk_of(c), e.id, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        json_key_str(&d.j, "code", all[k].code);
        json_key_str(&d.j, "kind", str_of(code_kind_name(all[k].scheme)));
        json_key_bool(&d.j, "current", all[k].current);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

/* ---- counts -------------------------------------------------------------------------------------
 */

struct filter_query {
    uint64_t given;
    struct filter_input filter;
};

enum err get_entity_counts(struct http_call *c)
{
    static const struct input_member members[] = { FILTER_MEMBERS(struct filter_query) };
    static const struct input_table table = INPUT_TABLE(members);
    struct filter_query in = { 0 };
    struct entity_filter f;
    struct register_counts n;
    struct document d;
    TRY(input_query(c, &table, &in));
    TRY(filter_of(c, &in.filter, &f));
    TRY(register_count(c->cx, desk_of(c), actor_of(c), &f, &n));
    document_open(c, &d);
    json_key_int(&d.j, "all", n.all);
    json_key_int(&d.j, "live", n.live);
    json_key(&d.j, "live_by_grade");
    json_object(&d.j);
    for (size_t k = 0; k < COUNT_OF(n.by_grade); k++) {
        json_key_int(&d.j, grade_words[k], n.by_grade[k]);
    }
    json_end_object(&d.j);
    return document_answer(c, 200, &d);
}
