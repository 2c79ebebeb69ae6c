/* The name index made anew from the register. */
#include "office/entity_rows.h"
#include "office/office.h"
#include "q_register.h"
#include "q_search.h"

enum { STEP = 4096 };

struct rebuilding {
    void (*progress)(void *arg, int64_t done, int64_t total);
    void *arg;
    int64_t done, total;
};

static enum err put_words(struct cx *cx, struct bulk *to, int64_t document, struct str name_key)
{
    struct qb_name_gram row = { .rowid = document };
    TRY(name_grams(cx, name_key, &row.gram));
    return qb_name_gram_row(cx, to, &row);
}

static void tell(struct rebuilding *w, size_t n)
{
    w->done += (int64_t)n;
    if (w->progress != NULL) {
        w->progress(w->arg, w->done, w->total);
    }
}

static enum err names_step(struct cx *cx, struct tx *tx, int64_t *behind, size_t *n)
{
    struct q_name_index_names *rows = NULL;
    struct bulk *to = NULL;
    TRY(q_name_index_names(cx, tx, *behind, STEP, &rows, n));
    TRY(qb_name_gram_open(cx, tx, &to));
    for (size_t i = 0; i < *n; i++) {
        TRY(put_words(cx, to, rows[i].home, rows[i].name_key));
        *behind = rows[i].home;
    }
    return bulk_close(cx, to);
}

static enum err others_step(struct cx *cx, struct tx *tx, int64_t *behind, size_t *n)
{
    struct q_name_index_others *rows = NULL;
    struct bulk *to = NULL;
    TRY(q_name_index_others(cx, tx, *behind, STEP, &rows, n));
    TRY(qb_name_gram_open(cx, tx, &to));
    for (size_t i = 0; i < *n; i++) {
        TRY(put_words(cx, to, -rows[i].id, rows[i].name_key));
        *behind = rows[i].id;
    }
    return bulk_close(cx, to);
}

/* Steps until one gives nothing; memory stays that of one step. */
static enum err all_steps(struct cx *cx, struct tx *tx, struct rebuilding *w,
                          enum err (*step)(struct cx *cx, struct tx *tx, int64_t *behind,
                                           size_t *n))
{
    int64_t behind = INT64_MIN + 1;
    size_t n = 1;
    while (n > 0) {
        struct arena_mark mark = arena_mark(cx->mem);
        TRY(step(cx, tx, &behind, &n));
        arena_reset(cx->mem, mark);
        tell(w, n);
    }
    return ERR_OK;
}

static enum err rebuild_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct rebuilding *w = arg;
    struct q_name_index_total total;
    int64_t changed;
    TRY(q_name_index_total(cx, tx, &total));
    w->done = 0;
    w->total = total.names;
    TRY(q_name_index_clear(cx, tx, &changed));
    TRY(all_steps(cx, tx, w, names_step));
    return all_steps(cx, tx, w, others_step);
}

enum err search_rebuild(struct cx *cx, const struct desk *d,
                        void (*progress)(void *arg, int64_t done, int64_t total), void *arg)
{
    struct rebuilding w = { .progress = progress, .arg = arg };
    struct op op = { 0 };
    return store_write(cx, d->store, &op, rebuild_work, &w);
}
