/* sishi draw replace: who takes the place of a target or an inspector. */
#include "cli/ceremony.h"

static const struct cli_option replace_options[] = {
    { "code", CLI_TEXT, "CODE", "the target" },
    { "lot", CLI_TEXT, "NAME", "its lot: the target itself is replaced" },
    { "inspector", CLI_TEXT, "STAFF_NO", "instead: who is replaced as its inspector" },
    { "dept", CLI_TEXT, "CODE", "the inspector's department; otherwise that of --as" },
    { "reason", CLI_TEXT, "TEXT", "why; recorded and published" },
    { "evidence", CLI_TEXT, "HEX", "digest of a document" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_replace(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct str next;
    int64_t id;
    bool person = cli_flag(c, "inspector");
    if (person == cli_flag(c, "lot") || !cli_flag(c, "code")) {
        return fail(c->cx, ERR_USAGE, "draw replace: --code with --lot, or with --inspector");
    }
    TRY(ceremony_cli_step(c, &d, &by, &id));
    struct ceremony_replacement r = {
        .lot = str_of(cli_text(c, "lot")),
        .code = str_of(cli_text(c, "code")),
        .inspector = str_of(cli_text(c, "inspector")),
        .reason = str_of(cli_text(c, "reason")),
        .evidence = str_of(cli_text(c, "evidence")),
    };
    if (person) {
        r.dept = cli_flag(c, "dept") ? str_of(cli_text(c, "dept")) : by.dept;
    }
    TRY(person ? ceremony_replace_inspector(c->cx, d, &by, id, &r, STR(""), &next)
               : ceremony_replace_target(c->cx, d, &by, id, &r, STR(""), &next));
    (void)fprintf(c->out, STR_FMT "\n", STR_ARG(next));
    return ERR_OK;
}

const struct cli_command cmd_draw_replace = {
    .name = "draw replace",
    .brief = "replaces a target or an inspector, by the draw's own order",
    .words = "NO",
    .words_min = 1,
    .words_max = 1,
    .options = replace_options,
    .about = "A target that should not have been in the pool gives way to the next reserve of its "
             "lot; an inspector who cannot go, to the cheapest eligible colleague at the published "
             "prices. Nobody chooses. Prints who takes the place. Needs --as a department "
             "administrator or a reviewer, and a reason.",
    .examples = "sishi draw replace 430000-2026-0001 --code 92430102YD0000005Q --lot catering "
                "--reason \"deregistered before the freeze\" --as reviewer\n"
                "sishi draw replace 430000-2026-0001 --code 92430102YD0000005Q --inspector "
                "430000-01-001 --reason ill --as market",
    .run = run_replace,
};
