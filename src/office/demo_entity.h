/* Private to the demo province: entity i of a seed, made up from word lists. Pure. */
#ifndef SISHI_OFFICE_DEMO_ENTITY_H
#define SISHI_OFFICE_DEMO_ENTITY_H

#include "office/register.h"

enum {
    DEMO_NAME_BYTES = 320,
    DEMO_COUNTIES = 400,
    DEMO_LISTS = 96,
    DEMO_TOKENS = 6,
    DEMO_PREFIXES = 32,
    DEMO_FIRST_ID = 1,
    DEMO_TODAY = 20260630, /* the last day of which the demo province knows */
    DEMO_BATCH = 202606,   /* its grades */
};

struct demo_list {
    const char *key;
    struct str *word;
    size_t n;
};

/* What a name is put together from, one after another. */
enum demo_token_kind { DEMO_WORD, DEMO_COUNTY, DEMO_BRAND, DEMO_TRADE, DEMO_PARENT };
struct demo_token {
    enum demo_token_kind kind;
    const struct demo_list *list; /* of DEMO_WORD */
};
/* A class of entities with its words and industries looked up. */
struct demo_kind {
    int cls;
    const char *prefix; /* of its unified social credit code */
    int share;          /* of ten thousand entities */
    bool market;        /* registered by market regulation: graded, has had a 15-digit number */
    bool capital;       /* states one */
    int parent;         /* index of the kind it is a branch of; -1 = none */
    struct demo_token token[DEMO_TOKENS];
    size_t n_tokens;
    struct {
        size_t first, n;
    } industry[DEMO_PREFIXES]; /* ranges of maker.industry, one of them is taken */
    size_t n_industry;
};

/* The demo province before it is written: everything that entity i follows from. */
struct demo_maker {
    const struct defs *defs;
    uint64_t seed;
    int64_t entities;
    const struct region *county[DEMO_COUNTIES];
    int64_t county_from[DEMO_COUNTIES + 1]; /* county k has entities county_from[k]..[k + 1] */
    size_t n_counties;
    const struct industry *industry; /* all, in code order */
    size_t n_industries;
    struct demo_list list[DEMO_LISTS];
    size_t n_lists;
    struct demo_kind *kind;
    size_t n_kinds;
    const struct demo_list *brand_first, *brand_second, *road, *number, *building, *room, *surname,
        *given;
    const struct demo_list *trade[26]; /* by section letter */
};

struct demo_entity {
    struct market_entity e; /* checked by construction; without version, recorded_* */
    struct str former, alias;
    int grade;                                 /* 1..4; 0 = not graded */
    char uscc[USCC_CHARS], regno[REGNO_CHARS]; /* what e's texts point into, as all below */
    char name[DEMO_NAME_BYTES], former_name[DEMO_NAME_BYTES], other_name[DEMO_NAME_BYTES];
    char premises[DEMO_NAME_BYTES], person[32];
};

/* @param province  two digits. ERR_FIELD: no county of it is in force */
enum err demo_maker_init(struct cx *cx, const struct defs *defs, struct str province,
                         struct demo_maker *m) MUST_USE;

/* A number of its own for each thing and each use of it. */
uint64_t demo_chance(const struct demo_maker *m, int64_t i, uint64_t use);
const struct demo_list *demo_list_of(const struct demo_maker *m, const char *key);
/* surname and given name into `to` (32 bytes); returns the bytes. */
size_t demo_person(const struct demo_maker *m, int64_t i, uint64_t use, char *to);

/* Entity i, 0 <= i < m->entities; `out` may not be moved afterwards. @cost under 2 us */
void demo_entity_make(const struct demo_maker *m, int64_t i, struct demo_entity *out);

#endif
