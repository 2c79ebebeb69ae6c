/* Two versions of a procedure: what changed, in words. */
#include "cli/commands.h"
#include "cli/procedure.h"

enum { CHANGES_MAX = 4 << 20 };

struct pair {
    struct cli *c;
    struct say old, new;
    struct json j;
    int n;
};

/* One difference. `was` and `is`: NULL when there was or is nothing to say. */
static void change(struct pair *d, const char *what, struct str key, const struct str *was,
                   const struct str *is)
{
    d->n++;
    json_object(&d->j);
    json_key_str(&d->j, "change",
                 was == NULL  ? STR("added")
                 : is == NULL ? STR("removed")
                              : STR("changed"));
    json_key_str(&d->j, "part", str_of(what));
    json_key_str(&d->j, "key", key);
    if (was != NULL) {
        json_key_str(&d->j, "was", *was);
    }
    if (is != NULL) {
        json_key_str(&d->j, "is", *is);
    }
    json_end_object(&d->j);
    if (d->c->json) {
        return;
    }
    FILE *out = d->c->out;
    (void)fprintf(out, "%c %s " STR_FMT,
                  was == NULL  ? '+'
                  : is == NULL ? '-'
                               : '~',
                  what, STR_ARG(key));
    if (was != NULL && is != NULL) {
        (void)fprintf(out, "\n    was: " STR_FMT "\n    is:  " STR_FMT "\n", STR_ARG(*was),
                      STR_ARG(*is));
    } else {
        (void)fprintf(out, ": " STR_FMT "\n", STR_ARG(was != NULL ? *was : *is));
    }
}

static void compare(struct pair *d, const char *what, struct str key, struct str was, struct str is)
{
    if (!str_eq(was, is)) {
        change(d, what, key, &was, &is);
    }
}

/* What is compared of a part: its place in a procedure to text. */
struct parts {
    const char *what;
    size_t (*count)(const struct procedure *p);
    struct str (*key)(const struct procedure *p, size_t i);
    struct str (*text)(const struct say *s, size_t i);
};

static size_t part_find(const struct parts *t, const struct procedure *p, struct str key)
{
    size_t i = 0;
    while (i < t->count(p) && !str_eq(t->key(p, i), key)) {
        i++;
    }
    return i;
}

static void compare_parts(struct pair *d, const struct parts *t)
{
    for (size_t i = 0; i < t->count(d->old.p); i++) {
        struct str key = t->key(d->old.p, i);
        struct str was = t->text(&d->old, i);
        size_t k = part_find(t, d->new.p, key);
        if (k == t->count(d->new.p)) {
            change(d, t->what, key, &was, NULL);
        } else {
            compare(d, t->what, key, was, t->text(&d->new, k));
        }
    }
    for (size_t i = 0; i < t->count(d->new.p); i++) {
        struct str key = t->key(d->new.p, i);
        struct str is = t->text(&d->new, i);
        if (part_find(t, d->old.p, key) == t->count(d->old.p)) {
            change(d, t->what, key, NULL, &is);
        }
    }
}

#define ACCESS(part, parts)                                                                        \
    static size_t part##_count(const struct procedure *p)                                          \
    {                                                                                              \
        return p->n_##parts;                                                                       \
    }                                                                                              \
    static struct str part##_key(const struct procedure *p, size_t i)                              \
    {                                                                                              \
        return *(const struct str *)(const void *)&p->part[i];                                     \
    }
ACCESS(actor, actors)
ACCESS(state, states)
ACCESS(clock, clocks)
ACCESS(form, forms)
ACCESS(field, fields)
ACCESS(outcome, outcomes)
ACCESS(publication, publications)

static struct buf text_buf(const struct say *s)
{
    return buf_of(s->cx->mem, 1 << 16);
}

static struct str actor_text(const struct say *s, size_t i)
{
    const struct proc_actor *a = &s->p->actor[i];
    struct buf b = text_buf(s);
    buf_fmt(&b, STR_FMT " (" STR_FMT ")", STR_ARG(say_term(s, &a->term)),
            STR_ARG(a->outside ? say_word(s, "outside") : a->role));
    return buf_str(&b);
}

static struct str state_text(const struct say *s, size_t i)
{
    const struct proc_state *x = &s->p->state[i];
    struct buf b = text_buf(s);
    buf_put(&b, say_term(s, &x->term));
    if (x->initial || x->terminal) {
        buf_fmt(&b, " (" STR_FMT ")", STR_ARG(say_word(s, x->initial ? "initial" : "terminal")));
    }
    return buf_str(&b);
}

