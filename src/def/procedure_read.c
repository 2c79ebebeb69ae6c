/* A procedure's file: everything but its steps. */
#include "def/guard_words.h"
#include "def/procedure_parts.h"

#include <string.h>

enum { KEY_MAX = 40, ROWS_MAX = 500, AMOUNT_MAX = 1000000000 };

static bool key_ok(struct str s)
{
    bool ok = s.n > 0 && s.n <= KEY_MAX && !(s.p[0] >= '0' && s.p[0] <= '9') && s.p[0] != '_';
    for (size_t i = 0; ok && i < s.n; i++) {
        char c = s.p[i];
        ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
    return ok;
}

static enum err key_read(const struct reading *r, struct fy_node *n, const char *key,
                         struct str *out)
{
    struct str s;
    TRY(yaml_str(r->y, n, key, &s));
    if (!key_ok(s)) {
        return yaml_fail(r->y, yaml_find(n, key),
                         "\"" STR_FMT "\": a name is letters, digits and _, a letter first",
                         STR_ARG(s));
    }
    if (guard_reserved(s)) {
        return yaml_fail(r->y, yaml_find(n, key), "\"" STR_FMT "\" is a word of the guards' own",
                         STR_ARG(s));
    }
    *out = s;
    return ERR_OK;
}

enum err reading_term(const struct reading *r, struct fy_node *n, const char *key, struct term *out)
{
    TRY(key_read(r, n, key, &out->key));
    TRY(yaml_str(r->y, n, "zh", &out->text[LANG_ZH]));
    return yaml_str(r->y, n, "en", &out->text[LANG_EN]);
}

/* Is the key of the last row also that of one before? */
static bool stands_twice(const char *first, size_t n, size_t size)
{
    const struct str *last = (const struct str *)(const void *)(first + n * size);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(*(const struct str *)(const void *)(first + i * size), *last)) {
            return true;
        }
    }
    return false;
}

enum err reading_rows(struct reading *r, const struct reading_list *list, void *out, size_t *n,
                      struct fy_node ***at)
{
    struct fy_node *items;
    void *iter = NULL;
    size_t room;
    *n = 0;
    if (yaml_find(r->y->root, list->key) == NULL) {
        return ERR_OK;
    }
    TRY(yaml_list(r->y, r->y->root, list->key, &items, &room));
    char *rows = arena_alloc(r->y->keep, room + 1, list->size);
    struct fy_node **nodes = arena_alloc(r->y->keep, room + 1, sizeof(struct fy_node *));
    if (rows == NULL || nodes == NULL) {
        return fail(r->y->cx, ERR_NO_MEMORY, "%s", r->y->file);
    }
    if (room > ROWS_MAX) {
        return yaml_fail(r->y, items, "\"%s\": over %d", list->key, (int)ROWS_MAX);
    }
    memcpy(out, &(void *){ rows }, sizeof(void *)); /* seen by the rows' own reader */
    for (struct fy_node *i = yaml_next(items, &iter); i != NULL; i = yaml_next(items, &iter)) {
        TRY(list->row(r, i, rows + *n * list->size));
        if (!list->repeat && stands_twice(rows, *n, list->size)) {
            return yaml_fail(r->y, i, "the same name stands twice in \"%s\"", list->key);
        }
        nodes[(*n)++] = i;
    }
    if (at != NULL) {
        *at = nodes;
    }
    return ERR_OK;
}

enum err reading_indices(const struct reading *r, struct fy_node *n, const char *key,
                         int (*find)(const struct procedure *, struct str), const char *what,
                         const int16_t **out, size_t *n_out)
{
    struct yaml_word *w;
    size_t k;
    TRY(yaml_names(r->y, n, key, &w, &k));
    int16_t *index = arena_alloc(r->y->keep, k + 1, sizeof *index);
    if (index == NULL) {
        return fail(r->y->cx, ERR_NO_MEMORY, "%s", r->y->file);
    }
    for (size_t i = 0; i < k; i++) {
        index[i] = (int16_t)find(r->p, w[i].text);
        if (index[i] == PROCEDURE_NONE) {
            return yaml_fail(r->y, w[i].node, "\"" STR_FMT "\" is no %s of this procedure",
                             STR_ARG(w[i].text), what);
        }
    }
    *out = index;
    *n_out = k;
    return ERR_OK;
}

