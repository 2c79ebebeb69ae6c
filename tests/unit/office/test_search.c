/* Search: by table, then thousands of random questions, each answered a second time by looking at
 * every entity. */
#include "../store_harness.h"

#include "office/entity_rows.h"
#include "office/office.h"
#include "office/search_inner.h"

#include <stdio.h>
#include <stdlib.h>

static struct defs *defs;

static int load(void **state UNUSED)
{
    TEST_CX(cx);
    ASSERT_OK(cx, defs_load(cx, getenv("SISHI_DEFINITIONS"), &defs));
    return 0;
}

static int unload(void **state UNUSED)
{
    defs_freep(&defs);
    return 0;
}

static const struct actor public = { 0 };
static const struct actor clerk = { .account = 7, .roles = ROLE_BIT(REGISTRAR) };

/* ---- cursors and folding ------------------------------------------------------------------- */

static void a_cursor_comes_back_as_it_went(void **state UNUSED)
{
    static const struct list_place places[] = {
        { 0, STR_INIT("91430104YD0000001A") },
        { 77, STR_INIT("abc") },
        { INT64_MAX, STR_INIT("\xe5\xb2\xb3\xe9\xba\x93") },
        { 1, STR_INIT("?") },
    };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        enum search_sort sort = i == 0 ? SEARCH_BY_CODE : SEARCH_BY_NAME;
        struct list_place got;
        struct str cursor;
        TEST_CX(cx);
        ASSERT_OK(cx, cursor_put(cx, sort, &places[i], &cursor));
        for (size_t k = 0; k < cursor.n; k++) {
            assert_non_null(
                memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                       cursor.p[k], 64));
        }
        ASSERT_OK(cx, cursor_get(cx, sort, cursor, &got));
        assert_true(str_eq(got.key, places[i].key) && got.home == places[i].home);
        TEST_CX(other);
        ASSERT_ERR(ERR_FIELD, cursor_get(other, sort == SEARCH_BY_CODE, cursor, &got));
    }
}

static const struct {
    const char *what;
    enum search_sort sort;
    const char *cursor;
} bad_cursors[] = {
    { "another letter", SEARCH_BY_CODE, "x91" },
    { "no code", SEARCH_BY_CODE, "c" },
    { "a code with a quote", SEARCH_BY_CODE, "c9'1" },
    { "a long code", SEARCH_BY_CODE, "c9143010400000000000000" },
    { "no id", SEARCH_BY_NAME, "n00" },
    { "an id and no name", SEARCH_BY_NAME, "n0000000000001" },
    { "a name that is no base64", SEARCH_BY_NAME, "n0000000000001*" },
    { "a name that is no UTF-8", SEARCH_BY_NAME, "n0000000000001_w" },
};

static void bad_cursors_are_refused(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(bad_cursors); i++) {
        struct list_place got;
        TEST_CX(cx);
        print_message("%s\n", bad_cursors[i].what);
        ASSERT_ERR(ERR_FIELD,
                   cursor_get(cx, bad_cursors[i].sort, str_of(bad_cursors[i].cursor), &got));
    }
}

/* ---- a small register ---------------------------------------------------------------------- */

enum { ENTITIES = 3000, CHARACTERS = 14 };
/* Few characters, so that parts of names meet often; Latin ones are folded. */
static const char *const characters[CHARACTERS] = {
    "\xe5\xb2\xb3",
    "\xe9\xba\x93",
    "\xe5\x8c\xba",
    "\xe6\x9c\x89",
    "\xe9\x99\x90",
    "\xe5\x85\xac",
    "\xe5\x8f\xb8",
    "\xf0\xa0\xae\xb7",
    "A",
    "b",
    "7",
    "\xef\xbc\xa1",
    "(",
    "\xc2\xb7",
};
static const char *const regions[] = { "430104", "430104001", "430105", "430224", "430000" };
static const char *const industries[] = { "F5211", "F52", "C2652", "" };

