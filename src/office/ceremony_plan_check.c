/* Everything that can be said against a plan before anybody looks into the register. */
#include "office/ceremony_rule.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    REGION_DIGITS = 6,
    TITLE_MAX = 120,
    REASON_MAX = 200,
    PARTIES_MAX = 16,
    BEACONS_MAX = 8,
    LOTS_MAX = 32,
    TEAMS_MAX = 4096,
    TEAM_MIN = 2, /* law: 行政处罚法 第四十二条(一): at least two officers */
    TEAM_MAX = 16,
    LOT_N_MAX = 1000000,
    CAP_MAX = 366,
    COSIGNERS_MAX = 16,
    WAIT_MAX_S = 30 * 86400,
    MEMORY_YEARS_MAX = 10,
    DUE_MONTHS_MAX = 120,
    MILLION = 1000000,
    CLASS_FIRST = 1,
    CLASS_LAST = 62,
    CODE_MAX = 18,
    INDUSTRY_DIGITS = 4,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_name(struct str s)
{
    bool good = s.n >= 1 && s.n <= NAME_MAX_BYTES;
    for (size_t i = 0; good && i < s.n; i++) {
        char c = s.p[i];
        good = is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z') || c == '_';
    }
    return good;
}

static bool is_region(struct str s)
{
    bool good = s.n == REGION_DIGITS;
    for (size_t i = 0; good && i < s.n; i++) {
        good = is_digit(s.p[i]);
    }
    return good;
}

static bool is_code(struct str s)
{
    bool good = s.n >= 1 && s.n <= CODE_MAX;
    for (size_t i = 0; good && i < s.n; i++) {
        good = is_digit(s.p[i]) || is_upper(s.p[i]);
    }
    return good;
}

/* "F", "F52", "5211": a section, or the beginning of a code with or without it. */
static bool is_industry(struct str s)
{
    size_t head = s.n > 0 && is_upper(s.p[0]) ? 1 : 0;
    bool good = s.n >= 1 && s.n - head <= INDUSTRY_DIGITS;
    for (size_t i = head; good && i < s.n; i++) {
        good = is_digit(s.p[i]);
    }
    return good;
}

bool ceremony_line_ok(struct str s, size_t most)
{
    bool good = s.n > 0 && utf8_bad_at(s) == s.n && utf8_count(s) <= most;
    for (size_t i = 0; good && i < s.n; i++) {
        good = (unsigned char)s.p[i] >= 0x20 && s.p[i] != 0x7F;
    }
    return good;
}

bool ceremony_reason_ok(struct str s)
{
    return ceremony_line_ok(s, REASON_MAX);
}

bool ceremony_beacon_kind(struct str name, enum beacon_kind *out)
{
    for (int k = BEACON_LOTTERY; k <= BEACON_OTHER; k++) {
        if (str_eq(name, str_of(beacon_kind_name((enum beacon_kind)k)))) {
            *out = (enum beacon_kind)k;
            return true;
        }
    }
    return false;
}

/* ERR_FIELD "member: lo..hi" when the number is outside. `at` is the member with its index. */
static enum err whole(struct cx *cx, const char *at, int64_t v, int64_t lo, int64_t hi)
{
    return v >= lo && v <= hi
               ? ERR_OK
               : fail(cx, ERR_FIELD, "%s: %lld..%lld", at, (long long)lo, (long long)hi);
}

/* The same for member `name` of the i-th lot. */
static enum err whole_of_lot(struct cx *cx, size_t i, const char *name, int64_t v, int64_t hi)
{
    return v >= 0 && v <= hi ? ERR_OK
                             : fail(cx, ERR_FIELD, "lots[%zu].%s: 0..%lld", i, name, (long long)hi);
}

/* ---- the plan's own members ------------------------------------------------------------------ */

static enum err check_top(struct cx *cx, const struct ceremony_plan *p)
{
    if (!is_region(p->region)) {
        return fail(cx, ERR_FIELD, "region: %d digits", REGION_DIGITS);
    }
    if (!ceremony_line_ok(p->title, TITLE_MAX)) {
        return fail(cx, ERR_FIELD, "title: one line of 1..%d characters", TITLE_MAX);
    }
    if (!ceremony_reason_ok(p->task)) {
        return fail(cx, ERR_FIELD, "task: one line of 1..%d characters", REASON_MAX);
    }
    if ((unsigned)p->hash >= DIGEST_KIND__COUNT) {
        return fail(cx, ERR_FIELD, "hash: sha256 or sm3");
    }
    return ERR_OK;
}

