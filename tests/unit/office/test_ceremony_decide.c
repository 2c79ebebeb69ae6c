#include "../test.h"

#include "office/ceremony_rule.h"

#include <string.h>

#define HOUR_MS INT64_C(3600000)

static const struct actor operator_ = { .account = 1, .roles = ROLE_BIT(DRAW_OPERATOR) };
static const struct actor planner = { .account = 2, .roles = ROLE_BIT(PLANNER) };
static const struct actor reviewer = { .account = 3, .roles = ROLE_BIT(REVIEWER) };
static const struct actor witness = { .account = 4, .roles = ROLE_BIT(WITNESS) };
static const struct actor samr = { .account = 5,
                                   .roles = ROLE_BIT(DEPARTMENT_ADMIN),
                                   .dept = STR_INIT("samr") };
static const struct actor audit = { .account = 6,
                                    .roles = ROLE_BIT(DEPARTMENT_ADMIN),
                                    .dept = STR_INIT("audit") };
static const struct actor city = { .account = 7,
                                   .roles = ROLE_BIT(DRAW_OPERATOR) | ROLE_BIT(REVIEWER) |
                                            ROLE_BIT(PLANNER),
                                   .region = STR_INIT("4302") };
static const struct actor admin = { .account = 8, .roles = ROLE_BIT(SYSTEM_ADMIN) };
static const struct actor public = { 0 };

/* A draw in which each step of its state can be taken: cases say what is different. */
static struct ceremony_facts facts_in(enum ceremony_state s)
{
    return (struct ceremony_facts){
        .state = s,
        .n_parties = 2,
        .n_committed = 2,
        .n_revealed = 1,
        .n_beacons = 1,
        .n_beaconed = s == CEREMONY_SEEDED ? 1 : 0,
        .cosigners = 1,
        .cosigned = 1,
        .revealed_at = s < CEREMONY_REVEALED ? 0 : TEST_NOW_MS - HOUR_MS,
        .beacon_wait_s = 600,
        .embargo_on = s == CEREMONY_EMBARGOED ? 20261123 : 0,
        .initiator_region = STR("430100"),
    };
}

static struct ceremony_input input_of(enum ceremony_step step)
{
    return (struct ceremony_input){ .step = step,
                                    .dept = STR("samr"),
                                    .dept_is_party = true,
                                    .dept_committed = true,
                                    .event_at = TEST_NOW_MS,
                                    .reason = STR("because"),
                                    .today = 20261123 };
}

static const struct actor *usual(enum ceremony_step s)
{
    switch (s) {
    case CEREMONY_STEP_PLAN:
        return &planner;
    case CEREMONY_STEP_COMMIT:
    case CEREMONY_STEP_REVEAL:
    case CEREMONY_STEP_REPLACE_INSPECTOR:
        return &samr;
    case CEREMONY_STEP_FREEZE:
    case CEREMONY_STEP_CLOSE_REVEALS:
    case CEREMONY_STEP_BEACON:
    case CEREMONY_STEP_RUN:
        return &operator_;
    case CEREMONY_STEP_PUBLISH:
    case CEREMONY_STEP_VOID:
    case CEREMONY_STEP_REPLACE_TARGET:
    case CEREMONY_STEP__COUNT:
    default:
        return &reviewer;
    }
}

static const uint32_t allowed[] = {
#define X(symbol, name, power, states) [CEREMONY_STEP_##symbol] = (states),
    CEREMONY_STEP_TABLE(X)
#undef X
};

static void a_step_is_taken_in_its_states_and_in_no_other(void **state UNUSED)
{
    for (int step = 0; step < CEREMONY_STEP__COUNT; step++) {
        for (int s = 0; s < CEREMONY_STATE__COUNT; s++) {
            TEST_CX(cx);
            struct ceremony_facts f = facts_in((enum ceremony_state)s);
            struct ceremony_input in = input_of((enum ceremony_step)step);
            bool may = step == CEREMONY_STEP_PLAN || (allowed[step] & (1u << s)) != 0;
            print_message("%s in %s\n", ceremony_step_name((enum ceremony_step)step),
                          ceremony_state_name((enum ceremony_state)s));
            ASSERT_ERR(may ? ERR_OK : ERR_STATE,
                       ceremony_decide(cx, usual((enum ceremony_step)step), &f, &in, TEST_NOW_MS));
        }
    }
}

