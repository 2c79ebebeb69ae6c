/* Ends of periods: cases that a person can check on a calendar, and what is no period. */
#include "../test.h"

#include "core/core.h"

/* National Day 2026 as the notice has it, and a moved rest day behind it. */
static const struct calendar_day days[] = {
    { 20261001, DAY_HOLIDAY }, { 20261002, DAY_HOLIDAY }, { 20261003, DAY_HOLIDAY },
    { 20261004, DAY_OFF },     { 20261005, DAY_OFF },     { 20261006, DAY_OFF },
    { 20261007, DAY_OFF },     { 20260920, DAY_MAKEUP },  { 20261010, DAY_MAKEUP },
};

static int64_t ms_of(int64_t at)
{
    return date_start_ms((int32_t)(at / 10000)) + (at / 100 % 100 * 60 + at % 100) * 60000;
}

static const struct {
    const char *what;
    int64_t start;
    struct clock_amount amount[2];
    int64_t pause[2]; /* from, to; 0 0 = none */
    enum clock_roll roll;
    bool backwards;
    int32_t due_on, left_out, rolled;
} cases[] = {
    { "working days over the holidays, a Saturday made up",
      202609281500,
      { { 7, CLOCK_WORK_DAYS } },
      { 0, 0 },
      CLOCK_ROLL_NONE,
      false,
      20261013,
      0,
      0 },
    { "calendar days",
      202609280000,
      { { 7, CLOCK_DAYS } },
      { 0, 0 },
      CLOCK_ROLL_NONE,
      false,
      20261005,
      0,
      0 },
    { "an end on a moved rest day stays where only holidays move",
      202609280000,
      { { 7, CLOCK_DAYS } },
      { 0, 0 },
      CLOCK_ROLL_HOLIDAY,
      false,
      20261005,
      0,
      0 },
    { "an end on a statutory holiday moves behind all of them",
      202609240000,
      { { 8, CLOCK_DAYS } },
      { 0, 0 },
      CLOCK_ROLL_HOLIDAY,
      false,
      20261008,
      0,
      6 },
    { "any day off moves where the rule says so",
      202609280000,
      { { 7, CLOCK_DAYS } },
      { 0, 0 },
      CLOCK_ROLL_REST,
      false,
      20261008,
      0,
      3 },
    { "a weekend moves likewise",
      202610160000,
      { { 8, CLOCK_DAYS } },
      { 0, 0 },
      CLOCK_ROLL_REST,
      false,
      20261026,
      0,
      2 },
    { "an extension is counted on",
      202611020000,
      { { 15, CLOCK_WORK_DAYS }, { 15, CLOCK_WORK_DAYS } },
      { 0, 0 },
      CLOCK_ROLL_NONE,
      false,
      20261214,
      0,
      0 },
    { "months end on the day of that number",
      202601310000,
      { { 1, CLOCK_MONTHS } },
      { 0, 0 },
      CLOCK_ROLL_NONE,
      false,
      20260228,
      0,
      0 },
    { "two years from a leap day",
      202402290000,
      { { 2, CLOCK_YEARS } },
      { 0, 0 },
      CLOCK_ROLL_NONE,
      false,
      20260228,
      0,
      0 },
    { "a pause leaves out the days behind its first up to its last",
      202611020900,
      { { 10, CLOCK_DAYS } },
      { 202611051000, 202611091000 },
      CLOCK_ROLL_NONE,
      false,
      20261116,
      4,
      0 },
    { "a pause within one day leaves out nothing",
      202611020900,
      { { 10, CLOCK_DAYS } },
      { 202611051000, 202611051700 },
      CLOCK_ROLL_NONE,
      false,
      20261112,
      0,
      0 },
    { "a pause over a weekend takes no working day",
      202611020900,
      { { 10, CLOCK_WORK_DAYS } },
      { 202611061800, 202611081800 },
      CLOCK_ROLL_NONE,
      false,
      20261116,
      0,
      0 },
    { "a pause that begins on the last day comes too late",
      202611020900,
      { { 3, CLOCK_DAYS } },
      { 202611051000, 202611251000 },
      CLOCK_ROLL_NONE,
      false,
      20261105,
      0,
      0 },
    { "a pause behind the end changes nothing",
      202611020900,
      { { 3, CLOCK_DAYS } },
      { 202611071000, 202611251000 },
      CLOCK_ROLL_NONE,
      false,
      20261105,
      0,
      0 },
    { "seven working days before a hearing",
      202610120000,
      { { 7, CLOCK_WORK_DAYS } },
      { 0, 0 },
      CLOCK_ROLL_HOLIDAY,
      true,
      20260925,
      0,
      0 },
    { "thirty days before a licence ends, on a holiday all the same",
      202611010000,
      { { 30, CLOCK_DAYS } },
      { 0, 0 },
      CLOCK_ROLL_REST,
      true,
      20261002,
      0,
      0 },
    { "a day of twenty-four hours from within an hour",
      202611021020,
      { { 24, CLOCK_HOURS } },
      { 0, 0 },
      CLOCK_ROLL_REST,
      false,
      20261103,
      0,
      0 },
};

