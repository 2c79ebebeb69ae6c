/* The wizard that makes the plan of a draw: five pages, then one call. */
#include "web/wizard.h"

#include "web/handlers.h"

static enum err no_memory(struct http_call *c)
{
    return fail(c->cx, ERR_NO_MEMORY, "wizard");
}

/* ---- step 1 --------------------------------------------------------------------------------- */

static struct str item_name(const struct http_call *c, const struct item *i)
{
    return c->cx->lang == LANG_EN && i->name_en.n != 0 ? i->name_en : i->name;
}

static bool chosen_item(const struct draft *d, const struct item *i)
{
    for (size_t k = 0; k < d->n_lots; k++) {
        if (d->lots[k].item == i) {
            return true;
        }
    }
    return false;
}

static enum err show_items(struct http_call *c, const struct draft *d, struct wizard *w)
{
    struct wiz_item *rows = arena_alloc(c->cx->mem, d->n_items + 1, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    for (size_t k = 0; k < d->n_items; k++) {
        const struct item *i = &d->items[k];
        if (i->list == ITEM_LEAVE_ALONE) {
            continue;
        }
        rows[w->n_items++] = (struct wiz_item){
            .code = i->code,
            .name = item_name(c, i),
            .category = i->category,
            .field = defs_field_label(desk_of(c)->defs, i->field, c->cx->lang),
            .rate = msg_text(i->kind == ITEM_KEY ? M_item_key : M_item_general, c->cx->lang),
            .chosen = chosen_item(d, i),
        };
    }
    w->items = rows;
    return ERR_OK;
}

/* The province of the chosen region, and its cities. */
static enum err show_regions(struct http_call *c, const struct draft *d, struct wizard *w)
{
    struct option *below = NULL;
    size_t n = 0;
    struct str home = d->region.n == 6 ? text_fmt(c->cx, "%.2s0000", d->region.p) : d->region;
    const struct region *top = defs_region(desk_of(c)->defs, home);
    const struct region *here = defs_region(desk_of(c)->defs, d->region);
    TRY(region_options(c, home, d->region, &below, &n));
    struct option *rows = arena_alloc(c->cx->mem, n + 2, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    if (top != NULL) {
        rows[w->n_regions++] = (struct option){ home, top->name, str_eq(home, d->region) };
    }
    bool listed = str_eq(home, d->region);
    for (size_t i = 0; i < n; i++) {
        listed = listed || below[i].chosen;
        rows[w->n_regions++] = below[i];
    }
    if (!listed && here != NULL) {
        rows[w->n_regions++] = (struct option){ d->region, here->name, true };
    }
    w->regions = rows;
    return ERR_OK;
}

/* ---- steps 2 and 3 -------------------------------------------------------------------------- */

static enum err show_numbers(struct http_call *c, char kind, const struct str *typed,
                             struct str item, const struct wiz_number **out)
{
    struct wiz_number *rows = arena_alloc(c->cx->mem, GRADES, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    for (size_t g = 0; g < GRADES; g++) {
        char field[] = { kind, GRADE_LETTERS[g], '\0' };
        char letter[] = { GRADE_LETTERS[g], '\0' };
        struct str label = text_msg(c->cx, M_plan_grade, "grade", str_of(letter), NULL);
        rows[g] = (struct wiz_number){
            .name = lot_field(c->cx, field, item),
            .label = letter[0] == 'N' ? msg_text(M_plan_grade_none, c->cx->lang)
                                      : str_dup(c->cx->mem, label),
            .value = typed[g],
        };
    }
    *out = rows;
    return ERR_OK;
}

static enum err show_modes(struct http_call *c, enum ceremony_mode chosen,
                           const struct option **out)
{
    struct option *rows = arena_alloc(c->cx->mem, CEREMONY_MODE__COUNT, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    for (int m = 0; m < CEREMONY_MODE__COUNT; m++) {
        rows[m] = (struct option){ str_of(ceremony_mode_name((enum ceremony_mode)m)),
                                   msg_text(mode_word((enum ceremony_mode)m), c->cx->lang),
                                   (int)chosen == m };
    }
    *out = rows;
    return ERR_OK;
}

/* Departments of the item's field inside the region, and whichever is ticked already. */
static enum err show_depts(struct http_call *c, const struct draft *d, const struct draft_lot *l,
                           struct wiz_lot *v)
{
    struct option *rows = arena_alloc(c->cx->mem, d->n_all_depts + 1, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    for (size_t i = 0; i < d->n_all_depts; i++) {
        const struct department *k = &d->depts[i];
        bool ticked = str_among(k->code, l->depts, l->n_depts);
        bool ours = k->level == 1 || str_eq(k->field, l->item->field);
        if (ticked || (ours && str_starts(k->region, region_prefix(d->region)))) {
            rows[v->n_depts++] = (struct option){ k->code, label_dept(c, k->code), ticked };
        }
    }
    v->depts = rows;
    return ERR_OK;
}

static enum err show_quals(struct http_call *c, const struct draft_lot *l, struct wiz_lot *v)
{
    const struct str *keys = NULL;
    size_t n = defs_quals(desk_of(c)->defs, &keys);
    struct option *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    for (size_t i = 0; i < n; i++) {
        rows[i] = (struct option){ keys[i], defs_qual_label(desk_of(c)->defs, keys[i], c->cx->lang),
                                   str_eq(keys[i], l->qual) };
    }
    v->quals = rows;
    v->n_quals = n;
    return ERR_OK;
}

static struct str summary_of(struct http_call *c, const struct draft_lot *l)
{
    struct buf rates = buf_of(c->cx->mem, 512);
    switch (l->mode) {
    case CEREMONY_FIXED:
        return text_msg(c->cx, M_plan_summary_fixed, "n", l->n, "reserve", l->reserve, NULL);
    case CEREMONY_RATE:
        for (size_t g = 0; g < GRADES; g++) {
            buf_fmt(&rates, "%s%c " STR_FMT "%%", g == 0 ? "" : ", ", GRADE_LETTERS[g],
                    STR_ARG(l->rate[g]));
        }
        return text_msg(c->cx, M_plan_summary_rate, "rates", buf_str(&rates), NULL);
    case CEREMONY_ORDER:
    case CEREMONY_MODE__COUNT:
        break;
    }
    return msg_text(M_plan_summary_order, c->cx->lang);
}

static struct str depts_text(struct http_call *c, const struct str *codes, size_t n)
{
    struct buf b = buf_of(c->cx->mem, 8192);
    for (size_t i = 0; i < n; i++) {
        buf_put(&b, i == 0 ? STR("") : STR(", "));
        buf_put(&b, label_dept(c, codes[i]));
    }
    return buf_str(&b);
}

static enum err show_lot(struct http_call *c, const struct draft *d, const struct draft_lot *l,
                         struct wiz_lot *out)
{
    struct str code = l->item->code;
    struct wiz_lot v = {
        .code = code,
        .name = item_name(c, l->item),
        .hint = c->cx->lang == LANG_ZH ? l->item->objects : STR(""),
        .mode_name = lot_field(c->cx, "mode", code),
        .n = { lot_field(c->cx, "n", code), STR(""), l->n },
        .reserve = { lot_field(c->cx, "reserve", code), STR(""), l->reserve },
        .size = { lot_field(c->cx, "size", code), STR(""), l->size },
        .dept_name = lot_field(c->cx, "dept", code),
        .qual_name = lot_field(c->cx, "qual", code),
        .n_modes = CEREMONY_MODE__COUNT,
        .n_rates = GRADES,
        .n_weights = GRADES,
        .summary = summary_of(c, l),
    };
    v.teams = text_msg(c->cx, M_plan_summary_teams, "depts", depts_text(c, l->depts, l->n_depts),
                       "size", l->size, NULL);
    TRY(show_modes(c, l->mode, &v.modes));
    TRY(show_numbers(c, 'p', l->rate, code, &v.rates));
    TRY(show_numbers(c, 'w', l->weight, code, &v.weights));
    TRY(show_depts(c, d, l, &v));
    TRY(show_quals(c, l, &v));
    *out = v;
    return ERR_OK;
}

static enum err show_lots(struct http_call *c, const struct draft *d, struct wizard *w)
{
    struct wiz_lot *rows = arena_alloc(c->cx->mem, d->n_lots + 1, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    for (size_t i = 0; i < d->n_lots; i++) {
        TRY(show_lot(c, d, &d->lots[i], &rows[i]));
    }
    w->lots = rows;
    w->n_lots = d->n_lots;
    return ERR_OK;
}

/* ---- step 4 --------------------------------------------------------------------------------- */

struct word {
    const char *value;
    enum msg text;
};
static const struct word kinds[] = { { "dice", M_beacon_dice },
                                     { "lottery", M_beacon_lottery },
                                     { "drand", M_beacon_drand },
                                     { "nist", M_beacon_nist },
                                     { "other", M_beacon_other } };
static const struct word missing[] = { { "skip", M_plan_missing_skip },
                                       { "void", M_plan_missing_void } };

static enum err show_words(struct http_call *c, const struct word *words, size_t n,
                           struct str chosen, const struct option **out)
{
    struct option *rows = arena_alloc(c->cx->mem, n, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    for (size_t i = 0; i < n; i++) {
        struct str value = str_of(words[i].value);
        rows[i] =
            (struct option){ value, msg_text(words[i].text, c->cx->lang), str_eq(value, chosen) };
    }
    *out = rows;
    return ERR_OK;
}

static enum err show_hashes(struct http_call *c, struct str chosen, struct wizard *w)
{
    struct option *rows = arena_alloc(c->cx->mem, 2, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    rows[0] = (struct option){ STR("sha256"), STR("SHA-256"), str_eq(chosen, STR("sha256")) };
    rows[1] = (struct option){ STR("sm3"), STR("SM3"), str_eq(chosen, STR("sm3")) };
    w->hashes = rows;
    w->n_hashes = 2;
    return ERR_OK;
}

static enum err show_parties(struct http_call *c, const struct draft *d, struct wizard *w)
{
    struct option *rows = arena_alloc(c->cx->mem, d->n_all_depts + 1, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    for (size_t i = 0; i < d->n_all_depts; i++) {
        bool ticked = str_among(d->depts[i].code, d->parties, d->n_parties);
        if (ticked || d->depts[i].level == 1) {
            rows[w->n_parties++] =
                (struct option){ d->depts[i].code, label_dept(c, d->depts[i].code), ticked };
        }
    }
    w->parties = rows;
    return ERR_OK;
}

static struct str beacons_text(struct http_call *c, const struct draft *d)
{
    struct buf b = buf_of(c->cx->mem, 2048);
    for (size_t i = 0; i < BEACONS; i++) {
        for (size_t k = 0; k < COUNT_OF(kinds) && d->kind[i].n != 0; k++) {
            if (str_eq(d->kind[i], str_of(kinds[k].value))) {
                buf_put(&b, b.n == 0 ? STR("") : STR("; "));
                buf_put(&b, msg_text(kinds[k].text, c->cx->lang));
                buf_fmt(&b, " " STR_FMT, STR_ARG(d->ref[i]));
            }
        }
    }
    return buf_str(&b);
}

/* ---- the page ------------------------------------------------------------------------------- */

static enum err show_steps(struct http_call *c, int here, struct wizard *w)
{
    static const enum msg words[WIZARD_STEPS] = { M_plan_step_1, M_plan_step_2, M_plan_step_3,
                                                  M_plan_step_4, M_plan_step_5 };
    struct wiz_step *rows = arena_alloc(c->cx->mem, WIZARD_STEPS, sizeof *rows);
    if (rows == NULL) {
        return no_memory(c);
    }
    for (int i = 0; i < WIZARD_STEPS; i++) {
        rows[i] =
            (struct wiz_step){ words[i], i + 1 < here ? STR("done") : STR(""), i + 1 == here };
    }
    w->steps = rows;
    w->n_steps = WIZARD_STEPS;
    return ERR_OK;
}

static struct str back_address(struct http_call *c, const struct wizard *w)
{
    struct pair *pairs = arena_alloc(c->cx->mem, w->n_kept + 1, sizeof *pairs);
    if (pairs == NULL) {
        return STR("/draws/new");
    }
    for (size_t i = 0; i < w->n_kept; i++) {
        pairs[i] = (struct pair){ w->kept[i].name.p, w->kept[i].value };
    }
    pairs[w->n_kept] = (struct pair){ "prev", STR("1") };
    return address(c->cx, STR("/draws/new"), pairs, w->n_kept + 1, NULL);
}

static enum err show_draft(struct http_call *c, const struct draft *d, struct wizard *out)
{
    struct kept *kept = NULL;
    bool skip = str_eq(d->missing, STR("skip"));
    struct wizard w = {
        .step = d->step,
        .title = d->title,
        .task = d->task,
        .region_name = label_region(c, d->region),
        .cap = d->cap,
        .ref1 = d->ref[0],
        .ref2 = d->ref[1],
        .sealed = d->sealed,
        .embargo = d->embargo_on,
        .wait = d->wait,
        .demo = d->demo,
        .parties_text = depts_text(c, d->parties, d->n_parties),
        .beacons_text = beacons_text(c, d),
        .hash_text = str_eq(d->hash, STR("sm3")) ? STR("SM3") : STR("SHA-256"),
        .missing_text = skip ? M_plan_missing_skip : M_plan_missing_void,
        .n_kinds1 = COUNT_OF(kinds),
        .n_kinds2 = COUNT_OF(kinds),
        .n_missing = COUNT_OF(missing),
    };
    TRY(draft_kept(c, d, &kept, &w.n_kept));
    w.kept = kept;
    w.back = back_address(c, &w);
    TRY(show_steps(c, d->step, &w));
    TRY(show_regions(c, d, &w));
    TRY(show_items(c, d, &w));
    TRY(show_lots(c, d, &w));
    TRY(show_parties(c, d, &w));
    TRY(show_words(c, kinds, COUNT_OF(kinds), d->kind[0], &w.kinds1));
    TRY(show_words(c, kinds, COUNT_OF(kinds), d->kind[1], &w.kinds2));
    TRY(show_words(c, missing, COUNT_OF(missing), d->missing, &w.missing));
    TRY(show_hashes(c, d->hash, &w));
    *out = w;
    return ERR_OK;
}

static enum err send_wizard(struct http_call *c, const struct draft *d, int status,
                            struct str problem)
{
    struct page_frame f;
    struct wizard w;
    struct preview_view p = { 0 };
    struct buf b = page_buf(c);
    struct form_keys k = form_keys_of(c);
    TRY(show_draft(c, d, &w));
    w.problem = problem;
    /* Counting goes through the whole register: the page comes first and asks for it. */
    bool shown = d->step == 2 || d->step == 3 || d->step == 5;
    p.pending = shown && d->step != 5 && field_of(c, "again").n == 0;
    if (shown && !p.pending) {
        TRY(draft_preview(c, d, &p));
    }
    TRY(frame_make(c, msg_text(M_plan_new, c->cx->lang), &f));
    t_page_wizard(&b, c->cx->lang, &f, &k, &w, &p);
    return page_send_status(c, status, &b);
}

enum err page_wizard(struct http_call *c)
{
    struct draft d;
    TRY(draft_read(c, &d));
    if (d.step > 1 && d.n_lots == 0) {
        d.step = 1;
        return send_wizard(c, &d, 422, msg_text(M_plan_no_items, c->cx->lang));
    }
    return send_wizard(c, &d, 200, STR(""));
}

enum err wizard_preview(struct http_call *c)
{
    struct draft d;
    struct preview_view p;
    struct buf b = page_buf(c);
    TRY(draft_read(c, &d));
    TRY(draft_preview(c, &d, &p));
    t_preview(&b, c->cx->lang, &p);
    return page_send(c, &b);
}

enum err do_plan(struct http_call *c)
{
    struct draft d;
    struct ceremony_plan plan;
    struct ceremony_view v;
    int64_t id;
    TRY(draft_read(c, &d));
    d.step = WIZARD_STEPS;
    enum err code = draft_plan(c, &d, &plan);
    if (code == ERR_OK) {
        code = ceremony_plan(c->cx, desk_of(c), actor_of(c), &plan, op_key_of(c), &id);
    }
    if (code == ERR_FIELD) {
        struct str problem = text_fmt(c->cx, "%s", c->cx->fault.detail);
        fault_clear(c->cx);
        return send_wizard(c, &d, 422, problem);
    }
    TRY(code);
    TRY(ceremony_show(c->cx, desk_of(c), actor_of(c), id, &v));
    return see_other(c, text_fmt(c->cx, "/draws/" STR_FMT "/ceremony?done=planned", STR_ARG(v.no)));
}