static struct str clock_text(const struct say *s, size_t i)
{
    const struct proc_clock *c = &s->p->clock[i];
    struct buf b = text_buf(s);
    buf_fmt(&b, STR_FMT "; " STR_FMT "; " STR_FMT "; " STR_FMT "; " STR_FMT,
            STR_ARG(say_clock(s, c)), STR_ARG(say_length(s, c)), STR_ARG(say_expiry(s, c)),
            STR_ARG(say_states(s, c->in, c->n_in)), STR_ARG(c->row->source));
    return buf_str(&b);
}

static struct str form_text(const struct say *s, size_t i)
{
    const struct proc_form *f = &s->p->form[i];
    struct buf b = text_buf(s);
    buf_fmt(&b, STR_FMT " " STR_FMT, STR_ARG(say_term(s, &f->term)), STR_ARG(f->no));
    return str_trim(buf_str(&b));
}

static struct str field_text(const struct say *s, size_t i)
{
    const struct proc_field *f = &s->p->field[i];
    struct buf b = text_buf(s);
    buf_fmt(&b, STR_FMT "; %s; %s%s", STR_ARG(say_term(s, &f->term)), field_type_name(f->type),
            privacy_name(f->privacy), f->required ? "; required" : "");
    for (size_t k = 0; k < f->n_choices; k++) {
        buf_fmt(&b, "; " STR_FMT, STR_ARG(say_term(s, &f->choice[k])));
    }
    return buf_str(&b);
}

static struct str outcome_text(const struct say *s, size_t i)
{
    return say_term(s, &s->p->outcome[i]);
}

static struct str publication_text(const struct say *s, size_t i)
{
    const struct proc_publication *p = &s->p->publication[i];
    struct buf b = text_buf(s);
    buf_fmt(&b, STR_FMT ": " STR_FMT, STR_ARG(say_term(s, &p->term)),
            STR_ARG(say_fields(s, p->field, p->n_fields)));
    if (p->consent != PROCEDURE_NONE) {
        buf_fmt(&b, "; " STR_FMT " " STR_FMT, STR_ARG(say_word(s, "c_consent")),
                STR_ARG(say_term(s, &s->p->field[p->consent].term)));
    }
    return buf_str(&b);
}

static const struct parts all_parts[] = {
    { "actor", actor_count, actor_key, actor_text },
    { "state", state_count, state_key, state_text },
    { "period", clock_count, clock_key, clock_text },
    { "form", form_count, form_key, form_text },
    { "outcome", outcome_count, outcome_key, outcome_text },
    { "publication", publication_count, publication_key, publication_text },
    { "field", field_count, field_key, field_text },
};

/* The n-th step of an event; NULL: there are fewer. */
static const struct proc_step *step_of(const struct procedure *p, struct str event, size_t n)
{
    for (size_t i = 0; i < p->n_steps; i++) {
        if (str_eq(p->step[i].term.key, event) && n-- == 0) {
            return &p->step[i];
        }
    }
    return NULL;
}

static size_t nth_of(const struct procedure *p, const struct proc_step *step)
{
    size_t n = 0;
    for (const struct proc_step *i = p->step; i < step; i++) {
        n += str_eq(i->term.key, step->term.key);
    }
    return n;
}

static struct str follows(const struct say *s, const struct proc_step *step)
{
    struct buf b = text_buf(s);
    for (size_t i = 0; i < step->n_effects; i++) {
        buf_put_z(&b, b.n > 0 ? "; " : "");
        buf_put(&b, say_effect(s, &step->effect[i]));
    }
    for (size_t i = 0; i < step->n_ops; i++) {
        buf_put_z(&b, b.n > 0 ? "; " : "");
        buf_put(&b, say_op(s, &step->op[i]));
    }
    return buf_str(&b);
}

static struct str target(const struct say *s, const struct proc_step *step)
{
    return step->to == PROCEDURE_NONE ? say_word(s, "stays")
                                      : say_term(s, &s->p->state[step->to].term);
}

static struct str form_of(const struct say *s, const struct proc_step *step)
{
    return step->form == PROCEDURE_NONE ? STR("") : say_term(s, &s->p->form[step->form].term);
}

static struct str step_line(const struct say *s, const struct proc_step *step)
{
    struct buf b = text_buf(s);
    buf_fmt(&b, STR_FMT ": " STR_FMT " -> " STR_FMT " (" STR_FMT ")",
            STR_ARG(say_term(s, &step->term)), STR_ARG(say_states(s, step->from, step->n_from)),
            STR_ARG(target(s, step)), STR_ARG(say_who(s, step)));
    return buf_str(&b);
}

