#include "scene.h"

#include "office/office.h"

#define S(state)      (1u << CEREMONY_##state)
#define FROM_FROZEN   (S(FROZEN) | S(REVEALED) | S(SEEDED) | S(DRAWN) | S(EMBARGOED) | S(PUBLISHED))
#define FROM_REVEALED (FROM_FROZEN & ~S(FROZEN))
#define FROM_SEEDED   (FROM_REVEALED & ~S(REVEALED))
#define FROM_DRAWN    (FROM_SEEDED & ~S(SEEDED))
#define ALWAYS        (S(PLANNED) | FROM_FROZEN)
#define HEADED        (S(EMBARGOED) | S(PUBLISHED))
#define OUT           S(PUBLISHED)
#define NEVER         0u

#define SEEN(name, expression)                                                                     \
    static bool name(const struct ceremony_view *v)                                                \
    {                                                                                              \
        return (expression);                                                                       \
    }
SEEN(plan_hash, v->plan.hex.n == 64)
SEEN(rules_hash, v->rules.hex.n == 64)
SEEN(commitment, v->parties[1].commitment.n == 64)
SEEN(frozen, v->freeze.hex.n == 64)
SEEN(population_hash, v->population.hex.n == 64 && v->population.lines == 40)
SEEN(roster_hash, v->roster.hex.n == 64 && v->roster.lines == 12)
SEEN(recusal_hash, v->recusal.hex.n == 64 && v->recusal.lines == 2)
SEEN(exclusions_hash, v->exclusions.hex.n == 64 && v->exclusions.lines == 2)
SEEN(lot_entities, v->lots[0].entities == 28)
SEEN(lot_weight, v->lots[0].sum_weight == 102)
SEEN(value, v->parties[0].value.n == 64)
SEEN(is_revealed, v->parties[0].revealed)
SEEN(reveals_hash, v->reveals.hex.n == 64)
SEEN(beacon_value, v->beacons[0].value.n > 0)
SEEN(seed_hash, v->seed.hex.n == 64)
SEEN(head_hash, v->head.hex.n == 64)
SEEN(lots_hash, v->lots_file.hex.n == 64)
SEEN(result_hash, v->result.hex.n == 64 && v->result.lines > 0)
SEEN(assign_hash, v->assign.hex.n == 64)
SEEN(prices_hash, v->prices.hex.n == 64)
SEEN(selected, v->lots[0].selected == 6)
SEEN(targets, v->targets > 0)
SEEN(places, v->places == 28)
SEEN(unfilled, v->unfilled == 1)

/* Every field that is cut: when it is there, and when the public sees it in an open draw, in one
 * with an embargo, in a sealed one. */
static const struct {
    const char *what;
    bool (*seen)(const struct ceremony_view *v);
    unsigned there, open, embargo, sealed;
} fields[] = {
    { "H(plan.txt)", plan_hash, ALWAYS, ALWAYS, ALWAYS, ALWAYS },
    { "H(rules.txt)", rules_hash, ALWAYS, ALWAYS, ALWAYS, ALWAYS },
    { "a commitment", commitment, ALWAYS, ALWAYS, ALWAYS, ALWAYS },
    { "H(freeze.txt)", frozen, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN },
    { "population's root", population_hash, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN },
    { "roster's root", roster_hash, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN },
    { "recusals' root", recusal_hash, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN },
    { "H(exclusions.tsv)", exclusions_hash, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN },
    { "entities of a lot", lot_entities, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN, NEVER },
    { "weight of a lot", lot_weight, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN, NEVER },
    { "a party's value", value, FROM_REVEALED, FROM_REVEALED, OUT, FROM_REVEALED },
    { "that it revealed", is_revealed, FROM_REVEALED, FROM_REVEALED, FROM_REVEALED, FROM_REVEALED },
    { "H(reveals.txt)", reveals_hash, FROM_REVEALED, FROM_REVEALED, FROM_REVEALED, FROM_REVEALED },
    { "a beacon's value", beacon_value, FROM_SEEDED, FROM_SEEDED, FROM_SEEDED, FROM_SEEDED },
    { "the seed", seed_hash, FROM_SEEDED, FROM_SEEDED, OUT, FROM_SEEDED },
    { "H(head.txt)", head_hash, FROM_DRAWN, HEADED, HEADED, HEADED },
    { "root of lots.tsv", lots_hash, FROM_DRAWN, HEADED, HEADED, HEADED },
    { "root of result.tsv", result_hash, FROM_DRAWN, HEADED, HEADED, HEADED },
    { "root of assign.tsv", assign_hash, FROM_DRAWN, HEADED, HEADED, HEADED },
    { "root of prices.tsv", prices_hash, FROM_DRAWN, HEADED, HEADED, HEADED },
    { "drawn in a lot", selected, FROM_DRAWN, OUT, OUT, OUT },
    { "targets", targets, FROM_DRAWN, OUT, OUT, OUT },
    { "places", places, FROM_DRAWN, OUT, OUT, OUT },
    { "unfilled places", unfilled, FROM_DRAWN, OUT, OUT, OUT },
};

