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

bool field_id(struct str s)
{
    unsigned char wrong = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char off = (unsigned char)(s.p[i] - 0x21);
        wrong |= (unsigned char)(off > 0x7E - 0x21);
    }
    return wrong == 0 && s.n >= 1 && s.n <= DRAW_ID_MAX;
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
