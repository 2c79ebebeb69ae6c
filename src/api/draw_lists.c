/* What a draw has many of: events, results, places of inspectors, exclusions. */
#include "api/handlers.h"

static const struct input_member page_members[] = { PAGE_MEMBERS(struct page_input) };
static const struct input_table page_table = INPUT_TABLE(page_members);

static enum err page_of(struct http_call *c, struct page_input *in, int64_t *id)
{
    *in = (struct page_input){ .limit = PAGE_LIMIT };
    TRY(input_query(c, &page_table, in));
    return draw_id(c, id);
}

/* ---- events ---------------------------------------------------------------------------------- */

enum err get_draw_events(struct http_call *c)
{
    struct ceremony_event *all = NULL;
    size_t n = 0;
    int64_t id;
    struct document d;
    TRY(input_none(c));
    TRY(draw_id(c, &id));
    TRY(ceremony_events(c->cx, desk_of(c), actor_of(c), id, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        ceremony_event_json(&d.j, &all[k]);
    }
    return list_answer_whole(c, &d);
}

/* ---- results --------------------------------------------------------------------------------- */

struct results_input {
    uint64_t given;
    struct str lot, cursor;
    int64_t limit;
};
static const struct input_member results_members[] = {
    { "lot", INPUT_TEXT, OPTIONAL, offsetof(struct results_input, lot), 1, 32, NULL, NULL },
    PAGE_MEMBERS(struct results_input),
};
static const struct input_table results_table = INPUT_TABLE(results_members);

/* A cursor is "LOT.RANK". */
static enum err results_after(struct http_call *c, struct str cursor, struct str *lot,
                              int64_t *rank)
{
    *rank = 0;
    *lot = str_cut(&cursor, '.');
    if (lot->n > 0 && str_int(c->cx, cursor, 0, INT32_MAX, rank) != ERR_OK) {
        fault_clear(c->cx);
        return fail(c->cx, ERR_FIELD, "cursor: not one of this list's");
    }
    return ERR_OK;
}

static void put_result(struct json *j, const struct ceremony_result *r)
{
    json_object(j);
    json_key_str(j, "lot", r->lot);
    json_key_int(j, "rank", r->rank);
    json_key_str(j, "status", (struct str){ &r->status, 1 });
    json_key_str(j, "code", r->code);
    json_key_str(j, "name", r->name);
    json_key_str(j, "region", r->region);
    json_key_int(j, "p31", r->p31);
    json_key_text(j, "u", r->u);
    json_key_text(j, "k", r->k);
    json_key_text(j, "state", r->state);
    json_end_object(j);
}

enum err get_draw_results(struct http_call *c)
{
    struct results_input in = { .limit = PAGE_LIMIT };
    struct ceremony_result *all = NULL;
    size_t n = 0;
    struct str lot;
    int64_t rank;
    int64_t id;
    struct document d;
    TRY(input_query(c, &results_table, &in));
    TRY(results_after(c, in.cursor, &lot, &rank));
    TRY(draw_id(c, &id));
    TRY(ceremony_results(c->cx, desk_of(c), actor_of(c), id,
                         &(const struct ceremony_result_query){ in.lot, lot, rank, in.limit }, &all,
                         &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        put_result(&d.j, &all[k]);
    }
    if (n < (size_t)in.limit) {
        return list_answer(c, &d, STR(""));
    }
    return list_answer(
        c, &d,
        text_of(c->cx, STR_FMT ".%lld", STR_ARG(all[n - 1].lot), (long long)all[n - 1].rank));
}

/* ---- places ---------------------------------------------------------------------------------- */

static void put_place(struct json *j, const struct ceremony_place *p)
{
    bool filled = !str_eq(p->inspector, STR("~"));
    json_object(j);
    json_key_str(j, "code", p->code);
    json_key_str(j, "dept", p->dept);
    json_key_text(j, "qual", str_eq(p->qual, STR("-")) ? STR("") : p->qual);
    json_key_text(j, "inspector", filled ? p->inspector : STR(""));
    json_key_text(j, "shown", p->shown);
    json_key_text(j, "state", p->state);
    json_end_object(j);
}

enum err get_draw_places(struct http_call *c)
{
    struct page_input in;
    struct ceremony_place *all = NULL;
    size_t n = 0;
    int64_t id;
    struct document d;
    TRY(page_of(c, &in, &id));
    TRY(ceremony_places(c->cx, desk_of(c), actor_of(c), id, in.cursor, in.limit, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        put_place(&d.j, &all[k]);
    }
    return list_answer(c, &d, n > 0 && n >= (size_t)in.limit ? all[n - 1].code : STR(""));
}

/* ---- exclusions ------------------------------------------------------------------------------ */

static const char *const exclusion_words[] = {
#define X(symbol, name) [CEREMONY_EXCLUDED_##symbol] = (name),
    CEREMONY_EXCLUSION_TABLE(X)
#undef X
        NULL
};
struct exclusions_input {
    uint64_t given;
    int reason;
    struct str cursor;
    int64_t limit;
};
static const struct input_member exclusions_members[] = {
    { "reason", INPUT_WORD, OPTIONAL, offsetof(struct exclusions_input, reason), 0, 0,
      exclusion_words, NULL },
    PAGE_MEMBERS(struct exclusions_input),
};
static const struct input_table exclusions_table = INPUT_TABLE(exclusions_members);

enum err get_draw_exclusions(struct http_call *c)
{
    struct exclusions_input in = { .reason = CEREMONY_EXCLUSION__COUNT, .limit = PAGE_LIMIT };
    struct ceremony_excluded *all = NULL;
    size_t n = 0;
    int64_t id;
    struct document d;
    TRY(input_query(c, &exclusions_table, &in));
    TRY(draw_id(c, &id));
    TRY(ceremony_exclusions(c->cx, desk_of(c), actor_of(c), id,
                            &(const struct ceremony_exclusion_query){
                                (enum ceremony_exclusion)in.reason, in.cursor, in.limit },
                            &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        json_key_str(&d.j, "code", all[k].code);
        json_key_str(&d.j, "name", all[k].name);
        json_key_str(&d.j, "reason", str_of(ceremony_exclusion_name(all[k].reason)));
        json_key_text(&d.j, "detail", all[k].detail);
        json_end_object(&d.j);
    }
    return list_answer(c, &d, n == (size_t)in.limit ? all[n - 1].code : STR(""));
}
