/* Every test of digests runs on every path this processor has, and says which it could not run. */
#ifndef SISHI_TEST_PATHS_H
#define SISHI_TEST_PATHS_H

#include "../test.h"

#include "core/core.h"

static inline void on_each_path(void (*check)(void))
{
    for (unsigned p = 0; p < DIGEST_PATH__COUNT; p++) {
        const char *name = digest_path_name((enum digest_path)p);
        if (digest_path_set((enum digest_path)p)) {
            assert_int_equal(digest_path(), p);
            print_message("path %s\n", name);
            check();
        } else {
            assert_false(digest_path_has((enum digest_path)p));
            print_message("SKIPPED: THIS PROCESSOR HAS NO PATH %s: IT IS NOT TESTED HERE\n", name);
        }
    }
    digest_path_free();
    print_message("path chosen by itself\n");
    check();
}

static inline void assert_digest(const char *hex, struct digest got)
{
    char text[2 * DIGEST_LEN + 1] = { 0 };
    hex_put(got.b, DIGEST_LEN, text);
    assert_string_equal(text, hex);
}

static inline void assert_same(const struct digest *want, const struct digest *got)
{
    assert_memory_equal(want->b, got->b, DIGEST_LEN);
}

/* Numbers that look random and are the same each time (xorshift64*). */
static inline uint64_t next_number(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

#endif
