#include "core/visits.h"

#include <string.h>

enum err visits_open(struct cx *cx, const struct plan *p, struct visits *out)
{
    struct visits v = { .plan = p, .teamed = arena_alloc(cx->mem, p->lots, sizeof *v.teamed) };
    if (v.teamed == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the visits");
    }
    for (size_t i = 0; i < p->teams; i++) {
        v.teamed[plan_lot_find(p, p->team[i].lot)] = true;
    }
    *out = v;
    return ERR_OK;
}

static enum err visits_grow(struct cx *cx, struct visits *v)
{
    size_t room = v->room == 0 ? 256 : 2 * v->room;
    struct visit *grown = arena_alloc(cx->mem, room, sizeof *grown);
    if (grown == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the visits");
    }
    if (v->n > 0) {
        memcpy(grown, v->visit, v->n * sizeof *grown);
    }
    v->visit = grown;
    v->room = room;
    return ERR_OK;
}

enum err visits_add(struct cx *cx, struct visits *v, const struct drawn *d)
{
    if (!v->teamed[d->lot] || d->status == LOT_RESERVE) {
        return ERR_OK;
    }
    if (v->n == v->room) {
        TRY(visits_grow(cx, v));
    }
    struct visit one = { str_dup(cx->mem, d->id), str_dup(cx->mem, d->region), d->lot };
    if (one.id.p == NULL || one.region.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the visits");
    }
    v->visit[v->n++] = one;
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
        .visit = v->visit,
        .visits = v->n,
    };
}
