/* The freeze: the frame is made from the register, hashed, and from then on fixed. */
#include "office/ceremony_out.h"
#include "office/ceremony_pool.h"

#include <sodium.h>

enum { POPULATION, EXCLUSIONS, ROSTER, RECUSAL };
static const enum ceremony_file frame_files[] = {
    [POPULATION] = CEREMONY_FILE_POPULATION,
    [EXCLUSIONS] = CEREMONY_FILE_EXCLUSIONS,
    [ROSTER] = CEREMONY_FILE_ROSTER,
    [RECUSAL] = CEREMONY_FILE_RECUSAL,
};

enum { ENTRY_LINE_MAX = 4096, SALT_BYTES = 16, FREEZE_WHAT_MAX = 256 };

struct freezing {
    struct ceremony_work work;
    const struct ceremony_progress *progress;
    struct ceremony_out out;
    struct buf line;
    struct pool *pool;
    int64_t excluded[CEREMONY_EXCLUSION__COUNT];
    struct frame frame;
    struct freeze freeze;
    struct str text;          /* freeze.txt */
    struct digest exclusions; /* H(exclusions.tsv) */
};

/* ---- the frame is written -------------------------------------------------------------------- */

static enum err put_entry(struct cx *cx, const struct pool_entry *p, void *arg)
{
    struct freezing *w = arg;
    char salt[2 * SALT_BYTES];
    struct entity line = { .id = p->e->code,
                           .region = p->e->region,
                           .share = p->share,
                           .shares = p->shares,
                           .salt = STR("-"),
                           .note = p->note };
    if (w->work.c.row.sealed == 1) {
        uint8_t bytes[SALT_BYTES];
        randombytes_buf(bytes, sizeof bytes);
        hex_put(bytes, sizeof bytes, salt);
        line.salt = (struct str){ salt, sizeof salt };
    }
    buf_clear(&w->line);
    entity_put(&w->work.c.plan, &line, &w->line);
    struct str whole;
    TRY(buf_done(cx, &w->line, &whole));
    return out_line(cx, &w->out, POPULATION, whole);
}

static enum err put_left_out(struct cx *cx, const struct market_entity *e,
                             enum ceremony_exclusion why, struct str detail, void *arg)
{
    struct freezing *w = arg;
    w->excluded[why]++;
    buf_clear(&w->line);
    buf_fmt(&w->line, STR_FMT "\t%s\t" STR_FMT, STR_ARG(e->code), ceremony_exclusion_name(why),
            STR_ARG(detail.n == 0 ? STR("-") : detail));
    struct str whole;
    TRY(buf_done(cx, &w->line, &whole));
    return out_line(cx, &w->out, EXCLUSIONS, whole);
}

static enum err put_memory(struct cx *cx, size_t lot, struct str code, uint32_t c31, void *arg)
{
    struct freezing *w = arg;
    struct str item = pool_lot(w->pool, lot)->item;
    const struct qb_draw_memory row = { .item = item.n == 0 ? STR("-") : item,
                                        .cycle = pool_cycle_on(w->pool, lot),
                                        .code = code,
                                        .c31 = c31 };
    return out_memory(cx, &w->out, &row);
}

static enum err put_lines(struct cx *cx, struct freezing *w, size_t file,
                          const struct pool_lines *l)
{
    for (size_t i = 0; i < l->n; i++) {
        TRY(out_line(cx, &w->out, file, l->line[i]));
    }
    return ERR_OK;
}

/* One snapshot for everything that is frozen. Blocks are written on another connection meanwhile,
 * so that no writer waits for the whole pass. */
static enum err frame_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct freezing *w = arg;
    const struct pool_terms terms = { .plan = &w->work.c.asked,
                                      .self = w->work.c.row.id,
                                      .on = date_of_ms(cx->now_ms),
                                      .progress = w->progress };
    const struct pool_sink to = { put_entry, put_left_out, put_memory, w };
    struct pool_lines roster;
    struct pool_lines recusals;
    TRY(pool_open(cx, tx, &terms, &w->pool));
    TRY(pool_each(cx, tx, w->pool, &to));
    TRY(pool_roster(cx, tx, &terms, &roster, &recusals));
    TRY(put_lines(cx, w, ROSTER, &roster));
    TRY(put_lines(cx, w, RECUSAL, &recusals));
    return out_end(cx, &w->out);
}

/* ---- the frame is read back ------------------------------------------------------------------ */

static enum err check_trees(struct cx *cx, const struct freezing *w)
{
    const struct tree wrote[] = { out_tree(&w->out, POPULATION), out_tree(&w->out, ROSTER),
                                  out_tree(&w->out, RECUSAL) };
    TRY(tree_check(cx, "population.tsv", &wrote[0], &w->frame.population));
    TRY(tree_check(cx, "roster.tsv", &wrote[1], &w->frame.roster));
    return tree_check(cx, "recusal.tsv", &wrote[2], &w->frame.recusal);
}

static enum err check_lots(struct cx *cx, const struct freezing *w)
{
    const struct plan *p = &w->work.c.plan;
    for (size_t i = 0; i < p->lots; i++) {
        if (w->frame.lot[i].n == 0) {
            return fail(cx, ERR_DRAW_EMPTY, "lot " STR_FMT, STR_ARG(p->lot[i].name));
        }
    }
    return ERR_OK;
}

