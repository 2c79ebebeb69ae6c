/* A procedure in words, of the language that was asked for. */
#include "cli/procedure.h"

#include <string.h>

enum { SAID_MAX = 1 << 16 };

struct str say_word(const struct say *s, const char *key)
{
    return defs_procedure_word(s->defs, key, s->lang);
}

struct str say_fill(const struct say *s, const char *key, const struct str *arg, size_t n)
{
    struct buf b = buf_of(s->cx->mem, SAID_MAX);
    struct str w = say_word(s, key);
    for (size_t i = 0; i < w.n; i++) {
        bool mark = i + 2 < w.n && w.p[i] == '{' && w.p[i + 2] == '}';
        size_t k = mark ? (size_t)(w.p[i + 1] - '1') : n;
        if (k < n) {
            buf_put(&b, arg[k]);
            i += 2;
        } else {
            buf_put_c(&b, w.p[i]);
        }
    }
    return buf_str(&b);
}

struct str say_term(const struct say *s, const struct term *t)
{
    return t->text[s->lang];
}

struct str say_int(const struct say *s, int64_t v)
{
    struct buf b = buf_of(s->cx->mem, 32);
    buf_put_int(&b, v);
    return buf_str(&b);
}

struct str say_date(const struct say *s, int32_t on)
{
    char date[DATE_CHARS];
    date_put(on, date);
    return str_dup(s->cx->mem, (struct str){ date, sizeof date });
}

/* Items with a comma between. */
static void join(const struct say *s, struct buf *b, struct str item)
{
    if (b->n > 0) {
        buf_put(b, say_word(s, "comma"));
    }
    buf_put(b, item);
}

static struct str word_of(const struct say *s, struct str key)
{
    struct str z = str_dup(s->cx->mem, key);
    return z.p == NULL ? key : say_word(s, z.p);
}

static const struct proc_field *field_of(const struct say *s, struct str key)
{
    int i = procedure_field(s->p, key);
    return i == PROCEDURE_NONE ? NULL : &s->p->field[i];
}

static struct str field_label(const struct say *s, struct str key)
{
    const struct proc_field *f = field_of(s, key);
    return f == NULL ? key : say_term(s, &f->term);
}

/* A choice's label; yes and no in words. */
static struct str choice_label(const struct say *s, struct str field, struct str key)
{
    const struct proc_field *f = field_of(s, field);
    for (size_t i = 0; f != NULL && i < f->n_choices; i++) {
        if (str_eq(f->choice[i].key, key)) {
            return say_term(s, &f->choice[i]);
        }
    }
    return word_of(s, key);
}

static struct str value(const struct say *s, const struct guard *g)
{
    struct buf b = buf_of(s->cx->mem, 64);
    int64_t n = g->number < 0 ? -g->number : g->number;
    switch (g->value) {
    case GUARD_VALUE_WORD:
        return choice_label(s, g->word.text, g->value_word.text);
    case GUARD_VALUE_DATE:
        return say_date(s, (int32_t)g->number);
    case GUARD_VALUE_TODAY:
        return n == 0 ? say_word(s, "today")
                      : SAY(s, g->number < 0 ? "before_today" : "after_today", say_int(s, n),
                            say_word(s, guard_unit_text(g->unit)));
    case GUARD_VALUE_NUMBER:
        break;
    }
    buf_fmt(&b, g->money && n % 100 != 0 ? "%lld.%02d" : "%lld",
            (long long)(g->money ? n / 100 : n), (int)(n % 100));
    return g->money ? SAY(s, "yuan", buf_str(&b)) : buf_str(&b);
}

static struct str comparison(const struct say *s, const struct guard *g)
{
    struct buf key = buf_of(s->cx->mem, 16);
    bool date = g->value == GUARD_VALUE_DATE || g->value == GUARD_VALUE_TODAY;
    buf_fmt(&key, "%s%s%c", date ? "date" : "", guard_cmp_text(g->cmp), '\0');
    return SAY(s, "compare", field_label(s, g->word.text), say_word(s, buf_str(&key).p),
               value(s, g));
}

static struct str listed(const struct say *s, const struct guard *g)
{
    struct buf b = buf_of(s->cx->mem, SAID_MAX);
    for (size_t i = 0; i < g->n_list; i++) {
        join(s, &b,
             g->kind == GUARD_IN ? choice_label(s, g->word.text, g->list[i].text)
                                 : field_label(s, g->list[i].text));
    }
    return buf_str(&b);
}

