/* sishi draw freeze|run|verify|check: a draw on plain files, without any database. */
#include "cli/ceremony.h"
#include "cli/draw_say.h"
#include "cli/folder.h"

#include <string.h>

enum { TEXT_MAX = 1 << 20 };

/* A bundle that does not verify is an answer, not a breakdown: exit 1, and the reason is said. */
static enum err answer(struct cli *c, enum err code)
{
    if (code != ERR_DRAW_MISMATCH) {
        return code;
    }
    c->exit_code = CLI_NO;
    return say_no(c);
}

static enum err open_plan(struct folder *f, struct plan *out)
{
    struct draw_source plan;
    TRY(folder_open(f, "plan.txt", &plan));
    return plan_read(f->cli->cx, &plan, out);
}

/* contribution-<party>.txt: must be this draw's and this party's. */
static enum err read_contribution(struct folder *f, const struct plan *p, size_t party,
                                  const char *name, struct digest *out)
{
    struct draw_source from;
    struct contribution k;
    struct cx *cx = f->cli->cx;
    TRY(folder_open(f, name, &from));
    TRY(contribution_read(cx, &from, &k));
    if (!str_eq(k.draw_id, p->draw_id) || !str_eq(k.party, p->party[party])) {
        return fail(cx, ERR_DRAW_FILE, "%s: is of draw " STR_FMT ", party " STR_FMT, name,
                    STR_ARG(k.draw_id), STR_ARG(k.party));
    }
    *out = commitment_of(p->hash, &k);
    return ERR_OK;
}

/* From commits.txt, or from the parties' own files when they are all there. */
static enum err read_commits(struct folder *f, const struct plan *p,
                             struct digest commit[PLAN_PARTIES_MAX])
{
    struct cx *cx = f->cli->cx;
    if (folder_has(f->cli, f->dir, "commits.txt")) {
        struct draw_source from;
        TRY(folder_open(f, "commits.txt", &from));
        return commits_read(cx, p, &from, commit);
    }
    for (size_t i = 0; i < p->parties; i++) {
        struct buf name = buf_of(cx->mem, 128);
        buf_fmt(&name, "contribution-" STR_FMT ".txt", STR_ARG(p->party[i]));
        buf_put(&name, (struct str){ "\0", 1 });
        if (name.over) {
            return fail(cx, ERR_NO_MEMORY, "a file's name");
        }
        if (!folder_has(f->cli, f->dir, name.p)) {
            return fail(cx, ERR_DRAW_FILE, "neither commits.txt nor %s is there", name.p);
        }
        TRY(read_contribution(f, p, i, name.p, &commit[i]));
    }
    return ERR_OK;
}

static enum err freeze_folder(struct cli *c)
{
    CLEANUP(folder_close) struct folder f = FOLDER(c, c->words[0]);
    CLEANUP(folder_out_drop) struct folder_out out = { .cx = c->cx, .dir = c->words[0] };
    struct plan p;
    struct frame_sources from;
    struct digest commit[PLAN_PARTIES_MAX];
    struct freeze freeze;
    if (folder_has(c, f.dir, "freeze.txt") && !cli_flag(c, "again")) {
        return fail(c->cx, ERR_STATE, "%s/freeze.txt is there already; --again replaces it", f.dir);
    }
    TRY(open_plan(&f, &p));
    TRY(read_commits(&f, &p, commit));
    TRY(folder_frame(&f, &from));
    TRY(draw_freeze(c->cx, &p, &from, commit, &freeze));
    struct buf text = buf_of(c->cx->mem, TEXT_MAX);
    freeze_write(&p, &freeze, &text);
    TRY(folder_put(&out, "freeze.txt", &text));
    TRY(folder_commit(&out));
    return say_freeze(c, &p, &freeze);
}

/* With --as the word is the number of a draw in the database. */
static enum err run_freeze(struct cli *c)
{
    return cli_flag(c, "as") ? ceremony_cli_freeze(c) : freeze_folder(c);
}

