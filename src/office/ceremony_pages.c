/* The lists of a draw, a page at a time: who was drawn, who inspects, who was left out and why. */
#include "office/ceremony_sight.h"

enum { PAGE_MAX = 1000 };
#define MOVED_UP (INT64_C(1) << 40) /* positions of places that the draw did not give */

struct paging {
    const struct actor *by;
    int64_t id, limit;
    struct str lot, after;
    int64_t after_rank;
    enum ceremony_exclusion reason;
    struct q_draw_get row;
    struct sight sight;
    struct q_draw_changes *changes; /* in the order in which they were made */
    size_t n_changes;
    struct ceremony_result *results;
    struct ceremony_place *places;
    struct ceremony_excluded *excluded;
    size_t n;
};

static enum err check_limit(struct cx *cx, int64_t limit)
{
    return limit >= 1 && limit <= PAGE_MAX ? ERR_OK : fail(cx, ERR_FIELD, "limit: 1..%d", PAGE_MAX);
}

/* The draw, and whether its lists are for this asker. Before the run they are empty. */
static enum err open_lists(struct cx *cx, struct tx *tx, struct paging *w)
{
    TRY(sight_load(cx, tx, w->id, w->by, &w->row, &w->sight));
    if (w->row.result_run == NULL_INT) {
        return ERR_OK;
    }
    if (!w->sight.lists) {
        return fail(cx, ERR_FORBIDDEN, "the lists of draw " STR_FMT " are not public",
                    STR_ARG(w->row.no));
    }
    return q_draw_changes(cx, tx, w->id, &w->changes, &w->n_changes);
}

/* ---- who was drawn ----------------------------------------------------------------------------
 */

static struct str result_state(const struct paging *w, struct str lot, struct str code)
{
    struct str state = STR("");
    for (size_t i = 0; i < w->n_changes; i++) {
        const struct q_draw_changes *c = &w->changes[i];
        if (!str_eq(c->kind, STR("target")) || !str_eq(c->lot, lot)) {
            continue;
        }
        if (str_eq(c->leaves, code)) {
            state = STR("replaced");
        } else if (str_eq(c->enters, code)) {
            state = STR("replacement");
        }
    }
    return state;
}

static enum err decimal(struct cx *cx, int64_t v, struct str *out)
{
    struct buf b = buf_of(cx->mem, 32);
    buf_put_int(&b, v);
    return buf_done(cx, &b, out);
}

/* Whose weight alone drew it is weight: sealed, it is told as drawn. */
static char shown_status(const struct sight *s, struct str status)
{
    return s->weights || status.p[0] != LOT_CERTAIN ? status.p[0] : (char)LOT_SELECTED;
}

static enum err result_of(struct cx *cx, const struct paging *w,
                          const struct q_draw_results_page *r, struct ceremony_result *out)
{
    *out = (struct ceremony_result){
        .lot = r->lot,
        .rank = r->rank,
        .status = shown_status(&w->sight, r->status),
        .code = r->code,
        .name = r->name.p == NULL ? STR("") : r->name,
        .region = r->region.p == NULL ? STR("") : r->region,
        .state = result_state(w, r->lot, r->code),
    };
    if (w->sight.weights) {
        out->p31 = r->p31;
        out->k = r->k;
        TRY(decimal(cx, r->u, &out->u));
    }
    return ERR_OK;
}

static enum err results_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct paging *w = arg;
    struct q_draw_results_page *rows = NULL;
    size_t n = 0;
    w->n = 0;
    TRY(open_lists(cx, tx, w));
    if (w->row.result_run != NULL_INT) {
        const struct qa_draw_results_page ask = { .home = w->id,
                                                  .run = w->row.result_run,
                                                  .lot = w->lot.n > 0 ? w->lot : w->after,
                                                  .rank = w->after_rank,
                                                  .known_at = w->row.frozen_at,
                                                  .on_day = date_of_ms(w->row.frozen_at),
                                                  .most = w->limit };
        TRY(q_draw_results_page(cx, tx, &ask, &rows, &n));
    }
    w->results = arena_alloc(cx->mem, n + 1, sizeof *w->results);
    if (w->results == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu results", n);
    }
    for (size_t i = 0; i < n && (w->lot.n == 0 || str_eq(rows[i].lot, w->lot)); i++) {
        TRY(result_of(cx, w, &rows[i], &w->results[w->n++]));
    }
    return ERR_OK;
}

