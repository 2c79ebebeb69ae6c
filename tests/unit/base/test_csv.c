#include "../test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fields with '|' behind each; records with '/' behind each; a fault as '!' and its name. */
static const struct {
    const char *what, *text, *want;
} vectors[] = {
    { "plain", "a,b\nc,d\n", "a|b|/c|d|/" },
    { "CR LF", "a,b\r\nc,d\r\n", "a|b|/c|d|/" },
    { "no line end at the end", "a,b\nc,d", "a|b|/c|d|/" },
    { "empty fields", ",\n,,\n", "||/|||/" },
    { "a blank line is one empty field", "a\n\nb\n", "a|/|/b|/" },
    { "quoted separator", "\"a,b\",c\n", "a,b|c|/" },
    { "quoted line ends", "\"a\nb\r\nc\",d\n", "a\nb\r\nc|d|/" },
    { "doubled quotes", "\"say \"\"no\"\"\",\"\"\"\"\n", "say \"no\"|\"|/" },
    { "empty quotes", "\"\",\"\"\n", "||/" },
    { "quote inside an unquoted field", "a\"b\",c\n", "a\"b\"|c|/" },
    { "CR inside a field stays", "a\rb,c\n", "a\rb|c|/" },
    { "quoted at the very end", "a,\"b\"", "a|b|/" },
    { "half a row at the end is a row of fewer fields", "a,b\nc", "a|b|/c|/" },
    { "text behind a closing quote", "\"a\"b,c\nd\n", "!CSV_BEHIND/d|/" },
    { "blank behind a closing quote", "\"a\" ,c\nd\n", "!CSV_BEHIND/d|/" },
    { "open quote takes only its line", "a,\"b\nc\nd\n", "!CSV_OPEN/c|/d|/" },
    { "open quote at the end", "a\n\"", "a|/!CSV_OPEN/" },
    { "open quote ends in a doubled one", "\"a\"\"", "!CSV_OPEN/" },
    { "CR at the end of a faulty line", "\"a\"b\r\nc\r\n", "!CSV_BEHIND/c|/" },
};

static const char *cut(struct str text, size_t at_first, char out[1024], size_t *lines)
{
    static char scratch[4096];
    static struct csv_record r;
    char *free_at = scratch;
    size_t n = 0;
    *lines = 0;
    for (size_t at = 0; at < text.n; at += r.bytes, *lines += r.lines) {
        size_t given = at_first;
        bool done = false;
        while (!done) {
            given = given < text.n - at ? given : text.n - at;
            struct str part = { text.p + at, given };
            done = csv_next(part, ',', given == text.n - at, &free_at, &r);
            given++;
        }
        for (size_t i = 0; r.fault == ERR_OK && i < r.n; i++) {
            memcpy(out + n, r.field[i].p, r.field[i].n);
            n += r.field[i].n;
            out[n++] = '|';
        }
        n += (size_t)snprintf(out + n, 1024 - n, "%s%s/", r.fault == ERR_OK ? "" : "!",
                              r.fault == ERR_OK ? "" : err_name(r.fault));
    }
    out[n] = '\0';
    return out;
}

static void records_are_cut(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct str text = str_of(vectors[i].text);
        char got[1024];
        size_t lines, want_lines = 0;
        for (size_t k = 0; k < text.n; k++) {
            want_lines += text.p[k] == '\n';
        }
        print_message("%s\n", vectors[i].what);
        assert_string_equal(vectors[i].want, cut(text, text.n, got, &lines));
        assert_int_equal(want_lines, lines);
        for (size_t first = 1; first < text.n; first++) { /* wherever the text is cut off */
            assert_string_equal(vectors[i].want, cut(text, first, got, &lines));
            assert_int_equal(want_lines, lines);
        }
    }
}

static void a_zero_byte_is_a_fault(void **state UNUSED)
{
    char got[1024];
    size_t lines;
    struct str text = STR("a\0b,c\nd\n");
    assert_string_equal("!CSV_NUL/d|/", cut(text, text.n, got, &lines));
}