static enum err open_seed(struct folder *f, struct plan *p, struct freeze *freeze,
                          struct seed *seed)
{
    struct draw_source from;
    struct cx *cx = f->cli->cx;
    TRY(open_plan(f, p));
    TRY(folder_open(f, "freeze.txt", &from));
    TRY(freeze_read(cx, p, &from, freeze));
    TRY(folder_open(f, "seed.txt", &from));
    return seed_read(cx, p, freeze, &from, seed);
}

static enum err hold(struct cli *c, struct plan *p, struct head *head)
{
    CLEANUP(folder_close) struct folder f = FOLDER(c, c->words[0]);
    CLEANUP(folder_out_drop) struct folder_out out = { .cx = c->cx, .dir = c->words[0] };
    struct freeze freeze;
    struct seed seed;
    struct frame_sources from;
    struct draw_sinks to;
    TRY(open_seed(&f, p, &freeze, &seed));
    TRY(folder_frame(&f, &from));
    TRY(folder_create(&out, "lots.tsv", &to.lots));
    TRY(folder_create(&out, "result.tsv", &to.result));
    TRY(folder_create(&out, "assign.tsv", &to.assign));
    TRY(folder_create(&out, "prices.tsv", &to.prices));
    TRY(draw_run(c->cx, p, &freeze, &seed, &from, &to, NULL, head));
    struct buf text = buf_of(c->cx->mem, TEXT_MAX);
    head_write(p, head, &text);
    TRY(folder_put(&out, "head.txt", &text)); /* the last name to appear: the draw is whole */
    return folder_commit(&out);
}

static enum err run_run(struct cli *c)
{
    struct plan p;
    struct head head;
    if (cli_flag(c, "as")) {
        return ceremony_cli_run(c);
    }
    enum err code = hold(c, &p, &head);
    return code == ERR_OK ? say_run(c, &p, &head) : answer(c, code);
}

static enum err open_bundle(struct folder *f, struct bundle *b)
{
    *b = (struct bundle){ 0 };
    TRY(folder_open(f, "plan.txt", &b->plan));
    TRY(folder_open(f, "freeze.txt", &b->freeze));
    TRY(folder_open(f, "seed.txt", &b->seed));
    TRY(folder_open(f, "head.txt", &b->head));
    TRY(folder_frame(f, &b->frame));
    TRY(folder_open(f, "lots.tsv", &b->lots));
    TRY(folder_open(f, "result.tsv", &b->result));
    TRY(folder_open(f, "assign.tsv", &b->assign));
    TRY(folder_open(f, "prices.tsv", &b->prices));
    if (folder_has(f->cli, f->dir, "events.tsv")) {
        TRY(folder_open(f, "events.tsv", &b->events));
    }
    return folder_has(f->cli, f->dir, "reveals.txt") ? folder_open(f, "reveals.txt", &b->reveals)
                                                     : ERR_OK;
}

enum err draw_files_verify(struct cli *c, const char *dir)
{
    CLEANUP(folder_close) struct folder f = FOLDER(c, dir);
    struct say_steps steps;
    struct bundle b;
    struct head head;
    TRY(open_bundle(&f, &b));
    struct verify_watch watch = say_steps_open(c, &steps);
    enum err code = draw_verify(c->cx, &b, &watch, &head);
    cli_progress_end(c);
    if (code != ERR_OK && code != ERR_DRAW_MISMATCH) {
        return code;
    }
    c->exit_code = code == ERR_OK ? CLI_OK : CLI_NO;
    return say_verdict(c, &steps, code == ERR_OK ? &head : NULL);
}

static enum err run_verify(struct cli *c)
{
    return draw_files_verify(c, c->words[0]);
}

enum err draw_files_check(struct cli *c, const char *dir, struct str id)
{
    CLEANUP(folder_close) struct folder f = FOLDER(c, dir);
    struct bundle b;
    struct check k;
    TRY(open_bundle(&f, &b));
    enum err code = draw_check(c->cx, &b, id, str_of(cli_text(c, "line")), &k);
    cli_progress_end(c);
    return code == ERR_OK ? say_check(c, &k) : answer(c, code);
}

