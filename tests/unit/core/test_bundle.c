/* The open bundle: byte for byte on every path of the digests, and no change to it that verifies.
 */
#include "folder.h"
#include "paths.h"

#include <string.h>

#define GOLDEN GOLDEN_DIR "/draw-v1"

static void run_once(void)
{
    TEST_CX(cx);
    struct folder want;
    struct folder got;
    struct head head;
    folder_read(cx, GOLDEN, &want);
    got = want;
    for (int i = F_LOTS; i <= F_HEAD; i++) {
        got.text[i] = STR("");
    }
    ASSERT_OK(cx, folder_run(cx, &got, &head));
    for (size_t i = 0; i < F__COUNT; i++) {
        assert_true(want.text[i].n > 0);
        if (!str_eq(want.text[i], got.text[i])) {
            fail_msg("%s: want\n" STR_FMT "got\n" STR_FMT, folder_names[i], STR_ARG(want.text[i]),
                     STR_ARG(got.text[i]));
        }
    }
    assert_digest("d951aa77a433506225ef39e09823949c501f79841283759b0b7b14dfb317494c", head.digest);
}

static void run_gives_the_published_files(void **state)
{
    (void)state;
    on_each_path(run_once);
}

static void freeze_gives_the_published_file(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct folder f;
    struct opened o;
    struct freeze frozen;
    folder_read(cx, GOLDEN, &f);
    ASSERT_OK(cx, folder_open(cx, &f, &o));
    assert_digest("2ce57ed6fac530d5246cfa096452f9561bfd690429d5876923f007ecc02eb11d",
                  o.seed.digest);
    assert_digest("e2843e34fd0dc7ac0b61e500a27ecddb50373819fc7523745e471226272e81e3",
                  o.freeze.population.root);
    struct frame_sources from = folder_frame(&f);
    ASSERT_OK(cx, draw_freeze(cx, &o.plan, &from, o.freeze.commit, &frozen));
    assert_digest("fd181ba6132706e13c41b0088a4284a9b359f459bfa62cd36714bbdc343f4c33",
                  frozen.digest);
    struct buf text = buf_of(cx->mem, 1u << 16);
    freeze_write(&o.plan, &frozen, &text);
    assert_true(str_eq(buf_str(&text), f.text[F_FREEZE]));
    text = buf_of(cx->mem, 1u << 16);
    seed_write(&o.plan, &o.freeze, &o.seed, &text);
    assert_true(str_eq(buf_str(&text), f.text[F_SEED]));
    text = buf_of(cx->mem, 1u << 16);
    plan_write(&o.plan, &text);
    assert_true(str_eq(buf_str(&text), f.text[F_PLAN]));
}

static enum err verify(struct cx *cx, struct folder *f)
{
    struct bundle b = folder_bundle(f);
    struct head head;
    return draw_verify(cx, &b, NULL, &head);
}

/* The bounds of line n of a text. */
static struct str line_of(struct str text, size_t n)
{
    struct str line = str_cut(&text, '\n');
    while (n-- > 0) {
        line = str_cut(&text, '\n');
    }
    return (struct str){ line.p, line.n + 1 };
}

static size_t count_lines(struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        n += text.p[i] == '\n';
    }
    return n;
}

enum change { CHANGE_BIT, CHANGE_DROP, CHANGE_DOUBLE, CHANGE_SWAP, CHANGE__COUNT };

/* A copy of the text with one line changed. */
static struct str changed(struct cx *cx, struct str text, size_t n, enum change change,
                          uint64_t random)
{
    struct buf b = buf_of(cx->mem, 1u << 16);
    struct str line = line_of(text, n);
    size_t from = (size_t)(line.p - text.p);
    struct str rest = str_from(text, from + line.n);
    buf_put(&b, (struct str){ text.p, from });
    if (change == CHANGE_BIT) {
        buf_put(&b, line);
        b.p[from + random % line.n] ^= (char)(1 << (random >> 32) % 7);
    } else if (change == CHANGE_DOUBLE) {
        buf_put(&b, line);
        buf_put(&b, line);
    } else if (change == CHANGE_SWAP && rest.n > 0) {
        struct str next = line_of(rest, 0);
        buf_put(&b, next);
        buf_put(&b, line);
        rest = str_from(rest, next.n);
    }
    buf_put(&b, rest);
    return buf_str(&b);
}

static void no_change_verifies(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct folder f;
    uint64_t random = 20261124;
    size_t tried = 0;
    folder_read(cx, GOLDEN, &f);
    ASSERT_OK(cx, verify(cx, &f));
    for (size_t file = 0; file < F__COUNT; file++) {
        struct str was = f.text[file];
        size_t lines = count_lines(was);
        for (size_t i = 0; i < lines * CHANGE__COUNT; i++) {
            struct arena_mark before = arena_mark(cx->mem);
            enum change change = (enum change)(i % CHANGE__COUNT);
            f.text[file] = changed(cx, was, i / CHANGE__COUNT, change, next_number(&random));
            if (str_eq(f.text[file], was)) { /* two unfilled places, or nothing to swap with */
                continue;
            }
            enum err code = verify(cx, &f);
            if (code != ERR_DRAW_MISMATCH && code != ERR_DRAW_FILE && code != ERR_DRAW_VOID) {
                fail_msg("%s line %zu, change %d: %s", folder_names[file], i / CHANGE__COUNT + 1,
                         (int)change, err_name(code));
            }
            assert_true(cx->fault.detail[0] != '\0');
            fault_clear(cx);
            arena_reset(cx->mem, before);
            tried++;
        }
        f.text[file] = was;
    }
    print_message("%zu changed bundles, none verifies\n", tried);
    assert_true(tried > 600);
}

