/* From the request to a draft, and the fields that travel along. */
#include "web/wizard.h"

enum { MANY = 512 };

static const char *const lot_fields_2[] = { "mode", "n",  "reserve", "pA", "pB", "pC", "pD",
                                            "pN",   "wA", "wB",      "wC", "wD", "wN" };
static const char *const lot_fields_3[] = { "dept", "size", "qual" };
static const struct {
    const char *name;
    int step;
} plain_fields[] = {
    { "title", 1 },  { "task", 1 },    { "region", 1 }, { "item", 1 }, { "cap", 2 },
    { "s3", 3 },     { "party", 4 },   { "kind1", 4 },  { "ref1", 4 }, { "kind2", 4 },
    { "ref2", 4 },   { "missing", 4 }, { "wait", 4 },   { "hash", 4 }, { "embargo", 4 },
    { "sealed", 4 }, { "s4", 4 },
};

struct str lot_field(struct cx *cx, const char *field, struct str item)
{
    return text_fmt(cx, "%s." STR_FMT, field, STR_ARG(item));
}

bool str_among(struct str s, const struct str *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(s, list[i])) {
            return true;
        }
    }
    return false;
}

/* A field's text, or `otherwise` while the request does not have it at all. */
static struct str text_or(const struct http_call *c, const char *name, struct str otherwise)
{
    struct str v = http_field(c, name);
    return v.p == NULL ? otherwise : str_trim(v);
}

static struct str lot_text_or(const struct http_call *c, const char *field, struct str item,
                              struct str otherwise)
{
    struct str name = lot_field(c->cx, field, item);
    return text_or(c, name.p, otherwise);
}

static enum err read_many(const struct http_call *c, const char *name, struct str **out, size_t *n)
{
    struct str *list = arena_alloc(c->cx->mem, MANY, sizeof *list);
    if (list == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "%s", name);
    }
    *n = 0;
    for (size_t k = 0; *n < MANY; k++) {
        struct str v = http_field_nth(c, name, k);
        if (v.p == NULL) {
            break;
        }
        if (v.n != 0 && !str_among(v, list, *n)) {
            list[(*n)++] = v;
        }
    }
    *out = list;
    return ERR_OK;
}

/* ---- what a draft begins with --------------------------------------------------------------- */

static struct str home_region(const struct http_call *c, const struct draft *d)
{
    struct str own = actor_of(c)->region;
    if (own.n >= 6) {
        return (struct str){ own.p, 6 };
    }
    for (size_t i = 0; i < d->n_all_depts; i++) {
        if (d->depts[i].level == 1) {
            return d->depts[i].region;
        }
    }
    return STR("000000");
}

/* Departments of the item's field at the draw's own level send the teams; whoever else, when that
 * level has none. */
static enum err begin_teams(struct http_call *c, const struct draft *d, struct draft_lot *lot)
{
    struct str *list = arena_alloc(c->cx->mem, d->n_all_depts + 1, sizeof *list);
    if (list == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "teams");
    }
    for (size_t i = 0; i < d->n_all_depts && lot->n_depts == 0; i++) {
        const struct department *k = &d->depts[i];
        if (str_eq(k->field, lot->item->field) && str_eq(k->region, d->region)) {
            list[lot->n_depts++] = k->code;
        }
    }
    for (size_t i = 0; i < d->n_all_depts && lot->n_depts == 0; i++) {
        if (str_eq(d->depts[i].field, lot->item->field)) {
            list[lot->n_depts++] = d->depts[i].code;
        }
    }
    lot->depts = list;
    return ERR_OK;
}

static enum err read_lot(struct http_call *c, const struct draft *d, const struct item *item,
                         struct draft_lot *lot)
{
    static const char *const rates[GRADES] = { "0.1", "0.2", "0.5", "2", "0.2" };
    static const char *const weights[GRADES] = { "1", "2", "5", "10", "2" };
    struct str quals = item->quals;
    *lot = (struct draft_lot){ .item = item };
    struct str mode = lot_text_or(c, "mode", item->code, STR("fixed"));
    lot->mode = str_eq(mode, STR("rate"))    ? CEREMONY_RATE
                : str_eq(mode, STR("order")) ? CEREMONY_ORDER
                                             : CEREMONY_FIXED;
    lot->n = lot_text_or(c, "n", item->code, STR("60"));
    lot->reserve = lot_text_or(c, "reserve", item->code, STR("6"));
    lot->size = lot_text_or(c, "size", item->code, STR("2"));
    lot->qual = lot_text_or(c, "qual", item->code, str_cut(&quals, ','));
    for (size_t g = 0; g < GRADES; g++) {
        char p[] = { 'p', GRADE_LETTERS[g], '\0' };
        char w[] = { 'w', GRADE_LETTERS[g], '\0' };
        lot->rate[g] = lot_text_or(c, p, item->code, str_of(rates[g]));
        lot->weight[g] = lot_text_or(c, w, item->code, str_of(weights[g]));
    }
    if (field_of(c, "s3").n == 0) {
        return begin_teams(c, d, lot);
    }
    struct str name = lot_field(c->cx, "dept", item->code);
    return read_many(c, name.p, &lot->depts, &lot->n_depts);
}

static enum err read_lots(struct http_call *c, struct draft *d)
{
    struct str *codes = NULL;
    size_t n = 0;
    TRY(read_many(c, "item", &codes, &n));
    d->lots = arena_alloc(c->cx->mem, d->n_items + 1, sizeof *d->lots);
    if (d->lots == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "lots");
    }
    for (size_t i = 0; i < d->n_items; i++) {
        if (str_among(d->items[i].code, codes, n)) {
            TRY(read_lot(c, d, &d->items[i], &d->lots[d->n_lots++]));
        }
    }
    return ERR_OK;
}

