/* The register as it is now: by id, by code, its names and codes. */
#include "office/office.h"

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

struct getting {
    int64_t id;
    const struct code_check *code; /* looked up first, when given */
    struct market_entity *out;
    bool found;
};

static enum err get_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct getting *w = arg;
    struct q_entity_home_of_code at;
    struct q_entity_now row;
    struct q_entity_grade grade;
    w->found = true;
    if (w->code != NULL) {
        struct str code = { w->code->code, w->code->n };
        TRY(q_entity_home_of_code(cx, tx, code, (int64_t)w->code->kind, &at, &w->found));
        w->id = w->found ? at.home : 0;
    }
    if (w->found) {
        TRY(q_entity_now(cx, tx, w->id, &row, &w->found));
    }
    if (!w->found) {
        return ERR_OK;
    }
    *w->out = entity_of_now(&row);
    bool graded;
    TRY(q_entity_grade(cx, tx, w->id, &grade, &graded));
    w->out->grade = graded ? entity_grade_letter(grade.grade) : 0;
    return ERR_OK;
}

enum err register_by_code(struct cx *cx, const struct desk *d, const struct actor *by,
                          struct str code, struct market_entity *out)
{
    struct code_check k = code_check(code);
    struct getting w = { .code = &k, .out = out };
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
    entity_cut_to_public(cx, by, out);
    return ERR_OK;
}

struct naming {
    int64_t id;
    struct q_entity_names *rows;
    size_t n;
};

static enum err names_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct naming *w = arg;
    return q_entity_names(cx, tx, w->id, &w->rows, &w->n);
}

enum err register_names(struct cx *cx, const struct desk *d, int64_t id, struct entity_name **out,
                        size_t *n)
{
    struct naming w = { .id = id };
    TRY(store_read(cx, d->store, names_work, &w));
    struct entity_name *names = arena_alloc(cx->mem, w.n + 1, sizeof *names);
    if (names == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu names", w.n);
    }
    for (size_t i = 0; i < w.n; i++) {
        names[i] = (struct entity_name){ .name = w.rows[i].name,
                                         .kind = (enum entity_name_kind)w.rows[i].kind,
                                         .from_on = (int32_t)number_or_zero(w.rows[i].from_on),
                                         .to_on = (int32_t)number_or_zero(w.rows[i].to_on) };
    }
    *out = names;
    *n = w.n;
    return ERR_OK;
}
