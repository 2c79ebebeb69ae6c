/* Entity i of the demo province. */
#include "office/demo_entity.h"

#include "office/office.h"

#include <string.h>

/* What each number of chance is used for. */
enum use {
    USE_KIND,
    USE_PARENT,
    USE_INDUSTRY_RANGE,
    USE_INDUSTRY,
    USE_STATUS,
    USE_SINCE,
    USE_SINCE_AGAIN,
    USE_UNTIL,
    USE_GRADE,
    USE_CAPITAL,
    USE_CODES,
    USE_AUTHORITY,
    USE_PLACE_SHARED,
    USE_PLACE,
    USE_ALIAS,
    USE_FORMER,
    USE_PERSON = 32,  /* and some more */
    USE_BRAND = 48,   /* three of them */
    USE_WORD = 64,    /* one a token */
    USE_OTHER = 1024, /* added for the words of a second name */
};

/* Grades of a province as one city published them in 2023: 65.4, 25.3, 7.7, 1.6 %. */
static const int grade_permille[] = { 654, 253, 77, 16 };

/* splitmix64 */
uint64_t demo_chance(const struct demo_maker *m, int64_t i, uint64_t use)
{
    uint64_t z = m->seed * UINT64_C(0x9e3779b97f4a7c15) +
                 (uint64_t)i * UINT64_C(0xbf58476d1ce4e5b9) + use * UINT64_C(0x94d049bb133111eb);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static size_t put(char *to, size_t n, size_t room, struct str word)
{
    if (word.n > room - n) {
        return n;
    }
    memcpy(to + n, word.p, word.n);
    return n + word.n;
}

static struct str word_of(const struct demo_list *l, uint64_t k)
{
    return l == NULL || l->n == 0 ? STR("") : l->word[k % l->n];
}

static size_t put_number(char *to, size_t n, size_t room, uint64_t v)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    return put(to, n, room, (struct str){ digits + at, sizeof digits - at });
}

size_t demo_person(const struct demo_maker *m, int64_t i, uint64_t use, char *to)
{
    size_t n = put(to, 0, 32, word_of(m->surname, demo_chance(m, i, use)));
    n = put(to, n, 32, word_of(m->given, demo_chance(m, i, use + 1)));
    return demo_chance(m, i, use + 2) % 3 == 0
               ? n
               : put(to, n, 32, word_of(m->given, demo_chance(m, i, use + 3)));
}

/* ---- codes ----------------------------------------------------------------------------------- */

/* A code with both checks right. Its organisation part begins with YD, which is not in use: no
 * real entity has it. */
