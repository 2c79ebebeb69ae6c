/* Which days are working days. The week gives the pattern; notices of the State Council move rest
 * days and make weekends up; whatever no notice covers yet is provisional. */
#ifndef SISHI_BASE_CALENDAR_H
#define SISHI_BASE_CALENDAR_H

#include "base/date.h"

enum day_kind {
    DAY_WORK,    /* Monday to Friday, nothing said */
    DAY_WEEKEND, /* Saturday or Sunday, nothing said */
    DAY_HOLIDAY, /* statutory holiday */
    DAY_OFF,     /* off by a notice, but no statutory holiday: a moved or an added rest day */
    DAY_MAKEUP,  /* a weekend day that is worked */
    DAY_KIND__COUNT
};
/* "work", "weekend", "holiday", "off", "makeup". */
const char *day_kind_name(enum day_kind k);

/* What a notice says of one day. */
struct calendar_day {
    int32_t on;
    enum day_kind kind; /* DAY_HOLIDAY, DAY_OFF or DAY_MAKEUP */
};

struct calendar; /* read-only once made; memory of the arena it was made in */

/**
 * Makes the calendar of the years first..last. A later entry for a day takes the place of an
 * earlier one, as an amending notice does.
 *
 * @param first_year, last_year  1949..2200, first <= last
 * @param published_to  yyyymmdd: the last day that notices cover; days after it are provisional
 * @return ERR_DATE (years, a day outside them, a make-up day that is no weekend), ERR_NO_MEMORY
 * @cost   some 7 bytes a day
 */
enum err calendar_make(struct cx *cx, int32_t first_year, int32_t last_year,
                       const struct calendar_day *days, size_t n, int32_t published_to,
                       struct calendar **out) MUST_USE;

int32_t calendar_first_on(const struct calendar *c);
int32_t calendar_last_on(const struct calendar *c);
int32_t calendar_published_to(const struct calendar *c);

/* Outside the calendar's years the week alone answers. @cost O(1), as everything below */
enum day_kind calendar_kind(const struct calendar *c, int32_t on);
bool calendar_works(const struct calendar *c, int32_t on);

/* Working days after `from_on` up to and with `to_on`; negative when to_on is before from_on (the
 * working days from to_on up to, but without, from_on). ERR_DATE outside the calendar's years. */
enum err calendar_work_days(struct cx *cx, const struct calendar *c, int32_t from_on, int32_t to_on,
                            int32_t *out) MUST_USE;
/* The n-th working day after `on`, which is not counted itself; n < 0: before it; 0: `on` itself.
 * ERR_DATE when it lies outside the calendar's years. */
enum err calendar_add_work(struct cx *cx, const struct calendar *c, int32_t on, int32_t n,
                           int32_t *out) MUST_USE;

#endif
