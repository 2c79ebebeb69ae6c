/* A draw loaded, its stored files, and the frame of every command. */
#include "office/ceremony.h"
#include "office/ceremony_rule.h"

#include <string.h>

static struct str or_null(struct str s)
{
    return s.n == 0 ? (struct str){ NULL, 0 } : s;
}

/* ---- files ---------------------------------------------------------------------------------- */

enum err ceremony_text(struct cx *cx, struct tx *tx, int64_t id, const char *name, struct str *body,
                       struct str *hex)
{
    struct q_draw_text row = { 0 };
    bool found;
    TRY(q_draw_text(cx, tx, id, str_of(name), &row, &found));
    *body = found ? row.body : (struct str){ NULL, 0 };
    *hex = found ? row.hex : (struct str){ NULL, 0 };
    return ERR_OK;
}

enum err ceremony_text_source(struct cx *cx, struct tx *tx, int64_t id, const char *name,
                              struct draw_source *out)
{
    struct str body;
    struct str hex;
    struct draw_text *room = arena_alloc(cx->mem, 1, sizeof *room);
    if (room == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", name);
    }
    TRY(ceremony_text(cx, tx, id, name, &body, &hex));
    if (body.p == NULL) {
        return fail(cx, ERR_NOT_FOUND, "%s", name);
    }
    *out = draw_source_of(name, body, room);
    return ERR_OK;
}

enum err ceremony_text_add(struct cx *cx, struct tx *tx, const struct ceremony *c, const char *name,
                           struct str body, struct digest *digest)
{
    struct digest d = digest_of((enum digest_kind)c->row.hash, body);
    char hex[CEREMONY_HEX];
    int64_t changed;
    hex_put(d.b, DIGEST_LEN, hex);
    TRY(q_draw_text_add(cx, tx, c->row.id, str_of(name), body, (struct str){ hex, sizeof hex },
                        &changed));
    *digest = d;
    return ERR_OK;
}

enum err ceremony_freeze_of(struct cx *cx, struct tx *tx, const struct ceremony *c,
                            struct freeze *out)
{
    struct draw_source text;
    TRY(ceremony_text_source(cx, tx, c->row.id, "freeze.txt", &text));
    return freeze_read(cx, &c->plan, &text, out);
}

static enum err blocks_row(struct cx *cx, const struct q_draw_block_lines *row, void *arg)
{
    struct ceremony_blocks *b = arg;
    if (row->lines.n > b->size) {
        size_t size = row->lines.n + row->lines.n / 2;
        char *room = arena_alloc(cx->mem, size, 1);
        if (room == NULL) {
            return fail(cx, ERR_NO_MEMORY, "block %lld", (long long)b->next);
        }
        b->room = room;
        b->size = size;
    }
    memcpy(b->room, row->lines.p, row->lines.n);
    b->n = row->lines.n;
    return ERR_OK;
}

static enum err blocks_next(struct cx *cx, void *ctx, struct str *chunk)
{
    struct ceremony_blocks *b = ctx;
    b->n = 0;
    TRY(q_draw_block_lines(cx, b->tx, b->home, b->run, (int64_t)b->file, b->next, blocks_row, b));
    b->next++;
    *chunk = (struct str){ b->room == NULL ? "" : b->room, b->n };
    return ERR_OK;
}

static enum err blocks_rewind(struct cx *cx, void *ctx)
{
    struct ceremony_blocks *b = ctx;
    (void)cx;
    b->next = 0;
    b->room = NULL; /* who reads may have given back the memory of its last pass */
    b->size = 0;
    return ERR_OK;
}

int64_t ceremony_run_of(const struct ceremony *c, enum ceremony_file file)
{
    switch (file) {
    case CEREMONY_FILE_POPULATION:
    case CEREMONY_FILE_LEAVES:
    case CEREMONY_FILE_EXCLUSIONS:
    case CEREMONY_FILE_ROSTER:
    case CEREMONY_FILE_RECUSAL:
        return c->row.frame_run;
    case CEREMONY_FILE_LOTS:
    case CEREMONY_FILE_RESULT:
    case CEREMONY_FILE_ASSIGN:
    case CEREMONY_FILE_PRICES:
        return c->row.result_run;
    case CEREMONY_FILE_PLAN:
    case CEREMONY_FILE_RULES:
    case CEREMONY_FILE_FREEZE:
    case CEREMONY_FILE_REVEALS:
    case CEREMONY_FILE_SEED:
    case CEREMONY_FILE_HEAD:
    case CEREMONY_FILE_EVENTS:
    case CEREMONY_FILE__COUNT:
    default:
        return NULL_INT;
    }
}

