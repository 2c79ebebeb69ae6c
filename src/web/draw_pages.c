/* Of one draw: a firm's own line with its proof, the firms drawn, their inspectors. */
#include "web/draw_view.h"
#include "web/handlers.h"

enum { ROWS = 100 };

/* The firm's name of today; none when the register no longer has the code. */
static struct str name_now(struct http_call *c, struct str code)
{
    struct market_entity e;
    if (register_by_code(c->cx, desk_of(c), actor_of(c), code, &e) == ERR_OK) {
        return e.name;
    }
    fault_clear(c->cx);
    return STR("");
}

/* ---- one firm ------------------------------------------------------------------------------- */

static const struct {
    enum msg word, text;
    const char *mark;
} verdicts[] = {
    [CEREMONY_ABSENT] = { M_check_absent, M_check_absent_text, "" },
    [CEREMONY_IN_POOL] = { M_check_in_pool, M_check_in_pool_text, "busy" },
    [CEREMONY_SELECTED] = { M_check_selected, M_check_selected_text, "warn" },
    [CEREMONY_RESERVE] = { M_check_reserve, M_check_reserve_text, "busy" },
    [CEREMONY_NOT_DRAWN] = { M_check_not_drawn, M_check_not_drawn_text, "good" },
};

static enum msg outcome_word(char status)
{
    switch (status) {
    case 'A':
        return M_result_take_all;
    case 'S':
        return M_result_selected;
    case 'R':
        return M_result_reserve;
    default:
        return M_result_not_drawn;
    }
}

static enum err fill_chances(struct http_call *c, const struct ceremony_proof *p,
                             struct proof_view *v)
{
    struct chance_row *rows = arena_alloc(c->cx->mem, p->n_chances + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "chances");
    }
    for (size_t i = 0; i < p->n_chances; i++) {
        const struct ceremony_chance *k = &p->chances[i];
        rows[i] = (struct chance_row){
            .lot = k->lot,
            .weight = k->w,
            .chance = k->p31 != 0 ? label_chance(c, k->p31) : STR("-"),
            .u = k->u,
            .k = k->k,
            .state = k->u.n != 0 ? outcome_word(k->status) : M_check_in_pool,
            .rank = k->rank,
        };
    }
    v->chances = rows;
    v->n_chances = p->n_chances;
    return ERR_OK;
}

static enum err path_rows(struct http_call *c, const struct merkle_path *path,
                          const struct path_step **out)
{
    struct path_step *rows = arena_alloc(c->cx->mem, path->n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "path");
    }
    for (size_t i = 0; i < path->n; i++) {
        rows[i].hex = path->node[i].b;
    }
    *out = rows;
    return ERR_OK;
}

/* The name of a reason in exclusions.tsv as words. */
static struct str excluded_text(struct http_call *c, struct str name)
{
    for (int x = 0; x < CEREMONY_EXCLUSION__COUNT; x++) {
        if (str_eq(name, str_of(ceremony_exclusion_name((enum ceremony_exclusion)x)))) {
            return msg_text(exclusion_word((enum ceremony_exclusion)x), c->cx->lang);
        }
    }
    return name;
}

static enum err proof_of(struct http_call *c, const struct draw_page *d,
                         const struct ceremony_proof *p, struct proof_view *v)
{
    bool absent = p->verdict == CEREMONY_ABSENT;
    *v = (struct proof_view){
        .code = p->code,
        .name = name_now(c, p->code),
        .verdict = verdicts[p->verdict].word,
        .text = verdicts[p->verdict].text,
        .mark = str_of(verdicts[p->verdict].mark),
        .excluded = p->excluded.n != 0 ? excluded_text(c, p->excluded) : STR(""),
        .at = p->at + 1,
        .size = p->size,
        .opened = p->opened,
        .line = p->line,
        .before = p->before,
        .after = p->after,
        .leaf = p->leaf.b,
        .leaf_before = p->leaf_before.b,
        .leaf_after = p->leaf_after.b,
        .absent = absent,
        .root = p->root.b,
        .ticket = p->ticket,
        .hash = d->hash,
    };
    TRY(fill_chances(c, p, v));
    const struct merkle_path *path = absent ? &p->path_before : &p->path;
    v->n_path = path->n;
    v->n_path_after = absent ? p->path_after.n : 0;
    TRY(path_rows(c, &p->path_after, &v->path_after));
    return path_rows(c, path, &v->path);
}