static uint64_t chance_state = 42;
static uint64_t chance(uint64_t below)
{
    chance_state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = chance_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

/* Of 1..most characters; skewed, so that some pairs are in most names. */
static struct str some_name(struct arena *mem, uint64_t most)
{
    char text[256];
    size_t n = 0;
    for (uint64_t left = 1 + chance(most); left > 0; left--) {
        uint64_t at = chance(CHARACTERS) * chance(CHARACTERS) / CHARACTERS;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s", characters[at]);
    }
    return str_dup(mem, (struct str){ text, n });
}

static struct str code_of(struct arena *mem, int i)
{
    char *code = arena_alloc(mem, 32, 1);
    (void)snprintf(code, 32, "91430104YD%06u00", (unsigned)i % 1000000);
    code[16] = organisation_check_character(code + 8);
    code[17] = uscc_check_character(code);
    return (struct str){ code, USCC_CHARS };
}

static struct str regno_of(struct arena *mem, int i)
{
    char *code = arena_alloc(mem, 32, 1);
    (void)snprintf(code, 32, "91010400%06u0", (unsigned)i % 1000000);
    code[14] = regno_check_digit(code);
    return (struct str){ code, REGNO_CHARS };
}

/* What a test knows of an entity. */
struct known {
    struct market_entity e;
    struct str key, code;
    struct entity_name other[4];
    struct str other_key[4];
    size_t n_other;
};

struct small {
    struct arena *mem;
    struct known *k;
    size_t n;
};

static struct market_entity some_entity(struct arena *mem, int i)
{
    uint64_t codes = chance(10); /* 0 neither, 1 a registration number alone, 2 both */
    return (struct market_entity){
        .uscc = codes >= 2 ? code_of(mem, i * 7919 % 1000000) : STR(""),
        .regno = codes == 1 || codes == 2 ? regno_of(mem, i) : STR(""),
        .name = some_name(mem, 9),
        .cls = (int)chance(4) + 1,
        .status = chance(8) == 0   ? ENTITY_REVOKED
                  : chance(9) == 0 ? ENTITY_DORMANT
                                   : ENTITY_ACTIVE,
        .region = str_of(regions[chance(COUNT_OF(regions))]),
        .authority = chance(9) == 0 ? STR("X1") : STR(""),
        .industry = str_of(industries[chance(COUNT_OF(industries))]),
        .established_on = 20200101,
        .capital_fen = -1,
        .representative = STR("Li"),
    };
}

static enum err fill_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct small *w = arg;
    const struct entity_stamp s = { .at_ms = cx->now_ms };
    struct entity_new *rows = arena_alloc(cx->mem, w->n, sizeof *rows);
    for (size_t i = 0; i < w->n; i++) {
        rows[i].e = w->k[i].e;
    }
    TRY(entity_rows_add(cx, tx, &s, rows, w->n, NULL, 0));
    for (size_t i = 0; i < w->n; i++) {
        w->k[i].e.id = rows[i].e.id;
    }
    return ERR_OK;
}

static void know(struct small *w, struct known *k)
{
    struct cx cx = { .mem = w->mem };
    char *id = arena_alloc(w->mem, ID_CHARS, 1);
    id_put(k->e.id, id);
    k->code = k->e.uscc.n > 0    ? k->e.uscc
              : k->e.regno.n > 0 ? k->e.regno
                                 : (struct str){ id, ID_CHARS };
    ASSERT_OK(&cx, name_fold(&cx, k->e.name, &k->key));
    for (size_t i = 0; i < k->n_other; i++) {
        ASSERT_OK(&cx, name_fold(&cx, k->other[i].name, &k->other_key[i]));
    }
}

static void fill(const struct desk *d, struct small *w)
{
    struct op op = { 0 };
    TEST_CX(cx);
    w->n = ENTITIES;
    w->k = arena_alloc(w->mem, w->n, sizeof *w->k);
    for (size_t i = 0; i < w->n; i++) {
        w->k[i].e = some_entity(w->mem, (int)i);
    }
    ASSERT_OK(cx, store_write(cx, d->store, &op, fill_work, w));
}

/* Some get another name, which makes the old one a former one, and some an alias. */
static void rename_some(const struct desk *d, struct small *w)
{
    for (int i = 0; i < 150; i++) {
        TEST_CX(cx);
        struct known *k = &w->k[chance(w->n)];
        struct str name = some_name(w->mem, 9);
        bool there = false;
        if (k->n_other == COUNT_OF(k->other)) {
            continue;
        }
        if (chance(3) == 0) {
            ASSERT_OK(cx, register_alias_add(cx, d, &clerk, k->e.id, name, STR("")));
            k->other[k->n_other++] = (struct entity_name){ .name = name, .kind = NAME_ALIAS };
            continue;
        }
        struct entity_change c = { .id = k->e.id,
                                   .fields = FIELD_NAME,
                                   .to = { .name = name },
                                   .from_on = 20210101,
                                   .reason = STR("test") };
        ASSERT_OK(cx, register_change(cx, d, &clerk, &c, STR("")));
        for (size_t o = 0; o < k->n_other; o++) {
            there |= str_eq(k->other[o].name, k->e.name) && k->other[o].kind == NAME_FORMER;
        }
        if (!there && !str_eq(k->e.name, name)) {
            k->other[k->n_other++] = (struct entity_name){ .name = k->e.name, .kind = NAME_FORMER };
        }
        k->e.name = name;
    }
    for (size_t i = 0; i < w->n; i++) {
        know(w, &w->k[i]);
    }
}

