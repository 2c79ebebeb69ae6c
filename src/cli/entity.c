/* sishi entity ...: the register is written at the console. */
#include "cli/commands.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* ---- facts: options, or members of a JSON object ------------------------------------------- */

enum fact_kind { FACT_TEXT, FACT_DATE, FACT_CLASS, FACT_STATUS, FACT_FEN };

/* X(option and, with '_' for '-', member; kind; field; enum entity_field; value; help) */
#define FACT_TABLE(X)                                                                              \
    X("name", FACT_TEXT, name, FIELD_NAME, "TEXT", "registered name")                              \
    X("class", FACT_CLASS, cls, FIELD_CLASS, "KEY", "class of entity, by key or label")            \
    X("status", FACT_STATUS, status, FIELD_STATUS, "NAME", "registration state")                   \
    X("region", FACT_TEXT, region, FIELD_REGION, "CODE", "division of GB/T 2260")                  \
    X("authority", FACT_TEXT, authority, FIELD_AUTHORITY, "CODE", "registration authority")        \
    X("industry", FACT_TEXT, industry, FIELD_INDUSTRY, "CODE", "class of GB/T 4754")               \
    X("established-on", FACT_DATE, established_on, FIELD_ESTABLISHED, "DATE", "established")       \
    X("closed-on", FACT_DATE, closed_on, FIELD_CLOSED, "DATE", "ended")                            \
    X("premises", FACT_TEXT, premises, FIELD_PREMISES, "TEXT", "address as registered")            \
    X("capital-fen", FACT_FEN, capital_fen, FIELD_CAPITAL, "FEN", "registered capital")            \
    X("representative", FACT_TEXT, representative, FIELD_REPRESENTATIVE, "TEXT",                   \
      "legal representative or operator")                                                          \
    X("uscc", FACT_TEXT, uscc, FIELD_USCC, "CODE", "unified social credit code")                   \
    X("regno", FACT_TEXT, regno, FIELD_REGNO, "CODE", "registration number")

static const struct fact {
    const char *option;
    enum fact_kind kind;
    size_t at;
    enum entity_field field;
} facts[] = {
#define X(option, kind, member, field, value, doc)                                                 \
    { option, kind, offsetof(struct market_entity, member), field },
    FACT_TABLE(X)
#undef X
};

#define FACT_OPTION(option, kind, member, field, value, doc) { option, CLI_TEXT, value, doc },
#define FACT_OPTIONS                                                                               \
    FACT_TABLE(FACT_OPTION)                                                                        \
    {                                                                                              \
        "stdin", CLI_FLAG, NULL, "the facts as a JSON object instead"                              \
    }

static enum err wrong(struct cx *cx, const struct fact *f, struct str text)
{
    return fail(cx, ERR_FIELD, "%s: \"" STR_FMT "\"", f->option, STR_ARG(text));
}

/* Empty: the field is emptied. */
static enum err take_fact(struct cx *cx, const struct defs *defs, const struct fact *f,
                          struct str text, struct market_entity *e)
{
    void *to = (char *)e + f->at;
    const struct entity_class *k = NULL;
    int32_t on = 0;
    int64_t fen = -1;
    int status = 0;
    switch (f->kind) {
    case FACT_CLASS:
        k = defs_class_by_word(defs, text);
        e->cls = k == NULL ? 0 : k->no;
        return k != NULL ? ERR_OK : wrong(cx, f, text);
    case FACT_STATUS:
        status = defs_status_by_word(defs, text);
        e->status = (enum entity_status)status;
        return status != 0 ? ERR_OK : wrong(cx, f, text);
    case FACT_DATE:
        TRY(text.n == 0 ? ERR_OK : date_parse(cx, text, &on));
        memcpy(to, &on, sizeof on);
        return ERR_OK;
    case FACT_FEN:
        TRY(text.n == 0 ? ERR_OK : str_int(cx, text, 0, INT64_MAX, &fen));
        memcpy(to, &fen, sizeof fen);
        return ERR_OK;
    case FACT_TEXT:
    default:
        memcpy(to, &text, sizeof text);
        return ERR_OK;
    }
}

