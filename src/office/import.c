/* An import from its first batch to its last: one thread reads ahead while the other writes. */
#include "office/import_parts.h"

#include "office/office.h"
#include "q_job.h"

#include <pthread.h>

enum { WAN = 0x4e07, FEN_OF_YUAN = 100, REASON_CHARS = 200 };

struct run {
    const struct desk *d;
    const struct actor *by;
    const struct import_options *o;
    const struct import_watch *watch;
    int64_t job;
    struct import_file file;
    struct import_mapping mapping;
    struct import_rules rules;
    struct import_errors errors;
    struct entity_stamp stamp;
    struct import_batch batch[2];
    struct import_counts counts;
    int64_t cursor, line; /* where to go on */
    bool stop;
};

/* ---- a batch committed ---------------------------------------------------------------------- */

struct commit {
    struct run *run;
    struct import_batch *batch;
    struct import_counts counts; /* with the batch's */
    int64_t errors_bytes;
    bool cancel;
};

static void tally(struct commit *c)
{
    int64_t by[IMPORT_OUTCOME__COUNT] = { 0 };
    for (size_t i = 0; i < c->batch->n; i++) {
        by[c->batch->rows[i].outcome]++;
    }
    c->counts = c->run->counts;
    c->counts.rows += (int64_t)c->batch->n;
    c->counts.added += by[IMPORT_ADDED];
    c->counts.changed += by[IMPORT_CHANGED];
    c->counts.unchanged += by[IMPORT_UNCHANGED];
    c->counts.refused += by[IMPORT_REFUSED];
    c->counts.bytes_done = c->batch->to;
}

static enum err counts_json(struct cx *cx, const struct commit *c, struct str *out)
{
    struct buf b = buf_of(cx->mem, 1024);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_int(&j, "rows", c->counts.rows);
    json_key_int(&j, "added", c->counts.added);
    json_key_int(&j, "changed", c->counts.changed);
    json_key_int(&j, "unchanged", c->counts.unchanged);
    json_key_int(&j, "refused", c->counts.refused);
    json_key_int(&j, "line", c->batch->line_to);
    json_key_int(&j, "errors_bytes", c->errors_bytes);
    json_end_object(&j);
    return buf_done(cx, &b, out);
}

static enum err advance_job(struct cx *cx, struct tx *tx, struct commit *c)
{
    struct q_job_by_id row;
    bool found;
    int64_t changed;
    struct str counts;
    TRY(counts_json(cx, c, &counts));
    const struct qa_job_advance a = { .id = c->run->job,
                                      .done = c->batch->to,
                                      .total = c->run->file.bytes,
                                      .cursor = c->batch->to,
                                      .counts = counts,
                                      .at = cx->now_ms };
    TRY(q_job_advance(cx, tx, &a, &changed));
    if (changed != 1) {
        return fail(cx, ERR_STATE, "the job does not run");
    }
    TRY(q_job_by_id(cx, tx, c->run->job, &row, &found));
    c->cancel = found && row.cancel != 0;
    return ERR_OK;
}

static enum err decide(struct cx *cx, struct tx *tx, void *arg)
{
    struct commit *c = arg;
    const struct import_write w = { .d = c->run->d,
                                    .stamp = &c->run->stamp,
                                    .batch = c->batch,
                                    .today_on = c->run->rules.today_on,
                                    .dry_run = c->run->o->dry_run };
    return import_write_batch(cx, tx, &w);
}

/* The errors file stands on the disk before the commit that counts on it; what a failed commit
 * leaves in it is cut off by the next. */
static enum err finish(struct cx *cx, struct commit *c)
{
    TRY(import_errors_put(cx, &c->run->errors, c->batch, &c->errors_bytes));
    tally(c);
    return ERR_OK;
}

static enum err commit_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct commit *c = arg;
    TRY(decide(cx, tx, c));
    TRY(finish(cx, c));
    if (c->run->job != 0) {
        TRY(advance_job(cx, tx, c));
    }
    return ERR_OK;
}

static enum err advance_work(struct cx *cx, struct tx *tx, void *arg)
{
    return advance_job(cx, tx, arg);
}

