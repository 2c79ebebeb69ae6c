/* Every command refuses what it must, is done once for a key, and leaves nothing half done. */
#include "ceremony_stage.h"

#include <pthread.h>

static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

static void plans_that_name_what_is_not_there(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        int64_t id;
        struct str parties[] = { STR("p_market"), STR("p_moon") };
        struct ceremony_team teams[] = { { STR("fixed"), STR("p_moon"), 2, STR("") } };
        stage_open(&s, st, 200);
        stage_plan_usual(&plan);
        TEST_CX(role);
        ASSERT_ERR(ERR_FORBIDDEN, ceremony_plan(role, &s.d, &draw_operator, &plan.p, STR(""), &id));
        TEST_CX(public);
        ASSERT_ERR(ERR_SIGNED_OUT, ceremony_plan(public, &s.d, &nobody, &plan.p, STR(""), &id));
        plan.p.parties = parties;
        TEST_CX(party);
        ASSERT_ERR(ERR_NOT_FOUND, ceremony_plan(party, &s.d, &planner, &plan.p, STR(""), &id));
        stage_plan_usual(&plan);
        plan.p.teams = teams;
        plan.p.n_teams = 1;
        TEST_CX(team);
        ASSERT_ERR(ERR_NOT_FOUND, ceremony_plan(team, &s.d, &planner, &plan.p, STR(""), &id));
        stage_plan_usual(&plan);
        plan.lots[0].item = STR("Z99");
        TEST_CX(item);
        ASSERT_ERR(ERR_NOT_FOUND, ceremony_plan(item, &s.d, &planner, &plan.p, STR(""), &id));
        stage_plan_usual(&plan);
        plan.lots[1] = plan.lots[0];
        plan.lots[1].name = STR("again");
        plan.p.n_teams = 0;
        TEST_CX(memory);
        ASSERT_ERR(ERR_FIELD, ceremony_plan(memory, &s.d, &planner, &plan.p, STR(""), &id));
        stage_plan_usual(&plan);
        plan.p.supersedes = 77;
        plan.p.supersedes_reason = STR("x");
        TEST_CX(old);
        ASSERT_ERR(ERR_NOT_FOUND, ceremony_plan(old, &s.d, &planner, &plan.p, STR(""), &id));
        /* and no number was used up */
        plan.p.supersedes = 0;
        plan.p.supersedes_reason = STR("");
        TEST_CX(cx);
        struct ceremony c = stage_load_draw(cx, &s, stage_planned(&s, &plan.p));
        ASSERT_STR("430000-2026-0001", c.row.no);
    }
}

static void steps_out_of_order_or_with_wrong_values(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 300);
        stage_plan_usual(&plan);
        int64_t id = stage_planned(&s, &plan.p);
        const struct desk *d = &s.d;
        const struct str key = STR("");
        const struct str kind = STR("lottery");
#define REFUSED(want, call)                                                                        \
    do {                                                                                           \
        STAGE_CX(cx, &s);                                                                          \
        ASSERT_ERR(want, call);                                                                    \
    } while (0)
        REFUSED(ERR_NOT_FOUND, ceremony_freeze(cx, d, &draw_operator, 12345, key, NULL));
        REFUSED(ERR_DRAW_MISSING, ceremony_freeze(cx, d, &draw_operator, id, key, NULL));
        REFUSED(ERR_FIELD, ceremony_commit(cx, d, &market, id, market.dept, STR("00"), key));
        REFUSED(ERR_FORBIDDEN,
                ceremony_commit(cx, d, &ecology, id, market.dept, str_of(zeros), key));
        REFUSED(ERR_STATE, ceremony_reveal(cx, d, &market, id, market.dept, str_of(zeros), key));
        REFUSED(ERR_STATE, ceremony_run(cx, d, &draw_operator, id, key, NULL));
        REFUSED(ERR_STATE, ceremony_publish(cx, d, &reviewer, id, key));
        REFUSED(ERR_FIELD, ceremony_void(cx, d, &reviewer, id, STR(""), key));
        stage_frozen(&s, id);
        REFUSED(ERR_STATE, ceremony_freeze(cx, d, &draw_operator, id, key, NULL));
        REFUSED(ERR_STATE, ceremony_commit(cx, d, &market, id, market.dept, str_of(zeros), key));
        REFUSED(ERR_DRAW_REVEAL,
                ceremony_reveal(cx, d, &market, id, market.dept, str_of(zeros), key));
        REFUSED(ERR_FIELD, ceremony_reveal(cx, d, &market, id, market.dept, STR("zz"), key));
        REFUSED(ERR_STATE, ceremony_beacon(cx, d, &witness, id, kind, STR(SSQ_REF), STR(SSQ_VALUE),
                                           s.now_ms, key));
        stage_revealed(&s, id);
        REFUSED(ERR_STATE, ceremony_reveal_kept(cx, d, &market, id, market.dept, key));
        REFUSED(ERR_DRAW_WAIT, ceremony_beacon(cx, d, &witness, id, kind, STR(SSQ_REF),
                                               STR(SSQ_VALUE), s.now_ms, key));
        s.now_ms += 900000;
        REFUSED(ERR_DRAW_BEACON, ceremony_beacon(cx, d, &witness, id, kind, STR(SSQ_REF),
                                                 STR("2-9-13-20-27-33+11"), s.now_ms, key));
        REFUSED(ERR_NOT_FOUND, ceremony_beacon(cx, d, &witness, id, kind, STR("ssq-2026141"),
                                               STR(SSQ_VALUE), s.now_ms, key));
        REFUSED(ERR_DRAW_WAIT, ceremony_beacon(cx, d, &witness, id, kind, STR(SSQ_REF),
                                               STR(SSQ_VALUE), s.now_ms + 1, key));
        stage_seeded(&s, id);
        REFUSED(ERR_STATE, ceremony_beacon(cx, d, &witness, id, kind, STR(SSQ_REF), STR(SSQ_VALUE),
                                           s.now_ms, key));
        stage_drawn(&s, id);
        stage_published(&s, id);
        REFUSED(ERR_STATE, ceremony_void(cx, d, &reviewer, id, STR("too late"), key));
