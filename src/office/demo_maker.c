/* What the demo province is made from: classes with their shares, words, industries, counties. */
#include "office/demo_entity.h"
#include "office/office.h"

#include <stdio.h>
#include <string.h>

/* Of ten thousand entities, how many of each class, what their names are made of, and in which
 * industries they are; one stands more often that is more frequent. Words are lists of
 * definitions/demo_words.yaml, or county, brand, trade (by industry), parent. */
static const struct kind_row {
    const char *cls, *prefix;
    int share;
    bool market, capital;
    const char *parent, *words, *industries;
} kind_rows[] = {
    { "individual_business", "92", 5500, true, false, NULL, "county surname given given shop",
      "F52 F52 F52 F52 H62 H62 O80 O81 O82 G54 R90" },
    { "company", "91", 2900, true, true, NULL, "county brand trade company_end",
      "C13 C17 C26 C33 C39 E F51 F51 F52 F52 G H I J K L M N O P Q R A B D" },
    { "cooperative", "93", 380, true, true, NULL, "county brand crop cooperative_end", "A A A03" },
    { "company_branch", "91", 280, true, false, "company", "parent county branch_end",
      "F51 F52 F52 H62 K70 G L M" },
    { "sole_proprietorship", "91", 250, true, true, NULL, "county brand trade sole_end",
      "C20 C21 F51 F52 H62 O L" },
    { "partnership", "91", 150, true, true, NULL, "county brand trade partnership_end",
      "J L72 M F52" },
    { "institution", "12", 90, false, true, NULL, "county brand institution_end",
      "P83 P83 Q84 R88 M74 N76" },
    { "private_non_enterprise", "52", 60, false, true, NULL, "county brand unit_end", "P83 Q85" },
    { "social_group", "51", 60, false, false, NULL, "county brand group_end", "S95" },
    { "rural_collective", "N2", 60, false, false, NULL, "county brand collective_village", "S A" },
    { "non_company_legal_person", "91", 40, true, true, NULL, "county brand collective_end",
      "C26 F51 A" },
    { "union", "81", 40, false, false, "company", "parent union_end", "S95" },
    { "law_firm", "31", 30, false, false, NULL, "county brand law_end", "L723" },
    { "government_body", "11", 30, false, false, NULL, "county brand body_end", "S92" },
    { "religious_site", "71", 20, false, false, NULL, "county brand religious_end", "S95" },
    { "non_company_branch", "91", 15, true, false, "non_company_legal_person",
      "parent county office_end", "C26 F51" },
    { "sole_proprietorship_branch", "91", 15, true, false, "sole_proprietorship",
      "parent county branch_end", "C20 F51 F52" },
    { "partnership_branch", "91", 12, true, false, "partnership", "parent county branch_end",
      "J L72 M" },
    { "foreign_office", "91", 12, true, false, NULL, "foreign foreign county foreign_office_end",
      "L72 L72 M F51" },
    { "other", "Y1", 12, false, false, NULL, "county brand other_end", "S N" },
    { "cooperative_branch", "93", 10, true, false, "cooperative",
      "parent county cooperative_branch_end", "A" },
    { "foundation", "53", 10, false, true, NULL, "county brand foundation_end", "S95" },
    { "forensic_institution", "34", 10, false, false, NULL, "county brand forensic_end",
      "L723 M74" },
    { "notary_office", "32", 8, false, false, NULL, "county brand notary_end", "L723" },
    { "foreign_operating", "91", 6, true, false, NULL,
      "foreign foreign county foreign_operating_end", "E B07" },
};

const struct demo_list *demo_list_of(const struct demo_maker *m, const char *key)
{
    for (size_t i = 0; i < m->n_lists; i++) {
        if (strcmp(m->list[i].key, key) == 0) {
            return &m->list[i];
        }
    }
    return NULL;
}

/* The words of a list as an array, made at its first use. */
static enum err list_of(struct cx *cx, struct demo_maker *m, const char *key,
                        const struct demo_list **out)
{
    struct str all = defs_demo_words(m->defs, key);
    *out = demo_list_of(m, key);
    if (*out != NULL) {
        return ERR_OK;
    }
    if (all.n == 0 || m->n_lists == DEMO_LISTS) {
        return fail(cx, ERR_DEFINITION, "demo_words.yaml: no list %s", key);
    }
    struct demo_list *l = &m->list[m->n_lists++];
    *l = (struct demo_list){ .key = key };
    for (struct str rest = all; rest.n > 0; l->n++) {
        (void)str_cut(&rest, '\n');
    }
    l->word = arena_alloc(cx->mem, l->n, sizeof *l->word);
    if (l->word == NULL) {
        return fail(cx, ERR_NO_MEMORY, "words");
    }
    for (size_t i = 0; i < l->n; i++) {
        l->word[i] = str_cut(&all, '\n');
    }
    *out = l;
    return ERR_OK;
}

static const struct {
    const char *word;
    enum demo_token_kind kind;
} specials[] = { { "county", DEMO_COUNTY },
                 { "brand", DEMO_BRAND },
                 { "trade", DEMO_TRADE },
                 { "parent", DEMO_PARENT } };

