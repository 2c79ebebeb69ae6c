#include "core/phase.h"

#include "core/select.h"

#include <string.h>

static const uint32_t nothing = UINT32_MAX;

int qual_cmp(struct str a, struct str b)
{
    bool plain_a = str_eq(a, STR("-"));
    bool plain_b = str_eq(b, STR("-"));
    if (plain_a || plain_b) {
        return (int)plain_a - (int)plain_b;
    }
    return str_cmp(a, b);
}

static bool need_below(const void *ctx, const void *left, const void *right)
{
    (void)ctx;
    const struct need *a = left;
    const struct need *b = right;
    int c = str_cmp(a->dept, b->dept);
    c = c != 0 ? c : qual_cmp(a->qual, b->qual);
    return c != 0 ? c < 0 : a->target < b->target;
}

static bool visit_below(const void *ctx, const void *left, const void *right)
{
    (void)ctx;
    const struct visit *a = left;
    const struct visit *b = right;
    int c = str_cmp(a->id, b->id);
    return c != 0 ? c < 0 : a->lot < b->lot;
}

static bool recusal_below(const void *ctx, const void *left, const void *right)
{
    (void)ctx;
    const struct recusal *a = left;
    const struct recusal *b = right;
    int c = str_cmp(a->target, b->target);
    return c != 0 ? c < 0 : str_cmp(a->inspector, b->inspector) < 0;
}

/* Raises the need of one target for (dept, qual), or begins it. `from` is the target's first. */
static void need_add(struct phases *ps, size_t from, const struct need *add)
{
    for (size_t i = from; i < ps->needs; i++) {
        struct need *n = &ps->need[i];
        if (str_eq(n->dept, add->dept) && str_eq(n->qual, add->qual)) {
            n->places = n->places > add->places ? n->places : add->places;
            return;
        }
    }
    ps->need[ps->needs++] = *add;
}

/* Until here "-" held the whole size of the team: what the qualified ones leave is plain. */
static void needs_settle(struct phases *ps, size_t from)
{
    size_t kept = from;
    for (size_t i = from; i < ps->needs; i++) {
        struct need *n = &ps->need[i];
        for (size_t k = from; str_eq(n->qual, STR("-")) && k < ps->needs; k++) {
            const struct need *other = &ps->need[k];
            bool qualified = str_eq(other->dept, n->dept) && !str_eq(other->qual, STR("-"));
            n->places -= qualified && n->places > 0;
        }
    }
    for (size_t i = from; i < ps->needs; i++) {
        ps->places += ps->need[i].places;
        if (ps->need[i].places > 0) {
            ps->need[kept++] = ps->need[i];
        }
    }
    ps->needs = kept;
}

/* The needs of one target: visits v..end are all of it. */
static void needs_of(struct phases *ps, const struct visit *v, size_t visits)
{
    const struct plan *p = ps->in->plan;
    size_t from = ps->needs;
    uint32_t target = (uint32_t)ps->targets;
    for (size_t i = 0; i < visits; i++) {
        for (size_t t = 0; t < p->teams; t++) {
            const struct plan_team *team = &p->team[t];
            if (!str_eq(team->lot, p->lot[v[i].lot].name)) {
                continue;
            }
            need_add(ps, from, &(struct need){ team->dept, STR("-"), target, team->size });
            if (!str_eq(team->qual, STR("-"))) {
                need_add(ps, from, &(struct need){ team->dept, team->qual, target, 1 });
            }
        }
    }
    needs_settle(ps, from);
    ps->target[ps->targets++] = (struct phase_target){ .id = v->id, .region = v->region };
}