static bool role_exists(struct str name)
{
    static const char *const names[] = {
#define X(symbol, name) name,
        ROLE_TABLE(X)
#undef X
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_eq(name, str_of(names[i]))) {
            return true;
        }
    }
    return false;
}

static enum err actor_row(struct reading *r, struct fy_node *n, void *to)
{
    struct proc_actor *a = to;
    TRY(yaml_only(r->y, n, "key zh en role outside"));
    TRY(reading_term(r, n, "key", &a->term));
    TRY(yaml_maybe_bool(r->y, n, "outside", &a->outside));
    TRY(yaml_maybe_str(r->y, n, "role", &a->role));
    if (str_eq(a->term.key, STR("timer"))) {
        return yaml_fail(r->y, n, "the timer is always there and not declared");
    }
    if (a->outside == (a->role.n > 0)) {
        return yaml_fail(r->y, n, "an actor has a \"role\" or is \"outside\"");
    }
    if (a->role.n > 0 && !role_exists(a->role)) {
        return yaml_fail(r->y, yaml_find(n, "role"), "\"" STR_FMT "\" is no role",
                         STR_ARG(a->role));
    }
    return ERR_OK;
}

static enum err term_row(struct reading *r, struct fy_node *n, void *to)
{
    TRY(yaml_only(r->y, n, "key zh en"));
    return reading_term(r, n, "key", to);
}

static enum err form_row(struct reading *r, struct fy_node *n, void *to)
{
    struct proc_form *f = to;
    TRY(yaml_only(r->y, n, "key zh en no"));
    TRY(reading_term(r, n, "key", &f->term));
    return yaml_maybe_str(r->y, n, "no", &f->no);
}

static enum err state_row(struct reading *r, struct fy_node *n, void *to)
{
    struct proc_state *s = to;
    TRY(yaml_only(r->y, n, "key zh en initial terminal"));
    TRY(reading_term(r, n, "key", &s->term));
    TRY(yaml_maybe_bool(r->y, n, "initial", &s->initial));
    TRY(yaml_maybe_bool(r->y, n, "terminal", &s->terminal));
    if (str_eq(s->term.key, STR("open")) || str_eq(s->term.key, STR("ended"))) {
        return yaml_fail(r->y, n, "open and ended stand for any state");
    }
    return ERR_OK;
}

/* Which of a table's names stands below `key`; missing: `otherwise`, or a failure when below 0. */
struct name_table {
    const char *key;
    const char *(*name)(int i);
    int n, otherwise;
};

static enum err one_of(const struct reading *r, struct fy_node *n, const struct name_table *t,
                       int *out)
{
    struct str s = { "", 0 };
    if (t->otherwise < 0) {
        TRY(yaml_str(r->y, n, t->key, &s));
    } else {
        TRY(yaml_maybe_str(r->y, n, t->key, &s));
    }
    *out = t->otherwise;
    for (int i = 0; i < t->n && s.n > 0; i++) {
        if (str_eq(s, str_of(t->name(i)))) {
            *out = i;
            return ERR_OK;
        }
    }
    return s.n == 0 ? ERR_OK
                    : yaml_fail(r->y, yaml_find(n, t->key), "\"" STR_FMT "\" is no %s", STR_ARG(s),
                                t->key);
}

static const char *type_at(int i)
{
    return field_type_name((enum field_type)i);
}
static const char *privacy_at(int i)
{
    return privacy_name((enum privacy)i);
}
static const char *running_at(int i)
{
    return running_rule_name((enum running_rule)i);
}

