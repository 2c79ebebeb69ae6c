#include "core/succession.h"

#include "core/flow.h"
#include "core/kept.h"
#include "core/phase.h"
#include "core/select.h"

#include <string.h>

static const size_t none = SIZE_MAX;

/* ---- as things stand ------------------------------------------------------------------------- */

/* Where an inspector stands in the roster, which ascends by id. */
static size_t roster_find(const struct frame *f, struct str id)
{
    size_t lo = 0;
    size_t hi = f->inspectors;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (str_cmp(f->inspector[mid].id, id) < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < f->inspectors && str_eq(f->inspector[lo].id, id) ? lo : none;
}

static size_t candidate_find(const struct succession *s, struct str lot, struct str code)
{
    size_t at = plan_lot_find(s->in.plan, lot);
    for (size_t i = 0; i < s->in.candidates; i++) {
        if (s->in.candidate[i].lot == at && str_eq(s->in.candidate[i].id, code)) {
            return i;
        }
    }
    return none;
}

static size_t next_reserve(const struct succession *s, struct str lot)
{
    size_t at = plan_lot_find(s->in.plan, lot);
    for (size_t i = 0; i < s->in.candidates; i++) {
        if (s->in.candidate[i].lot == at && s->in.candidate[i].reserve && !s->used[i]) {
            return i;
        }
    }
    return none;
}

static struct str region_of(const struct succession *s, struct str code)
{
    for (size_t i = 0; i < s->in.candidates; i++) {
        if (str_eq(s->in.candidate[i].id, code)) {
            return s->in.candidate[i].region;
        }
    }
    return STR("");
}

static bool stands_in(const struct succession *s, struct str code, struct str lot)
{
    size_t i = candidate_find(s, lot, code);
    return i != none && s->stands[i];
}

/* How many places of (dept, qual) the lots in which `code` stands ask for (section 4.7). */
static uint32_t places_asked(const struct succession *s, struct str code, struct str dept,
                             struct str qual)
{
    const struct plan *p = s->in.plan;
    struct str seen[PLAN_TEAM_MAX];
    uint32_t size = 0;
    uint32_t quals = 0;
    bool asked = false;
    for (size_t t = 0; t < p->teams; t++) {
        const struct plan_team *team = &p->team[t];
        bool known = str_eq(team->qual, STR("-"));
        if (!str_eq(team->dept, dept) || !stands_in(s, code, team->lot)) {
            continue;
        }
        size = team->size > size ? team->size : size;
        asked = asked || str_eq(team->qual, qual);
        for (uint32_t i = 0; i < quals && !known; i++) {
            known = str_eq(seen[i], team->qual);
        }
        if (!known && quals < PLAN_TEAM_MAX) { /* so many leave no plain place */
            seen[quals++] = team->qual;
        }
    }
    if (!str_eq(qual, STR("-"))) {
        return asked ? 1 : 0;
    }
    return size > quals ? size - quals : 0;
}

/* Does any of its lots send a team of the department? */
static bool dept_goes(const struct succession *s, struct str code, struct str dept)
{
    const struct plan *p = s->in.plan;
    bool goes = false;
    for (size_t t = 0; t < p->teams; t++) {
        goes = goes || (str_eq(p->team[t].dept, dept) && stands_in(s, code, p->team[t].lot));
    }
    return goes;
}

static uint32_t places_had(const struct succession *s, struct str code, struct str dept,
                           struct str qual)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s->places; i++) {
        const struct succession_place *p = &s->place[i];
        n += !p->gone && str_eq(p->target, code) && str_eq(p->dept, dept) && str_eq(p->qual, qual);
    }
    return n;
}

/* ---- changes carried out --------------------------------------------------------------------- */

