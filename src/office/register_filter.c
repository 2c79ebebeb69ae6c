/* A filter of the register as ranges: a subtree of codes is what begins with a prefix. */
#include "office/register_filter.h"

#include "office/office.h"

/* What begins with `prefix` lies from it to it and one byte above every byte of codes. */
static enum err range_of(struct cx *cx, struct str prefix, struct str *from, struct str *to)
{
    struct buf b = buf_of(cx->mem, prefix.n + 2);
    buf_put(&b, prefix);
    buf_put_c(&b, '~');
    *from = prefix.n == 0 ? STR("0") : prefix;
    return buf_done(cx, &b, to);
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return true;
}

/* As people write it: half or full width, either case, with blanks or hyphens. */
static enum err fold_code(struct cx *cx, struct str code, struct str *out)
{
    char *p = arena_alloc(cx->mem, code.n + 1, 1);
    if (p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "code");
    }
    size_t wide = fold_width(code, p);
    size_t n = 0;
    for (size_t i = 0; i < wide; i++) {
        char c = p[i] >= 'a' && p[i] <= 'z' ? (char)(p[i] - ('a' - 'A')) : p[i];
        if (c != ' ' && c != '-' && c != '.') {
            p[n++] = c;
        }
    }
    *out = (struct str){ p, n };
    return ERR_OK;
}

enum err filter_terms(struct cx *cx, const struct entity_filter *f, struct filter_terms *out)
{
    struct str code = STR("");
    struct str industry = str_trim(f->industry);
    struct str region = region_prefix(str_trim(f->region));
    bool section = industry.n > 0 && industry.p[0] >= 'A' && industry.p[0] <= 'Z';
    if (!all_digits(region)) {
        return fail(cx, ERR_FIELD, "region: \"" STR_FMT "\" is no code", STR_ARG(f->region));
    }
    if (industry.n > 0 && (!section || !all_digits(str_from(industry, 1)))) {
        return fail(cx, ERR_FIELD, "industry: \"" STR_FMT "\" is no code with its section",
                    STR_ARG(f->industry));
    }
    TRY(fold_code(cx, f->code, &code));
    struct filter_terms t = { .by_industry = industry.n > 0,
                              .classes = (int64_t)f->classes,
                              .statuses = (int64_t)f->statuses,
                              .by_authority = f->authority.n > 0,
                              .authority = f->authority.n > 0 ? f->authority : STR("-"),
                              .by_code = code.n > 0,
                              .grades = (int64_t)f->grades };
    TRY(range_of(cx, region, &t.region_from, &t.region_to));
    TRY(range_of(cx, industry, &t.industry_from, &t.industry_to));
    TRY(range_of(cx, code, &t.code_from, &t.code_to));
    *out = t;
    return ERR_OK;
}