/* ---- the same question, asked of every entity ---------------------------------------------- */

static bool in_filter(const struct known *k, const struct entity_filter *f)
{
    const struct market_entity *e = &k->e;
    struct str region = region_prefix(f->region);
    return str_starts(e->region, region) && str_starts(e->industry, f->industry) &&
           (f->authority.n == 0 || str_eq(e->authority, f->authority)) &&
           (f->classes == 0 || (f->classes >> e->cls & 1) == 1) &&
           (f->statuses == 0 || (f->statuses >> e->status & 1) == 1) &&
           (f->grades == 0 || (f->grades & 1u << 4) != 0) &&
           (str_starts(e->uscc, f->code) || str_starts(e->regno, f->code) ||
            str_starts(k->code, f->code));
}

/* -1: no match; 0: by the current name; else 1 + the number of the other name. */
static int name_in(const struct known *k, struct str part)
{
    bool head = utf8_count(part) < 2;
    if (part.n == 0) {
        return 0;
    }
    if (head ? str_starts(k->key, part) : memmem(k->key.p, k->key.n, part.p, part.n) != NULL) {
        return 0;
    }
    int found = -1;
    for (size_t i = 0; i < k->n_other; i++) {
        struct str o = k->other_key[i];
        bool fits = head ? str_starts(o, part) : memmem(o.p, o.n, part.p, part.n) != NULL;
        if (fits && (found < 0 || k->other[i].kind < k->other[found - 1].kind)) {
            found = (int)i + 1;
        }
    }
    return found;
}

static const struct known *asked_order_of; /* for qsort */
static enum search_sort asked_sort;
static int by_place(const void *a, const void *b)
{
    const struct known *ka = asked_order_of + *(const size_t *)a;
    const struct known *kb = asked_order_of + *(const size_t *)b;
    struct list_place pa = { ka->e.id, asked_sort == SEARCH_BY_CODE ? ka->code : ka->key };
    struct list_place pb = { kb->e.id, asked_sort == SEARCH_BY_CODE ? kb->code : kb->key };
    return place_cmp(asked_sort, &pa, &pb);
}

/* All matches in the order of the list. */
static size_t brute(const struct small *w, const struct search_query *q, struct str part,
                    size_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (in_filter(&w->k[i], &q->filter) && name_in(&w->k[i], part) >= 0) {
            out[n++] = i;
        }
    }
    asked_order_of = w->k;
    asked_sort = q->sort;
    qsort(out, n, sizeof *out, by_place);
    return n;
}

static struct search_query some_question(struct arena *mem, const struct small *w)
{
    struct search_query q = { .sort = chance(2) == 0 ? SEARCH_BY_CODE : SEARCH_BY_NAME,
                              .limit = 1 + (int)chance(chance(4) == 0 ? 500 : 20),
                              .count = chance(2) == 0 };
    struct entity_filter *f = &q.filter;
    f->name = chance(4) > 0 ? some_name(mem, 1 + chance(5)) : STR("");
    f->region = chance(3) == 0 ? str_of(regions[chance(COUNT_OF(regions))]) : STR("");
    f->industry = chance(4) == 0 ? str_of(industries[chance(COUNT_OF(industries))]) : STR("");
    f->authority = chance(12) == 0 ? STR("X1") : STR("");
    f->classes = chance(5) == 0 ? UINT64_C(1) << (1 + chance(4)) : 0;
    f->statuses = chance(5) == 0 ? UINT64_C(1) << (1 + chance(3)) : 0;
    f->grades = chance(12) == 0 ? 1u << (3 + chance(2)) : 0;
    if (chance(8) == 0) {
        struct str code = w->k[chance(w->n)].code;
        f->code = (struct str){ code.p, 1 + chance(code.n) };
    }
    return q;
}

static void compare_hit(const struct known *k, struct str part, const struct search_hit *h)
{
    assert_true(h->entity.id == k->e.id);
    assert_true(str_eq(h->entity.name, k->e.name));
    assert_true(str_eq(h->entity.code, k->code));
    int by = name_in(k, part);
    if (by == 0) {
        assert_int_equal(h->matched.n, 0);
        assert_int_equal(h->matched_kind, NAME_CURRENT);
    } else {
        assert_true(str_eq(h->matched, k->other[by - 1].name));
        assert_int_equal(h->matched_kind, k->other[by - 1].kind);
    }
}

