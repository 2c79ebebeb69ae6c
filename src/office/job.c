/* Durable jobs: made, found, listed, asked to stop. */
#include "office/job_parts.h"

#include "office/office.h"
#include "q_job.h"

#include <unistd.h>

enum { TITLE_CHARS = 200, LIST_MAX = 1000 };

/* Each statement has a struct of its own; these columns they share. */
#define JOB_OF_COLUMNS(r)                                                                          \
    .id = (r)->id, .kind = (enum job_kind)(r)->kind, .state = (enum job_state)(r)->state,          \
    .title = (r)->title, .options = (r)->options, .done = (r)->done, .total = (r)->total,          \
    .cursor = (r)->cursor, .counts = (r)->counts, .result = (r)->result, .fault = (r)->fault,      \
    .cancel_asked = (r)->cancel != 0, .started_by = (r)->started_by,                               \
    .created_at = (r)->created_at, .started_at = (r)->started_at, .ended_at = (r)->ended_at,       \
    .seen_at = (r)->seen_at

static struct str text_of_null(struct str s)
{
    return s.p == NULL ? STR("") : s;
}

static void fill_empty(struct job *j)
{
    j->options = text_of_null(j->options);
    j->counts = text_of_null(j->counts);
    j->result = text_of_null(j->result);
    j->fault = text_of_null(j->fault);
}

/* ---- making --------------------------------------------------------------------------------- */

struct making {
    struct qa_job_insert row;
};

static enum err make_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct making *w = arg;
    int64_t changed;
    char id[ID_CHARS];
    TRY(tx_id(cx, tx, &w->row.id));
    TRY(q_job_insert(cx, tx, &w->row, &changed));
    id_put(w->row.id, id);
    return tx_answer(cx, tx, (struct str){ id, sizeof id });
}

enum err job_make(struct cx *cx, const struct desk *d, const struct actor *by, enum job_kind kind,
                  struct str title, struct str options, struct str op_key, int64_t *id)
{
    struct op op = { .key = op_key };
    struct making w = { { .kind = kind,
                          .title = title,
                          .options = options.n == 0 ? (struct str){ NULL, 0 } : options,
                          .started_by = by->account,
                          .created_at = cx->now_ms } };
    TRY(access_allow(cx, by, POWER_REGISTER_WRITE, (struct scope){ 0 }));
    if (title.n == 0 || title.n > (size_t)4 * TITLE_CHARS || utf8_bad_at(title) < title.n ||
        utf8_count(title) > TITLE_CHARS) {
        return fail(cx, ERR_FIELD, "title: 1..%d characters", TITLE_CHARS);
    }
    TRY(store_write(cx, d->store, &op, make_work, &w));
    return id_get(cx, op.answer, id);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* One's own, or anybody's for who reads the register. */
static bool may_see(struct cx *cx, const struct actor *by, int64_t started_by)
{
    struct cx quiet = { .mem = cx->mem, .now_ms = cx->now_ms };
    return (by->account != 0 && by->account == started_by) ||
           access_allow(&quiet, by, POWER_REGISTER_READ, (struct scope){ 0 }) == ERR_OK;
}

static enum err not_found(struct cx *cx, int64_t id)
{
    char text[ID_CHARS];
    id_put(id, text);
    return fail(cx, ERR_NOT_FOUND, "job %.*s", (int)ID_CHARS, text);
}

struct finding {
    int64_t id;
    struct job *out;
    bool found;
};

static enum err get_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct finding *w = arg;
    struct q_job_by_id r;
    TRY(q_job_by_id(cx, tx, w->id, &r, &w->found));
    if (w->found) {
        *w->out = (struct job){ JOB_OF_COLUMNS(&r) };
        fill_empty(w->out);
    }
    return ERR_OK;
}

enum err job_get(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                 struct job *out)
{
    struct finding w = { .id = id, .out = out };
    TRY(store_read(cx, d->store, get_work, &w));
    return w.found && may_see(cx, by, out->started_by) ? ERR_OK : not_found(cx, id);
}

struct listing {
    int64_t started_by; /* 0: everybody's */
    int limit;
    struct job *out;
    size_t n;
};

static enum err list_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct listing *w = arg;
    struct q_job_newest *rows = NULL;
    TRY(q_job_newest(cx, tx, w->started_by, w->limit, &rows, &w->n));
    w->out = arena_alloc(cx->mem, w->n + 1, sizeof *w->out);
    if (w->out == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu jobs", w->n);
    }
    for (size_t i = 0; i < w->n; i++) {
        w->out[i] = (struct job){ JOB_OF_COLUMNS(&rows[i]) };
        fill_empty(&w->out[i]);
    }
    return ERR_OK;
}

