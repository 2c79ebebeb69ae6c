/* The two compression functions, once for every width: the including file says what `word` is (32
 * bits, or a vector of 32-bit numbers, one message each) and which instructions TARGET allows; it
 * may bring its own XOR3, CHOOSE and MAJORITY. */
#if !defined(TARGET)
#error "say what TARGET is, and typedef word"
#endif

#define ROTL(x, n) ((x) << (n) | (x) >> (32 - (n)))
#if !defined(XOR3)
#define XOR3(x, y, z)     ((x) ^ (y) ^ (z))
#define CHOOSE(x, y, z)   ((z) ^ ((x) & ((y) ^ (z))))
#define MAJORITY(x, y, z) (((x) & (y)) | ((z) & ((x) | (y))))
#endif

/* FIPS 180-4 section 4.1.2 */
#define BIG_SIGMA0(x)   XOR3(ROTL(x, 30), ROTL(x, 19), ROTL(x, 10))
#define BIG_SIGMA1(x)   XOR3(ROTL(x, 26), ROTL(x, 21), ROTL(x, 7))
#define SMALL_SIGMA0(x) XOR3(ROTL(x, 25), ROTL(x, 14), (x) >> 3)
#define SMALL_SIGMA1(x) XOR3(ROTL(x, 15), ROTL(x, 13), (x) >> 10)

#define SHA256_ROUND(a, b, c, d, e, f, g, h, i)                                                    \
    do {                                                                                           \
        (h) += (w[i] + key[i]) + CHOOSE(e, f, g) + BIG_SIGMA1(e);                                  \
        (d) += (h);                                                                                \
        (h) += BIG_SIGMA0(a) + MAJORITY(a, b, c);                                                  \
    } while (0)

/* After eight rounds every letter is back in its place. */
#define SHA256_ROUNDS8(i)                                                                          \
    SHA256_ROUND(a, b, c, d, e, f, g, h, (i) + 0);                                                 \
    SHA256_ROUND(h, a, b, c, d, e, f, g, (i) + 1);                                                 \
    SHA256_ROUND(g, h, a, b, c, d, e, f, (i) + 2);                                                 \
    SHA256_ROUND(f, g, h, a, b, c, d, e, (i) + 3);                                                 \
    SHA256_ROUND(e, f, g, h, a, b, c, d, (i) + 4);                                                 \
    SHA256_ROUND(d, e, f, g, h, a, b, c, (i) + 5);                                                 \
    SHA256_ROUND(c, d, e, f, g, h, a, b, (i) + 6);                                                 \
    SHA256_ROUND(b, c, d, e, f, g, h, a, (i) + 7)

/* s: the eight state words, changed; w: the block's sixteen words, used up. */
static inline __attribute__((always_inline)) TARGET void sha256_rounds(word s[8], word w[16])
{
    const uint32_t *key = sha256_round_key;
    word a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    SHA256_ROUNDS8(0);
    SHA256_ROUNDS8(8);
    for (key += 16; key < sha256_round_key + 64; key += 16) {
#pragma GCC unroll 16
        for (unsigned i = 0; i < 16; i++) {
            w[i] +=
                SMALL_SIGMA0(w[(i + 1) % 16]) + w[(i + 9) % 16] + SMALL_SIGMA1(w[(i + 14) % 16]);
        }
        SHA256_ROUNDS8(0);
        SHA256_ROUNDS8(8);
    }
    const word end[8] = { a, b, c, d, e, f, g, h };
#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++) {
        s[i] += end[i];
    }
}

/* GB/T 32905 sections 4.3, 4.4 and 5.3 */
#define SM3_P0(x) XOR3(x, ROTL(x, 9), ROTL(x, 17))
#define SM3_P1(x) XOR3(x, ROTL(x, 15), ROTL(x, 23))

#define SM3_ROUND(ff, gg, a, b, c, d, e, f, g, h, i)                                               \
    do {                                                                                           \
        word a12 = ROTL(a, 12), ss1 = a12 + (e) + key[i];                                          \
        ss1 = ROTL(ss1, 7);                                                                        \
        (d) += ff(a, b, c) + (ss1 ^ a12) + (w[i] ^ w[((i) + 4) % 16]);                             \
        (h) += gg(e, f, g) + ss1 + w[i];                                                           \
        (h) = SM3_P0(h);                                                                           \
        (b) = ROTL(b, 9);                                                                          \
        (f) = ROTL(f, 19);                                                                         \
    } while (0)

/* After four rounds every letter is back in its place. */
#define SM3_ROUNDS4(ff, gg, i)                                                                     \
    SM3_ROUND(ff, gg, a, b, c, d, e, f, g, h, (i) + 0);                                            \
    SM3_ROUND(ff, gg, d, a, b, c, h, e, f, g, (i) + 1);                                            \
    SM3_ROUND(ff, gg, c, d, a, b, g, h, e, f, (i) + 2);                                            \
    SM3_ROUND(ff, gg, b, c, d, a, f, g, h, e, (i) + 3)

#define SM3_EXPAND(i)                                                                              \
    do {                                                                                           \
        word x3 = w[((i) + 13) % 16], x13 = w[((i) + 3) % 16];                                     \
        word x = XOR3(w[(i) % 16], w[((i) + 7) % 16], ROTL(x3, 15));                               \
        w[(i) % 16] = XOR3(SM3_P1(x), ROTL(x13, 7), w[((i) + 10) % 16]);                           \
    } while (0)

/* A round reads the word four places on, so that four words are made ahead. */
#define SM3_EXPAND4(i)                                                                             \
    SM3_EXPAND((i) + 4);                                                                           \
    SM3_EXPAND((i) + 5);                                                                           \
    SM3_EXPAND((i) + 6);                                                                           \
    SM3_EXPAND((i) + 7)

/* s: the eight state words, changed; w: the block's sixteen words, used up. */
static inline __attribute__((always_inline)) TARGET void sm3_rounds(word s[8], word w[16])
{
    const uint32_t *key = sm3_round_key;
    word a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    SM3_ROUNDS4(XOR3, XOR3, 0);
    SM3_ROUNDS4(XOR3, XOR3, 4);
    SM3_ROUNDS4(XOR3, XOR3, 8);
    SM3_EXPAND4(12);
    SM3_ROUNDS4(XOR3, XOR3, 12);
    for (key += 16; key < sm3_round_key + 64; key += 16) {
        SM3_EXPAND4(0);
        SM3_ROUNDS4(MAJORITY, CHOOSE, 0);
        SM3_EXPAND4(4);
        SM3_ROUNDS4(MAJORITY, CHOOSE, 4);
        SM3_EXPAND4(8);
        SM3_ROUNDS4(MAJORITY, CHOOSE, 8);
        SM3_EXPAND4(12);
        SM3_ROUNDS4(MAJORITY, CHOOSE, 12);
    }
    const word end[8] = { a, b, c, d, e, f, g, h };
#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++) {
        s[i] ^= end[i];
    }
}
