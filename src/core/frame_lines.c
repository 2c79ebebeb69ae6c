#include "core/frame.h"

#include "core/field.h"

#include <string.h>

enum { REGION_MIN = 6, REGION_MAX = 12 };

static struct str visible_part(struct str s)
{
    return (struct str){ s.p, s.n < 40 ? s.n : 40 };
}

/* A weight's digits; returns where they end, NULL when it is none. */
static const char *weight_get(const char *at, const char *end, uint32_t *out)
{
    const char *digit = at;
    uint64_t w = 0;
    for (; at < end && *at >= '0' && *at <= '9' && w <= DRAW_WEIGHT_MAX; at++) {
        w = w * 10 + (uint64_t)(*at - '0');
    }
    *out = (uint32_t)w;
    return at == digit || *digit == '0' || w > DRAW_WEIGHT_MAX ? NULL : at;
}

/* `name=w[,name=w...]` up to a TAB. Both the names and the plan's lots ascend, so one walk finds
 * them all. Moves *at behind the list. */
static const char *shares_get(const struct plan *p, const char **from, const char *end,
                              struct entity *e)
{
    uint32_t lot = 0;
    const char *at = *from;
    e->shares = 0;
    for (;;) {
        const char *name = at;
        while (at < end && *at != '=' && *at != '\t' && *at != ',') {
            at++;
        }
        struct str wanted = { name, (size_t)(at - name) };
        if (at == end || *at != '=') {
            return "lots are written name=weight,name=weight";
        }
        while (lot < p->lots && !str_eq(p->lot[lot].name, wanted)) {
            lot++;
        }
        if (lot == p->lots) {
            return plan_lot_find(p, wanted) < p->lots ? "an entity's lots must ascend, each once"
                                                      : "a lot that the plan does not have";
        }
        struct share *s = &e->share[e->shares++];
        s->lot = lot++;
        at = weight_get(at + 1, end, &s->w);
        if (at == NULL) {
            return "a weight is 1 to 2147483648, without leading zeros";
        }
        if (at == end || *at != ',') {
            *from = at;
            return NULL;
        }
        at++;
    }
}

static bool note_ok(struct str s)
{
    return (s.n == 1 && s.p[0] == '-') || field_text(s, DRAW_NOTE_MAX);
}

/* Takes a field that ends at a TAB; NULL when it does not. */
static const char *field_take(const char *at, const char *end, size_t n, struct str *out)
{
    *out = (struct str){ at, n };
    at += n;
    return at < end && *at == '\t' ? at + 1 : NULL;
}

/* One walk over the line. Why it is refused, or NULL. */
static const char *entity_walk(const struct plan *p, struct str line, struct entity *e)
{
    const char *end = line.p + line.n;
    const char *at = field_take(line.p, end, field_visible(line.p, line.n), &e->id);
    if (at == NULL || e->id.n < 1 || e->id.n > DRAW_ID_MAX) {
        return "an id is 1 to 64 visible characters of ASCII, then a TAB";
    }
    size_t digits = 0;
    while (at + digits < end && at[digits] >= '0' && at[digits] <= '9') {
        digits++;
    }
    at = field_take(at, end, digits, &e->region);
    if (at == NULL || digits < REGION_MIN || digits > REGION_MAX) {
        return "a region is 6 to 12 digits, then a TAB";
    }
    const char *fault = shares_get(p, &at, end, e);
    if (fault != NULL) {
        return fault;
    }
    if (at == end || *at++ != '\t') {
        return "lots are written name=weight,name=weight, then a TAB";
    }
    at = field_take(at, end, field_visible(at, (size_t)(end - at)), &e->salt);
    if (at == NULL || !field_salt(e->salt)) {
        return "a salt is \"-\" or 32 lower-case hex digits, then a TAB";
    }
    e->note = (struct str){ at, (size_t)(end - at) };
    return note_ok(e->note) ? NULL
                            : "a note is \"-\" or up to 255 bytes without control characters";
}

enum err entity_get(struct cx *cx, const struct plan *p, struct place at, struct str line,
                    struct share *share, struct entity *e)
{
    e->share = share;
    const char *fault = entity_walk(p, line, e);
    if (fault == NULL) {
        return ERR_OK;
    }
    struct str who = visible_part(line);
    return fail_place(cx, ERR_DRAW_FILE, at, "%s (" STR_FMT ")", fault, STR_ARG(who));
}

