#include "../store_harness.h"

#include "office/office.h"
#include "q_directory.h"

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
static const struct actor registrar = { .account = 5, .roles = ROLE_BIT(REGISTRAR) };
static const struct actor market = { .account = 6,
                                     .roles = ROLE_BIT(DEPARTMENT_ADMIN),
                                     .dept = STR_INIT("p_market") };
static const struct actor ecology = { .account = 7,
                                      .roles = ROLE_BIT(DEPARTMENT_ADMIN),
                                      .dept = STR_INIT("p_ecology") };

static const struct inspector_entry good = {
    .staff_no = STR_INIT("M-0001"),
    .name = STR_INIT("Li"),
    .dept = STR_INIT("p_market"),
    .kind = INSPECTOR_OFFICER,
    .regions = STR_INIT("4301,430211"),
    .quals = STR_INIT("fire,food"),
    .cert_no = STR_INIT("43-0001"),
    .cert_valid_to_on = 20271231,
    .cap = 4,
    .load = 2,
    .status = INSPECTOR_VALID,
};

/* ---- departments and items ------------------------------------------------------------------- */

static void departments_are_those_of_the_definitions(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct dept_def *all = NULL;
        struct department one;
        struct department *list = NULL;
        size_t n;
        TEST_CX(cx);
        ASSERT_OK(cx, directory_seed(cx, &d));
        ASSERT_OK(cx, department_list(cx, &d, STR(""), &list, &n));
        assert_int_equal(n, defs_depts(defs, &all));
        for (size_t i = 1; i < n; i++) {
            assert_true(str_cmp(list[i - 1].code, list[i].code) < 0);
        }
        ASSERT_OK(cx, department_list(cx, &d, STR("430100"), &list, &n));
        assert_true(n > 4);
        for (size_t i = 0; i < n; i++) {
            assert_true(str_starts(list[i].region, STR("4301")));
        }
        ASSERT_OK(cx, department_get(cx, &d, STR("c4301_market"), &one));
        assert_int_equal(one.level, 2);
        ASSERT_STR("430100", one.region);
        ASSERT_STR("p_market", one.parent);
        ASSERT_STR("market", one.field);
        ASSERT_OK(cx, department_get(cx, &d, STR("p_market"), &one));
        assert_int_equal(one.parent.n, 0);
        TEST_CX(unknown);
        ASSERT_ERR(ERR_NOT_FOUND, department_get(unknown, &d, STR("p_nothing"), &one));
        assert_non_null(strstr(unknown->fault.detail, "p_nothing"));
    }
}

static void items_carry_their_basis_and_classes(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        const struct item_def *all = NULL;
        struct item *list = NULL;
        struct item one;
        size_t n;
        TEST_CX(cx);
        ASSERT_OK(cx, directory_seed(cx, &d));
        ASSERT_OK(cx, item_list(cx, &d, 0, &list, &n));
        assert_int_equal(n, defs_items(defs, &all));
        ASSERT_OK(cx, item_get(cx, &d, STR("A01"), 0, &one));
        assert_int_equal(one.version, 1);
        assert_int_equal(one.kind, ITEM_GENERAL);
        assert_int_equal(one.list, ITEM_RANDOM);
        assert_int_equal(one.ratio_floor_ppm, 5000);
        ASSERT_STR("1,2,3", one.levels);
        uint64_t company = UINT64_C(1) << defs_class_by_key(defs, STR("company"))->no;
        uint64_t firm = UINT64_C(1) << defs_class_by_key(defs, STR("law_firm"))->no;
        assert_true((one.classes & company) != 0 && (one.classes & firm) == 0);
        struct str line = str_cut(&one.basis, '\n');
        assert_true(str_ends(line, STR("\t1")));
        assert_true(one.basis.n > 0);
        ASSERT_OK(cx, item_get(cx, &d, STR("B02"), 0, &one));
        ASSERT_STR("food", one.quals);
        ASSERT_STR("F512,F521,F522", one.industries);
        assert_true(one.classes == 0);
        ASSERT_OK(cx, item_list(cx, &d, 20251231, &list, &n));
        assert_int_equal(n, 0); /* the list begins with 2026 */
        TEST_CX(unknown);
        ASSERT_ERR(ERR_NOT_FOUND, item_get(unknown, &d, STR("Z99"), 0, &one));
        TEST_CX(early);
        ASSERT_ERR(ERR_NOT_FOUND, item_get(early, &d, STR("A01"), 20251231, &one));
    }
}

