#include "core/lot.h"

#include "core/field.h"

static void put_u64(struct buf *out, uint64_t v)
{
    buf_put_int(out, (int64_t)v); /* all counts and u are below 2^63 */
}

static void put_key(struct buf *out, lot_key k)
{
    char digits[LOT_KEY_CHARS];
    buf_put(out, (struct str){ digits, lot_key_put(k, digits) });
}

void drawn_put(const struct plan *p, const struct drawn *d, struct buf *out)
{
    buf_put(out, p->lot[d->lot].name);
    buf_put_c(out, '\t');
    put_u64(out, d->rank);
    buf_put_c(out, '\t');
    buf_put_c(out, (char)d->status);
    buf_put_c(out, '\t');
    buf_put(out, d->id);
    buf_put_c(out, '\t');
    put_u64(out, d->p);
    buf_put_c(out, '\t');
    put_u64(out, d->u);
    buf_put_c(out, '\t');
    put_key(out, d->k);
}

void lot_outcome_put(const struct plan *p, const struct lot_outcome *o, struct buf *out)
{
    const struct plan_lot *lot = &p->lot[o->lot];
    bool fixed = lot->mode == LOT_FIXED;
    const uint64_t number[] = { o->stat.n,
                                o->stat.w_sum,
                                fixed ? lot->n : 0,
                                o->stat.takeall,
                                fixed ? o->stat.m_left : 0,
                                fixed ? o->stat.w_left : 0,
                                o->selected };
    buf_put(out, lot->name);
    buf_put_z(out, fixed ? "\tfixed" : "\trate");
    for (size_t i = 0; i < COUNT_OF(number); i++) {
        buf_put_c(out, '\t');
        put_u64(out, number[i]);
    }
    buf_put_c(out, '\t');
    put_key(out, o->k_last);
    buf_put_c(out, '\t');
    put_u64(out, o->u_last);
    buf_put_c(out, '\t');
    buf_put(out, o->has_last ? o->id_last : STR("-"));
}

static bool key_get(struct str s, lot_key *out)
{
    if (!field_digits(s, 1, LOT_KEY_CHARS - 1) || (s.p[0] == '0' && s.n > 1)) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < s.n; i++) {
        *out = *out * 10 + (unsigned)(s.p[i] - '0');
    }
    return true;
}

static bool status_get(struct str s, enum lot_status *out)
{
    static const enum lot_status known[] = { LOT_CERTAIN, LOT_SELECTED, LOT_RESERVE };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (s.n == 1 && s.p[0] == (char)known[i]) {
            *out = known[i];
            return true;
        }
    }
    return false;
}

enum err drawn_get(struct cx *cx, const struct plan *p, struct place at, struct str line,
                   struct drawn *d)
{
    struct str f[7];
    uint64_t rank;
    uint64_t odds;
    if (!field_cut(line, '\t', f, COUNT_OF(f)) || !field_whole(f[1], 1, UINT32_MAX, &rank) ||
        !status_get(f[2], &d->status) || !field_id(f[3]) ||
        !field_whole(f[4], 1, DRAW_WEIGHT_MAX, &odds) || !field_whole(f[5], 0, INT64_MAX, &d->u) ||
        !key_get(f[6], &d->k)) {
        return fail_place(cx, ERR_DRAW_FILE, at, "a line has 7 fields: lot rank status id p u K");
    }
    d->lot = (uint32_t)plan_lot_find(p, f[0]);
    if (d->lot == p->lots) {
        return fail_place(cx, ERR_DRAW_FILE, at, "a lot that the plan does not have");
    }
    d->rank = (uint32_t)rank;
    d->id = f[3];
    d->region = STR("");
    d->p = (uint32_t)odds;
    return ERR_OK;
}

enum err lot_outcome_get(struct cx *cx, const struct plan *p, struct place at, struct str line,
                         struct lot_outcome *o)
{
    struct str f[12];
    uint64_t n[7];
    bool ok = field_cut(line, '\t', f, COUNT_OF(f)) && key_get(f[9], &o->k_last) &&
              field_whole(f[10], 0, INT64_MAX, &o->u_last) && field_id(f[11]);
    for (size_t i = 0; ok && i < COUNT_OF(n); i++) {
        bool small = i == 2 || i == 3 || i == 4; /* n, takeall, m */
        ok = field_whole(f[2 + i], 0, small ? INT32_MAX : INT64_MAX, &n[i]);
    }
    if (!ok) {
        return fail_place(cx, ERR_DRAW_FILE, at,
                          "a line has 12 fields: lot mode N W0 n takeall m W selected Klast ulast "
                          "idlast");
    }
    o->lot = (uint32_t)plan_lot_find(p, f[0]);
    bool known = o->lot < p->lots;
    bool fixed = known && p->lot[o->lot].mode == LOT_FIXED;
    if (!known || !str_eq(f[1], fixed ? STR("fixed") : STR("rate")) ||
        n[2] != (fixed ? p->lot[o->lot].n : 0)) {
        return fail_place(cx, ERR_DRAW_MISMATCH, at, "not a lot of the plan, or not its mode or n");
    }
    o->stat = (struct lot_stat){ .n = n[0],
                                 .w_sum = n[1],
                                 .takeall = (uint32_t)n[3],
                                 .m_left = (uint32_t)n[4],
                                 .w_left = n[5] };
    o->selected = n[6];
    o->has_last = !str_eq(f[11], STR("-"));
    o->id_last = f[11];
    return ERR_OK;
}
