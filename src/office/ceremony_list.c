/* Draws found and listed, and what happened in one. */
#include "office/ceremony_sight.h"

enum { LIST_MAX = 200, REGION_DIGITS = 6 };

/* ---- find -------------------------------------------------------------------------------------
 */

struct finding {
    struct str no;
    int64_t id;
};

static enum err find_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct finding *w = arg;
    struct q_draw_home at;
    struct q_draw_get row;
    bool found;
    TRY(q_draw_home(cx, tx, w->no, &at, &found));
    if (found) {
        w->id = at.home;
        return ERR_OK;
    }
    if (id_get(cx, w->no, &w->id) == ERR_OK) {
        TRY(q_draw_get(cx, tx, w->id, &row, &found));
    }
    fault_clear(cx);
    return found ? ERR_OK : fail(cx, ERR_NOT_FOUND, "draw " STR_FMT, STR_ARG(w->no));
}

enum err ceremony_find(struct cx *cx, const struct desk *d, struct str no, int64_t *id)
{
    struct finding w = { .no = no };
    TRY(store_read(cx, d->store, find_work, &w));
    *id = w.id;
    return ERR_OK;
}

/* ---- list -------------------------------------------------------------------------------------
 */

struct listing {
    const struct actor *by;
    const struct ceremony_query *q;
    char to[REGION_DIGITS + 1]; /* behind the last code of the region */
    struct ceremony_row *out;
    size_t n;
};

static enum err list_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct listing *w = arg;
    struct q_draw_page *rows = NULL;
    const int64_t all = (1 << CEREMONY_STATE__COUNT) - 1;
    int64_t states = w->q->states == 0 ? all : (int64_t)w->q->states & all;
    int64_t before = w->q->before == 0 ? INT64_MAX : w->q->before;
    struct str from = w->q->region.n == 0 ? STR("") : w->q->region;
    TRY(q_draw_page(cx, tx, before, from, (struct str){ w->to, w->q->region.n + 1 }, states,
                    w->q->limit, &rows, &w->n));
    w->out = arena_alloc(cx->mem, w->n + 1, sizeof *w->out);
    if (w->out == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu draws", w->n);
    }
    for (size_t i = 0; i < w->n; i++) {
        const struct q_draw_get row = { .state = rows[i].state }; /* all that `lists` asks for */
        struct sight s = sight_of(w->by, &row);
        w->out[i] = (struct ceremony_row){
            .id = rows[i].id,
            .planned_at = rows[i].planned_at,
            .changed_at = rows[i].changed_at,
            .no = rows[i].no,
            .title = rows[i].title,
            .region = rows[i].region,
            .state = (enum ceremony_state)rows[i].state,
            .demo = rows[i].demo == 1,
            .entities = rows[i].n_entities,
            .targets = s.lists ? rows[i].n_targets : 0,
        };
    }
    return ERR_OK;
}

enum err ceremony_list(struct cx *cx, const struct desk *d, const struct actor *by,
                       const struct ceremony_query *q, struct ceremony_row **out, size_t *n)
{
    struct listing w = { .by = by, .q = q };
    if (q->limit < 1 || q->limit > LIST_MAX) {
        return fail(cx, ERR_FIELD, "limit: 1..%d", LIST_MAX);
    }
    if (q->region.n > REGION_DIGITS) {
        return fail(cx, ERR_FIELD, "region: at most %d digits", REGION_DIGITS);
    }
    for (size_t i = 0; i < q->region.n; i++) {
        if (q->region.p[i] < '0' || q->region.p[i] > '9') {
            return fail(cx, ERR_FIELD, "region: digits");
        }
        w.to[i] = q->region.p[i];
    }
    w.to[q->region.n] = ':'; /* behind every digit */
    TRY(store_read(cx, d->store, list_work, &w));
    *out = w.out;
    *n = w.n;
    return ERR_OK;
}

/* ---- events -----------------------------------------------------------------------------------
 */

struct telling {
    const struct actor *by;
    int64_t id;
    struct ceremony_event *out;
    size_t n;
};

/* May the asker read what was done in this step? The run's line counts who was drawn, a
 * replacement's names whom; the seed's digest is the seed. */
static bool event_open(const struct sight *s, const struct q_draw_events *e)
{
    switch ((enum ceremony_step)e->step) {
    case CEREMONY_STEP_RUN:
    case CEREMONY_STEP_REPLACE_TARGET:
    case CEREMONY_STEP_REPLACE_INSPECTOR:
        return s->lists;
    case CEREMONY_STEP_PLAN:
    case CEREMONY_STEP_COMMIT:
    case CEREMONY_STEP_FREEZE:
    case CEREMONY_STEP_REVEAL:
    case CEREMONY_STEP_CLOSE_REVEALS:
    case CEREMONY_STEP_BEACON:
    case CEREMONY_STEP_PUBLISH:
    case CEREMONY_STEP_VOID:
    case CEREMONY_STEP__COUNT:
    default:
        return true;
    }
}

static struct ceremony_event event_of(const struct sight *s, const struct q_draw_events *e)
{
    bool open = event_open(s, e);
    bool seed = str_eq(e->what, STR("seed.txt")) && !s->values;
    return (struct ceremony_event){
        .seq = e->seq,
        .at = e->at,
        .step = (enum ceremony_step)e->step,
        .by = s->officer ? e->shown : STR(""),
        .dept = e->dept.p == NULL ? STR("") : e->dept,
        .text = open ? e->what : STR(""),
        /* what is in the log is public there */
        .hex = e->hex.p == NULL || seed ? STR("") : e->hex,
        .log_seq = e->log_seq,
    };
}

static enum err events_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct telling *w = arg;
    struct q_draw_get row;
    struct q_draw_events *rows = NULL;
    struct sight s;
    TRY(sight_load(cx, tx, w->id, w->by, &row, &s));
    TRY(q_draw_events(cx, tx, w->id, &rows, &w->n));
    w->out = arena_alloc(cx->mem, w->n + 1, sizeof *w->out);
    if (w->out == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu events", w->n);
    }
    for (size_t i = 0; i < w->n; i++) {
        w->out[i] = event_of(&s, &rows[i]);
    }
    return ERR_OK;
}

enum err ceremony_events(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct ceremony_event **out, size_t *n)
{
    struct telling w = { .by = by, .id = id };
    TRY(store_read(cx, d->store, events_work, &w));
    *out = w.out;
    *n = w.n;
    return ERR_OK;
}