/* Somebody's older list: A01 under another name, and X01, which is in the definitions no more. */
static enum err older_list(struct cx *cx, struct tx *tx, void *arg UNUSED)
{
    struct qa_item_insert row = {
        .code = STR("A01"),
        .version = 1,
        .category = STR("c"),
        .name = STR("older name"),
        .objects = STR("o"),
        .kind = 1,
        .list = 2,
        .methods = STR("papers"),
        .field = STR("market"),
        .levels = STR("1"),
        .basis = STR("law\tarticle\t0"),
        .valid_from_on = 20250101,
    };
    const struct qa_dept_put dept = { STR("p_market"), STR("older name"),       1,
                                      STR("430000"),   (struct str){ NULL, 0 }, STR("market") };
    int64_t changed;
    TRY(q_item_insert(cx, tx, &row, &changed));
    row.code = STR("X01");
    TRY(q_item_insert(cx, tx, &row, &changed));
    return q_dept_put(cx, tx, &dept, &changed);
}

static void a_changed_item_is_a_new_version(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct department dept;
        struct op op = { 0 };
        struct item one;
        TEST_CX(cx);
        ASSERT_OK(cx, store_write(cx, st, &op, older_list, NULL));
        ASSERT_OK(cx, item_get(cx, &d, STR("X01"), 0, &one));
        for (int again = 0; again < 2; again++) { /* the second time there is no news */
            ASSERT_OK(cx, directory_seed(cx, &d));
            ASSERT_OK(cx, item_get(cx, &d, STR("A01"), 0, &one));
            assert_int_equal(one.version, 2);
            assert_false(str_eq(one.name, STR("older name")));
        }
        ASSERT_OK(cx, department_get(cx, &d, STR("p_market"), &dept));
        assert_false(str_eq(dept.name, STR("older name")));
        /* what was in force last year still is what it was */
        ASSERT_OK(cx, item_get(cx, &d, STR("A01"), 20251231, &one));
        ASSERT_STR("older name", one.name);
        ASSERT_OK(cx, item_get(cx, &d, STR("X01"), 20261122, &one));
        assert_int_equal(one.version, 2);
        TEST_CX(ended);
        ASSERT_ERR(ERR_NOT_FOUND, item_get(ended, &d, STR("X01"), 0, &one));
    }
}

static void a_seed_that_fails_leaves_nothing(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct department *list = NULL;
        size_t n;
        int64_t nth = 0;
        enum err code = ERR_STORE;
        while (code != ERR_OK && nth < 400) {
            TEST_CX(cx);
            store_fail_nth(++nth);
            code = directory_seed(cx, &d);
            store_fail_nth(0);
            TEST_CX(after);
            ASSERT_OK(after, department_list(after, &d, STR(""), &list, &n));
            assert_true(code == ERR_OK ? n > 0 : n == 0);
        }
        assert_int_equal(code, ERR_OK);
        assert_true(nth > 30);
    }
}

/* ---- inspectors ------------------------------------------------------------------------------ */

