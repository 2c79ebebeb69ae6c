#include "../test.h"

#include "kernel/kernel.h"

static const struct actor nobody = { 0 };

static struct actor with_roles(uint32_t roles)
{
    return (
        struct actor){ .account = 7, .roles = roles, .dept = STR("samr"), .region = STR("4301") };
}

static const struct {
    enum power power;
    uint32_t roles; /* said again by hand: a change of the table must be meant */
} expected[] = {
    { POWER_REGISTER_WRITE, 1u << ROLE_REGISTRAR },
    { POWER_DRAW_PLAN, 1u << ROLE_PLANNER },
    { POWER_DRAW_FREEZE, 1u << ROLE_DRAW_OPERATOR },
    { POWER_DRAW_COMMIT, 1u << ROLE_DEPARTMENT_ADMIN },
    { POWER_DRAW_BEACON, 1u << ROLE_DRAW_OPERATOR | 1u << ROLE_WITNESS },
    { POWER_DRAW_RUN, 1u << ROLE_DRAW_OPERATOR },
    { POWER_DRAW_PUBLISH, 1u << ROLE_REVIEWER },
    { POWER_DRAW_VOID, 1u << ROLE_REVIEWER },
    { POWER_ACCOUNT_ADMIN, 1u << ROLE_SYSTEM_ADMIN },
};

static void each_power_has_its_roles(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        for (int r = 0; r < ROLE__COUNT; r++) {
            TEST_CX(cx);
            struct actor a = with_roles(1u << r);
            bool may = (expected[i].roles >> r & 1u) != 0;
            print_message("%s by %s\n", power_name(expected[i].power), role_name((enum role)r));
            ASSERT_ERR(may ? ERR_OK : ERR_FORBIDDEN,
                       access_allow(cx, &a, expected[i].power, (struct scope){ 0 }));
        }
    }
}

static void the_answer_defaults_to_no(void **state UNUSED)
{
    for (int p = 0; p < POWER__COUNT; p++) {
        TEST_CX(cx);
        TEST_CX(cx2);
        struct actor none = with_roles(0);
        ASSERT_ERR(p == POWER_PUBLIC ? ERR_OK : ERR_SIGNED_OUT,
                   access_allow(cx, &nobody, (enum power)p, (struct scope){ 0 }));
        ASSERT_ERR(p == POWER_PUBLIC || p == POWER_SIGNED_IN ? ERR_OK : ERR_FORBIDDEN,
                   access_allow(cx2, &none, (enum power)p, (struct scope){ 0 }));
    }
    TEST_CX(cx);
    struct actor all = with_roles(~0u);
    ASSERT_ERR(ERR_FORBIDDEN, access_allow(cx, &all, (enum power)1000, (struct scope){ 0 }));
    TEST_CX(cx2);
    ASSERT_ERR(ERR_SIGNED_OUT, access_allow(cx2, NULL, POWER_SIGNED_IN, (struct scope){ 0 }));
}

static const struct {
    const char *what;
    struct scope where;
    enum err want;
} scopes[] = {
    { "own department", { .dept = { "samr", 4 } }, ERR_OK },
    { "another department", { .dept = { "health", 6 } }, ERR_FORBIDDEN },
    { "a department whose name begins alike", { .dept = { "samr2", 5 } }, ERR_FORBIDDEN },
    { "a county of the own city", { .region = { "430102", 6 } }, ERR_OK },
    { "another city", { .region = { "430202", 6 } }, ERR_FORBIDDEN },
    { "the whole province", { .region = { "43", 2 } }, ERR_FORBIDDEN },
};

static void department_and_region_bound_a_role(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(scopes); i++) {
        TEST_CX(cx);
        struct actor a = with_roles(1u << ROLE_DEPARTMENT_ADMIN);
        print_message("%s\n", scopes[i].what);
        ASSERT_ERR(scopes[i].want, access_allow(cx, &a, POWER_DRAW_COMMIT, scopes[i].where));
    }
}

static void role_names_go_round(void **state UNUSED)
{
    for (int r = 0; r < ROLE__COUNT; r++) {
        assert_int_equal(role_by_name(str_of(role_name((enum role)r))), r);
    }
    assert_int_equal(role_by_name(STR("emperor")), ROLE__COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_power_has_its_roles),
        cmocka_unit_test(the_answer_defaults_to_no),
        cmocka_unit_test(department_and_region_bound_a_role),
        cmocka_unit_test(role_names_go_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
