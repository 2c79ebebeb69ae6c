/* A procedure's file: its steps. */
#include "def/procedure_parts.h"

#include <string.h>

enum { OFFICERS_MAX = 50 };

static const char *const effect_arguments[EFFECT__COUNT] = {
#define X(symbol, verb, arguments) [EFFECT_##symbol] = (arguments),
    EFFECT_TABLE(X)
#undef X
};

static const char *const link_types[] = {
#define X(word) word,
    LINK_TABLE(X)
#undef X
};
static const char *const account_names[] = {
#define X(word) word,
    ACCOUNT_TABLE(X)
#undef X
};
static const char *const register_names[] = {
#define X(word) word,
    REGISTER_TABLE(X)
#undef X
};
static const char *const on_off[] = { "on", "off" };
static const char *const places[] = { "here", "elsewhere" };

/* What an argument of an effect may be: a letter of EFFECT_TABLE. */
static const struct argument {
    char letter;
    const char *what;
    int (*find)(const struct procedure *, struct str); /* a part of the procedure, or ... */
    const char *const *word;                           /* ... one of a table's words */
    size_t n_words;
} arguments[] = {
    { 'F', "field of this procedure", procedure_field, NULL, 0 },
    { 'A', "actor of this procedure", procedure_actor, NULL, 0 },
    { 'O', "outcome of this procedure", procedure_outcome, NULL, 0 },
    { 'P', "publication of this procedure", procedure_publication, NULL, 0 },
    { 'L', "type of link", NULL, link_types, COUNT_OF(link_types) },
    { 'R', "register", NULL, register_names, COUNT_OF(register_names) },
    { 'C', "account", NULL, account_names, COUNT_OF(account_names) },
    { 'N', "on or off", NULL, on_off, COUNT_OF(on_off) },
    { 'W', "here or elsewhere", NULL, places, COUNT_OF(places) },
    { 'D', "procedure", NULL, NULL, 0 },
};

static bool argument_fits(const struct reading *r, const struct argument *a, struct str word)
{
    if (a->find != NULL) {
        return a->find(r->p, word) != PROCEDURE_NONE;
    }
    for (size_t i = 0; i < a->n_words; i++) {
        if (str_eq(word, str_of(a->word[i]))) {
            return true;
        }
    }
    return a->letter == 'D' &&
           (str_eq(word, r->p->term.key) || defs_procedure_known(r->defs, word));
}

static enum err argument_check(const struct reading *r, char letter, const struct yaml_word *w)
{
    for (size_t i = 0; i < COUNT_OF(arguments); i++) {
        if (arguments[i].letter == letter) {
            return argument_fits(r, &arguments[i], w->text)
                       ? ERR_OK
                       : yaml_fail(r->y, w->node, "\"" STR_FMT "\" is no %s", STR_ARG(w->text),
                                   arguments[i].what);
        }
    }
    return yaml_fail(r->y, w->node, "one word too many");
}

/* Walks the pattern beside the words: see EFFECT_TABLE. */
static enum err arguments_check(const struct reading *r, struct fy_node *n, const char *pattern,
                                const struct yaml_word *w, size_t k)
{
    bool enough = false;
    size_t i = 0;
    for (const char *c = pattern; *c != '\0'; c++) {
        if (*c == '?') {
            enough = true;
        } else if (*c == '+') {
            for (; i < k; i++) {
                TRY(argument_check(r, c[-1], &w[i]));
            }
        } else if (i < k) {
            TRY(argument_check(r, *c, &w[i]));
            i++;
        } else if (!enough) {
            return yaml_fail(r->y, n, "a word is missing: what does it act on?");
        }
    }
    return i < k ? yaml_fail(r->y, w[i].node, "one word too many") : ERR_OK;
}

#define VERBS "record decide notify publish open link list assign move"

static enum err effect_read(const struct reading *r, struct fy_node *n, struct proc_effect *out)
{
    struct yaml_word *w = NULL;
    size_t k = 0;
    int verbs = 0;
    TRY(yaml_only(r->y, n, VERBS));
    for (int v = 0; v < EFFECT__COUNT; v++) {
        if (yaml_find(n, effect_verb_name((enum effect_verb)v)) != NULL) {
            out->verb = (enum effect_verb)v;
            verbs++;
        }
    }
    if (verbs != 1) {
        return yaml_fail(r->y, n, "one of %s is expected", VERBS);
    }
    TRY(yaml_names(r->y, n, effect_verb_name(out->verb), &w, &k));
    TRY(arguments_check(r, n, effect_arguments[out->verb], w, k));
    struct str *arg = arena_alloc(r->y->keep, k + 1, sizeof *arg);
    if (arg == NULL) {
        return fail(r->y->cx, ERR_NO_MEMORY, "%s", r->y->file);
    }
    for (size_t i = 0; i < k; i++) {
        arg[i] = w[i].text;
    }
    out->arg = arg;
    out->n_args = k;
    return ERR_OK;
}

static enum err effects_read(const struct reading *r, struct fy_node *n, struct proc_step *s)
{
    struct fy_node *list;
    size_t k;
    void *at = NULL;
    if (yaml_find(n, "do") == NULL) {
        return ERR_OK;
    }
    TRY(yaml_list(r->y, n, "do", &list, &k));
    struct proc_effect *e = arena_alloc(r->y->keep, k + 1, sizeof *e);
    if (e == NULL) {
        return fail(r->y->cx, ERR_NO_MEMORY, "%s", r->y->file);
    }
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        TRY(effect_read(r, i, &e[s->n_effects++]));
    }
    s->effect = e;
    return ERR_OK;
}

