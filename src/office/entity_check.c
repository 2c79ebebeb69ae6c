/* What may stand in the register: pure, before anything is written. */
#include "office/entity_rows.h"

#include "office/office.h"

#include <string.h>

enum { REGION_MIN = 6, REGION_MAX = 12, AUTHORITY_MAX = 32 };
#define CAPITAL_MAX INT64_C(100000000000000000) /* 10^15 yuan */

enum err entity_check_text(struct cx *cx, const char *field, size_t min, size_t max,
                           struct str *text)
{
    *text = str_trim(*text);
    if (utf8_bad_at(*text) < text->n) {
        return fail(cx, ERR_FIELD, "%s: not UTF-8", field);
    }
    if (text->n < min || text->n > 4 * max || utf8_count(*text) > max) {
        return fail(cx, ERR_FIELD, "%s: %zu..%zu characters", field, min, max);
    }
    for (size_t i = 0; i < text->n; i++) {
        unsigned char ch = (unsigned char)text->p[i];
        if (ch < 0x20 || ch == 0x7f) {
            return fail(cx, ERR_FIELD, "%s: a control character", field);
        }
    }
    return ERR_OK;
}

/* In its folded form, of the kind the field is for. */
static enum err check_code(struct cx *cx, enum code_kind want, enum err wrong, struct str *code)
{
    if (code->n == 0) {
        return ERR_OK;
    }
    struct code_check k = code_check(*code);
    if (k.err != ERR_OK) {
        struct buf why = buf_of(cx->mem, 1024);
        code_explain(&k, cx->lang, &why);
        return fail(cx, k.err, STR_FMT ": " STR_FMT, STR_ARG(*code), STR_ARG(buf_str(&why)));
    }
    if (k.kind != want) {
        return fail(cx, wrong, STR_FMT ": %s", STR_ARG(*code), code_kind_name(k.kind));
    }
    struct str folded = { k.code, k.n };
    if (str_eq(folded, *code)) {
        return ERR_OK;
    }
    folded = str_dup(cx->mem, folded);
    if (folded.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "code");
    }
    *code = folded;
    return ERR_OK;
}

static enum err check_codes(struct cx *cx, struct market_entity *e)
{
    TRY(check_code(cx, CODE_USCC, ERR_USCC_LENGTH, &e->uscc));
    return check_code(cx, CODE_REGNO, ERR_REGNO, &e->regno);
}

