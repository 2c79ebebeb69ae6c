/* The demo province: made up, and the same for the same seed. */
#include "office/office.h"

#include "q_register.h"
#include "q_register_fact.h"

#include <string.h>

enum { NAME_BYTES = 240, PLACE_BYTES = 240, KEPT_COUNTIES = 400, STEP = 4096 };

/* Of a thousand entities, how many of each class, and what their names are made of. */
static const struct kind {
    const char *cls; /* key in definitions/entity_classes.yaml */
    const char *prefix;
    int share;
    const char *words[3]; /* lists of definitions/demo_words.yaml; "trade" is by industry */
} kinds[] = {
    { "individual_business", "92", 560, { "surname", "given", "shop" } },
    { "company", "91", 300, { "brand", "trade", "suffix_company" } },
    { "cooperative", "93", 40, { "brand", "crop", "suffix_cooperative" } },
    { "company_branch", "91", 30, { "brand", "trade", "suffix_branch" } },
    { "sole_proprietorship", "91", 25, { "brand", "trade", "suffix_sole" } },
    { "partnership", "91", 20, { "brand", "trade", "suffix_partnership" } },
    { "institution", "12", 10, { "institution", NULL, NULL } },
    { "private_non_enterprise", "52", 6, { "brand", "private_unit", NULL } },
    { "social_group", "51", 6, { "group", NULL, NULL } },
    { "law_firm", "31", 3, { "brand", "suffix_law", NULL } },
};

/* Grades of a province as one city published them in 2023: 65.4, 25.3, 7.7, 1.6 %. */
static const int grade_permille[] = { 654, 253, 77, 16 };

struct maker {
    const struct desk *d;
    const struct demo_options *o;
    int64_t first_id, at_ms;
    const struct region *county[KEPT_COUNTIES];
    size_t n_counties;
    const struct industry *industry; /* all, in code order */
    size_t n_industries;
};

struct made {
    struct qb_entity row;
    int grade;
    char code[USCC_CHARS], name[NAME_BYTES], premises[PLACE_BYTES];
};

/* splitmix64: a number of its own for each entity and each use. */
static uint64_t chance(const struct maker *m, int64_t entity, uint64_t use)
{
    uint64_t z = (uint64_t)m->o->seed * UINT64_C(0x9e3779b97f4a7c15) +
                 (uint64_t)entity * UINT64_C(0xbf58476d1ce4e5b9) +
                 use * UINT64_C(0x94d049bb133111eb);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The k-th word of a list, k taken modulo its length. */
static struct str word_of(const struct defs *defs, const char *list, uint64_t k)
{
    struct str all = defs_demo_words(defs, list);
    struct str rest = all;
    uint64_t n = 0;
    for (; rest.n > 0; n++) {
        (void)str_cut(&rest, '\n');
    }
    rest = all;
    struct str word = STR("");
    for (k = n == 0 ? 0 : k % n + 1; k > 0; k--) {
        word = str_cut(&rest, '\n');
    }
    return word;
}

static size_t put_word(char *to, size_t n, size_t room, struct str word)
{
    if (word.n > room - n) {
        return n;
    }
    memcpy(to + n, word.p, word.n);
    return n + word.n;
}

static struct str make_name(const struct maker *m, int64_t i, const struct kind *k,
                            const struct region *where, const struct industry *what, char *to)
{
    const struct defs *defs = m->d->defs;
    char trade[] = "trade_X";
    trade[6] = what->code.p[0];
    size_t n = put_word(to, 0, NAME_BYTES, where->name);
    for (size_t w = 0; w < COUNT_OF(k->words) && k->words[w] != NULL; w++) {
        const char *list = strcmp(k->words[w], "trade") == 0 ? trade : k->words[w];
        if (strcmp(list, "brand") == 0) {
            n = put_word(to, n, NAME_BYTES, word_of(defs, "brand_first", chance(m, i, 20)));
            n = put_word(to, n, NAME_BYTES, word_of(defs, "brand_second", chance(m, i, 21)));
            list = "brand_second";
            n = put_word(to, n, NAME_BYTES, word_of(defs, list, chance(m, i, 22)));
            continue;
        }
        n = put_word(to, n, NAME_BYTES, word_of(defs, list, chance(m, i, 30 + w)));
    }
    return (struct str){ to, n };
}

/* A code with both checks right. Its organisation part begins with YD, which is not in use: no
 * real entity has it. */
static void make_code(int64_t i, const char *prefix, struct str county, char code[USCC_CHARS])
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

static const struct kind *kind_of(uint64_t k)
{
    int at = (int)(k % 1000);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        at -= kinds[i].share;
        if (at < 0) {
            return &kinds[i];
        }
    }
    return &kinds[0];
}

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

