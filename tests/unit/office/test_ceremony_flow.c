/* Whole ceremonies from the plan to the publication. */
#include "ceremony_stage.h"

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
        struct ceremony c = stage_load_draw(cx, &s, id);
        ASSERT_STR("430000-2026-0001", c.row.no);
        assert_true(c.row.n_entities > 1700 && c.row.n_entities < 2000);
        assert_true(c.row.n_targets >= 10);
        assert_int_equal(c.row.n_unfilled, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draw_goes_its_way),
    };
    return cmocka_run_group_tests_name("office/ceremony_flow", tests, stage_load, stage_unload);
}
