/* SHA-256 by the SHA instructions of x86. One stream waits for itself; four interleaved do not. */
#include "core/digest_kernel.h"

#include <immintrin.h>
#include <string.h>

/* Never "avx2" here: the SHA instructions have only the old encoding, and a compiler that moves
 * pairs of registers by wide instructions between them makes each wait some hundred cycles. */
#define TARGET __attribute__((target("sse4.1,sha")))
#define INLINE static inline __attribute__((always_inline)) TARGET

enum { STREAMS = 4 };

/* The instructions want the state as the words A B E F and C D G H. */
struct pair {
    __m128i abef, cdgh;
};

INLINE struct pair state_of(const uint32_t h[8])
{
    __m128i dcba = _mm_loadu_si128((const __m128i *)(const void *)h);
    __m128i hgfe = _mm_loadu_si128((const __m128i *)(const void *)(h + 4));
    __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
    return (struct pair){ _mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0) };
}

INLINE void state_put(uint32_t h[8], struct pair s)
{
    __m128i feba = _mm_shuffle_epi32(s.abef, 0x1b), dchg = _mm_shuffle_epi32(s.cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)(void *)h, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

INLINE __m128i swap_bytes(__m128i x)
{
    return _mm_shuffle_epi8(x, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

/* One block of each of n messages; n is a constant where this is used. */
INLINE void compress(struct pair *s, const uint8_t *const *block, unsigned n)
{
    struct pair old[STREAMS];
    __m128i w[4][STREAMS];
#pragma GCC unroll 16
    for (size_t i = 0; i < 16; i++) { /* four rounds each */
        const __m128i key =
            _mm_loadu_si128((const __m128i *)(const void *)(sha256_round_key + 4 * i));
#pragma GCC unroll 4
        for (unsigned k = 0; k < n; k++) {
            __m128i *now = &w[i % 4][k];
            if (i == 0) {
                old[k] = s[k];
            }
            if (i < 4) {
                *now =
                    swap_bytes(_mm_loadu_si128((const __m128i *)(const void *)(block[k] + 16 * i)));
            } else {
                __m128i w1 = w[(i + 1) % 4][k], w2 = w[(i + 2) % 4][k], w3 = w[(i + 3) % 4][k];
                __m128i sum =
                    _mm_add_epi32(_mm_sha256msg1_epu32(*now, w1), _mm_alignr_epi8(w3, w2, 4));
                *now = _mm_sha256msg2_epu32(sum, w3);
            }
            __m128i m = _mm_add_epi32(*now, key);
            s[k].cdgh = _mm_sha256rnds2_epu32(s[k].cdgh, s[k].abef, m);
            s[k].abef = _mm_sha256rnds2_epu32(s[k].abef, s[k].cdgh, _mm_shuffle_epi32(m, 0x0e));
        }
    }
#pragma GCC unroll 4
    for (unsigned k = 0; k < n; k++) {
        s[k].abef = _mm_add_epi32(s[k].abef, old[k].abef);
        s[k].cdgh = _mm_add_epi32(s[k].cdgh, old[k].cdgh);
    }
}

TARGET static void stream(uint32_t h[8], const uint8_t *blocks, size_t n)
{
    struct pair s = state_of(h);
    for (size_t i = 0; i < n; i++) {
        const uint8_t *block = blocks + i * DIGEST_BLOCK;
        compress(&s, &block, 1);
    }
    state_put(h, s);
}

TARGET static void step(struct lanes *l, uint32_t fresh)
{
    struct pair s[STREAMS];
    const uint8_t *const block[STREAMS] = { l->block[0], l->block[1], l->block[2], l->block[3] };
#pragma GCC unroll 4
    for (unsigned k = 0; k < STREAMS; k++) {
        s[k] = state_of((fresh >> k & 1) != 0 ? digest_start[DIGEST_SHA256]
                                              : l->state + (size_t)8 * k);
    }
    compress(s, block, STREAMS);
#pragma GCC unroll 4
    for (unsigned k = 0; k < STREAMS; k++) {
        state_put(l->state + (size_t)8 * k, s[k]);
    }
}

TARGET static void take(const struct lanes *l, struct digest *out)
{
#pragma GCC unroll 4
    for (unsigned k = 0; k < STREAMS; k++) {
        for (unsigned half = 0; half < 2; half++) {
            __m128i x = _mm_load_si128(
                (const __m128i *)(const void *)(l->state + (size_t)8 * k + (size_t)4 * half));
            _mm_storeu_si128((__m128i *)(void *)(out[k].b + (size_t)16 * half), swap_bytes(x));
        }
    }
}

const struct kernel kernel_shani_sha256 = { stream, step, take, STREAMS, 2 };