static void make_uscc(int64_t i, const char *prefix, struct str county, char code[USCC_CHARS])
{
    static const char set[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    enum { BASE = sizeof set - 1, DIGITS = 6 };
    memcpy(code, prefix, 2);
    memcpy(code + 2, county.p, 6);
    memcpy(code + 8, "YD", 2);
    int64_t rest = i;
    for (size_t k = 0; k < DIGITS; k++) {
        code[10 + DIGITS - 1 - k] = set[rest % BASE];
        rest /= BASE;
    }
    code[16] = organisation_check_character(code + 8);
    code[17] = uscc_check_character(code);
}

/* Region, a digit of the kind (0..3 domestic, 4..5 foreign, 6..9 individual), seven of a sequence,
 * the check digit. */
static void make_regno(int64_t i, char group, struct str county, char code[REGNO_CHARS])
{
    enum { DIGITS = 7 };
    memcpy(code, county.p, 6);
    code[6] = (char)(group + i / 10000000 % 3);
    int64_t rest = i % 10000000;
    for (size_t k = 0; k < DIGITS; k++) {
        code[7 + DIGITS - 1 - k] = (char)('0' + rest % 10);
        rest /= 10;
    }
    code[14] = regno_check_digit(code);
}

/* Who was there before October 2015 had a number of 15 digits; some have nothing else to this day,
 * and a few of the others have no code at all. */
static void give_codes(const struct demo_maker *m, int64_t i, const struct demo_kind *k,
                       struct demo_entity *out)
{
    uint64_t by = demo_chance(m, i, USE_CODES) % 1000;
    bool old = k->market && out->e.established_on < 20151001;
    bool no_uscc = old ? by < 60 : (!k->market && by < 5);
    if (!no_uscc) {
        make_uscc(i, k->prefix, out->e.region, out->uscc);
        out->e.uscc = (struct str){ out->uscc, USCC_CHARS };
    }
    if (old && (no_uscc || by < 500)) {
        bool individual = strcmp(k->prefix, "92") == 0;
        make_regno(i, individual ? '6' : '0', out->e.region, out->regno);
        out->e.regno = (struct str){ out->regno, REGNO_CHARS };
    }
}

/* ---- names and addresses --------------------------------------------------------------------- */

static size_t county_index(const struct demo_maker *m, int64_t i)
{
    size_t lo = 0;
    size_t hi = m->n_counties;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (m->county_from[mid] <= i) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* The first ones of each n-th part are of every kind in turn, so that even a small province has
 * them all. */
static const struct demo_kind *kind_of(const struct demo_maker *m, int64_t i)
{
    int64_t step = m->entities / (int64_t)m->n_kinds;
    if (i % step == 0 && i / step < (int64_t)m->n_kinds) {
        return &m->kind[i / step];
    }
    int at = (int)(demo_chance(m, i, USE_KIND) % 10000);
    for (size_t k = 0; k < m->n_kinds; k++) {
        at -= m->kind[k].share;
        if (at < 0) {
            return &m->kind[k];
        }
    }
    return &m->kind[0];
}

static const struct industry *industry_of(const struct demo_maker *m, int64_t i,
                                          const struct demo_kind *k)
{
    size_t range = demo_chance(m, i, USE_INDUSTRY_RANGE) % k->n_industry;
    return &m->industry[k->industry[range].first +
                        demo_chance(m, i, USE_INDUSTRY) % k->industry[range].n];
}

/* The entity a branch belongs to: one of its parent's kind somewhere before it when a short search
 * finds one, else a name that no entity of the register has. */
static int64_t parent_of(const struct demo_maker *m, int64_t i, const struct demo_kind *parent)
{
    int64_t at = (int64_t)(demo_chance(m, i, USE_PARENT) % (uint64_t)m->entities);
    for (int64_t k = 0; k < 64 && k <= at; k++) {
        if (kind_of(m, at - k) == parent) {
            return at - k;
        }
    }
    return at;
}

static size_t put_brand(const struct demo_maker *m, int64_t i, uint64_t use, char *to, size_t n)
{
    n = put(to, n, DEMO_NAME_BYTES, word_of(m->brand_first, demo_chance(m, i, use + USE_BRAND)));
    n = put(to, n, DEMO_NAME_BYTES,
            word_of(m->brand_second, demo_chance(m, i, use + USE_BRAND + 1)));
    return put(to, n, DEMO_NAME_BYTES,
               word_of(m->brand_second, demo_chance(m, i, use + USE_BRAND + 2)));
}

/* @param use  0 for the name it has, USE_OTHER and above for another one
 * @param without  a kind of token to leave out; DEMO_WORD leaves out none */
static size_t put_name(const struct demo_maker *m, int64_t i, const struct demo_kind *k,
                       uint64_t use, char *to)
{
    size_t n = 0;
    for (size_t t = 0; t < k->n_tokens; t++) {
        struct str word = STR("");
        switch (k->token[t].kind) {
        case DEMO_COUNTY:
            word = m->county[county_index(m, i)]->name;
            break;
        case DEMO_BRAND:
            n = put_brand(m, i, use, to, n);
            break;
        case DEMO_TRADE:
            word = word_of(m->trade[industry_of(m, i, k)->code.p[0] - 'A'],
                           demo_chance(m, i, USE_WORD + t));
            break;
        case DEMO_PARENT: /* its kind has no parent, so this goes one step deep */
            if (k->parent >= 0) {
                const struct demo_kind *p = &m->kind[k->parent];
                n = put_name(m, parent_of(m, i, p), p, 0, to);
            }
            break;
        case DEMO_WORD:
            word = word_of(k->token[t].list, demo_chance(m, i, use + USE_WORD + t));
            break;
        }
        n = put(to, n, DEMO_NAME_BYTES, word);
    }
    return n;
}

/* One in twelve sits where others sit: some addresses of each county house many. */
static size_t put_premises(const struct demo_maker *m, int64_t i, struct str county, char *to)
{
    bool shared = demo_chance(m, i, USE_PLACE_SHARED) % 12 == 0;
    int64_t house =
        shared ? -1 - (int64_t)(county_index(m, i) * 16 + demo_chance(m, i, USE_PLACE) % 16) : i;
    size_t n = put(to, 0, DEMO_NAME_BYTES, county);
    n = put(to, n, DEMO_NAME_BYTES, word_of(m->road, demo_chance(m, house, USE_PLACE + 100)));
    n = put_number(to, n, DEMO_NAME_BYTES, demo_chance(m, house, USE_PLACE + 101) % 900 + 1);
    n = put(to, n, DEMO_NAME_BYTES, word_of(m->number, 0));
    n = put(to, n, DEMO_NAME_BYTES, word_of(m->building, demo_chance(m, house, USE_PLACE + 102)));
    n = put_number(to, n, DEMO_NAME_BYTES, demo_chance(m, house, USE_PLACE + 103) % 2800 + 101);
    return put(to, n, DEMO_NAME_BYTES, word_of(m->room, 0));
}

/* ---- the rest -------------------------------------------------------------------------------- */

static int grade_of(uint64_t k)
{
    int at = (int)(k % 1000);
    int grade = 1;
    for (; grade < (int)COUNT_OF(grade_permille) && at >= grade_permille[grade - 1]; grade++) {
        at -= grade_permille[grade - 1];
    }
    return grade;
}

/* 92 % in business, the rest ended in one of the ways the register knows. */
static enum entity_status status_of(uint64_t k)
{
    static const enum entity_status rest[] = { ENTITY_DEREGISTERED, ENTITY_DEREGISTERED,
                                               ENTITY_DEREGISTERED, ENTITY_REVOKED,
                                               ENTITY_REVOKED,      ENTITY_DORMANT,
                                               ENTITY_MOVED_OUT,    ENTITY_ANNULLED };
    return k % 100 < COUNT_OF(rest) ? rest[k % 100] : ENTITY_ACTIVE;
}

/* From 1993 on, more of them later; the later of two days. */
static int32_t since_of(const struct demo_maker *m, int64_t i)
{
    const int32_t first = date_days(19930101);
    const uint32_t span = (uint32_t)(date_days(DEMO_TODAY) - first);
    uint64_t a = demo_chance(m, i, USE_SINCE) % span;
    uint64_t b = demo_chance(m, i, USE_SINCE_AGAIN) % span;
    return date_of_days(first + (int32_t)(a > b ? a : b));
}

static int32_t until_of(const struct demo_maker *m, int64_t i, int32_t since)
{
    int32_t from = date_days(since);
    int64_t span = (int64_t)date_days(DEMO_TODAY) - from + 1;
    return date_of_days(from + (int32_t)(demo_chance(m, i, USE_UNTIL) % (uint64_t)span));
}

/* 30,000 yuan to 50 million, round. */
static int64_t capital_of(uint64_t k)
{
    static const int64_t wan[] = { 3,   10,  10,  20,  30,  50,   50,   100,
                                   100, 100, 200, 500, 500, 1000, 2000, 5000 };
    return wan[k % COUNT_OF(wan)] * 1000000;
}

static void give_other_names(const struct demo_maker *m, int64_t i, const struct demo_kind *k,
                             struct demo_entity *out)
{
    out->former = STR("");
    out->alias = STR("");
    if (demo_chance(m, i, USE_FORMER) % 25 == 0) {
        size_t n = put_name(m, i, k, USE_OTHER, out->former_name);
        out->former = (struct str){ out->former_name, n };
    }
    if (demo_chance(m, i, USE_ALIAS) % 100 == 0) {
        size_t n = put_brand(m, i, 0, out->other_name, 0);
        out->alias = (struct str){ out->other_name, n };
    }
}

void demo_entity_make(const struct demo_maker *m, int64_t i, struct demo_entity *out)
{
    const struct demo_kind *k = kind_of(m, i);
    const struct region *where = m->county[county_index(m, i)];
    enum entity_status status = status_of(demo_chance(m, i, USE_STATUS));
    int32_t since = since_of(m, i);
    bool ended = status != ENTITY_ACTIVE && status != ENTITY_DORMANT;
    out->grade = !k->market || demo_chance(m, i, USE_GRADE) % 50 == 0
                     ? 0
                     : grade_of(demo_chance(m, i, USE_GRADE) / 50);
    out->e = (struct market_entity){
        .id = DEMO_FIRST_ID + i,
        .name = { out->name, put_name(m, i, k, 0, out->name) },
        .cls = k->cls,
        .status = status,
        .region = where->code,
        .authority = demo_chance(m, i, USE_AUTHORITY) % 32 == 0 ? where->parent : where->code,
        .industry = industry_of(m, i, k)->code,
        .established_on = since,
        .closed_on = ended ? until_of(m, i, since) : 0,
        .premises = { out->premises, put_premises(m, i, where->name, out->premises) },
        .capital_fen = k->capital ? capital_of(demo_chance(m, i, USE_CAPITAL)) : -1,
        .representative = { out->person, demo_person(m, i, USE_PERSON, out->person) },
        .valid_from_on = since,
    };
    give_codes(m, i, k, out);
    give_other_names(m, i, k, out);
}
