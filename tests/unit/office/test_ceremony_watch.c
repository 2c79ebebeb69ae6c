/* Whole ceremonies, as those who hold them and those who watch them see them. */
#include "../core/folder.h"
#include "ceremony_stage.h"

#include <unistd.h>

static struct ceremony_view look(struct cx *cx, const struct stage *s, const struct actor *by,
                                 int64_t id)
{
    struct ceremony_view v;
    cx->now_ms = s->now_ms;
    ASSERT_OK(cx, ceremony_show(cx, &s->d, by, id, &v));
    return v;
}

/* Does `may` offer the step to who may take it, and to nobody else? */
static void next_is(struct stage *s, int64_t id, const struct actor *by, enum ceremony_step step)
{
    TEST_CX(cx);
    assert_true((look(cx, s, by, id).may & (1u << step)) != 0);
    assert_int_equal(look(cx, s, NULL, id).may, 0);
    assert_true((look(cx, s, &planner, id).may & (1u << step)) == 0);
}

static void the_next_step_is_offered_to_its_person(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 300);
        stage_plan_usual(&plan);
        int64_t id = stage_planned(&s, &plan.p);
        next_is(&s, id, &market, CEREMONY_STEP_COMMIT);
        stage_frozen(&s, id);
        next_is(&s, id, &ecology, CEREMONY_STEP_REVEAL);
        next_is(&s, id, &draw_operator, CEREMONY_STEP_CLOSE_REVEALS);
        stage_revealed(&s, id);
        TEST_CX(soon);
        assert_int_equal(look(soon, &s, &witness, id).may, 0); /* the event is still to come */
        s.now_ms += 600000;
        next_is(&s, id, &witness, CEREMONY_STEP_BEACON);
        stage_seeded(&s, id);
        next_is(&s, id, &draw_operator, CEREMONY_STEP_RUN);
        stage_drawn(&s, id);
        next_is(&s, id, &reviewer, CEREMONY_STEP_PUBLISH);
        stage_published(&s, id);
        next_is(&s, id, &reviewer, CEREMONY_STEP_REPLACE_TARGET);
    }
}

/* One value is open, one is not: the first is seen, the second by nobody. */
static void a_value_is_seen_when_it_is_opened(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 300);
        stage_plan_usual(&plan);
        int64_t id = stage_planned(&s, &plan.p);
        stage_frozen(&s, id);
        STAGE_CX(cx, &s);
        ASSERT_OK(cx, ceremony_reveal_kept(cx, &s.d, &market, id, market.dept, STR("")));
        const struct actor *const all[] = { NULL, &planner, &draw_operator, &ecology };
        for (size_t i = 0; i < COUNT_OF(all); i++) {
            struct ceremony_view v = look(cx, &s, all[i], id);
            assert_int_equal(v.n_parties, 2);
            ASSERT_STR("p_ecology", v.parties[0].dept);
            assert_int_equal(v.parties[0].value.n, 0);
            assert_false(v.parties[0].revealed);
            assert_int_equal(v.parties[1].value.n, 64);
            assert_true(v.parties[1].kept);
        }
    }
}

static void folder_drop(const char *dir)
{
    for (int i = 0; i < CEREMONY_FILE__COUNT; i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "%s/%s", dir, ceremony_file_name((enum ceremony_file)i));
        (void)unlink(path);
    }
    assert_int_equal(rmdir(dir), 0);
}

/* What the asker gets as a folder is a draw that verifies. */
static void export_verifies(struct stage *s, const struct actor *by, int64_t id)
{
    STAGE_CX(cx, s);
    char out[96];
    struct folder f;
    struct head head;
    (void)snprintf(out, sizeof out, "%s/out", s->dir);
    ASSERT_OK(cx, ceremony_export(cx, &s->d, by, id, str_of(out)));
    folder_read(cx, out, &f);
    const struct bundle b = folder_bundle(&f);
    ASSERT_OK(cx, draw_verify(cx, &b, NULL, &head));
    folder_drop(out);
}

