/* Departments and items of definitions/ brought into the database. */
#include "office/directory_rows.h"
#include "office/office.h"

enum { LAST_DAY = 99991231, BASIS_BYTES = 1 << 16 };

/* The same work twice: first it only counts what differs, so that a start without news writes
 * nothing. */
struct seeding {
    const struct desk *d;
    bool writes;
    int64_t news; /* out */
};

static bool same_dept(const struct dept_def *a, const struct q_dept_all *b)
{
    return str_eq(a->name, b->name) && a->level == b->level && str_eq(a->region, b->region) &&
           str_eq(a->parent, b->parent) && str_eq(a->field, b->field);
}

static enum err seed_dept(struct cx *cx, struct tx *tx, struct seeding *w, const struct dept_def *a)
{
    const struct qa_dept_put row = {
        a->code, a->name, a->level, a->region, directory_or_null(a->parent), a->field
    };
    int64_t changed;
    w->news++;
    return w->writes ? q_dept_put(cx, tx, &row, &changed) : ERR_OK;
}

static enum err seed_depts(struct cx *cx, struct tx *tx, struct seeding *w)
{
    const struct dept_def *all = NULL;
    struct q_dept_all *there;
    size_t n_there;
    size_t n = defs_depts(w->d->defs, &all);
    TRY(q_dept_all(cx, tx, &there, &n_there));
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < n_there && !str_eq(there[k].code, all[i].code)) {
            k++;
        }
        if (k == n_there || !same_dept(&all[i], &there[k])) {
            TRY(seed_dept(cx, tx, w, &all[i]));
        }
    }
    return ERR_OK;
}

/* Articles, one a line: law TAB article TAB verified. */
static enum err basis_text(struct cx *cx, const struct item_def *a, struct str *out)
{
    struct buf b = buf_of(cx->mem, BASIS_BYTES);
    for (size_t i = 0; i < a->n_basis; i++) {
        buf_fmt(&b, "%s" STR_FMT "\t" STR_FMT "\t%d", i == 0 ? "" : "\n", STR_ARG(a->basis[i].law),
                STR_ARG(a->basis[i].article), a->basis[i].verified ? 1 : 0);
    }
    return buf_done(cx, &b, out);
}

static uint64_t class_mask(const struct defs *defs, struct str keys)
{
    uint64_t mask = 0;
    while (keys.n > 0) {
        mask |= UINT64_C(1) << defs_class_by_key(defs, str_cut(&keys, ','))->no;
    }
    return mask;
}

static enum err item_of_def(struct cx *cx, const struct defs *defs, const struct item_def *a,
                            struct item *out)
{
    struct str basis;
    TRY(basis_text(cx, a, &basis));
    *out = (struct item){
        .code = a->code,
        .version = a->version,
        .category = a->category,
        .name = a->name,
        .name_en = a->name_en,
        .objects = a->objects,
        .kind = (enum item_kind)a->kind,
        .list = (enum item_list_kind)a->list,
        .methods = a->methods,
        .field = a->field,
        .levels = a->levels,
        .basis = basis,
        .ratio_floor_ppm = a->ratio_floor_ppm,
        .ratio_cap_ppm = a->ratio_cap_ppm,
        .yearly_cap = a->yearly_cap,
        .quals = a->quals,
        .classes = class_mask(defs, a->classes),
        .industries = a->industries,
        .valid_from_on = a->valid_from_on,
        .valid_to_on = a->valid_to_on,
    };
    return ERR_OK;
}

/* All but the version. */
static bool same_item(const struct item *a, const struct item *b)
{
    const struct {
        struct str a, b;
    } texts[] = {
        { a->category, b->category },     { a->name, b->name },       { a->name_en, b->name_en },
        { a->objects, b->objects },       { a->methods, b->methods }, { a->field, b->field },
        { a->levels, b->levels },         { a->basis, b->basis },     { a->quals, b->quals },
        { a->industries, b->industries },
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (!str_eq(texts[i].a, texts[i].b)) {
            return false;
        }
    }
    return a->kind == b->kind && a->list == b->list && a->ratio_floor_ppm == b->ratio_floor_ppm &&
           a->ratio_cap_ppm == b->ratio_cap_ppm && a->yearly_cap == b->yearly_cap &&
           a->classes == b->classes && a->valid_from_on == b->valid_from_on &&
           a->valid_to_on == b->valid_to_on;
}

static enum err seed_item(struct cx *cx, struct tx *tx, struct seeding *w, const struct item *i)
{
    const struct qa_item_insert row = {
        .code = i->code,
        .version = i->version,
        .category = i->category,
        .name = i->name,
        .name_en = directory_or_null(i->name_en),
        .objects = i->objects,
        .kind = (int64_t)i->kind,
        .list = (int64_t)i->list,
        .methods = i->methods,
        .field = i->field,
        .levels = i->levels,
        .basis = i->basis,
        .ratio_floor_ppm = i->ratio_floor_ppm,
        .ratio_cap_ppm = i->ratio_cap_ppm,
        .yearly_cap = i->yearly_cap,
        .quals = directory_or_null(i->quals),
        .classes = (int64_t)i->classes,
        .industries = directory_or_null(i->industries),
        .valid_from_on = i->valid_from_on,
        .valid_to_on = i->valid_to_on,
    };
    int64_t changed;
    w->news++;
    return w->writes ? q_item_insert(cx, tx, &row, &changed) : ERR_OK;
}

static const struct item *item_among(const struct item *all, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(all[i].code, code)) {
            return &all[i];
        }
    }
    return NULL;
}

/* An item that the list no longer names ends yesterday. */
static enum err end_items(struct cx *cx, struct tx *tx, struct seeding *w, const struct item *there,
                          size_t n)
{
    const struct item_def *defs = NULL;
    size_t n_defs = defs_items(w->d->defs, &defs);
    int32_t today = date_of_ms(cx->now_ms);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < n_defs && !str_eq(defs[k].code, there[i].code)) {
            k++;
        }
        if (k == n_defs && item_goes_on(&there[i], today)) {
            struct item ended = there[i];
            ended.version++;
            ended.valid_to_on = date_add_days(today, -1);
            TRY(seed_item(cx, tx, w, &ended));
        }
    }
    return ERR_OK;
}

static enum err seed_items(struct cx *cx, struct tx *tx, struct seeding *w)
{
    const struct item_def *defs = NULL;
    struct item *there;
    size_t n_there;
    size_t n = defs_items(w->d->defs, &defs);
    TRY(item_newest(cx, tx, LAST_DAY, &there, &n_there));
    for (size_t i = 0; i < n; i++) {
        struct item now;
        TRY(item_of_def(cx, w->d->defs, &defs[i], &now));
        const struct item *was = item_among(there, n_there, now.code);
        if (was != NULL && same_item(was, &now)) {
            continue;
        }
        if (was != NULL && now.version <= was->version) {
            now.version = was->version + 1;
        }
        TRY(seed_item(cx, tx, w, &now));
    }
    return end_items(cx, tx, w, there, n_there);
}

static enum err seed_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct seeding *w = arg;
    w->news = 0;
    TRY(seed_depts(cx, tx, w));
    return seed_items(cx, tx, w);
}

enum err directory_seed(struct cx *cx, const struct desk *d)
{
    struct seeding w = { .d = d };
    struct op op = { 0 };
    TRY(store_read(cx, d->store, seed_work, &w));
    if (w.news == 0) {
        return ERR_OK;
    }
    w.writes = true;
    TRY(store_write(cx, d->store, &op, seed_work, &w));
    log_info("directory.seeded", "changed=%lld", (long long)w.news);
    return ERR_OK;
}
