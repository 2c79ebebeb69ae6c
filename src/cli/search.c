/* sishi search: pages of the register. */
#include "cli/commands.h"
#include "cli/entity_say.h"
#include "cli/filter.h"

static const struct cli_option search_options[] = {
    FILTER_OPTIONS,
    { "grade", CLI_TEXT, "LETTERS", "credit-risk grades, as in BC; - means none. Needs --as" },
    { "sort", CLI_TEXT, "code|name", "otherwise code" },
    { "limit", CLI_NUMBER, "N", "entities of a page, 1..500; otherwise 50" },
    { "after", CLI_TEXT, "CURSOR", "the page behind; a page says its cursor at the end" },
    { "count", CLI_FLAG, NULL, "count the matches, up to 10000" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err read_sort(struct cli *c, enum search_sort *out)
{
    struct str sort = str_of(cli_text(c, "sort"));
    *out = str_eq(sort, STR("name")) ? SEARCH_BY_NAME : SEARCH_BY_CODE;
    if (sort.n > 0 && *out == SEARCH_BY_CODE && !str_eq(sort, STR("code"))) {
        return fail(c->cx, ERR_USAGE, "--sort " STR_FMT ": code or name", STR_ARG(sort));
    }
    return ERR_OK;
}

static enum err read_grades(struct cli *c, unsigned *out)
{
    struct str letters = str_of(cli_text(c, "grade"));
    *out = 0;
    for (size_t i = 0; i < letters.n; i++) {
        char letter = letters.p[i];
        if ((letter < 'A' || letter > 'D') && letter != '-') {
            return fail(c->cx, ERR_USAGE, "--grade " STR_FMT ": of A B C D -", STR_ARG(letters));
        }
        *out |= letter == '-' ? 1u << 4 : 1u << (letter - 'A');
    }
    return ERR_OK;
}

static enum err read_query(struct cli *c, const struct desk *d, struct search_query *q)
{
    int64_t limit;
    struct buf name = buf_of(c->cx->mem, 4096);
    for (int i = 0; i < c->n_words; i++) {
        buf_put_z(&name, c->words[i]);
    }
    *q = (struct search_query){ .cursor = str_of(cli_text(c, "after")),
                                .count = cli_flag(c, "count") };
    TRY(cli_filter(c, d, &q->filter));
    TRY(buf_done(c->cx, &name, &q->filter.name));
    TRY(read_grades(c, &q->filter.grades));
    TRY(read_sort(c, &q->sort));
    TRY(cli_number(c, "limit", 1, SEARCH_LIMIT_MAX, 50, &limit));
    q->limit = (int)limit;
    return ERR_OK;
}

static void page_text(const struct cli *c, const struct desk *d, const struct search_page *page)
{
    for (size_t i = 0; i < page->n; i++) {
        entity_line(c->out, d->defs, c->cx->lang, &page->hits[i].entity, page->hits[i].matched);
    }
    if (page->count >= 0 && !c->quiet) {
        (void)fprintf(c->note, "%lld%s found\n", (long long)page->count,
                      page->count_capped ? " or more" : "");
    }
    if (page->next.n > 0 && !c->quiet) {
        (void)fprintf(c->note, "--after " STR_FMT "\n", STR_ARG(page->next));
    }
}

static void hit_json(struct json *j, const struct desk *d, const struct search_hit *h)
{
    static const char *const kinds[] = {
        [NAME_CURRENT] = "current", [NAME_FORMER] = "former", [NAME_ALIAS] = "alias"
    };
    json_object(j);
    json_key(j, "entity");
    json_object(j);
    entity_json(j, d->defs, &h->entity);
    json_end_object(j);
    json_key_text(j, "matched", h->matched);
    json_key(j, "matched_kind");
    json_z(j, kinds[h->matched_kind]);
    json_end_object(j);
}

static enum err page_json(struct cli *c, const struct desk *d, const struct search_page *page)
{
    struct buf b = buf_of(c->cx->mem, 16u << 20);
    struct json j = json_to(&b);
    json_object(&j);
    json_key(&j, "items");
    json_array(&j);
    for (size_t i = 0; i < page->n; i++) {
        hit_json(&j, d, &page->hits[i]);
    }
    json_end_array(&j);
    json_key(&j, "next");
    if (page->next.n == 0) {
        json_null(&j);
    } else {
        json_str(&j, page->next);
    }
    if (page->count >= 0) {
        json_key_int(&j, "count", page->count);
        json_key_bool(&j, "count_capped", page->count_capped);
    }
    json_end_object(&j);
    return cli_print_json(c, &b);
}

static enum err run_search(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct search_query q;
    struct search_page page;
    TRY(cli_desk(c, &d));
    TRY(cli_reader(c, &by));
    TRY(read_query(c, d, &q));
    TRY(register_search(c->cx, d, &by, &q, &page));
    if (c->json) {
        return page_json(c, d, &page);
    }
    page_text(c, d, &page);
    return ERR_OK;
}

const struct cli_command cmd_search = {
    .name = "search",
    .brief = "searches the register by name, code and filters",
    .words = "[WORD ...]",
    .words_min = 0,
    .words_max = -1,
    .options = search_options,
    .about = "Prints the entities whose name contains the words (put together, for names have no "
             "blanks), and that the filters leave. Names are compared without regard to width, "
             "case, blanks and brackets; former names and aliases are found too, and then stand in "
             "brackets behind the name. Two characters or more are found anywhere in a name, one "
             "alone at its beginning.\n\n"
             "A page ends with the cursor of the next one, which --after takes.",
    .examples = "sishi search Huaxin --status active\n"
                "sishi search --region 430104 --industry F52 --sort name --count\n"
                "sishi search --code 9143 --limit 500 --json",
    .run = run_search,
};

static void show_progress(void *arg, int64_t done, int64_t total)
{
    cli_progress(arg, "name index", done, total);
}

static enum err run_rebuild(struct cli *c)
{
    const struct desk *d = NULL;
    TRY(cli_desk(c, &d));
    return search_rebuild(c->cx, d, show_progress, c);
}

const struct cli_command cmd_search_rebuild = {
    .name = "search rebuild",
    .brief = "makes the name index anew",
    .words = "",
    .about = "Makes the name index anew from the names in the register, in one transaction. It is "
             "needed after a copy between databases, and harmless at any other time.",
    .examples = "sishi search rebuild",
    .run = run_rebuild,
};
