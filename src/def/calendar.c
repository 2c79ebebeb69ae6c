/* The notices that move days off, and the calendars they make. */
#include "def/tables.h"

enum { YEARS_AHEAD = 10, DAYS_OF_LIST_MAX = 366 };

static int32_t holiday_find(const struct defs *d, struct str key)
{
    for (size_t i = 0; i < d->holidays.n; i++) {
        if (str_eq(d->holidays.item[i].key, key)) {
            return (int32_t)i;
        }
    }
    return -1;
}

/* What a list of a holiday says, and where its days go. */
struct day_list {
    const struct yaml *y;
    struct defs *d;
    int32_t holiday;
    enum day_kind kind;
};

static enum err day_add(const struct day_list *l, struct fy_node *n, int32_t on)
{
    struct defs *d = l->d;
    if (d->n_notice_days == d->notice_day_room) {
        return yaml_fail(l->y, n, "too many days");
    }
    if (l->kind == DAY_MAKEUP && date_weekday(on) < 6) {
        return yaml_fail(l->y, n, "a day that is made up must be a Saturday or a Sunday");
    }
    d->notice_day[d->n_notice_days++] = (struct notice_day){ { on, l->kind }, l->holiday };
    return ERR_OK;
}

/* "2026-01-01" or "2026-01-01..2026-01-03" */
static enum err range_read(const struct day_list *l, struct fy_node *n)
{
    struct str s;
    struct cx *cx = l->y->cx;
    int32_t from;
    int32_t to;
    TRY(yaml_node_str(l->y, n, &s));
    struct str first = str_cut(&s, '.');
    struct str last = s.n > 1 && s.p[0] == '.' ? str_from(s, 1) : first;
    if (date_parse(cx, first, &from) != ERR_OK || date_parse(cx, last, &to) != ERR_OK ||
        from > to || date_days(to) - date_days(from) >= DAYS_OF_LIST_MAX) {
        fault_clear(cx);
        return yaml_fail(l->y, n, "a day YYYY-MM-DD, or two with .. between, is expected");
    }
    for (int32_t on = from; on <= to; on = date_add_days(on, 1)) {
        TRY(day_add(l, n, on));
    }
    return ERR_OK;
}

static enum err list_read(const struct day_list *l, struct fy_node *holiday, const char *key)
{
    struct fy_node *list;
    size_t n;
    void *at = NULL;
    if (yaml_find(holiday, key) == NULL) {
        return ERR_OK;
    }
    TRY(yaml_list(l->y, holiday, key, &list, &n));
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        TRY(range_read(l, i));
    }
    return ERR_OK;
}

static enum err holiday_read(const struct yaml *y, struct fy_node *n, struct defs *d)
{
    struct str name;
    TRY(yaml_only(y, n, "name off statutory work"));
    TRY(yaml_str(y, n, "name", &name));
    struct day_list l = { y, d, holiday_find(d, name), DAY_OFF };
    if (l.holiday < 0) {
        return yaml_fail(y, n, "\"" STR_FMT "\" is no holiday of the list above", STR_ARG(name));
    }
    /* a statutory day stands in both lists: the later entry counts */
    TRY(list_read(&l, n, "off"));
    l.kind = DAY_HOLIDAY;
    TRY(list_read(&l, n, "statutory"));
    l.kind = DAY_MAKEUP;
    return list_read(&l, n, "work");
}

static enum err issued_read(const struct yaml *y, struct fy_node *n, int32_t *out)
{
    struct str s = { "", 0 };
    TRY(yaml_maybe_str(y, n, "issued_on", &s));
    if (s.n > 0 && date_parse(y->cx, s, out) != ERR_OK) {
        fault_clear(y->cx);
        return yaml_fail(y, n, "issued_on: a day YYYY-MM-DD is expected");
    }
    return ERR_OK;
}

static enum err notice_read(const struct yaml *y, struct fy_node *n, struct defs *d,
                            struct notice *out)
{
    struct fy_node *list;
    size_t count;
    int64_t year;
    void *at = NULL;
    TRY(yaml_only(y, n, "year issued_on source region holidays"));
    TRY(yaml_int(y, n, "year", 1949, 2200, &year));
    TRY(issued_read(y, n, &out->issued_on));
    TRY(yaml_maybe_str(y, n, "region", &out->region));
    TRY(yaml_str(y, n, "source", &out->source));
    out->year = (int32_t)year;
    out->first = d->n_notice_days;
    TRY(yaml_list(y, n, "holidays", &list, &count));
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        TRY(holiday_read(y, i, d));
    }
    out->n = d->n_notice_days - out->first;
    for (size_t i = out->first; i < d->n_notice_days; i++) {
        int32_t off_by = d->notice_day[i].day.on / 10000 - out->year;
        if (off_by < -1 || off_by > 1) {
            return yaml_fail(y, n, "a notice for %lld names a day of another year",
                             (long long)year);
        }
    }
    return ERR_OK;
}