static const struct {
    const char *what, *field;
    struct str value;
} bad_texts[] = {
    { "no staff number", "staff_no", STR_INIT("") },
    { "staff number with a blank", "staff_no", STR_INIT("M 1") },
    { "staff number of 33 bytes", "staff_no", STR_INIT("123456789012345678901234567890123") },
    { "no name", "name", STR_INIT("") },
    { "name that is no text", "name", STR_INIT("\xff\xfe") },
    { "unknown department", "dept", STR_INIT("p_nothing") },
    { "no region", "regions", STR_INIT("") },
    { "unknown region", "regions", STR_INIT("9999") },
    { "region of odd digits", "regions", STR_INIT("430") },
    { "region twice", "regions", STR_INIT("4301,4301") },
    { "regions out of order", "regions", STR_INIT("4302,4301") },
    { "a comma at the end", "regions", STR_INIT("4301,") },
    { "unknown qualification", "quals", STR_INIT("cooking") },
    { "qualifications out of order", "quals", STR_INIT("food,fire") },
    { "no certificate", "cert_no", STR_INIT("") },
};
static const struct {
    const char *what, *field;
    int64_t value;
} bad_numbers[] = {
    { "no kind", "kind", 0 },        { "no such kind", "kind", 4 },
    { "negative cap", "cap", -1 },   { "huge cap", "cap", (1 << 20) + 1 },
    { "negative load", "load", -1 }, { "no such day", "cert_valid_to_on", 20260231 },
    { "no status", "status", 0 },    { "no such status", "status", 4 },
};

static void set_text(struct inspector_entry *e, const char *field, struct str value)
{
    struct {
        const char *name;
        struct str *at;
    } fields[] = {
        { "staff_no", &e->staff_no }, { "name", &e->name },   { "dept", &e->dept },
        { "regions", &e->regions },   { "quals", &e->quals }, { "cert_no", &e->cert_no }
    };
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (strcmp(fields[i].name, field) == 0) {
            *fields[i].at = value;
        }
    }
}

static void set_number(struct inspector_entry *e, const char *field, int64_t value)
{
    e->kind = strcmp(field, "kind") == 0 ? (enum inspector_kind)value : e->kind;
    e->status = strcmp(field, "status") == 0 ? (enum inspector_status)value : e->status;
    e->cap = strcmp(field, "cap") == 0 ? value : e->cap;
    e->load = strcmp(field, "load") == 0 ? value : e->load;
    if (strcmp(field, "cert_valid_to_on") == 0) {
        e->cert_valid_to_on = (int32_t)value;
    }
}

static void bad_entries_are_refused_by_field(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        int64_t count;
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, directory_seed(cx, &d));
        for (size_t i = 0; i < COUNT_OF(bad_texts) + COUNT_OF(bad_numbers); i++) {
            bool text = i < COUNT_OF(bad_texts);
            size_t k = text ? i : i - COUNT_OF(bad_texts);
            const char *field = text ? bad_texts[k].field : bad_numbers[k].field;
            struct inspector_entry e = good;
            print_message("%s\n", text ? bad_texts[k].what : bad_numbers[k].what);
            if (text) {
                set_text(&e, field, bad_texts[k].value);
            } else {
                set_number(&e, field, bad_numbers[k].value);
            }
            TEST_CX(one);
            ASSERT_ERR(ERR_FIELD, inspector_entry_put(one, &d, &market, &e, STR(""), &id));
            assert_int_equal(strncmp(one->fault.detail, field, strlen(field)), 0);
        }
        ASSERT_OK(cx, inspector_entry_count(cx, &d, STR(""), &count));
        assert_int_equal(count, 0);
    }
}

