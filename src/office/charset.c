#include "office/charset.h"

#include <iconv.h>
#include <string.h>

/* Bytes at the end of a piece that may belong to a character cut in two. */
enum { TAIL = 3 };

const char *charset_name(enum charset c)
{
    return c == CHARSET_UTF8 ? "UTF-8" : "GB18030";
}

size_t charset_bom(struct str head)
{
    return str_starts(head, STR("\xef\xbb\xbf")) ? 3 : 0;
}

static bool plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

void charset_close(struct charset_turn *t)
{
    if (t->in != NULL) {
        (void)iconv_close(t->in);
    }
    if (t->out != NULL) {
        (void)iconv_close(t->out);
    }
    *t = (struct charset_turn){ 0 };
}

static void *open_one(const char *to, const char *from)
{
    iconv_t t = iconv_open(to, from);
    return t == (iconv_t)-1 ? NULL : t;
}

enum err charset_open(struct cx *cx, enum charset c, struct charset_turn *t)
{
    *t = (struct charset_turn){ .charset = c };
    if (c == CHARSET_UTF8) {
        return ERR_OK;
    }
    t->in = open_one("UTF-8", "GB18030");
    t->out = open_one("GB18030", "UTF-8");
    if (t->in == NULL || t->out == NULL) {
        charset_close(t);
        return fail(cx, ERR_FILE, "no converter for %s", charset_name(c));
    }
    return ERR_OK;
}

/* The whole of `s`, or as far as it went: *rest bytes were not turned. */
static struct str turn(struct cx *cx, void *how, struct str s, size_t *rest)
{
    size_t room = 4 * s.n + 4;
    char *to = arena_alloc(cx->mem, room, 1);
    char *at = to;
    char *from = (char *)(uintptr_t)s.p; /* iconv does not write there */
    *rest = s.n;
    if (to == NULL) {
        return (struct str){ NULL, 0 };
    }
    (void)iconv(how, NULL, NULL, NULL, NULL);
    (void)iconv(how, &from, rest, &at, &room);
    return (struct str){ to, (size_t)(at - to) };
}

enum err charset_read(struct cx *cx, struct charset_turn *t, struct str s, struct str *out)
{
    size_t rest = 0;
    if (plain(s)) {
        *out = s;
        return ERR_OK;
    }
    if (t->charset == CHARSET_GB18030) {
        *out = turn(cx, t->in, s, &rest);
        return rest == 0 ? ERR_OK : fail(cx, ERR_UTF8, "GB18030: byte %zu", s.n - rest + 1);
    }
    rest = utf8_bad_at(s);
    if (rest < s.n) {
        return fail(cx, ERR_UTF8, "UTF-8: byte %zu", rest + 1);
    }
    *out = s;
    return ERR_OK;
}

enum err charset_write(struct cx *cx, struct charset_turn *t, struct str s, struct str *out)
{
    size_t rest = 0;
    if (t->charset == CHARSET_UTF8 || plain(s)) {
        *out = s;
        return ERR_OK;
    }
    *out = turn(cx, t->out, s, &rest);
    return rest == 0 ? ERR_OK : fail(cx, ERR_NO_MEMORY, "GB18030: %zu bytes", s.n);
}

/* All of it; or nearly: GB18030 makes a right character of UTF-8 by chance only, so a file with
 * many of them and a few wrong bytes is UTF-8 with a wrong row. */
static void weigh_utf8(struct str s, size_t *right, size_t *wrong)
{
    size_t bad = utf8_bad_at(s);
    *right = *wrong = 0;
    while (bad + TAIL < s.n) {
        *right += bad - utf8_count((struct str){ s.p, bad });
        *wrong += s.p[bad] != '\0'; /* a byte 0 is a fault of its row */
        s = str_from(s, bad + 1);
        bad = utf8_bad_at(s);
    }
    *right += bad - utf8_count((struct str){ s.p, bad });
}

static enum err try_gb18030(struct cx *cx, struct str s, bool *good)
{
    CLEANUP(charset_close) struct charset_turn t = { 0 };
    struct arena_mark mark = arena_mark(cx->mem);
    size_t rest;
    TRY(charset_open(cx, CHARSET_GB18030, &t));
    (void)turn(cx, t.in, s, &rest);
    arena_reset(cx->mem, mark);
    *good = rest <= TAIL;
    return ERR_OK;
}

enum err charset_guess(struct cx *cx, struct str piece, enum charset *out)
{
    static const struct {
        struct str head;
        const char *what;
    } others[] = {
        { STR_INIT("\xff\xfe"), "UTF-16; save the file as CSV in UTF-8" },
        { STR_INIT("\xfe\xff"), "UTF-16; save the file as CSV in UTF-8" },
        { STR_INIT("PK\x03\x04"), "a workbook; save its sheet as CSV" },
        { STR_INIT("\xd0\xcf\x11\xe0"), "an old workbook; save its sheet as CSV" },
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        if (str_starts(piece, others[i].head)) {
            return fail(cx, ERR_UTF8, "%s", others[i].what);
        }
    }
    enum { FEW = 16 };
    size_t right, wrong;
    bool good;
    weigh_utf8(piece, &right, &wrong);
    if (charset_bom(piece) > 0 || wrong * FEW <= right) {
        *out = CHARSET_UTF8;
        return ERR_OK;
    }
    TRY(try_gb18030(cx, piece, &good));
    if (!good) {
        return fail(cx, ERR_UTF8, "neither UTF-8 nor GB18030");
    }
    *out = CHARSET_GB18030;
    return ERR_OK;
}
