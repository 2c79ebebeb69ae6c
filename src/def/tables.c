#include "def/tables.h"

static size_t slot_of(const struct index *x, struct str key)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a: keys are ours, nobody can flood them */
    for (size_t i = 0; i < key.n; i++) {
        h = (h ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
    }
    size_t at = (size_t)(h ^ h >> 29) & (x->room - 1);
    while (x->key[at].p != NULL && !str_eq(x->key[at], key)) {
        at = (at + 1) & (x->room - 1);
    }
    return at;
}

enum err index_init(struct cx *cx, struct arena *keep, struct index *x, size_t n)
{
    size_t room = 8;
    while (room < 2 * n) {
        room *= 2;
    }
    x->key = arena_alloc(keep, room, sizeof *x->key);
    x->value = arena_alloc(keep, room, sizeof *x->value);
    if (x->key == NULL || x->value == NULL) {
        return fail(cx, ERR_NO_MEMORY, "definitions");
    }
    x->room = room;
    x->n = 0;
    return ERR_OK;
}

bool index_add(struct index *x, struct str key, int32_t value)
{
    size_t at = slot_of(x, key);
    if (x->key[at].p != NULL || x->n + 1 >= x->room) {
        return false;
    }
    x->key[at] = key;
    x->value[at] = value;
    x->n++;
    return true;
}

int32_t index_find(const struct index *x, struct str key)
{
    if (x->room == 0) {
        return -1;
    }
    size_t at = slot_of(x, key);
    return x->key[at].p == NULL ? -1 : x->value[at];
}

enum err label_read(const struct yaml *y, struct fy_node *n, struct labelled *out)
{
    TRY(yaml_str(y, n, "key", &out->key));
    TRY(yaml_str(y, n, "zh", &out->label.text[LANG_ZH]));
    return yaml_str(y, n, "en", &out->label.text[LANG_EN]);
}

enum err labels_read(const struct yaml *y, const char *key, struct labels *out)
{
    struct fy_node *list;
    size_t n;
    TRY(yaml_list(y, y->root, key, &list, &n));
    struct labels l = { arena_alloc(y->keep, n + 1, sizeof *l.item), 0 };
    if (l.item == NULL) {
        return fail(y->cx, ERR_NO_MEMORY, "%s", y->file);
    }
    void *at = NULL;
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        struct labelled one;
        TRY(yaml_only(y, i, "key zh en"));
        TRY(label_read(y, i, &one));
        if (labels_find(&l, one.key) != NULL) {
            return yaml_fail(y, i, "\"" STR_FMT "\" stands twice", STR_ARG(one.key));
        }
        l.item[l.n++] = one;
    }
    *out = l;
    return ERR_OK;
}

const struct labelled *labels_find(const struct labels *l, struct str key)
{
    for (size_t i = 0; i < l->n; i++) {
        if (str_eq(l->item[i].key, key)) {
            return &l->item[i];
        }
    }
    return NULL;
}

enum err tsv_next(struct tsv *t, struct str *field, size_t n, bool *more)
{
    if (t->rest.n == 0) {
        *more = false;
        return ERR_OK;
    }
    struct str line = str_cut(&t->rest, '\n');
    t->line++;
    if (line.n > 0 && line.p[line.n - 1] == '\r') {
        line.n--;
    }
    if (utf8_bad_at(line) < line.n) {
        return fail(t->cx, ERR_DEFINITION, "%s:%d:%zu: not UTF-8", t->file, t->line,
                    utf8_bad_at(line) + 1);
    }
    size_t tabs = 0;
    for (size_t i = 0; i < line.n; i++) {
        tabs += line.p[i] == '\t';
    }
    if (tabs + 1 != n) {
        return fail(t->cx, ERR_DEFINITION, "%s:%d:1: %zu fields, %zu expected", t->file, t->line,
                    tabs + 1, n);
    }
    for (size_t i = 0; i < n; i++) {
        field[i] = str_cut(&line, '\t');
    }
    *more = true;
    return ERR_OK;
}
