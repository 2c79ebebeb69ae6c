#include "lemon_instance.h"

int lemon_instance(struct cx *cx, const struct flow *f, struct lemon_answer *out)
{
    size_t pairs = 0;
    for (size_t t = 0; t < f->targets; t++) {
        pairs += f->target[t].pairs;
    }
    uint32_t *demand = arena_alloc(cx->mem, f->targets, sizeof *demand);
    uint64_t *load = arena_alloc(cx->mem, f->inspectors, sizeof *load);
    uint32_t *room = arena_alloc(cx->mem, f->inspectors, sizeof *room);
    size_t *first = arena_alloc(cx->mem, f->targets + 1, sizeof *first);
    uint32_t *who = arena_alloc(cx->mem, pairs, sizeof *who);
    uint32_t *ticket = arena_alloc(cx->mem, pairs, sizeof *ticket);
    if (demand == NULL || load == NULL || room == NULL || first == NULL || who == NULL ||
        ticket == NULL) {
        return 1;
    }
    size_t at = 0;
    for (size_t t = 0; t < f->targets; t++) {
        demand[t] = f->target[t].demand;
        first[t] = at;
        for (size_t i = 0; i < f->target[t].pairs; i++, at++) {
            who[at] = flow_who(f->pair[f->target[t].pair + i]);
            ticket[at] = (uint32_t)flow_r(f->pair[f->target[t].pair + i]);
        }
    }
    first[f->targets] = at;
    for (size_t j = 0; j < f->inspectors; j++) {
        load[j] = f->inspector[j].load;
        room[j] = f->inspector[j].room;
    }
    struct lemon_problem p = { f->targets, f->inspectors, demand, load, room, first, who, ticket };
    return lemon_solve(&p, out);
}
