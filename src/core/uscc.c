/* Codes of market entities. Two checks guard a unified social credit code: GB 32100 over all of
 * it, and GB 11714 over the organisation code in its characters 9..17. */
#include "core/uscc.h"
#include "base/base.h"

#include <string.h>

static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* no I O S V Z */
/* The same as places counted from 1; 0: not in it. A million codes are checked in an import. */
static const int8_t uscc_place[128] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
    ['G'] = 17, ['H'] = 18, ['J'] = 19, ['K'] = 20, ['L'] = 21, ['M'] = 22, ['N'] = 23, ['P'] = 24,
    ['Q'] = 25, ['R'] = 26, ['T'] = 27, ['U'] = 28, ['W'] = 29, ['X'] = 30, ['Y'] = 31
};
static const char digits_alphabet[] = "0123456789";
static const char all_alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Place of `c` in an alphabet, or -1. */
static int value_in(const char *alphabet, char c)
{
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}

char uscc_check_character(const char first17[17])
{
    /* 3^(i-1) mod 31: GB 32100-2015 annex */
    static const int weight[17] = {
        1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28
    };
    int sum = 0;
    for (size_t i = 0; i < COUNT_OF(weight); i++) {
        int v = uscc_place[first17[i] & 0x7f] - 1;
        if (v < 0 || (first17[i] & 0x80) != 0) {
            return '\0';
        }
        sum += v * weight[i];
    }
    return uscc_alphabet[(31 - sum % 31) % 31];
}

char organisation_check_character(const char first8[8])
{
    static const int weight[8] = { 3, 7, 9, 10, 5, 8, 4, 2 }; /* GB 11714-1997 */
    int sum = 0;
    for (size_t i = 0; i < COUNT_OF(weight); i++) {
        char c = first8[i];
        int v = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
        if (v < 0) {
            return '\0';
        }
        sum += v * weight[i];
    }
    int c = 11 - sum % 11;
    return c == 10 ? 'X' : c == 11 ? '0' : (char)('0' + c);
}

char regno_check_digit(const char first14[14])
{
    int p = 10; /* ISO/IEC 7064 MOD 11,10 */
    for (size_t i = 0; i < 14; i++) {
        int v = value_in(digits_alphabet, first14[i]);
        if (v < 0) {
            return '\0';
        }
        int s = (p + v) % 10;
        p = (s == 0 ? 10 : s) * 2 % 11;
    }
    return (char)('0' + (11 - p) % 10);
}

bool uscc_valid(const char code[USCC_CHARS])
{
    return uscc_check_character(code) == code[17] &&
           organisation_check_character(code + 8) == code[16] && code[17] != '\0';
}

/* Right, and its characters 3..8 are a region, which is all digits: what a suggestion must be. */
static bool uscc_plausible(const char *code)
{
    for (size_t i = 2; i < 8; i++) {
        if (code[i] < '0' || code[i] > '9') {
            return false;
        }
    }
    return uscc_valid(code);
}

static bool regno_valid(const char *code)
{
    return code[14] != '\0' && regno_check_digit(code) == code[14];
}

static bool organisation_valid(const char *code)
{
    return code[8] != '\0' && organisation_check_character(code) == code[8];
}

/* What differs between the kinds. */
struct form {
    size_t n;
    enum code_kind kind;
    const char *alphabet;
    bool (*valid)(const char *code);
    bool (*plausible)(const char *code); /* stricter: may it be suggested? */
    enum err bad_character, bad_check;
};

static const struct form forms[] = {
    { USCC_CHARS, CODE_USCC, uscc_alphabet, uscc_valid, uscc_plausible, ERR_USCC_CHARACTER,
      ERR_USCC_CHECKSUM },
    { REGNO_CHARS, CODE_REGNO, digits_alphabet, regno_valid, regno_valid, ERR_REGNO, ERR_REGNO },
    { ORGANISATION_CHARS, CODE_ORGANISATION, all_alphabet, organisation_valid, organisation_valid,
      ERR_USCC_ORGANISATION, ERR_USCC_ORGANISATION },
};

static bool is_filler(uint32_t c)
{
    /* blanks and hyphens people put between groups, also from word processors */
    return c == ' ' || c == '\t' || c == '-' || c == '.' || c == '\r' || c == '\n' || c == 0xa0 ||
           c == 0x3000 || c == 0xfeff || (c >= 0x2000 && c <= 0x2015) || c == 0x2212;
}

static char fold_character(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e) {
        c -= 0xfee0;
    }
    if (c >= 'a' && c <= 'z') {
        c -= 'a' - 'A';
    }
    return c > 0x20 && c < 0x7f ? (char)c : '?';
}

/* Folds into c->code; false when there is more than any code can hold. */
static bool fold_text(struct str text, struct code_check *c)
{
    size_t good = utf8_bad_at(text);
    for (size_t i = 0; i < text.n;) {
        uint32_t one = '?';
        if (i < good) {
            one = utf8_next(text, &i);
        } else {
            i++; /* bytes behind the first malformed one count one character each */
        }
        if (is_filler(one) || is_filler((uint32_t)(unsigned char)fold_character(one))) {
            continue;
        }
        if (c->n == USCC_CHARS) {
            return false;
        }
        c->code[c->n++] = fold_character(one);
    }
    return true;
}

/* What was probably meant by a character outside an alphabet: 0 when nothing is likely. */
static char meant_by(const struct form *f, char c)
{
    static const char looks[][2] = { { 'I', '1' }, { 'O', '0' }, { 'S', '5' }, { 'Z', '2' },
                                     { 'V', 'U' }, { 'L', '1' }, { 'B', '8' }, { 'D', '0' },
                                     { 'Q', '0' }, { 'G', '6' }, { '|', '1' }, { '$', '5' } };
    for (size_t i = 0; i < COUNT_OF(looks); i++) {
        if (looks[i][0] == c && value_in(f->alphabet, looks[i][1]) >= 0) {
            return looks[i][1];
        }
    }
    return '\0';
}