/* { stop: C1, start: [C3, C4] } */
static enum err ops_read(const struct reading *r, struct fy_node *n, struct proc_step *s)
{
    struct fy_node *map = yaml_find(n, "clocks");
    struct proc_op *op =
        arena_alloc(r->y->keep, (size_t)PROCEDURE_CLOCKS_MAX * CLOCK_OP__COUNT, sizeof *op);
    if (op == NULL) {
        return fail(r->y->cx, ERR_NO_MEMORY, "%s", r->y->file);
    }
    s->op = op;
    if (map == NULL) {
        return ERR_OK;
    }
    TRY(yaml_only(r->y, map, "start stop suspend resume extend restart"));
    for (int k = 0; k < CLOCK_OP__COUNT; k++) {
        const int16_t *clock;
        size_t n_clocks;
        const char *name = clock_op_name((enum clock_op)k);
        TRY(reading_indices(r, map, name, procedure_clock, "clock", &clock, &n_clocks));
        for (size_t i = 0; i < n_clocks; i++) {
            if (s->n_ops == (size_t)PROCEDURE_CLOCKS_MAX * CLOCK_OP__COUNT) {
                return yaml_fail(r->y, map, "too many clocks");
            }
            op[s->n_ops++] = (struct proc_op){ (enum clock_op)k, clock[i] };
        }
    }
    return ERR_OK;
}

static enum err actors_read(const struct reading *r, struct fy_node *n, struct proc_step *s)
{
    struct yaml_word *w;
    size_t k;
    int64_t officers = 0;
    bool inside = false;
    TRY(yaml_names(r->y, n, "by", &w, &k));
    if (k == 0) {
        return yaml_fail(r->y, n, "\"by\": who takes this step?");
    }
    if (k > 1 || !str_eq(w[0].text, STR("timer"))) {
        TRY(reading_indices(r, n, "by", procedure_actor, "actor", &s->by, &s->n_by));
    }
    for (size_t i = 0; i < s->n_by; i++) {
        inside = inside || !r->p->actor[s->by[i]].outside;
    }
    if (yaml_find(n, "officers") != NULL) {
        TRY(yaml_int(r->y, n, "officers", 1, OFFICERS_MAX, &officers));
        if (!inside) {
            return yaml_fail(r->y, n, "\"officers\" of a step that no officer takes");
        }
    }
    s->officers = (int32_t)(officers > 0 ? officers : inside ? 1 : 0);
    return ERR_OK;
}

static enum err when_read(const struct reading *r, struct fy_node *n, struct proc_step *s)
{
    struct str text = { "", 0 };
    struct guard_error wrong;
    TRY(yaml_maybe_str(r->y, n, "when", &text));
    if (text.n == 0) {
        return ERR_OK;
    }
    s->when = guard_parse(r->y->keep, text, &wrong);
    return s->when != NULL
               ? ERR_OK
               : yaml_fail_inside(r->y, yaml_find(n, "when"), text, (size_t)wrong.at, wrong.what);
}

static enum err to_read(const struct reading *r, struct fy_node *n, struct proc_step *s)
{
    const int16_t *to;
    size_t k;
    struct str text;
    TRY(yaml_str(r->y, n, "to", &text));
    s->to = PROCEDURE_NONE;
    if (str_eq(text, STR("="))) {
        return ERR_OK;
    }
    TRY(reading_indices(r, n, "to", procedure_state, "state", &to, &k));
    s->to = to[0];
    return ERR_OK;
}

static enum err step_row(struct reading *r, struct fy_node *n, void *out)
{
    struct proc_step *s = out;
    const int16_t *form;
    size_t n_forms;
    TRY(yaml_only(r->y, n,
                  "event zh en from to by officers when clocks form do source note verified"));
    TRY(reading_term(r, n, "event", &s->term));
    TRY(reading_indices(r, n, "from", procedure_state, "state", &s->from, &s->n_from));
    if (s->n_from == 0) {
        return yaml_fail(r->y, n, "\"from\": in which state may it happen?");
    }
    TRY(to_read(r, n, s));
    TRY(actors_read(r, n, s));
    TRY(when_read(r, n, s));
    TRY(ops_read(r, n, s));
    TRY(reading_indices(r, n, "form", procedure_form, "form", &form, &n_forms));
    if (n_forms > 1) {
        return yaml_fail(r->y, n, "\"form\": one at most");
    }
    s->form = n_forms == 1 ? form[0] : PROCEDURE_NONE;
    TRY(effects_read(r, n, s));
    TRY(yaml_str(r->y, n, "source", &s->source));
    TRY(yaml_maybe_str(r->y, n, "note", &s->note));
    TRY(yaml_maybe_bool(r->y, n, "verified", &s->verified));
    s->line = yaml_line(n);
    return ERR_OK;
}

enum err procedure_steps_read(struct reading *r)
{
    const struct reading_list steps = { "steps", sizeof(struct proc_step), step_row, true };
    return reading_rows(r, &steps, &r->p->step, &r->p->n_steps, &r->step_at);
}