bool entity_sealed(struct str line, struct str *id, struct digest *leaf)
{
    struct str field[2];
    if (!field_cut(line, '\t', field, COUNT_OF(field)) || !field_id(field[0]) ||
        !field_hex(field[1], DIGEST_LEN, leaf->b)) {
        return false;
    }
    *id = field[0];
    return true;
}

/* A comma list without empty parts, each of which `ok`. */
static bool list_ok(struct str list, bool (*ok)(struct str part))
{
    bool good = list.n > 0 && list.p[list.n - 1] != ',';
    while (good && list.n > 0) {
        good = ok(str_cut(&list, ','));
    }
    return good;
}

static bool prefix_ok(struct str s)
{
    return field_digits(s, 1, REGION_MAX);
}

enum err inspector_get(struct cx *cx, struct place at, struct str line, struct inspector *i)
{
    struct str field[7];
    uint64_t cap = 0;
    uint64_t load = 0;
    if (!field_cut(line, '\t', field, COUNT_OF(field))) {
        return fail_place(cx, ERR_DRAW_FILE, at,
                          "a line has 7 fields: inspector dept regions quals cap load salt");
    }
    const char *fault = NULL;
    if (!field_id(field[0]) || str_eq(field[0], STR("~"))) {
        fault = "an inspector's id is 1 to 64 visible characters of ASCII, not \"~\"";
    } else if (!field_name(field[1])) {
        fault = "a department is a name of A-Z a-z 0-9 _";
    } else if (!list_ok(field[2], prefix_ok)) {
        fault = "regions are a comma list of 1 to 12 digits each";
    } else if (!str_eq(field[3], STR("-")) && !list_ok(field[3], field_name)) {
        fault = "qualifications are \"-\" or a comma list of names";
    } else if (!field_whole(field[4], 0, INT32_MAX, &cap)) {
        fault = "a cap is a whole number below 2^31";
    } else if (!field_whole(field[5], 0, DRAW_LOAD_MAX, &load)) {
        fault = "a load is a whole number up to 2^20";
    } else if (!field_salt(field[6])) {
        fault = "a salt is \"-\" or 32 lower-case hex digits";
    }
    if (fault != NULL) {
        struct str who = visible_part(field[0]);
        return fail_place(cx, ERR_DRAW_FILE, at, "%s (" STR_FMT ")", fault, STR_ARG(who));
    }
    *i = (struct inspector){ .id = field[0],
                             .dept = field[1],
                             .regions = field[2],
                             .quals = field[3],
                             .cap = (uint32_t)cap,
                             .load = (uint32_t)load,
                             .salt = field[6] };
    return ERR_OK;
}

enum err recusal_get(struct cx *cx, struct place at, struct str line, struct recusal *r)
{
    struct str field[2];
    if (!field_cut(line, '\t', field, COUNT_OF(field)) || !field_id(field[0]) ||
        !field_id(field[1])) {
        return fail_place(cx, ERR_DRAW_FILE, at, "a line has 2 fields: inspector target-id");
    }
    *r = (struct recusal){ field[0], field[1] };
    return ERR_OK;
}

void entity_put(const struct plan *p, const struct entity *e, struct buf *out)
{
    buf_fmt(out, STR_FMT "\t" STR_FMT "\t", STR_ARG(e->id), STR_ARG(e->region));
    for (size_t i = 0; i < e->shares; i++) {
        buf_put_z(out, i == 0 ? "" : ",");
        buf_put(out, p->lot[e->share[i].lot].name);
        buf_put_c(out, '=');
        buf_put_int(out, e->share[i].w);
    }
    buf_fmt(out, "\t" STR_FMT "\t" STR_FMT, STR_ARG(e->salt), STR_ARG(e->note));
}

void inspector_put(const struct inspector *i, struct buf *out)
{
    buf_fmt(out, STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t%u\t%u\t" STR_FMT,
            STR_ARG(i->id), STR_ARG(i->dept), STR_ARG(i->regions), STR_ARG(i->quals), i->cap,
            i->load, STR_ARG(i->salt));
}

void recusal_put(const struct recusal *r, struct buf *out)
{
    buf_fmt(out, STR_FMT "\t" STR_FMT, STR_ARG(r->inspector), STR_ARG(r->target));
}

bool inspector_serves(const struct inspector *i, struct str region)
{
    for (struct str rest = i->regions; rest.n > 0;) {
        if (str_starts(region, str_cut(&rest, ','))) {
            return true;
        }
    }
    return false;
}

bool inspector_has(const struct inspector *i, struct str qual)
{
    for (struct str rest = i->quals; rest.n > 0;) {
        if (str_eq(str_cut(&rest, ','), qual)) {
            return true;
        }
    }
    return false;
}
