#include "../test.h"
#include "http/inner.h"

static const struct {
    const char *what, *raw;
    bool plus;
    const char *want; /* NULL: refused */
} escapes[] = {
    { "nothing to do", "abc", true, "abc" },
    { "empty", "", true, "" },
    { "plus in a form", "a+b", true, "a b" },
    { "plus in a path", "a+b", false, "a+b" },
    { "either case", "%e4%B8%aD", false, "\xe4\xb8\xad" },
    { "an escaped escape is undone once", "%2541", false, "%41" },
    { "at the very end", "a%41", false, "aA" },
    { "one digit", "a%4", false, NULL },
    { "no digit", "a%", false, NULL },
    { "not hexadecimal", "%g0", false, NULL },
    { "space for a digit", "% 1", false, NULL },
    { "NUL", "%00", false, NULL },
    { "not UTF-8", "%ff", false, NULL },
    { "half a character", "%e4%b8", false, NULL },
    { "overlong", "%c0%af", false, NULL },
    { "surrogate", "%ed%a0%80", false, NULL },
};

static void escapes_are_undone_once_and_strictly(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(escapes); i++) {
        TEST_CX(cx);
        struct str out = STR("untouched");
        enum err err = percent_decode(cx, str_of(escapes[i].raw), escapes[i].plus, &out);
        if (escapes[i].want == NULL) {
            assert_string_equal(err_name(err), "BAD_REQUEST");
            ASSERT_STR("untouched", out);
        } else {
            ASSERT_OK(cx, err);
            ASSERT_STR(escapes[i].want, out);
        }
    }
}

static void paths_are_cut_before_they_are_decoded(void **state UNUSED)
{
    TEST_CX(cx);
    struct path p;
    ASSERT_OK(cx, path_parse(cx, STR("/a%20b/%E4%B8%AD/"), &p));
    assert_int_equal(p.n, 3);
    ASSERT_STR("a b", p.seg[0]);
    ASSERT_STR("\xe4\xb8\xad", p.seg[1]);
    ASSERT_STR("", p.seg[2]);
    ASSERT_OK(cx, path_parse(cx, STR("/"), &p));
    assert_int_equal(p.n, 0);
    static const char *const bad[] = {
        "",        "a",       "/.",     "/..",
        "/a/../b", "/%2e%2e", "/a%2fb", "/a%0ab",
        "/a%00b",  "/%7f",    "/a%",    "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(path_parse(cx, str_of(bad[i]), &p), ERR_BAD_REQUEST);
    }
}

static void forms_keep_order_and_repetition(void **state UNUSED)
{
    TEST_CX(cx);
    struct fields f = { 0 };
    ASSERT_OK(cx, form_parse(cx, STR("a=1&&b&=x&a=2=3&"), &f));
    assert_int_equal(f.n, 4);
    ASSERT_STR("a", f.v[0].name);
    ASSERT_STR("1", f.v[0].value);
    ASSERT_STR("b", f.v[1].name);
    ASSERT_STR("", f.v[1].value);
    ASSERT_STR("", f.v[2].name);
    ASSERT_STR("2=3", f.v[3].value);
}

static void forms_have_a_limit_of_fields(void **state UNUSED)
{
    TEST_CX(cx);
    struct fields f = { 0 };
    struct buf b = buf_of(cx->mem, 1u << 20);
    for (int k = 0; k < 4096; k++) {
        buf_put_z(&b, "a=1&");
    }
    ASSERT_OK(cx, form_parse(cx, buf_str(&b), &f));
    assert_int_equal(f.n, 4096);
    ASSERT_ERR(ERR_TOO_LONG, form_parse(cx, STR("a=1"), &f));
}

static void cookies_are_found_whole(void **state UNUSED)
{
    struct str h = STR("ab=1; b=2=3;c=;b=4");
    ASSERT_STR("1", cookie_find(h, STR("ab")));
    ASSERT_STR("2=3", cookie_find(h, STR("b")));
    ASSERT_STR("", cookie_find(h, STR("c")));
    assert_null(cookie_find(h, STR("a")).p);
    assert_null(cookie_find(STR(""), STR("a")).p);
}

