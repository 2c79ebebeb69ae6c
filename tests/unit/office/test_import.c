#include "import_place.h"

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

static const struct actor registrar = { .account = 7, .roles = ROLE_BIT(REGISTRAR) };

/* ---- values --------------------------------------------------------------------------------- */

static const struct {
    const char *what, *text;
    int64_t unit_fen, want_fen;
    enum err err;
} capitals[] = {
    { "yuan", "500", 100, 50000, ERR_OK },
    { "fen", "0.07", 100, 7, ERR_OK },
    { "ten thousands", "512.6万人民币", 100, 512600000, ERR_OK },
    { "thousands' commas and brackets", "2,074.2900(万元人民币)", 100, 2074290000, ERR_OK },
    { "full width", "５００（万元）", 100, 500000000, ERR_OK },
    { "hundred millions", "1.5亿元", 100, INT64_C(15000000000), ERR_OK },
    { "by the column's title", "30", 1000000, 30000000, ERR_OK },
    { "yuan although the title says otherwise", "30元", 1000000, 3000, ERR_OK },
    { "letters of the currency", "10 CNY", 100, 1000, ERR_OK },
    { "dollars are not stated", "500万美元", 100, -1, ERR_OK },
    { "nothing", "0", 100, 0, ERR_OK },
    { "no number", "万人民币", 100, 0, ERR_NUMBER },
    { "below nothing", "-5", 100, 0, ERR_NUMBER },
    { "more than there is", "9999999999999999", 100, 0, ERR_NUMBER },
    { "more than there is, in ten thousands", "999999999999999万", 100, 0, ERR_NUMBER },
};

static void capitals_are_read(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(capitals); i++) {
        TEST_CX(cx);
        int64_t fen = 0;
        print_message("%s\n", capitals[i].what);
        ASSERT_ERR(capitals[i].err,
                   import_capital(cx, str_of(capitals[i].text), capitals[i].unit_fen, &fen));
        assert_true(fen == capitals[i].want_fen);
    }
}