/* min and max: both or none; what they bound follows from the type */
static enum err bounds_read(const struct reading *r, struct fy_node *n, struct proc_field *f)
{
    bool lo = yaml_find(n, "min") != NULL;
    bool hi = yaml_find(n, "max") != NULL;
    if (!lo && !hi) {
        return ERR_OK;
    }
    if (f->type != FIELD_NUMBER && f->type != FIELD_MONEY && f->type != FIELD_TEXT) {
        return yaml_fail(r->y, n, "a %s has no \"min\" and \"max\"", field_type_name(f->type));
    }
    f->bounded = true;
    f->lo = f->type == FIELD_NUMBER ? -(int64_t)AMOUNT_MAX : 0;
    f->hi = (int64_t)AMOUNT_MAX * 1000;
    if (lo) {
        TRY(yaml_int(r->y, n, "min", -(int64_t)AMOUNT_MAX, (int64_t)AMOUNT_MAX * 1000, &f->lo));
    }
    if (hi) {
        TRY(yaml_int(r->y, n, "max", -(int64_t)AMOUNT_MAX, (int64_t)AMOUNT_MAX * 1000, &f->hi));
    }
    return f->lo <= f->hi ? ERR_OK : yaml_fail(r->y, n, "\"min\" is above \"max\"");
}

static enum err choices_read(const struct reading *r, struct fy_node *n, struct proc_field *f)
{
    struct fy_node *list;
    size_t k;
    void *at = NULL;
    if ((yaml_find(n, "choices") != NULL) != (f->type == FIELD_CHOICE)) {
        return yaml_fail(r->y, n, "a choice, and nothing else, has \"choices\"");
    }
    if (f->type != FIELD_CHOICE) {
        return ERR_OK;
    }
    TRY(yaml_list(r->y, n, "choices", &list, &k));
    struct term *t = arena_alloc(r->y->keep, k + 1, sizeof *t);
    if (t == NULL) {
        return fail(r->y->cx, ERR_NO_MEMORY, "%s", r->y->file);
    }
    f->choice = t;
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        TRY(yaml_only(r->y, i, "key zh en"));
        TRY(reading_term(r, i, "key", &t[f->n_choices]));
        if (stands_twice((const char *)t, f->n_choices, sizeof *t)) {
            return yaml_fail(r->y, i, "the same choice stands twice");
        }
        f->n_choices++;
    }
    return f->n_choices >= 2 ? ERR_OK : yaml_fail(r->y, n, "a choice is between two at least");
}

static enum err field_row(struct reading *r, struct fy_node *n, void *to)
{
    static const struct name_table types = { "type", type_at, FIELD_TYPE__COUNT, -1 };
    static const struct name_table privacies = { "privacy", privacy_at, PRIVACY__COUNT, -1 };
    struct proc_field *f = to;
    int type;
    int privacy;
    TRY(yaml_only(r->y, n, "key zh en type privacy required min max unit help_zh help_en choices"));
    TRY(reading_term(r, n, "key", &f->term));
    TRY(one_of(r, n, &types, &type));
    TRY(one_of(r, n, &privacies, &privacy));
    f->type = (enum field_type)type;
    f->privacy = (enum privacy)privacy;
    TRY(yaml_maybe_bool(r->y, n, "required", &f->required));
    TRY(yaml_maybe_str(r->y, n, "unit", &f->unit));
    TRY(yaml_maybe_str(r->y, n, "help_zh", &f->help[LANG_ZH]));
    TRY(yaml_maybe_str(r->y, n, "help_en", &f->help[LANG_EN]));
    if ((f->unit.n > 0) != (f->type == FIELD_NUMBER)) {
        return yaml_fail(r->y, n, "a number, and nothing else, has a \"unit\"");
    }
    if ((f->help[LANG_ZH].n > 0) != (f->help[LANG_EN].n > 0)) {
        return yaml_fail(r->y, n, "help is given in both languages or in none");
    }
    TRY(bounds_read(r, n, f));
    return choices_read(r, n, f);
}

