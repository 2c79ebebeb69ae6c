#include "../test.h"

#include "../store_harness.h"
#include "office/office.h"

static const struct actor console = { 0 };

static const struct account_new root = { .name = STR_INIT("root"),
                                         .shown = STR_INIT("Root"),
                                         .password = STR_INIT("Secret-words-1"),
                                         .roles = ROLE_BIT(SYSTEM_ADMIN) };
static const struct account_new planner = { .name = STR_INIT("li"),
                                            .shown = STR_INIT("Li"),
                                            .password = STR_INIT("Other-words-2"),
                                            .roles = ROLE_BIT(PLANNER),
                                            .dept = STR_INIT("samr"),
                                            .region = STR_INIT("4301") };

static const struct {
    const char *what;
    struct account_new a;
    const char *names; /* in the failure's detail */
} refused[] = {
    { "one letter",
      { STR_INIT("a"), STR_INIT("A"), STR_INIT("Secret-words-1"), 1, STR_INIT(""), STR_INIT("") },
      "name" },
    { "upper case",
      { STR_INIT("Li"), STR_INIT("A"), STR_INIT("Secret-words-1"), 1, STR_INIT(""), STR_INIT("") },
      "name" },
    { "no shown name",
      { STR_INIT("li"), STR_INIT(""), STR_INIT("Secret-words-1"), 1, STR_INIT(""), STR_INIT("") },
      "shown" },
    { "no role",
      { STR_INIT("li"), STR_INIT("A"), STR_INIT("Secret-words-1"), 0, STR_INIT(""), STR_INIT("") },
      "roles" },
    { "a role that is none",
      { STR_INIT("li"), STR_INIT("A"), STR_INIT("Secret-words-1"), 1u << 20, STR_INIT(""),
        STR_INIT("") },
      "roles" },
    { "administrator and planner",
      { STR_INIT("li"), STR_INIT("A"), STR_INIT("Secret-words-1"),
        ROLE_BIT(SYSTEM_ADMIN) | ROLE_BIT(PLANNER), STR_INIT(""), STR_INIT("") },
      "system_admin" },
    { "department administrator of none",
      { STR_INIT("li"), STR_INIT("A"), STR_INIT("Secret-words-1"), ROLE_BIT(DEPARTMENT_ADMIN),
        STR_INIT(""), STR_INIT("") },
      "dept" },
    { "short password",
      { STR_INIT("li"), STR_INIT("A"), STR_INIT("Abc-1"), 1, STR_INIT(""), STR_INIT("") },
      "password" },
    { "one kind of character",
      { STR_INIT("li"), STR_INIT("A"), STR_INIT("onlylowercase"), 1, STR_INIT(""), STR_INIT("") },
      "password" },
    { "password with the name",
      { STR_INIT("lihua"), STR_INIT("A"), STR_INIT("X-lihua-2026"), 1, STR_INIT(""), STR_INIT("") },
      "password" },
};

static void bad_accounts_are_refused(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st };
        for (size_t i = 0; i < COUNT_OF(refused); i++) {
            TEST_CX(cx);
            int64_t id;
            print_message("%s\n", refused[i].what);
            ASSERT_ERR(ERR_FIELD, account_add(cx, &d, &console, &refused[i].a, STR(""), &id));
            assert_non_null(strstr(cx->fault.detail, refused[i].names));
        }
    }
}

static void only_the_first_account_is_the_consoles(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st };
        int64_t id;
        struct actor by;
        TEST_CX(cx);
        ASSERT_OK(cx, account_add(cx, &d, &console, &root, STR(""), &id));
        TEST_CX(second);
        ASSERT_ERR(ERR_SIGNED_OUT, account_add(second, &d, &console, &planner, STR(""), &id));
        ASSERT_OK(cx, account_actor(cx, &d, STR("root"), &by));
        ASSERT_OK(cx, account_add(cx, &d, &by, &planner, STR(""), &id));
        TEST_CX(again);
        ASSERT_ERR(ERR_DUPLICATE, account_add(again, &d, &by, &planner, STR(""), &id));
        TEST_CX(by_planner);
        struct account_new third = root;
        third.name = STR("third");
        ASSERT_OK(cx, account_actor(cx, &d, STR("li"), &by));
        ASSERT_ERR(ERR_FORBIDDEN, account_add(by_planner, &d, &by, &third, STR(""), &id));
        assert_true(str_eq(by.region, STR("4301")));
    }
}

