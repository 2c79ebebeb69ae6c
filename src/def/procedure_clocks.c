/* Clocks of a procedure: which may run or stand still in which state is spread along the steps as
 * two sets of bits a state, and compared with what the file says. */
#include "def/procedure_parts.h"

struct ticking {
    uint64_t runs, paused; /* a bit a clock: it may */
};

struct board {
    struct ticking at[PROCEDURE_STATES_MAX];
};

static struct ticking operate(const struct procedure *p, const struct proc_step *s,
                              struct ticking t)
{
    for (size_t i = 0; i < p->n_clocks; i++) {
        const struct proc_clock *c = &p->clock[i];
        if (c->expiry == EXPIRY_EVENT && str_eq(c->event, s->term.key)) {
            t.runs &= ~(UINT64_C(1) << i); /* it has run out */
        }
    }
    for (size_t i = 0; i < s->n_ops; i++) {
        uint64_t bit = UINT64_C(1) << s->op[i].clock;
        enum clock_op op = s->op[i].op;
        bool goes = op == CLOCK_OP_START || op == CLOCK_OP_RESTART ||
                    (op == CLOCK_OP_RESUME && (t.paused & bit) != 0);
        bool stays = op == CLOCK_OP_EXTEND;
        bool pauses = op == CLOCK_OP_SUSPEND && (t.runs & bit) != 0;
        t.runs = goes ? t.runs | bit : stays ? t.runs : t.runs & ~bit;
        t.paused = pauses ? t.paused | bit : stays ? t.paused : t.paused & ~bit;
    }
    return t;
}

static void spread(const struct procedure *p, struct board *b)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t k = 0; k < p->n_steps; k++) {
            const struct proc_step *s = &p->step[k];
            for (size_t i = 0; i < s->n_from; i++) {
                struct ticking t = operate(p, s, b->at[s->from[i]]);
                struct ticking *to = &b->at[s->to == PROCEDURE_NONE ? s->from[i] : s->to];
                more = more || (t.runs & ~to->runs) != 0 || (t.paused & ~to->paused) != 0;
                to->runs |= t.runs;
                to->paused |= t.paused;
            }
        }
    }
}

static bool listed(const struct proc_clock *c, size_t state)
{
    for (size_t i = 0; i < c->n_in; i++) {
        if ((size_t)c->in[i] == state) {
            return true;
        }
    }
    return false;
}

/* Does the expiry's event have a step in the state? */
static bool answered(const struct procedure *p, const struct proc_clock *c, size_t state)
{
    for (size_t k = 0; k < p->n_steps; k++) {
        const struct proc_step *s = &p->step[k];
        for (size_t i = 0; i < s->n_from; i++) {
            if ((size_t)s->from[i] == state && str_eq(s->term.key, c->event)) {
                return true;
            }
        }
    }
    return false;
}

static enum err clock_check(const struct reading *r, const struct board *b, size_t c)
{
    const struct procedure *p = r->p;
    const struct proc_clock *clock = &p->clock[c];
    uint64_t bit = UINT64_C(1) << c;
    for (size_t i = 0; i < p->n_states; i++) {
        struct str state = p->state[i].term.key;
        bool runs = (b->at[i].runs & bit) != 0;
        if (runs != listed(clock, i)) {
            return yaml_fail(r->y, r->clock_at[c],
                             runs ? "\"" STR_FMT "\" may still run in \"" STR_FMT
                                    "\": stop it on the way, or name the state in \"in\""
                                  : "\"" STR_FMT "\" never runs in \"" STR_FMT
                                    "\": no step on the way there starts it",
                             STR_ARG(clock->key), STR_ARG(state));
        }
        if (runs && clock->expiry == EXPIRY_EVENT && !answered(p, clock, i)) {
            return yaml_fail(r->y, r->clock_at[c],
                             "when \"" STR_FMT "\" runs out in \"" STR_FMT "\" no step \"" STR_FMT
                             "\" follows",
                             STR_ARG(clock->key), STR_ARG(state), STR_ARG(clock->event));
        }
    }
    return ERR_OK;
}

/* Is there anything to stop, suspend, resume or extend? */
static enum err op_check(const struct reading *r, const struct board *b, size_t k,
                         const struct proc_op *op)
{
    const struct proc_step *s = &r->p->step[k];
    uint64_t runs = 0;
    uint64_t paused = 0;
    uint64_t bit = UINT64_C(1) << op->clock;
    for (size_t i = 0; i < s->n_from; i++) {
        runs |= b->at[s->from[i]].runs & bit;
        paused |= b->at[s->from[i]].paused & bit;
    }
    bool sense = op->op == CLOCK_OP_START     ? true
                 : op->op == CLOCK_OP_RESUME  ? paused != 0
                 : op->op == CLOCK_OP_SUSPEND ? runs != 0
                                              : (runs | paused) != 0;
    if (!sense) {
        return yaml_fail(r->y, r->step_at[k], "%s \"" STR_FMT "\": it never %s here",
                         clock_op_name(op->op), STR_ARG(r->p->clock[op->clock].key),
                         op->op == CLOCK_OP_RESUME ? "stands still" : "runs");
    }
    const struct deadline_def *row = r->p->clock[op->clock].row;
    return op->op != CLOCK_OP_EXTEND || row->extend > 0 || row->extend_note.n > 0
               ? ERR_OK
               : yaml_fail(r->y, r->step_at[k], "the deadline of \"" STR_FMT "\" has no extension",
                           STR_ARG(r->p->clock[op->clock].key));
}

enum err procedure_check_clocks(const struct reading *r)
{
    const struct procedure *p = r->p;
    struct board *b = arena_alloc(r->y->cx->mem, 1, sizeof *b);
    if (b == NULL) {
        return fail(r->y->cx, ERR_NO_MEMORY, "%s", r->y->file);
    }
    for (size_t i = 0; i < p->n_states; i++) {
        for (size_t c = 0; c < p->n_clocks && p->state[i].initial; c++) {
            b->at[i].runs |= (uint64_t)p->clock[c].at_opening << c;
        }
    }
    spread(p, b);
    for (size_t k = 0; k < p->n_steps; k++) {
        for (size_t i = 0; i < p->step[k].n_ops; i++) {
            TRY(op_check(r, b, k, &p->step[k].op[i]));
        }
    }
    for (size_t c = 0; c < p->n_clocks; c++) {
        TRY(clock_check(r, b, c));
    }
    return ERR_OK;
}