static void places_are_found_by_their_names(void **state UNUSED)
{
    static const struct {
        const char *province, *city, *county, *want;
    } rows[] = {
        { "湖南", "长沙", "", "430100" },
        { "湖南省", "长沙市", "芙蓉区", "430102" },
        { "", "长沙", "", "430100" },
        { "湖南", "", "芙蓉", "430102" },
        { "湖南", "", "", "430000" },
        { "湖南", "浏阳", "", "430181" }, /* a county in rank that files call a city */
        { "湖南", "没有", "", NULL },
        { "江苏", "长沙", "", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct region *at = import_place(defs, str_of(rows[i].province), str_of(rows[i].city),
                                               str_of(rows[i].county));
        print_message("%s %s %s\n", rows[i].province, rows[i].city, rows[i].county);
        assert_true((at == NULL) == (rows[i].want == NULL));
        if (at != NULL) {
            ASSERT_STR(rows[i].want, at->code);
        }
    }
}

static void classes_are_found_by_words_and_names(void **state UNUSED)
{
    TEST_CX(cx);
    int company = defs_class_by_key(defs, STR("company"))->no;
    int branch = defs_class_by_key(defs, STR("company_branch"))->no;
    int partnership = defs_class_by_key(defs, STR("partnership"))->no;
    assert_int_equal(company, import_class(cx, defs, STR("有限责任公司")));
    assert_int_equal(company,
                     import_class(cx, defs, STR("有限责任公司（非自然人投资的法人独资）")));
    assert_int_equal(company, import_class(cx, defs, STR("company")));
    assert_int_equal(0, import_class(cx, defs, STR("什么")));
    assert_int_equal(branch,
                     import_class_by_name(cx, defs, STR("某某有限公司长沙分公司"), STR("914")));
    assert_int_equal(partnership,
                     import_class_by_name(cx, defs, STR("某某中心（有限合伙）"), STR("914")));
    assert_int_equal(ENTITY_ACTIVE, import_status(cx, defs, STR("存续（在营、开业、在册）")));
    assert_int_equal(0, import_status(cx, defs, STR("?")));
}

/* ---- looking at a file ---------------------------------------------------------------------- */

static const struct {
    const char *what;
    struct str text;
    enum err err;
    const char *charset;
    char separator;
    int uscc, name; /* columns that are guessed */
} looks[] = {
    { "Chinese header", STR_INIT("统一社会信用代码,企业名称\n"), ERR_OK, "UTF-8", ',', 0, 1 },
    { "byte order mark", STR_INIT("\xef\xbb\xbfname,uscc\r\n"), ERR_OK, "UTF-8", ',', 1, 0 },
    { "tabs", STR_INIT("entname\tunicode\n"), ERR_OK, "UTF-8", '\t', 1, 0 },
    { "semicolons, capitals, blanks", STR_INIT("Entity Name;Credit_Code\n"), ERR_OK, "UTF-8", ';',
      1, 0 },
    { "GB18030", STR_INIT("\xcd\xb3\xd2\xbb\xb4\xfa\xc2\xeb,\xc3\xfb\xb3\xc6\n"), ERR_OK, "GB18030",
      ',', 0, 1 },
    { "quoted header", STR_INIT("\"name\",\"uscc\"\n"), ERR_OK, "UTF-8", ',', 1, 0 },
    { "blank lines before", STR_INIT("\r\n\r\nname,uscc\r\n"), ERR_OK, "UTF-8", ',', 1, 0 },
    { "nothing known", STR_INIT("x,y\n"), ERR_OK, "UTF-8", ',', -1, -1 },
    { "the first of two", STR_INIT("name,entname,uscc\n"), ERR_OK, "UTF-8", ',', 2, 0 },
    { "empty", STR_INIT(""), ERR_FIELD, NULL, 0, 0, 0 },
    { "a column twice", STR_INIT("uscc,name,uscc\n"), ERR_FIELD, NULL, 0, 0, 0 },
    { "an open quote", STR_INIT("uscc,\"name\n"), ERR_FIELD, NULL, 0, 0, 0 },
    { "UTF-16", STR_INIT("\xff\xfeu\0s\0"), ERR_UTF8, NULL, 0, 0, 0 },
    { "a workbook", STR_INIT("PK\x03\x04rest"), ERR_UTF8, NULL, 0, 0, 0 },
    { "one wrong byte among many right ones",
      STR_INIT("统一社会信用代码,企业名称统一社会信用代码\n\xff\n一二三四\n"), ERR_OK, "UTF-8", ',',
      0, -1 },
    { "no charset we know", STR_INIT("uscc,\xff\xff\xff\xff\xff\n"), ERR_UTF8, NULL, 0, 0, 0 },
};

static void files_are_looked_at(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        for (size_t i = 0; i < COUNT_OF(looks); i++) {
            TEST_CX(cx);
            struct import_preview *p = arena_alloc(cx->mem, 1, sizeof *p);
            print_message("%s\n", looks[i].what);
            put_file(&at, looks[i].text);
            enum err code = import_look(cx, &d, str_of(at.file), p);
            ASSERT_ERR(looks[i].err, code);
            if (code == ERR_OK) {
                assert_string_equal(looks[i].charset, p->charset);
                assert_int_equal(looks[i].separator, p->separator);
                assert_int_equal(looks[i].uscc, p->mapping.column[IMPORT_USCC]);
                assert_int_equal(looks[i].name, p->mapping.column[IMPORT_NAME]);
                assert_int_equal(16, p->signature.n);
            } else {
                assert_true(cx->fault.detail[0] != '\0');
            }
        }
        TEST_CX(none);
        struct import_preview *p = arena_alloc(none->mem, 1, sizeof *p);
        ASSERT_ERR(ERR_FILE, import_look(none, &d, STR("/nowhere/rows.csv"), p));
    }
    place_remove(&at);
}

