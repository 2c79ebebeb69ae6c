#include "scene.h"

#include "office/office.h"

static struct scene published = { .state = CEREMONY_PUBLISHED };
static struct scene embargoed = { .state = CEREMONY_EMBARGOED, .embargo_on = 20261201 };
static struct scene sealed = { .state = CEREMONY_PUBLISHED, .sealed = true };

static const struct desk *desk_of(struct store *st, struct desk *d)
{
    *d = (struct desk){ .store = st };
    return d;
}

/* All rows in pages of `limit`, put together as in result.tsv. */
static struct str all_results(struct cx *cx, const struct desk *d, int64_t limit)
{
    struct buf *b = arena_alloc(cx->mem, 1, sizeof *b);
    struct str lot = STR("");
    int64_t rank = 0;
    size_t n = 1;
    assert_non_null(b);
    *b = buf_of(cx->mem, 1 << 16);
    while (n > 0) {
        struct ceremony_result *r;
        ASSERT_OK(
            cx, ceremony_results(cx, d, NULL, SCENE_ID,
                                 &(const struct ceremony_result_query){ STR(""), lot, rank, limit },
                                 &r, &n));
        assert_true((int64_t)n <= limit);
        for (size_t i = 0; i < n; i++) {
            buf_fmt(b, STR_FMT "\t%lld\t%c\t" STR_FMT "\t%lld\t" STR_FMT "\t" STR_FMT "\n",
                    STR_ARG(r[i].lot), (long long)r[i].rank, r[i].status, STR_ARG(r[i].code),
                    (long long)r[i].p31, STR_ARG(r[i].u), STR_ARG(r[i].k));
            lot = r[i].lot;
            rank = r[i].rank;
        }
    }
    return buf_str(b);
}

static void results_in_pages_are_the_published_file(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct desk d;
        struct folder f;
        scene_draw(cx, st, &published, &f);
        for (int64_t limit = 1; limit <= 21; limit += 4) {
            struct str got = all_results(cx, desk_of(st, &d), limit);
            assert_true(str_eq(got, f.text[F_RESULT]));
        }
    }
}

static void results_of_one_lot_are_that_lots(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct desk d;
        struct folder f;
        struct ceremony_result *r;
        const struct str none = { NULL, 0 };
        size_t n;
        scene_draw(cx, st, &published, &f);
        desk_of(st, &d);
        ASSERT_OK(
            cx, ceremony_results(cx, &d, NULL, SCENE_ID,
                                 &(const struct ceremony_result_query){ STR("F01"), none, 0, 100 },
                                 &r, &n));
        assert_int_equal(n, 9);
        ASSERT_STR("F01", r[8].lot);
        ASSERT_OK(
            cx, ceremony_results(cx, &d, NULL, SCENE_ID,
                                 &(const struct ceremony_result_query){ STR("F01"), none, 7, 100 },
                                 &r, &n));
        assert_int_equal(n, 2);
        assert_int_equal(r[0].rank, 8);
        assert_int_equal(r[0].status, 'R');
        ASSERT_OK(cx, ceremony_results(
                          cx, &d, NULL, SCENE_ID,
                          &(const struct ceremony_result_query){ STR("X"), none, 0, 100 }, &r, &n));
        assert_int_equal(n, 0);
        ASSERT_ERR(ERR_FIELD,
                   ceremony_results(cx, &d, NULL, SCENE_ID,
                                    &(const struct ceremony_result_query){ none, none, 0, 1001 },
                                    &r, &n));
    }
}

static void lists_are_closed_until_their_time(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct desk d;
        struct folder f;
        struct ceremony_result *r;
        struct ceremony_place *p;
        size_t n;
        const struct str none = { NULL, 0 };
        scene_draw(cx, st, &embargoed, &f);
        desk_of(st, &d);
        ASSERT_ERR(ERR_FORBIDDEN,
                   ceremony_results(cx, &d, NULL, SCENE_ID,
                                    &(const struct ceremony_result_query){ none, none, 0, 9 }, &r,
                                    &n));
        fault_clear(cx);
        ASSERT_ERR(ERR_FORBIDDEN, ceremony_places(cx, &d, &scene_admin, SCENE_ID, none, 9, &p, &n));
        fault_clear(cx);
        ASSERT_OK(cx, ceremony_results(cx, &d, &scene_officer, SCENE_ID,
                                       &(const struct ceremony_result_query){ none, none, 0, 9 },
                                       &r, &n));
        assert_int_equal(n, 9);
        assert_true(r[0].p31 > 0);
        ASSERT_OK(cx, ceremony_places(cx, &d, &scene_officer, SCENE_ID, none, 9, &p, &n));
        assert_true(n > 0);
    }
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct desk d;
        struct folder f;
        struct ceremony_result *r;
        size_t n = 9;
        const struct scene frozen = { .state = CEREMONY_FROZEN };
        scene_draw(cx, st, &frozen, &f);
        ASSERT_OK(cx, ceremony_results(
                          cx, desk_of(st, &d), NULL, SCENE_ID,
                          &(const struct ceremony_result_query){ STR(""), STR(""), 0, 9 }, &r, &n));
        assert_int_equal(n, 0);
    }
}

