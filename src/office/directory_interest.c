/* Declared ties between inspectors and entities: recusal follows from them. */
#include "office/directory_rows.h"
#include "office/office.h"

#include "q_register.h"

enum { NOTE_MAX = 200 };

#define INTEREST_OF(r)                                                                             \
    ((struct interest){                                                                            \
        .id = (r)->id,                                                                             \
        .inspector = (r)->home,                                                                    \
        .entity = (r)->entity,                                                                     \
        .staff_no = (r)->staff_no,                                                                 \
        .code = (r)->code,                                                                         \
        .kind = (enum interest_kind)(r)->kind,                                                     \
        .from_on = (int32_t)(r)->from_on,                                                          \
        .to_on = (r)->to_on == NULL_INT ? 0 : (int32_t)(r)->to_on,                                 \
        .note = (r)->note,                                                                         \
    })

static enum err decide_interest(struct cx *cx, const struct interest *i)
{
    if (i->kind < INTEREST_RELATIVE || i->kind > INTEREST_PRIVATE_TIE) {
        return fail(cx, ERR_FIELD, "kind: relative, former_employer, shareholding or private_tie");
    }
    if (!date_valid(i->from_on)) {
        return fail(cx, ERR_FIELD, "from_on: not a day");
    }
    if (i->to_on != 0 && (!date_valid(i->to_on) || i->to_on < i->from_on)) {
        return fail(cx, ERR_FIELD, "to_on: a day not before from_on, or nothing");
    }
    if (utf8_bad_at(i->note) < i->note.n || utf8_count(i->note) > NOTE_MAX) {
        return fail(cx, ERR_FIELD, "note: at most %d characters", NOTE_MAX);
    }
    return ERR_OK;
}

struct adding {
    const struct actor *by;
    const struct interest *interest;
    struct code_check code;
    int64_t id; /* out */
};

/* By any code that it has or had, or by its record id. */
static enum err find_entity(struct cx *cx, struct tx *tx, const struct adding *w, int64_t *out)
{
    struct q_entity_home_of_code at = { .home = 0 };
    struct q_entity_now row;
    struct str code = { w->code.code, w->code.n };
    bool found = false;
    if (w->code.err == ERR_OK) {
        TRY(q_entity_home_of_code(cx, tx, code, (int64_t)w->code.kind, &at, &found));
    } else {
        TRY(id_get(cx, w->interest->code, &at.home));
        TRY(q_entity_now(cx, tx, at.home, &row, &found));
    }
    if (!found) {
        return fail(cx, ERR_FIELD, "code: no entity " STR_FMT, STR_ARG(w->interest->code));
    }
    *out = at.home;
    return ERR_OK;
}

static enum err add_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct adding *w = arg;
    const struct interest *i = w->interest;
    struct inspector_entry who;
    int64_t entity = 0;
    int64_t changed;
    TRY(inspector_find(cx, tx, i->staff_no, &who));
    TRY(access_allow(cx, w->by, POWER_DRAW_COMMIT, (struct scope){ .dept = who.dept }));
    TRY(find_entity(cx, tx, w, &entity));
    TRY(tx_id(cx, tx, &w->id));
    const struct qa_interest_insert row = {
        .home = who.id,
        .id = w->id,
        .entity = entity,
        .kind = (int64_t)i->kind,
        .from_on = i->from_on,
        .to_on = i->to_on == 0 ? NULL_INT : i->to_on,
        .note = directory_or_null(i->note),
    };
    TRY(q_interest_insert(cx, tx, &row, &changed));
    return directory_answer(cx, tx, w->id);
}

enum err interest_add(struct cx *cx, const struct desk *d, const struct actor *by,
                      const struct interest *i, struct str op_key, int64_t *id)
{
    struct adding w = { .by = by, .interest = i, .code = code_check(i->code) };
    struct op op = { .key = op_key };
    TRY(access_allow(cx, by, POWER_DRAW_COMMIT, (struct scope){ 0 }));
    TRY(decide_interest(cx, i));
    if (w.code.err != ERR_OK && i->code.n != ID_CHARS) {
        return fail(cx, ERR_FIELD, "code: " STR_FMT ": %s", STR_ARG(i->code),
                    err_text(w.code.err, cx->lang));
    }
    TRY(store_write(cx, d->store, &op, add_work, &w));
    if (op.replayed) {
        TRY(id_get(cx, op.answer, &w.id));
    }
    log_info("interest.added", "id=%lld by=%lld", (long long)w.id, (long long)by->account);
    *id = w.id;
    return ERR_OK;
}

