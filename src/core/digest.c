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
#if defined(__x86_64__)
    [DIGEST_AVX2] = { "avx2 x8", CPU_AVX2, { &kernel_avx2_sha256, &kernel_avx2_sm3 } },
    [DIGEST_SHANI] = { "sha-ni x4", CPU_SHA, { &kernel_shani_sha256, NULL } },
    [DIGEST_AVX512] = { "avx-512 x16", CPU_AVX512, { &kernel_avx512_sha256, &kernel_avx512_sm3 } },
#else
    [DIGEST_AVX2] = { "avx2 x8", 0, { NULL, NULL } },
    [DIGEST_SHANI] = { "sha-ni x4", 0, { NULL, NULL } },
    [DIGEST_AVX512] = { "avx-512 x16", 0, { NULL, NULL } },
#endif
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

void digest_path_free(void)
{
    atomic_store_explicit(&chosen, -1, memory_order_relaxed);
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
    if (kind == DIGEST_SHA256 && (cpu_features() & CPU_SHA_FIRST) != 0 &&
        atomic_load_explicit(&chosen, memory_order_relaxed) < 0) {
        path = DIGEST_SHANI;
    }
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

/* What every message begins with, and room for the rest. */
struct batch {
    struct str head;
    _Alignas(64) uint8_t start[DIGEST_BLOCK]; /* head, then zeros */
    struct lanes l;
    /* of each lane: which message, and how much of it is done */
    size_t message[LANES_MAX];
    uint64_t at[LANES_MAX];
    struct digest out[LANES_MAX];
};

enum { PAD_LEAST = 9 };

/* As memcpy, without a call: n <= 64. Each size is copied as two pieces that may overlap. */
static inline __attribute__((always_inline)) void short_copy(uint8_t *to, const char *from,
                                                             size_t n)
{
#define TWO_PIECES(size)                                                                           \
    if (n >= (size)) {                                                                             \
        uint8_t first[size], last[size];                                                           \
        memcpy(first, from, size);                                                                 \
        memcpy(last, from + n - (size), size);                                                     \
        memcpy(to, first, size);                                                                   \
        memcpy(to + n - (size), last, size);                                                       \
        return;                                                                                    \
    }
    TWO_PIECES(32)
    TWO_PIECES(16)
    TWO_PIECES(8)
    TWO_PIECES(4)
#undef TWO_PIECES
    for (size_t i = 0; i < n; i++) {
        to[i] = (uint8_t)from[i];
    }
}

static inline size_t blocks_of(const struct batch *b, struct str tail)
{
    return (b->head.n + tail.n + PAD_LEAST + DIGEST_BLOCK - 1) / DIGEST_BLOCK;
}

/* The block of the padded message head || tail that begins at byte `at`; true when it is the last.
 */
static inline __attribute__((always_inline)) bool block_fill(uint8_t *out, const struct batch *b,
                                                             struct str tail, uint64_t at)
{
    const uint64_t total = b->head.n + tail.n;
    size_t n = 0;
    if (at == 0) {
        memcpy(out, b->start, DIGEST_BLOCK);
        n = b->head.n;
    } else {
        memset(out, 0, DIGEST_BLOCK);
    }
    if (at + n < total) {
        uint64_t left = total - at - n;
        size_t more = left < DIGEST_BLOCK - n ? (size_t)left : DIGEST_BLOCK - n;
        short_copy(out + n, tail.p + (at + n - b->head.n), more);
        n += more;
    }
    if (n < DIGEST_BLOCK && at + n == total) {
        out[n] = 0x80;
    }
    if (total + PAD_LEAST > at + DIGEST_BLOCK) {
        return false;
    }
    be64_put(out + DIGEST_BLOCK - 8, total * 8);
    return true;
}

/* As long as the next messages are of as many blocks each, in all lanes. Returns how many were
 * done. */
static size_t batch_even(const struct kernel *k, struct batch *b, const struct str *tail, size_t n,
                         struct digest *out)
{
    const uint32_t all = (uint32_t)((UINT64_C(1) << k->lanes) - 1);
    size_t done = 0;
    for (; n - done >= k->lanes; done += k->lanes) {
        const struct str *t = tail + done;
        size_t blocks = blocks_of(b, t[0]);
        for (unsigned i = 1; i < k->lanes; i++) {
            if (blocks_of(b, t[i]) != blocks) {
                return done;
            }
        }
        for (size_t block = 0; block < blocks; block++) {
            for (unsigned i = 0; i < k->lanes; i++) {
                block_fill(b->l.block[i], b, t[i], block * DIGEST_BLOCK);
            }
            k->step(&b->l, block == 0 ? all : 0);
        }
        k->take(&b->l, out + done);
    }
    return done;
}

/* Gives each idle lane the next message, while there are any; returns the lanes that got one. */
static uint32_t lanes_begin(const struct kernel *k, struct batch *b, uint32_t busy, size_t *next,
                            size_t n)
{
    uint32_t fresh = 0;
    for (unsigned i = 0; i < k->lanes && *next < n; i++) {
        if ((busy >> i & 1) == 0) {
            b->message[i] = (*next)++;
            b->at[i] = 0;
            fresh |= 1u << i;
        }
    }
    return fresh;
}

/* Any lengths: a lane that has finished its message takes the next one. */
static void batch_mixed(const struct kernel *k, struct batch *b, const struct str *tail, size_t n,
                        struct digest *out)
{
    uint32_t busy = 0;
    for (size_t next = 0; next < n || busy != 0;) {
        uint32_t fresh = lanes_begin(k, b, busy, &next, n), ends = 0;
        busy |= fresh;
        for (uint32_t left = busy; left != 0; left &= left - 1) {
            unsigned i = (unsigned)__builtin_ctz(left);
            bool last = block_fill(b->l.block[i], b, tail[b->message[i]], b->at[i]);
            b->at[i] += DIGEST_BLOCK;
            ends |= (uint32_t)last << i;
        }
        k->step(&b->l, fresh);
        if (ends != 0) {
            k->take(&b->l, b->out);
        }
        for (uint32_t left = ends; left != 0; left &= left - 1) {
            unsigned i = (unsigned)__builtin_ctz(left);
            out[b->message[i]] = b->out[i];
        }
        busy &= ~ends;
    }
}

static void batch_single(enum digest_kind kind, struct str head, const struct str *tail, size_t n,
                         struct digest *out)
{
    for (size_t i = 0; i < n; i++) {
        struct hasher h;
        hasher_init(&h, kind);
        hasher_feed(&h, head.p, head.n);
        hasher_feed(&h, tail[i].p, tail[i].n);
        out[i] = hasher_end(&h);
    }
}

void digest_batch(enum digest_kind kind, struct str head, const struct str *tail, size_t n,
                  struct digest *out)
{
    assert(head.n <= DIGEST_BLOCK);
    const struct kernel *k = kernel_for_batch(kind);
    if (n < k->worth) { /* also n == 0 */
        batch_single(kind, head, tail, n, out);
        return;
    }
    struct batch b; /* 3 KB, of which little needs a beginning */
    b.head = head;
    memset(b.start, 0, sizeof b.start);
    memset(&b.l, 0, sizeof b.l); /* lanes that never get a message */
    memcpy(b.start, head.p, head.n);
    size_t done = batch_even(k, &b, tail, n, out);
    batch_mixed(k, &b, tail + done, n - done, out + done);
}
