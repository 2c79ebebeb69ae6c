/* Departments. */
#include "office/office.h"

#include "q_directory.h"

struct finding {
    struct str code;
    struct department *out;
};

static enum err get_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct finding *w = arg;
    struct q_dept_by_code r;
    bool found;
    TRY(q_dept_by_code(cx, tx, w->code, &r, &found));
    if (!found) {
        return fail(cx, ERR_NOT_FOUND, "department " STR_FMT, STR_ARG(w->code));
    }
    *w->out = (struct department){ r.code, r.name, (int)r.level, r.region, r.parent, r.field };
    return ERR_OK;
}

enum err department_get(struct cx *cx, const struct desk *d, struct str code,
                        struct department *out)
{
    struct department found;
    struct finding w = { code, &found };
    TRY(store_read(cx, d->store, get_work, &w));
    *out = found;
    return ERR_OK;
}

struct listing {
    struct q_dept_all *rows;
    size_t n;
};

static enum err list_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct listing *w = arg;
    return q_dept_all(cx, tx, &w->rows, &w->n);
}

enum err department_list(struct cx *cx, const struct desk *d, struct str region,
                         struct department **out, size_t *n)
{
    struct listing w = { 0 };
    struct str within = region.n == 0 ? region : region_prefix(region);
    size_t kept = 0;
    TRY(store_read(cx, d->store, list_work, &w));
    struct department *all = arena_alloc(cx->mem, w.n + 1, sizeof *all);
    if (all == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu departments", w.n);
    }
    for (size_t i = 0; i < w.n; i++) {
        const struct q_dept_all *r = &w.rows[i];
        if (str_starts(r->region, within)) {
            all[kept++] = (struct department){ r->code,   r->name,   (int)r->level,
                                               r->region, r->parent, r->field };
        }
    }
    *out = all;
    *n = kept;
    return ERR_OK;
}