/* Whoever asks, whatever the draw is like: outside the table the answer is no. */
static void nothing_outside_the_table_is_allowed(void **state UNUSED)
{
    TEST_CX(cx);
    uint64_t r = 88172645463325252;
    for (int i = 0; i < 200000; i++) {
        struct arena_mark m = arena_mark(cx->mem);
        uint64_t bits[4];
        for (size_t k = 0; k < COUNT_OF(bits); k++) {
            r ^= r << 13;
            r ^= r >> 7;
            r ^= r << 17;
            bits[k] = r;
        }
        struct actor who = { .account = (int64_t)(bits[0] % 3),
                             .roles = (uint32_t)(bits[0] >> 8) & 0xff,
                             .dept = bits[0] >> 62 != 0 ? STR("samr") : STR("audit") };
        struct ceremony_facts f = facts_in((enum ceremony_state)(bits[1] % 10));
        struct ceremony_input in = input_of((enum ceremony_step)(bits[1] / 16 % 13));
        f.n_committed = (int64_t)(bits[2] % 3);
        f.n_revealed = (int64_t)(bits[2] >> 8) % 3;
        f.n_beaconed = (int64_t)(bits[2] >> 16) % 2;
        f.cosigned = (int64_t)(bits[2] >> 24) % 2;
        f.actor_operated = (bits[3] & 1) != 0;
        f.actor_witnessed = (bits[3] & 2) != 0;
        in.dept_is_party = (bits[3] & 4) != 0;
        in.dept_committed = (bits[3] & 8) != 0;
        in.event_at = TEST_NOW_MS - (int64_t)(bits[3] >> 32) % (2 * HOUR_MS);
        bool step_known = (unsigned)in.step < CEREMONY_STEP__COUNT;
        bool in_table = step_known && (in.step == CEREMONY_STEP_PLAN ||
                                       ((unsigned)f.state < CEREMONY_STATE__COUNT &&
                                        (allowed[in.step] & (1u << f.state)) != 0));
        if (ceremony_decide(cx, &who, &f, &in, TEST_NOW_MS) == ERR_OK) {
            assert_true(in_table);
            assert_true(who.account != 0 && who.roles != 0);
            assert_true(in.step != CEREMONY_STEP_FREEZE || f.n_committed == 2);
            assert_true(in.step != CEREMONY_STEP_REVEAL || (f.cosigned == 1 && in.dept_is_party));
            assert_false(f.actor_operated && f.actor_witnessed &&
                         ceremony_part_of(in.step, &who) != CEREMONY_PART_NONE);
        }
        fault_clear(cx);
        arena_reset(cx->mem, m);
    }
}

/* Whose step it is. */
static const struct {
    const char *what;
    enum ceremony_step step;
    const struct actor *who;
    enum err want;
} people[] = {
    { "a planner plans", CEREMONY_STEP_PLAN, &planner, ERR_OK },
    { "the public does not", CEREMONY_STEP_PLAN, &public, ERR_SIGNED_OUT },
    { "an operator does not plan", CEREMONY_STEP_PLAN, &operator_, ERR_FORBIDDEN },
    { "a planner of another city", CEREMONY_STEP_PLAN, &city, ERR_FORBIDDEN },
    { "a department commits", CEREMONY_STEP_COMMIT, &samr, ERR_OK },
    { "another department's", CEREMONY_STEP_COMMIT, &audit, ERR_FORBIDDEN },
    { "an operator does not commit", CEREMONY_STEP_COMMIT, &operator_, ERR_FORBIDDEN },
    { "an operator freezes", CEREMONY_STEP_FREEZE, &operator_, ERR_OK },
    { "an operator of another city", CEREMONY_STEP_FREEZE, &city, ERR_FORBIDDEN },
    { "a reviewer does not freeze", CEREMONY_STEP_FREEZE, &reviewer, ERR_FORBIDDEN },
    { "a department reveals", CEREMONY_STEP_REVEAL, &samr, ERR_OK },
    { "for another", CEREMONY_STEP_REVEAL, &audit, ERR_FORBIDDEN },
    { "an operator closes", CEREMONY_STEP_CLOSE_REVEALS, &operator_, ERR_OK },
    { "a witness does not close", CEREMONY_STEP_CLOSE_REVEALS, &witness, ERR_FORBIDDEN },
    { "an operator enters the event", CEREMONY_STEP_BEACON, &operator_, ERR_OK },
    { "a witness enters the event", CEREMONY_STEP_BEACON, &witness, ERR_OK },
    { "a planner does not", CEREMONY_STEP_BEACON, &planner, ERR_FORBIDDEN },
    { "an operator runs", CEREMONY_STEP_RUN, &operator_, ERR_OK },
    { "a witness does not run", CEREMONY_STEP_RUN, &witness, ERR_FORBIDDEN },
    { "a reviewer publishes", CEREMONY_STEP_PUBLISH, &reviewer, ERR_OK },
    { "one of another city", CEREMONY_STEP_PUBLISH, &city, ERR_FORBIDDEN },
    { "an operator does not publish", CEREMONY_STEP_PUBLISH, &operator_, ERR_FORBIDDEN },
    { "a reviewer voids", CEREMONY_STEP_VOID, &reviewer, ERR_OK },
    { "an operator does not void", CEREMONY_STEP_VOID, &operator_, ERR_FORBIDDEN },
    { "a reviewer replaces a target", CEREMONY_STEP_REPLACE_TARGET, &reviewer, ERR_OK },
    { "a department replaces a target", CEREMONY_STEP_REPLACE_TARGET, &audit, ERR_OK },
    { "a department replaces its inspector", CEREMONY_STEP_REPLACE_INSPECTOR, &samr, ERR_OK },
    { "not another's", CEREMONY_STEP_REPLACE_INSPECTOR, &audit, ERR_FORBIDDEN },
    { "a reviewer replaces any", CEREMONY_STEP_REPLACE_INSPECTOR, &reviewer, ERR_OK },
    { "an administrator of the system", CEREMONY_STEP_VOID, &admin, ERR_FORBIDDEN },
};

