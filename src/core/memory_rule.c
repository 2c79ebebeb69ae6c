#include "core/memory_rule.h"

#define ONE (UINT64_C(1) << 31)

__extension__ typedef unsigned __int128 wide;

uint32_t memory_rule(const struct memory *m, uint32_t p, uint32_t rho, struct memory *next)
{
    uint64_t target = p < ONE ? p : ONE;
    uint64_t r = rho < MEMORY_RHO_MAX ? rho : MEMORY_RHO_MAX;
    uint64_t c = m->c < ONE ? m->c : ONE - 1;
    const uint64_t full = MEMORY_RHO_MAX * ONE;
    uint64_t spare = full - r * c; /* 256*2^31 * (1 - rho*C) */
    uint64_t p_eff = r * target / MEMORY_RHO_MAX;
    if (!m->drawn) {
        uint64_t left = MEMORY_RHO_MAX * (ONE - c);
        wide fresh = (wide)target * spare / left;
        p_eff = fresh < ONE ? (uint64_t)fresh : ONE;
    }
    uint64_t grown = c + (uint64_t)((wide)target * spare / full);
    *next = (struct memory){ .c = (uint32_t)(grown < ONE ? grown : ONE - 1), .drawn = m->drawn };
    return (uint32_t)p_eff;
}
