#include "oracle.h"
#include "paths.h"

#include <stdio.h>
#include <string.h>

/* The eight reference leaves of RFC 6962 implementations (Certificate Transparency). */
static const struct str reference[] = {
    { "", 0 },
    { "\x00", 1 },
    { "\x10", 1 },
    { "\x20\x21", 2 },
    { "\x30\x31", 2 },
    { "\x40\x41\x42\x43", 4 },
    { "\x50\x51\x52\x53\x54\x55\x56\x57", 8 },
    { "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16 },
};
static const char *const reference_root[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void check_reference(void)
{
    for (size_t n = 0; n < COUNT_OF(reference_root); n++) {
        struct merkle one, many;
        merkle_init(&one, DIGEST_SHA256);
        merkle_init(&many, DIGEST_SHA256);
        for (size_t i = 0; i < n; i++) {
            merkle_feed(&one, reference[i]);
        }
        merkle_feed_lines(&many, reference, n);
        assert_digest(reference_root[n], merkle_root(&one));
        assert_digest(reference_root[n], merkle_root(&many));
    }
    assert_digest("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56",
                  merkle_leaf(DIGEST_SHA256, STR("L123456")));
    assert_digest("aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb",
                  digest_of(DIGEST_SHA256, STR("\x01N123N456")));
}

static void agrees_with_the_reference_trees(void **state UNUSED)
{
    on_each_path(check_reference);
}

/* ---- a second way: the definition of RFC 6962 section 2.1, word for word, over OpenSSL ---- */

enum { LINES = 3000, LINE_ROOM = 80, SMALL = 70 };
static char text[LINES][LINE_ROOM];
static struct str lines[LINES];
static struct digest leaf[DIGEST_KIND__COUNT][LINES];
static struct oracle *oracles[DIGEST_KIND__COUNT];

static struct digest root_by_definition(enum digest_kind kind, size_t from, size_t to)
{
    struct digest d;
    if (to == from) {
        oracle_digest(oracles[kind], "", 0, d.b);
        return d;
    }
    if (to - from == 1) {
        return leaf[kind][from];
    }
    size_t k = 1;
    while (k * 2 < to - from) {
        k *= 2;
    }
    struct digest left = root_by_definition(kind, from, from + k);
    struct digest right = root_by_definition(kind, from + k, to);
    uint8_t node[1 + 2 * DIGEST_LEN] = { 0x01 };
    memcpy(node + 1, left.b, DIGEST_LEN);
    memcpy(node + 1 + DIGEST_LEN, right.b, DIGEST_LEN);
    oracle_digest(oracles[kind], node, sizeof node, d.b);
    return d;
}

static int make_lines(void **state UNUSED)
{
    uint64_t seed = 6962;
    oracles[DIGEST_SHA256] = oracle_open("SHA256");
    oracles[DIGEST_SM3] = oracle_open("SM3");
    if (oracles[DIGEST_SHA256] == NULL || oracles[DIGEST_SM3] == NULL) {
        return -1;
    }
    for (size_t i = 0; i < LINES; i++) {
        int n = snprintf(text[i], LINE_ROOM, "%05zu\t%.*s", i, (int)(next_number(&seed) % 70),
                         "0123456789012345678901234567890123456789012345678901234567890123456789");
        lines[i] = (struct str){ text[i], (size_t)n };
        uint8_t message[1 + LINE_ROOM] = { 0x00 };
        memcpy(message + 1, text[i], (size_t)n);
        for (unsigned k = 0; k < DIGEST_KIND__COUNT; k++) {
            oracle_digest(oracles[k], message, 1 + (size_t)n, leaf[k][i].b);
        }
    }
    return 0;
}

static int drop_oracles(void **state UNUSED)
{
    oracle_close(oracles[DIGEST_SHA256]);
    oracle_close(oracles[DIGEST_SM3]);
    return 0;
}

static void check_roots(void)
{
    for (unsigned k = 0; k < DIGEST_KIND__COUNT; k++) {
        enum digest_kind kind = (enum digest_kind)k;
        struct merkle one, leaves, pieces;
        merkle_init(&one, kind);
        merkle_init(&leaves, kind);
        merkle_init(&pieces, kind);
        uint64_t seed = 5;
        for (size_t at = 0; at < LINES;) {
            size_t n = next_number(&seed) % 700 + 1;
            n = n < LINES - at ? n : LINES - at;
            merkle_feed_lines(&pieces, lines + at, n);
            merkle_feed_leaves(&leaves, leaf[k] + at, n);
            for (size_t i = 0; i < n; i++) {
                merkle_feed(&one, lines[at + i]);
            }
            at += n;
            struct digest want = root_by_definition(kind, 0, at);
            struct digest got[] = { merkle_root(&pieces), merkle_root(&leaves), merkle_root(&one) };
            assert_same(&want, &got[0]);
            assert_same(&want, &got[1]);
            assert_same(&want, &got[2]);
            assert_true(pieces.n == at);
        }
    }
}

static void roots_follow_the_definition(void **state UNUSED)
{
    on_each_path(check_roots);
}

/* ---- proofs ---- */

struct keeper {
    enum digest_kind kind;
    size_t reads_leaf, reads_stored;
    size_t fail_at; /* this read fails; 0 = none */
    size_t calls;
};

static enum err keeper_read(struct cx *cx, void *ctx, unsigned level, uint64_t first, size_t n,
                            struct digest *out)
{
    struct keeper *k = ctx;
    if (++k->calls == k->fail_at) {
        return fail_at(cx, ERR_STORE, __FILE__, __LINE__, "read %zu", k->calls);
    }
    *(level == 0 ? &k->reads_leaf : &k->reads_stored) += n;
    for (size_t i = 0; i < n; i++) {
        size_t from = (size_t)(first + i) << level, to = (size_t)(first + i + 1) << level;
        assert_true(to <= LINES);
        out[i] = root_by_definition(k->kind, from, to);
    }
    return ERR_OK;
}

static struct merkle_source source_of(struct keeper *k, uint64_t size, unsigned stored)
{
    return (struct merkle_source){ k->kind, size, stored, keeper_read, k };
}

/* One bit of every third byte of a path, other bytes and bits each time, or the whole path one node
 * shorter or longer: nothing of it may pass. */
static bool any_damage_passes(struct merkle_path *p,
                              bool (*passes)(const struct merkle_path *, void *), void *ctx)
{
    static uint64_t seed = 9;
    bool any = false;
    for (size_t i = next_number(&seed) % 3; i < p->n * DIGEST_LEN; i += 3) {
        uint8_t bit = (uint8_t)(1 << next_number(&seed) % 8);
        uint8_t *byte = &p->node[i / DIGEST_LEN].b[i % DIGEST_LEN];
        *byte ^= bit;
        any = any || passes(p, ctx);
        *byte ^= bit;
    }
    if (p->n > 0) {
        p->n--;
        any = any || passes(p, ctx);
        p->n++;
    }
    p->node[p->n] = (struct digest){ { 0 } };
    p->n++;
    any = any || passes(p, ctx);
    p->n--;
    return any;
}

struct inclusion {
    enum digest_kind kind;
    uint64_t index, size;
    struct digest leaf, root;
};

static bool inclusion_passes(const struct merkle_path *p, void *ctx)
{
    const struct inclusion *c = ctx;
    return merkle_included(c->kind, &c->leaf, c->index, c->size, p, &c->root);
}

static void check_inclusion(struct cx *cx, const struct merkle_source *src, size_t i, size_t n)
{
    struct merkle_path p;
    struct inclusion c = { src->kind, i, n, leaf[src->kind][i],
                           root_by_definition(src->kind, 0, n) };
    ASSERT_OK(cx, merkle_prove_inclusion(cx, src, i, n, &p));
    assert_true(inclusion_passes(&p, &c));
    assert_false(any_damage_passes(&p, inclusion_passes, &c));
    for (c.index = 0; c.index <= n; c.index++) {
        assert_true(inclusion_passes(&p, &c) == (c.index == i));
    }
    c.index = i;
    c.leaf.b[i % DIGEST_LEN] ^= 0x10;
    assert_false(inclusion_passes(&p, &c));
    c.leaf = leaf[src->kind][i];
    c.root.b[n % DIGEST_LEN] ^= 0x04;
    assert_false(inclusion_passes(&p, &c));
}

static void proves_inclusion(void **state UNUSED)
{
    for (unsigned kind = 0; kind < DIGEST_KIND__COUNT; kind++) {
        for (size_t n = 1; n <= SMALL; n++) {
            TEST_CX(cx);
            struct keeper k = { .kind = (enum digest_kind)kind };
            struct merkle_source src = source_of(&k, SMALL, (unsigned)n % 4);
            for (size_t i = 0; i < n; i++) {
                check_inclusion(cx, &src, i, n);
            }
        }
    }
}

struct consistency {
    enum digest_kind kind;
    uint64_t old_size, size;
    struct digest old_root, root;
};

static bool consistency_passes(const struct merkle_path *p, void *ctx)
{
    const struct consistency *c = ctx;
    return merkle_consistent(c->kind, c->old_size, &c->old_root, c->size, &c->root, p);
}

static void check_consistency(struct cx *cx, const struct merkle_source *src, size_t m, size_t n)
{
    struct merkle_path p;
    struct consistency c = { src->kind, m, n, root_by_definition(src->kind, 0, m),
                             root_by_definition(src->kind, 0, n) };
    ASSERT_OK(cx, merkle_prove_consistency(cx, src, m, n, &p));
    assert_true(consistency_passes(&p, &c));
    assert_false(any_damage_passes(&p, consistency_passes, &c));
    if (m == 0 || m == n) {
        assert_int_equal(p.n, 0);
    }
    for (c.old_size = 0; c.old_size <= n + 1; c.old_size++) {
        assert_true(consistency_passes(&p, &c) == (c.old_size == m));
    }
    c.old_size = m;
    c.old_root.b[m % DIGEST_LEN] ^= 0x40;
    assert_false(consistency_passes(&p, &c));
    c.old_root.b[m % DIGEST_LEN] ^= 0x40;
    c.root.b[n % DIGEST_LEN] ^= 0x01;
    /* the empty tree is the beginning of every tree, whatever its root */
    assert_true(consistency_passes(&p, &c) == (m == 0 && n > 0));
}

static void proves_consistency(void **state UNUSED)
{
    for (unsigned kind = 0; kind < DIGEST_KIND__COUNT; kind++) {
        for (size_t n = 0; n <= SMALL; n++) {
            TEST_CX(cx);
            struct keeper k = { .kind = (enum digest_kind)kind };
            struct merkle_source src = source_of(&k, SMALL, (unsigned)n % 3);
            for (size_t m = 0; m <= n; m++) {
                check_consistency(cx, &src, m, n);
            }
        }
    }
}

/* With the roots of 2^6 leaves kept, a proof among 3000 reads few leaves; and gives the same path.
 */
static void reads_little_when_subtrees_are_kept(void **state UNUSED)
{
    enum { STORED = 6 };
    for (size_t i = 0; i < LINES; i += 271) {
        TEST_CX(cx);
        struct merkle_path slow, fast;
        struct keeper all = { .kind = DIGEST_SHA256 }, few = { .kind = DIGEST_SHA256 };
        struct merkle_source leaves = source_of(&all, LINES, 0),
                             kept = source_of(&few, LINES, STORED);
        ASSERT_OK(cx, merkle_prove_inclusion(cx, &leaves, i, LINES, &slow));
        ASSERT_OK(cx, merkle_prove_inclusion(cx, &kept, i, LINES, &fast));
        assert_int_equal(slow.n, fast.n);
        assert_memory_equal(slow.node, fast.node, slow.n * sizeof slow.node[0]);
        assert_true(few.reads_leaf <= 2 * ((1 << STORED) - 1));
        assert_true(few.reads_stored <= LINES >> STORED);
        assert_int_equal(all.reads_leaf, LINES - 1);
        struct digest root, want = root_by_definition(DIGEST_SHA256, 0, i);
        ASSERT_OK(cx, merkle_source_root(cx, &kept, i, &root));
        assert_same(&want, &root);
    }
}

static void refuses_what_is_outside(void **state UNUSED)
{
    TEST_CX(cx);
    struct keeper k = { .kind = DIGEST_SHA256 };
    struct merkle_source src = source_of(&k, 5, 0);
    struct merkle_path p = { .n = 99 };
    struct merkle_absence a;
    struct digest d;
    ASSERT_ERR(ERR_MERKLE_RANGE, merkle_prove_inclusion(cx, &src, 5, 5, &p));
    ASSERT_ERR(ERR_MERKLE_RANGE, merkle_prove_inclusion(cx, &src, 0, 0, &p));
    ASSERT_ERR(ERR_MERKLE_RANGE, merkle_prove_inclusion(cx, &src, 0, 6, &p));
    ASSERT_ERR(ERR_MERKLE_RANGE, merkle_prove_consistency(cx, &src, 4, 3, &p));
    ASSERT_ERR(ERR_MERKLE_RANGE, merkle_prove_consistency(cx, &src, 3, 6, &p));
    ASSERT_ERR(ERR_MERKLE_RANGE, merkle_source_root(cx, &src, 6, &d));
    ASSERT_ERR(ERR_MERKLE_RANGE,
               merkle_prove_absence(cx, &src, 5, STR("x"),
                                    &(struct merkle_gap){ 6, STR("w"), STR("y") }, &a));
    assert_int_equal(p.n, 99);
    assert_int_equal(k.calls, 0);
}

static void passes_on_a_failed_read(void **state UNUSED)
{
    bool done = false;
    for (size_t nth = 1; !done; nth++) {
        TEST_CX(cx);
        struct keeper k = { .kind = DIGEST_SHA256, .fail_at = nth };
        struct merkle_source src = source_of(&k, 45, 3);
        struct merkle_path p = { .n = 99 };
        enum err e = merkle_prove_inclusion(cx, &src, 20, 45, &p);
        done = k.calls < nth;
        ASSERT_ERR(done ? ERR_OK : ERR_STORE, e);
        assert_true((p.n == 99) == !done);
        k.calls = 0;
        e = merkle_prove_consistency(cx, &src, 20, 45, &p);
        ASSERT_ERR(k.calls < nth ? ERR_OK : ERR_STORE, e);
    }
}

/* ---- absence ---- */

static const char *const sorted[] = {
    "A1\tx", "A1!\tx", "A2\tx\ty", "A2\tx\tz", "A2\txx",
    "A3",    "B",      "B\tq",     "B!\tq",    "a\t\xe5\xb8\x82",
};

static const struct {
    const char *what, *key;
    size_t at;
    bool absent;
} absences[] = {
    { "before all", "A", 0, true },
    { "empty key", "", 0, true },
    { "the first line", "A1", 0, false },
    { "its whole", "A1\tx", 0, false },
    { "another second field", "A1\tw", 0, true },
    { "another second field, behind", "A1\ty", 1, true },
    { "between a key and its extension", "A1\t~", 1, true },
    { "extended key", "A1!", 1, false },
    { "two fields of three", "A2\tx", 2, false },
    { "in the middle of a key's lines", "A2\tx\tyy", 3, true },
    { "a field extended", "A2\txx", 4, false },
    { "a field in between", "A2\txw", 4, true },
    { "line without fields", "A3", 5, false },
    { "gap", "A4", 6, true },
    { "bare and with fields", "B", 6, false },
    { "only the fielded one", "B\tq", 7, false },
    { "behind all", "b", 10, true },
    { "last", "a", 9, false },
};

static enum err sorted_read(struct cx *cx UNUSED, void *ctx UNUSED, unsigned level UNUSED,
                            uint64_t first, size_t n, struct digest *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = merkle_leaf(DIGEST_SHA256, str_of(sorted[first + i]));
    }
    return ERR_OK;
}

static void proves_absence(void **state UNUSED)
{
    const size_t n = COUNT_OF(sorted);
    const struct merkle_source src = { DIGEST_SHA256, n, 0, sorted_read, NULL };
    for (size_t i = 0; i < COUNT_OF(absences); i++) {
        TEST_CX(cx);
        print_message("%s\n", absences[i].what);
        struct digest root;
        struct merkle_absence a;
        size_t at = absences[i].at;
        struct str key = str_of(absences[i].key);
        struct merkle_gap gap = { at, str_of(at > 0 ? sorted[at - 1] : NULL),
                                  str_of(at < n ? sorted[at] : NULL) };
        ASSERT_OK(cx, merkle_source_root(cx, &src, n, &root));
        enum err e = merkle_prove_absence(cx, &src, n, key, &gap, &a);
        ASSERT_ERR(absences[i].absent ? ERR_OK : ERR_MERKLE_PRESENT, e);
        if (e != ERR_OK) {
            continue;
        }
        assert_true(merkle_absent(DIGEST_SHA256, key, n, &a, &root));
        for (size_t k = 0; k < n; k++) {
            assert_false(merkle_absent(DIGEST_SHA256, str_of(sorted[k]), n, &a, &root));
        }
        for (a.at = 0; a.at <= n + 1; a.at++) {
            assert_true(merkle_absent(DIGEST_SHA256, key, n, &a, &root) == (a.at == at));
        }
        a.at = at;
        root.b[3] ^= 1;
        assert_false(merkle_absent(DIGEST_SHA256, key, n, &a, &root));
    }
}

/* A liar holds valid paths of real lines; none of his claims about a present line may pass. */
static void refuses_every_false_absence(void **state UNUSED)
{
    const size_t n = COUNT_OF(sorted);
    const struct merkle_source src = { DIGEST_SHA256, n, 0, sorted_read, NULL };
    TEST_CX(cx);
    struct digest root;
    ASSERT_OK(cx, merkle_source_root(cx, &src, n, &root));
    for (size_t present = 0; present < n; present++) {
        for (size_t b = 0; b < n; b++) {
            for (size_t f = 0; f < n; f++) {
                struct merkle_absence a = { .before.line = str_of(sorted[b]),
                                            .after.line = str_of(sorted[f]) };
                ASSERT_OK(cx, merkle_prove_inclusion(cx, &src, b, n, &a.before.path));
                ASSERT_OK(cx, merkle_prove_inclusion(cx, &src, f, n, &a.after.path));
                for (a.at = 0; a.at <= n; a.at++) {
                    assert_false(
                        merkle_absent(DIGEST_SHA256, str_of(sorted[present]), n, &a, &root));
                }
            }
        }
    }
}

static void nothing_is_in_an_empty_tree(void **state UNUSED)
{
    TEST_CX(cx);
    const struct merkle_source src = { DIGEST_SM3, 0, 0, sorted_read, NULL };
    struct merkle_absence a;
    struct digest root;
    ASSERT_OK(cx, merkle_source_root(cx, &src, 0, &root));
    ASSERT_OK(cx, merkle_prove_absence(cx, &src, 0, STR("x"), &(struct merkle_gap){ .at = 0 }, &a));
    assert_true(merkle_absent(DIGEST_SM3, STR("x"), 0, &a, &root));
    assert_false(merkle_absent(DIGEST_SHA256, STR("x"), 0, &a, &root));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_reference_trees),
        cmocka_unit_test(roots_follow_the_definition),
        cmocka_unit_test(proves_inclusion),
        cmocka_unit_test(proves_consistency),
        cmocka_unit_test(reads_little_when_subtrees_are_kept),
        cmocka_unit_test(refuses_what_is_outside),
        cmocka_unit_test(passes_on_a_failed_read),
        cmocka_unit_test(proves_absence),
        cmocka_unit_test(refuses_every_false_absence),
        cmocka_unit_test(nothing_is_in_an_empty_tree),
    };
    return cmocka_run_group_tests(tests, make_lines, drop_oracles);
}
