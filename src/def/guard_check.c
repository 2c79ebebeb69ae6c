/* Guards: are names and types those of the procedure? */
#include "def/def.h"

#include <stdio.h>
#include <string.h>

enum { MONTHS_MAX = 12000, DAYS_MAX = 366000 };

struct checker {
    const struct procedure *p;
    const struct defs *defs;
    struct guard_error *error;
};

PRINTF(3, 4)
static bool wrong(const struct checker *c, int32_t at, const char *fmt, ...)
{
    va_list ap;
    c->error->at = at;
    va_start(ap, fmt);
    (void)vsnprintf(c->error->what, sizeof c->error->what, fmt, ap);
    va_end(ap);
    return false;
}

/* A name looked up: `found` is an index or NONE. */
static bool known(const struct checker *c, const struct guard_word *w, int found, const char *what)
{
    return found != PROCEDURE_NONE ||
           wrong(c, w->at, "\"" STR_FMT "\" is no %s of this procedure", STR_ARG(w->text), what);
}

static bool in_table(const struct checker *c, const struct guard_word *w, const char *const *all,
                     size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(w->text, str_of(all[i]))) {
            return true;
        }
    }
    return wrong(c, w->at, "\"" STR_FMT "\" is no %s", STR_ARG(w->text), what);
}

static const struct proc_field *field_of(const struct checker *c, const struct guard_word *w)
{
    int i = procedure_field(c->p, w->text);
    return known(c, w, i, "field") ? &c->p->field[i] : NULL;
}

static bool choice_is(const struct checker *c, const struct proc_field *f,
                      const struct guard_word *w)
{
    for (size_t i = 0; i < f->n_choices; i++) {
        if (str_eq(f->choice[i].key, w->text)) {
            return true;
        }
    }
    return wrong(c, w->at, "\"" STR_FMT "\" is no choice of " STR_FMT, STR_ARG(w->text),
                 STR_ARG(f->term.key));
}

static bool word_value(const struct checker *c, const struct guard *g, const struct proc_field *f)
{
    bool yes_no = str_eq(g->value_word.text, STR("yes")) || str_eq(g->value_word.text, STR("no"));
    if (g->cmp > GUARD_NE) {
        return wrong(c, g->value_word.at, "a %s is compared with = or != only",
                     field_type_name(f->type));
    }
    if (f->type == FIELD_CHOICE) {
        return choice_is(c, f, &g->value_word);
    }
    return (f->type == FIELD_YES_NO && yes_no) ||
           wrong(c, g->value_word.at, STR_FMT " is a %s: not compared with \"" STR_FMT "\"",
                 STR_ARG(f->term.key), field_type_name(f->type), STR_ARG(g->value_word.text));
}

static bool number_value(const struct checker *c, const struct guard *g, const struct proc_field *f)
{
    bool date = g->value != GUARD_VALUE_NUMBER;
    bool fits =
        date ? f->type == FIELD_DATE
             : (f->type == FIELD_MONEY && g->money) || (f->type == FIELD_NUMBER && !g->money);
    int64_t most = g->unit == GUARD_UNIT_DAY ? DAYS_MAX : MONTHS_MAX / 12;
    if (!fits) {
        return wrong(c, g->value_word.at, STR_FMT " is a %s: not compared with %s",
                     STR_ARG(f->term.key), field_type_name(f->type),
                     date       ? "a day"
                     : g->money ? "an amount of money"
                                : "a bare number (money: yuan or fen)");
    }
    return g->value != GUARD_VALUE_TODAY || (g->number <= most && g->number >= -most) ||
           wrong(c, g->value_word.at, "that many days, months or years are not counted");
}

static bool compare(const struct checker *c, const struct guard *g)
{
    const struct proc_field *f = field_of(c, &g->word);
    if (f == NULL) {
        return false;
    }
    return g->value == GUARD_VALUE_WORD ? word_value(c, g, f) : number_value(c, g, f);
}

static bool among(const struct checker *c, const struct guard *g)
{
    const struct proc_field *f = field_of(c, &g->word);
    bool ok = f != NULL && (f->type == FIELD_CHOICE ||
                            wrong(c, g->word.at, STR_FMT " is a %s: \"in\" is for a choice",
                                  STR_ARG(f->term.key), field_type_name(f->type)));
    for (size_t i = 0; ok && i < g->n_list; i++) {
        ok = choice_is(c, f, &g->list[i]);
    }
    return ok;
}

