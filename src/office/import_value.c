/* Words and amounts of files: capital, class, state, place. */
#include "office/import_parts.h"

#include "office/office.h"

#include <string.h>

/* ---- capital -------------------------------------------------------------------------------- */

enum { WAN = 0x4e07, YI = 0x4ebf, YUAN = 0x5143, FEN_OF_YUAN = 100 };
/* More than a thousand million millions is no capital. Behind the point eight digits count: a fen
 * of ten thousand yuan is the sixth. */
#define CAPITAL_MAX_FEN INT64_C(100000000000000000)
enum { WHOLE_DIGITS = 15, FRACTION_DIGITS = 8 };

struct amount {
    int64_t whole, fraction, divisor; /* divisor: 10 to the digits of the fraction */
    int digits;
    bool too_long;
};

/* The number at the beginning, with commas between thousands. Returns the bytes it takes. */
static size_t read_number(struct str s, struct amount *a)
{
    size_t i = 0;
    bool point = false;
    int whole_digits = 0;
    int behind = 0;
    *a = (struct amount){ .divisor = 1 };
    for (; i < s.n && !a->too_long; i++) {
        char c = s.p[i];
        bool digit = c >= '0' && c <= '9';
        if (digit && !point) {
            a->whole = a->whole * 10 + (c - '0');
            whole_digits += a->whole > 0;
            a->too_long = whole_digits > WHOLE_DIGITS;
        } else if (digit && behind < FRACTION_DIGITS) {
            a->fraction = a->fraction * 10 + (c - '0');
            a->divisor *= 10;
            behind++;
        } else if (c == '.' && !point) {
            point = true;
        } else if (!digit && (c != ',' || point)) {
            break;
        }
        a->digits += digit;
    }
    return i;
}

static bool is_bracket_or_blank(uint32_t c)
{
    return c == '(' || c == ')' || c == ' ' || c == '\t';
}

/* What stands behind the number: ten-thousands, and whether it is money of another country. */
static void read_unit(struct str tail, int64_t *unit_fen, bool *foreign)
{
    static const uint32_t of_yuan[] = { 0x4eba, 0x6c11, 0x5e01, YUAN }; /* renminbi yuan */
    static const struct str letters[] = { STR_INIT("CNY"), STR_INIT("RMB") };
    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        if (str_starts(tail, letters[i])) {
            tail = str_from(tail, letters[i].n);
        }
    }
    for (size_t i = 0; i < tail.n;) {
        uint32_t c = utf8_next(tail, &i);
        bool yuan = is_bracket_or_blank(c);
        for (size_t k = 0; k < COUNT_OF(of_yuan); k++) {
            yuan = yuan || c == of_yuan[k];
        }
        if (c == WAN || c == YI) {
            *unit_fen = (int64_t)(c == WAN ? 10000 : 100000000) * FEN_OF_YUAN;
        } else if (c == YUAN && i == utf8_put(YUAN, (char[4]){ 0 })) {
            *unit_fen = FEN_OF_YUAN; /* said at once: yuan, whatever the column's title says */
        } else if (!yuan) {
            *foreign = true;
        }
    }
}

enum err import_capital(struct cx *cx, struct str s, int64_t unit_fen, int64_t *fen)
{
    struct amount a;
    bool foreign = false;
    char *narrow = arena_alloc(cx->mem, s.n + 1, 1);
    if (narrow == NULL) {
        return fail(cx, ERR_NO_MEMORY, "capital");
    }
    struct str text = { narrow, fold_width(s, narrow) };
    text = str_trim(text);
    size_t at = read_number(text, &a);
    if (a.digits == 0) {
        return fail(cx, ERR_NUMBER, "capital: \"" STR_FMT "\"", STR_ARG(s));
    }
    read_unit(str_trim(str_from(text, at)), &unit_fen, &foreign);
    if (foreign) {
        *fen = -1;
        return ERR_OK;
    }
    int64_t exact;
    bool over = a.too_long || __builtin_mul_overflow(a.whole, unit_fen, &exact);
    if (over || exact > CAPITAL_MAX_FEN) {
        return fail(cx, ERR_NUMBER, "capital: \"" STR_FMT "\"", STR_ARG(s));
    }
    *fen = exact + (a.fraction * unit_fen + a.divisor / 2) / a.divisor;
    return ERR_OK;
}