static void samples_are_shown_in_utf8(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        TEST_CX(cx);
        struct import_preview *p = arena_alloc(cx->mem, 1, sizeof *p);
        put_file(&at,
                 STR("uscc,\xc3\xfb\xb3\xc6\n1,\xb3\xa4\xc9\xb3\nbad\n2,b\n3,c\n4,d\n5,e\n6,f\n"));
        ASSERT_OK(cx, import_look(cx, &d, str_of(at.file), p));
        assert_int_equal(5, p->n_samples);
        ASSERT_STR("长沙", p->sample[0][1]);
        ASSERT_STR("2", p->sample[1][0]);
    }
    place_remove(&at);
}

/* ---- importing ------------------------------------------------------------------------------ */

static struct import_result import_text(struct cx *cx, const struct desk *d,
                                        const struct test_place *at, struct str text, bool dry_run)
{
    const struct import_options o = { .path = str_of(at->file),
                                      .title = STR("rows.csv"),
                                      .region = STR("430102"),
                                      .dry_run = dry_run };
    struct import_result got = { .cancelled = true };
    put_file(at, text);
    ASSERT_OK(cx, import_run(cx, d, &registrar, &o, 0, NULL, &got));
    assert_false(got.cancelled);
    return got;
}

static void assert_counts(const struct import_result *r, int added, int changed, int unchanged,
                          int refused)
{
    assert_int_equal(added, r->counts.added);
    assert_int_equal(changed, r->counts.changed);
    assert_int_equal(unchanged, r->counts.unchanged);
    assert_int_equal(refused, r->counts.refused);
    assert_int_equal(added + changed + unchanged + refused, r->counts.rows);
    assert_true(r->counts.bytes_done == r->counts.bytes_total);
}

/* Each row is refused for one reason, and that one is in the errors file. %s is a right code. */
static const struct {
    const char *what, *row, *code, *detail;
} refusals[] = {
    { "no code", ",Firm", "FIELD", "no code" },
    { "a wrong check character", "91430102YD000001A0,Firm", "USCC_", "uscc" },
    { "a code of no length", "123,Firm", "USCC_LENGTH", "uscc" },
    { "no name", "%s,", "FIELD", "name" },
    { "too few columns", "%s", "CSV_COLUMNS", "1, 10" },
    { "too many columns", "%s,Firm,,,,,,,,,more", "CSV_COLUMNS", "11, 10" },
    { "an unknown class", "%s,Firm,thing", "FIELD", "class" },
    { "an unknown state", "%s,Firm,,thing", "FIELD", "status" },
    { "no such division", "%s,Firm,,,999999", "FIELD", "region" },
    { "no such place", "%s,Firm,,,,,,,,Atlantis", "FIELD", "Atlantis" },
    { "an unknown industry", "%s,Firm,,,430102,Z99", "FIELD", "industry" },
    { "no day", "%s,Firm,,,430102,,2026-02-30", "DATE", "established_on" },
    { "a day to come", "%s,Firm,,,430102,,2099-01-01", "FIELD", "established_on" },
    { "closed but in business", "%s,Firm,,active,430102,,,2020-01-01", "FIELD", "closed_on" },
    { "no amount", "%s,Firm,,,430102,,,,much", "NUMBER", "capital" },
    { "not UTF-8", "%s,\xff\xfe", "UTF8", "byte 1" },
    { "text behind a quote", "%s,\"Firm\"s", "CSV_BEHIND", "" },
};
#define REFUSALS_HEADER                                                                            \
    "\xef\xbb\xbfuscc,name,class,status,region,industry,established_on,closed_on,capital,county\n"

static struct str padded(struct cx *cx, const char *row, int number, bool pad)
{
    char code[CODE_ROOM];
    struct buf b = buf_of(cx->mem, 4096);
    struct str rest = str_of(row);
    size_t commas = 0;
    if (str_starts(rest, STR("%s"))) {
        buf_put_z(&b, made_code(number, code));
        rest = str_from(rest, 2);
    }
    buf_put(&b, rest);
    for (size_t i = 0; i < rest.n; i++) {
        commas += rest.p[i] == ',';
    }
    for (; pad && commas < 9; commas++) {
        buf_put_c(&b, ',');
    }
    return buf_str(&b);
}

