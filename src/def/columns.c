/* Header words of files, and the word lists of the demo province. */
#include "def/tables.h"

enum { COLUMN_WORDS_MAX = 2048 };

enum err defs_column_fold(struct cx *cx, struct arena *keep, struct str word, struct str *out)
{
    char *p = arena_alloc(keep, word.n + 1, 1);
    if (p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "definitions");
    }
    size_t n = fold_width(word, p);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        char c = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] + 'a' - 'A') : p[i];
        if (c != ' ' && c != '\t' && c != '_' && c != '-') {
            p[k++] = c;
        }
    }
    *out = (struct str){ p, k };
    return ERR_OK;
}

static enum err word_add(const struct yaml *y, struct fy_node *n, struct defs *d, struct str word)
{
    struct str folded;
    TRY(defs_column_fold(y->cx, y->keep, word, &folded));
    int32_t has = index_find(&d->field_of_column, folded);
    if (has == (int32_t)d->n_columns) {
        return ERR_OK; /* two spellings that fold to one */
    }
    if (has >= 0 || !index_add(&d->field_of_column, folded, (int32_t)d->n_columns)) {
        return yaml_fail(y, n, "\"" STR_FMT "\" feeds another field already", STR_ARG(word));
    }
    return ERR_OK;
}

static enum err column_read(const struct yaml *y, struct fy_node *n, struct defs *d)
{
    struct label *l = &d->column_label[d->n_columns];
    struct str words;
    TRY(yaml_only(y, n, "field zh en words"));
    TRY(yaml_str(y, n, "field", &d->column_field[d->n_columns]));
    TRY(yaml_str(y, n, "zh", &l->text[LANG_ZH]));
    TRY(yaml_str(y, n, "en", &l->text[LANG_EN]));
    TRY(yaml_words(y, n, "words", '\n', &words));
    TRY(word_add(y, n, d, d->column_field[d->n_columns]));
    TRY(word_add(y, n, d, l->text[LANG_ZH]));
    TRY(word_add(y, n, d, l->text[LANG_EN]));
    while (words.n > 0) {
        TRY(word_add(y, n, d, str_cut(&words, '\n')));
    }
    d->n_columns++;
    return ERR_OK;
}

enum err columns_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    CLEANUP(yaml_close) struct yaml y = { 0 };
    struct fy_node *list;
    size_t n;
    void *at = NULL;
    TRY(yaml_open(cx, d->mem, file, text, &y));
    TRY(yaml_only(&y, y.root, "columns"));
    TRY(yaml_list(&y, y.root, "columns", &list, &n));
    d->column_field = arena_alloc(d->mem, n + 1, sizeof *d->column_field);
    d->column_label = arena_alloc(d->mem, n + 1, sizeof *d->column_label);
    if (d->column_field == NULL || d->column_label == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", file);
    }
    TRY(index_init(cx, d->mem, &d->field_of_column, COLUMN_WORDS_MAX));
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        TRY(column_read(&y, i, d));
    }
    return ERR_OK;
}

struct str defs_column_field(const struct defs *d, struct str folded)
{
    int32_t i = index_find(&d->field_of_column, folded);
    return i < 0 ? (struct str){ "", 0 } : d->column_field[i];
}

struct str defs_column_label(const struct defs *d, const char *field, enum lang lang)
{
    for (size_t i = 0; i < d->n_columns; i++) {
        if (str_eq(d->column_field[i], str_of(field))) {
            return d->column_label[i].text[lang];
        }
    }
    return str_of(field);
}

enum err demo_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    CLEANUP(yaml_close) struct yaml y = { 0 };
    struct fy_node *list;
    size_t n;
    void *at = NULL;
    TRY(yaml_open(cx, d->mem, file, text, &y));
    TRY(yaml_only(&y, y.root, "source lists says"));
    TRY(labels_read(&y, "says", &d->demo_says));
    TRY(yaml_list(&y, y.root, "lists", &list, &n));
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        if (d->n_demo == DEMO_LISTS_MAX) {
            return yaml_fail(&y, i, "more than %d lists", (int)DEMO_LISTS_MAX);
        }
        TRY(yaml_only(&y, i, "key words"));
        TRY(yaml_str(&y, i, "key", &d->demo[d->n_demo].key));
        TRY(yaml_words(&y, i, "words", '\n', &d->demo[d->n_demo].words));
        if (d->demo[d->n_demo].words.n == 0) {
            return yaml_fail(&y, i, "an empty list");
        }
        d->n_demo++;
    }
    return ERR_OK;
}

struct str defs_demo_words(const struct defs *d, const char *list)
{
    for (size_t i = 0; i < d->n_demo; i++) {
        if (str_eq(d->demo[i].key, str_of(list))) {
            return d->demo[i].words;
        }
    }
    return (struct str){ "", 0 };
}

struct str defs_demo_says(const struct defs *d, const char *key, enum lang lang)
{
    const struct labelled *found = labels_find(&d->demo_says, str_of(key));
    return found == NULL ? str_of(key) : found->label.text[lang];
}
