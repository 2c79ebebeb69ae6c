#include "http/inner.h"

#include <string.h>

enum { HEADERS_MAX = 100 };

static const struct {
    const char *name, *text;
} gates[] = {
#define X(symbol, name, text) [GATE_##symbol] = { name, text },
    GATE_TABLE(X)
#undef X
};

const char *gate_name(enum gate g)
{
    return gates[g].name;
}

const char *gate_text(enum gate g)
{
    return gates[g].text;
}

/* Visible ASCII only; a fragment has no business in a request. */
static bool target_good(struct str t)
{
    for (size_t i = 0; i < t.n; i++) {
        if ((unsigned char)t.p[i] <= 0x20 || (unsigned char)t.p[i] >= 0x7f || t.p[i] == '#') {
            return false;
        }
    }
    return t.n > 0 && t.p[0] == '/';
}

static bool value_good(struct str v)
{
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return utf8_bad_at(v) == v.n;
}

/* RFC 9112 3.2: uri-host [ ":" port ]. Names, IPv4 and bracketed IPv6. */
static bool host_good(struct str h)
{
    for (size_t i = 0; i < h.n; i++) {
        char c = h.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr("-._:[]", c) == NULL)) {
            return false;
        }
    }
    return h.n > 0 && h.n <= 255;
}

static enum gate length_read(struct head *h, struct str v)
{
    if (h->length >= 0) {
        return GATE_LENGTH_TWICE;
    }
    int64_t n = 0;
    for (size_t i = 0; i < v.n; i++) {
        int digit = v.p[i] - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, digit, &n)) {
            return GATE_LENGTH_BAD;
        }
    }
    h->length = n;
    return v.n > 0 ? GATE_PASS : GATE_LENGTH_BAD;
}

static enum gate header_check(struct head *h, const struct field *f, unsigned *codings)
{
    struct str v = str_trim(f->value);
    if (!is_token(f->name) || !value_good(f->value)) {
        return GATE_HEADER;
    }
    if (str_eq_nocase(f->name, STR("Content-Length"))) {
        return length_read(h, v);
    }
    if (str_eq_nocase(f->name, STR("Transfer-Encoding"))) {
        h->chunked = true;
        return (*codings)++ == 0 && str_eq_nocase(v, STR("chunked")) ? GATE_PASS : GATE_CODING_BAD;
    }
    if (str_eq_nocase(f->name, STR("Host"))) {
        enum gate g = h->host.p != NULL ? GATE_HOST_TWICE : GATE_PASS;
        h->host = v;
        return g != GATE_PASS || host_good(v) ? g : GATE_HOST_BAD;
    }
    if (str_eq_nocase(f->name, STR("Expect"))) {
        return str_eq_nocase(v, STR("100-continue")) ? GATE_PASS : GATE_EXPECT;
    }
    if (str_eq_nocase(f->name, STR("Content-Encoding"))) {
        return str_eq_nocase(v, STR("identity")) ? GATE_PASS : GATE_ENCODING;
    }
    if (str_eq_nocase(f->name, STR("Content-Type"))) {
        h->type = v;
    }
    return GATE_PASS;
}

/* The parser joins folded lines, ends a line at a bare LF and cuts a value at a NUL without a word.
 * Each of these makes the head as received longer or shorter than the one we were shown. */
static bool form_good(const struct head *h)
{
    size_t n = h->method.n + 1 + h->target.n + 1 + h->version.n + 2 + 2;
    for (size_t i = 0; i < h->n; i++) {
        const char *name_end = h->v[i].name.p + h->v[i].name.n;
        if (h->v[i].value.p <= name_end) {
            return false;
        }
        n += (size_t)(h->v[i].value.p + h->v[i].value.n - h->v[i].name.p) + 2;
    }
    return n == h->bytes;
}

enum gate gate_check(struct head *h)
{
    unsigned codings = 0;
    h->length = -1;
    if (!is_token(h->method)) {
        return GATE_METHOD;
    }
    if (!target_good(h->target)) {
        return GATE_TARGET;
    }
    bool http11 = str_eq(h->version, STR("HTTP/1.1"));
    if (!http11 && !str_eq(h->version, STR("HTTP/1.0"))) {
        return GATE_VERSION;
    }
    if (h->n > HEADERS_MAX) {
        return GATE_MANY;
    }
    if (h->bytes != 0 && !form_good(h)) {
        return GATE_FORM;
    }
    for (size_t i = 0; i < h->n; i++) {
        enum gate g = header_check(h, &h->v[i], &codings);
        if (g != GATE_PASS) {
            return g;
        }
    }
    if (http11 && h->host.p == NULL) {
        return GATE_HOST_NONE;
    }
    if (h->chunked && h->length >= 0) {
        return GATE_CODING_BOTH;
    }
    if (h->chunked && !http11) {
        return GATE_CODING_BAD;
    }
    bool bodyless = str_eq(h->method, STR("GET")) || str_eq(h->method, STR("HEAD"));
    return bodyless && (h->chunked || h->length > 0) ? GATE_BODY : GATE_PASS;
}
