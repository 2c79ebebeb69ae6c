#include "../test.h"

#include "def/def.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct str printed(struct cx *cx, const struct guard *g)
{
    struct buf b = buf_of(cx->mem, 1u << 20);
    guard_print(g, &b);
    return buf_str(&b);
}

static const struct {
    const char *text, *prints; /* NULL: as it stands */
} taken[] = {
    { "amount >= 5000 yuan", NULL },
    { "amount>=12345 fen", "amount >= 12345 fen" },
    { "amount = 100 fen", "amount = 1 yuan" },
    { "weight != 3", NULL },
    { "consent = yes", NULL },
    { "channel in (phone, web)", NULL },
    { "happened_on < today - 3 year", NULL },
    { "due <= today + 15 day", NULL },
    { "due = today", NULL },
    { "due > 2026-04-15", NULL },
    { "given facts", NULL },
    { "statement warning", NULL },
    { "statement warning within 2 year", NULL },
    { "form acceptance", NULL },
    { "officers >= 2", NULL },
    { "qualified food_safety", NULL },
    { "not_actor_of file", NULL },
    { "no_recusal", NULL },
    { "clock C1 running", NULL },
    { "children all penalty ended", NULL },
    { "children none report checking", NULL },
    { "entry serious_violation", NULL },
    { "duplicate (subject, facts)", NULL },
    { "quota award", NULL },
    { "mode emergency", NULL },
    { "a = 1 and b = 2 or c = 3", NULL },
    { "(a = 1 and b = 2) or c = 3", "a = 1 and b = 2 or c = 3" },
    { "a = 1 and (b = 2 or c = 3)", NULL },
    { "a = 1 and (b = 2 and c = 3)", NULL },
    { "((a = 1)) and b = 2 and c = 3", "a = 1 and b = 2 and c = 3" },
    { "not not given a", NULL },
    { "not (given a or given b)", NULL },
    { "not (given a) and\n  given b", "not given a and given b" },
};

static void what_is_taken_prints_as_the_same(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        TEST_CX(cx);
        struct guard_error e;
        const struct guard *g = guard_parse(cx->mem, str_of(taken[i].text), &e);
        if (g == NULL) {
            fail_msg("%s: at %d: %s", taken[i].text, (int)e.at, e.what);
        }
        struct str text = printed(cx, g);
        ASSERT_STR(taken[i].prints != NULL ? taken[i].prints : taken[i].text, text);
        assert_true(guard_equal(g, guard_parse(cx->mem, text, &e)));
    }
}

static const struct {
    const char *text;
    int at;
    const char *says;
} refused[] = {
    { "", 0, "a test is expected" },
    { "given", 5, "a name is expected" },
    { "given a given b", 8, "\"and\", \"or\" or the end" },
    { "given a and", 11, "a test is expected" },
    { "(given a", 8, "\")\" is expected" },
    { "given a)", 7, "\"and\", \"or\" or the end" },
    { "a", 1, "= != < <= > >= is expected" },
    { "a = ", 4, "a value is expected" },
    { "a == 3", 3, "a value is expected" },
    { "a = and", 4, "a value is expected" },
    { "a = 99999999999", 4, "a number is expected" },
    { "a = 2026-02-30", 4, "not a day that exists" },
    { "a < today - 3", 13, "day, month or year" },
    { "a < today - 3 week", 14, "day, month or year" },
    { "a in b", 5, "( is expected" },
    { "a in (b c)", 8, "\",\" or \")\"" },
    { "a in ()", 6, "a choice is expected" },
    { "officers 2", 9, "= != < <= > >= is expected" },
    { "officers >= two", 12, "a number is expected" },
    { "statement warning within 0 day", 25, "within nothing" },
    { "children some report open", 9, "any, all or none" },
    { "and = 3", 0, "a test is expected" },
    { "given a; given b", 7, "\"and\", \"or\" or the end" },
    { "given \xe6\x8a\x95", 6, "a name is expected" },
    { "given \xff", 0, "not UTF-8" },
};

static void what_is_refused_says_where(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        TEST_CX(cx);
        struct guard_error e;
        assert_null(guard_parse(cx->mem, str_of(refused[i].text), &e));
        if (e.at != refused[i].at || strstr(e.what, refused[i].says) == NULL) {
            fail_msg("%s: at %d: %s", refused[i].text, (int)e.at, e.what);
        }
    }
}

