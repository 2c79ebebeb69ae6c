/* Private to web/: how the compiled templates write a value, by the place where it stands. */
#ifndef SISHI_WEB_PUT_H
#define SISHI_WEB_PUT_H

#include "base/base.h"

#include "messages.h"

/* Chosen by the template compiler from the HTML around the value. */
enum web_place {
    PLACE_HTML,     /* text between tags, or a quoted attribute that is no URL */
    PLACE_URL,      /* the start of a URL attribute: its scheme is checked, else "#" */
    PLACE_URL_PART, /* behind the start: one component, percent-encoded */
    PLACE_JSON,     /* a JSON value in <script type="application/json"> */
};

/* Text, UTF-8. In HTML & < > " ' become references and control characters U+FFFD. A URL is relative
 * or of http, https, mailto, without spaces and control characters. */
void web_put_str(struct buf *b, enum lang lang, enum web_place place, struct str s);
void web_put_z(struct buf *b, enum lang lang, enum web_place place, const char *z);
void web_put_int(struct buf *b, enum lang lang, enum web_place place, int64_t v);
void web_put_size(struct buf *b, enum lang lang, enum web_place place, size_t v);
void web_put_grouped(struct buf *b, enum lang lang, enum web_place place,
                     int64_t v); /* 1,234,567 */
void web_put_size_grouped(struct buf *b, enum lang lang, enum web_place place, size_t v);
void web_put_id(struct buf *b, enum lang lang, enum web_place place, int64_t id);
void web_put_bool(struct buf *b, enum lang lang, enum web_place place, bool v); /* JSON only */
/* Dates and instants write nothing (JSON: null) for 0. Instants are told in UTC+8. */
void web_put_date(struct buf *b, enum lang lang, enum web_place place, int32_t yyyymmdd);
/* 2026年11月23日 or 23 November 2026 */
void web_put_date_long(struct buf *b, enum lang lang, enum web_place place, int32_t yyyymmdd);
void web_put_time(struct buf *b, enum lang lang, enum web_place place,
                  int64_t ms); /* day and second */
void web_put_minute(struct buf *b, enum lang lang, enum web_place place, int64_t ms);
void web_put_clock(struct buf *b, enum lang lang, enum web_place place, int64_t ms); /* 09:30:05 */
void web_put_machine(struct buf *b, enum lang lang, enum web_place place,
                     int64_t ms); /* RFC 3339 */
void web_put_time_long(struct buf *b, enum lang lang, enum web_place place, int64_t ms);
/* 32 bytes: 64 hex characters; short: the first 12. A NULL hash writes nothing. */
void web_put_hash(struct buf *b, enum lang lang, enum web_place place, const uint8_t *hash);
void web_put_hash_short(struct buf *b, enum lang lang, enum web_place place, const uint8_t *hash);
void web_put_short(struct buf *b, enum lang lang, enum web_place place, struct str s);
void web_put_msg(struct buf *b, enum lang lang, enum web_place place, enum msg m);

#endif
