/* Divisions of GB/T 2260 with their dates and successors. */
#include "def/tables.h"

#include <string.h>

enum { CODE, NAME, LEVEL, PARENT, FROM, TO, SUCCESSOR, SOURCE, COLUMNS };

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return s.n == 6;
}

struct str region_prefix(struct str code)
{
    size_t n = code.n;
    while (n >= 2 && n <= 6 && code.p[n - 1] == '0' && code.p[n - 2] == '0' && n % 2 == 0) {
        n -= 2;
    }
    return (struct str){ code.p, n };
}

static enum err date_field(struct tsv *t, struct str s, int32_t *out)
{
    *out = 0;
    if (s.n > 0 && date_parse(t->cx, s, out) != ERR_OK) {
        fault_clear(t->cx);
        return fail(t->cx, ERR_DEFINITION, "%s:%d:1: \"" STR_FMT "\" is no date", t->file, t->line,
                    STR_ARG(s));
    }
    return ERR_OK;
}

static enum err row_read(struct tsv *t, const struct str *f, struct region *r)
{
    int64_t level;
    if (!is_code(f[CODE]) || f[NAME].n == 0 ||
        str_int(t->cx, f[LEVEL], 0, REGION_LEVELS - 1, &level) != ERR_OK) {
        fault_clear(t->cx);
        return fail(t->cx, ERR_DEFINITION, "%s:%d:1: code, name or level is wrong", t->file,
                    t->line);
    }
    size_t own = region_prefix(f[CODE]).n;
    if (own != (size_t)level * 2 || (level > 0) != is_code(f[PARENT]) ||
        (level > 0 && !str_starts(f[CODE], region_prefix(f[PARENT])))) {
        return fail(t->cx, ERR_DEFINITION, "%s:%d:1: code, level and parent do not fit", t->file,
                    t->line);
    }
    if (f[SUCCESSOR].n > 0 && (!is_code(f[SUCCESSOR]) || f[TO].n == 0)) {
        return fail(t->cx, ERR_DEFINITION, "%s:%d:1: a successor needs a code and an end", t->file,
                    t->line);
    }
    *r = (struct region){ .code = f[CODE],
                          .name = f[NAME],
                          .level = (int)level,
                          .parent = f[PARENT],
                          .successor = f[SUCCESSOR],
                          .source = f[SOURCE] };
    TRY(date_field(t, f[FROM], &r->valid_from_on));
    return date_field(t, f[TO], &r->valid_to_on);
}

/* Every parent and successor is there. */
static enum err links_check(struct cx *cx, const struct defs *d, const char *file)
{
    for (size_t i = 0; i < d->n_regions; i++) {
        const struct region *r = &d->region[i];
        struct str to[2] = { r->parent, r->successor };
        for (size_t k = 0; k < 2; k++) {
            if (to[k].n > 0 && index_find(&d->region_of, to[k]) < 0) {
                return fail(cx, ERR_DEFINITION, "%s:%zu:1: " STR_FMT " is not in the file", file,
                            i + 2, STR_ARG(to[k]));
            }
        }
    }
    return ERR_OK;
}

enum err regions_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    struct tsv t = { cx, file, text, 0 };
    struct str f[COLUMNS];
    bool more;
    size_t lines = 1;
    for (size_t i = 0; i < text.n; i++) {
        lines += text.p[i] == '\n';
    }
    d->region = arena_alloc(d->mem, lines, sizeof *d->region);
    if (d->region == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", file);
    }
    TRY(index_init(cx, d->mem, &d->region_of, lines));
    TRY(tsv_next(&t, f, COLUMNS, &more)); /* the header */
    TRY(tsv_next(&t, f, COLUMNS, &more));
    while (more) {
        struct region *r = &d->region[d->n_regions];
        TRY(row_read(&t, f, r));
        const struct region *last = d->n_regions == 0 ? NULL : r - 1;
        if (last != NULL && (last->level > r->level ||
                             (last->level == r->level && str_cmp(last->code, r->code) >= 0))) {
            return fail(cx, ERR_DEFINITION, "%s:%d:1: not in order of level and code", file,
                        t.line);
        }
        if (!index_add(&d->region_of, r->code, (int32_t)d->n_regions)) {
            return fail(cx, ERR_DEFINITION, "%s:%d:1: code twice", file, t.line);
        }
        d->n_regions++;
        TRY(tsv_next(&t, f, COLUMNS, &more));
    }
    for (size_t i = 0, level = 0; level <= REGION_LEVELS; level++) {
        while (i < d->n_regions && (size_t)d->region[i].level < level) {
            i++;
        }
        d->level_at[level] = i;
    }
    return links_check(cx, d, file);
}

