/* Values on their way in, rows on their way out. */
#include "store/store.h"

#include <string.h>

#include "store/schema.h"

struct val val_int(int64_t i)
{
    return (struct val){ .type = VAL_INT, .i = i };
}

static const struct val null_val = { .type = VAL_NULL, .i = NULL_INT };

struct val val_int_or_null(int64_t i)
{
    return i == NULL_INT ? null_val : val_int(i);
}

struct val val_text(struct str s)
{
    return s.p == NULL ? null_val : (struct val){ .type = VAL_TEXT, .s = s };
}

struct val val_blob(struct str s)
{
    return s.p == NULL ? null_val : (struct val){ .type = VAL_BLOB, .s = s };
}

enum err val_keep(struct cx *cx, const struct val *v, bool keep, struct str *out)
{
    if (!keep || v->s.p == NULL) {
        *out = v->s;
        return ERR_OK;
    }
    struct str copy = str_dup(cx->mem, v->s);
    if (copy.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a row's text of %zu bytes", v->s.n);
    }
    *out = copy;
    return ERR_OK;
}

static enum err rows_grow(struct cx *cx, struct rows *r)
{
    size_t room = r->room == 0 ? 4 : r->room * 2;
    void *at = arena_alloc(cx->mem, r->most == 1 ? 1 : room, r->size);
    if (at == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu rows of %zu bytes", room, r->size);
    }
    if (r->n > 0) {
        memcpy(at, r->at, r->n * r->size);
    }
    r->at = at;
    r->room = room;
    return ERR_OK;
}

enum err rows_add(struct cx *cx, const struct val *v, void *rows)
{
    struct rows *r = rows;
    if (r->n == r->most) {
        return fail(cx, ERR_STORE, "more than one row where one was expected");
    }
    if (r->n == r->room) {
        TRY(rows_grow(cx, r));
    }
    TRY(r->get(cx, v, (char *)r->at + r->n * r->size, true));
    r->n++;
    return ERR_OK;
}

bool rows_maybe(const struct rows *r, void *out)
{
    if (r->n > 0) {
        memcpy(out, r->at, r->size);
    }
    return r->n > 0;
}

enum err rows_one(struct cx *cx, const struct rows *r, const char *name, void *out)
{
    return rows_maybe(r, out) ? ERR_OK : fail(cx, ERR_NOT_FOUND, "%s", name);
}

const struct table *store_tables(size_t *n)
{
    *n = schema_table_count;
    return schema_tables;
}