static void nesting_and_length_are_bounded(void **state UNUSED)
{
    TEST_CX(cx);
    struct guard_error e;
    struct buf deep = buf_of(cx->mem, 1u << 16);
    for (int i = 0; i < 2000; i++) {
        buf_put_c(&deep, '(');
    }
    assert_null(guard_parse(cx->mem, buf_str(&deep), &e));
    assert_non_null(strstr(e.what, "nested"));
    for (int i = 0; i < 1000; i++) {
        buf_put_z(&deep, "not ");
    }
    assert_null(guard_parse(cx->mem, buf_str(&deep), &e));
    assert_non_null(strstr(e.what, "this long"));
}

/* A small generator of its own: the same trees every time. */
static uint32_t roll(uint32_t *seed, uint32_t n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 16) % n;
}

static const struct guard *grown(struct cx *cx, uint32_t *seed, int depth)
{
    struct guard_error e;
    if (depth == 0 || roll(seed, 4) == 0) {
        return guard_parse(cx->mem, str_of(taken[roll(seed, 25)].text), &e);
    }
    struct guard *g = arena_alloc(cx->mem, 1, sizeof *g);
    assert_non_null(g);
    g->kind = (enum guard_kind)roll(seed, 3);
    g->left = grown(cx, seed, depth - 1);
    g->right = g->kind == GUARD_NOT ? NULL : grown(cx, seed, depth - 1);
    return g;
}

static void any_tree_is_read_back_from_its_text(void **state UNUSED)
{
    uint32_t seed = 7;
    for (int i = 0; i < 3000; i++) {
        TEST_CX(cx);
        struct guard_error e;
        const struct guard *g = grown(cx, &seed, 5);
        struct str text = printed(cx, g);
        if (text.n > GUARD_BYTES_MAX) {
            continue;
        }
        const struct guard *back = guard_parse(cx->mem, text, &e);
        if (back == NULL || !guard_equal(g, back)) {
            fail_msg(STR_FMT, STR_ARG(text));
        }
        assert_true(str_eq(printed(cx, back), text));
    }
}

static void trees_that_differ_are_not_equal(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        for (size_t k = 0; k < COUNT_OF(taken); k++) {
            TEST_CX(cx);
            struct guard_error e;
            const struct guard *a = guard_parse(cx->mem, str_of(taken[i].text), &e);
            const struct guard *b = guard_parse(cx->mem, str_of(taken[k].text), &e);
            assert_int_equal(guard_equal(a, b), str_eq(printed(cx, a), printed(cx, b)));
        }
    }
}

/* A matter on 2026-11-23: amount 5,000 yuan, channel phone, consent yes, due 2026-11-30, happened
 * 2023-11-22; form acceptance; a warning on 2025-01-10; two officers, one of whom filed; C1 runs,
 * C2 ran out; two penalties, one ended; in the register of serious violations. */
static struct fact_value f_field(void *data UNUSED, struct str field)
{
    static const struct {
        const char *key;
        struct fact_value v;
    } all[] = {
        { "amount", { true, 500000, STR_INIT("") } },
        { "channel", { true, 0, STR_INIT("phone") } },
        { "consent", { true, 0, STR_INIT("yes") } },
        { "due", { true, 20261130, STR_INIT("") } },
        { "happened_on", { true, 20231122, STR_INIT("") } },
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (str_eq(field, str_of(all[i].key))) {
            return all[i].v;
        }
    }
    return (struct fact_value){ 0 };
}
static bool f_statement(void *data UNUSED, struct str kind, int32_t since_on)
{
    return str_eq(kind, STR("warning")) && since_on <= 20250110;
}
static bool f_form(void *data UNUSED, struct str form)
{
    return str_eq(form, STR("acceptance"));
}
static int64_t f_officers(void *data UNUSED)
{
    return 2;
}
static bool f_qualified(void *data UNUSED, struct str q)
{
    return str_eq(q, STR("food"));
}
static bool f_acted(void *data UNUSED, struct str event)
{
    return str_eq(event, STR("file"));
}
static bool f_recusal(void *data)
{
    return *(bool *)data;
}
static enum clock_is f_clock(void *data UNUSED, struct str clock)
{
    return str_eq(clock, STR("C1"))   ? CLOCK_IS_RUNNING
           : str_eq(clock, STR("C2")) ? CLOCK_IS_EXPIRED
                                      : CLOCK_IS_IDLE;
}
static int64_t f_children(void *data UNUSED, struct str procedure, struct str state)
{
    if (!str_eq(procedure, STR("penalty"))) {
        return 0;
    }
    return state.n == 0 ? 2 : str_eq(state, STR("ended")) ? 1 : 0;
}
static bool f_entry(void *data UNUSED, struct str reg)
{
    return str_eq(reg, STR("serious_violation"));
}
static bool f_duplicate(void *data UNUSED, const struct guard_word *field, size_t n)
{
    return n == 1 && str_eq(field[0].text, STR("subject"));
}
static bool f_quota(void *data UNUSED, struct str batch)
{
    return str_eq(batch, STR("award"));
}
static bool f_mode(void *data UNUSED, struct str mode)
{
    return str_eq(mode, STR("emergency"));
}