const struct region *defs_region(const struct defs *d, struct str code)
{
    if (code.n > 6) {
        code.n = 6;
    }
    int32_t i = index_find(&d->region_of, code);
    return i < 0 ? NULL : &d->region[i];
}

bool defs_region_valid(const struct region *r, int32_t on)
{
    if (on == 0) {
        return r->valid_to_on == 0;
    }
    return on >= r->valid_from_on && (r->valid_to_on == 0 || on < r->valid_to_on);
}

const struct region *defs_region_now(const struct defs *d, struct str code)
{
    const struct region *r = defs_region(d, code);
    for (int hops = 0; r != NULL && r->valid_to_on != 0; hops++) {
        r = hops == 8 || r->successor.n == 0 ? NULL : defs_region(d, r->successor);
    }
    return r;
}

size_t defs_regions_of_level(const struct defs *d, int level, const struct region **first)
{
    if (level < 0 || level >= REGION_LEVELS) {
        *first = NULL;
        return 0;
    }
    *first = d->region + d->level_at[level];
    return d->level_at[level + 1] - d->level_at[level];
}

/* The part of a level whose codes start with `prefix`. */
static size_t part_of_level(const struct defs *d, int level, struct str prefix,
                            const struct region **first)
{
    const struct region *all;
    size_t n = defs_regions_of_level(d, level, &all);
    size_t lo = 0;
    for (size_t hi = n; lo < hi;) {
        size_t mid = lo + (hi - lo) / 2;
        if (str_cmp(all[mid].code, prefix) < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    size_t end = lo;
    while (end < n && str_starts(all[end].code, prefix)) {
        end++;
    }
    *first = all + lo;
    return end - lo;
}

size_t defs_region_children(const struct defs *d, struct str code, const struct region **first)
{
    struct str prefix = region_prefix(code);
    return part_of_level(d, (int)(prefix.n / 2) + 1, prefix, first);
}

const struct region *defs_region_by_name(const struct defs *d, struct str name, int level,
                                         struct str within)
{
    const struct region *all;
    size_t n = part_of_level(d, level, region_prefix(within), &all);
    const struct region *found[2][2] = { { NULL } }; /* past or in force; exact or shortened */
    bool many[2][2] = { { false } };
    for (size_t i = 0; i < n && name.n >= 6; i++) { /* two characters at least */
        if (str_starts(all[i].name, name)) {
            int now = all[i].valid_to_on == 0;
            int exact = all[i].name.n == name.n;
            many[now][exact] = found[now][exact] != NULL;
            found[now][exact] = &all[i];
        }
    }
    for (int k = 3; k >= 0; k--) {
        if (found[k / 2][k % 2] != NULL) {
            return many[k / 2][k % 2] ? NULL : found[k / 2][k % 2];
        }
    }
    return NULL;
}

void defs_region_path(const struct defs *d, struct str code, const char *sep, struct buf *out)
{
    bool any = false;
    for (size_t n = 2; n <= 6 && n <= code.n; n += 2) {
        char upper[6] = { '0', '0', '0', '0', '0', '0' };
        memcpy(upper, code.p, n);
        const struct region *r = defs_region(d, (struct str){ upper, 6 });
        if (r == NULL || (n > 2 && str_eq((struct str){ code.p + n - 2, 2 }, STR("00")))) {
            continue;
        }
        if (any) {
            buf_put_z(out, sep);
        }
        buf_put(out, r->name);
        any = true;
    }
    if (!any) {
        buf_put(out, code);
    }
}