static enum err check_parties(struct cx *cx, const struct ceremony_plan *p)
{
    if (p->n_parties < 1 || p->n_parties > PARTIES_MAX) {
        return fail(cx, ERR_FIELD, "parties: 1..%d departments", PARTIES_MAX);
    }
    for (size_t i = 0; i < p->n_parties; i++) {
        if (!is_name(p->parties[i])) {
            return fail(cx, ERR_FIELD, "parties[%zu]: 1..%d of A-Z a-z 0-9 _", i, NAME_MAX_BYTES);
        }
        for (size_t k = 0; k < i; k++) {
            if (str_eq(p->parties[k], p->parties[i])) {
                return fail(cx, ERR_FIELD, "parties[%zu]: the same as parties[%zu]", i, k);
            }
        }
    }
    return ERR_OK;
}

static enum err check_beacons(struct cx *cx, const struct ceremony_plan *p)
{
    if (p->n_beacons > BEACONS_MAX) {
        return fail(cx, ERR_FIELD, "beacons: at most %d", BEACONS_MAX);
    }
    for (size_t i = 0; i < p->n_beacons; i++) {
        struct plan_beacon b = { .ref = p->beacons[i].ref };
        if (!ceremony_beacon_kind(p->beacons[i].kind, &b.kind)) {
            return fail(cx, ERR_FIELD, "beacons[%zu].kind: lottery, dice, drand, nist or other", i);
        }
        const char *fault = beacon_ref_fault(&b);
        if (fault != NULL) {
            return fail(cx, ERR_FIELD, "beacons[%zu].ref: %s", i, fault);
        }
        for (size_t k = 0; k < i; k++) {
            if (str_eq(p->beacons[k].kind, p->beacons[i].kind) &&
                str_eq(p->beacons[k].ref, p->beacons[i].ref)) {
                return fail(cx, ERR_FIELD, "beacons[%zu]: the same as beacons[%zu]", i, k);
            }
        }
    }
    return ERR_OK;
}

static enum err check_terms(struct cx *cx, const struct ceremony_plan *p)
{
    if (p->missing_skip && p->n_beacons == 0) {
        return fail(cx, ERR_FIELD, "missing_skip: needs a beacon");
    }
    if (p->embargo_on != 0 &&
        (!date_valid(p->embargo_on) || p->embargo_on <= date_of_ms(cx->now_ms))) {
        return fail(cx, ERR_FIELD, "embargo_on: a day after today");
    }
    TRY(whole(cx, "yearly_cap", p->yearly_cap, 0, CAP_MAX));
    TRY(whole(cx, "beacon_wait_s", p->beacon_wait_s, p->demo ? 0 : CEREMONY_WAIT_MIN_S,
              WAIT_MAX_S));
    TRY(whole(cx, "cosigners", p->cosigners, 0, COSIGNERS_MAX));
    if (p->supersedes < 0) {
        return fail(cx, ERR_FIELD, "supersedes: the id of a draw");
    }
    if (p->supersedes != 0 ? !ceremony_reason_ok(p->supersedes_reason)
                           : p->supersedes_reason.n != 0) {
        return fail(cx, ERR_FIELD, "supersedes_reason: one line of 1..%d characters, %s",
                    REASON_MAX, "only with supersedes");
    }
    return ERR_OK;
}

/* ---- named entities ---------------------------------------------------------------------------
 */

static int by_code(const void *a, const void *b)
{
    const struct str *x = a;
    const struct str *y = b;
    return str_cmp(*x, *y);
}

/* Are all codes different? `list` names the member. */
static enum err check_twice(struct cx *cx, const char *list, struct str *codes, size_t n)
{
    qsort(codes, n, sizeof *codes, by_code);
    for (size_t i = 1; i < n; i++) {
        if (str_eq(codes[i - 1], codes[i])) {
            return fail(cx, ERR_FIELD, "%s: " STR_FMT " twice", list, STR_ARG(codes[i]));
        }
    }
    return ERR_OK;
}

static enum err check_named(struct cx *cx, const char *list, const struct ceremony_named *all,
                            size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_code(all[i].code)) {
            return fail(cx, ERR_FIELD, "%s[%zu].code: 1..%d of 0-9 A-Z", list, i, CODE_MAX);
        }
        if (!ceremony_reason_ok(all[i].reason)) {
            return fail(cx, ERR_FIELD, "%s[%zu].reason: one line of 1..%d characters", list, i,
                        REASON_MAX);
        }
    }
    return ERR_OK;
}

