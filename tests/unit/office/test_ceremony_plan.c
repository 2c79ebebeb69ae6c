#include "../test.h"

#include "office/ceremony.h"
#include "office/ceremony_rule.h"

#include <string.h>

static const char whole_plan[] =
    "{\"region\":\"430000\",\"title\":\"Spring\",\"task\":\"plan 2026 row 3\",\"hash\":\"sm3\","
    "\"parties\":[\"samr\",\"audit\"],\"beacons\":[{\"kind\":\"lottery\",\"ref\":\"ssq-2026137\"}],"
    "\"missing_skip\":true,\"sealed\":true,\"embargo_on\":\"2026-12-01\",\"yearly_cap\":2,"
    "\"beacon_wait_s\":900,\"cosigners\":1,\"demo\":false,\"lots\":[{\"name\":\"food\",\"item\":"
    "\"F_01\",\"mode\":\"rate\",\"n\":0,\"reserve\":0,\"industries\":[\"C13\",\"H62\"],\"classes\":"
    "6,\"grades\":[{\"grade\":\"A\",\"weight\":10000,\"memory\":0},{\"grade\":\"*\",\"weight\":"
    "200000,\"memory\":256}],\"memory_years\":1,\"due_months\":24,\"mandatory\":[{\"code\":"
    "\"91430100MA4L1234X5\",\"reason\":\"order 7\"}]},{\"name\":\"lift\",\"mode\":\"fixed\",\"n\":"
    "20,\"reserve\":5,\"industries\":[],\"classes\":0,\"grades\":[],\"memory_years\":0,"
    "\"due_months\":0,\"mandatory\":[]}],\"teams\":[{\"lot\":\"food\",\"dept\":\"samr\",\"size\":2,"
    "\"qual\":\"food\"},{\"lot\":\"lift\",\"dept\":\"audit\",\"size\":3}],\"excluded\":[{\"code\":"
    "\"91430100MA4L9999X1\",\"reason\":\"order 8\"}],\"supersedes\":null}";

static struct str put(struct cx *cx, const struct ceremony_plan *p)
{
    struct buf *b = arena_alloc(cx->mem, 1, sizeof *b);
    assert_non_null(b);
    *b = buf_of(cx->mem, 1 << 20);
    struct json j = json_to(b);
    struct str out;
    ceremony_plan_put(&j, p);
    ASSERT_OK(cx, buf_done(cx, b, &out));
    return out;
}

static struct ceremony_plan parsed(struct cx *cx, const char *json)
{
    struct ceremony_plan p;
    ASSERT_OK(cx, ceremony_plan_parse(cx, str_of(json), &p));
    return p;
}

static void a_plan_is_read_and_written_back(void **state UNUSED)
{
    TEST_CX(cx);
    struct ceremony_plan p = parsed(cx, whole_plan);
    assert_int_equal(p.n_lots, 2);
    assert_int_equal(p.hash, DIGEST_SM3);
    assert_int_equal(p.embargo_on, 20261201);
    assert_int_equal(p.lots[0].mode, CEREMONY_RATE);
    assert_int_equal(p.lots[0].n_industries, 2);
    ASSERT_STR("H62", p.lots[0].industries[1]);
    assert_int_equal(p.lots[0].classes, 6);
    ASSERT_STR("*", p.lots[0].grades[1].grade);
    assert_int_equal(p.teams[1].size, 3);
    ASSERT_STR("order 8", p.excluded[0].reason);
    ASSERT_OK(cx, ceremony_plan_check(cx, &p));
    ASSERT_STR(whole_plan, put(cx, &p));
    struct ceremony_plan small = parsed(cx, "{\"lots\":[{\"grades\":[{}]}]}");
    assert_int_equal(small.beacon_wait_s, 600);
    assert_int_equal(small.lots[0].grades[0].memory, 256);
    assert_int_equal(small.n_parties, 0);
}