/* The first state in which the step may be taken. */
static enum ceremony_state first_state(enum ceremony_step step)
{
    int s = 0;
    while (s < CEREMONY_STATE__COUNT - 1 && (allowed[step] & (1u << s)) == 0) {
        s++;
    }
    return allowed[step] == 0 ? CEREMONY_PLANNED : (enum ceremony_state)s;
}

static void a_step_is_its_persons(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        TEST_CX(cx);
        struct ceremony_facts f = facts_in(first_state(people[i].step));
        struct ceremony_input in = input_of(people[i].step);
        print_message("%s\n", people[i].what);
        ASSERT_ERR(people[i].want, ceremony_decide(cx, people[i].who, &f, &in, TEST_NOW_MS));
    }
}

/* Each condition, broken alone. */
struct twist {
    struct ceremony_facts f;
    struct ceremony_input in;
    const struct actor *who;
};
static void no_twist(struct twist *t UNUSED)
{
}
static void one_uncommitted(struct twist *t)
{
    t->f.n_committed = 1;
}
static void no_party(struct twist *t)
{
    t->in.dept_is_party = false;
}
static void not_cosigned(struct twist *t)
{
    t->f.cosigned = 0;
}
static void revealed(struct twist *t)
{
    t->in.dept_revealed = true;
}
static void uncommitted(struct twist *t)
{
    t->in.dept_committed = false;
}
static void all_revealed(struct twist *t)
{
    t->f.n_revealed = 2;
}
static void no_reason(struct twist *t)
{
    t->in.reason = STR("");
}
static void two_line_reason(struct twist *t)
{
    t->in.reason = STR("a\nb");
}
static void event_tomorrow(struct twist *t)
{
    t->in.event_at = TEST_NOW_MS + 1;
}
static void event_too_soon(struct twist *t)
{
    t->in.event_at = t->f.revealed_at + 599999;
}
static void event_just_right(struct twist *t)
{
    t->in.event_at = t->f.revealed_at + 600000;
}
static void plan_says_less(struct twist *t)
{
    t->f.beacon_wait_s = 0;
    t->in.event_at = t->f.revealed_at + 599999;
}
static void rehearsal_says_less(struct twist *t)
{
    plan_says_less(t);
    t->f.demo = true;
}
static void all_beaconed(struct twist *t)
{
    t->f.n_beaconed = 1;
}
static void not_beaconed(struct twist *t)
{
    t->f.n_beaconed = 0;
}
static void embargo_tomorrow(struct twist *t)
{
    t->f.state = CEREMONY_EMBARGOED;
    t->f.embargo_on = 20261124;
}
static void embargo_to_come(struct twist *t)
{
    t->f.embargo_on = 20261124;
}
static void has_witnessed(struct twist *t)
{
    t->f.actor_witnessed = true;
}
static void witness_has_operated(struct twist *t)
{
    t->who = &witness;
    t->f.actor_operated = true;
}
static void witness_again(struct twist *t)
{
    t->who = &witness;
    t->f.actor_witnessed = true;
}
static void has_operated(struct twist *t)
{
    t->f.actor_operated = true;
}
static void no_department(struct twist *t)
{
    t->who = &reviewer;
    t->in.dept = STR("");
}

