/* sishi due: when a period of a procedure ends, and how it was counted. */
#include "cli/commands.h"

enum { LINE_BYTES = 4096, WORDS_MAX = 40, DOCUMENT_MAX = 1 << 16 };

/* What is asked: a rule, a start, and what happened since. */
struct asked {
    const struct deadline_def *rule;
    int64_t start_ms;
    int32_t named_on; /* the date a document names; 0 = none */
    struct clock_amount amount[2];
    size_t n_amounts;
    struct clock_pause pause[WORDS_MAX];
    size_t n_pauses;
};

/* A day stands for its beginning, so that the day itself is the one not counted. */
static enum err moment(struct cx *cx, struct str s, int64_t *out)
{
    int32_t on;
    if (s.n > DATE_CHARS) {
        return instant_parse(cx, s, out);
    }
    TRY(date_parse(cx, s, &on));
    *out = date_start_ms(on);
    return ERR_OK;
}

/* "FROM..TO", or "FROM.." while it lasts */
static enum err take_pause(struct cx *cx, struct str s, struct asked *a)
{
    struct clock_pause *p = &a->pause[a->n_pauses];
    struct str from = str_cut(&s, '.');
    if (s.n == 0 || s.p[0] != '.') {
        return fail(cx, ERR_USAGE, "pause=FROM..TO, or pause=FROM.. while it lasts");
    }
    s = str_from(s, 1);
    TRY(moment(cx, from, &p->from_ms));
    if (s.n > 0) {
        TRY(moment(cx, s, &p->to_ms));
    }
    a->n_pauses++;
    return ERR_OK;
}

static enum err take_extension(struct cx *cx, struct str n, struct asked *a)
{
    const struct deadline_def *r = a->rule;
    int64_t by = r->extend;
    if (r->extend == 0 || a->n_amounts != 1) {
        return fail(cx, ERR_USAGE, "%s",
                    r->extend == 0 ? "this period has no extension of its own" : "extended twice");
    }
    if (n.n > 0) {
        TRY(str_int(cx, n, 1, r->extend, &by));
    }
    a->amount[a->n_amounts++] =
        (struct clock_amount){ (int32_t)by, clock_unit_by_name(r->extend_unit) };
    return ERR_OK;
}

static enum err take_word(struct cx *cx, struct str word, struct asked *a)
{
    struct str value = word;
    struct str key = str_cut(&value, '=');
    if (str_eq(key, STR("pause"))) {
        return take_pause(cx, value, a);
    }
    if (str_eq(key, STR("extend"))) {
        return take_extension(cx, value, a);
    }
    if (str_eq(key, STR("date")) && a->rule->named) {
        return date_parse(cx, value, &a->named_on);
    }
    return fail(cx, ERR_USAGE, STR_FMT ": want pause=FROM..TO, extend%s", STR_ARG(word),
                a->rule->named ? " or date=DATE" : "[=N]");
}

static enum err ask(struct cx *cx, const struct defs *defs, const struct str *word, size_t n,
                    struct asked *a)
{
    *a = (struct asked){ 0 };
    if (n < 3) {
        return fail(cx, ERR_USAGE, "want PROCEDURE KEY START");
    }
    TRY(moment(cx, word[2], &a->start_ms));
    a->rule = defs_deadline(defs, word[0], word[1], date_of_ms(a->start_ms));
    if (a->rule == NULL) {
        return fail(cx, ERR_NOT_FOUND, "deadline " STR_FMT " " STR_FMT " in force on that day",
                    STR_ARG(word[0]), STR_ARG(word[1]));
    }
    if (!a->rule->named) {
        a->amount[a->n_amounts++] =
            (struct clock_amount){ a->rule->n, clock_unit_by_name(a->rule->unit) };
    }
    for (size_t i = 3; i < n; i++) {
        TRY(take_word(cx, word[i], a));
    }
    return a->rule->named && a->named_on == 0
               ? fail(cx, ERR_USAGE,
                      STR_FMT " " STR_FMT " ends on a date that a document names: "
                              "date=DATE",
                      STR_ARG(word[0]), STR_ARG(word[1]))
               : ERR_OK;
}