enum { OPEN, EMBARGO, SEALED, KINDS };
static const char *const kinds[] = { "open", "embargo", "sealed" };

static struct scene scene_of(int kind, enum ceremony_state state)
{
    return (struct scene){ .state = state,
                           .sealed = kind == SEALED,
                           .embargo_on = kind == EMBARGO ? 20261201 : 0 };
}

static unsigned public_mask(size_t field, int kind)
{
    return kind == OPEN      ? fields[field].open
           : kind == EMBARGO ? fields[field].embargo
                             : fields[field].sealed;
}

static void every_field_is_seen_when_it_may_be(struct store *st, int kind,
                                               enum ceremony_state state)
{
    TEST_CX(cx);
    const struct desk d = { .store = st };
    const struct scene s = scene_of(kind, state);
    struct folder f;
    struct ceremony_view officer;
    struct ceremony_view public;
    struct ceremony_view admin;
    struct ceremony_view nobody;
    scene_draw(cx, st, &s, &f);
    ASSERT_OK(cx, ceremony_show(cx, &d, &scene_officer, SCENE_ID, &officer));
    ASSERT_OK(cx, ceremony_show(cx, &d, &scene_public, SCENE_ID, &public));
    ASSERT_OK(cx, ceremony_show(cx, &d, &scene_admin, SCENE_ID, &admin));
    ASSERT_OK(cx, ceremony_show(cx, &d, NULL, SCENE_ID, &nobody));
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        bool there = (fields[i].there & (1u << state)) != 0;
        bool seen = (public_mask(i, kind) & (1u << state)) != 0;
        if (fields[i].seen(&officer) != there || fields[i].seen(&public) != seen ||
            fields[i].seen(&admin) != seen || fields[i].seen(&nobody) != seen) {
            fail_msg("%s, %s draw, %s", fields[i].what, kinds[kind], ceremony_state_name(state));
        }
    }
    assert_true((officer.seal.n > 0) == (kind == EMBARGO && state >= CEREMONY_DRAWN));
    assert_true((public.seal.n > 0) == (kind == EMBARGO && state >= CEREMONY_EMBARGOED));
    assert_int_equal(public.may, 0);
    assert_int_equal(admin.may, 0);
}

static void the_public_sees_each_field_from_its_time(void **state UNUSED)
{
    for (int kind = 0; kind < KINDS; kind++) {
        for (int s = 0; s < CEREMONY_VOID; s++) {
            if (s == CEREMONY_EMBARGOED && kind != EMBARGO) {
                continue;
            }
            FOR_EACH_STORE(st)
            {
                every_field_is_seen_when_it_may_be(st, kind, (enum ceremony_state)s);
            }
        }
    }
}

static void a_void_draw_shows_why_and_no_lists(void **state UNUSED)
{
    for (int s = 0; s <= CEREMONY_DRAWN; s++) {
        FOR_EACH_STORE(st)
        {
            TEST_CX(cx);
            const struct desk d = { .store = st };
            const struct scene at = { .state = CEREMONY_VOID, .void_from = (enum ceremony_state)s };
            struct folder f;
            struct ceremony_view v;
            scene_draw(cx, st, &at, &f);
            ASSERT_OK(cx, ceremony_show(cx, &d, NULL, SCENE_ID, &v));
            ASSERT_STR("a mistake", v.void_reason);
            ASSERT_STR(SCENE_NO, v.no);
            assert_int_equal(v.targets, 0);
            assert_int_equal(v.head.hex.n, 0);
            assert_int_equal(v.result.hex.n, 0);
        }
    }
}

