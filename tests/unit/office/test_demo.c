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

static const struct actor public = { 0 };
static const struct actor clerk = { .account = 7, .roles = ROLE_BIT(REGISTRAR) };
static const struct actor planner = { .account = 8, .roles = ROLE_BIT(PLANNER) };

/* ---- the same seed -------------------------------------------------------------------------- */

/* Every column of the demo's tables but those that tell when it was made. */
struct digesting {
    struct hasher state;
    const struct table *table;
};

static bool is_of_the_moment(const struct table *t, int column)
{
    static const char *const moments[] = { "entity.recorded_at", "entity_name.id",
                                           "grade_batch.closed_at" };
    struct str rest = str_of(t->columns);
    struct str name = STR("");
    for (int i = 0; i <= column; i++) {
        name = str_trim(str_cut(&rest, ','));
    }
    for (size_t i = 0; i < COUNT_OF(moments); i++) {
        struct str column_of = str_of(moments[i]);
        struct str table = str_cut(&column_of, '.');
        if (str_eq(table, str_of(t->name)) && str_eq(column_of, name)) {
            return true;
        }
    }
    return false;
}

static enum err digest_row(struct cx *cx UNUSED, const struct val *v, void *arg)
{
    struct digesting *w = arg;
    for (int i = 0; i < w->table->all.n_cols; i++) {
        char number[24];
        struct str text = v[i].s;
        if (is_of_the_moment(w->table, i)) {
            continue;
        }
        if (v[i].type == VAL_INT) {
            int n = snprintf(number, sizeof number, "%lld", (long long)v[i].i);
            text = (struct str){ number, (size_t)n };
        }
        text = v[i].type == VAL_NULL ? STR("~") : text;
        hasher_feed(&w->state, text.p, text.n);
        hasher_feed(&w->state, "|", 1);
    }
    return ERR_OK;
}

static enum err digest_work(struct cx *cx, struct tx *tx, void *arg)
{
    static const char *const made[] = { "register_fact", "entity",    "entity_key",    "grade",
                                        "grade_batch",   "inspector", "inspector_key", "interest",
                                        "dept",          "item" };
    struct digesting *w = arg;
    size_t n;
    const struct table *all = store_tables(&n);
    hasher_init(&w->state, DIGEST_SHA256);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < COUNT_OF(made); k++) {
            if (strcmp(all[i].name, made[k]) == 0) {
                w->table = &all[i];
                TRY(tx_run(cx, tx, &all[i].all, NULL, digest_row, w, NULL));
            }
        }
    }
    return ERR_OK;
}

static void province_digest(int64_t seed, int64_t entities, char hex[2 * DIGEST_LEN + 1])
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct demo_options o = { .entities = entities, .seed = seed };
        struct demo_result made;
        struct digesting w;
        TEST_CX(cx);
        ASSERT_OK(cx, demo_make(cx, &d, &o, &made));
        ASSERT_OK(cx, store_read(cx, st, digest_work, &w));
        struct digest out = hasher_end(&w.state);
        hex_put(out.b, DIGEST_LEN, hex);
        hex[2 * DIGEST_LEN] = '\0';
    }
}

static void the_same_seed_makes_the_same_province(void **state UNUSED)
{
    char first[2 * DIGEST_LEN + 1];
    char again[2 * DIGEST_LEN + 1];
    char other[2 * DIGEST_LEN + 1];
    province_digest(1, 1500, first);
    province_digest(1, 1500, again);
    province_digest(2, 1500, other);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
}

static void only_an_empty_database_becomes_a_demo(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct demo_options o = { .entities = 300, .seed = 1 };
        const struct demo_options few = { .entities = 99 };
        const struct demo_options nowhere = { .entities = 100, .province = STR("99") };
        struct demo_result made;
        bool demo = true;
        TEST_CX(cx);
        TEST_CX(small);
        ASSERT_ERR(ERR_FIELD, demo_make(small, &d, &few, &made));
        TEST_CX(where);
        ASSERT_ERR(ERR_FIELD, demo_make(where, &d, &nowhere, &made));
        ASSERT_OK(cx, register_is_demo(cx, &d, &demo));
        assert_false(demo);
        ASSERT_OK(cx, demo_make(cx, &d, &o, &made));
        assert_int_equal(made.entities, 300);
        assert_int_equal(made.departments, 30);
        assert_true(made.inspectors > 500 && made.interests > 100 && made.items > 20);
        ASSERT_OK(cx, register_is_demo(cx, &d, &demo));
        assert_true(demo);
        TEST_CX(again);
        ASSERT_ERR(ERR_STATE, demo_make(again, &d, &o, &made));
    }
}

