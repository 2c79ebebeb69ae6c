/* A draw is planned: its number is taken, plan.txt and rules.txt are written and logged. */
#include "office/ceremony.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 9999, DRAW_NO_MAX = 32, TEAM_LINES_MAX = 4096 };

struct planning {
    const struct desk *desk;
    const struct actor *by;
    const struct ceremony_plan *asked;
    struct str op_key;
    struct ceremony c; /* as far as it is made */
    int64_t superseded_ver;
    struct str superseded_no;
};

/* ---- what the plan names must be there ------------------------------------------------------- */

static enum err need_dept(struct cx *cx, struct tx *tx, struct str code)
{
    struct q_draw_dept row;
    bool found;
    TRY(q_draw_dept(cx, tx, code, &row, &found));
    return found ? ERR_OK : fail(cx, ERR_NOT_FOUND, "department " STR_FMT, STR_ARG(code));
}

static enum err check_depts(struct cx *cx, struct tx *tx, const struct ceremony_plan *p)
{
    for (size_t i = 0; i < p->n_parties; i++) {
        TRY(need_dept(cx, tx, p->parties[i]));
    }
    for (size_t i = 0; i < p->n_teams; i++) {
        TRY(need_dept(cx, tx, p->teams[i].dept));
    }
    return ERR_OK;
}

/* The item of a lot as it is in force today. */
static enum err lot_item(struct cx *cx, struct tx *tx, const struct ceremony_lot *l,
                         struct q_draw_item *out)
{
    bool found;
    *out = (struct q_draw_item){ 0 };
    if (l->item.n == 0) {
        return ERR_OK;
    }
    TRY(q_draw_item(cx, tx, l->item, date_of_ms(cx->now_ms), out, &found));
    return found ? ERR_OK : fail(cx, ERR_NOT_FOUND, "item " STR_FMT, STR_ARG(l->item));
}

/* What a draw remembers is kept by item, so one lot of a draw remembers for an item. */
static enum err check_memories(struct cx *cx, const struct ceremony_plan *p)
{
    for (size_t i = 0; i < p->n_lots; i++) {
        for (size_t k = 0; k < i; k++) {
            if (p->lots[i].memory_years > 0 && p->lots[k].memory_years > 0 &&
                str_eq(p->lots[i].item, p->lots[k].item)) {
                return fail(cx, ERR_FIELD, "lots[%zu].memory_years: lots[%zu] remembers this item",
                            i, k);
            }
        }
    }
    return ERR_OK;
}

static enum err check_superseded(struct cx *cx, struct tx *tx, struct planning *w)
{
    struct q_draw_get old;
    bool found;
    if (w->asked->supersedes == 0) {
        return ERR_OK;
    }
    TRY(q_draw_get(cx, tx, w->asked->supersedes, &old, &found));
    if (!found) {
        return fail(cx, ERR_NOT_FOUND, "the draw to be superseded");
    }
    if (old.state != CEREMONY_VOID || old.superseded_by != NULL_INT) {
        return fail(cx, ERR_STATE, "draw " STR_FMT " %s", STR_ARG(old.no),
                    old.state != CEREMONY_VOID ? "is not void" : "was superseded already");
    }
    w->superseded_no = old.no;
    return ERR_OK;
}

/* ---- rules.txt ------------------------------------------------------------------------------- */

/* A list that is committed to without being told: who must be visited is no public knowledge
 * before the visit. */
static enum err put_named(struct cx *cx, const char *word, struct str lot, enum digest_kind hash,
                          const struct ceremony_named *all, size_t n, struct buf *out)
{
    struct hasher h;
    if (n == 0) {
        return ERR_OK;
    }
    hasher_init(&h, hash);
    for (size_t i = 0; i < n; i++) {
        hasher_feed(&h, all[i].code.p, all[i].code.n);
        hasher_feed(&h, "\t", 1);
        hasher_feed(&h, all[i].reason.p, all[i].reason.n);
        hasher_feed(&h, "\n", 1);
    }
    struct digest d = hasher_end(&h);
    (void)cx;
    buf_fmt(out, "%s " STR_FMT "%s%zu ", word, STR_ARG(lot), lot.n == 0 ? "" : " ", n);
    buf_put_hex(out, d.b, DIGEST_LEN);
    buf_put_c(out, '\n');
    return ERR_OK;
}

