#include "../test.h"

#include <string.h>

static void days_go_round(void **state UNUSED)
{
    assert_int_equal(date_days(19700101), 0);
    assert_int_equal(date_weekday(19700101), 4);
    assert_int_equal(date_weekday(20261123), 1);
    int32_t d = 15830101;
    int weekday = date_weekday(d);
    for (int32_t day = date_days(d); d < 99991231; day++) {
        assert_true(date_valid(d));
        assert_int_equal(date_days(d), day);
        assert_int_equal(date_weekday(d), weekday);
        weekday = weekday % 7 + 1;
        d = date_of_days(day + 1);
    }
    assert_false(date_valid(20270229));
    assert_true(date_valid(20280229));
    assert_int_equal(date_add_months(20260131, 1), 20260228);
    assert_int_equal(date_add_months(20260131, -2), 20251130);
}

static const struct {
    const char *text;
    int32_t want;
} dates[] = {
    { "2026-11-23", 20261123 },
    { "20261123", 20261123 },
    { "2026/1/3", 20260103 },
    { "2026.1.3", 20260103 },
    { "2026-02-29", 0 },
    { "2026-11-23x", 0 },
    { "", 0 },
    { "2026-11", 0 },
    { "2026\xe5\xb9\xb4"
      "1\xe6\x9c\x88"
      "3\xe6\x97\xa5",
      20260103 },
    { "202611233", 0 },
    { "0000-00-00", 0 },
};

static void reads_dates(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(dates); i++) {
        TEST_CX(cx);
        int32_t d = 0;
        ASSERT_ERR(dates[i].want != 0 ? ERR_OK : ERR_DATE,
                   date_parse(cx, str_of(dates[i].text), &d));
        assert_int_equal(d, dates[i].want);
    }
}

static void instants_go_round(void **state UNUSED)
{
    TEST_CX(cx);
    char text[INSTANT_CHARS];
    int64_t ms;
    instant_put(TEST_NOW_MS, text);
    ASSERT_STR("2026-11-23T09:00:00+08:00", ((struct str){ text, sizeof text }));
    ASSERT_OK(cx, instant_parse(cx, (struct str){ text, sizeof text }, &ms));
    assert_true(ms == TEST_NOW_MS);
    ASSERT_OK(cx, instant_parse(cx, STR("2026-11-23T01:00:00.250Z"), &ms));
    assert_true(ms == TEST_NOW_MS + 250);
    ASSERT_ERR(ERR_DATE, instant_parse(cx, STR("2026-11-23T25:00:00Z"), &ms));
    assert_int_equal(date_of_ms(-1), 19700101);
    assert_int_equal(date_of_ms(INT64_C(1795363199999)), 20261122);
    assert_true(date_start_ms(20261123) == INT64_C(1795363200000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_go_round),
        cmocka_unit_test(reads_dates),
        cmocka_unit_test(instants_go_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