#undef REFUSED
    }
}

static void a_repeat_answers_as_the_first(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        int64_t id = 0;
        stage_open(&s, st, 300);
        stage_plan_usual(&plan);
        for (int turn = 0; turn < 2; turn++) {
            STAGE_CX(cx, &s);
            int64_t got;
            ASSERT_OK(cx, ceremony_plan(cx, &s.d, &planner, &plan.p, STR("k-plan"), &got));
            assert_true(turn == 0 || got == id);
            id = got;
        }
#define TWICE(call)                                                                                \
    for (int turn = 0; turn < 2; turn++) {                                                         \
        STAGE_CX(cx, &s);                                                                          \
        ASSERT_OK(cx, call);                                                                       \
    }
        TWICE(ceremony_commit_kept(cx, &s.d, &market, id, market.dept, STR("k-c1")))
        TWICE(ceremony_commit_kept(cx, &s.d, &ecology, id, ecology.dept, STR("k-c2")))
        TWICE(ceremony_freeze(cx, &s.d, &draw_operator, id, STR("k-freeze"), NULL))
        TWICE(ceremony_reveal_kept(cx, &s.d, &market, id, market.dept, STR("k-r1")))
        TWICE(ceremony_reveal_kept(cx, &s.d, &ecology, id, ecology.dept, STR("k-r2")))
        s.now_ms += 900000;
        TWICE(ceremony_beacon(cx, &s.d, &witness, id, STR("lottery"), STR(SSQ_REF), STR(SSQ_VALUE),
                              s.now_ms, STR("k-beacon")))
        TWICE(ceremony_run(cx, &s.d, &draw_operator, id, STR("k-run"), NULL))
        TWICE(ceremony_publish(cx, &s.d, &reviewer, id, STR("k-publish")))
#undef TWICE
        stage_verifies(&s, id);
        TEST_CX(cx);
        struct stage_rows r = stage_rows_of(cx, &s, id);
        assert_int_equal(r.n_log, 7);
    }
}

/* ---- two at once ----------------------------------------------------------------------------- */

struct rival {
    struct stage *s;
    int64_t id;
    bool run; /* else freeze */
    enum err code;
};

static void *rival_goes(void *arg)
{
    struct rival *r = arg;
    struct arena *mem = arena_new(64u << 20);
    struct cx cx = { .mem = mem, .now_ms = r->s->now_ms };
    r->code =
        r->run ? ceremony_run(&cx, &r->s->d, &draw_operator, r->id, (struct str){ "", 0 }, NULL)
               : ceremony_freeze(&cx, &r->s->d, &draw_operator, r->id, (struct str){ "", 0 }, NULL);
    arena_free(mem);
    return NULL;
}

static void one_of_two_wins(struct stage *s, int64_t id, bool run)
{
    struct rival r[2] = { { s, id, run, ERR_OK }, { s, id, run, ERR_OK } };
    pthread_t t[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&t[i], NULL, rival_goes, &r[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(t[i], NULL), 0);
    }
    assert_int_equal((r[0].code == ERR_OK) + (r[1].code == ERR_OK), 1);
    enum err lost = r[0].code == ERR_OK ? r[1].code : r[0].code;
    /* it moved while the other worked, or before it began */
    assert_true(lost == ERR_MOVED_MEANWHILE || lost == ERR_STATE);
}

