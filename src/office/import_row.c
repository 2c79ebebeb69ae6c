/* One row of a file as an entity. */
#include "office/import_parts.h"

#include "office/office.h"

#include <string.h>

struct reading {
    struct cx *cx;
    const struct import_rules *rules;
    struct charset_turn *turn;
    const struct csv_record *rec;
    struct import_row *row;
};

/* What files write where they have nothing to say. */
static bool says_nothing(struct str s)
{
    static const struct str words[] = { STR_INIT("-"),   STR_INIT("--"),   STR_INIT("/"),
                                        STR_INIT("N/A"), STR_INIT("NULL"), STR_INIT("null") };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_eq(s, words[i])) {
            return true;
        }
    }
    return false;
}

/* Our own export puts an apostrophe before what a spreadsheet would run. */
static struct str without_guard(struct str s)
{
    bool guarded =
        s.n >= 2 && s.p[0] == '\'' && s.p[1] != '\0' && strchr("=+-@\t\r", s.p[1]) != NULL;
    return guarded ? str_from(s, 1) : s;
}

/* Empty when no column feeds the field. */
static enum err cell(const struct reading *r, enum import_field f, struct str *out)
{
    int column = r->rules->map->column[f];
    *out = STR("");
    if (column < 0 || (size_t)column >= r->rec->n) {
        return ERR_OK;
    }
    struct str raw = r->rec->field[column];
    if (raw.n > IMPORT_FIELD_BYTES_MAX) {
        return fail(r->cx, ERR_TOO_LONG, "%s: %zu bytes", import_field_key(f), raw.n);
    }
    struct str text;
    if (charset_read(r->cx, r->turn, raw, &text) != ERR_OK) {
        return ERR_UTF8;
    }
    text = without_guard(str_trim(text));
    *out = says_nothing(text) ? STR("") : text;
    return ERR_OK;
}

/* A cell of a code's column may hold the other kind of code: old files have one column for both. */
static enum err read_code(const struct reading *r, enum import_field f)
{
    struct market_entity *e = &r->row->e;
    struct str text;
    TRY(cell(r, f, &text));
    if (text.n == 0) {
        return ERR_OK;
    }
    struct code_check k = code_check(text);
    if (k.err != ERR_OK || (k.kind != CODE_USCC && k.kind != CODE_REGNO)) {
        struct buf why = buf_of(r->cx->mem, 1024);
        code_explain(&k, r->cx->lang, &why);
        enum err code = k.err != ERR_OK ? k.err : ERR_FIELD;
        return fail(r->cx, code, "%s: " STR_FMT " " STR_FMT, import_field_key(f), STR_ARG(text),
                    STR_ARG(buf_str(&why)));
    }
    struct str folded = str_dup(r->cx->mem, (struct str){ k.code, k.n });
    if (folded.p == NULL) {
        return fail(r->cx, ERR_NO_MEMORY, "code");
    }
    struct str *to = k.kind == CODE_USCC ? &e->uscc : &e->regno;
    if (to->n > 0 && !str_eq(*to, folded)) {
        return fail(r->cx, ERR_FIELD, "%s: " STR_FMT ", " STR_FMT, import_field_key(f),
                    STR_ARG(*to), STR_ARG(folded));
    }
    *to = folded;
    r->row->stated |= k.kind == CODE_USCC ? FIELD_USCC : FIELD_REGNO;
    return ERR_OK;
}

static enum err read_text(const struct reading *r, enum import_field f, unsigned field,
                          struct str *to)
{
    TRY(cell(r, f, to));
    r->row->stated |= to->n > 0 ? field : 0;
    return ERR_OK;
}

static enum err read_texts(const struct reading *r)
{
    struct market_entity *e = &r->row->e;
    TRY(read_text(r, IMPORT_NAME, FIELD_NAME, &e->name));
    TRY(read_text(r, IMPORT_PREMISES, FIELD_PREMISES, &e->premises));
    TRY(read_text(r, IMPORT_REPRESENTATIVE, FIELD_REPRESENTATIVE, &e->representative));
    TRY(read_text(r, IMPORT_AUTHORITY, FIELD_AUTHORITY, &e->authority));
    return cell(r, IMPORT_FORMER_NAME, &r->row->former);
}

static enum err read_kind(const struct reading *r)
{
    const struct defs *defs = r->rules->defs;
    struct market_entity *e = &r->row->e;
    struct str word;
    TRY(read_text(r, IMPORT_CLASS, FIELD_CLASS, &word));
    e->cls = word.n == 0 ? 0 : import_class(r->cx, defs, word);
    if (word.n > 0 && e->cls == 0) {
        return fail(r->cx, ERR_FIELD, "class: \"" STR_FMT "\"", STR_ARG(word));
    }
    TRY(read_text(r, IMPORT_STATUS, FIELD_STATUS, &word));
    e->status =
        word.n == 0 ? (enum entity_status)0 : (enum entity_status)import_status(r->cx, defs, word);
    if (word.n > 0 && e->status == 0) {
        return fail(r->cx, ERR_FIELD, "status: \"" STR_FMT "\"", STR_ARG(word));
    }
    TRY(read_text(r, IMPORT_INDUSTRY, FIELD_INDUSTRY, &e->industry));
    const struct industry *what = e->industry.n == 0 ? NULL : defs_industry(defs, e->industry);
    if (e->industry.n > 0 && what == NULL) {
        return fail(r->cx, ERR_FIELD, "industry: \"" STR_FMT "\"", STR_ARG(e->industry));
    }
    e->industry = what == NULL ? STR("") : what->code;
    return ERR_OK;
}

