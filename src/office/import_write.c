/* A batch of rows decided and written, inside one transaction. Rows of one code go in waves: the
 * first row of each code, then the second, so that each sees what the one before it did. */
#include "office/import_parts.h"

#include "office/office.h"

#include <stdlib.h>

struct wave {
    const struct import_write *w;
    struct import_row **row;
    size_t n;
    struct code_holder *held; /* of all their codes */
    size_t n_held;
    int64_t *home; /* of each row; 0: nobody's */
    struct market_entity *was;
    size_t n_was;
};

static enum err no_memory(struct cx *cx)
{
    return fail(cx, ERR_NO_MEMORY, "rows");
}

static enum err find_codes(struct cx *cx, struct tx *tx, struct wave *v)
{
    struct str *codes = arena_alloc(cx->mem, 2 * v->n + 1, sizeof *codes);
    size_t n = 0;
    if (codes == NULL) {
        return no_memory(cx);
    }
    for (size_t i = 0; i < v->n; i++) {
        const struct market_entity *e = &v->row[i]->e;
        if (e->uscc.n > 0) {
            codes[n++] = e->uscc;
        }
        if (e->regno.n > 0) {
            codes[n++] = e->regno;
        }
    }
    return entity_holders(cx, tx, codes, n, &v->held, &v->n_held);
}

static int64_t holder_of(const struct wave *v, struct str code)
{
    const struct code_holder *h = code.n == 0 ? NULL : entity_holder(v->held, v->n_held, code);
    return h != NULL && h->current ? h->home : 0;
}

/* By the USCC; by the registration number when the USCC is nobody's yet. */
static enum err find_home(struct cx *cx, struct wave *v, size_t i)
{
    struct import_row *row = v->row[i];
    int64_t by_uscc = holder_of(v, row->e.uscc);
    int64_t by_regno = holder_of(v, row->e.regno);
    if (by_uscc != 0 && by_regno != 0 && by_uscc != by_regno) {
        return import_row_refuse(
            cx, fail(cx, ERR_DUPLICATE, "regno: " STR_FMT, STR_ARG(row->e.regno)), row, false);
    }
    v->home[i] = by_uscc != 0 ? by_uscc : by_regno;
    return ERR_OK;
}

static enum err find_entities(struct cx *cx, struct tx *tx, struct wave *v)
{
    int64_t *ids = arena_alloc(cx->mem, v->n + 1, sizeof *ids);
    size_t n = 0;
    v->home = arena_alloc(cx->mem, v->n + 1, sizeof *v->home);
    if (ids == NULL || v->home == NULL) {
        return no_memory(cx);
    }
    for (size_t i = 0; i < v->n; i++) {
        TRY(find_home(cx, v, i));
        if (v->home[i] != 0) {
            ids[n++] = v->home[i];
        }
    }
    v->n_was = 0;
    return n == 0 ? ERR_OK : entity_load(cx, tx, ids, n, &v->was, &v->n_was);
}

/* ---- the new ones --------------------------------------------------------------------------- */

static void take_fault_of_new(struct import_row *row)
{
    row->fault = row->fault_if_new;
    row->why = row->why_if_new;
    row->outcome = IMPORT_REFUSED;
}

static int by_code(const void *a, const void *b)
{
    const struct market_entity *x = &(*(struct import_row *const *)a)->e;
    const struct market_entity *y = &(*(struct import_row *const *)b)->e;
    return str_cmp(x->uscc.n > 0 ? x->uscc : x->regno, y->uscc.n > 0 ? y->uscc : y->regno);
}

static enum err add_new(struct cx *cx, struct tx *tx, const struct wave *v)
{
    struct entity_stamp stamp = *v->w->stamp;
    struct entity_new *rows = arena_alloc(cx->mem, v->n + 1, sizeof *rows);
    size_t n = 0;
    if (rows == NULL) {
        return no_memory(cx);
    }
    for (size_t i = 0; i < v->n; i++) {
        struct import_row *row = v->row[i];
        if (v->home[i] != 0 || row->outcome != IMPORT_PENDING) {
            continue;
        }
        if (row->fault_if_new != ERR_OK) {
            take_fault_of_new(row);
            continue;
        }
        row->outcome = IMPORT_ADDED;
        rows[n++] = (struct entity_new){ .e = row->e, .former = row->former };
    }
    stamp.reason = STR(""); /* a first entry needs none */
    if (n == 0 || v->w->dry_run) {
        return ERR_OK;
    }
    return entity_rows_add(cx, tx, &stamp, rows, n, v->held, v->n_held);
}