static void an_inspector_is_entered_replaced_and_repeated(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct inspector_entry e = good;
        struct inspector_entry got;
        int64_t first;
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, directory_seed(cx, &d));
        ASSERT_OK(cx, inspector_entry_put(cx, &d, &market, &e, STR("k1"), &first));
        ASSERT_OK(cx, inspector_entry_put(cx, &d, &market, &e, STR("k1"), &id));
        assert_true(id == first);
        ASSERT_OK(cx, inspector_entry_get(cx, &d, &market, e.staff_no, &got));
        assert_true(got.id == first);
        ASSERT_STR("Li", got.name);
        ASSERT_STR("4301,430211", got.regions);
        ASSERT_STR("fire,food", got.quals);
        ASSERT_STR("43-0001", got.cert_no);
        assert_int_equal(got.cert_valid_to_on, 20271231);
        assert_int_equal(got.cap, 4);
        assert_int_equal(got.load, 2);
        e.quals = STR("");
        e.cap = 9;
        ASSERT_OK(cx, inspector_entry_put(cx, &d, &market, &e, STR("k2"), &id));
        assert_true(id == first);
        ASSERT_OK(cx, inspector_entry_get(cx, &d, &market, e.staff_no, &got));
        assert_int_equal(got.quals.n, 0);
        assert_int_equal(got.cap, 9);
        TEST_CX(unknown);
        ASSERT_ERR(ERR_NOT_FOUND, inspector_entry_get(unknown, &d, &market, STR("M-9999"), &got));
    }
}

static void inspectors_are_their_departments(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct inspector_entry theirs = good;
        struct inspector_entry *list = NULL;
        size_t n;
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, directory_seed(cx, &d));
        ASSERT_OK(cx, inspector_entry_put(cx, &d, &market, &good, STR(""), &id));
        TEST_CX(other);
        ASSERT_ERR(ERR_FORBIDDEN, inspector_entry_put(other, &d, &ecology, &good, STR(""), &id));
        TEST_CX(taken); /* nor may they take somebody over */
        theirs.dept = STR("p_ecology");
        ASSERT_ERR(ERR_FORBIDDEN, inspector_entry_put(taken, &d, &ecology, &theirs, STR(""), &id));
        TEST_CX(given);
        ASSERT_ERR(ERR_FORBIDDEN, inspector_entry_put(given, &d, &market, &theirs, STR(""), &id));
        TEST_CX(clerk);
        ASSERT_ERR(ERR_FORBIDDEN, inspector_entry_put(clerk, &d, &registrar, &good, STR(""), &id));
        TEST_CX(nobody);
        ASSERT_ERR(ERR_SIGNED_OUT,
                   inspector_entry_list(nobody, &d, &public, STR(""), STR(""), 9, &list, &n));
        TEST_CX(reader);
        ASSERT_ERR(ERR_FORBIDDEN,
                   inspector_entry_list(reader, &d, &registrar, STR(""), STR(""), 9, &list, &n));
        TEST_CX(secret);
        ASSERT_ERR(ERR_SIGNED_OUT,
                   inspector_entry_get(secret, &d, &public, good.staff_no, &theirs));
    }
}

static enum err add_inspectors(struct cx *cx, const struct desk *d, int from, int to)
{
    for (int k = from; k < to; k++) {
        struct inspector_entry e = good;
        char no[] = "A-00";
        int64_t id;
        no[2] = (char)('0' + k / 10);
        no[3] = (char)('0' + k % 10);
        e.staff_no = str_of(no);
        e.dept = k % 2 == 0 ? STR("p_market") : STR("p_ecology");
        e.cert_valid_to_on = k % 3 == 0 ? 20260101 : 20271231;
        e.status = k % 5 == 0 ? INSPECTOR_PENDING : INSPECTOR_VALID;
        TRY(inspector_entry_put(cx, d, k % 2 == 0 ? &market : &ecology, &e, STR(""), &id));
    }
    return ERR_OK;
}

