/* What can be said of a procedure only as a whole: states, events, guards, publications. */
#include "def/procedure_parts.h"

#include <string.h>

static const char *state_name(const struct procedure *p, size_t i)
{
    return p->state[i].term.key.p; /* copied with a NUL behind it */
}

static enum err ends_check(const struct reading *r)
{
    size_t initial = 0;
    size_t terminal = 0;
    for (size_t i = 0; i < r->p->n_states; i++) {
        initial += r->p->state[i].initial;
        terminal += r->p->state[i].terminal;
        if (r->p->state[i].initial && initial > 1) {
            return yaml_fail(r->y, r->state_at[i], "a second initial state");
        }
    }
    if (initial == 0 || terminal == 0) {
        return yaml_fail(r->y, r->y->root, "no state is %s", initial == 0 ? "initial" : "terminal");
    }
    return r->p->n_states <= PROCEDURE_STATES_MAX && r->p->n_clocks <= PROCEDURE_CLOCKS_MAX
               ? ERR_OK
               : yaml_fail(r->y, r->y->root, "too many states or clocks");
}

/* Spreads marks along the steps until nothing changes; `back` walks against them. */
static void spread(const struct procedure *p, bool *marked, bool back)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t k = 0; k < p->n_steps; k++) {
            const struct proc_step *s = &p->step[k];
            for (size_t i = 0; s->to != PROCEDURE_NONE && i < s->n_from; i++) {
                int16_t a = back ? s->to : s->from[i];
                int16_t b = back ? s->from[i] : s->to;
                more = more || (marked[a] && !marked[b]);
                marked[b] = marked[b] || marked[a];
            }
        }
    }
}

static enum err reach_check(const struct reading *r)
{
    const struct procedure *p = r->p;
    bool reached[PROCEDURE_STATES_MAX] = { false };
    bool ends[PROCEDURE_STATES_MAX] = { false };
    for (size_t i = 0; i < p->n_states; i++) {
        reached[i] = p->state[i].initial;
        ends[i] = p->state[i].terminal;
    }
    spread(p, reached, false);
    spread(p, ends, true);
    for (size_t i = 0; i < p->n_states; i++) {
        if (!reached[i]) {
            return yaml_fail(r->y, r->state_at[i], "no step leads to the state \"%s\"",
                             state_name(p, i));
        }
        if (!ends[i]) {
            return yaml_fail(r->y, r->state_at[i], "from the state \"%s\" no step leads to an end",
                             state_name(p, i));
        }
    }
    return ERR_OK;
}

static bool raised_by_clock(const struct procedure *p, struct str event)
{
    for (size_t i = 0; i < p->n_clocks; i++) {
        if (p->clock[i].expiry == EXPIRY_EVENT && str_eq(p->clock[i].event, event)) {
            return true;
        }
    }
    return false;
}

static enum err step_check(const struct reading *r, size_t k)
{
    const struct proc_step *s = &r->p->step[k];
    for (size_t i = 0; i < s->n_from; i++) {
        if (r->p->state[s->from[i]].terminal && s->to != PROCEDURE_NONE) {
            return yaml_fail(r->y, r->step_at[k],
                             "\"%s\" has ended: a step there stays (to: \"=\")",
                             state_name(r->p, (size_t)s->from[i]));
        }
    }
    bool clock = raised_by_clock(r->p, s->term.key);
    if (clock && s->n_by > 0) {
        return yaml_fail(r->y, r->step_at[k],
                         "\"" STR_FMT "\" is raised by a clock: nobody else may (by: timer)",
                         STR_ARG(s->term.key));
    }
    return clock || s->n_by > 0
               ? ERR_OK
               : yaml_fail(r->y, r->step_at[k], "no clock raises \"" STR_FMT "\" when it expires",
                           STR_ARG(s->term.key));
}

static enum err guard_of_step_check(const struct reading *r, size_t k)
{
    const struct proc_step *s = &r->p->step[k];
    struct guard_error wrong;
    struct str text;
    if (s->when == NULL || guard_check(s->when, r->p, r->defs, &wrong)) {
        return ERR_OK;
    }
    TRY(yaml_str(r->y, r->step_at[k], "when", &text));
    return yaml_fail_inside(r->y, yaml_find(r->step_at[k], "when"), text, (size_t)wrong.at,
                            wrong.what);
}

static bool share_a_state(const struct proc_step *a, const struct proc_step *b)
{
    for (size_t i = 0; i < a->n_from; i++) {
        for (size_t k = 0; k < b->n_from; k++) {
            if (a->from[i] == b->from[k]) {
                return true;
            }
        }
    }
    return false;
}

