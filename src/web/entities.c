/* Search of the register. */
#include "web/handlers.h"
#include "web/labels.h"

enum { ROWS = 50 };

/* What was asked, as it stands in the address. */
struct asked {
    struct str q, region, industry, status, grade, sort, after;
    struct str region_code;
};

/* Codes are of digits and Latin letters, names of firms are not. */
static bool looks_like_code(struct str q)
{
    size_t digits = 0;
    for (size_t i = 0; i < q.n; i++) {
        char ch = q.p[i];
        bool letter = (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z');
        bool digit = ch >= '0' && ch <= '9';
        digits += digit;
        if (!letter && !digit && ch != '-' && ch != ' ') {
            return false;
        }
    }
    return digits >= 2;
}

static enum err read_asked(struct http_call *c, struct asked *a)
{
    *a = (struct asked){
        .q = field_of(c, "q"),
        .region = field_of(c, "region"),
        .industry = field_of(c, "industry"),
        .status = field_of(c, "status"),
        .grade = field_of(c, "grade"),
        .sort = field_of(c, "sort"),
        .after = field_of(c, "after"),
    };
    return region_of_text(c, a->region, &a->region_code);
}

/* "A".."D" or "-" for none, as a filter has them; 0 = any. */
static unsigned grade_mask(struct str grade)
{
    static const char letters[] = "ABCD-";
    const char *at = grade.n == 1 ? memchr(letters, grade.p[0], sizeof letters - 1) : NULL;
    return at == NULL ? 0 : 1u << (at - letters);
}

static struct entity_filter filter_of(struct http_call *c, const struct asked *a)
{
    struct entity_filter f = { .region = a->region_code, .industry = a->industry };
    struct code_check check = code_check(a->q);
    if (looks_like_code(a->q)) {
        struct str folded = { check.code, check.n };
        f.code = check.n != 0 ? str_dup(c->cx->mem, folded) : a->q;
    } else {
        f.name = a->q;
    }
    enum entity_status status = entity_status_by_name(a->status);
    f.statuses = (int)status == 0 ? 0 : UINT64_C(1) << status;
    f.grades = grade_mask(a->grade);
    return f;
}

static struct str link_with(struct http_call *c, const struct asked *a, struct str path,
                            const char *skip, struct str after, struct str sort)
{
    struct pair pairs[] = {
        { "q", a->q },           { "region", a->region }, { "industry", a->industry },
        { "status", a->status }, { "grade", a->grade },   { "sort", sort },
        { "after", after },
    };
    return address(c->cx, path, pairs, COUNT_OF(pairs), skip);
}

static enum err make_chips(struct http_call *c, const struct asked *a, struct entity_results *r)
{
    struct chip *chips = arena_alloc(c->cx->mem, 5, sizeof *chips);
    if (chips == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "chips");
    }
    const struct {
        const char *name;
        struct str value, text;
    } parts[] = {
        { "q", a->q, a->q },
        { "region", a->region, label_region(c, a->region_code) },
        { "industry", a->industry, label_industry(c, a->industry) },
        { "status", a->status, label_status(c, entity_status_by_name(a->status)) },
        { "grade", a->grade, text_msg(c->cx, M_filter_grade, "grade", a->grade, NULL) },
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i].value.n != 0) {
            struct str href = link_with(c, a, STR("/entities"), parts[i].name, STR(""), a->sort);
            chips[r->n_chips++] = (struct chip){ parts[i].text, href };
        }
    }
    r->chips = chips;
    return ERR_OK;
}

static struct entity_row row_of(struct http_call *c, const struct search_hit *h)
{
    const struct market_entity *e = &h->entity;
    return (struct entity_row){
        .href = text_fmt(c->cx, "/e/" STR_FMT, STR_ARG(e->code)),
        .code = e->code,
        .name = e->name,
        .matched = h->matched,
        .former = h->matched_kind == NAME_FORMER,
        .cls = label_class(c, e->cls),
        .region = label_region(c, e->region),
        .industry = label_industry(c, e->industry),
        .status = label_status(c, e->status),
        .mark = mark_of_status(e->status),
        .established_on = e->established_on,
        .grade = label_grade(c, e->grade),
        .grade_class = mark_of_grade(e->grade),
    };
}

/* A wrong code finds nothing; where it is wrong helps more than an empty page. */
static struct str code_hint(struct http_call *c, struct str q)
{
    struct code_check check = code_check(q);
    struct buf b = buf_of(c->cx->mem, 1024);
    if (looks_like_code(q) && check.kind != CODE_NONE && check.err != ERR_OK) {
        code_explain(&check, c->cx->lang, &b);
    }
    return buf_str(&b);
}

