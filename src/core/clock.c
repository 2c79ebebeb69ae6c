#include "core/clock.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)

enum { AMOUNT_MAX = 100000, MONTHS_OF_YEAR = 12 };

static const char *const unit_names[CLOCK_UNIT__COUNT] = {
#define X(symbol, name) name,
    CLOCK_UNIT_TABLE(X)
#undef X
};

const char *clock_unit_name(enum clock_unit u)
{
    return unit_names[u];
}

enum clock_unit clock_unit_by_name(struct str name)
{
    unsigned u = 0;
    while (u < CLOCK_UNIT__COUNT && !str_eq(name, str_of(unit_names[u]))) {
        u++;
    }
    return (enum clock_unit)u;
}

/* ---- is it a period at all? ---- */

static enum err amounts_check(struct cx *cx, const struct clock_run *r)
{
    if (r->n_amounts == 0) {
        return fail(cx, ERR_FIELD, "amount: none");
    }
    for (size_t i = 0; i < r->n_amounts; i++) {
        const struct clock_amount *a = &r->amount[i];
        if (a->n < 1 || a->n > AMOUNT_MAX || a->unit >= CLOCK_UNIT__COUNT) {
            return fail(cx, ERR_FIELD, "amount: %d is outside 1..%d", (int)a->n, AMOUNT_MAX);
        }
        if ((a->unit == CLOCK_HOURS) != (r->amount[0].unit == CLOCK_HOURS)) {
            return fail(cx, ERR_FIELD, "amount: hours and days do not add up");
        }
    }
    return r->backwards && (r->n_amounts > 1 || r->n_pauses > 0 || r->amount[0].unit == CLOCK_HOURS)
               ? fail(cx, ERR_FIELD, "a period counted backwards is one number of days or more")
               : ERR_OK;
}

static enum err pauses_check(struct cx *cx, const struct clock_run *r)
{
    int64_t before = r->start_ms;
    for (size_t i = 0; i < r->n_pauses; i++) {
        const struct clock_pause *p = &r->pause[i];
        bool open = p->to_ms == 0;
        if (p->from_ms < before || (open && i + 1 < r->n_pauses) ||
            (!open && p->to_ms < p->from_ms)) {
            return fail(cx, ERR_FIELD, "pause %zu: not behind the one before it", i + 1);
        }
        before = p->to_ms;
    }
    return ERR_OK;
}

/* ---- counting days ---- */

/* Where the count stands: everything up to and with day `at` is counted or left out. */
struct count {
    const struct calendar *cal;
    const struct clock_run *run;
    size_t pause; /* the next one to come */
    int32_t at;
    int32_t left_out;
};

static enum err between(struct cx *cx, const struct count *c, enum clock_unit unit, int32_t from,
                        int32_t to, int32_t *days)
{
    if (unit == CLOCK_WORK_DAYS) {
        return calendar_work_days(cx, c->cal, from, to, days);
    }
    *days = date_days(to) - date_days(from);
    return ERR_OK;
}

static enum err step(struct cx *cx, const struct count *c, enum clock_unit unit, int32_t days,
                     int32_t *to)
{
    if (unit == CLOCK_WORK_DAYS) {
        return calendar_add_work(cx, c->cal, c->at, days, to);
    }
    *to = date_add_days(c->at, days);
    return ERR_OK;
}

/* Counts `need` days on from c->at; *left is 0 when they were found, else what an open pause holds
 * back. */
static enum err count_days(struct cx *cx, struct count *c, enum clock_unit unit, int32_t need,
                           int32_t *left)
{
    const struct clock_run *r = c->run;
    for (; c->pause < r->n_pauses; c->pause++) {
        const struct clock_pause *p = &r->pause[c->pause];
        int32_t from = date_of_ms(p->from_ms);
        int32_t free = 0;
        int32_t out = 0;
        from = from > c->at ? from : c->at;
        TRY(between(cx, c, unit, c->at, from, &free));
        if (need <= free) {
            break;
        }
        need -= free;
        if (p->to_ms == 0) {
            *left = need;
            return ERR_OK;
        }
        int32_t to = date_of_ms(p->to_ms);
        to = to > from ? to : from;
        TRY(between(cx, c, unit, from, to, &out));
        c->left_out += out;
        c->at = to;
    }
    *left = 0;
    return step(cx, c, unit, need, &c->at);
}

/* Months and years are so many days from where the count stands. */
static enum err count_amount(struct cx *cx, struct count *c, const struct clock_amount *a,
                             int32_t *left)
{
    if (a->unit == CLOCK_WORK_DAYS || a->unit == CLOCK_DAYS) {
        return count_days(cx, c, a->unit, a->n, left);
    }
    int32_t months = a->unit == CLOCK_YEARS ? a->n * MONTHS_OF_YEAR : a->n;
    int32_t end = date_add_months(c->at, months);
    if (!date_valid(end)) {
        return fail(cx, ERR_DATE, "%d months after %d", (int)months, (int)c->at);
    }
    return count_days(cx, c, CLOCK_DAYS, date_days(end) - date_days(c->at), left);
}

