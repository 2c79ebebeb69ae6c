#include "base/base.h"

#include <stdio.h>
#include <string.h>

struct str str_of(const char *z)
{
    return (struct str){ z == NULL ? "" : z, z == NULL ? 0 : strlen(z) };
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n == 0 ? 0 : memcmp(a.p, b.p, n);
    if (c != 0) {
        return c;
    }
    return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str head)
{
    return s.n >= head.n && str_eq((struct str){ s.p, head.n }, head);
}

bool str_ends(struct str s, struct str tail)
{
    return s.n >= tail.n && str_eq((struct str){ s.p + (s.n - tail.n), tail.n }, tail);
}

struct str str_from(struct str s, size_t at)
{
    if (s.n == 0) { /* p may be NULL, to which nothing may be added */
        return s;
    }
    at = at < s.n ? at : s.n;
    return (struct str){ s.p + at, s.n - at };
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct str str_trim(struct str s)
{
    while (s.n > 0 && is_blank(s.p[0])) {
        s = str_from(s, 1);
    }
    while (s.n > 0 && is_blank(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

struct str str_cut(struct str *s, char c)
{
    const char *at = s->n == 0 ? NULL : memchr(s->p, c, s->n);
    struct str head = *s;
    if (at == NULL) {
        *s = str_from(*s, s->n);
        return head;
    }
    head.n = (size_t)(at - s->p);
    *s = str_from(*s, head.n + 1);
    return head;
}

struct str str_dup(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1, 1);
    if (p == NULL) {
        return (struct str){ NULL, 0 };
    }
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    return (struct str){ p, s.n };
}

enum err str_int(struct cx *cx, struct str s, int64_t lo, int64_t hi, int64_t *out)
{
    int64_t v = 0;
    bool minus = s.n > 0 && s.p[0] == '-';
    size_t i = minus ? 1 : 0;
    bool good = s.n > i;
    for (; good && i < s.n; i++) {
        int digit = s.p[i] - '0';
        good =
            digit >= 0 && digit <= 9 && !__builtin_mul_overflow(v, 10, &v) &&
            !__builtin_sub_overflow(v, digit, &v); /* downwards: INT64_MIN has no positive twin */
    }
    good = good && (minus || !__builtin_sub_overflow(0, v, &v)) && v >= lo && v <= hi;
    if (!good) {
        return fail(cx, ERR_NUMBER, "\"" STR_FMT "\" (%lld..%lld)", (int)(s.n < 40 ? s.n : 40), s.p,
                    (long long)lo, (long long)hi);
    }
    *out = v;
    return ERR_OK;
}

/* Bytes of the well-formed sequence at s[0]; 0 when malformed (RFC 3629 table 3-7). */
static size_t utf8_sequence(const unsigned char *s, size_t n)
{
    static const struct {
        unsigned char lo, hi, lo2, hi2, more;
    } forms[] = {
        { 0x01, 0x7f, 0, 0, 0 },       { 0xc2, 0xdf, 0x80, 0xbf, 1 }, { 0xe0, 0xe0, 0xa0, 0xbf, 2 },
        { 0xe1, 0xec, 0x80, 0xbf, 2 }, { 0xed, 0xed, 0x80, 0x9f, 2 }, { 0xee, 0xef, 0x80, 0xbf, 2 },
        { 0xf0, 0xf0, 0x90, 0xbf, 3 }, { 0xf1, 0xf3, 0x80, 0xbf, 3 }, { 0xf4, 0xf4, 0x80, 0x8f, 3 },
    };
    for (size_t f = 0; f < COUNT_OF(forms); f++) {
        if (s[0] < forms[f].lo || s[0] > forms[f].hi) {
            continue;
        }
        if (n <= forms[f].more) {
            return 0;
        }
        for (size_t k = 1; k <= forms[f].more; k++) {
            unsigned char lo = k == 1 ? forms[f].lo2 : 0x80;
            unsigned char hi = k == 1 ? forms[f].hi2 : 0xbf;
            if (s[k] < lo || s[k] > hi) {
                return 0;
            }
        }
        return (size_t)forms[f].more + 1;
    }
    return 0;
}

/* How far it is plain to see that all is well: eight ASCII characters at a time, or a character of
 * three bytes as Chinese has them. */
static size_t utf8_run(const unsigned char *s, size_t n)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t i = 0;
    uint64_t w;
    while (i + sizeof w <= n) {
        if (s[i] >= 0xe1 && s[i] <= 0xec && (s[i + 1] & 0xc0u) == 0x80 &&
            (s[i + 2] & 0xc0u) == 0x80) {
            i += 3;
            continue;
        }
        memcpy(&w, s + i, sizeof w);
        if (((w | (w - ones)) & (ones << 7)) != 0) {
            break;
        }
        i += sizeof w;
    }
    return i;
}

size_t utf8_bad_at(struct str s)
{
    size_t i = utf8_run((const unsigned char *)s.p, s.n);
    while (i < s.n) {
        size_t step = utf8_sequence((const unsigned char *)s.p + i, s.n - i);
        if (step == 0) {
            return i;
        }
        i += step;
    }
    return s.n;
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++) {
        count += ((unsigned char)s.p[i] & 0xc0u) != 0x80u;
    }
    return count;
}

uint32_t utf8_next(struct str s, size_t *i)
{
    unsigned char c = (unsigned char)s.p[*i];
    if (c < 0x80) {
        (*i)++;
        return c;
    }
    size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    uint32_t v = c & (0x3fu >> more);
    (*i)++;
    for (; more > 0 && *i < s.n; more--, (*i)++) {
        v = v << 6 | ((unsigned char)s.p[*i] & 0x3fu);
    }
    return v;
}

size_t utf8_put(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
    for (size_t k = more; k > 0; k--) {
        out[k] = (char)(0x80u | (c & 0x3fu));
        c >>= 6;
    }
    out[0] = (char)(lead[more] | c);
    return more + 1;
}

size_t fold_width(struct str s, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        uint32_t c = utf8_next(s, &i);
        if (c == 0x3000) {
            out[n++] = ' ';
        } else if (c >= 0xff01 && c <= 0xff5e) {
            out[n++] = (char)(c - 0xfee0);
        } else {
            memcpy(out + n, s.p + at, i - at);
            n += i - at;
        }
    }
    return n;
}

