#include "core/lot.h"

#define ONE (UINT64_C(1) << 31) /* certainty */

uint32_t lot_probability(const struct lot_stat *stat, uint32_t w)
{
    if (stat->w_certain != 0 && w >= stat->w_certain) {
        return (uint32_t)ONE;
    }
    if (stat->w_left == 0) {
        return 1;
    }
    lot_key p = (lot_key)stat->m_left * w * ONE / stat->w_left;
    return p < 1 ? 1 : p < ONE ? (uint32_t)p : (uint32_t)ONE;
}

bool lot_certain(const struct lot_stat *stat, uint32_t w)
{
    return stat->w_left == 0 || (stat->m_left > 0 && (uint64_t)stat->m_left * w >= stat->w_left);
}

lot_key lot_key_of(uint64_t u, uint32_t p)
{
    lot_key above = (lot_key)(u * (lot_key)(ONE - p)) * ONE; /* below 2^125 */
    lot_key under = (lot_key)p * ((UINT64_C(1) << 63) - u);
    return above / under;
}

size_t lot_key_put(lot_key k, char out[LOT_KEY_CHARS])
{
    char digits[LOT_KEY_CHARS];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + (int)(k % 10));
        k /= 10;
    } while (k > 0);
    for (size_t i = 0; i < n; i++) {
        out[i] = digits[n - 1 - i];
    }
    return n;
}
