/* What earlier draws mean for later ones: memory, caps, duties, certain targets; and the preview.
 */
#include "ceremony_stage.h"

static struct ceremony_grade third[] = { { STR_INIT("*"), 300000, 0 } };
static struct ceremony_grade few[] = { { STR_INIT("*"), 20000, 256 } };

static void one_rate_lot(struct stage_plan *plan, struct ceremony_grade *grades)
{
    stage_plan_usual(plan);
    plan->lots[0].grades = grades;
    plan->lots[0].n_grades = 1;
    plan->p.n_lots = 1;
    plan->p.n_beacons = 0;
    plan->p.n_teams = 0;
}

static bool chosen(const struct stage_rows *r, struct str code)
{
    for (size_t i = 0; i < r->n_chosen; i++) {
        if (str_eq(r->chosen[i].code, code)) {
            return true;
        }
    }
    return false;
}

static void assert_disjoint(const struct stage_rows *a, const struct stage_rows *b)
{
    for (size_t i = 0; i < a->n_chosen; i++) {
        assert_false(chosen(b, a->chosen[i].code));
    }
}

static void without_memory_of_chance_nobody_is_drawn_twice_in_a_cycle(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        struct stage_rows r[4];
        TEST_CX(cx);
        stage_open(&s, st, 600);
        one_rate_lot(&plan, third);
        plan.lots[0].item = STR("C01"); /* has no yearly cap of its own */
        int64_t drawn = 0;
        for (int i = 0; i < 3; i++) {
            int64_t id = stage_whole(&s, &plan.p);
            stage_verifies(&s, id);
            r[i] = stage_rows_of(cx, &s, id);
            assert_int_equal(stage_excluded(&r[i], CEREMONY_EXCLUDED_DRAWN_IN_CYCLE), drawn);
            drawn += (int64_t)r[i].n_chosen;
            assert_true(r[i].n_chosen > 0);
        }
        assert_disjoint(&r[0], &r[1]);
        assert_disjoint(&r[0], &r[2]);
        assert_disjoint(&r[1], &r[2]);
        /* a void draw is forgotten */
        int64_t id = stage_planned(&s, &plan.p);
        stage_frozen(&s, id);
        stage_revealed(&s, id);
        stage_drawn(&s, id);
        ASSERT_OK(cx, ceremony_void(cx, &s.d, &reviewer, id, STR("typo"), STR("")));
        id = stage_whole(&s, &plan.p);
        r[3] = stage_rows_of(cx, &s, id);
        assert_int_equal(stage_excluded(&r[3], CEREMONY_EXCLUDED_DRAWN_IN_CYCLE), drawn);
        /* next year a new cycle begins */
        s.now_ms = date_start_ms(20270105);
        id = stage_whole(&s, &plan.p);
        r[3] = stage_rows_of(cx, &s, id);
        assert_int_equal(stage_excluded(&r[3], CEREMONY_EXCLUDED_DRAWN_IN_CYCLE), 0);
    }
}

static void the_yearly_cap_spares_entity_and_place(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        TEST_CX(cx);
        stage_open(&s, st, 600);
        stage_plan_usual(&plan);
        plan.lots[0] = plan.lots[1];
        plan.lots[0].n = 200;
        plan.p.n_lots = 1;
        plan.p.n_teams = 0;
        plan.p.yearly_cap = 1;
        int64_t first = stage_whole(&s, &plan.p);
        int64_t second = stage_whole(&s, &plan.p);
        struct stage_rows a = stage_rows_of(cx, &s, first);
        struct stage_rows b = stage_rows_of(cx, &s, second);
        assert_int_equal(stage_excluded(&a, CEREMONY_EXCLUDED_CAP), 0);
        assert_true(stage_excluded(&b, CEREMONY_EXCLUDED_CAP) >= (int64_t)a.n_chosen);
        assert_disjoint(&a, &b);
        assert_int_equal(b.c.row.n_entities + stage_excluded(&b, CEREMONY_EXCLUDED_CAP),
                         a.c.row.n_entities);
        /* a rehearsal counts rehearsals only */
        plan.p.demo = true;
        struct stage_rows c = stage_rows_of(cx, &s, stage_whole(&s, &plan.p));
        assert_int_equal(stage_excluded(&c, CEREMONY_EXCLUDED_CAP), 0);
    }
}

/* Some live entity of the pool, from a draw that drew everybody in order. */
static struct str somebody(struct cx *cx, struct stage *s, size_t at)
{
    struct stage_plan plan;
    one_rate_lot(&plan, few);
    plan.lots[0] =
        (struct ceremony_lot){ .name = STR("order"), .item = STR("A01"), .mode = CEREMONY_ORDER };
    int64_t id = stage_planned(s, &plan.p);
    stage_frozen(s, id);
    stage_revealed(s, id);
    stage_drawn(s, id);
    struct stage_rows r = stage_rows_of(cx, s, id);
    assert_true(at < r.n_chosen);
    ASSERT_OK(cx, ceremony_void(cx, &s->d, &reviewer, id, STR("only asked"), STR("")));
    return r.chosen[at].code;
}

