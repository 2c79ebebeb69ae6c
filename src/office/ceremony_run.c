/* The run: who is drawn and who inspects, from the frozen frame and the seed alone. */
#include "office/ceremony_out.h"

enum { LOTS, RESULT, ASSIGN, PRICES };
static const enum ceremony_file result_files[] = {
    [LOTS] = CEREMONY_FILE_LOTS,
    [RESULT] = CEREMONY_FILE_RESULT,
    [ASSIGN] = CEREMONY_FILE_ASSIGN,
    [PRICES] = CEREMONY_FILE_PRICES,
};

enum { RUN_WHAT_MAX = 256, TELL_EVERY = 64 };

struct running;
struct running_sink {
    struct running *w;
    size_t file;
};

/* The population as core reads it, telling how far it is. */
struct watched {
    struct draw_source from;
    const struct ceremony_progress *progress;
    int64_t chunks, total;
};

struct running {
    struct ceremony_work work;
    struct ceremony_out out;
    struct running_sink sink[COUNT_OF(result_files)];
    struct watched population;
    int64_t places, unfilled;
    struct head head;
    struct str text; /* head.txt */
};

static enum err take_line(struct cx *cx, void *ctx, struct str line)
{
    struct running_sink *s = ctx;
    return out_line(cx, &s->w->out, s->file, line);
}

static enum err take_drawn(struct cx *cx, void *ctx, const struct drawn *d)
{
    struct running *w = ctx;
    const char status = (char)d->status;
    char k[LOT_KEY_CHARS];
    const struct qb_draw_result row = {
        .lot = w->work.c.plan.lot[d->lot].name,
        .rank = d->rank,
        .status = { &status, 1 },
        .code = d->id,
        .p31 = d->p,
        .u = (int64_t)d->u,
        .k = { k, lot_key_put(d->k, k) },
    };
    return out_result(cx, &w->out, &row);
}

static enum err take_place(struct cx *cx, void *ctx, const struct assign_row *r)
{
    struct running *w = ctx;
    const struct qb_draw_place row = { .pos = w->places++,
                                       .code = r->target,
                                       .dept = r->dept,
                                       .qual = r->qual,
                                       .inspector = r->inspector };
    w->unfilled += str_eq(r->inspector, STR("~"));
    return out_place(cx, &w->out, &row);
}

static enum err watched_next(struct cx *cx, void *ctx, struct str *chunk)
{
    struct watched *w = ctx;
    const struct ceremony_progress *pr = w->progress;
    w->chunks++;
    if (pr != NULL && pr->tell != NULL && w->chunks % TELL_EVERY == 0) {
        pr->tell(pr->arg, "frame", w->chunks * CEREMONY_BLOCK, w->total);
    }
    return w->from.next(cx, w->from.ctx, chunk);
}

static enum err watched_rewind(struct cx *cx, void *ctx)
{
    struct watched *w = ctx;
    return w->from.rewind(cx, w->from.ctx);
}

static enum err read_seed(struct cx *cx, struct tx *tx, const struct ceremony *c,
                          const struct freeze *f, struct seed *out)
{
    struct draw_source text;
    TRY(ceremony_text_source(cx, tx, c->row.id, "seed.txt", &text));
    return seed_read(cx, &c->plan, f, &text, out);
}

/* Lines go into blocks and rows while core draws; head.txt is written when the assignment's prices
 * have been checked, which draw_run does before it gives a line of it. */
static enum err run_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct running *w = arg;
    const struct ceremony *c = &w->work.c;
    struct ceremony_blocks state[3];
    struct freeze f;
    struct seed s;
    w->population.from = ceremony_blocks_source(tx, c, CEREMONY_FILE_POPULATION, &state[0]);
    const struct frame_sources from = {
        { "population.tsv", watched_next, watched_rewind, &w->population },
        ceremony_blocks_source(tx, c, CEREMONY_FILE_ROSTER, &state[1]),
        ceremony_blocks_source(tx, c, CEREMONY_FILE_RECUSAL, &state[2]),
    };
    const struct draw_sinks to = { { take_line, &w->sink[LOTS] },
                                   { take_line, &w->sink[RESULT] },
                                   { take_line, &w->sink[ASSIGN] },
                                   { take_line, &w->sink[PRICES] } };
    const struct draw_watch rows = { .drawn = take_drawn, .assigned = take_place, .ctx = w };
    TRY(ceremony_freeze_of(cx, tx, c, &f));
    TRY(read_seed(cx, tx, c, &f, &s));
    TRY(draw_run(cx, &c->plan, &f, &s, &from, &to, &rows, &w->head));
    return out_end(cx, &w->out);
}

