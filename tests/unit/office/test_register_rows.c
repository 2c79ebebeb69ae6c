#include "../store_harness.h"

#include "office/entity_rows.h"
#include "office/office.h"

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

#define TODAY   20261123
#define USCC_A  "91350100M000100Y43"
#define REGNO_A "110108000000016"

static const struct actor public = { 0 };
static const struct actor clerk = { .account = 7, .roles = ROLE_BIT(REGISTRAR) };

static struct market_entity plain(void)
{
    return (struct market_entity){ .uscc = STR(USCC_A),
                                   .name = STR("Abc"),
                                   .cls = 1,
                                   .status = ENTITY_ACTIVE,
                                   .region = STR("430104"),
                                   .industry = STR("F5211"),
                                   .established_on = 20200101,
                                   .capital_fen = -1 };
}

/* ---- checking ------------------------------------------------------------------------------ */

static const struct {
    const char *what;
    unsigned fields;
    struct market_entity to;
    enum err want;
    const char *names; /* in the failure's detail */
} refused[] = {
    { "check character",
      FIELD_USCC,
      { .uscc = STR_INIT("91350100M000100Y44") },
      ERR_USCC_CHECKSUM,
      "91350100M000100Y44" },
    { "a registration number as USCC",
      FIELD_USCC,
      { .uscc = STR_INIT(REGNO_A) },
      ERR_USCC_LENGTH,
      REGNO_A },
    { "a USCC as registration number",
      FIELD_REGNO,
      { .regno = STR_INIT(USCC_A) },
      ERR_REGNO,
      USCC_A },
    { "no name", FIELD_NAME, { .name = STR_INIT("  ") }, ERR_FIELD, "name: 1..200" },
    { "a line in a name", FIELD_NAME, { .name = STR_INIT("a\nb") }, ERR_FIELD, "name: a control" },
    { "half a character", FIELD_NAME, { .name = STR_INIT("a\xe5\xb8") }, ERR_FIELD, "name: not" },
    { "class 99", FIELD_CLASS, { .cls = 99 }, ERR_FIELD, "class: " },
    { "no state", FIELD_STATUS, { .status = (enum entity_status)0 }, ERR_FIELD, "status: " },
    { "no region", FIELD_REGION, { .region = STR_INIT("") }, ERR_FIELD, "region: " },
    { "a region of five digits",
      FIELD_REGION,
      { .region = STR_INIT("43010") },
      ERR_FIELD,
      "region: \"43010\"" },
    { "an unknown region", FIELD_REGION, { .region = STR_INIT("439999") }, ERR_FIELD, "region: " },
    { "the country", FIELD_REGION, { .region = STR_INIT("000000") }, ERR_FIELD, "region: " },
    { "an authority with a blank",
      FIELD_AUTHORITY,
      { .authority = STR_INIT("43 01") },
      ERR_FIELD,
      "authority: " },
    { "an unknown industry",
      FIELD_INDUSTRY,
      { .industry = STR_INIT("F9999") },
      ERR_FIELD,
      "industry: \"F9999\"" },
    { "a date that is none",
      FIELD_ESTABLISHED,
      { .established_on = 20260230 },
      ERR_FIELD,
      "established_on: 20260230" },
    { "a date to come",
      FIELD_ESTABLISHED,
      { .established_on = 20261124 },
      ERR_FIELD,
      "established_on: 20261124" },
    { "closed in business",
      FIELD_CLOSED,
      { .closed_on = 20210101 },
      ERR_FIELD,
      "closed_on: its state is \"active\"" },
    { "closed before it began",
      FIELD_CLOSED | FIELD_STATUS,
      { .closed_on = 20191231, .status = ENTITY_REVOKED },
      ERR_FIELD,
      "closed_on: 20191231" },
    { "less than no capital", FIELD_CAPITAL, { .capital_fen = -2 }, ERR_FIELD, "capital: " },
    { "a line in an address",
      FIELD_PREMISES,
      { .premises = STR_INIT("a\tb\rc") },
      ERR_FIELD,
      "premises: " },
};

