/* Private to web/: words for the numbers and keys of the offices, in the language of the request.
 */
#ifndef SISHI_WEB_LABELS_H
#define SISHI_WEB_LABELS_H

#include "web/frame.h"

struct str label_class(const struct http_call *c, int cls);
struct str label_status(const struct http_call *c, enum entity_status s);
struct str label_region(const struct http_call *c, struct str code); /* "Hunan / Changsha" */
struct str label_industry(const struct http_call *c, struct str code);
struct str label_dept(const struct http_call *c, struct str code);
struct str label_party(const struct http_call *c, const struct ceremony_party *p);
/* "food,fire" as words, by one of the label functions of def. */
struct str labels_of(struct http_call *c, struct str keys,
                     struct str (*label)(const struct defs *d, struct str key, enum lang lang));
/* 123456 fen as "1,234.56". */
struct str label_yuan(const struct http_call *c, int64_t fen);
/* A count in 2^-31, rounded to one digit behind the point: "12.3". */
struct str label_p31(const struct http_call *c, int64_t sum_p31);
/* A probability in 2^-31 as "1.25 %". */
struct str label_chance(const struct http_call *c, int64_t p31);

/* "A".."D", "" without a grade, and the class of its colour. */
struct str label_grade(const struct http_call *c, char grade);
struct str mark_of_grade(char grade);

/* Class of a mark: a shape and colour beside the word. */
struct str mark_of_status(enum entity_status s);
struct str mark_of_state(enum ceremony_state s);
enum msg state_word(enum ceremony_state s);
enum msg state_explained(enum ceremony_state s);
enum msg step_word(enum ceremony_step s);
enum msg exclusion_word(enum ceremony_exclusion x);
enum msg mode_word(enum ceremony_mode m);

/* A region as a person writes it, code or name; its code of six digits or more, "" for "". In
 * English pages too the names are Chinese. ERR_FIELD when there is no such region. */
enum err region_of_text(struct http_call *c, struct str text, struct str *code) MUST_USE;
/* Options of a region's children, `chosen` among them. */
enum err region_options(struct http_call *c, struct str parent, struct str chosen,
                        struct option **out, size_t *n) MUST_USE;

/* An address with a query: path?name=value&... without empty values and without the pair `skip`
 * (NULL: none). */
struct pair {
    const char *name;
    struct str value;
};
struct str address(struct cx *cx, struct str path, const struct pair *pairs, size_t n,
                   const char *skip);

#endif