static void a_raw_record_is_its_line(void **state UNUSED)
{
    static struct csv_record r;
    char room[64];
    char *free_at = room;
    assert_true(csv_next(STR("a,\"b\"\"\"\r\nc\n"), ',', false, &free_at, &r));
    ASSERT_STR("a,\"b\"\"\"", r.raw);
    assert_int_equal(9, r.bytes);
    assert_true(csv_next(STR("a,\"b\r\nc\r\n"), ',', true, &free_at, &r));
    ASSERT_STR("a,\"b", r.raw);
    ASSERT_ERR(ERR_CSV_OPEN, r.fault);
}

static void long_records_and_many_fields_are_faults(void **state UNUSED)
{
    enum { ROOM = CSV_RECORD_MAX + 100 };
    static struct csv_record r;
    char *text = malloc(ROOM);
    char *scratch = malloc(ROOM);
    assert_true(text != NULL && scratch != NULL);
    char *free_at = scratch;
    memset(text, 'x', ROOM);
    assert_false(csv_next((struct str){ text, CSV_RECORD_MAX }, ',', false, &free_at, &r));
    assert_true(csv_next((struct str){ text, ROOM }, ',', false, &free_at, &r));
    ASSERT_ERR(ERR_CSV_LONG, r.fault);
    assert_true(r.cut && r.bytes == ROOM);
    text[ROOM - 2] = '\n';
    assert_true(csv_next((struct str){ text, ROOM }, ',', false, &free_at, &r));
    ASSERT_ERR(ERR_CSV_LONG, r.fault);
    assert_true(!r.cut && r.bytes == ROOM - 1);
    text[0] = '"'; /* opened, and not closed within the limit: only its line */
    text[10] = '\n';
    assert_true(csv_next((struct str){ text, ROOM }, ',', false, &free_at, &r));
    ASSERT_ERR(ERR_CSV_OPEN, r.fault);
    assert_int_equal(11, r.bytes);
    memset(text, ',', CSV_FIELDS_MAX);
    text[CSV_FIELDS_MAX - 1] = '\n';
    assert_true(csv_next((struct str){ text, ROOM }, ',', false, &free_at, &r));
    ASSERT_ERR(ERR_OK, r.fault);
    assert_int_equal(CSV_FIELDS_MAX, r.n);
    text[CSV_FIELDS_MAX - 1] = ',';
    text[CSV_FIELDS_MAX] = '\n';
    assert_true(csv_next((struct str){ text, ROOM }, ',', false, &free_at, &r));
    ASSERT_ERR(ERR_CSV_FIELDS, r.fault);
    assert_int_equal(CSV_FIELDS_MAX + 1, r.bytes);
    free(text);
    free(scratch);
}

static void the_separator_is_what_makes_most_fields(void **state UNUSED)
{
    assert_int_equal(',', csv_separator(STR("name,code\na;b;c\n")));
    assert_int_equal(';', csv_separator(STR("name;code;x,y\n")));
    assert_int_equal('\t', csv_separator(STR("name\tcode\n")));
    assert_int_equal(',', csv_separator(STR("\"a;b;c;d\",e\n")));
    assert_int_equal(',', csv_separator(STR("name")));
    assert_int_equal(',', csv_separator(STR("")));
}

static void what_is_put_is_read_again(void **state UNUSED)
{
    static const char *const fields[] = { "", "a", "a,b", "\"", "a\"\"b", "x\ny", " a ", "\r" };
    static struct csv_record r;
    TEST_CX(cx);
    char room[256];
    char *free_at = room;
    struct buf b = buf_of(cx->mem, 1024);
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        buf_put_z(&b, i > 0 ? "," : "");
        csv_put(&b, str_of(fields[i]), ',');
    }
    buf_put_c(&b, '\n');
    assert_true(csv_next(buf_str(&b), ',', true, &free_at, &r));
    ASSERT_ERR(ERR_OK, r.fault);
    assert_int_equal(COUNT_OF(fields), r.n);
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        ASSERT_STR(fields[i], r.field[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_cut),
        cmocka_unit_test(a_zero_byte_is_a_fault),
        cmocka_unit_test(a_raw_record_is_its_line),
        cmocka_unit_test(long_records_and_many_fields_are_faults),
        cmocka_unit_test(the_separator_is_what_makes_most_fields),
        cmocka_unit_test(what_is_put_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
