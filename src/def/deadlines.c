/* The table of deadlines. */
#include "def/tables.h"

enum { AMOUNT_MAX = 100000 };

static enum err maybe_number(const struct yaml *y, struct fy_node *n, const char *key, int32_t *out)
{
    int64_t v;
    if (yaml_find(n, key) == NULL) {
        return ERR_OK;
    }
    TRY(yaml_int(y, n, key, 1, AMOUNT_MAX, &v));
    *out = (int32_t)v;
    return ERR_OK;
}

static enum err maybe_day(const struct yaml *y, struct fy_node *n, const char *key, int32_t *out)
{
    struct str s = { "", 0 };
    TRY(yaml_maybe_str(y, n, key, &s));
    if (s.n > 0 && date_parse(y->cx, s, out) != ERR_OK) {
        fault_clear(y->cx);
        return yaml_fail(y, n, "\"%s\": a day YYYY-MM-DD is expected", key);
    }
    return ERR_OK;
}

static enum err word_of(const struct yaml *y, struct fy_node *n, const char *key, const char *words,
                        struct str word)
{
    for (struct str rest = str_of(words); rest.n > 0;) {
        if (str_eq(str_cut(&rest, ' '), word)) {
            return ERR_OK;
        }
    }
    return yaml_fail(y, n, "\"%s\" is one of: %s", key, words);
}

#define UNITS "work_day day hour month year"

static enum err amount_read(const struct yaml *y, struct fy_node *n, struct deadline_def *d)
{
    TRY(yaml_str(y, n, "unit", &d->unit));
    TRY(word_of(y, n, "unit", UNITS " named", d->unit));
    d->named = str_eq(d->unit, STR("named"));
    TRY(maybe_number(y, n, "n", &d->n));
    TRY(maybe_number(y, n, "not_before", &d->not_before));
    TRY(maybe_number(y, n, "promise", &d->promise));
    TRY(maybe_number(y, n, "extend", &d->extend));
    TRY(yaml_maybe_str(y, n, "extend_unit", &d->extend_unit));
    if (d->named != (d->n == 0)) {
        return yaml_fail(y, n,
                         d->named ? "a named date has no number" : "how many? \"n\" is missing");
    }
    if ((d->extend > 0) != (d->extend_unit.n > 0)) {
        return yaml_fail(y, n, "\"extend\" and \"extend_unit\" go together");
    }
    if (d->not_before > d->n || d->promise > d->n) {
        return yaml_fail(y, n, "\"not_before\" and \"promise\" are not above \"n\"");
    }
    return d->extend > 0 ? word_of(y, n, "extend_unit", UNITS, d->extend_unit) : ERR_OK;
}

static enum err texts_read(const struct yaml *y, struct fy_node *n, struct deadline_def *d)
{
    TRY(yaml_str(y, n, "procedure", &d->procedure));
    TRY(yaml_str(y, n, "key", &d->key));
    TRY(yaml_str(y, n, "zh", &d->label.text[LANG_ZH]));
    TRY(yaml_str(y, n, "en", &d->label.text[LANG_EN]));
    TRY(yaml_str(y, n, "from", &d->from));
    TRY(yaml_str(y, n, "source", &d->source));
    TRY(yaml_maybe_str(y, n, "extend_note", &d->extend_note));
    TRY(yaml_maybe_str(y, n, "amount_note", &d->amount_note));
    TRY(yaml_maybe_str(y, n, "paused_by", &d->paused_by));
    return yaml_maybe_str(y, n, "at_expiry", &d->at_expiry);
}

static enum err deadline_read(const struct yaml *y, struct fy_node *n, struct str roll,
                              struct deadline_def *d)
{
    TRY(yaml_only(y, n,
                  "procedure key zh en from n unit backwards repeats not_before promise extend "
                  "extend_unit extend_note amount_note paused_by at_expiry source roll valid_from "
                  "valid_to verified"));
    TRY(texts_read(y, n, d));
    TRY(amount_read(y, n, d));
    TRY(yaml_maybe_bool(y, n, "backwards", &d->backwards));
    TRY(yaml_maybe_bool(y, n, "repeats", &d->repeats));
    TRY(yaml_maybe_bool(y, n, "verified", &d->verified));
    TRY(maybe_day(y, n, "valid_from", &d->valid_from_on));
    TRY(maybe_day(y, n, "valid_to", &d->valid_to_on));
    d->roll = roll;
    TRY(yaml_maybe_str(y, n, "roll", &d->roll));
    return word_of(y, n, "roll", "none holiday rest", d->roll);
}

static bool overlap(const struct deadline_def *a, const struct deadline_def *b)
{
    bool same = str_eq(a->procedure, b->procedure) && str_eq(a->key, b->key);
    bool before = a->valid_to_on != 0 && b->valid_from_on > a->valid_to_on;
    bool after = b->valid_to_on != 0 && a->valid_from_on > b->valid_to_on;
    return same && !before && !after;
}

enum err deadlines_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    CLEANUP(yaml_close) struct yaml y = { 0 };
    struct fy_node *list;
    struct str roll;
    size_t n;
    void *at = NULL;
    TRY(yaml_open(cx, d->mem, file, text, &y));
    TRY(yaml_only(&y, y.root, "roll deadlines"));
    TRY(yaml_str(&y, y.root, "roll", &roll));
    TRY(yaml_list(&y, y.root, "deadlines", &list, &n));
    d->deadline = arena_alloc(d->mem, n + 1, sizeof *d->deadline);
    if (d->deadline == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", file);
    }
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        struct deadline_def *new = &d->deadline[d->n_deadlines];
        TRY(deadline_read(&y, i, roll, new));
        for (size_t k = 0; k < d->n_deadlines; k++) {
            if (overlap(&d->deadline[k], new)) {
                return yaml_fail(&y, i, STR_FMT " " STR_FMT " stands twice for the same days",
                                 STR_ARG(new->procedure), STR_ARG(new->key));
            }
        }
        d->n_deadlines++;
    }
    return ERR_OK;
}

const struct deadline_def *defs_deadline(const struct defs *d, struct str procedure, struct str key,
                                         int32_t on)
{
    for (size_t i = 0; i < d->n_deadlines; i++) {
        const struct deadline_def *x = &d->deadline[i];
        bool in_force = on >= x->valid_from_on && (x->valid_to_on == 0 || on <= x->valid_to_on);
        if (in_force && str_eq(x->procedure, procedure) && str_eq(x->key, key)) {
            return x;
        }
    }
    return NULL;
}

size_t defs_deadlines(const struct defs *d, const struct deadline_def **all)
{
    *all = d->deadline;
    return d->n_deadlines;
}
