#include "base/base.h"

#include <time.h>

enum { DAY_MS = 86400000, CHINA_MS = 8 * 3600000 };

static bool is_leap(int32_t y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int32_t month_days(int32_t y, int32_t m)
{
    static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return m == 2 && is_leap(y) ? 29 : days[m - 1];
}

bool date_valid(int32_t d)
{
    int32_t y = d / 10000;
    int32_t m = d / 100 % 100;
    return y >= 1583 && y <= 9999 && m >= 1 && m <= 12 && d % 100 >= 1 &&
           d % 100 <= month_days(y, m);
}

/* Days from civil, counted from March so that the leap day is the last of its year. */
int32_t date_days(int32_t d)
{
    int32_t m = d / 100 % 100;
    int32_t y = d / 10000 - (m <= 2);
    int32_t era = y / 400;
    int32_t year = y - era * 400;
    int32_t day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d % 100 - 1;
    return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

int32_t date_of_days(int32_t days)
{
    int32_t z = days + 719468;
    int32_t era = z / 146097;
    int32_t doe = z - era * 146097;
    int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int32_t mp = (5 * doy + 2) / 153;
    int32_t m = mp < 10 ? mp + 3 : mp - 9;
    return (yoe + era * 400 + (m <= 2)) * 10000 + m * 100 + doy - (153 * mp + 2) / 5 + 1;
}

int32_t date_add_days(int32_t d, int32_t days)
{
    return date_of_days(date_days(d) + days);
}

int32_t date_add_months(int32_t d, int32_t months)
{
    int32_t at = d / 10000 * 12 + d / 100 % 100 - 1 + months;
    int32_t y = at / 12;
    int32_t m = at % 12 + 1;
    int32_t last = month_days(y, m);
    return y * 10000 + m * 100 + (d % 100 < last ? d % 100 : last);
}

int date_weekday(int32_t d)
{
    return (date_days(d) % 7 + 10) % 7 + 1; /* 1970-01-01 was a Thursday */
}

/* Division that rounds down, so that instants before 1970 fall on the right day. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t date_of_ms(int64_t ms)
{
    return date_of_days((int32_t)floor_div(ms + CHINA_MS, DAY_MS));
}

int64_t date_start_ms(int32_t d)
{
    return (int64_t)date_days(d) * DAY_MS - CHINA_MS;
}

/* Reads 1..max digits; -1 when there is none. */
static int32_t take_digits(struct str *s, size_t max)
{
    int32_t v = 0;
    size_t i = 0;
    for (; i < s->n && i < max && s->p[i] >= '0' && s->p[i] <= '9'; i++) {
        v = v * 10 + (s->p[i] - '0');
    }
    *s = str_from(*s, i);
    return i == 0 ? -1 : v;
}

static bool take(struct str *s, struct str sign)
{
    if (!str_starts(*s, sign)) {
        return false;
    }
    *s = str_from(*s, sign.n);
    return true;
}

/* The signs of U+5E74, U+6708, U+65E5 stand behind year, month and day in Chinese files. */
static const struct {
    struct str after_year, after_month, after_day;
} date_forms[] = {
    { { "-", 1 }, { "-", 1 }, { "", 0 } },
    { { "/", 1 }, { "/", 1 }, { "", 0 } },
    { { ".", 1 }, { ".", 1 }, { "", 0 } },
    { { "\xe5\xb9\xb4", 3 }, { "\xe6\x9c\x88", 3 }, { "\xe6\x97\xa5", 3 } },
};

static int32_t date_in_form(struct str s, size_t form)
{
    int32_t y = take_digits(&s, 4);
    if (y < 0 || !take(&s, date_forms[form].after_year)) {
        return 0;
    }
    int32_t m = take_digits(&s, 2);
    if (m < 0 || !take(&s, date_forms[form].after_month)) {
        return 0;
    }
    int32_t d = take_digits(&s, 2);
    if (d < 0 || !take(&s, date_forms[form].after_day) || s.n > 0) {
        return 0;
    }
    return y * 10000 + m * 100 + d;
}

enum err date_parse(struct cx *cx, struct str s, int32_t *out)
{
    struct str rest = s;
    int32_t d = s.n == 8 ? take_digits(&rest, 8) : 0;
    if (s.n != 8 || rest.n > 0) {
        d = 0;
    }
    for (size_t f = 0; d == 0 && f < COUNT_OF(date_forms); f++) {
        d = date_in_form(s, f);
    }
    if (!date_valid(d)) {
        return fail(cx, ERR_DATE, "\"" STR_FMT "\"", (int)(s.n < 40 ? s.n : 40), s.p);
    }
    *out = d;
    return ERR_OK;
}

static void put_two(int32_t v, char *out)
{
    out[0] = (char)('0' + v / 10 % 10);
    out[1] = (char)('0' + v % 10);
}

void date_put(int32_t d, char out[DATE_CHARS])
{
    put_two(d / 1000000, out);
    put_two(d / 10000, out + 2);
    out[4] = '-';
    put_two(d / 100, out + 5);
    out[7] = '-';
    put_two(d, out + 8);
}

void instant_put(int64_t ms, char out[INSTANT_CHARS])
{
    int64_t local = ms + CHINA_MS;
    int32_t s = (int32_t)((local - floor_div(local, DAY_MS) * DAY_MS) / 1000);
    date_put(date_of_ms(ms), out);
    out[10] = 'T';
    put_two(s / 3600, out + 11);
    out[13] = ':';
    put_two(s / 60 % 60, out + 14);
    out[16] = ':';
    put_two(s % 60, out + 17);
    for (size_t i = 0; i < 6; i++) {
        out[19 + i] = "+08:00"[i];
    }
}

/* "Z" or "+08:00" as minutes east; INT32_MAX when it is neither. */
static int32_t take_offset(struct str *s)
{
    if (take(s, STR("Z"))) {
        return 0;
    }
    bool east = take(s, STR("+"));
    if (!east && !take(s, STR("-"))) {
        return INT32_MAX;
    }
    int32_t h = take_digits(s, 2);
    if (h < 0 || h > 23 || !take(s, STR(":"))) {
        return INT32_MAX;
    }
    int32_t m = take_digits(s, 2);
    if (m < 0 || m > 59) {
        return INT32_MAX;
    }
    return east ? h * 60 + m : -(h * 60 + m);
}

static int64_t take_fraction_ms(struct str *s)
{
    if (!take(s, STR("."))) {
        return 0;
    }
    int64_t ms = 0;
    int64_t unit = 100;
    for (; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9'; *s = str_from(*s, 1)) {
        ms += (s->p[0] - '0') * unit;
        unit /= 10;
    }
    return ms;
}

enum err instant_parse(struct cx *cx, struct str s, int64_t *out)
{
    struct str rest = str_from(s, DATE_CHARS);
    int32_t day = s.n > DATE_CHARS ? date_in_form((struct str){ s.p, DATE_CHARS }, 0) : 0;
    if (date_valid(day) && (take(&rest, STR("T")) || take(&rest, STR(" ")))) {
        int32_t h = take_digits(&rest, 2);
        int32_t m = take(&rest, STR(":")) ? take_digits(&rest, 2) : -1;
        int32_t sec = take(&rest, STR(":")) ? take_digits(&rest, 2) : -1;
        int64_t fraction = take_fraction_ms(&rest);
        int32_t offset = take_offset(&rest);
        if (h >= 0 && h < 24 && m >= 0 && m < 60 && sec >= 0 && sec < 60 && offset != INT32_MAX &&
            rest.n == 0) {
            *out = (int64_t)date_days(day) * DAY_MS +
                   ((int64_t)h * 3600 + (int64_t)m * 60 + sec - (int64_t)offset * 60) * 1000 +
                   fraction;
            return ERR_OK;
        }
    }
    return fail(cx, ERR_DATE, "\"" STR_FMT "\" is not an instant", (int)(s.n < 40 ? s.n : 40), s.p);
}

int64_t clock_now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