static void media_parameters(void **state UNUSED)
{
    ASSERT_STR("x y",
               media_param(STR("multipart/form-data; charset=u; Boundary=\"x y\""), "boundary"));
    ASSERT_STR("x", media_param(STR("a/b;boundary = x ; c=d"), "boundary"));
    assert_null(media_param(STR("a/b; boundaryx=1"), "boundary").p);
    assert_null(media_param(STR("boundary=x"), "boundary").p);
}

static const struct {
    const char *header;
    enum lang want;
} languages[] = {
    { "", LANG_ZH },         { "en", LANG_EN },
    { "zh-CN,en", LANG_ZH }, { "en-GB,zh;q=0.9", LANG_EN },
    { "EN;q=0.1", LANG_EN }, { "en;q=0.123,zh-TW;q=0.124", LANG_ZH },
    { "de, fr", LANG_ZH },   { "en;q=0", LANG_ZH },
    { ";;,,;q=", LANG_ZH },  { "en;q=", LANG_EN },
};

static void languages_by_preference(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(languages); i++) {
        assert_int_equal(lang_accept(str_of(languages[i].header)), languages[i].want);
    }
}

static const char form_body[] =
    "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n"
    "--b\r\nX: y\r\ncontent-disposition: form-data; filename=\"n\\\"m;x\"; "
    "name=\"f\"\r\n\r\n\0\xff\r\n-\r\n"
    "--b\r\nContent-Disposition: form-data; name=\"e\"\r\n\r\n\r\n--b--\r\n";

static void multipart_parts(void **state UNUSED)
{
    TEST_CX(cx);
    struct part *v = NULL;
    size_t n = 0;
    struct str body = { form_body, sizeof form_body - 1 };
    ASSERT_OK(cx, multipart_parse(cx, body, STR("b"), &v, &n));
    assert_int_equal(n, 3);
    ASSERT_STR("a", v[0].name);
    ASSERT_STR("v", v[0].bytes);
    assert_null(v[0].file_name.p);
    ASSERT_STR("f", v[1].name);
    ASSERT_STR("n\\\"m;x", v[1].file_name);
    assert_int_equal(v[1].bytes.n, 5);
    ASSERT_STR("e", v[2].name);
    ASSERT_STR("", v[2].bytes);
}

/* Cut anywhere before its last fence, a body is refused and never read past its end. */
static void multipart_cut_anywhere(void **state UNUSED)
{
    const size_t whole = sizeof form_body - 1 - 2;
    for (size_t n = 0; n < whole; n++) {
        TEST_CX(cx);
        struct part *v = NULL;
        size_t count = 0;
        struct str cut = str_dup(cx->mem, (struct str){ form_body, n });
        assert_int_equal(multipart_parse(cx, cut, STR("b"), &v, &count), ERR_BAD_REQUEST);
    }
}

static void allocations_that_fail(void **state UNUSED)
{
    for (int64_t nth = 1;; nth++) {
        TEST_CX(cx);
        struct part *v = NULL;
        size_t n = 0;
        struct fields f = { 0 };
        arena_fail_nth(nth);
        enum err a = form_parse(cx, STR("a=%41&b=c+d"), &f);
        enum err b =
            multipart_parse(cx, (struct str){ form_body, sizeof form_body - 1 }, STR("b"), &v, &n);
        arena_fail_nth(0);
        if (a == ERR_OK && b == ERR_OK) {
            assert_true(nth > 3);
            return;
        }
        assert_int_equal(a == ERR_OK ? b : a, ERR_NO_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_are_undone_once_and_strictly),
        cmocka_unit_test(paths_are_cut_before_they_are_decoded),
        cmocka_unit_test(forms_keep_order_and_repetition),
        cmocka_unit_test(forms_have_a_limit_of_fields),
        cmocka_unit_test(cookies_are_found_whole),
        cmocka_unit_test(media_parameters),
        cmocka_unit_test(languages_by_preference),
        cmocka_unit_test(multipart_parts),
        cmocka_unit_test(multipart_cut_anywhere),
        cmocka_unit_test(allocations_that_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