static const struct {
    const char *what, *json;
    enum err want;
    const char *names;
} unreadable[] = {
    { "no JSON", "{", ERR_BAD_REQUEST, "line 1" },
    { "nothing", "", ERR_BAD_REQUEST, "JSON" },
    { "a list", "[]", ERR_FIELD, "plan: an object" },
    { "a member of nothing", "{\"colour\":1}", ERR_FIELD, "colour: no such member" },
    { "a member twice", "{\"demo\":true,\"demo\":false}", ERR_BAD_REQUEST, "JSON" },
    { "a number for a text", "{\"region\":430000}", ERR_FIELD, "region: text" },
    { "a text for a number", "{\"yearly_cap\":\"2\"}", ERR_FIELD, "yearly_cap: a whole" },
    { "a fraction", "{\"yearly_cap\":1.5}", ERR_FIELD, "yearly_cap: a whole" },
    { "a text for a truth", "{\"sealed\":\"true\"}", ERR_FIELD, "sealed: true" },
    { "a number for a truth", "{\"sealed\":1}", ERR_FIELD, "sealed: true" },
    { "another hash", "{\"hash\":\"md5\"}", ERR_FIELD, "hash: \"sha256\"" },
    { "a day that is none", "{\"embargo_on\":\"2026-02-30\"}", ERR_FIELD, "embargo_on: a day" },
    { "a day in another form", "{\"embargo_on\":\"20261201\"}", ERR_FIELD, "embargo_on: a day" },
    { "an id too short", "{\"supersedes\":\"12\"}", ERR_FIELD, "supersedes: the id" },
    { "a list of numbers", "{\"parties\":[\"a\",2]}", ERR_FIELD, "parties[1]: text" },
    { "no list", "{\"parties\":\"a\"}", ERR_FIELD, "parties: a list of texts" },
    { "an object for a list", "{\"lots\":{}}", ERR_FIELD, "lots: a list of objects" },
    { "a text for an object", "{\"lots\":[\"x\"]}", ERR_FIELD, "lots[0]: an object" },
    { "deep inside", "{\"lots\":[{},{},{\"n\":\"5\"}]}", ERR_FIELD, "lots[2].n: a whole" },
    { "deeper", "{\"lots\":[{\"grades\":[{\"weight\":true}]}]}", ERR_FIELD,
      "lots[0].grades[0].weight: a whole" },
    { "another mode", "{\"lots\":[{\"mode\":\"all\"}]}", ERR_FIELD, "lots[0].mode: \"fixed\"" },
    { "a mask below nothing", "{\"lots\":[{\"classes\":-1}]}", ERR_FIELD,
      "lots[0].classes: a mask" },
    { "null for a text", "{\"title\":null}", ERR_FIELD, "title: text" },
};

static void what_is_no_plan_is_refused_by_name(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(unreadable); i++) {
        TEST_CX(cx);
        struct ceremony_plan p;
        print_message("%s\n", unreadable[i].what);
        ASSERT_ERR(unreadable[i].want, ceremony_plan_parse(cx, str_of(unreadable[i].json), &p));
        assert_non_null(strstr(cx->fault.detail, unreadable[i].names));
    }
    TEST_CX(cx);
    struct ceremony_plan p;
    char *long_text = arena_alloc(cx->mem, (1 << 20) + 1, 1);
    memset(long_text, ' ', (1 << 20) + 1);
    ASSERT_ERR(ERR_TOO_LONG, ceremony_plan_parse(cx, (struct str){ long_text, (1 << 20) + 1 }, &p));
}