/* No target has more needs than two for each team line of each lot that drew it. */
static enum err needs_open(struct cx *cx, struct phases *ps)
{
    const struct assign_input *in = ps->in;
    size_t lines_max = 0;
    struct records by_id = { in->visit, sizeof *in->visit, visit_below, NULL };
    for (size_t i = 0; i < in->visits; i++) {
        for (size_t t = 0; t < in->plan->teams; t++) {
            lines_max += str_eq(in->plan->team[t].lot, in->plan->lot[in->visit[i].lot].name);
        }
    }
    ps->target = arena_alloc(cx->mem, in->visits, sizeof *ps->target);
    ps->need = arena_alloc(cx->mem, 2 * lines_max, sizeof *ps->need);
    if (ps->target == NULL || ps->need == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the teams");
    }
    records_sort(&by_id, in->visits);
    for (size_t i = 0; i < in->visits;) {
        size_t end = i + 1;
        while (end < in->visits && str_eq(in->visit[end].id, in->visit[i].id)) {
            end++;
        }
        needs_of(ps, &in->visit[i], end - i);
        i = end;
    }
    struct records by_phase = { ps->need, sizeof *ps->need, need_below, NULL };
    records_sort(&by_phase, ps->needs);
    return ERR_OK;
}

static enum err tickets_open(struct cx *cx, struct phases *ps)
{
    enum { BATCH = 512 };
    struct str id[BATCH];
    uint64_t u[BATCH];
    struct digest *full = arena_alloc(cx->mem, BATCH, sizeof *full);
    if (full == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the tickets");
    }
    for (size_t at = 0; at < ps->targets;) {
        size_t n = 0;
        for (; n < BATCH && at + n < ps->targets; n++) {
            id[n] = ps->target[at + n].id;
        }
        ticket_batch(ps->in->plan->hash, ps->in->seed, id, n, u, full);
        for (size_t i = 0; i < n; i++) {
            ps->target[at + i].ticket = full[i];
        }
        at += n;
    }
    return ERR_OK;
}

static bool same_phase(const struct need *a, const struct need *b)
{
    return str_eq(a->dept, b->dept) && str_eq(a->qual, b->qual);
}

static bool works_in(const struct inspector *i, const struct need *n)
{
    return str_eq(i->dept, n->dept) && (str_eq(n->qual, STR("-")) || inspector_has(i, n->qual));
}

static void count_prices(struct phases *ps)
{
    for (size_t i = 0; i < ps->needs; i++) {
        if (i > 0 && same_phase(&ps->need[i - 1], &ps->need[i])) {
            continue;
        }
        for (size_t j = 0; j < ps->in->inspectors; j++) {
            ps->prices += works_in(&ps->in->inspector[j], &ps->need[i]);
        }
    }
}

enum err phases_open(struct cx *cx, const struct assign_input *in, struct phases *out)
{
    struct phases ps = { .in = in };
    TRY(needs_open(cx, &ps));
    TRY(tickets_open(cx, &ps));
    count_prices(&ps);
    ps.recused = arena_alloc(cx->mem, in->recusals, sizeof *ps.recused);
    ps.placed = arena_alloc(cx->mem, in->inspectors, sizeof *ps.placed);
    ps.team = arena_alloc(cx->mem, ps.targets, sizeof *ps.team);
    ps.filled = arena_alloc(cx->mem, ps.places, sizeof *ps.filled);
    if (ps.recused == NULL || ps.placed == NULL || ps.team == NULL || ps.filled == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the teams");
    }
    for (size_t i = 0; i < in->recusals; i++) {
        ps.recused[i] = in->recused[i];
    }
    struct records by_target = { ps.recused, sizeof *ps.recused, recusal_below, NULL };
    records_sort(&by_target, in->recusals);
    *out = ps;
    return ERR_OK;
}

/* Who of the phase serves one region. */
struct district {
    struct str region;
    uint16_t *who;
    size_t n;
};

static bool district_below(const void *ctx, const void *left, const void *right)
{
    (void)ctx;
    const struct district *a = left;
    const struct district *b = right;
    return str_cmp(a->region, b->region) < 0;
}