static enum err commit_dry(struct cx *cx, struct commit *c)
{
    struct store *st = c->run->d->store;
    TRY(store_read(cx, st, decide, c));
    TRY(finish(cx, c));
    return c->run->job == 0 ? ERR_OK : store_write(cx, st, NULL, advance_work, c);
}

static enum err commit_batch(struct cx *cx, struct run *r, struct import_batch *b)
{
    struct commit c = { .run = r, .batch = b };
    b->cx.now_ms = cx->now_ms;
    enum err code = r->o->dry_run ? commit_dry(&b->cx, &c)
                                  : store_write(&b->cx, r->d->store, NULL, commit_work, &c);
    if (code != ERR_OK) {
        return fail(cx, code, "%s", b->cx.fault.detail);
    }
    r->counts = c.counts;
    r->errors.bytes = c.errors_bytes;
    r->cursor = b->to;
    r->line = b->line_to;
    bool go_on = r->watch == NULL || r->watch->progress == NULL ||
                 r->watch->progress(r->watch->arg, &r->counts);
    r->stop = c.cancel || !go_on;
    return ERR_OK;
}

/* ---- batch after batch ---------------------------------------------------------------------- */

struct ahead {
    struct import_batch *batch;
    int64_t at, line;
    pthread_t thread;
    bool started;
};

static void *read_ahead(void *arg)
{
    const struct ahead *a = arg;
    import_batch_read(a->batch, a->at, a->line);
    return NULL;
}

static enum err run_batches(struct cx *cx, struct run *r)
{
    struct import_batch *now = &r->batch[0];
    struct import_batch *next = &r->batch[1];
    import_batch_read(now, r->cursor, r->line);
    while (now->code == ERR_OK && now->to > now->from) {
        struct ahead a = { .batch = next, .at = now->to, .line = now->line_to };
        a.started = !now->last && pthread_create(&a.thread, NULL, read_ahead, &a) == 0;
        enum err code = commit_batch(cx, r, now);
        if (a.started) {
            (void)pthread_join(a.thread, NULL);
        }
        if (code != ERR_OK || now->last || r->stop) {
            return code;
        }
        if (!a.started) { /* no thread to be had: one after the other */
            (void)read_ahead(&a);
        }
        struct import_batch *done = now;
        now = next;
        next = done;
    }
    return now->code == ERR_OK ? ERR_OK : fail(cx, now->code, "%s", now->cx.fault.detail);
}

/* ---- before and after ----------------------------------------------------------------------- */

static enum err choose_mapping(struct cx *cx, struct run *r)
{
    struct str signature;
    bool found = true;
    TRY(import_signature(cx, &r->file, &signature));
    if (r->o->mapping != NULL) {
        r->mapping = *r->o->mapping;
    } else {
        TRY(import_recall(cx, r->d, signature, r->file.n_columns, &r->mapping, &found));
    }
    if (!found) {
        TRY(import_guess(cx, r->d->defs, &r->file, &r->mapping));
    }
    TRY(import_mapping_check(cx, &r->mapping, r->file.n_columns));
    if (!r->o->remember || r->o->dry_run) {
        return ERR_OK;
    }
    return import_remember(cx, r->d, r->by, signature, &r->mapping);
}

/* A title that says ten-thousands means them in every cell that says nothing. */
static int64_t capital_unit(const struct run *r)
{
    int column = r->mapping.column[IMPORT_CAPITAL];
    struct str title = column < 0 ? STR("") : r->file.header[column];
    for (size_t i = 0; i < title.n;) {
        if (utf8_next(title, &i) == WAN) {
            return INT64_C(10000) * FEN_OF_YUAN;
        }
    }
    return FEN_OF_YUAN;
}

/* What is kept with each changed version: the file's name. */
static struct str reason_of(struct str title)
{
    size_t end = 0;
    for (int n = 0; n < REASON_CHARS && end < title.n; n++) {
        (void)utf8_next(title, &end);
    }
    return end == 0 ? STR("import") : (struct str){ title.p, end };
}

/* A region for rows that name none must be one. */
static enum err check_region(struct cx *cx, const struct run *r)
{
    const struct region *at = r->o->region.n == 0 ? NULL : defs_region(r->d->defs, r->o->region);
    if (r->o->region.n > 0 && at == NULL) {
        return fail(cx, ERR_FIELD, "region: " STR_FMT, STR_ARG(r->o->region));
    }
    return ERR_OK;
}

