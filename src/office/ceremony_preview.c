/* What freezing now would give: the freeze's own pass over the register, counted, not stored. */
#include "office/ceremony_pool.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 27, NO_GRADE = 26, QUALS_MAX = 16, LOTS_MAX = 32 }; /* grades A..Z, and none */

struct counted {
    int64_t entities, certain, sum_p31;
    int64_t w; /* fixed lots: of this grade */
};
struct previewing {
    const struct ceremony_plan *asked;
    struct ceremony_preview *out;
    struct pool *pool;
    struct plan plan;
    struct lot_stat *stat;          /* of each lot; fixed lots only */
    struct counted (*count)[SLOTS]; /* of each lot */
};

static size_t slot_of(char grade)
{
    return grade >= 'A' && grade <= 'Z' ? (size_t)(grade - 'A') : NO_GRADE;
}

static bool is_fixed(const struct previewing *w, size_t lot)
{
    return w->plan.lot[lot].mode == LOT_FIXED;
}

/* ---- first pass: the weights of the fixed lots ----------------------------------------------- */

static enum err weigh_entry(struct cx *cx, const struct pool_entry *p, void *arg)
{
    struct previewing *w = arg;
    (void)cx;
    for (size_t i = 0; i < p->shares; i++) {
        struct lot_stat *s = &w->stat[p->share[i].lot];
        struct counted *c = &w->count[p->share[i].lot][slot_of(p->e->grade)];
        s->n++;
        s->w_sum += p->share[i].w;
        c->w = p->share[i].w;
        c->entities++;
    }
    return ERR_OK;
}

static enum err skip_left_out(struct cx *cx, const struct market_entity *e,
                              enum ceremony_exclusion why, struct str detail, void *arg)
{
    (void)cx;
    (void)e;
    (void)why;
    (void)detail;
    (void)arg;
    return ERR_OK;
}

/* Specification 4.6, step 1: in a fixed lot all of a grade weigh the same, so grades are taken
 * whole or not at all. */
static void find_certain(struct lot_stat *s, const struct counted *c, uint32_t n)
{
    bool taken[SLOTS] = { false };
    s->m_left = n;
    s->w_left = s->w_sum;
    for (bool more = true; more && s->m_left > 0;) {
        uint64_t m = s->m_left;
        uint64_t w_left = s->w_left;
        more = false;
        for (size_t g = 0; g < SLOTS; g++) {
            if (taken[g] || c[g].entities == 0 || m * (uint64_t)c[g].w < w_left) {
                continue;
            }
            taken[g] = true;
            more = true;
            s->takeall += (uint32_t)c[g].entities;
            s->m_left -= (uint32_t)c[g].entities;
            s->w_left -= (uint64_t)(c[g].w * c[g].entities);
            s->w_certain =
                s->w_certain == 0 || c[g].w < s->w_certain ? (uint32_t)c[g].w : s->w_certain;
        }
    }
}

static enum err weigh_fixed(struct cx *cx, struct tx *tx, struct previewing *w)
{
    const struct pool_sink to = { weigh_entry, skip_left_out, NULL, w };
    bool any = false;
    for (size_t i = 0; i < w->plan.lots; i++) {
        any = any || is_fixed(w, i);
    }
    if (!any) {
        return ERR_OK;
    }
    TRY(pool_each(cx, tx, w->pool, &to));
    for (size_t i = 0; i < w->plan.lots; i++) {
        if (is_fixed(w, i)) {
            find_certain(&w->stat[i], w->count[i], w->plan.lot[i].n);
        }
        memset(w->count[i], 0, sizeof w->count[i]);
    }
    return ERR_OK;
}

/* ---- second pass: everybody's chances -------------------------------------------------------- */

/* Shares by probability, likeliest first: as lots share tickets, whom a lot draws every likelier
 * lot draws too. */
struct chances {
    size_t n;
    uint32_t p31[LOTS_MAX];
    uint32_t lot[LOTS_MAX];
};

static void chances_of(const struct previewing *w, const struct pool_entry *p, struct chances *c)
{
    c->n = 0;
    c->p31[0] = 0;
    for (size_t i = 0; i < p->shares && i < LOTS_MAX; i++) {
        uint32_t lot = p->share[i].lot;
        uint32_t p31 =
            is_fixed(w, lot) ? lot_probability(&w->stat[lot], p->share[i].w) : p->share[i].w;
        size_t at = c->n++;
        for (; at > 0 && c->p31[at - 1] < p31; at--) {
            c->p31[at] = c->p31[at - 1];
            c->lot[at] = c->lot[at - 1];
        }
        c->p31[at] = p31;
        c->lot[at] = lot;
    }
}

static bool first_of_dept(const struct plan *p, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (str_eq(p->team[i].dept, p->team[at].dept)) {
            return false;
        }
    }
    return true;
}

/* A team that grows with every lot that draws its target (specification 4.7). */
struct team_need {
    size_t size, quals;
    struct str qual[QUALS_MAX];
};

