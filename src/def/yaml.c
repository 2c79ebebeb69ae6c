#include "def/yaml.h"

#include <libfyaml.h>
#include <stdio.h>
#include <string.h>

/* What the parser said first, with its place. */
static enum err parse_failed(struct cx *cx, const char *file, struct fy_diag *diag)
{
    void *at = NULL;
    const struct fy_diag_error *e = fy_diag_errors_iterate(diag, &at);
    if (e == NULL) {
        return fail(cx, ERR_DEFINITION, "%s: not YAML", file);
    }
    return fail(cx, ERR_DEFINITION, "%s:%d:%d: %s", file, e->line, e->column, e->msg);
}

enum err yaml_open(struct cx *cx, struct arena *keep, const char *file, struct str text,
                   struct yaml *out)
{
    if (text.n > YAML_BYTES_MAX) {
        return fail(cx, ERR_DEFINITION, "%s: over %d bytes", file, (int)YAML_BYTES_MAX);
    }
    if (utf8_bad_at(text) < text.n) {
        return fail(cx, ERR_DEFINITION, "%s: byte %zu is not UTF-8", file, utf8_bad_at(text));
    }
    const struct fy_diag_cfg quiet = { .level = FYET_ERROR, .module_mask = ~0u };
    struct fy_diag *diag = fy_diag_create(&quiet);
    if (diag == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", file);
    }
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg cfg = {
        .flags = (enum fy_parse_cfg_flags)(FYPCF_QUIET | FYPCF_COLLECT_DIAG), .diag = diag
    };
    struct fy_document *doc = fy_document_build_from_string(&cfg, text.p, text.n);
    enum err e = ERR_OK;
    if (doc == NULL) {
        e = parse_failed(cx, file, diag);
    } else if (fy_document_root(doc) == NULL || !fy_node_is_mapping(fy_document_root(doc))) {
        e = fail(cx, ERR_DEFINITION, "%s:1:1: a mapping is expected", file);
    }
    fy_diag_destroy(diag);
    if (e != ERR_OK) {
        fy_document_destroy(doc);
        return e;
    }
    *out = (struct yaml){ cx, keep, file, doc, fy_document_root(doc) };
    return ERR_OK;
}

void yaml_close(struct yaml *y)
{
    fy_document_destroy(y->doc);
    *y = (struct yaml){ 0 };
}

/* The token nearest to where a node begins: mappings and lists have none of their own. */
static struct fy_token *first_token(struct fy_node *n)
{
    for (int depth = 0; n != NULL && depth < 64; depth++) {
        void *at = NULL;
        if (fy_node_is_scalar(n)) {
            return fy_node_get_scalar_token(n);
        }
        if (fy_node_is_mapping(n)) {
            struct fy_node_pair *p = fy_node_mapping_iterate(n, &at);
            n = p == NULL ? NULL : fy_node_pair_key(p);
        } else {
            n = fy_node_sequence_iterate(n, &at);
        }
    }
    return NULL;
}

enum err yaml_fail_at(const struct yaml *y, struct fy_node *n, const char *fmt, ...)
{
    char what[300];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    struct fy_token *t = first_token(n);
    const struct fy_mark *m = t == NULL ? NULL : fy_token_start_mark(t);
    if (m == NULL) {
        return fail(y->cx, ERR_DEFINITION, "%s: %s", y->file, what);
    }
    return fail(y->cx, ERR_DEFINITION, "%s:%d:%d: %s", y->file, m->line + 1, m->column + 1, what);
}

struct fy_node *yaml_find(struct fy_node *map, const char *key)
{
    return fy_node_is_mapping(map) ? fy_node_mapping_lookup_by_string(map, key, strlen(key)) : NULL;
}

enum err yaml_get(const struct yaml *y, struct fy_node *map, const char *key, struct fy_node **out)
{
    if (!fy_node_is_mapping(map)) {
        return yaml_fail(y, map, "a mapping is expected");
    }
    struct fy_node *n = yaml_find(map, key);
    if (n == NULL) {
        return yaml_fail(y, map, "\"%s\" is missing", key);
    }
    *out = n;
    return ERR_OK;
}

enum err yaml_node_str(const struct yaml *y, struct fy_node *n, struct str *out)
{
    size_t len = 0;
    if (!fy_node_is_scalar(n) || fy_node_is_alias(n)) {
        return yaml_fail(y, n, "a plain value is expected");
    }
    const char *p = fy_node_get_scalar(n, &len);
    if (p == NULL || len == 0) {
        return yaml_fail(y, n, "a value is missing");
    }
    struct str kept = str_dup(y->keep, (struct str){ p, len });
    if (kept.p == NULL) {
        return fail(y->cx, ERR_NO_MEMORY, "%s", y->file);
    }
    *out = kept;
    return ERR_OK;
}

enum err yaml_str(const struct yaml *y, struct fy_node *map, const char *key, struct str *out)
{
    struct fy_node *n;
    TRY(yaml_get(y, map, key, &n));
    return yaml_node_str(y, n, out);
}

enum err yaml_maybe_str(const struct yaml *y, struct fy_node *map, const char *key, struct str *out)
{
    struct fy_node *n = yaml_find(map, key);
    return n == NULL ? ERR_OK : yaml_node_str(y, n, out);
}

