/* The demo province: made up, and the same for the same seed. */
#include "office/demo_entity.h"
#include "office/demo_people.h"
#include "office/entity_rows.h"
#include "office/office.h"

#include "q_register.h"
#include "q_register_fact.h"

enum {
    BATCH = 1000,      /* entities made and written together */
    A_COMMIT = 100000, /* entities of one transaction: keeps the write-ahead log short */
    MOST = 20000000,
};

struct writing {
    const struct demo_options *o;
    struct demo_maker *m;
    struct demo_entity *made; /* BATCH of each */
    struct entity_new *rows;
    int64_t from, to; /* of this transaction */
    struct demo_result *out;
};

static void tell(const struct writing *w, int64_t done)
{
    if (w->o->progress != NULL) {
        w->o->progress(w->o->arg, done, w->o->entities);
    }
}

static enum err write_grades(struct cx *cx, struct tx *tx, const struct writing *w, size_t n)
{
    struct bulk *b = NULL;
    TRY(qb_grade_open(cx, tx, &b));
    for (size_t i = 0; i < n; i++) {
        const struct qb_grade row = { w->made[i].e.id, DEMO_BATCH, w->made[i].grade };
        if (row.grade != 0) {
            TRY(qb_grade_row(cx, b, &row));
        }
    }
    return bulk_close(cx, b);
}

static enum err write_batch(struct cx *cx, struct tx *tx, const struct writing *w, int64_t from,
                            size_t n)
{
    const struct entity_stamp stamp = { .at_ms = cx->now_ms };
    struct arena_mark mark = arena_mark(cx->mem);
    for (size_t i = 0; i < n; i++) {
        demo_entity_make(w->m, from + (int64_t)i, &w->made[i]);
        w->rows[i] = (struct entity_new){ .e = w->made[i].e };
    }
    TRY(entity_rows_add(cx, tx, &stamp, w->rows, n, NULL, 0));
    TRY(write_grades(cx, tx, w, n));
    arena_reset(cx->mem, mark);
    return ERR_OK;
}

static enum err entities_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct writing *w = arg;
    for (int64_t at = w->from; at < w->to; at += BATCH) {
        TRY(write_batch(cx, tx, w, at, (size_t)(w->to - at < BATCH ? w->to - at : BATCH)));
        tell(w, at);
    }
    return ERR_OK;
}

static enum err write_other_names(struct cx *cx, struct tx *tx, const struct demo_entity *made)
{
    const struct entity_name former = { .name = made->former, .kind = NAME_FORMER };
    const struct entity_name alias = { .name = made->alias, .kind = NAME_ALIAS };
    if (former.name.n > 0 && !str_eq(former.name, made->e.name)) {
        TRY(entity_rows_name(cx, tx, made->e.id, &former));
    }
    return alias.name.n == 0 ? ERR_OK : entity_rows_name(cx, tx, made->e.id, &alias);
}

/* Former names and aliases are written behind all entities: their documents have the higher
 * numbers, and the name index grows quickest in the order of its numbers. */
static enum err names_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct writing *w = arg;
    for (int64_t i = w->from; i < w->to; i++) {
        demo_entity_make(w->m, i, &w->made[0]);
        TRY(write_other_names(cx, tx, &w->made[0]));
    }
    return ERR_OK;
}

/* The first transaction: an empty database becomes a demo. */
static enum err begin_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct writing *w = arg;
    struct q_entity_any any;
    bool found;
    int64_t changed;
    char seed[24];
    struct buf b = { .p = seed, .room = sizeof seed, .limit = sizeof seed };
    TRY(q_entity_any(cx, tx, &any, &found));
    if (found) {
        return fail(cx, ERR_STATE, "the database holds entities already");
    }
    buf_put_int(&b, w->o->seed);
    return q_register_fact_set(cx, tx, STR("demo"), buf_str(&b), &changed);
}

/* The last one: the people, and the grades' batch is closed, so that it is read from now on. */
static enum err end_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct writing *w = arg;
    int64_t changed;
    TRY(demo_people_write(cx, tx, w->m, &w->out->inspectors, &w->out->interests));
    return q_grade_batch_insert(cx, tx, DEMO_BATCH, STR("demo"), w->o->entities, cx->now_ms,
                                &changed);
}

static enum err writing_init(struct cx *cx, const struct desk *d, const struct demo_options *o,
                             struct writing *w)
{
    w->o = o;
    w->m = arena_alloc(cx->mem, 1, sizeof *w->m);
    w->made = arena_alloc(cx->mem, BATCH, sizeof *w->made);
    w->rows = arena_alloc(cx->mem, BATCH, sizeof *w->rows);
    if (w->m == NULL || w->made == NULL || w->rows == NULL) {
        return fail(cx, ERR_NO_MEMORY, "demo");
    }
    *w->m = (struct demo_maker){ .seed = (uint64_t)o->seed, .entities = o->entities };
    return demo_maker_init(cx, d->defs, o->province.n > 0 ? o->province : STR("43"), w->m);
}

static void count_definitions(const struct defs *defs, struct demo_result *out)
{
    const struct dept_def *depts = NULL;
    const struct item_def *items = NULL;
    out->departments = (int64_t)defs_depts(defs, &depts);
    out->items = (int64_t)defs_items(defs, &items);
}

/* The work over all entities, some at a time. */
static enum err in_commits(struct cx *cx, const struct desk *d, struct writing *w,
                           enum err (*work)(struct cx *cx, struct tx *tx, void *arg))
{
    struct op op = { 0 };
    for (w->from = 0; w->from < w->o->entities; w->from = w->to) {
        w->to = w->from + A_COMMIT < w->o->entities ? w->from + A_COMMIT : w->o->entities;
        TRY(store_write(cx, d->store, &op, work, w));
    }
    return ERR_OK;
}

enum err demo_make(struct cx *cx, const struct desk *d, const struct demo_options *o,
                   struct demo_result *out)
{
    struct demo_result made = { .entities = o->entities };
    struct writing w = { .out = &made };
    struct op op = { 0 };
    if (o->entities < 100 || o->entities > MOST) {
        return fail(cx, ERR_FIELD, "entities: 100..%d", MOST);
    }
    TRY(writing_init(cx, d, o, &w));
    TRY(store_write(cx, d->store, &op, begin_work, &w));
    TRY(directory_seed(cx, d));
    TRY(in_commits(cx, d, &w, entities_work));
    TRY(in_commits(cx, d, &w, names_work));
    TRY(store_write(cx, d->store, &op, end_work, &w));
    tell(&w, o->entities);
    count_definitions(d->defs, &made);
    *out = made;
    return ERR_OK;
}
