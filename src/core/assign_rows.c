#include "core/assign.h"

#include "core/field.h"
#include "core/lot.h"

void assign_row_put(const struct assign_row *r, struct buf *out)
{
    buf_fmt(out, STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT, STR_ARG(r->target),
            STR_ARG(r->dept), STR_ARG(r->qual), STR_ARG(r->inspector));
}

void price_row_put(const struct price_row *r, struct buf *out)
{
    char digits[LOT_KEY_CHARS];
    buf_fmt(out, STR_FMT "\t" STR_FMT "\t" STR_FMT "\t", STR_ARG(r->dept), STR_ARG(r->qual),
            STR_ARG(r->inspector));
    buf_put(out, (struct str){ digits, lot_key_put((lot_key)r->price, digits) });
}

static bool qual_ok(struct str s)
{
    return field_name(s) || str_eq(s, STR("-"));
}

enum err assign_row_get(struct cx *cx, struct place at, struct str line, struct assign_row *r)
{
    struct str field[4];
    if (!field_cut(line, '\t', field, COUNT_OF(field)) || !field_id(field[0]) ||
        !field_name(field[1]) || !qual_ok(field[2]) || !field_id(field[3])) {
        return fail_place(cx, ERR_DRAW_FILE, at, "a line has 4 fields: target dept qual inspector");
    }
    *r = (struct assign_row){ field[0], field[1], field[2], field[3] };
    return ERR_OK;
}

/* Prices are below 2^118 in size. */
static bool price_get(struct str s, assign_price *out)
{
    enum { PRICE_CHARS_MAX = 36 };
    if (!field_digits(s, 1, PRICE_CHARS_MAX) || (s.p[0] == '0' && s.n > 1)) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < s.n; i++) {
        *out = *out * 10 + (s.p[i] - '0');
    }
    return true;
}

enum err price_row_get(struct cx *cx, struct place at, struct str line, struct price_row *r)
{
    struct str field[4];
    if (!field_cut(line, '\t', field, COUNT_OF(field)) || !field_name(field[0]) ||
        !qual_ok(field[1]) || !field_id(field[2]) || !price_get(field[3], &r->price)) {
        return fail_place(cx, ERR_DRAW_FILE, at, "a line has 4 fields: dept qual inspector price");
    }
    r->dept = field[0];
    r->qual = field[1];
    r->inspector = field[2];
    return ERR_OK;
}
