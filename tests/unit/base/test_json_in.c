#include "../test.h"

#include <string.h>

static const struct {
    const char *what, *text, *detail;
} refused[] = {
    { "nothing", "", "line 1, column 0" },
    { "half", "{\"a\":", "line 1, column 5" },
    { "a name twice", "{\"a\":1,\"a\":2}", "duplicate object key" },
    { "something behind", "{} {}", "end of file expected" },
    { "an escaped NUL", "\"\\u0000\"", "\\u0000 is not allowed" },
    { "a half surrogate pair", "\"\\ud800\"", "invalid Unicode" },
    { "no UTF-8", "\"\xff\"", "byte 2 is no UTF-8" },
    { "past 64 bits", "9223372036854775808", "too big integer" },
    { "a number past every range", "1e999", "real number overflow" },
    { "a comment", "/* */ 1", "line 1" },
    { "a comma too many", "[1,]", "line 1" },
    { "a single quote", "{'a':1}", "line 1" },
    { "NaN", "NaN", "line 1" },
    { "17 levels", "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "byte 17 is nested over 16 levels" },
};

static void one_clear_failure(void **state UNUSED)
{
    for (size_t k = 0; k < COUNT_OF(refused); k++) {
        TEST_CX(cx);
        const struct json_value *v = NULL;
        enum err code = json_read(cx, str_of(refused[k].text), &v);
        if (code != ERR_BAD_REQUEST || strstr(cx->fault.detail, refused[k].detail) == NULL) {
            fail_msg("%s: %s %s", refused[k].what, err_name(code), cx->fault.detail);
        }
    }
}

static void a_raw_nul_is_refused(void **state UNUSED)
{
    TEST_CX(cx);
    const struct json_value *v = NULL;
    ASSERT_ERR(ERR_BAD_REQUEST, json_read(cx, (struct str){ "\"a\0b\"", 5 }, &v));
}

static void values_come_in_order(void **state UNUSED)
{
    TEST_CX(cx);
    const struct json_value *v = NULL;
    ASSERT_OK(cx, json_read(cx,
                            STR(" {\"z\":[1,-9223372036854775808,1.5,true,null],"
                                "\"a\":\"\\u5e02\\n[{\",\"\":{}} "),
                            &v));
    assert_int_equal(v->kind, JSON_IN_OBJECT);
    assert_int_equal(v->n, 3);
    ASSERT_STR("z", v->v[0].key);
    const struct json_value *z = json_member(v, "z");
    assert_int_equal(z->n, 5);
    assert_true(z->v[1].i == INT64_MIN);
    assert_int_equal(z->v[2].kind, JSON_IN_REAL);
    assert_int_equal(z->v[3].i, 1);
    assert_int_equal(z->v[4].kind, JSON_IN_NULL);
    ASSERT_STR("\xe5\xb8\x82\n[{", json_member(v, "a")->s);
    assert_int_equal(json_member(v, "")->kind, JSON_IN_OBJECT);
    assert_null(json_member(v, "b"));
    assert_null(json_member(z, "z"));
}

static void sixteen_levels_are_read(void **state UNUSED)
{
    TEST_CX(cx);
    const struct json_value *v = NULL;
    ASSERT_OK(cx, json_read(cx, STR("[[[[[[[[[[[[[[[[\"]]]]]]]\\\"[[[\"]]]]]]]]]]]]]]]]"), &v));
}

static void memory_may_run_out(void **state UNUSED)
{
    for (int64_t n = 1;; n++) {
        TEST_CX(cx);
        const struct json_value *v = NULL;
        arena_fail_nth(n);
        enum err code = json_read(cx, STR("{\"a\":[1,{\"b\":\"c\"}]}"), &v);
        arena_fail_nth(0);
        if (code == ERR_OK) {
            assert_true(n > 5);
            return;
        }
        ASSERT_ERR(ERR_NO_MEMORY, code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_clear_failure),    cmocka_unit_test(a_raw_nul_is_refused),
        cmocka_unit_test(values_come_in_order), cmocka_unit_test(sixteen_levels_are_read),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
