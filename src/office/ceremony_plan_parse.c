/* A plan read from its JSON form. The form is a table: every object has its members, every member
 * its kind and its place in the struct; what no table names is refused. */
#include "office/ceremony_rule.h"

#include <string.h>

enum kind { TEXT, TEXTS, WHOLE, TRUTH, DAY, ID, MASK, HASH, MODE, OBJECTS };

struct shape;
struct member {
    const char *name;
    enum kind kind;
    size_t at;              /* offset of the value in the struct */
    size_t n_at;            /* lists: offset of their number */
    const struct shape *of; /* OBJECTS: what each of them is */
};
struct shape {
    const struct member *member;
    size_t n;
    const void *start; /* the struct when no member is given */
    size_t size;
};

/* Where the reader stands, for "lots[2].grades[0].weight". */
struct spot {
    const struct spot *up;
    struct str name;
    size_t index; /* of a list's element; SIZE_MAX = the member itself */
};

#define NO_INDEX SIZE_MAX
#define AT(type, kind, field)                                                                      \
    {                                                                                              \
#field, kind, offsetof(struct type, field), 0, NULL                                        \
    }
#define LIST(type, kind, field, part)                                                              \
    {                                                                                              \
#field, kind, offsetof(struct type, field), offsetof(struct type, n_##field), part         \
    }
#define SHAPE(members, initial)                                                                    \
    {                                                                                              \
        members, COUNT_OF(members), &(initial), sizeof(initial)                                    \
    }

enum { PLAN_JSON_MAX = 1 << 20, PATH_MAX_BYTES = 256 };

static const struct ceremony_grade no_grade = { .memory = MEMORY_RHO_MAX };
static const struct member grade_members[] = {
    AT(ceremony_grade, TEXT, grade),
    AT(ceremony_grade, WHOLE, weight),
    AT(ceremony_grade, WHOLE, memory),
};
static const struct shape grade_shape = SHAPE(grade_members, no_grade);

static const struct ceremony_named no_named = { 0 };
static const struct member named_members[] = {
    AT(ceremony_named, TEXT, code),
    AT(ceremony_named, TEXT, reason),
};
static const struct shape named_shape = SHAPE(named_members, no_named);

static const struct ceremony_lot no_lot = { 0 };
static const struct member lot_members[] = {
    AT(ceremony_lot, TEXT, name),
    AT(ceremony_lot, TEXT, item),
    AT(ceremony_lot, MODE, mode),
    AT(ceremony_lot, WHOLE, n),
    AT(ceremony_lot, WHOLE, reserve),
    LIST(ceremony_lot, TEXTS, industries, NULL),
    AT(ceremony_lot, MASK, classes),
    LIST(ceremony_lot, OBJECTS, grades, &grade_shape),
    AT(ceremony_lot, WHOLE, memory_years),
    AT(ceremony_lot, WHOLE, due_months),
    LIST(ceremony_lot, OBJECTS, mandatory, &named_shape),
};
static const struct shape lot_shape = SHAPE(lot_members, no_lot);

static const struct ceremony_team no_team = { 0 };
static const struct member team_members[] = {
    AT(ceremony_team, TEXT, lot),
    AT(ceremony_team, TEXT, dept),
    AT(ceremony_team, WHOLE, size),
    AT(ceremony_team, TEXT, qual),
};
static const struct shape team_shape = SHAPE(team_members, no_team);

static const struct ceremony_beacon no_beacon = { 0 };
static const struct member beacon_members[] = {
    AT(ceremony_beacon, TEXT, kind),
    AT(ceremony_beacon, TEXT, ref),
};
static const struct shape beacon_shape = SHAPE(beacon_members, no_beacon);