enum err ceremony_results(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                          const struct ceremony_result_query *q, struct ceremony_result **out,
                          size_t *n)
{
    struct paging w = { .by = by,
                        .id = id,
                        .lot = q->lot,
                        .after = q->after_lot.n > 0 ? q->after_lot : STR(""),
                        .after_rank = q->after_rank,
                        .limit = q->limit };
    TRY(check_limit(cx, q->limit));
    TRY(store_read(cx, d->store, results_work, &w));
    *out = w.results;
    *n = w.n;
    return ERR_OK;
}

/* ---- who inspects -----------------------------------------------------------------------------
 */

/* The change, made after the `from`-th, by which `who` left the team of a target and department. */
static const struct q_draw_changes *leaving(const struct paging *w, const struct ceremony_place *p,
                                            size_t *from)
{
    for (; *from < w->n_changes; (*from)++) {
        const struct q_draw_changes *c = &w->changes[*from];
        if (str_eq(c->kind, STR("inspector")) && str_eq(c->code, p->code) &&
            str_eq(c->dept, p->dept) && str_eq(c->leaves, p->inspector)) {
            (*from)++;
            return c;
        }
    }
    return NULL;
}

/* The place as it was drawn, and behind it whoever took it over since. */
static enum err put_place(struct cx *cx, struct tx *tx, struct paging *w,
                          const struct q_draw_places_page *r)
{
    struct ceremony_place *p = &w->places[w->n++];
    size_t from = 0;
    *p =
        (struct ceremony_place){ .code = r->code,
                                 .dept = r->dept,
                                 .qual = r->qual,
                                 .inspector = r->inspector,
                                 .shown = w->sight.officer && r->name.p != NULL ? r->name : STR(""),
                                 .state = r->pos < MOVED_UP ? STR("") : STR("replacement") };
    for (const struct q_draw_changes *c = leaving(w, p, &from); c != NULL;
         c = leaving(w, p, &from)) {
        struct q_draw_inspector_name name;
        bool found = false;
        p->state = STR("replaced");
        if (str_eq(c->enters, STR("-"))) {
            break; /* the team goes no more */
        }
        w->places[w->n] = *p;
        p = &w->places[w->n++];
        p->inspector = c->enters;
        p->state = STR("replacement");
        if (w->sight.officer) {
            TRY(q_draw_inspector_name(cx, tx, c->enters, &name, &found));
        }
        p->shown = found ? name.name : STR("");
    }
    return ERR_OK;
}

/* Rows of whole targets: what was read to its last row, but for a target that may go on behind. */
static enum err whole_targets(struct cx *cx, struct tx *tx, struct paging *w,
                              struct q_draw_places_page **rows, size_t *n)
{
    for (int64_t most = w->limit + 1;; most *= 2) {
        size_t got = 0;
        TRY(q_draw_places_page(cx, tx, w->id, w->row.result_run, w->after, most, rows, &got));
        size_t whole = got;
        while ((int64_t)got == most && whole > 0 &&
               str_eq((*rows)[whole - 1].code, (*rows)[got - 1].code)) {
            whole--;
        }
        if (whole > 0 || got == 0) {
            *n = whole;
            return ERR_OK;
        }
    }
}

static enum err places_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct paging *w = arg;
    struct q_draw_places_page *rows = NULL;
    size_t n = 0;
    w->n = 0;
    TRY(open_lists(cx, tx, w));
    if (w->row.result_run != NULL_INT) {
        TRY(whole_targets(cx, tx, w, &rows, &n));
    }
    w->places = arena_alloc(cx->mem, n + w->n_changes * 2 + 1, sizeof *w->places);
    if (w->places == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu places", n);
    }
    for (size_t i = 0; i < n; i++) {
        TRY(put_place(cx, tx, w, &rows[i]));
    }
    return ERR_OK;
}

enum err ceremony_places(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str after, int64_t limit, struct ceremony_place **out, size_t *n)
{
    struct paging w = {
        .by = by, .id = id, .after = after.n > 0 ? after : STR(""), .limit = limit
    };
    TRY(check_limit(cx, limit));
    TRY(store_read(cx, d->store, places_work, &w));
    *out = w.places;
    *n = w.n;
    return ERR_OK;
}

/* ---- who was left out -------------------------------------------------------------------------
 */

/* code TAB reason TAB detail */
static bool excluded_of(struct str line, struct ceremony_excluded *out)
{
    struct str rest = line;
    out->code = str_cut(&rest, '\t');
    out->reason = ceremony_exclusion_by_name(str_cut(&rest, '\t'));
    out->detail = str_eq(rest, STR("-")) ? STR("") : rest;
    return out->reason != CEREMONY_EXCLUSION__COUNT;
}

