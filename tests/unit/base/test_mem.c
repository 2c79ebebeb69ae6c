#include "../test.h"

#include <string.h>

static void gives_zeroed_memory_up_to_its_limit(void **state UNUSED)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(100000);
    char *p = arena_alloc(a, 3, 7);
    assert_non_null(p);
    for (size_t i = 0; i < 21; i++) {
        assert_int_equal(p[i], 0);
    }
    assert_non_null(arena_alloc(a, 1, 50000));
    assert_null(arena_alloc(a, 1, 50000));
    assert_null(arena_alloc(a, SIZE_MAX / 2, 3));
    assert_non_null(arena_alloc(a, 1, 1));
}

static void a_mark_gives_memory_back(void **state UNUSED)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(1u << 20);
    struct arena_mark m = arena_mark(a);
    for (int round = 0; round < 100; round++) {
        char *p = arena_alloc(a, 1, 500000);
        assert_non_null(p);
        memset(p, 1, 500000);
        arena_reset(a, m);
    }
    char *kept = arena_alloc(a, 1, 8);
    m = arena_mark(a);
    memset(arena_alloc(a, 1, 64), 0xff, 64);
    arena_reset(a, m);
    char *again = arena_alloc(a, 1, 64);
    assert_int_equal(again[0], 0);
    assert_int_equal(kept[0], 0);
}

static void the_nth_allocation_can_fail(void **state UNUSED)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(1000);
    arena_fail_nth(2);
    assert_non_null(arena_alloc(a, 1, 1));
    assert_null(arena_alloc(a, 1, 1));
    assert_non_null(arena_alloc(a, 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_memory_up_to_its_limit),
        cmocka_unit_test(a_mark_gives_memory_back),
        cmocka_unit_test(the_nth_allocation_can_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