static void the_list_is_read_page_by_page(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct inspector_entry *list = NULL;
        struct str after = STR("");
        size_t n;
        size_t seen = 0;
        int64_t count;
        TEST_CX(cx);
        ASSERT_OK(cx, directory_seed(cx, &d));
        ASSERT_OK(cx, add_inspectors(cx, &d, 0, 25));
        do {
            ASSERT_OK(cx, inspector_entry_list(cx, &d, &ecology, STR(""), after, 10, &list, &n));
            for (size_t i = 0; i < n; i++) {
                assert_true(str_cmp(after, list[i].staff_no) < 0);
                after = list[i].staff_no;
            }
            seen += n;
        } while (n == 10);
        assert_int_equal(seen, 25);
        ASSERT_OK(cx, inspector_entry_list(cx, &d, &ecology, STR("p_ecology"), STR("A-11"), 10,
                                           &list, &n));
        assert_int_equal(n, 6);
        ASSERT_STR("A-13", list[0].staff_no);
        ASSERT_OK(cx, inspector_entry_count(cx, &d, STR("p_market"), &count));
        assert_int_equal(count, 13);
        ASSERT_OK(cx, inspector_entry_count(cx, &d, STR(""), &count));
        assert_int_equal(count, 25);
        TEST_CX(wrong);
        ASSERT_ERR(ERR_FIELD,
                   inspector_entry_list(wrong, &d, &ecology, STR(""), STR(""), 0, &list, &n));
    }
}

struct roster {
    char text[1024];
    size_t n;
    int64_t id;
};

static void roster_add(struct roster *r, struct str s)
{
    assert_true(r->n + s.n + 1 < sizeof r->text);
    memcpy(r->text + r->n, s.p, s.n);
    r->n += s.n;
    r->text[r->n++] = ' ';
    r->text[r->n] = '\0';
}

static enum err roster_row(struct cx *cx UNUSED, const struct inspector_entry *i, void *arg)
{
    struct roster *r = arg;
    roster_add(r, i->staff_no);
    r->id = i->id;
    return ERR_OK;
}

static enum err roster_work(struct cx *cx, struct tx *tx, void *arg)
{
    return inspector_entry_each(cx, tx, STR("p_market"), 20261123, roster_row, arg);
}

static enum err load_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct roster *r = arg;
    TRY(inspector_load_add(cx, tx, r->id, 5));
    TRY(inspector_load_add(cx, tx, r->id, -3));
    return inspector_load_add(cx, tx, r->id, -100);
}

static enum err unknown_load_work(struct cx *cx, struct tx *tx, void *arg UNUSED)
{
    return inspector_load_add(cx, tx, 1, 5);
}

static void the_roster_is_the_valid_with_a_certificate(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct roster r = { .n = 0 };
        struct inspector_entry e;
        struct op op = { 0 };
        TEST_CX(cx);
        ASSERT_OK(cx, directory_seed(cx, &d));
        ASSERT_OK(cx, add_inspectors(cx, &d, 0, 15));
        ASSERT_OK(cx, store_read(cx, st, roster_work, &r));
        assert_string_equal(r.text, "A-02 A-04 A-08 A-14 ");
        ASSERT_OK(cx, store_write(cx, st, &op, load_work, &r));
        ASSERT_OK(cx, inspector_entry_get(cx, &d, &market, STR("A-14"), &e));
        assert_int_equal(e.load, 0); /* 2 + 5 - 3 - 100 */
        TEST_CX(unknown);
        ASSERT_ERR(ERR_NOT_FOUND, store_write(unknown, st, &op, unknown_load_work, NULL));
    }
}

/* ---- interests ------------------------------------------------------------------------------- */

#define FIRST_CODE "0000000000001" /* of the demo province: entity 1 by its record id */
#define NO_ONES    "91350100M000100Y43"

static const struct interest tie = { .staff_no = STR_INIT("M-0001"),
                                     .code = STR_INIT(FIRST_CODE),
                                     .kind = INTEREST_SHAREHOLDING,
                                     .from_on = 20250101,
                                     .note = STR_INIT("ten shares") };
