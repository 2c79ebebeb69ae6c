/* Replacements after the draw, only along the orders that the draw itself has fixed. */
#include "office/ceremony.h"
#include "office/directory.h"

#include <string.h>

enum { LINE_MAX_CHARS = 2048, RESERVES_PAGE = 64 };

struct changes {
    struct q_draw_changes *row;
    size_t n;
};

struct replacing {
    const struct ceremony_replacement *r;
    struct ceremony_work work;
    struct str next; /* out */
    char room[DRAW_ID_MAX];
};

static enum err check_evidence(struct cx *cx, struct str hex)
{
    struct digest d;
    return hex.n == 0 || digest_from_hex(hex, &d)
               ? ERR_OK
               : fail(cx, ERR_FIELD, "evidence: 64 lower-case hex digits");
}

/* ---- the record of a change ------------------------------------------------------------------ */

/* A line of events.tsv: seq time kind id reason evidence replaced-by. The id is LOT/CODE of a
 * target, CODE/DEPT/STAFF of an inspector. */
struct change {
    const char *kind;
    struct str id, lot, code, dept, leaves;
};

static enum err add_change(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           const struct ceremony_command *cmd, const struct changes *before,
                           const struct change *ch)
{
    const struct replacing *w = cmd->arg;
    struct buf line = buf_of(cx->mem, LINE_MAX_CHARS);
    struct str evidence = w->r->evidence;
    int64_t seq = (int64_t)before->n + 1;
    char when[INSTANT_CHARS];
    struct str whole;
    int64_t changed;
    instant_put(cx->now_ms, when);
    buf_fmt(&line, "%lld\t%.*s\t%s\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT,
            (long long)seq, INSTANT_CHARS, when, ch->kind, STR_ARG(ch->id), STR_ARG(w->r->reason),
            STR_ARG(evidence.n == 0 ? STR("-") : evidence), STR_ARG(w->next));
    TRY(buf_done(cx, &line, &whole));
    TRY(q_draw_change_add(cx, tx, c->row.id, seq, cx->now_ms, str_of(ch->kind), ch->lot, ch->code,
                          ch->dept, ch->leaves, w->next, w->r->reason,
                          evidence.n == 0 ? (struct str){ NULL, 0 } : evidence, whole, &changed));
    TRY(q_draw_bump(cx, tx, c->row.id, c->row.ver, cx->now_ms, &changed));
    TRY(ceremony_moved(cx, c, changed));
    struct digest d = digest_of((enum digest_kind)c->row.hash, whole);
    const struct ceremony_said said = { whole, &d, LEDGER_EVENT };
    TRY(ceremony_note(cx, tx, c, cmd, &said, NULL));
    return tx_answer(cx, tx, w->next);
}

static enum err id_of(struct cx *cx, const struct str *part, size_t n, struct str *out)
{
    struct buf b = buf_of(cx->mem, LINE_MAX_CHARS);
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            buf_put_c(&b, '/');
        }
        buf_put(&b, part[i]);
    }
    return buf_done(cx, &b, out);
}

/* ---- a target -------------------------------------------------------------------------------- */

static bool entered(const struct changes *all, struct str lot, struct str code)
{
    bool in = false;
    for (size_t i = 0; i < all->n; i++) {
        in = in || (str_eq(all->row[i].kind, STR("target")) && str_eq(all->row[i].lot, lot) &&
                    str_eq(all->row[i].enters, code));
    }
    return in;
}

static bool has_left(const struct changes *all, struct str lot, struct str code)
{
    bool out = false;
    for (size_t i = 0; i < all->n; i++) {
        out = out || (str_eq(all->row[i].kind, STR("target")) && str_eq(all->row[i].lot, lot) &&
                      str_eq(all->row[i].leaves, code));
    }
    return out;
}