static bool duplicate(const struct checker *c, const struct guard *g)
{
    bool ok = true;
    for (size_t i = 0; ok && i < g->n_list; i++) {
        ok = field_of(c, &g->list[i]) != NULL;
    }
    return ok;
}

static bool statement(const struct checker *c, const struct guard *g)
{
    static const char *const all[] = {
#define X(word) word,
        STATEMENT_TABLE(X)
#undef X
    };
    int64_t most = g->unit == GUARD_UNIT_DAY ? DAYS_MAX : MONTHS_MAX / 12;
    return in_table(c, &g->word, all, COUNT_OF(all), "kind of statement") &&
           (g->number <= most ||
            wrong(c, g->at, "that many days, months or years are not counted"));
}

static bool entry(const struct checker *c, const struct guard *g)
{
    static const char *const all[] = {
#define X(word) word,
        REGISTER_TABLE(X)
#undef X
    };
    return in_table(c, &g->word, all, COUNT_OF(all), "register");
}

static bool qualified(const struct checker *c, const struct guard *g)
{
    const struct str *keys;
    size_t n = defs_quals(c->defs, &keys);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(keys[i], g->word.text)) {
            return true;
        }
    }
    return wrong(c, g->word.at, "\"" STR_FMT "\" is no qualification of departments.yaml",
                 STR_ARG(g->word.text));
}

static bool clock(const struct checker *c, const struct guard *g)
{
    static const char *const all[] = {
#define X(symbol, text) text,
        CLOCK_IS_TABLE(X)
#undef X
    };
    return known(c, &g->word, procedure_clock(c->p, g->word.text), "clock") &&
           in_table(c, &g->state, all, COUNT_OF(all), "state of a clock");
}

static bool children(const struct checker *c, const struct guard *g)
{
    bool own = str_eq(g->word.text, c->p->term.key);
    const struct procedure *of = own ? c->p : defs_procedure_version(c->defs, g->word.text, 0);
    if (of == NULL && !defs_procedure_known(c->defs, g->word.text)) {
        return wrong(c, g->word.at, "\"" STR_FMT "\" is no procedure", STR_ARG(g->word.text));
    }
    bool any = str_eq(g->state.text, STR("open")) || str_eq(g->state.text, STR("ended"));
    return any || of == NULL || procedure_state(of, g->state.text) != PROCEDURE_NONE ||
           wrong(c, g->state.at, "\"" STR_FMT "\" is no state of " STR_FMT, STR_ARG(g->state.text),
                 STR_ARG(g->word.text));
}

static bool test(const struct checker *c, const struct guard *g)
{
    const struct guard_word *w = &g->word;
    switch (g->kind) {
    case GUARD_COMPARE:
        return compare(c, g);
    case GUARD_IN:
        return among(c, g);
    case GUARD_GIVEN:
        return field_of(c, w) != NULL;
    case GUARD_STATEMENT:
        return statement(c, g);
    case GUARD_FORM:
        return known(c, w, procedure_form(c->p, w->text), "form");
    case GUARD_QUALIFIED:
        return qualified(c, g);
    case GUARD_NOT_ACTOR:
        return known(c, w, procedure_event(c->p, w->text), "event");
    case GUARD_CLOCK:
        return clock(c, g);
    case GUARD_CHILDREN:
        return children(c, g);
    case GUARD_ENTRY:
        return entry(c, g);
    case GUARD_DUPLICATE:
        return duplicate(c, g);
    case GUARD_QUOTA:
        return known(c, w, procedure_batch(c->p, w->text), "batch");
    case GUARD_MODE:
        return known(c, w, procedure_mode(c->p, w->text), "mode");
    case GUARD_AND:
    case GUARD_OR:
    case GUARD_NOT:
    case GUARD_OFFICERS:
    case GUARD_NO_RECUSAL:
    default:
        return true;
    }
}

bool guard_check(const struct guard *g, const struct procedure *p, const struct defs *defs,
                 struct guard_error *error)
{
    const struct checker c = { p, defs, error };
    if (g->kind > GUARD_NOT) {
        return test(&c, g);
    }
    return guard_check(g->left, p, defs, error) &&
           (g->right == NULL || guard_check(g->right, p, defs, error));
}