static const struct district *district_find(const struct district *d, size_t n, struct str region)
{
    size_t lo = 0;
    size_t hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (str_cmp(d[mid].region, region) < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return d + lo; /* every target's region is in the list */
}

static enum err district_fill(struct cx *cx, const struct phases *ps, const struct phase *p,
                              struct district *d)
{
    d->who = arena_alloc(cx->mem, p->f.inspectors, sizeof *d->who);
    if (d->who == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the inspectors of " STR_FMT, STR_ARG(d->region));
    }
    d->n = 0;
    for (size_t j = 0; j < p->f.inspectors; j++) {
        if (inspector_serves(&ps->in->inspector[p->roster[j]], d->region)) {
            d->who[d->n++] = (uint16_t)j;
        }
    }
    return ERR_OK;
}

/* The distinct regions of the phase's targets, each with who serves it. */
static enum err districts_open(struct cx *cx, const struct phases *ps, const struct phase *p,
                               struct district **out, size_t *n)
{
    struct district *d = arena_alloc(cx->mem, p->f.targets, sizeof *d);
    if (d == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the regions");
    }
    for (size_t t = 0; t < p->f.targets; t++) {
        d[t].region = ps->target[p->need[t].target].region;
    }
    struct records by_region = { d, sizeof *d, district_below, NULL };
    records_sort(&by_region, p->f.targets);
    size_t kept = 0;
    for (size_t i = 0; i < p->f.targets; i++) {
        if (kept == 0 || !str_eq(d[kept - 1].region, d[i].region)) {
            d[kept++].region = d[i].region;
        }
    }
    for (size_t i = 0; i < kept; i++) {
        TRY(district_fill(cx, ps, p, &d[i]));
    }
    *out = d;
    *n = kept;
    return ERR_OK;
}

static bool is_recused(const struct phases *ps, struct str target, struct str inspector)
{
    size_t lo = 0;
    size_t hi = ps->in->recusals;
    struct recusal want = { inspector, target };
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (recusal_below(NULL, &ps->recused[mid], &want)) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < ps->in->recusals && !recusal_below(NULL, &want, &ps->recused[lo]);
}

static bool on_team(const struct phases *ps, uint32_t target, uint32_t inspector)
{
    bool found = false;
    for (uint32_t i = ps->team[target]; i != nothing; i = ps->filled[i].next) {
        found |= ps->filled[i].inspector == inspector;
    }
    return found;
}

/* Room for one target's pair tickets. */
struct pair_room {
    struct str *id;
    uint16_t *who;
    uint64_t *r48;
};

/* The eligible inspectors of one target and their pair tickets. */
static size_t pairs_of(const struct phases *ps, const struct phase *p, uint32_t target,
                       const struct district *d, const struct pair_room *room, uint64_t *pair)
{
    const struct phase_target *t = &ps->target[target];
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++) {
        uint32_t roster = p->roster[d->who[i]];
        struct str id = ps->in->inspector[roster].id;
        if (!on_team(ps, target, roster) && !is_recused(ps, t->id, id)) {
            room->id[n] = id;
            room->who[n++] = d->who[i];
        }
    }
    ticket_pair_batch(ps->in->plan->hash, &t->ticket, room->id, n, room->r48);
    for (size_t i = 0; i < n; i++) {
        pair[i] = flow_pair(room->r48[i], room->who[i]);
    }
    return n;
}

static enum err pairs_open(struct cx *cx, const struct phases *ps, struct phase *p)
{
    struct district *d = NULL;
    size_t districts = 0;
    size_t most = 0;
    TRY(districts_open(cx, ps, p, &d, &districts));
    for (size_t t = 0; t < p->f.targets; t++) {
        most += district_find(d, districts, ps->target[p->need[t].target].region)->n;
    }
    uint64_t *pair = arena_alloc(cx->mem, most, sizeof *pair);
    struct pair_room room = {
        .id = arena_alloc(cx->mem, p->f.inspectors, sizeof *room.id),
        .who = arena_alloc(cx->mem, p->f.inspectors, sizeof *room.who),
        .r48 = arena_alloc(cx->mem, p->f.inspectors, sizeof *room.r48),
    };
    if (pair == NULL || room.id == NULL || room.who == NULL || room.r48 == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu eligible pairs", most);
    }
    size_t at = 0;
    for (size_t t = 0; t < p->f.targets; t++) {
        uint32_t target = p->need[t].target;
        const struct district *here = district_find(d, districts, ps->target[target].region);
        size_t n = pairs_of(ps, p, target, here, &room, pair + at);
        p->f.target[t].pair = at;
        p->f.target[t].pairs = n;
        at += n;
    }
    p->f.pair = pair;
    return ERR_OK;
}