/* The notices of one list; those of a region must say which. */
static enum err notices_read(const struct yaml *y, const char *key, struct defs *d)
{
    struct fy_node *list;
    size_t n;
    void *at = NULL;
    TRY(yaml_list(y, y->root, key, &list, &n));
    for (struct fy_node *i = yaml_next(list, &at); i != NULL; i = yaml_next(list, &at)) {
        struct notice *to = &d->notice[d->n_notices];
        TRY(notice_read(y, i, d, to));
        if ((to->region.n > 0) != str_eq(str_of(key), STR("regional"))) {
            return yaml_fail(y, i, "a region belongs to the notices below \"regional\"");
        }
        if (d->n_notices > 0 && to->region.n == 0 && to->year < to[-1].year) {
            return yaml_fail(y, i, "notices stand in the order of their years");
        }
        d->n_notices++;
    }
    return ERR_OK;
}

enum err calendar_read(struct cx *cx, struct defs *d, const char *file, struct str text)
{
    CLEANUP(yaml_close) struct yaml y = { 0 };
    struct fy_node *list;
    size_t national;
    size_t regional;
    bool verified;
    TRY(yaml_open(cx, d->mem, file, text, &y));
    TRY(yaml_only(&y, y.root, "verified holidays notices regional"));
    TRY(yaml_maybe_bool(&y, y.root, "verified", &verified));
    TRY(labels_read(&y, "holidays", &d->holidays));
    TRY(yaml_list(&y, y.root, "notices", &list, &national));
    TRY(yaml_list(&y, y.root, "regional", &list, &regional));
    d->notice_day_room = (national + regional) * DAYS_OF_LIST_MAX;
    d->notice = arena_alloc(d->mem, national + regional + 1, sizeof *d->notice);
    d->notice_day = arena_alloc(d->mem, d->notice_day_room + 1, sizeof *d->notice_day);
    if (d->notice == NULL || d->notice_day == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", file);
    }
    if (national == 0) {
        return yaml_fail(&y, y.root, "no notice: which days are off?");
    }
    TRY(notices_read(&y, "notices", d));
    TRY(notices_read(&y, "regional", d));
    struct calendar *whole = NULL; /* a day outside the years is found now, not at the first use */
    return defs_calendar(cx, d, STR(""), 0, &whole);
}

static bool notice_counts(const struct notice *n, struct str region, int32_t known_on)
{
    bool known = known_on == 0 || n->issued_on <= known_on;
    return known && (n->region.n == 0 || str_starts(region, region_prefix(n->region)));
}

enum err defs_calendar(struct cx *cx, const struct defs *d, struct str region, int32_t known_on,
                       struct calendar **out)
{
    struct calendar_day *days = arena_alloc(cx->mem, d->n_notice_days + 1, sizeof *days);
    int32_t first = d->notice[0].year;
    int32_t last = first;
    size_t n = 0;
    if (days == NULL) {
        return fail(cx, ERR_NO_MEMORY, "calendar");
    }
    for (size_t i = 0; i < d->n_notices; i++) {
        const struct notice *from = &d->notice[i];
        if (!notice_counts(from, region, known_on)) {
            continue;
        }
        for (size_t k = 0; k < from->n; k++) {
            days[n++] = d->notice_day[from->first + k].day;
        }
        last = from->region.n == 0 && from->year > last ? from->year : last;
    }
    return calendar_make(cx, first, last + YEARS_AHEAD, days, n, last * 10000 + 1231, out);
}

struct str defs_holiday_label(const struct defs *d, int32_t on, enum lang lang)
{
    for (size_t i = d->n_notice_days; i-- > 0;) { /* the newest word counts */
        if (d->notice_day[i].day.on == on) {
            return d->holidays.item[d->notice_day[i].holiday].label.text[lang];
        }
    }
    return (struct str){ "", 0 };
}