static struct str children(const struct say *s, const struct guard *g)
{
    bool own = str_eq(g->word.text, s->p->term.key);
    const struct procedure *of = own ? s->p : defs_procedure_version(s->defs, g->word.text, 0);
    int state = of == NULL ? PROCEDURE_NONE : procedure_state(of, g->state.text);
    struct str name = of == NULL ? g->word.text : say_term(s, &of->term);
    struct str in =
        state == PROCEDURE_NONE ? word_of(s, g->state.text) : say_term(s, &of->state[state].term);
    const char *key = str_eq(g->quantity.text, STR("any"))   ? "children_any"
                      : str_eq(g->quantity.text, STR("all")) ? "children_all"
                                                             : "children_none";
    return SAY(s, key, name, in);
}

/* A part of the procedure by its key. */
static struct str part(const struct say *s, enum guard_kind kind, struct str key)
{
    const struct procedure *p = s->p;
    int i;
    switch ((int)kind) {
    case GUARD_FORM:
        i = procedure_form(p, key);
        return i == PROCEDURE_NONE ? key : say_term(s, &p->form[i].term);
    case GUARD_NOT_ACTOR:
        i = procedure_event(p, key);
        return i == PROCEDURE_NONE ? key : say_term(s, &p->step[i].term);
    case GUARD_QUOTA:
        i = procedure_batch(p, key);
        return i == PROCEDURE_NONE ? key : say_term(s, &p->batch[i].term);
    case GUARD_MODE:
        i = procedure_mode(p, key);
        return i == PROCEDURE_NONE ? key : say_term(s, &p->mode[i]);
    case GUARD_GIVEN:
        return field_label(s, key);
    case GUARD_QUALIFIED:
        return defs_qual_label(s->defs, key, s->lang);
    default:
        return word_of(s, key);
    }
}

static struct str clock_test(const struct say *s, const struct guard *g)
{
    int i = procedure_clock(s->p, g->word.text);
    return SAY(s, "clock", i == PROCEDURE_NONE ? g->word.text : say_clock(s, &s->p->clock[i]),
               word_of(s, g->state.text));
}

static struct str test(const struct say *s, const struct guard *g)
{
    static const char *const simple[] = {
        [GUARD_GIVEN] = "given", [GUARD_FORM] = "form",   [GUARD_QUALIFIED] = "qualified",
        [GUARD_ENTRY] = "entry", [GUARD_QUOTA] = "quota", [GUARD_NOT_ACTOR] = "not_actor_of",
        [GUARD_MODE] = "mode",
    };
    switch ((int)g->kind) {
    case GUARD_COMPARE:
        return comparison(s, g);
    case GUARD_IN:
        return SAY(s, "in", field_label(s, g->word.text), listed(s, g));
    case GUARD_DUPLICATE:
        return SAY(s, "duplicate", listed(s, g));
    case GUARD_STATEMENT:
        return SAY(s, g->number > 0 ? "statement_within" : "statement", word_of(s, g->word.text),
                   say_int(s, g->number), say_word(s, guard_unit_text(g->unit)));
    case GUARD_OFFICERS:
        return SAY(s, "officers", say_word(s, guard_cmp_text(g->cmp)), say_int(s, g->number));
    case GUARD_NO_RECUSAL:
        return say_word(s, "no_recusal");
    case GUARD_CLOCK:
        return clock_test(s, g);
    case GUARD_CHILDREN:
        return children(s, g);
    default:
        return SAY(s, simple[g->kind], part(s, g->kind, g->word.text));
    }
}

static struct str inside(const struct say *s, const struct guard *g, bool group)
{
    struct str said = say_guard(s, g);
    return group ? SAY(s, "group", said) : said;
}

struct str say_guard(const struct say *s, const struct guard *g)
{
    if (g == NULL) {
        return STR("");
    }
    if (g->kind == GUARD_NOT) {
        return SAY(s, "not", inside(s, g->left, g->left->kind <= GUARD_OR));
    }
    if (g->kind == GUARD_AND || g->kind == GUARD_OR) {
        bool both = g->kind == GUARD_AND;
        return SAY(s, both ? "and" : "or", inside(s, g->left, both && g->left->kind == GUARD_OR),
                   inside(s, g->right, g->right->kind <= GUARD_OR));
    }
    return test(s, g);
}

static struct str actor_label(const struct say *s, struct str key)
{
    int i = procedure_actor(s->p, key);
    return i == PROCEDURE_NONE ? key : say_term(s, &s->p->actor[i].term);
}

static struct str joined(const struct say *s, const struct proc_effect *e,
                         struct str (*label)(const struct say *, struct str))
{
    struct buf b = buf_of(s->cx->mem, SAID_MAX);
    for (size_t i = 0; i < e->n_args; i++) {
        join(s, &b, label(s, e->arg[i]));
    }
    return buf_str(&b);
}