static enum err place_add(struct cx *cx, struct succession *s, const struct succession_place *p)
{
    size_t who = roster_find(s->in.frame, p->inspector);
    if (s->places == s->room) {
        size_t room = 2 * s->room + 16;
        struct succession_place *grown = arena_alloc(cx->mem, room, sizeof *grown);
        if (grown == NULL) {
            return fail(cx, ERR_NO_MEMORY, "the teams");
        }
        for (size_t i = 0; i < s->places; i++) {
            grown[i] = s->place[i];
        }
        s->place = grown;
        s->room = room;
    }
    if (who == none && !str_eq(p->inspector, STR("~"))) {
        return fail(cx, ERR_DRAW_MISMATCH, STR_FMT " is not in the roster", STR_ARG(p->inspector));
    }
    if (who != none) {
        s->held[who]++;
    }
    s->place[s->places++] = *p;
    return ERR_OK;
}

static void place_leave(struct succession *s, size_t place)
{
    size_t who = roster_find(s->in.frame, s->place[place].inspector);
    s->place[place].gone = true;
    if (who != none) {
        s->held[who]--;
    }
}

/* The place that `who` holds on a team, or none. */
static size_t place_of_inspector(const struct succession *s, const struct draw_change *c)
{
    for (size_t i = 0; i < s->places; i++) {
        const struct succession_place *p = &s->place[i];
        if (!p->gone && str_eq(p->target, c->code) && str_eq(p->dept, c->dept) &&
            str_eq(p->inspector, c->leaves) && !str_eq(p->inspector, STR("~"))) {
            return i;
        }
    }
    return none;
}

static bool was_on_team(const struct succession *s, struct str code, struct str dept,
                        struct str who)
{
    bool was = false;
    for (size_t i = 0; i < s->places; i++) {
        const struct succession_place *p = &s->place[i];
        was =
            was || (str_eq(p->target, code) && str_eq(p->dept, dept) && str_eq(p->inspector, who));
    }
    return was;
}

static enum err apply_target(struct cx *cx, struct succession *s, const struct draw_change *c)
{
    size_t out = candidate_find(s, c->lot, c->code);
    size_t in = candidate_find(s, c->lot, c->enters);
    if (out == none || in == none) {
        return fail(cx, ERR_DRAW_MISMATCH, STR_FMT " or " STR_FMT " is not of lot " STR_FMT,
                    STR_ARG(c->code), STR_ARG(c->enters), STR_ARG(c->lot));
    }
    s->stands[out] = false;
    s->stands[in] = true;
    s->used[out] = true;
    s->used[in] = true;
    for (size_t i = 0; i < s->places; i++) { /* empty places go without a line */
        struct succession_place *p = &s->place[i];
        p->gone = p->gone || (str_eq(p->target, c->code) && str_eq(p->inspector, STR("~")) &&
                              !dept_goes(s, c->code, p->dept));
    }
    return ERR_OK;
}

static enum err apply_inspector(struct cx *cx, struct succession *s, const struct draw_change *c)
{
    size_t at = place_of_inspector(s, c);
    if (at == none) {
        return fail(cx, ERR_DRAW_MISMATCH, STR_FMT " does not visit " STR_FMT " for " STR_FMT,
                    STR_ARG(c->leaves), STR_ARG(c->code), STR_ARG(c->dept));
    }
    place_leave(s, at);
    if (str_eq(c->enters, STR("-"))) {
        return ERR_OK;
    }
    const struct succession_place p = { c->code, c->dept, s->place[at].qual, c->enters, false };
    return place_add(cx, s, &p);
}

enum err succession_apply(struct cx *cx, struct succession *s, const struct draw_change *c)
{
    const struct succession_place p = { c->code, c->dept, c->leaves, c->enters, false };
    return c->kind == DRAW_CHANGE_TARGET      ? apply_target(cx, s, c)
           : c->kind == DRAW_CHANGE_INSPECTOR ? apply_inspector(cx, s, c)
                                              : place_add(cx, s, &p);
}