enum err yaml_int(const struct yaml *y, struct fy_node *map, const char *key, int64_t lo,
                  int64_t hi, int64_t *out)
{
    struct fy_node *n;
    struct str s;
    TRY(yaml_get(y, map, key, &n));
    TRY(yaml_node_str(y, n, &s));
    int64_t v;
    if (str_int(y->cx, s, lo, hi, &v) != ERR_OK) {
        fault_clear(y->cx);
        return yaml_fail(y, n, "\"%s\": a number %lld..%lld is expected", key, (long long)lo,
                         (long long)hi);
    }
    *out = v;
    return ERR_OK;
}

enum err yaml_maybe_bool(const struct yaml *y, struct fy_node *map, const char *key, bool *out)
{
    struct fy_node *n = yaml_find(map, key);
    struct str s;
    if (n == NULL) {
        return ERR_OK;
    }
    TRY(yaml_node_str(y, n, &s));
    if (!str_eq(s, STR("true")) && !str_eq(s, STR("false"))) {
        return yaml_fail(y, n, "\"%s\": true or false is expected", key);
    }
    *out = str_eq(s, STR("true"));
    return ERR_OK;
}

enum err yaml_list(const struct yaml *y, struct fy_node *map, const char *key,
                   struct fy_node **list, size_t *n)
{
    struct fy_node *l;
    TRY(yaml_get(y, map, key, &l));
    if (!fy_node_is_sequence(l)) {
        return yaml_fail(y, l, "\"%s\": a list is expected", key);
    }
    *list = l;
    *n = (size_t)fy_node_sequence_item_count(l);
    return ERR_OK;
}

struct fy_node *yaml_next(struct fy_node *list, void **at)
{
    return fy_node_sequence_iterate(list, at);
}

enum err yaml_words(const struct yaml *y, struct fy_node *map, const char *key, char sep,
                    struct str *out)
{
    struct fy_node *list;
    size_t n;
    if (yaml_find(map, key) == NULL) {
        *out = (struct str){ "", 0 };
        return ERR_OK;
    }
    TRY(yaml_list(y, map, key, &list, &n));
    struct buf b = buf_of(y->keep, YAML_BYTES_MAX);
    void *at = NULL;
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        struct str word;
        TRY(yaml_node_str(y, i, &word));
        if (memchr(word.p, sep, word.n) != NULL) {
            return yaml_fail(y, i, "a word may not hold '%c'", sep);
        }
        if (b.n > 0) {
            buf_put_c(&b, sep);
        }
        buf_put(&b, word);
    }
    return buf_done(y->cx, &b, out);
}

enum err yaml_only(const struct yaml *y, struct fy_node *map, const char *known)
{
    void *at = NULL;
    if (!fy_node_is_mapping(map)) {
        return yaml_fail(y, map, "a mapping is expected");
    }
    for (struct fy_node_pair *p = fy_node_mapping_iterate(map, &at); p != NULL;
         p = fy_node_mapping_iterate(map, &at)) {
        struct str key;
        TRY(yaml_node_str(y, fy_node_pair_key(p), &key));
        struct str rest = str_of(known);
        bool found = false;
        while (rest.n > 0 && !found) {
            found = str_eq(str_cut(&rest, ' '), key);
        }
        if (!found) {
            return yaml_fail(y, fy_node_pair_key(p), "\"" STR_FMT "\" is no key here",
                             STR_ARG(key));
        }
    }
    return ERR_OK;
}

enum err yaml_names(const struct yaml *y, struct fy_node *map, const char *key,
                    struct yaml_word **out, size_t *n)
{
    struct fy_node *at = yaml_find(map, key);
    bool many = at != NULL && fy_node_is_sequence(at);
    size_t room = many ? (size_t)fy_node_sequence_item_count(at) : 1;
    struct yaml_word *w = arena_alloc(y->keep, room + 1, sizeof *w);
    size_t k = 0;
    void *iter = NULL;
    if (w == NULL) {
        return fail(y->cx, ERR_NO_MEMORY, "%s", y->file);
    }
    if (at != NULL && !many) {
        w[k++].node = at;
    }
    for (struct fy_node *i = many ? yaml_next(at, &iter) : NULL; i != NULL;
         i = yaml_next(at, &iter)) {
        w[k++].node = i;
    }
    for (size_t i = 0; i < k; i++) {
        TRY(yaml_node_str(y, w[i].node, &w[i].text));
    }
    *out = w;
    *n = k;
    return ERR_OK;
}

int32_t yaml_line(struct fy_node *n)
{
    struct fy_token *t = first_token(n);
    const struct fy_mark *m = t == NULL ? NULL : fy_token_start_mark(t);
    return m == NULL ? 0 : m->line + 1;
}

enum err yaml_fail_inside(const struct yaml *y, struct fy_node *n, struct str text, size_t at,
                          const char *what)
{
    struct fy_token *t = first_token(n);
    const struct fy_mark *from = t == NULL ? NULL : fy_token_start_mark(t);
    const struct fy_mark *to = t == NULL ? NULL : fy_token_end_mark(t);
    if (from == NULL || to == NULL || from->line != to->line || at > text.n) {
        return yaml_fail(y, n, "%s", what);
    }
    int behind = (int)utf8_count((struct str){ text.p, at });
    return fail(y->cx, ERR_DEFINITION, "%s:%d:%d: %s", y->file, from->line + 1,
                from->column + 1 + behind, what);
}
