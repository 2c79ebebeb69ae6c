#include "base/base.h"

#include <stdio.h>

#include <assert.h>

struct json json_to(struct buf *b)
{
    return (struct json){ .to = b };
}

/* The comma before a value that is not the first of its level. */
static void separate(struct json *j)
{
    uint64_t bit = UINT64_C(1) << j->depth;
    if ((j->more & bit) != 0) {
        buf_put_c(j->to, ',');
    }
    j->more |= bit;
}

static void open_level(struct json *j, char sign)
{
    separate(j);
    buf_put_c(j->to, sign);
    assert(j->depth < 62);
    j->depth++;
    j->more &= ~(UINT64_C(1) << j->depth);
}

static void close_level(struct json *j, char sign)
{
    assert(j->depth > 0);
    j->depth--;
    buf_put_c(j->to, sign);
}

void json_object(struct json *j)
{
    open_level(j, '{');
}

void json_array(struct json *j)
{
    open_level(j, '[');
}

void json_end_object(struct json *j)
{
    close_level(j, '}');
}

void json_end_array(struct json *j)
{
    close_level(j, ']');
}

/* Beyond JSON's own needs "<" and U+2028/9 are escaped, so a document may stand in a page. */
static void put_text(struct buf *b, struct str s)
{
    size_t done = 0;
    if (s.n == 0) { /* p may be NULL, to which nothing may be added */
        buf_put(b, STR("\"\""));
        return;
    }
    buf_put_c(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool line_sign = c == 0xe2 && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0x80 &&
                         ((unsigned char)s.p[i + 2] & 0xfeu) == 0xa8;
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && !line_sign) {
            continue;
        }
        buf_put(b, (struct str){ s.p + done, i - done });
        if (line_sign) {
            buf_fmt(b, "\\u202%x", (unsigned)((unsigned char)s.p[i + 2] & 0x0fu));
            i += 2;
        } else if (c == '"' || c == '\\') {
            buf_put_c(b, '\\');
            buf_put_c(b, (char)c);
        } else {
            buf_fmt(b, "\\u%04x", (unsigned)c);
        }
        done = i + 1;
    }
    buf_put(b, (struct str){ s.p + done, s.n - done });
    buf_put_c(b, '"');
}

void json_key(struct json *j, const char *key)
{
    separate(j);
    buf_put_c(j->to, '"');
    buf_put_z(j->to, key);
    buf_put(j->to, STR("\":"));
    j->more &= ~(UINT64_C(1) << j->depth); /* its value needs no comma */
}

void json_str(struct json *j, struct str s)
{
    separate(j);
    put_text(j->to, s);
}

void json_z(struct json *j, const char *z)
{
    if (z == NULL) {
        json_null(j);
        return;
    }
    json_str(j, str_of(z));
}

void json_int(struct json *j, int64_t v)
{
    separate(j);
    buf_put_int(j->to, v);
}

void json_id(struct json *j, int64_t id)
{
    char text[ID_CHARS];
    if (id == 0) {
        json_null(j);
        return;
    }
    id_put(id, text);
    json_str(j, (struct str){ text, sizeof text });
}

void json_bool(struct json *j, bool v)
{
    separate(j);
    buf_put(j->to, v ? STR("true") : STR("false"));
}

void json_null(struct json *j)
{
    separate(j);
    buf_put(j->to, STR("null"));
}

void json_date(struct json *j, int32_t d)
{
    char text[DATE_CHARS];
    if (d == 0) {
        json_null(j);
        return;
    }
    date_put(d, text);
    json_str(j, (struct str){ text, sizeof text });
}

void json_instant(struct json *j, int64_t ms)
{
    char text[INSTANT_CHARS];
    if (ms == 0) {
        json_null(j);
        return;
    }
    instant_put(ms, text);
    json_str(j, (struct str){ text, sizeof text });
}

void json_hex(struct json *j, const uint8_t *bytes, size_t n)
{
    separate(j);
    buf_put_c(j->to, '"');
    buf_put_hex(j->to, bytes, n);
    buf_put_c(j->to, '"');
}

void json_key_str(struct json *j, const char *key, struct str s)
{
    json_key(j, key);
    json_str(j, s);
}

void json_key_int(struct json *j, const char *key, int64_t v)
{
    json_key(j, key);
    json_int(j, v);
}

void json_key_bool(struct json *j, const char *key, bool v)
{
    json_key(j, key);
    json_bool(j, v);
}

void json_key_text(struct json *j, const char *key, struct str s)
{
    json_key(j, key);
    if (s.n == 0) {
        json_null(j);
    } else {
        json_str(j, s);
    }
}

void json_key_date(struct json *j, const char *key, int32_t yyyymmdd)
{
    json_key(j, key);
    json_date(j, yyyymmdd);
}

void json_key_instant(struct json *j, const char *key, int64_t ms)
{
    json_key(j, key);
    json_instant(j, ms);
}

void json_key_id(struct json *j, const char *key, int64_t id)
{
    json_key(j, key);
    json_id(j, id);
}

void json_key_digits(struct json *j, const char *key, int64_t v)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%lld", (long long)v);
    json_key_str(j, key, (struct str){ text, (size_t)n });
}

void json_key_parts(struct json *j, const char *key, struct str s, char between)
{
    json_key(j, key);
    json_array(j);
    while (s.n > 0) {
        json_str(j, str_cut(&s, between));
    }
    json_end_array(j);
}