static enum err put_lot_rules(struct cx *cx, const struct ceremony_plan *p,
                              const struct ceremony_lot *l, struct buf *out)
{
    buf_fmt(out, "lot " STR_FMT " %s item " STR_FMT " classes %llu\n", STR_ARG(l->name),
            ceremony_mode_name(l->mode), STR_ARG(l->item.n == 0 ? STR("-") : l->item),
            (unsigned long long)l->classes);
    for (size_t i = 0; i < l->n_industries; i++) {
        buf_fmt(out, "industry " STR_FMT " " STR_FMT "\n", STR_ARG(l->name),
                STR_ARG(l->industries[i]));
    }
    for (size_t i = 0; i < l->n_grades; i++) {
        buf_fmt(out, "grade " STR_FMT " " STR_FMT " weight %lld memory %lld\n", STR_ARG(l->name),
                STR_ARG(l->grades[i].grade), (long long)l->grades[i].weight,
                (long long)l->grades[i].memory);
    }
    if (l->memory_years > 0) {
        buf_fmt(out, "cycle " STR_FMT " %lld\n", STR_ARG(l->name), (long long)l->memory_years);
    }
    if (l->due_months > 0) {
        buf_fmt(out, "due " STR_FMT " %lld\n", STR_ARG(l->name), (long long)l->due_months);
    }
    return put_named(cx, "mandatory", l->name, p->hash, l->mandatory, l->n_mandatory, out);
}

static enum err write_rules(struct cx *cx, const struct planning *w, struct str *text)
{
    const struct ceremony_plan *p = w->asked;
    struct buf out = buf_of(cx->mem, CEREMONY_TEXT_MAX);
    char day[DATE_CHARS];
    date_put(date_of_ms(cx->now_ms), day);
    buf_fmt(&out,
            "sishi-draw/1 rules\ndraw " STR_FMT "\nregion " STR_FMT "\ntask " STR_FMT
            "\nplanned %.*s\nyearly_cap %lld\nwait %lld\ncosigners %lld\n",
            STR_ARG(w->c.row.no), STR_ARG(p->region), STR_ARG(p->task), DATE_CHARS, day,
            (long long)p->yearly_cap, (long long)p->beacon_wait_s, (long long)p->cosigners);
    if (p->demo) {
        buf_put_z(&out, "rehearsal\n");
    }
    if (p->sealed) {
        buf_put_z(&out, "sealed\n");
    }
    if (p->supersedes != 0) {
        buf_fmt(&out, "supersedes " STR_FMT " " STR_FMT "\n", STR_ARG(w->superseded_no),
                STR_ARG(p->supersedes_reason));
    }
    for (size_t i = 0; i < p->n_lots; i++) {
        TRY(put_lot_rules(cx, p, &p->lots[i], &out));
    }
    TRY(put_named(cx, "excluded", STR(""), p->hash, p->excluded, p->n_excluded, &out));
    return buf_done(cx, &out, text);
}

/* ---- plan.txt -------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int by_lot(const void *a, const void *b)
{
    return str_cmp(((const struct plan_lot *)a)->name, ((const struct plan_lot *)b)->name);
}

static enum err plan_parties(struct cx *cx, const struct ceremony_plan *p, struct plan *out)
{
    out->party = arena_alloc(cx->mem, p->n_parties + 1, sizeof *out->party);
    out->beacon = arena_alloc(cx->mem, p->n_beacons + 1, sizeof *out->beacon);
    if (out->party == NULL || out->beacon == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the plan");
    }
    for (size_t i = 0; i < p->n_parties; i++) {
        out->party[out->parties++] = p->parties[i];
    }
    qsort(out->party, out->parties, sizeof *out->party, by_name);
    for (size_t i = 0; i < p->n_beacons; i++) {
        struct plan_beacon *b = &out->beacon[out->beacons++];
        b->ref = p->beacons[i].ref;
        while (b->kind < BEACON_OTHER &&
               !str_eq(str_of(beacon_kind_name(b->kind)), p->beacons[i].kind)) {
            b->kind++;
        }
    }
    return ERR_OK;
}

/* To put everybody in random order is a rate lot in which everybody is certain (core/lot.h). */
static enum err plan_lots(struct cx *cx, const struct ceremony_plan *p, struct plan *out)
{
    out->lot = arena_alloc(cx->mem, p->n_lots + 1, sizeof *out->lot);
    if (out->lot == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the plan");
    }
    for (size_t i = 0; i < p->n_lots; i++) {
        bool fixed = p->lots[i].mode == CEREMONY_FIXED;
        out->lot[out->lots++] = (struct plan_lot){
            .name = p->lots[i].name,
            .mode = fixed ? LOT_FIXED : LOT_RATE,
            .n = fixed ? (uint32_t)p->lots[i].n : 0,
            .reserve = fixed ? (uint32_t)p->lots[i].reserve : 0,
        };
    }
    qsort(out->lot, out->lots, sizeof *out->lot, by_lot);
    return ERR_OK;
}

