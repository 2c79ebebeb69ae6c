/* GB/T 4754-2017. */
#include "def/tables.h"

enum { CODE, NAME, LEVEL, COLUMNS };

static bool is_code(struct str s)
{
    bool good = s.n == 1 || (s.n >= 3 && s.n <= 5);
    good = good && s.p[0] >= 'A' && s.p[0] <= 'T';
    for (size_t i = 1; good && i < s.n; i++) {
        good = s.p[i] >= '0' && s.p[i] <= '9';
    }
    return good;
}

static enum err row_add(struct tsv *t, struct defs *d, const struct str *f)
{
    int level = f[CODE].n == 1 ? 1 : (int)f[CODE].n - 1;
    if (!is_code(f[CODE]) || f[NAME].n == 0 || f[LEVEL].n != 1 || f[LEVEL].p[0] != '0' + level) {
        return fail(t->cx, ERR_DEFINITION, "%s:%d:1: code, name or level is wrong", t->file,
                    t->line);
    }
    struct str parent = { f[CODE].p, f[CODE].n == 3 ? 1 : f[CODE].n - 1 };
    if (level > 1 && index_find(&d->industry_of, parent) < 0) {
        return fail(t->cx, ERR_DEFINITION, "%s:%d:1: " STR_FMT " stands before its parent", t->file,
                    t->line, STR_ARG(f[CODE]));
    }
    int32_t i = (int32_t)d->n_industries;
    if (!index_add(&d->industry_of, f[CODE], i) ||
        (level > 1 && !index_add(&d->industry_of_digits, str_from(f[CODE], 1), i))) {
        return fail(t->cx, ERR_DEFINITION, "%s:%d:1: code twice", t->file, t->line);
    }
    d->industry[d->n_industries++] = (struct industry){ f[CODE], f[NAME], level };
    return ERR_OK;
}

enum err industries_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    struct tsv t = { cx, file, text, 0 };
    struct str f[COLUMNS];
    bool more;
    size_t lines = 1;
    for (size_t i = 0; i < text.n; i++) {
        lines += text.p[i] == '\n';
    }
    d->industry = arena_alloc(d->mem, lines, sizeof *d->industry);
    if (d->industry == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", file);
    }
    TRY(index_init(cx, d->mem, &d->industry_of, lines));
    TRY(index_init(cx, d->mem, &d->industry_of_digits, lines));
    TRY(tsv_next(&t, f, COLUMNS, &more)); /* the header */
    TRY(tsv_next(&t, f, COLUMNS, &more));
    while (more) {
        TRY(row_add(&t, d, f));
        TRY(tsv_next(&t, f, COLUMNS, &more));
    }
    return ERR_OK;
}

const struct industry *defs_industry(const struct defs *d, struct str code)
{
    int32_t i = index_find(&d->industry_of, code);
    if (i < 0 && code.n >= 2) {
        i = index_find(&d->industry_of_digits, code);
    }
    return i < 0 ? NULL : &d->industry[i];
}

size_t defs_industries(const struct defs *d, const struct industry **all)
{
    *all = d->industry;
    return d->n_industries;
}
