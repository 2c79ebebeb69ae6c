/* The assignment against exhaustive search, its prices, and what the check finds. */
#include "../test.h"

#include "instance.h"

#include <string.h>

/* All ways to fill the seats, one target after the other; keeps the cheapest and counts equals. */
struct search {
    struct flow *f;
    assign_price best;
    size_t equals;
    uint16_t *best_seat;
};

static assign_price total(const struct flow *f)
{
    assign_price sum = 0;
    for (size_t j = 0; j < f->inspectors; j++) {
        for (uint32_t l = 1; l <= f->inspector[j].taken; l++) {
            sum += FLOW_B * (assign_price)(f->inspector[j].load + l);
        }
    }
    struct instance_cost c = instance_cost(f);
    return sum + c.tickets + FLOW_SHORT * c.unfilled;
}

static void try_seats(struct search *s, size_t t, uint32_t d, size_t from)
{
    struct flow *f = s->f;
    if (t == f->targets) {
        assign_price cost = total(f);
        s->equals = cost < s->best ? 1 : s->equals + (cost == s->best);
        if (cost < s->best) {
            s->best = cost;
            memcpy(s->best_seat, f->seat, f->seats * sizeof *f->seat);
        }
        return;
    }
    const struct flow_target *target = &f->target[t];
    if (d == target->demand) {
        try_seats(s, t + 1, 0, 0);
        return;
    }
    for (size_t i = from; i < target->pairs; i++) {
        uint16_t j = flow_who(f->pair[target->pair + i]);
        if (f->inspector[j].taken < f->inspector[j].room) {
            f->inspector[j].taken++;
            f->seat[target->seat + d] = j;
            try_seats(s, t, d + 1, i + 1);
            f->seat[target->seat + d] = FLOW_NOBODY;
            f->inspector[j].taken--;
        }
    }
    try_seats(s, t + 1, 0, 0); /* the rest of this team stays unfilled */
}

static void against_all(struct cx *cx, const struct instance_size *size, uint64_t number,
                        size_t *ties)
{
    struct arena_mark before = arena_mark(cx->mem);
    struct flow f = instance_make(cx, size, number);
    struct search s = { &f, FLOW_SHORT << 10, 0, arena_alloc(cx->mem, f.seats, sizeof(uint16_t)) };
    assign_price *price = arena_alloc(cx->mem, f.inspectors, sizeof *price);
    assert_true(s.best_seat != NULL && price != NULL);
    try_seats(&s, 0, 0, 0);
    ASSERT_OK(cx, flow_solve(cx, &f));
    assert_true(total(&f) == s.best);
    if (s.equals > 1) {
        ASSERT_ERR(ERR_ASSIGN_TIE, flow_price(cx, &f, price));
        fault_clear(cx);
        (*ties)++;
    } else {
        assert_memory_equal(f.seat, s.best_seat, f.seats * sizeof *f.seat);
        ASSERT_OK(cx, flow_price(cx, &f, price));
        struct flow_fault fault = flow_check(&f, price);
        if (fault.what != NULL) {
            fail_msg("instance %llu: %s", (unsigned long long)number, fault.what);
        }
    }
    arena_reset(cx->mem, before);
}

static const struct {
    const char *what;
    struct instance_size size;
    int rounds;
} kinds[] = {
    { "everybody may go everywhere", { 4, 4, 2, true, 48, 100, 0, 9 }, 120 },
    { "few eligible pairs, so that places stay unfilled", { 5, 4, 2, false, 48, 45, 1, 3 }, 200 },
    { "caps bind", { 5, 4, 2, false, 48, 80, 0, 2 }, 200 },
    { "loads carried over", { 4, 5, 2, false, 48, 80, 5, 3 }, 150 },
    { "teams of three", { 3, 5, 3, false, 48, 85, 2, 3 }, 150 },
    { "one inspector", { 4, 1, 2, false, 48, 90, 1, 3 }, 40 },
    { "tickets of two bits: ties happen and are refused", { 4, 4, 2, false, 2, 80, 1, 2 }, 200 },
};

static void agrees_with_exhaustive_search(void **state)
{
    (void)state;
    TEST_CX(cx);
    size_t all = 0;
    size_t ties = 0;
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        for (int i = 0; i < kinds[k].rounds; i++) {
            against_all(cx, &kinds[k].size, (uint64_t)(k * 1000) + (uint64_t)i, &ties);
            all++;
        }
    }
    print_message("%zu instances, %zu of them with equals\n", all, ties);
    assert_true(ties > 20);
}

/* The price list refuses every other assignment: each single exchange, each doubled inspector. */
static void check_refuses_exchanges(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct instance_size size = { 12, 8, 2, true, 48, 70, 2, 6 };
    struct flow f = instance_make(cx, &size, 7);
    assign_price *price = arena_alloc(cx->mem, f.inspectors, sizeof *price);
    assert_non_null(price);
    ASSERT_OK(cx, flow_solve(cx, &f));
    ASSERT_OK(cx, flow_price(cx, &f, price));
    assert_null(flow_check(&f, price).what);
    size_t tried = 0;
    for (size_t i = 0; i < f.seats; i++) {
        uint16_t was = f.seat[i];
        for (uint16_t j = 0; j < f.inspectors; j++) {
            if (j != was) {
                f.seat[i] = j;
                assert_non_null(flow_check(&f, price).what);
                tried++;
            }
        }
        f.seat[i] = was;
    }
    for (size_t j = 0; j < f.inspectors; j++) {
        if (price[j] == FLOW_SCALE * FLOW_SHORT) {
            continue; /* has no room and holds no place: the highest price there is */
        }
        price[j]++; /* each price is the largest: one more breaks a bound */
        struct flow_fault fault = flow_check(&f, price);
        price[j]--;
        assert_non_null(fault.what);
    }
    assert_true(tried > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_exhaustive_search),
        cmocka_unit_test(check_refuses_exchanges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
