#include "../test.h"

#include "core/core.h"

#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/* Published codes of real bodies, as in the standard's annex and on their own licences. */
static const char *const known[] = {
    "91350100M000100Y43", "91330100799655058B", "914403001922038216",
    "9144030071526726XG", "91110000802100433B", "91110000600037341L",
};

static const struct {
    const char *what, *text;
    enum code_kind kind;
    enum err err;
    size_t position;
    const char *suggestion;
} vectors[] = {
    { "published example", "91350100M000100Y43", CODE_USCC, ERR_OK, 0, "" },
    { "lower case", "91350100m000100y43", CODE_USCC, ERR_OK, 0, "" },
    { "full width",
      "\xef\xbc\x99\xef\xbc\x91"
      "350100M000100Y43",
      CODE_USCC, ERR_OK, 0, "" },
    { "blanks and hyphens", " 91350100-M000 100Y-43\t", CODE_USCC, ERR_OK, 0, "" },
    { "check character changed", "91350100M000100Y44", CODE_USCC, ERR_USCC_CHECKSUM, 18,
      "91350100M000100Y43" },
    { "letter O for 0", "9135O100M000100Y43", CODE_USCC, ERR_USCC_CHARACTER, 5,
      "91350100M000100Y43" },
    { "letter I for 1", "9I350100M000100Y43", CODE_USCC, ERR_USCC_CHARACTER, 2,
      "91350100M000100Y43" },
    { "letter S for 5", "913S0100M000100Y43", CODE_USCC, ERR_USCC_CHARACTER, 4,
      "91350100M000100Y43" },
    { "letter Z for 2", "914403001922038Z16", CODE_USCC, ERR_USCC_CHARACTER, 16,
      "914403001922038216" },
    { "letter V", "9135010VM000100Y43", CODE_USCC, ERR_USCC_CHARACTER, 8, "" },
    { "two letters that are not used", "9135OIOOM000100Y43", CODE_USCC, ERR_USCC_CHARACTER, 5,
      "91350100M000100Y43" },
    { "neighbours swapped", "91305100M000100Y43", CODE_USCC, ERR_USCC_CHECKSUM, 4,
      "91350100M000100Y43" },
    { "B for 8 inside the organisation code", "91110000B02100433B", CODE_USCC,
      ERR_USCC_ORGANISATION, 9, "91110000802100433B" },
    { "17 characters", "91350100M000100Y4", CODE_NONE, ERR_USCC_LENGTH, 0, "" },
    { "19 characters", "91350100M000100Y433", CODE_NONE, ERR_USCC_LENGTH, 0, "" },
    { "nothing", "", CODE_NONE, ERR_USCC_LENGTH, 0, "" },
    { "Chinese characters",
      "\xe5\xb8\x82\xe5\x9c\xba"
      "350100M000100Y43",
      CODE_USCC, ERR_USCC_CHARACTER, 1, "" },
    { "malformed UTF-8",
      "\xff\xfe"
      "350100M000100Y43",
      CODE_USCC, ERR_USCC_CHARACTER, 1, "" },
    { "registration number", "331000000033855", CODE_REGNO, ERR_OK, 0, "" },
    { "another registration number", "330000000063296", CODE_REGNO, ERR_OK, 0, "" },
    { "registration number, swapped", "330000000062396", CODE_REGNO, ERR_REGNO, 12,
      "330000000063296" },
    { "registration number, letter O", "33000000006329O", CODE_REGNO, ERR_REGNO, 15, "" },
    { "organisation code", "M000100Y-4", CODE_ORGANISATION, ERR_OK, 0, "" },
    { "organisation code, check wrong", "M000100Y-5", CODE_ORGANISATION, ERR_USCC_ORGANISATION, 9,
      "M000100Y4" },
};

static void vectors_are_found_so(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct code_check c = code_check(str_of(vectors[i].text));
        char got[USCC_CHARS + 1] = { 0 };
        memcpy(got, c.suggestion, USCC_CHARS);
        if (c.kind != vectors[i].kind || c.err != vectors[i].err ||
            c.position != vectors[i].position || strcmp(got, vectors[i].suggestion) != 0) {
            fail_msg("%s: kind %d, %s, position %zu, suggestion \"%s\"", vectors[i].what,
                     (int)c.kind, err_name(c.err), c.position, got);
        }
    }
}