static struct str make_premises(const struct maker *m, int64_t i, const struct region *where,
                                char *to)
{
    char number[8];
    size_t digits = sizeof number;
    for (uint64_t v = chance(m, i, 8) % 400 + 1; v > 0; v /= 10) {
        number[--digits] = (char)('0' + v % 10);
    }
    size_t n = put_word(to, 0, PLACE_BYTES, where->name);
    n = put_word(to, n, PLACE_BYTES, word_of(m->d->defs, "road", chance(m, i, 9)));
    n = put_word(to, n, PLACE_BYTES, (struct str){ number + digits, sizeof number - digits });
    n = put_word(to, n, PLACE_BYTES, word_of(m->d->defs, "house_number", 0));
    return (struct str){ to, n };
}

/* Entity i, every field but name_key. Pure: the same i gives the same entity in each pass. */
static void make_entity(const struct maker *m, int64_t i, struct made *out)
{
    const struct kind *k = kind_of(chance(m, i, 1));
    const struct region *where = m->county[chance(m, i, 2) % m->n_counties];
    const struct industry *what = &m->industry[chance(m, i, 3) % m->n_industries];
    enum entity_status status = status_of(chance(m, i, 4));
    int32_t since = date_of_days(date_days(20000101) + (int32_t)(chance(m, i, 5) % 9000));
    bool ended = status != ENTITY_ACTIVE && status != ENTITY_DORMANT;
    make_code(i, k->prefix, where->code, out->code);
    struct str code = { out->code, USCC_CHARS };
    out->grade = grade_of(chance(m, i, 6));
    out->row = (struct qb_entity){
        .home = m->first_id + i,
        .code = code,
        .uscc = code,
        .name = make_name(m, i, k, where, what, out->name),
        .class = defs_class_by_key(m->d->defs, str_of(k->cls))->no,
        .status = (int64_t)status,
        .region = where->code,
        .industry = what->code,
        .established_on = since,
        .closed_on = ended ? date_add_days(since, (int32_t)(chance(m, i, 7) % 700)) : NULL_INT,
        .premises = make_premises(m, i, where, out->premises),
        .premises_key = (int64_t)(chance(m, i, 8) >> 1),
        .capital_fen = (int64_t)(chance(m, i, 10) % 500 + 1) * 1000000,
        .version = 1,
        .valid_from_on = since,
        .recorded_at = m->at_ms,
    };
}

static void tell(const struct maker *m, int64_t done)
{
    if (m->o->progress != NULL && done % STEP == 0) {
        m->o->progress(m->o->arg, done, 3 * m->o->entities);
    }
}

static enum err write_entities(struct cx *cx, struct tx *tx, const struct maker *m)
{
    struct bulk *b = NULL;
    struct made e;
    TRY(qb_entity_open(cx, tx, &b));
    for (int64_t i = 0; i < m->o->entities; i++) {
        struct arena_mark mark = arena_mark(cx->mem);
        make_entity(m, i, &e);
        TRY(name_fold(cx, e.row.name, &e.row.name_key));
        TRY(qb_entity_row(cx, b, &e.row));
        arena_reset(cx->mem, mark);
        tell(m, i);
    }
    return bulk_close(cx, b);
}

