#include "paths.h"

#include <stdio.h>
#include <string.h>

/* H("sishi-draw/1 micro") by SHA-256: the seed of the specification's open vectors */
#define MICRO "0469678357cbb125a500d52ab690abecc614cd02b3f7e92b78e676ca5f81f24d"

static const struct {
    const char *what;
    enum digest_kind kind;
    const char *id, *ticket;
    uint64_t u;
} vectors[] = {
    { "one character", DIGEST_SHA256, "A",
      "45118f5554c8946e62bd1b772e5d35761f70f3edc91c1776b07f3c242ef4e054",
      UINT64_C(2488458329939266103) },
    { "a credit code", DIGEST_SHA256, "91430100MA4L1234X5",
      "c3d15b8d61477f12d23f63d9f76e9f77aaf4f97f474009bd71339c59796763eb",
      UINT64_C(7055079885154533257) },
    { "the longest id of one block", DIGEST_SHA256, "xxxxxxxxxxxxxxxxxxxxxx",
      "249d4dbda12bfc10926ff8e76db253559bf4d34c7dfd2f546162fce91da07f4f",
      UINT64_C(1319175216778575368) },
    { "the shortest id of two blocks", DIGEST_SHA256, "yyyyyyyyyyyyyyyyyyyyyyy",
      "2e97570a993ea95b0527d3e1a9147fb9ae6f8dc2077c8ab7f4dcf4ca84c59ae6",
      UINT64_C(1678623875130152109) },
    { "a credit code", DIGEST_SM3, "91430100MA4L1234X5",
      "8de1d8f783625e7220d8a634205b2513a8ad3bcb82605d1d9099fcb7664778be",
      UINT64_C(5111845593340260153) },
    { "two blocks", DIGEST_SM3, "yyyyyyyyyyyyyyyyyyyyyyy",
      "6f73cac107afd84e96721be747931081c98696bbd356107ef27b8f5506f1cbf4",
      UINT64_C(4015492745469094951) },
};

static struct digest digest_hex(const char *hex)
{
    struct digest d;
    assert_true(digest_from_hex(str_of(hex), &d));
    return d;
}

static void check_vectors(void)
{
    struct digest seed = digest_of(DIGEST_SHA256, STR("sishi-draw/1 micro"));
    assert_digest(MICRO, seed);
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct digest t = ticket_of(vectors[i].kind, &seed, str_of(vectors[i].id));
        assert_digest(vectors[i].ticket, t);
        assert_true(ticket_number(&t) == vectors[i].u);
    }
}

static void gives_the_specified_tickets(void **state UNUSED)
{
    on_each_path(check_vectors);
}

/* Every vector in every place of batches of every size: a lane must not know its neighbours. */
static void check_batches(void)
{
    enum { MOST = 70 };
    struct digest seed = digest_hex(MICRO), full[MOST];
    struct str ids[MOST];
    uint64_t u[MOST], only_u[MOST];
    for (unsigned kind = 0; kind < DIGEST_KIND__COUNT; kind++) {
        for (size_t n = 0; n <= MOST; n++) {
            for (size_t i = 0; i < n; i++) {
                ids[i] = str_of(vectors[(i + n) % COUNT_OF(vectors)].id);
            }
            ticket_batch((enum digest_kind)kind, &seed, ids, n, u, full);
            ticket_batch((enum digest_kind)kind, &seed, ids, n, only_u, NULL);
            for (size_t i = 0; i < n; i++) {
                size_t v = (i + n) % COUNT_OF(vectors);
                struct digest one = ticket_of((enum digest_kind)kind, &seed, ids[i]);
                assert_same(&one, &full[i]);
                assert_true(u[i] == ticket_number(&one) && only_u[i] == u[i]);
                assert_true(vectors[v].kind != (enum digest_kind)kind || u[i] == vectors[v].u);
            }
        }
    }
}

static void batches_give_the_same(void **state UNUSED)
{
    on_each_path(check_batches);
}