/* May this department be proposed as a party? In a demo only those whose part can be played. */
static bool proposed(const struct draft *d, struct str code)
{
    return (!d->demo || account_demo_has_part(code)) && !str_among(code, d->parties, d->n_parties);
}

/* The departments that send teams, and others of the draw's level until there are three. */
static enum err read_parties(struct http_call *c, struct draft *d)
{
    enum { BEGIN_WITH = 3 };
    if (field_of(c, "s4").n != 0) {
        return read_many(c, "party", &d->parties, &d->n_parties);
    }
    d->parties = arena_alloc(c->cx->mem, d->n_all_depts + 1, sizeof *d->parties);
    if (d->parties == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "parties");
    }
    for (size_t i = 0; i < d->n_lots; i++) {
        for (size_t k = 0; k < d->lots[i].n_depts && d->n_parties < BEGIN_WITH; k++) {
            struct str code = d->lots[i].depts[k];
            if (proposed(d, code)) {
                d->parties[d->n_parties++] = code;
            }
        }
    }
    for (size_t i = 0; i < d->n_all_depts && d->n_parties < BEGIN_WITH; i++) {
        if (d->depts[i].level == 1 && proposed(d, d->depts[i].code)) {
            d->parties[d->n_parties++] = d->depts[i].code;
        }
    }
    return ERR_OK;
}

static enum err read_step(struct http_call *c, struct draft *d)
{
    int64_t at;
    TRY(field_int(c, "at", 1, WIZARD_STEPS, 1, &at));
    bool next = field_of(c, "next").n != 0;
    bool back = field_of(c, "prev").n != 0;
    at += next - back;
    d->step = (int)(at < 1 ? 1 : at > WIZARD_STEPS ? WIZARD_STEPS : at);
    return ERR_OK;
}

static struct str sample(const struct draft *d, struct http_call *c, enum msg m)
{
    return d->demo ? msg_text(m, c->cx->lang) : STR("");
}

enum err draft_read(struct http_call *c, struct draft *out)
{
    char today[DATE_CHARS];
    struct draft d = { 0 };
    date_put(date_of_ms(c->cx->now_ms), today);
    TRY(read_step(c, &d));
    TRY(register_is_demo(c->cx, desk_of(c), &d.demo));
    TRY(item_list(c->cx, desk_of(c), 0, &d.items, &d.n_items));
    TRY(department_list(c->cx, desk_of(c), STR(""), &d.depts, &d.n_all_depts));
    d.title = text_or(c, "title", sample(&d, c, M_plan_title_sample));
    d.task = text_or(c, "task", sample(&d, c, M_plan_task_sample));
    d.region = text_or(c, "region", home_region(c, &d));
    d.cap = text_or(c, "cap", STR("2"));
    d.wait = text_or(c, "wait", d.demo ? STR("0") : STR("600"));
    d.hash = text_or(c, "hash", STR("sha256"));
    d.missing = text_or(c, "missing", STR("skip"));
    d.kind[0] = text_or(c, "kind1", STR("dice"));
    d.ref[0] = text_or(c, "ref1", text_fmt(c->cx, "hall-%.*s", (int)DATE_CHARS, today));
    d.kind[1] = text_or(c, "kind2", STR(""));
    d.ref[1] = text_or(c, "ref2", STR(""));
    d.sealed = field_is(c, "sealed", "1");
    TRY(field_date(c, "embargo", &d.embargo_on));
    TRY(read_lots(c, &d));
    TRY(read_parties(c, &d));
    *out = d;
    return ERR_OK;
}

/* ---- what travels along --------------------------------------------------------------------- */

struct keeper {
    struct http_call *c;
    struct kept *rows;
    size_t n;
};

static void keep(struct keeper *k, struct str name)
{
    for (size_t i = 0; k->n < MANY; i++) {
        struct str v = http_field_nth(k->c, name.p, i);
        if (v.p == NULL) {
            return;
        }
        k->rows[k->n++] = (struct kept){ name, v };
    }
}

static void keep_lot(struct keeper *k, struct str item, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        keep(k, lot_field(k->c->cx, names[i], item));
    }
}

enum err draft_kept(struct http_call *c, const struct draft *d, struct kept **out, size_t *n)
{
    static const char *const steps[] = { "0", "1", "2", "3", "4", "5" };
    struct keeper k = { c, arena_alloc(c->cx->mem, MANY + 3, sizeof(struct kept)), 0 };
    if (k.rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "fields");
    }
    for (size_t i = 0; i < COUNT_OF(plain_fields); i++) {
        if (plain_fields[i].step != d->step) {
            keep(&k, str_of(plain_fields[i].name));
        }
    }
    for (size_t i = 0; i < d->n_lots; i++) {
        struct str item = d->lots[i].item->code;
        if (d->step != 2) {
            keep_lot(&k, item, lot_fields_2, COUNT_OF(lot_fields_2));
        }
        if (d->step != 3) {
            keep_lot(&k, item, lot_fields_3, COUNT_OF(lot_fields_3));
        }
    }
    k.rows[k.n++] = (struct kept){ STR("at"), str_of(steps[d->step]) };
    if (d->step == 3 || d->step == 4) {
        /* Says that the boxes of this step were shown: none ticked is then an answer. */
        k.rows[k.n++] = (struct kept){ d->step == 3 ? STR("s3") : STR("s4"), STR("1") };
    }
    *out = k.rows;
    *n = k.n;
    return ERR_OK;
}
