/* Replacements after the draw, only along the orders that the draw itself has fixed: core's
 * succession finds who follows from the files as published, this file brings it the files and
 * writes down what it says. */
#include "office/ceremony.h"
#include "office/directory.h"

#include "core/core.h"

#include <string.h>

enum { LINE_MAX_CHARS = 2048 };

/* What follows from one replacement. */
struct replacing {
    const struct ceremony_replacement *r;
    struct ceremony_work work;
    int64_t recorded; /* changes made before */
    struct draw_change *change;
    size_t changes;
};

static enum err check_evidence(struct cx *cx, struct str hex)
{
    struct digest d;
    return hex.n == 0 || digest_from_hex(hex, &d)
               ? ERR_OK
               : fail(cx, ERR_FIELD, "evidence: 64 lower-case hex digits");
}

/* ---- the draw as published ------------------------------------------------------------------- */

/* Grows by doubling, in the arena. */
struct list {
    void *at;
    size_t n, room, size;
};
static enum err list_add(struct cx *cx, struct list *l, const void *record)
{
    if (l->n == l->room) {
        size_t room = l->room == 0 ? 64 : 2 * l->room;
        char *grown = arena_alloc(cx->mem, room, l->size);
        if (grown == NULL) {
            return fail(cx, ERR_NO_MEMORY, "the assignment");
        }
        if (l->n > 0) {
            memcpy(grown, l->at, l->n * l->size);
        }
        l->at = grown;
        l->room = room;
    }
    memcpy((char *)l->at + l->n++ * l->size, record, l->size);
    return ERR_OK;
}

struct published {
    struct frame frame;
    struct digest seed;
    struct list candidates, rows, prices;
    struct assignment a;
};

static enum err keep_drawn(struct cx *cx, void *ctx, const struct drawn *d)
{
    struct published *w = ctx;
    const struct draw_candidate c = { str_dup(cx->mem, d->id), str_dup(cx->mem, d->region), d->lot,
                                      d->status == LOT_RESERVE };
    if (c.id.p == NULL || c.region.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the drawn ones");
    }
    return list_add(cx, &w->candidates, &c);
}

static enum err read_prices(struct cx *cx, struct tx *tx, const struct ceremony *c,
                            struct published *w)
{
    struct ceremony_blocks state;
    const struct draw_source from = ceremony_blocks_source(tx, c, CEREMONY_FILE_PRICES, &state);
    struct lines l;
    TRY(lines_open(cx, &from, &l));
    for (;;) {
        struct str line;
        struct price_row p;
        TRY(lines_next(cx, &l, &line));
        if (line.p == NULL) {
            return ERR_OK;
        }
        struct str copy = str_dup(cx->mem, line);
        if (copy.p == NULL) {
            return fail(cx, ERR_NO_MEMORY, "the prices");
        }
        TRY(price_row_get(cx, l.at, copy, &p));
        TRY(list_add(cx, &w->prices, &p));
    }
}