static enum err put_excluded(struct cx *cx, struct tx *tx, struct paging *w, struct str line)
{
    struct ceremony_excluded e;
    struct q_draw_entity_name name;
    bool found;
    if (!excluded_of(line, &e)) {
        return fail(cx, ERR_STORE, "exclusions.tsv: \"" STR_FMT "\"", STR_ARG(line));
    }
    if (str_cmp(e.code, w->after) <= 0 ||
        (w->reason != CEREMONY_EXCLUSION__COUNT && e.reason != w->reason)) {
        return ERR_OK;
    }
    e.code = str_dup(cx->mem, e.code);
    e.detail = str_dup(cx->mem, e.detail);
    if (e.code.p == NULL || e.detail.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "exclusions");
    }
    TRY(q_draw_entity_name(cx, tx, e.code, &name, &found));
    e.name = found ? name.name : STR("");
    w->excluded[w->n++] = e;
    return ERR_OK;
}

/* The block in which the first line behind `after` may stand. */
static enum err first_block(struct cx *cx, struct tx *tx, const struct paging *w, int64_t *block)
{
    struct q_draw_block_of_key at;
    bool found = false;
    if (w->after.n > 0) {
        TRY(q_draw_block_of_key(cx, tx, w->id, w->row.frame_run, CEREMONY_FILE_EXCLUSIONS, w->after,
                                &at, &found));
    }
    *block = found ? at.block : 0;
    return ERR_OK;
}

static enum err excluded_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct paging *w = arg;
    struct q_draw_block b;
    bool found = true;
    w->n = 0;
    TRY(sight_load(cx, tx, w->id, w->by, &w->row, &w->sight));
    if (w->row.frame_run == NULL_INT) {
        return ERR_OK;
    }
    int64_t block;
    TRY(first_block(cx, tx, w, &block));
    for (; (int64_t)w->n < w->limit && found; block++) {
        TRY(q_draw_block(cx, tx, w->id, w->row.frame_run, CEREMONY_FILE_EXCLUSIONS, block, &b,
                         &found));
        for (struct str rest = found ? b.lines : STR(""); rest.n > 0 && (int64_t)w->n < w->limit;) {
            TRY(put_excluded(cx, tx, w, str_cut(&rest, '\n')));
        }
    }
    return ERR_OK;
}

enum err ceremony_exclusions(struct cx *cx, const struct desk *d, const struct actor *by,
                             int64_t id, const struct ceremony_exclusion_query *q,
                             struct ceremony_excluded **out, size_t *n)
{
    struct paging w = { .by = by,
                        .id = id,
                        .after = q->after.n > 0 ? q->after : STR(""),
                        .limit = q->limit,
                        .reason = q->reason };
    TRY(access_allow(cx, by, POWER_DRAW_READ, (struct scope){ 0 }));
    TRY(check_limit(cx, q->limit));
    w.excluded = arena_alloc(cx->mem, (size_t)q->limit, sizeof *w.excluded);
    if (w.excluded == NULL) {
        return fail(cx, ERR_NO_MEMORY, "exclusions");
    }
    TRY(store_read(cx, d->store, excluded_work, &w));
    *out = w.excluded;
    *n = w.n;
    return ERR_OK;
}

struct counting {
    int64_t id;
    int64_t counts[CEREMONY_EXCLUSION__COUNT];
};

static enum err counts_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct counting *w = arg;
    struct q_draw_get row;
    struct sight s;
    struct q_draw_exclusions *rows = NULL;
    size_t n = 0;
    *w = (struct counting){ .id = w->id };
    TRY(sight_load(cx, tx, w->id, NULL, &row, &s));
    if (row.frame_run != NULL_INT) {
        TRY(q_draw_exclusions(cx, tx, w->id, row.frame_run, &rows, &n));
    }
    for (size_t i = 0; i < n; i++) {
        if (rows[i].reason >= 0 && rows[i].reason < CEREMONY_EXCLUSION__COUNT) {
            w->counts[rows[i].reason] = rows[i].entities;
        }
    }
    return ERR_OK;
}

enum err ceremony_exclusion_counts(struct cx *cx, const struct desk *d, int64_t id,
                                   int64_t counts[CEREMONY_EXCLUSION__COUNT])
{
    struct counting w = { .id = id };
    TRY(store_read(cx, d->store, counts_work, &w));
    for (size_t i = 0; i < CEREMONY_EXCLUSION__COUNT; i++) {
        counts[i] = w.counts[i];
    }
    return ERR_OK;
}
