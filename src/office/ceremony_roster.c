/* Who may inspect, and whom they may not: the lines of roster.tsv and recusal.tsv. */
#include "office/ceremony_pool.h"

#include <stdlib.h>
#include <string.h>

enum { ROSTER_LINE_MAX = 4096 };

struct gathering {
    struct pool_lines *to;
    const struct pool_lines *roster; /* recusals: of these only */
    struct buf line;
};

static enum err keep_line(struct cx *cx, struct gathering *w)
{
    struct pool_lines *l = w->to;
    struct str line;
    TRY(buf_done(cx, &w->line, &line));
    if (l->n == l->room) {
        size_t room = l->room == 0 ? 64 : 2 * l->room;
        struct str *grown = arena_alloc(cx->mem, room, sizeof *grown);
        if (grown == NULL) {
            return fail(cx, ERR_NO_MEMORY, "%zu lines", room);
        }
        if (l->n > 0) {
            memcpy(grown, l->line, l->n * sizeof *grown);
        }
        l->line = grown;
        l->room = room;
    }
    l->line[l->n] = str_dup(cx->mem, line);
    if (l->line[l->n].p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu lines", l->n);
    }
    l->n++;
    buf_clear(&w->line);
    return ERR_OK;
}

static uint32_t clamp(int64_t v, int64_t hi)
{
    return (uint32_t)(v < 0 ? 0 : v > hi ? hi : v);
}

static enum err roster_row(struct cx *cx, const struct inspector_entry *i, void *arg)
{
    struct gathering *w = arg;
    const struct inspector line = {
        .id = i->staff_no,
        .dept = i->dept,
        .regions = i->regions,
        .quals = i->quals.n == 0 ? STR("-") : i->quals,
        .cap = clamp(i->cap, DRAW_LOAD_MAX),
        .load = clamp(i->load, DRAW_LOAD_MAX),
        .salt = STR("-"),
    };
    inspector_put(&line, &w->line);
    return keep_line(cx, w);
}

static int field_against_line(const void *key, const void *line)
{
    struct str rest = *(const struct str *)line;
    return str_cmp(*(const struct str *)key, str_cut(&rest, '\t'));
}

/* A tie of somebody who is not in this draw is nobody's business. */
static enum err recusal_row(struct cx *cx, const struct interest *i, void *arg)
{
    struct gathering *w = arg;
    const struct recusal line = { .inspector = i->staff_no, .target = i->code };
    if (w->roster->n == 0 || bsearch(&i->staff_no, w->roster->line, w->roster->n,
                                     sizeof *w->roster->line, field_against_line) == NULL) {
        return ERR_OK;
    }
    recusal_put(&line, &w->line);
    return keep_line(cx, w);
}

static int by_line(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void sort_once(struct pool_lines *l)
{
    size_t n = 0;
    if (l->n > 0) {
        qsort(l->line, l->n, sizeof *l->line, by_line);
    }
    for (size_t i = 0; i < l->n; i++) {
        if (n == 0 || !str_eq(l->line[n - 1], l->line[i])) {
            l->line[n++] = l->line[i];
        }
    }
    l->n = n;
}

static bool first_team_of_dept(const struct ceremony_plan *p, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (str_eq(p->teams[i].dept, p->teams[at].dept)) {
            return false;
        }
    }
    return true;
}

enum err pool_roster(struct cx *cx, struct tx *tx, const struct pool_terms *t,
                     struct pool_lines *roster, struct pool_lines *recusals)
{
    struct gathering in = { .to = roster, .line = buf_of(cx->mem, ROSTER_LINE_MAX) };
    struct gathering out = { .to = recusals,
                             .roster = roster,
                             .line = buf_of(cx->mem, ROSTER_LINE_MAX) };
    *roster = (struct pool_lines){ 0 };
    *recusals = (struct pool_lines){ 0 };
    for (size_t i = 0; i < t->plan->n_teams; i++) {
        if (first_team_of_dept(t->plan, i)) {
            TRY(inspector_entry_each(cx, tx, t->plan->teams[i].dept, t->on, roster_row, &in));
        }
    }
    sort_once(roster);
    for (size_t i = 0; i < t->plan->n_teams; i++) {
        if (first_team_of_dept(t->plan, i)) {
            TRY(interest_each(cx, tx, t->plan->teams[i].dept, t->on, recusal_row, &out));
        }
    }
    sort_once(recusals);
    return ERR_OK;
}