static enum err write_freeze(struct cx *cx, struct freezing *w)
{
    const struct ceremony *c = &w->work.c;
    struct buf text = buf_of(cx->mem, CEREMONY_TEXT_MAX);
    struct draw_text room;
    struct freeze f = { .plan = c->plan.digest,
                        .population = w->frame.population,
                        .roster = w->frame.roster,
                        .recusal = w->frame.recusal };
    for (size_t i = 0; i < c->n_parties; i++) {
        if (!digest_from_hex(c->parties[i].commitment, &f.commit[i])) {
            return fail(cx, ERR_DRAW_MISSING, STR_FMT, STR_ARG(c->parties[i].dept));
        }
    }
    freeze_write(&c->plan, &f, &text);
    TRY(buf_done(cx, &text, &w->text));
    const struct draw_source source = draw_source_of("freeze.txt", w->text, &room);
    return freeze_read(cx, &c->plan, &source, &w->freeze);
}

/* The stored blocks go through the same reader as everybody's: what it refuses is not frozen. */
static enum err check_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct freezing *w = arg;
    struct ceremony stored = w->work.c;
    struct ceremony_blocks state[3];
    stored.row.frame_run = w->out.run;
    const struct frame_sources from = {
        ceremony_blocks_source(tx, &stored, CEREMONY_FILE_POPULATION, &state[0]),
        ceremony_blocks_source(tx, &stored, CEREMONY_FILE_ROSTER, &state[1]),
        ceremony_blocks_source(tx, &stored, CEREMONY_FILE_RECUSAL, &state[2]),
    };
    TRY(frame_read(cx, &w->work.c.plan, &from, &w->frame));
    TRY(check_trees(cx, w));
    TRY(check_lots(cx, w));
    return write_freeze(cx, w);
}

/* ---- the record ------------------------------------------------------------------------------ */

static enum err add_counts(struct cx *cx, struct tx *tx, const struct freezing *w)
{
    const struct ceremony *c = &w->work.c;
    int64_t changed;
    for (size_t i = 0; i < c->plan.lots; i++) {
        const struct lot_stat *s = &w->frame.lot[i];
        TRY(q_draw_lot_add(cx, tx, c->row.id, w->out.run, c->plan.lot[i].name, (int64_t)s->n,
                           (int64_t)s->w_sum, (int64_t)s->takeall, &changed));
    }
    for (int x = 0; x < CEREMONY_EXCLUSION__COUNT; x++) {
        if (w->excluded[x] > 0) {
            TRY(q_draw_exclusion_add(cx, tx, c->row.id, w->out.run, x, w->excluded[x], &changed));
        }
    }
    return ERR_OK;
}

static enum err note_frozen(struct cx *cx, struct tx *tx, const struct ceremony *c,
                            const struct ceremony_command *cmd, int64_t *freeze_seq)
{
    const struct freezing *w = cmd->arg;
    struct buf what = buf_of(cx->mem, FREEZE_WHAT_MAX);
    buf_fmt(&what, "population %llu lines, roster %llu, recusal %llu",
            (unsigned long long)w->freeze.population.lines,
            (unsigned long long)w->freeze.roster.lines,
            (unsigned long long)w->freeze.recusal.lines);
    struct ceremony_said said = { buf_str(&what), &w->freeze.digest, LEDGER_FREEZE };
    TRY(ceremony_note(cx, tx, c, cmd, &said, freeze_seq));
    said = (struct ceremony_said){ STR("exclusions.tsv"), &w->exclusions, LEDGER_EVIDENCE };
    return ceremony_note(cx, tx, c, cmd, &said, NULL);
}

static enum err freeze_record(struct cx *cx, struct tx *tx, const struct ceremony *c,
                              const struct ceremony_command *cmd)
{
    const struct freezing *w = cmd->arg;
    struct digest d;
    int64_t seq;
    int64_t changed;
    TRY(ceremony_text_add(cx, tx, c, "freeze.txt", w->text, &d));
    TRY(add_counts(cx, tx, w));
    TRY(note_frozen(cx, tx, c, cmd, &seq));
    TRY(q_draw_to_frozen(cx, tx, c->row.id, c->row.ver, cx->now_ms, CEREMONY_FROZEN, w->out.run,
                         (int64_t)w->freeze.population.lines, seq, &changed));
    TRY(ceremony_moved(cx, c, changed));
    TRY(q_draw_block_sweep(cx, tx, c->row.id, w->out.run, 0, &changed));
    return q_draw_memory_sweep(cx, tx, c->row.id, w->out.run, &changed);
}

static enum err freeze_all(struct cx *cx, struct freezing *w, struct ceremony_command *cmd)
{
    TRY(store_read(cx, cmd->desk->store, frame_work, w));
    struct hasher h = w->out.file[EXCLUSIONS].bytes;
    w->exclusions = hasher_end(&h);
    TRY(store_read(cx, cmd->desk->store, check_work, w));
    return ceremony_take(cx, cmd);
}

enum err ceremony_freeze(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str op_key, const struct ceremony_progress *pr)
{
    struct freezing *w = arena_alloc(cx->mem, 1, sizeof *w);
    struct ceremony_command cmd = { .desk = d,
                                    .by = by,
                                    .id = id,
                                    .op_key = op_key,
                                    .in = { .step = CEREMONY_STEP_FREEZE },
                                    .record = freeze_record,
                                    .arg = w };
    if (w == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the freeze");
    }
    w->progress = pr;
    TRY(ceremony_prepare(cx, &cmd, &w->work));
    if (w->work.done) {
        return ERR_OK;
    }
    w->line = buf_of(cx->mem, ENTRY_LINE_MAX);
    TRY(out_open(cx, d, &w->work.c, frame_files, COUNT_OF(frame_files), &w->out));
    enum err code = freeze_all(cx, w, &cmd);
    if (code != ERR_OK) {
        out_drop(cx, &w->out);
        return ceremony_failed(cx, &cmd, &w->work, code);
    }
    return ERR_OK;
}
