#include "core/cpu.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <stdatomic.h>

enum { KNOWN = 1 << 30, LEAF_EXTENDED = 7, EBX_SHA = 1 << 29 };

static unsigned ask(void)
{
    unsigned a, b = 0, c, d, found = KNOWN;
    /* the compiler's own test also asks the operating system whether it keeps the wide registers */
    if (__builtin_cpu_supports("avx2")) {
        found |= CPU_AVX2;
    }
    if (__builtin_cpu_supports("avx512f")) {
        found |= CPU_AVX512;
    }
    if (__get_cpuid_count(LEAF_EXTENDED, 0, &a, &b, &c, &d) != 0 && (b & EBX_SHA) != 0) {
        found |= CPU_SHA;
        if (__builtin_cpu_is("amd")) {
            found |= CPU_SHA_FIRST;
        }
    }
    return found;
}

unsigned cpu_features(void)
{
    static _Atomic unsigned known; /* CPUID is slow on virtual machines */
    unsigned found = atomic_load_explicit(&known, memory_order_relaxed);
    if (found == 0) {
        found = ask();
        atomic_store_explicit(&known, found, memory_order_relaxed);
    }
    return found;
}

#else

unsigned cpu_features(void)
{
    return 0;
}

#endif