static const struct {
    const char *what, *field;
    struct interest i;
} bad_interests[] = {
    { "no kind", "kind", { .code = STR_INIT(FIRST_CODE), .from_on = 20250101 } },
    { "no such kind",
      "kind",
      { .code = STR_INIT(FIRST_CODE), .kind = (enum interest_kind)5, .from_on = 20250101 } },
    { "no first day", "from_on", { .code = STR_INIT(FIRST_CODE), .kind = INTEREST_RELATIVE } },
    { "ends before it begins",
      "to_on",
      { .code = STR_INIT(FIRST_CODE),
        .kind = INTEREST_RELATIVE,
        .from_on = 20250101,
        .to_on = 20241231 } },
    { "no code",
      "code",
      { .code = STR_INIT("X"), .kind = INTEREST_RELATIVE, .from_on = 20250101 } },
    { "nobody's code",
      "code",
      { .code = STR_INIT(NO_ONES), .kind = INTEREST_RELATIVE, .from_on = 20250101 } },
    { "nobody's record id",
      "code",
      { .code = STR_INIT("0000000000ZZZ"), .kind = INTEREST_RELATIVE, .from_on = 20250101 } },
    { "note that is no text",
      "note",
      { .code = STR_INIT(FIRST_CODE),
        .kind = INTEREST_RELATIVE,
        .from_on = 20250101,
        .note = STR_INIT("\xff") } },
};

static enum err small_province(struct cx *cx, const struct desk *d)
{
    const struct demo_options o = { .entities = 100, .seed = 1 };
    struct demo_result made;
    int64_t id;
    TRY(demo_make(cx, d, &o, &made));
    return inspector_entry_put(cx, d, &market, &good, STR(""), &id);
}

static void bad_interests_are_refused_by_field(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, small_province(cx, &d));
        for (size_t k = 0; k < COUNT_OF(bad_interests); k++) {
            struct interest i = bad_interests[k].i;
            const char *field = bad_interests[k].field;
            i.staff_no = good.staff_no;
            print_message("%s\n", bad_interests[k].what);
            TEST_CX(one);
            ASSERT_ERR(ERR_FIELD, interest_add(one, &d, &market, &i, STR(""), &id));
            assert_int_equal(strncmp(one->fault.detail, field, strlen(field)), 0);
        }
        TEST_CX(other);
        ASSERT_ERR(ERR_FORBIDDEN, interest_add(other, &d, &ecology, &tie, STR(""), &id));
        TEST_CX(clerk);
        ASSERT_ERR(ERR_FORBIDDEN, interest_add(clerk, &d, &registrar, &tie, STR(""), &id));
        TEST_CX(nobody);
        struct interest unknown = tie;
        unknown.staff_no = STR("M-9999");
        ASSERT_ERR(ERR_NOT_FOUND, interest_add(nobody, &d, &market, &unknown, STR(""), &id));
    }
}

static enum err recusal_row(struct cx *cx UNUSED, const struct interest *i, void *arg)
{
    if (str_eq(i->staff_no, good.staff_no)) { /* the demo's own have ties too */
        roster_add(arg, i->staff_no);
        roster_add(arg, i->code);
    }
    return ERR_OK;
}

static enum err recusal_work(struct cx *cx, struct tx *tx, void *arg)
{
    return interest_each(cx, tx, STR("p_market"), 20261123, recusal_row, arg);
}

