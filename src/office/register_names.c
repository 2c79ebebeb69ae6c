/* What an entity is and was called: its names and its codes. */
#include "office/entity_rows.h"
#include "office/office.h"
#include "q_register.h"

struct naming {
    int64_t id;
    struct entity_name *names;
    struct entity_code *codes;
    size_t n;
};

/* Since when, without a break, it has had the name it has. */
static int32_t named_since(const struct believed *b)
{
    int32_t since = 0;
    for (size_t i = b->n; i > 0 && str_eq(b->version[i - 1].name, b->version[b->n - 1].name); i--) {
        since = b->version[i - 1].valid_from_on;
    }
    return since;
}

static enum err names_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct naming *w = arg;
    struct believed b;
    struct q_entity_names *rows = NULL;
    size_t n = 0;
    TRY(entity_believed(cx, tx, w->id, &b));
    TRY(q_entity_names(cx, tx, w->id, &rows, &n));
    w->names = arena_alloc(cx->mem, n + 1, sizeof *w->names);
    if (w->names == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu names", n);
    }
    w->names[0] = (struct entity_name){ b.version[b.n - 1].name, NAME_CURRENT, named_since(&b), 0 };
    for (size_t i = 0; i < n; i++) {
        w->names[i + 1] = (struct entity_name){ .name = rows[i].name,
                                                .kind = (enum entity_name_kind)rows[i].kind,
                                                .from_on = (int32_t)number_or_zero(rows[i].from_on),
                                                .to_on = (int32_t)number_or_zero(rows[i].to_on) };
    }
    w->n = n + 1;
    return ERR_OK;
}

enum err register_names(struct cx *cx, const struct desk *d, int64_t id, struct entity_name **out,
                        size_t *n)
{
    struct naming w = { .id = id };
    TRY(store_read(cx, d->store, names_work, &w));
    *out = w.names;
    *n = w.n;
    return ERR_OK;
}

static enum err codes_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct naming *w = arg;
    struct q_entity_codes *rows = NULL;
    TRY(q_entity_codes(cx, tx, w->id, &rows, &w->n));
    w->codes = arena_alloc(cx->mem, w->n + 1, sizeof *w->codes);
    if (w->codes == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu codes", w->n);
    }
    for (size_t i = 0; i < w->n; i++) {
        w->codes[i] = (struct entity_code){ rows[i].code, (enum code_kind)rows[i].scheme,
                                            rows[i].current == 1 };
    }
    return ERR_OK;
}

enum err register_codes(struct cx *cx, const struct desk *d, int64_t id, struct entity_code **out,
                        size_t *n)
{
    struct naming w = { .id = id };
    TRY(store_read(cx, d->store, codes_work, &w));
    *out = w.codes;
    *n = w.n;
    return ERR_OK;
}
