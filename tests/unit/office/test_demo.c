#include "../store_harness.h"

#include "office/office.h"

#include <stdlib.h>

static struct defs *defs;

static int load(void **state UNUSED)
{
    TEST_CX(cx);
    ASSERT_OK(cx, defs_load(cx, getenv("SISHI_DEFINITIONS"), &defs));
    return 0;
}

static int unload(void **state UNUSED)
{
    defs_freep(&defs);
    return 0;
}

static const struct actor public = { 0 };
static const struct actor clerk = { .account = 7, .roles = ROLE_BIT(REGISTRAR) };

/* The first entity of seed 1: what this test expects of it was read off once, and must stay. */
#define FIRST_CODE "92431281YD0000005P"

static void the_same_seed_makes_the_same_province(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct demo_options o = { .entities = 300, .seed = 1 };
        struct demo_result made;
        struct market_entity e;
        bool demo = true;
        TEST_CX(cx);
        ASSERT_OK(cx, register_is_demo(cx, &d, &demo));
        assert_false(demo);
        ASSERT_OK(cx, demo_make(cx, &d, &o, &made));
        assert_int_equal(made.entities, 300);
        ASSERT_OK(cx, register_is_demo(cx, &d, &demo));
        assert_true(demo);
        ASSERT_OK(cx, register_by_code(cx, &d, &public, STR(FIRST_CODE), &e));
        ASSERT_STR("431281", e.region);
        ASSERT_STR("C2652", e.industry);
        assert_int_equal(e.status, ENTITY_ACTIVE);
        TEST_CX(again);
        ASSERT_ERR(ERR_STATE, demo_make(again, &d, &o, &made));
    }
}

static void codes_are_right_whatever_the_seed(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct demo_options o = { .entities = 2000, .seed = 99 };
        struct demo_result made;
        TEST_CX(cx);
        ASSERT_OK(cx, demo_make(cx, &d, &o, &made));
        for (int64_t id = 1; id <= 2000; id++) {
            TEST_CX(one);
            struct market_entity e;
            char text[ID_CHARS];
            id_put(id, text);
            ASSERT_OK(one,
                      register_by_code(one, &d, &clerk, (struct str){ text, sizeof text }, &e));
            assert_int_equal(code_check(e.uscc).err, ERR_OK);
            assert_non_null(defs_region(defs, e.region));
            assert_non_null(defs_industry(defs, e.industry));
            assert_non_null(defs_class(defs, e.cls));
            assert_true(e.grade >= 'A' && e.grade <= 'D');
            assert_true(date_valid(e.established_on));
            assert_true(e.closed_on == 0 || e.closed_on >= e.established_on);
        }
    }
}

static void the_public_does_not_see_grades(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct demo_options o = { .entities = 100, .seed = 1 };
        struct demo_result made;
        struct market_entity e;
        TEST_CX(cx);
        ASSERT_OK(cx, demo_make(cx, &d, &o, &made));
        ASSERT_OK(cx, register_by_code(cx, &d, &clerk, STR(FIRST_CODE), &e));
        assert_true(e.grade != 0);
        ASSERT_OK(cx, register_by_code(cx, &d, &public, STR(FIRST_CODE), &e));
        assert_int_equal(e.grade, 0);
        assert_int_equal(e.representative.n, 0);
        ASSERT_OK(cx, register_by_code(cx, &d, NULL, STR(" 92431281yd0000005p "), &e));
        assert_int_equal(e.grade, 0);
        TEST_CX(unknown);
        ASSERT_ERR(ERR_NOT_FOUND,
                   register_by_code(unknown, &d, &public, STR("91350100M000100Y43"), &e));
        TEST_CX(wrong);
        ASSERT_ERR(ERR_USCC_CHECKSUM,
                   register_by_code(wrong, &d, &public, STR("91350100M000100Y44"), &e));
    }
}

static const struct {
    const char *what, *name, *want;
} folds[] = {
    { "width, case, blanks", "\xef\xbc\xa1 b\xe3\x80\x80\xe5\xb8\x82", "ab\xe5\xb8\x82" },
    { "both kinds of brackets", "\xe7\x94\xb2(\xe4\xb9\x99)\xef\xbc\x88\xe4\xb8\x99\xef\xbc\x89",
      "\xe7\x94\xb2\xe4\xb9\x99\xe4\xb8\x99" },
    { "nothing but marks stays", "()", "()" },
};

static void names_are_folded(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(folds); i++) {
        TEST_CX(cx);
        struct str out;
        print_message("%s\n", folds[i].what);
        ASSERT_OK(cx, name_fold(cx, str_of(folds[i].name), &out));
        ASSERT_STR(folds[i].want, out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_makes_the_same_province),
        cmocka_unit_test(codes_are_right_whatever_the_seed),
        cmocka_unit_test(the_public_does_not_see_grades),
        cmocka_unit_test(names_are_folded),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
