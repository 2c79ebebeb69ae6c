/* Private to def/: a YAML text as a tree that knows its lines. Aliases are not followed, keys may
 * not stand twice, depth and size are bounded. */
#ifndef SISHI_DEF_YAML_H
#define SISHI_DEF_YAML_H

#include "base/base.h"

struct fy_document;
struct fy_node;

enum { YAML_BYTES_MAX = 4 << 20 };

struct yaml {
    struct cx *cx;
    struct arena *keep; /* texts are copied here */
    const char *file;   /* for failures */
    struct fy_document *doc;
    struct fy_node *root;
};

/* @return ERR_DEFINITION with "file:line:column: what" */
enum err yaml_open(struct cx *cx, struct arena *keep, const char *file, struct str text,
                   struct yaml *out) MUST_USE;
void yaml_close(struct yaml *y); /* for CLEANUP; accepts all zero */

/* ERR_DEFINITION at the node's place. */
#define yaml_fail(y, n, ...) yaml_fail_at((y), (n), __VA_ARGS__)
enum err yaml_fail_at(const struct yaml *y, struct fy_node *n, const char *fmt, ...) PRINTF(3, 4);

/* Members of a mapping. NULL gives a failure that names the key. */
enum err yaml_get(const struct yaml *y, struct fy_node *map, const char *key,
                  struct fy_node **out) MUST_USE;
struct fy_node *yaml_find(struct fy_node *map, const char *key); /* NULL: not there */
enum err yaml_str(const struct yaml *y, struct fy_node *map, const char *key,
                  struct str *out) MUST_USE; /* not empty */
/* Not there: *out stays as it is. */
enum err yaml_maybe_str(const struct yaml *y, struct fy_node *map, const char *key,
                        struct str *out) MUST_USE;
enum err yaml_int(const struct yaml *y, struct fy_node *map, const char *key, int64_t lo,
                  int64_t hi, int64_t *out) MUST_USE;
enum err yaml_maybe_bool(const struct yaml *y, struct fy_node *map, const char *key,
                         bool *out) MUST_USE;
/* A list of words, put together with `sep` between; not there: empty. */
enum err yaml_words(const struct yaml *y, struct fy_node *map, const char *key, char sep,
                    struct str *out) MUST_USE;
/* Refuses keys that are none of `known` (blank between): a mistyped key is silent otherwise. */
enum err yaml_only(const struct yaml *y, struct fy_node *map, const char *known) MUST_USE;

/* The items of a list; its length. */
enum err yaml_list(const struct yaml *y, struct fy_node *map, const char *key,
                   struct fy_node **list, size_t *n) MUST_USE;
struct fy_node *yaml_next(struct fy_node *list, void **at);
enum err yaml_node_str(const struct yaml *y, struct fy_node *n, struct str *out) MUST_USE;

/* A word and where it stands. */
struct yaml_word {
    struct str text;
    struct fy_node *node;
};
/* One word, or a list of words; not there: none. In y->keep. */
enum err yaml_names(const struct yaml *y, struct fy_node *map, const char *key,
                    struct yaml_word **out, size_t *n) MUST_USE;
/* The line a node begins on, from 1; 0 when unknown. */
int32_t yaml_line(struct fy_node *n);
/* ERR_DEFINITION at byte `at` of the text of a scalar node; at the beginning of one that goes over
 * several lines, whose bytes stand elsewhere than in the file. */
enum err yaml_fail_inside(const struct yaml *y, struct fy_node *n, struct str text, size_t at,
                          const char *what);

#endif