static enum err write_head(struct cx *cx, struct running *w)
{
    struct buf text = buf_of(cx->mem, CEREMONY_TEXT_MAX);
    head_write(&w->work.c.plan, &w->head, &text);
    return buf_done(cx, &text, &w->text);
}

/* ---- the record ------------------------------------------------------------------------------ */

/* A planned visit for whoever was drawn: caps, duties and memory of later draws count them. */
static enum err add_visits(struct cx *cx, struct tx *tx, const struct ceremony *c, int64_t run)
{
    int64_t changed;
    for (size_t i = 0; i < c->asked.n_lots; i++) {
        const struct ceremony_lot *l = &c->asked.lots[i];
        TRY(q_draw_visits_add(cx, tx, c->row.id, run, l->name, l->item.n == 0 ? STR("-") : l->item,
                              date_of_ms(cx->now_ms), &changed));
    }
    return ERR_OK;
}

static enum err note_drawn(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           const struct ceremony_command *cmd, int64_t targets)
{
    const struct running *w = cmd->arg;
    struct buf what = buf_of(cx->mem, RUN_WHAT_MAX);
    buf_fmt(&what, "%lld targets, %lld places, %lld of them unfilled", (long long)targets,
            (long long)w->places, (long long)w->unfilled);
    const struct ceremony_said said = { buf_str(&what), &w->head.digest, LEDGER_RESULT };
    return ceremony_note(cx, tx, c, cmd, &said, NULL);
}

static enum err run_record(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           const struct ceremony_command *cmd)
{
    const struct running *w = cmd->arg;
    int64_t run = w->out.run;
    struct q_draw_target_count n;
    struct digest d;
    int64_t changed;
    TRY(ceremony_text_add(cx, tx, c, "head.txt", w->text, &d));
    TRY(add_visits(cx, tx, c, run));
    TRY(q_draw_target_count(cx, tx, c->row.id, run, &n));
    TRY(q_draw_to_drawn(cx, tx, c->row.id, c->row.ver, cx->now_ms, CEREMONY_DRAWN, run, n.targets,
                        w->places, w->unfilled, &changed));
    TRY(ceremony_moved(cx, c, changed));
    TRY(note_drawn(cx, tx, c, cmd, n.targets));
    TRY(q_draw_block_sweep(cx, tx, c->row.id, c->row.frame_run, run, &changed));
    TRY(q_draw_result_sweep(cx, tx, c->row.id, run, &changed));
    return q_draw_place_sweep(cx, tx, c->row.id, run, &changed);
}

static enum err run_all(struct cx *cx, struct running *w, struct ceremony_command *cmd)
{
    TRY(store_read(cx, cmd->desk->store, run_work, w));
    TRY(write_head(cx, w));
    return ceremony_take(cx, cmd);
}

enum err ceremony_run(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                      struct str op_key, const struct ceremony_progress *pr)
{
    struct running *w = arena_alloc(cx->mem, 1, sizeof *w);
    struct ceremony_command cmd = { .desk = d,
                                    .by = by,
                                    .id = id,
                                    .op_key = op_key,
                                    .in = { .step = CEREMONY_STEP_RUN },
                                    .record = run_record,
                                    .arg = w };
    if (w == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the run");
    }
    TRY(ceremony_prepare(cx, &cmd, &w->work));
    if (w->work.done) {
        return ERR_OK;
    }
    for (size_t i = 0; i < COUNT_OF(result_files); i++) {
        w->sink[i] = (struct running_sink){ w, i };
    }
    /* core passes over the population twice */
    w->population = (struct watched){ .progress = pr, .total = 2 * w->work.c.row.n_entities };
    TRY(out_open(cx, d, &w->work.c, result_files, COUNT_OF(result_files), &w->out));
    enum err code = run_all(cx, w, &cmd);
    if (code != ERR_OK) {
        out_drop(cx, &w->out);
        return ceremony_failed(cx, &cmd, &w->work, code);
    }
    return ERR_OK;
}
