/* A draw as it is shown: its state, parties, public randomness, lots, digests, and what the asker
 * could do next. */
#include "office/ceremony_sight.h"

struct showing {
    const struct actor *by;
    int64_t id;
    struct ceremony c;
    struct sight sight;
    struct ceremony_view v;
};

static struct str no_null(struct str s)
{
    return s.p == NULL ? STR("") : s;
}

static int64_t no_null_int(int64_t i)
{
    return i == NULL_INT ? 0 : i;
}

static enum err show_parties(struct cx *cx, struct tx *tx, struct showing *w)
{
    struct ceremony_party *p = arena_alloc(cx->mem, w->c.n_parties + 1, sizeof *p);
    if (p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "parties");
    }
    for (size_t i = 0; i < w->c.n_parties; i++) {
        const struct q_draw_parties *from = &w->c.parties[i];
        struct q_draw_dept dept;
        bool found;
        TRY(q_draw_dept(cx, tx, from->dept, &dept, &found));
        p[i] = (struct ceremony_party){
            .dept = from->dept,
            .shown = found ? dept.name : from->dept,
            .commitment = no_null(from->commitment),
            .revealed = from->value.p != NULL,
            .skipped = from->skipped == 1,
            .kept = from->kept == 1,
            .value = w->sight.values ? no_null(from->value) : STR(""),
            .committed_at = from->committed_at,
            .revealed_at = from->revealed_at,
        };
    }
    w->v.parties = p;
    w->v.n_parties = w->c.n_parties;
    return ERR_OK;
}

static enum err show_beacons(struct cx *cx, struct showing *w)
{
    struct ceremony_beacon_view *b = arena_alloc(cx->mem, w->c.n_beacons + 1, sizeof *b);
    if (b == NULL) {
        return fail(cx, ERR_NO_MEMORY, "beacons");
    }
    for (size_t i = 0; i < w->c.n_beacons; i++) {
        const struct q_draw_beacons *from = &w->c.beacons[i];
        b[i] = (struct ceremony_beacon_view){ .kind = from->kind,
                                              .ref = from->ref,
                                              .value = no_null(from->value),
                                              .event_at = from->event_at,
                                              .entered_at = from->entered_at };
    }
    w->v.beacons = b;
    w->v.n_beacons = w->c.n_beacons;
    return ERR_OK;
}

/* ---- lots -------------------------------------------------------------------------------------
 */

static enum err item_name(struct cx *cx, struct tx *tx, const struct showing *w, struct str item,
                          struct str *out)
{
    struct q_draw_item row;
    bool found = false;
    *out = STR("");
    if (item.n != 0) {
        TRY(q_draw_item(cx, tx, item, date_of_ms(w->c.row.planned_at), &row, &found));
    }
    if (found) {
        *out = cx->lang == LANG_EN && row.name_en.p != NULL ? row.name_en : row.name;
    }
    return ERR_OK;
}

static size_t lot_at(const struct ceremony_plan *p, struct str name)
{
    size_t i = 0;
    while (i < p->n_lots && !str_eq(p->lots[i].name, name)) {
        i++;
    }
    return i;
}