/* ---- words ---------------------------------------------------------------------------------- */

/* Looked up as it is, half width, then up to its first bracket or blank. */
static int by_word(struct cx *cx, const struct defs *defs, struct str word,
                   int (*look)(const struct defs *defs, struct str word))
{
    int found = look(defs, word);
    char *narrow = found != 0 ? NULL : arena_alloc(cx->mem, word.n + 1, 1);
    if (narrow == NULL) {
        return found;
    }
    struct str folded = { narrow, fold_width(word, narrow) };
    found = look(defs, folded);
    for (size_t i = 1; i < folded.n && found == 0; i++) {
        if (is_bracket_or_blank((unsigned char)folded.p[i])) {
            return look(defs, (struct str){ folded.p, i });
        }
    }
    return found;
}

static int look_class(const struct defs *defs, struct str word)
{
    const struct entity_class *c = defs_class_by_word(defs, word);
    return c == NULL ? 0 : c->no;
}

int import_class(struct cx *cx, const struct defs *defs, struct str word)
{
    return by_word(cx, defs, word, look_class);
}

int import_status(struct cx *cx, const struct defs *defs, struct str word)
{
    return by_word(cx, defs, word, defs_status_by_word);
}

static bool has_prefix(const struct entity_class *c, struct str uscc)
{
    struct str rest = c->prefixes;
    while (rest.n > 0 && uscc.n >= 2) {
        if (str_eq(str_cut(&rest, ','), (struct str){ uscc.p, 2 })) {
            return true;
        }
    }
    return uscc.n < 2;
}

int import_class_by_name(struct cx *cx, const struct defs *defs, struct str name, struct str uscc)
{
    const struct entity_class *by_code = defs_class_by_code(defs, uscc);
    char *narrow = arena_alloc(cx->mem, name.n + 1, 1);
    if (narrow == NULL) {
        return 0;
    }
    struct str end = { narrow, fold_width(name, narrow) };
    if (end.n > 0 && end.p[end.n - 1] == ')') { /* "... (limited partnership)" */
        end.n--;
    }
    for (size_t i = 0; i < end.n;) { /* the longest word that the name ends in */
        const struct entity_class *c = defs_class_by_word(defs, str_from(end, i));
        if (c != NULL && has_prefix(c, uscc)) {
            return c->no;
        }
        (void)utf8_next(end, &i);
    }
    return by_code == NULL ? 0 : by_code->no;
}

/* ---- places --------------------------------------------------------------------------------- */

const struct region *import_place(const struct defs *defs, struct str province, struct str city,
                                  struct str county)
{
    enum { PROVINCE = 1, CITY, COUNTY };
    const struct region *in = NULL;
    struct str within = STR("");
    if (province.n > 0) {
        in = defs_region_by_name(defs, province, PROVINCE, within);
        if (in == NULL) {
            return NULL;
        }
        within = in->code;
    }
    if (city.n > 0) {
        const struct region *found = defs_region_by_name(defs, city, CITY, within);
        /* a city that is a county in rank; or the province again, as of those without cities */
        found = found != NULL ? found : defs_region_by_name(defs, city, COUNTY, within);
        if (found == NULL && !(in != NULL && county.n > 0)) {
            return NULL;
        }
        in = found != NULL ? found : in;
        within = in->code;
    }
    if (county.n == 0 || (in != NULL && in->level == COUNTY)) {
        return in;
    }
    return defs_region_by_name(defs, county, COUNTY, within);
}
