/* sishi calendar: which days are worked, and counting them. */
#include "cli/commands.h"

enum { DOCUMENT_MAX = 1 << 20 };

static const struct cli_option calendar_options[] = {
    { "region", CLI_TEXT, "CODE", "with this region's own holidays" },
    { "known-on", CLI_TEXT, "DATE", "as the notices stood on that day" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err open_calendar(struct cli *c, const struct defs **defs, struct calendar **out)
{
    const char *known = cli_text(c, "known-on");
    const char *region = cli_text(c, "region");
    int32_t known_on = 0;
    TRY(cli_defs(c, defs));
    if (known != NULL) {
        TRY(date_parse(c->cx, str_of(known), &known_on));
    }
    if (region != NULL && defs_region(*defs, str_of(region)) == NULL) {
        return fail(c->cx, ERR_NOT_FOUND, "region %s", region);
    }
    return defs_calendar(c->cx, *defs, str_of(region), known_on, out);
}

static void day_text(const char date[DATE_CHARS], enum day_kind kind, struct str holiday, FILE *out)
{
    (void)fprintf(out, "%.*s  %-7s  " STR_FMT "\n", DATE_CHARS, date, day_kind_name(kind),
                  STR_ARG(holiday));
}

static void day_json(struct json *j, int32_t on, enum day_kind kind, struct str holiday)
{
    json_object(j);
    json_key(j, "on");
    json_date(j, on);
    json_key_str(j, "kind", str_of(day_kind_name(kind)));
    json_key_str(j, "holiday", holiday);
    json_end_object(j);
}

/* Days on which the week alone would answer otherwise, and statutory holidays on any day. */
static bool is_special(enum day_kind kind)
{
    return kind != DAY_WORK && kind != DAY_WEEKEND;
}

static enum err run_show(struct cli *c)
{
    const struct defs *defs = NULL;
    struct calendar *cal = NULL;
    int64_t year;
    TRY(str_int(c->cx, str_of(c->words[0]), 1949, 2200, &year));
    TRY(open_calendar(c, &defs, &cal));
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    int32_t last = (int32_t)year * 10000 + 1231;
    bool provisional = last > calendar_published_to(cal);
    json_object(&j);
    json_key_int(&j, "year", year);
    json_key_bool(&j, "provisional", provisional);
    json_key(&j, "days");
    json_array(&j);
    for (int32_t on = (int32_t)year * 10000 + 101; on <= last; on = date_add_days(on, 1)) {
        enum day_kind kind = calendar_kind(cal, on);
        struct str holiday = defs_holiday_label(defs, on, c->cx->lang);
        char date[DATE_CHARS];
        if (is_special(kind)) {
            date_put(on, date);
            day_json(&j, on, kind, holiday);
            if (!c->json) {
                day_text(date, kind, holiday, c->out);
            }
        }
    }
    json_end_array(&j);
    json_end_object(&j);
    if (provisional && !c->quiet) {
        (void)fprintf(c->note, "no notice covers %lld yet: the week alone\n", (long long)year);
    }
    return c->json ? cli_print_json(c, &b) : ERR_OK;
}

/* One answer: a day or a number, and whether it rests on published notices alone. */
static enum err say(struct cli *c, const char *key, int32_t on, int64_t number, bool provisional)
{
    char date[DATE_CHARS];
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    json_object(&j);
    json_key(&j, key);
    if (on != 0) {
        date_put(on, date);
        json_date(&j, on);
    } else {
        json_int(&j, number);
    }
    json_key_bool(&j, "provisional", provisional);
    json_end_object(&j);
    if (c->json) {
        return cli_print_json(c, &b);
    }
    if (on != 0) {
        (void)fprintf(c->out, "%.*s", DATE_CHARS, date);
    } else {
        (void)fprintf(c->out, "%lld", (long long)number);
    }
    (void)fprintf(c->out, "%s\n",
                  provisional ? "  (provisional: no notice covers that year yet)" : "");
    return ERR_OK;
}

static enum err run_add(struct cli *c)
{
    const struct defs *defs = NULL;
    struct calendar *cal = NULL;
    int32_t from;
    int32_t due;
    int64_t n;
    TRY(date_parse(c->cx, str_of(c->words[0]), &from));
    TRY(str_int(c->cx, str_of(c->words[1]), -100000, 100000, &n));
    TRY(open_calendar(c, &defs, &cal));
    TRY(calendar_add_work(c->cx, cal, from, (int32_t)n, &due));
    return say(c, "day", due, 0, (due > from ? due : from) > calendar_published_to(cal));
}

static enum err run_between(struct cli *c)
{
    const struct defs *defs = NULL;
    struct calendar *cal = NULL;
    int32_t from;
    int32_t to;
    int32_t n;
    TRY(date_parse(c->cx, str_of(c->words[0]), &from));
    TRY(date_parse(c->cx, str_of(c->words[1]), &to));
    TRY(open_calendar(c, &defs, &cal));
    TRY(calendar_work_days(c->cx, cal, from, to, &n));
    return say(c, "working_days", 0, n, (to > from ? to : from) > calendar_published_to(cal));
}

const struct cli_command cmd_calendar_show = {
    .name = "calendar show",
    .brief = "the days of a year that the week alone does not tell",
    .words = "YEAR",
    .words_min = 1,
    .words_max = 1,
    .options = calendar_options,
    .about = "Lists statutory holidays, other days off and weekend days that are worked, from "
             "definitions/calendar.yaml. With --known-on, as the notices stood on that day: a "
             "notice that was amended in mid-year is still there as it was.",
    .examples =
        "sishi calendar show 2026\n"
        "sishi calendar show 2020 --known-on 2020-01-26   before the holiday was lengthened",
    .run = run_show,
};

const struct cli_command cmd_calendar_add = {
    .name = "calendar add",
    .brief = "the n-th working day after a day",
    .words = "DATE N",
    .words_min = 2,
    .words_max = 2,
    .options = calendar_options,
    .about =
        "Prints the N-th working day after DATE, which is not counted itself; N below 0 counts "
        "backwards (put -- before it). Says so when the answer lies in a year for which no "
        "notice is out yet.",
    .examples = "sishi calendar add 2026-09-28 7    2026-10-13: seven days off, a Saturday made up",
    .run = run_add,
};

const struct cli_command cmd_calendar_between = {
    .name = "calendar between",
    .brief = "how many working days lie between two days",
    .words = "FROM TO",
    .words_min = 2,
    .words_max = 2,
    .options = calendar_options,
    .about = "Counts the working days after FROM up to and with TO; negative when TO is earlier.",
    .examples = "sishi calendar between 2026-09-28 2026-10-12    6",
    .run = run_between,
};
