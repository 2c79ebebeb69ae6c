/* A draw becomes public, now or on its date; or it ends. */
#include "office/ceremony.h"
#include "office/directory.h"

enum { PUBLISH_WHAT_MAX = 1024 };

/* The places of this draw are carried over to the inspectors' next one. A rehearsal orders no
 * visits, so nobody carries them. */
static enum err carry_loads(struct cx *cx, struct tx *tx, const struct ceremony *c)
{
    struct q_draw_loads *rows = NULL;
    size_t n = 0;
    if (c->row.demo == 1) {
        return ERR_OK;
    }
    TRY(q_draw_loads(cx, tx, c->row.id, c->row.result_run, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        TRY(inspector_load_add(cx, tx, rows[i].home, rows[i].places));
    }
    return ERR_OK;
}

static enum err publish_to(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           const struct ceremony_command *cmd, enum ceremony_state to,
                           const struct ceremony_said *said)
{
    int64_t changed;
    TRY(q_draw_to_published(cx, tx, c->row.id, c->row.ver, cx->now_ms, (int64_t)to,
                            to == CEREMONY_PUBLISHED ? cx->now_ms : 0, &changed));
    TRY(ceremony_moved(cx, c, changed));
    return ceremony_note(cx, tx, c, cmd, said, NULL);
}

/* The lists of a draw with an embargo become public, and with them the seed. */
static enum err lift(struct cx *cx, struct tx *tx, const struct ceremony *c,
                     const struct ceremony_command *cmd)
{
    struct str body;
    struct str hex;
    struct digest seed;
    TRY(ceremony_text(cx, tx, c->row.id, "seed.txt", &body, &hex));
    if (body.p == NULL || !digest_from_hex(hex, &seed)) {
        return fail(cx, ERR_NOT_FOUND, "seed.txt");
    }
    struct ceremony_said said = { STR("published; the seed is open"), &seed, LEDGER_SEED };
    return publish_to(cx, tx, c, cmd, CEREMONY_PUBLISHED, &said);
}

static enum err publish_record(struct cx *cx, struct tx *tx, const struct ceremony *c,
                               const struct ceremony_command *cmd)
{
    bool lifting = c->row.state == CEREMONY_EMBARGOED;
    bool wait = c->row.embargo_on != 0 && date_of_ms(cx->now_ms) < c->row.embargo_on;
    struct buf what = buf_of(cx->mem, PUBLISH_WHAT_MAX);
    if (!lifting) {
        TRY(carry_loads(cx, tx, c));
    }
    if (lifting || (c->row.embargo_on != 0 && !wait)) {
        return lift(cx, tx, c, cmd);
    }
    if (!wait) {
        struct ceremony_said said = { .what = STR("published") };
        return publish_to(cx, tx, c, cmd, CEREMONY_PUBLISHED, &said);
    }
    char day[DATE_CHARS];
    date_put((int32_t)c->row.embargo_on, day);
    buf_fmt(&what, "head.txt published; the lists on %.*s", DATE_CHARS, day);
    struct ceremony_said said = { .what = buf_str(&what) };
    return publish_to(cx, tx, c, cmd, CEREMONY_EMBARGOED, &said);
}

enum err ceremony_publish(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                          struct str op_key)
{
    struct ceremony_command cmd = { .desk = d,
                                    .by = by,
                                    .id = id,
                                    .op_key = op_key,
                                    .in = { .step = CEREMONY_STEP_PUBLISH },
                                    .record = publish_record };
    return ceremony_take(cx, &cmd);
}

enum err ceremony_end(struct cx *cx, struct tx *tx, struct ceremony *c,
                      const struct ceremony_command *cmd)
{
    struct buf what = buf_of(cx->mem, PUBLISH_WHAT_MAX);
    struct str line;
    int64_t changed;
    TRY(q_draw_to_void(cx, tx, c->row.id, c->row.ver, cx->now_ms, CEREMONY_VOID, cmd->in.reason,
                       &changed));
    TRY(ceremony_moved(cx, c, changed));
    buf_fmt(&what, "void: " STR_FMT, STR_ARG(cmd->in.reason));
    TRY(buf_done(cx, &what, &line));
    struct digest d = digest_of((enum digest_kind)c->row.hash, line);
    struct ceremony_said said = { line, &d, LEDGER_VOID };
    return ceremony_note(cx, tx, c, cmd, &said, NULL);
}

static enum err void_record(struct cx *cx, struct tx *tx, const struct ceremony *c,
                            const struct ceremony_command *cmd)
{
    struct ceremony copy = *c;
    return ceremony_end(cx, tx, &copy, cmd);
}

enum err ceremony_void(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                       struct str reason, struct str op_key)
{
    struct ceremony_command cmd = { .desk = d,
                                    .by = by,
                                    .id = id,
                                    .op_key = op_key,
                                    .in = { .step = CEREMONY_STEP_VOID, .reason = reason },
                                    .record = void_record };
    return ceremony_take(cx, &cmd);
}