static enum err count(struct cx *cx, size_t i, struct clock_due *due)
{
    struct calendar *cal = NULL;
    struct clock_pause pause = { ms_of(cases[i].pause[0]), ms_of(cases[i].pause[1]) };
    const struct clock_run run = { .start_ms = ms_of(cases[i].start),
                                   .amount = cases[i].amount,
                                   .n_amounts = cases[i].amount[1].n > 0 ? 2 : 1,
                                   .pause = &pause,
                                   .n_pauses = cases[i].pause[0] != 0,
                                   .roll = cases[i].roll,
                                   .backwards = cases[i].backwards };
    ASSERT_OK(cx, calendar_make(cx, 2024, 2030, days, COUNT_OF(days), 20261231, &cal));
    return clock_due(cx, cal, &run, due);
}

static void periods_end_when_a_calendar_says(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TEST_CX(cx);
        struct clock_due due;
        ASSERT_OK(cx, count(cx, i, &due));
        if (due.due_on != cases[i].due_on || due.left_out != cases[i].left_out ||
            due.rolled != cases[i].rolled || due.provisional || due.paused) {
            fail_msg("%s: %d, %d left out, moved by %d", cases[i].what, (int)due.due_on,
                     (int)due.left_out, (int)due.rolled);
        }
    }
}

static void hours_end_on_the_hour(void **state UNUSED)
{
    TEST_CX(cx);
    struct clock_due due;
    ASSERT_OK(cx, count(cx, COUNT_OF(cases) - 1, &due));
    assert_int_equal(due.due_ms, ms_of(202611031100));
}

/* One run with whatever is wrong or special about it. */
static enum err run_of(struct cx *cx, const struct clock_run *run, struct clock_due *due)
{
    struct calendar *cal = NULL;
    ASSERT_OK(cx, calendar_make(cx, 2024, 2030, days, COUNT_OF(days), 20261231, &cal));
    return clock_due(cx, cal, run, due);
}

static void an_open_pause_tells_what_is_left(void **state UNUSED)
{
    TEST_CX(cx);
    struct clock_due due;
    const struct clock_amount fifteen = { 15, CLOCK_WORK_DAYS };
    const struct clock_pause open = { ms_of(202611051000), 0 };
    const struct clock_run run = { .start_ms = ms_of(202611020900),
                                   .amount = &fifteen,
                                   .n_amounts = 1,
                                   .pause = &open,
                                   .n_pauses = 1 };
    ASSERT_OK(cx, run_of(cx, &run, &due));
    assert_true(due.paused);
    assert_int_equal(due.left, 12);
}

static void an_end_in_a_year_without_notice_is_provisional(void **state UNUSED)
{
    TEST_CX(cx);
    struct clock_due due;
    const struct clock_amount ten = { 10, CLOCK_WORK_DAYS };
    const struct clock_run run = { .start_ms = ms_of(202612280000),
                                   .amount = &ten,
                                   .n_amounts = 1 };
    ASSERT_OK(cx, run_of(cx, &run, &due));
    assert_true(due.provisional);
    assert_int_equal(due.due_on, 20270111);
}

static void what_is_no_period_is_refused(void **state UNUSED)
{
    const struct clock_amount none = { 0, CLOCK_DAYS };
    const struct clock_amount mixed[] = { { 1, CLOCK_DAYS }, { 1, CLOCK_HOURS } };
    const struct clock_amount one = { 1, CLOCK_DAYS }, far = { 100000, CLOCK_WORK_DAYS };
    const struct clock_pause two[] = { { ms_of(202611051000), 0 }, { ms_of(202611061000), 0 } };
    const struct clock_pause early = { ms_of(202611011000), ms_of(202611031000) };
    const struct {
        struct clock_run run;
        enum err want;
    } wrong[] = {
        { { .amount = &one }, ERR_FIELD },
        { { .amount = &none, .n_amounts = 1 }, ERR_FIELD },
        { { .amount = mixed, .n_amounts = 2 }, ERR_FIELD },
        { { .amount = &one, .n_amounts = 1, .pause = two, .n_pauses = 2 }, ERR_FIELD },
        { { .amount = &one, .n_amounts = 1, .pause = &early, .n_pauses = 1 }, ERR_FIELD },
        { { .amount = mixed, .n_amounts = 2, .backwards = true }, ERR_FIELD },
        { { .amount = &far, .n_amounts = 1 }, ERR_DATE },
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        TEST_CX(cx);
        struct clock_due due = { .due_on = 7 };
        struct clock_run run = wrong[i].run;
        run.start_ms = ms_of(202611020900);
        ASSERT_ERR(wrong[i].want, run_of(cx, &run, &due));
        assert_int_equal(due.due_on, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_end_when_a_calendar_says),
        cmocka_unit_test(hours_end_on_the_hour),
        cmocka_unit_test(an_open_pause_tells_what_is_left),
        cmocka_unit_test(an_end_in_a_year_without_notice_is_provisional),
        cmocka_unit_test(what_is_no_period_is_refused),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
