/* sishi export: the register as CSV. */
#include "cli/commands.h"
#include "cli/filter.h"

#include <errno.h>
#include <string.h>

static const struct cli_option export_options[] = {
    { "view", CLI_TEXT, "public|staff", "with personal fields or without; otherwise public" },
    { "out", CLI_TEXT, "FILE", "instead of standard output" },
    { "name", CLI_TEXT, "TEXT", "in the current name" },
    FILTER_OPTIONS,
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err read_view(struct cli *c, enum export_view *v, struct actor *by)
{
    struct str view = str_of(cli_text(c, "view"));
    *v = str_eq(view, STR("staff")) ? EXPORT_STAFF : EXPORT_PUBLIC;
    *by = (struct actor){ 0 };
    if (view.n > 0 && *v == EXPORT_PUBLIC && !str_eq(view, STR("public"))) {
        return fail(c->cx, ERR_USAGE, "--view " STR_FMT ": public or staff", STR_ARG(view));
    }
    return cli_flag(c, "as") || *v == EXPORT_STAFF ? cli_actor(c, by) : ERR_OK;
}

static enum err write_file(struct cx *cx, struct str bytes, void *arg)
{
    return fwrite(bytes.p, 1, bytes.n, arg) == bytes.n
               ? ERR_OK
               : fail(cx, ERR_FILE, "export: %s", strerror(errno));
}

static enum err run_export(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct entity_filter f;
    enum export_view v;
    int64_t rows;
    const char *path = cli_text(c, "out");
    TRY(cli_desk(c, &d));
    TRY(read_view(c, &v, &by));
    TRY(cli_filter(c, d, &f));
    f.name = str_of(cli_text(c, "name"));
    FILE *to = path == NULL ? c->out : fopen(path, "we");
    if (to == NULL) {
        return fail(c->cx, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    enum err code = export_csv(c->cx, d, &by, &f, v, write_file, to, &rows);
    bool flushed = to == c->out ? fflush(to) == 0 : fclose(to) == 0;
    TRY(code);
    if (!flushed) {
        return fail(c->cx, ERR_FILE, "%s: %s", path == NULL ? "standard output" : path,
                    strerror(errno));
    }
    if (!c->quiet) {
        (void)fprintf(c->note, "%lld entities\n", (long long)rows);
    }
    return ERR_OK;
}

const struct cli_command cmd_export = {
    .name = "export",
    .brief = "writes the register as a CSV file",
    .words = "",
    .options = export_options,
    .about = "Writes the current version of every entity that the filters leave, in the order of "
             "codes: UTF-8 with byte order mark, lines that end in CR LF, a header in the chosen "
             "language. A cell that a spreadsheet would run as a formula begins with an "
             "apostrophe. What is exported can be imported again and changes nothing. The staff "
             "view has the personal fields and needs --as an account that may read the register.",
    .examples = "sishi export --region 4301 --status active > changsha.csv\n"
                "sishi export --view staff --as wang --lang zh --out register.csv",
    .run = run_export,
};