/* ---- what one could do next -------------------------------------------------------------------
 */

#define CAN(step) (1u << CEREMONY_STEP_##step)
static const struct {
    const char *what;
    enum ceremony_state state;
    struct actor who;
    uint32_t want;
} mays[] = {
    { "an operator may freeze",
      CEREMONY_PLANNED,
      { .account = 1, .roles = ROLE_BIT(DRAW_OPERATOR) },
      CAN(FREEZE) },
    { "a department may commit",
      CEREMONY_PLANNED,
      { .account = 1, .roles = ROLE_BIT(DEPARTMENT_ADMIN), .dept = STR_INIT("sifa") },
      CAN(COMMIT) },
    { "one that is no party not",
      CEREMONY_PLANNED,
      { .account = 1, .roles = ROLE_BIT(DEPARTMENT_ADMIN), .dept = STR_INIT("rsj") },
      0 },
    { "a reviewer may void",
      CEREMONY_FROZEN,
      { .account = 1, .roles = ROLE_BIT(REVIEWER) },
      CAN(VOID) },
    { "an operator of another city not",
      CEREMONY_PLANNED,
      { .account = 1, .roles = ROLE_BIT(DRAW_OPERATOR), .region = STR_INIT("4302") },
      0 },
    { "an operator waits for the event",
      CEREMONY_REVEALED,
      { .account = 1, .roles = ROLE_BIT(DRAW_OPERATOR) },
      0 },
    { "an operator may run",
      CEREMONY_SEEDED,
      { .account = 1, .roles = ROLE_BIT(DRAW_OPERATOR) },
      CAN(RUN) },
    { "a reviewer may publish or void",
      CEREMONY_DRAWN,
      { .account = 1, .roles = ROLE_BIT(REVIEWER) },
      CAN(PUBLISH) | CAN(VOID) },
    { "a reviewer may replace",
      CEREMONY_PUBLISHED,
      { .account = 1, .roles = ROLE_BIT(REVIEWER) },
      CAN(REPLACE_TARGET) | CAN(REPLACE_INSPECTOR) },
};

static void may_is_what_decide_says(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(mays); i++) {
        FOR_EACH_STORE(st)
        {
            TEST_CX(cx);
            const struct desk d = { .store = st };
            const struct scene s = { .state = mays[i].state };
            struct folder f;
            struct ceremony_view v;
            print_message("%s\n", mays[i].what);
            scene_draw(cx, st, &s, &f);
            ASSERT_OK(cx, ceremony_show(cx, &d, &mays[i].who, SCENE_ID, &v));
            assert_int_equal(v.may, mays[i].want);
        }
    }
}

/* ---- find, list, events ------------------------------------------------------------------------
 */

static void a_draw_is_found_by_number_and_id(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_PLANNED };
        struct folder f;
        char id_text[ID_CHARS];
        int64_t id;
        struct ceremony_view v;
        scene_draw(cx, st, &s, &f);
        ASSERT_OK(cx, ceremony_find(cx, &d, STR(SCENE_NO), &id));
        assert_int_equal(id, SCENE_ID);
        id_put(SCENE_ID, id_text);
        ASSERT_OK(cx, ceremony_find(cx, &d, (struct str){ id_text, ID_CHARS }, &id));
        assert_int_equal(id, SCENE_ID);
        TEST_CX(other);
        ASSERT_ERR(ERR_NOT_FOUND, ceremony_find(other, &d, STR("430100-2026-0002"), &id));
        TEST_CX(other_id);
        ASSERT_ERR(ERR_NOT_FOUND, ceremony_find(other_id, &d, STR("0000000000001"), &id));
        TEST_CX(nothing);
        ASSERT_ERR(ERR_NOT_FOUND, ceremony_find(nothing, &d, STR(""), &id));
        TEST_CX(unknown);
        ASSERT_ERR(ERR_NOT_FOUND, ceremony_show(unknown, &d, NULL, 1, &v));
    }
}

