/* The assignment agrees with LEMON on instances too large to enumerate. */
#include "unit/test.h"

#include "lemon_instance.h"

static const struct {
    const char *what;
    struct instance_size size;
    int rounds;
} kinds[] = {
    { "a county's department", { 60, 12, 2, true, 30, 100, 0, 400 }, 6 },
    { "regions and recusals leave half of the pairs", { 120, 15, 3, false, 30, 50, 4, 60 }, 6 },
    { "caps bind and places stay unfilled", { 80, 10, 3, false, 30, 60, 2, 12 }, 8 },
    { "hardly anybody eligible", { 150, 20, 2, false, 30, 12, 3, 25 }, 6 },
    { "a large draw", { 600, 40, 2, true, 30, 90, 3, 100 }, 2 },
};

static void agrees_with_lemon(void **state)
{
    (void)state;
    TEST_CX(cx);
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        for (int i = 0; i < kinds[k].rounds; i++) {
            struct arena_mark before = arena_mark(cx->mem);
            struct flow f = instance_make(cx, &kinds[k].size, (uint64_t)(100 * k) + (uint64_t)i);
            struct lemon_answer want;
            ASSERT_OK(cx, flow_solve(cx, &f));
            struct instance_cost got = instance_cost(&f);
            assert_int_equal(lemon_instance(cx, &f, &want), 0);
            assert_int_equal(got.unfilled, want.unfilled);
            assert_int_equal(got.load, want.load);
            assert_int_equal(got.tickets, want.tickets);
            arena_reset(cx->mem, before);
        }
        print_message("%s: %d instances, equal in unfilled, load and tickets\n", kinds[k].what,
                      kinds[k].rounds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(agrees_with_lemon) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