/* Characters outside the alphabet: finds the first, and suggests the code with all of them
 * replaced by what they look like, when that is a right code. */
static bool check_characters(const struct form *f, struct code_check *c)
{
    char with[USCC_CHARS] = { 0 };
    bool likely = true;
    memcpy(with, c->code, f->n);
    for (size_t i = f->n; i > 0; i--) {
        if (value_in(f->alphabet, c->code[i - 1]) >= 0) {
            continue;
        }
        c->position = i;
        with[i - 1] = meant_by(f, c->code[i - 1]);
        likely = likely && with[i - 1] != '\0';
    }
    if (c->position == 0) {
        return true;
    }
    c->err = f->bad_character;
    if (likely && f->plausible(with)) {
        memcpy(c->suggestion, with, f->n);
    }
    return false;
}

static void swap(char *a, char *b)
{
    char t = *a;
    *a = *b;
    *b = t;
}

/* One right code among the swaps of neighbours? */
static bool suggest_swap(const struct form *f, struct code_check *c)
{
    size_t found = 0;
    char with[USCC_CHARS];
    memcpy(with, c->code, f->n);
    for (size_t i = 0; i + 1 < f->n; i++) {
        swap(&with[i], &with[i + 1]);
        if (with[i] != with[i + 1] && f->plausible(with)) {
            found++;
            c->position = i + 1;
            memcpy(c->suggestion, with, f->n);
        }
        swap(&with[i], &with[i + 1]);
    }
    c->transposed = found == 1;
    return found == 1;
}

/* One right code among those that differ in one character of lo..hi-1? The check characters are
 * left out by the caller: computing them anew would always be an answer. */
static bool suggest_one(const struct form *f, size_t lo, size_t hi, const char *pairs,
                        struct code_check *c)
{
    size_t found = 0;
    char with[USCC_CHARS];
    memcpy(with, c->code, f->n);
    for (size_t i = lo; i < hi; i++) {
        for (const char *a = f->alphabet; *a != '\0'; a++) {
            bool looks = pairs == NULL;
            for (const char *p = pairs; p != NULL && *p != '\0' && !looks; p += 2) {
                looks = (p[0] == c->code[i] && p[1] == *a) || (p[1] == c->code[i] && p[0] == *a);
            }
            with[i] = *a;
            if (looks && *a != c->code[i] && f->plausible(with)) {
                found++;
                c->position = i + 1;
                memcpy(c->suggestion, with, f->n);
            }
        }
        with[i] = c->code[i];
    }
    return found == 1;
}

/* The code with its check characters computed anew. */
static void suggest_checks(const struct form *f, struct code_check *c)
{
    char *s = c->suggestion;
    memcpy(s, c->code, f->n);
    c->position = f->n;
    if (f->kind == CODE_REGNO) {
        s[14] = regno_check_digit(s);
        return;
    }
    if (f->kind == CODE_ORGANISATION) {
        s[8] = organisation_check_character(s);
        return;
    }
    s[16] = organisation_check_character(s + 8);
    if (s[16] != c->code[16]) {
        c->position = 17;
    }
    s[17] = uscc_check_character(s);
}

static void check_sums(const struct form *f, struct code_check *c)
{
    static const char look_alikes[] = "8B0D1L6G5627UYUWPR1TMN";
    if (f->valid(c->code)) {
        return;
    }
    bool inner = f->kind == CODE_USCC && organisation_check_character(c->code + 8) != c->code[16];
    c->err = inner ? ERR_USCC_ORGANISATION : f->bad_check;
    /* Both sums wrong and one character of the organisation code can repair both: that is it. */
    if (suggest_swap(f, c) || suggest_one(f, 0, f->n - 1, look_alikes, c) ||
        (inner && suggest_one(f, 8, 17, NULL, c))) {
        return;
    }
    c->transposed = false;
    suggest_checks(f, c);
}

struct code_check code_check(struct str text)
{
    struct code_check c = { 0 };
    if (!fold_text(text, &c)) {
        return (struct code_check){ .err = ERR_USCC_LENGTH };
    }
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if (forms[i].n == c.n) {
            c.kind = forms[i].kind;
            if (check_characters(&forms[i], &c)) {
                check_sums(&forms[i], &c);
            }
            return c;
        }
    }
    c.err = ERR_USCC_LENGTH;
    return c;
}

const char *code_kind_name(enum code_kind k)
{
    static const char *const names[] = { "none", "uscc", "regno", "organisation" };
    return (size_t)k < COUNT_OF(names) ? names[k] : "none";
}

void code_explain(const struct code_check *c, enum lang lang, struct buf *out)
{
    if (c->err == ERR_OK) {
        return;
    }
    buf_put_z(out, err_text(c->err, lang));
    if (c->err == ERR_USCC_LENGTH) {
        if (c->n > 0) {
            buf_fmt(out, " (%zu)", c->n);
        }
        return;
    }
    size_t at = c->position;
    if (at > 0) {
        buf_fmt(out, ": %zu: %.*s", at, c->transposed ? 2 : 1, c->code + at - 1);
        if (c->suggestion[0] != '\0') {
            buf_fmt(out, " \xe2\x86\x92 %.*s", c->transposed ? 2 : 1, c->suggestion + at - 1);
        }
    }
    if (c->suggestion[0] != '\0') {
        buf_fmt(out, "; %.*s ?", (int)c->n, c->suggestion);
    }
}