static enum err check_leaving(struct cx *cx, struct tx *tx, const struct ceremony *c,
                              const struct changes *all, const struct ceremony_replacement *r)
{
    struct q_draw_results_of *rows = NULL;
    size_t n = 0;
    bool drawn = entered(all, r->lot, r->code);
    TRY(q_draw_results_of(cx, tx, c->row.id, c->row.result_run, r->code, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        drawn = drawn || (str_eq(rows[i].lot, r->lot) && !str_eq(rows[i].status, STR("R")));
    }
    if (!drawn) {
        return fail(cx, ERR_NOT_FOUND, STR_FMT " is no target of lot " STR_FMT, STR_ARG(r->code),
                    STR_ARG(r->lot));
    }
    return has_left(all, r->lot, r->code)
               ? fail(cx, ERR_STATE, STR_FMT " was replaced already", STR_ARG(r->code))
               : ERR_OK;
}

/* The first reserve of the lot that has not moved up yet. */
static enum err next_reserve(struct cx *cx, struct tx *tx, const struct ceremony *c,
                             const struct changes *all, struct str lot, struct str *next)
{
    int64_t after = 0;
    for (;;) {
        struct q_draw_reserves *rows = NULL;
        size_t n = 0;
        TRY(q_draw_reserves(cx, tx, c->row.id, c->row.result_run, lot, after, RESERVES_PAGE, &rows,
                            &n));
        for (size_t i = 0; i < n; i++) {
            if (!entered(all, lot, rows[i].code)) {
                *next = rows[i].code;
                return ERR_OK;
            }
            after = rows[i].rank;
        }
        if (n < RESERVES_PAGE) {
            return fail(cx, ERR_DRAW_EMPTY, "lot " STR_FMT " has no reserve left", STR_ARG(lot));
        }
    }
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

static enum err target_record(struct cx *cx, struct tx *tx, const struct ceremony *c,
                              const struct ceremony_command *cmd)
{
    struct replacing *w = cmd->arg;
    const struct ceremony_replacement *r = w->r;
    const struct str id[] = { r->lot, r->code };
    struct change ch = { "target", STR(""), r->lot, r->code, STR("-"), r->code };
    struct changes all = { 0 };
    int64_t changed;
    TRY(q_draw_changes(cx, tx, c->row.id, &all.row, &all.n));
    TRY(check_leaving(cx, tx, c, &all, r));
    TRY(next_reserve(cx, tx, c, &all, r->lot, &w->next));
    TRY(q_draw_visit_replaced(cx, tx, c->row.id, c->row.result_run, r->lot, r->code, &changed));
    TRY(q_draw_visit_add(cx, tx, c->row.id, c->row.result_run, r->lot, w->next, item_of(c, r->lot),
                         date_of_ms(cx->now_ms), &changed));
    TRY(id_of(cx, id, COUNT_OF(id), &ch.id));
    return add_change(cx, tx, c, cmd, &all, &ch);
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
                                    .record = target_record,
                                    .arg = &w };
    TRY(check_evidence(cx, r->evidence));
    TRY(ceremony_take(cx, &cmd));
    *next = cmd.answer;
    return ERR_OK;
}

/* ---- an inspector: the assignment as published ----------------------------------------------- */

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
    struct list visits, rows, prices;
    const struct plan *plan;
};

static enum err visit_drawn(struct cx *cx, void *ctx, const struct drawn *d)
{
    struct published *w = ctx;
    bool teamed = false;
    for (size_t i = 0; i < w->plan->teams; i++) {
        teamed = teamed || str_eq(w->plan->team[i].lot, w->plan->lot[d->lot].name);
    }
    if (!teamed || d->status == LOT_RESERVE) {
        return ERR_OK;
    }
    const struct visit v = { str_dup(cx->mem, d->id), str_dup(cx->mem, d->region), d->lot };
    if (v.id.p == NULL || v.region.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the visits");
    }
    return list_add(cx, &w->visits, &v);
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
    const struct lot_sinks to = { visit_drawn, NULL, w };
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
    *w = (struct published){ .visits.size = sizeof(struct visit),
                             .rows.size = sizeof(struct assign_row),
                             .prices.size = sizeof(struct price_row),
                             .plan = &c->plan };
    TRY(read_frame(cx, tx, c, w));
    TRY(read_rows(cx, tx, c, w));
    return read_prices(cx, tx, c, w);
}

/* ---- an inspector: who goes instead ---------------------------------------------------------- */

static bool of_team(const struct q_draw_changes *ch, const struct ceremony_replacement *r)
{
    return str_eq(ch->kind, STR("inspector")) && str_eq(ch->code, r->code) &&
           str_eq(ch->dept, r->dept);
}

/* The place that the leaving one holds: its own by the draw, or that of whom it replaced. */
static enum err find_place(struct cx *cx, const struct published *p, const struct changes *all,
                           const struct ceremony_replacement *r, struct assign_row *out)
{
    struct str who = r->inspector;
    const struct assign_row *row = p->rows.at;
    for (size_t i = all->n; i-- > 0;) {
        if (of_team(&all->row[i], r) && str_eq(all->row[i].leaves, who)) {
            return fail(cx, ERR_STATE, STR_FMT " was replaced already", STR_ARG(r->inspector));
        }
        if (of_team(&all->row[i], r) && str_eq(all->row[i].enters, who)) {
            who = all->row[i].leaves;
        }
    }
    for (size_t i = 0; i < p->rows.n; i++) {
        if (str_eq(row[i].target, r->code) && str_eq(row[i].dept, r->dept) &&
            str_eq(row[i].inspector, who) && !str_eq(who, STR("~"))) {
            *out = row[i];
            return ERR_OK;
        }
    }
    return fail(cx, ERR_NOT_FOUND, STR_FMT " does not visit " STR_FMT " for " STR_FMT,
                STR_ARG(r->inspector), STR_ARG(r->code), STR_ARG(r->dept));
}

