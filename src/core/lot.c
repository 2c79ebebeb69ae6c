#include "core/lot.h"

#include "core/ballot.h"

#include <string.h>

enum { BATCH = 1024, SHARES_PER_BATCH = 4 * BATCH };

/* One pass over the population with all lots open. */
struct lots_pass {
    const struct plan *plan;
    const struct digest *seed;
    unsigned id_bytes;
    struct ballot *ballot; /* one a lot */
    struct entity entity[BATCH];
    struct str line[BATCH], id[BATCH];
    uint64_t u[BATCH];
    struct share *share; /* SHARES_PER_BATCH and one entity's more */
};

static enum err offer_all(struct cx *cx, struct lots_pass *lp, size_t n)
{
    ticket_batch(lp->plan->hash, lp->seed, lp->id, n, lp->u, NULL);
    for (size_t i = 0; i < n; i++) {
        const struct entity *e = &lp->entity[i];
        for (size_t s = 0; s < e->shares; s++) {
            TRY(ballot_offer(cx, &lp->ballot[e->share[s].lot], e, lp->u[i], e->share[s].w));
        }
    }
    return ERR_OK;
}

/* Parses lines into entities, and offers them whenever the room for shares is used up. */
static enum err take_lines(struct cx *cx, struct lots_pass *lp, struct place at, size_t n)
{
    size_t have = 0;
    size_t shares = 0;
    for (size_t i = 0; i < n; i++) {
        struct entity *e = &lp->entity[have];
        at.line++;
        TRY(entity_get(cx, lp->plan, at, lp->line[i], lp->share + shares, e));
        if (e->id.n > lp->id_bytes) {
            return fail_place(cx, ERR_DRAW_MISMATCH, at,
                              "the population changed while it was read");
        }
        lp->id[have++] = e->id;
        shares += e->shares;
        if (shares >= SHARES_PER_BATCH || i + 1 == n) {
            TRY(offer_all(cx, lp, have));
            have = shares = 0;
        }
    }
    return ERR_OK;
}

static enum err pass_open(struct cx *cx, const struct frame *frame, struct lots_pass *lp)
{
    const struct plan *p = lp->plan;
    lp->id_bytes = frame->id_bytes;
    lp->ballot = arena_alloc(cx->mem, p->lots, sizeof *lp->ballot);
    lp->share = arena_alloc(cx->mem, SHARES_PER_BATCH + p->lots, sizeof *lp->share);
    if (lp->ballot == NULL || lp->share == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the lots");
    }
    for (size_t i = 0; i < p->lots; i++) {
        TRY(ballot_open(cx, &lp->ballot[i], &p->lot[i], &frame->lot[i], frame->id_bytes));
    }
    return ERR_OK;
}

static enum err pass_run(struct cx *cx, struct lots_pass *lp, const struct draw_source *population)
{
    struct lines l;
    TRY(lines_open(cx, population, &l));
    for (;;) {
        size_t n;
        TRY(lines_some(cx, &l, lp->line, BATCH, &n));
        if (n == 0) {
            return ERR_OK;
        }
        struct place at = l.at;
        at.line -= n;
        TRY(take_lines(cx, lp, at, n));
    }
}

static enum err give_drawn(struct cx *cx, const struct ballot *b, const struct lot_sinks *to,
                           const char *slots, const struct candidate *c, struct drawn *d)
{
    char region[BALLOT_REGION_MAX];
    if (to->drawn == NULL) {
        return ERR_OK;
    }
    d->rank++;
    d->id = ballot_id(b, slots, c);
    d->region = ballot_region(b, slots, c, region);
    d->u = c->u;
    d->k = c->k;
    d->p = d->status == LOT_CERTAIN ? DRAW_WEIGHT_MAX
           : b->mode == LOT_RATE    ? c->w
                                    : lot_probability(b->stat, c->w);
    return to->drawn(cx, to->ctx, d);
}

static enum err give_lot(struct cx *cx, uint32_t lot, struct ballot *b, const struct lot_sinks *to)
{
    struct drawn d = { .lot = lot, .status = LOT_CERTAIN };
    for (size_t i = 0; i < b->certains; i++) {
        TRY(give_drawn(cx, b, to, b->certain_slots, &b->certain[i], &d));
    }
    ballot_close(b);
    size_t selected = b->n;
    if (b->mode == LOT_FIXED && selected > b->stat->m_left) {
        selected = b->stat->m_left;
    }
    for (size_t i = 0; i < b->n; i++) {
        d.status = i < selected ? LOT_SELECTED : LOT_RESERVE;
        TRY(give_drawn(cx, b, to, b->slots, &b->candidate[i], &d));
    }
    struct lot_outcome o = { .lot = lot, .stat = *b->stat, .selected = b->certains + selected };
    if (b->mode == LOT_FIXED && selected > 0) {
        const struct candidate *last = &b->candidate[selected - 1];
        o.has_last = true;
        o.k_last = last->k;
        o.u_last = last->u;
        o.id_last = ballot_id(b, b->slots, last);
    }
    return to->outcome == NULL ? ERR_OK : to->outcome(cx, to->ctx, &o);
}

enum err lots_draw(struct cx *cx, const struct plan *p, const struct frame *frame,
                   const struct digest *seed, const struct draw_source *population,
                   const struct lot_sinks *to)
{
    struct lots_pass *lp = arena_alloc(cx->mem, 1, sizeof *lp);
    if (lp == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the lots");
    }
    lp->plan = p;
    lp->seed = seed;
    TRY(pass_open(cx, frame, lp));
    TRY(pass_run(cx, lp, population));
    for (uint32_t i = 0; i < p->lots; i++) {
        TRY(give_lot(cx, i, &lp->ballot[i], to));
    }
    return ERR_OK;
}
