/* The register is written: a new entity, a change or correction, another name to be found by. */
#include "office/entity_rows.h"
#include "office/office.h"
#include "q_register.h"

enum { REASON_MAX = 200 };

/* ---- a new entity -------------------------------------------------------------------------- */

struct adding {
    const struct actor *by;
    const struct market_entity *e;
    int64_t id;
};

static enum err add_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct adding *w = arg;
    struct entity_new row = { .e = *w->e };
    struct entity_stamp s = { .by = w->by, .at_ms = cx->now_ms };
    struct code_holder *held = NULL;
    struct str codes[2];
    size_t n = 0;
    size_t n_held = 0;
    char text[ID_CHARS];
    if (row.e.uscc.n > 0) {
        codes[n++] = row.e.uscc;
    }
    if (row.e.regno.n > 0) {
        codes[n++] = row.e.regno;
    }
    TRY(entity_holders(cx, tx, codes, n, &held, &n_held));
    TRY(entity_rows_add(cx, tx, &s, &row, 1, held, n_held));
    w->id = row.e.id;
    id_put(w->id, text);
    return tx_answer(cx, tx, (struct str){ text, sizeof text });
}

enum err register_add(struct cx *cx, const struct desk *d, const struct actor *by,
                      const struct market_entity *e, struct str op_key, int64_t *id)
{
    struct market_entity checked = *e;
    struct adding w = { .by = by, .e = &checked };
    struct op op = { .key = op_key };
    TRY(access_allow(cx, by, POWER_REGISTER_WRITE, (struct scope){ 0 }));
    checked.id = 0;
    TRY(entity_check(cx, d->defs, date_of_ms(cx->now_ms), &checked));
    TRY(store_write(cx, d->store, &op, add_work, &w));
    if (op.replayed) {
        TRY(id_get(cx, op.answer, &w.id));
    }
    *id = w.id;
    return ERR_OK;
}

/* ---- a change ------------------------------------------------------------------------------ */

struct changing {
    const struct desk *d;
    const struct actor *by;
    const struct entity_change *c;
    struct str reason;
};

static enum err change_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct changing *w = arg;
    const struct entity_stamp s = { w->by, cx->now_ms, w->reason };
    return entity_rows_change(cx, tx, w->d->defs, &s, w->c);
}

enum err register_change(struct cx *cx, const struct desk *d, const struct actor *by,
                         const struct entity_change *c, struct str op_key)
{
    struct changing w = { d, by, c, c->reason };
    struct op op = { .key = op_key };
    TRY(access_allow(cx, by, POWER_REGISTER_WRITE, (struct scope){ 0 }));
    TRY(entity_check_text(cx, "reason", 1, REASON_MAX, &w.reason));
    if (c->fields == 0 || (c->fields & ~(unsigned)FIELD_ALL) != 0) {
        return fail(cx, ERR_FIELD, "fields: none, or one that is not known");
    }
    return store_write(cx, d->store, &op, change_work, &w);
}

/* ---- an alias ------------------------------------------------------------------------------ */

struct aliasing {
    const struct actor *by;
    int64_t id;
    struct entity_name name;
};

static enum err alias_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct aliasing *w = arg;
    struct q_entity_now now;
    bool found;
    TRY(q_entity_now(cx, tx, w->id, &now, &found));
    if (!found) {
        char text[ID_CHARS];
        id_put(w->id, text);
        return fail(cx, ERR_NOT_FOUND, "entity %.*s", ID_CHARS, text);
    }
    TRY(access_allow(cx, w->by, POWER_REGISTER_WRITE, (struct scope){ .region = now.region }));
    return entity_rows_name(cx, tx, w->id, &w->name);
}

enum err register_alias_add(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                            struct str alias, struct str op_key)
{
    struct aliasing w = { by, id, { .name = alias, .kind = NAME_ALIAS } };
    struct op op = { .key = op_key };
    TRY(access_allow(cx, by, POWER_REGISTER_WRITE, (struct scope){ 0 }));
    TRY(entity_check_text(cx, "alias", 1, ENTITY_NAME_MAX, &w.name.name));
    return store_write(cx, d->store, &op, alias_work, &w);
}
