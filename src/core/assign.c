#include "core/assign.h"

#include "core/phase.h"
#include "core/select.h"

static bool row_below(const void *ctx, const void *left, const void *right)
{
    (void)ctx;
    const struct assign_row *a = left;
    const struct assign_row *b = right;
    int c = str_cmp(a->target, b->target);
    c = c != 0 ? c : str_cmp(a->dept, b->dept);
    c = c != 0 ? c : str_cmp(a->qual, b->qual);
    return (c != 0 ? c : str_cmp(a->inspector, b->inspector)) < 0;
}

static bool price_below(const void *ctx, const void *left, const void *right)
{
    (void)ctx;
    const struct price_row *a = left;
    const struct price_row *b = right;
    int c = str_cmp(a->dept, b->dept);
    c = c != 0 ? c : str_cmp(a->qual, b->qual);
    return (c != 0 ? c : str_cmp(a->inspector, b->inspector)) < 0;
}

static void phase_rows(const struct phases *ps, const struct phase *p, const assign_price *price,
                       struct assignment *a)
{
    const struct inspector *roster = ps->in->inspector;
    for (size_t t = 0; t < p->f.targets; t++) {
        for (uint32_t d = 0; d < p->f.target[t].demand; d++) {
            uint16_t j = p->f.seat[p->f.target[t].seat + d];
            a->unfilled += j == FLOW_NOBODY;
            a->row[a->rows++] =
                (struct assign_row){ ps->target[p->need[t].target].id, p->dept, p->qual,
                                     j == FLOW_NOBODY ? STR("~") : roster[p->roster[j]].id };
        }
    }
    for (size_t j = 0; j < p->f.inspectors; j++) {
        a->price[a->prices++] =
            (struct price_row){ p->dept, p->qual, roster[p->roster[j]].id, price[j] };
    }
}

enum err assign_solve(struct cx *cx, const struct assign_input *in, struct assignment *out)
{
    struct phases ps;
    struct assignment a = { 0 };
    TRY(phases_open(cx, in, &ps));
    a.row = arena_alloc(cx->mem, ps.places, sizeof *a.row);
    a.price = arena_alloc(cx->mem, ps.prices, sizeof *a.price);
    if (a.row == NULL || a.price == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the teams");
    }
    for (;;) {
        struct arena_mark before = arena_mark(cx->mem);
        struct phase p;
        TRY(phase_open(cx, &ps, &p));
        if (p.f.targets == 0) {
            break;
        }
        assign_price *price = arena_alloc(cx->mem, p.f.inspectors, sizeof *price);
        if (price == NULL) {
            return fail(cx, ERR_NO_MEMORY, "the prices");
        }
        TRY(flow_solve(cx, &p.f));
        TRY(flow_price(cx, &p.f, price)); /* which checks them: nothing leaves unchecked */
        phase_rows(&ps, &p, price, &a);
        phase_close(&ps, &p);
        arena_reset(cx->mem, before);
    }
    records_sort(&(struct records){ a.row, sizeof *a.row, row_below, NULL }, a.rows);
    records_sort(&(struct records){ a.price, sizeof *a.price, price_below, NULL }, a.prices);
    *out = a;
    return ERR_OK;
}