static void of_two_at_once_one_wins(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 2000);
        stage_plan_usual(&plan);
        int64_t id = stage_planned(&s, &plan.p);
        stage_committed(&s, id);
        one_of_two_wins(&s, id, false);
        stage_state_is(&s, id, CEREMONY_FROZEN);
        stage_revealed(&s, id);
        stage_seeded(&s, id);
        one_of_two_wins(&s, id, true);
        stage_verifies(&s, id);
    }
}

/* ---- the n-th statement fails ---------------------------------------------------------------- */

static void fails_until_it_works(struct stage *s, int64_t id, enum ceremony_state from, bool run)
{
    for (int64_t n = 1;; n++) {
        STAGE_CX(cx, s);
        store_fail_nth(n);
        enum err code = run ? ceremony_run(cx, &s->d, &draw_operator, id, STR(""), NULL)
                            : ceremony_freeze(cx, &s->d, &draw_operator, id, STR(""), NULL);
        store_fail_nth(0);
        if (code == ERR_OK) {
            print_message("%s works when statement %lld would fail\n", run ? "run" : "freeze",
                          (long long)n);
            return;
        }
        ASSERT_ERR(ERR_STORE, code);
        stage_state_is(s, id, from);
    }
}

static void whatever_statement_fails_nothing_is_half_done(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 150);
        stage_plan_usual(&plan);
        plan.lots[0].memory_years = 0; /* a row an entity would be a statement an entity */
        plan.lots[1].n = 3;
        plan.lots[1].reserve = 1;
        int64_t id = stage_planned(&s, &plan.p);
        stage_committed(&s, id);
        fails_until_it_works(&s, id, CEREMONY_PLANNED, false);
        stage_revealed(&s, id);
        stage_seeded(&s, id);
        fails_until_it_works(&s, id, CEREMONY_SEEDED, true);
        stage_verifies(&s, id);
    }
}

/* What a commitment writes: the party's column, an event, the draw's version. */
struct traces {
    int64_t id, ver;
    size_t events, log;
    bool committed;
};
static enum err traces_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct traces *w = arg;
    struct ceremony c;
    struct q_draw_events *events = NULL;
    struct ledger_entry *log = NULL;
    TRY(ceremony_load(cx, tx, w->id, &c));
    TRY(q_draw_events(cx, tx, w->id, &events, &w->events));
    TRY(ledger_entries(cx, tx, c.row.no, 0, 100, &log, &w->log));
    w->ver = c.row.ver;
    w->committed = c.parties[ceremony_party_find(&c, market.dept)].commitment.n > 0;
    return ERR_OK;
}

static void a_commitment_that_fails_leaves_nothing(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        struct stage s;
        struct stage_plan plan;
        stage_open(&s, st, 150);
        stage_plan_usual(&plan);
        int64_t id = stage_planned(&s, &plan.p);
        struct traces before = { .id = id };
        TEST_CX(look);
        ASSERT_OK(look, store_read(look, st, traces_work, &before));
        enum err code = ERR_STORE;
        int64_t n = 0;
        while (code != ERR_OK) {
            STAGE_CX(cx, &s);
            TEST_CX(after);
            struct traces now = { .id = id };
            store_fail_nth(++n);
            code = ceremony_commit_kept(cx, &s.d, &market, id, market.dept, STR("c1"));
            store_fail_nth(0);
            ASSERT_OK(after, store_read(after, st, traces_work, &now));
            bool whole = code == ERR_OK;
            assert_true(whole || code == ERR_STORE);
            assert_true(now.committed == whole && now.events == before.events + whole);
            assert_true(whole ? now.ver >= before.ver && now.log >= before.log
                              : now.ver == before.ver && now.log == before.log);
        }
        assert_true(n > 5); /* some statements did fail */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_that_name_what_is_not_there),
        cmocka_unit_test(steps_out_of_order_or_with_wrong_values),
        cmocka_unit_test(a_repeat_answers_as_the_first),
        cmocka_unit_test(of_two_at_once_one_wins),
        cmocka_unit_test(whatever_statement_fails_nothing_is_half_done),
        cmocka_unit_test(a_commitment_that_fails_leaves_nothing),
    };
    return cmocka_run_group_tests_name("office/ceremony_refuse", tests, stage_load, stage_unload);
}
