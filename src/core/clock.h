/* Deadlines: when a period of law ends. Pure: civil days are of UTC+8, working days are the
 * calendar's that is given.
 *
 * The day (or hour) on which a period begins is not counted. A pause leaves out what lies after the
 * day on which it began, up to and with the day on which it ended: stopping and going on is counted
 * as ending and beginning is. Months and years end on the day of the same number, or on the last of
 * a shorter month; a pause lengthens them by its calendar days. */
#ifndef SISHI_CORE_CLOCK_H
#define SISHI_CORE_CLOCK_H

#include "base/base.h"

#define CLOCK_UNIT_TABLE(X)                                                                        \
    X(WORK_DAYS, "work_day")                                                                       \
    X(DAYS, "day")                                                                                 \
    X(HOURS, "hour")                                                                               \
    X(MONTHS, "month")                                                                             \
    X(YEARS, "year")
enum clock_unit {
#define X(symbol, name) CLOCK_##symbol,
    CLOCK_UNIT_TABLE(X)
#undef X
        CLOCK_UNIT__COUNT
};
PUBLIC const char *clock_unit_name(enum clock_unit u);
PUBLIC enum clock_unit clock_unit_by_name(struct str name); /* CLOCK_UNIT__COUNT: none */

/* What happens to a last day on which nobody works. */
enum clock_roll {
    CLOCK_ROLL_NONE,    /* it stays */
    CLOCK_ROLL_HOLIDAY, /* a statutory holiday moves to the next day that is worked; a mere weekend
                           or moved rest day stays */
    CLOCK_ROLL_REST,    /* any day off moves to the next day that is worked */
};

struct clock_amount {
    int32_t n; /* 1..100000 */
    enum clock_unit unit;
};
/* When the period stood still. */
struct clock_pause {
    int64_t from_ms;
    int64_t to_ms; /* 0 = it still does; the last one only */
};
struct clock_run {
    int64_t start_ms;
    const struct clock_amount *amount; /* the period, then each extension; hours only with hours */
    size_t n_amounts;                  /* 1.. */
    const struct clock_pause *pause;   /* ascending, not overlapping, none before start_ms */
    size_t n_pauses;
    enum clock_roll roll;
    bool backwards; /* counted back from start, an event to come; without pauses or extensions */
};
struct clock_due {
    bool paused;      /* it stands still now: no end is known; what follows is not set */
    int64_t left;     /* paused: units of the amount under way that are still to come */
    int64_t due_ms;   /* the first instant that is too late: the end of the last day or hour */
    int32_t due_on;   /* the last day, yyyymmdd */
    int32_t left_out; /* days (work days for those) that pauses left out; hours: whole hours */
    int32_t rolled;   /* days by which the end was moved off a day off */
    bool provisional; /* it rests on a year that no notice covers yet */
};

/**
 * When the period ends.
 *
 * @return ERR_FIELD (amounts or pauses not as above), ERR_DATE (outside the calendar's years)
 * @source Procedure Provisions for administrative penalties (Order 2) art. 80 for the beginning and
 *         for an end on a holiday; each period's own unit stands in definitions/deadlines.yaml
 * @cost O(amounts + pauses)
 */
PUBLIC enum err clock_due(struct cx *cx, const struct calendar *cal, const struct clock_run *run,
                          struct clock_due *out) MUST_USE;

#endif
