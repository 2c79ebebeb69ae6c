/* What the fields of draw files may hold (sishi-draw/1 section 4.0). Private to the draw. */
#ifndef SISHI_CORE_FIELD_H
#define SISHI_CORE_FIELD_H

#include "core/digest.h"

bool field_name(struct str s); /* party, dept, lot, qual: [A-Za-z0-9_]{1,32} */
bool field_id(struct str s);   /* 1..64 bytes of 0x21..0x7E */
/* How many bytes from the start are 0x21..0x7E. */
size_t field_visible(const char *p, size_t n);
bool field_digits(struct str s, size_t min, size_t max);
bool field_hex(struct str s, size_t bytes, uint8_t *out); /* lower case, exactly that many bytes */
bool field_text(struct str s, size_t max); /* UTF-8 without control characters, 1..max bytes */
bool field_salt(struct str s);             /* "-" or 32 hex */
/* Decimal, no sign, no leading zero, lo..hi. */
bool field_whole(struct str s, uint64_t lo, uint64_t hi, uint64_t *out);
/* Cuts the line at each `by` into exactly n fields; false when there are more or fewer. */
bool field_cut(struct str line, char by, struct str *field, size_t n);

#endif