static const struct {
    const char *text, *refuses; /* NULL: it holds */
} decided[] = {
    { "amount >= 5000 yuan", NULL },
    { "amount > 5000 yuan", "amount > 5000 yuan" },
    { "amount < 500001 fen", NULL },
    { "amount <= 4999 yuan", "amount <= 4999 yuan" },
    { "channel = phone", NULL },
    { "channel != phone", "channel != phone" },
    { "channel in (web, phone)", NULL },
    { "channel in (web, app)", "channel in (web, app)" },
    { "consent = yes", NULL },
    { "consent = no", "consent = no" },
    { "absent = yes", "absent = yes" },
    { "absent != yes", "absent != yes" }, /* not given: no comparison holds */
    { "not absent = yes", NULL },
    { "given channel", NULL },
    { "given absent", "given absent" },
    { "due > 2026-11-29", NULL },
    { "due > 2026-11-30", "due > 2026-11-30" },
    { "happened_on < today - 3 year", NULL }, /* a day more than three years */
    { "happened_on < today - 37 month", "happened_on < today - 37 month" },
    { "due = today + 7 day", NULL },
    { "due = today + 8 day", "due = today + 8 day" },
    { "statement warning", NULL },
    { "statement warning within 2 year", NULL },
    { "statement warning within 1 year", "statement warning within 1 year" },
    { "statement score", "statement score" },
    { "form acceptance", NULL },
    { "form rejection", "form rejection" },
    { "officers >= 2", NULL },
    { "officers >= 3", "officers >= 3" },
    { "qualified food", NULL },
    { "qualified legal", "qualified legal" },
    { "not_actor_of decide", NULL },
    { "not_actor_of file", "not_actor_of file" },
    { "no_recusal", NULL },
    { "clock C1 running", NULL },
    { "clock C1 expired", "clock C1 expired" },
    { "clock C3 idle", NULL },
    { "children any penalty ended", NULL },
    { "children all penalty ended", "children all penalty ended" },
    { "children none penalty filed", NULL },
    { "children none penalty ended", "children none penalty ended" },
    { "children all report ended", NULL },
    { "children any report ended", "children any report ended" },
    { "entry serious_violation", NULL },
    { "entry award", "entry award" },
    { "not entry award", NULL },
    { "duplicate (subject)", NULL },
    { "duplicate (subject, facts)", "duplicate (subject, facts)" },
    { "quota award", NULL },
    { "quota batch", "quota batch" },
    { "mode emergency", NULL },
    { "mode normal", "mode normal" },
    { "given channel and given absent and given gone", "given absent" },
    { "given absent or given channel", NULL },
    { "given channel or given absent", NULL },
    { "given gone or given absent", "given gone" },
    { "not given channel", "not given channel" },
    { "not (given channel and given absent)", NULL },
};

static struct facts facts_of(bool *recusal)
{
    return (struct facts){ .data = recusal,
                           .today_on = 20261123,
                           .field = f_field,
                           .statement = f_statement,
                           .form = f_form,
                           .officers = f_officers,
                           .qualified = f_qualified,
                           .acted = f_acted,
                           .recusal = f_recusal,
                           .clock = f_clock,
                           .children = f_children,
                           .entry = f_entry,
                           .duplicate = f_duplicate,
                           .quota = f_quota,
                           .mode = f_mode };
}