/* A day, perhaps with a time of day behind it. */
static enum err read_date(const struct reading *r, enum import_field f, unsigned field, int32_t *to)
{
    struct str text;
    TRY(read_text(r, f, field, &text));
    if (text.n == 0) {
        return ERR_OK;
    }
    struct str rest = text;
    struct str day = str_cut(&rest, ' ');
    day = day.n > DATE_CHARS && day.p[DATE_CHARS] == 'T' ? (struct str){ day.p, DATE_CHARS } : day;
    if (date_parse(r->cx, day, to) != ERR_OK) {
        fault_clear(r->cx);
        return fail(r->cx, ERR_DATE, "%s: \"" STR_FMT "\"", import_field_key(f), STR_ARG(text));
    }
    return ERR_OK;
}

static enum err read_numbers(const struct reading *r)
{
    struct market_entity *e = &r->row->e;
    struct str text;
    TRY(read_date(r, IMPORT_ESTABLISHED, FIELD_ESTABLISHED, &e->established_on));
    TRY(read_date(r, IMPORT_CLOSED, FIELD_CLOSED, &e->closed_on));
    TRY(cell(r, IMPORT_CAPITAL, &text));
    e->capital_fen = -1;
    if (text.n > 0) {
        TRY(import_capital(r->cx, text, r->rules->capital_fen, &e->capital_fen));
        r->row->stated |= e->capital_fen >= 0 ? FIELD_CAPITAL : 0;
    }
    return ERR_OK;
}

/* A code of the row, else names of divisions in it. */
static enum err read_region(const struct reading *r)
{
    struct str province, city, county;
    struct str *to = &r->row->e.region;
    TRY(read_text(r, IMPORT_REGION, FIELD_REGION, to));
    if (to->n > 0) {
        return ERR_OK;
    }
    TRY(cell(r, IMPORT_PROVINCE, &province));
    TRY(cell(r, IMPORT_CITY, &city));
    TRY(cell(r, IMPORT_COUNTY, &county));
    if (province.n + city.n + county.n == 0) {
        return ERR_OK;
    }
    const struct region *at = import_place(r->rules->defs, province, city, county);
    if (at == NULL) {
        return fail(r->cx, ERR_FIELD, "region: " STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(province),
                    STR_ARG(city), STR_ARG(county));
    }
    *to = at->code;
    r->row->stated |= FIELD_REGION;
    return ERR_OK;
}

static enum err read_fields(const struct reading *r)
{
    TRY(read_code(r, IMPORT_USCC));
    TRY(read_code(r, IMPORT_REGNO));
    if (r->row->stated == 0) {
        return fail(r->cx, ERR_FIELD, "uscc, regno: no code");
    }
    TRY(read_texts(r));
    TRY(read_kind(r));
    TRY(read_numbers(r));
    return read_region(r);
}

/* What a new entity needs and the row does not say. */
static enum err complete(const struct reading *r)
{
    const struct import_rules *rules = r->rules;
    struct market_entity *e = &r->row->e;
    if (e->region.n == 0) {
        e->region = rules->region;
    }
    if (e->region.n == 0 && e->uscc.n == USCC_CHARS) { /* the registering office's place */
        e->region = (struct str){ e->uscc.p + 2, 6 };
    }
    if (e->cls == 0) {
        e->cls = import_class_by_name(r->cx, rules->defs, e->name, e->uscc);
    }
    if (e->status == 0) {
        e->status = ENTITY_ACTIVE;
    }
    TRY(entity_check(r->cx, rules->defs, rules->today_on, e));
    if (rules->by == NULL) {
        return ERR_OK;
    }
    return access_allow(r->cx, rules->by, POWER_REGISTER_WRITE,
                        (struct scope){ .region = e->region });
}

enum err import_row_refuse(struct cx *cx, enum err code, struct import_row *row, bool only_if_new)
{
    if (code == ERR_NO_MEMORY) {
        return code;
    }
    struct str why = str_dup(cx->mem, str_of(cx->fault.detail));
    fault_clear(cx);
    if (why.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "reason");
    }
    if (only_if_new) {
        row->fault_if_new = code;
        row->why_if_new = why.p;
    } else {
        row->fault = code;
        row->why = why.p;
        row->outcome = IMPORT_REFUSED;
    }
    return ERR_OK;
}

enum err import_row_read(struct cx *cx, const struct import_rules *rules, struct charset_turn *turn,
                         const struct csv_record *rec, struct import_row *row)
{
    struct reading r = { cx, rules, turn, rec, row };
    enum err code = rec->fault;
    row->columns = rec->n;
    if (code != ERR_OK) {
        row->cut = true;
        code = fail(cx, code, "%s", "");
    } else if (rec->n != rules->n_columns) {
        code = fail(cx, ERR_CSV_COLUMNS, "%zu, %zu", rec->n, rules->n_columns);
    } else {
        code = read_fields(&r);
    }
    if (code != ERR_OK) {
        row->read_refused = true;
        return import_row_refuse(cx, code, row, false);
    }
    code = complete(&r);
    return code == ERR_OK ? ERR_OK : import_row_refuse(cx, code, row, true);
}
