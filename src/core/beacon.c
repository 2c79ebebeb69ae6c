#include "core/plan.h"

#include "core/field.h"

#include <string.h>

static const char *const kind_names[] = {
    [BEACON_LOTTERY] = "lottery", [BEACON_DICE] = "dice",   [BEACON_DRAND] = "drand",
    [BEACON_NIST] = "nist",       [BEACON_OTHER] = "other",
};
enum { DICE_MIN = 20, NIST_HEX = 128, SSQ_REDS = 6, SSQ_RED_MAX = 33, SSQ_BLUE_MAX = 16 };
enum { DRAND_G1_HEX = 96, DRAND_G2_HEX = 192 };

const char *beacon_kind_name(enum beacon_kind kind)
{
    return kind_names[kind];
}

static bool visible(struct str s, size_t max)
{
    bool ok = s.n >= 1 && s.n <= max;
    for (size_t i = 0; ok && i < s.n; i++) {
        ok = s.p[i] >= 0x21 && s.p[i] <= 0x7E;
    }
    return ok;
}

static bool hex_of(struct str s, size_t chars)
{
    uint8_t bytes[DRAND_G2_HEX / 2];
    return chars / 2 <= sizeof bytes && field_hex(s, chars / 2, bytes);
}

/* A counting number as both drand and NIST write it. */
static bool counter(struct str s)
{
    uint64_t v;
    return field_whole(s, 0, INT64_MAX, &v);
}

const char *beacon_ref_fault(const struct plan_beacon *b)
{
    struct str rest = b->ref;
    struct str head = str_cut(&rest, '/');
    bool cut = head.n < b->ref.n;
    if (!visible(b->ref, BEACON_REF_MAX)) {
        return "a beacon's reference is 1 to 200 visible characters";
    }
    if (b->kind == BEACON_DRAND && (!hex_of(head, 64) || (cut && !counter(rest)))) {
        return "a drand beacon is named by its chain hash, 64 hex, and /<round>";
    }
    if (b->kind == BEACON_NIST && (!counter(head) || !counter(rest))) {
        return "a NIST beacon is named <chain>/<pulse>";
    }
    return NULL;
}

/* One number of two digits behind what has been read. */
static bool ssq_number(struct str *s, uint64_t above, uint64_t max, uint64_t *out)
{
    struct str two = { s->p, s->n < 2 ? s->n : 2 };
    *s = str_from(*s, 2);
    if (!field_digits(two, 2, 2)) {
        return false;
    }
    *out = (uint64_t)(two.p[0] - '0') * 10 + (uint64_t)(two.p[1] - '0');
    return *out > above && *out <= max;
}

/* The Double Colour Ball: six reds of 01..33 ascending, a blue of 01..16: 02-09-13-20-27-33+11 */
static const char *ssq_fault(struct str value)
{
    uint64_t n = 0;
    bool ok = true;
    for (int i = 0; ok && i < SSQ_REDS; i++) {
        ok = ssq_number(&value, n, SSQ_RED_MAX, &n) && value.n > 0 &&
             value.p[0] == (i + 1 < SSQ_REDS ? '-' : '+');
        value = str_from(value, 1);
    }
    ok = ok && ssq_number(&value, 0, SSQ_BLUE_MAX, &n) && value.n == 0;
    return ok ? NULL : "an ssq result is written 02-09-13-20-27-33+11, reds ascending";
}

static const char *drand_fault(const struct plan_beacon *b, struct str value)
{
    struct str round = str_cut(&value, ':');
    struct str planned = b->ref;
    (void)str_cut(&planned, '/');
    if (!counter(round) || !(hex_of(value, DRAND_G1_HEX) || hex_of(value, DRAND_G2_HEX))) {
        return "a drand value is <round>:<signature>, lower-case hex";
    }
    if (planned.n > 0 && !str_eq(planned, round)) {
        return "the drand round is not the one the plan names";
    }
    return NULL;
}

const char *beacon_fault(const struct plan_beacon *b, struct str value)
{
    if (!visible(value, BEACON_VALUE_MAX)) {
        return "a beacon's value is 1 to 400 visible characters";
    }
    if (b->kind == BEACON_LOTTERY && str_starts(b->ref, STR("ssq-"))) {
        return ssq_fault(value);
    }
    if (b->kind == BEACON_DICE && !field_digits(value, DICE_MIN, BEACON_VALUE_MAX)) {
        return "dice are written as at least 20 digits in the order of the roll";
    }
    if (b->kind == BEACON_DRAND) {
        return drand_fault(b, value);
    }
    if (b->kind == BEACON_NIST && !hex_of(value, NIST_HEX)) {
        return "a NIST value is 128 lower-case hex digits";
    }
    return NULL;
}