/* ---- what it is made of ---------------------------------------------------------------------- */

enum { PROVINCE = 6000 };

/* What the whole province has, counted while each entity is checked. */
struct census {
    int64_t by_class[64], by_status[8], by_grade[5];
    int64_t old_only, both_codes, no_code, former, alias;
};

static void check_codes(const struct market_entity *e, struct census *out)
{
    const struct entity_class *cls = defs_class(defs, e->cls);
    if (e->uscc.n > 0) {
        struct str prefixes = cls->prefixes;
        struct str first = { e->uscc.p, 2 };
        bool of_class = false;
        assert_int_equal(code_check(e->uscc).err, ERR_OK);
        while (prefixes.n > 0) {
            of_class |= str_eq(str_cut(&prefixes, ','), first);
        }
        assert_true(of_class);
        assert_memory_equal(e->uscc.p + 8, "YD", 2); /* nobody real */
    }
    if (e->regno.n > 0) {
        assert_int_equal(code_check(e->regno).err, ERR_OK);
    }
    out->old_only += e->uscc.n == 0 && e->regno.n > 0;
    out->both_codes += e->uscc.n > 0 && e->regno.n > 0;
    out->no_code += e->uscc.n == 0 && e->regno.n == 0;
}

static void check_entity(struct cx *cx, const struct desk *d, int64_t id, struct census *out)
{
    struct market_entity e;
    struct entity_name *names = NULL;
    size_t n = 0;
    char text[ID_CHARS];
    id_put(id, text);
    ASSERT_OK(cx, register_by_code(cx, d, &clerk, (struct str){ text, sizeof text }, &e));
    struct market_entity checked = e;
    ASSERT_OK(cx, entity_check(cx, defs, 20260630, &checked));
    assert_int_equal(entity_differs(&e, &checked), 0);
    check_codes(&e, out);
    ASSERT_OK(cx, register_names(cx, d, id, &names, &n));
    for (size_t i = 0; i < n; i++) {
        out->former += names[i].kind == NAME_FORMER;
        out->alias += names[i].kind == NAME_ALIAS;
    }
    assert_true(str_starts(e.region, STR("43")));
    assert_true(defs_region_valid(defs_region(defs, e.region), 0));
    out->by_class[e.cls]++;
    out->by_status[e.status]++;
    out->by_grade[e.grade == 0 ? 4 : e.grade - 'A']++;
}

static void every_entity_is_valid_and_every_class_is_there(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct demo_options o = { .entities = PROVINCE, .seed = 99 };
        const struct entity_class *classes = NULL;
        struct demo_result made;
        struct census c = { .old_only = 0 };
        TEST_CX(cx);
        ASSERT_OK(cx, demo_make(cx, &d, &o, &made));
        for (int64_t id = 1; id <= PROVINCE; id++) {
            TEST_CX(one);
            check_entity(one, &d, id, &c);
        }
        size_t n = defs_classes(defs, &classes);
        for (size_t i = 0; i < n; i++) {
            print_message(STR_FMT " %lld\n", STR_ARG(classes[i].key),
                          (long long)c.by_class[classes[i].no]);
            assert_true(c.by_class[classes[i].no] > 0);
        }
        for (int s = ENTITY_ACTIVE; s <= ENTITY_MOVED_OUT; s++) {
            assert_true(c.by_status[s] > 0);
        }
        for (int g = 0; g < 5; g++) {
            assert_true(c.by_grade[g] > 0);
        }
        assert_true(c.by_grade[0] > c.by_grade[1] && c.by_grade[1] > c.by_grade[2] &&
                    c.by_grade[2] > c.by_grade[3]);
        assert_true(c.old_only > 0 && c.both_codes > 0 && c.no_code > 0);
        assert_true(c.former > 0 && c.alias > 0);
    }
}

