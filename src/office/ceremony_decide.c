/* May this step be taken, by this person, now? Pure: values in, one answer out. */
#include "office/ceremony_rule.h"

enum { MS = 1000 };

static const struct {
    enum power power;
    uint32_t states;
} steps[] = {
#define X(symbol, name, power, states) [CEREMONY_STEP_##symbol] = { (power), (states) },
    CEREMONY_STEP_TABLE(X)
#undef X
};

static bool is_departments(enum ceremony_step s)
{
    return s == CEREMONY_STEP_COMMIT || s == CEREMONY_STEP_REVEAL;
}

static bool has_role(const struct actor *who, uint32_t roles)
{
    return (who->roles & roles) != 0;
}

/* A department's own step is bound to the department, every other to the region of the draw. A
 * reviewer may replace any department's inspector, a department only its own. */
static struct scope scope_of(const struct actor *who, const struct ceremony_facts *f,
                             const struct ceremony_input *in)
{
    if (is_departments(in->step)) {
        return (struct scope){ .dept = in->dept };
    }
    struct scope s = { .region = f->initiator_region };
    if (in->step == CEREMONY_STEP_REPLACE_INSPECTOR && who != NULL &&
        !has_role(who, ROLE_BIT(REVIEWER))) {
        s.dept = in->dept;
    }
    return s;
}

enum ceremony_part ceremony_part_of(enum ceremony_step step, const struct actor *who)
{
    switch (step) {
    case CEREMONY_STEP_FREEZE:
    case CEREMONY_STEP_CLOSE_REVEALS:
    case CEREMONY_STEP_RUN:
        return CEREMONY_PART_OPERATED;
    case CEREMONY_STEP_BEACON:
        return has_role(who, ROLE_BIT(DRAW_OPERATOR)) ? CEREMONY_PART_OPERATED
                                                      : CEREMONY_PART_WITNESSED;
    case CEREMONY_STEP_PLAN:
    case CEREMONY_STEP_COMMIT:
    case CEREMONY_STEP_REVEAL:
    case CEREMONY_STEP_PUBLISH:
    case CEREMONY_STEP_VOID:
    case CEREMONY_STEP_REPLACE_TARGET:
    case CEREMONY_STEP_REPLACE_INSPECTOR:
    case CEREMONY_STEP__COUNT:
    default:
        return CEREMONY_PART_NONE;
    }
}

static enum err decide_person(struct cx *cx, const struct actor *who,
                              const struct ceremony_facts *f, const struct ceremony_input *in)
{
    const char *step = ceremony_step_name(in->step);
    TRY(access_allow(cx, who, steps[in->step].power, scope_of(who, f, in)));
    if (is_departments(in->step) && !in->dept_is_party) {
        return fail(cx, ERR_FORBIDDEN, "%s: department \"" STR_FMT "\" is no party of this draw",
                    step, STR_ARG(in->dept));
    }
    if (in->step == CEREMONY_STEP_REPLACE_INSPECTOR && in->dept.n == 0) {
        return fail(cx, ERR_FIELD, "dept: whose inspector is replaced");
    }
    enum ceremony_part part = ceremony_part_of(in->step, who);
    if (part == CEREMONY_PART_OPERATED && f->actor_witnessed) {
        return fail(cx, ERR_FORBIDDEN, "%s: who witnessed this draw may not operate it", step);
    }
    if (part == CEREMONY_PART_WITNESSED && f->actor_operated) {
        return fail(cx, ERR_FORBIDDEN, "%s: who operated this draw may not witness it", step);
    }
    return ERR_OK;
}

static enum err decide_state(struct cx *cx, const struct ceremony_facts *f,
                             const struct ceremony_input *in)
{
    bool known = (unsigned)f->state < CEREMONY_STATE__COUNT;
    if (in->step == CEREMONY_STEP_PLAN) {
        return ERR_OK; /* there is no draw yet */
    }
    if (!known || (steps[in->step].states & (1u << f->state)) == 0) {
        return fail(cx, ERR_STATE, "%s: the draw is %s", ceremony_step_name(in->step),
                    ceremony_state_name(f->state));
    }
    return ERR_OK;
}

/* Nobody opens a value before the witnesses have seen what is frozen. */
static enum err decide_cosigned(struct cx *cx, const struct ceremony_facts *f,
                                const struct ceremony_input *in)
{
    if (f->cosigned < f->cosigners) {
        return fail(cx, ERR_STATE, "%s: %lld of %lld witnesses have cosigned the freeze",
                    ceremony_step_name(in->step), (long long)f->cosigned, (long long)f->cosigners);
    }
    return ERR_OK;
}

static enum err decide_reveal(struct cx *cx, const struct ceremony_facts *f,
                              const struct ceremony_input *in)
{
    TRY(decide_cosigned(cx, f, in));
    if (in->step == CEREMONY_STEP_CLOSE_REVEALS) {
        return f->n_revealed < f->n_parties
                   ? ERR_OK
                   : fail(cx, ERR_STATE, "close_reveals: no reveal is missing");
    }
    if (!in->dept_committed) {
        return fail(cx, ERR_STATE, "reveal: " STR_FMT " has not committed", STR_ARG(in->dept));
    }
    if (in->dept_revealed) {
        return fail(cx, ERR_STATE, "reveal: " STR_FMT " has revealed already", STR_ARG(in->dept));
    }
    return ERR_OK;
}