static bool moves(const struct calendar *cal, enum clock_roll roll, int32_t on)
{
    return roll == CLOCK_ROLL_REST
               ? !calendar_works(cal, on)
               : roll == CLOCK_ROLL_HOLIDAY && calendar_kind(cal, on) == DAY_HOLIDAY;
}

static enum err end_on(struct cx *cx, const struct calendar *cal, const struct clock_run *r,
                       int32_t on, struct clock_due *out)
{
    int32_t due = on;
    if (moves(cal, r->roll, on)) {
        TRY(calendar_add_work(cx, cal, on, 1, &due));
    }
    out->due_on = due;
    out->rolled = date_days(due) - date_days(on);
    out->due_ms = date_start_ms(due) + DAY_MS;
    out->provisional =
        due > calendar_published_to(cal) || date_of_ms(r->start_ms) > calendar_published_to(cal);
    return ERR_OK;
}

static enum err due_forward(struct cx *cx, const struct calendar *cal, const struct clock_run *r,
                            struct clock_due *out)
{
    struct count c = { cal, r, 0, date_of_ms(r->start_ms), 0 };
    for (size_t i = 0; i < r->n_amounts; i++) {
        int32_t left = 0;
        TRY(count_amount(cx, &c, &r->amount[i], &left));
        if (left > 0) {
            out->paused = true;
            out->left = left;
            return ERR_OK;
        }
    }
    out->left_out = c.left_out;
    return end_on(cx, cal, r, c.at, out);
}

static enum err due_backward(struct cx *cx, const struct calendar *cal, const struct clock_run *r,
                             struct clock_due *out)
{
    const struct clock_amount *a = &r->amount[0];
    int32_t start = date_of_ms(r->start_ms);
    int32_t on = start;
    if (a->unit == CLOCK_WORK_DAYS) {
        TRY(calendar_add_work(cx, cal, start, -a->n, &on));
    } else if (a->unit == CLOCK_DAYS) {
        on = date_add_days(start, -a->n);
    } else {
        on = date_add_months(start, a->unit == CLOCK_YEARS ? -a->n * MONTHS_OF_YEAR : -a->n);
    }
    if (!date_valid(on)) {
        return fail(cx, ERR_DATE, "%d %s before %d", (int)a->n, clock_unit_name(a->unit),
                    (int)start);
    }
    struct clock_run stays = *r;
    stays.roll = CLOCK_ROLL_NONE; /* moved on, it would come after the last day */
    return end_on(cx, cal, &stays, on, out);
}

/* ---- counting hours ---- */

static enum err due_hours(struct cx *cx, const struct calendar *cal, const struct clock_run *r,
                          struct clock_due *out)
{
    int64_t at = (r->start_ms / HOUR_MS + 1) * HOUR_MS; /* the hour it begins in is not counted */
    int64_t need = 0;
    int64_t out_ms = 0;
    for (size_t i = 0; i < r->n_amounts; i++) {
        need += r->amount[i].n * HOUR_MS;
    }
    for (size_t i = 0; i < r->n_pauses; i++) {
        int64_t from = r->pause[i].from_ms > at ? r->pause[i].from_ms : at;
        if (need <= from - at) {
            break;
        }
        need -= from - at;
        if (r->pause[i].to_ms == 0) {
            out->paused = true;
            out->left = (need + HOUR_MS - 1) / HOUR_MS;
            return ERR_OK;
        }
        int64_t to = r->pause[i].to_ms > from ? r->pause[i].to_ms : from;
        out_ms += to - from;
        at = to;
    }
    out->due_ms = at + need;
    out->due_on = date_of_ms(out->due_ms - 1);
    out->left_out = (int32_t)(out_ms / HOUR_MS);
    out->provisional = out->due_on > calendar_published_to(cal);
    return date_valid(out->due_on) ? ERR_OK : fail(cx, ERR_DATE, "hours beyond the year 9999");
}

enum err clock_due(struct cx *cx, const struct calendar *cal, const struct clock_run *run,
                   struct clock_due *out)
{
    struct clock_due due = { 0 };
    TRY(amounts_check(cx, run));
    TRY(pauses_check(cx, run));
    if (!date_valid(date_of_ms(run->start_ms))) {
        return fail(cx, ERR_DATE, "start");
    }
    if (run->backwards) {
        TRY(due_backward(cx, cal, run, &due));
    } else if (run->amount[0].unit == CLOCK_HOURS) {
        TRY(due_hours(cx, cal, run, &due));
    } else {
        TRY(due_forward(cx, cal, run, &due));
    }
    *out = due;
    return ERR_OK;
}