static void a_session_opens_ages_and_ends(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st };
        struct caller c;
        struct caller seen;
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, account_add(cx, &d, &console, &root, STR(""), &id));
        ASSERT_OK(cx, session_open(cx, &d, root.name, root.password, &c));
        assert_int_equal(c.session.n, TOKEN_CHARS);
        ASSERT_OK(cx, session_caller(cx, &d, c.session, &seen));
        assert_true(seen.actor.account == id);
        assert_true(session_form_token_ok(&seen, c.form_token));
        assert_false(session_form_token_ok(&seen, c.session));
        assert_false(session_form_token_ok(&seen, (struct str){ NULL, 0 }));
        /* used every 29 minutes it lives, but not past 12 hours */
        for (int64_t at = 29; at < 12 * 60; at += 29) {
            TEST_CX(later);
            later->now_ms = TEST_NOW_MS + at * 60000;
            ASSERT_OK(later, session_caller(later, &d, c.session, &seen));
        }
        TEST_CX(next_day);
        next_day->now_ms = TEST_NOW_MS + SESSION_MAX_MS;
        ASSERT_ERR(ERR_SIGNED_OUT, session_caller(next_day, &d, c.session, &seen));
        ASSERT_OK(cx, session_open(cx, &d, root.name, root.password, &c));
        TEST_CX(idle);
        idle->now_ms = TEST_NOW_MS + SESSION_IDLE_MS;
        ASSERT_ERR(ERR_SIGNED_OUT, session_caller(idle, &d, c.session, &seen));
        ASSERT_OK(cx, session_close(cx, &d, c.session));
        TEST_CX(closed);
        ASSERT_ERR(ERR_SIGNED_OUT, session_caller(closed, &d, c.session, &seen));
    }
}

static void failures_lock_and_time_unlocks(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st };
        struct caller c;
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, account_add(cx, &d, &console, &root, STR(""), &id));
        TEST_CX(unknown);
        ASSERT_ERR(ERR_PASSWORD, session_open(unknown, &d, STR("ghost"), STR("x"), &c));
        for (int i = 0; i < SIGN_IN_TRIES; i++) {
            TEST_CX(wrong);
            ASSERT_ERR(ERR_PASSWORD, session_open(wrong, &d, root.name, STR("wrong"), &c));
        }
        TEST_CX(locked);
        ASSERT_ERR(ERR_LOCKED, session_open(locked, &d, root.name, root.password, &c));
        TEST_CX(later);
        later->now_ms = TEST_NOW_MS + LOCK_MS + 1;
        ASSERT_OK(later, session_open(later, &d, root.name, root.password, &c));
    }
}

static void a_new_password_ends_sessions(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st };
        struct caller c;
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, account_add(cx, &d, &console, &root, STR(""), &id));
        ASSERT_OK(cx, session_open(cx, &d, root.name, root.password, &c));
        ASSERT_OK(cx, account_set_password(cx, &d, &c.actor, root.name, STR("Newer-words-3")));
        TEST_CX(ended);
        ASSERT_ERR(ERR_SIGNED_OUT, session_caller(ended, &d, c.session, &c));
        TEST_CX(old);
        ASSERT_ERR(ERR_PASSWORD, session_open(old, &d, root.name, root.password, &c));
        ASSERT_OK(cx, session_open(cx, &d, root.name, STR("Newer-words-3"), &c));
    }
}

static void a_token_is_bounded_by_roles_and_time(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st };
        struct caller c;
        struct str token;
        struct actor by;
        int64_t id;
        struct account_new two = planner;
        two.roles |= ROLE_BIT(REVIEWER);
        TEST_CX(cx);
        ASSERT_OK(cx, account_add(cx, &d, &console, &root, STR(""), &id));
        ASSERT_OK(cx, account_actor(cx, &d, root.name, &by));
        ASSERT_OK(cx, account_add(cx, &d, &by, &two, STR(""), &id));
        ASSERT_OK(cx, token_make(cx, &d, &by, two.name, STR("nightly"),
                                 ROLE_BIT(PLANNER) | ROLE_BIT(WITNESS), 1, &token));
        ASSERT_OK(cx, token_caller(cx, &d, token, &c));
        assert_int_equal(c.actor.roles, ROLE_BIT(PLANNER));
        assert_true(c.by_token);
        assert_int_equal(c.form_token.n, 0);
        TEST_CX(later);
        later->now_ms = TEST_NOW_MS + 86400000;
        ASSERT_ERR(ERR_SIGNED_OUT, token_caller(later, &d, token, &c));
        TEST_CX(wrong);
        ASSERT_ERR(ERR_SIGNED_OUT, token_caller(wrong, &d, STR("abc"), &c));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_accounts_are_refused),
        cmocka_unit_test(only_the_first_account_is_the_consoles),
        cmocka_unit_test(a_session_opens_ages_and_ends),
        cmocka_unit_test(failures_lock_and_time_unlocks),
        cmocka_unit_test(a_new_password_ends_sessions),
        cmocka_unit_test(a_token_is_bounded_by_roles_and_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
