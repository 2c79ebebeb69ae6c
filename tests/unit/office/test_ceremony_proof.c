#include "scene.h"

#include "office/office.h"

#include <stdio.h>

/* Everything a proof says, checked with nothing but the root of freeze.txt. */
static void proof_holds(struct cx *cx, const struct ceremony_proof *p, struct str code)
{
    uint64_t at = (uint64_t)p->at;
    uint64_t size = (uint64_t)p->size;
    (void)cx;
    if (p->verdict != CEREMONY_ABSENT) {
        assert_true(merkle_included(DIGEST_SHA256, &p->leaf, at, size, &p->path, &p->root));
        struct digest leaf = merkle_leaf(DIGEST_SHA256, p->line);
        assert_true(!p->opened || digest_eq(&leaf, &p->leaf));
        return;
    }
    struct merkle_absence a = { .at = at,
                                .before = { p->before, p->path_before },
                                .after = { p->after, p->path_after } };
    if (p->opened) {
        assert_true(merkle_absent(DIGEST_SHA256, code, size, &a, &p->root));
        return;
    }
    assert_true(at == 0 || merkle_included(DIGEST_SHA256, &p->leaf_before, at - 1, size,
                                           &p->path_before, &p->root));
    assert_true(at == size ||
                merkle_included(DIGEST_SHA256, &p->leaf_after, at, size, &p->path_after, &p->root));
}

/* Sizes around the borders of blocks. */
static const size_t sizes[] = { 1, 1023, 1024, 1025, 2048, 2500 };

static void every_line_and_every_gap_is_proved(void **state UNUSED)
{
    for (size_t k = 0; k < COUNT_OF(sizes); k++) {
        FOR_EACH_STORE(st)
        {
            TEST_CX(cx);
            const struct desk d = { .store = st };
            const struct scene s = { .state = CEREMONY_FROZEN, .entities = sizes[k] };
            struct folder f;
            scene_draw(cx, st, &s, &f);
            for (size_t i = 0; i <= sizes[k]; i += i % 1024 > 1 && i % 1024 < 1021 ? 97 : 1) {
                TEST_CX(once);
                struct ceremony_proof p;
                struct str code = scene_code(once, i);
                bool there = i < sizes[k];
                ASSERT_OK(once, ceremony_check(once, &d, NULL, SCENE_ID, code, &p));
                assert_int_equal(p.verdict, there ? CEREMONY_IN_POOL : CEREMONY_ABSENT);
                assert_int_equal(p.at, i);
                assert_int_equal(p.size, sizes[k]);
                proof_holds(once, &p, code);
                struct buf gap = buf_of(once->mem, 64); /* between this code and the next */
                buf_fmt(&gap, STR_FMT "1", STR_ARG(code));
                ASSERT_OK(once, ceremony_check(once, &d, NULL, SCENE_ID, buf_str(&gap), &p));
                assert_int_equal(p.verdict, CEREMONY_ABSENT);
                proof_holds(once, &p, buf_str(&gap));
            }
            TEST_CX(first);
            struct ceremony_proof p;
            ASSERT_OK(first, ceremony_check(first, &d, NULL, SCENE_ID, STR("0"), &p));
            assert_int_equal(p.at, 0);
            assert_int_equal(p.verdict, CEREMONY_ABSENT);
            proof_holds(first, &p, STR("0"));
        }
    }
}

/* What core's check finds by reading everything, the blocks say too. */
static void chances_are_those_of_the_published_files(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_PUBLISHED };
        struct folder f;
        scene_draw(cx, st, &s, &f);
        for (struct str rest = f.text[F_POPULATION]; rest.n > 0;) {
            struct str line = str_cut(&rest, '\n');
            struct str code = str_cut(&line, '\t');
            TEST_CX(once);
            const struct bundle b = folder_bundle(&f);
            struct check want;
            struct ceremony_proof p;
            ASSERT_OK(once, draw_check(once, &b, code, STR(""), &want));
            ASSERT_OK(once, ceremony_check(once, &d, NULL, SCENE_ID, code, &p));
            proof_holds(once, &p, code);
            assert_int_equal(p.at, want.index);
            assert_int_equal(p.n_chances, want.lots);
            bool drawn = false;
            bool reserve = false;
            for (size_t i = 0; i < want.lots; i++) {
                char u[32];
                ASSERT_STR((str_dup(once->mem, want.lot[i].name)).p, p.chances[i].lot);
                assert_int_equal(p.chances[i].w, want.lot[i].w);
                assert_int_equal(p.chances[i].p31, want.lot[i].p);
                assert_int_equal(p.chances[i].status, want.lot[i].status);
                assert_int_equal(p.chances[i].rank, want.lot[i].rank);
                (void)snprintf(u, sizeof u, "%llu", (unsigned long long)want.u);
                ASSERT_STR(u, p.chances[i].u);
                drawn = drawn || want.lot[i].status == 'A' || want.lot[i].status == 'S';
                reserve = reserve || want.lot[i].status == 'R';
            }
            assert_int_equal(p.verdict, drawn     ? CEREMONY_SELECTED
                                        : reserve ? CEREMONY_RESERVE
                                                  : CEREMONY_NOT_DRAWN);
            assert_int_equal(p.ticket.n, 64);
        }
    }
}

