/* One entity of the register: by id or code, as it is, as it was, as it was known. */
#include "office/office.h"

#include "office/entity_columns.h"
#include "office/entity_rows.h"
#include "q_register.h"

static const struct {
    enum entity_status status;
    const char *name;
} status_names[] = {
#define X(symbol, number, name) { ENTITY_##symbol, name },
    ENTITY_STATUS_TABLE(X)
#undef X
};

const char *entity_status_name(enum entity_status s)
{
    for (size_t i = 0; i < COUNT_OF(status_names); i++) {
        if (status_names[i].status == s) {
            return status_names[i].name;
        }
    }
    return "?";
}

enum entity_status entity_status_by_name(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(status_names); i++) {
        if (str_eq(str_of(status_names[i].name), name)) {
            return status_names[i].status;
        }
    }
    return (enum entity_status)0;
}

/* ---- one entity, now or then --------------------------------------------------------------- */

struct getting {
    int64_t id;
    const struct code_check *code; /* looked up first, when given */
    int32_t as_of_on;              /* 0 and 0: now */
    int64_t as_known_at;           /* 0: by what is known now */
    bool staff;                    /* may see the grade, so it is looked up */
    struct market_entity *out;
    bool found;
};

static enum err with_grade(struct cx *cx, struct tx *tx, struct market_entity *e)
{
    struct q_entity_grade grade;
    bool graded;
    TRY(q_entity_grade(cx, tx, e->id, &grade, &graded));
    e->grade = graded ? entity_grade_letter(grade.grade) : 0;
    return ERR_OK;
}

static bool held_then(const struct getting *w, const struct market_entity *e)
{
    bool valid =
        e->valid_from_on <= w->as_of_on && (e->valid_to_on == 0 || e->valid_to_on > w->as_of_on);
    return valid && e->recorded_at <= w->as_known_at &&
           (e->superseded_at == 0 || e->superseded_at > w->as_known_at);
}

/* Of all versions exactly one holds for a day and an instant, or none. */
static enum err get_then(struct cx *cx, struct tx *tx, struct getting *w,
                         const struct market_entity *now)
{
    struct q_entity_past *past = NULL;
    size_t n = 0;
    *w->out = *now;
    w->found = held_then(w, now);
    if (w->found) {
        return ERR_OK;
    }
    TRY(q_entity_past(cx, tx, w->id, &past, &n));
    for (size_t i = 0; i < n && !w->found; i++) {
        *w->out = entity_of_past(&past[i]);
        w->found = held_then(w, w->out);
    }
    return ERR_OK;
}

static enum err find_now(struct cx *cx, struct tx *tx, struct getting *w, struct market_entity *now)
{
    if (w->code == NULL) {
        struct q_entity_now row;
        TRY(q_entity_now(cx, tx, w->id, &row, &w->found));
        *now = w->found ? entity_of_now(&row) : (struct market_entity){ 0 };
        return ERR_OK;
    }
    struct str code = { w->code->code, w->code->n };
    struct q_entity_now_of_code row;
    TRY(q_entity_now_of_code(cx, tx, code, (int64_t)w->code->kind, &row, &w->found));
    if (w->found) {
        *now = (struct market_entity){ ENTITY_OF_COLUMNS(&row) };
        w->id = now->id;
    }
    return ERR_OK;
}

static enum err get_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct getting *w = arg;
    struct market_entity now;
    TRY(find_now(cx, tx, w, &now));
    if (!w->found) {
        return ERR_OK;
    }
    if (w->as_of_on != 0) {
        return get_then(cx, tx, w, &now);
    }
    *w->out = now;
    return w->staff ? with_grade(cx, tx, w->out) : ERR_OK;
}

enum err register_get(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                      int32_t as_of_on, int64_t as_known_at, struct market_entity *out)
{
    struct market_entity e;
    struct getting w = { .id = id, .staff = entity_may_read(cx, by), .out = &e };
    if (as_of_on != 0 || as_known_at != 0) {
        w.as_of_on = as_of_on != 0 ? as_of_on : date_of_ms(cx->now_ms);
        w.as_known_at = as_known_at != 0 ? as_known_at : INT64_MAX;
    }
    TRY(store_read(cx, d->store, get_work, &w));
    if (!w.found) {
        char text[ID_CHARS];
        id_put(id, text);
        return fail(cx, ERR_NOT_FOUND, "entity %.*s", ID_CHARS, text);
    }
    entity_cut_to_public(cx, by, &e);
    *out = e;
    return ERR_OK;
}

enum err register_by_code(struct cx *cx, const struct desk *d, const struct actor *by,
                          struct str code, struct market_entity *out)
{
    struct market_entity e;
    struct code_check k = code_check(code);
    struct getting w = { .code = &k, .staff = entity_may_read(cx, by), .out = &e };
    if (code.n == ID_CHARS && k.err != ERR_OK) {
        TRY(id_get(cx, code, &w.id));
        w.code = NULL;
    } else if (k.err != ERR_OK) {
        struct buf why = buf_of(cx->mem, 1024);
        code_explain(&k, cx->lang, &why);
        return fail(cx, k.err, STR_FMT, STR_ARG(buf_str(&why)));
    }
    TRY(store_read(cx, d->store, get_work, &w));
    if (!w.found) {
        return fail(cx, ERR_NOT_FOUND, STR_FMT, STR_ARG(code));
    }
    entity_cut_to_public(cx, by, &e);
    *out = e;
    return ERR_OK;
}

/* ---- all versions -------------------------------------------------------------------------- */

struct telling {
    int64_t id;
    struct market_entity *out;
    size_t n;
};

static enum err history_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct telling *w = arg;
    struct q_entity_now row;
    struct q_entity_past *past = NULL;
    size_t n = 0;
    bool found;
    TRY(q_entity_now(cx, tx, w->id, &row, &found));
    if (!found) {
        char text[ID_CHARS];
        id_put(w->id, text);
        return fail(cx, ERR_NOT_FOUND, "entity %.*s", ID_CHARS, text);
    }
    TRY(q_entity_past(cx, tx, w->id, &past, &n));
    w->out = arena_alloc(cx->mem, n + 1, sizeof *w->out);
    if (w->out == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu versions", n);
    }
    struct market_entity now = entity_of_now(&row);
    size_t at = 0; /* of the current one: behind whatever was recorded later */
    while (at < n && past[at].recorded_at > now.recorded_at) {
        at++;
    }
    for (size_t i = 0; i < n; i++) {
        w->out[i < at ? i : i + 1] = entity_of_past(&past[i]);
    }
    w->out[at] = now;
    w->n = n + 1;
    return ERR_OK;
}

enum err register_history(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                          struct market_entity **out, size_t *n)
{
    struct telling w = { .id = id };
    TRY(access_allow(cx, by, POWER_REGISTER_READ, (struct scope){ 0 }));
    TRY(store_read(cx, d->store, history_work, &w));
    *out = w.out;
    *n = w.n;
    return ERR_OK;
}
