/* sishi draw show|list|log|export: what a draw is, what happened, its files. */
#include "cli/ceremony.h"

enum { LIST_MAX = 200, JSON_BYTES = 1 << 26 };

static void instant_text(int64_t ms, char out[INSTANT_CHARS + 1])
{
    out[0] = '-';
    out[1] = '\0';
    if (ms != 0) {
        instant_put(ms, out);
        out[INSTANT_CHARS] = '\0';
    }
}

/* ---- show ------------------------------------------------------------------------------------ */

static void parties_text(const struct cli *c, const struct ceremony_view *v)
{
    for (size_t i = 0; i < v->n_parties; i++) {
        const struct ceremony_party *p = &v->parties[i];
        const char *at = p->skipped            ? "skipped"
                         : p->revealed         ? "revealed"
                         : p->commitment.n > 0 ? "committed"
                                               : "not yet committed";
        (void)fprintf(c->out, "  party   %-16.*s %-18s " STR_FMT "\n", STR_ARG(p->dept), at,
                      STR_ARG(p->commitment));
    }
    for (size_t i = 0; i < v->n_beacons; i++) {
        const struct ceremony_beacon_view *b = &v->beacons[i];
        (void)fprintf(c->out, "  beacon  " STR_FMT " " STR_FMT "  " STR_FMT "\n", STR_ARG(b->kind),
                      STR_ARG(b->ref), STR_ARG(b->value.n > 0 ? b->value : STR("-")));
    }
}

static void show_text(const struct cli *c, const struct ceremony_view *v)
{
    const struct {
        const char *name;
        const struct ceremony_file_hash *file;
    } files[] = { { "plan.txt", &v->plan },
                  { "rules.txt", &v->rules },
                  { "population.tsv", &v->population },
                  { "roster.tsv", &v->roster },
                  { "recusal.tsv", &v->recusal },
                  { "freeze.txt", &v->freeze },
                  { "seed.txt", &v->seed },
                  { "result.tsv", &v->result },
                  { "assign.tsv", &v->assign },
                  { "head.txt", &v->head } };
    (void)fprintf(c->out, STR_FMT "  %s%s\n  " STR_FMT "\n", STR_ARG(v->no),
                  ceremony_state_name(v->state), v->demo ? "  (demo)" : "", STR_ARG(v->title));
    parties_text(c, v);
    for (size_t i = 0; i < v->n_lots; i++) {
        const struct ceremony_lot_view *l = &v->lots[i];
        long long drawn = l->selected + l->take_all;
        (void)fprintf(c->out, "  lot     %-16.*s %-6s entities %lld, drawn %lld\n",
                      STR_ARG(l->name), ceremony_mode_name(l->mode), (long long)l->entities, drawn);
    }
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        if (files[i].file->hex.n > 0) {
            (void)fprintf(c->out, "  file    %-16s %9lld  " STR_FMT "\n", files[i].name,
                          (long long)files[i].file->lines, STR_ARG(files[i].file->hex));
        }
    }
    if (v->void_reason.n > 0) {
        (void)fprintf(c->out, "  void: " STR_FMT "\n", STR_ARG(v->void_reason));
    }
    for (int s = 0; s < CEREMONY_STEP__COUNT; s++) {
        if ((v->may >> s & 1u) != 0) {
            (void)fprintf(c->out, "  may now %s\n", ceremony_step_name((enum ceremony_step)s));
        }
    }
}