static enum err read_rows(struct cx *cx, struct tx *tx, const struct ceremony *c,
                          struct published *w)
{
    struct q_draw_places_all *rows = NULL;
    size_t n = 0;
    TRY(q_draw_places_all(cx, tx, c->row.id, c->row.result_run, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        const struct assign_row r = { rows[i].code, rows[i].dept, rows[i].qual, rows[i].inspector };
        TRY(list_add(cx, &w->rows, &r));
    }
    return ERR_OK;
}

static enum err read_frame(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           struct published *w)
{
    struct ceremony_blocks state[3];
    const struct frame_sources from = {
        ceremony_blocks_source(tx, c, CEREMONY_FILE_POPULATION, &state[0]),
        ceremony_blocks_source(tx, c, CEREMONY_FILE_ROSTER, &state[1]),
        ceremony_blocks_source(tx, c, CEREMONY_FILE_RECUSAL, &state[2]),
    };
    const struct lot_sinks to = { keep_drawn, NULL, w };
    struct str body;
    struct str hex;
    TRY(ceremony_text(cx, tx, c->row.id, "seed.txt", &body, &hex));
    if (body.p == NULL || !digest_from_hex(hex, &w->seed)) {
        return fail(cx, ERR_NOT_FOUND, "seed.txt");
    }
    TRY(frame_read(cx, &c->plan, &from, &w->frame));
    return lots_draw(cx, &c->plan, &w->frame, &w->seed, &from.population, &to);
}

static enum err read_published(struct cx *cx, struct tx *tx, const struct ceremony *c,
                               struct published *w)
{
    *w = (struct published){ .candidates.size = sizeof(struct draw_candidate),
                             .rows.size = sizeof(struct assign_row),
                             .prices.size = sizeof(struct price_row) };
    TRY(read_frame(cx, tx, c, w));
    TRY(read_rows(cx, tx, c, w));
    TRY(read_prices(cx, tx, c, w));
    w->a = (struct assignment){
        .row = w->rows.at, .rows = w->rows.n, .price = w->prices.at, .prices = w->prices.n
    };
    return ERR_OK;
}

/* Lots and teams as the draw and every replacement so far left them. */
static enum err as_they_stand(struct cx *cx, struct tx *tx, struct replacing *w,
                              struct published *p, struct succession *out)
{
    const struct ceremony *c = &w->work.c;
    struct q_draw_changes *row = NULL;
    size_t n = 0;
    TRY(read_published(cx, tx, c, p));
    const struct succession_input in = { &c->plan,         &p->seed,        &p->frame,
                                         p->candidates.at, p->candidates.n, &p->a };
    TRY(succession_open(cx, &in, out));
    TRY(q_draw_changes(cx, tx, c->row.id, &row, &n));
    for (size_t i = 0; i < n; i++) {
        const struct draw_change made = { change_kind_by_name(row[i].kind),
                                          row[i].lot,
                                          row[i].code,
                                          row[i].dept,
                                          row[i].leaves,
                                          row[i].enters };
        TRY(succession_apply(cx, out, &made));
    }
    w->recorded = (int64_t)n;
    return ERR_OK;
}

static enum err choose_target(struct cx *cx, struct tx *tx, void *arg)
{
    struct replacing *w = arg;
    struct published p;
    struct succession s;
    TRY(as_they_stand(cx, tx, w, &p, &s));
    return succession_target(cx, &s, w->r->lot, w->r->code, &w->change, &w->changes);
}

static enum err choose_inspector(struct cx *cx, struct tx *tx, void *arg)
{
    struct replacing *w = arg;
    struct published p;
    struct succession s;
    TRY(as_they_stand(cx, tx, w, &p, &s));
    w->change = arena_alloc(cx->mem, 1, sizeof *w->change);
    w->changes = 1;
    if (w->change == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a replacement");
    }
    return succession_inspector(cx, &s, w->r->code, w->r->dept, w->r->inspector, w->change);
}

/* ---- the record ------------------------------------------------------------------------------ */

static enum err carry(struct cx *cx, struct tx *tx, struct str staff_no, int64_t places)
{
    struct q_draw_inspector_home at;
    bool found;
    if (str_eq(staff_no, STR("~")) || str_eq(staff_no, STR("-"))) {
        return ERR_OK;
    }
    TRY(q_draw_inspector_home(cx, tx, staff_no, &at, &found));
    return found ? inspector_load_add(cx, tx, at.home, places) : ERR_OK;
}

/* Rehearsals burden nobody. */
static enum err carry_loads(struct cx *cx, struct tx *tx, const struct ceremony *c,
                            const struct draw_change *ch)
{
    if (c->row.demo != 0 || ch->kind == DRAW_CHANGE_TARGET) {
        return ERR_OK;
    }
    if (ch->kind == DRAW_CHANGE_INSPECTOR) {
        TRY(carry(cx, tx, ch->leaves, -1));
    }
    return carry(cx, tx, ch->enters, 1);
}

static struct str item_of(const struct ceremony *c, struct str lot)
{
    for (size_t i = 0; i < c->asked.n_lots; i++) {
        if (str_eq(c->asked.lots[i].name, lot) && c->asked.lots[i].item.n != 0) {
            return c->asked.lots[i].item;
        }
    }
    return STR("-");
}

static enum err pass_visit(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           const struct draw_change *ch)
{
    int64_t changed;
    if (ch->kind != DRAW_CHANGE_TARGET) {
        return ERR_OK;
    }
    TRY(q_draw_visit_replaced(cx, tx, c->row.id, c->row.result_run, ch->lot, ch->code, &changed));
    return q_draw_visit_add(cx, tx, c->row.id, c->row.result_run, ch->lot, ch->enters,
                            item_of(c, ch->lot), date_of_ms(cx->now_ms), &changed);
}

static enum err line_of(struct cx *cx, const struct replacing *w, size_t i, struct str *out)
{
    struct str evidence = w->r->evidence;
    struct buf b = buf_of(cx->mem, LINE_MAX_CHARS);
    char when[INSTANT_CHARS];
    instant_put(cx->now_ms, when);
    const struct draw_change_line line = { .seq = (uint64_t)w->recorded + i + 1,
                                           .time = { when, sizeof when },
                                           .reason = w->r->reason,
                                           .evidence = evidence.n == 0 ? STR("-") : evidence,
                                           .change = w->change[i] };
    change_put(&line, &b);
    return buf_done(cx, &b, out);
}

static enum err record_one(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           const struct ceremony_command *cmd, size_t i)
{
    const struct replacing *w = cmd->arg;
    const struct draw_change *ch = &w->change[i];
    struct str evidence = w->r->evidence.n == 0 ? (struct str){ NULL, 0 } : w->r->evidence;
    struct str line;
    int64_t changed;
    TRY(line_of(cx, w, i, &line));
    TRY(q_draw_change_add(cx, tx, c->row.id, w->recorded + (int64_t)i + 1, cx->now_ms,
                          str_of(change_kind_name(ch->kind)), ch->lot, ch->code, ch->dept,
                          ch->leaves, ch->enters, w->r->reason, evidence, line, &changed));
    TRY(carry_loads(cx, tx, c, ch));
    TRY(pass_visit(cx, tx, c, ch));
    struct digest d = digest_of((enum digest_kind)c->row.hash, line);
    const struct ceremony_said said = { line, &d, LEDGER_EVENT };
    return ceremony_note(cx, tx, c, cmd, &said, NULL);
}

static enum err record(struct cx *cx, struct tx *tx, const struct ceremony *c,
                       const struct ceremony_command *cmd)
{
    const struct replacing *w = cmd->arg;
    int64_t changed;
    for (size_t i = 0; i < w->changes; i++) {
        TRY(record_one(cx, tx, c, cmd, i));
    }
    TRY(q_draw_bump(cx, tx, c->row.id, c->row.ver, cx->now_ms, &changed));
    TRY(ceremony_moved(cx, c, changed));
    return tx_answer(cx, tx, w->change[0].enters);
}

/* ---- commands -------------------------------------------------------------------------------- */

static enum err replace(struct cx *cx, struct ceremony_command *cmd,
                        enum err (*choose)(struct cx *cx, struct tx *tx, void *arg),
                        struct str *next)
{
    struct replacing *w = cmd->arg;
    TRY(check_evidence(cx, w->r->evidence));
    TRY(ceremony_prepare(cx, cmd, &w->work));
    if (!w->work.done) {
        TRY(store_read(cx, cmd->desk->store, choose, w));
    }
    TRY(ceremony_take(cx, cmd));
    *next = cmd->answer;
    return ERR_OK;
}

enum err ceremony_replace_target(struct cx *cx, const struct desk *d, const struct actor *by,
                                 int64_t id, const struct ceremony_replacement *r,
                                 struct str op_key, struct str *next)
{
    struct replacing w = { .r = r };
    struct ceremony_command cmd = { .desk = d,
                                    .by = by,
                                    .id = id,
                                    .op_key = op_key,
                                    .in = { .step = CEREMONY_STEP_REPLACE_TARGET,
                                            .reason = r->reason },
                                    .record = record,
                                    .arg = &w };
    return replace(cx, &cmd, choose_target, next);
}

enum err ceremony_replace_inspector(struct cx *cx, const struct desk *d, const struct actor *by,
                                    int64_t id, const struct ceremony_replacement *r,
                                    struct str op_key, struct str *next)
{
    struct replacing w = { .r = r };
    struct ceremony_command cmd = {
        .desk = d,
        .by = by,
        .id = id,
        .op_key = op_key,
        .in = { .step = CEREMONY_STEP_REPLACE_INSPECTOR, .dept = r->dept, .reason = r->reason },
        .record = record,
        .arg = &w
    };
    return replace(cx, &cmd, choose_inspector, next);
}