static enum err team_line(struct cx *cx, const struct ceremony_team *t, struct str qual,
                          struct plan *out)
{
    struct plan_team line = { t->lot, t->dept, (uint32_t)t->size, qual };
    for (size_t i = 0; i < out->teams; i++) {
        const struct plan_team *o = &out->team[i];
        if (str_eq(o->lot, line.lot) && str_eq(o->dept, line.dept) && o->size == line.size &&
            str_eq(o->qual, line.qual)) {
            return ERR_OK;
        }
    }
    if (out->teams == TEAM_LINES_MAX) {
        return fail(cx, ERR_FIELD, "teams: over %d lines", (int)TEAM_LINES_MAX);
    }
    out->team[out->teams++] = line;
    return ERR_OK;
}

static const struct ceremony_lot *lot_of(const struct ceremony_plan *p, struct str name)
{
    size_t i = 0;
    while (i + 1 < p->n_lots && !str_eq(p->lots[i].name, name)) {
        i++;
    }
    return &p->lots[i];
}

/* A team needs what its line asks for and what the item asks for. */
static enum err plan_teams(struct cx *cx, struct tx *tx, const struct ceremony_plan *p,
                           struct plan *out)
{
    out->team = arena_alloc(cx->mem, TEAM_LINES_MAX, sizeof *out->team);
    if (out->team == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the plan");
    }
    for (size_t i = 0; i < p->n_teams; i++) {
        const struct ceremony_team *t = &p->teams[i];
        struct q_draw_item item;
        TRY(lot_item(cx, tx, lot_of(p, t->lot), &item));
        if (t->qual.n != 0 || item.quals.n == 0) {
            TRY(team_line(cx, t, t->qual.n == 0 ? STR("-") : t->qual, out));
        }
        for (struct str rest = item.quals; rest.n != 0;) {
            TRY(team_line(cx, t, str_cut(&rest, ','), out));
        }
    }
    return ERR_OK;
}

enum err ceremony_plan_lots(struct cx *cx, struct tx *tx, const struct ceremony_plan *p,
                            struct plan *out)
{
    TRY(plan_lots(cx, p, out));
    return plan_teams(cx, tx, p, out);
}

static enum err write_plan(struct cx *cx, struct tx *tx, struct planning *w, struct digest *rules,
                           struct str *text)
{
    const struct ceremony_plan *p = w->asked;
    struct plan plan = {
        .draw_id = w->c.row.no,
        .title = p->title,
        .has_rules = true,
        .rules = *rules,
        .hash = p->hash,
        .missing = p->missing_skip ? MISSING_SKIP : MISSING_VOID,
        .embargo_on = p->embargo_on,
    };
    struct buf out = buf_of(cx->mem, CEREMONY_TEXT_MAX);
    struct draw_text room;
    TRY(plan_parties(cx, p, &plan));
    TRY(ceremony_plan_lots(cx, tx, p, &plan));
    plan_write(&plan, &out);
    TRY(buf_done(cx, &out, text));
    struct draw_source source = draw_source_of("plan.txt", *text, &room);
    return plan_read(cx, &source, &w->c.plan);
}

/* ---- the record ------------------------------------------------------------------------------ */

static enum err take_number(struct cx *cx, struct tx *tx, struct planning *w)
{
    struct q_draw_number_take taken;
    int64_t year = date_of_ms(cx->now_ms) / 10000;
    struct buf no = buf_of(cx->mem, DRAW_NO_MAX);
    TRY(q_draw_number_take(cx, tx, w->asked->region, year, &taken));
    if (taken.last > NUMBER_MAX) {
        return fail(cx, ERR_STATE, "region " STR_FMT " has used its %d numbers of the year",
                    STR_ARG(w->asked->region), NUMBER_MAX);
    }
    buf_fmt(&no, STR_FMT "-%04lld-%04lld", STR_ARG(w->asked->region), (long long)year,
            (long long)taken.last);
    TRY(buf_done(cx, &no, &w->c.row.no));
    return tx_id(cx, tx, &w->c.row.id);
}