static const struct ceremony_plan no_plan = { .beacon_wait_s = CEREMONY_WAIT_MIN_S };
static const struct member plan_members[] = {
    AT(ceremony_plan, TEXT, region),
    AT(ceremony_plan, TEXT, title),
    AT(ceremony_plan, TEXT, task),
    AT(ceremony_plan, HASH, hash),
    LIST(ceremony_plan, TEXTS, parties, NULL),
    LIST(ceremony_plan, OBJECTS, beacons, &beacon_shape),
    AT(ceremony_plan, TRUTH, missing_skip),
    AT(ceremony_plan, TRUTH, sealed),
    AT(ceremony_plan, DAY, embargo_on),
    AT(ceremony_plan, WHOLE, yearly_cap),
    AT(ceremony_plan, WHOLE, beacon_wait_s),
    AT(ceremony_plan, WHOLE, cosigners),
    AT(ceremony_plan, TRUTH, demo),
    LIST(ceremony_plan, OBJECTS, lots, &lot_shape),
    LIST(ceremony_plan, OBJECTS, teams, &team_shape),
    LIST(ceremony_plan, OBJECTS, excluded, &named_shape),
    AT(ceremony_plan, ID, supersedes),
    AT(ceremony_plan, TEXT, supersedes_reason),
};
static const struct shape plan_shape = SHAPE(plan_members, no_plan);

/* What each kind is, for who wrote something else. */
static const char *const wanted[] = {
    [TEXT] = "text",
    [TEXTS] = "a list of texts",
    [WHOLE] = "a whole number",
    [TRUTH] = "true or false",
    [DAY] = "a day such as \"2026-12-01\", or null",
    [ID] = "the id of a draw, 13 characters, or null",
    [MASK] = "a mask as a whole number",
    [HASH] = "\"sha256\" or \"sm3\"",
    [MODE] = "\"fixed\", \"rate\" or \"order\"",
    [OBJECTS] = "a list of objects",
};

static void put_spot(struct buf *b, const struct spot *s)
{
    if (s->up != NULL) {
        put_spot(b, s->up);
        buf_put_c(b, '.');
    }
    buf_put(b, s->name);
    if (s->index != NO_INDEX) {
        buf_fmt(b, "[%zu]", s->index);
    }
}

static enum err refuse(struct cx *cx, const struct spot *at, const char *why)
{
    struct buf b = buf_of(cx->mem, PATH_MAX_BYTES);
    put_spot(&b, at);
    struct str path = buf_str(&b);
    return fail(cx, ERR_FIELD, STR_FMT ": %s", STR_ARG(path), why);
}

static enum err get_text(struct cx *cx, const struct spot *at, const struct json_value *v,
                         struct str *out)
{
    if (v->kind != JSON_IN_TEXT) {
        return refuse(cx, at, wanted[TEXT]);
    }
    *out = v->s;
    return ERR_OK;
}

/* "2026-12-01", and only so; null is none. */
static enum err get_day(struct cx *cx, const struct spot *at, const struct json_value *v,
                        int32_t *out)
{
    char again[DATE_CHARS];
    int32_t day = 0;
    if (v->kind == JSON_IN_NULL) {
        return ERR_OK;
    }
    if (v->kind != JSON_IN_TEXT || date_parse(cx, v->s, &day) != ERR_OK) {
        fault_clear(cx);
        return refuse(cx, at, wanted[DAY]);
    }
    date_put(day, again);
    if (!str_eq(v->s, (struct str){ again, sizeof again })) {
        return refuse(cx, at, wanted[DAY]);
    }
    *out = day;
    return ERR_OK;
}

static enum err get_id(struct cx *cx, const struct spot *at, const struct json_value *v,
                       int64_t *out)
{
    if (v->kind == JSON_IN_NULL) {
        return ERR_OK;
    }
    if (v->kind != JSON_IN_TEXT || id_get(cx, v->s, out) != ERR_OK) {
        fault_clear(cx);
        return refuse(cx, at, wanted[ID]);
    }
    return ERR_OK;
}

static enum err get_mode(struct cx *cx, const struct spot *at, const struct json_value *v,
                         enum ceremony_mode *out)
{
    enum ceremony_mode mode = ceremony_mode_by_name(v->s);
    if (v->kind != JSON_IN_TEXT || mode == CEREMONY_MODE__COUNT) {
        return refuse(cx, at, wanted[MODE]);
    }
    *out = mode;
    return ERR_OK;
}