static enum clock_roll roll_of(struct str name)
{
    return str_eq(name, STR("rest"))      ? CLOCK_ROLL_REST
           : str_eq(name, STR("holiday")) ? CLOCK_ROLL_HOLIDAY
                                          : CLOCK_ROLL_NONE;
}

static enum err count(struct cx *cx, const struct calendar *cal, const struct asked *a,
                      struct clock_due *due)
{
    if (a->rule->named) {
        *due = (struct clock_due){ .due_on = a->named_on,
                                   .due_ms = date_start_ms(date_add_days(a->named_on, 1)) };
        return ERR_OK;
    }
    const struct clock_run run = { .start_ms = a->start_ms,
                                   .amount = a->amount,
                                   .n_amounts = a->n_amounts,
                                   .pause = a->pause,
                                   .n_pauses = a->n_pauses,
                                   .roll = roll_of(a->rule->roll),
                                   .backwards = a->rule->backwards };
    return clock_due(cx, cal, &run, due);
}

static void due_json(struct json *j, const struct asked *a, const struct clock_due *due,
                     enum lang lang)
{
    json_object(j);
    json_key_str(j, "procedure", a->rule->procedure);
    json_key_str(j, "key", a->rule->key);
    json_key_str(j, "label", a->rule->label.text[lang]);
    json_key_bool(j, "paused", due->paused);
    if (due->paused) {
        json_key_int(j, "left", due->left);
    } else {
        char at[INSTANT_CHARS];
        instant_put(due->due_ms, at);
        json_key(j, "due_on");
        json_date(j, due->due_on);
        json_key_str(j, "too_late_from", (struct str){ at, sizeof at });
        json_key_int(j, "left_out", due->left_out);
        json_key_int(j, "rolled_days", due->rolled);
        json_key_bool(j, "provisional", due->provisional);
    }
    json_key_str(j, "source", a->rule->source);
    json_key_bool(j, "verified", a->rule->verified);
    json_end_object(j);
}

static void say_amount(FILE *out, const struct asked *a)
{
    static const char *const words[CLOCK_UNIT__COUNT] = { "working day", "day", "hour", "month",
                                                          "year" };
    for (size_t i = 0; i < a->n_amounts; i++) {
        (void)fprintf(out, "%s%d %s%s", i > 0 ? " + " : "", (int)a->amount[i].n,
                      words[a->amount[i].unit], a->amount[i].n > 1 ? "s" : "");
    }
}

/* The last day; for hours the instant that is too late. */
static void say_end(FILE *out, const struct asked *a, const struct clock_due *due)
{
    char date[DATE_CHARS];
    char at[INSTANT_CHARS];
    if (a->n_amounts > 0 && a->amount[0].unit == CLOCK_HOURS) {
        instant_put(due->due_ms, at);
        (void)fprintf(out, "before %.*s", INSTANT_CHARS, at);
    } else {
        date_put(due->due_on, date);
        (void)fprintf(out, "%.*s", DATE_CHARS, date);
    }
    (void)fprintf(out, "%s\n", due->provisional ? "  provisional" : "");
}

