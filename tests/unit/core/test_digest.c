#include "oracle.h"
#include "paths.h"

#include <stdlib.h>
#include <string.h>

#define ABCD16   "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"
#define FIPS_TWO "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"

static const struct {
    const char *what;
    enum digest_kind kind;
    const char *text, *hex;
} vectors[] = {
    { "FIPS 180-4, one block", DIGEST_SHA256, "abc",
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { "FIPS 180-4, two blocks", DIGEST_SHA256, FIPS_TWO,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    { "nothing", DIGEST_SHA256, "",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "GB/T 32905 example 1", DIGEST_SM3, "abc",
      "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" },
    { "GB/T 32905 example 2", DIGEST_SM3, ABCD16,
      "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732" },
    { "nothing", DIGEST_SM3, "",
      "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b" },
};

enum { COPIES = 37 }; /* more than twice the widest path, and not a multiple of any */

static void check_vectors(void)
{
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct str text = str_of(vectors[i].text), copy[COPIES];
        struct digest got[COPIES];
        assert_digest(vectors[i].hex, digest_of(vectors[i].kind, text));
        for (size_t k = 0; k < COPIES; k++) {
            copy[k] = text;
        }
        digest_batch(vectors[i].kind, STR(""), copy, COPIES, got);
        for (size_t k = 0; k < COPIES; k++) {
            assert_digest(vectors[i].hex, got[k]);
        }
    }
}

static void agrees_with_published_vectors(void **state UNUSED)
{
    on_each_path(check_vectors);
}

/* FIPS 180-4's million "a", fed in pieces of every size: the published digest of both standards. */
static void check_million(void)
{
    static const char *const want[DIGEST_KIND__COUNT] = {
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        "c8aaf89429554029e231941a2acc0ad61ff2a5acd8fadd25847a3a732b3b02c3",
    };
    char piece[1000];
    memset(piece, 'a', sizeof piece);
    for (unsigned kind = 0; kind < DIGEST_KIND__COUNT; kind++) {
        struct hasher h;
        hasher_init(&h, (enum digest_kind)kind);
        size_t left = 1000000;
        for (size_t n = 1; left > 0; n = n % sizeof piece + 1) {
            size_t take = n < left ? n : left;
            hasher_feed(&h, piece, take);
            left -= take;
        }
        assert_digest(want[kind], hasher_end(&h));
    }
}

static void digests_a_million_bytes(void **state UNUSED)
{
    on_each_path(check_million);
}

enum { LONGEST = 300 };
static uint8_t noise[2 * LONGEST];
static struct oracle *oracles[DIGEST_KIND__COUNT];

static int open_oracles(void **state UNUSED)
{
    uint64_t seed = 20261124;
    for (size_t i = 0; i < sizeof noise; i++) {
        noise[i] = (uint8_t)(next_number(&seed) >> 56);
    }
    oracles[DIGEST_SHA256] = oracle_open("SHA256");
    oracles[DIGEST_SM3] = oracle_open("SM3");
    return oracles[DIGEST_SHA256] == NULL || oracles[DIGEST_SM3] == NULL;
}

static int close_oracles(void **state UNUSED)
{
    oracle_close(oracles[DIGEST_SHA256]);
    oracle_close(oracles[DIGEST_SM3]);
    return 0;
}

static void check_lengths(void)
{
    uint64_t seed = 7;
    for (unsigned kind = 0; kind < DIGEST_KIND__COUNT; kind++) {
        for (size_t n = 0; n <= LONGEST; n++) {
            const uint8_t *from = noise + next_number(&seed) % LONGEST;
            struct digest want;
            oracle_digest(oracles[kind], from, n, want.b);
            struct hasher h;
            hasher_init(&h, (enum digest_kind)kind);
            for (size_t at = 0, piece; at < n; at += piece) {
                piece = next_number(&seed) % (n - at + 1);
                hasher_feed(&h, from + at, piece);
            }
            struct digest got = hasher_end(&h);
            assert_same(&want, &got);
        }
    }
}

static void agrees_with_openssl_in_pieces(void **state UNUSED)
{
    on_each_path(check_lengths);
}

/* A batch of n messages of a common beginning and lengths drawn by `length`. */
static void check_batch(enum digest_kind kind, size_t head_n, size_t n,
                        size_t (*length)(uint64_t *seed), uint64_t *seed)
{
    enum { MOST = 80 };
    struct str tail[MOST];
    struct digest got[MOST + 1], untouched;
    assert_true(n <= MOST);
    for (size_t i = 0; i < n; i++) {
        size_t from = next_number(seed) % LONGEST;
        /* each tail in memory of its own size, for the sanitizer to guard both its ends */
        size_t bytes = length(seed);
        char *copy = malloc(bytes > 0 ? bytes : 1);
        assert_non_null(copy);
        memcpy(copy, noise + from, bytes);
        tail[i] = (struct str){ copy, bytes };
    }
    memset(&got[n], 0xa5, sizeof got[n]);
    untouched = got[n];
    digest_batch(kind, (struct str){ (const char *)noise, head_n }, tail, n, got);
    assert_same(&untouched, &got[n]);
    for (size_t i = 0; i < n; i++) {
        uint8_t message[DIGEST_BLOCK + LONGEST];
        struct digest want;
        memcpy(message, noise, head_n);
        memcpy(message + head_n, tail[i].p, tail[i].n);
        oracle_digest(oracles[kind], message, head_n + tail[i].n, want.b);
        assert_same(&want, &got[i]);
        free((void *)(uintptr_t)tail[i].p);
    }
}

static size_t any_length(uint64_t *seed)
{
    return next_number(seed) % (LONGEST + 1);
}

static size_t short_length(uint64_t *seed)
{
    return next_number(seed) % 56;
}

static size_t mostly_short(uint64_t *seed)
{
    return next_number(seed) % 16 == 0 ? any_length(seed) : short_length(seed);
}

static void check_batches(void)
{
    uint64_t seed = 11;
    for (unsigned kind = 0; kind < DIGEST_KIND__COUNT; kind++) {
        for (size_t head = 0; head <= DIGEST_BLOCK; head++) {
            check_batch((enum digest_kind)kind, head, 80, any_length, &seed);
            check_batch((enum digest_kind)kind, head, 50, mostly_short, &seed);
            check_batch((enum digest_kind)kind, head, 48, short_length, &seed);
        }
        for (size_t n = 0; n <= 40; n++) {
            check_batch((enum digest_kind)kind, 1, n, short_length, &seed);
        }
    }
}

static void agrees_with_openssl_in_batches(void **state UNUSED)
{
    on_each_path(check_batches);
}

static void names_its_kinds(void **state UNUSED)
{
    enum digest_kind kind = DIGEST_SHA256;
    assert_true(digest_kind_of(STR("sm3"), &kind));
    assert_int_equal(kind, DIGEST_SM3);
    assert_true(digest_kind_of(STR("sha256"), &kind));
    assert_int_equal(kind, DIGEST_SHA256);
    assert_false(digest_kind_of(STR("SM3"), &kind));
    assert_false(digest_kind_of(STR(""), &kind));
    assert_string_equal(digest_kind_name(DIGEST_SM3), "sm3");
}

static void reads_hex(void **state UNUSED)
{
    struct digest d, again;
    assert_true(digest_from_hex(str_of(vectors[0].hex), &d));
    assert_digest(vectors[0].hex, d);
    assert_true(digest_from_hex(str_of(vectors[0].hex), &again));
    assert_true(digest_eq(&d, &again));
    again.b[31] ^= 1;
    assert_false(digest_eq(&d, &again));
    assert_false(digest_from_hex(STR("ba78"), &d));
    assert_false(digest_from_hex(
        STR("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"), &d));
    assert_digest(vectors[0].hex, d); /* left alone by a refusal */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_published_vectors),
        cmocka_unit_test(digests_a_million_bytes),
        cmocka_unit_test(agrees_with_openssl_in_pieces),
        cmocka_unit_test(agrees_with_openssl_in_batches),
        cmocka_unit_test(names_its_kinds),
        cmocka_unit_test(reads_hex),
    };
    return cmocka_run_group_tests(tests, open_oracles, close_oracles);
}