/* One text of the plan replaced by another. */
static const struct {
    const char *what, *from, *to, *names;
} wrong[] = {
    { "a region of five digits", "430000", "43000", "region" },
    { "a region with a letter", "430000", "43000A", "region" },
    { "no title", "Spring", "", "title" },
    { "a title of two lines", "Spring", "a\\nb", "title" },
    { "no task", "plan 2026 row 3", "", "task" },
    { "no party", "[\"samr\",\"audit\"]", "[]", "parties" },
    { "a party twice", "\"audit\"]", "\"samr\"]", "parties[1]" },
    { "a party with a space", "\"audit\"]", "\"au dit\"]", "parties[1]" },
    { "an unknown beacon", "lottery", "horse", "beacons[0].kind" },
    { "a beacon's reference with a space", "ssq-2026137", "ssq 1", "beacons[0].ref" },
    { "a beacon twice", "{\"kind\":\"lottery\",\"ref\":\"ssq-2026137\"}",
      "{\"kind\":\"dice\",\"ref\":\"x\"},{\"kind\":\"dice\",\"ref\":\"x\"}", "beacons[1]" },
    { "skip without a beacon", "{\"kind\":\"lottery\",\"ref\":\"ssq-2026137\"}", "",
      "missing_skip" },
    { "an embargo until today", "2026-12-01", "2026-11-23", "embargo_on" },
    { "a cap below nothing", "\"yearly_cap\":2", "\"yearly_cap\":-1", "yearly_cap" },
    { "a beacon too soon", "\"beacon_wait_s\":900", "\"beacon_wait_s\":599", "beacon_wait_s" },
    { "too many witnesses", "\"cosigners\":1", "\"cosigners\":17", "cosigners" },
    { "a reason to supersede nothing", "\"supersedes\":null", "\"supersedes_reason\":\"x\"",
      "supersedes_reason" },
    { "superseding without a reason", "\"supersedes\":null", "\"supersedes\":\"0000000000001\"",
      "supersedes_reason" },
    { "a lot's name with a dash", "\"name\":\"food\"", "\"name\":\"fo-od\"", "lots[0].name" },
    { "a lot twice", "\"name\":\"lift\"", "\"name\":\"food\"", "lots[1].name" },
    { "an item with a space", "F_01", "F 01", "lots[0].item" },
    { "memory without an item", "\"item\":\"F_01\",", "", "lots[0].item" },
    { "an industry that is none", "H62", "62H", "lots[0].industries[1]" },
    { "class 0", "\"classes\":6", "\"classes\":7", "lots[0].classes" },
    { "n in a rate lot", "\"n\":0", "\"n\":1", "lots[0].n" },
    { "nobody of a fixed lot", "\"n\":20", "\"n\":0", "lots[1].n" },
    { "a reserve too large", "\"reserve\":5", "\"reserve\":1000001", "lots[1].reserve" },
    { "certain ones in a fixed lot", "\"due_months\":0,\"mandatory\":[]",
      "\"due_months\":0,\"mandatory\":[{\"code\":\"A\",\"reason\":\"b\"}]", "lots[1].mandatory" },
    { "duty in a fixed lot", "\"due_months\":0", "\"due_months\":1", "lots[1].due_months" },
    { "memory of a century", "\"memory_years\":1", "\"memory_years\":100", "lots[0].memory_years" },
    { "a grade of two letters", "\"grade\":\"A\"", "\"grade\":\"AA\"", "lots[0].grades[0].grade" },
    { "a grade twice", "\"grade\":\"*\"", "\"grade\":\"A\"", "lots[0].grades[1].grade" },
    { "more than certain", "200000", "1000001", "lots[0].grades[1].weight" },
    { "memory above 256", "\"memory\":256", "\"memory\":257", "lots[0].grades[1].memory" },
    { "a certain one without reason", "order 7", "", "lots[0].mandatory[0].reason" },
    { "a code in small letters", "91430100MA4L1234X5", "91430100ma4l1234x5",
      "lots[0].mandatory[0].code" },
    { "certain and left out", "91430100MA4L9999X1", "91430100MA4L1234X5", "excluded" },
    { "left out twice", "[{\"code\":\"91430100MA4L9999X1\",\"reason\":\"order 8\"}",
      "[{\"code\":\"A1\",\"reason\":\"a\"},{\"code\":\"A1\",\"reason\":\"a\"}", "excluded" },
    { "a team for no lot", "{\"lot\":\"lift\",\"dept\"", "{\"lot\":\"x\",\"dept\"",
      "teams[1].lot" },
    { "a team of one", "\"size\":2", "\"size\":1", "teams[0].size" },
    { "a team of seventeen", "\"size\":2", "\"size\":17", "teams[0].size" },
    { "a qualification that is none", "\"qual\":\"food\"", "\"qual\":\"-\"", "teams[0].qual" },
    { "a department that is none", "\"dept\":\"audit\"", "\"dept\":\"\"", "teams[1].dept" },
    { "a team twice", "{\"lot\":\"lift\",\"dept\":\"audit\",\"size\":3}",
      "{\"lot\":\"food\",\"dept\":\"samr\",\"size\":4,\"qual\":\"food\"}", "teams[1]" },
};