enum err succession_open(struct cx *cx, const struct succession_input *in, struct succession *out)
{
    struct succession s = { .in = *in,
                            .stands = arena_alloc(cx->mem, in->candidates, sizeof *s.stands),
                            .used = arena_alloc(cx->mem, in->candidates, sizeof *s.used),
                            .held = arena_alloc(cx->mem, in->frame->inspectors, sizeof *s.held),
                            .place = arena_alloc(cx->mem, in->a->rows + 16, sizeof *s.place),
                            .room = in->a->rows + 16 };
    if (s.stands == NULL || s.used == NULL || s.held == NULL || s.place == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the teams");
    }
    for (size_t i = 0; i < in->candidates; i++) {
        s.stands[i] = !in->candidate[i].reserve;
    }
    for (size_t i = 0; i < in->a->rows; i++) {
        const struct assign_row *r = &in->a->row[i];
        const struct succession_place p = { r->target, r->dept, r->qual, r->inspector, false };
        TRY(place_add(cx, &s, &p));
    }
    *out = s;
    return ERR_OK;
}

/* ---- who goes -------------------------------------------------------------------------------- */

static bool recused(const struct frame *f, struct str who, struct str code)
{
    size_t lo = 0;
    size_t hi = f->recusals;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = str_cmp(f->recused[mid].inspector, who);
        c = c != 0 ? c : str_cmp(f->recused[mid].target, code);
        if (c < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < f->recusals && str_eq(f->recused[lo].inspector, who) &&
           str_eq(f->recused[lo].target, code);
}

static bool may_come(const struct succession *s, const struct succession_place *p,
                     struct str region, size_t j)
{
    const struct inspector *i = &s->in.frame->inspector[j];
    return str_eq(i->dept, p->dept) && (str_eq(p->qual, STR("-")) || inspector_has(i, p->qual)) &&
           s->held[j] < i->cap && inspector_serves(i, region) &&
           !recused(s->in.frame, i->id, p->target) && !was_on_team(s, p->target, p->dept, i->id);
}

static assign_price price_of(const struct succession *s, const struct succession_place *p,
                             struct str who)
{
    const struct assignment *a = s->in.a;
    size_t at = price_find(a, p->dept, p->qual, who);
    bool found = at < a->prices && str_eq(a->price[at].dept, p->dept) &&
                 str_eq(a->price[at].qual, p->qual) && str_eq(a->price[at].inspector, who);
    return found ? a->price[at].price : 0;
}

/* The cheapest inspector who may come; "~" when nobody may. */
static struct str cheapest(const struct succession *s, const struct succession_place *p)
{
    const struct frame *f = s->in.frame;
    struct digest ticket = ticket_of(s->in.plan->hash, s->in.seed, p->target);
    struct str region = region_of(s, p->target);
    struct str best = STR("~");
    assign_price least = 0;
    for (size_t j = 0; j < f->inspectors; j++) {
        if (!may_come(s, p, region, j)) {
            continue;
        }
        struct str id = f->inspector[j].id;
        assign_price price = FLOW_SCALE * (assign_price)ticket_pair(s->in.plan->hash, &ticket, id) +
                             price_of(s, p, id);
        if (str_eq(best, STR("~")) || price < least) {
            best = id;
            least = price;
        }
    }
    return best;
}

static enum err take(struct cx *cx, struct succession *s, struct kept *list,
                     const struct draw_change *c)
{
    struct draw_change *kept = kept_add(cx, list);
    if (kept == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the replacements");
    }
    *kept = *c;
    return succession_apply(cx, s, c);
}

/* Inspectors of departments that no longer go to who left. */
static enum err teams_go_home(struct cx *cx, struct succession *s, struct str code,
                              struct kept *list)
{
    for (size_t i = 0, n = s->places; i < n; i++) {
        const struct succession_place p = s->place[i];
        if (p.gone || !str_eq(p.target, code) || dept_goes(s, code, p.dept)) {
            continue;
        }
        TRY(take(cx, s, list,
                 &(struct draw_change){ DRAW_CHANGE_INSPECTOR, STR("-"), code, p.dept, p.inspector,
                                        STR("-") }));
    }
    return ERR_OK;
}

/* One kind of places, in the order in which they are filled. */
struct phase_name {
    struct str dept, qual;
};
static bool phase_below(const void *ctx, const void *left, const void *right)
{
    (void)ctx;
    const struct phase_name *a = left;
    const struct phase_name *b = right;
    int c = str_cmp(a->dept, b->dept);
    return (c != 0 ? c : qual_cmp(a->qual, b->qual)) < 0;
}

static enum err fill(struct cx *cx, struct succession *s, struct str code,
                     const struct phase_name *phase, struct kept *list)
{
    uint32_t asked = places_asked(s, code, phase->dept, phase->qual);
    for (uint32_t had = places_had(s, code, phase->dept, phase->qual); had < asked; had++) {
        const struct succession_place p = { code, phase->dept, phase->qual, STR("~"), false };
        TRY(take(cx, s, list,
                 &(struct draw_change){ DRAW_CHANGE_PLACE, STR("-"), code, p.dept, p.qual,
                                        cheapest(s, &p) }));
    }
    return ERR_OK;
}

static enum err teams_set_out(struct cx *cx, struct succession *s, struct str code,
                              struct kept *list)
{
    const struct plan *plan = s->in.plan;
    struct phase_name *phase = arena_alloc(cx->mem, 2 * plan->teams, sizeof *phase);
    size_t n = 2 * plan->teams;
    if (phase == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the teams");
    }
    for (size_t t = 0; t < plan->teams; t++) {
        phase[2 * t] = (struct phase_name){ plan->team[t].dept, plan->team[t].qual };
        phase[2 * t + 1] = (struct phase_name){ plan->team[t].dept, STR("-") };
    }
    records_sort(&(struct records){ phase, sizeof *phase, phase_below, NULL }, n);
    for (size_t i = 0; i < n; i++) { /* one that stands twice has its places by then */
        TRY(fill(cx, s, code, &phase[i], list));
    }
    return ERR_OK;
}

enum err succession_target(struct cx *cx, struct succession *s, struct str lot, struct str code,
                           struct draw_change **out, size_t *n)
{
    struct kept list = { .size = sizeof(struct draw_change) };
    size_t leaves = candidate_find(s, lot, code);
    size_t enters = next_reserve(s, lot);
    if (leaves == none || (!s->stands[leaves] && !s->used[leaves])) {
        return fail(cx, ERR_NOT_FOUND, STR_FMT " is no target of lot " STR_FMT, STR_ARG(code),
                    STR_ARG(lot));
    }
    if (!s->stands[leaves]) {
        return fail(cx, ERR_STATE, STR_FMT " was replaced already", STR_ARG(code));
    }
    if (enters == none) {
        return fail(cx, ERR_DRAW_EMPTY, "lot " STR_FMT " has no reserve left", STR_ARG(lot));
    }
    struct str next = s->in.candidate[enters].id;
    TRY(take(cx, s, &list,
             &(struct draw_change){ DRAW_CHANGE_TARGET, lot, code, STR("-"), code, next }));
    TRY(teams_go_home(cx, s, code, &list));
    TRY(teams_set_out(cx, s, next, &list));
    *out = list.records;
    *n = list.n;
    return ERR_OK;
}

enum err succession_inspector(struct cx *cx, struct succession *s, struct str code, struct str dept,
                              struct str who, struct draw_change *out)
{
    struct draw_change c = { DRAW_CHANGE_INSPECTOR, STR("-"), code, dept, who, STR("-") };
    size_t at = place_of_inspector(s, &c);
    if (at == none) {
        return was_on_team(s, code, dept, who) && !str_eq(who, STR("~"))
                   ? fail(cx, ERR_STATE, STR_FMT " was replaced already", STR_ARG(who))
                   : fail(cx, ERR_NOT_FOUND, STR_FMT " does not visit " STR_FMT " for " STR_FMT,
                          STR_ARG(who), STR_ARG(code), STR_ARG(dept));
    }
    c.enters = cheapest(s, &s->place[at]);
    if (str_eq(c.enters, STR("~"))) {
        return fail(cx, ERR_DRAW_EMPTY, "nobody else may visit " STR_FMT " for " STR_FMT,
                    STR_ARG(code), STR_ARG(dept));
    }
    TRY(succession_apply(cx, s, &c));
    *out = c;
    return ERR_OK;
}