static void bad_entities_are_refused(void **state UNUSED)
{
    TEST_CX(fine);
    struct market_entity good = plain();
    ASSERT_OK(fine, entity_check(fine, defs, TODAY, &good));
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        TEST_CX(cx);
        struct market_entity e = plain();
        print_message("%s\n", refused[i].what);
        entity_take(&e, &refused[i].to, refused[i].fields);
        assert_int_equal(entity_differs(&e, &good), refused[i].fields);
        ASSERT_ERR(refused[i].want, entity_check(cx, defs, TODAY, &e));
        assert_non_null(strstr(cx->fault.detail, refused[i].names));
    }
}

static void an_entity_is_brought_into_its_stored_form(void **state UNUSED)
{
    TEST_CX(cx);
    struct market_entity e = plain();
    e.uscc = STR(" 91350100-m000100y43");
    e.name = STR("  Abc ");
    e.industry = STR("5211");
    ASSERT_OK(cx, entity_check(cx, defs, TODAY, &e));
    ASSERT_STR(USCC_A, e.uscc);
    ASSERT_STR("Abc", e.name);
    ASSERT_STR("F5211", e.industry);
}

/* ---- deriving ------------------------------------------------------------------------------ */

static const struct {
    const char *what, *a, *b;
    bool same;
} addresses[] = {
    { "width, case, blanks",
      "Road 12\xe5\x8f\xb7"
      "A",
      "\xef\xbc\xb2oad1\xef\xbc\x92\xe5\x8f\xb7 a", true },
    { "kinds of dash", "1-12",
      "1\xe2\x80\x93"
      "12",
      true },
    { "two houses", "1-12", "112", false },
    { "a room more", "12", "12 A", false },
};

static void equal_addresses_have_equal_keys(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        TEST_CX(cx);
        struct entity_keys a;
        struct entity_keys b;
        struct market_entity e = plain();
        print_message("%s\n", addresses[i].what);
        e.premises = str_of(addresses[i].a);
        ASSERT_OK(cx, entity_keys_of(cx, &e, &a));
        e.premises = str_of(addresses[i].b);
        ASSERT_OK(cx, entity_keys_of(cx, &e, &b));
        assert_int_equal(a.premises_key == b.premises_key, addresses[i].same);
        assert_true(a.premises_key > 0);
    }
}

static const struct {
    const char *key, *want;
} grams[] = {
    { "a", "a" },
    { "ab", "ab" },
    { "abc", "ab bc" },
    { "\xe5\xb2\xb3\xe9\xba\x93"
      "a",
      "\xe5\xb2\xb3\xe9\xba\x93 \xe9\xba\x93"
      "a" },
};

static void names_have_words_of_two_characters(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(grams); i++) {
        TEST_CX(cx);
        struct str out;
        ASSERT_OK(cx, name_grams(cx, str_of(grams[i].key), &out));
        ASSERT_STR(grams[i].want, out);
    }
}

/* ---- a batch ------------------------------------------------------------------------------- */

struct adding {
    const struct actor *by;
    struct entity_new *rows;
    size_t n;
    bool look; /* ask for the holders of the codes first */
};

static enum err add_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct adding *w = arg;
    const struct entity_stamp s = { .by = w->by, .at_ms = cx->now_ms };
    struct code_holder *held = NULL;
    size_t n_held = 0;
    struct str *codes = arena_alloc(cx->mem, w->n, sizeof *codes);
    for (size_t i = 0; i < w->n; i++) {
        codes[i] = w->rows[i].e.uscc;
    }
    if (w->look) {
        TRY(entity_holders(cx, tx, codes, w->n, &held, &n_held));
    }
    return entity_rows_add(cx, tx, &s, w->rows, w->n, held, n_held);
}

/* Codes with right checks: "91" region "YD" six digits. */
static struct str code_of(struct cx *cx, int i)
{
    char *code = arena_alloc(cx->mem, USCC_CHARS + 1, 1);
    (void)snprintf(code, USCC_CHARS + 1, "91430104YD%06d00", i);
    code[16] = organisation_check_character(code + 8);
    code[17] = uscc_check_character(code);
    return (struct str){ code, USCC_CHARS };
}