/* One plain value into its place. */
static enum err get_plain(struct cx *cx, const struct spot *at, const struct json_value *v,
                          enum kind kind, void *out)
{
    bool number = v->kind == JSON_IN_INT;
    bool good;
    switch (kind) {
    case TEXT:
        return get_text(cx, at, v, out);
    case DAY:
        return get_day(cx, at, v, out);
    case ID:
        return get_id(cx, at, v, out);
    case MODE:
        return get_mode(cx, at, v, out);
    case HASH:
        good = v->kind == JSON_IN_TEXT && digest_kind_of(v->s, out);
        return good ? ERR_OK : refuse(cx, at, wanted[HASH]);
    case TRUTH:
        *(bool *)out = v->i == 1;
        return v->kind == JSON_IN_BOOL ? ERR_OK : refuse(cx, at, wanted[TRUTH]);
    case MASK:
        *(uint64_t *)out = (uint64_t)v->i;
        return number && v->i >= 0 ? ERR_OK : refuse(cx, at, wanted[MASK]);
    case WHOLE:
    case TEXTS:
    case OBJECTS:
    default:
        *(int64_t *)out = v->i;
        return number ? ERR_OK : refuse(cx, at, wanted[WHOLE]);
    }
}

static const struct member *member_find(const struct shape *s, struct str name)
{
    for (size_t i = 0; i < s->n; i++) {
        if (str_eq(str_of(s->member[i].name), name)) {
            return &s->member[i];
        }
    }
    return NULL;
}

static enum err get_list(struct cx *cx, const struct spot *at, const struct json_value *v,
                         const struct member *m, char *base);

static enum err get_object(struct cx *cx, const struct spot *up, const struct json_value *v,
                           const struct shape *s, char *out)
{
    memcpy(out, s->start, s->size);
    if (v->kind != JSON_IN_OBJECT) {
        return up != NULL ? refuse(cx, up, "an object") : fail(cx, ERR_FIELD, "plan: an object");
    }
    for (size_t i = 0; i < v->n; i++) {
        const struct spot at = { up, v->v[i].key, NO_INDEX };
        const struct member *m = member_find(s, at.name);
        if (m == NULL) {
            return refuse(cx, &at, "no such member");
        }
        if (m->kind == OBJECTS || m->kind == TEXTS) {
            TRY(get_list(cx, &at, &v->v[i], m, out));
        } else {
            TRY(get_plain(cx, &at, &v->v[i], m->kind, out + m->at));
        }
    }
    return ERR_OK;
}

static enum err get_list(struct cx *cx, const struct spot *at, const struct json_value *v,
                         const struct member *m, char *base)
{
    struct spot each = *at;
    size_t size = m->kind == TEXTS ? sizeof(struct str) : m->of->size;
    if (v->kind != JSON_IN_ARRAY) {
        return refuse(cx, at, wanted[m->kind]);
    }
    char *list = arena_alloc(cx->mem, v->n + 1, size);
    if (list == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", m->name);
    }
    for (each.index = 0; each.index < v->n; each.index++) {
        char *to = list + each.index * size;
        if (m->kind == TEXTS) {
            TRY(get_text(cx, &each, &v->v[each.index], (void *)to));
        } else {
            TRY(get_object(cx, &each, &v->v[each.index], m->of, to));
        }
    }
    memcpy(base + m->at, &list, sizeof list);
    memcpy(base + m->n_at, &v->n, sizeof v->n);
    return ERR_OK;
}

enum err ceremony_plan_parse(struct cx *cx, struct str json, struct ceremony_plan *out)
{
    const struct json_value *v;
    struct ceremony_plan p;
    if (json.n > PLAN_JSON_MAX) {
        return fail(cx, ERR_TOO_LONG, "plan: over %d bytes", (int)PLAN_JSON_MAX);
    }
    TRY(json_read(cx, json, &v));
    TRY(get_object(cx, NULL, v, &plan_shape, (char *)&p));
    *out = p;
    return ERR_OK;
}
