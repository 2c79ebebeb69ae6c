/* The constants of the two standards, and their digests in plain C for any machine. */
#include "core/digest_kernel.h"

#include <string.h>

const uint32_t digest_start[DIGEST_KIND__COUNT][8] = {
    [DIGEST_SHA256] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
                        0x1f83d9ab, 0x5be0cd19 },
    [DIGEST_SM3] = { 0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa,
                     0xe38dee4d, 0xb0fb0e4e },
};

const uint32_t sha256_round_key[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* T_j of GB/T 32905 section 5.3.3, rotated left by j mod 32 */
const uint32_t sm3_round_key[64] = {
    0x79cc4519, 0xf3988a32, 0xe7311465, 0xce6228cb, 0x9cc45197, 0x3988a32f, 0x7311465e, 0xe6228cbc,
    0xcc451979, 0x988a32f3, 0x311465e7, 0x6228cbce, 0xc451979c, 0x88a32f39, 0x11465e73, 0x228cbce6,
    0x9d8a7a87, 0x3b14f50f, 0x7629ea1e, 0xec53d43c, 0xd8a7a879, 0xb14f50f3, 0x629ea1e7, 0xc53d43ce,
    0x8a7a879d, 0x14f50f3b, 0x29ea1e76, 0x53d43cec, 0xa7a879d8, 0x4f50f3b1, 0x9ea1e762, 0x3d43cec5,
    0x7a879d8a, 0xf50f3b14, 0xea1e7629, 0xd43cec53, 0xa879d8a7, 0x50f3b14f, 0xa1e7629e, 0x43cec53d,
    0x879d8a7a, 0x0f3b14f5, 0x1e7629ea, 0x3cec53d4, 0x79d8a7a8, 0xf3b14f50, 0xe7629ea1, 0xcec53d43,
    0x9d8a7a87, 0x3b14f50f, 0x7629ea1e, 0xec53d43c, 0xd8a7a879, 0xb14f50f3, 0x629ea1e7, 0xc53d43ce,
    0x8a7a879d, 0x14f50f3b, 0x29ea1e76, 0x53d43cec, 0xa7a879d8, 0x4f50f3b1, 0x9ea1e762, 0x3d43cec5,
};

typedef uint32_t word;
#define TARGET
#include "core/digest_rounds.h"

static void words_load(word w[16], const uint8_t *block)
{
    for (size_t i = 0; i < 16; i++) {
        w[i] = be32_get(block + 4 * i);
    }
}

void portable_stream_sha256(uint32_t h[8], const uint8_t *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        word w[16];
        words_load(w, blocks + i * DIGEST_BLOCK);
        sha256_rounds(h, w);
    }
}

void portable_stream_sm3(uint32_t h[8], const uint8_t *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        word w[16];
        words_load(w, blocks + i * DIGEST_BLOCK);
        sm3_rounds(h, w);
    }
}

static void step_sha256(struct lanes *l, uint32_t fresh)
{
    if (fresh != 0) {
        memcpy(l->state, digest_start[DIGEST_SHA256], sizeof digest_start[0]);
    }
    portable_stream_sha256(l->state, l->block[0], 1);
}

static void step_sm3(struct lanes *l, uint32_t fresh)
{
    if (fresh != 0) {
        memcpy(l->state, digest_start[DIGEST_SM3], sizeof digest_start[0]);
    }
    portable_stream_sm3(l->state, l->block[0], 1);
}

static void take(const struct lanes *l, struct digest *out)
{
    for (size_t i = 0; i < 8; i++) {
        be32_put(out[0].b + 4 * i, l->state[i]);
    }
}

const struct kernel kernel_portable_sha256 = { portable_stream_sha256, step_sha256, take, 1, 1 };
const struct kernel kernel_portable_sm3 = { portable_stream_sm3, step_sm3, take, 1, 1 };
