/* The page a room watches, and each actor's part in a ceremony. */
#include "web/draw_view.h"
#include "web/handlers.h"
#include "web/labels.h"

static bool may_step(const struct ceremony_view *v, enum ceremony_step s)
{
    return (v->may & (1u << s)) != 0;
}

/* May this caller do the department's part? Its administrator may; in a rehearsal the planner may,
 * too, for the demo departments. */
static bool acts_for(const struct http_call *c, const struct ceremony_view *v, struct str dept)
{
    const struct actor *who = actor_of(c);
    bool administrator = (who->roles & ROLE_BIT(DEPARTMENT_ADMIN)) != 0;
    bool rehearsal = v->demo && may(c, POWER_DRAW_PLAN) && account_demo_has_part(dept);
    return rehearsal || (administrator && (who->dept.n == 0 || str_eq(who->dept, dept)));
}

static enum err fill_parties(struct http_call *c, const struct ceremony_view *v, struct acts *a)
{
    struct act_party *commit = arena_alloc(c->cx->mem, v->n_parties + 1, sizeof *commit);
    struct act_party *reveal = arena_alloc(c->cx->mem, v->n_parties + 1, sizeof *reveal);
    if (commit == NULL || reveal == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "parties");
    }
    for (size_t i = 0; i < v->n_parties; i++) {
        const struct ceremony_party *p = &v->parties[i];
        struct act_party row = { p->dept, label_party(c, p), p->kept };
        if (!acts_for(c, v, p->dept)) {
            continue;
        }
        if (p->commitment.n == 0) {
            commit[a->n_to_commit++] = row;
        } else if (!p->revealed) {
            reveal[a->n_to_reveal++] = row;
        }
    }
    a->to_commit = commit;
    a->to_reveal = reveal;
    a->commit = v->state == CEREMONY_PLANNED && a->n_to_commit != 0;
    a->reveal = v->state == CEREMONY_FROZEN && a->n_to_reveal != 0;
    return ERR_OK;
}

/* In a rehearsal the dice are thrown here, so that a newcomer need not find a lottery. Whoever
 * holds a real ceremony types what was seen. */
static struct str thrown_dice(struct cx *cx)
{
    enum { ROLLS = 30 };
    char digits[ROLLS];
    uint8_t raw[ROLLS];
    for (size_t i = 0; i < ROLLS;) {
        entropy(raw, sizeof raw);
        for (size_t k = 0; k < sizeof raw && i < ROLLS; k++) {
            if (raw[k] < 252) { /* 252 = 42 * 6: no face is favoured */
                digits[i++] = (char)('1' + raw[k] % 6);
            }
        }
    }
    return str_dup(cx->mem, (struct str){ digits, sizeof digits });
}

static enum err fill_beacons(struct http_call *c, const struct ceremony_view *v, struct acts *a)
{
    static const struct {
        const char *kind;
        enum msg word, hint;
    } kinds[] = {
        { "other", M_beacon_other, M_beacon_hint_other },
        { "lottery", M_beacon_lottery, M_beacon_hint_lottery },
        { "dice", M_beacon_dice, M_beacon_hint_dice },
        { "drand", M_beacon_drand, M_beacon_hint_drand },
        { "nist", M_beacon_nist, M_beacon_hint_nist },
    };
    struct act_beacon *rows = arena_alloc(c->cx->mem, v->n_beacons + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "beacons");
    }
    for (size_t i = 0; i < v->n_beacons; i++) {
        const struct ceremony_beacon_view *b = &v->beacons[i];
        size_t k = COUNT_OF(kinds) - 1;
        while (k > 0 && !str_eq(b->kind, str_of(kinds[k].kind))) {
            k--;
        }
        bool dice = v->demo && str_eq(b->kind, STR("dice"));
        if (b->value.n == 0) {
            rows[a->n_to_beacon++] =
                (struct act_beacon){ b->kind, b->ref, kinds[k].word, kinds[k].hint,
                                     dice ? thrown_dice(c->cx) : STR("") };
        }
    }
    a->to_beacon = rows;
    a->beacon = may_step(v, CEREMONY_STEP_BEACON) && a->n_to_beacon != 0;
    return ERR_OK;
}