/* The row in force when this version begins to be; of one without dates the newest row. */
static const struct deadline_def *row_of(const struct reading *r, const struct proc_clock *c)
{
    int32_t on = r->p->valid_from_on != 0 ? r->p->valid_from_on : r->p->valid_to_on;
    const struct deadline_def *best = NULL;
    if (on != 0) {
        return defs_deadline(r->defs, c->row_procedure, c->row_key, on);
    }
    for (size_t i = 0; i < r->defs->n_deadlines; i++) {
        const struct deadline_def *d = &r->defs->deadline[i];
        if (str_eq(d->procedure, c->row_procedure) && str_eq(d->key, c->row_key)) {
            best = d;
        }
    }
    return best;
}

static enum err expiry_read(const struct reading *r, struct fy_node *n, struct proc_clock *c)
{
    struct str s;
    TRY(yaml_str(r->y, n, "expiry", &s));
    struct str rest = s;
    struct str first = str_cut(&rest, ' ');
    if (str_eq(s, STR("flag"))) {
        c->expiry = EXPIRY_FLAG;
    } else if (str_eq(s, STR("escalate"))) {
        c->expiry = EXPIRY_ESCALATE;
    } else if (str_eq(first, STR("event")) && key_ok(rest)) {
        c->expiry = EXPIRY_EVENT;
        c->event = rest;
    } else {
        return yaml_fail(r->y, yaml_find(n, "expiry"),
                         "\"expiry\": flag, escalate or event NAME is expected");
    }
    return ERR_OK;
}

static enum err clock_row(struct reading *r, struct fy_node *n, void *to)
{
    struct proc_clock *c = to;
    TRY(yaml_only(r->y, n, "key row of in at_opening expiry"));
    TRY(key_read(r, n, "key", &c->key));
    c->row_procedure = r->p->term.key;
    c->row_key = c->key;
    TRY(yaml_maybe_str(r->y, n, "of", &c->row_procedure));
    TRY(yaml_maybe_str(r->y, n, "row", &c->row_key));
    TRY(yaml_maybe_bool(r->y, n, "at_opening", &c->at_opening));
    TRY(reading_indices(r, n, "in", procedure_state, "state", &c->in, &c->n_in));
    TRY(expiry_read(r, n, c));
    c->row = row_of(r, c);
    if (c->n_in == 0) {
        return yaml_fail(r->y, n, "\"in\": in which states does it run?");
    }
    return c->row != NULL ? ERR_OK
                          : yaml_fail(r->y, n,
                                      "deadlines.yaml has no row " STR_FMT " " STR_FMT
                                      " that is in force when this version is",
                                      STR_ARG(c->row_procedure), STR_ARG(c->row_key));
}

static enum err publication_row(struct reading *r, struct fy_node *n, void *to)
{
    struct proc_publication *p = to;
    const int16_t *consent;
    size_t n_consent;
    int64_t months = 0;
    TRY(yaml_only(r->y, n, "key zh en fields consent months"));
    TRY(reading_term(r, n, "key", &p->term));
    TRY(reading_indices(r, n, "fields", procedure_field, "field", &p->field, &p->n_fields));
    TRY(reading_indices(r, n, "consent", procedure_field, "field", &consent, &n_consent));
    if (yaml_find(n, "months") != NULL) {
        TRY(yaml_int(r->y, n, "months", 1, 1200, &months));
    }
    p->months = (int32_t)months;
    p->consent = n_consent > 0 ? consent[0] : PROCEDURE_NONE;
    if (p->n_fields == 0) {
        return yaml_fail(r->y, n, "\"fields\": what is published?");
    }
    return p->consent == PROCEDURE_NONE || r->p->field[p->consent].type == FIELD_YES_NO
               ? ERR_OK
               : yaml_fail(r->y, n, "\"consent\" is a field of type yes_no");
}

