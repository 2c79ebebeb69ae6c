/* Private to api/: what a route takes, as a table. The same table reads a JSON body and a query. */
#ifndef SISHI_API_INPUT_H
#define SISHI_API_INPUT_H

#include "api/api.h"

enum input_kind {
    INPUT_TEXT,    /* struct str; lo..hi characters, one line */
    INPUT_INT,     /* int64_t; lo..hi */
    INPUT_BOOL,    /* bool */
    INPUT_DATE,    /* int32_t yyyymmdd; "2026-11-23" */
    INPUT_INSTANT, /* int64_t Unix ms; RFC 3339 */
    INPUT_ID,      /* int64_t; 13 characters of base32 */
    INPUT_WORD,    /* int; place in `words` */
    INPUT_WORDS,   /* uint64_t; mask of places in `words`. In a query with commas between */
    INPUT_TEXTS,   /* struct input_texts; at most `hi`, each 1..200 bytes */
    INPUT_OBJECT,  /* a struct of its own, read by `inner` */
};
struct input_texts {
    struct str *v;
    size_t n;
};
enum input_need { OPTIONAL, REQUIRED };

struct input_table;
struct input_member {
    const char *name;
    enum input_kind kind;
    enum input_need need;
    size_t at; /* offsetof */
    int64_t lo, hi;
    const char *const *words;        /* NULL ends them; an entry "" is no word */
    const struct input_table *inner; /* INPUT_OBJECT */
};
/* The first member of the struct a table fills is `uint64_t given`: bit i for the table's row i
 * when it came. A JSON null is taken for an optional member: it counts as given, with the value 0.
 */
struct input_table {
    const struct input_member *v;
    size_t n;
};
#define INPUT_TABLE(rows)                                                                          \
    {                                                                                              \
        (rows), COUNT_OF(rows)                                                                     \
    }

/**
 * The JSON object in the request's body. No body at all is an empty object.
 *
 * @param to  zeroed by the caller, or holding what is meant when a member is missing
 * @return ERR_MEDIA_TYPE (not application/json in UTF-8), ERR_BAD_REQUEST (no JSON), ERR_FIELD
 *         "member: what is expected": unknown, missing, of another kind, out of its range
 */
enum err input_body(struct http_call *c, const struct input_table *t, void *to) MUST_USE;
/* The fields of the query: unknown and doubled ones are refused. `lang` may always stand there. */
enum err input_query(struct http_call *c, const struct input_table *t, void *to) MUST_USE;
/* Only that a body is said to be JSON in UTF-8: for who reads it himself. ERR_MEDIA_TYPE */
enum err input_json_type(struct http_call *c) MUST_USE;
/* Refuses a query and a body where a route takes neither. */
enum err input_none(struct http_call *c) MUST_USE;

/* What came for INPUT_TEXT when its empty value matters; see given. */
static inline bool input_has(uint64_t given, unsigned row)
{
    return (given >> row & 1u) != 0;
}

/**
 * The operation key of the header Idempotency-Key: 1..128 visible ASCII characters, the caller's
 * own for this route and path. Empty without the header.
 *
 * @return ERR_FIELD
 */
enum err input_op_key(struct http_call *c, struct str *out) MUST_USE;

#endif