static void each_row_is_refused_for_one_reason(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        for (size_t i = 0; i < COUNT_OF(refusals); i++) {
            TEST_CX(cx);
            struct buf b = buf_of(cx->mem, 8192);
            bool pad = strcmp(refusals[i].code, "CSV_COLUMNS") != 0;
            print_message("%s\n", refusals[i].what);
            buf_put_z(&b, REFUSALS_HEADER);
            buf_put(&b, padded(cx, refusals[i].row, 1, pad));
            buf_put_z(&b, "\n");
            cx->lang = LANG_EN;
            struct import_result r = import_text(cx, &d, &at, buf_str(&b), false);
            assert_counts(&r, 0, 0, 0, 1);
            struct str errors = read_back(cx, &at, r.errors);
            struct str z = str_dup(cx->mem, errors);
            assert_non_null(strstr(z.p, "capital,county,Reason\r\n"));
            assert_non_null(strstr(z.p, "2: "));
            assert_non_null(strstr(z.p, refusals[i].detail));
            const char *sentence = NULL;
            for (int e = 0; e < ERR__COUNT; e++) {
                if (str_starts(str_of(err_name((enum err)e)), str_of(refusals[i].code)) &&
                    strstr(z.p, err_text((enum err)e, LANG_EN)) != NULL) {
                    sentence = err_text((enum err)e, LANG_EN);
                }
            }
            assert_non_null(sentence);
        }
    }
    place_remove(&at);
}

static void a_row_refused_stops_nothing(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        char a[CODE_ROOM], b[CODE_ROOM], c[CODE_ROOM];
        struct market_entity e;
        TEST_CX(cx);
        struct buf text = buf_of(cx->mem, 8192);
        buf_fmt(&text,
                "统一社会信用代码,企业名称,成立日期,注册资本(万元),市\r\n%s,\"长沙甲,"
                "\r\n乙有限公司\",2020-01-02,50,长沙\r\n"
                "%s,没闭合的\"引号,2020/1/"
                "2,1.5万元,长沙\r\n\r\n%s,\"没闭合,x,x,x\r\n123,坏,,,长沙\r\n%s,丙店,20200102,,"
                "长沙\r\n",
                made_code(1, a), made_code(2, b), a, made_code(3, c));
        cx->lang = LANG_ZH;
        struct import_result r = import_text(cx, &d, &at, buf_str(&text), false);
        /* a name of two lines has a control character in it */
        assert_counts(&r, 2, 0, 0, 3);
        ASSERT_OK(cx, register_by_code(cx, &d, &registrar, str_of(b), &e));
        ASSERT_STR("没闭合的\"引号", e.name);
        ASSERT_STR("430100", e.region);
        assert_int_equal(20200102, e.established_on);
        assert_true(e.capital_fen == 1500000);
        assert_int_equal(7, e.recorded_by);
        struct str z = str_dup(cx->mem, read_back(cx, &at, r.errors));
        assert_non_null(strstr(z.p, ",原因\r\n"));
        assert_non_null(strstr(z.p, "\"长沙甲,\r\n乙有限公司\",2020-01-02,50,长沙,"));
        assert_non_null(strstr(z.p, "6: 引号没有闭合"));
        assert_non_null(strstr(z.p, "7: 统一社会信用代码应为18位"));
        /* the errors file may be imported again: it says the same of each row */
        TEST_CX(again);
        r = import_text(again, &d, &at, (struct str){ z.p, z.n }, false);
        assert_counts(&r, 0, 0, 0, 3);
    }
    place_remove(&at);
}