/* As a browser's own field for date and time has it: "2026-11-23T09:30:00", on China's clocks. */
enum { LOCAL_CHARS = 19 };
static struct str local_text(struct cx *cx, int64_t ms)
{
    char text[INSTANT_CHARS];
    instant_put(ms, text);
    return str_dup(cx->mem, (struct str){ text, LOCAL_CHARS });
}

static bool all_committed(const struct ceremony_view *v)
{
    for (size_t i = 0; i < v->n_parties; i++) {
        if (v->parties[i].commitment.n == 0) {
            return false;
        }
    }
    return true;
}

static void fill_waiting(struct http_call *c, const struct ceremony_view *v, struct acts *a)
{
    int64_t until = v->revealed_at + v->beacon_wait_s * 1000;
    if (v->state == CEREMONY_PLANNED && !a->commit && !all_committed(v)) {
        a->waiting = M_ceremony_wait_commit;
    } else if (v->state == CEREMONY_FROZEN && !a->reveal) {
        a->waiting = M_ceremony_wait_reveal;
    } else if (v->state == CEREMONY_REVEALED && until > c->cx->now_ms) {
        a->waiting = M_ceremony_wait_beacon;
        a->wait_until = until;
    }
}

static enum err acts_of(struct http_call *c, const struct ceremony_view *v, struct acts *out)
{
    struct acts a = {
        .freeze = may_step(v, CEREMONY_STEP_FREEZE),
        .close = may_step(v, CEREMONY_STEP_CLOSE_REVEALS),
        .run = may_step(v, CEREMONY_STEP_RUN),
        .publish = may_step(v, CEREMONY_STEP_PUBLISH),
        .voids = may_step(v, CEREMONY_STEP_VOID),
        .now = local_text(c->cx, c->cx->now_ms),
    };
    TRY(fill_parties(c, v, &a));
    TRY(fill_beacons(c, v, &a));
    fill_waiting(c, v, &a);
    /* The freeze needs every commitment; until then its button would only refuse. */
    a.freeze = a.freeze && all_committed(v);
    a.any =
        a.commit || a.freeze || a.reveal || a.beacon || a.run || a.publish || a.waiting != M_NONE;
    *out = a;
    return ERR_OK;
}

enum err page_ceremony(struct http_call *c)
{
    struct ceremony_view v;
    struct draw_page d;
    struct acts a;
    struct page_frame f;
    struct buf b = page_buf(c);
    TRY(draw_of(c, &v));
    TRY(draw_page_of(c, &v, &d));
    TRY(acts_of(c, &v, &a));
    struct form_keys k = form_keys_of(c);
    TRY(frame_make(c, v.title, &f));
    t_page_ceremony(&b, c->cx->lang, &f, &d, &a, &k, v.version, actor_of(c)->account != 0);
    return page_send(c, &b);
}

/* The room's page asks every two seconds. Nothing new: nothing sent. A new step: the whole page,
 * since the buttons change with it. Else the live part, so that nobody's typing is lost. */
enum err ceremony_live(struct http_call *c)
{
    struct ceremony_view v;
    struct draw_page d;
    int64_t version;
    int64_t steps;
    struct buf b = page_buf(c);
    TRY(field_int(c, "v", 0, INT64_MAX, 0, &version));
    TRY(field_int(c, "s", 0, 100, 0, &steps));
    TRY(draw_of(c, &v));
    if (v.version == version) {
        return http_answer(c, 204, "text/html; charset=utf-8", STR(""));
    }
    TRY(draw_page_of(c, &v, &d));
    if (d.done_steps != steps) {
        TRY(http_add_header(c, "HX-Refresh", STR("true")));
    }
    t_fragment_live(&b, c->cx->lang, &d, v.version);
    return page_send(c, &b);
}

/* ---- the steps ------------------------------------------------------------------------------ */

struct step_call {
    struct http_call *c;
    int64_t id;
    struct str dept, op;
};

/* Who takes a department's part: in a rehearsal the planner may. */
static enum err part_of(const struct step_call *s, struct actor *out)
{
    struct http_call *c = s->c;
    struct ceremony_view v;
    *out = *actor_of(c);
    TRY(ceremony_show(c->cx, desk_of(c), actor_of(c), s->id, &v));
    bool planner = v.demo && may(c, POWER_DRAW_PLAN) && account_demo_has_part(s->dept);
    return planner ? account_demo_part(c->cx, desk_of(c), actor_of(c), s->dept, out) : ERR_OK;
}