/* A code as a person writes it, folded; why it is no code is said on the page, not as a failure. */
static struct str folded_code(struct http_call *c, struct str given, struct str *problem)
{
    struct code_check check = code_check(given);
    struct buf why = buf_of(c->cx->mem, 1024);
    if (check.err != ERR_OK) {
        code_explain(&check, c->cx->lang, &why);
        *problem = why.n != 0 ? buf_str(&why) : str_of(err_text(check.err, c->cx->lang));
        return given;
    }
    return str_dup(c->cx->mem, (struct str){ check.code, check.n });
}

enum err page_check(struct http_call *c)
{
    struct ceremony_view v;
    struct ceremony_proof proof;
    struct draw_page d;
    struct proof_view p = { 0 };
    struct page_frame f;
    struct buf b = page_buf(c);
    struct str problem = STR("");
    struct str code = field_of(c, "code");
    TRY(draw_of(c, &v));
    TRY(draw_page_of(c, &v, &d));
    if (code.n != 0) {
        code = folded_code(c, code, &problem);
    }
    if (v.frozen_at == 0) {
        problem = msg_text(M_check_not_frozen, c->cx->lang);
    }
    bool shown = code.n != 0 && problem.n == 0;
    if (shown) {
        TRY(ceremony_check(c->cx, desk_of(c), actor_of(c), v.id, code, &proof));
        TRY(proof_of(c, &d, &proof, &p));
    }
    TRY(frame_make(c, msg_text(M_check_title, c->cx->lang), &f));
    t_page_check(&b, c->cx->lang, &f, &d, code, problem, shown, &p);
    return page_send(c, &b);
}

/* ---- the firms drawn ------------------------------------------------------------------------ */

static enum msg change_word(struct str state)
{
    return str_eq(state, STR("replaced"))      ? M_result_replaced
           : str_eq(state, STR("replacement")) ? M_result_replacement
                                               : M_NONE;
}

static struct result_row result_of(struct http_call *c, const struct ceremony_result *r)
{
    bool drawn = r->status == 'A' || r->status == 'S';
    return (struct result_row){
        .lot = r->lot,
        .rank = r->rank,
        .state = outcome_word(r->status),
        .mark = drawn ? STR("warn") : STR("busy"),
        .code = r->code,
        .href = text_fmt(c->cx, "/e/" STR_FMT, STR_ARG(r->code)),
        .name = r->name,
        .region = label_region(c, r->region),
        .chance = r->p31 != 0 ? label_chance(c, r->p31) : STR("-"),
        .u = r->u,
        .change = change_word(r->state),
    };
}

static enum err lot_options(struct http_call *c, const struct ceremony_view *v, struct str chosen,
                            struct option **out)
{
    struct option *rows = arena_alloc(c->cx->mem, v->n_lots + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "lots");
    }
    for (size_t i = 0; i < v->n_lots; i++) {
        struct str text = text_fmt(c->cx, STR_FMT " " STR_FMT, STR_ARG(v->lots[i].name),
                                   STR_ARG(v->lots[i].item_name));
        rows[i] = (struct option){ v->lots[i].name, text, str_eq(v->lots[i].name, chosen) };
    }
    *out = rows;
    return ERR_OK;
}

static struct str results_address(struct http_call *c, const struct draw_page *d, struct str lot,
                                  struct str after_lot, int64_t after)
{
    struct pair pairs[] = {
        { "lot", lot },
        { "after_lot", after_lot },
        { "after", after > 0 ? text_fmt(c->cx, "%lld", (long long)after) : STR("") },
    };
    struct str path = text_fmt(c->cx, STR_FMT "/results", STR_ARG(d->href));
    return address(c->cx, path, pairs, COUNT_OF(pairs), NULL);
}

