#include "core/digest.h"

#include "core/cpu.h"
#include "core/digest_kernel.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

/* ---- which kernel ---- */

static const struct {
    const char *name;
    unsigned needs; /* enum cpu_feature */
    const struct kernel *kernel[DIGEST_KIND__COUNT];
} paths[DIGEST_PATH__COUNT] = {
    [DIGEST_PORTABLE] = { "portable", 0, { &kernel_portable_sha256, &kernel_portable_sm3 } },
    [DIGEST_AVX2] = { "avx2 x8", CPU_AVX2, { NULL, NULL } },
    [DIGEST_SHANI] = { "sha-ni x4", CPU_AVX2 | CPU_SHA, { NULL, NULL } },
    [DIGEST_AVX512] = { "avx-512 x16", CPU_AVX512, { NULL, NULL } },
};

static _Atomic int chosen = -1; /* enum digest_path; -1: the best there is */

const char *digest_path_name(enum digest_path path)
{
    return paths[path].name;
}

bool digest_path_has(enum digest_path path)
{
    return paths[path].kernel[DIGEST_SHA256] != NULL &&
           (cpu_features() & paths[path].needs) == paths[path].needs;
}

enum digest_path digest_path(void)
{
    int path = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (path < 0) {
        for (path = DIGEST_PATH__COUNT - 1; !digest_path_has((enum digest_path)path);) {
            path--;
        }
    }
    return (enum digest_path)path;
}

bool digest_path_set(enum digest_path path)
{
    if (!digest_path_has(path)) {
        return false;
    }
    atomic_store_explicit(&chosen, (int)path, memory_order_relaxed);
    return true;
}

/* The best kernel with that ability which is not above the path in use. */
static const struct kernel *kernel_for_batch(enum digest_kind kind)
{
    unsigned path = digest_path();
    while (paths[path].kernel[kind] == NULL || !digest_path_has((enum digest_path)path)) {
        path--;
    }
    return paths[path].kernel[kind];
}

static const struct kernel *kernel_for_stream(enum digest_kind kind)
{
    unsigned path = digest_path();
    while (paths[path].kernel[kind] == NULL || paths[path].kernel[kind]->stream == NULL ||
           !digest_path_has((enum digest_path)path)) {
        path--;
    }
    return paths[path].kernel[kind];
}

/* ---- names and values ---- */

static const char *const kind_names[DIGEST_KIND__COUNT] = { "sha256", "sm3" };

const char *digest_kind_name(enum digest_kind kind)
{
    return kind_names[kind];
}

bool digest_kind_of(struct str name, enum digest_kind *out)
{
    for (unsigned k = 0; k < DIGEST_KIND__COUNT; k++) {
        if (str_eq(name, str_of(kind_names[k]))) {
            *out = (enum digest_kind)k;
            return true;
        }
    }
    return false;
}

bool digest_eq(const struct digest *a, const struct digest *b)
{
    return memcmp(a->b, b->b, DIGEST_LEN) == 0;
}

bool digest_from_hex(struct str hex, struct digest *out)
{
    struct digest d;
    if (hex.n != sizeof d.b * 2 || !hex_get(hex, d.b)) {
        return false;
    }
    *out = d;
    return true;
}

/* ---- one message, in pieces ---- */

void hasher_init(struct hasher *h, enum digest_kind kind)
{
    h->kind = kind;
    h->bytes = 0;
    memcpy(h->h, digest_start[kind], sizeof h->h);
}

void hasher_feed(struct hasher *h, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    size_t held = h->bytes % DIGEST_BLOCK;
    h->bytes += n;
    if (held + n < DIGEST_BLOCK) {
        if (n > 0) {
            memcpy(h->block + held, p, n);
        }
        return;
    }
    const struct kernel *k = kernel_for_stream(h->kind);
    if (held > 0) {
        size_t room = DIGEST_BLOCK - held;
        memcpy(h->block + held, p, room);
        k->stream(h->h, h->block, 1);
        p += room;
        n -= room;
    }
    if (n >= DIGEST_BLOCK) {
        k->stream(h->h, p, n / DIGEST_BLOCK);
        p += n / DIGEST_BLOCK * DIGEST_BLOCK;
        n %= DIGEST_BLOCK;
    }
    if (n > 0) {
        memcpy(h->block, p, n);
    }
}

struct digest hasher_end(struct hasher *h)
{
    uint8_t pad[DIGEST_BLOCK + 8] = { 0x80 };
    uint64_t bits = h->bytes * 8;
    /* one 0x80, zeros, and the length in bits at the end of a block */
    size_t zeros = (2 * DIGEST_BLOCK - 9 - h->bytes % DIGEST_BLOCK) % DIGEST_BLOCK;
    be64_put(pad + 1 + zeros, bits);
    hasher_feed(h, pad, 1 + zeros + 8);
    struct digest out;
    for (size_t i = 0; i < 8; i++) {
        be32_put(out.b + 4 * i, h->h[i]);
    }
    return out;
}

struct digest digest_of(enum digest_kind kind, struct str bytes)
{
    struct hasher h;
    hasher_init(&h, kind);
    hasher_feed(&h, bytes.p, bytes.n);
    return hasher_end(&h);
}

/* ---- many messages ---- */

/* The block of the padded message head || tail that begins at byte `at`; true when it is the last.
 */
static bool block_fill(uint8_t *out, struct str head, struct str tail, uint64_t at)
{
    uint64_t total = head.n + tail.n;
    size_t n = 0;
    if (at < head.n) {
        n = head.n - (size_t)at;
        memcpy(out, head.p + at, n);
    }
    if (n < DIGEST_BLOCK && at + n < total) {
        size_t from = (size_t)(at + n) - head.n;
        size_t more = tail.n - from < DIGEST_BLOCK - n ? tail.n - from : DIGEST_BLOCK - n;
        memcpy(out + n, tail.p + from, more);
        n += more;
    }
    if (n == DIGEST_BLOCK) {
        return false;
    }
    memset(out + n, 0, DIGEST_BLOCK - n);
    if (at + n == total) {
        out[n] = 0x80;
    }
    if (total + 9 > at + DIGEST_BLOCK) {
        return false;
    }
    be64_put(out + DIGEST_BLOCK - 8, total * 8);
    return true;
}

void digest_batch(enum digest_kind kind, struct str head, const struct str *tail, size_t n,
                  struct digest *out)
{
    assert(head.n <= DIGEST_BLOCK);
    const struct kernel *k = kernel_for_batch(kind);
    struct {
        size_t message;
        uint64_t at;
    } lane[LANES_MAX];
    struct lanes l;
    memset(l.block, 0, sizeof l.block);
    uint32_t busy = 0;
    for (size_t next = 0; next < n || busy != 0;) {
        uint32_t fresh = 0, ends = 0;
        for (unsigned i = 0; i < k->lanes; i++) {
            uint32_t bit = 1u << i;
            if ((busy & bit) == 0) {
                if (next == n) {
                    continue;
                }
                lane[i].message = next++;
                lane[i].at = 0;
                busy |= bit;
                fresh |= bit;
            }
            if (block_fill(l.block[i], head, tail[lane[i].message], lane[i].at)) {
                ends |= bit;
            }
            lane[i].at += DIGEST_BLOCK;
        }
        k->step(&l, fresh);
        if (ends != 0) {
            k->take(&l);
        }
        for (unsigned i = 0; i < k->lanes; i++) {
            if ((ends >> i & 1) != 0) {
                out[lane[i].message] = l.out[i];
            }
        }
        busy &= ~ends;
    }
}
