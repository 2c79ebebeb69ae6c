#include "http/inner.h"

#include <string.h>
#include <strings.h>

enum { FIELDS_MAX = 4096 };

bool str_eq_nocase(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL)) {
            return false;
        }
    }
    return s.n > 0;
}

enum err fields_add(struct cx *cx, struct fields *to, struct str name, struct str value)
{
    if (to->n == FIELDS_MAX) {
        return fail(cx, ERR_TOO_LONG, "over %d fields", FIELDS_MAX);
    }
    if (to->n == to->room) {
        size_t room = to->room == 0 ? 16 : 2 * to->room;
        struct field *v = arena_alloc(cx->mem, room, sizeof *v);
        if (v == NULL) {
            return fail(cx, ERR_NO_MEMORY, "form fields");
        }
        if (to->n > 0) {
            memcpy(v, to->v, to->n * sizeof *v);
        }
        to->v = v;
        to->room = room;
    }
    to->v[to->n++] = (struct field){ name, value };
    return ERR_OK;
}

struct str str_lower(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1, 1);
    for (size_t i = 0; p != NULL && i < s.n; i++) {
        p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 0x20 : s.p[i]);
    }
    return (struct str){ p == NULL ? "" : p, p == NULL ? 0 : s.n };
}

/* ";q=0.8" in thousandths; 1000 without. */
static int quality(struct str params)
{
    struct str q = str_trim(params);
    if (!str_starts(q, STR("q=")) || q.n < 3) {
        return 1000;
    }
    int v = (q.p[2] - '0') * 1000;
    for (size_t i = 4, unit = 100; i < q.n && unit > 0; i++, unit /= 10) {
        v += (q.p[i] - '0') * (int)unit;
    }
    return v;
}

enum lang lang_accept(struct str header)
{
    int zh = 0;
    int en = 0;
    while (header.n > 0) {
        struct str params = str_trim(str_cut(&header, ','));
        struct str tag = str_trim(str_cut(&params, ';'));
        struct str primary = str_cut(&tag, '-');
        int q = quality(params);
        if (str_eq_nocase(primary, STR("zh"))) {
            zh = q > zh ? q : zh;
        } else if (str_eq_nocase(primary, STR("en"))) {
            en = q > en ? q : en;
        }
    }
    return en > zh ? LANG_EN : LANG_ZH;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* @return bytes written, or SIZE_MAX for a bad escape */
static size_t unescape(struct str raw, bool plus, char *to)
{
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '%') {
            int hi = i + 2 < raw.n ? hex_value(raw.p[i + 1]) : -1;
            int lo = i + 2 < raw.n ? hex_value(raw.p[i + 2]) : -1;
            if (hi < 0 || lo < 0) {
                return SIZE_MAX;
            }
            c = (char)(hi * 16 + lo);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        to[n++] = c;
    }
    return n;
}

enum err percent_decode(struct cx *cx, struct str raw, bool plus, struct str *out)
{
    struct str text = raw;
    bool plain = memchr(raw.n > 0 ? raw.p : "", '%', raw.n) == NULL &&
                 (!plus || memchr(raw.n > 0 ? raw.p : "", '+', raw.n) == NULL);
    if (!plain) {
        char *to = arena_alloc(cx->mem, raw.n + 1, 1);
        if (to == NULL) {
            return fail(cx, ERR_NO_MEMORY, "escaped text");
        }
        size_t n = unescape(raw, plus, to);
        if (n == SIZE_MAX) {
            return fail(cx, ERR_BAD_REQUEST, "a %% escape is malformed");
        }
        text = (struct str){ to, n };
    }
    if (utf8_bad_at(text) < text.n) {
        return fail(cx, ERR_BAD_REQUEST, "text is not UTF-8 or has a NUL");
    }
    *out = text;
    return ERR_OK;
}

enum err form_parse(struct cx *cx, struct str raw, struct fields *to)
{
    while (raw.n > 0) {
        struct str value = str_cut(&raw, '&');
        if (value.n == 0) {
            continue;
        }
        struct str name = str_cut(&value, '=');
        TRY(percent_decode(cx, name, true, &name));
        TRY(percent_decode(cx, value, true, &value));
        TRY(fields_add(cx, to, name, value));
    }
    return ERR_OK;
}

static enum err segment_parse(struct cx *cx, struct str raw, struct str *out)
{
    struct str s;
    TRY(percent_decode(cx, raw, false, &s));
    if (str_eq(s, STR(".")) || str_eq(s, STR(".."))) {
        return fail(cx, ERR_BAD_REQUEST, "dot segment in the path");
    }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '/' || (unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) {
            return fail(cx, ERR_BAD_REQUEST, "escaped '/' or control character in the path");
        }
    }
    *out = s;
    return ERR_OK;
}

enum err path_parse(struct cx *cx, struct str raw, struct path *out)
{
    struct path p = { .n = 0 };
    if (raw.n == 0 || raw.p[0] != '/') {
        return fail(cx, ERR_BAD_REQUEST, "a path starts with '/'");
    }
    struct str rest = str_from(raw, 1);
    bool more = rest.n > 0;
    while (more) {
        if (p.n == SEGMENTS_MAX) {
            return fail(cx, ERR_BAD_REQUEST, "path deeper than %d", SEGMENTS_MAX);
        }
        size_t before = rest.n;
        struct str seg = str_cut(&rest, '/');
        more = seg.n < before; /* "/a/" has an empty last segment, and so another address */
        TRY(segment_parse(cx, seg, &p.seg[p.n++]));
    }
    TRY(percent_decode(cx, raw, false, &p.whole));
    *out = p;
    return ERR_OK;
}

struct str cookie_find(struct str header, struct str name)
{
    while (header.n > 0) {
        struct str value = str_trim(str_cut(&header, ';'));
        struct str key = str_cut(&value, '=');
        if (str_eq(key, name)) {
            return value;
        }
    }
    return (struct str){ NULL, 0 };
}

struct str media_param(struct str header, const char *name)
{
    (void)str_cut(&header, ';');
    while (header.n > 0) {
        struct str value = str_trim(str_cut(&header, ';'));
        struct str key = str_trim(str_cut(&value, '='));
        value = str_trim(value);
        if (str_eq_nocase(key, str_of(name))) {
            if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"') {
                value = (struct str){ value.p + 1, value.n - 2 };
            }
            return value;
        }
    }
    return (struct str){ NULL, 0 };
}