static const char *replaced(struct cx *cx, const char *from, const char *to)
{
    const char *at = strstr(whole_plan, from);
    struct buf *b = arena_alloc(cx->mem, 1, sizeof *b);
    assert_non_null(at);
    *b = buf_of(cx->mem, 1 << 16);
    buf_put(b, (struct str){ whole_plan, (size_t)(at - whole_plan) });
    buf_put_z(b, to);
    buf_put_z(b, at + strlen(from));
    buf_put_c(b, '\0');
    return b->p;
}

static void each_rule_refuses_by_name(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        TEST_CX(cx);
        print_message("%s\n", wrong[i].what);
        struct ceremony_plan p = parsed(cx, replaced(cx, wrong[i].from, wrong[i].to));
        ASSERT_ERR(ERR_FIELD, ceremony_plan_check(cx, &p));
        if (strncmp(cx->fault.detail, wrong[i].names, strlen(wrong[i].names)) != 0) {
            fail_msg("want \"%s\", got \"%s\"", wrong[i].names, cx->fault.detail);
        }
    }
}

/* What the rules let pass. */
static const struct {
    const char *what, *from, *to;
} right[] = {
    { "a rehearsal need not wait", "\"beacon_wait_s\":900,\"cosigners\":1,\"demo\":false",
      "\"beacon_wait_s\":0,\"cosigners\":1,\"demo\":true" },
    { "no embargo", "\"2026-12-01\"", "null" },
    { "superseding with a reason", "\"supersedes\":null",
      "\"supersedes\":\"0000000000001\",\"supersedes_reason\":\"void\"" },
    { "everybody in order", "\"mode\":\"fixed\",\"n\":20,\"reserve\":5",
      "\"mode\":\"order\",\"n\":0,\"reserve\":0" },
    { "an industry without its section", "C13", "1310" },
    { "only certain ones", "\"weight\":10000,\"memory\":0},{\"grade\":\"*\",\"weight\":200000",
      "\"weight\":0,\"memory\":0},{\"grade\":\"*\",\"weight\":0" },
    { "two teams of a department", "{\"lot\":\"lift\",\"dept\":\"audit\",\"size\":3}",
      "{\"lot\":\"food\",\"dept\":\"samr\",\"size\":3}" },
};

static void what_the_rules_allow_passes(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(right); i++) {
        TEST_CX(cx);
        print_message("%s\n", right[i].what);
        struct ceremony_plan p = parsed(cx, replaced(cx, right[i].from, right[i].to));
        ASSERT_OK(cx, ceremony_plan_check(cx, &p));
        struct ceremony_plan again = parsed(cx, str_dup(cx->mem, put(cx, &p)).p);
        assert_true(str_eq(put(cx, &again), put(cx, &p)));
    }
}

static void nobody_may_have_a_chance(void **state UNUSED)
{
    TEST_CX(cx);
    struct ceremony_grade none = { .grade = STR("A"), .memory = 256 };
    struct ceremony_plan p = parsed(cx, whole_plan);
    p.lots[1].grades = &none;
    p.lots[1].n_grades = 1;
    ASSERT_ERR(ERR_FIELD, ceremony_plan_check(cx, &p));
    assert_non_null(strstr(cx->fault.detail, "lots[1].grades: nobody"));
}

static void memory_may_run_out(void **state UNUSED)
{
    enum err got = ERR_NO_MEMORY;
    for (int64_t n = 1; got != ERR_OK; n++) {
        TEST_CX(cx);
        struct ceremony_plan p;
        arena_fail_nth(n);
        got = ceremony_plan_parse(cx, str_of(whole_plan), &p);
        arena_fail_nth(0);
        assert_true(got == ERR_OK || got == ERR_NO_MEMORY);
        assert_true(n < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_read_and_written_back),
        cmocka_unit_test(what_is_no_plan_is_refused_by_name),
        cmocka_unit_test(each_rule_refuses_by_name),
        cmocka_unit_test(what_the_rules_allow_passes),
        cmocka_unit_test(nobody_may_have_a_chance),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