static void the_same_file_again_changes_nothing(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        char a[CODE_ROOM], b[CODE_ROOM];
        struct market_entity e;
        TEST_CX(cx);
        struct buf text = buf_of(cx->mem, 8192);
        buf_fmt(&text,
                "uscc,name,class,status,region,capital\n%s,甲公司,company,active,430102,500\n"
                "%s,乙公司,company,active,430102,\n",
                made_code(1, a), made_code(2, b));
        struct import_result r = import_text(cx, &d, &at, buf_str(&text), false);
        assert_counts(&r, 2, 0, 0, 0);
        assert_int_equal(0, r.errors.n);
        r = import_text(cx, &d, &at, buf_str(&text), false);
        assert_counts(&r, 0, 0, 2, 0);
        buf_clear(&text);
        buf_fmt(&text, "uscc,name,status,capital\n%s,甲新公司,,\n%s,乙公司,歇业,900\n", a, b);
        r = import_text(cx, &d, &at, buf_str(&text), false);
        assert_counts(&r, 0, 2, 0, 0);
        ASSERT_OK(cx, register_by_code(cx, &d, &registrar, str_of(a), &e));
        ASSERT_STR("甲新公司", e.name);
        assert_true(e.capital_fen == 50000); /* an empty cell says nothing */
        assert_int_equal(ENTITY_ACTIVE, e.status);
        assert_int_equal(2, e.version);
        ASSERT_STR("rows.csv", e.reason);
        ASSERT_OK(cx, register_by_code(cx, &d, &registrar, str_of(b), &e));
        assert_int_equal(ENTITY_DORMANT, e.status);
        r = import_text(cx, &d, &at, buf_str(&text), false);
        assert_counts(&r, 0, 0, 2, 0);
    }
    place_remove(&at);
}

static void a_code_twice_in_a_file_is_one_entity(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        char a[CODE_ROOM], old[CODE_ROOM];
        struct market_entity e;
        TEST_CX(cx);
        struct buf text = buf_of(cx->mem, 8192);
        buf_fmt(&text, "uscc,regno,name,class\n,%s,甲,company\n%s,%s,甲,company\n%s,,乙,company\n",
                made_regno(1, old), made_code(1, a), old, a);
        struct import_result r = import_text(cx, &d, &at, buf_str(&text), false);
        assert_counts(&r, 1, 2, 0, 0); /* by its number, then with its code, then by its code */
        ASSERT_OK(cx, register_by_code(cx, &d, &registrar, str_of(a), &e));
        ASSERT_STR("乙", e.name);
        ASSERT_STR(old, e.regno);
        r = import_text(cx, &d, &at, buf_str(&text), false);
        assert_int_equal(0, r.counts.added + r.counts.refused);
        /* a number that is another's */
        char b[CODE_ROOM];
        buf_clear(&text);
        buf_fmt(&text, "uscc,regno,name,region\n%s,,丙,430102\n%s,%s,丙,430102\n", made_code(2, b),
                b, old);
        r = import_text(cx, &d, &at, buf_str(&text), false);
        assert_counts(&r, 1, 0, 0, 1);
    }
    place_remove(&at);
}

static void a_dry_run_writes_nothing(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        char a[CODE_ROOM];
        struct market_entity e;
        TEST_CX(cx);
        struct buf text = buf_of(cx->mem, 8192);
        buf_fmt(&text, "uscc,name,region\n%s,甲,430102\nbad,乙,430102\n", made_code(1, a));
        struct import_result r = import_text(cx, &d, &at, buf_str(&text), true);
        assert_counts(&r, 1, 0, 0, 1);
        assert_true(read_back(cx, &at, r.errors).n > 0);
        ASSERT_ERR(ERR_NOT_FOUND, register_by_code(cx, &d, &registrar, str_of(a), &e));
        TEST_CX(real);
        r = import_text(real, &d, &at, buf_str(&text), false);
        assert_counts(&r, 1, 0, 0, 1);
        TEST_CX(change);
        buf_clear(&text);
        buf_fmt(&text, "uscc,name\n%s,丁\n", a);
        r = import_text(change, &d, &at, buf_str(&text), true);
        assert_counts(&r, 0, 1, 0, 0);
        ASSERT_OK(change, register_by_code(change, &d, &registrar, str_of(a), &e));
        ASSERT_STR("甲", e.name);
    }
    place_remove(&at);
}