static struct str procedure_label(const struct say *s, struct str key)
{
    const struct procedure *p = defs_procedure_version(s->defs, key, 0);
    return p == NULL ? key : say_term(s, &p->term);
}

struct str say_effect(const struct say *s, const struct proc_effect *e)
{
    struct str last = e->arg[e->n_args - 1];
    bool two = e->n_args > 1;
    int i;
    switch (e->verb) {
    case EFFECT_RECORD:
        return SAY(s, "do_record", joined(s, e, field_label));
    case EFFECT_NOTIFY:
        return SAY(s, "do_notify", joined(s, e, actor_label));
    case EFFECT_ASSIGN:
        return SAY(s, "do_assign", joined(s, e, actor_label));
    case EFFECT_DECIDE:
        i = procedure_outcome(s->p, e->arg[0]);
        return SAY(s, two ? "do_decide_ground" : "do_decide",
                   i == PROCEDURE_NONE ? e->arg[0] : say_term(s, &s->p->outcome[i]),
                   field_label(s, last));
    case EFFECT_PUBLISH:
        i = procedure_publication(s->p, e->arg[0]);
        return SAY(s, str_eq(last, STR("off")) ? "do_unpublish" : "do_publish",
                   i == PROCEDURE_NONE ? e->arg[0] : say_term(s, &s->p->publication[i].term));
    case EFFECT_OPEN:
        return SAY(s, two && str_eq(last, STR("elsewhere")) ? "do_open_elsewhere" : "do_open",
                   procedure_label(s, e->arg[0]));
    case EFFECT_LINK:
        return SAY(s, "do_link", word_of(s, e->arg[0]));
    case EFFECT_LIST:
        return SAY(s, str_eq(last, STR("off")) ? "do_list_off" : "do_list_on",
                   word_of(s, e->arg[0]));
    case EFFECT_MOVE:
        return SAY(s, "do_move", field_label(s, e->arg[0]), word_of(s, e->arg[1]),
                   word_of(s, e->arg[2]));
    case EFFECT__COUNT:
        break;
    }
    return STR("");
}

struct str say_clock(const struct say *s, const struct proc_clock *c)
{
    return c->row->label.text[s->lang];
}

struct str say_op(const struct say *s, const struct proc_op *op)
{
    char key[32];
    (void)snprintf(key, sizeof key, "op_%s", clock_op_name(op->op));
    return SAY(s, key, say_clock(s, &s->p->clock[op->clock]));
}

struct str say_length(const struct say *s, const struct proc_clock *c)
{
    const struct deadline_def *d = c->row;
    struct buf b = buf_of(s->cx->mem, SAID_MAX);
    if (d->named) {
        return say_word(s, "named");
    }
    buf_put(&b, SAY(s, "amount", say_int(s, d->n), word_of(s, d->unit)));
    if (d->extend > 0) {
        buf_put(&b, SAY(s, "extension", say_int(s, d->extend), word_of(s, d->extend_unit)));
    }
    return buf_str(&b);
}

struct str say_expiry(const struct say *s, const struct proc_clock *c)
{
    if (c->expiry == EXPIRY_EVENT) {
        return SAY(s, "expiry_event", part(s, GUARD_NOT_ACTOR, c->event));
    }
    return say_word(s, c->expiry == EXPIRY_FLAG ? "expiry_flag" : "expiry_escalate");
}

struct str say_who(const struct say *s, const struct proc_step *step)
{
    struct buf b = buf_of(s->cx->mem, SAID_MAX);
    for (size_t i = 0; i < step->n_by; i++) {
        join(s, &b, say_term(s, &s->p->actor[step->by[i]].term));
    }
    if (step->n_by == 0) {
        return say_word(s, "timer");
    }
    return step->officers > 1 ? SAY(s, "together", buf_str(&b), say_int(s, step->officers))
                              : buf_str(&b);
}

struct str say_states(const struct say *s, const int16_t *state, size_t n)
{
    struct buf b = buf_of(s->cx->mem, SAID_MAX);
    for (size_t i = 0; i < n; i++) {
        join(s, &b, say_term(s, &s->p->state[state[i]].term));
    }
    return buf_str(&b);
}

struct str say_fields(const struct say *s, const int16_t *field, size_t n)
{
    struct buf b = buf_of(s->cx->mem, SAID_MAX);
    for (size_t i = 0; i < n; i++) {
        join(s, &b, say_term(s, &s->p->field[field[i]].term));
    }
    return buf_str(&b);
}
