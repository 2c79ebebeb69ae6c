/* Civil dates and instants. A civil date is an int32 yyyymmdd in China Standard Time (UTC+8, no
 * summer time since 1991); an instant is Unix milliseconds, UTC. */
#ifndef SISHI_BASE_DATE_H
#define SISHI_BASE_DATE_H

#include "base/text.h"

bool date_valid(int32_t yyyymmdd);   /* 1583..9999, proleptic Gregorian */
int32_t date_days(int32_t yyyymmdd); /* days since 1970-01-01 */
int32_t date_of_days(int32_t days);
int32_t date_add_days(int32_t yyyymmdd, int32_t days);
int32_t date_add_months(int32_t yyyymmdd, int32_t months); /* the last day of a shorter month */
int date_weekday(int32_t yyyymmdd);                        /* 1 = Monday .. 7 = Sunday */
int32_t date_of_ms(int64_t now_ms);                        /* the civil date in UTC+8 */
int64_t date_start_ms(int32_t yyyymmdd);                   /* 00:00 UTC+8 of that day */
/* "2026-11-23" (or 20261123, 2026/11/23, 2026年11月23日 as files have it). ERR_DATE. */
enum err date_parse(struct cx *cx, struct str s, int32_t *out) MUST_USE;
enum { DATE_CHARS = 10, INSTANT_CHARS = 25 };
void date_put(int32_t yyyymmdd, char out[DATE_CHARS]); /* 2026-11-23 */
void instant_put(int64_t ms, char out[INSTANT_CHARS]); /* 2026-11-23T09:30:00+08:00 */
/* RFC 3339, any offset. ERR_DATE. */
enum err instant_parse(struct cx *cx, struct str s, int64_t *out) MUST_USE;
/* What the clock on the wall says. Only main, cli, http and the worker of jobs may call it, once a
 * piece of work. */
int64_t clock_now_ms(void);

#endif
