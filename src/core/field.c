#include "core/field.h"

#include "core/frame.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_char(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool field_name(struct str s)
{
    bool ok = s.n >= 1 && s.n <= NAME_MAX_BYTES;
    for (size_t i = 0; ok && i < s.n; i++) {
        ok = is_name_char(s.p[i]);
    }
    return ok;
}

static uint64_t eight_at(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    return x;
}

size_t field_visible(const char *p, size_t n)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    size_t i = 0;
    for (; i + 8 <= n;
         i += 8) { /* eight at a time; the lowest mark is the first byte out of range */
        uint64_t x = eight_at(p + i);
        uint64_t low = (x - 0x21 * each) & ~x;
        uint64_t high = (x + each) | x;
        uint64_t out = (low | high) & (0x80 * each);
        if (out != 0) {
            return i + (size_t)__builtin_ctzll(out) / 8;
        }
    }
    while (i < n && p[i] >= 0x21 && p[i] <= 0x7E) {
        i++;
    }
    return i;
}

bool field_id(struct str s)
{
    return s.n >= 1 && s.n <= DRAW_ID_MAX && field_visible(s.p, s.n) == s.n;
}

bool field_digits(struct str s, size_t min, size_t max)
{
    bool ok = s.n >= min && s.n <= max;
    for (size_t i = 0; ok && i < s.n; i++) {
        ok = is_digit(s.p[i]);
    }
    return ok;
}

bool field_hex(struct str s, size_t bytes, uint8_t *out)
{
    return s.n == 2 * bytes && hex_get(s, out);
}

bool field_text(struct str s, size_t max)
{
    bool ok = s.n >= 1 && s.n <= max && utf8_bad_at(s) == s.n;
    for (size_t i = 0; ok && i < s.n; i++) {
        ok = (unsigned char)s.p[i] >= 0x20 && s.p[i] != 0x7F;
    }
    return ok;
}

bool field_salt(struct str s)
{
    uint8_t salt[16];
    return (s.n == 1 && s.p[0] == '-') || field_hex(s, sizeof salt, salt);
}

bool field_whole(struct str s, uint64_t lo, uint64_t hi, uint64_t *out)
{
    if (s.n == 0 || s.n > 19 || (s.n > 1 && s.p[0] == '0')) {
        return false;
    }
    uint64_t v = 0; /* 19 digits fit */
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i])) {
            return false;
        }
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    }
    if (v < lo || v > hi) {
        return false;
    }
    *out = v;
    return true;
}

bool field_cut(struct str line, char by, struct str *field, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *end = memchr(line.p, by, line.n);
        bool last = i + 1 == n;
        if ((end == NULL) != last) {
            return false;
        }
        size_t length = last ? line.n : (size_t)(end - line.p);
        field[i] = (struct str){ line.p, length };
        line = last ? STR("") : (struct str){ end + 1, line.n - length - 1 };
    }
    return true;
}