static enum err token_of(struct cx *cx, struct demo_maker *m, struct str word,
                         struct demo_token *out)
{
    *out = (struct demo_token){ .kind = DEMO_WORD };
    for (size_t i = 0; i < COUNT_OF(specials); i++) {
        if (str_eq(word, str_of(specials[i].word))) {
            out->kind = specials[i].kind;
            return ERR_OK;
        }
    }
    struct str key = str_dup(cx->mem, word);
    return key.p == NULL ? fail(cx, ERR_NO_MEMORY, "words") : list_of(cx, m, key.p, &out->list);
}

/* The industries of a prefix that have four characters or more; a division at least. */
static enum err range_of(struct cx *cx, const struct demo_maker *m, struct str prefix,
                         struct demo_kind *k)
{
    size_t first = 0;
    while (first < m->n_industries &&
           !(str_starts(m->industry[first].code, prefix) && m->industry[first].level >= 2)) {
        first++;
    }
    size_t end = first;
    while (end < m->n_industries && str_starts(m->industry[end].code, prefix)) {
        end++;
    }
    if (first == end || k->n_industry == DEMO_PREFIXES) {
        return fail(cx, ERR_DEFINITION, "demo industries " STR_FMT, STR_ARG(prefix));
    }
    k->industry[k->n_industry].first = first;
    k->industry[k->n_industry++].n = end - first;
    return ERR_OK;
}

static int kind_index(const char *cls)
{
    for (size_t i = 0; cls != NULL && i < COUNT_OF(kind_rows); i++) {
        if (strcmp(kind_rows[i].cls, cls) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static enum err kind_init(struct cx *cx, struct demo_maker *m, const struct kind_row *r,
                          struct demo_kind *k)
{
    const struct entity_class *cls = defs_class_by_key(m->defs, str_of(r->cls));
    struct str words = str_of(r->words);
    struct str industries = str_of(r->industries);
    if (cls == NULL) {
        return fail(cx, ERR_DEFINITION, "entity_classes.yaml: no class %s", r->cls);
    }
    *k = (struct demo_kind){ .cls = cls->no,
                             .prefix = r->prefix,
                             .share = r->share,
                             .market = r->market,
                             .capital = r->capital,
                             .parent = kind_index(r->parent) };
    while (words.n > 0 && k->n_tokens < DEMO_TOKENS) {
        TRY(token_of(cx, m, str_cut(&words, ' '), &k->token[k->n_tokens]));
        k->n_tokens++;
    }
    while (industries.n > 0) {
        TRY(range_of(cx, m, str_cut(&industries, ' '), k));
    }
    return ERR_OK;
}

static enum err words_init(struct cx *cx, struct demo_maker *m)
{
    const struct {
        const char *key;
        const struct demo_list **at;
    } own[] = { { "brand_first", &m->brand_first },
                { "brand_second", &m->brand_second },
                { "road", &m->road },
                { "house_number", &m->number },
                { "building", &m->building },
                { "room", &m->room },
                { "surname", &m->surname },
                { "given", &m->given } };
    for (size_t i = 0; i < COUNT_OF(own); i++) {
        TRY(list_of(cx, m, own[i].key, own[i].at));
    }
    for (int c = 'A'; c <= 'S'; c++) {
        char key[] = "trade_X";
        key[6] = (char)c;
        struct str kept = str_dup(cx->mem, str_of(key));
        if (kept.p == NULL) {
            return fail(cx, ERR_NO_MEMORY, "words");
        }
        TRY(list_of(cx, m, kept.p, &m->trade[c - 'A']));
    }
    return ERR_OK;
}

/* Entities stand in the order of their counties, as a province's register came together; a county
 * has one to four shares of them. */
static enum err counties_init(struct cx *cx, struct demo_maker *m, struct str province)
{
    const struct region *all = NULL;
    uint64_t total = 0;
    uint64_t sum = 0;
    size_t n = defs_regions_of_level(m->defs, 3, &all);
    for (size_t i = 0; i < n && m->n_counties < DEMO_COUNTIES; i++) {
        if (str_starts(all[i].code, province) && defs_region_valid(&all[i], 0)) {
            m->county[m->n_counties++] = &all[i];
        }
    }
    if (m->n_counties == 0 || province.n != 2) {
        return fail(cx, ERR_FIELD, "province: \"" STR_FMT "\" is none", STR_ARG(province));
    }
    for (size_t k = 0; k < m->n_counties; k++) {
        total += 1 + demo_chance(m, (int64_t)k, UINT64_C(1) << 40) % 4;
    }
    for (size_t k = 0; k < m->n_counties; k++) {
        m->county_from[k] = (int64_t)(sum * (uint64_t)m->entities / total);
        sum += 1 + demo_chance(m, (int64_t)k, UINT64_C(1) << 40) % 4;
    }
    m->county_from[m->n_counties] = m->entities;
    return ERR_OK;
}

enum err demo_maker_init(struct cx *cx, const struct defs *defs, struct str province,
                         struct demo_maker *m)
{
    m->defs = defs;
    m->n_industries = defs_industries(defs, &m->industry);
    m->kind = arena_alloc(cx->mem, COUNT_OF(kind_rows), sizeof *m->kind);
    if (m->kind == NULL) {
        return fail(cx, ERR_NO_MEMORY, "demo");
    }
    TRY(words_init(cx, m));
    for (size_t i = 0; i < COUNT_OF(kind_rows); i++) {
        TRY(kind_init(cx, m, &kind_rows[i], &m->kind[i]));
    }
    m->n_kinds = COUNT_OF(kind_rows);
    return counties_init(cx, m, province);
}