void hex_put(const uint8_t *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_get(struct str s, uint8_t *out)
{
    if (s.n % 2 != 0) {
        return false;
    }
    for (size_t i = 0; i < s.n; i += 2) {
        int hi = hex_digit(s.p[i]);
        int lo = hex_digit(s.p[i + 1]);
        if (hi < 0 || lo < 0) {
            return false;
        }
        out[i / 2] = (uint8_t)(hi << 4 | lo);
    }
    return true;
}

static const char id_alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford: no I L O U */

void id_put(int64_t id, char out[ID_CHARS])
{
    uint64_t v = (uint64_t)id;
    for (size_t i = ID_CHARS; i > 0; i--) {
        out[i - 1] = id_alphabet[v & 31u];
        v >>= 5;
    }
}

enum err id_get(struct cx *cx, struct str s, int64_t *out)
{
    uint64_t v = 0;
    bool good = s.n == ID_CHARS && s.p[0] >= '0' && s.p[0] <= '7';
    for (size_t i = 0; good && i < s.n; i++) {
        const char *at = s.p[i] == '\0' ? NULL : strchr(id_alphabet, s.p[i]);
        good = at != NULL;
        v = good ? v << 5 | (uint64_t)(at - id_alphabet) : 0;
    }
    if (!good) {
        return fail(cx, ERR_NUMBER, "\"" STR_FMT "\" is not a record id",
                    (int)(s.n < 40 ? s.n : 40), s.p);
    }
    *out = (int64_t)v;
    return ERR_OK;
}

struct buf buf_of(struct arena *mem, size_t limit)
{
    return (struct buf){ .mem = mem, .limit = limit };
}

/* Room for `more` bytes, or the builder turns over. */
static bool buf_make_room(struct buf *b, size_t more)
{
    if (b->over || more > b->limit - b->n) {
        b->over = true;
        return false;
    }
    if (more <= b->room - b->n) {
        return true;
    }
    size_t room = b->room < 256 ? 256 : b->room;
    while (room - b->n < more) {
        room *= 2;
    }
    char *p = arena_alloc(b->mem, room, 1);
    if (p == NULL) {
        b->over = true;
        return false;
    }
    if (b->n > 0) {
        memcpy(p, b->p, b->n);
    }
    b->p = p;
    b->room = room;
    return true;
}

void buf_put(struct buf *b, struct str s)
{
    if (s.n > 0 && buf_make_room(b, s.n)) {
        memcpy(b->p + b->n, s.p, s.n);
        b->n += s.n;
    }
}

void buf_put_c(struct buf *b, char c)
{
    if (!b->over && b->n < b->room && b->n < b->limit) {
        b->p[b->n++] = c;
        return;
    }
    buf_put(b, (struct str){ &c, 1 });
}

void buf_put_z(struct buf *b, const char *z)
{
    buf_put(b, str_of(z));
}

void buf_put_int(struct buf *b, int64_t v)
{
    char digits[24];
    size_t at = sizeof digits;
    bool minus = v < 0;
    uint64_t rest = minus ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (minus) {
        digits[--at] = '-';
    }
    buf_put(b, (struct str){ digits + at, sizeof digits - at });
}

void buf_put_hex(struct buf *b, const uint8_t *bytes, size_t n)
{
    if (buf_make_room(b, 2 * n)) {
        hex_put(bytes, n, b->p + b->n);
        b->n += 2 * n;
    }
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_list again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0) {
        b->over = true;
    } else if (buf_make_room(b, (size_t)n + 1)) { /* vsnprintf wants a place for its NUL */
        (void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

struct str buf_str(const struct buf *b)
{
    return (struct str){ b->p == NULL ? "" : b->p, b->n };
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->over = false;
}

enum err buf_done(struct cx *cx, const struct buf *b, struct str *out)
{
    if (b->over) {
        return fail(cx, ERR_TOO_LONG, "more than %zu bytes", b->limit);
    }
    *out = buf_str(b);
    return ERR_OK;
}
