#include "base/base.h"

enum { YEAR_MIN = 1949, YEAR_MAX = 2200, SATURDAY = 6 };

struct calendar {
    int32_t first, days; /* days since 1970 of the first day; how many */
    int32_t published_to;
    uint8_t *kind;  /* enum day_kind of each day */
    uint32_t *rank; /* [i]: working days among the first i days; days + 1 of them */
    int32_t *work;  /* the working days in order, as places; rank[days] of them */
};

static const char *const kind_names[DAY_KIND__COUNT] = { "work", "weekend", "holiday", "off",
                                                         "makeup" };

const char *day_kind_name(enum day_kind k)
{
    return kind_names[k];
}

static bool kind_works(enum day_kind k)
{
    return k == DAY_WORK || k == DAY_MAKEUP;
}

static enum day_kind kind_of_week(int32_t on)
{
    return date_weekday(on) >= SATURDAY ? DAY_WEEKEND : DAY_WORK;
}

static enum err notices_apply(struct cx *cx, struct calendar *c, const struct calendar_day *days,
                              size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t at = date_days(days[i].on) - c->first;
        if (!date_valid(days[i].on) || at < 0 || at >= c->days) {
            return fail(cx, ERR_DATE, "%d: outside the calendar's years", (int)days[i].on);
        }
        if (days[i].kind == DAY_MAKEUP && kind_of_week(days[i].on) != DAY_WEEKEND) {
            return fail(cx, ERR_DATE, "%d: a day that is made up must be a Saturday or a Sunday",
                        (int)days[i].on);
        }
        c->kind[at] = (uint8_t)days[i].kind;
    }
    return ERR_OK;
}

static void count_work(struct calendar *c)
{
    uint32_t n = 0;
    for (int32_t i = 0; i < c->days; i++) {
        c->rank[i] = n;
        if (kind_works((enum day_kind)c->kind[i])) {
            c->work[n++] = i;
        }
    }
    c->rank[c->days] = n;
}

enum err calendar_make(struct cx *cx, int32_t first_year, int32_t last_year,
                       const struct calendar_day *days, size_t n, int32_t published_to,
                       struct calendar **out)
{
    if (first_year < YEAR_MIN || last_year > YEAR_MAX || first_year > last_year) {
        return fail(cx, ERR_DATE, "years %d to %d", (int)first_year, (int)last_year);
    }
    struct calendar *c = arena_alloc(cx->mem, 1, sizeof *c);
    int32_t first = date_days(first_year * 10000 + 101);
    size_t count = (size_t)date_days(last_year * 10000 + 1231) - (size_t)first + 1;
    if (c == NULL || (c->kind = arena_alloc(cx->mem, count, sizeof *c->kind)) == NULL ||
        (c->rank = arena_alloc(cx->mem, count + 1, sizeof *c->rank)) == NULL ||
        (c->work = arena_alloc(cx->mem, count, sizeof *c->work)) == NULL) {
        return fail(cx, ERR_NO_MEMORY, "calendar");
    }
    c->first = first;
    c->days = (int32_t)count;
    c->published_to = published_to;
    for (int32_t i = 0; i < c->days; i++) {
        c->kind[i] = (uint8_t)kind_of_week(date_of_days(first + i));
    }
    TRY(notices_apply(cx, c, days, n));
    count_work(c);
    *out = c;
    return ERR_OK;
}

int32_t calendar_first_on(const struct calendar *c)
{
    return date_of_days(c->first);
}

int32_t calendar_last_on(const struct calendar *c)
{
    return date_of_days(c->first + c->days - 1);
}

int32_t calendar_published_to(const struct calendar *c)
{
    return c->published_to;
}

enum day_kind calendar_kind(const struct calendar *c, int32_t on)
{
    int32_t at = date_days(on) - c->first;
    return at >= 0 && at < c->days ? (enum day_kind)c->kind[at] : kind_of_week(on);
}

bool calendar_works(const struct calendar *c, int32_t on)
{
    return kind_works(calendar_kind(c, on));
}

static enum err place_of_day(struct cx *cx, const struct calendar *c, int32_t on, int32_t *out)
{
    int32_t at = date_days(on) - c->first;
    if (!date_valid(on) || at < 0 || at >= c->days) {
        return fail(cx, ERR_DATE, "%d: the calendar has the years %d to %d", (int)on,
                    (int)(calendar_first_on(c) / 10000), (int)(calendar_last_on(c) / 10000));
    }
    *out = at;
    return ERR_OK;
}

enum err calendar_work_days(struct cx *cx, const struct calendar *c, int32_t from_on, int32_t to_on,
                            int32_t *out)
{
    int32_t from;
    int32_t to;
    TRY(place_of_day(cx, c, from_on, &from));
    TRY(place_of_day(cx, c, to_on, &to));
    *out = from <= to ? (int32_t)(c->rank[to + 1] - c->rank[from + 1])
                      : -(int32_t)(c->rank[from] - c->rank[to]);
    return ERR_OK;
}

enum err calendar_add_work(struct cx *cx, const struct calendar *c, int32_t on, int32_t n,
                           int32_t *out)
{
    int32_t at;
    TRY(place_of_day(cx, c, on, &at));
    if (n == 0) {
        *out = on;
        return ERR_OK;
    }
    /* the first working day after `on` is number rank[at + 1]; the last before it rank[at] - 1 */
    int64_t number = n > 0 ? (int64_t)c->rank[at + 1] + n - 1 : (int64_t)c->rank[at] + n;
    if (number < 0 || number >= c->rank[c->days]) {
        return fail(cx, ERR_DATE, "%d working days from %d lie outside the calendar's years",
                    (int)n, (int)on);
    }
    *out = date_of_days(c->first + c->work[number]);
    return ERR_OK;
}
