/* Replacements after the draw follow the orders that the draw has fixed. */
#include "ceremony_stage.h"

static bool has_place(const struct stage_rows *r, struct str code, struct str dept, struct str who)
{
    for (size_t i = 0; i < r->n_places; i++) {
        if (str_eq(r->places[i].code, code) && str_eq(r->places[i].dept, dept) &&
            str_eq(r->places[i].inspector, who)) {
            return true;
        }
    }
    return false;
}

static struct str target_of(const struct stage_rows *r, const char *lot)
{
    for (size_t i = 0; i < r->n_chosen; i++) {
        if (str_eq(r->chosen[i].lot, str_of(lot))) {
            return r->chosen[i].code;
        }
    }
    return STR("");
}

struct reserves {
    int64_t id, run;
    struct q_draw_reserves *row;
    size_t n;
};
static enum err reserves_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct reserves *w = arg;
    return q_draw_reserves(cx, tx, w->id, w->run, STR("fixed"), 0, 100, &w->row, &w->n);
}

static void a_target_is_replaced_by_the_next_reserve(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        struct str next;
        stage_open(&s, st, 500);
        stage_plan_usual(&plan);
        plan.lots[1].reserve = 2;
        int64_t id = stage_whole(&s, &plan.p);
        TEST_CX(cx);
        struct stage_rows r = stage_rows_of(cx, &s, id);
        struct reserves res = { .id = id, .run = r.c.row.result_run };
        ASSERT_OK(cx, store_read(cx, st, reserves_work, &res));
        assert_int_equal(res.n, 2);
        struct ceremony_replacement what = { .lot = STR("fixed"),
                                             .code = target_of(&r, "fixed"),
                                             .reason = STR("deregistered before the freeze") };
        for (int turn = 0; turn < 2; turn++) { /* the repeat changes nothing */
            ASSERT_OK(cx,
                      ceremony_replace_target(cx, &s.d, &reviewer, id, &what, STR("k1"), &next));
            assert_true(str_eq(next, res.row[0].code));
        }
        TEST_CX(again);
        ASSERT_ERR(ERR_STATE,
                   ceremony_replace_target(again, &s.d, &reviewer, id, &what, STR(""), &next));
        TEST_CX(stranger);
        what.code = STR("91430000YD99999999");
        ASSERT_ERR(ERR_NOT_FOUND,
                   ceremony_replace_target(stranger, &s.d, &reviewer, id, &what, STR(""), &next));
        TEST_CX(silent);
        what.reason = STR("");
        ASSERT_ERR(ERR_FIELD,
                   ceremony_replace_target(silent, &s.d, &reviewer, id, &what, STR(""), &next));
        /* who moved up can be replaced too, by the second and last reserve */
        what.reason = STR("the same firm under another code");
        what.code = res.row[0].code;
        what.evidence = STR("00000000000000000000000000000000000000000000000000000000000000ff");
        ASSERT_OK(cx, ceremony_replace_target(cx, &s.d, &reviewer, id, &what, STR(""), &next));
        assert_true(str_eq(next, res.row[1].code));
        TEST_CX(empty);
        what.code = res.row[1].code;
        ASSERT_ERR(ERR_DRAW_EMPTY,
                   ceremony_replace_target(empty, &s.d, &reviewer, id, &what, STR(""), &next));
        r = stage_rows_of(cx, &s, id);
        assert_int_equal(r.n_changes, 2);
        assert_int_equal(r.log[r.n_log - 1].kind, LEDGER_EVENT);
        struct digest line = digest_of(DIGEST_SHA256, r.changes[1].line);
        assert_true(digest_eq(&line, &r.log[r.n_log - 1].hex));
        stage_verifies(&s, id);
    }
}

static int64_t load_of(struct cx *cx, struct stage *s, struct str staff_no)
{
    struct inspector_entry e;
    ASSERT_OK(cx, inspector_entry_get(cx, &s->d, &reviewer, staff_no, &e));
    return e.load;
}

static void an_inspector_is_replaced_by_the_next_cheapest(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        struct str next;
        struct str third;
        stage_open(&s, st, 500);
        stage_plan_usual(&plan);
        int64_t id = stage_whole(&s, &plan.p);
        TEST_CX(cx);
        struct stage_rows r = stage_rows_of(cx, &s, id);
        struct ceremony_replacement what = { .code = r.places[0].code,
                                             .dept = r.places[0].dept,
                                             .inspector = r.places[0].inspector,
                                             .reason = STR("ill") };
        const struct actor *other = str_eq(what.dept, market.dept) ? &ecology : &market;
        const struct actor *own = str_eq(what.dept, market.dept) ? &market : &ecology;
        int64_t load = load_of(cx, &s, what.inspector);
        TEST_CX(foreign);
        ASSERT_ERR(ERR_FORBIDDEN,
                   ceremony_replace_inspector(foreign, &s.d, other, id, &what, STR(""), &next));
        for (int turn = 0; turn < 2; turn++) {
            ASSERT_OK(cx, ceremony_replace_inspector(cx, &s.d, own, id, &what, STR("k1"), &next));
        }
        assert_false(has_place(&r, what.code, what.dept, next));
        assert_int_equal(load_of(cx, &s, what.inspector), load - 1);
        TEST_CX(again);
        ASSERT_ERR(ERR_STATE,
                   ceremony_replace_inspector(again, &s.d, own, id, &what, STR(""), &third));
        TEST_CX(stranger);
        what.inspector = STR("nobody");
        ASSERT_ERR(ERR_NOT_FOUND,
                   ceremony_replace_inspector(stranger, &s.d, own, id, &what, STR(""), &third));
        /* the one who stepped in can be replaced as well, by neither of the two */
        struct str first = r.places[0].inspector;
        what.inspector = next;
        ASSERT_OK(cx, ceremony_replace_inspector(cx, &s.d, &reviewer, id, &what, STR(""), &third));
        assert_false(str_eq(third, next) || str_eq(third, first));
        assert_false(has_place(&r, what.code, what.dept, third));
        stage_verifies(&s, id);
    }
}

static void replacements_wait_for_the_publication(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        struct str next;
        stage_open(&s, st, 300);
        stage_plan_usual(&plan);
        int64_t id = stage_planned(&s, &plan.p);
        const struct ceremony_replacement what = { .lot = STR("fixed"),
                                                   .code = STR("X"),
                                                   .dept = STR("p_market"),
                                                   .inspector = STR("M001"),
                                                   .reason = STR("early") };
        TEST_CX(target);
        ASSERT_ERR(ERR_STATE,
                   ceremony_replace_target(target, &s.d, &reviewer, id, &what, STR(""), &next));
        TEST_CX(inspector);
        ASSERT_ERR(ERR_STATE, ceremony_replace_inspector(inspector, &s.d, &reviewer, id, &what,
                                                         STR(""), &next));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_is_replaced_by_the_next_reserve),
        cmocka_unit_test(an_inspector_is_replaced_by_the_next_cheapest),
        cmocka_unit_test(replacements_wait_for_the_publication),
    };
    return cmocka_run_group_tests_name("office/ceremony_change", tests, stage_load, stage_unload);
}
