/* A streaming JSON writer over a builder. Commas and escapes are its job; balance is asserted. */
#ifndef SISHI_BASE_JSON_H
#define SISHI_BASE_JSON_H

#include "base/text.h"

struct json {
    struct buf *to;
    uint64_t more; /* a bit per open level: something stands there already */
    unsigned depth;
};
struct json json_to(struct buf *b);
void json_object(struct json *j);
void json_array(struct json *j);
void json_end_object(struct json *j);
void json_end_array(struct json *j);
void json_key(struct json *j, const char *key); /* ASCII, no escape needed */
void json_str(struct json *j, struct str s);    /* valid UTF-8 */
void json_z(struct json *j, const char *z);     /* NULL gives null */
void json_int(struct json *j, int64_t v);       /* |v| < 2^53, or a reader may lose digits */
void json_id(struct json *j, int64_t id);       /* base32 text; 0 gives null */
void json_bool(struct json *j, bool v);
void json_null(struct json *j);
void json_date(struct json *j, int32_t yyyymmdd); /* text; 0 gives null */
void json_instant(struct json *j, int64_t ms);    /* text; 0 gives null */
void json_hex(struct json *j, const uint8_t *bytes, size_t n);
void json_key_str(struct json *j, const char *key, struct str s);
void json_key_int(struct json *j, const char *key, int64_t v);
void json_key_bool(struct json *j, const char *key, bool v);
/* Members whose value may be missing: empty text, day 0, instant 0 and id 0 give null. */
void json_key_text(struct json *j, const char *key, struct str s);
void json_key_date(struct json *j, const char *key, int32_t yyyymmdd);
void json_key_instant(struct json *j, const char *key, int64_t ms);
void json_key_id(struct json *j, const char *key, int64_t id);
/* A number that a reader of JSON might not hold exactly: as text. */
void json_key_digits(struct json *j, const char *key, int64_t v);
/* "a,b" or what else stands between as a list of texts. */
void json_key_parts(struct json *j, const char *key, struct str s, char between);

#endif