static enum err insert_draw(struct cx *cx, struct tx *tx, const struct planning *w)
{
    const struct ceremony_plan *p = w->asked;
    const struct q_draw_get *row = &w->c.row;
    int64_t changed;
    TRY(q_draw_key_insert(cx, tx, row->no, row->id, &changed));
    return q_draw_insert(cx, tx, row->id, row->no, p->region, p->title.n == 0 ? row->no : p->title,
                         (int64_t)p->hash, p->demo, p->sealed, p->embargo_on,
                         p->supersedes == 0 ? NULL_INT : p->supersedes, cx->now_ms,
                         CEREMONY_PLANNED, &changed);
}

static enum err insert_parts(struct cx *cx, struct tx *tx, const struct planning *w)
{
    const struct ceremony_plan *p = w->asked;
    int64_t id = w->c.row.id;
    int64_t changed;
    for (size_t i = 0; i < p->n_parties; i++) {
        TRY(q_draw_party_add(cx, tx, id, p->parties[i], &changed));
    }
    for (size_t i = 0; i < p->n_beacons; i++) {
        TRY(q_draw_beacon_add(cx, tx, id, (int64_t)i, p->beacons[i].kind, p->beacons[i].ref,
                              &changed));
    }
    for (size_t i = 0; i < p->n_lots; i++) {
        const struct ceremony_lot *l = &p->lots[i];
        for (size_t k = 0; k < l->n_mandatory; k++) {
            TRY(q_draw_certain_add(cx, tx, id, l->mandatory[k].code, l->name, &changed));
        }
    }
    if (p->supersedes != 0) {
        TRY(q_draw_superseded(cx, tx, p->supersedes, id, &changed));
        TRY(ceremony_moved(cx, &w->c, changed));
    }
    return ERR_OK;
}

static enum err add_texts(struct cx *cx, struct tx *tx, struct planning *w,
                          const struct ceremony_command *cmd)
{
    struct str rules;
    struct str plan;
    struct str asked;
    struct digest d;
    struct buf b = buf_of(cx->mem, CEREMONY_TEXT_MAX);
    struct json j = json_to(&b);
    ceremony_plan_put(&j, w->asked);
    TRY(buf_done(cx, &b, &asked));
    TRY(ceremony_text_add(cx, tx, &w->c, "plan.json", asked, &d));
    TRY(write_rules(cx, w, &rules));
    TRY(ceremony_text_add(cx, tx, &w->c, "rules.txt", rules, &d));
    TRY(write_plan(cx, tx, w, &d, &plan));
    struct digest plan_digest;
    TRY(ceremony_text_add(cx, tx, &w->c, "plan.txt", plan, &plan_digest));
    struct ceremony_said said = { w->asked->task, &plan_digest, LEDGER_PLAN };
    TRY(ceremony_note(cx, tx, &w->c, cmd, &said, NULL));
    said = (struct ceremony_said){ STR("rules.txt"), &d, LEDGER_EVIDENCE };
    return ceremony_note(cx, tx, &w->c, cmd, &said, NULL);
}

static enum err plan_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct planning *w = arg;
    const struct ceremony_command cmd = {
        .desk = w->desk, .by = w->by, .op_key = w->op_key, .in = { .step = CEREMONY_STEP_PLAN }
    };
    char shown[ID_CHARS];
    w->c = (struct ceremony){ .row.hash = (int64_t)w->asked->hash };
    TRY(check_depts(cx, tx, w->asked));
    for (size_t i = 0; i < w->asked->n_lots; i++) {
        struct q_draw_item item;
        TRY(lot_item(cx, tx, &w->asked->lots[i], &item));
    }
    TRY(check_superseded(cx, tx, w));
    TRY(take_number(cx, tx, w));
    TRY(insert_draw(cx, tx, w));
    TRY(insert_parts(cx, tx, w));
    TRY(add_texts(cx, tx, w, &cmd));
    id_put(w->c.row.id, shown);
    return tx_answer(cx, tx, (struct str){ shown, sizeof shown });
}

enum err ceremony_plan(struct cx *cx, const struct desk *d, const struct actor *by,
                       const struct ceremony_plan *p, struct str op_key, int64_t *id)
{
    struct planning w = { .desk = d, .by = by, .asked = p, .op_key = op_key };
    struct op op = { .key = op_key };
    TRY(access_allow(cx, by, POWER_DRAW_PLAN, (struct scope){ .region = p->region }));
    TRY(ceremony_plan_check(cx, p));
    TRY(check_memories(cx, p));
    TRY(store_write(cx, d->store, &op, plan_work, &w));
    if (op.replayed) {
        return id_get(cx, op.answer, id);
    }
    log_info("draw.planned", "no=" STR_FMT " by=%lld", STR_ARG(w.c.row.no), (long long)by->account);
    *id = w.c.row.id;
    return ERR_OK;
}
