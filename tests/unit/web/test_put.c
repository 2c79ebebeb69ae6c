/* Escaping by place: hostile text in every context a template can have. */
#include "test.h"

#include "hostile.h"

#include <string.h>

#define HOSTILE_ROOM (1u << 16)

static struct str written(struct cx *cx, void (*t)(struct buf *, enum lang, struct str),
                          struct str s)
{
    struct buf b = buf_of(cx->mem, HOSTILE_ROOM);
    struct str out;
    t(&b, LANG_EN, s);
    ASSERT_OK(cx, buf_done(cx, &b, &out));
    return out;
}

static const struct {
    const char *what;
    void (*t)(struct buf *, enum lang, struct str);
    const char *s, *want;
} vectors[] = {
    { "a tag in text", t_h_text, "<script>alert(1)</script>",
      "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" },
    { "a reference in text", t_h_text, "&lt;", "<p>&amp;lt;</p>" },
    { "quotes in text", t_h_text, "\"'", "<p>&quot;&#39;</p>" },
    { "a control character in text", t_h_text, "a\001b",
      "<p>a\xEF\xBF\xBD"
      "b</p>" },
    { "Chinese stays", t_h_text, "\xE5\x8F\xB8\xE5\xB8\x82", "<p>\xE5\x8F\xB8\xE5\xB8\x82</p>" },
    { "the end of a text area", t_h_area, "</textarea><b>",
      "<textarea name=\"t\">&lt;/textarea&gt;&lt;b&gt;</textarea>" },
    { "out of a double-quoted attribute", t_h_double, "\" onclick=\"x",
      "<p title=\"&quot; onclick=&quot;x\">x</p>" },
    { "out of a single-quoted attribute", t_h_single, "' onclick='x",
      "<p title='&#39; onclick=&#39;x'>x</p>" },
    { "script as a URL", t_h_url, "javascript:alert(1)", "<a href=\"#\">x</a>" },
    { "script in capitals", t_h_url, "JaVaScRiPt:alert(1)", "<a href=\"#\">x</a>" },
    { "script behind a blank", t_h_url, " javascript:alert(1)", "<a href=\"#\">x</a>" },
    { "script with a tab inside", t_h_url, "java\tscript:alert(1)", "<a href=\"#\">x</a>" },
    { "script with a line end inside", t_h_url, "java\nscript:alert(1)", "<a href=\"#\">x</a>" },
    { "script behind a control character", t_h_url, "\001javascript:alert(1)",
      "<a href=\"#\">x</a>" },
    { "data as a URL", t_h_url, "data:text/html,<b>", "<a href=\"#\">x</a>" },
    { "vbscript as a URL", t_h_url, "vbscript:x", "<a href=\"#\">x</a>" },
    { "a scheme that only begins well", t_h_url, "httpx:alert(1)", "<a href=\"#\">x</a>" },
    { "an empty scheme", t_h_url, ":alert(1)", "<a href=\"#\">x</a>" },
    { "https", t_h_url, "HTTPS://x.cn/a?b=c&d", "<a href=\"HTTPS://x.cn/a?b=c&amp;d\">x</a>" },
    { "mailto", t_h_url, "mailto:a@b.cn", "<a href=\"mailto:a@b.cn\">x</a>" },
    { "a path", t_h_url, "/e/9143?q=a:b", "<a href=\"/e/9143?q=a:b\">x</a>" },
    { "a path with a quote", t_h_url, "/\"><b>", "<a href=\"/&quot;&gt;&lt;b&gt;\">x</a>" },
    { "a fragment with a colon", t_h_url, "#a:b", "<a href=\"#a:b\">x</a>" },
    { "a segment with slashes", t_h_part, "../../x?y#z",
      "<a href=\"/e/..%2F..%2Fx%3Fy%23z\">x</a>" },
    { "a parameter with an ampersand", t_h_query, "a&b=c",
      "<a href=\"/e?q=a%26b%3Dc&amp;z=1\">x</a>" },
    { "a parameter with a quote and Chinese", t_h_query, "\"\xE5\xB8\x82",
      "<a href=\"/e?q=%22%E5%B8%82&amp;z=1\">x</a>" },
    { "the end of a script in JSON", t_h_json, "</script><b>",
      "<script type=\"application/json\">{\"a\": "
      "\"\\u003c/script\\u003e\\u003cb\\u003e\"}</script>" },
    { "a comment's beginning in JSON", t_h_json, "<!--",
      "<script type=\"application/json\">{\"a\": \"\\u003c!--\"}</script>" },
    { "quote and backslash in JSON", t_h_json, "\"\\\n",
      "<script type=\"application/json\">{\"a\": \"\\u0022\\u005c\\u000a\"}</script>" },
    { "old line ends in JSON", t_h_json, "\xE2\x80\xA8\xE2\x80\xA9",
      "<script type=\"application/json\">{\"a\": \"\\u2028\\u2029\"}</script>" },
};

