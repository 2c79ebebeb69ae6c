/* Text: borrowed views, a builder with a ceiling, numbers, hex, ids. */
#ifndef SISHI_BASE_TEXT_H
#define SISHI_BASE_TEXT_H

#include "base/fault.h"
#include "base/mem.h"

/* A view of UTF-8 bytes owned by someone else. Not NUL-terminated. */
struct str {
    const char *p;
    size_t n; /* bytes */
};
#define STR(lit) ((struct str){ "" lit "", sizeof(lit) - 1 })
/* The same for an object of static storage, where a compound literal may not stand. */
#define STR_INIT(lit)                                                                              \
    {                                                                                              \
        "" lit "", sizeof(lit) - 1                                                                 \
    }
#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p

struct str str_of(const char *z); /* NULL gives the empty string */
bool str_eq(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* by bytes, shorter first: the order of LC_ALL=C sort */
bool str_starts(struct str s, struct str head);
bool str_ends(struct str s, struct str tail);
struct str str_from(struct str s, size_t at); /* the part from byte `at` on */
struct str str_trim(struct str s);            /* without spaces and tabs at both ends */
/* Cuts `s` at the first `c`: returns what stands before it and moves *s past it.
 * Without `c`: returns all and empties *s. */
struct str str_cut(struct str *s, char c);
/* A copy in the arena with a NUL behind it (not counted). p is NULL when memory is out. */
struct str str_dup(struct arena *a, struct str s);

/* Decimal, optional '-', no spaces, whole text. ERR_NUMBER outside lo..hi. */
enum err str_int(struct cx *cx, struct str s, int64_t lo, int64_t hi, int64_t *out) MUST_USE;

/* Byte position of the first malformed UTF-8 sequence (also NUL, surrogates, > U+10FFFF);
 * s.n when all is well. */
size_t utf8_bad_at(struct str s);
size_t utf8_count(struct str s); /* characters; of valid text */
/* Decodes one character at *i of valid text and moves *i behind it. */
uint32_t utf8_next(struct str s, size_t *i);
/* Writes a character; returns its bytes (1..4). */
size_t utf8_put(uint32_t c, char out[4]);
/* Full-width letters, digits, signs and the ideographic space to their ASCII form; nothing else.
 * @param out  s.n bytes of room at least; may not overlap. Returns bytes written. */
size_t fold_width(struct str s, char *out);

void hex_put(const uint8_t *bytes, size_t n, char *out); /* 2n lower-case characters, no NUL */
bool hex_get(struct str s, uint8_t *out); /* s.n even, lower case only; s.n/2 bytes */

/* Record ids: 63 bits, printed as 13 characters of Crockford's base32 (upper case). */
enum { ID_CHARS = 13 };
void id_put(int64_t id, char out[ID_CHARS]);
enum err id_get(struct cx *cx, struct str s, int64_t *out) MUST_USE; /* ERR_NUMBER */

/* A builder with a ceiling given at its start. Past the ceiling or out of memory it turns `over`
 * and takes nothing more: ask once, with buf_done. Memory is the arena's. */
struct buf {
    char *p;
    size_t n, room, limit;
    struct arena *mem;
    bool over;
};
struct buf buf_of(struct arena *mem, size_t limit);
void buf_put(struct buf *b, struct str s);
void buf_put_c(struct buf *b, char c);
void buf_put_z(struct buf *b, const char *z);
void buf_put_int(struct buf *b, int64_t v);
void buf_put_hex(struct buf *b, const uint8_t *bytes, size_t n);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
struct str buf_str(const struct buf *b); /* what is there now; moves when the builder grows */
void buf_clear(struct buf *b);           /* keeps the room */
enum err buf_done(struct cx *cx, const struct buf *b, struct str *out) MUST_USE; /* ERR_TOO_LONG */

#endif