static const struct {
    const char *what;
    enum ceremony_step step;
    void (*twist)(struct twist *t);
    enum err want;
} conditions[] = {
    { "a commitment is missing", CEREMONY_STEP_FREEZE, one_uncommitted, ERR_DRAW_MISSING },
    { "a department that is no party", CEREMONY_STEP_COMMIT, no_party, ERR_FORBIDDEN },
    { "a department commits anew", CEREMONY_STEP_COMMIT, no_twist, ERR_OK },
    { "no party reveals", CEREMONY_STEP_REVEAL, no_party, ERR_FORBIDDEN },
    { "no witness has seen the freeze", CEREMONY_STEP_REVEAL, not_cosigned, ERR_STATE },
    { "a department reveals twice", CEREMONY_STEP_REVEAL, revealed, ERR_STATE },
    { "a department without commitment", CEREMONY_STEP_REVEAL, uncommitted, ERR_STATE },
    { "closing before the witnesses", CEREMONY_STEP_CLOSE_REVEALS, not_cosigned, ERR_STATE },
    { "nothing to close", CEREMONY_STEP_CLOSE_REVEALS, all_revealed, ERR_STATE },
    { "closing without a reason", CEREMONY_STEP_CLOSE_REVEALS, no_reason, ERR_FIELD },
    { "an event to come", CEREMONY_STEP_BEACON, event_tomorrow, ERR_DRAW_WAIT },
    { "an event too soon", CEREMONY_STEP_BEACON, event_too_soon, ERR_DRAW_WAIT },
    { "an event ten minutes later", CEREMONY_STEP_BEACON, event_just_right, ERR_OK },
    { "a plan cannot shorten it", CEREMONY_STEP_BEACON, plan_says_less, ERR_DRAW_WAIT },
    { "but a rehearsal's", CEREMONY_STEP_BEACON, rehearsal_says_less, ERR_OK },
    { "every value is entered", CEREMONY_STEP_BEACON, all_beaconed, ERR_STATE },
    { "a witness turns operator", CEREMONY_STEP_BEACON, has_witnessed, ERR_FORBIDDEN },
    { "an operator turns witness", CEREMONY_STEP_BEACON, witness_has_operated, ERR_FORBIDDEN },
    { "a witness stays one", CEREMONY_STEP_BEACON, witness_again, ERR_OK },
    { "an operator stays one", CEREMONY_STEP_RUN, has_operated, ERR_OK },
    { "a witness freezes", CEREMONY_STEP_FREEZE, has_witnessed, ERR_FORBIDDEN },
    { "a witness closes", CEREMONY_STEP_CLOSE_REVEALS, has_witnessed, ERR_FORBIDDEN },
    { "a witness runs", CEREMONY_STEP_RUN, has_witnessed, ERR_FORBIDDEN },
    { "a value is missing", CEREMONY_STEP_RUN, not_beaconed, ERR_STATE },
    { "before the embargo's end", CEREMONY_STEP_PUBLISH, embargo_tomorrow, ERR_DRAW_WAIT },
    { "putting under embargo", CEREMONY_STEP_PUBLISH, embargo_to_come, ERR_OK },
    { "void without a reason", CEREMONY_STEP_VOID, no_reason, ERR_FIELD },
    { "void with two lines", CEREMONY_STEP_VOID, two_line_reason, ERR_FIELD },
    { "a target without a reason", CEREMONY_STEP_REPLACE_TARGET, no_reason, ERR_FIELD },
    { "an inspector without a reason", CEREMONY_STEP_REPLACE_INSPECTOR, no_reason, ERR_FIELD },
    { "nobody's inspector", CEREMONY_STEP_REPLACE_INSPECTOR, no_department, ERR_FIELD },
};

static void each_condition_refuses_alone(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(conditions); i++) {
        TEST_CX(cx);
        enum ceremony_step step = conditions[i].step;
        struct twist t = { facts_in(first_state(step)), input_of(step), usual(step) };
        print_message("%s\n", conditions[i].what);
        conditions[i].twist(&t);
        ASSERT_ERR(conditions[i].want, ceremony_decide(cx, t.who, &t.f, &t.in, TEST_NOW_MS));
        assert_true(conditions[i].want == ERR_OK || cx->fault.detail[0] != '\0');
    }
}