/* Each list names an entity once, and no entity is both certain and left out. */
static enum err check_names(struct cx *cx, const struct ceremony_plan *p)
{
    size_t most = p->n_excluded;
    for (size_t i = 0; i < p->n_lots; i++) {
        most += p->lots[i].n_mandatory;
    }
    struct str *codes = arena_alloc(cx->mem, most + 1, sizeof *codes);
    if (codes == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu named entities", most);
    }
    TRY(check_named(cx, "excluded", p->excluded, p->n_excluded));
    for (size_t i = 0; i < p->n_lots; i++) {
        const struct ceremony_lot *l = &p->lots[i];
        char list[64];
        (void)snprintf(list, sizeof list, "lots[%zu].mandatory", i);
        TRY(check_named(cx, list, l->mandatory, l->n_mandatory));
        for (size_t k = 0; k < l->n_mandatory; k++) {
            codes[k] = l->mandatory[k].code;
        }
        TRY(check_twice(cx, list, codes, l->n_mandatory));
        for (size_t k = 0; k < p->n_excluded; k++) {
            codes[l->n_mandatory + k] = p->excluded[k].code;
        }
        TRY(check_twice(cx, "excluded", codes, l->n_mandatory + p->n_excluded));
    }
    return ERR_OK;
}

/* ---- lots and teams ---------------------------------------------------------------------------
 */

static bool is_grade(struct str s)
{
    return s.n == 1 && (is_upper(s.p[0]) || s.p[0] == '-' || s.p[0] == '*');
}

static int64_t weight_max(enum ceremony_mode mode)
{
    switch (mode) {
    case CEREMONY_FIXED:
        return (int64_t)DRAW_WEIGHT_MAX;
    case CEREMONY_RATE:
        return MILLION;
    case CEREMONY_ORDER:
    case CEREMONY_MODE__COUNT:
    default:
        return 1;
    }
}

static enum err check_grade(struct cx *cx, const struct ceremony_lot *l, size_t at, size_t i)
{
    const struct ceremony_grade *g = &l->grades[i];
    char member[64];
    if (!is_grade(g->grade)) {
        return fail(cx, ERR_FIELD, "lots[%zu].grades[%zu].grade: a letter, - or *", at, i);
    }
    for (size_t k = 0; k < i; k++) {
        if (str_eq(l->grades[k].grade, g->grade)) {
            return fail(cx, ERR_FIELD, "lots[%zu].grades[%zu].grade: the same as grades[%zu]", at,
                        i, k);
        }
    }
    (void)snprintf(member, sizeof member, "lots[%zu].grades[%zu].weight", at, i);
    TRY(whole(cx, member, g->weight, 0, weight_max(l->mode)));
    (void)snprintf(member, sizeof member, "lots[%zu].grades[%zu].memory", at, i);
    return whole(cx, member, g->memory, 0, MEMORY_RHO_MAX);
}

static enum err check_grades(struct cx *cx, const struct ceremony_lot *l, size_t at)
{
    bool chance = l->n_grades == 0 || l->n_mandatory > 0 || l->due_months > 0;
    if (l->mode == CEREMONY_RATE && l->n_grades == 0) {
        return fail(cx, ERR_FIELD, "lots[%zu].grades: a rate lot needs them", at);
    }
    for (size_t i = 0; i < l->n_grades; i++) {
        TRY(check_grade(cx, l, at, i));
        chance = chance || l->grades[i].weight > 0;
    }
    return chance ? ERR_OK : fail(cx, ERR_FIELD, "lots[%zu].grades: nobody has a chance", at);
}

/* What only one mode has. */
static enum err check_mode(struct cx *cx, const struct ceremony_lot *l, size_t at)
{
    bool fixed = l->mode == CEREMONY_FIXED;
    bool rate = l->mode == CEREMONY_RATE;
    if ((unsigned)l->mode >= CEREMONY_MODE__COUNT) {
        return fail(cx, ERR_FIELD, "lots[%zu].mode: fixed, rate or order", at);
    }
    if (fixed && l->n < 1) {
        return fail(cx, ERR_FIELD, "lots[%zu].n: 1..%d", at, LOT_N_MAX);
    }
    TRY(whole_of_lot(cx, at, "n", l->n, fixed ? LOT_N_MAX : 0));
    TRY(whole_of_lot(cx, at, "reserve", l->reserve, fixed ? LOT_N_MAX : 0));
    TRY(whole_of_lot(cx, at, "memory_years", l->memory_years, rate ? MEMORY_YEARS_MAX : 0));
    TRY(whole_of_lot(cx, at, "due_months", l->due_months, rate ? DUE_MONTHS_MAX : 0));
    if (!rate && l->n_mandatory > 0) {
        return fail(cx, ERR_FIELD, "lots[%zu].mandatory: in a rate lot only", at);
    }
    if (l->item.n == 0 && (l->memory_years > 0 || l->due_months > 0)) {
        return fail(cx, ERR_FIELD, "lots[%zu].item: memory_years and due_months need one", at);
    }
    return ERR_OK;
}