static void sealed_results_have_no_weights(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct desk d;
        struct folder f;
        struct ceremony_result *r;
        size_t n;
        scene_draw(cx, st, &sealed, &f);
        desk_of(st, &d);
        ASSERT_OK(
            cx, ceremony_results(cx, &d, NULL, SCENE_ID,
                                 &(const struct ceremony_result_query){ STR(""), STR(""), 0, 100 },
                                 &r, &n));
        assert_int_equal(n, 20);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(r[i].p31, 0);
            assert_int_equal(r[i].u.n, 0);
            assert_int_equal(r[i].k.n, 0);
            assert_int_not_equal(r[i].status, 'A');
            assert_true(r[i].code.n > 0);
        }
        ASSERT_OK(cx, ceremony_results(
                          cx, &d, &scene_officer, SCENE_ID,
                          &(const struct ceremony_result_query){ STR(""), STR(""), 0, 1 }, &r, &n));
        assert_true(r[0].p31 > 0 && r[0].u.n > 0 && r[0].k.n > 0);
    }
}

/* All places in pages, put together as in assign.tsv. */
static struct str all_places(struct cx *cx, const struct desk *d, int64_t limit)
{
    struct buf *b = arena_alloc(cx->mem, 1, sizeof *b);
    struct str after = { NULL, 0 };
    size_t n = 1;
    assert_non_null(b);
    *b = buf_of(cx->mem, 1 << 16);
    while (n > 0) {
        struct ceremony_place *p;
        ASSERT_OK(cx, ceremony_places(cx, d, NULL, SCENE_ID, after, limit, &p, &n));
        for (size_t i = 0; i < n; i++) {
            buf_fmt(b, STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\n", STR_ARG(p[i].code),
                    STR_ARG(p[i].dept), STR_ARG(p[i].qual), STR_ARG(p[i].inspector));
            assert_int_equal(p[i].shown.n, 0);
            after = p[i].code;
        }
    }
    return buf_str(b);
}

static void places_in_pages_are_the_published_file(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct desk d;
        struct folder f;
        scene_draw(cx, st, &published, &f);
        for (int64_t limit = 1; limit <= 29; limit += 3) {
            assert_true(str_eq(all_places(cx, desk_of(st, &d), limit), f.text[F_ASSIGN]));
        }
    }
}

/* ---- changes ----------------------------------------------------------------------------------
 */

struct change {
    const char *kind, *lot, *code, *dept, *leaves, *enters;
};

static enum err change_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct change *c = arg;
    for (int64_t i = 0; c[i].kind != NULL; i++) {
        int64_t changed;
        TRY(q_draw_change_add(cx, tx, SCENE_ID, i + 1, TEST_NOW_MS, str_of(c[i].kind),
                              str_of(c[i].lot), str_of(c[i].code), str_of(c[i].dept),
                              str_of(c[i].leaves), str_of(c[i].enters), STR("ill"),
                              (struct str){ NULL, 0 }, str_of(c[i].kind), &changed));
    }
    return ERR_OK;
}

#define TARGET  "91430181MA0001406X" /* first of F01 */
#define NEXT    "91430102MA0099999X"
#define VISITED "91430102MA0000037X"

