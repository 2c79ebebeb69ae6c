/* sishi show: one entity. */
#include "cli/commands.h"

static void entity_json(struct json *j, const struct market_entity *e)
{
    char id[ID_CHARS];
    id_put(e->id, id);
    json_object(j);
    json_key_str(j, "id", (struct str){ id, sizeof id });
    json_key_str(j, "code", e->code);
    json_key_str(j, "name", e->name);
    json_key_str(j, "status", str_of(entity_status_name(e->status)));
    json_key_str(j, "region", e->region);
    json_key_str(j, "industry", e->industry);
    json_key(j, "established_on");
    json_date(j, e->established_on);
    json_key(j, "closed_on");
    json_date(j, e->closed_on);
    json_key_str(j, "premises", e->premises);
    json_end_object(j);
}

static enum err entity_text(struct cli *c, const struct desk *d, const struct market_entity *e)
{
    const struct entity_class *k = defs_class(d->defs, e->cls);
    const struct industry *what = defs_industry(d->defs, e->industry);
    struct buf where = buf_of(c->cx->mem, 1024);
    char since[DATE_CHARS] = "          ";
    if (e->established_on != 0) {
        date_put(e->established_on, since);
    }
    defs_region_path(d->defs, e->region, " / ", &where);
    (void)fprintf(c->out, STR_FMT "  " STR_FMT "\n", STR_ARG(e->code), STR_ARG(e->name));
    (void)fprintf(c->out, "  " STR_FMT ", " STR_FMT "\n",
                  STR_ARG(k == NULL ? STR("?") : k->label.text[c->cx->lang]),
                  STR_ARG(defs_status_label(d->defs, (int)e->status, c->cx->lang)));
    (void)fprintf(c->out, "  " STR_FMT "  " STR_FMT "\n", STR_ARG(e->region),
                  STR_ARG(buf_str(&where)));
    (void)fprintf(c->out, "  " STR_FMT "  " STR_FMT "\n", STR_ARG(e->industry),
                  STR_ARG(what == NULL ? STR("") : what->name));
    (void)fprintf(c->out, "  %.*s  " STR_FMT "\n", DATE_CHARS, since, STR_ARG(e->premises));
    return ERR_OK;
}

static enum err run_show(struct cli *c)
{
    const struct desk *d = NULL;
    const struct actor public = { 0 };
    struct market_entity e;
    TRY(cli_desk(c, &d));
    TRY(register_by_code(c->cx, d, &public, str_of(c->words[0]), &e));
    if (!c->json) {
        return entity_text(c, d, &e);
    }
    struct buf b = buf_of(c->cx->mem, 65536);
    struct json j = json_to(&b);
    entity_json(&j, &e);
    return cli_print_json(c, &b);
}

const struct cli_command cmd_show = {
    .name = "show",
    .brief = "shows a market entity",
    .words = "CODE",
    .words_min = 1,
    .words_max = 1,
    .about = "Shows the entity that a code belongs to, as the public sees it: unified social "
             "credit code, registration number, or record id of 13 characters.",
    .examples = "sishi show 92430102YD0000005Q",
    .run = run_show,
};