static enum err inspectors_open(struct cx *cx, const struct phases *ps, struct phase *p)
{
    const struct assign_input *in = ps->in;
    p->roster = arena_alloc(cx->mem, in->inspectors, sizeof *p->roster);
    p->f.inspector = arena_alloc(cx->mem, in->inspectors, sizeof *p->f.inspector);
    if (p->roster == NULL || p->f.inspector == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the inspectors");
    }
    for (size_t j = 0; j < in->inspectors; j++) {
        const struct inspector *i = &in->inspector[j];
        if (!works_in(i, p->need)) {
            continue;
        }
        if (p->f.inspectors == FLOW_INSPECTORS_MAX) {
            return fail(cx, ERR_TOO_LONG, "more than %d inspectors in " STR_FMT,
                        (int)FLOW_INSPECTORS_MAX, STR_ARG(i->dept));
        }
        p->roster[p->f.inspectors] = (uint32_t)j;
        p->f.inspector[p->f.inspectors++] = (struct flow_inspector){
            .load = (uint64_t)i->load + ps->placed[j],
            .room = i->cap > ps->placed[j] ? i->cap - ps->placed[j] : 0,
        };
    }
    return ERR_OK;
}

static enum err seats_open(struct cx *cx, struct phase *p)
{
    p->f.target = arena_alloc(cx->mem, p->f.targets, sizeof *p->f.target);
    if (p->f.target == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the places");
    }
    for (size_t t = 0; t < p->f.targets; t++) {
        p->f.target[t].demand = p->need[t].places;
        p->f.target[t].seat = (uint32_t)p->f.seats;
        p->f.seats += p->need[t].places;
    }
    p->f.seat = arena_alloc(cx->mem, p->f.seats, sizeof *p->f.seat);
    if (p->f.seat == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the places");
    }
    memset(p->f.seat, 0xFF, p->f.seats * sizeof *p->f.seat); /* FLOW_NOBODY */
    return ERR_OK;
}

enum err phase_open(struct cx *cx, struct phases *ps, struct phase *out)
{
    struct phase p = { .need = ps->need + ps->at };
    size_t left = ps->needs - ps->at;
    if (left == 0) {
        *out = p;
        return ERR_OK;
    }
    if (ps->at == 0 || !str_eq(p.need[-1].dept, p.need->dept)) { /* teams are of one department */
        memset(ps->team, 0xFF, ps->targets * sizeof *ps->team);  /* nothing */
    }
    while (p.f.targets < left && same_phase(p.need, &p.need[p.f.targets])) {
        p.f.targets++;
    }
    p.dept = p.need->dept;
    p.qual = p.need->qual;
    TRY(seats_open(cx, &p));
    TRY(inspectors_open(cx, ps, &p));
    TRY(pairs_open(cx, ps, &p));
    *out = p;
    return ERR_OK;
}

void phase_close(struct phases *ps, const struct phase *p)
{
    for (size_t t = 0; t < p->f.targets; t++) {
        uint32_t target = p->need[t].target;
        for (uint32_t d = 0; d < p->f.target[t].demand; d++) {
            uint16_t j = p->f.seat[p->f.target[t].seat + d];
            if (j == FLOW_NOBODY) {
                continue;
            }
            ps->placed[p->roster[j]]++;
            ps->filled[ps->filleds] = (struct filled){ p->roster[j], ps->team[target] };
            ps->team[target] = (uint32_t)ps->filleds++;
        }
    }
    ps->at += p->f.targets;
}
