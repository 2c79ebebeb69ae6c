/* Checkpoints of the evidence log, and the witnesses who cosign them. */
#include "kernel/kernel.h"

#include "q_log.h"

struct checkpoint_work {
    const struct note_signer *log;
    int64_t size; /* asked for; -1 = the newest */
    bool stored;
    struct str note; /* out */
};

/* The stored note with the cosignatures behind it. */
static enum err note_with_cosigns(struct cx *cx, struct tx *tx, const struct q_log_checkpoint *c,
                                  struct str *out)
{
    struct q_log_cosigns *lines;
    size_t n;
    struct buf b = buf_of(cx->mem, 1 << 16);
    TRY(q_log_cosigns(cx, tx, c->size, &lines, &n));
    buf_put(&b, c->note);
    for (size_t i = 0; i < n; i++) {
        buf_put(&b, lines[i].line);
    }
    return buf_done(cx, &b, out);
}

static enum err checkpoint_read(struct cx *cx, struct tx *tx, void *arg)
{
    struct checkpoint_work *w = arg;
    struct q_log_checkpoint row;
    if (w->size < 0) {
        struct q_log_head head;
        TRY(q_log_head(cx, tx, &head));
        TRY(q_log_checkpoint(cx, tx, head.size, &row, &w->stored));
    } else {
        TRY(q_log_checkpoint(cx, tx, w->size, &row, &w->stored));
    }
    return w->stored ? note_with_cosigns(cx, tx, &row, &w->note) : ERR_OK;
}

static enum err checkpoint_make(struct cx *cx, struct tx *tx, void *arg)
{
    struct checkpoint_work *w = arg;
    struct checkpoint c = { .origin = w->log->pub.name };
    struct str text, note;
    int64_t changed;
    TRY(ledger_head(cx, tx, &c.size, &c.root));
    TRY(checkpoint_text(cx, &c, &text));
    TRY(note_sign(cx, w->log, text, &note));
    TRY(q_log_checkpoint_add(cx, tx, c.size, cx->now_ms, note, &changed));
    return checkpoint_read(cx, tx, w);
}

enum err ledger_checkpoint(struct cx *cx, struct store *st, const struct note_signer *log,
                           struct str *note)
{
    struct checkpoint_work w = { .log = log, .size = -1 };
    struct op op = { 0 };
    TRY(store_read(cx, st, checkpoint_read, &w));
    if (!w.stored) {
        TRY(store_write(cx, st, &op, checkpoint_make, &w));
    }
    *note = w.note;
    return ERR_OK;
}

enum err ledger_checkpoint_at(struct cx *cx, struct store *st, int64_t size, struct str *note)
{
    struct checkpoint_work w = { .size = size };
    if (size < 0) {
        return fail(cx, ERR_NOT_FOUND, "checkpoint");
    }
    TRY(store_read(cx, st, checkpoint_read, &w));
    if (!w.stored) {
        return fail(cx, ERR_NOT_FOUND, "checkpoint of %lld entries", (long long)size);
    }
    *note = w.note;
    return ERR_OK;
}

struct witness_work {
    struct str vkey, name;
};

static enum err witness_add(struct cx *cx, struct tx *tx, void *arg)
{
    struct witness_work *w = arg;
    int64_t changed;
    return q_log_witness_add(cx, tx, w->name, w->vkey, cx->now_ms, &changed);
}

enum err ledger_witness_add(struct cx *cx, struct store *st, struct str vkey)
{
    struct note_verifier v;
    struct op op = { 0 };
    TRY(note_vkey_parse(cx, vkey, &v));
    if (v.type != NOTE_COSIGNATURE) {
        return fail(cx, ERR_NOTE, "witness " STR_FMT ": want a cosigner's key (type 4)",
                    STR_ARG(v.name));
    }
    struct witness_work w = { vkey, v.name };
    return store_write(cx, st, &op, witness_add, &w);
}

struct cosign_work {
    int64_t size;
    struct str line;
};

static enum err cosign_by(struct cx *cx, struct tx *tx, const struct cosign_work *w,
                          struct str note, struct str vkey, bool *taken)
{
    struct note_verifier v;
    struct buf b = buf_of(cx->mem, 1 << 16);
    struct str whole, text;
    int64_t at, changed;
    TRY(note_vkey_parse(cx, vkey, &v));
    buf_put(&b, note);
    buf_put(&b, w->line);
    TRY(buf_done(cx, &b, &whole));
    *taken = note_open(cx, whole, &v, &text, &at) == ERR_OK;
    if (!*taken) {
        fault_clear(cx);
        return ERR_OK;
    }
    return q_log_cosign_add(cx, tx, w->size, v.name, at, w->line, &changed);
}

static enum err cosign_add(struct cx *cx, struct tx *tx, void *arg)
{
    struct cosign_work *w = arg;
    struct q_log_checkpoint c;
    struct q_log_witnesses *witness;
    bool found, taken = false;
    size_t n;
    TRY(q_log_checkpoint(cx, tx, w->size, &c, &found));
    if (!found) {
        return fail(cx, ERR_NOT_FOUND, "checkpoint of %lld entries", (long long)w->size);
    }
    TRY(q_log_witnesses(cx, tx, &witness, &n));
    for (size_t i = 0; i < n && !taken; i++) {
        TRY(cosign_by(cx, tx, w, c.note, witness[i].vkey, &taken));
    }
    return taken ? ERR_OK : fail(cx, ERR_NOTE, "no registered witness signed this");
}

enum err ledger_cosign(struct cx *cx, struct store *st, int64_t size, struct str line)
{
    struct cosign_work w = { size, line };
    struct op op = { 0 };
    size_t newlines = 0;
    for (size_t i = 0; i < line.n; i++) {
        newlines += line.p[i] == '\n';
    }
    if (newlines != 1 || line.p[line.n - 1] != '\n') {
        return fail(cx, ERR_NOTE, "want one signature line with its line end");
    }
    return store_write(cx, st, &op, cosign_add, &w);
}

enum err ledger_cosigned(struct cx *cx, struct tx *tx, int64_t seq, int64_t needed, int64_t *n,
                         int64_t *at_ms)
{
    struct q_log_cosigned_times *rows;
    size_t got;
    TRY(q_log_cosigned_times(cx, tx, seq, &rows, &got));
    *n = (int64_t)got;
    *at_ms = needed > 0 && (int64_t)got >= needed ? rows[needed - 1].first_at : 0;
    return ERR_OK;
}
