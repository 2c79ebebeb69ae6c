/* Working days against a count day by day, and what a calendar refuses. */
#include "../test.h"

enum { FIRST = 2019, LAST = 2022 };

/* Some of everything: holidays in mid-week and on a weekend, moved days off, made-up days. */
static const struct calendar_day notices[] = {
    { 20190101, DAY_HOLIDAY }, { 20190501, DAY_OFF },    { 20190501, DAY_HOLIDAY },
    { 20190502, DAY_OFF },     { 20190428, DAY_MAKEUP }, { 20200125, DAY_HOLIDAY },
    { 20200124, DAY_OFF },     { 20200119, DAY_MAKEUP }, { 20211001, DAY_HOLIDAY },
    { 20211009, DAY_MAKEUP },  { 20221231, DAY_MAKEUP },
};

static struct calendar *made(struct cx *cx)
{
    struct calendar *c = NULL;
    ASSERT_OK(cx, calendar_make(cx, FIRST, LAST, notices, COUNT_OF(notices), 20221231, &c));
    return c;
}

static void the_later_word_for_a_day_counts(void **state UNUSED)
{
    TEST_CX(cx);
    struct calendar *c = made(cx);
    assert_int_equal(calendar_kind(c, 20190501), DAY_HOLIDAY);
    assert_int_equal(calendar_kind(c, 20190502), DAY_OFF);
    assert_int_equal(calendar_kind(c, 20190503), DAY_WORK);
    assert_int_equal(calendar_kind(c, 20190504), DAY_WEEKEND);
    assert_true(calendar_works(c, 20190428));
    assert_int_equal(calendar_kind(c, 20300105), DAY_WEEKEND); /* outside: the week alone */
    assert_int_equal(calendar_first_on(c), 20190101);
    assert_int_equal(calendar_last_on(c), 20221231);
}

static int32_t counted(const struct calendar *c, int32_t from, int32_t to)
{
    int32_t n = 0;
    for (int32_t on = date_add_days(from, 1); on <= to; on = date_add_days(on, 1)) {
        n += calendar_works(c, on);
    }
    return n;
}

static void days_between_are_those_counted_one_by_one(void **state UNUSED)
{
    TEST_CX(cx);
    struct calendar *c = made(cx);
    uint64_t state_ = 20190101;
    for (int i = 0; i < 3000; i++) {
        state_ = state_ * UINT64_C(6364136223846793005) + 1442695040888963407u;
        int32_t a = date_add_days(20190101, (int32_t)(state_ >> 33) % 1461);
        int32_t b = date_add_days(a, (int32_t)(state_ >> 20 & 63));
        int32_t forward;
        int32_t back;
        if (b > 20221231) {
            continue;
        }
        ASSERT_OK(cx, calendar_work_days(cx, c, a, b, &forward));
        ASSERT_OK(cx, calendar_work_days(cx, c, b, a, &back));
        assert_int_equal(forward, counted(c, a, b));
        assert_int_equal(-back, counted(c, a, b) + calendar_works(c, a) - calendar_works(c, b));
    }
}

static void the_nth_working_day_is_found_from_every_day(void **state UNUSED)
{
    TEST_CX(cx);
    struct calendar *c = made(cx);
    for (int32_t on = 20190201; on <= 20221101; on = date_add_days(on, 1)) {
        int32_t at = on;
        for (int32_t n = 1; n <= 20; n++) {
            int32_t got;
            do {
                at = date_add_days(at, 1);
            } while (!calendar_works(c, at));
            ASSERT_OK(cx, calendar_add_work(cx, c, on, n, &got));
            assert_int_equal(got, at);
        }
        at = on;
        for (int32_t n = -1; n >= -15; n--) {
            int32_t got;
            do {
                at = date_add_days(at, -1);
            } while (!calendar_works(c, at));
            ASSERT_OK(cx, calendar_add_work(cx, c, on, n, &got));
            assert_int_equal(got, at);
        }
    }
}

static const struct {
    const char *what;
    int32_t first_year, last_year;
    struct calendar_day day;
} refused[] = {
    { "years the wrong way round", 2021, 2020, { 20200101, DAY_HOLIDAY } },
    { "a year before the republic", 1900, 2020, { 20200101, DAY_HOLIDAY } },
    { "a day outside the years", 2020, 2021, { 20220101, DAY_HOLIDAY } },
    { "a day that is none", 2020, 2021, { 20200230, DAY_HOLIDAY } },
    { "a Monday made up", 2020, 2021, { 20200106, DAY_MAKEUP } },
};

static void wrong_calendars_are_refused(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        TEST_CX(cx);
        struct calendar *c = NULL;
        enum err e = calendar_make(cx, refused[i].first_year, refused[i].last_year, &refused[i].day,
                                   1, 20201231, &c);
        if (e != ERR_DATE) {
            fail_msg("%s: %s", refused[i].what, err_name(e));
        }
        assert_null(c);
    }
}

static void outside_the_years_nothing_is_guessed(void **state UNUSED)
{
    TEST_CX(cx);
    struct calendar *c = made(cx);
    int32_t got = 7;
    ASSERT_ERR(ERR_DATE, calendar_add_work(cx, c, 20221230, 2, &got));
    ASSERT_ERR(ERR_DATE, calendar_add_work(cx, c, 20190102, -1, &got)); /* the first is a holiday */
    ASSERT_ERR(ERR_DATE, calendar_add_work(cx, c, 20180102, 1, &got));
    ASSERT_ERR(ERR_DATE, calendar_work_days(cx, c, 20190102, 20230102, &got));
    assert_int_equal(got, 7);
    ASSERT_OK(cx, calendar_add_work(cx, c, 20221230, 1, &got));
    assert_int_equal(got, 20221231); /* a Saturday that is made up */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_later_word_for_a_day_counts),
        cmocka_unit_test(days_between_are_those_counted_one_by_one),
        cmocka_unit_test(the_nth_working_day_is_found_from_every_day),
        cmocka_unit_test(wrong_calendars_are_refused),
        cmocka_unit_test(outside_the_years_nothing_is_guessed),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
