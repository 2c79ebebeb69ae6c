/* One entity rewritten: what was believed is kept, what is believed now is put in its place. */
#include "office/entity_rows.h"

#include "office/entity_columns.h"
#include "office/office.h"
#include "q_register.h"

/* ---- deciding ------------------------------------------------------------------------------ */

static const int32_t OPEN_ON = INT32_MAX; /* the end of a version that has none */

static int32_t end_of(int32_t to_on)
{
    return to_on == 0 ? OPEN_ON : to_on;
}

static enum err check_period(struct cx *cx, const struct believed *was,
                             const struct entity_change *c, int32_t today_on)
{
    if (!date_valid(c->from_on) || (c->to_on != 0 && !date_valid(c->to_on))) {
        return fail(cx, ERR_DATE, "%d..%d", (int)c->from_on, (int)c->to_on);
    }
    if (c->from_on > today_on || c->to_on > today_on) {
        return fail(cx, ERR_DATE, "%d..%d: to come", (int)c->from_on, (int)c->to_on);
    }
    if (c->to_on != 0 && c->to_on <= c->from_on) {
        return fail(cx, ERR_DATE, "%d..%d: no day", (int)c->from_on, (int)c->to_on);
    }
    if (c->to_on != 0 && c->to_on <= was->version[0].valid_from_on) {
        return fail(cx, ERR_DATE, "%d..%d: the register begins %d", (int)c->from_on, (int)c->to_on,
                    (int)was->version[0].valid_from_on);
    }
    return ERR_OK;
}

static void put(struct rewritten *out, const struct market_entity *e, int32_t from_on,
                int32_t to_on, bool changed)
{
    if (from_on >= to_on) {
        return;
    }
    out->version[out->n] = *e;
    out->version[out->n].valid_from_on = from_on;
    out->version[out->n].valid_to_on = to_on == OPEN_ON ? 0 : to_on;
    out->changed[out->n] = changed;
    out->n++;
}

