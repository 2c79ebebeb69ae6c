/* Classes of market entities, their registration states. */
#include "def/tables.h"

static enum err class_read(const struct yaml *y, struct fy_node *n, const struct labels *bodies,
                           struct entity_class *c)
{
    struct labelled l;
    int64_t no;
    TRY(yaml_only(y, n, "no key zh en authority prefixes branch natural words"));
    TRY(yaml_int(y, n, "no", 1, 62, &no));
    TRY(label_read(y, n, &l));
    *c = (struct entity_class){ .no = (int)no, .key = l.key, .label = l.label };
    TRY(yaml_str(y, n, "authority", &c->authority));
    if (labels_find(bodies, c->authority) == NULL) {
        return yaml_fail(y, n, "\"" STR_FMT "\" is no authority", STR_ARG(c->authority));
    }
    TRY(yaml_words(y, n, "prefixes", ',', &c->prefixes));
    TRY(yaml_maybe_bool(y, n, "branch", &c->branch));
    TRY(yaml_maybe_bool(y, n, "natural", &c->natural));
    return yaml_words(y, n, "words", '\n', &c->words);
}

/* Key, both labels and the words all mean `value`. */
static enum err words_add(const struct yaml *y, struct fy_node *n, struct index *x,
                          const struct labelled *l, struct str words, int32_t value)
{
    struct str own[3] = { l->key, l->label.text[LANG_ZH], l->label.text[LANG_EN] };
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        if (!index_add(x, own[i], value)) {
            return yaml_fail(y, n, "\"" STR_FMT "\" has a meaning already", STR_ARG(own[i]));
        }
    }
    while (words.n > 0) {
        struct str w = str_cut(&words, '\n');
        if (!index_add(x, w, value)) {
            return yaml_fail(y, n, "\"" STR_FMT "\" has a meaning already", STR_ARG(w));
        }
    }
    return ERR_OK;
}

enum { WORDS_MAX = 1024 };

static enum err classes_list(const struct yaml *y, struct defs *d)
{
    struct fy_node *list;
    size_t n;
    void *at = NULL;
    uint64_t seen = 0;
    TRY(yaml_list(y, y->root, "classes", &list, &n));
    d->cls = arena_alloc(d->mem, n + 1, sizeof *d->cls);
    if (d->cls == NULL) {
        return fail(y->cx, ERR_NO_MEMORY, "%s", y->file);
    }
    TRY(index_init(y->cx, d->mem, &d->class_of_word, WORDS_MAX));
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        struct entity_class *c = &d->cls[d->n_classes];
        TRY(class_read(y, i, &d->authorities, c));
        if ((seen >> c->no & 1) != 0) {
            return yaml_fail(y, i, "number %d stands twice", c->no);
        }
        seen |= UINT64_C(1) << c->no;
        TRY(words_add(y, i, &d->class_of_word, &(struct labelled){ c->key, c->label }, c->words,
                      (int32_t)d->n_classes));
        d->n_classes++;
    }
    return ERR_OK;
}

static enum err statuses_list(const struct yaml *y, struct defs *d)
{
    struct fy_node *list;
    size_t n;
    void *at = NULL;
    TRY(yaml_list(y, y->root, "statuses", &list, &n));
    d->status = arena_alloc(d->mem, n + 1, sizeof *d->status);
    if (d->status == NULL) {
        return fail(y->cx, ERR_NO_MEMORY, "%s", y->file);
    }
    TRY(index_init(y->cx, d->mem, &d->status_of_word, WORDS_MAX));
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        struct status_def *s = &d->status[d->n_statuses];
        int64_t no;
        TRY(yaml_only(y, i, "no key zh en words"));
        TRY(yaml_int(y, i, "no", 1, 62, &no));
        TRY(label_read(y, i, &s->name));
        TRY(yaml_words(y, i, "words", '\n', &s->words));
        s->no = (int)no;
        TRY(words_add(y, i, &d->status_of_word, &s->name, s->words, s->no));
        d->n_statuses++;
    }
    return ERR_OK;
}

enum err classes_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    CLEANUP(yaml_close) struct yaml y = { 0 };
    TRY(yaml_open(cx, d->mem, file, text, &y));
    TRY(yaml_only(&y, y.root, "source verified authorities classes statuses"));
    TRY(labels_read(&y, "authorities", &d->authorities));
    TRY(classes_list(&y, d));
    return statuses_list(&y, d);
}

const struct entity_class *defs_class(const struct defs *d, int no)
{
    for (size_t i = 0; i < d->n_classes; i++) {
        if (d->cls[i].no == no) {
            return &d->cls[i];
        }
    }
    return NULL;
}

const struct entity_class *defs_class_by_key(const struct defs *d, struct str key)
{
    const struct entity_class *c = defs_class_by_word(d, key);
    return c != NULL && str_eq(c->key, key) ? c : NULL;
}

const struct entity_class *defs_class_by_word(const struct defs *d, struct str word)
{
    int32_t i = index_find(&d->class_of_word, word);
    return i < 0 ? NULL : &d->cls[i];
}

const struct entity_class *defs_class_by_code(const struct defs *d, struct str uscc)
{
    for (size_t i = 0; i < d->n_classes && uscc.n >= 2; i++) {
        struct str rest = d->cls[i].prefixes;
        while (rest.n > 0) {
            if (str_eq(str_cut(&rest, ','), (struct str){ uscc.p, 2 })) {
                return &d->cls[i];
            }
        }
    }
    return NULL;
}

size_t defs_classes(const struct defs *d, const struct entity_class **all)
{
    *all = d->cls;
    return d->n_classes;
}

struct str defs_status_label(const struct defs *d, int status, enum lang lang)
{
    for (size_t i = 0; i < d->n_statuses; i++) {
        if (d->status[i].no == status) {
            return d->status[i].name.label.text[lang];
        }
    }
    return (struct str){ "", 0 };
}

int defs_status_by_word(const struct defs *d, struct str word)
{
    int32_t no = index_find(&d->status_of_word, word);
    return no < 0 ? 0 : no;
}