static void compare_step(struct pair *d, const struct proc_step *was, const struct proc_step *is)
{
    struct str key = was->term.key;
    compare(d, "step", key, step_line(&d->old, was), step_line(&d->new, is));
    compare(d, "condition of", key, say_guard(&d->old, was->when), say_guard(&d->new, is->when));
    compare(d, "form of", key, form_of(&d->old, was), form_of(&d->new, is));
    compare(d, "consequences of", key, follows(&d->old, was), follows(&d->new, is));
    compare(d, "source of", key, was->source, is->source);
    if (was->verified != is->verified) {
        compare(d, "verified mark of", key,
                say_word(&d->old, was->verified ? "verified" : "unverified"),
                say_word(&d->new, is->verified ? "verified" : "unverified"));
    }
}

static void compare_steps(struct pair *d)
{
    for (size_t i = 0; i < d->old.p->n_steps; i++) {
        const struct proc_step *was = &d->old.p->step[i];
        const struct proc_step *is = step_of(d->new.p, was->term.key, nth_of(d->old.p, was));
        if (is != NULL) {
            compare_step(d, was, is);
        } else {
            struct str line = step_line(&d->old, was);
            change(d, "step", was->term.key, &line, NULL);
        }
    }
    for (size_t i = 0; i < d->new.p->n_steps; i++) {
        const struct proc_step *is = &d->new.p->step[i];
        if (step_of(d->old.p, is->term.key, nth_of(d->new.p, is)) == NULL) {
            struct str line = step_line(&d->new, is);
            change(d, "step", is->term.key, NULL, &line);
        }
    }
}

static struct str period(const struct say *s)
{
    struct buf b = text_buf(s);
    const struct procedure *p = s->p;
    buf_fmt(&b, STR_FMT " .. " STR_FMT,
            STR_ARG(p->valid_from_on == 0 ? STR("") : say_date(s, p->valid_from_on)),
            STR_ARG(p->valid_to_on == 0 ? STR("") : say_date(s, p->valid_to_on)));
    return str_trim(buf_str(&b));
}

static void compare_heads(struct pair *d)
{
    struct str none = STR("");
    compare(d, "version", none, say_int(&d->old, d->old.p->version),
            say_int(&d->new, d->new.p->version));
    compare(d, "name", none, say_term(&d->old, &d->old.p->term),
            say_term(&d->new, &d->new.p->term));
    compare(d, "in force", none, period(&d->old), period(&d->new));
    compare(d, "source", none, d->old.p->source, d->new.p->source);
    compare(d, "running matters", none, str_of(running_rule_name(d->old.p->running)),
            str_of(running_rule_name(d->new.p->running)));
}

static enum err run_diff(struct cli *c)
{
    struct pair d = { .c = c };
    struct buf b = buf_of(c->cx->mem, CHANGES_MAX);
    TRY(procedure_of_word(c, c->words[0], &d.old));
    TRY(procedure_of_word(c, c->words[1], &d.new));
    d.j = json_to(&b);
    json_object(&d.j);
    json_key(&d.j, "changes");
    json_array(&d.j);
    compare_heads(&d);
    for (size_t i = 0; i < COUNT_OF(all_parts); i++) {
        compare_parts(&d, &all_parts[i]);
    }
    compare_steps(&d);
    json_end_array(&d.j);
    json_end_object(&d.j);
    if (d.n == 0 && !c->json && !c->quiet) {
        (void)fprintf(c->note, "no difference\n");
    }
    c->exit_code = d.n > 0 ? CLI_NO : CLI_OK;
    return c->json ? cli_print_json(c, &b) : ERR_OK;
}

const struct cli_command cmd_def_diff = {
    .name = "def diff",
    .brief = "what changed between two versions of a procedure, in words",
    .words = "OLD NEW",
    .words_min = 2,
    .words_max = 2,
    .about =
        "Compares the meaning and not the text: dates, states, periods, forms, publications, "
        "data, and every step with its condition, consequences and source. + added, - removed, "
        "~ changed. Remarks, comments and the order of lines make no difference. Ends with 1 "
        "when there is a difference.\n\n"
        "OLD and NEW are each a key (the version in force today), KEY@VERSION, or a file.",
    .examples = "sishi def diff complaint@1 complaint@2     Order 20 against Order 121\n"
                "sishi def diff complaint draft/complaint.yaml --lang zh",
    .run = run_diff,
};