static enum err write_codes(struct cx *cx, struct tx *tx, const struct maker *m)
{
    struct bulk *b = NULL;
    struct made e;
    TRY(qb_entity_key_open(cx, tx, &b));
    for (int64_t i = 0; i < m->o->entities; i++) {
        make_entity(m, i, &e);
        const struct qb_entity_key key = { e.row.code, CODE_USCC, e.row.home, 1 };
        TRY(qb_entity_key_row(cx, b, &key));
        tell(m, m->o->entities + i);
    }
    return bulk_close(cx, b);
}

static enum err write_grades(struct cx *cx, struct tx *tx, const struct maker *m)
{
    struct bulk *b = NULL;
    struct made e;
    int64_t changed;
    int32_t month = date_of_ms(m->at_ms) / 100;
    TRY(q_grade_batch_insert(cx, tx, month, STR("demo"), m->o->entities, m->at_ms, &changed));
    TRY(qb_grade_open(cx, tx, &b));
    for (int64_t i = 0; i < m->o->entities; i++) {
        make_entity(m, i, &e);
        const struct qb_grade g = { e.row.home, month, e.grade };
        TRY(qb_grade_row(cx, b, &g));
        tell(m, 2 * m->o->entities + i);
    }
    return bulk_close(cx, b);
}

static enum err make_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct maker *m = arg;
    struct q_entity_any any;
    bool found;
    int64_t changed;
    char seed[24];
    struct buf b = { .p = seed, .room = sizeof seed, .limit = sizeof seed };
    TRY(q_entity_any(cx, tx, &any, &found));
    if (found) {
        return fail(cx, ERR_STATE, "the database holds entities already");
    }
    buf_put_int(&b, m->o->seed);
    TRY(q_register_fact_set(cx, tx, STR("demo"), buf_str(&b), &changed));
    TRY(write_entities(cx, tx, m));
    TRY(write_codes(cx, tx, m));
    return write_grades(cx, tx, m);
}

/* Counties of the province that are in force. */
static enum err find_counties(struct cx *cx, struct maker *m)
{
    const struct region *all = NULL;
    struct str province = m->o->province.n > 0 ? m->o->province : STR("43");
    size_t n = defs_regions_of_level(m->d->defs, 3, &all);
    for (size_t i = 0; i < n && m->n_counties < KEPT_COUNTIES; i++) {
        if (str_starts(all[i].code, province) && defs_region_valid(&all[i], 0)) {
            m->county[m->n_counties++] = &all[i];
        }
    }
    return m->n_counties > 0 ? ERR_OK : fail(cx, ERR_FIELD, "province " STR_FMT, STR_ARG(province));
}

enum err demo_make(struct cx *cx, const struct desk *d, const struct demo_options *o,
                   struct demo_result *out)
{
    struct maker *m = arena_alloc(cx->mem, 1, sizeof *m);
    struct op op = { 0 };
    const struct dept_def *depts = NULL;
    if (m == NULL) {
        return fail(cx, ERR_NO_MEMORY, "demo");
    }
    *m = (struct maker){ .d = d, .o = o, .at_ms = cx->now_ms };
    if (o->entities < 100 || o->entities > 20000000) {
        return fail(cx, ERR_FIELD, "entities: 100..20000000");
    }
    TRY(find_counties(cx, m));
    m->n_industries = defs_industries(d->defs, &m->industry);
    /* A run of ids of their own: the ids of later years begin far above. */
    m->first_id = 1;
    TRY(directory_seed(cx, d));
    TRY(store_write(cx, d->store, &op, make_work, m));
    *out = (struct demo_result){ .entities = o->entities,
                                 .departments = (int64_t)defs_depts(d->defs, &depts) };
    return ERR_OK;
}
