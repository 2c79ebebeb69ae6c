/* The register's commands: by table, then against a model that keeps nothing but the list of what
 * was recorded and reads the answer off it. */
#include "../store_harness.h"

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

#define USCC_A  "91350100M000100Y43"
#define REGNO_A "110108000000016"

static const struct actor public = { 0 };
static const struct actor clerk = { .account = 7, .roles = ROLE_BIT(REGISTRAR) };

static struct market_entity plain(void)
{
    return (struct market_entity){ .uscc = STR(USCC_A),
                                   .name = STR("First"),
                                   .cls = 1,
                                   .status = ENTITY_ACTIVE,
                                   .region = STR("430104"),
                                   .industry = STR("F5211"),
                                   .established_on = 20200101,
                                   .premises = STR("Road 1"),
                                   .capital_fen = 100,
                                   .representative = STR("Li") };
}

static struct entity_change change_of(int64_t id, unsigned fields, int32_t from_on, int32_t to_on)
{
    return (struct entity_change){
        .id = id, .fields = fields, .from_on = from_on, .to_on = to_on, .reason = STR("test")
    };
}

/* ---- by table ------------------------------------------------------------------------------ */

static void a_repeated_entry_is_entered_once(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct market_entity e = plain();
        int64_t first = 0;
        int64_t second = 0;
        TEST_CX(cx);
        ASSERT_OK(cx, register_add(cx, &d, &clerk, &e, STR("key-1"), &first));
        ASSERT_OK(cx, register_add(cx, &d, &clerk, &e, STR("key-1"), &second));
        assert_true(first == second && first != 0);
        TEST_CX(other);
        ASSERT_ERR(ERR_DUPLICATE, register_add(other, &d, &clerk, &e, STR("key-2"), &second));
        struct entity_change c = change_of(first, FIELD_NAME, 20210101, 0);
        c.to.name = STR("Second");
        c.version = 1;
        ASSERT_OK(cx, register_change(cx, &d, &clerk, &c, STR("key-3")));
        ASSERT_OK(cx, register_change(cx, &d, &clerk, &c, STR("key-3")));
        ASSERT_OK(cx, register_get(cx, &d, &clerk, first, 0, 0, &e));
        assert_int_equal(e.version, 2);
        TEST_CX(moved);
        ASSERT_ERR(ERR_MOVED_MEANWHILE, register_change(moved, &d, &clerk, &c, STR("key-4")));
    }
}

static const struct {
    const char *what;
    struct entity_change c;
    enum err want;
    const char *names;
} refused[] = {
    { "no field", { .from_on = 20210101, .reason = STR_INIT("r") }, ERR_FIELD, "fields" },
    { "no reason", { .fields = FIELD_NAME, .from_on = 20210101 }, ERR_FIELD, "reason" },
    { "no day", { .fields = FIELD_NAME, .reason = STR_INIT("r") }, ERR_DATE, "0..0" },
    { "a day to come",
      { .fields = FIELD_NAME, .from_on = 20261124, .reason = STR_INIT("r") },
      ERR_DATE,
      "to come" },
    { "an empty period",
      { .fields = FIELD_NAME, .from_on = 20210101, .to_on = 20210101, .reason = STR_INIT("r") },
      ERR_DATE,
      "no day" },
    { "before the first day",
      { .fields = FIELD_NAME, .from_on = 20190101, .to_on = 20200101, .reason = STR_INIT("r") },
      ERR_DATE,
      "begins 20200101" },
    { "an empty name",
      { .fields = FIELD_NAME, .from_on = 20210101, .reason = STR_INIT("r") },
      ERR_FIELD,
      "name" },
    { "a wrong code",
      { .fields = FIELD_USCC,
        .to = { .uscc = STR_INIT("91350100M000100Y44") },
        .from_on = 20210101,
        .reason = STR_INIT("r") },
      ERR_USCC_CHECKSUM,
      "91350100M000100Y44" },
    { "closed while in business",
      { .fields = FIELD_CLOSED,
        .to = { .closed_on = 20210101 },
        .from_on = 20210101,
        .reason = STR_INIT("r") },
      ERR_FIELD,
      "closed_on" },
};