struct draw_source ceremony_blocks_source(struct tx *tx, const struct ceremony *c,
                                          enum ceremony_file file, struct ceremony_blocks *state)
{
    *state = (struct ceremony_blocks){
        .tx = tx, .home = c->row.id, .run = ceremony_run_of(c, file), .file = file
    };
    return (struct draw_source){ ceremony_file_name(file), blocks_next, blocks_rewind, state };
}

/* ---- the draw ------------------------------------------------------------------------------- */

static enum err load_plan(struct cx *cx, struct tx *tx, struct ceremony *c)
{
    struct draw_source text;
    struct str body;
    struct str hex;
    TRY(ceremony_text(cx, tx, c->row.id, "plan.json", &body, &hex));
    if (body.p == NULL) {
        return fail(cx, ERR_NOT_FOUND, "plan.json");
    }
    TRY(ceremony_plan_parse(cx, body, &c->asked));
    TRY(ceremony_text_source(cx, tx, c->row.id, "plan.txt", &text));
    return plan_read(cx, &text, &c->plan);
}

enum err ceremony_load(struct cx *cx, struct tx *tx, int64_t id, struct ceremony *out)
{
    struct ceremony c = { 0 };
    bool found;
    TRY(q_draw_get(cx, tx, id, &c.row, &found));
    if (!found) {
        char shown[ID_CHARS];
        id_put(id, shown);
        return fail(cx, ERR_NOT_FOUND, "draw %.*s", ID_CHARS, shown);
    }
    TRY(load_plan(cx, tx, &c));
    TRY(q_draw_parties(cx, tx, id, &c.parties, &c.n_parties));
    TRY(q_draw_beacons(cx, tx, id, &c.beacons, &c.n_beacons));
    *out = c;
    return ERR_OK;
}

size_t ceremony_party_find(const struct ceremony *c, struct str dept)
{
    for (size_t i = 0; i < c->n_parties; i++) {
        if (str_eq(c->parties[i].dept, dept)) {
            return i;
        }
    }
    return c->n_parties;
}

static void count_contributions(const struct ceremony *c, struct ceremony_facts *f)
{
    for (size_t i = 0; i < c->n_parties; i++) {
        f->n_committed += c->parties[i].commitment.p != NULL;
        f->n_revealed += c->parties[i].value.p != NULL;
    }
    for (size_t i = 0; i < c->n_beacons; i++) {
        f->n_beaconed += c->beacons[i].value.p != NULL;
    }
}

enum err ceremony_facts_of(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           const struct actor *who, struct ceremony_facts *out)
{
    struct ceremony_facts f = {
        .state = (enum ceremony_state)c->row.state,
        .n_parties = (int64_t)c->n_parties,
        .n_beacons = (int64_t)c->n_beacons,
        .missing_skip = c->asked.missing_skip,
        .demo = c->row.demo == 1,
        .cosigners = c->asked.cosigners,
        .revealed_at = c->row.revealed_at,
        .beacon_wait_s = c->asked.beacon_wait_s,
        .embargo_on = (int32_t)c->row.embargo_on,
        .initiator_region = c->row.region,
    };
    struct q_draw_parts *parts = NULL;
    size_t n = 0;
    count_contributions(c, &f);
    if (f.cosigners > 0 && c->row.freeze_seq >= 0) {
        int64_t at;
        TRY(ledger_cosigned(cx, tx, c->row.freeze_seq, f.cosigners, &f.cosigned, &at));
    }
    if (who != NULL && who->account != 0) {
        TRY(q_draw_parts(cx, tx, c->row.id, who->account, &parts, &n));
    }
    for (size_t i = 0; i < n; i++) {
        f.actor_operated = f.actor_operated || parts[i].part == CEREMONY_PART_OPERATED;
        f.actor_witnessed = f.actor_witnessed || parts[i].part == CEREMONY_PART_WITNESSED;
    }
    *out = f;
    return ERR_OK;
}

struct ceremony_input ceremony_input_of(struct cx *cx, const struct ceremony *c,
                                        enum ceremony_step step, struct str dept)
{
    size_t at = ceremony_party_find(c, dept);
    bool party = at < c->n_parties;
    return (struct ceremony_input){
        .step = step,
        .dept = dept,
        .dept_is_party = party,
        .dept_committed = party && c->parties[at].commitment.p != NULL,
        .dept_revealed = party && c->parties[at].value.p != NULL,
        .today = date_of_ms(cx->now_ms),
    };
}

/* ---- commands ------------------------------------------------------------------------------- */