static enum err decide_beacon(struct cx *cx, const struct ceremony_facts *f,
                              const struct ceremony_input *in, int64_t now_ms)
{
    int64_t wait_s = f->beacon_wait_s;
    if (!f->demo && wait_s < CEREMONY_WAIT_MIN_S) {
        wait_s = CEREMONY_WAIT_MIN_S;
    }
    if (f->n_beaconed >= f->n_beacons) {
        return fail(cx, ERR_STATE, "beacon: every value is entered");
    }
    if (in->event_at > now_ms) {
        return fail(cx, ERR_DRAW_WAIT, "beacon: the event is still to come");
    }
    if (f->revealed_at == 0 || in->event_at < f->revealed_at + wait_s * MS) {
        return fail(cx, ERR_DRAW_WAIT, "beacon: the event must be %lld s after the reveals",
                    (long long)wait_s);
    }
    return ERR_OK;
}

/* What must be there, and what time it must be. */
static enum err decide_ready(struct cx *cx, const struct ceremony_facts *f,
                             const struct ceremony_input *in, int64_t now_ms)
{
    switch (in->step) {
    case CEREMONY_STEP_FREEZE:
        return f->n_committed >= f->n_parties
                   ? ERR_OK
                   : fail(cx, ERR_DRAW_MISSING, "freeze: %lld of %lld departments have committed",
                          (long long)f->n_committed, (long long)f->n_parties);
    case CEREMONY_STEP_REVEAL:
    case CEREMONY_STEP_CLOSE_REVEALS:
        return decide_reveal(cx, f, in);
    case CEREMONY_STEP_BEACON:
        return decide_beacon(cx, f, in, now_ms);
    case CEREMONY_STEP_RUN:
        return f->n_beaconed >= f->n_beacons
                   ? ERR_OK
                   : fail(cx, ERR_STATE, "run: %lld of %lld beacon values are entered",
                          (long long)f->n_beaconed, (long long)f->n_beacons);
    case CEREMONY_STEP_PUBLISH:
        return f->state != CEREMONY_EMBARGOED || in->today >= f->embargo_on
                   ? ERR_OK
                   : fail(cx, ERR_DRAW_WAIT, "publish: embargo until %d", (int)f->embargo_on);
    case CEREMONY_STEP_PLAN:
    case CEREMONY_STEP_COMMIT:
    case CEREMONY_STEP_VOID:
    case CEREMONY_STEP_REPLACE_TARGET:
    case CEREMONY_STEP_REPLACE_INSPECTOR:
    case CEREMONY_STEP__COUNT:
    default:
        return ERR_OK;
    }
}

static bool needs_reason(enum ceremony_step s)
{
    return s == CEREMONY_STEP_VOID || s == CEREMONY_STEP_CLOSE_REVEALS ||
           s == CEREMONY_STEP_REPLACE_TARGET || s == CEREMONY_STEP_REPLACE_INSPECTOR;
}

enum err ceremony_decide(struct cx *cx, const struct actor *who, const struct ceremony_facts *f,
                         const struct ceremony_input *in, int64_t now_ms)
{
    if ((unsigned)in->step >= CEREMONY_STEP__COUNT) {
        return fail(cx, ERR_FORBIDDEN, "unknown step %d", (int)in->step);
    }
    TRY(decide_person(cx, who, f, in));
    TRY(decide_state(cx, f, in));
    TRY(decide_ready(cx, f, in, now_ms));
    if (needs_reason(in->step) && !ceremony_reason_ok(in->reason)) {
        return fail(cx, ERR_FIELD, "reason: one line of 1..200 characters");
    }
    return ERR_OK;
}

enum err ceremony_beacon_check(struct cx *cx, struct str kind, struct str ref, struct str value)
{
    struct plan_beacon b = { .ref = ref };
    if (!ceremony_beacon_kind(kind, &b.kind)) {
        return fail(cx, ERR_DRAW_BEACON, "no beacon is of kind \"" STR_FMT "\"", STR_ARG(kind));
    }
    const char *fault = beacon_ref_fault(&b);
    fault = fault == NULL ? beacon_fault(&b, value) : fault;
    return fault == NULL ? ERR_OK
                         : fail(cx, ERR_DRAW_BEACON, STR_FMT " " STR_FMT ": %s", STR_ARG(kind),
                                STR_ARG(ref), fault);
}

enum err ceremony_contribution(struct cx *cx, struct str draw_no, struct str party,
                               struct str value, struct str *file)
{
    struct contribution c = { .draw_id = draw_no, .party = party };
    struct buf b = buf_of(cx->mem, 1024);
    struct contribution again;
    struct draw_text room;
    if (value.n != 2 * (size_t)DRAW_VALUE_LEN || !hex_get(value, c.value)) {
        return fail(cx, ERR_FIELD, "value: 64 hex digits, lower case");
    }
    contribution_write(&c, &b);
    const struct draw_source text = draw_source_of("contribution.txt", buf_str(&b), &room);
    TRY(contribution_read(cx, &text, &again)); /* names that no line can hold are refused */
    return buf_done(cx, &b, file);
}