static void bad_changes_are_refused_and_change_nothing(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct market_entity e = plain();
        struct market_entity *all;
        size_t n;
        int64_t id;
        TEST_CX(cx);
        ASSERT_OK(cx, register_add(cx, &d, &clerk, &e, STR(""), &id));
        for (size_t i = 0; i < COUNT_OF(refused); i++) {
            TEST_CX(one);
            struct entity_change c = refused[i].c;
            print_message("%s\n", refused[i].what);
            c.id = id;
            ASSERT_ERR(refused[i].want, register_change(one, &d, &clerk, &c, STR("")));
            assert_non_null(strstr(one->fault.detail, refused[i].names));
        }
        TEST_CX(none);
        struct entity_change c = change_of(12345, FIELD_NAME, 20210101, 0);
        c.to.name = STR("x");
        ASSERT_ERR(ERR_NOT_FOUND, register_change(none, &d, &clerk, &c, STR("")));
        ASSERT_OK(cx, register_history(cx, &d, &clerk, id, &all, &n));
        assert_int_equal(n, 1);
    }
}

static void access_is_by_power_and_region(void **state UNUSED)
{
    static const struct actor planner = { .account = 8, .roles = ROLE_BIT(PLANNER) };
    static const struct actor there = { .account = 9,
                                        .roles = ROLE_BIT(REGISTRAR),
                                        .region = STR_INIT("4302") };
    static const struct actor here = { .account = 9,
                                       .roles = ROLE_BIT(REGISTRAR),
                                       .region = STR_INIT("430104") };
    static const struct {
        const char *what;
        const struct actor *by;
        enum err want;
    } cases[] = { { "nobody", &public, ERR_SIGNED_OUT },
                  { "a planner", &planner, ERR_FORBIDDEN },
                  { "another city's registrar", &there, ERR_FORBIDDEN },
                  { "the district's registrar", &here, ERR_OK } };
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct market_entity e = plain();
        int64_t id = 0;
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            TEST_CX(cx);
            print_message("%s\n", cases[i].what);
            ASSERT_ERR(cases[i].want, register_add(cx, &d, cases[i].by, &e, STR(""), &id));
        }
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            struct entity_change c = change_of(id, FIELD_NAME, 20210101, 0);
            c.to.name = STR("Second");
            print_message("%s\n", cases[i].what);
            TEST_CX(change);
            ASSERT_ERR(cases[i].want, register_change(change, &d, cases[i].by, &c, STR("")));
            TEST_CX(alias);
            ASSERT_ERR(cases[i].want,
                       register_alias_add(alias, &d, cases[i].by, id, STR("Other"), STR("")));
        }
        TEST_CX(away); /* out of one's own district: the province's registrar does that */
        struct entity_change c = change_of(id, FIELD_REGION, 20210101, 0);
        c.to.region = STR("430224");
        ASSERT_ERR(ERR_FORBIDDEN, register_change(away, &d, &here, &c, STR("")));
        TEST_CX(cx);
        ASSERT_OK(cx, register_change(cx, &d, &clerk, &c, STR("")));
        TEST_CX(gone);
        ASSERT_ERR(ERR_FORBIDDEN, register_change(gone, &d, &here, &c, STR("")));
        struct market_entity *all;
        size_t n;
        TEST_CX(past);
        ASSERT_ERR(ERR_SIGNED_OUT, register_history(past, &d, &public, id, &all, &n));
        ASSERT_OK(cx, register_get(cx, &d, &public, id, 0, 0, &e));
        assert_int_equal(e.representative.n + e.reason.n, 0);
        assert_true(e.recorded_by == 0);
        ASSERT_OK(cx, register_get(cx, &d, &public, id, 20200601, 0, &e));
        assert_int_equal(e.representative.n + e.reason.n, 0);
        ASSERT_OK(cx, register_get(cx, &d, &planner, id, 0, 0, &e));
        ASSERT_STR("Li", e.representative);
        ASSERT_STR("test", e.reason);
        assert_true(e.recorded_by == 7);
    }
}

