/* Procedures that were read: looking things up in them. */
#include "def/tables.h"

/* Every part of a procedure begins with its key. */
static int find(const void *first, size_t n, size_t size, struct str key)
{
    const char *at = first;
    for (size_t i = 0; i < n; i++, at += size) {
        if (str_eq(*(const struct str *)(const void *)at, key)) {
            return (int)i;
        }
    }
    return PROCEDURE_NONE;
}

int procedure_actor(const struct procedure *p, struct str key)
{
    return find(p->actor, p->n_actors, sizeof *p->actor, key);
}
int procedure_field(const struct procedure *p, struct str key)
{
    return find(p->field, p->n_fields, sizeof *p->field, key);
}
int procedure_form(const struct procedure *p, struct str key)
{
    return find(p->form, p->n_forms, sizeof *p->form, key);
}
int procedure_state(const struct procedure *p, struct str key)
{
    return find(p->state, p->n_states, sizeof *p->state, key);
}
int procedure_clock(const struct procedure *p, struct str key)
{
    return find(p->clock, p->n_clocks, sizeof *p->clock, key);
}
int procedure_outcome(const struct procedure *p, struct str key)
{
    return find(p->outcome, p->n_outcomes, sizeof *p->outcome, key);
}
int procedure_mode(const struct procedure *p, struct str key)
{
    return find(p->mode, p->n_modes, sizeof *p->mode, key);
}
int procedure_publication(const struct procedure *p, struct str key)
{
    return find(p->publication, p->n_publications, sizeof *p->publication, key);
}
int procedure_batch(const struct procedure *p, struct str key)
{
    return find(p->batch, p->n_batches, sizeof *p->batch, key);
}
int procedure_event(const struct procedure *p, struct str key)
{
    return find(p->step, p->n_steps, sizeof *p->step, key);
}

const struct procedure *defs_procedure(const struct defs *d, struct str key, int32_t on)
{
    for (size_t i = 0; i < d->n_procedures; i++) {
        const struct procedure *p = d->procedure[i];
        bool in_force = on >= p->valid_from_on && (p->valid_to_on == 0 || on <= p->valid_to_on);
        if (in_force && str_eq(p->term.key, key)) {
            return p;
        }
    }
    return NULL;
}

const struct procedure *defs_procedure_version(const struct defs *d, struct str key,
                                               int32_t version)
{
    const struct procedure *best = NULL;
    for (size_t i = 0; i < d->n_procedures; i++) {
        const struct procedure *p = d->procedure[i];
        bool wanted =
            version == 0 ? best == NULL || p->version > best->version : p->version == version;
        if (wanted && str_eq(p->term.key, key)) {
            best = p;
        }
    }
    return best;
}

size_t defs_procedures(const struct defs *d, const struct procedure *const **all)
{
    *all = d->procedure;
    return d->n_procedures;
}

bool defs_procedure_known(const struct defs *d, struct str key)
{
    for (size_t i = 0; i < d->n_deadlines; i++) {
        if (str_eq(d->deadline[i].procedure, key)) {
            return true;
        }
    }
    return defs_procedure_version(d, key, 0) != NULL;
}

const char *field_type_name(enum field_type t)
{
    static const char *const names[FIELD_TYPE__COUNT] = {
#define X(symbol, name) [FIELD_##symbol] = (name),
        FIELD_TYPE_TABLE(X)
#undef X
    };
    return (size_t)t < COUNT_OF(names) ? names[t] : "?";
}

const char *privacy_name(enum privacy p)
{
    static const char *const names[PRIVACY__COUNT] = {
#define X(symbol, name) [PRIVACY_##symbol] = (name),
        PRIVACY_TABLE(X)
#undef X
    };
    return (size_t)p < COUNT_OF(names) ? names[p] : "?";
}

const char *clock_op_name(enum clock_op op)
{
    static const char *const names[CLOCK_OP__COUNT] = {
#define X(symbol, name) [CLOCK_OP_##symbol] = (name),
        CLOCK_OP_TABLE(X)
#undef X
    };
    return (size_t)op < COUNT_OF(names) ? names[op] : "?";
}

const char *effect_verb_name(enum effect_verb v)
{
    static const char *const names[EFFECT__COUNT] = {
#define X(symbol, verb, arguments) [EFFECT_##symbol] = (verb),
        EFFECT_TABLE(X)
#undef X
    };
    return (size_t)v < COUNT_OF(names) ? names[v] : "?";
}

const char *running_rule_name(enum running_rule r)
{
    static const char *const names[] = { "new_only", "stay", "migrate" };
    return (size_t)r < COUNT_OF(names) ? names[r] : "?";
}

enum err procedure_words_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    CLEANUP(yaml_close) struct yaml y = { 0 };
    TRY(yaml_open(cx, d->mem, file, text, &y));
    TRY(yaml_only(&y, y.root, "words"));
    return labels_read(&y, "words", &d->procedure_words);
}

struct str defs_procedure_word(const struct defs *d, const char *key, enum lang lang)
{
    const struct labelled *found = labels_find(&d->procedure_words, str_of(key));
    return found == NULL ? str_of(key) : found->label.text[lang];
}