static const struct {
    const char *what, *region;
    uint32_t states;
    int64_t before, limit;
    size_t want;
} lists[] = {
    { "all", "", 0, 0, 10, 1 },
    { "the province", "43", 0, 0, 10, 1 },
    { "the city itself", "430100", 0, 0, 10, 1 },
    { "another city", "4302", 0, 0, 10, 0 },
    { "the next prefix", "44", 0, 0, 10, 0 },
    { "published", "", S(PUBLISHED), 0, 10, 1 },
    { "planned or void", "", S(PLANNED) | S(VOID), 0, 10, 0 },
    { "below its own id", "", 0, SCENE_ID, 10, 0 },
    { "below the next id", "", 0, SCENE_ID + 1, 1, 1 },
};

static void draws_are_listed_by_region_and_state(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_PUBLISHED };
        struct folder f;
        struct ceremony_row *rows;
        size_t n;
        scene_draw(cx, st, &s, &f);
        for (size_t i = 0; i < COUNT_OF(lists); i++) {
            const struct ceremony_query q = { str_of(lists[i].region), lists[i].states,
                                              lists[i].before, lists[i].limit };
            print_message("%s\n", lists[i].what);
            ASSERT_OK(cx, ceremony_list(cx, &d, NULL, &q, &rows, &n));
            assert_int_equal(n, lists[i].want);
            assert_true(n == 0 || (rows[0].targets > 0 && rows[0].entities == 40));
        }
        const struct ceremony_query none = { .limit = 0 };
        ASSERT_ERR(ERR_FIELD, ceremony_list(cx, &d, NULL, &none, &rows, &n));
        TEST_CX(letters);
        const struct ceremony_query odd = { .region = STR("43x"), .limit = 1 };
        ASSERT_ERR(ERR_FIELD, ceremony_list(letters, &d, NULL, &odd, &rows, &n));
    }
}

static void a_list_hides_targets_until_they_are_public(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = scene_of(EMBARGO, CEREMONY_EMBARGOED);
        const struct ceremony_query q = { .limit = 5 };
        struct folder f;
        struct ceremony_row *rows;
        size_t n;
        scene_draw(cx, st, &s, &f);
        ASSERT_OK(cx, ceremony_list(cx, &d, NULL, &q, &rows, &n));
        assert_int_equal(n, 1);
        assert_int_equal(rows[0].targets, 0);
        ASSERT_OK(cx, ceremony_list(cx, &d, &scene_officer, &q, &rows, &n));
        assert_true(rows[0].targets > 0);
    }
}

/* The first event of a step; an empty one when there is none. */
static struct ceremony_event event_of(const struct ceremony_event *e, size_t n,
                                      enum ceremony_step step)
{
    for (size_t i = 0; i < n; i++) {
        if (e[i].step == step) {
            return e[i];
        }
    }
    return (struct ceremony_event){ .seq = 0 };
}

static void events_name_departments_and_keep_secrets(void **state UNUSED)
{
    for (int lifted = 0; lifted < 2; lifted++) {
        FOR_EACH_STORE(st)
        {
            TEST_CX(cx);
            const struct desk d = { .store = st };
            const struct scene s =
                scene_of(EMBARGO, lifted != 0 ? CEREMONY_PUBLISHED : CEREMONY_EMBARGOED);
            struct folder f;
            struct ceremony_event *e;
            size_t n;
            scene_draw(cx, st, &s, &f);
            ASSERT_OK(cx, ceremony_events(cx, &d, NULL, SCENE_ID, &e, &n));
            for (size_t i = 0; i < n; i++) {
                assert_int_equal(e[i].by.n, 0);
                ASSERT_STR("scjgj", e[i].dept);
            }
            assert_int_equal(event_of(e, n, CEREMONY_STEP_RUN).text.n > 0, lifted);
            assert_int_equal(event_of(e, n, CEREMONY_STEP_BEACON).hex.n > 0, lifted);
            ASSERT_STR("planned", event_of(e, n, CEREMONY_STEP_PLAN).text);
            ASSERT_OK(cx, ceremony_events(cx, &d, &scene_officer, SCENE_ID, &e, &n));
            ASSERT_STR("Clerk Zhang", e[0].by);
            assert_true(event_of(e, n, CEREMONY_STEP_RUN).text.n > 0);
            assert_true(event_of(e, n, CEREMONY_STEP_BEACON).hex.n > 0);
        }
    }
}

/* ---- failures ---------------------------------------------------------------------------------
 */