static void codes_move_and_are_remembered(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct market_entity e = plain();
        struct market_entity got;
        struct entity_code *codes;
        struct entity_name *names;
        size_t n;
        int64_t id;
        int64_t second;
        char text[ID_CHARS];
        TEST_CX(cx);
        e.uscc = STR("");
        ASSERT_OK(cx, register_add(cx, &d, &clerk, &e, STR(""), &id));
        id_put(id, text);
        ASSERT_OK(cx, register_by_code(cx, &d, &public, (struct str){ text, ID_CHARS }, &got));
        assert_true(str_eq(got.code, (struct str){ text, ID_CHARS }));
        struct entity_change c = change_of(id, FIELD_USCC | FIELD_REGNO, 20210101, 0);
        c.to.uscc = STR(USCC_A);
        c.to.regno = STR(REGNO_A);
        ASSERT_OK(cx, register_change(cx, &d, &clerk, &c, STR("")));
        ASSERT_OK(cx, register_by_code(cx, &d, &public, STR(REGNO_A), &got));
        ASSERT_STR(USCC_A, got.code);
        /* another one may not have it, until this one goes by another code */
        TEST_CX(taken);
        e.uscc = STR(USCC_A);
        ASSERT_ERR(ERR_DUPLICATE, register_add(taken, &d, &clerk, &e, STR(""), &second));
        c = change_of(id, FIELD_USCC, 20220101, 0);
        ASSERT_OK(cx, register_change(cx, &d, &clerk, &c, STR("")));
        ASSERT_OK(cx, register_by_code(cx, &d, &public, STR(USCC_A), &got));
        assert_true(got.id == id); /* a former code finds it */
        ASSERT_STR(REGNO_A, got.code);
        ASSERT_OK(cx, register_codes(cx, &d, id, &codes, &n));
        assert_int_equal(n, 2);
        assert_true(codes[0].scheme == CODE_USCC && !codes[0].current);
        assert_true(codes[1].scheme == CODE_REGNO && codes[1].current);
        ASSERT_OK(cx, register_add(cx, &d, &clerk, &e, STR(""), &second));
        ASSERT_OK(cx, register_by_code(cx, &d, &public, STR(USCC_A), &got));
        assert_true(got.id == second);
        TEST_CX(back);
        c.to.uscc = STR(USCC_A);
        ASSERT_ERR(ERR_DUPLICATE, register_change(back, &d, &clerk, &c, STR("")));
        /* names */
        c = change_of(id, FIELD_NAME, 20230101, 0);
        c.to.name = STR("Second");
        ASSERT_OK(cx, register_change(cx, &d, &clerk, &c, STR("")));
        ASSERT_OK(cx, register_alias_add(cx, &d, &clerk, id, STR(" Sign "), STR("")));
        ASSERT_OK(cx, register_alias_add(cx, &d, &clerk, id, STR("Sign"), STR("")));
        ASSERT_OK(cx, register_names(cx, &d, id, &names, &n));
        assert_int_equal(n, 3);
        ASSERT_STR("Second", names[0].name);
        assert_int_equal(names[0].from_on, 20230101);
        ASSERT_STR("First", names[1].name);
        assert_int_equal(names[1].from_on, 20200101);
        assert_int_equal(names[1].to_on, 20230101);
        assert_int_equal(names[2].kind, NAME_ALIAS);
        TEST_CX(unknown);
        ASSERT_ERR(ERR_NOT_FOUND, register_names(unknown, &d, 5, &names, &n));
    }
}

/* ---- against the model --------------------------------------------------------------------- */

enum { ENTITIES = 30, CHANGES_MAX = 100, STEPS = 1500, CODES = 40 };

/* What was recorded of one entity, in order. Nothing is cut, nothing is replaced. */
struct model {
    int64_t id;
    struct market_entity first;
    int64_t entered_at;
    struct entity_change change[CHANGES_MAX];
    int64_t at[CHANGES_MAX];
    size_t n;
};