static enum err run_show(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct ceremony_view v;
    int64_t id;
    TRY(ceremony_cli_draw(c, &d, &by, &id));
    TRY(ceremony_show(c->cx, d, &by, id, &v));
    if (!c->json) {
        show_text(c, &v);
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, JSON_BYTES);
    struct json j = json_to(&b);
    json_object(&j);
    ceremony_view_json(&j, &v);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

const struct cli_command cmd_draw_show = {
    .name = "draw show",
    .brief = "shows a draw: state, parties, lots, digests of its files",
    .words = "NO",
    .words_min = 1,
    .words_max = 1,
    .about = "Shows a draw as the public sees it, or with --as what that account may see and "
             "which steps it may take now.",
    .examples = "sishi draw show 430000-2026-0001 --as operator",
    .run = run_show,
};

/* ---- list ------------------------------------------------------------------------------------ */

static const struct cli_option list_options[] = {
    { "region", CLI_TEXT, "PREFIX", "beginning of region codes; otherwise all" },
    { "state", CLI_TEXT, "NAME", "planned frozen revealed seeded drawn embargoed published void" },
    { "limit", CLI_NUMBER, "N", "the newest N, 1..200; otherwise 50" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err read_query(struct cli *c, struct ceremony_query *q)
{
    const char *state = cli_text(c, "state");
    *q = (struct ceremony_query){ .region = str_of(cli_text(c, "region")) };
    if (state != NULL) {
        enum ceremony_state s = ceremony_state_by_name(str_of(state));
        if (s == CEREMONY_STATE__COUNT) {
            return fail(c->cx, ERR_USAGE, "--state %s", state);
        }
        q->states = 1u << (unsigned)s;
    }
    return cli_number(c, "limit", 1, LIST_MAX, 50, &q->limit);
}

static enum err run_list(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by = { 0 };
    struct ceremony_query q;
    struct ceremony_row *all = NULL;
    size_t n = 0;
    struct buf b = buf_of(c->cx->mem, JSON_BYTES);
    struct json j = json_to(&b);
    TRY(read_query(c, &q));
    TRY(cli_desk(c, &d));
    if (cli_text(c, "as") != NULL) {
        TRY(cli_actor(c, &by));
    }
    TRY(ceremony_list(c->cx, d, &by, &q, &all, &n));
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        ceremony_row_json(&j, &all[i]);
        if (!c->json) {
            (void)fprintf(c->out, "%-18.*s %-10s " STR_FMT "%s\n", STR_ARG(all[i].no),
                          ceremony_state_name(all[i].state), STR_ARG(all[i].title),
                          all[i].demo ? "  (demo)" : "");
        }
    }
    json_end_array(&j);
    return c->json ? cli_print_json(c, &b) : ERR_OK;
}

const struct cli_command cmd_draw_list = {
    .name = "draw list",
    .brief = "lists the draws, newest first",
    .words = "",
    .options = list_options,
    .about = "Numbers of a region and year have no gaps: a void draw is in the list too.",
    .examples = "sishi draw list --state published",
    .run = run_list,
};

/* ---- log, export ----------------------------------------------------------------------------- */

static enum err run_log(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct ceremony_event *all = NULL;
    size_t n = 0;
    int64_t id;
    struct buf b = buf_of(c->cx->mem, JSON_BYTES);
    struct json j = json_to(&b);
    TRY(ceremony_cli_draw(c, &d, &by, &id));
    TRY(ceremony_events(c->cx, d, &by, id, &all, &n));
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        char at[INSTANT_CHARS + 1];
        ceremony_event_json(&j, &all[i]);
        instant_text(all[i].at, at);
        if (!c->json) {
            (void)fprintf(c->out, "%s  %-18s %-14.*s " STR_FMT "  " STR_FMT "\n", at,
                          ceremony_step_name(all[i].step), STR_ARG(all[i].dept),
                          STR_ARG(all[i].text), STR_ARG(all[i].hex));
        }
    }
    json_end_array(&j);
    return c->json ? cli_print_json(c, &b) : ERR_OK;
}

const struct cli_command cmd_draw_log = {
    .name = "draw log",
    .brief = "what happened to a draw, step by step",
    .words = "NO",
    .words_min = 1,
    .words_max = 1,
    .about = "Lists every step with its time, the department, what was done and the digest that "
             "went into the evidence log.",
    .examples = "sishi draw log 430000-2026-0001",
    .run = run_log,
};

static enum err run_export(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    int64_t id;
    TRY(ceremony_cli_draw(c, &d, &by, &id));
    TRY(ceremony_export(c->cx, d, &by, id, str_of(c->words[1])));
    return ceremony_cli_state(c, d, &by, id);
}

const struct cli_command cmd_draw_export = {
    .name = "draw export",
    .brief = "writes a draw's files into a folder, to be verified anywhere",
    .words = "NO DIR",
    .words_min = 2,
    .words_max = 2,
    .about = "Writes every file of the draw that the public may have, or with --as that account. "
             "sishi draw verify DIR then needs no database and no trust in it.",
    .examples = "sishi draw export 430000-2026-0001 ./draw-1 && sishi draw verify ./draw-1",
    .run = run_export,
};