/* ---- the known ones ------------------------------------------------------------------------- */

static int by_id(const void *id, const void *entity)
{
    int64_t a = *(const int64_t *)id;
    int64_t b = ((const struct market_entity *)entity)->id;
    return (a > b) - (a < b);
}

/* Would it stand, and may the actor write it? Asked before anything is written. */
static enum err check_change(struct cx *cx, const struct import_write *w,
                             const struct market_entity *was, const struct import_row *row,
                             unsigned fields)
{
    struct market_entity is = *was;
    entity_take(&is, &row->e, fields);
    TRY(entity_check(cx, w->d->defs, w->today_on, &is));
    if (w->stamp->by == NULL) {
        return ERR_OK;
    }
    TRY(access_allow(cx, w->stamp->by, POWER_REGISTER_WRITE,
                     (struct scope){ .region = was->region }));
    return access_allow(cx, w->stamp->by, POWER_REGISTER_WRITE,
                        (struct scope){ .region = is.region });
}

static enum err change_one(struct cx *cx, struct tx *tx, const struct import_write *w,
                           const struct market_entity *was, struct import_row *row)
{
    unsigned fields = row->stated & entity_differs(was, &row->e);
    const struct entity_name former = { .name = row->former, .kind = NAME_FORMER };
    row->outcome = fields == 0 ? IMPORT_UNCHANGED : IMPORT_CHANGED;
    enum err code = fields == 0 ? ERR_OK : check_change(cx, w, was, row, fields);
    if (code != ERR_OK) {
        return import_row_refuse(cx, code, row, false);
    }
    if (w->dry_run) {
        return ERR_OK;
    }
    if (fields != 0) {
        const struct entity_change c = { .id = was->id,
                                         .fields = fields,
                                         .to = row->e,
                                         .from_on = w->today_on,
                                         .reason = w->stamp->reason };
        TRY(entity_rows_change(cx, tx, w->d->defs, w->stamp, &c));
    }
    return row->former.n == 0 ? ERR_OK : entity_rows_name(cx, tx, was->id, &former);
}

static enum err change_known(struct cx *cx, struct tx *tx, const struct wave *v)
{
    for (size_t i = 0; i < v->n; i++) {
        if (v->home[i] == 0 || v->row[i]->outcome != IMPORT_PENDING) {
            continue;
        }
        const struct market_entity *was =
            v->n_was == 0 ? NULL : bsearch(&v->home[i], v->was, v->n_was, sizeof *v->was, by_id);
        if (was == NULL) {
            return fail(cx, ERR_STORE, "a code without its entity");
        }
        TRY(change_one(cx, tx, v->w, was, v->row[i]));
    }
    return ERR_OK;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static enum err write_wave(struct cx *cx, struct tx *tx, struct wave *v)
{
    /* neighbours in the index one behind another: this is what the database likes */
    qsort(v->row, v->n, sizeof(void *), by_code);
    TRY(find_codes(cx, tx, v));
    TRY(find_entities(cx, tx, v));
    TRY(add_new(cx, tx, v));
    return change_known(cx, tx, v);
}

/* The work may be run again from its start: what an earlier run decided is undone. */
static void forget_outcomes(struct import_batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct import_row *row = &b->rows[i];
        if (!row->read_refused) {
            row->outcome = IMPORT_PENDING;
            row->fault = ERR_OK;
        }
    }
}

enum err import_write_batch(struct cx *cx, struct tx *tx, const struct import_write *w)
{
    struct import_batch *b = w->batch;
    struct wave v = { .w = w };
    v.row = arena_alloc(cx->mem, b->n + 1, sizeof(void *));
    if (v.row == NULL) {
        return no_memory(cx);
    }
    forget_outcomes(b);
    for (unsigned k = 0; k < b->waves; k++) {
        v.n = 0;
        for (size_t i = 0; i < b->n; i++) {
            if (b->rows[i].outcome == IMPORT_PENDING && b->rows[i].wave == k) {
                v.row[v.n++] = &b->rows[i];
            }
        }
        TRY(write_wave(cx, tx, &v));
    }
    return ERR_OK;
}