static enum err check_place(struct cx *cx, const struct defs *defs, struct market_entity *e)
{
    e->region = str_trim(e->region);
    e->authority = str_trim(e->authority);
    bool digits = e->region.n >= REGION_MIN && e->region.n <= REGION_MAX;
    for (size_t i = 0; digits && i < e->region.n; i++) {
        digits = e->region.p[i] >= '0' && e->region.p[i] <= '9';
    }
    const struct region *r = digits ? defs_region(defs, e->region) : NULL;
    if (r == NULL || r->level == 0) {
        return fail(cx, ERR_FIELD, "region: \"" STR_FMT "\" is no division of GB/T 2260",
                    STR_ARG(e->region));
    }
    for (size_t i = 0; i < e->authority.n; i++) {
        char ch = e->authority.p[i];
        bool fine =
            (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z');
        if (!fine || e->authority.n > AUTHORITY_MAX) {
            return fail(cx, ERR_FIELD, "authority: at most %d of 0-9 A-Z a-z", AUTHORITY_MAX);
        }
    }
    return ERR_OK;
}

static enum err check_kind(struct cx *cx, const struct defs *defs, struct market_entity *e)
{
    if (defs_class(defs, e->cls) == NULL) {
        return fail(cx, ERR_FIELD, "class: no class %d", e->cls);
    }
    if (strcmp(entity_status_name(e->status), "?") == 0) {
        return fail(cx, ERR_FIELD, "status: no state %d", (int)e->status);
    }
    e->industry = str_trim(e->industry);
    const struct industry *what = e->industry.n == 0 ? NULL : defs_industry(defs, e->industry);
    if (e->industry.n > 0 && what == NULL) {
        return fail(cx, ERR_FIELD, "industry: \"" STR_FMT "\" is not in GB/T 4754",
                    STR_ARG(e->industry));
    }
    e->industry = what == NULL ? STR("") : what->code;
    if (e->capital_fen < -1 || e->capital_fen > CAPITAL_MAX) {
        return fail(cx, ERR_FIELD, "capital: 0..%lld fen", (long long)CAPITAL_MAX);
    }
    return ERR_OK;
}

static enum err check_date(struct cx *cx, const char *field, int32_t on, int32_t today_on)
{
    if (on != 0 && !date_valid(on)) {
        return fail(cx, ERR_FIELD, "%s: %d is no date", field, (int)on);
    }
    return on <= today_on ? ERR_OK : fail(cx, ERR_FIELD, "%s: %d is to come", field, (int)on);
}

static enum err check_dates(struct cx *cx, int32_t today_on, const struct market_entity *e)
{
    bool live = (ENTITY_LIVE_MASK >> e->status & 1) != 0;
    TRY(check_date(cx, "established_on", e->established_on, today_on));
    TRY(check_date(cx, "closed_on", e->closed_on, today_on));
    TRY(check_date(cx, "valid_from_on", e->valid_from_on, today_on));
    if (e->closed_on != 0 && live) {
        return fail(cx, ERR_FIELD, "closed_on: its state is \"%s\"", entity_status_name(e->status));
    }
    if (e->closed_on != 0 && e->closed_on < e->established_on) {
        return fail(cx, ERR_FIELD, "closed_on: %d is before established_on %d", (int)e->closed_on,
                    (int)e->established_on);
    }
    return ERR_OK;
}

enum err entity_check(struct cx *cx, const struct defs *defs, int32_t today_on,
                      struct market_entity *e)
{
    TRY(check_codes(cx, e));
    TRY(entity_check_text(cx, "name", 1, ENTITY_NAME_MAX, &e->name));
    TRY(check_place(cx, defs, e));
    TRY(check_kind(cx, defs, e));
    TRY(check_dates(cx, today_on, e));
    TRY(entity_check_text(cx, "premises", 0, ENTITY_PREMISES_MAX, &e->premises));
    return entity_check_text(cx, "representative", 0, ENTITY_PERSON_MAX, &e->representative);
}

/* The fields of an entity that are text; the others are named one by one. */
static const struct {
    enum entity_field field;
    size_t at;
} texts[] = {
    { FIELD_NAME, offsetof(struct market_entity, name) },
    { FIELD_REGION, offsetof(struct market_entity, region) },
    { FIELD_AUTHORITY, offsetof(struct market_entity, authority) },
    { FIELD_INDUSTRY, offsetof(struct market_entity, industry) },
    { FIELD_PREMISES, offsetof(struct market_entity, premises) },
    { FIELD_REPRESENTATIVE, offsetof(struct market_entity, representative) },
    { FIELD_USCC, offsetof(struct market_entity, uscc) },
    { FIELD_REGNO, offsetof(struct market_entity, regno) },
};

static struct str text_at(const struct market_entity *e, size_t at)
{
    struct str s;
    memcpy(&s, (const char *)e + at, sizeof s);
    return s;
}

unsigned entity_differs(const struct market_entity *a, const struct market_entity *b)
{
    unsigned out = 0;
    out |= a->cls != b->cls ? FIELD_CLASS : 0u;
    out |= a->status != b->status ? FIELD_STATUS : 0u;
    out |= a->established_on != b->established_on ? FIELD_ESTABLISHED : 0u;
    out |= a->closed_on != b->closed_on ? FIELD_CLOSED : 0u;
    out |= a->capital_fen != b->capital_fen ? FIELD_CAPITAL : 0u;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        bool same = str_eq(text_at(a, texts[i].at), text_at(b, texts[i].at));
        out |= same ? 0u : (unsigned)texts[i].field;
    }
    return out;
}

void entity_take(struct market_entity *e, const struct market_entity *from, unsigned fields)
{
    e->cls = (fields & FIELD_CLASS) != 0 ? from->cls : e->cls;
    e->status = (fields & FIELD_STATUS) != 0 ? from->status : e->status;
    e->established_on =
        (fields & FIELD_ESTABLISHED) != 0 ? from->established_on : e->established_on;
    e->closed_on = (fields & FIELD_CLOSED) != 0 ? from->closed_on : e->closed_on;
    e->capital_fen = (fields & FIELD_CAPITAL) != 0 ? from->capital_fen : e->capital_fen;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if ((fields & (unsigned)texts[i].field) != 0) {
            memcpy((char *)e + texts[i].at, (const char *)from + texts[i].at, sizeof(struct str));
        }
    }
}