static enum err errors_name(struct cx *cx, const struct run *r, struct str *out)
{
    char id[ID_CHARS];
    int64_t number = r->job;
    struct buf b = buf_of(cx->mem, 64);
    if (number == 0) {
        TRY(store_id(cx, r->d->store, &number));
    }
    id_put(number, id);
    buf_fmt(&b, "results/%.*s.csv", (int)ID_CHARS, id);
    return buf_done(cx, &b, out);
}

static enum err prepare(struct cx *cx, struct run *r)
{
    struct str name;
    struct str title = r->o->title.n > 0 ? r->o->title : r->o->path;
    TRY(check_region(cx, r));
    TRY(import_file_open(cx, r->o->path, &r->file));
    TRY(choose_mapping(cx, r));
    r->stamp = (struct entity_stamp){ r->by, cx->now_ms, reason_of(title) };
    r->rules = (struct import_rules){ .defs = r->d->defs,
                                      .map = &r->mapping,
                                      .by = r->by,
                                      .n_columns = r->file.n_columns,
                                      .region = r->o->region,
                                      .capital_fen = capital_unit(r),
                                      .today_on = date_of_ms(cx->now_ms) };
    r->counts.bytes_total = r->file.bytes;
    if (r->cursor == 0) {
        r->cursor = r->file.rows_at;
        r->line = r->file.rows_at_line;
    }
    r->counts.bytes_done = r->cursor;
    TRY(import_batch_make(cx, &r->file, &r->rules, &r->batch[0]));
    TRY(import_batch_make(cx, &r->file, &r->rules, &r->batch[1]));
    TRY(errors_name(cx, r, &name));
    return import_errors_open(cx, r->d, &r->file, name, r->errors.bytes, &r->errors);
}

static int64_t count_of(const struct json_value *counts, const char *name)
{
    const struct json_value *v = json_member(counts, name);
    return v != NULL && v->kind == JSON_IN_INT ? v->i : 0;
}

/* Where a job that was broken off goes on. */
static enum err resume(struct cx *cx, struct run *r)
{
    struct job j;
    const struct json_value *v = NULL;
    TRY(job_get(cx, r->d, r->by, r->job, &j));
    if (j.cursor == 0 || j.counts.n == 0) {
        return ERR_OK;
    }
    TRY(json_read(cx, j.counts, &v));
    r->cursor = j.cursor;
    r->line = count_of(v, "line");
    r->errors.bytes = count_of(v, "errors_bytes");
    r->counts = (struct import_counts){ .rows = count_of(v, "rows"),
                                        .added = count_of(v, "added"),
                                        .changed = count_of(v, "changed"),
                                        .unchanged = count_of(v, "unchanged"),
                                        .refused = count_of(v, "refused") };
    return ERR_OK;
}

static void run_close(struct run *r)
{
    import_batch_free(&r->batch[0]);
    import_batch_free(&r->batch[1]);
    import_errors_close(&r->errors);
    import_file_close(&r->file);
}

static enum err run_all(struct cx *cx, struct run *r)
{
    if (r->job != 0) {
        TRY(resume(cx, r));
    }
    TRY(prepare(cx, r));
    return run_batches(cx, r);
}

enum err import_run(struct cx *cx, const struct desk *d, const struct actor *by,
                    const struct import_options *o, int64_t job, const struct import_watch *w,
                    struct import_result *out)
{
    struct run *r = arena_alloc(cx->mem, 1, sizeof *r);
    if (r == NULL) {
        return fail(cx, ERR_NO_MEMORY, "import");
    }
    TRY(access_allow(cx, by, POWER_REGISTER_WRITE, (struct scope){ 0 }));
    *r = (struct run){ .d = d, .by = by, .o = o, .watch = w, .job = job };
    r->file.fd = -1;
    r->errors.fd = -1;
    enum err code = run_all(cx, r);
    run_close(r);
    TRY(code);
    *out = (struct import_result){ .counts = r->counts,
                                   .errors = r->errors.bytes > 0 ? r->errors.name : STR(""),
                                   .cancelled = r->stop && r->cursor < r->file.bytes };
    return ERR_OK;
}