/* N and W as frozen. */
static enum err fill_frozen(struct cx *cx, struct tx *tx, const struct showing *w,
                            struct ceremony_lot_view *lot)
{
    struct q_draw_lots *rows = NULL;
    size_t n = 0;
    if (w->c.row.frame_run == NULL_INT || !w->sight.weights) {
        return ERR_OK;
    }
    TRY(q_draw_lots(cx, tx, w->c.row.id, w->c.row.frame_run, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        size_t at = lot_at(&w->c.asked, rows[i].lot);
        if (at < w->c.asked.n_lots) {
            lot[at].entities = rows[i].entities;
            lot[at].sum_weight = rows[i].sum_weight;
        }
    }
    return ERR_OK;
}

/* How many were drawn, from lots.tsv. */
static enum err fill_drawn(struct cx *cx, struct tx *tx, const struct showing *w,
                           struct ceremony_lot_view *lot)
{
    struct ceremony_blocks state;
    struct lines lines;
    struct str line;
    if (w->c.row.result_run == NULL_INT || !w->sight.lists) {
        return ERR_OK;
    }
    const struct draw_source text = ceremony_blocks_source(tx, &w->c, CEREMONY_FILE_LOTS, &state);
    TRY(lines_open(cx, &text, &lines));
    for (;;) {
        struct lot_outcome o;
        TRY(lines_next(cx, &lines, &line));
        if (line.p == NULL) {
            return ERR_OK;
        }
        TRY(lot_outcome_get(cx, &w->c.plan, lines.at, line, &o));
        size_t at = lot_at(&w->c.asked, w->c.plan.lot[o.lot].name);
        if (at < w->c.asked.n_lots) {
            lot[at].selected = (int64_t)o.selected;
            lot[at].take_all = w->sight.weights ? (int64_t)o.stat.takeall : 0;
        }
    }
}

static enum err show_lots(struct cx *cx, struct tx *tx, struct showing *w)
{
    const struct ceremony_plan *p = &w->c.asked;
    struct ceremony_lot_view *lot = arena_alloc(cx->mem, p->n_lots + 1, sizeof *lot);
    if (lot == NULL) {
        return fail(cx, ERR_NO_MEMORY, "lots");
    }
    for (size_t i = 0; i < p->n_lots; i++) {
        lot[i] = (struct ceremony_lot_view){ .name = p->lots[i].name,
                                             .item = p->lots[i].item,
                                             .mode = p->lots[i].mode,
                                             .n = p->lots[i].n,
                                             .reserve = p->lots[i].reserve };
        TRY(item_name(cx, tx, w, lot[i].item, &lot[i].item_name));
    }
    TRY(fill_frozen(cx, tx, w, lot));
    TRY(fill_drawn(cx, tx, w, lot));
    w->v.lots = lot;
    w->v.n_lots = p->n_lots;
    w->v.teams = p->teams;
    w->v.n_teams = p->n_teams;
    return ERR_OK;
}

/* ---- digests ----------------------------------------------------------------------------------
 */

static enum err hex_of(struct cx *cx, const struct digest *d, struct str *out)
{
    char *hex = arena_alloc(cx->mem, CEREMONY_HEX, 1);
    if (hex == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a digest");
    }
    hex_put(d->b, DIGEST_LEN, hex);
    *out = (struct str){ hex, CEREMONY_HEX };
    return ERR_OK;
}

static enum err show_tree(struct cx *cx, const struct tree *t, struct ceremony_file_hash *out)
{
    out->lines = (int64_t)t->lines;
    return hex_of(cx, &t->root, &out->hex);
}

/* The short files. The digest of reveals.txt is public when it is logged; seed.txt's is the seed.
 */
static enum err show_texts(struct cx *cx, struct tx *tx, struct showing *w)
{
    struct ceremony_view *v = &w->v;
    const struct {
        struct ceremony_file_hash *to;
        const char *name;
        bool seen;
    } texts[] = {
        { &v->plan, "plan.txt", true },
        { &v->rules, "rules.txt", true },
        { &v->freeze, "freeze.txt", true },
        { &v->reveals, "reveals.txt", true },
        { &v->seed, "seed.txt", w->sight.values },
        { &v->head, "head.txt", w->sight.head },
    };
    struct q_draw_text_hexes *rows = NULL;
    size_t n = 0;
    TRY(q_draw_text_hexes(cx, tx, w->id, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < COUNT_OF(texts); k++) {
            if (texts[k].seen && str_eq(rows[i].name, str_of(texts[k].name))) {
                texts[k].to->hex = rows[i].hex;
            }
        }
    }
    return ERR_OK;
}

static enum err show_frame(struct cx *cx, struct tx *tx, struct showing *w)
{
    struct freeze f;
    if (w->c.row.frame_run == NULL_INT) {
        return ERR_OK;
    }
    TRY(ceremony_freeze_of(cx, tx, &w->c, &f));
    TRY(show_tree(cx, &f.population, &w->v.population));
    TRY(show_tree(cx, &f.roster, &w->v.roster));
    return show_tree(cx, &f.recusal, &w->v.recusal);
}

static enum err show_head(struct cx *cx, struct tx *tx, struct showing *w)
{
    struct draw_source text;
    struct head h;
    if (w->c.row.result_run == NULL_INT || !w->sight.head) {
        return ERR_OK;
    }
    TRY(ceremony_text_source(cx, tx, w->id, "head.txt", &text));
    TRY(head_read(cx, &w->c.plan, &text, &h));
    TRY(show_tree(cx, &h.lots, &w->v.lots_file));
    TRY(show_tree(cx, &h.result, &w->v.result));
    TRY(show_tree(cx, &h.assign, &w->v.assign));
    TRY(show_tree(cx, &h.prices, &w->v.prices));
    return h.sealed ? hex_of(cx, &h.seed, &w->v.seal) : ERR_OK;
}

/* H(exclusions.tsv) stands in the event that logged it. */
static enum err show_exclusions(struct cx *cx, struct tx *tx, struct showing *w)
{
    struct q_draw_events *rows = NULL;
    struct q_draw_block_sum sum;
    size_t n = 0;
    if (w->c.row.frame_run == NULL_INT) {
        return ERR_OK;
    }
    TRY(q_draw_events(cx, tx, w->id, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (rows[i].step == CEREMONY_STEP_FREEZE && rows[i].hex.p != NULL &&
            str_eq(rows[i].what, STR("exclusions.tsv"))) {
            w->v.exclusions.hex = rows[i].hex;
        }
    }
    TRY(q_draw_block_sum(cx, tx, w->id, w->c.row.frame_run, CEREMONY_FILE_EXCLUSIONS, &sum));
    w->v.exclusions.lines = sum.lines;
    return ERR_OK;
}

/* ---- what comes next ---------------------------------------------------------------------------
 */

/* The steps that would be taken with what a person can still fill in: a reason, an event of now. */
static enum err show_may(struct cx *cx, struct tx *tx, struct showing *w)
{
    struct ceremony_facts f;
    TRY(ceremony_facts_of(cx, tx, &w->c, w->by, &f));
    w->v.cosigned = f.cosigned;
    for (int s = 0; s < CEREMONY_STEP__COUNT; s++) {
        struct str dept = w->by == NULL ? STR("") : w->by->dept;
        struct cx asked = { .mem = cx->mem, .now_ms = cx->now_ms, .lang = cx->lang };
        struct ceremony_input in = ceremony_input_of(cx, &w->c, (enum ceremony_step)s, dept);
        in.event_at = cx->now_ms;
        in.reason = STR("-");
        if (s == CEREMONY_STEP_REPLACE_INSPECTOR && dept.n == 0) {
            in.dept = STR("-"); /* a reviewer will say which */
        }
        if (s != CEREMONY_STEP_PLAN &&
            ceremony_decide(&asked, w->by, &f, &in, cx->now_ms) == ERR_OK) {
            w->v.may |= 1u << s;
        }
    }
    return ERR_OK;
}

static enum err other_no(struct cx *cx, struct tx *tx, int64_t id, struct str *no)
{
    struct q_draw_get row;
    bool found = false;
    *no = STR("");
    if (id != 0) {
        TRY(q_draw_get(cx, tx, id, &row, &found));
    }
    if (found) {
        *no = row.no;
    }
    return ERR_OK;
}

static struct ceremony_view view_of(const struct ceremony *c, const struct sight *s)
{
    const struct q_draw_get *r = &c->row;
    return (struct ceremony_view){
        .id = r->id,
        .version = r->ver,
        .no = r->no,
        .title = r->title,
        .region = r->region,
        .task = c->asked.task,
        .state = (enum ceremony_state)r->state,
        .hash = (enum digest_kind)r->hash,
        .demo = r->demo == 1,
        .sealed = r->sealed == 1,
        .missing_skip = c->asked.missing_skip,
        .embargo_on = (int32_t)r->embargo_on,
        .beacon_wait_s = c->asked.beacon_wait_s,
        .cosigners = c->asked.cosigners,
        .planned_at = r->planned_at,
        .frozen_at = r->frozen_at,
        .revealed_at = r->revealed_at,
        .seeded_at = r->seeded_at,
        .drawn_at = r->drawn_at,
        .published_at = r->published_at,
        .void_at = r->void_at,
        .void_reason = no_null(r->void_reason),
        .supersedes = no_null_int(r->supersedes),
        .superseded_by = no_null_int(r->superseded_by),
        .supersedes_reason = c->asked.supersedes_reason,
        .files = sight_files(s),
        .targets = s->lists ? r->n_targets : 0,
        .places = s->lists ? r->n_places : 0,
        .unfilled = s->lists ? r->n_unfilled : 0,
    };
}

static enum err show_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct showing *w = arg;
    TRY(ceremony_load(cx, tx, w->id, &w->c));
    w->sight = sight_of(w->by, &w->c.row);
    w->v = view_of(&w->c, &w->sight);
    TRY(other_no(cx, tx, w->v.supersedes, &w->v.supersedes_no));
    TRY(other_no(cx, tx, w->v.superseded_by, &w->v.superseded_by_no));
    TRY(show_parties(cx, tx, w));
    TRY(show_beacons(cx, w));
    TRY(show_lots(cx, tx, w));
    TRY(show_texts(cx, tx, w));
    TRY(show_frame(cx, tx, w));
    TRY(show_head(cx, tx, w));
    TRY(show_exclusions(cx, tx, w));
    return show_may(cx, tx, w);
}

enum err ceremony_show(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                       struct ceremony_view *out)
{
    struct showing *w = arena_alloc(cx->mem, 1, sizeof *w);
    if (w == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a draw's view");
    }
    w->by = by;
    w->id = id;
    TRY(store_read(cx, d->store, show_work, w));
    *out = w->v;
    return ERR_OK;
}