/* Has the inspector a place left, with what replacements brought and took? And was it of this team
 * before? Whoever left it does not come back. */
static bool may_enter(const struct published *p, const struct changes *all,
                      const struct ceremony_replacement *r, struct str who)
{
    const struct assign_row *row = p->rows.at;
    int64_t placed = 0;
    for (size_t i = 0; i < p->rows.n; i++) {
        placed += str_eq(row[i].inspector, who);
    }
    for (size_t i = 0; i < all->n; i++) {
        const struct q_draw_changes *ch = &all->row[i];
        bool leaves = str_eq(ch->kind, STR("inspector")) && str_eq(ch->leaves, who);
        bool enters = str_eq(ch->kind, STR("inspector")) && str_eq(ch->enters, who);
        if (of_team(ch, r) && (leaves || enters)) {
            return false;
        }
        placed += enters - leaves;
    }
    for (size_t i = 0; i < p->frame.inspectors; i++) {
        if (str_eq(p->frame.inspector[i].id, who)) {
            return placed < (int64_t)p->frame.inspector[i].cap;
        }
    }
    return false;
}

static enum err choose_next(struct cx *cx, const struct published *p, const struct changes *all,
                            struct replacing *w)
{
    struct assign_row place = { 0 };
    struct assign_input in = { .plan = p->plan,
                               .seed = &p->seed,
                               .inspector = p->frame.inspector,
                               .inspectors = p->frame.inspectors,
                               .recused = p->frame.recused,
                               .recusals = p->frame.recusals,
                               .visit = p->visits.at,
                               .visits = p->visits.n };
    const struct assignment a = {
        .row = p->rows.at, .rows = p->rows.n, .price = p->prices.at, .prices = p->prices.n
    };
    struct str *offer = arena_alloc(cx->mem, p->frame.inspectors + 1, sizeof *offer);
    size_t n = 0;
    if (offer == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the inspectors");
    }
    TRY(find_place(cx, p, all, w->r, &place));
    TRY(assign_next(cx, &in, &a, &place, offer, p->frame.inspectors, &n));
    for (size_t i = 0; i < n; i++) {
        if (may_enter(p, all, w->r, offer[i])) {
            memcpy(w->room, offer[i].p, offer[i].n);
            w->next = (struct str){ w->room, offer[i].n };
            return ERR_OK;
        }
    }
    return fail(cx, ERR_DRAW_EMPTY, "nobody else may visit " STR_FMT " for " STR_FMT,
                STR_ARG(w->r->code), STR_ARG(w->r->dept));
}

static enum err choose_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct replacing *w = arg;
    const struct ceremony *c = &w->work.c;
    struct published p;
    struct changes all = { 0 };
    TRY(q_draw_changes(cx, tx, c->row.id, &all.row, &all.n));
    TRY(read_published(cx, tx, c, &p));
    return choose_next(cx, &p, &all, w);
}

static enum err carry(struct cx *cx, struct tx *tx, struct str staff_no, int64_t places)
{
    struct q_draw_inspector_home at;
    bool found;
    TRY(q_draw_inspector_home(cx, tx, staff_no, &at, &found));
    return found ? inspector_load_add(cx, tx, at.home, places) : ERR_OK;
}

static enum err inspector_record(struct cx *cx, struct tx *tx, const struct ceremony *c,
                                 const struct ceremony_command *cmd)
{
    const struct replacing *w = cmd->arg;
    const struct ceremony_replacement *r = w->r;
    const struct str id[] = { r->code, r->dept, r->inspector };
    struct change ch = { "inspector", STR(""), STR("-"), r->code, r->dept, r->inspector };
    struct changes all = { 0 };
    TRY(q_draw_changes(cx, tx, c->row.id, &all.row, &all.n));
    if (c->row.demo == 0) {
        TRY(carry(cx, tx, r->inspector, -1));
        TRY(carry(cx, tx, w->next, 1));
    }
    TRY(id_of(cx, id, COUNT_OF(id), &ch.id));
    return add_change(cx, tx, c, cmd, &all, &ch);
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
        .record = inspector_record,
        .arg = &w
    };
    TRY(check_evidence(cx, r->evidence));
    TRY(ceremony_prepare(cx, &cmd, &w.work));
    if (!w.work.done) {
        TRY(store_read(cx, d->store, choose_work, &w));
    }
    TRY(ceremony_take(cx, &cmd));
    *next = cmd.answer;
    return ERR_OK;
}