static enum err run_check(struct cli *c)
{
    return draw_files_check(c, c->words[0], str_of(c->words[1]));
}

static const struct cli_option freeze_options[] = {
    { "again", CLI_FLAG, NULL, "replace a freeze.txt that is there" },
    { NULL, CLI_FLAG, NULL, NULL },
};

const struct cli_command cmd_draw_freeze = {
    .name = "draw freeze",
    .brief = "fixes the frame of a draw: on its files, or with --as in the database",
    .words = "DIR|NO",
    .words_min = 1,
    .words_max = 1,
    .options = freeze_options,
    .about =
        "Reads plan.txt, population.tsv, roster.tsv and recusal.tsv in DIR, checks every line and\n"
        "the order, and writes freeze.txt: the digest of the plan, count and Merkle root of each\n"
        "list, and the parties' commitments. These come from commits.txt (lines `commit PARTY "
        "HEX`\n"
        "in the order of the plan) or, when there is none, from contribution-PARTY.txt of every\n"
        "party. Publish freeze.txt before anybody reveals a value.\n"
        "Needs no database. Nothing is written when anything is wrong.\n\n"
        "With --as a draw operator: of the draw NO in the database, whose population, roster and\n"
        "recusals are built from the register in one snapshot. Needs every commitment.",
    .examples = "sishi draw freeze ./draw-12   writes ./draw-12/freeze.txt and prints its digest\n"
                "sishi draw freeze 430000-2026-0001 --as operator",
    .run = run_freeze,
};

const struct cli_command cmd_draw_run = {
    .name = "draw run",
    .brief = "draws lots and inspectors: on files, or with --as in the database",
    .words = "DIR|NO",
    .words_min = 1,
    .words_max = 1,
    .about =
        "Checks that the lists in DIR are the frozen ones and that every value in seed.txt is the\n"
        "committed one, draws the lots, assigns the inspectors, checks the assignment by its\n"
        "prices, and writes lots.tsv, result.tsv, assign.tsv, prices.tsv and head.txt. The same\n"
        "files always give the same result. All five appear together, head.txt last, or none.\n"
        "Needs no database.\n\n"
        "With --as a draw operator: of the draw NO in the database, once its seed is fixed.",
    .examples = "sishi draw run ./draw-12   draws and prints the digest of head.txt\n"
                "sishi draw run 430000-2026-0001 --as operator",
    .run = run_run,
};

const struct cli_command cmd_draw_verify = {
    .name = "draw verify",
    .brief = "checks a whole published draw, step by step",
    .words = "DIR",
    .words_min = 1,
    .words_max = 1,
    .about =
        "Draws again from the published files and compares every line; checks the assignment of\n"
        "inspectors by its price list, without solving it again. Says each step that passed, or\n"
        "the first failure with file and line. A person needs no trust in whoever held the draw.\n"
        "Exit code 0: everything agrees; 1: it does not; 3: a file is missing or malformed.",
    .examples = "sishi draw verify ./draw-12          a line for each step\n"
                "sishi draw verify ./draw-12 --json   one document",
    .run = run_verify,
};

static const struct cli_option check_options[] = {
    { "line", CLI_TEXT, "LINE", "the entity's own line, when the published one is sealed" },
    { NULL, CLI_FLAG, NULL, NULL },
};

const struct cli_command cmd_draw_check = {
    .name = "draw check",
    .brief = "one entity: was it in the pool, and rightly drawn or left?",
    .words = "DIR ID",
    .words_min = 2,
    .words_max = 2,
    .options = check_options,
    .about =
        "Looks for the entity in population.tsv, proves that its line is in the frozen tree or\n"
        "that there is none, recomputes its ticket, probability and key, and compares them with\n"
        "the last line drawn of each of its lots. With --json the proof is printed too: whoever\n"
        "has it can repeat the check with some twenty digests.\n"
        "Exit code 0: found or absent, and the result is right; 1: the published result is wrong;\n"
        "3: a file is missing or malformed.",
    .examples = "sishi draw check ./draw-12 91430102MA0000037X   in plain words",
    .run = run_check,
};
