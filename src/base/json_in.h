/* JSON that comes in: a whole text to a tree of values, or one clear failure. */
#ifndef SISHI_BASE_JSON_IN_H
#define SISHI_BASE_JSON_IN_H

#include "base/text.h"

enum json_kind {
    JSON_IN_NULL,
    JSON_IN_BOOL,
    JSON_IN_INT,
    JSON_IN_REAL, /* a number with a fraction or exponent: no value is kept */
    JSON_IN_TEXT,
    JSON_IN_ARRAY,
    JSON_IN_OBJECT,
};
/* Everything a value points at is in the arena it was read into. */
struct json_value {
    enum json_kind kind;
    int64_t i;                  /* of a whole number; 0 or 1 of a truth value */
    struct str s;               /* of a text: valid UTF-8 without NUL */
    struct str key;             /* its name when it is a member of an object */
    const struct json_value *v; /* n elements or members, in the order of the text */
    size_t n;
};
enum { JSON_IN_DEPTH_MAX = 16 };

/**
 * Reads one JSON text (RFC 8259). A whole number must fit 64 bits.
 *
 * @return ERR_BAD_REQUEST with line, column and reason: not UTF-8, a NUL (also as an escape), a
 * name twice in one object, deeper than JSON_IN_DEPTH_MAX, a number too large, anything behind the
 * value; ERR_NO_MEMORY
 * @cost O(bytes); the arena takes about 64 bytes a value besides its text
 */
enum err json_read(struct cx *cx, struct str text, const struct json_value **out) MUST_USE;

/* The member of an object; NULL when there is none or `v` is no object. */
const struct json_value *json_member(const struct json_value *v, const char *name);

#endif