/* "established-on" is the option, "established_on" the member. */
static bool is_member(const struct fact *f, struct str key)
{
    size_t n = strlen(f->option);
    for (size_t i = 0; i < n && n == key.n; i++) {
        char want = f->option[i] == '-' ? '_' : f->option[i];
        if (key.p[i] != want) {
            return false;
        }
    }
    return n == key.n;
}

static enum err take_member(struct cx *cx, const struct defs *defs, const struct json_value *v,
                            struct market_entity *e, unsigned *given)
{
    char digits[24];
    struct buf number = { .p = digits, .room = sizeof digits, .limit = sizeof digits };
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        const struct fact *f = &facts[i];
        if (!is_member(f, v->key)) {
            continue;
        }
        bool fits = v->kind == JSON_IN_NULL || (v->kind == JSON_IN_INT && f->kind == FACT_FEN) ||
                    (v->kind == JSON_IN_TEXT && f->kind != FACT_FEN);
        if (!fits) {
            return fail(cx, ERR_FIELD, "%s: of another kind", f->option);
        }
        if (v->kind == JSON_IN_INT) {
            buf_put_int(&number, v->i);
        }
        *given |= (unsigned)f->field;
        struct str text = v->kind == JSON_IN_TEXT ? v->s : STR("");
        return take_fact(cx, defs, f, v->kind == JSON_IN_INT ? buf_str(&number) : text, e);
    }
    return fail(cx, ERR_FIELD, STR_FMT ": no such member", STR_ARG(v->key));
}

static enum err read_stdin(struct cli *c, struct str *out)
{
    enum { MOST = 65536 };
    struct buf b = buf_of(c->cx->mem, MOST);
    char part[4096];
    size_t n;
    while ((n = fread(part, 1, sizeof part, stdin)) > 0) {
        buf_put(&b, (struct str){ part, n });
    }
    if (ferror(stdin) != 0) {
        return fail(c->cx, ERR_FILE, "standard input");
    }
    return buf_done(c->cx, &b, out);
}

static enum err facts_of_stdin(struct cli *c, const struct defs *defs, struct market_entity *e,
                               unsigned *given)
{
    struct str text;
    const struct json_value *v = NULL;
    TRY(read_stdin(c, &text));
    TRY(json_read(c->cx, text, &v));
    if (v->kind != JSON_IN_OBJECT) {
        return fail(c->cx, ERR_FIELD, "standard input: expected one JSON object");
    }
    for (size_t i = 0; i < v->n; i++) {
        TRY(take_member(c->cx, defs, &v->v[i], e, given));
    }
    return ERR_OK;
}

static enum err read_facts(struct cli *c, const struct defs *defs, struct market_entity *e,
                           unsigned *given)
{
    if (cli_flag(c, "stdin")) {
        TRY(facts_of_stdin(c, defs, e, given));
    }
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        if (cli_flag(c, facts[i].option)) {
            *given |= (unsigned)facts[i].field;
            TRY(take_fact(c->cx, defs, &facts[i], str_of(cli_text(c, facts[i].option)), e));
        }
    }
    return ERR_OK;
}

static enum err read_day(struct cli *c, const char *option, int32_t otherwise, int32_t *out)
{
    *out = otherwise;
    return cli_flag(c, option) ? date_parse(c->cx, str_of(cli_text(c, option)), out) : ERR_OK;
}

/* ---- add ----------------------------------------------------------------------------------- */