static uint64_t chance_state;
static uint64_t chance(uint64_t below)
{
    chance_state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = chance_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

static int32_t some_day(void)
{
    return date_of_days(date_days(20200101) + (int32_t)chance(2500));
}

/* The day from which anything is believed after k changes. */
static int32_t model_begin(const struct model *m, size_t k)
{
    int32_t begin = m->first.established_on;
    for (size_t i = 0; i < k; i++) {
        begin = m->change[i].from_on < begin ? m->change[i].from_on : begin;
    }
    return begin;
}

static void set_fields(struct market_entity *e, const struct entity_change *c)
{
    e->name = (c->fields & FIELD_NAME) != 0 ? c->to.name : e->name;
    e->region = (c->fields & FIELD_REGION) != 0 ? c->to.region : e->region;
    e->premises = (c->fields & FIELD_PREMISES) != 0 ? c->to.premises : e->premises;
    e->capital_fen = (c->fields & FIELD_CAPITAL) != 0 ? c->to.capital_fen : e->capital_fen;
    e->uscc = (c->fields & FIELD_USCC) != 0 ? c->to.uscc : e->uscc;
    e->cls = (c->fields & FIELD_CLASS) != 0 ? c->to.cls : e->cls;
}

/* What the first k records say of a day. */
static bool model_at(const struct model *m, int32_t on, size_t k, struct market_entity *out)
{
    if (k == 0) {
        *out = m->first;
        return on >= m->first.established_on;
    }
    const struct entity_change *c = &m->change[k - 1];
    int32_t begin = model_begin(m, k - 1);
    if (on < begin && on < c->from_on) {
        return false;
    }
    bool there = model_at(m, on < begin ? begin : on, k - 1, out);
    assert_true(there);
    if (on >= c->from_on && (c->to_on == 0 || on < c->to_on)) {
        set_fields(out, c);
    }
    return true;
}

/* What is believed of the days without end. */
static void model_now(const struct model *m, struct market_entity *out)
{
    assert_true(model_at(m, 99991231, m->n, out));
}

static bool same(const struct market_entity *a, const struct market_entity *b)
{
    return str_eq(a->name, b->name) && str_eq(a->region, b->region) && str_eq(a->uscc, b->uscc) &&
           str_eq(a->premises, b->premises) && a->capital_fen == b->capital_fen && a->cls == b->cls;
}

static void compare_then(struct cx *cx, const struct desk *d, const struct model *m)
{
    struct market_entity got;
    struct market_entity want;
    int32_t on = date_of_days(date_days(20191201) + (int32_t)chance(2600));
    int64_t known_at = m->entered_at + (int64_t)chance(6000) - 100;
    size_t k = 0;
    while (k < m->n && m->at[k] <= known_at) {
        k++;
    }
    bool there = known_at >= m->entered_at && model_at(m, on, k, &want);
    enum err code = register_get(cx, d, &clerk, m->id, on, known_at, &got);
    if (code != (there ? ERR_OK : ERR_NOT_FOUND)) {
        fail_msg("on %d at %lld: %s", (int)on, (long long)known_at, err_name(code));
    }
    if (there) {
        assert_true(same(&got, &want));
        assert_true(got.valid_from_on <= on && (got.valid_to_on == 0 || on < got.valid_to_on));
        assert_true(got.recorded_at <= known_at);
    }
    fault_clear(cx);
    there = model_at(m, on, m->n, &want);
    ASSERT_ERR(there ? ERR_OK : ERR_NOT_FOUND, register_get(cx, d, &clerk, m->id, on, 0, &got));
    assert_true(!there || same(&got, &want));
    fault_clear(cx);
}

static void compare_now(struct cx *cx, const struct desk *d, const struct model *m)
{
    struct market_entity got;
    struct market_entity want;
    struct market_entity *all;
    struct entity_name *names;
    size_t n;
    model_now(m, &want);
    ASSERT_OK(cx, register_get(cx, d, &clerk, m->id, 0, 0, &got));
    assert_true(same(&got, &want));
    assert_int_equal(got.version, m->n + 1);
    ASSERT_OK(cx, register_names(cx, d, m->id, &names, &n));
    assert_true(names[0].kind == NAME_CURRENT && str_eq(names[0].name, want.name));
    for (size_t i = 1; i < n; i++) {
        for (size_t k = i + 1; k < n; k++) {
            assert_false(str_eq(names[i].name, names[k].name));
        }
    }
    ASSERT_OK(cx, register_history(cx, d, &clerk, m->id, &all, &n));
    /* what is believed covers the days without gap or overlap; beliefs come newest first */
    int64_t days = 0;
    int32_t begin = INT32_MAX;
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || all[i - 1].recorded_at >= all[i].recorded_at);
        if (all[i].superseded_at == 0) {
            int32_t end = all[i].valid_to_on == 0 ? 99991231 : all[i].valid_to_on;
            days += date_days(end) - date_days(all[i].valid_from_on);
            begin = all[i].valid_from_on < begin ? all[i].valid_from_on : begin;
        } else {
            assert_true(all[i].superseded_at >= all[i].recorded_at);
        }
    }
    assert_int_equal(begin, model_begin(m, m->n));
    assert_int_equal(days, date_days(99991231) - date_days(begin));
}

