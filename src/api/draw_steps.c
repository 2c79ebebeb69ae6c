/* The steps of a draw's ceremony: each one command, answered when it is durable. */
#include "api/handlers.h"

struct step_input {
    uint64_t given;
    struct str dept, hex, reason;
};
#define STEP_DEPT                                                                                  \
    {                                                                                              \
        "dept", INPUT_TEXT, REQUIRED, offsetof(struct step_input, dept), 1, 32, NULL, NULL         \
    }
#define STEP_HEX(name)                                                                             \
    {                                                                                              \
        name, INPUT_TEXT, REQUIRED, offsetof(struct step_input, hex), 64, 64, NULL, NULL           \
    }
#define STEP_REASON                                                                                \
    {                                                                                              \
        "reason", INPUT_TEXT, REQUIRED, offsetof(struct step_input, reason), 1, 200, NULL, NULL    \
    }

/* What every step needs: the draw, the operation key and its members. */
struct step {
    int64_t id;
    struct str key;
    struct step_input in;
};
static enum err step_open(struct http_call *c, const struct input_table *t, struct step *s)
{
    *s = (struct step){ 0 };
    TRY(input_op_key(c, &s->key));
    TRY(input_body(c, t, &s->in));
    return draw_id(c, &s->id);
}

/* ---- departments ----------------------------------------------------------------------------- */

enum err step_commit(struct http_call *c)
{
    static const struct input_member members[] = { STEP_DEPT, STEP_HEX("commitment") };
    static const struct input_table table = INPUT_TABLE(members);
    struct step s;
    TRY(step_open(c, &table, &s));
    TRY(ceremony_commit(c->cx, desk_of(c), actor_of(c), s.id, s.in.dept, s.in.hex, s.key));
    return answer_nothing(c);
}

static const struct input_member dept_members[] = { STEP_DEPT };
static const struct input_table dept_table = INPUT_TABLE(dept_members);

enum err step_commit_kept(struct http_call *c)
{
    struct step s;
    TRY(step_open(c, &dept_table, &s));
    TRY(ceremony_commit_kept(c->cx, desk_of(c), actor_of(c), s.id, s.in.dept, s.key));
    return answer_nothing(c);
}

enum err step_reveal(struct http_call *c)
{
    static const struct input_member members[] = { STEP_DEPT, STEP_HEX("value") };
    static const struct input_table table = INPUT_TABLE(members);
    struct step s;
    TRY(step_open(c, &table, &s));
    TRY(ceremony_reveal(c->cx, desk_of(c), actor_of(c), s.id, s.in.dept, s.in.hex, s.key));
    return answer_nothing(c);
}

enum err step_reveal_kept(struct http_call *c)
{
    struct step s;
    TRY(step_open(c, &dept_table, &s));
    TRY(ceremony_reveal_kept(c->cx, desk_of(c), actor_of(c), s.id, s.in.dept, s.key));
    return answer_nothing(c);
}

/* ---- the operator ---------------------------------------------------------------------------- */

static const struct input_table no_members = { NULL, 0 };
static const struct input_member reason_members[] = { STEP_REASON };
static const struct input_table reason_table = INPUT_TABLE(reason_members);

enum err step_freeze(struct http_call *c)
{
    struct step s;
    TRY(step_open(c, &no_members, &s));
    TRY(ceremony_freeze(c->cx, desk_of(c), actor_of(c), s.id, s.key, NULL));
    return answer_nothing(c);
}

enum err step_close_reveals(struct http_call *c)
{
    struct step s;
    TRY(step_open(c, &reason_table, &s));
    TRY(ceremony_close_reveals(c->cx, desk_of(c), actor_of(c), s.id, s.in.reason, s.key));
    return answer_nothing(c);
}

struct beacon_input {
    uint64_t given;
    struct str kind, ref, value;
    int64_t event_at;
};
static const struct input_member beacon_members[] = {
    { "kind", INPUT_TEXT, REQUIRED, offsetof(struct beacon_input, kind), 1, 16, NULL, NULL },
    { "ref", INPUT_TEXT, REQUIRED, offsetof(struct beacon_input, ref), 1, BEACON_REF_MAX, NULL,
      NULL },
    { "value", INPUT_TEXT, REQUIRED, offsetof(struct beacon_input, value), 1, BEACON_VALUE_MAX,
      NULL, NULL },
    { "event_at", INPUT_INSTANT, REQUIRED, offsetof(struct beacon_input, event_at), 0, 0, NULL,
      NULL },
};
static const struct input_table beacon_table = INPUT_TABLE(beacon_members);

enum err step_beacon(struct http_call *c)
{
    struct beacon_input in = { 0 };
    struct str key;
    int64_t id;
    TRY(input_op_key(c, &key));
    TRY(input_body(c, &beacon_table, &in));
    TRY(draw_id(c, &id));
    TRY(ceremony_beacon(c->cx, desk_of(c), actor_of(c), id, in.kind, in.ref, in.value, in.event_at,
                        key));
    return answer_nothing(c);
}

enum err step_run(struct http_call *c)
{
    struct step s;
    TRY(step_open(c, &no_members, &s));
    TRY(ceremony_run(c->cx, desk_of(c), actor_of(c), s.id, s.key, NULL));
    return answer_nothing(c);
}

/* ---- the reviewer ---------------------------------------------------------------------------- */

enum err step_publish(struct http_call *c)
{
    struct step s;
    TRY(step_open(c, &no_members, &s));
    TRY(ceremony_publish(c->cx, desk_of(c), actor_of(c), s.id, s.key));
    return answer_nothing(c);
}

enum err step_void(struct http_call *c)
{
    struct step s;
    TRY(step_open(c, &reason_table, &s));
    TRY(ceremony_void(c->cx, desk_of(c), actor_of(c), s.id, s.in.reason, s.key));
    return answer_nothing(c);
}