static void team_grow(const struct plan *p, struct str dept, uint32_t lot, struct team_need *t)
{
    for (size_t i = 0; i < p->teams; i++) {
        const struct plan_team *line = &p->team[i];
        bool known = str_eq(line->qual, STR("-")) || t->quals == QUALS_MAX;
        if (!str_eq(line->dept, dept) || !str_eq(line->lot, p->lot[lot].name)) {
            continue;
        }
        t->size = line->size > t->size ? line->size : t->size;
        for (size_t k = 0; k < t->quals && !known; k++) {
            known = str_eq(t->qual[k], line->qual);
        }
        if (!known) {
            t->qual[t->quals++] = line->qual;
        }
    }
}

/* Expected places of one department's team for an entity. */
static int64_t dept_places(const struct plan *p, struct str dept, const struct chances *c)
{
    struct team_need t = { 0 };
    int64_t sum = 0;
    for (size_t k = 0; k < c->n; k++) {
        uint32_t below = k + 1 < c->n ? c->p31[k + 1] : 0;
        team_grow(p, dept, c->lot[k], &t);
        sum += (int64_t)(t.size > t.quals ? t.size : t.quals) * (int64_t)(c->p31[k] - below);
    }
    return sum;
}

static enum err count_entry(struct cx *cx, const struct pool_entry *p, void *arg)
{
    struct previewing *w = arg;
    struct chances c;
    (void)cx;
    chances_of(w, p, &c);
    w->out->entities++;
    w->out->joint_p31 += c.p31[0];
    for (size_t i = 0; i < c.n; i++) {
        struct counted *to = &w->count[c.lot[i]][slot_of(p->e->grade)];
        to->entities++;
        to->certain += c.p31[i] == DRAW_WEIGHT_MAX;
        to->sum_p31 += c.p31[i];
        w->out->sum_p31 += c.p31[i];
    }
    for (size_t i = 0; i < w->plan.teams; i++) {
        if (first_of_dept(&w->plan, i)) {
            w->out->places += dept_places(&w->plan, w->plan.team[i].dept, &c);
        }
    }
    return ERR_OK;
}

static enum err count_left_out(struct cx *cx, const struct market_entity *e,
                               enum ceremony_exclusion why, struct str detail, void *arg)
{
    struct previewing *w = arg;
    (void)cx;
    (void)e;
    (void)detail;
    w->out->excluded[why]++;
    return ERR_OK;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static enum err fill_rows(struct cx *cx, struct previewing *w)
{
    static const char names[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    struct ceremony_preview *out = w->out;
    out->rows = arena_alloc(cx->mem, w->plan.lots * SLOTS, sizeof *out->rows);
    if (out->rows == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the preview");
    }
    for (size_t i = 0; i < w->plan.lots; i++) {
        for (size_t k = 0; k < SLOTS; k++) {
            size_t g = (k + NO_GRADE) % SLOTS; /* "-" stands before the letters */
            const struct counted *c = &w->count[i][g];
            if (c->entities > 0) {
                out->rows[out->n_rows++] = (struct ceremony_expect){ .lot = w->plan.lot[i].name,
                                                                     .grade = { &names[g], 1 },
                                                                     .entities = c->entities,
                                                                     .certain = c->certain,
                                                                     .sum_p31 = c->sum_p31 };
            }
        }
    }
    return ERR_OK;
}

static enum err preview_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct previewing *w = arg;
    const struct pool_terms terms = { .plan = w->asked, .on = date_of_ms(cx->now_ms) };
    const struct pool_sink to = { count_entry, count_left_out, NULL, w };
    struct pool_lines roster;
    struct pool_lines recusals;
    *w->out = (struct ceremony_preview){ 0 };
    w->plan = (struct plan){ 0 };
    TRY(ceremony_plan_lots(cx, tx, w->asked, &w->plan));
    w->stat = arena_alloc(cx->mem, w->plan.lots, sizeof *w->stat);
    w->count = arena_alloc(cx->mem, w->plan.lots, sizeof *w->count);
    if (w->stat == NULL || w->count == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the preview");
    }
    TRY(pool_open(cx, tx, &terms, &w->pool));
    TRY(weigh_fixed(cx, tx, w));
    TRY(pool_each(cx, tx, w->pool, &to));
    TRY(pool_roster(cx, tx, &terms, &roster, &recusals));
    w->out->inspectors = (int64_t)roster.n;
    return fill_rows(cx, w);
}

enum err ceremony_preview(struct cx *cx, const struct desk *d, const struct actor *by,
                          const struct ceremony_plan *p, struct ceremony_preview *out)
{
    struct ceremony_preview found;
    struct previewing w = { .asked = p, .out = &found };
    TRY(access_allow(cx, by, POWER_DRAW_PLAN, (struct scope){ .region = p->region }));
    TRY(ceremony_plan_check(cx, p));
    TRY(store_read(cx, d->store, preview_work, &w));
    *out = found;
    return ERR_OK;
}
