/* Departments that inspect, their fields, and what inspectors may be qualified for. */
#include "def/tables.h"

static bool is_name(struct str s)
{
    bool good = s.n >= 1 && s.n <= 32;
    for (size_t i = 0; good && i < s.n; i++) {
        char c = s.p[i];
        good =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    }
    return good;
}

static enum err dept_read(const struct yaml *y, struct fy_node *n, const struct defs *d,
                          struct dept_def *out)
{
    int64_t level;
    TRY(yaml_only(y, n, "code name en level region parent field"));
    TRY(yaml_str(y, n, "code", &out->code));
    TRY(yaml_str(y, n, "name", &out->name));
    TRY(yaml_str(y, n, "en", &out->name_en));
    TRY(yaml_int(y, n, "level", 1, 3, &level));
    TRY(yaml_str(y, n, "region", &out->region));
    TRY(yaml_maybe_str(y, n, "parent", &out->parent));
    TRY(yaml_str(y, n, "field", &out->field));
    out->level = (int)level;
    const struct region *r = defs_region(d, out->region);
    if (!is_name(out->code)) {
        return yaml_fail(y, n, "a code is 1 to 32 of A-Z a-z 0-9 _");
    }
    if (r == NULL || r->level != out->level) {
        return yaml_fail(y, n, "region " STR_FMT " is not of level %d", STR_ARG(out->region),
                         out->level);
    }
    if (labels_find(&d->fields, out->field) == NULL) {
        return yaml_fail(y, n, "\"" STR_FMT "\" is no field", STR_ARG(out->field));
    }
    if (out->parent.n > 0 && index_find(&d->dept_of, out->parent) < 0) {
        return yaml_fail(y, n, "parent " STR_FMT " does not stand before it", STR_ARG(out->parent));
    }
    return ERR_OK;
}

enum err departments_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    CLEANUP(yaml_close) struct yaml y = { 0 };
    struct fy_node *list;
    size_t n;
    void *at = NULL;
    TRY(yaml_open(cx, d->mem, file, text, &y));
    TRY(yaml_only(&y, y.root, "source verified province fields qualifications departments"));
    TRY(labels_read(&y, "fields", &d->fields));
    TRY(labels_read(&y, "qualifications", &d->quals));
    TRY(yaml_list(&y, y.root, "departments", &list, &n));
    d->dept = arena_alloc(d->mem, n + 1, sizeof *d->dept);
    d->qual_keys = arena_alloc(d->mem, d->quals.n + 1, sizeof *d->qual_keys);
    if (d->dept == NULL || d->qual_keys == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", file);
    }
    for (size_t i = 0; i < d->quals.n; i++) {
        d->qual_keys[i] = d->quals.item[i].key;
    }
    TRY(index_init(cx, d->mem, &d->dept_of, n + 1));
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        struct dept_def *one = &d->dept[d->n_depts];
        TRY(dept_read(&y, i, d, one));
        if (!index_add(&d->dept_of, one->code, (int32_t)d->n_depts)) {
            return yaml_fail(&y, i, "code " STR_FMT " stands twice", STR_ARG(one->code));
        }
        d->n_depts++;
    }
    return ERR_OK;
}

size_t defs_depts(const struct defs *d, const struct dept_def **all)
{
    *all = d->dept;
    return d->n_depts;
}

const struct dept_def *defs_dept(const struct defs *d, struct str code)
{
    int32_t i = index_find(&d->dept_of, code);
    return i < 0 ? NULL : &d->dept[i];
}

static struct str label_of(const struct labels *l, struct str key, enum lang lang)
{
    const struct labelled *found = labels_find(l, key);
    return found == NULL ? key : found->label.text[lang];
}

struct str defs_field_label(const struct defs *d, struct str key, enum lang lang)
{
    return label_of(&d->fields, key, lang);
}

struct str defs_qual_label(const struct defs *d, struct str key, enum lang lang)
{
    return label_of(&d->quals, key, lang);
}

struct str defs_method_label(const struct defs *d, struct str key, enum lang lang)
{
    return label_of(&d->methods, key, lang);
}

size_t defs_quals(const struct defs *d, const struct str **keys)
{
    *keys = d->qual_keys;
    return d->quals.n;
}
