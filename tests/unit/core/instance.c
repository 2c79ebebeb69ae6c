#include "instance.h"

static uint64_t next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d) >> 8;
}

struct flow instance_make(struct cx *cx, const struct instance_size *size, uint64_t number)
{
    uint64_t *pair = arena_alloc(cx->mem, size->targets * size->inspectors + 1, sizeof *pair);
    struct flow f = {
        .target = arena_alloc(cx->mem, size->targets, sizeof *f.target),
        .targets = size->targets,
        .inspector = arena_alloc(cx->mem, size->inspectors, sizeof *f.inspector),
        .inspectors = size->inspectors,
        .pair = pair,
    };
    uint64_t state = number * 2654435769u + 88172645463325252u;
    size_t pairs = 0;
    for (size_t t = 0; t < f.targets; t++) {
        uint32_t demand =
            size->even ? size->demand_max : 1 + (uint32_t)(next(&state) % size->demand_max);
        f.target[t] = (struct flow_target){ demand, (uint32_t)f.seats, pairs, 0 };
        f.seats += demand;
        for (size_t j = 0; j < f.inspectors; j++) {
            uint64_t r = next(&state) & ((UINT64_C(1) << size->r_bits) - 1);
            r += r == 0; /* 0 has a chance of 2^-48 in a real draw */
            if (next(&state) % 100 < size->eligible_of_100) {
                pair[pairs++] = flow_pair(r, j);
                f.target[t].pairs++;
            }
        }
    }
    for (size_t j = 0; j < f.inspectors; j++) {
        f.inspector[j].load = next(&state) % (size->load_max + 1);
        f.inspector[j].room = (uint32_t)(next(&state) % (size->room_max + 1));
    }
    f.seat = arena_alloc(cx->mem, f.seats, sizeof *f.seat);
    for (size_t i = 0; f.seat != NULL && i < f.seats; i++) {
        f.seat[i] = FLOW_NOBODY;
    }
    return f;
}

struct instance_cost instance_cost(const struct flow *f)
{
    struct instance_cost c = { 0, 0, 0 };
    for (size_t t = 0; t < f->targets; t++) {
        for (uint32_t d = 0; d < f->target[t].demand; d++) {
            uint16_t j = f->seat[f->target[t].seat + d];
            const uint64_t *pair = j == FLOW_NOBODY ? NULL : flow_pair_find(f, t, j);
            c.unfilled += pair == NULL;
            c.tickets += pair == NULL ? 0 : (int64_t)flow_r(*pair);
        }
    }
    for (size_t j = 0; j < f->inspectors; j++) {
        int64_t x = f->inspector[j].taken;
        c.load += x * (int64_t)f->inspector[j].load + x * (x + 1) / 2;
    }
    return c;
}
