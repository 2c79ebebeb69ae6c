/* A market entity for people and for programs. */
#include "cli/entity_say.h"

static void put_text(struct json *j, const char *key, struct str s)
{
    json_key(j, key);
    if (s.n == 0) {
        json_null(j);
    } else {
        json_str(j, s);
    }
}

static void put_day(struct json *j, const char *key, int32_t on)
{
    json_key(j, key);
    json_date(j, on);
}

static void put_version(struct json *j, const struct market_entity *e)
{
    json_key_int(j, "version", e->version);
    put_day(j, "valid_from_on", e->valid_from_on);
    put_day(j, "valid_to_on", e->valid_to_on);
    json_key(j, "recorded_at");
    json_instant(j, e->recorded_at);
    json_key(j, "superseded_at");
    json_instant(j, e->superseded_at);
    json_key(j, "recorded_by");
    json_id(j, e->recorded_by);
    put_text(j, "reason", e->reason);
}

void entity_json(struct json *j, const struct defs *defs, const struct market_entity *e)
{
    const struct entity_class *k = defs_class(defs, e->cls);
    json_object(j);
    json_key(j, "id");
    json_id(j, e->id);
    json_key_str(j, "code", e->code);
    put_text(j, "uscc", e->uscc);
    put_text(j, "regno", e->regno);
    json_key_str(j, "name", e->name);
    put_text(j, "class", k == NULL ? STR("") : k->key);
    json_key_str(j, "status", str_of(entity_status_name(e->status)));
    json_key_str(j, "region", e->region);
    put_text(j, "authority", e->authority);
    put_text(j, "industry", e->industry);
    put_day(j, "established_on", e->established_on);
    put_day(j, "closed_on", e->closed_on);
    put_text(j, "premises", e->premises);
    json_key(j, "capital_fen");
    if (e->capital_fen < 0) {
        json_null(j);
    } else {
        json_int(j, e->capital_fen);
    }
    put_text(j, "representative", e->representative);
    put_text(j, "grade", (struct str){ &e->grade, e->grade != 0 });
    put_version(j, e);
    json_end_object(j);
}

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
