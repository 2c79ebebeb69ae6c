/* Eight messages side by side. */
#include "core/digest_kernel.h"

#define TARGET __attribute__((target("avx2")))
#define WIDTH  8
typedef uint32_t word __attribute__((vector_size(32)));

#define LANE_BITS             ((word){ 1, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7 })
#define INTERLEAVE_LOW(x, y)  __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11)
#define INTERLEAVE_HIGH(x, y) __builtin_shufflevector(x, y, 4, 12, 5, 13, 6, 14, 7, 15)

#include "core/digest_lanes.h"

const struct kernel kernel_avx2_sha256 = { NULL, step_sha256, take, WIDTH, 3 };
const struct kernel kernel_avx2_sm3 = { NULL, step_sm3, take, WIDTH, 3 };
