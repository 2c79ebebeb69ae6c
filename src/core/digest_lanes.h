/* The kernels of a vector width, for a file that typedef'd `word` as a vector of WIDTH 32-bit
 * numbers and defined TARGET, INTERLEAVE_LOW and INTERLEAVE_HIGH. One lane holds one message. */
#include "core/digest_rounds.h"

/* Turns a square of WIDTH x WIDTH words. Interleaving the upper rows with the lower ones is one
 * rotation of the bits of (row, column); as many of them as a row number has bits swap the two. */
static INLINE void turn(word x[WIDTH])
{
#pragma GCC unroll 4
    for (size_t step = 1; step < WIDTH; step *= 2) {
        word y[WIDTH];
#pragma GCC unroll 8
        for (size_t i = 0; i < WIDTH / 2; i++) {
            y[2 * i] = INTERLEAVE_LOW(x[i], x[i + WIDTH / 2]);
            y[2 * i + 1] = INTERLEAVE_HIGH(x[i], x[i + WIDTH / 2]);
        }
        memcpy(x, y, sizeof y);
    }
}

/* To or from big-endian. */
static INLINE void swap_bytes(word *x, unsigned n)
{
    const word odd = (word){ 0 } + 0x00ff00ffu;
#pragma GCC unroll 16
    for (unsigned i = 0; i < n; i++) {
        x[i] = CHOOSE(odd, ROTL(x[i], 8), ROTL(x[i], 24));
    }
}

static INLINE void words_load(word w[16], const struct lanes *l)
{
#pragma GCC unroll 2
    for (size_t half = 0; half < 16; half += WIDTH) {
#pragma GCC unroll 16
        for (size_t i = 0; i < WIDTH; i++) {
            memcpy(&w[half + i], l->block[i] + half * sizeof(uint32_t), sizeof w[0]);
        }
        turn(w + half);
    }
    swap_bytes(w, 16);
}

static INLINE void state_load(word s[8], const struct lanes *l, enum digest_kind kind,
                              uint32_t fresh)
{
    word old, start;
    const word is_fresh = (word)((((word){ 0 } + fresh) & LANE_BITS) != 0);
#pragma GCC unroll 8
    for (size_t i = 0; i < 8; i++) {
        memcpy(&old, l->state + i * WIDTH, sizeof old);
        start = (word){ 0 } + digest_start[kind][i];
        s[i] = CHOOSE(is_fresh, start, old);
    }
}

TARGET static void step_sha256(struct lanes *l, uint32_t fresh)
{
    word s[8], w[16];
    state_load(s, l, DIGEST_SHA256, fresh);
    words_load(w, l);
    sha256_rounds(s, w);
    memcpy(l->state, s, sizeof s);
}

TARGET static void step_sm3(struct lanes *l, uint32_t fresh)
{
    word s[8], w[16];
    state_load(s, l, DIGEST_SM3, fresh);
    words_load(w, l);
    sm3_rounds(s, w);
    memcpy(l->state, s, sizeof s);
}

TARGET static void take(const struct lanes *l, struct digest *out)
{
    word s[WIDTH] = { 0 };
    memcpy(s, l->state, 8 * sizeof s[0]);
    swap_bytes(s, 8);
    turn(s);
#pragma GCC unroll 16
    for (size_t i = 0; i < WIDTH; i++) {
        memcpy(out[i].b, &s[i], DIGEST_LEN);
    }
}