static void gb18030_goes_in_and_its_errors_come_out_so(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        char a[CODE_ROOM];
        struct market_entity e;
        TEST_CX(cx);
        cx->lang = LANG_ZH;
        struct buf text = buf_of(cx->mem, 8192);
        /* the header says code and name, the city is Changsha */
        buf_fmt(&text,
                "uscc,\xc3\xfb\xb3\xc6,city\n%s,\xb3\xa4\xc9\xb3,\xb3\xa4\xc9\xb3\nbad,\xb3\xa4,"
                "\xb3\xa4\xc9\xb3\n",
                made_code(1, a));
        struct import_result r = import_text(cx, &d, &at, buf_str(&text), false);
        assert_counts(&r, 1, 0, 0, 1);
        ASSERT_OK(cx, register_by_code(cx, &d, &registrar, str_of(a), &e));
        ASSERT_STR("长沙", e.name);
        struct str z = str_dup(cx->mem, read_back(cx, &at, r.errors));
        assert_non_null(strstr(z.p, "city,\xd4\xad\xd2\xf2\r\n")); /* "reason" */
        assert_non_null(strstr(z.p, "bad,\xb3\xa4,\xb3\xa4\xc9\xb3,"));
    }
    place_remove(&at);
}

static void a_region_and_a_former_name_are_taken(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        char a[CODE_ROOM], b[CODE_ROOM];
        struct market_entity e;
        struct entity_name *names = NULL;
        size_t n;
        struct import_result r;
        TEST_CX(cx);
        struct buf text = buf_of(cx->mem, 8192);
        buf_fmt(&text, "uscc,name,曾用名,区县\n%s,甲,旧甲,\n%s,乙,,岳麓区\n", made_code(1, a),
                made_code(2, b));
        put_file(&at, buf_str(&text));
        const struct import_options o = { .path = str_of(at.file), .region = STR("430121") };
        ASSERT_OK(cx, import_run(cx, &d, &registrar, &o, 0, NULL, &r));
        assert_counts(&r, 2, 0, 0, 0);
        ASSERT_OK(cx, register_by_code(cx, &d, &registrar, str_of(a), &e));
        ASSERT_STR("430121", e.region);
        ASSERT_OK(cx, register_names(cx, &d, e.id, &names, &n));
        assert_int_equal(2, n); /* the current one is the first */
        ASSERT_STR("旧甲", names[1].name);
        assert_int_equal(NAME_FORMER, names[1].kind);
        ASSERT_OK(cx, register_by_code(cx, &d, &registrar, str_of(b), &e));
        ASSERT_STR("430104", e.region);
        TEST_CX(nowhere);
        const struct import_options bad = { .path = str_of(at.file), .region = STR("999999") };
        ASSERT_ERR(ERR_FIELD, import_run(nowhere, &d, &registrar, &bad, 0, NULL, &r));
    }
    place_remove(&at);
}

static void who_may_not_write_imports_nothing(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        const struct actor planner = { .account = 8, .roles = ROLE_BIT(PLANNER) };
        const struct actor county = { .account = 9,
                                      .roles = ROLE_BIT(REGISTRAR),
                                      .region = STR("430102") };
        char a[CODE_ROOM], b[CODE_ROOM];
        struct import_result r;
        TEST_CX(cx);
        struct buf text = buf_of(cx->mem, 8192);
        buf_fmt(&text, "uscc,name,region\n%s,甲,430102\n%s,乙,430103\n", made_code(1, a),
                made_code(2, b));
        put_file(&at, buf_str(&text));
        const struct import_options o = { .path = str_of(at.file) };
        ASSERT_ERR(ERR_FORBIDDEN, import_run(cx, &d, &planner, &o, 0, NULL, &r));
        fault_clear(cx);
        ASSERT_OK(cx, import_run(cx, &d, &county, &o, 0, NULL, &r));
        assert_counts(&r, 1, 0, 0, 1); /* the other one is another county's */
        put_file(&at, STR("name,region\nx,430102\n"));
        ASSERT_ERR(ERR_FIELD, import_run(cx, &d, &registrar, &o, 0, NULL, &r));
    }
    place_remove(&at);
}

