/* The list of inspection items, as it was on a day. */
#include "office/directory_rows.h"
#include "office/office.h"

static struct item item_of(const struct q_item_newest *r)
{
    return (struct item){
        .code = r->code,
        .version = r->version,
        .category = r->category,
        .name = r->name,
        .name_en = r->name_en,
        .objects = r->objects,
        .kind = (enum item_kind)r->kind,
        .list = (enum item_list_kind)r->list,
        .methods = r->methods,
        .field = r->field,
        .levels = r->levels,
        .basis = r->basis,
        .ratio_floor_ppm = r->ratio_floor_ppm,
        .ratio_cap_ppm = r->ratio_cap_ppm,
        .yearly_cap = r->yearly_cap,
        .quals = r->quals,
        .classes = (uint64_t)r->classes,
        .industries = r->industries,
        .valid_from_on = (int32_t)r->valid_from_on,
        .valid_to_on = (int32_t)r->valid_to_on,
    };
}

enum err item_newest(struct cx *cx, struct tx *tx, int32_t on, struct item **out, size_t *n)
{
    struct q_item_newest *rows;
    TRY(q_item_newest(cx, tx, on, &rows, n));
    struct item *all = arena_alloc(cx->mem, *n + 1, sizeof *all);
    if (all == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu items", *n);
    }
    for (size_t i = 0; i < *n; i++) {
        all[i] = item_of(&rows[i]);
    }
    *out = all;
    return ERR_OK;
}

bool item_goes_on(const struct item *i, int32_t on)
{
    return i->valid_to_on == 0 || i->valid_to_on >= on;
}

struct listing {
    int32_t on;
    struct item *all;
    size_t n;
};

static enum err list_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct listing *w = arg;
    return item_newest(cx, tx, w->on, &w->all, &w->n);
}

enum err item_list(struct cx *cx, const struct desk *d, int32_t on, struct item **out, size_t *n)
{
    struct listing w = { .on = on != 0 ? on : date_of_ms(cx->now_ms) };
    size_t kept = 0;
    TRY(store_read(cx, d->store, list_work, &w));
    for (size_t i = 0; i < w.n; i++) {
        if (item_goes_on(&w.all[i], w.on)) {
            w.all[kept++] = w.all[i];
        }
    }
    *out = w.all;
    *n = kept;
    return ERR_OK;
}

enum err item_get(struct cx *cx, const struct desk *d, struct str code, int32_t on,
                  struct item *out)
{
    struct item *all = NULL;
    size_t n = 0;
    TRY(item_list(cx, d, on, &all, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(all[i].code, code)) {
            *out = all[i];
            return ERR_OK;
        }
    }
    return fail(cx, ERR_NOT_FOUND, "item " STR_FMT, STR_ARG(code));
}
