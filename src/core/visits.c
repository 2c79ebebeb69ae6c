#include "core/visits.h"

enum err visits_open(struct cx *cx, const struct plan *p, struct visits *out)
{
    struct visits v = { .plan = p,
                        .teamed = arena_alloc(cx->mem, p->lots, sizeof *v.teamed),
                        .visit.size = sizeof(struct visit) };
    if (v.teamed == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the visits");
    }
    for (size_t i = 0; i < p->teams; i++) {
        v.teamed[plan_lot_find(p, p->team[i].lot)] = true;
    }
    *out = v;
    return ERR_OK;
}

enum err visits_add(struct cx *cx, struct visits *v, const struct drawn *d)
{
    if (!v->teamed[d->lot] || d->status == LOT_RESERVE) {
        return ERR_OK;
    }
    struct visit *one = kept_add(cx, &v->visit);
    struct visit copy = { str_dup(cx->mem, d->id), str_dup(cx->mem, d->region), d->lot };
    if (one == NULL || copy.id.p == NULL || copy.region.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the visits");
    }
    *one = copy;
    return ERR_OK;
}

struct assign_input visits_input(const struct visits *v, const struct digest *seed,
                                 const struct frame *frame)
{
    return (struct assign_input){
        .plan = v->plan,
        .seed = seed,
        .inspector = frame->inspector,
        .inspectors = frame->inspectors,
        .recused = frame->recused,
        .recusals = frame->recusals,
        .visit = v->visit.records,
        .visits = v->visit.n,
    };
}
