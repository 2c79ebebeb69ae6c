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
        for (size_t i = 0; i < r.n_changes; i++) {
            const struct ledger_entry *e = &r.log[r.n_log - r.n_changes + i];
            struct digest line = digest_of(DIGEST_SHA256, r.changes[i].line);
            assert_int_equal(e->kind, LEDGER_EVENT);
            assert_true(digest_eq(&line, &e->hex));
        }
        stage_verifies(&s, id);
    }
}

static int64_t load_of(struct cx *cx, struct stage *s, struct str staff_no)
{
    struct inspector_entry e;
    ASSERT_OK(cx, inspector_entry_get(cx, &s->d, &reviewer, staff_no, &e));
    return e.load;
}

/* Places of a target as the public sees them, in one state ("*": any). */
static size_t places_of(struct cx *cx, struct stage *s, int64_t id, struct str code,
                        const char *state)
{
    struct ceremony_place *p = NULL;
    size_t n = 0;
    size_t found = 0;
    ASSERT_OK(cx, ceremony_places(cx, &s->d, &nobody, id, STR(""), 1000, &p, &n));
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || str_cmp(p[i - 1].code, p[i].code) <= 0);
        found += str_eq(p[i].code, code) && (state[0] == '*' || str_eq(p[i].state, str_of(state)));
    }
    return found;
}

/* What all draws weigh on the inspectors' balance. */
static int64_t loads_of(struct cx *cx, struct stage *s)
{
    struct str after = STR("");
    int64_t sum = 0;
    for (size_t n = 1; n > 0;) {
        struct inspector_entry *e = NULL;
        ASSERT_OK(cx, inspector_entry_list(cx, &s->d, &reviewer, STR(""), after, 1000, &e, &n));
        for (size_t i = 0; i < n; i++) {
            sum += e[i].load;
            after = e[i].staff_no;
        }
    }
    return sum;
}

/* A fixed lot of `n`, 3 reserves, a team of two of each department. */
static int64_t stage_fixed(struct stage *s, int64_t n)
{
    struct stage_plan plan;
    stage_plan_usual(&plan);
    plan.lots[0] = plan.lots[1];
    plan.lots[0].n = n;
    plan.lots[0].reserve = 3;
    plan.p.n_lots = 1;
    plan.p.teams = stage_teams + 1;
    plan.p.n_teams = 2;
    return stage_whole(s, &plan.p);
}

static void who_moves_up_gets_a_team_of_its_own(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct str next;
        stage_open(&s, st, 300);
        int64_t id = stage_fixed(&s, 4);
        TEST_CX(cx);
        struct stage_rows r = stage_rows_of(cx, &s, id);
        int64_t loads = loads_of(cx, &s);
        struct ceremony_replacement what = { .lot = STR("fixed"),
                                             .code = target_of(&r, "fixed"),
                                             .reason = STR("closed") };
        assert_int_equal(places_of(cx, &s, id, what.code, ""), 4);
        ASSERT_OK(cx, ceremony_replace_target(cx, &s.d, &reviewer, id, &what, STR(""), &next));
        r = stage_rows_of(cx, &s, id);
        assert_int_equal(r.n_changes, 1 + 4 + 4); /* the target, who stays home, who goes */
        assert_int_equal(places_of(cx, &s, id, what.code, "replaced"), 4);
        assert_int_equal(places_of(cx, &s, id, next, "replacement"), 4);
        assert_int_equal(loads_of(cx, &s), loads);
        stage_verifies(&s, id);
        /* one of the new team is replaced, and then the target again */
        struct ceremony_replacement ill = { .code = next,
                                            .dept = r.changes[8].dept,
                                            .inspector = r.changes[8].enters,
                                            .reason = STR("ill") };
        struct str other;
        ASSERT_OK(cx, ceremony_replace_inspector(cx, &s.d, &reviewer, id, &ill, STR(""), &other));
        assert_int_equal(places_of(cx, &s, id, next, "replaced"), 1);
        assert_int_equal(places_of(cx, &s, id, next, "replacement"), 4);
        what.code = next;
        ASSERT_OK(cx, ceremony_replace_target(cx, &s.d, &reviewer, id, &what, STR(""), &other));
        assert_int_equal(places_of(cx, &s, id, next, "replaced"), 5);
        assert_int_equal(places_of(cx, &s, id, other, "replacement"), 4);
        assert_int_equal(loads_of(cx, &s), loads);
        stage_verifies(&s, id);
    }
}

/* Of the ecologists only E000 and E001 stay. */
static void two_ecologists(struct stage *s)
{
    TEST_CX(cx);
    struct inspector_entry *e = NULL;
    size_t n = 0;
    ASSERT_OK(cx, inspector_entry_list(cx, &s->d, &reviewer, ecology.dept, STR(""), 1000, &e, &n));
    for (size_t i = 0; i < n; i++) {
        bool stays = str_eq(e[i].staff_no, STR("E000")) || str_eq(e[i].staff_no, STR("E001"));
        STAGE_CX(put, s);
        int64_t id;
        e[i].status = INSPECTOR_INVALID;
        if (!stays) {
            ASSERT_OK(put, inspector_entry_put(put, &s->d, &ecology, &e[i], STR(""), &id));
        }
    }
}

/* A first draw takes everybody there is; then E001 is recused from all of them. So in the second
 * E000 goes wherever a reserve moves up, and the empty place beside is shown. */
static void who_is_recused_does_not_go(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct str next;
        stage_open(&s, st, 100);
        two_ecologists(&s);
        TEST_CX(cx);
        struct stage_rows r = stage_rows_of(cx, &s, stage_fixed(&s, 1000));
        for (size_t i = 0; i < r.n_chosen; i++) {
            STAGE_CX(add, &s);
            int64_t id;
            const struct interest tie = { .staff_no = STR("E001"),
                                          .code = r.chosen[i].code,
                                          .kind = INTEREST_RELATIVE,
                                          .from_on = 20200101 };
            ASSERT_OK(add, interest_add(add, &s.d, &ecology, &tie, STR(""), &id));
        }
        int64_t id = stage_fixed(&s, 4);
        r = stage_rows_of(cx, &s, id);
        const struct ceremony_replacement what = { .lot = STR("fixed"),
                                                   .code = target_of(&r, "fixed"),
                                                   .reason = STR("closed") };
        ASSERT_OK(cx, ceremony_replace_target(cx, &s.d, &reviewer, id, &what, STR(""), &next));
        r = stage_rows_of(cx, &s, id);
        size_t goes = 0;
        size_t empty = 0;
        for (size_t i = 0; i < r.n_changes; i++) {
            bool place = str_eq(r.changes[i].kind, STR("place")) &&
                         str_eq(r.changes[i].dept, STR("p_ecology"));
            empty += place && str_eq(r.changes[i].enters, STR("~"));
            goes += place && str_eq(r.changes[i].enters, STR("E000"));
        }
        assert_int_equal(empty, 1);
        assert_int_equal(goes, 1);
        assert_int_equal(places_of(cx, &s, id, next, "replacement"), 4); /* the empty one too */
        stage_verifies(&s, id);
    }
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
        cmocka_unit_test(who_moves_up_gets_a_team_of_its_own),
        cmocka_unit_test(who_is_recused_does_not_go),
        cmocka_unit_test(an_inspector_is_replaced_by_the_next_cheapest),
        cmocka_unit_test(replacements_wait_for_the_publication),
    };
    return cmocka_run_group_tests_name("office/ceremony_change", tests, stage_load, stage_unload);
}