static void who_left_stays_listed_beside_who_came(void **state UNUSED)
{
    static const struct change changes[] = {
        { "target", "F01", TARGET, "-", TARGET, NEXT },
        { "inspector", "-", VISITED, "scjgj", "4301A005", "4301A009" },
        { "inspector", "-", VISITED, "scjgj", "4301A009", "4301A010" },
        { "inspector", "-", VISITED, "rsj", "4301A006", "4301B009" }, /* another department's */
        { NULL, NULL, NULL, NULL, NULL, NULL },
    };
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct desk d;
        struct folder f;
        struct op op = { 0 };
        struct change copy[COUNT_OF(changes)];
        struct ceremony_result *r;
        struct ceremony_place *p;
        size_t n;
        memcpy(copy, changes, sizeof copy);
        scene_draw(cx, st, &published, &f);
        ASSERT_OK(cx, store_write(cx, st, &op, change_work, copy));
        desk_of(st, &d);
        ASSERT_OK(
            cx, ceremony_results(cx, &d, NULL, SCENE_ID,
                                 &(const struct ceremony_result_query){ STR("F01"), STR(""), 0, 2 },
                                 &r, &n));
        ASSERT_STR(TARGET, r[0].code);
        ASSERT_STR("replaced", r[0].state);
        ASSERT_STR("", r[1].state);
        ASSERT_OK(cx, ceremony_places(cx, &d, NULL, SCENE_ID, STR(""), 2, &p, &n));
        assert_int_equal(n, 4);
        ASSERT_STR("4301A005", p[0].inspector);
        ASSERT_STR("replaced", p[0].state);
        ASSERT_STR("4301A009", p[1].inspector);
        ASSERT_STR("replaced", p[1].state);
        ASSERT_STR("4301A010", p[2].inspector);
        ASSERT_STR("replacement", p[2].state);
        ASSERT_STR("4301A006", p[3].inspector);
        ASSERT_STR("", p[3].state);
    }
}

/* ---- who was left out -------------------------------------------------------------------------
 */

static void exclusions_are_for_officers_their_counts_for_all(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct desk d;
        struct folder f;
        struct ceremony_excluded *e;
        size_t n;
        int64_t counts[CEREMONY_EXCLUSION__COUNT];
        const enum ceremony_exclusion all = CEREMONY_EXCLUSION__COUNT;
        scene_draw(cx, st, &published, &f);
        desk_of(st, &d);
        ASSERT_ERR(ERR_SIGNED_OUT,
                   ceremony_exclusions(cx, &d, NULL, SCENE_ID,
                                       &(const struct ceremony_exclusion_query){ all, STR(""), 9 },
                                       &e, &n));
        fault_clear(cx);
        ASSERT_ERR(ERR_FORBIDDEN,
                   ceremony_exclusions(cx, &d, &scene_admin, SCENE_ID,
                                       &(const struct ceremony_exclusion_query){ all, STR(""), 9 },
                                       &e, &n));
        fault_clear(cx);
        ASSERT_OK(cx, ceremony_exclusions(
                          cx, &d, &scene_officer, SCENE_ID,
                          &(const struct ceremony_exclusion_query){ all, STR(""), 9 }, &e, &n));
        assert_int_equal(n, 2);
        ASSERT_STR("91430102MA9999998X", e[0].code);
        assert_int_equal(e[0].reason, CEREMONY_EXCLUDED_BY_ORDER);
        ASSERT_STR("why", e[0].detail);
        ASSERT_STR("", e[1].detail);
        ASSERT_OK(cx, ceremony_exclusions(cx, &d, &scene_officer, SCENE_ID,
                                          &(const struct ceremony_exclusion_query){
                                              CEREMONY_EXCLUDED_DEREGISTERED, STR(""), 9 },
                                          &e, &n));
        assert_int_equal(n, 1);
        ASSERT_OK(cx, ceremony_exclusions(cx, &d, &scene_officer, SCENE_ID,
                                          &(const struct ceremony_exclusion_query){
                                              all, STR("91430102MA9999998X"), 9 },
                                          &e, &n));
        assert_int_equal(n, 1);
        ASSERT_STR("91430102MA9999999X", e[0].code);
        ASSERT_OK(cx, ceremony_exclusion_counts(cx, &d, SCENE_ID, counts));
        assert_int_equal(counts[CEREMONY_EXCLUDED_BY_ORDER], 1);
        assert_int_equal(counts[CEREMONY_EXCLUDED_REVOKED], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_in_pages_are_the_published_file),
        cmocka_unit_test(results_of_one_lot_are_that_lots),
        cmocka_unit_test(lists_are_closed_until_their_time),
        cmocka_unit_test(sealed_results_have_no_weights),
        cmocka_unit_test(places_in_pages_are_the_published_file),
        cmocka_unit_test(who_left_stays_listed_beside_who_came),
        cmocka_unit_test(exclusions_are_for_officers_their_counts_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