struct world {
    struct model *m;
    struct str code[CODES];
    int64_t now_ms;
};

static struct str some_text(const char *stem, uint64_t below)
{
    static char text[256][32];
    static size_t next;
    char *to = text[next++ % COUNT_OF(text)];
    return (struct str){ to, (size_t)snprintf(to, 32, "%s %d", stem, (int)chance(below)) };
}

/* A change of some fields; texts are copies that outlive the step. */
static struct entity_change some_change(struct arena *mem, const struct world *w,
                                        const struct model *m)
{
    static const char *const regions[] = { "430104", "430105", "430224" };
    bool correction = chance(2) == 0;
    struct entity_change c = { .id = m->id,
                               .fields = (unsigned)chance(FIELD_ALL + 1),
                               .from_on = chance(10) == 0 ? 20191215 : some_day(),
                               .reason = STR("property") };
    c.fields &= FIELD_NAME | FIELD_REGION | FIELD_PREMISES | FIELD_CAPITAL | FIELD_CLASS;
    c.fields |= c.fields == 0 ? FIELD_CAPITAL : chance(8) == 0 ? FIELD_USCC : 0u;
    c.to_on = correction ? some_day() : 0;
    c.version = chance(3) == 0 ? (int64_t)m->n + 1 : 0;
    c.to.name = str_dup(mem, some_text("Name", 12));
    c.to.premises = chance(5) == 0 ? STR("") : str_dup(mem, some_text("Road", 50));
    c.to.region = str_of(regions[chance(3)]);
    c.to.capital_fen = (int64_t)chance(1000) - 1;
    c.to.cls = (int)chance(3) + 1;
    c.to.uscc = chance(4) == 0 ? STR("") : w->code[chance(CODES)];
    return c;
}

/* Would the change take a code that another entity goes by? */
static bool takes_taken(const struct world *w, const struct model *m, const struct entity_change *c)
{
    struct market_entity e;
    if ((c->fields & FIELD_USCC) == 0 || c->to.uscc.n == 0 || c->to_on != 0) {
        return false;
    }
    for (size_t i = 0; i < ENTITIES; i++) {
        if (&w->m[i] != m) {
            model_now(&w->m[i], &e);
            if (str_eq(e.uscc, c->to.uscc)) {
                return true;
            }
        }
    }
    return false;
}

static void step(struct arena *mem, const struct desk *d, struct world *w)
{
    TEST_CX(cx);
    struct model *m = &w->m[chance(ENTITIES)];
    if (m->n == CHANGES_MAX) {
        return;
    }
    struct entity_change c = some_change(mem, w, m);
    w->now_ms += (int64_t)chance(5) - 1; /* now and then the clock stands still or steps back */
    cx->now_ms = w->now_ms;
    bool empty = c.to_on != 0 && (c.to_on <= c.from_on || c.to_on <= model_begin(m, m->n));
    enum err want = empty ? ERR_DATE : takes_taken(w, m, &c) ? ERR_DUPLICATE : ERR_OK;
    ASSERT_ERR(want, register_change(cx, d, &clerk, &c, STR("")));
    if (want == ERR_OK) {
        int64_t before = m->n == 0 ? m->entered_at : m->at[m->n - 1];
        m->at[m->n] = cx->now_ms > before ? cx->now_ms : before;
        m->change[m->n++] = c;
    }
    fault_clear(cx);
    compare_now(cx, d, m);
    for (int i = 0; i < 4; i++) {
        compare_then(cx, d, &w->m[chance(ENTITIES)]);
    }
}

/* Whoever goes by a code is found by it. */
static void compare_codes(const struct desk *d, const struct world *w)
{
    struct market_entity got;
    struct market_entity want;
    for (size_t i = 0; i < ENTITIES; i++) {
        TEST_CX(cx);
        char id[ID_CHARS];
        id_put(w->m[i].id, id);
        model_now(&w->m[i], &want);
        struct str code = want.uscc.n > 0 ? want.uscc : (struct str){ id, sizeof id };
        ASSERT_OK(cx, register_by_code(cx, d, &clerk, code, &got));
        assert_true(got.id == w->m[i].id);
        assert_true(str_eq(got.code, code));
    }
}