static enum err batch_row(struct reading *r, struct fy_node *n, void *to)
{
    struct proc_batch *b = to;
    const int16_t *per;
    size_t n_per;
    int64_t most;
    int64_t per_most = 0;
    TRY(yaml_only(r->y, n, "key zh en event max per per_max"));
    TRY(reading_term(r, n, "key", &b->term));
    TRY(yaml_str(r->y, n, "event", &b->event));
    TRY(yaml_int(r->y, n, "max", 1, 1000000, &most));
    TRY(reading_indices(r, n, "per", procedure_field, "field", &per, &n_per));
    if ((n_per > 0) != (yaml_find(n, "per_max") != NULL)) {
        return yaml_fail(r->y, n, "\"per\" and \"per_max\" go together");
    }
    if (n_per > 0) {
        TRY(yaml_int(r->y, n, "per_max", 1, 1000000, &per_most));
    }
    b->most = (int32_t)most;
    b->per = n_per > 0 ? per[0] : PROCEDURE_NONE;
    b->per_most = (int32_t)per_most;
    return b->per == PROCEDURE_NONE || r->p->field[b->per].type == FIELD_CHOICE
               ? ERR_OK
               : yaml_fail(r->y, n, "\"per\" is a field of type choice");
}

static enum err map_row(struct reading *r, struct fy_node *n, void *to)
{
    struct state_map *m = to;
    const int16_t *state;
    size_t k;
    TRY(yaml_only(r->y, n, "from to"));
    TRY(yaml_str(r->y, n, "from", &m->from));
    TRY(reading_indices(r, n, "to", procedure_state, "state", &state, &k));
    if (k != 1) {
        return yaml_fail(r->y, n, "\"to\": one state is expected");
    }
    m->to = state[0];
    return ERR_OK;
}

static enum err maybe_day(const struct reading *r, const char *key, int32_t *out)
{
    struct str s = { "", 0 };
    TRY(yaml_maybe_str(r->y, r->y->root, key, &s));
    if (s.n > 0 && date_parse(r->y->cx, s, out) != ERR_OK) {
        fault_clear(r->y->cx);
        return yaml_fail(r->y, yaml_find(r->y->root, key), "\"%s\": a day YYYY-MM-DD is expected",
                         key);
    }
    return ERR_OK;
}

static enum err head_read(struct reading *r)
{
    static const struct name_table rules = { "running", running_at, 3, -1 };
    struct fy_node *root = r->y->root;
    struct procedure *p = r->p;
    int64_t version;
    int running;
    TRY(yaml_only(r->y, root,
                  "procedure version zh en valid_from valid_to source verified running map actors "
                  "fields forms states clocks outcomes modes publications steps batches members"));
    TRY(reading_term(r, root, "procedure", &p->term));
    TRY(yaml_int(r->y, root, "version", 1, 100000, &version));
    TRY(yaml_str(r->y, root, "source", &p->source));
    TRY(yaml_maybe_bool(r->y, root, "verified", &p->verified));
    TRY(maybe_day(r, "valid_from", &p->valid_from_on));
    TRY(maybe_day(r, "valid_to", &p->valid_to_on));
    TRY(one_of(r, root, &rules, &running));
    p->version = (int32_t)version;
    p->running = (enum running_rule)running;
    return p->valid_to_on == 0 || p->valid_from_on <= p->valid_to_on
               ? ERR_OK
               : yaml_fail(r->y, root, "\"valid_to\" lies before \"valid_from\"");
}

static enum err members_read(struct reading *r)
{
    struct yaml_word *w;
    size_t n;
    TRY(yaml_names(r->y, r->y->root, "members", &w, &n));
    struct str *m = arena_alloc(r->y->keep, n + 1, sizeof *m);
    if (m == NULL) {
        return fail(r->y->cx, ERR_NO_MEMORY, "%s", r->y->file);
    }
    for (size_t i = 0; i < n; i++) {
        m[i] = w[i].text;
        if (!defs_procedure_known(r->defs, m[i])) {
            return yaml_fail(r->y, w[i].node, "\"" STR_FMT "\" is no procedure", STR_ARG(m[i]));
        }
    }
    r->p->member = m;
    r->p->n_members = n;
    return ERR_OK;
}

