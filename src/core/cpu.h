/* What this processor and its operating system can do; nothing on machines other than x86-64. */
#ifndef SISHI_CORE_CPU_H
#define SISHI_CORE_CPU_H

enum cpu_feature {
    CPU_AVX2 = 1,
    CPU_SHA = 2,
    CPU_AVX512 = 4,
    CPU_SHA_FIRST = 8 /* its SHA instructions outrun sixteen lanes of 512 bits (bench_ticket) */
};

/* The set of enum cpu_feature. Asked of the processor once, then remembered. */
unsigned cpu_features(void);

#endif