static struct str code_of(struct arena *mem, int i)
{
    char *code = arena_alloc(mem, USCC_CHARS + 1, 1);
    (void)snprintf(code, USCC_CHARS + 1, "91430104YD%06d00", i);
    code[16] = organisation_check_character(code + 8);
    code[17] = uscc_check_character(code);
    return (struct str){ code, USCC_CHARS };
}

static void enter(struct arena *mem, const struct desk *d, struct world *w, int i)
{
    TEST_CX(cx);
    struct model *m = &w->m[i];
    m->first = plain();
    m->first.uscc = i % 3 == 0 ? STR("") : w->code[i];
    m->first.name = str_dup(mem, some_text("Name", 12));
    m->entered_at = cx->now_ms = w->now_ms++;
    ASSERT_OK(cx, register_add(cx, d, &clerk, &m->first, STR(""), &m->id));
}

static void versions_agree_with_the_model(void **state UNUSED)
{
    uint64_t seed = 1;
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        CLEANUP(arena_freep) struct arena *mem = arena_new(64u << 20);
        struct world w = { .now_ms = TEST_NOW_MS };
        w.m = arena_alloc(mem, ENTITIES, sizeof *w.m);
        chance_state = seed++;
        for (int i = 0; i < CODES; i++) {
            w.code[i] = code_of(mem, i);
        }
        for (int i = 0; i < ENTITIES; i++) {
            enter(mem, &d, &w, i);
        }
        for (int i = 0; i < STEPS; i++) {
            step(mem, &d, &w);
        }
        compare_codes(&d, &w);
    }
}

/* ---- failing statements -------------------------------------------------------------------- */

static void a_failed_statement_leaves_nothing_behind(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs };
        struct market_entity e = plain();
        struct market_entity got;
        struct market_entity *all;
        size_t versions;
        int64_t id = 0;
        TEST_CX(cx);
        ASSERT_OK(cx, store_id(cx, st, &id)); /* the first lease is no part of this */
        enum err code = ERR_STORE;
        int64_t n = 1;
        for (; code != ERR_OK; n++) {
            TEST_CX(one);
            assert_true(n < 100);
            store_fail_nth(n);
            code = register_add(one, &d, &clerk, &e, STR(""), &id);
            store_fail_nth(0);
            TEST_CX(look);
            ASSERT_ERR(code == ERR_OK ? ERR_OK : ERR_NOT_FOUND,
                       register_by_code(look, &d, &clerk, STR(USCC_A), &got));
        }
        assert_true(n > 5);
        struct entity_change c =
            change_of(id, FIELD_NAME | FIELD_USCC | FIELD_REGNO, 20210101, 20220101);
        c.to.name = STR("Second");
        c.to.regno = STR(REGNO_A);
        c.to_on = 0;
        code = ERR_STORE;
        for (n = 1; code != ERR_OK; n++) {
            TEST_CX(one);
            assert_true(n < 100);
            store_fail_nth(n);
            code = register_change(one, &d, &clerk, &c, STR(""));
            store_fail_nth(0);
            TEST_CX(look);
            ASSERT_OK(look, register_history(look, &d, &clerk, id, &all, &versions));
            assert_int_equal(versions, code == ERR_OK ? 3 : 1);
            ASSERT_ERR(code == ERR_OK ? ERR_OK : ERR_NOT_FOUND,
                       register_by_code(look, &d, &clerk, STR(REGNO_A), &got));
        }
        assert_true(n > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repeated_entry_is_entered_once),
        cmocka_unit_test(bad_changes_are_refused_and_change_nothing),
        cmocka_unit_test(access_is_by_power_and_region),
        cmocka_unit_test(codes_move_and_are_remembered),
        cmocka_unit_test(versions_agree_with_the_model),
        cmocka_unit_test(a_failed_statement_leaves_nothing_behind),
    };
    log_set_level(LOG_WARN);
    return cmocka_run_group_tests(tests, load, unload);
}
