#include "scene.h"

#include "office/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define S(state)      (1u << CEREMONY_##state)
#define FROM_FROZEN   (S(FROZEN) | S(REVEALED) | S(SEEDED) | S(DRAWN) | S(EMBARGOED) | S(PUBLISHED))
#define FROM_REVEALED (FROM_FROZEN & ~S(FROZEN))
#define FROM_SEEDED   (FROM_REVEALED & ~S(REVEALED))
#define FROM_DRAWN    (FROM_SEEDED & ~S(SEEDED))
#define ALWAYS        (S(PLANNED) | FROM_FROZEN)
#define HEADED        (S(EMBARGOED) | S(PUBLISHED))
#define OUT           S(PUBLISHED)
#define NEVER         0u

/* When a file is there, and when the public gets it in an open draw, one with an embargo, a sealed
 * one. */
static const struct {
    enum ceremony_file file;
    unsigned there, open, embargo, sealed;
} files[] = {
    { CEREMONY_FILE_PLAN, ALWAYS, ALWAYS, ALWAYS, ALWAYS },
    { CEREMONY_FILE_RULES, ALWAYS, ALWAYS, ALWAYS, ALWAYS },
    { CEREMONY_FILE_POPULATION, FROM_FROZEN, FROM_FROZEN, OUT, NEVER },
    { CEREMONY_FILE_EXCLUSIONS, FROM_FROZEN, NEVER, NEVER, NEVER },
    { CEREMONY_FILE_ROSTER, FROM_FROZEN, OUT, OUT, OUT },
    { CEREMONY_FILE_RECUSAL, FROM_FROZEN, OUT, OUT, OUT },
    { CEREMONY_FILE_FREEZE, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN, FROM_FROZEN },
    { CEREMONY_FILE_REVEALS, FROM_REVEALED, FROM_REVEALED, OUT, FROM_REVEALED },
    { CEREMONY_FILE_SEED, FROM_SEEDED, FROM_SEEDED, OUT, FROM_SEEDED },
    { CEREMONY_FILE_LOTS, FROM_DRAWN, OUT, OUT, NEVER },
    { CEREMONY_FILE_RESULT, FROM_DRAWN, OUT, OUT, NEVER },
    { CEREMONY_FILE_ASSIGN, FROM_DRAWN, OUT, OUT, OUT },
    { CEREMONY_FILE_PRICES, FROM_DRAWN, OUT, OUT, OUT },
    { CEREMONY_FILE_HEAD, FROM_DRAWN, HEADED, HEADED, HEADED },
    { CEREMONY_FILE_EVENTS, FROM_DRAWN, OUT, OUT, OUT },
};
enum { OPEN, EMBARGO, SEALED, KINDS };

static enum err keep(struct cx *cx, void *arg, struct str bytes)
{
    (void)cx;
    buf_put(arg, bytes);
    return ERR_OK;
}

static enum err fetch(struct cx *cx, const struct desk *d, const struct actor *by,
                      enum ceremony_file f, struct str *out)
{
    struct buf *b = arena_alloc(cx->mem, 1, sizeof *b);
    assert_non_null(b);
    *b = buf_of(cx->mem, 4 << 20);
    const struct ceremony_sink to = { keep, b };
    TRY(ceremony_file(cx, d, by, SCENE_ID, f, &to));
    return buf_done(cx, b, out);
}

static void access_is_as_the_table_says(struct store *st, int kind, enum ceremony_state state)
{
    TEST_CX(cx);
    const struct desk d = { .store = st };
    const struct scene s = { .state = state,
                             .sealed = kind == SEALED,
                             .embargo_on = kind == EMBARGO ? 20261201 : 0 };
    struct folder f;
    scene_draw(cx, st, &s, &f);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        TEST_CX(officers);
        TEST_CX(publics);
        TEST_CX(admins);
        struct str text;
        unsigned mask = kind == OPEN      ? files[i].open
                        : kind == EMBARGO ? files[i].embargo
                                          : files[i].sealed;
        bool there = (files[i].there & (1u << state)) != 0;
        bool seen = (mask & (1u << state)) != 0;
        enum err officer = fetch(officers, &d, &scene_officer, files[i].file, &text);
        enum err public = fetch(publics, &d, NULL, files[i].file, &text);
        enum err admin = fetch(admins, &d, &scene_admin, files[i].file, &text);
        if (officer != (there ? ERR_OK : ERR_NOT_FOUND) || (public == ERR_OK) != seen ||
            public != admin || (there && !seen && public != ERR_FORBIDDEN)) {
            fail_msg("%s, kind %d, %s: officer %s, public %s", ceremony_file_name(files[i].file),
                     kind, ceremony_state_name(state), err_name(officer), err_name(public));
        }
    }
}

static void each_file_has_its_time_and_its_readers(void **state UNUSED)
{
    for (int kind = 0; kind < KINDS; kind++) {
        for (int s = 0; s < CEREMONY_VOID; s++) {
            FOR_EACH_STORE(st)
            {
                if (s != CEREMONY_EMBARGOED || kind == EMBARGO) {
                    access_is_as_the_table_says(st, kind, (enum ceremony_state)s);
                }
            }
        }
    }
}