static enum err ask_show(struct cx *cx, const struct desk *d)
{
    struct ceremony_view v;
    return ceremony_show(cx, d, &scene_officer, SCENE_ID, &v);
}
static enum err ask_find(struct cx *cx, const struct desk *d)
{
    int64_t id;
    return ceremony_find(cx, d, STR(SCENE_NO), &id);
}
static enum err ask_list(struct cx *cx, const struct desk *d)
{
    struct ceremony_row *rows;
    size_t n;
    return ceremony_list(cx, d, NULL, &(const struct ceremony_query){ .limit = 5 }, &rows, &n);
}
static enum err ask_events(struct cx *cx, const struct desk *d)
{
    struct ceremony_event *e;
    size_t n;
    return ceremony_events(cx, d, NULL, SCENE_ID, &e, &n);
}
static enum err ask_results(struct cx *cx, const struct desk *d)
{
    struct ceremony_result *r;
    size_t n;
    return ceremony_results(cx, d, NULL, SCENE_ID,
                            &(const struct ceremony_result_query){ .limit = 50 }, &r, &n);
}
static enum err ask_places(struct cx *cx, const struct desk *d)
{
    struct ceremony_place *p;
    size_t n;
    return ceremony_places(cx, d, NULL, SCENE_ID, STR(""), 50, &p, &n);
}
static enum err ask_exclusions(struct cx *cx, const struct desk *d)
{
    struct ceremony_excluded *e;
    size_t n;
    return ceremony_exclusions(
        cx, d, &scene_officer, SCENE_ID,
        &(const struct ceremony_exclusion_query){ CEREMONY_EXCLUSION__COUNT, STR(""), 50 }, &e, &n);
}
static enum err ask_check(struct cx *cx, const struct desk *d)
{
    struct ceremony_proof p;
    return ceremony_check(cx, d, &scene_officer, SCENE_ID, STR("91430102MA0000037X"), &p);
}
static enum err ignore(struct cx *cx UNUSED, void *arg UNUSED, struct str bytes UNUSED)
{
    return ERR_OK;
}
static enum err ask_file(struct cx *cx, const struct desk *d)
{
    const struct ceremony_sink to = { ignore, NULL };
    return ceremony_file(cx, d, NULL, SCENE_ID, CEREMONY_FILE_POPULATION, &to);
}

static const struct {
    const char *what;
    enum err (*ask)(struct cx *cx, const struct desk *d);
} asked[] = {
    { "show", ask_show },
    { "find", ask_find },
    { "list", ask_list },
    { "events", ask_events },
    { "results", ask_results },
    { "places", ask_places },
    { "exclusions", ask_exclusions },
    { "check", ask_check },
    { "file", ask_file },
};

/* A view is whole or refused: whichever statement or allocation fails, it says so. */
static void any_statement_and_any_memory_may_fail(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_PUBLISHED };
        struct folder f;
        scene_draw(cx, st, &s, &f);
        for (size_t i = 0; i < COUNT_OF(asked); i++) {
            enum err got = ERR_STORE;
            print_message("%s\n", asked[i].what);
            for (int64_t n = 1; got != ERR_OK; n++) {
                TEST_CX(once);
                store_fail_nth(n);
                got = asked[i].ask(once, &d);
                store_fail_nth(0);
                assert_true(got == ERR_OK || got == ERR_STORE);
                assert_true(n < 200);
            }
            got = ERR_NO_MEMORY;
            for (int64_t n = 1; got != ERR_OK; n++) {
                TEST_CX(once);
                arena_fail_nth(n);
                got = asked[i].ask(once, &d);
                arena_fail_nth(0);
                assert_true(got == ERR_OK || got == ERR_NO_MEMORY || got == ERR_TOO_LONG);
                assert_true(n < 3000);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_public_sees_each_field_from_its_time),
        cmocka_unit_test(a_void_draw_shows_why_and_no_lists),
        cmocka_unit_test(may_is_what_decide_says),
        cmocka_unit_test(a_draw_is_found_by_number_and_id),
        cmocka_unit_test(draws_are_listed_by_region_and_state),
        cmocka_unit_test(a_list_hides_targets_until_they_are_public),
        cmocka_unit_test(events_name_departments_and_keep_secrets),
        cmocka_unit_test(any_statement_and_any_memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
