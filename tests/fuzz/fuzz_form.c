/* Text from the wire: targets, query strings, forms, cookies, media types. What is taken is UTF-8
 * without NUL, and no longer than what came. */
#include "http/inner.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void expect(bool good)
{
    if (!good) {
        abort();
    }
}

static void expect_text(struct str s, size_t most)
{
    expect(s.n <= most && utf8_bad_at(s) == s.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(64u << 20);
    struct cx cx = { .mem = mem };
    struct str raw = { n > 0 ? (const char *)data : "", n };
    struct fields f = { 0 };
    struct path p = { 0 };
    struct str text;
    if (form_parse(&cx, raw, &f) == ERR_OK) {
        for (size_t i = 0; i < f.n; i++) {
            expect_text(f.v[i].name, n);
            expect_text(f.v[i].value, n);
        }
    }
    if (path_parse(&cx, raw, &p) == ERR_OK) {
        expect_text(p.whole, n);
        for (size_t i = 0; i < p.n; i++) {
            expect_text(p.seg[i], n);
            expect(!str_eq(p.seg[i], STR("..")) && !str_eq(p.seg[i], STR(".")));
        }
    }
    if (percent_decode(&cx, raw, false, &text) == ERR_OK) {
        expect_text(text, n);
    }
    expect(cookie_find(raw, STR("session")).n <= n);
    expect(media_param(raw, "boundary").n <= n);
    expect(lang_accept(raw) < LANG__COUNT);
    struct head h = { .method = STR("POST"), .target = raw, .version = STR("HTTP/1.1") };
    expect(gate_check(&h) != GATE_PASS);
    return 0;
}
