/* From a draft to a plan, and what the plan would give. */
#include "web/wizard.h"

static enum err whole(struct http_call *c, const char *what, struct str typed, int64_t hi,
                      int64_t *out)
{
    if (str_int(c->cx, typed, 0, hi, out) == ERR_OK) {
        return ERR_OK;
    }
    fault_clear(c->cx);
    return fail(c->cx, ERR_FIELD, "%s: \"" STR_FMT "\" (0..%lld)", what, STR_ARG(typed),
                (long long)hi);
}

/* "12.5" percent as 125000 millionths; at most four digits behind the point. */
static enum err millionths(struct http_call *c, struct str typed, int64_t *out)
{
    enum { PLACES = 4 };
    int64_t scale[] = { 10000, 1000, 100, 10, 1 };
    int64_t front = 0;
    int64_t back = 0;
    struct str fraction = typed;
    struct str units = str_cut(&fraction, '.');
    bool good = fraction.n <= PLACES && units.n != 0 &&
                str_int(c->cx, units, 0, 100, &front) == ERR_OK &&
                (fraction.n == 0 || str_int(c->cx, fraction, 0, 9999, &back) == ERR_OK);
    int64_t ppm = front * 10000 + back * scale[fraction.n <= PLACES ? fraction.n : PLACES];
    if (!good || ppm > 1000000) {
        fault_clear(c->cx);
        return fail(c->cx, ERR_FIELD, "%%: \"" STR_FMT "\" (0..100)", STR_ARG(typed));
    }
    *out = ppm;
    return ERR_OK;
}

static enum err fill_grades(struct http_call *c, const struct draft_lot *l,
                            struct ceremony_lot *out)
{
    static const char *const names[GRADES] = { "A", "B", "C", "D", "-" };
    enum { NO_MEMORY_RULE = 256 };
    if (l->mode == CEREMONY_ORDER) {
        return ERR_OK;
    }
    out->grades = arena_alloc(c->cx->mem, GRADES, sizeof *out->grades);
    if (out->grades == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "grades");
    }
    for (size_t g = 0; g < GRADES; g++) {
        struct ceremony_grade *to = &out->grades[g];
        *to = (struct ceremony_grade){ .grade = str_of(names[g]), .memory = NO_MEMORY_RULE };
        if (l->mode == CEREMONY_RATE) {
            TRY(millionths(c, l->rate[g], &to->weight));
        } else {
            TRY(whole(c, names[g], l->weight[g], 1 << 20, &to->weight));
        }
    }
    out->n_grades = GRADES;
    return ERR_OK;
}

/* The item says whom it is for. */
static enum err fill_objects(struct http_call *c, const struct item *i, struct ceremony_lot *out)
{
    struct str *industries = arena_alloc(c->cx->mem, i->industries.n + 1, sizeof *industries);
    if (industries == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "industries");
    }
    for (struct str rest = i->industries; rest.n != 0;) {
        industries[out->n_industries++] = str_cut(&rest, ',');
    }
    out->industries = industries;
    out->classes = i->classes;
    return ERR_OK;
}

static enum err fill_lot(struct http_call *c, const struct draft_lot *l, struct ceremony_lot *out)
{
    *out = (struct ceremony_lot){ .name = l->item->code, .item = l->item->code, .mode = l->mode };
    if (l->mode == CEREMONY_FIXED) {
        TRY(whole(c, "n", l->n, 1000000, &out->n));
        TRY(whole(c, "reserve", l->reserve, 1000000, &out->reserve));
    }
    TRY(fill_objects(c, l->item, out));
    return fill_grades(c, l, out);
}

static enum err fill_lots(struct http_call *c, const struct draft *d, struct ceremony_plan *p)
{
    size_t teams = 0;
    for (size_t i = 0; i < d->n_lots; i++) {
        teams += d->lots[i].n_depts;
    }
    p->lots = arena_alloc(c->cx->mem, d->n_lots + 1, sizeof *p->lots);
    p->teams = arena_alloc(c->cx->mem, teams + 1, sizeof *p->teams);
    if (p->lots == NULL || p->teams == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "lots");
    }
    for (size_t i = 0; i < d->n_lots; i++) {
        const struct draft_lot *l = &d->lots[i];
        int64_t size;
        TRY(fill_lot(c, l, &p->lots[p->n_lots++]));
        TRY(whole(c, "size", l->size, 16, &size));
        for (size_t k = 0; k < l->n_depts; k++) {
            p->teams[p->n_teams++] = (struct ceremony_team){
                .lot = l->item->code, .dept = l->depts[k], .size = size, .qual = l->qual
            };
        }
    }
    return ERR_OK;
}