/* With these nearly every question is answered the long way. */
static const struct search_bounds tight = { .few = 20, .step = 70, .narrow = 150, .window = 100 };

/* The first pages; what a page says of the next one is true. */
static int64_t ask(const struct desk *d, const struct small *w, struct search_query *q,
                   size_t *want)
{
    TEST_CX(cx);
    struct str part;
    ASSERT_OK(cx, name_fold(cx, q->filter.name, &part));
    size_t n = brute(w, q, part, want);
    size_t at = 0;
    int pages = 0;
    do {
        struct search_page page;
        const struct search_bounds *bounds = chance(2) == 0 ? &search_bounds_usual : &tight;
        ASSERT_OK(cx, search_within(cx, d, &clerk, q, bounds, &page));
        for (size_t i = 0; i < page.n; i++, at++) {
            if (at >= n) {
                fail_msg("more than %zu", n);
            }
            compare_hit(&w->k[want[at]], part, &page.hits[i]);
        }
        assert_int_equal(page.count, q->count ? (int64_t)n : -1);
        assert_true(page.n == (size_t)q->limit || page.next.n == 0);
        assert_true((page.next.n > 0) == (at < n));
        q->cursor = page.next;
    } while (q->cursor.n > 0 && ++pages < 4);
    return (int64_t)n;
}

static void pages_hold_what_a_look_at_everything_finds(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        CLEANUP(arena_freep) struct arena *mem = arena_new(64u << 20);
        struct small w = { .mem = mem };
        size_t *want = arena_alloc(mem, ENTITIES, sizeof *want);
        int64_t found = 0;
        int64_t empty = 0;
        fill(&d, &w);
        rename_some(&d, &w);
        for (int i = 0; i < 3000; i++) {
            struct arena_mark mark = arena_mark(mem);
            struct search_query q = some_question(mem, &w);
            int64_t n = ask(&d, &w, &q, want);
            found += n;
            empty += n == 0;
            arena_reset(mem, mark);
        }
        print_message("%lld matches, %lld questions without\n", (long long)found, (long long)empty);
        assert_true(found > 10000 && empty > 10 && empty < 2500);
        TEST_CX(cx);
        ASSERT_OK(cx, search_rebuild(cx, &d, NULL, NULL));
        for (int i = 0; i < 200; i++) {
            struct search_query q = some_question(mem, &w);
            (void)ask(&d, &w, &q, want);
        }
    }
}

/* ---- by table ------------------------------------------------------------------------------ */

#define YUELU "\xe5\xb2\xb3\xe9\xba\x93"
#define LU    "\xe9\xba\x93"

static const struct {
    const char *what, *name;
    size_t n;
} words[] = {
    { "two characters within", LU "\xe5\x8c\xba", 1 },
    { "one at the beginning", "\xe5\xb2\xb3", 1 },
    { "one within is not found", LU, 0 },
    { "width and case",
      "\xef\xbd\x81"
      "bc",
      1 },
    { "blanks and marks do not count", " A\xc2\xb7 b (c) ", 1 },
    { "the former name", "Old one", 1 },
    { "an alias", "signboard", 1 },
    { "no name", "  ", 2 },
    { "words of a query language", "a OR b", 0 },
    { "a quote", "\"ab\"*", 1 },
    { "marks alone", "**", 0 },
};

static void names_are_found_as_people_write_them(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct market_entity e = { .uscc = STR("91350100M000100Y43"),
                                   .name = STR(YUELU "\xe5\x8c\xba"
                                                     "ABC(\xe5\x85\xac)"),
                                   .cls = 1,
                                   .status = ENTITY_ACTIVE,
                                   .region = STR("430104"),
                                   .capital_fen = -1,
                                   .representative = STR("Li") };
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, register_add(cx, &d, &clerk, &e, STR(""), &id));
        e.uscc = STR("");
        e.name = STR("Old one");
        ASSERT_OK(cx, register_add(cx, &d, &clerk, &e, STR(""), &id));
        struct entity_change c = { .id = id,
                                   .fields = FIELD_NAME,
                                   .to = { .name = STR("New") },
                                   .from_on = 20261123,
                                   .reason = STR("test") };
        ASSERT_OK(cx, register_change(cx, &d, &clerk, &c, STR("")));
        ASSERT_OK(cx, register_alias_add(cx, &d, &clerk, id, STR("Signboard"), STR("")));
        for (size_t i = 0; i < COUNT_OF(words); i++) {
            const struct search_query q = { .filter.name = str_of(words[i].name), .count = true };
            struct search_page page;
            print_message("%s\n", words[i].what);
            ASSERT_OK(cx, register_search(cx, &d, &public, &q, &page));
            assert_int_equal(page.n, words[i].n);
            assert_int_equal(page.count, words[i].n);
            for (size_t k = 0; k < page.n; k++) {
                assert_int_equal(page.hits[k].entity.representative.n, 0);
            }
        }
    }
}