/* Ids of 1..64 bytes, in one batch longer than its inner pieces. */
static void check_lengths(void)
{
    enum { MANY = 1000 };
    static char text[MANY][TICKET_ID_MAX];
    static struct str ids[MANY];
    static uint64_t u[MANY];
    struct digest seed = digest_hex(MICRO);
    uint64_t state = 3;
    for (size_t i = 0; i < MANY; i++) {
        size_t n = 1 + next_number(&state) % TICKET_ID_MAX;
        for (size_t k = 0; k < n; k++) {
            text[i][k] = (char)(0x21 + next_number(&state) % (0x7e - 0x21 + 1));
        }
        ids[i] = (struct str){ text[i], n };
    }
    for (unsigned kind = 0; kind < DIGEST_KIND__COUNT; kind++) {
        ticket_batch((enum digest_kind)kind, &seed, ids, MANY, u, NULL);
        for (size_t i = 0; i < MANY; i++) {
            char message[DIGEST_LEN + 1 + TICKET_ID_MAX];
            memcpy(message, seed.b, DIGEST_LEN);
            message[DIGEST_LEN] = 0x54;
            memcpy(message + DIGEST_LEN + 1, ids[i].p, ids[i].n);
            struct digest t = digest_of((enum digest_kind)kind,
                                        (struct str){ message, DIGEST_LEN + 1 + ids[i].n });
            assert_true(u[i] == ticket_number(&t) && u[i] >> 63 == 0);
        }
    }
}

static void takes_ids_of_every_length(void **state UNUSED)
{
    on_each_path(check_lengths);
}

/* The bundle's target 91430102MA0000037X with its first inspector, and each other by one digest. */
static void check_pairs(void)
{
    enum { MANY = 300 };
    static char text[MANY][8];
    static struct str inspectors[MANY];
    static uint64_t r48[MANY];
    struct digest seed =
        digest_hex("2ce57ed6fac530d5246cfa096452f9561bfd690429d5876923f007ecc02eb11d");
    struct digest t = ticket_of(DIGEST_SHA256, &seed, STR("91430102MA0000037X"));
    assert_digest("6cfbf2e693eb8c56cf2ac9897d25db9511b4a4bfc8973616a07a9ada99018f7c", t);
    assert_true(ticket_pair(DIGEST_SHA256, &t, STR("4301A005")) == UINT64_C(146481798781440));
    for (size_t i = 0; i < MANY; i++) {
        snprintf(text[i], sizeof text[i], "A%03zu", i);
        inspectors[i] = i % 7 == 5 ? STR("4301A005") : str_of(text[i]);
    }
    for (unsigned kind = 0; kind < DIGEST_KIND__COUNT; kind++) {
        ticket_pair_batch((enum digest_kind)kind, &t, inspectors, MANY, r48);
        for (size_t i = 0; i < MANY; i++) {
            assert_true(r48[i] == ticket_pair((enum digest_kind)kind, &t, inspectors[i]));
            assert_true(r48[i] >> 48 == 0);
        }
    }
    ticket_pair_batch(DIGEST_SHA256, &t, inspectors, MANY, r48);
    assert_true(r48[5] == UINT64_C(146481798781440));
}

static void pairs_targets_with_inspectors(void **state UNUSED)
{
    on_each_path(check_pairs);
}

static void check_commitment(void)
{
    struct digest d =
        digest_of(DIGEST_SHA256,
                  STR("sishi-draw/1 contribution\n"
                      "draw 430100-2026-0001\n"
                      "party jijian\n"
                      "value f6edb462471f9be9c386ab22bcd6aa8747f9f511f06e637392c81926ecfa60b5\n"));
    assert_digest("aa06b3fa1ce4170540f7adf4053b9db72104ff65b7ac5f2ecdccf87c8988fb0a", d);
}

static void commits_to_a_contribution(void **state UNUSED)
{
    on_each_path(check_commitment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_specified_tickets),
        cmocka_unit_test(batches_give_the_same),
        cmocka_unit_test(takes_ids_of_every_length),
        cmocka_unit_test(pairs_targets_with_inspectors),
        cmocka_unit_test(commits_to_a_contribution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
