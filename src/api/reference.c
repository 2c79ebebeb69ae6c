/* What the definitions say: regions, industries, classes, states; and the table of failures. */
#include "api/handlers.h"

/* ---- regions -----------------------------------------------------------------------------------
 */

static void put_region(struct json *j, const struct region *r)
{
    json_key_str(j, "code", r->code);
    json_key_str(j, "name", r->name);
    json_key_int(j, "level", r->level);
    json_key_text(j, "parent", r->parent);
    json_key_date(j, "valid_from_on", r->valid_from_on);
    json_key_date(j, "valid_to_on", r->valid_to_on);
    json_key_text(j, "successor", r->successor);
}

struct under_input {
    uint64_t given;
    struct str under;
    int64_t level;
};

enum err get_regions(struct http_call *c)
{
    static const struct input_member members[] = {
        { "under", INPUT_TEXT, OPTIONAL, offsetof(struct under_input, under), 6, 6, NULL, NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct under_input in = { .under = STR("000000") };
    const struct region *all = NULL;
    struct document d;
    TRY(input_query(c, &table, &in));
    if (defs_region(desk_of(c)->defs, in.under) == NULL) {
        return fail(c->cx, ERR_NOT_FOUND, "region " STR_FMT, STR_ARG(in.under));
    }
    size_t n = defs_region_children(desk_of(c)->defs, in.under, &all);
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        put_region(&d.j, &all[k]);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

enum err get_region(struct http_call *c)
{
    const struct region *r = defs_region(desk_of(c)->defs, c->seg[0]);
    struct buf path = buf_of(c->cx->mem, 1024);
    struct document d;
    TRY(input_none(c));
    if (r == NULL) {
        return fail(c->cx, ERR_NOT_FOUND, "region " STR_FMT, STR_ARG(c->seg[0]));
    }
    defs_region_path(desk_of(c)->defs, r->code, " / ", &path);
    document_open(c, &d);
    put_region(&d.j, r);
    json_key_str(&d.j, "path", buf_str(&path));
    return document_answer(c, 200, &d);
}

/* ---- industries ------------------------------------------------------------------------------ */

enum err get_industries(struct http_call *c)
{
    static const struct input_member members[] = {
        { "under", INPUT_TEXT, OPTIONAL, offsetof(struct under_input, under), 1, 5, NULL, NULL },
        { "level", INPUT_INT, OPTIONAL, offsetof(struct under_input, level), 1, 4, NULL, NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct under_input in = { 0 };
    const struct industry *all = NULL;
    struct document d;
    TRY(input_query(c, &table, &in));
    size_t n = defs_industries(desk_of(c)->defs, &all);
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        if (!str_starts(all[k].code, in.under) || (in.level != 0 && all[k].level != in.level)) {
            continue;
        }
        json_object(&d.j);
        json_key_str(&d.j, "code", all[k].code);
        json_key_str(&d.j, "name", all[k].name);
        json_key_int(&d.j, "level", all[k].level);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

/* ---- classes and states ---------------------------------------------------------------------- */

enum err get_classes(struct http_call *c)
{
    const struct entity_class *all = NULL;
    struct document d;
    TRY(input_none(c));
    size_t n = defs_classes(desk_of(c)->defs, &all);
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        json_key_str(&d.j, "key", all[k].key);
        json_key_int(&d.j, "number", all[k].no);
        json_key_str(&d.j, "label", all[k].label.text[c->cx->lang]);
        json_key_parts(&d.j, "prefixes", all[k].prefixes, ',');
        json_key_bool(&d.j, "branch", all[k].branch);
        json_key_bool(&d.j, "natural", all[k].natural);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

enum err get_statuses(struct http_call *c)
{
    static const enum entity_status all[] = {
#define X(symbol, number, name) ENTITY_##symbol,
        ENTITY_STATUS_TABLE(X)
#undef X
    };
    struct document d;
    TRY(input_none(c));
    list_open(c, &d);
    for (size_t k = 0; k < COUNT_OF(all); k++) {
        json_object(&d.j);
        json_key_str(&d.j, "key", str_of(entity_status_name(all[k])));
        json_key_str(&d.j, "label", defs_status_label(desk_of(c)->defs, (int)all[k], c->cx->lang));
        json_key_bool(&d.j, "live", (ENTITY_LIVE_MASK >> (int)all[k] & 1u) != 0);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

/* ---- failures -------------------------------------------------------------------------------- */

static bool may_be_answered(enum err code)
{
    return err_http(code) >= 400;
}

enum err get_problems(struct http_call *c)
{
    struct document d;
    TRY(input_none(c));
    list_open(c, &d);
    for (int k = 0; k < ERR__COUNT; k++) {
        if (may_be_answered((enum err)k)) {
            json_object(&d.j);
            problem_put(&d.j, (enum err)k, c->cx->lang);
            json_end_object(&d.j);
        }
    }
    return list_answer_whole(c, &d);
}

enum err get_problem(struct http_call *c)
{
    struct document d;
    TRY(input_none(c));
    for (int k = 0; k < ERR__COUNT; k++) {
        if (may_be_answered((enum err)k) && str_eq(str_of(err_name((enum err)k)), c->seg[0])) {
            document_open(c, &d);
            problem_put(&d.j, (enum err)k, c->cx->lang);
            return document_answer(c, 200, &d);
        }
    }
    return fail(c->cx, ERR_NOT_FOUND, "problem " STR_FMT, STR_ARG(c->seg[0]));
}
