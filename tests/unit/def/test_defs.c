#include "../test.h"

#include "def/def.h"
#include "def/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct defs *defs;

static int load(void **state UNUSED)
{
    struct arena *mem = arena_new(1u << 20);
    struct cx cx = { .mem = mem };
    enum err e = defs_load(&cx, getenv("SISHI_DEFINITIONS"), &defs);
    if (e != ERR_OK) {
        (void)fprintf(stderr, "%s %s\n", err_name(e), cx.fault.detail);
    }
    arena_free(mem);
    return e == ERR_OK ? 0 : -1;
}

static int unload(void **state UNUSED)
{
    defs_freep(&defs);
    return 0;
}

static void counts_are_those_of_the_standards(void **state UNUSED)
{
    const struct region *first;
    size_t n[5] = { 0 };
    const struct industry *all;
    size_t total = defs_industries(defs, &all);
    for (size_t i = 0; i < total; i++) {
        n[all[i].level]++;
    }
    assert_int_equal(n[1], 20);
    assert_int_equal(n[2], 97);
    assert_int_equal(n[3], 473);
    assert_int_equal(defs_regions_of_level(defs, 1, &first), 34);
    assert_true(defs_regions_of_level(defs, 2, &first) >= 342);
    assert_true(defs_regions_of_level(defs, 3, &first) >= 2978);
    assert_int_equal(defs_count(defs).departments, 30);
}

static void every_region_is_found_below_its_parent(void **state UNUSED)
{
    for (int level = 1; level <= 3; level++) {
        const struct region *r;
        size_t n = defs_regions_of_level(defs, level, &r);
        for (size_t i = 0; i < n; i++) {
            const struct region *child;
            size_t k = defs_region_children(defs, r[i].parent, &child);
            assert_true(child <= &r[i] && &r[i] < child + k);
            assert_ptr_equal(defs_region(defs, r[i].code), &r[i]);
        }
    }
}

static void a_merged_county_leads_to_its_successor(void **state UNUSED)
{
    const struct region *old = defs_region(defs, STR("430124"));
    assert_non_null(old);
    assert_true(defs_region_valid(old, 20170101));
    assert_false(defs_region_valid(old, 20170410));
    assert_false(defs_region_valid(old, 0));
    ASSERT_STR("430182", defs_region_now(defs, STR("430124"))->code);
    assert_null(defs_region(defs, STR("439999")));
}

static void names_find_regions(void **state UNUSED)
{
    /* Hunan, Changsha, and Changsha county as files write them */
    struct str hunan = STR("\xe6\xb9\x96\xe5\x8d\x97");
    struct str changsha = STR("\xe9\x95\xbf\xe6\xb2\x99");
    ASSERT_STR("430000", defs_region_by_name(defs, hunan, 1, STR(""))->code);
    ASSERT_STR("430100", defs_region_by_name(defs, changsha, 2, STR("430000"))->code);
    ASSERT_STR("430121", defs_region_by_name(defs, changsha, 3, STR("430100"))->code);
    assert_null(defs_region_by_name(defs, changsha, 2, STR("320000")));
    assert_null(defs_region_by_name(defs, STR(""), 1, STR("")));
}

static void a_path_names_every_level(void **state UNUSED)
{
    TEST_CX(cx);
    struct buf b = buf_of(cx->mem, 200);
    defs_region_path(defs, STR("430104"), "/", &b);
    ASSERT_STR("\xe6\xb9\x96\xe5\x8d\x97\xe7\x9c\x81/\xe9\x95\xbf\xe6\xb2\x99\xe5\xb8\x82/"
               "\xe5\xb2\xb3\xe9\xba\x93\xe5\x8c\xba",
               buf_str(&b));
    buf_clear(&b);
    defs_region_path(defs, STR("430000"), "/", &b);
    ASSERT_STR("\xe6\xb9\x96\xe5\x8d\x97\xe7\x9c\x81", buf_str(&b));
    ASSERT_STR("4301", region_prefix(STR("430100")));
    ASSERT_STR("", region_prefix(STR("000000")));
    ASSERT_STR("430104001", region_prefix(STR("430104001")));
}