static enum err add_many(struct cx *cx, struct store *st, int n, const struct actor *by)
{
    static const char *const regions[] = { "430104", "430105", "430224", "430104001" };
    static const char *const industries[] = { "F5211", "F5212", "C2652", "" };
    struct op op = { 0 };
    struct entity_new *rows = arena_alloc(cx->mem, (size_t)n, sizeof *rows);
    struct adding w = { by, rows, (size_t)n, true };
    for (int i = 0; i < n; i++) {
        rows[i].e = plain();
        rows[i].e.uscc = i % 10 == 9 ? STR("") : code_of(cx, n - i); /* each tenth without a code */
        rows[i].e.region = str_of(regions[i % 4]);
        rows[i].e.industry = str_of(industries[i % 4]);
        rows[i].e.status = i % 5 == 0   ? ENTITY_REVOKED
                           : i % 5 == 1 ? ENTITY_DORMANT
                                        : ENTITY_ACTIVE;
        rows[i].e.cls = i % 3 + 1;
        rows[i].e.authority = i % 7 == 0 ? STR("4301A") : STR("");
        ASSERT_OK(cx, entity_check(cx, defs, TODAY, &rows[i].e));
    }
    return store_write(cx, st, &op, add_work, &w);
}

struct seen {
    const struct entity_filter *f;
    struct str last;
    int64_t n, live;
};

static enum err see(struct cx *cx, const struct market_entity *e, void *arg)
{
    struct seen *w = arg;
    const struct entity_filter *f = w->f;
    assert_true(str_cmp(w->last, e->code) < 0);
    assert_true(str_starts(e->region, region_prefix(f->region)));
    assert_true(str_starts(e->industry, f->industry));
    assert_true(str_starts(e->code, f->code));
    assert_true(f->classes == 0 || (f->classes >> e->cls & 1) == 1);
    assert_true(f->statuses == 0 || (f->statuses >> e->status & 1) == 1);
    assert_true(f->authority.n == 0 || str_eq(f->authority, e->authority));
    w->last = str_dup(cx->mem, e->code);
    w->n++;
    w->live += e->status == ENTITY_ACTIVE || e->status == ENTITY_DORMANT;
    return ERR_OK;
}

static enum err each_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct seen *w = arg;
    w->n = 0;
    w->live = 0;
    w->last = STR("");
    return register_each(cx, tx, w->f, see, w);
}

static const struct {
    const char *what;
    struct entity_filter f;
    int64_t n;
} filters[] = {
    { "all", { .region = STR_INIT("") }, 1000 },
    { "province", { .region = STR_INIT("430000") }, 1000 },
    { "city", { .region = STR_INIT("4301") }, 750 },
    { "city in four digits", { .region = STR_INIT("430100") }, 750 },
    { "county with its towns", { .region = STR_INIT("430104") }, 500 },
    { "section", { .industry = STR_INIT("F") }, 500 },
    { "class of industry", { .industry = STR_INIT("C2652") }, 250 },
    { "other section", { .industry = STR_INIT("A") }, 0 },
    { "status", { .statuses = UINT64_C(1) << ENTITY_REVOKED }, 200 },
    { "class", { .classes = UINT64_C(1) << 3 }, 333 },
    { "authority", { .authority = STR_INIT("4301A") }, 143 },
    { "begin of a code", { .code = STR_INIT("91430104YD0000") }, 89 },
    { "no grade", { .grades = 1 << 4 }, 1000 },
    { "grade A", { .grades = 1 << 0 }, 0 },
    { "several",
      { .region = STR_INIT("430224"), .industry = STR_INIT("C"), .statuses = ENTITY_LIVE_MASK },
      200 },
};

