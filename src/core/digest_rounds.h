/* The two compression functions, once for every width: the including file says what `word` is (32
 * bits, or a vector of 32-bit numbers, one message each) and which instructions TARGET allows; it
 * may bring its own XOR3, CHOOSE and MAJORITY. */
#if !defined(TARGET)
#error "say what TARGET is, and typedef word"
#endif

#include <string.h>

#define INLINE     inline __attribute__((always_inline)) TARGET
#define ROTL(x, n) ((x) << (n) | (x) >> (32 - (n)))
#if !defined(XOR3)
#define XOR3(x, y, z)     ((x) ^ (y) ^ (z))
#define CHOOSE(x, y, z)   ((z) ^ ((x) & ((y) ^ (z))))
#define MAJORITY(x, y, z) (((x) & (y)) | ((z) & ((x) | (y))))
#endif

/* The standards move eight letters one place on in each round i. Here the values stay and the names
 * move; all loops are unrolled, so that every place is a register. */
#define PLACE(letter, of) (((letter)-i) % (of))

/* FIPS 180-4 section 4.1.2 */
#define BIG_SIGMA0(x)   XOR3(ROTL(x, 30), ROTL(x, 19), ROTL(x, 10))
#define BIG_SIGMA1(x)   XOR3(ROTL(x, 26), ROTL(x, 21), ROTL(x, 7))
#define SMALL_SIGMA0(x) XOR3(ROTL(x, 25), ROTL(x, 14), (x) >> 3)
#define SMALL_SIGMA1(x) XOR3(ROTL(x, 15), ROTL(x, 13), (x) >> 10)

static INLINE void sha256_sixteen(word v[8], const word w[16], const uint32_t *key)
{
#pragma GCC unroll 16
    for (unsigned i = 0; i < 16; i++) {
        word a = v[PLACE(0, 8)], b = v[PLACE(1, 8)], c = v[PLACE(2, 8)];
        word e = v[PLACE(4, 8)], f = v[PLACE(5, 8)], g = v[PLACE(6, 8)];
        word t = v[PLACE(7, 8)] + (w[i] + key[i]) + CHOOSE(e, f, g) + BIG_SIGMA1(e);
        v[PLACE(3, 8)] += t;
        v[PLACE(7, 8)] = t + BIG_SIGMA0(a) + MAJORITY(a, b, c);
    }
}

/* s: the eight state words, changed; w: the block's sixteen words, used up. */
static INLINE void sha256_rounds(word s[8], word w[16])
{
    word v[8];
    memcpy(v, s, sizeof v);
    const uint32_t *key = sha256_round_key;
    sha256_sixteen(v, w, key);
    for (key += 16; key < sha256_round_key + 64; key += 16) {
#pragma GCC unroll 16
        for (unsigned i = 0; i < 16; i++) {
            w[i] +=
                SMALL_SIGMA0(w[(i + 1) % 16]) + w[(i + 9) % 16] + SMALL_SIGMA1(w[(i + 14) % 16]);
        }
        sha256_sixteen(v, w, key);
    }
#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++) {
        s[i] += v[i];
    }
}

/* GB/T 32905 sections 4.3, 4.4 and 5.3 */
#define SM3_P0(x) XOR3(x, ROTL(x, 9), ROTL(x, 17))
#define SM3_P1(x) XOR3(x, ROTL(x, 15), ROTL(x, 23))

static INLINE void sm3_expand(word w[16], unsigned at)
{
    word x = XOR3(w[at], w[(at + 7) % 16], ROTL(w[(at + 13) % 16], 15));
    w[at] = XOR3(SM3_P1(x), ROTL(w[(at + 3) % 16], 7), w[(at + 10) % 16]);
}

/* early: the first sixteen rounds, which have other functions. */
static INLINE void sm3_sixteen(word v[8], word w[16], const uint32_t *key, const bool early)
{
#pragma GCC unroll 16
    for (unsigned i = 0; i < 16; i++) {
        if (!early || i >= 12) { /* a round reads the word four places on */
            sm3_expand(w, (i + 4) % 16);
        }
        word a = v[PLACE(0, 4)], b = v[PLACE(1, 4)], c = v[PLACE(2, 4)];
        word e = v[4 + PLACE(0, 4)], f = v[4 + PLACE(1, 4)], g = v[4 + PLACE(2, 4)];
        word a12 = ROTL(a, 12), ss1 = a12 + e + key[i];
        ss1 = ROTL(ss1, 7);
        word tt1 = v[PLACE(3, 4)] + (ss1 ^ a12) + (w[i] ^ w[(i + 4) % 16]);
        word tt2 = v[4 + PLACE(3, 4)] + ss1 + w[i];
        tt1 += early ? XOR3(a, b, c) : MAJORITY(a, b, c);
        tt2 += early ? XOR3(e, f, g) : CHOOSE(e, f, g);
        v[PLACE(1, 4)] = ROTL(b, 9);
        v[4 + PLACE(1, 4)] = ROTL(f, 19);
        v[PLACE(3, 4)] = tt1;
        v[4 + PLACE(3, 4)] = SM3_P0(tt2);
    }
}

/* s: the eight state words, changed; w: the block's sixteen words, used up. */
static INLINE void sm3_rounds(word s[8], word w[16])
{
    word v[8];
    memcpy(v, s, sizeof v);
    const uint32_t *key = sm3_round_key;
    sm3_sixteen(v, w, key, true);
    for (key += 16; key < sm3_round_key + 64; key += 16) {
        sm3_sixteen(v, w, key, false);
    }
#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++) {
        s[i] ^= v[i];
    }
}
