/* One entity: as it is, as it was, as it was known; and the draws it was or was not in. */
#include "web/handlers.h"
#include "web/labels.h"

enum { DRAWS_SHOWN = 8 };

static enum err fill_names(struct http_call *c, int64_t id, struct entity_view *v)
{
    static const enum msg kinds[] = {
        [NAME_CURRENT] = M_name_current, [NAME_FORMER] = M_name_former, [NAME_ALIAS] = M_name_alias
    };
    struct entity_name *names = NULL;
    size_t n = 0;
    TRY(register_names(c->cx, desk_of(c), id, &names, &n));
    struct name_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "names");
    }
    for (size_t i = 0; i < n; i++) {
        rows[i] = (struct name_row){ names[i].name, kinds[names[i].kind], names[i].from_on,
                                     names[i].to_on };
    }
    v->names = rows;
    v->n_names = n;
    return ERR_OK;
}

static enum err fill_codes(struct http_call *c, int64_t id, struct entity_view *v)
{
    struct entity_code *codes = NULL;
    size_t n = 0;
    TRY(register_codes(c->cx, desk_of(c), id, &codes, &n));
    struct code_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "codes");
    }
    for (size_t i = 0; i < n; i++) {
        enum msg kind = codes[i].scheme == CODE_USCC ? M_code_uscc : M_code_regno;
        rows[i] = (struct code_row){ codes[i].code, kind, codes[i].current };
    }
    v->codes = rows;
    v->n_codes = n;
    return ERR_OK;
}

static enum err fill_versions(struct http_call *c, int64_t id, struct entity_view *v)
{
    struct market_entity *all = NULL;
    size_t n = 0;
    if (!v->staff) {
        return ERR_OK;
    }
    TRY(register_history(c->cx, desk_of(c), actor_of(c), id, &all, &n));
    struct version_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "versions");
    }
    for (size_t i = 0; i < n; i++) {
        const struct market_entity *e = &all[i];
        rows[i] = (struct version_row){
            .name = e->name,
            .status = label_status(c, e->status),
            .region = label_region(c, e->region),
            .industry = label_industry(c, e->industry),
            .premises = e->premises,
            .valid_from_on = e->valid_from_on,
            .valid_to_on = e->valid_to_on,
            .recorded_at = e->recorded_at,
            .superseded_at = e->superseded_at,
            .reason = e->reason,
            .current = e->superseded_at == 0 && e->valid_to_on == 0,
        };
    }
    v->versions = rows;
    v->n_versions = n;
    return ERR_OK;
}

/* The newest draws whose lists can be asked for a firm. Which of them it was in is each draw's own
 * answer, with its proof. */
static enum err fill_draws(struct http_call *c, struct entity_view *v)
{
    struct ceremony_query q = { .states = ~(1u << CEREMONY_PLANNED), .limit = DRAWS_SHOWN };
    struct ceremony_row *all = NULL;
    size_t n = 0;
    TRY(ceremony_list(c->cx, desk_of(c), actor_of(c), &q, &all, &n));
    struct draw_link *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "draws");
    }
    for (size_t i = 0; i < n; i++) {
        struct str href = text_fmt(c->cx, "/draws/" STR_FMT, STR_ARG(all[i].no));
        struct str check =
            text_fmt(c->cx, STR_FMT "/check?code=" STR_FMT, STR_ARG(href), STR_ARG(v->code));
        rows[i] = (struct draw_link){
            href, all[i].no, all[i].title, state_word(all[i].state), mark_of_state(all[i].state),
            check
        };
    }
    v->draws = rows;
    v->n_draws = n;
    return ERR_OK;
}

static struct entity_view identity(struct http_call *c, const struct market_entity *e)
{
    return (struct entity_view){
        .code = e->code,
        .name = e->name,
        .id = e->id,
        .uscc = e->uscc,
        .regno = e->regno,
        .cls = label_class(c, e->cls),
        .status = label_status(c, e->status),
        .mark = mark_of_status(e->status),
        .region = label_region(c, e->region),
        .region_code = e->region,
        .authority = e->authority,
        .industry = label_industry(c, e->industry),
        .industry_code = e->industry,
        .established_on = e->established_on,
        .closed_on = e->closed_on,
        .premises = e->premises,
        .representative = e->representative,
        .capital = e->capital_fen >= 0 ? label_yuan(c, e->capital_fen) : STR(""),
        .grade = label_grade(c, e->grade),
        .grade_class = mark_of_grade(e->grade),
        .staff = may(c, POWER_REGISTER_READ),
    };
}

enum err page_entity(struct http_call *c)
{
    struct market_entity e;
    struct page_frame f;
    int32_t on = 0;
    int32_t known = 0;
    struct buf b = page_buf(c);
    TRY(field_date(c, "on", &on));
    TRY(field_date(c, "known", &known));
    TRY(register_by_code(c->cx, desk_of(c), actor_of(c), c->seg[0], &e));
    if (on != 0 || known != 0) {
        /* "As known on a day" means at its end. */
        int64_t at = known == 0 ? 0 : date_start_ms(date_add_days(known, 1)) - 1;
        TRY(register_get(c->cx, desk_of(c), actor_of(c), e.id, on, at, &e));
    }
    struct entity_view v = identity(c, &e);
    v.as_of_on = on;
    v.known_on = known;
    v.past = on != 0 || known != 0;
    TRY(fill_names(c, e.id, &v));
    TRY(fill_codes(c, e.id, &v));
    TRY(fill_versions(c, e.id, &v));
    TRY(fill_draws(c, &v));
    TRY(frame_make(c, e.name, &f));
    t_page_entity(&b, c->cx->lang, &f, &v);
    return page_send(c, &b);
}