static void a_mapping_is_remembered(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        char a[CODE_ROOM];
        struct import_result r;
        struct import_mapping m;
        TEST_CX(cx);
        struct import_preview *p = arena_alloc(cx->mem, 1, sizeof *p);
        struct buf text = buf_of(cx->mem, 8192);
        buf_fmt(&text, "x,y,z\n甲,%s,430102\n", made_code(1, a));
        put_file(&at, buf_str(&text));
        ASSERT_OK(cx, import_look(cx, &d, str_of(at.file), p));
        assert_false(p->remembered);
        m = p->mapping;
        m.column[IMPORT_NAME] = 0;
        m.column[IMPORT_USCC] = 1;
        m.column[IMPORT_REGION] = 2;
        const struct import_options o = { .path = str_of(at.file),
                                          .mapping = &m,
                                          .remember = true };
        ASSERT_OK(cx, import_run(cx, &d, &registrar, &o, 0, NULL, &r));
        assert_counts(&r, 1, 0, 0, 0);
        ASSERT_OK(cx, import_look(cx, &d, str_of(at.file), p));
        assert_true(p->remembered);
        assert_int_equal(1, p->mapping.column[IMPORT_USCC]);
        assert_int_equal(-1, p->mapping.column[IMPORT_CLASS]);
        const struct import_options again = { .path = str_of(at.file) };
        ASSERT_OK(cx, import_run(cx, &d, &registrar, &again, 0, NULL, &r));
        assert_counts(&r, 0, 0, 1, 0);
    }
    place_remove(&at);
}

/* ---- what goes wrong under way -------------------------------------------------------------- */

static void whichever_statement_fails_nothing_is_half_done(void **state UNUSED)
{
    enum { ROWS = 5, STEPS_MAX = 400 };
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        TEST_CX(cx);
        struct buf text = buf_of(cx->mem, 8192);
        char code[CODE_ROOM];
        buf_put_z(&text, "uscc,name,region\nbad,x,430102\n");
        for (int i = 0; i < ROWS; i++) {
            buf_fmt(&text, "%s,甲%d,430102\n", made_code(i, code), i);
        }
        put_file(&at, buf_str(&text));
        enum err err = ERR_STORE;
        int tries = 0;
        for (int n = 1; err != ERR_OK; n++, tries++) {
            TEST_CX(each);
            const struct import_options o = { .path = str_of(at.file) };
            struct import_result r;
            struct register_counts all;
            const struct entity_filter any = { .statuses = 0 };
            assert_true(n < STEPS_MAX);
            store_fail_nth(n);
            err = import_run(each, &d, &registrar, &o, 0, NULL, &r);
            store_fail_nth(0);
            TEST_CX(count);
            ASSERT_OK(count, register_count(count, &d, &registrar, &any, &all));
            assert_int_equal(err == ERR_OK ? ROWS : 0, all.all);
            if (err == ERR_OK) {
                assert_counts(&r, ROWS, 0, 0, 1);
            }
        }
        assert_true(tries > ROWS); /* statements were failed, not passed by */
    }
    place_remove(&at);
}

/* ---- export --------------------------------------------------------------------------------- */

static enum err gather(struct cx *cx UNUSED, struct str bytes, void *arg)
{
    buf_put(arg, bytes);
    return ERR_OK;
}

