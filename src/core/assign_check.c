#include "core/assign.h"

#include "core/phase.h"
#include "core/select.h"

/* A published assignment on its way through the phases. */
struct checker {
    const struct assign_input *in;
    const struct assignment *a;
    struct phases ps;
    size_t rows, prices; /* seen so far */
};

static enum err fail_row(struct cx *cx, size_t row, const char *what)
{
    return fail_place(cx, ERR_DRAW_MISMATCH, place_of("assign.tsv", row + 1), "%s", what);
}

static enum err fail_price(struct cx *cx, size_t price, const char *what)
{
    return fail_place(cx, ERR_DRAW_MISMATCH, place_of("prices.tsv", price + 1), "%s", what);
}

/* The first row of a target's places in a phase. */
static size_t row_find(const struct assignment *a, struct str target, struct str dept,
                       struct str qual)
{
    size_t lo = 0;
    size_t hi = a->rows;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct assign_row *r = &a->row[mid];
        int c = str_cmp(r->target, target);
        c = c != 0 ? c : str_cmp(r->dept, dept);
        c = c != 0 ? c : str_cmp(r->qual, qual);
        if (c < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

size_t price_find(const struct assignment *a, struct str dept, struct str qual,
                  struct str inspector)
{
    size_t lo = 0;
    size_t hi = a->prices;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct price_row *r = &a->price[mid];
        int c = str_cmp(r->dept, dept);
        c = c != 0 ? c : str_cmp(r->qual, qual);
        c = c != 0 ? c : str_cmp(r->inspector, inspector);
        if (c < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* assign.tsv ascends; only unfilled places may stand more than once. */
static enum err check_rows_order(struct cx *cx, const struct assignment *a)
{
    for (size_t i = 1; i < a->rows; i++) {
        const struct assign_row *x = &a->row[i - 1];
        const struct assign_row *y = &a->row[i];
        int c = str_cmp(x->target, y->target);
        c = c != 0 ? c : str_cmp(x->dept, y->dept);
        c = c != 0 ? c : str_cmp(x->qual, y->qual);
        c = c != 0 ? c : str_cmp(x->inspector, y->inspector);
        if (c > 0 || (c == 0 && !str_eq(y->inspector, STR("~")))) {
            return fail_row(cx, i,
                            c == 0 ? "this line stands twice" : "lines must ascend by bytes");
        }
    }
    return ERR_OK;
}

static enum err check_prices_order(struct cx *cx, const struct assignment *a)
{
    for (size_t i = 1; i < a->prices; i++) {
        const struct price_row *x = &a->price[i - 1];
        const struct price_row *y = &a->price[i];
        int c = str_cmp(x->dept, y->dept);
        c = c != 0 ? c : str_cmp(x->qual, y->qual);
        c = c != 0 ? c : str_cmp(x->inspector, y->inspector);
        if (c >= 0) {
            return fail_price(cx, i, "lines must ascend by dept, qual, inspector, each once");
        }
    }
    return ERR_OK;
}

/* The phase's index of an inspector; f.inspectors when it is not of the phase. */
static size_t phase_inspector(const struct phases *ps, const struct phase *p, struct str id)
{
    size_t lo = 0;
    size_t hi = p->f.inspectors;
    while (lo < hi) { /* the roster ascends by id */
        size_t mid = lo + (hi - lo) / 2;
        if (str_cmp(ps->in->inspector[p->roster[mid]].id, id) < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    bool found = lo < p->f.inspectors && str_eq(ps->in->inspector[p->roster[lo]].id, id);
    return found ? lo : p->f.inspectors;
}

static enum err seat_target(struct cx *cx, struct checker *c, struct phase *p, size_t t)
{
    const struct flow_target *target = &p->f.target[t];
    struct str id = c->ps.target[p->need[t].target].id;
    size_t row = row_find(c->a, id, p->dept, p->qual);
    for (uint32_t d = 0; d < target->demand; d++, row++) {
        const struct assign_row *r = row < c->a->rows ? &c->a->row[row] : NULL;
        if (r == NULL || !str_eq(r->target, id) || !str_eq(r->dept, p->dept) ||
            !str_eq(r->qual, p->qual)) {
            return fail_place(cx, ERR_DRAW_MISMATCH, place_of("assign.tsv", 0),
                              "a place is missing: " STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(id),
                              STR_ARG(p->dept), STR_ARG(p->qual));
        }
        c->rows++;
        if (str_eq(r->inspector, STR("~"))) {
            continue; /* seats are empty from the start */
        }
        size_t j = phase_inspector(&c->ps, p, r->inspector);
        if (j == p->f.inspectors || flow_pair_find(&p->f, t, (uint16_t)j) == NULL) {
            return fail_row(cx, row, "this inspector may not be sent there");
        }
        p->f.seat[target->seat + d] = (uint16_t)j;
        p->f.inspector[j].taken++;
    }
    return ERR_OK;
}

static enum err take_prices(struct cx *cx, struct checker *c, const struct phase *p,
                            assign_price *price)
{
    for (size_t j = 0; j < p->f.inspectors; j++) {
        struct str id = c->in->inspector[p->roster[j]].id;
        size_t at = price_find(c->a, p->dept, p->qual, id);
        const struct price_row *r = at < c->a->prices ? &c->a->price[at] : NULL;
        if (r == NULL || !str_eq(r->dept, p->dept) || !str_eq(r->qual, p->qual) ||
            !str_eq(r->inspector, id)) {
            return fail_place(cx, ERR_DRAW_MISMATCH, place_of("prices.tsv", 0),
                              "no price of " STR_FMT " for " STR_FMT " " STR_FMT, STR_ARG(id),
                              STR_ARG(p->dept), STR_ARG(p->qual));
        }
        c->prices++;
        price[j] = r->price;
    }
    return ERR_OK;
}

/* Says where in the files the fault stands. */
static enum err fail_fault(struct cx *cx, const struct checker *c, const struct phase *p,
                           const struct flow_fault *fault)
{
    if (fault->target != SIZE_MAX) {
        struct str id = c->ps.target[p->need[fault->target].target].id;
        return fail_row(cx, row_find(c->a, id, p->dept, p->qual), fault->what);
    }
    struct str id = c->in->inspector[p->roster[fault->inspector]].id;
    return fail_price(cx, price_find(c->a, p->dept, p->qual, id), fault->what);
}

static enum err check_phase(struct cx *cx, struct checker *c, struct phase *p)
{
    assign_price *price = arena_alloc(cx->mem, p->f.inspectors, sizeof *price);
    assign_price *largest = arena_alloc(cx->mem, p->f.inspectors, sizeof *largest);
    if (price == NULL || largest == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the prices");
    }
    for (size_t t = 0; t < p->f.targets; t++) {
        TRY(seat_target(cx, c, p, t));
    }
    TRY(take_prices(cx, c, p, price));
    struct flow_fault fault = flow_check(&p->f, price);
    if (fault.what != NULL) {
        return fail_fault(cx, c, p, &fault);
    }
    TRY(flow_price(cx, &p->f, largest));
    for (size_t j = 0; j < p->f.inspectors; j++) {
        if (price[j] != largest[j]) {
            fault = (struct flow_fault){ "not the largest price it can be", SIZE_MAX, j };
            return fail_fault(cx, c, p, &fault);
        }
    }
    phase_close(&c->ps, p);
    return ERR_OK;
}

enum err assign_check(struct cx *cx, const struct assign_input *in, const struct assignment *a)
{
    struct checker c = { .in = in, .a = a };
    TRY(check_rows_order(cx, a));
    TRY(check_prices_order(cx, a));
    TRY(phases_open(cx, in, &c.ps));
    for (;;) {
        struct arena_mark before = arena_mark(cx->mem);
        struct phase p;
        TRY(phase_open(cx, &c.ps, &p));
        if (p.f.targets == 0) {
            break;
        }
        TRY(check_phase(cx, &c, &p));
        arena_reset(cx->mem, before);
    }
    if (c.rows != a->rows) {
        return fail_place(cx, ERR_DRAW_MISMATCH, place_of("assign.tsv", 0),
                          "has %zu places, the plan asks for %zu", a->rows, c.rows);
    }
    if (c.prices != a->prices) {
        return fail_place(cx, ERR_DRAW_MISMATCH, place_of("prices.tsv", 0),
                          "has %zu prices, there should be %zu", a->prices, c.prices);
    }
    return ERR_OK;
}