static void every_single_error_is_found(void **state UNUSED)
{
    for (size_t k = 0; k < COUNT_OF(known); k++) {
        char code[USCC_CHARS];
        memcpy(code, known[k], USCC_CHARS);
        assert_true(uscc_valid(code));
        for (size_t i = 0; i < USCC_CHARS; i++) {
            for (const char *a = alphabet; *a != '\0'; a++) {
                code[i] = *a;
                assert_true(uscc_valid(code) == (*a == known[k][i]));
            }
            code[i] = known[k][i];
        }
    }
}

static void every_swap_of_neighbours_is_found_and_put_right(void **state UNUSED)
{
    size_t right = 0;
    size_t all = 0;
    for (size_t k = 0; k < COUNT_OF(known); k++) {
        for (size_t i = 0; i + 1 < USCC_CHARS; i++) {
            char code[USCC_CHARS];
            memcpy(code, known[k], USCC_CHARS);
            code[i] = known[k][i + 1];
            code[i + 1] = known[k][i];
            if (code[i] == code[i + 1]) {
                continue;
            }
            struct code_check c = code_check((struct str){ code, USCC_CHARS });
            assert_true(c.err != ERR_OK);
            all++;
            right += memcmp(c.suggestion, known[k], USCC_CHARS) == 0;
        }
    }
    /* two swaps of one code may both check, and then neither is more likely */
    print_message("%zu of %zu swaps put right\n", right, all);
    assert_true(right * 4 >= all * 3);
}

/* A generator of its own, so that a run can be repeated. */
static uint64_t next_random(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

static void made_codes_hold_and_their_errors_are_found(void **state UNUSED)
{
    uint64_t s = 20261123;
    for (int round = 0; round < 2000; round++) {
        char code[USCC_CHARS];
        for (size_t i = 0; i < 16; i++) {
            code[i] = alphabet[next_random(&s) % 31];
        }
        code[16] = organisation_check_character(code + 8);
        code[17] = uscc_check_character(code);
        assert_true(uscc_valid(code));
        size_t at = next_random(&s) % USCC_CHARS;
        char was = code[at];
        code[at] = alphabet[next_random(&s) % 31];
        assert_true(uscc_valid(code) == (code[at] == was));
        code[at] = was;
        at = next_random(&s) % (USCC_CHARS - 1);
        char other = code[at + 1];
        code[at + 1] = code[at];
        code[at] = other;
        assert_true(uscc_valid(code) == (code[at + 1] == other));
    }
}

static void every_suggestion_is_a_right_code(void **state UNUSED)
{
    uint64_t s = 7;
    for (int round = 0; round < 5000; round++) {
        char text[40];
        size_t n = next_random(&s) % sizeof text;
        for (size_t i = 0; i < n; i++) {
            text[i] = (char)(next_random(&s) % 8 == 0 ? next_random(&s) % 256
                                                      : (uint64_t)alphabet[next_random(&s) % 31]);
        }
        struct code_check c = code_check((struct str){ text, n });
        if (c.suggestion[0] != '\0') {
            struct code_check again = code_check((struct str){ c.suggestion, c.n });
            assert_int_equal(again.err, ERR_OK);
            assert_int_equal(again.kind, c.kind);
        }
        assert_true(c.position <= c.n);
    }
}

static void the_explanation_names_place_and_correction(void **state UNUSED)
{
    TEST_CX(cx);
    struct buf b = buf_of(cx->mem, 400);
    struct code_check c = code_check(STR("9135O100M000100Y43"));
    code_explain(&c, LANG_EN, &b);
    ASSERT_STR("USCC has a character outside its set: 5: O \xe2\x86\x92 0; 91350100M000100Y43 ?",
               buf_str(&b));
    buf_clear(&b);
    c = code_check(STR("91350100M000100Y43"));
    code_explain(&c, LANG_EN, &b);
    ASSERT_STR("", buf_str(&b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_are_found_so),
        cmocka_unit_test(every_single_error_is_found),
        cmocka_unit_test(every_swap_of_neighbours_is_found_and_put_right),
        cmocka_unit_test(made_codes_hold_and_their_errors_are_found),
        cmocka_unit_test(every_suggestion_is_a_right_code),
        cmocka_unit_test(the_explanation_names_place_and_correction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
