/* Search of the register, page by page. */
#include "api/entity.h"

struct search_input {
    uint64_t given;
    struct filter_input filter;
    struct str cursor;
    int64_t limit;
    int sort;
    bool count;
};
static const char *const sorts[] = { [SEARCH_BY_CODE] = "code", [SEARCH_BY_NAME] = "name", NULL };
static const struct input_member search_members[] = {
    FILTER_MEMBERS(struct search_input),
    PAGE_MEMBERS(struct search_input),
    { "sort", INPUT_WORD, OPTIONAL, offsetof(struct search_input, sort), 0, 0, sorts, NULL },
    { "count", INPUT_BOOL, OPTIONAL, offsetof(struct search_input, count), 0, 0, NULL, NULL },
};
static const struct input_table search_table = INPUT_TABLE(search_members);

static void put_hit(struct http_call *c, struct json *j, const struct search_hit *h)
{
    json_object(j);
    entity_json(j, desk_of(c)->defs, &h->entity);
    json_key_text(j, "matched", h->matched);
    json_end_object(j);
}

enum err get_entities(struct http_call *c)
{
    struct search_input in = { .limit = PAGE_LIMIT };
    struct search_query q = { 0 };
    struct search_page page;
    struct document d;
    TRY(input_query(c, &search_table, &in));
    TRY(filter_of(c, &in.filter, &q.filter));
    q.sort = (enum search_sort)in.sort;
    q.cursor = in.cursor;
    q.limit = (int)in.limit;
    q.count = in.count;
    TRY(register_search(c->cx, desk_of(c), actor_of(c), &q, &page));
    list_open(c, &d);
    for (size_t k = 0; k < page.n; k++) {
        put_hit(c, &d.j, &page.hits[k]);
    }
    json_end_array(&d.j);
    if (in.count) {
        json_key_int(&d.j, "count", page.count);
        json_key_bool(&d.j, "count_capped", page.count_capped);
    }
    json_key_text(&d.j, "next", page.next);
    return document_answer(c, 200, &d);
}