static void interests_in_force_are_the_recusals(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct interest i = tie;
        struct interest *list = NULL;
        struct roster r = { .n = 0 };
        size_t n;
        int64_t first;
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, small_province(cx, &d));
        ASSERT_OK(cx, interest_add(cx, &d, &market, &i, STR("t1"), &first));
        ASSERT_OK(cx, interest_add(cx, &d, &market, &i, STR("t1"), &id));
        assert_true(id == first);
        i.kind = INTEREST_FORMER_EMPLOYER;
        i.to_on = 20251231; /* over since */
        ASSERT_OK(cx, interest_add(cx, &d, &market, &i, STR(""), &id));
        ASSERT_OK(cx, interest_list(cx, &d, &market, good.staff_no, &list, &n));
        assert_int_equal(n, 2);
        assert_true(list[0].id == first);
        ASSERT_STR("ten shares", list[0].note);
        assert_int_equal(code_check(list[0].code).err, ERR_OK);
        assert_int_equal(list[0].to_on, 0);
        assert_int_equal(list[1].to_on, 20251231);
        assert_int_equal(list[1].kind, INTEREST_FORMER_EMPLOYER);
        ASSERT_OK(cx, store_read(cx, st, recusal_work, &r));
        assert_true(str_starts(str_of(r.text), STR("M-0001 ")));
        assert_int_equal(strncmp(r.text + 7, list[0].code.p, list[0].code.n), 0);
        assert_int_equal(r.n, 7 + list[0].code.n + 1); /* once */
        TEST_CX(secret);
        ASSERT_ERR(ERR_SIGNED_OUT, interest_list(secret, &d, &public, good.staff_no, &list, &n));
    }
}

struct ending_case {
    const char *what;
    const struct actor *by;
    const char *staff_no;
    bool other_id;
    int32_t to_on;
    enum err want;
};
static const struct ending_case endings[] = {
    { "another department", &ecology, "M-0001", false, 20261130, ERR_FORBIDDEN },
    { "the public", &public, "M-0001", false, 20261130, ERR_SIGNED_OUT },
    { "no such inspector", &market, "M-9999", false, 20261130, ERR_NOT_FOUND },
    { "no such tie", &market, "M-0001", true, 20261130, ERR_NOT_FOUND },
    { "not a day", &market, "M-0001", false, 20261131, ERR_FIELD },
    { "before it began", &market, "M-0001", false, 20241231, ERR_FIELD },
    { "ended", &market, "M-0001", false, 20261130, ERR_OK },
    { "put off", &market, "M-0001", false, 20261201, ERR_STATE },
    { "the same day again", &market, "M-0001", false, 20261130, ERR_STATE },
    { "brought forward", &market, "M-0001", false, 20261101, ERR_OK },
};

static void a_tie_ends_once_and_no_draw_recuses_behind_it(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct interest i = tie;
        struct interest *list = NULL;
        struct roster r = { .n = 0 };
        size_t n;
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, small_province(cx, &d));
        ASSERT_OK(cx, interest_add(cx, &d, &market, &i, STR(""), &id));
        for (size_t k = 0; k < COUNT_OF(endings); k++) {
            const struct ending_case *e = &endings[k];
            TEST_CX(one);
            print_message("%s\n", e->what);
            enum err got = interest_end(one, &d, e->by, str_of(e->staff_no),
                                        e->other_id ? id + 1 : id, e->to_on, STR(""));
            assert_string_equal(err_name(e->want), err_name(got));
        }
        ASSERT_OK(cx, interest_list(cx, &d, &market, good.staff_no, &list, &n));
        assert_int_equal(n, 1);
        assert_int_equal(list[0].to_on, 20261101);
        ASSERT_OK(cx, store_read(cx, st, recusal_work, &r)); /* on 2026-11-23 */
        assert_int_equal(r.n, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(departments_are_those_of_the_definitions),
        cmocka_unit_test(items_carry_their_basis_and_classes),
        cmocka_unit_test(a_changed_item_is_a_new_version),
        cmocka_unit_test(a_seed_that_fails_leaves_nothing),
        cmocka_unit_test(bad_entries_are_refused_by_field),
        cmocka_unit_test(an_inspector_is_entered_replaced_and_repeated),
        cmocka_unit_test(inspectors_are_their_departments),
        cmocka_unit_test(the_list_is_read_page_by_page),
        cmocka_unit_test(the_roster_is_the_valid_with_a_certificate),
        cmocka_unit_test(bad_interests_are_refused_by_field),
        cmocka_unit_test(interests_in_force_are_the_recusals),
        cmocka_unit_test(a_tie_ends_once_and_no_draw_recuses_behind_it),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