static const struct cli_option add_options[] = {
    FACT_OPTIONS,
    { "op-key", CLI_TEXT, "KEY", "entered once, however often it is repeated with this key" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_add(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct market_entity e = { .status = ENTITY_ACTIVE, .capital_fen = -1 };
    unsigned given = 0;
    int64_t id;
    char text[ID_CHARS];
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(read_facts(c, d->defs, &e, &given));
    TRY(register_add(c->cx, d, &by, &e, str_of(cli_text(c, "op-key")), &id));
    id_put(id, text);
    if (!c->json) {
        (void)fprintf(c->out, "%.*s\n", ID_CHARS, text);
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, 256);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_str(&j, "id", (struct str){ text, sizeof text });
    json_end_object(&j);
    return cli_print_json(c, &b);
}

const struct cli_command cmd_entity_add = {
    .name = "entity add",
    .brief = "enters a market entity",
    .words = "",
    .options = add_options,
    .about = "Enters a new entity and prints its record id. Name, class and region are needed; the "
             "state is active unless said otherwise. Its first version holds from the day it was "
             "established, or from today. Needs --as a registrar of the region.\n\n"
             "With --stdin the facts are one JSON object whose members are named like the options "
             "with _ for -, as the API takes it; options given beside it come after.",
    .examples = "sishi entity add --as wang --name Huaxin --class company --region 430104 --uscc "
                "91350100M000100Y43 --industry F5211 --established-on 2020-01-01\n"
                "sishi entity add --as wang --stdin < entity.json",
    .run = run_add,
};

/* ---- change -------------------------------------------------------------------------------- */

static const struct cli_option change_options[] = {
    FACT_OPTIONS,
    { "from", CLI_TEXT, "DATE", "true from this day; otherwise today" },
    { "to", CLI_TEXT, "DATE", "until, not including, this day; otherwise still" },
    { "reason", CLI_TEXT, "TEXT", "kept with the version; needed" },
    { "version", CLI_NUMBER, "N", "refuse when this is not its newest version" },
    { "op-key", CLI_TEXT, "KEY", "recorded once, however often it is repeated with this key" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_change(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct market_entity e;
    struct entity_change change = { .to.capital_fen = -1, .reason = str_of(cli_text(c, "reason")) };
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(register_by_code(c->cx, d, &by, str_of(c->words[0]), &e));
    change.id = e.id;
    TRY(read_facts(c, d->defs, &change.to, &change.fields));
    TRY(read_day(c, "from", date_of_ms(c->cx->now_ms), &change.from_on));
    TRY(read_day(c, "to", 0, &change.to_on));
    TRY(cli_number(c, "version", 1, INT64_MAX, 0, &change.version));
    return register_change(c->cx, d, &by, &change, str_of(cli_text(c, "op-key")));
}

const struct cli_command cmd_entity_change = {
    .name = "entity change",
    .brief = "records a change of an entity, or corrects what was recorded",
    .words = "CODE",
    .words_min = 1,
    .words_max = 1,
    .options = change_options,
    .about = "Records that the facts given were so from a day on. With a day in the past it is a "
             "correction: what was believed stays readable (sishi show entity --as-known). A "
             "changed name is kept as a former one, a changed code still finds the entity. An "
             "empty value empties the field. Needs --as a registrar of the region.",
    .examples = "sishi entity change 92430102YD0000005Q --as wang --name Huaxing --reason renamed\n"
                "sishi entity change 92430102YD0000005Q --as wang --region 430105 --from "
                "2024-01-01 --to 2025-01-01 --reason \"was recorded with the wrong district\"",
    .run = run_change,
};

/* ---- alias --------------------------------------------------------------------------------- */

static enum err run_alias(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct market_entity e;
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(register_by_code(c->cx, d, &by, str_of(c->words[0]), &e));
    return register_alias_add(c->cx, d, &by, e.id, str_of(c->words[1]), STR(""));
}

const struct cli_command cmd_entity_alias = {
    .name = "entity alias",
    .brief = "gives an entity another name to be found by",
    .words = "CODE NAME",
    .words_min = 2,
    .words_max = 2,
    .about = "Adds a name by which the entity is found, for instance that of its signboard. The "
             "same alias again changes nothing. Needs --as a registrar of the region.",
    .examples = "sishi entity alias 92430102YD0000005Q Laowang --as wang",
    .run = run_alias,
};