struct ending {
    const struct actor *by;
    struct str staff_no;
    int64_t id;
    int32_t to_on;
};

/* Why no row was changed. */
static enum err not_ended(struct cx *cx, struct tx *tx, const struct ending *w, int64_t inspector)
{
    struct q_interest_of *rows = NULL;
    size_t n = 0;
    char id[ID_CHARS];
    TRY(q_interest_of(cx, tx, inspector, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (rows[i].id == w->id) {
            return fail(cx, ERR_STATE, "the tie with " STR_FMT " ended on %lld",
                        STR_ARG(rows[i].code), (long long)rows[i].to_on);
        }
    }
    id_put(w->id, id);
    return fail(cx, ERR_NOT_FOUND, STR_FMT " has no tie %.*s", STR_ARG(w->staff_no), ID_CHARS, id);
}

static enum err check_begun(struct cx *cx, struct tx *tx, const struct ending *w, int64_t inspector)
{
    struct q_interest_of *rows = NULL;
    size_t n = 0;
    TRY(q_interest_of(cx, tx, inspector, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (rows[i].id == w->id && rows[i].from_on > w->to_on) {
            return fail(cx, ERR_FIELD, "to_on: a day not before from_on");
        }
    }
    return ERR_OK;
}

static enum err end_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct ending *w = arg;
    struct inspector_entry who;
    int64_t changed;
    TRY(inspector_find(cx, tx, w->staff_no, &who));
    TRY(access_allow(cx, w->by, POWER_DRAW_COMMIT, (struct scope){ .dept = who.dept }));
    TRY(check_begun(cx, tx, w, who.id));
    TRY(q_interest_end(cx, tx, who.id, w->id, w->to_on, &changed));
    return changed == 1 ? directory_answer(cx, tx, w->id) : not_ended(cx, tx, w, who.id);
}

enum err interest_end(struct cx *cx, const struct desk *d, const struct actor *by,
                      struct str staff_no, int64_t id, int32_t to_on, struct str op_key)
{
    struct ending w = {
        .by = by,
        .staff_no = staff_no,
        .id = id,
        .to_on = to_on == 0 ? date_of_ms(cx->now_ms) : to_on,
    };
    struct op op = { .key = op_key };
    TRY(access_allow(cx, by, POWER_DRAW_COMMIT, (struct scope){ 0 }));
    if (!date_valid(w.to_on)) {
        return fail(cx, ERR_FIELD, "to_on: not a day");
    }
    TRY(store_write(cx, d->store, &op, end_work, &w));
    log_info("interest.ended", "id=%lld by=%lld", (long long)id, (long long)by->account);
    return ERR_OK;
}

struct listing {
    struct str staff_no;
    struct interest *out;
    size_t n;
};

static enum err list_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct listing *w = arg;
    struct inspector_entry who;
    struct q_interest_of *rows;
    TRY(inspector_find(cx, tx, w->staff_no, &who));
    TRY(q_interest_of(cx, tx, who.id, &rows, &w->n));
    w->out = arena_alloc(cx->mem, w->n + 1, sizeof *w->out);
    if (w->out == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu interests", w->n);
    }
    for (size_t i = 0; i < w->n; i++) {
        w->out[i] = INTEREST_OF(&rows[i]);
    }
    return ERR_OK;
}

enum err interest_list(struct cx *cx, const struct desk *d, const struct actor *by,
                       struct str staff_no, struct interest **out, size_t *n)
{
    struct listing w = { .staff_no = staff_no };
    TRY(access_allow(cx, by, POWER_DRAW_READ, (struct scope){ 0 }));
    TRY(store_read(cx, d->store, list_work, &w));
    *out = w.out;
    *n = w.n;
    return ERR_OK;
}

struct streaming {
    enum err (*row)(struct cx *cx, const struct interest *i, void *arg);
    void *arg;
};

static enum err each_row(struct cx *cx, const struct q_interest_in_force *r, void *arg)
{
    const struct streaming *w = arg;
    const struct interest i = INTEREST_OF(r);
    return w->row(cx, &i, w->arg);
}

enum err interest_each(struct cx *cx, struct tx *tx, struct str dept, int32_t on,
                       enum err (*row)(struct cx *cx, const struct interest *i, void *arg),
                       void *arg)
{
    struct streaming w = { row, arg };
    return q_interest_in_force(cx, tx, dept, on, each_row, &w);
}