enum err page_results(struct http_call *c)
{
    struct ceremony_view v;
    struct draw_page d;
    struct page_frame f;
    struct ceremony_result *all = NULL;
    struct option *lots = NULL;
    int64_t after;
    size_t n = 0;
    struct buf b = page_buf(c);
    struct str lot = field_of(c, "lot");
    struct str after_lot = field_of(c, "after_lot");
    TRY(field_int(c, "after", 0, INT32_MAX, 0, &after));
    TRY(draw_of(c, &v));
    TRY(draw_page_of(c, &v, &d));
    TRY(ceremony_results(c->cx, desk_of(c), actor_of(c), v.id,
                         &(const struct ceremony_result_query){ lot, after_lot, after, ROWS }, &all,
                         &n));
    struct result_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "rows");
    }
    for (size_t i = 0; i < n; i++) {
        rows[i] = result_of(c, &all[i]);
    }
    struct str next =
        n == ROWS ? results_address(c, &d, lot, all[n - 1].lot, all[n - 1].rank) : STR("");
    struct str first = after != 0 ? results_address(c, &d, lot, STR(""), 0) : STR("");
    TRY(lot_options(c, &v, lot, &lots));
    TRY(frame_make(c, v.title, &f));
    t_page_results(&b, c->cx->lang, &f, &d, lots, v.n_lots, rows, n, first, next);
    return page_send(c, &b);
}

/* ---- their inspectors ----------------------------------------------------------------------- */

static struct place_row shown_place(struct http_call *c, const struct ceremony_place *p,
                                    bool may_act)
{
    bool empty = str_eq(p->inspector, STR("~"));
    bool any = p->qual.n == 0 || str_eq(p->qual, STR("-"));
    return (struct place_row){
        .code = p->code,
        .href = text_fmt(c->cx, "/e/" STR_FMT, STR_ARG(p->code)),
        .dept = label_dept(c, p->dept),
        .dept_code = p->dept,
        .qual = any ? STR("-") : defs_qual_label(desk_of(c)->defs, p->qual, c->cx->lang),
        .inspector = p->inspector,
        .shown = p->shown,
        .empty = empty,
        .change = change_word(p->state),
        .may_replace = may_act && !empty && !str_eq(p->state, STR("replaced")),
    };
}

static struct str places_address(struct http_call *c, const struct draw_page *d, struct str after)
{
    struct pair pairs[] = { { "after", after } };
    struct str path = text_fmt(c->cx, STR_FMT "/inspectors", STR_ARG(d->href));
    return address(c->cx, path, pairs, COUNT_OF(pairs), NULL);
}

enum err page_places(struct http_call *c)
{
    struct ceremony_view v;
    struct draw_page d;
    struct page_frame f;
    struct ceremony_place *all = NULL;
    size_t n = 0;
    struct buf b = page_buf(c);
    struct str after = field_of(c, "after");
    TRY(draw_of(c, &v));
    TRY(draw_page_of(c, &v, &d));
    TRY(ceremony_places(c->cx, desk_of(c), actor_of(c), v.id, after, ROWS, &all, &n));
    struct place_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "rows");
    }
    bool may_act = (v.may & (1u << CEREMONY_STEP_REPLACE_INSPECTOR)) != 0;
    for (size_t i = 0; i < n; i++) {
        rows[i] = shown_place(c, &all[i], may_act);
        bool again = i > 0 && str_eq(all[i].code, all[i - 1].code);
        rows[i].name = again ? rows[i - 1].name : name_now(c, all[i].code);
    }
    /* Whole targets come, so a page may be a little longer than asked; a shorter one is the last.
     */
    struct str next = n >= ROWS ? places_address(c, &d, all[n - 1].code) : STR("");
    struct str first = after.n != 0 ? places_address(c, &d, STR("")) : STR("");
    struct form_keys k = form_keys_of(c);
    TRY(frame_make(c, v.title, &f));
    t_page_places(&b, c->cx->lang, &f, &d, &k, rows, n, first, next, may_act);
    return page_send(c, &b);
}