static void wrong_questions_are_refused(void **state UNUSED)
{
    static const struct {
        const char *what;
        struct search_query q;
        enum err want;
        const char *names;
    } cases[] = {
        { "limit", { .limit = 501 }, ERR_FIELD, "limit" },
        { "limit below", { .limit = -1 }, ERR_FIELD, "limit" },
        { "cursor", { .cursor = STR_INIT("x") }, ERR_FIELD, "cursor" },
        { "grades", { .filter.grades = 1 }, ERR_SIGNED_OUT, "REGISTER_READ" },
        { "region", { .filter.region = STR_INIT("43'") }, ERR_FIELD, "region" },
        { "industry", { .filter.industry = STR_INIT("5") }, ERR_FIELD, "industry" },
        { "name", { .filter.name = STR_INIT("a\xff") }, ERR_FIELD, "name" },
    };
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            struct search_page page;
            TEST_CX(cx);
            print_message("%s\n", cases[i].what);
            ASSERT_ERR(cases[i].want, register_search(cx, &d, &public, &cases[i].q, &page));
            assert_non_null(strstr(cx->fault.detail, cases[i].names));
        }
    }
}

/* Above the bounds at which another way is taken, the answer stays the same. */
static void a_large_register_is_paged_through(void **state UNUSED)
{
    enum { MANY = 36000, PAGE = 500 };
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct demo_options o = { .entities = MANY, .seed = 3 };
        struct demo_result made;
        TEST_CX(cx);
        ASSERT_OK(cx, demo_make(cx, &d, &o, &made));
        static const char *const names[] = { "\xe6\x9c\x89\xe9\x99\x90", "", "\xe9\x95\xbf" };
        for (size_t i = 0; i < 2 * COUNT_OF(names); i++) {
            struct search_query q = { .filter.name = str_of(names[i / 2]),
                                      .sort = i % 2 == 0 ? SEARCH_BY_CODE : SEARCH_BY_NAME,
                                      .limit = PAGE };
            int64_t n = 0;
            struct list_place last = { 0, STR("") };
            do {
                struct arena_mark mark = arena_mark(cx->mem);
                static char kept[PLACE_KEY_MAX];
                struct search_page page;
                ASSERT_OK(cx, register_search(cx, &d, &public, &q, &page));
                for (size_t k = 0; k < page.n; k++) {
                    const struct market_entity *e = &page.hits[k].entity;
                    struct list_place p = { e->id, e->code };
                    if (q.sort == SEARCH_BY_NAME) {
                        ASSERT_OK(cx, name_fold(cx, e->name, &p.key));
                    }
                    assert_true(place_cmp(q.sort, &last, &p) < 0);
                    memcpy(kept, p.key.p, p.key.n);
                    last = (struct list_place){ p.home, { kept, p.key.n } };
                }
                n += (int64_t)page.n;
                static char cursor[2048];
                if (page.next.n > 0) {
                    memcpy(cursor, page.next.p, page.next.n);
                }
                q.cursor = (struct str){ cursor, page.next.n };
                arena_reset(cx->mem, mark);
            } while (q.cursor.n > 0);
            q.count = true;
            struct search_page page;
            ASSERT_OK(cx, register_search(cx, &d, &public, &q, &page));
            print_message("%lld found, %lld counted\n", (long long)n, (long long)page.count);
            assert_int_equal(page.count, n > SEARCH_COUNT_CAP ? SEARCH_COUNT_CAP : n);
            assert_int_equal(page.count_capped, n > SEARCH_COUNT_CAP);
            assert_true(names[i / 2][0] != '\0' || n == MANY);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cursor_comes_back_as_it_went),
        cmocka_unit_test(bad_cursors_are_refused),
        cmocka_unit_test(names_are_found_as_people_write_them),
        cmocka_unit_test(wrong_questions_are_refused),
        cmocka_unit_test(pages_hold_what_a_look_at_everything_finds),
        cmocka_unit_test(a_large_register_is_paged_through),
    };
    log_set_level(LOG_WARN);
    return cmocka_run_group_tests(tests, load, unload);
}
