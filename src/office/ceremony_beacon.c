/* Public randomness comes in; with its last value the seed is fixed. */
#include "office/ceremony.h"

enum { BEACON_WHAT_MAX = 1024, SAFE_WAIT_MS = 600000 };

enum err ceremony_seeded(struct cx *cx, struct tx *tx, struct ceremony *c,
                         const struct ceremony_command *cmd)
{
    struct freeze f;
    struct seed s = { 0 };
    struct reveals r;
    struct draw_source reveals;
    struct buf text = buf_of(cx->mem, CEREMONY_TEXT_MAX);
    struct str body;
    int64_t changed;
    TRY(ceremony_freeze_of(cx, tx, c, &f));
    TRY(ceremony_text_source(cx, tx, c->row.id, "reveals.txt", &reveals));
    TRY(reveals_read(cx, &c->plan, &f, &reveals, &r));
    for (size_t i = 0; i < c->n_parties; i++) {
        s.party[i] = r.party[i];
    }
    for (size_t i = 0; i < c->n_beacons; i++) {
        s.beacon[i] = c->beacons[i].value;
    }
    seed_write(&c->plan, &f, &s, &text);
    TRY(buf_done(cx, &text, &body));
    TRY(ceremony_text_add(cx, tx, c, "seed.txt", body, &s.digest));
    TRY(q_draw_to_seeded(cx, tx, c->row.id, c->row.ver, cx->now_ms, CEREMONY_SEEDED, &changed));
    TRY(ceremony_moved(cx, c, changed));
    c->row.ver++;
    /* under an embargo the seed would tell who is drawn: it is logged when the lists are public */
    struct ceremony_said said = { STR("seed.txt"), c->row.embargo_on == 0 ? &s.digest : NULL,
                                  LEDGER_SEED };
    return ceremony_note(cx, tx, c, cmd, &said, NULL);
}

struct entering {
    struct str kind, ref, value;
    int64_t event_at;
};

static enum err find_beacon(struct cx *cx, const struct ceremony *c, const struct entering *w,
                            size_t *at)
{
    for (size_t i = 0; i < c->n_beacons; i++) {
        if (str_eq(c->beacons[i].kind, w->kind) && str_eq(c->beacons[i].ref, w->ref)) {
            *at = i;
            return c->beacons[i].value.p == NULL
                       ? ERR_OK
                       : fail(cx, ERR_STATE, "%s " STR_FMT " is entered already", "beacon",
                              STR_ARG(w->ref));
        }
    }
    return fail(cx, ERR_NOT_FOUND, "the plan names no beacon " STR_FMT " " STR_FMT,
                STR_ARG(w->kind), STR_ARG(w->ref));
}

/* What is logged besides: that the event followed the reveals sooner than the rule wants. */
static enum err note_value(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           const struct ceremony_command *cmd, const struct entering *w)
{
    struct buf what = buf_of(cx->mem, BEACON_WHAT_MAX);
    char when[INSTANT_CHARS];
    struct digest d;
    struct str line;
    bool soon = w->event_at - c->row.revealed_at < SAFE_WAIT_MS;
    instant_put(w->event_at, when);
    buf_fmt(&what, "beacon " STR_FMT " " STR_FMT " " STR_FMT " at %.*s%s", STR_ARG(w->kind),
            STR_ARG(w->ref), STR_ARG(w->value), INSTANT_CHARS, when,
            soon ? ", less than 600 s after the reveals" : "");
    TRY(buf_done(cx, &what, &line));
    d = digest_of((enum digest_kind)c->row.hash, line);
    struct ceremony_said said = { line, soon ? &d : NULL, LEDGER_EVENT };
    return ceremony_note(cx, tx, c, cmd, &said, NULL);
}

static enum err beacon_record(struct cx *cx, struct tx *tx, const struct ceremony *loaded,
                              const struct ceremony_command *cmd)
{
    const struct entering *w = cmd->arg;
    struct ceremony c = *loaded;
    size_t at = 0;
    size_t there = 1;
    int64_t changed;
    TRY(find_beacon(cx, &c, w, &at));
    TRY(ceremony_beacon_check(cx, w->kind, w->ref, w->value));
    TRY(q_draw_beacon_set(cx, tx, c.row.id, c.beacons[at].pos, w->value, w->event_at, cx->now_ms,
                          &changed));
    TRY(ceremony_moved(cx, &c, changed));
    TRY(q_draw_bump(cx, tx, c.row.id, c.row.ver, cx->now_ms, &changed));
    TRY(ceremony_moved(cx, &c, changed));
    c.row.ver++;
    TRY(note_value(cx, tx, &c, cmd, w));
    for (size_t i = 0; i < c.n_beacons; i++) {
        there += c.beacons[i].value.p != NULL;
    }
    c.beacons[at].value = w->value;
    return there == c.n_beacons ? ceremony_seeded(cx, tx, &c, cmd) : ERR_OK;
}

enum err ceremony_beacon(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str kind, struct str ref, struct str value, int64_t event_at,
                         struct str op_key)
{
    struct entering w = { kind, ref, value, event_at };
    struct ceremony_command cmd = { .desk = d,
                                    .by = by,
                                    .id = id,
                                    .op_key = op_key,
                                    .in = { .step = CEREMONY_STEP_BEACON, .event_at = event_at },
                                    .record = beacon_record,
                                    .arg = &w };
    return ceremony_take(cx, &cmd);
}