enum err ceremony_moved(struct cx *cx, const struct ceremony *c, int64_t changed)
{
    return changed == 1 ? ERR_OK
                        : fail(cx, ERR_MOVED_MEANWHILE, "draw " STR_FMT, STR_ARG(c->row.no));
}

enum err ceremony_note(struct cx *cx, struct tx *tx, const struct ceremony *c,
                       const struct ceremony_command *cmd, const struct ceremony_said *said,
                       int64_t *log_seq)
{
    char hex[CEREMONY_HEX];
    struct str shown_hex = { NULL, 0 };
    struct str dept = cmd->in.dept.n != 0 ? cmd->in.dept : cmd->by->dept;
    int64_t seq = -1;
    int64_t changed;
    if (said->digest != NULL) {
        TRY(ledger_append(cx, tx, said->kind, c->row.no, said->digest, &seq));
        hex_put(said->digest->b, DIGEST_LEN, hex);
        shown_hex = (struct str){ hex, sizeof hex };
    }
    TRY(q_draw_event_add(cx, tx, c->row.id, cx->now_ms, (int64_t)cmd->in.step, cmd->by->account,
                         cmd->by->shown.n == 0 ? STR("-") : cmd->by->shown, or_null(dept),
                         (int64_t)ceremony_part_of(cmd->in.step, cmd->by), said->what, shown_hex,
                         seq, or_null(cmd->op_key), &changed));
    if (log_seq != NULL) {
        *log_seq = seq;
    }
    return ERR_OK;
}

static enum err decide_now(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           const struct ceremony_command *cmd)
{
    struct ceremony_facts f;
    struct ceremony_input in = ceremony_input_of(cx, c, cmd->in.step, cmd->in.dept);
    in.event_at = cmd->in.event_at;
    in.reason = cmd->in.reason;
    TRY(ceremony_facts_of(cx, tx, c, cmd->by, &f));
    return ceremony_decide(cx, cmd->by, &f, &in, cx->now_ms);
}

struct preparing {
    struct ceremony_command *cmd;
    struct ceremony_work *out;
};

static enum err prepare_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct preparing *w = arg;
    struct q_draw_event_of_op seen;
    w->out->done = false;
    if (w->cmd->op_key.n != 0) {
        TRY(q_draw_event_of_op(cx, tx, w->cmd->id, w->cmd->op_key, &seen, &w->out->done));
    }
    TRY(ceremony_load(cx, tx, w->cmd->id, &w->out->c));
    w->cmd->ver = w->out->c.row.ver;
    return w->out->done ? ERR_OK : decide_now(cx, tx, &w->out->c, w->cmd);
}

enum err ceremony_prepare(struct cx *cx, struct ceremony_command *cmd, struct ceremony_work *out)
{
    struct preparing w = { cmd, out };
    return store_read(cx, cmd->desk->store, prepare_work, &w);
}

struct version {
    int64_t id, ver;
};

static enum err version_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct version *w = arg;
    struct q_draw_get row;
    bool found;
    TRY(q_draw_get(cx, tx, w->id, &row, &found));
    w->ver = found ? row.ver : 0;
    return ERR_OK;
}

enum err ceremony_failed(struct cx *cx, const struct ceremony_command *cmd,
                         const struct ceremony_work *w, enum err code)
{
    struct cx quiet = { .mem = cx->mem, .now_ms = cx->now_ms, .lang = cx->lang };
    struct version now = { .id = cmd->id };
    if (code == ERR_MOVED_MEANWHILE ||
        store_read(&quiet, cmd->desk->store, version_work, &now) != ERR_OK || now.ver == cmd->ver) {
        return code;
    }
    fault_clear(cx);
    return ceremony_moved(cx, &w->c, 0);
}

static enum err take_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct ceremony_command *cmd = arg;
    struct ceremony c;
    TRY(ceremony_load(cx, tx, cmd->id, &c));
    if (cmd->ver != 0 && cmd->ver != c.row.ver) {
        return ceremony_moved(cx, &c, 0);
    }
    TRY(decide_now(cx, tx, &c, cmd));
    return cmd->record(cx, tx, &c, cmd);
}

enum err ceremony_take(struct cx *cx, struct ceremony_command *cmd)
{
    struct op op = { .key = cmd->op_key };
    TRY(store_write(cx, cmd->desk->store, &op, take_work, cmd));
    cmd->answer = op.answer;
    cmd->replayed = op.replayed;
    if (!op.replayed) {
        log_info("draw.step", "step=%s by=%lld", ceremony_step_name(cmd->in.step),
                 (long long)cmd->by->account);
    }
    return ERR_OK;
}