static void each_family_permits_and_refuses(void **state UNUSED)
{
    bool recusal = false;
    const struct facts f = facts_of(&recusal);
    for (size_t i = 0; i < COUNT_OF(decided); i++) {
        TEST_CX(cx);
        struct guard_error e;
        const struct guard *g = guard_parse(cx->mem, str_of(decided[i].text), &e);
        assert_non_null(g);
        const struct guard *why = guard_refuses(g, &f);
        print_message("%s\n", decided[i].text);
        assert_int_equal(why == NULL, decided[i].refuses == NULL);
        if (why != NULL) {
            ASSERT_STR(decided[i].refuses, printed(cx, why));
        }
    }
    TEST_CX(cx);
    struct guard_error e;
    recusal = true;
    assert_non_null(guard_refuses(guard_parse(cx->mem, STR("no_recusal"), &e), &f));
}

static const struct {
    const char *text;
    int at; /* -1: it fits */
    const char *says;
} checked[] = {
    { "channel = phone and amount_fen > 5 yuan and happened_on < today - 3 year", -1, "" },
    { "clock C3 paused or children any report checking or form agreement", -1, "" },
    { "chanel = phone", 0, "no field of this procedure" },
    { "channel = fax", 10, "no choice of channel" },
    { "channel in (phone, fax)", 19, "no choice of channel" },
    { "facts in (phone)", 0, "\"in\" is for a choice" },
    { "channel > phone", 10, "with = or != only" },
    { "channel = 3", 10, "is a choice: not compared with" },
    { "amount_fen > 5", 13, "a bare number (money: yuan or fen)" },
    { "amount_fen > 2026-01-01", 13, "not compared with a day" },
    { "happened_on > 5 yuan", 14, "is a date" },
    { "consent_publish = phone", 18, "is a yes_no" },
    { "facts = yes", 8, "is a text" },
    { "given fact", 6, "no field" },
    { "happened_on < today - 2000 year", 14, "not counted" },
    { "statement rumour", 10, "no kind of statement" },
    { "statement warning within 5000 year", 0, "not counted" },
    { "form leaflet", 5, "no form" },
    { "qualified wizard", 10, "no qualification" },
    { "not_actor_of applaud", 13, "no event" },
    { "clock C9 running", 6, "no clock" },
    { "clock C1 ticking", 9, "no state of a clock" },
    { "children any wedding open", 13, "no procedure" },
    { "children any report dancing", 20, "no state of report" },
    { "children any penalty whatever", -1, "" }, /* its file is not written yet */
    { "entry telephone_book", 6, "no register" },
    { "duplicate (facts, fact)", 18, "no field" },
    { "quota award", 6, "no batch" },
    { "mode emergency", 5, "no mode" },
    { "given facts and not (given facts or given fact)", 42, "no field" },
};

static void names_and_types_are_those_of_the_procedure(void **state UNUSED)
{
    TEST_CX(load);
    struct defs *defs = NULL;
    ASSERT_OK(load, defs_load(load, getenv("SISHI_DEFINITIONS"), &defs));
    const struct procedure *p = defs_procedure(defs, STR("complaint"), 20260415);
    assert_non_null(p);
    for (size_t i = 0; i < COUNT_OF(checked); i++) {
        TEST_CX(cx);
        struct guard_error e = { .at = -1 };
        const struct guard *g = guard_parse(cx->mem, str_of(checked[i].text), &e);
        assert_non_null(g);
        e.at = -1;
        bool fits = guard_check(g, p, defs, &e);
        if (fits != (checked[i].at < 0) || e.at != checked[i].at ||
            (!fits && strstr(e.what, checked[i].says) == NULL)) {
            fail_msg("%s: at %d: %s", checked[i].text, (int)e.at, e.what);
        }
    }
    defs_free(defs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_prints_as_the_same),
        cmocka_unit_test(what_is_refused_says_where),
        cmocka_unit_test(nesting_and_length_are_bounded),
        cmocka_unit_test(any_tree_is_read_back_from_its_text),
        cmocka_unit_test(trees_that_differ_are_not_equal),
        cmocka_unit_test(each_family_permits_and_refuses),
        cmocka_unit_test(names_and_types_are_those_of_the_procedure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