static void the_mandatory_are_certain_here_and_left_out_elsewhere(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        TEST_CX(cx);
        stage_open(&s, st, 500);
        struct ceremony_named named[] = { { somebody(cx, &s, 7), STR("order of the head") } };
        struct ceremony_named out[] = { { somebody(cx, &s, 8), STR("under investigation") } };
        one_rate_lot(&plan, few);
        plan.lots[0].mandatory = named;
        plan.lots[0].n_mandatory = 1;
        plan.p.excluded = out;
        plan.p.n_excluded = 1;
        int64_t id = stage_planned(&s, &plan.p);
        struct stage_plan other;
        one_rate_lot(&other, third);
        int64_t beside = stage_whole(&s, &other.p);
        struct stage_rows b = stage_rows_of(cx, &s, beside);
        assert_int_equal(stage_excluded(&b, CEREMONY_EXCLUDED_MANDATORY_ELSEWHERE), 1);
        assert_false(chosen(&b, named[0].code));
        stage_frozen(&s, id);
        stage_revealed(&s, id);
        stage_drawn(&s, id);
        stage_verifies(&s, id);
        struct stage_rows a = stage_rows_of(cx, &s, id);
        assert_true(chosen(&a, named[0].code));
        assert_false(chosen(&a, out[0].code));
        assert_int_equal(stage_excluded(&a, CEREMONY_EXCLUDED_BY_ORDER), 1);
        /* who is not there cannot be visited */
        named[0].code = STR("91430000YD99999999");
        int64_t wrong = stage_planned(&s, &plan.p);
        stage_committed(&s, wrong);
        TEST_CX(refused);
        ASSERT_ERR(ERR_NOT_FOUND,
                   ceremony_freeze(refused, &s.d, &draw_operator, wrong, STR(""), NULL));
    }
}

static void who_was_not_visited_in_time_is_certain(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        struct ceremony_preview p;
        TEST_CX(cx);
        stage_open(&s, st, 400);
        one_rate_lot(&plan, few);
        plan.lots[0].item = STR("C01");
        plan.lots[0].memory_years = 0;
        plan.lots[0].due_months = 12;
        ASSERT_OK(cx, ceremony_preview(cx, &s.d, &planner, &plan.p, &p));
        int64_t certain = 0;
        for (size_t i = 0; i < p.n_rows; i++) {
            certain += p.rows[i].certain;
        }
        assert_true(certain > 0);
        struct stage_rows a = stage_rows_of(cx, &s, stage_whole(&s, &plan.p));
        assert_true((int64_t)a.n_chosen >= certain);
        TEST_CX(later);
        later->now_ms = s.now_ms;
        ASSERT_OK(later, ceremony_preview(later, &s.d, &planner, &plan.p, &p));
        for (size_t i = 0; i < p.n_rows; i++) {
            assert_int_equal(p.rows[i].certain, 0);
        }
    }
}

static void the_preview_agrees_with_the_freeze(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        struct ceremony_preview p;
        TEST_CX(cx);
        stage_open(&s, st, 3000);
        stage_plan_usual(&plan);
        plan.lots[1].n = 300;
        ASSERT_OK(cx, ceremony_preview(cx, &s.d, &planner, &plan.p, &p));
        struct stage_rows r = stage_rows_of(cx, &s, stage_whole(&s, &plan.p));
        assert_int_equal(p.entities, r.c.row.n_entities);
        for (int x = 0; x < CEREMONY_EXCLUSION__COUNT; x++) {
            assert_int_equal(p.excluded[x], stage_excluded(&r, (enum ceremony_exclusion)x));
        }
        for (size_t l = 0; l < r.n_lots; l++) {
            int64_t entities = 0;
            int64_t sum = 0;
            int64_t n = 0;
            for (size_t i = 0; i < p.n_rows; i++) {
                bool here = str_eq(p.rows[i].lot, r.lots[l].lot);
                entities += here ? p.rows[i].entities : 0;
                sum += here ? p.rows[i].sum_p31 : 0;
            }
            for (size_t i = 0; i < r.n_chosen; i++) {
                n += str_eq(r.chosen[i].lot, r.lots[l].lot);
            }
            assert_int_equal(entities, r.lots[l].entities);
            if (str_eq(r.lots[l].lot, STR("fixed"))) {
                /* probabilities of a fixed size add up to it, but for their rounding down */
                assert_int_equal((sum + entities) >> 31, 300);
                assert_int_equal(n, 300);
            } else {
                assert_int_equal(sum, r.lots[l].sum_weight);
                /* within six standard deviations of a sum of independent chances */
                int64_t expected = sum >> 31;
                assert_true((n - expected) * (n - expected) <= 36 * (expected + 1));
            }
        }
        int64_t joint = p.joint_p31 >> 31;
        int64_t targets = r.c.row.n_targets;
        assert_true(p.joint_p31 < p.sum_p31);
        assert_true((targets - joint) * (targets - joint) <= 36 * (joint + 1));
        int64_t places = p.places >> 31;
        assert_true((r.c.row.n_places - places) * (r.c.row.n_places - places) <=
                    36 * 16 * (joint + 1));
    }
}

static void nobody_to_draw_from_is_said_by_lot(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        struct str none[] = { STR("T97") };
        stage_open(&s, st, 300);
        stage_plan_usual(&plan);
        plan.lots[1].industries = none;
        plan.lots[1].n_industries = 1;
        int64_t id = stage_planned(&s, &plan.p);
        stage_committed(&s, id);
        TEST_CX(cx);
        ASSERT_ERR(ERR_DRAW_EMPTY, ceremony_freeze(cx, &s.d, &draw_operator, id, STR(""), NULL));
        assert_non_null(strstr(cx->fault.detail, "fixed"));
        stage_state_is(&s, id, CEREMONY_PLANNED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_of_chance_nobody_is_drawn_twice_in_a_cycle),
        cmocka_unit_test(the_yearly_cap_spares_entity_and_place),
        cmocka_unit_test(the_mandatory_are_certain_here_and_left_out_elsewhere),
        cmocka_unit_test(who_was_not_visited_in_time_is_certain),
        cmocka_unit_test(the_preview_agrees_with_the_freeze),
        cmocka_unit_test(nobody_to_draw_from_is_said_by_lot),
    };
    return cmocka_run_group_tests_name("office/ceremony_rules", tests, stage_load, stage_unload);
}