static void files_are_byte_for_byte(void **state UNUSED)
{
    static const struct {
        enum ceremony_file file;
        enum folder_file as;
    } same[] = {
        { CEREMONY_FILE_PLAN, F_PLAN },     { CEREMONY_FILE_POPULATION, F_POPULATION },
        { CEREMONY_FILE_ROSTER, F_ROSTER }, { CEREMONY_FILE_RECUSAL, F_RECUSAL },
        { CEREMONY_FILE_FREEZE, F_FREEZE }, { CEREMONY_FILE_SEED, F_SEED },
        { CEREMONY_FILE_LOTS, F_LOTS },     { CEREMONY_FILE_RESULT, F_RESULT },
        { CEREMONY_FILE_ASSIGN, F_ASSIGN }, { CEREMONY_FILE_PRICES, F_PRICES },
        { CEREMONY_FILE_HEAD, F_HEAD },
    };
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_PUBLISHED, .entities = 3000 };
        struct folder f;
        scene_draw(cx, st, &s, &f);
        for (size_t i = 0; i < COUNT_OF(same); i++) {
            struct str text;
            ASSERT_OK(cx, fetch(cx, &d, NULL, same[i].file, &text));
            assert_true(str_eq(text, f.text[same[i].as]));
        }
    }
}

static void sealed_leaves_give_the_frozen_root(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_FROZEN, .sealed = true, .entities = 3000 };
        struct folder f;
        struct str text;
        struct merkle m;
        struct ceremony_view v;
        char hex[2 * DIGEST_LEN];
        scene_draw(cx, st, &s, &f);
        ASSERT_OK(cx, fetch(cx, &d, NULL, CEREMONY_FILE_LEAVES, &text));
        merkle_init(&m, DIGEST_SHA256);
        while (text.n > 0) {
            struct str id;
            struct digest leaf;
            assert_true(entity_sealed(str_cut(&text, '\n'), &id, &leaf));
            merkle_feed_leaf(&m, &leaf);
        }
        struct digest root = merkle_root(&m);
        hex_put(root.b, DIGEST_LEN, hex);
        ASSERT_OK(cx, ceremony_show(cx, &d, NULL, SCENE_ID, &v));
        assert_int_equal(m.n, 3000);
        assert_true(str_eq(v.population.hex, (struct str){ hex, sizeof hex }));
    }
}

/* ---- a folder ---------------------------------------------------------------------------------
 */

static char folder[64];

static int folder_make(void **state UNUSED)
{
    (void)snprintf(folder, sizeof folder, "/tmp/sishi-export-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : 1;
}

static int folder_drop(void **state UNUSED)
{
    for (int i = 0; i < CEREMONY_FILE__COUNT; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/out/%s", folder,
                       ceremony_file_name((enum ceremony_file)i));
        (void)unlink(path);
    }
    char out[80];
    (void)snprintf(out, sizeof out, "%s/out", folder);
    (void)rmdir(out);
    return rmdir(folder); /* fails when a file is left that no table names */
}

static bool exported(const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/out/%s", folder, name);
    return access(path, F_OK) == 0;
}

static void an_exported_draw_verifies(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_PUBLISHED };
        struct folder made;
        struct folder f;
        struct head head;
        char out[80];
        (void)snprintf(out, sizeof out, "%s/out", folder);
        scene_draw(cx, st, &s, &made);
        ASSERT_OK(cx, ceremony_export(cx, &d, NULL, SCENE_ID, str_of(out)));
        folder_read(cx, out, &f);
        const struct bundle b = folder_bundle(&f);
        ASSERT_OK(cx, draw_verify(cx, &b, NULL, &head));
        assert_true(exported("events.tsv"));
        assert_false(exported("exclusions.tsv"));
        assert_false(exported("leaves.tsv"));
        ASSERT_OK(cx, ceremony_export(cx, &d, &scene_officer, SCENE_ID, str_of(out)));
        assert_true(exported("exclusions.tsv"));
        TEST_CX(unknown);
        ASSERT_ERR(ERR_NOT_FOUND, ceremony_export(unknown, &d, NULL, 1, str_of(out)));
        TEST_CX(nowhere);
        ASSERT_ERR(ERR_FILE, ceremony_export(nowhere, &d, NULL, SCENE_ID, STR("/nonexistent/x/y")));
    }
}

static void the_public_gets_no_sealed_file(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_PUBLISHED, .sealed = true };
        struct folder made;
        char out[80];
        (void)snprintf(out, sizeof out, "%s/out", folder);
        (void)folder_drop(NULL);
        assert_int_equal(folder_make(NULL), 0);
        (void)snprintf(out, sizeof out, "%s/out", folder);
        scene_draw(cx, st, &s, &made);
        ASSERT_OK(cx, ceremony_export(cx, &d, NULL, SCENE_ID, str_of(out)));
        assert_true(exported("leaves.tsv"));
        assert_true(exported("assign.tsv"));
        assert_false(exported("population.tsv"));
        assert_false(exported("result.tsv"));
        assert_false(exported("lots.tsv"));
    }
}

static enum err refuse(struct cx *cx, void *arg, struct str bytes UNUSED)
{
    int *left = arg;
    return (*left)-- > 0 ? ERR_OK : fail_at(cx, ERR_FILE, __FILE__, __LINE__, "the reader left");
}

static void a_reader_may_leave(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = { .store = st };
        const struct scene s = { .state = CEREMONY_FROZEN, .entities = 3000 };
        struct folder f;
        int left = 2;
        const struct ceremony_sink to = { refuse, &left };
        scene_draw(cx, st, &s, &f);
        ASSERT_ERR(ERR_FILE, ceremony_file(cx, &d, NULL, SCENE_ID, CEREMONY_FILE_POPULATION, &to));
        assert_int_equal(left, -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_has_its_time_and_its_readers),
        cmocka_unit_test(files_are_byte_for_byte),
        cmocka_unit_test(sealed_leaves_give_the_frozen_root),
        cmocka_unit_test_setup_teardown(an_exported_draw_verifies, folder_make, folder_drop),
        cmocka_unit_test_setup_teardown(the_public_gets_no_sealed_file, folder_make, folder_drop),
        cmocka_unit_test(a_reader_may_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