static enum err results(struct http_call *c, const struct asked *a, struct entity_results *r)
{
    struct search_page page;
    struct search_query q = { .filter = filter_of(c, a),
                              .sort =
                                  str_eq(a->sort, STR("name")) ? SEARCH_BY_NAME : SEARCH_BY_CODE,
                              .cursor = a->after,
                              .limit = ROWS,
                              .count = true };
    TRY(register_search(c->cx, desk_of(c), actor_of(c), &q, &page));
    struct entity_row *rows = arena_alloc(c->cx->mem, page.n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "rows");
    }
    for (size_t i = 0; i < page.n; i++) {
        rows[i] = row_of(c, &page.hits[i]);
    }
    struct str path = STR("/entities");
    *r = (struct entity_results){
        .rows = rows,
        .n_rows = page.n,
        .count = page.count,
        .capped = page.count_capped,
        .staff = may(c, POWER_REGISTER_READ),
        .by_name = q.sort == SEARCH_BY_NAME,
        .csv = link_with(c, a, STR("/entities.csv"), NULL, STR(""), STR("")),
        .first = a->after.n != 0 ? link_with(c, a, path, NULL, STR(""), a->sort) : STR(""),
        .next = page.next.n != 0 ? link_with(c, a, path, NULL, page.next, a->sort) : STR(""),
        .sort_code = link_with(c, a, path, NULL, STR(""), STR("")),
        .sort_name = link_with(c, a, path, NULL, STR(""), STR("name")),
        .hint = code_hint(c, a->q),
    };
    return make_chips(c, a, r);
}

static enum err industry_options(struct http_call *c, struct str chosen, struct option **out,
                                 size_t *n)
{
    const struct industry *all = NULL;
    size_t count = defs_industries(desk_of(c)->defs, &all);
    struct option *rows = arena_alloc(c->cx->mem, count + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "industries");
    }
    *n = 0;
    for (size_t i = 0; i < count; i++) {
        bool here = str_eq(all[i].code, chosen);
        if (all[i].level == 1 || here) {
            struct str text =
                text_fmt(c->cx, STR_FMT " " STR_FMT, STR_ARG(all[i].code), STR_ARG(all[i].name));
            rows[(*n)++] = (struct option){ all[i].code, text, here };
        }
    }
    *out = rows;
    return ERR_OK;
}

static enum err status_options(struct http_call *c, struct str chosen, struct option **out,
                               size_t *n)
{
    static const enum entity_status all[] = {
        ENTITY_ACTIVE,       ENTITY_DORMANT,  ENTITY_REVOKED,
        ENTITY_DEREGISTERED, ENTITY_ANNULLED, ENTITY_MOVED_OUT
    };
    struct option *rows = arena_alloc(c->cx->mem, COUNT_OF(all), sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "states");
    }
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct str name = str_of(entity_status_name(all[i]));
        rows[i] = (struct option){ name, label_status(c, all[i]), str_eq(name, chosen) };
    }
    *out = rows;
    *n = COUNT_OF(all);
    return ERR_OK;
}

static enum err grade_options(struct http_call *c, struct str chosen, struct option **out,
                              size_t *n)
{
    static const char *const all[] = { "A", "B", "C", "D", "-" };
    struct option *rows = arena_alloc(c->cx->mem, COUNT_OF(all), sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "grades");
    }
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct str text =
            all[i][0] == '-' ? msg_text(M_plan_grade_none, c->cx->lang) : str_of(all[i]);
        rows[i] = (struct option){ str_of(all[i]), text, str_eq(str_of(all[i]), chosen) };
    }
    *out = rows;
    *n = COUNT_OF(all);
    return ERR_OK;
}

/* The divisions below the chosen one, else below the country, as suggestions. */
static struct str suggested_parent(const struct asked *a)
{
    return a->region_code.n >= 6 ? (struct str){ a->region_code.p, 6 } : STR("000000");
}

enum err page_entities(struct http_call *c)
{
    struct asked a;
    struct entity_results r;
    struct page_frame f;
    struct option *regions = NULL;
    struct option *industries = NULL;
    struct option *statuses = NULL;
    struct option *grades = NULL;
    size_t n_regions = 0;
    size_t n_industries = 0;
    size_t n_statuses = 0;
    size_t n_grades = 0;
    struct buf b = page_buf(c);
    TRY(read_asked(c, &a));
    TRY(results(c, &a, &r));
    if (c->htmx) {
        TRY(http_add_header(c, "HX-Push-Url",
                            link_with(c, &a, STR("/entities"), NULL, STR(""), a.sort)));
        t_entity_results(&b, c->cx->lang, &r);
        return page_send(c, &b);
    }
    TRY(region_options(c, suggested_parent(&a), a.region_code, &regions, &n_regions));
    TRY(industry_options(c, a.industry, &industries, &n_industries));
    TRY(status_options(c, a.status, &statuses, &n_statuses));
    TRY(grade_options(c, a.grade, &grades, &n_grades));
    TRY(frame_make(c, msg_text(M_entities_title, c->cx->lang), &f));
    t_page_entities(&b, c->cx->lang, &f, a.q, a.region, regions, n_regions, industries,
                    n_industries, statuses, n_statuses, grades, n_grades, a.sort, &r);
    return page_send(c, &b);
}

static enum err write_csv(struct cx *cx, struct download *to, void *arg)
{
    const struct entity_filter *f = arg;
    int64_t rows = 0;
    enum export_view view = may(to->call, POWER_REGISTER_READ) ? EXPORT_STAFF : EXPORT_PUBLIC;
    return export_csv(cx, desk_of(to->call), actor_of(to->call), f, view, download_put, to, &rows);
}

enum err entities_csv(struct http_call *c)
{
    struct asked a;
    TRY(read_asked(c, &a));
    struct entity_filter f = filter_of(c, &a);
    return download(c, "text/csv; charset=utf-8", STR("entities.csv"), write_csv, &f);
}