static enum err step_commit(const struct step_call *s)
{
    struct http_call *c = s->c;
    struct actor who;
    TRY(part_of(s, &who));
    return ceremony_commit(c->cx, desk_of(c), &who, s->id, s->dept, field_of(c, "commitment"),
                           s->op);
}

static enum err step_commit_kept(const struct step_call *s)
{
    struct http_call *c = s->c;
    struct actor who;
    TRY(part_of(s, &who));
    return ceremony_commit_kept(c->cx, desk_of(c), &who, s->id, s->dept, s->op);
}

static enum err step_freeze(const struct step_call *s)
{
    struct http_call *c = s->c;
    return ceremony_freeze(c->cx, desk_of(c), actor_of(c), s->id, s->op, NULL);
}

static enum err step_reveal(const struct step_call *s)
{
    struct http_call *c = s->c;
    struct actor who;
    TRY(part_of(s, &who));
    return ceremony_reveal(c->cx, desk_of(c), &who, s->id, s->dept, field_of(c, "value"), s->op);
}

static enum err step_reveal_kept(const struct step_call *s)
{
    struct http_call *c = s->c;
    struct actor who;
    TRY(part_of(s, &who));
    return ceremony_reveal_kept(c->cx, desk_of(c), &who, s->id, s->dept, s->op);
}

static enum err step_close(const struct step_call *s)
{
    struct http_call *c = s->c;
    return ceremony_close_reveals(c->cx, desk_of(c), actor_of(c), s->id, field_of(c, "reason"),
                                  s->op);
}

/* The field gives whole seconds (and leaves :00 out): what was seen in a second happened before the
 * second was over. */
static enum err read_event_at(struct http_call *c, int64_t *out)
{
    struct str text = field_of(c, "event_at");
    const char *rest = text.n == LOCAL_CHARS ? "+08:00" : text.n == 16 ? ":00+08:00" : "";
    int64_t at;
    TRY(instant_parse(c->cx, text_fmt(c->cx, STR_FMT "%s", STR_ARG(text), rest), &at));
    int64_t over = at + 999 < c->cx->now_ms ? at + 999 : c->cx->now_ms;
    *out = at > over ? at : over;
    return ERR_OK;
}

static enum err step_beacon(const struct step_call *s)
{
    struct http_call *c = s->c;
    int64_t event_at;
    TRY(read_event_at(c, &event_at));
    return ceremony_beacon(c->cx, desk_of(c), actor_of(c), s->id, field_of(c, "kind"),
                           field_of(c, "ref"), field_of(c, "value"), event_at, s->op);
}

static enum err step_run(const struct step_call *s)
{
    struct http_call *c = s->c;
    return ceremony_run(c->cx, desk_of(c), actor_of(c), s->id, s->op, NULL);
}

static enum err step_publish(const struct step_call *s)
{
    struct http_call *c = s->c;
    return ceremony_publish(c->cx, desk_of(c), actor_of(c), s->id, s->op);
}

static enum err step_void(const struct step_call *s)
{
    struct http_call *c = s->c;
    return ceremony_void(c->cx, desk_of(c), actor_of(c), s->id, field_of(c, "reason"), s->op);
}

static const struct {
    const char *name, *done;
    enum err (*take)(const struct step_call *s);
} steps[] = {
    { "commit", "commit", step_commit },           { "commit-kept", "commit", step_commit_kept },
    { "freeze", "freeze", step_freeze },           { "reveal", "reveal", step_reveal },
    { "reveal-kept", "reveal", step_reveal_kept }, { "close", "close", step_close },
    { "beacon", "beacon", step_beacon },           { "run", "run", step_run },
    { "publish", "publish", step_publish },        { "void", "void", step_void },
};

enum err do_step(struct http_call *c)
{
    struct step_call s = { .c = c, .dept = field_of(c, "dept"), .op = op_key_of(c) };
    TRY(ceremony_find(c->cx, desk_of(c), c->seg[0], &s.id));
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        if (str_eq(c->seg[1], str_of(steps[i].name))) {
            TRY(steps[i].take(&s));
            return see_other(c, text_fmt(c->cx, "/draws/" STR_FMT "/ceremony?done=%s",
                                         STR_ARG(c->seg[0]), steps[i].done));
        }
    }
    return fail(c->cx, ERR_NOT_FOUND, STR_FMT, STR_ARG(c->seg[1]));
}
