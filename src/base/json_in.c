/* The parsing is jansson's. Its json_object() is not ours of json.h, so this file includes neither
 * base.h nor json.h, and nobody else includes jansson.h. */
#include "base/json_in.h"

#include <jansson.h>

/* The first place that is nested too deeply, or the text's end: what recurses later may trust it.
 */
static size_t too_deep_at(struct str s)
{
    size_t depth = 0;
    bool inside = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (inside) {
            i += c == '\\';
            inside = c != '"';
        } else if (c == '"') {
            inside = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_IN_DEPTH_MAX) {
                return i;
            }
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return s.n;
}

static enum err take(struct cx *cx, json_t *from, struct json_value *to);

static enum err take_text(struct cx *cx, const char *p, size_t n, struct str *to)
{
    *to = str_dup(cx->mem, (struct str){ p, n });
    return to->p == NULL ? fail(cx, ERR_NO_MEMORY, "JSON text of %zu bytes", n) : ERR_OK;
}

static enum err room_for(struct cx *cx, size_t n, struct json_value **v)
{
    *v = arena_alloc(cx->mem, n + 1, sizeof **v);
    return *v == NULL ? fail(cx, ERR_NO_MEMORY, "%zu JSON values", n) : ERR_OK;
}

static enum err take_array(struct cx *cx, json_t *from, struct json_value *to)
{
    struct json_value *v = NULL;
    to->n = json_array_size(from);
    TRY(room_for(cx, to->n, &v));
    for (size_t k = 0; k < to->n; k++) {
        TRY(take(cx, json_array_get(from, k), &v[k]));
    }
    to->v = v;
    return ERR_OK;
}

static enum err take_object(struct cx *cx, json_t *from, struct json_value *to)
{
    struct json_value *v = NULL;
    struct json_value *at;
    TRY(room_for(cx, json_object_size(from), &v));
    for (void *it = json_object_iter(from); it != NULL; it = json_object_iter_next(from, it)) {
        const char *key = json_object_iter_key(it);
        at = &v[to->n++];
        TRY(take_text(cx, key, str_of(key).n, &at->key));
        TRY(take(cx, json_object_iter_value(it), at));
    }
    to->v = v;
    return ERR_OK;
}

static enum err take(struct cx *cx, json_t *from, struct json_value *to)
{
    switch (json_typeof(from)) {
    case JSON_OBJECT:
        to->kind = JSON_IN_OBJECT;
        return take_object(cx, from, to);
    case JSON_ARRAY:
        to->kind = JSON_IN_ARRAY;
        return take_array(cx, from, to);
    case JSON_STRING:
        to->kind = JSON_IN_TEXT;
        return take_text(cx, json_string_value(from), json_string_length(from), &to->s);
    case JSON_INTEGER:
        to->kind = JSON_IN_INT;
        to->i = json_integer_value(from);
        return ERR_OK;
    case JSON_REAL:
        to->kind = JSON_IN_REAL;
        return ERR_OK;
    case JSON_TRUE:
    case JSON_FALSE:
        to->kind = JSON_IN_BOOL;
        to->i = json_is_true(from);
        return ERR_OK;
    case JSON_NULL:
    default:
        to->kind = JSON_IN_NULL;
        return ERR_OK;
    }
}

enum err json_read(struct cx *cx, struct str text, const struct json_value **out)
{
    json_error_t why;
    struct json_value *root = NULL;
    size_t bad = utf8_bad_at(text);
    size_t deep = too_deep_at(text);
    if (bad < text.n) {
        return fail(cx, ERR_BAD_REQUEST, "JSON: byte %zu is no UTF-8 or a NUL", bad + 1);
    }
    if (deep < text.n) {
        return fail(cx, ERR_BAD_REQUEST, "JSON: byte %zu is nested over %d levels", deep + 1,
                    JSON_IN_DEPTH_MAX);
    }
    TRY(room_for(cx, 1, &root));
    json_auto_t *tree = json_loadb(text.n > 0 ? text.p : "", text.n,
                                   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (tree == NULL) {
        return fail(cx, ERR_BAD_REQUEST, "JSON: line %d, column %d: %s", why.line, why.column,
                    why.text);
    }
    TRY(take(cx, tree, root));
    *out = root;
    return ERR_OK;
}

const struct json_value *json_member(const struct json_value *v, const char *name)
{
    struct str want = str_of(name);
    for (size_t k = 0; v->kind == JSON_IN_OBJECT && k < v->n; k++) {
        if (str_eq(v->v[k].key, want)) {
            return &v->v[k];
        }
    }
    return NULL;
}