static void a_batch_is_read_by_filter_in_code_order(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        TEST_CX(cx);
        ASSERT_OK(cx, add_many(cx, st, 1000, NULL));
        for (size_t i = 0; i < COUNT_OF(filters); i++) {
            struct seen w = { .f = &filters[i].f };
            struct register_counts n;
            print_message("%s\n", filters[i].what);
            ASSERT_OK(cx, store_read(cx, st, each_work, &w));
            assert_int_equal(w.n, filters[i].n);
            ASSERT_OK(cx, register_count(cx, &d, &clerk, &filters[i].f, &n));
            assert_int_equal(n.all, w.n);
            assert_int_equal(n.live, w.live);
            assert_int_equal(n.by_grade[4], filters[i].f.grades == 1 ? 0 : w.live);
            if (filters[i].f.grades == 0) {
                ASSERT_OK(cx, register_count(cx, &d, &public, &filters[i].f, &n));
                assert_int_equal(n.all, w.n);
                assert_int_equal(n.live, w.live);
                assert_int_equal(n.by_grade[4], 0);
            }
        }
        TEST_CX(grades);
        struct register_counts n;
        const struct entity_filter graded = { .grades = 1 };
        ASSERT_ERR(ERR_SIGNED_OUT, register_count(grades, &d, &public, &graded, &n));
        TEST_CX(region);
        const struct entity_filter bad = { .region = STR("43x") };
        ASSERT_ERR(ERR_FIELD, register_count(region, &d, &public, &bad, &n));
        TEST_CX(industry);
        const struct entity_filter worse = { .industry = STR("52") };
        ASSERT_ERR(ERR_FIELD, register_count(industry, &d, &public, &worse, &n));
    }
}

static void a_taken_code_fails_the_batch_and_a_free_one_moves(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct entity_new one = { .e = plain(), .former = STR("Old name") };
        struct adding w = { &clerk, &one, 1, true };
        struct op op = { 0 };
        struct market_entity e;
        struct entity_name *names;
        size_t n;
        TEST_CX(cx);
        ASSERT_OK(cx, store_write(cx, st, &op, add_work, &w));
        int64_t first = one.e.id;
        ASSERT_OK(cx, register_by_code(cx, &d, &clerk, STR(USCC_A), &e));
        assert_true(e.id == first);
        assert_int_equal(e.version, 1);
        assert_int_equal(e.valid_from_on, 20200101);
        assert_int_equal(e.recorded_by, 7);
        assert_int_equal(e.capital_fen, -1);
        ASSERT_OK(cx, register_names(cx, &d, first, &names, &n));
        assert_int_equal(n, 2);
        ASSERT_STR("Abc", names[0].name);
        assert_int_equal(names[0].from_on, 20200101);
        ASSERT_STR("Old name", names[1].name);
        TEST_CX(again);
        one.e.id = 0;
        ASSERT_ERR(ERR_DUPLICATE, store_write(again, st, &op, add_work, &w));
        assert_non_null(strstr(again->fault.detail, USCC_A));
        TEST_CX(blind); /* nobody looked: the database refuses */
        w.look = false;
        one.e.id = 0;
        ASSERT_ERR(ERR_DUPLICATE, store_write(blind, st, &op, add_work, &w));
    }
}

static void who_may_write_where(void **state UNUSED)
{
    static const struct {
        const char *what;
        struct actor by;
        enum err want;
    } cases[] = {
        { "nobody", { 0 }, ERR_SIGNED_OUT },
        { "a planner", { .account = 1, .roles = ROLE_BIT(PLANNER) }, ERR_FORBIDDEN },
        { "a registrar of another city",
          { .account = 1, .roles = ROLE_BIT(REGISTRAR), .region = STR_INIT("4302") },
          ERR_FORBIDDEN },
        { "a registrar of the city",
          { .account = 1, .roles = ROLE_BIT(REGISTRAR), .region = STR_INIT("4301") },
          ERR_OK },
    };
    FOR_EACH_STORE(st)
    {
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            TEST_CX(cx);
            struct entity_new one = { .e = plain() };
            struct adding w = { &cases[i].by, &one, 1, false };
            struct op op = { 0 };
            print_message("%s\n", cases[i].what);
            ASSERT_ERR(cases[i].want, store_write(cx, st, &op, add_work, &w));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_entities_are_refused),
        cmocka_unit_test(an_entity_is_brought_into_its_stored_form),
        cmocka_unit_test(equal_addresses_have_equal_keys),
        cmocka_unit_test(names_have_words_of_two_characters),
        cmocka_unit_test(a_batch_is_read_by_filter_in_code_order),
        cmocka_unit_test(a_taken_code_fails_the_batch_and_a_free_one_moves),
        cmocka_unit_test(who_may_write_where),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
