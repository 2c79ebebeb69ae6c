/* The door between the digests and their kernels; private to the digests. */
#ifndef SISHI_CORE_DIGEST_KERNEL_H
#define SISHI_CORE_DIGEST_KERNEL_H

#include "core/digest.h"

enum { LANES_MAX = 16 };

/* Messages side by side, one block of each. */
struct lanes {
    _Alignas(64) uint8_t block[LANES_MAX][DIGEST_BLOCK];
    _Alignas(64) uint32_t state[8 * LANES_MAX]; /* in the kernel's own order */
};

struct kernel {
    /* Compresses n blocks of one message, one after the other. */
    void (*stream)(uint32_t h[8], const uint8_t *blocks, size_t n);
    /* Compresses one block of every lane; the lanes in the set `fresh` start a message. */
    void (*step)(struct lanes *l, uint32_t fresh);
    /* Writes every lane's state as a digest. */
    void (*take)(const struct lanes *l, struct digest *out);
    unsigned lanes; /* a power of two */
    size_t worth;   /* fewer messages than this are cheaper one by one */
};

extern const uint32_t digest_start[DIGEST_KIND__COUNT][8];
extern const uint32_t sha256_round_key[64];
extern const uint32_t sm3_round_key[64];

extern const struct kernel kernel_portable_sha256, kernel_portable_sm3;
#if defined(__x86_64__)
extern const struct kernel kernel_avx2_sha256, kernel_avx2_sm3;
extern const struct kernel kernel_shani_sha256;
extern const struct kernel kernel_avx512_sha256, kernel_avx512_sm3;
#endif

void portable_stream_sha256(uint32_t h[8], const uint8_t *blocks, size_t n);
void portable_stream_sm3(uint32_t h[8], const uint8_t *blocks, size_t n);

static inline uint32_t be32_get(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void be32_put(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}

static inline void be64_put(uint8_t *p, uint64_t v)
{
    be32_put(p, (uint32_t)(v >> 32));
    be32_put(p + 4, (uint32_t)v);
}

#endif
