/* Private to api/: market entities, in and out. */
#ifndef SISHI_API_ENTITY_H
#define SISHI_API_ENTITY_H

#include "api/handlers.h"

/* Names by number, as INPUT_WORD and INPUT_WORDS want them. */
extern const char *const entity_status_words[];

/* Which entities: the members of a query that search, counts and export have in common. */
struct filter_input {
    struct str code, name, region, industry, authority;
    struct input_texts classes;
    uint64_t statuses, grades;
};
extern const char *const grade_words[];
#define FILTER_MEMBERS(type)                                                                        \
    { "code", INPUT_TEXT, OPTIONAL, offsetof(type, filter.code), 1, 18, NULL, NULL },               \
        { "name", INPUT_TEXT, OPTIONAL, offsetof(type, filter.name), 1, 200, NULL, NULL },          \
        { "region", INPUT_TEXT, OPTIONAL, offsetof(type, filter.region), 2, 12, NULL, NULL },       \
        { "industry", INPUT_TEXT, OPTIONAL, offsetof(type, filter.industry), 1, 5, NULL, NULL },    \
        { "authority", INPUT_TEXT, OPTIONAL, offsetof(type, filter.authority), 1, 32, NULL, NULL }, \
        { "class", INPUT_TEXTS, OPTIONAL, offsetof(type, filter.classes), 1, 62, NULL, NULL },      \
        { "status", INPUT_WORDS,         OPTIONAL, offsetof(type, filter.statuses), 0,              \
          0,        entity_status_words, NULL },                                                    \
    {                                                                                               \
        "grade", INPUT_WORDS, OPTIONAL, offsetof(type, filter.grades), 0, 0, grade_words, NULL      \
    }
/* @return ERR_FIELD for a class that is none */
enum err filter_of(struct http_call *c, const struct filter_input *in,
                   struct entity_filter *out) MUST_USE;

/* The number of a class by its key. ERR_FIELD names `member`. */
enum err class_of(struct http_call *c, const char *member, struct str key, int *out) MUST_USE;

/* The entity of the path's first part: a code it has or had, or its id. */
enum err entity_of(struct http_call *c, struct market_entity *out) MUST_USE;

#endif
