/* Whole ceremonies from the plan to the publication. */
#include "ceremony_stage.h"

static void logged(const struct stage_rows *r, const char *want)
{
    char got[256] = "";
    for (size_t i = 0; i < r->n_log; i++) {
        size_t n = strlen(got);
        (void)snprintf(got + n, sizeof got - n, "%s%s", n == 0 ? "" : " ",
                       ledger_kind_name(r->log[i].kind));
    }
    assert_string_equal(got, want);
}

static void a_draw_goes_its_way(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 2000);
        stage_plan_usual(&plan);
        int64_t id = stage_planned(&s, &plan.p);
        stage_state_is(&s, id, CEREMONY_PLANNED);
        stage_frozen(&s, id);
        stage_state_is(&s, id, CEREMONY_FROZEN);
        stage_revealed(&s, id);
        stage_state_is(&s, id, CEREMONY_REVEALED);
        stage_seeded(&s, id);
        stage_state_is(&s, id, CEREMONY_SEEDED);
        stage_drawn(&s, id);
        stage_state_is(&s, id, CEREMONY_DRAWN);
        stage_verifies(&s, id);
        stage_published(&s, id);
        stage_state_is(&s, id, CEREMONY_PUBLISHED);
        TEST_CX(cx);
        struct stage_rows r = stage_rows_of(cx, &s, id);
        ASSERT_STR("430000-2026-0001", r.c.row.no);
        assert_true(r.c.row.n_entities > 1700 && r.c.row.n_entities < 2000);
        assert_true(r.c.row.n_targets >= 10);
        assert_true(r.c.row.n_places > 0 && r.c.row.n_places == (int64_t)r.n_places);
        assert_int_equal(r.c.row.n_unfilled, 0);
        logged(&r, "plan evidence freeze evidence reveals seed result");
        assert_true(stage_excluded(&r, CEREMONY_EXCLUDED_DEREGISTERED) > 0);
    }
}

static void an_embargo_hides_the_seed_until_its_day(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 500);
        stage_plan_usual(&plan);
        plan.p.embargo_on = 20261201;
        int64_t id = stage_whole(&s, &plan.p);
        stage_state_is(&s, id, CEREMONY_EMBARGOED);
        stage_verifies(&s, id);
        TEST_CX(cx);
        struct stage_rows r = stage_rows_of(cx, &s, id);
        logged(&r, "plan evidence freeze evidence reveals result");
        assert_int_equal(r.c.row.published_at, 0);
        TEST_CX(early);
        ASSERT_ERR(ERR_DRAW_WAIT, ceremony_publish(early, &s.d, &reviewer, id, STR("")));
        s.now_ms = date_start_ms(20261201);
        stage_published(&s, id);
        stage_state_is(&s, id, CEREMONY_PUBLISHED);
        r = stage_rows_of(cx, &s, id);
        logged(&r, "plan evidence freeze evidence reveals result seed");
    }
}

static void weights_may_be_sealed_and_the_hash_sm3(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 500);
        stage_plan_usual(&plan);
        plan.p.sealed = true;
        plan.p.hash = DIGEST_SM3;
        int64_t id = stage_whole(&s, &plan.p);
        stage_verifies(&s, id);
        stage_state_is(&s, id, CEREMONY_PUBLISHED);
    }
}

static void everybody_in_random_order(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 400);
        stage_plan_usual(&plan);
        plan.lots[0] = (struct ceremony_lot){ .name = STR("order"), .mode = CEREMONY_ORDER };
        plan.p.n_lots = 1;
        plan.p.n_teams = 0;
        int64_t id = stage_whole(&s, &plan.p);
        stage_verifies(&s, id);
        TEST_CX(cx);
        struct stage_rows r = stage_rows_of(cx, &s, id);
        assert_int_equal(r.n_chosen, r.c.row.n_entities);
        assert_int_equal(r.c.row.n_places, 0);
    }
}