/* The answer, then how it came about. */
static void due_text(struct cli *c, const struct asked *a, const struct clock_due *due)
{
    char start[DATE_CHARS];
    const struct deadline_def *r = a->rule;
    date_put(date_of_ms(a->start_ms), start);
    if (due->paused) {
        (void)fprintf(c->out, "paused: %lld still to come\n", (long long)due->left);
    } else {
        say_end(c->out, a, due);
    }
    if (c->quiet) {
        return;
    }
    (void)fprintf(c->out, "  " STR_FMT " (" STR_FMT ")\n", STR_ARG(r->label.text[c->cx->lang]),
                  STR_ARG(r->at_expiry));
    if (!r->named) {
        (void)fprintf(c->out, "  ");
        say_amount(c->out, a);
        bool hours = a->amount[0].unit == CLOCK_HOURS;
        (void)fprintf(c->out, " %s %.*s, %s not counted\n", r->backwards ? "before" : "after",
                      DATE_CHARS, start, hours ? "the hour of the start" : "that day");
    }
    if (due->left_out > 0) {
        (void)fprintf(c->out, "  %d left out by pauses\n", (int)due->left_out);
    }
    if (due->rolled > 0) {
        (void)fprintf(c->out, "  moved by %d day(s) off a holiday\n", (int)due->rolled);
    }
    (void)fprintf(c->out, "  " STR_FMT "%s\n", STR_ARG(r->source),
                  r->verified ? "" : " (not verified)");
}

static enum err answer(struct cli *c, const struct defs *defs, const struct calendar *cal,
                       const struct str *word, size_t n)
{
    struct asked a;
    struct clock_due due;
    TRY(ask(c->cx, defs, word, n, &a));
    TRY(count(c->cx, cal, &a, &due));
    if (!c->json) {
        due_text(c, &a, &due);
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    due_json(&j, &a, &due, c->cx->lang);
    return cli_print_json(c, &b);
}

static enum err answer_line(struct cli *c, const struct defs *defs, const struct calendar *cal,
                            struct str line)
{
    struct arena_mark mark = arena_mark(c->cx->mem);
    struct str word[WORDS_MAX];
    size_t n = 0;
    while (line.n > 0) {
        struct str w = str_cut(&line, ' ');
        if (w.n > 0 && n == WORDS_MAX) {
            return fail(c->cx, ERR_TOO_LONG, "more than %d words", (int)WORDS_MAX);
        }
        if (w.n > 0) {
            word[n++] = w;
        }
    }
    TRY(answer(c, defs, cal, word, n));
    arena_reset(c->cx->mem, mark);
    return ERR_OK;
}

static enum err run_due(struct cli *c)
{
    const struct defs *defs = NULL;
    struct calendar *cal = NULL;
    char line[LINE_BYTES];
    TRY(cli_defs(c, &defs));
    TRY(defs_calendar(c->cx, defs, STR(""), 0, &cal));
    if (c->n_words > 0) {
        struct str word[WORDS_MAX];
        for (int i = 0; i < c->n_words; i++) {
            word[i] = str_of(c->words[i]);
        }
        return answer(c, defs, cal, word, (size_t)c->n_words);
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct str s = str_of(line);
        s.n -= s.n > 0 && s.p[s.n - 1] == '\n';
        TRY(answer_line(c, defs, cal, s));
    }
    return ERR_OK;
}

const struct cli_command cmd_due = {
    .name = "due",
    .brief = "when a period of a procedure ends, and how it was counted",
    .words = "[PROCEDURE KEY START [pause=FROM..[TO] ...] [extend[=N]] [date=DATE]]",
    .words_max = WORDS_MAX,
    .about =
        "Takes the rule from definitions/deadlines.yaml that is in force on the day of the start\n"
        "and counts by definitions/calendar.yaml. START, FROM and TO are days or instants (RFC\n"
        "3339). A pause leaves out the days after FROM up to and with TO; without TO it lasts\n"
        "still, and what is left of the period is told instead of a day. `extend` takes the\n"
        "extension of the rule. A period that ends on a date a document names needs date=DATE.\n\n"
        "The day on which a period begins is not counted; an end on a statutory holiday moves to\n"
        "the next day that is worked. \"provisional\": no notice covers that year yet. Without\n"
        "words, each line of standard input is one question.",
    .examples = "sishi due complaint C1 2026-09-28           seven working days over the holidays\n"
                "sishi due complaint C3 2026-09-28 pause=2026-10-09..2026-10-20\n"
                "sishi due penalty P2 2026-01-05 extend --json",
    .run = run_due,
};