static enum err fill_beacons(struct http_call *c, const struct draft *d, struct ceremony_plan *p)
{
    p->beacons = arena_alloc(c->cx->mem, BEACONS, sizeof *p->beacons);
    if (p->beacons == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "beacons");
    }
    for (size_t i = 0; i < BEACONS; i++) {
        if (d->kind[i].n != 0) {
            p->beacons[p->n_beacons++] = (struct ceremony_beacon){ d->kind[i], d->ref[i] };
        }
    }
    return ERR_OK;
}

enum err draft_plan(struct http_call *c, const struct draft *d, struct ceremony_plan *out)
{
    struct ceremony_plan p = {
        .region = d->region,
        .title = d->title,
        .task = d->task,
        .hash = str_eq(d->hash, STR("sm3")) ? DIGEST_SM3 : DIGEST_SHA256,
        .parties = d->parties,
        .n_parties = d->n_parties,
        .missing_skip = str_eq(d->missing, STR("skip")),
        .sealed = d->sealed,
        .embargo_on = d->embargo_on,
        .demo = d->demo,
    };
    if (d->n_lots == 0) {
        return fail(c->cx, ERR_FIELD, STR_FMT, STR_ARG(msg_text(M_plan_no_items, c->cx->lang)));
    }
    if (d->n_parties == 0) {
        return fail(c->cx, ERR_FIELD, STR_FMT, STR_ARG(msg_text(M_plan_no_parties, c->cx->lang)));
    }
    TRY(whole(c, "cap", d->cap, 366, &p.yearly_cap));
    TRY(whole(c, "wait", d->wait, INT64_C(30) * 86400, &p.beacon_wait_s));
    TRY(fill_beacons(c, d, &p));
    TRY(fill_lots(c, d, &p));
    *out = p;
    return ERR_OK;
}

/* ---- preview -------------------------------------------------------------------------------- */

static enum err show_preview(struct http_call *c, const struct ceremony_preview *p,
                             struct preview_view *v)
{
    struct expect_row *rows = arena_alloc(c->cx->mem, p->n_rows + 1, sizeof *rows);
    struct excluded_row *out = arena_alloc(c->cx->mem, CEREMONY_EXCLUSION__COUNT, sizeof *out);
    if (rows == NULL || out == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "preview");
    }
    for (size_t i = 0; i < p->n_rows; i++) {
        rows[i] = (struct expect_row){ p->rows[i].lot, p->rows[i].grade, p->rows[i].entities,
                                       p->rows[i].certain, label_p31(c, p->rows[i].sum_p31) };
    }
    *v = (struct preview_view){ .entities = p->entities,
                                .visits = label_p31(c, p->sum_p31),
                                .joint = label_p31(c, p->joint_p31),
                                .inspectors = p->inspectors,
                                .places = label_p31(c, p->places),
                                .rows = rows,
                                .n_rows = p->n_rows,
                                .excluded = out };
    for (int x = 0; x < CEREMONY_EXCLUSION__COUNT; x++) {
        if (p->excluded[x] != 0) {
            out[v->n_excluded++] =
                (struct excluded_row){ exclusion_word((enum ceremony_exclusion)x), p->excluded[x] };
        }
    }
    return ERR_OK;
}

enum err draft_preview(struct http_call *c, const struct draft *d, struct preview_view *out)
{
    struct ceremony_plan plan;
    struct ceremony_preview p;
    enum err code = draft_plan(c, d, &plan);
    if (code == ERR_OK) {
        code = ceremony_preview(c->cx, desk_of(c), actor_of(c), &plan, &p);
    }
    if (code != ERR_OK && err_http(code) < 500) {
        const char *detail = c->cx->fault.detail;
        *out = (struct preview_view){
            .problem = text_fmt(c->cx, "%s %s", err_text(code, c->cx->lang), detail),
        };
        fault_clear(c->cx);
        return ERR_OK;
    }
    TRY(code);
    return show_preview(c, &p, out);
}