/* One event in one state is one step, unless guards tell them apart. */
static enum err ambiguous_check(const struct reading *r, size_t k)
{
    const struct proc_step *s = &r->p->step[k];
    for (size_t i = 0; i < k; i++) {
        const struct proc_step *o = &r->p->step[i];
        if (!str_eq(o->term.key, s->term.key) || !share_a_state(o, s)) {
            continue;
        }
        if (o->when == NULL || s->when == NULL || guard_equal(o->when, s->when)) {
            return yaml_fail(r->y, r->step_at[k],
                             "\"" STR_FMT "\" stands in the same state in line %d, and no guard "
                             "tells the two apart",
                             STR_ARG(s->term.key), (int)o->line);
        }
    }
    return ERR_OK;
}

/* One event has one name. */
static enum err label_check(const struct reading *r, size_t k)
{
    const struct proc_step *s = &r->p->step[k];
    const struct proc_step *first = &r->p->step[procedure_event(r->p, s->term.key)];
    return str_eq(first->term.text[LANG_ZH], s->term.text[LANG_ZH]) &&
                   str_eq(first->term.text[LANG_EN], s->term.text[LANG_EN])
               ? ERR_OK
               : yaml_fail(r->y, r->step_at[k], "\"" STR_FMT "\" is called otherwise in line %d",
                           STR_ARG(s->term.key), (int)first->line);
}

static enum err publication_check(const struct reading *r, size_t k)
{
    const struct proc_publication *pub = &r->p->publication[k];
    for (size_t i = 0; i < pub->n_fields; i++) {
        const struct proc_field *f = &r->p->field[pub->field[i]];
        if (f->privacy == PRIVACY_SEALED) {
            return yaml_fail(r->y, r->publication_at[k],
                             "\"" STR_FMT "\" is sealed: it may not be published",
                             STR_ARG(f->term.key));
        }
        if (f->privacy == PRIVACY_PRIVATE && pub->consent == PROCEDURE_NONE) {
            return yaml_fail(r->y, r->publication_at[k],
                             "\"" STR_FMT "\" is private: published only with \"consent\"",
                             STR_ARG(f->term.key));
        }
    }
    return ERR_OK;
}

static enum err batches_check(const struct reading *r)
{
    for (size_t i = 0; i < r->p->n_batches; i++) {
        if (procedure_event(r->p, r->p->batch[i].event) == PROCEDURE_NONE) {
            return yaml_fail(r->y, r->batch_at[i], "\"" STR_FMT "\" is no event of this procedure",
                             STR_ARG(r->p->batch[i].event));
        }
    }
    return ERR_OK;
}

static const struct state_map *mapped(const struct procedure *p, struct str from)
{
    for (size_t i = 0; i < p->n_map; i++) {
        if (str_eq(p->map[i].from, from)) {
            return &p->map[i];
        }
    }
    return NULL;
}

/* Every state of the version before must be somewhere in this one. */
static enum err map_check(const struct reading *r)
{
    const struct procedure *p = r->p;
    const struct procedure *old = defs_procedure_version(r->defs, p->term.key, p->version - 1);
    if ((p->n_map > 0) != (p->running == RUNNING_MIGRATE)) {
        return yaml_fail(r->y, r->y->root, "\"map\" belongs to \"running: migrate\"");
    }
    if (p->running != RUNNING_MIGRATE || p->version == 1 || old == NULL) {
        return ERR_OK;
    }
    for (size_t i = 0; i < p->n_map; i++) {
        if (procedure_state(old, p->map[i].from) == PROCEDURE_NONE) {
            return yaml_fail(r->y, r->map_at[i],
                             "\"" STR_FMT "\" is no state of the version before",
                             STR_ARG(p->map[i].from));
        }
    }
    for (size_t i = 0; i < old->n_states; i++) {
        struct str key = old->state[i].term.key;
        if (!old->state[i].terminal && mapped(p, key) == NULL) {
            return yaml_fail(r->y, r->map_at[0],
                             "where do matters in \"" STR_FMT "\" of the version before go?",
                             STR_ARG(key));
        }
    }
    return ERR_OK;
}

enum err procedure_check(const struct reading *r)
{
    TRY(ends_check(r));
    for (size_t i = 0; i < r->p->n_steps; i++) {
        TRY(step_check(r, i));
        TRY(guard_of_step_check(r, i));
        TRY(ambiguous_check(r, i));
        TRY(label_check(r, i));
    }
    TRY(reach_check(r));
    for (size_t i = 0; i < r->p->n_publications; i++) {
        TRY(publication_check(r, i));
    }
    TRY(batches_check(r));
    TRY(map_check(r));
    return procedure_check_clocks(r);
}
