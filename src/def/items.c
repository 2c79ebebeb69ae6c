/* The list of inspection items. */
#include "def/tables.h"

enum { PPM = 1000000 };

static enum err one_of(const struct yaml *y, struct fy_node *n, const char *key, const char *words,
                       int *out)
{
    struct str s;
    TRY(yaml_str(y, n, key, &s));
    struct str rest = str_of(words);
    for (int i = 1; rest.n > 0; i++) {
        if (str_eq(str_cut(&rest, ' '), s)) {
            *out = i;
            return ERR_OK;
        }
    }
    return yaml_fail(y, n, "\"%s\" is one of: %s", key, words);
}

/* Every word of a comma list is known to `found`. */
static enum err all_known(const struct yaml *y, struct fy_node *n, const char *what,
                          struct str list, const struct defs *d,
                          bool (*found)(const struct defs *d, struct str word))
{
    while (list.n > 0) {
        struct str w = str_cut(&list, ',');
        if (!found(d, w)) {
            return yaml_fail(y, n, "\"" STR_FMT "\" is no %s", STR_ARG(w), what);
        }
    }
    return ERR_OK;
}

static bool is_method(const struct defs *d, struct str w)
{
    return labels_find(&d->methods, w) != NULL;
}

static bool is_qual(const struct defs *d, struct str w)
{
    return labels_find(&d->quals, w) != NULL;
}

static bool is_class(const struct defs *d, struct str w)
{
    return defs_class_by_key(d, w) != NULL;
}

static bool is_industry(const struct defs *d, struct str w)
{
    const struct industry *i = defs_industry(d, w);
    return i != NULL && str_eq(i->code, w);
}

static enum err basis_read(const struct yaml *y, struct fy_node *n, struct item_def *out)
{
    struct fy_node *list;
    size_t count;
    void *at = NULL;
    TRY(yaml_list(y, n, "basis", &list, &count));
    struct item_basis *b = arena_alloc(y->keep, count + 1, sizeof *b);
    if (b == NULL) {
        return fail(y->cx, ERR_NO_MEMORY, "%s", y->file);
    }
    if (count == 0) {
        return yaml_fail(y, n, "an item without a basis in law may not be inspected");
    }
    size_t k = 0;
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at), k++) {
        struct str version;
        TRY(yaml_only(y, i, "law version article verified"));
        TRY(yaml_str(y, i, "law", &b[k].law));
        TRY(yaml_str(y, i, "version", &version));
        TRY(yaml_str(y, i, "article", &b[k].article));
        TRY(yaml_maybe_bool(y, i, "verified", &b[k].verified));
    }
    out->basis = b;
    out->n_basis = count;
    return ERR_OK;
}

static enum err ratio_read(const struct yaml *y, struct fy_node *n, struct item_def *out)
{
    struct fy_node *r;
    TRY(yaml_get(y, n, "ratio", &r));
    TRY(yaml_only(y, r, "floor_ppm cap_ppm yearly_cap"));
    TRY(yaml_int(y, r, "floor_ppm", 0, PPM, &out->ratio_floor_ppm));
    TRY(yaml_int(y, r, "cap_ppm", 0, PPM, &out->ratio_cap_ppm));
    TRY(yaml_int(y, r, "yearly_cap", 0, 366, &out->yearly_cap));
    if (out->ratio_cap_ppm != 0 && out->ratio_cap_ppm < out->ratio_floor_ppm) {
        return yaml_fail(y, r, "the cap is below the floor");
    }
    return ERR_OK;
}

static enum err item_read(const struct yaml *y, struct fy_node *n, const struct defs *d,
                          struct item_def *out)
{
    TRY(yaml_only(y, n,
                  "code category name name_en objects kind list methods field levels ratio quals "
                  "classes industries basis"));
    TRY(yaml_str(y, n, "code", &out->code));
    TRY(yaml_str(y, n, "category", &out->category));
    TRY(yaml_str(y, n, "name", &out->name));
    TRY(yaml_str(y, n, "name_en", &out->name_en));
    TRY(yaml_str(y, n, "objects", &out->objects));
    TRY(one_of(y, n, "kind", "general key", &out->kind));
    TRY(one_of(y, n, "list", "leave_alone random key", &out->list));
    TRY(yaml_words(y, n, "methods", ',', &out->methods));
    TRY(yaml_str(y, n, "field", &out->field));
    TRY(yaml_words(y, n, "levels", ',', &out->levels));
    TRY(yaml_words(y, n, "quals", ',', &out->quals));
    TRY(yaml_words(y, n, "classes", ',', &out->classes));
    TRY(yaml_words(y, n, "industries", ',', &out->industries));
    TRY(ratio_read(y, n, out));
    TRY(basis_read(y, n, out));
    if (labels_find(&d->fields, out->field) == NULL) {
        return yaml_fail(y, n, "\"" STR_FMT "\" is no field", STR_ARG(out->field));
    }
    TRY(all_known(y, n, "method", out->methods, d, is_method));
    TRY(all_known(y, n, "qualification", out->quals, d, is_qual));
    TRY(all_known(y, n, "class", out->classes, d, is_class));
    return all_known(y, n, "industry", out->industries, d, is_industry);
}

static enum err head_read(const struct yaml *y, struct defs *d, int64_t *version, int32_t *from_on)
{
    int64_t from;
    TRY(yaml_only(y, y->root, "version valid_from source verified methods columns words items"));
    TRY(yaml_int(y, y->root, "version", 1, 1000000, version));
    TRY(yaml_int(y, y->root, "valid_from", 19490101, 99991231, &from));
    if (!date_valid((int32_t)from)) {
        return yaml_fail(y, yaml_find(y->root, "valid_from"), "not a day");
    }
    *from_on = (int32_t)from;
    TRY(labels_read(y, "columns", &d->item_columns));
    TRY(labels_read(y, "words", &d->item_words));
    return labels_read(y, "methods", &d->methods);
}

enum err items_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    CLEANUP(yaml_close) struct yaml y = { 0 };
    struct fy_node *list;
    size_t n;
    void *at = NULL;
    int64_t version;
    int32_t from_on = 0;
    TRY(yaml_open(cx, d->mem, file, text, &y));
    TRY(head_read(&y, d, &version, &from_on));
    TRY(yaml_list(&y, y.root, "items", &list, &n));
    d->item = arena_alloc(d->mem, n + 1, sizeof *d->item);
    if (d->item == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", file);
    }
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        struct item_def *one = &d->item[d->n_items];
        *one = (struct item_def){ .version = version, .valid_from_on = from_on };
        TRY(item_read(&y, i, d, one));
        for (size_t k = 0; k < d->n_items; k++) {
            if (str_eq(d->item[k].code, one->code)) {
                return yaml_fail(&y, i, "code " STR_FMT " stands twice", STR_ARG(one->code));
            }
        }
        d->n_items++;
    }
    return ERR_OK;
}

size_t defs_items(const struct defs *d, const struct item_def **all)
{
    *all = d->item;
    return d->n_items;
}

size_t defs_item_columns(const struct defs *d)
{
    return d->item_columns.n;
}

struct str defs_item_column(const struct defs *d, size_t i, enum lang lang, struct str *key)
{
    *key = d->item_columns.item[i].key;
    return d->item_columns.item[i].label.text[lang];
}

struct str defs_item_word(const struct defs *d, const char *key, enum lang lang)
{
    const struct labelled *found = labels_find(&d->item_words, str_of(key));
    return found == NULL ? str_of(key) : found->label.text[lang];
}