/* A result that is wrong but consistent, its head and roots made to fit: still refused, by line. */
static void consistent_lies_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        enum folder_file file;
        const char *from, *to, *says;
    } lies[] = {
        { "another inspector", F_ASSIGN, "0037X\tscjgj\tfood\t4301A006",
          "0037X\tscjgj\tfood\t4301A005", "assign.tsv:2: a cheaper inspector" },
        { "an inspector who is recused", F_ASSIGN, "0592X\trsj\t-\t4301B001",
          "0592X\trsj\t-\t4301B000", "assign.tsv:3: " },
        { "a reserve for a selected one", F_RESULT, "F01\t6\tS", "F01\t6\tR", "result.tsv:6: is" },
    };
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        TEST_CX(cx);
        struct folder f;
        folder_read(cx, GOLDEN, &f);
        struct str text = f.text[lies[i].file];
        const char *at = memmem(text.p, text.n, lies[i].from, strlen(lies[i].from));
        struct buf b = buf_of(cx->mem, 1u << 16);
        assert_non_null(at);
        buf_put(&b, (struct str){ text.p, (size_t)(at - text.p) });
        buf_put_z(&b, lies[i].to);
        buf_put(&b, str_from(text, (size_t)(at - text.p) + strlen(lies[i].from)));
        f.text[lies[i].file] = buf_str(&b);
        ASSERT_ERR(ERR_DRAW_MISMATCH, verify(cx, &f));
        if (!str_starts(str_of(cx->fault.detail), str_of(lies[i].says))) {
            fail_msg("%s: %s", lies[i].what, cx->fault.detail);
        }
    }
}

/* All prices of a phase one lower still prove the optimum, but they are not the published rule. */
static void prices_must_be_the_largest(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct folder f;
    folder_read(cx, GOLDEN, &f);
    struct buf b = buf_of(cx->mem, 1u << 16);
    buf_put(&b, f.text[F_PRICES]);
    for (size_t i = 0; i < 4; i++) { /* department rsj; none of its prices ends in 0 */
        struct str line = line_of(buf_str(&b), i);
        b.p[(size_t)(line.p - b.p) + line.n - 2]--;
    }
    f.text[F_PRICES] = buf_str(&b);
    ASSERT_ERR(ERR_DRAW_MISMATCH, verify(cx, &f));
    ASSERT_STR("prices.tsv:1: not the largest price it can be", str_of(cx->fault.detail));
}

static enum err check(struct cx *cx, struct folder *f, struct str id, struct check *out)
{
    struct bundle b = folder_bundle(f);
    return draw_check(cx, &b, id, STR(""), out);
}

static void every_entity_is_rightly_drawn_or_left(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct folder f;
    folder_read(cx, GOLDEN, &f);
    size_t drawn = 0;
    for (size_t i = 0; i < count_lines(f.text[F_POPULATION]); i++) {
        struct str line = line_of(f.text[F_POPULATION], i);
        struct check k;
        ASSERT_OK(cx, check(cx, &f, str_cut(&line, '\t'), &k));
        assert_true(k.present);
        assert_int_equal(k.index, i);
        assert_true(merkle_included(DIGEST_SHA256, &k.leaf, k.index, k.size, &k.path, &k.root));
        for (size_t l = 0; l < k.lots; l++) {
            drawn += k.lot[l].selected;
        }
    }
    assert_int_equal(drawn, 15); /* result.tsv has 20 lines, 5 of them reserves */
}

static void absent_ones_are_proved_absent(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct folder f;
    static const char *const ids[] = { "0", "91430102MA0000038X", "91430103", "Z" };
    folder_read(cx, GOLDEN, &f);
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        struct check k;
        ASSERT_OK(cx, check(cx, &f, str_of(ids[i]), &k));
        assert_false(k.present);
        assert_int_equal(k.lots, 0);
        assert_true(merkle_absent(DIGEST_SHA256, k.id, k.size, &k.absence, &k.root));
    }
}

/* Memory that runs out at any allocation gives NO_MEMORY, never a wrong answer. */
static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct folder f;
    folder_read(cx, GOLDEN, &f);
    for (int64_t n = 1;; n++) {
        struct arena_mark before = arena_mark(cx->mem);
        arena_fail_nth(n);
        enum err code = verify(cx, &f);
        arena_fail_nth(0);
        arena_reset(cx->mem, before);
        if (code == ERR_OK) {
            assert_true(n > 100);
            break;
        }
        if (code != ERR_NO_MEMORY && code != ERR_TOO_LONG) { /* a builder says TOO_LONG */
            fail_msg("allocation %lld: %s", (long long)n, err_name(code));
        }
        fault_clear(cx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_gives_the_published_files),
        cmocka_unit_test(freeze_gives_the_published_file),
        cmocka_unit_test(no_change_verifies),
        cmocka_unit_test(consistent_lies_are_named),
        cmocka_unit_test(prices_must_be_the_largest),
        cmocka_unit_test(every_entity_is_rightly_drawn_or_left),
        cmocka_unit_test(absent_ones_are_proved_absent),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
