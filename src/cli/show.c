/* sishi show entity: one entity, as it is, as it was, as it was known. */
#include "cli/commands.h"
#include "cli/entity_say.h"
#include "cli/filter.h"

static const struct cli_option show_options[] = {
    { "as-of", CLI_TEXT, "DATE", "as it was on that day; otherwise today" },
    { "as-known", CLI_TEXT, "TIME", "as it was known at that instant (or at the end of that day)" },
    { "history", CLI_FLAG, NULL, "every version, newest belief first; needs --as" },
    { NULL, CLI_FLAG, NULL, NULL },
};

/* An instant with its offset, or a day, which means its end. */
static enum err read_known(struct cli *c, int64_t *out)
{
    struct str text = str_of(cli_text(c, "as-known"));
    int32_t on;
    *out = 0;
    if (text.n == 0) {
        return ERR_OK;
    }
    if (date_parse(c->cx, text, &on) == ERR_OK) {
        *out = date_start_ms(date_add_days(on, 1)) - 1;
        return ERR_OK;
    }
    fault_clear(c->cx);
    return instant_parse(c->cx, text, out);
}

static enum err print_history(struct cli *c, const struct desk *d, const struct actor *by,
                              int64_t id)
{
    struct market_entity *all = NULL;
    size_t n = 0;
    TRY(register_history(c->cx, d, by, id, &all, &n));
    if (!c->json) {
        for (size_t i = 0; i < n; i++) {
            entity_text(c->out, c->cx, d->defs, &all[i]);
        }
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, 64u << 20);
    struct json j = json_to(&b);
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        json_object(&j);
        entity_json(&j, d->defs, &all[i]);
        json_end_object(&j);
    }
    json_end_array(&j);
    return cli_print_json(c, &b);
}

static enum err run_show(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct market_entity e;
    int32_t as_of_on = 0;
    int64_t as_known_at;
    TRY(cli_desk(c, &d));
    TRY(cli_reader(c, &by));
    TRY(read_known(c, &as_known_at));
    if (cli_flag(c, "as-of")) {
        TRY(date_parse(c->cx, str_of(cli_text(c, "as-of")), &as_of_on));
    }
    TRY(register_by_code(c->cx, d, &by, str_of(c->words[0]), &e));
    if (cli_flag(c, "history")) {
        return print_history(c, d, &by, e.id);
    }
    if (as_of_on != 0 || as_known_at != 0) {
        TRY(register_get(c->cx, d, &by, e.id, as_of_on, as_known_at, &e));
    }
    if (!c->json) {
        entity_text(c->out, c->cx, d->defs, &e);
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, 65536);
    struct json j = json_to(&b);
    json_object(&j);
    entity_json(&j, d->defs, &e);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

const struct cli_command cmd_show_entity = {
    .name = "show entity",
    .brief = "shows a market entity, now or then",
    .words = "CODE",
    .words_min = 1,
    .words_max = 1,
    .options = show_options,
    .about = "Shows the entity that a code belongs to: unified social credit code, registration "
             "number (former ones too), or record id of 13 characters. Without --as it is what the "
             "public sees; personal and internal fields need --as an account that may read the "
             "register.\n\n"
             "The register is kept along two times: --as-of asks how the entity was on a day, "
             "--as-known what was recorded about that by an instant. A correction made yesterday "
             "of last year's address is seen with --as-of last year, and not with --as-known last "
             "week.",
    .examples = "sishi show entity 92430102YD0000005Q\n"
                "sishi show entity 92430102YD0000005Q --as-of 2025-03-01 --as-known 2025-12-31\n"
                "sishi show entity 92430102YD0000005Q --history --as wang",
    .run = run_show,
};
