#include "../test.h"

static void cuts_and_compares(void **state UNUSED)
{
    struct str s = STR("a\tbb\t");
    ASSERT_STR("a", str_cut(&s, '\t'));
    ASSERT_STR("bb", str_cut(&s, '\t'));
    ASSERT_STR("", s);
    struct str none = { NULL, 0 };
    assert_int_equal(str_cut(&none, ',').n, 0);
    assert_int_equal(str_trim(str_from(none, 3)).n, 0);
    assert_true(str_cmp(STR("a"), STR("aa")) < 0);
    assert_true(str_cmp(STR("b"), STR("aa")) > 0);
    ASSERT_STR("x y", str_trim(STR(" \tx y ")));
}

static const struct {
    const char *text;
    int64_t lo, hi;
    enum err want;
    int64_t value;
} numbers[] = {
    { "0", 0, 9, ERR_OK, 0 },
    { "-9223372036854775808", INT64_MIN, INT64_MAX, ERR_OK, INT64_MIN },
    { "9223372036854775807", INT64_MIN, INT64_MAX, ERR_OK, INT64_MAX },
    { "9223372036854775808", INT64_MIN, INT64_MAX, ERR_NUMBER, 0 },
    { "", 0, 9, ERR_NUMBER, 0 },
    { "-", -9, 9, ERR_NUMBER, 0 },
    { "1x", 0, 9, ERR_NUMBER, 0 },
    { " 1", 0, 9, ERR_NUMBER, 0 },
    { "10", 0, 9, ERR_NUMBER, 0 },
};

static void reads_numbers(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        TEST_CX(cx);
        int64_t v = 0;
        ASSERT_ERR(numbers[i].want,
                   str_int(cx, str_of(numbers[i].text), numbers[i].lo, numbers[i].hi, &v));
        assert_int_equal(v, numbers[i].value);
    }
}

static const struct {
    const char *what;
    struct str text;
    size_t bad_at;
} utf8[] = {
    { "Chinese",
      { "\xe5\xb8\x82"
        "a",
        4 },
      4 },
    { "beyond the basic plane", { "\xf0\xa0\xae\xb7", 4 }, 4 },
    { "overlong slash", { "a\xc0\xaf", 3 }, 1 },
    { "surrogate", { "\xed\xa0\x80", 3 }, 0 },
    { "past U+10FFFF", { "\xf4\x90\x80\x80", 4 }, 0 },
    { "cut", { "ab\xe5\xb8", 4 }, 2 },
    { "NUL", { "a\0b", 3 }, 1 },
};

static void finds_bad_utf8(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(utf8); i++) {
        print_message("%s\n", utf8[i].what);
        assert_int_equal(utf8_bad_at(utf8[i].text), utf8[i].bad_at);
    }
    for (uint32_t c = 1; c < 0x110000; c += c == 0xd7ff ? 0x801 : 1) {
        char text[4];
        struct str s = { text, utf8_put(c, text) };
        size_t at = 0;
        assert_int_equal(utf8_bad_at(s), s.n);
        assert_int_equal(utf8_next(s, &at), c);
        assert_int_equal(at, s.n);
    }
}

static void folds_width(void **state UNUSED)
{
    char out[32];
    struct str in = STR("\xef\xbc\xa1\xef\xbc\x91\xe3\x80\x80\xe5\xb8\x82");
    size_t n = fold_width(in, out);
    ASSERT_STR("A1 \xe5\xb8\x82", ((struct str){ out, n }));
}

static void ids_print_and_read(void **state UNUSED)
{
    static const int64_t ids[] = { 0, 1, INT64_MAX, INT64_C(0x123456789abcdef) };
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        TEST_CX(cx);
        char text[ID_CHARS];
        int64_t back = -1;
        id_put(ids[i], text);
        ASSERT_OK(cx, id_get(cx, (struct str){ text, sizeof text }, &back));
        assert_true(back == ids[i]);
    }
    TEST_CX(cx);
    int64_t id;
    ASSERT_ERR(ERR_NUMBER, id_get(cx, STR("800000000000I"), &id));
}

static void builder_stops_at_its_ceiling(void **state UNUSED)
{
    TEST_CX(cx);
    struct buf b = buf_of(cx->mem, 10);
    buf_put_int(&b, INT64_MIN);
    struct str out;
    ASSERT_ERR(ERR_TOO_LONG, buf_done(cx, &b, &out));
    TEST_CX(ok);
    b = buf_of(ok->mem, 300);
    for (int i = 0; i < 300; i++) {
        buf_put_c(&b, 'x');
    }
    ASSERT_OK(ok, buf_done(ok, &b, &out));
    assert_int_equal(out.n, 300);
}

static void hex_both_ways(void **state UNUSED)
{
    char text[6];
    uint8_t back[3];
    hex_put((const uint8_t *)"\x00\xff\x1a", 3, text);
    ASSERT_STR("00ff1a", ((struct str){ text, 6 }));
    assert_true(hex_get((struct str){ text, 6 }, back));
    assert_memory_equal(back, "\x00\xff\x1a", 3);
    assert_false(hex_get(STR("0"), back));
    assert_false(hex_get(STR("0G"), back));
    assert_false(hex_get(STR("AA"), back));
}

static void a_fault_is_one_line(void **state UNUSED)
{
    TEST_CX(cx);
    ASSERT_ERR(ERR_FIELD, fail_at(cx, ERR_FIELD, "f", 1, "a\nb\xe5"));
    assert_string_equal(cx->fault.detail, "a b");
    ASSERT_ERR(ERR_STATE, fail_at(cx, ERR_STATE, "f", 1, "later"));
    assert_string_equal(cx->fault.detail, "a b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_and_compares),  cmocka_unit_test(reads_numbers),
        cmocka_unit_test(finds_bad_utf8),     cmocka_unit_test(folds_width),
        cmocka_unit_test(ids_print_and_read), cmocka_unit_test(builder_stops_at_its_ceiling),
        cmocka_unit_test(hex_both_ways),      cmocka_unit_test(a_fault_is_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