/* Every entity of a page has its name, and its own proof says the same of it as the list. */
static void lists_agree_with_proofs(struct stage *s, const struct actor *by, int64_t id)
{
    STAGE_CX(cx, s);
    struct ceremony_result *r;
    struct ceremony_proof p;
    size_t n;
    ASSERT_OK(cx, ceremony_results(
                      cx, &s->d, by, id,
                      &(const struct ceremony_result_query){ STR(""), STR(""), 0, 1000 }, &r, &n));
    assert_true(n >= 15);
    for (size_t i = 0; i < n; i++) {
        assert_true(r[i].name.n > 0 && r[i].region.n >= 6);
        ASSERT_OK(cx, ceremony_check(cx, &s->d, by, id, r[i].code, &p));
        assert_true(p.verdict == (r[i].status == 'R' ? CEREMONY_RESERVE : CEREMONY_SELECTED) ||
                    (r[i].status == 'R' && p.verdict == CEREMONY_SELECTED));
        assert_true(merkle_included(DIGEST_SHA256, &p.leaf, (uint64_t)p.at, (uint64_t)p.size,
                                    &p.path, &p.root));
        assert_true(!p.opened || p.chances[0].p31 > 0);
    }
}

static void an_open_draw_verifies_for_everybody(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 2000);
        stage_plan_usual(&plan);
        int64_t id = stage_whole(&s, &plan.p);
        export_verifies(&s, NULL, id);
        lists_agree_with_proofs(&s, NULL, id);
        TEST_CX(cx);
        struct ceremony_view v = look(cx, &s, NULL, id);
        assert_true(v.targets >= 10 && v.places >= 40);
        assert_int_equal(v.lots[1].selected, 10);
        assert_true(v.lots[0].item_name.n > 0);
        assert_int_equal(v.exclusions.hex.n, 64);
        struct ceremony_event *e;
        size_t n;
        ASSERT_OK(cx, ceremony_events(cx, &s.d, NULL, id, &e, &n));
        assert_true(n >= 9);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(e[i].by.n, 0);
        }
    }
}

static void a_sealed_draw_verifies_for_officers_only(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 2000);
        stage_plan_usual(&plan);
        plan.p.sealed = true;
        int64_t id = stage_whole(&s, &plan.p);
        export_verifies(&s, &reviewer, id);
        lists_agree_with_proofs(&s, &reviewer, id);
        lists_agree_with_proofs(&s, NULL, id);
    }
}

/* The line of the population as the officers' file has it. */
static enum err keep(struct cx *cx, void *arg, struct str bytes)
{
    (void)cx;
    buf_put(arg, bytes);
    return ERR_OK;
}

static void an_embargo_keeps_the_lists_until_its_day(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        struct ceremony_result *r;
        size_t n;
        stage_open(&s, st, 2000);
        stage_plan_usual(&plan);
        plan.p.embargo_on = 20261201;
        int64_t id = stage_whole(&s, &plan.p);
        stage_state_is(&s, id, CEREMONY_EMBARGOED);
        STAGE_CX(cx, &s);
        struct ceremony_view v = look(cx, &s, NULL, id);
        assert_int_equal(v.seal.n, 64);
        assert_int_equal(v.seed.hex.n, 0);
        assert_int_equal(v.parties[0].value.n, 0);
        assert_int_equal(v.targets, 0);
        ASSERT_ERR(ERR_FORBIDDEN,
                   ceremony_results(cx, &s.d, NULL, id,
                                    &(const struct ceremony_result_query){ STR(""), STR(""), 0, 9 },
                                    &r, &n));
        fault_clear(cx);
        struct ceremony_event *e;
        ASSERT_OK(cx, ceremony_events(cx, &s.d, NULL, id, &e, &n));
        struct ceremony_view officer = look(cx, &s, &reviewer, id);
        for (size_t i = 0; i < n; i++) {
            assert_false(str_eq(e[i].hex, officer.seed.hex)); /* the seed is in no event */
        }
        struct buf b = buf_of(cx->mem, 8 << 20);
        const struct ceremony_sink to = { keep, &b };
        ASSERT_ERR(ERR_FORBIDDEN, ceremony_file(cx, &s.d, NULL, id, CEREMONY_FILE_POPULATION, &to));
        fault_clear(cx);
        s.now_ms = date_start_ms(20261201) + 1;
        stage_published(&s, id);
        stage_state_is(&s, id, CEREMONY_PUBLISHED);
        export_verifies(&s, NULL, id);
        lists_agree_with_proofs(&s, NULL, id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_step_is_offered_to_its_person),
        cmocka_unit_test(a_value_is_seen_when_it_is_opened),
        cmocka_unit_test(an_open_draw_verifies_for_everybody),
        cmocka_unit_test(a_sealed_draw_verifies_for_officers_only),
        cmocka_unit_test(an_embargo_keeps_the_lists_until_its_day),
    };
    return cmocka_run_group_tests_name("office/ceremony_watch", tests, stage_load, stage_unload);
}