enum err entity_rewrite(struct cx *cx, const struct believed *was, const struct entity_change *c,
                        int32_t today_on, struct rewritten *out)
{
    TRY(check_period(cx, was, c, today_on));
    size_t room = was->n + 2; /* at each end of the period one version becomes two */
    *out = (struct rewritten){ .superseded = arena_alloc(cx->mem, was->n, sizeof(bool)),
                               .version = arena_alloc(cx->mem, room, sizeof *out->version),
                               .changed = arena_alloc(cx->mem, room, sizeof(bool)) };
    if (out->superseded == NULL || out->version == NULL || out->changed == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu versions", was->n);
    }
    for (size_t i = 0; i < was->n; i++) {
        struct market_entity e = was->version[i];
        int32_t low = e.valid_from_on;
        int32_t high = end_of(e.valid_to_on);
        int32_t from = i == 0 || c->from_on > low ? c->from_on : low;
        int32_t to = end_of(c->to_on) < high ? end_of(c->to_on) : high;
        out->superseded[i] = from < to;
        if (from < to) {
            put(out, &e, low, from, false);
            entity_take(&e, &c->to, c->fields);
            put(out, &e, from, to, true);
            put(out, &was->version[i], to, high, false);
        }
    }
    return ERR_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

enum err entity_believed(struct cx *cx, struct tx *tx, int64_t id, struct believed *out)
{
    struct q_entity_now now;
    struct q_entity_past *past = NULL;
    size_t n = 0;
    bool found;
    TRY(q_entity_now(cx, tx, id, &now, &found));
    if (!found) {
        char text[ID_CHARS];
        id_put(id, text);
        return fail(cx, ERR_NOT_FOUND, "entity %.*s", ID_CHARS, text);
    }
    TRY(q_entity_past(cx, tx, id, &past, &n));
    *out = (struct believed){ .version = arena_alloc(cx->mem, n + 1, sizeof *out->version),
                              .row = arena_alloc(cx->mem, n + 1, sizeof *out->row) };
    if (out->version == NULL || out->row == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu versions", n);
    }
    for (size_t i = 0; i < n; i++) {
        if (past[i].superseded_at != 0) {
            continue;
        }
        size_t at = out->n++;
        for (; at > 0 && out->version[at - 1].valid_from_on > past[i].valid_from_on; at--) {
            out->version[at] = out->version[at - 1];
            out->row[at] = out->row[at - 1];
        }
        out->version[at] = entity_of_past(&past[i]);
        out->row[at] = past[i].id;
    }
    out->version[out->n++] = entity_of_now(&now);
    out->name_key = now.name_key;
    return ERR_OK;
}

/* ---- recording ----------------------------------------------------------------------------- */

struct change {
    const struct entity_stamp *s;
    const struct entity_change *c;
    struct believed was;
    struct rewritten is;
    int64_t at_ms, version; /* of what is written */
};

static const struct market_entity *open_before(const struct change *w)
{
    return &w->was.version[w->was.n - 1];
}

/* NULL: the open version was not touched. */
static const struct market_entity *open_after(const struct change *w)
{
    const struct market_entity *last = w->is.n == 0 ? NULL : &w->is.version[w->is.n - 1];
    return last != NULL && last->valid_to_on == 0 ? last : NULL;
}

static enum err may_write(struct cx *cx, const struct change *w)
{
    if (w->s->by == NULL) {
        return ERR_OK;
    }
    TRY(access_allow(cx, w->s->by, POWER_REGISTER_WRITE,
                     (struct scope){ .region = open_before(w)->region }));
    for (size_t i = 0; i < w->is.n; i++) {
        TRY(access_allow(cx, w->s->by, POWER_REGISTER_WRITE,
                         (struct scope){ .region = w->is.version[i].region }));
    }
    return ERR_OK;
}

static struct qb_entity_past past_row(const struct change *w, const struct market_entity *e,
                                      const struct entity_keys *k, int64_t id)
{
    return (struct qb_entity_past){ .home = w->c->id,
                                    .id = id,
                                    ENTITY_COLUMNS(e, k),
                                    .version = e->version,
                                    .valid_from_on = e->valid_from_on,
                                    .valid_to_on = e->valid_to_on,
                                    .recorded_at = e->recorded_at,
                                    .superseded_at = e->superseded_at,
                                    .recorded_by = e->recorded_by,
                                    .reason = text_or_null(e->reason) };
}

static enum err write_past(struct cx *cx, struct bulk *to, const struct change *w,
                           const struct market_entity *e, int64_t id)
{
    struct entity_keys k;
    TRY(entity_keys_of(cx, e, &k));
    const struct qb_entity_past row = past_row(w, e, &k, id);
    return qb_entity_past_row(cx, to, &row);
}

/* What ended or is no longer believed: the open version's old belief, and every new version that
 * is not open. */
static enum err record_past(struct cx *cx, struct tx *tx, const struct change *w)
{
    struct bulk *to = NULL;
    size_t n_ended = open_after(w) == NULL ? w->is.n : w->is.n - 1;
    size_t last = w->was.n - 1;
    int64_t changed;
    for (size_t i = 0; i < last; i++) {
        if (w->is.superseded[i]) {
            TRY(q_entity_past_supersede(cx, tx, w->c->id, w->was.row[i], w->at_ms, &changed));
        }
    }
    int64_t *ids = arena_alloc(cx->mem, n_ended + 1, sizeof *ids);
    if (ids == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu versions", n_ended);
    }
    for (size_t i = 0; i <= n_ended; i++) {
        TRY(tx_id(cx, tx, &ids[i]));
    }
    TRY(qb_entity_past_open(cx, tx, &to));
    if (w->is.superseded[last]) {
        struct market_entity old = w->was.version[last];
        old.superseded_at = w->at_ms;
        TRY(write_past(cx, to, w, &old, ids[n_ended]));
    }
    for (size_t i = 0; i < n_ended; i++) {
        TRY(write_past(cx, to, w, &w->is.version[i], ids[i]));
    }
    return bulk_close(cx, to);
}

/* Compare-and-set. When the open version was not touched, only its number moves on. */
static enum err record_open(struct cx *cx, struct tx *tx, const struct change *w)
{
    const struct market_entity *e = open_after(w) == NULL ? open_before(w) : open_after(w);
    struct entity_keys k;
    int64_t changed;
    TRY(entity_keys_of(cx, e, &k));
    const struct qa_entity_set row = { .home = w->c->id,
                                       .was = open_before(w)->version,
                                       .name_key = k.name_key,
                                       ENTITY_COLUMNS(e, &k),
                                       .version = w->version,
                                       .valid_from_on = e->valid_from_on,
                                       .recorded_at = e->recorded_at,
                                       .recorded_by = e->recorded_by,
                                       .reason = text_or_null(e->reason) };
    TRY(q_entity_set(cx, tx, &row, &changed));
    return changed == 1 ? ERR_OK : fail(cx, ERR_MOVED_MEANWHILE, STR_FMT, STR_ARG(k.code));
}

/* ---- codes --------------------------------------------------------------------------------- */

/* The entity has, or once had, this code. */
static enum err take_code(struct cx *cx, struct tx *tx, int64_t home, struct str code,
                          int64_t scheme, bool current)
{
    struct q_entity_key_of there;
    int64_t changed = 1;
    bool found;
    if (code.n == 0) {
        return ERR_OK;
    }
    TRY(q_entity_key_of(cx, tx, code, scheme, &there, &found));
    if (!found) {
        return q_entity_key_add(cx, tx, code, scheme, home, current ? 1 : 0, &changed);
    }
    if (!current) {
        return ERR_OK; /* whoever has it now has it; it is ours only in the past */
    }
    TRY(q_entity_key_set(cx, tx, code, scheme, home, 1, &changed));
    return changed == 1 ? ERR_OK : fail(cx, ERR_DUPLICATE, STR_FMT, STR_ARG(code));
}

static enum err move_code(struct cx *cx, struct tx *tx, int64_t home, struct str was, struct str is,
                          int64_t scheme)
{
    int64_t changed;
    if (str_eq(was, is)) {
        return ERR_OK;
    }
    if (was.n > 0) {
        TRY(q_entity_key_set(cx, tx, was, scheme, home, 0, &changed));
    }
    return take_code(cx, tx, home, is, scheme, true);
}

/* The id serves as code only while there is no other. */
static struct str id_code(const struct market_entity *e, const char id[ID_CHARS])
{
    return e->uscc.n == 0 && e->regno.n == 0 ? (struct str){ id, ID_CHARS } : STR("");
}

static enum err record_codes(struct cx *cx, struct tx *tx, const struct change *w)
{
    const struct market_entity *was = open_before(w);
    const struct market_entity *is = open_after(w) == NULL ? was : open_after(w);
    char id[ID_CHARS];
    id_put(w->c->id, id);
    TRY(move_code(cx, tx, w->c->id, was->uscc, is->uscc, CODE_USCC));
    TRY(move_code(cx, tx, w->c->id, was->regno, is->regno, CODE_REGNO));
    TRY(move_code(cx, tx, w->c->id, id_code(was, id), id_code(is, id), CODE_NONE));
    for (size_t i = 0; i < w->is.n; i++) {
        const struct market_entity *e = &w->is.version[i];
        if (w->is.changed[i] && e != is) {
            TRY(take_code(cx, tx, w->c->id, e->uscc, CODE_USCC, false));
            TRY(take_code(cx, tx, w->c->id, e->regno, CODE_REGNO, false));
        }
    }
    return ERR_OK;
}

/* ---- names --------------------------------------------------------------------------------- */

/* The words that were put in are those of the stored key, by whatever rule it was once folded. */
static enum err reindex(struct cx *cx, struct tx *tx, const struct change *w, struct str name)
{
    struct str was;
    struct str key;
    struct qb_name_gram words = { .rowid = w->c->id };
    struct bulk *to = NULL;
    int64_t changed;
    TRY(name_grams(cx, w->was.name_key, &was));
    TRY(q_name_gram_cut(cx, tx, w->c->id, was, &changed));
    TRY(name_fold(cx, name, &key));
    TRY(name_grams(cx, key, &words.gram));
    TRY(qb_name_gram_open(cx, tx, &to));
    TRY(qb_name_gram_row(cx, to, &words));
    return bulk_close(cx, to);
}

/* The name that the open version had: since when without a break, and until the change. Not known
 * when nothing of that time is left, because it was a mistake from the first day. */
static struct entity_name former_of(const struct change *w)
{
    struct entity_name former = { .name = open_before(w)->name, .kind = NAME_FORMER };
    for (size_t i = w->was.n; i > 0 && str_eq(w->was.version[i - 1].name, former.name); i--) {
        former.from_on = w->was.version[i - 1].valid_from_on;
    }
    former.to_on = w->c->from_on;
    if (former.from_on >= former.to_on) {
        former.from_on = 0;
        former.to_on = 0;
    }
    return former;
}

static enum err record_names(struct cx *cx, struct tx *tx, const struct change *w)
{
    const struct market_entity *was = open_before(w);
    const struct market_entity *is = open_after(w) == NULL ? was : open_after(w);
    if (!str_eq(was->name, is->name)) {
        struct entity_name former = former_of(w);
        TRY(reindex(cx, tx, w, is->name));
        TRY(entity_rows_name(cx, tx, w->c->id, &former));
    }
    for (size_t i = 0; i < w->is.n; i++) {
        const struct market_entity *e = &w->is.version[i];
        struct entity_name past = { e->name, NAME_FORMER, e->valid_from_on, e->valid_to_on };
        if (w->is.changed[i] && e != is && !str_eq(e->name, is->name)) {
            TRY(entity_rows_name(cx, tx, w->c->id, &past));
        }
    }
    return ERR_OK;
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* Of one entity time does not run back, whatever the clock does. */
static int64_t instant_of(const struct change *w)
{
    int64_t at_ms = w->s->at_ms;
    for (size_t i = 0; i < w->was.n; i++) {
        at_ms = w->was.version[i].recorded_at > at_ms ? w->was.version[i].recorded_at : at_ms;
    }
    return at_ms;
}

static enum err prepare(struct cx *cx, const struct defs *defs, struct change *w)
{
    int32_t today_on = date_of_ms(w->s->at_ms);
    TRY(entity_rewrite(cx, &w->was, w->c, today_on, &w->is));
    TRY(may_write(cx, w));
    for (size_t i = 0; i < w->is.n; i++) {
        struct market_entity *e = &w->is.version[i];
        if (w->is.changed[i]) {
            TRY(entity_check(cx, defs, today_on, e));
        }
        e->version = w->version;
        e->recorded_at = w->at_ms;
        e->superseded_at = 0;
        e->recorded_by = w->s->by == NULL ? 0 : w->s->by->account;
        e->reason = w->s->reason;
    }
    return ERR_OK;
}

static enum err change_one(struct cx *cx, struct tx *tx, const struct defs *defs, struct change *w)
{
    TRY(entity_believed(cx, tx, w->c->id, &w->was));
    if (w->c->version != 0 && w->c->version != open_before(w)->version) {
        return fail(cx, ERR_MOVED_MEANWHILE, STR_FMT ": version %lld, not %lld",
                    STR_ARG(open_before(w)->code), (long long)open_before(w)->version,
                    (long long)w->c->version);
    }
    w->at_ms = instant_of(w);
    w->version = open_before(w)->version + 1;
    TRY(prepare(cx, defs, w));
    TRY(record_codes(cx, tx, w)); /* first: it says which code is taken */
    TRY(record_past(cx, tx, w));
    TRY(record_open(cx, tx, w));
    return record_names(cx, tx, w);
}

enum err entity_rows_change(struct cx *cx, struct tx *tx, const struct defs *defs,
                            const struct entity_stamp *s, const struct entity_change *c)
{
    struct arena_mark mark = arena_mark(cx->mem);
    struct change w = { .s = s, .c = c };
    TRY(change_one(cx, tx, defs, &w));
    arena_reset(cx->mem, mark);
    return ERR_OK;
}