static void test_vectors(void **state UNUSED)
{
    TEST_CX(cx);
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct str got = written(cx, vectors[i].t, str_of(vectors[i].s));
        if (!str_eq(got, str_of(vectors[i].want))) {
            fail_msg("%s: want %s, got " STR_FMT, vectors[i].what, vectors[i].want, STR_ARG(got));
        }
    }
}

/* Whatever stands in a value, the page around it keeps its shape: the same number of '<', of quotes
 * that delimit, and nothing below a blank. */
static size_t count_of(struct str s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        n += s.p[i] == c;
    }
    return n;
}

static void test_any_byte_keeps_the_shape(void **state UNUSED)
{
    static const struct {
        void (*t)(struct buf *, enum lang, struct str);
        char quote;
    } places[] = { { t_h_text, '\0' },   { t_h_area, '\0' }, { t_h_double, '"' },
                   { t_h_single, '\'' }, { t_h_url, '"' },   { t_h_part, '"' },
                   { t_h_query, '"' },   { t_h_json, '"' } };
    TEST_CX(cx);
    for (size_t p = 0; p < COUNT_OF(places); p++) {
        struct str plain = written(cx, places[p].t, STR("x"));
        for (int c = 1; c < 128; c++) {
            char bytes[] = { 'a', (char)c, 'b', (char)c };
            struct str got = written(cx, places[p].t, (struct str){ bytes, sizeof bytes });
            assert_int_equal(count_of(plain, '<'), count_of(got, '<'));
            assert_int_equal(count_of(plain, '>'), count_of(got, '>'));
            if (places[p].quote != '\0') {
                assert_int_equal(count_of(plain, places[p].quote), count_of(got, places[p].quote));
            }
        }
    }
}

static struct str all_of(struct cx *cx, enum lang lang, const struct everything *e)
{
    struct buf b = buf_of(cx->mem, HOSTILE_ROOM);
    struct str out;
    t_h_all(&b, lang, e);
    ASSERT_OK(cx, buf_done(cx, &b, &out));
    return out;
}

static void has(struct str page, const char *part)
{
    if (memmem(page.p, page.n, part, strlen(part)) == NULL) {
        fail_msg("no %s in " STR_FMT, part, STR_ARG(page));
    }
}

static void test_every_directive(void **state UNUSED)
{
    TEST_CX(cx);
    static const uint8_t hash[32] = { 0xAB, 0xCD, 0xEF };
    const struct pair_of list[] = { { STR("a"), 1234567 }, { STR("b<"), -1000 } };
    const struct str words[] = { STR("x"), STR("y&") };
    struct everything e = { .list = list,
                            .n_list = 2,
                            .words = words,
                            .n_words = 2,
                            .s = STR("t<"),
                            .n = 1,
                            .b = true,
                            .on = 20261123,
                            .at = TEST_NOW_MS,
                            .rec = 1,
                            .h = hash,
                            .m = M_any,
                            .inner = { STR("in"), 0 } };
    struct str en = all_of(cx, LANG_EN, &e);
    has(en, "<section><h2>t&lt;</h2>");
    has(en, "<li>0:a=1,234,567</li><li class=\"second\">1:b&lt;=-1,000</li></ul>");
    has(en, "<p>[x][y&amp;]</p>");
    has(en, "<i>yes</i>");
    has(en, "2026-11-23 23 November 2026 2026-11-23 09:00:00 2026-11-23 09:00 09:00:00 "
            "0000000000001 abcdef000000 Any in");
    has(en, "<option value=\"1\" selected>1 found</option>");
    has(en, "<p>1 place could not be filled</p>");
    has(en, "{\"n\":1,\"b\":true,\"on\":\"2026-11-23\",\"s\":\"t\\u003c\","
            "\"rec\":\"0000000000001\"}</script>");
    e.n = 11;
    has(all_of(cx, LANG_EN, &e), "<p>11 places could not be filled</p>");
    has(all_of(cx, LANG_EN, &e), "<i>eleven</i>");
    e.b = false;
    e.on = 0;
    e.n_list = 0;
    has(all_of(cx, LANG_ZH, &e), "<ul><li>none</li></ul>");
    has(all_of(cx, LANG_ZH, &e), "\"on\":null");
    has(all_of(cx, LANG_ZH, &e), "<option value=\"11\">\xE5\x85\xB1 11 \xE6\x88\xB7</option>");
}

/* A page that does not fit, or has no memory, says so once at its end. */
static void test_a_page_too_long_fails_whole(void **state UNUSED)
{
    TEST_CX(cx);
    struct buf b = buf_of(cx->mem, 20);
    struct str out;
    t_h_text(&b, LANG_EN, STR("more than twenty bytes of text"));
    ASSERT_ERR(ERR_TOO_LONG, buf_done(cx, &b, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_any_byte_keeps_the_shape),
        cmocka_unit_test(test_every_directive),
        cmocka_unit_test(test_a_page_too_long_fails_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