enum err job_list(struct cx *cx, const struct desk *d, const struct actor *by, int limit,
                  struct job **out, size_t *n)
{
    struct listing w = { .limit = limit };
    if (limit < 1 || limit > LIST_MAX) {
        return fail(cx, ERR_FIELD, "limit: 1..%d", LIST_MAX);
    }
    TRY(access_allow(cx, by, POWER_SIGNED_IN, (struct scope){ 0 }));
    w.started_by = may_see(cx, by, 0) ? 0 : by->account;
    TRY(store_read(cx, d->store, list_work, &w));
    *out = w.out;
    *n = w.n;
    return ERR_OK;
}

/* ---- stopping ------------------------------------------------------------------------------- */

static enum err cancel_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct finding *w = arg;
    int64_t changed;
    TRY(get_work(cx, tx, w));
    if (!w->found || w->out->state == JOB_CANCELLED) {
        return ERR_OK;
    }
    if (w->out->state == JOB_WAITING) {
        return q_job_cancel_waiting(cx, tx, w->id, cx->now_ms, &changed);
    }
    if (w->out->state == JOB_RUNNING) {
        return q_job_cancel_running(cx, tx, w->id, &changed);
    }
    return fail(cx, ERR_STATE, "the job has ended");
}

enum err job_cancel(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id)
{
    struct job j;
    struct finding w = { .id = id, .out = &j };
    TRY(job_get(cx, d, by, id, &j));
    if (by->account == 0 || by->account != j.started_by) {
        TRY(access_allow(cx, by, POWER_REGISTER_WRITE, (struct scope){ 0 }));
    }
    TRY(store_write(cx, d->store, NULL, cancel_work, &w));
    if (j.state == JOB_WAITING && j.kind == JOB_IMPORT) {
        import_forget_file(cx, d, &j);
    }
    return ERR_OK;
}

enum err job_result_path(struct cx *cx, const struct desk *d, const struct actor *by, int64_t job,
                         struct str *path)
{
    struct job j;
    TRY(job_get(cx, d, by, job, &j));
    if (j.result.n == 0) {
        return fail(cx, ERR_NOT_FOUND, "the job left no file");
    }
    TRY(import_path(cx, d, j.result, path));
    return access(path->p, R_OK) == 0 ? ERR_OK
                                      : fail(cx, ERR_NOT_FOUND, STR_FMT, STR_ARG(j.result));
}

/* ---- for the worker ------------------------------------------------------------------------- */

static enum err next_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct finding *w = arg;
    struct q_job_next r;
    int64_t changed = 0;
    TRY(q_job_next(cx, tx, &r, &w->found));
    if (!w->found) {
        return ERR_OK;
    }
    *w->out = (struct job){ JOB_OF_COLUMNS(&r) };
    fill_empty(w->out);
    TRY(q_job_begin(cx, tx, r.id, cx->now_ms, &changed));
    return ERR_OK;
}

static enum err any_work(struct cx *cx, struct tx *tx, void *arg)
{
    bool *found = arg;
    struct q_job_next r;
    return q_job_next(cx, tx, &r, found);
}

enum err job_take_next(struct cx *cx, const struct desk *d, struct job *out, bool *found)
{
    struct finding w = { .out = out };
    *found = false;
    TRY(store_read(cx, d->store, any_work, found)); /* the writer is not asked for nothing */
    if (!*found) {
        return ERR_OK;
    }
    TRY(store_write(cx, d->store, NULL, next_work, &w));
    *found = w.found;
    return ERR_OK;
}

struct ending {
    struct qa_job_end row;
};

static enum err end_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct ending *w = arg;
    int64_t changed;
    return q_job_end(cx, tx, &w->row, &changed);
}

enum err job_end(struct cx *cx, const struct desk *d, int64_t id, enum job_state state,
                 struct str result, struct str fault)
{
    const struct str none = { NULL, 0 };
    struct ending w = { { .id = id,
                          .state = state,
                          .result = result.n > 0 ? result : none,
                          .fault = fault.n > 0 ? fault : none,
                          .at = cx->now_ms } };
    return store_write(cx, d->store, NULL, end_work, &w);
}

enum err job_is_cancelled(struct cx *cx, const struct desk *d, int64_t id, bool *out)
{
    struct job j;
    struct finding w = { .id = id, .out = &j };
    TRY(store_read(cx, d->store, get_work, &w));
    *out = w.found && j.cancel_asked;
    return ERR_OK;
}