static void what_is_exported_comes_in_again_unchanged(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        const struct entity_filter all = { .statuses = 0 };
        char a[CODE_ROOM], b[CODE_ROOM];
        int64_t rows;
        TEST_CX(cx);
        struct buf text = buf_of(cx->mem, 8192);
        buf_fmt(&text,
                "uscc,name,class,status,region,industry,established_on,closed_on,premises,capital,"
                "representative\n"
                "%s,=甲+,company,deregistered,430102,F5211,2001-02-03,2020-03-04,\"一号,二楼\",500."
                "07,@张\n"
                "%s,\"乙\"\"店\"\"\",individual_business,active,430103,,,,,,\n",
                made_code(1, a), made_code(2, b));
        struct import_result r = import_text(cx, &d, &at, buf_str(&text), false);
        assert_counts(&r, 2, 0, 0, 0);
        for (int lang = 0; lang < LANG__COUNT; lang++) {
            struct buf out = buf_of(cx->mem, 1 << 20);
            cx->lang = (enum lang)lang;
            ASSERT_OK(cx, export_csv(cx, &d, &registrar, &all, EXPORT_STAFF, gather, &out, &rows));
            assert_int_equal(2, rows);
            struct str z = str_dup(cx->mem, buf_str(&out));
            assert_true(str_starts(z, STR("\xef\xbb\xbf")) && str_ends(z, STR("\r\n")));
            assert_non_null(strstr(z.p, ",'=甲+,"));
            assert_non_null(strstr(z.p, ",500.07,"));
            assert_non_null(strstr(z.p, ",'@张\r\n"));
            TEST_CX(again);
            r = import_text(again, &d, &at, z, false);
            assert_counts(&r, 0, 0, 2, 0);
        }
    }
    place_remove(&at);
}

static void the_public_sees_no_names_of_people(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        const struct actor public = { 0 };
        const struct entity_filter none = { .region = STR("44") };
        const struct entity_filter named = { .name = STR("乙") };
        char a[CODE_ROOM], b[CODE_ROOM];
        int64_t rows;
        TEST_CX(cx);
        struct buf out = buf_of(cx->mem, 1 << 20);
        struct buf text = buf_of(cx->mem, 8192);
        buf_fmt(&text,
                "uscc,name,region,representative\n%s,甲店,430102,王某\n%s,乙店,430102,李某\n",
                made_code(1, a), made_code(2, b));
        (void)import_text(cx, &d, &at, buf_str(&text), false);
        ASSERT_OK(cx, export_csv(cx, &d, &public, &named, EXPORT_PUBLIC, gather, &out, &rows));
        assert_int_equal(1, rows);
        assert_null(memmem(out.p, out.n, "李某", strlen("李某")));
        assert_non_null(memmem(out.p, out.n, "乙店", strlen("乙店")));
        ASSERT_OK(cx, export_csv(cx, &d, &public, &none, EXPORT_PUBLIC, gather, &out, &rows));
        assert_int_equal(0, rows);
        ASSERT_ERR(ERR_SIGNED_OUT,
                   export_csv(cx, &d, &public, &named, EXPORT_STAFF, gather, &out, &rows));
    }
    place_remove(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capitals_are_read),
        cmocka_unit_test(places_are_found_by_their_names),
        cmocka_unit_test(classes_are_found_by_words_and_names),
        cmocka_unit_test(files_are_looked_at),
        cmocka_unit_test(samples_are_shown_in_utf8),
        cmocka_unit_test(each_row_is_refused_for_one_reason),
        cmocka_unit_test(a_row_refused_stops_nothing),
        cmocka_unit_test(the_same_file_again_changes_nothing),
        cmocka_unit_test(a_code_twice_in_a_file_is_one_entity),
        cmocka_unit_test(a_dry_run_writes_nothing),
        cmocka_unit_test(gb18030_goes_in_and_its_errors_come_out_so),
        cmocka_unit_test(a_region_and_a_former_name_are_taken),
        cmocka_unit_test(who_may_not_write_imports_nothing),
        cmocka_unit_test(a_mapping_is_remembered),
        cmocka_unit_test(whichever_statement_fails_nothing_is_half_done),
        cmocka_unit_test(what_is_exported_comes_in_again_unchanged),
        cmocka_unit_test(the_public_sees_no_names_of_people),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