static void a_missing_reveal_is_skipped_when_a_beacon_follows(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 400);
        stage_plan_usual(&plan);
        plan.p.missing_skip = true;
        int64_t id = stage_planned(&s, &plan.p);
        stage_frozen(&s, id);
        TEST_CX(cx);
        ASSERT_OK(cx, ceremony_reveal_kept(cx, &s.d, &market, id, market.dept, STR("")));
        stage_state_is(&s, id, CEREMONY_FROZEN);
        ASSERT_OK(cx,
                  ceremony_close_reveals(cx, &s.d, &draw_operator, id, STR("no answer"), STR("")));
        stage_state_is(&s, id, CEREMONY_REVEALED);
        stage_seeded(&s, id);
        stage_drawn(&s, id);
        stage_verifies(&s, id);
    }
}

static void a_missing_reveal_ends_the_draw_and_another_takes_its_place(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 400);
        stage_plan_usual(&plan);
        plan.p.n_beacons = 0;
        int64_t id = stage_planned(&s, &plan.p);
        TEST_CX(cx);
        int64_t other;
        plan.p.supersedes = id;
        plan.p.supersedes_reason = STR("a value was withheld");
        ASSERT_ERR(ERR_STATE, ceremony_plan(cx, &s.d, &planner, &plan.p, STR(""), &other));
        stage_frozen(&s, id);
        TEST_CX(step);
        ASSERT_OK(step, ceremony_close_reveals(step, &s.d, &draw_operator, id, STR("no answer"),
                                               STR("")));
        stage_state_is(&s, id, CEREMONY_VOID);
        other = stage_planned(&s, &plan.p);
        struct stage_rows r = stage_rows_of(step, &s, other);
        ASSERT_STR("430000-2026-0002", r.c.row.no);
        struct ceremony old = stage_load_draw(step, &s, id);
        assert_true(old.row.superseded_by == other);
        TEST_CX(twice);
        ASSERT_ERR(ERR_STATE, ceremony_plan(twice, &s.d, &planner, &plan.p, STR(""), &other));
        /* the refused plans have taken no number */
        plan.p.supersedes = 0;
        plan.p.supersedes_reason = STR("");
        other = stage_planned(&s, &plan.p);
        r = stage_rows_of(step, &s, other);
        ASSERT_STR("430000-2026-0003", r.c.row.no);
        r = stage_rows_of(step, &s, id);
        logged(&r, "plan evidence freeze evidence void");
    }
}

static void without_a_beacon_the_last_reveal_fixes_the_seed(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 400);
        stage_plan_usual(&plan);
        plan.p.n_beacons = 0;
        int64_t id = stage_planned(&s, &plan.p);
        stage_frozen(&s, id);
        stage_revealed(&s, id);
        stage_state_is(&s, id, CEREMONY_SEEDED);
        stage_drawn(&s, id);
        stage_verifies(&s, id);
    }
}

static void too_few_inspectors_leave_places_open(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        struct ceremony_team teams[] = { { STR("fixed"), STR("p_labour"), 2, STR("") } };
        stage_open(&s, st, 500);
        stage_plan_usual(&plan);
        plan.lots[1].n = 400;
        plan.p.teams = teams;
        plan.p.n_teams = 1;
        int64_t id = stage_whole(&s, &plan.p);
        stage_verifies(&s, id);
        TEST_CX(cx);
        struct ceremony c = stage_load_draw(cx, &s, id);
        assert_int_equal(c.row.n_places, 800);
        assert_true(c.row.n_unfilled > 0 && c.row.n_unfilled < 800);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draw_goes_its_way),
        cmocka_unit_test(an_embargo_hides_the_seed_until_its_day),
        cmocka_unit_test(weights_may_be_sealed_and_the_hash_sm3),
        cmocka_unit_test(everybody_in_random_order),
        cmocka_unit_test(a_missing_reveal_is_skipped_when_a_beacon_follows),
        cmocka_unit_test(a_missing_reveal_ends_the_draw_and_another_takes_its_place),
        cmocka_unit_test(without_a_beacon_the_last_reveal_fixes_the_seed),
        cmocka_unit_test(too_few_inspectors_leave_places_open),
    };
    return cmocka_run_group_tests_name("office/ceremony_flow", tests, stage_load, stage_unload);
}