static void names_go_both_ways(void **state UNUSED)
{
    for (int i = 0; i < CEREMONY_STATE__COUNT; i++) {
        enum ceremony_state s = (enum ceremony_state)i;
        assert_int_equal(ceremony_state_by_name(str_of(ceremony_state_name(s))), s);
    }
    for (int i = 0; i < CEREMONY_FILE__COUNT; i++) {
        enum ceremony_file f = (enum ceremony_file)i;
        assert_int_equal(ceremony_file_by_name(str_of(ceremony_file_name(f))), f);
    }
    for (int i = 0; i < CEREMONY_EXCLUSION__COUNT; i++) {
        enum ceremony_exclusion x = (enum ceremony_exclusion)i;
        assert_int_equal(ceremony_exclusion_by_name(str_of(ceremony_exclusion_name(x))), x);
    }
    for (int i = 0; i < CEREMONY_MODE__COUNT; i++) {
        enum ceremony_mode m = (enum ceremony_mode)i;
        assert_int_equal(ceremony_mode_by_name(str_of(ceremony_mode_name(m))), m);
    }
    assert_int_equal(ceremony_state_by_name(STR("redrawn")), CEREMONY_STATE__COUNT);
    assert_int_equal(ceremony_file_by_name(STR("../plan.txt")), CEREMONY_FILE__COUNT);
    assert_string_equal(ceremony_step_name(CEREMONY_STEP__COUNT), "?");
}

static const struct {
    const char *what, *kind, *ref, *value;
    enum err want;
} beacons[] = {
    { "double colour ball", "lottery", "ssq-2026137", "02-09-13-20-27-33+11", ERR_OK },
    { "reds unsorted", "lottery", "ssq-2026137", "09-02-13-20-27-33+11", ERR_DRAW_BEACON },
    { "twenty dice", "dice", "hall-1", "12345612345612345612", ERR_OK },
    { "nineteen dice", "dice", "hall-1", "1234561234561234561", ERR_DRAW_BEACON },
    { "other", "other", "x", "anything-visible", ERR_OK },
    { "a space", "other", "x", "any thing", ERR_DRAW_BEACON },
    { "no such kind", "horse", "x", "1", ERR_DRAW_BEACON },
    { "no reference", "other", "", "1", ERR_DRAW_BEACON },
};

static void a_beacons_value_is_canonical(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(beacons); i++) {
        TEST_CX(cx);
        print_message("%s\n", beacons[i].what);
        ASSERT_ERR(beacons[i].want,
                   ceremony_beacon_check(cx, str_of(beacons[i].kind), str_of(beacons[i].ref),
                                         str_of(beacons[i].value)));
    }
}

#define VALUE "f6edb462471f9be9c386ab22bcd6aa8747f9f511f06e637392c81926ecfa60b5"

static void a_contribution_is_the_published_one(void **state UNUSED)
{
    TEST_CX(cx);
    struct str file;
    char hex[2 * DIGEST_LEN + 1] = { 0 };
    ASSERT_OK(cx,
              ceremony_contribution(cx, STR("430100-2026-0001"), STR("jijian"), STR(VALUE), &file));
    struct digest d = digest_of(DIGEST_SHA256, file);
    hex_put(d.b, DIGEST_LEN, hex);
    assert_string_equal(hex, "aa06b3fa1ce4170540f7adf4053b9db72104ff65b7ac5f2ecdccf87c8988fb0a");
    TEST_CX(short_value);
    ASSERT_ERR(ERR_FIELD, ceremony_contribution(short_value, STR("430100-2026-0001"), STR("jijian"),
                                                STR("f6"), &file));
    TEST_CX(bad_party);
    ASSERT_ERR(ERR_DRAW_FILE, ceremony_contribution(bad_party, STR("430100-2026-0001"),
                                                    STR("ji jian"), STR(VALUE), &file));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_taken_in_its_states_and_in_no_other),
        cmocka_unit_test(nothing_outside_the_table_is_allowed),
        cmocka_unit_test(a_step_is_its_persons),
        cmocka_unit_test(each_condition_refuses_alone),
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(a_beacons_value_is_canonical),
        cmocka_unit_test(a_contribution_is_the_published_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