#define LIST(key, type, row) (&(const struct reading_list){ (key), sizeof(type), (row), false })

static enum err parts_read(struct reading *r)
{
    struct procedure *p = r->p;
    TRY(reading_rows(r, LIST("actors", struct proc_actor, actor_row), &p->actor, &p->n_actors,
                     NULL));
    TRY(reading_rows(r, LIST("fields", struct proc_field, field_row), &p->field, &p->n_fields,
                     NULL));
    TRY(reading_rows(r, LIST("forms", struct proc_form, form_row), &p->form, &p->n_forms, NULL));
    TRY(reading_rows(r, LIST("outcomes", struct term, term_row), &p->outcome, &p->n_outcomes,
                     NULL));
    TRY(reading_rows(r, LIST("modes", struct term, term_row), &p->mode, &p->n_modes, NULL));
    TRY(reading_rows(r, LIST("states", struct proc_state, state_row), &p->state, &p->n_states,
                     &r->state_at));
    TRY(reading_rows(r, LIST("clocks", struct proc_clock, clock_row), &p->clock, &p->n_clocks,
                     &r->clock_at));
    TRY(reading_rows(r, LIST("publications", struct proc_publication, publication_row),
                     &p->publication, &p->n_publications, &r->publication_at));
    TRY(reading_rows(r, LIST("map", struct state_map, map_row), &p->map, &p->n_map, &r->map_at));
    TRY(reading_rows(r, LIST("batches", struct proc_batch, batch_row), &p->batch, &p->n_batches,
                     &r->batch_at));
    return members_read(r);
}

enum err defs_procedure_read(struct cx *cx, const struct defs *d, const char *file, struct str text,
                             const struct procedure **out)
{
    CLEANUP(yaml_close) struct yaml y = { 0 };
    struct procedure *p = arena_alloc(cx->mem, 1, sizeof *p);
    struct str name = str_dup(cx->mem, str_of(file));
    if (p == NULL || name.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", file);
    }
    TRY(yaml_open(cx, cx->mem, file, text, &y));
    struct reading r = { .y = &y, .defs = d, .p = p };
    p->file = name;
    TRY(head_read(&r));
    TRY(parts_read(&r));
    TRY(procedure_steps_read(&r));
    TRY(procedure_check(&r));
    *out = p;
    return ERR_OK;
}

static bool overlap(const struct procedure *a, const struct procedure *b)
{
    bool before = a->valid_to_on != 0 && b->valid_from_on > a->valid_to_on;
    bool after = b->valid_to_on != 0 && a->valid_from_on > b->valid_to_on;
    return !before && !after;
}

enum err procedures_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    const struct procedure *new;
    struct cx keeping = *cx; /* what is read stays as long as the definitions */
    keeping.mem = d->mem;
    enum err e = defs_procedure_read(&keeping, d, file, text, &new);
    if (e != ERR_OK) {
        cx->fault = keeping.fault;
        return e;
    }
    for (size_t i = 0; i < d->n_procedures; i++) {
        const struct procedure *old = d->procedure[i];
        if (!str_eq(old->term.key, new->term.key)) {
            continue;
        }
        if (old->version == new->version || overlap(old, new)) {
            return fail(cx, ERR_DEFINITION, "%s:1:1: " STR_FMT " has the same %s", file,
                        STR_ARG(old->file),
                        old->version == new->version ? "version" : "days in force");
        }
    }
    if (d->n_procedures == PROCEDURES_MAX) {
        return fail(cx, ERR_DEFINITION, "%s:1:1: over %d procedures", file, (int)PROCEDURES_MAX);
    }
    d->procedure[d->n_procedures++] = new;
    return ERR_OK;
}
