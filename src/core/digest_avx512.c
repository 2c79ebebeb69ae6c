/* Sixteen messages side by side. */
#include "core/digest_kernel.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f")))
#define WIDTH  16
typedef uint32_t word __attribute__((vector_size(64)));

/* one instruction each: the truth table of three inputs as a byte */
#define TERNARY(x, y, z, table)                                                                    \
    ((word)_mm512_ternarylogic_epi32((__m512i)(x), (__m512i)(y), (__m512i)(z), table))
#define XOR3(x, y, z)     TERNARY(x, y, z, 0x96)
#define CHOOSE(x, y, z)   TERNARY(x, y, z, 0xca)
#define MAJORITY(x, y, z) TERNARY(x, y, z, 0xe8)

#define LANE_BITS                                                                                  \
    ((word){ 1, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10,   \
             1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15 })
#define INTERLEAVE_LOW(x, y)                                                                       \
    __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define INTERLEAVE_HIGH(x, y)                                                                      \
    __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

#include "core/digest_lanes.h"

const struct kernel kernel_avx512_sha256 = { NULL, step_sha256, take, WIDTH, 4 };
const struct kernel kernel_avx512_sm3 = { NULL, step_sm3, take, WIDTH, 3 };