#define ENTITY "91430181MA0001406X" /* drawn first in F01 */
static const struct {
    const char *what;
    struct scene s;
    const struct actor *who;
    enum ceremony_verdict verdict;
    bool opened, ticket, chances;
} sights[] = {
    { "frozen, open", { .state = CEREMONY_FROZEN }, NULL, CEREMONY_IN_POOL, true, false, true },
    { "seeded, open: the ticket is known",
      { .state = CEREMONY_SEEDED },
      NULL,
      CEREMONY_IN_POOL,
      true,
      true,
      true },
    { "drawn, not published",
      { .state = CEREMONY_DRAWN },
      NULL,
      CEREMONY_IN_POOL,
      true,
      true,
      true },
    { "drawn, for an officer",
      { .state = CEREMONY_DRAWN },
      &scene_officer,
      CEREMONY_SELECTED,
      true,
      true,
      true },
    { "seeded, embargo: no ticket",
      { .state = CEREMONY_SEEDED, .embargo_on = 20261201 },
      NULL,
      CEREMONY_IN_POOL,
      true,
      false,
      true },
    { "embargoed",
      { .state = CEREMONY_EMBARGOED, .embargo_on = 20261201 },
      NULL,
      CEREMONY_IN_POOL,
      true,
      false,
      true },
    { "sealed, frozen",
      { .state = CEREMONY_FROZEN, .sealed = true },
      NULL,
      CEREMONY_IN_POOL,
      false,
      false,
      false },
    { "sealed, published",
      { .state = CEREMONY_PUBLISHED, .sealed = true },
      NULL,
      CEREMONY_SELECTED,
      false,
      true,
      true },
    { "sealed, for an administrator of the system",
      { .state = CEREMONY_PUBLISHED, .sealed = true },
      &scene_admin,
      CEREMONY_SELECTED,
      false,
      true,
      true },
    { "sealed, for an officer",
      { .state = CEREMONY_FROZEN, .sealed = true },
      &scene_officer,
      CEREMONY_IN_POOL,
      true,
      false,
      true },
};

static void a_proof_tells_what_its_asker_may_see(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(sights); i++) {
        FOR_EACH_STORE(st)
        {
            TEST_CX(cx);
            const struct desk d = { .store = st };
            struct folder f;
            struct ceremony_proof p;
            print_message("%s\n", sights[i].what);
            scene_draw(cx, st, &sights[i].s, &f);
            ASSERT_OK(cx, ceremony_check(cx, &d, sights[i].who, SCENE_ID, STR(ENTITY), &p));
            /* under an embargo another seed draws: only its secrecy is looked at */
            assert_int_equal(p.verdict, sights[i].verdict);
            assert_int_equal(p.opened, sights[i].opened);
            assert_int_equal(p.line.n > 0, sights[i].opened);
            assert_int_equal(p.ticket.n > 0, sights[i].ticket);
            assert_int_equal(p.n_chances > 0, sights[i].chances);
            for (size_t k = 0; k < p.n_chances; k++) {
                assert_int_equal(p.chances[k].w > 0, sights[i].opened);
                assert_int_equal(p.chances[k].u.n > 0, sights[i].opened && sights[i].ticket);
                assert_true(sights[i].opened || p.chances[k].p31 == 0);
                assert_true(sights[i].opened || p.chances[k].k.n == 0);
                assert_true(p.verdict != CEREMONY_IN_POOL || p.chances[k].status == '-');
            }
            proof_holds(cx, &p, STR(ENTITY));
        }
    }
}

static void an_exclusion_is_told_to_officers(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_FROZEN };
        struct folder f;
        struct ceremony_proof p;
        scene_draw(cx, st, &s, &f);
        ASSERT_OK(cx,
                  ceremony_check(cx, &d, &scene_officer, SCENE_ID, STR("91430102MA9999998X"), &p));
        ASSERT_STR("by_order", p.excluded);
        ASSERT_OK(cx, ceremony_check(cx, &d, NULL, SCENE_ID, STR("91430102MA9999998X"), &p));
        ASSERT_STR("", p.excluded);
        assert_int_equal(p.verdict, CEREMONY_ABSENT);
        TEST_CX(bare);
        ASSERT_ERR(ERR_FIELD, ceremony_check(bare, &d, NULL, SCENE_ID, STR("  "), &p));
    }
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_PLANNED };
        struct folder f;
        struct ceremony_proof p;
        scene_draw(cx, st, &s, &f);
        ASSERT_ERR(ERR_STATE, ceremony_check(cx, &d, NULL, SCENE_ID, STR(ENTITY), &p));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_and_every_gap_is_proved),
        cmocka_unit_test(chances_are_those_of_the_published_files),
        cmocka_unit_test(a_proof_tells_what_its_asker_may_see),
        cmocka_unit_test(an_exclusion_is_told_to_officers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