static enum err check_lot(struct cx *cx, const struct ceremony_plan *p, size_t at)
{
    const struct ceremony_lot *l = &p->lots[at];
    const uint64_t classes = ((UINT64_C(1) << CLASS_LAST) - 1) << CLASS_FIRST;
    if (!is_name(l->name)) {
        return fail(cx, ERR_FIELD, "lots[%zu].name: 1..%d of A-Z a-z 0-9 _", at, NAME_MAX_BYTES);
    }
    for (size_t k = 0; k < at; k++) {
        if (str_eq(p->lots[k].name, l->name)) {
            return fail(cx, ERR_FIELD, "lots[%zu].name: the same as lots[%zu]", at, k);
        }
    }
    if (l->item.n > 0 && !is_name(l->item)) {
        return fail(cx, ERR_FIELD, "lots[%zu].item: 1..%d of A-Z a-z 0-9 _", at, NAME_MAX_BYTES);
    }
    for (size_t i = 0; i < l->n_industries; i++) {
        if (!is_industry(l->industries[i])) {
            return fail(cx, ERR_FIELD, "lots[%zu].industries[%zu]: such as F, F52 or F5211", at, i);
        }
    }
    if ((l->classes & ~classes) != 0) {
        return fail(cx, ERR_FIELD, "lots[%zu].classes: bits %d..%d", at, CLASS_FIRST, CLASS_LAST);
    }
    TRY(check_mode(cx, l, at));
    return check_grades(cx, l, at);
}

static bool lot_known(const struct ceremony_plan *p, struct str name)
{
    size_t i = 0;
    while (i < p->n_lots && !str_eq(p->lots[i].name, name)) {
        i++;
    }
    return i < p->n_lots;
}

static enum err check_team(struct cx *cx, const struct ceremony_plan *p, size_t at)
{
    const struct ceremony_team *t = &p->teams[at];
    if (!lot_known(p, t->lot)) {
        return fail(cx, ERR_FIELD, "teams[%zu].lot: no lot \"" STR_FMT "\"", at, STR_ARG(t->lot));
    }
    if (!is_name(t->dept)) {
        return fail(cx, ERR_FIELD, "teams[%zu].dept: 1..%d of A-Z a-z 0-9 _", at, NAME_MAX_BYTES);
    }
    if (t->size < TEAM_MIN || t->size > TEAM_MAX) {
        return fail(cx, ERR_FIELD, "teams[%zu].size: %d..%d", at, TEAM_MIN, TEAM_MAX);
    }
    if (t->qual.n > 0 && !is_name(t->qual)) {
        return fail(cx, ERR_FIELD, "teams[%zu].qual: 1..%d of A-Z a-z 0-9 _", at, NAME_MAX_BYTES);
    }
    for (size_t k = 0; k < at; k++) {
        const struct ceremony_team *o = &p->teams[k];
        if (str_eq(o->lot, t->lot) && str_eq(o->dept, t->dept) && str_eq(o->qual, t->qual)) {
            return fail(cx, ERR_FIELD, "teams[%zu]: the same as teams[%zu]", at, k);
        }
    }
    return ERR_OK;
}

enum err ceremony_plan_check(struct cx *cx, const struct ceremony_plan *p)
{
    TRY(check_top(cx, p));
    TRY(check_parties(cx, p));
    TRY(check_beacons(cx, p));
    TRY(check_terms(cx, p));
    if (p->n_lots < 1 || p->n_lots > LOTS_MAX) {
        return fail(cx, ERR_FIELD, "lots: 1..%d", LOTS_MAX);
    }
    for (size_t i = 0; i < p->n_lots; i++) {
        TRY(check_lot(cx, p, i));
    }
    if (p->n_teams > TEAMS_MAX) {
        return fail(cx, ERR_FIELD, "teams: at most %d", TEAMS_MAX);
    }
    for (size_t i = 0; i < p->n_teams; i++) {
        TRY(check_team(cx, p, i));
    }
    return check_names(cx, p);
}
