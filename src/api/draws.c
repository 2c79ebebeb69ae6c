/* Draws: the list, and one with all that its asker may see of it. */
#include "api/handlers.h"

static const char *const state_words[] = {
#define X(symbol, name) [CEREMONY_##symbol] = (name),
    CEREMONY_STATE_TABLE(X)
#undef X
        NULL
};

enum err draw_id(struct http_call *c, int64_t *id)
{
    return ceremony_find(c->cx, desk_of(c), c->seg[0], id);
}

/* ---- the list -------------------------------------------------------------------------------- */

struct draws_input {
    uint64_t given;
    struct str region;
    uint64_t states;
    int64_t cursor, limit;
};
static const struct input_member draws_members[] = {
    { "region", INPUT_TEXT, OPTIONAL, offsetof(struct draws_input, region), 2, 12, NULL, NULL },
    { "state", INPUT_WORDS, OPTIONAL, offsetof(struct draws_input, states), 0, 0, state_words,
      NULL },
    { "cursor", INPUT_ID, OPTIONAL, offsetof(struct draws_input, cursor), 0, 0, NULL, NULL },
    { "limit", INPUT_INT, OPTIONAL, offsetof(struct draws_input, limit), 1, 200, NULL, NULL },
};
static const struct input_table draws_table = INPUT_TABLE(draws_members);

enum err get_draws(struct http_call *c)
{
    struct draws_input in = { .limit = PAGE_LIMIT };
    struct ceremony_row *all = NULL;
    size_t n = 0;
    struct document d;
    char last[ID_CHARS];
    TRY(input_query(c, &draws_table, &in));
    const struct ceremony_query q = {
        .region = in.region, .states = (uint32_t)in.states, .before = in.cursor, .limit = in.limit
    };
    TRY(ceremony_list(c->cx, desk_of(c), actor_of(c), &q, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        ceremony_row_json(&d.j, &all[k]);
    }
    bool more = n == (size_t)in.limit;
    if (more) {
        id_put(all[n - 1].id, last);
    }
    return list_answer(c, &d, (struct str){ last, more ? sizeof last : 0 });
}

/* ---- one ------------------------------------------------------------------------------------- */

enum err get_draw(struct http_call *c)
{
    struct ceremony_view v;
    int64_t id;
    struct document d;
    TRY(input_none(c));
    TRY(draw_id(c, &id));
    TRY(ceremony_show(c->cx, desk_of(c), actor_of(c), id, &v));
    document_open(c, &d);
    ceremony_view_json(&d.j, &v);
    return document_answer(c, 200, &d);
}
