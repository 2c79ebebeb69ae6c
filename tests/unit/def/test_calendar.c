/* definitions/calendar.yaml, and what its reader refuses. */
#include "../test.h"

#include "def/def.h"
#include "def/tables.h"

#include <stdlib.h>
#include <string.h>

static struct defs *defs;

static int load(void **state UNUSED)
{
    struct arena *mem = arena_new(1u << 20);
    struct cx cx = { .mem = mem };
    enum err e = defs_load(&cx, getenv("SISHI_DEFINITIONS"), &defs);
    arena_free(mem);
    return e == ERR_OK ? 0 : -1;
}

static int unload(void **state UNUSED)
{
    defs_freep(&defs);
    return 0;
}

static const struct {
    int32_t known_on, on;
    enum day_kind kind;
    const char *what;
} known[] = {
    { 20190101, 20190502, DAY_WORK, "2019's Labour Day as first told" },
    { 20190322, 20190502, DAY_OFF, "and as lengthened" },
    { 20190322, 20190505, DAY_MAKEUP, "for which a Sunday was worked" },
    { 20200126, 20200131, DAY_WORK, "2020's Spring Festival as first told" },
    { 20200126, 20200201, DAY_MAKEUP, "a Saturday to be worked" },
    { 20200127, 20200131, DAY_OFF, "lengthened" },
    { 20200127, 20200201, DAY_OFF, "and that Saturday off after all" },
    { 20150401, 20150903, DAY_WORK, "an anniversary not yet told" },
    { 20150513, 20150903, DAY_OFF, "and told" },
    { 0, 20260216, DAY_HOLIDAY, "the eve counts again since 2025" },
    { 0, 20240209, DAY_WORK, "in 2024 it did not" },
};

static void what_was_known_on_a_day_can_be_asked(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        TEST_CX(cx);
        struct calendar *c = NULL;
        ASSERT_OK(cx, defs_calendar(cx, defs, STR(""), known[i].known_on, &c));
        if (calendar_kind(c, known[i].on) != known[i].kind) {
            fail_msg("%s: %d is %s", known[i].what, (int)known[i].on,
                     day_kind_name(calendar_kind(c, known[i].on)));
        }
    }
}

static void what_no_notice_covers_is_provisional(void **state UNUSED)
{
    TEST_CX(cx);
    struct calendar *now = NULL;
    struct calendar *then = NULL;
    ASSERT_OK(cx, defs_calendar(cx, defs, STR(""), 0, &now));
    ASSERT_OK(cx, defs_calendar(cx, defs, STR(""), 20191231, &then));
    assert_int_equal(calendar_published_to(now), 20261231);
    assert_int_equal(calendar_published_to(then), 20201231);
    ASSERT_STR("National Day", defs_holiday_label(defs, 20261010, LANG_EN));
    ASSERT_STR("", defs_holiday_label(defs, 20261013, LANG_EN));
}

#define HEAD "holidays:\n  - { key: a, zh: 甲, en: A }\n"

static const char overlay[] = HEAD "notices:\n"
                                   "  - { year: 2030, source: s, holidays: [{ name: a, off: "
                                   "[2030-01-01], statutory: [2030-01-01] }] }\n"
                                   "regional:\n"
                                   "  - { year: 2030, source: s, region: \"450000\", holidays: [{ "
                                   "name: a, off: [2030-04-02..2030-04-03] }] }\n";

static void a_region_has_its_own_days(void **state UNUSED)
{
    TEST_CX(cx);
    struct defs d = { .mem = cx->mem };
    struct calendar *country = NULL;
    struct calendar *inside = NULL;
    struct calendar *outside = NULL;
    ASSERT_OK(cx, calendar_read(cx, &d, "calendar.yaml", str_of(overlay)));
    ASSERT_OK(cx, defs_calendar(cx, &d, STR(""), 0, &country));
    ASSERT_OK(cx, defs_calendar(cx, &d, STR("450103"), 0, &inside));
    ASSERT_OK(cx, defs_calendar(cx, &d, STR("430103"), 0, &outside));
    assert_true(calendar_works(country, 20300402));
    assert_false(calendar_works(inside, 20300402));
    assert_true(calendar_works(outside, 20300402));
    assert_int_equal(calendar_kind(inside, 20300101), DAY_HOLIDAY);
}

static const struct {
    const char *what, *text, *says;
} wrong[] = {
    { "no notice", HEAD "notices: []\nregional: []\n", "no notice" },
    { "an unknown holiday",
      HEAD "notices:\n  - { year: 2030, source: s, holidays: [{ name: b, off: [2030-01-01] }] "
           "}\nregional: []\n",
      "no holiday" },
    { "a Monday made up",
      HEAD "notices:\n  - { year: 2030, source: s, holidays: [{ name: a, work: [2030-01-07] }] "
           "}\nregional: []\n",
      "Saturday or a Sunday" },
    { "a range the wrong way round",
      HEAD "notices:\n  - { year: 2030, source: s, holidays: [{ name: a, off: "
           "[2030-01-02..2030-01-01] }] }\nregional: []\n",
      "YYYY-MM-DD" },
    { "a day of another year",
      HEAD "notices:\n  - { year: 2030, source: s, holidays: [{ name: a, off: [2035-01-02] }] "
           "}\nregional: []\n",
      "another year" },
    { "a day before the first year",
      HEAD "notices:\n  - { year: 2030, source: s, holidays: [{ name: a, off: [2029-12-31] }] "
           "}\nregional: []\n",
      "outside the calendar" },
    { "years out of order",
      HEAD "notices:\n  - { year: 2030, source: s, holidays: [] }\n  - { year: 2029, source: s, "
           "holidays: [] }\nregional: []\n",
      "order" },
    { "a region among the country's",
      HEAD
      "notices:\n  - { year: 2030, source: s, region: \"450000\", holidays: [] }\nregional: []\n",
      "regional" },
    { "a mistyped key",
      HEAD "notices:\n  - { year: 2030, source: s, holidays: [{ name: a, of: [2030-01-01] }] "
           "}\nregional: []\n",
      "of" },
};

static void mistakes_are_told_with_their_place(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        TEST_CX(cx);
        struct defs d = { .mem = cx->mem };
        enum err e = calendar_read(cx, &d, "calendar.yaml", str_of(wrong[i].text));
        struct str said = str_of(cx->fault.detail);
        if (e == ERR_OK || strstr(cx->fault.detail, wrong[i].says) == NULL) {
            fail_msg("%s: %s " STR_FMT, wrong[i].what, err_name(e), STR_ARG(said));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_known_on_a_day_can_be_asked),
        cmocka_unit_test(what_no_notice_covers_is_provisional),
        cmocka_unit_test(a_region_has_its_own_days),
        cmocka_unit_test(mistakes_are_told_with_their_place),
    };
    return cmocka_run_group_tests_name("calendar definitions", tests, load, unload);
}
