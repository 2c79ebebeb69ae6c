#include "http/inner.h"

#include <string.h>

enum { METHODS = HTTP_DELETE + 1 };

struct node {
    struct str text; /* "{}" matches any one segment */
    struct node *child, *next;
    const struct http_route *route[METHODS];
    const struct http_table *table[METHODS];
    size_t index[METHODS];
    const struct http_static *file;
    unsigned allow;
};

static struct node *child_of(struct cx *cx, struct node *at, struct str text)
{
    struct node **to = &at->child;
    for (; *to != NULL; to = &(*to)->next) {
        if (str_eq((*to)->text, text)) {
            return *to;
        }
    }
    struct node *fresh = arena_alloc(cx->mem, 1, sizeof *fresh);
    if (fresh != NULL) {
        fresh->text = text;
        *to = fresh;
    }
    return fresh;
}

static enum err node_at(struct cx *cx, struct node *root, const char *pattern, struct node **out)
{
    struct str rest = str_from(str_of(pattern), 1);
    struct node *at = root;
    while (rest.n > 0) {
        at = child_of(cx, at, str_cut(&rest, '/'));
        if (at == NULL) {
            return fail(cx, ERR_NO_MEMORY, "routes");
        }
    }
    *out = at;
    return ERR_OK;
}

static enum err route_add(struct cx *cx, struct node *root, const struct http_table *t, size_t k,
                          size_t index)
{
    const struct http_route *r = &t->routes[k];
    struct node *at = NULL;
    TRY(node_at(cx, root, r->pattern, &at));
    if (at->route[r->method] != NULL) {
        return fail(cx, ERR_DUPLICATE, "route %s %s", r->name, r->pattern);
    }
    at->route[r->method] = r;
    at->table[r->method] = t;
    at->index[r->method] = index;
    at->allow |= 1u << r->method;
    return ERR_OK;
}

enum err routes_build(struct cx *cx, const struct http_options *o, struct node **root)
{
    struct node *top = arena_alloc(cx->mem, 1, sizeof *top);
    size_t index = 0;
    if (top == NULL) {
        return fail(cx, ERR_NO_MEMORY, "routes");
    }
    for (size_t t = 0; t < o->n_tables; t++) {
        for (size_t k = 0; k < o->tables[t].n; k++) {
            TRY(route_add(cx, top, &o->tables[t], k, index++));
        }
    }
    for (size_t k = 0; k < o->n_statics; k++) {
        struct node *at = NULL;
        TRY(node_at(cx, top, o->statics[k].path, &at));
        at->file = &o->statics[k];
        at->allow |= 1u << HTTP_GET;
    }
    *root = top;
    return ERR_OK;
}

/* A literal segment is tried before "{}"; what the "{}" took is written to `f`. */
static const struct node *walk(const struct node *at, const struct path *p, size_t depth,
                               struct found *f)
{
    if (depth == p->n) {
        return at->allow != 0 ? at : NULL;
    }
    const struct node *any = NULL;
    for (const struct node *c = at->child; c != NULL; c = c->next) {
        if (str_eq(c->text, STR("{}"))) {
            any = c;
        } else if (str_eq(c->text, p->seg[depth])) {
            const struct node *end = walk(c, p, depth + 1, f);
            if (end != NULL) {
                return end;
            }
        }
    }
    if (any == NULL || p->seg[depth].n == 0 || f->n_seg == COUNT_OF(f->seg)) {
        return NULL;
    }
    f->seg[f->n_seg++] = p->seg[depth];
    const struct node *end = walk(any, p, depth + 1, f);
    f->n_seg -= end == NULL;
    return end;
}

const struct http_table *route_table(const struct http_options *o, struct str path)
{
    const struct http_table *best = NULL;
    size_t longest = 0;
    for (size_t t = 0; t < o->n_tables; t++) {
        struct str prefix = str_of(o->tables[t].prefix);
        if (prefix.n > longest && str_starts(path, prefix)) {
            best = &o->tables[t];
            longest = prefix.n;
        }
    }
    return best;
}

struct found route_find(const struct node *root, const struct http_options *o, const struct path *p,
                        int method)
{
    struct found f = { .index = SIZE_MAX };
    const struct node *end = walk(root, p, 0, &f);
    f.table = route_table(o, p->whole);
    if (end == NULL) {
        f.n_seg = 0;
        return f;
    }
    f.allow = end->allow;
    f.file = end->file;
    if (method >= 0 && method < METHODS && end->route[method] != NULL) {
        f.route = end->route[method];
        f.table = end->table[method];
        f.index = end->index[method];
    }
    return f;
}

void allow_put(struct buf *b, unsigned allow)
{
    static const char *const names[METHODS] = { "GET, HEAD", "POST", "PUT", "DELETE" };
    for (size_t m = 0; m < METHODS; m++) {
        if ((allow & 1u << m) != 0) {
            buf_put_z(b, b->n > 0 ? ", " : "");
            buf_put_z(b, names[m]);
        }
    }
}
