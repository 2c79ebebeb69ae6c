/* A market entity for people and for programs. */
#include "cli/entity_say.h"

/* "2026-11-23", or blanks for none. */
static const char *day(int32_t on, char text[DATE_CHARS + 1])
{
    for (size_t i = 0; i < DATE_CHARS; i++) {
        text[i] = ' ';
    }
    if (on != 0) {
        date_put(on, text);
    }
    text[DATE_CHARS] = '\0';
    return text;
}

static void say_version(FILE *out, const struct market_entity *e)
{
    char from[DATE_CHARS + 1];
    char to[DATE_CHARS + 1];
    char at[INSTANT_CHARS];
    instant_put(e->recorded_at, at);
    (void)fprintf(out, "  [%s, %s)  version %lld, recorded %.*s", day(e->valid_from_on, from),
                  e->valid_to_on == 0 ? "open" : day(e->valid_to_on, to), (long long)e->version,
                  INSTANT_CHARS, at);
    if (e->superseded_at != 0) {
        instant_put(e->superseded_at, at);
        (void)fprintf(out, ", superseded %.*s", INSTANT_CHARS, at);
    }
    (void)fprintf(out, "%s" STR_FMT "\n", e->reason.n > 0 ? ": " : "", STR_ARG(e->reason));
}

void entity_text(FILE *out, struct cx *cx, const struct defs *defs, const struct market_entity *e)
{
    const struct entity_class *k = defs_class(defs, e->cls);
    const struct industry *what = e->industry.n == 0 ? NULL : defs_industry(defs, e->industry);
    struct buf where = buf_of(cx->mem, 1024);
    char since[DATE_CHARS + 1];
    char until[DATE_CHARS + 1];
    defs_region_path(defs, e->region, " / ", &where);
    (void)fprintf(out, STR_FMT "  " STR_FMT "\n", STR_ARG(e->code), STR_ARG(e->name));
    (void)fprintf(out, "  " STR_FMT ", " STR_FMT "\n",
                  STR_ARG(k == NULL ? STR("?") : k->label.text[cx->lang]),
                  STR_ARG(defs_status_label(defs, (int)e->status, cx->lang)));
    if (e->regno.n > 0 && e->uscc.n > 0) {
        (void)fprintf(out, "  " STR_FMT "\n", STR_ARG(e->regno));
    }
    (void)fprintf(out, "  " STR_FMT "  " STR_FMT "\n", STR_ARG(e->region),
                  STR_ARG(buf_str(&where)));
    (void)fprintf(out, "  " STR_FMT "  " STR_FMT "\n", STR_ARG(e->industry),
                  STR_ARG(what == NULL ? STR("") : what->name));
    (void)fprintf(out, "  %s  %s  " STR_FMT "\n", day(e->established_on, since),
                  day(e->closed_on, until), STR_ARG(e->premises));
    if (e->representative.n > 0 || e->grade != 0) {
        (void)fprintf(out, "  " STR_FMT "  %c\n", STR_ARG(e->representative),
                      e->grade == 0 ? '-' : e->grade);
    }
    say_version(out, e);
}

void entity_line(FILE *out, const struct defs *defs, enum lang lang, const struct market_entity *e,
                 struct str matched)
{
    (void)fprintf(out, "%-18.*s  " STR_FMT "  " STR_FMT, STR_ARG(e->code),
                  STR_ARG(defs_status_label(defs, (int)e->status, lang)), STR_ARG(e->name));
    if (matched.n > 0) {
        (void)fprintf(out, "  (" STR_FMT ")", STR_ARG(matched));
    }
    (void)fputc('\n', out);
}
