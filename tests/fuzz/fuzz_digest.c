/* Any beginning and any messages: every path gives what the plain one gives piece by piece.
 * Input: length of the beginning, the beginning, then messages, each after its length. */
#include "core/core.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 64 };

static struct str take(struct str *s, size_t n)
{
    struct str got = { s->p, n < s->n ? n : s->n };
    *s = str_from(*s, got.n);
    return got;
}

static size_t take_byte(struct str *s)
{
    struct str one = take(s, 1);
    return one.n == 1 ? (uint8_t)one.p[0] : 0;
}

static struct digest plainly(enum digest_kind kind, struct str head, struct str tail)
{
    struct hasher h;
    hasher_init(&h, kind);
    for (size_t i = 0; i < head.n; i++) {
        hasher_feed(&h, head.p + i, 1);
    }
    hasher_feed(&h, tail.p, tail.n);
    return hasher_end(&h);
}

static void compare(enum digest_kind kind, struct str head, const struct str *tail, size_t n)
{
    struct digest want[MOST], got[MOST];
    if (!digest_path_set(DIGEST_PORTABLE)) {
        abort();
    }
    for (size_t i = 0; i < n; i++) {
        want[i] = plainly(kind, head, tail[i]);
    }
    for (unsigned p = 0; p < DIGEST_PATH__COUNT; p++) {
        if (!digest_path_set((enum digest_path)p)) {
            continue;
        }
        digest_batch(kind, head, tail, n, got);
        for (size_t i = 0; i < n; i++) {
            struct digest one = plainly(kind, head, tail[i]);
            if (!digest_eq(&got[i], &want[i]) || !digest_eq(&one, &want[i])) {
                abort();
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = { (const char *)data, size }, tail[MOST];
    struct str head = take(&rest, take_byte(&rest) % (DIGEST_BLOCK + 1));
    size_t n = 0;
    while (n < MOST && rest.n > 0) {
        size_t bytes = take_byte(&rest);
        tail[n++] = take(&rest, bytes);
    }
    compare(DIGEST_SHA256, head, tail, n);
    compare(DIGEST_SM3, head, tail, n);
    return 0;
}