/* Entered again by its own department, each inspector passes every check of the directory. */
static void every_inspector_would_be_accepted(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct demo_options o = { .entities = 200, .seed = 5 };
        struct demo_result made;
        struct inspector_entry *all = NULL;
        struct str after = STR("");
        size_t n = 0;
        int64_t seen = 0;
        int64_t ended = 0;
        int64_t pending = 0;
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, demo_make(cx, &d, &o, &made));
        do {
            ASSERT_OK(cx, inspector_entry_list(cx, &d, &planner, STR(""), after, 200, &all, &n));
            for (size_t i = 0; i < n; i++) {
                const struct actor by = { .account = 9,
                                          .roles = ROLE_BIT(DEPARTMENT_ADMIN),
                                          .dept = all[i].dept };
                ASSERT_OK(cx, inspector_entry_put(cx, &d, &by, &all[i], STR(""), &id));
                assert_true(id == all[i].id);
                ended += all[i].cert_valid_to_on < 20260630;
                pending += all[i].status == INSPECTOR_PENDING;
                after = all[i].staff_no;
            }
            seen += (int64_t)n;
        } while (n == 200);
        assert_true(seen == made.inspectors);
        assert_true(ended > 0 && pending > 0);
    }
}

/* Somebody of the demo with a code, and what the public is shown of it. */
static void the_public_does_not_see_grades(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct demo_options o = { .entities = 100, .seed = 1 };
        struct demo_result made;
        struct market_entity e = { .grade = 0 };
        TEST_CX(cx);
        ASSERT_OK(cx, demo_make(cx, &d, &o, &made));
        for (int64_t at = 1; e.grade == 0 || e.uscc.n == 0; at++) {
            char text[ID_CHARS];
            id_put(at, text);
            ASSERT_OK(cx, register_by_code(cx, &d, &clerk, (struct str){ text, sizeof text }, &e));
        }
        assert_true(e.representative.n > 0);
        struct str code = e.uscc;
        ASSERT_OK(cx, register_by_code(cx, &d, &public, code, &e));
        assert_int_equal(e.grade, 0);
        assert_int_equal(e.representative.n, 0);
        char typed[USCC_CHARS + 2] = " ";
        for (size_t k = 0; k < USCC_CHARS; k++) {
            char c = code.p[k];
            typed[k + 1] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
        ASSERT_OK(cx, register_by_code(cx, &d, NULL, (struct str){ typed, USCC_CHARS + 1 }, &e));
        assert_int_equal(e.grade, 0);
        TEST_CX(unknown);
        ASSERT_ERR(ERR_NOT_FOUND,
                   register_by_code(unknown, &d, &public, STR("91350100M000100Y43"), &e));
        TEST_CX(wrong);
        ASSERT_ERR(ERR_USCC_CHECKSUM,
                   register_by_code(wrong, &d, &public, STR("91350100M000100Y44"), &e));
    }
}

static const struct {
    const char *what, *name, *want;
} folds[] = {
    { "width, case, blanks", "\xef\xbc\xa1 b\xe3\x80\x80\xe5\xb8\x82", "ab\xe5\xb8\x82" },
    { "both kinds of brackets", "\xe7\x94\xb2(\xe4\xb9\x99)\xef\xbc\x88\xe4\xb8\x99\xef\xbc\x89",
      "\xe7\x94\xb2\xe4\xb9\x99\xe4\xb8\x99" },
    { "nothing but marks stays", "()", "()" },
};

static void names_are_folded(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(folds); i++) {
        TEST_CX(cx);
        struct str out;
        print_message("%s\n", folds[i].what);
        ASSERT_OK(cx, name_fold(cx, str_of(folds[i].name), &out));
        ASSERT_STR(folds[i].want, out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_makes_the_same_province),
        cmocka_unit_test(only_an_empty_database_becomes_a_demo),
        cmocka_unit_test(every_entity_is_valid_and_every_class_is_there),
        cmocka_unit_test(every_inspector_would_be_accepted),
        cmocka_unit_test(the_public_does_not_see_grades),
        cmocka_unit_test(names_are_folded),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