static void industries_are_known_with_and_without_section(void **state UNUSED)
{
    assert_int_equal(defs_industry(defs, STR("F5211"))->level, 4);
    assert_ptr_equal(defs_industry(defs, STR("5211")), defs_industry(defs, STR("F5211")));
    assert_int_equal(defs_industry(defs, STR("F"))->level, 1);
    assert_null(defs_industry(defs, STR("F9999")));
    assert_null(defs_industry(defs, STR("")));
}

static void classes_have_numbers_labels_and_prefixes(void **state UNUSED)
{
    const struct entity_class *c = defs_class_by_key(defs, STR("individual_business"));
    assert_non_null(c);
    assert_ptr_equal(c, defs_class(defs, c->no));
    assert_ptr_equal(c, defs_class_by_code(defs, STR("92430104MA4L00000X")));
    assert_true(c->natural);
    assert_null(defs_class(defs, 61));
    assert_int_equal(defs_status_by_word(defs, STR("active")), 1);
    assert_int_equal(defs_status_by_word(defs, STR("nonsense")), 0);
    ASSERT_STR("In business", defs_status_label(defs, 1, LANG_EN));
}

static const struct {
    const char *what, *text, *want;
} wrong[] = {
    { "unknown key", "classes: []\nnonsense: 1\n", "x:2:1: \"nonsense\" is no key here" },
    { "key twice", "classes: []\nclasses: []\n", "x:2:1: duplicate key" },
    { "alias", "authorities: &a []\nclasses: *a\nstatuses: []\n",
      "x:2:11: \"classes\": a list is expected" },
    { "missing", "authorities: []\nclasses: []\n", "x:1:1: \"statuses\" is missing" },
    { "empty", "", "x: not YAML" },
    { "broken", "classes: [\n", NULL },
    { "number out of range",
      "authorities: [{key: a, zh: a, en: a}]\nstatuses: []\n"
      "classes: [{no: 63, key: k, zh: z, en: e, authority: a}]\n",
      "x:3:16: \"no\": a number 1..62 is expected" },
    { "label twice",
      "authorities: [{key: a, zh: a, en: a}]\nstatuses: []\n"
      "classes:\n - {no: 1, key: k, zh: z, en: e, authority: a}\n"
      " - {no: 2, key: l, zh: z, en: f, authority: a}\n",
      "x:5:5: \"z\" has a meaning already" },
};

static void failures_say_file_line_and_column(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        TEST_CX(cx);
        struct defs d = { .mem = cx->mem };
        enum err e = classes_read(cx, &d, "x", str_of(wrong[i].text));
        if (e != ERR_DEFINITION ||
            (wrong[i].want != NULL && strcmp(cx->fault.detail, wrong[i].want) != 0)) {
            fail_msg("%s: %s \"%s\"", wrong[i].what, err_name(e), cx->fault.detail);
        }
    }
}

static const char *const wrong_regions[] = {
    "code\tname\tlevel\tparent\tvalid_from\tvalid_to\tsuccessor\tsource\n1\n",
    "h\th\th\th\th\th\th\th\n430000\tx\t1\t000000\t\t\t\ts\n", /* parent absent */
    ("h\th\th\th\th\th\th\th\n000000\tx\t0\t\t\t\t\ts\n430100\tx\t2\t000000\t\t\t\ts\n"
     "430000\tx\t1\t000000\t\t\t\ts\n"),
    "h\th\th\th\th\th\th\th\n000000\tx\t0\t\t20200230\t\t\ts\n",
    "h\th\th\th\th\th\th\th\n000000\t\xff\t0\t\t\t\t\ts\n",
    "h\th\th\th\th\th\th\th\n000000\tx\t0\t\t\t\t430000\ts\n",
};

static void wrong_region_tables_are_refused(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(wrong_regions); i++) {
        TEST_CX(cx);
        struct defs d = { .mem = cx->mem };
        ASSERT_ERR(ERR_DEFINITION, regions_read(cx, &d, "x", str_of(wrong_regions[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_the_standards),
        cmocka_unit_test(every_region_is_found_below_its_parent),
        cmocka_unit_test(a_merged_county_leads_to_its_successor),
        cmocka_unit_test(names_find_regions),
        cmocka_unit_test(a_path_names_every_level),
        cmocka_unit_test(industries_are_known_with_and_without_section),
        cmocka_unit_test(classes_have_numbers_labels_and_prefixes),
        cmocka_unit_test(failures_say_file_line_and_column),
        cmocka_unit_test(wrong_region_tables_are_refused),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
