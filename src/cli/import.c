/* sishi import: a file of market entities into the register. */
#include "cli/commands.h"
#include "cli/inner.h"

#include <signal.h>
#include <string.h>

static const struct cli_option import_options[] = {
    { "map", CLI_TEXT, "FIELD=COLUMN",
      "the column, by title or number from 1, that feeds a field; 0: none. Again for each" },
    { "region", CLI_TEXT, "CODE", "division of GB/T 2260 for rows that name none" },
    { "dry-run", CLI_FLAG, NULL, "checks everything and writes nothing but the refused rows" },
    { "job", CLI_FLAG, NULL, "leaves it to the program that serves; prints the job's id" },
    { "remember", CLI_FLAG, NULL, "keeps the columns for files with this header" },
    { NULL, CLI_FLAG, NULL, NULL },
};

/* ---- columns -------------------------------------------------------------------------------- */

static enum err find_column(struct cx *cx, const struct import_preview *p, struct str column,
                            int *out)
{
    struct cx quiet = { .now_ms = cx->now_ms };
    int64_t number;
    for (size_t i = 0; i < p->n_columns; i++) {
        if (str_eq(p->header[i], column)) {
            *out = (int)i;
            return ERR_OK;
        }
    }
    if (str_int(&quiet, column, 0, (int64_t)p->n_columns, &number) != ERR_OK) {
        return fail(cx, ERR_USAGE, "--map: no column \"" STR_FMT "\"", STR_ARG(column));
    }
    *out = (int)number - 1;
    return ERR_OK;
}

static enum err map_one(struct cx *cx, const struct import_preview *p, struct str text,
                        struct import_mapping *m)
{
    struct str column = text;
    struct str key = str_cut(&column, '=');
    int field = import_field_by_key(key);
    if (field < 0 || column.n == 0) {
        return fail(cx, ERR_USAGE, "--map " STR_FMT ": no such field, or no column", STR_ARG(text));
    }
    return find_column(cx, p, column, &m->column[field]);
}

static enum err read_map(struct cli *c, const struct import_preview *p, struct import_mapping *m)
{
    *m = p->mapping;
    for (int i = 0; i < c->inner->n_options; i++) {
        if (strcmp(c->inner->option[i]->name, "map") == 0) {
            TRY(map_one(c->cx, p, str_of(c->inner->value[i]), m));
        }
    }
    return ERR_OK;
}

static void show_map(const struct cli *c, const struct import_preview *p,
                     const struct import_mapping *m)
{
    (void)fprintf(c->note, "%s, %zu columns%s\n", p->charset, p->n_columns,
                  p->remembered ? ", as remembered" : "");
    for (int f = 0; f < IMPORT__COUNT; f++) {
        if (m->column[f] >= 0) {
            (void)fprintf(c->note, "  %-16s %3d  " STR_FMT "\n",
                          import_field_key((enum import_field)f), m->column[f] + 1,
                          STR_ARG(p->header[m->column[f]]));
        }
    }
}

/* ---- under way ------------------------------------------------------------------------------ */

/* Set by Ctrl-C: the batch under way is finished first. A second Ctrl-C ends the program at once,
 * which is safe too: a batch is written whole or not at all. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal UNUSED)
{
    interrupted = 1;
}

struct showing {
    struct cli *cli;
    int64_t begun_ms;
};

static bool show_progress(void *arg, const struct import_counts *n)
{
    struct showing *s = arg;
    int64_t ms = clock_now_ms() - s->begun_ms;
    int64_t left = 0;
    char what[96];
    if (n->bytes_done > 0) {
        left = (n->bytes_total - n->bytes_done) * ms / n->bytes_done / 1000;
    }
    (void)snprintf(what, sizeof what, "%lld rows, %lld a second, %lld s left", (long long)n->rows,
                   (long long)(ms > 0 ? n->rows * 1000 / ms : 0), (long long)left);
    cli_progress(s->cli, what, n->bytes_done, n->bytes_total);
    return interrupted == 0;
}

/* ---- afterwards ----------------------------------------------------------------------------- */

static enum err say_json(struct cli *c, const struct import_options *o,
                         const struct import_result *r)
{
    struct buf b = buf_of(c->cx->mem, 8192);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_int(&j, "rows", r->counts.rows);
    json_key_int(&j, "added", r->counts.added);
    json_key_int(&j, "changed", r->counts.changed);
    json_key_int(&j, "unchanged", r->counts.unchanged);
    json_key_int(&j, "refused", r->counts.refused);
    json_key_str(&j, "refused_rows", r->errors);
    json_key_bool(&j, "dry_run", o->dry_run);
    json_key_bool(&j, "cancelled", r->cancelled);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

static enum err say_result(struct cli *c, const struct desk *d, const struct import_options *o,
                           const struct import_result *r)
{
    if (r->counts.refused > 0 || r->cancelled) {
        c->exit_code = CLI_NO;
    }
    if (c->json) {
        return say_json(c, o, r);
    }
    (void)fprintf(c->out, "%s%lld rows: %lld added, %lld changed, %lld unchanged, %lld refused\n",
                  o->dry_run ? "Tried, nothing written. " : "", (long long)r->counts.rows,
                  (long long)r->counts.added, (long long)r->counts.changed,
                  (long long)r->counts.unchanged, (long long)r->counts.refused);
    if (r->errors.n > 0) {
        (void)fprintf(c->out, "Refused rows, with reasons: " STR_FMT "/" STR_FMT "\n",
                      STR_ARG(d->data_dir), STR_ARG(r->errors));
    }
    if (r->cancelled) {
        (void)fprintf(c->out,
                      "Broken off. What was read is entered; the same file again goes on.\n");
    }
    return ERR_OK;
}

/* The file stays where it is: the job gets a copy. */
static enum err copy_for_job(struct cli *c, const struct desk *d, struct str from, struct str *out)
{
    enum { CHUNK = 1 << 16 };
    char id[ID_CHARS];
    int64_t number;
    struct buf path = buf_of(c->cx->mem, 4096);
    char *chunk = arena_alloc(c->cx->mem, CHUNK, 1);
    TRY(store_id(c->cx, d->store, &number));
    id_put(number, id);
    buf_fmt(&path, STR_FMT "/upload-%.*s.csv", STR_ARG(d->data_dir), (int)ID_CHARS, id);
    buf_put_c(&path, '\0');
    TRY(buf_done(c->cx, &path, out));
    out->n--;
    FILE *in = fopen(from.p, "re");
    FILE *to = fopen(out->p, "wxe");
    bool good = in != NULL && to != NULL && chunk != NULL;
    for (size_t n = 1; good && n > 0;) {
        n = fread(chunk, 1, CHUNK, in);
        good = ferror(in) == 0 && fwrite(chunk, 1, n, to) == n;
    }
    good = (in == NULL || fclose(in) == 0) && (to == NULL || fclose(to) == 0) && good;
    if (!good) {
        (void)remove(out->p);
        return fail(c->cx, ERR_FILE, "copy of " STR_FMT, STR_ARG(from));
    }
    return ERR_OK;
}

static enum err start_job(struct cli *c, const struct desk *d, const struct actor *by,
                          const struct import_options *o)
{
    struct import_options copy = *o;
    char id[ID_CHARS];
    int64_t job;
    TRY(copy_for_job(c, d, o->path, &copy.path));
    enum err code = import_start(c->cx, d, by, &copy, STR(""), &job);
    if (code != ERR_OK) {
        (void)remove(copy.path.p);
        return code;
    }
    id_put(job, id);
    (void)fprintf(c->out, "%.*s\n", (int)ID_CHARS, id);
    return ERR_OK;
}

static enum err run_now(struct cli *c, const struct desk *d, const struct actor *by,
                        const struct import_options *o)
{
    struct showing s = { .cli = c, .begun_ms = clock_now_ms() };
    const struct import_watch watch = { show_progress, &s };
    struct import_result got;
    struct sigaction stop = { .sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND };
    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGTERM, &stop, NULL);
    TRY(import_run(c->cx, d, by, o, 0, &watch, &got));
    cli_progress_end(c);
    return say_result(c, d, o, &got);
}

static enum err run_import(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct import_mapping m;
    struct import_preview *p = arena_alloc(c->cx->mem, 1, sizeof *p);
    struct import_options o = { .path = str_of(c->words[0]),
                                .title = str_of(c->words[0]),
                                .mapping = &m,
                                .region = str_of(cli_text(c, "region")),
                                .dry_run = cli_flag(c, "dry-run"),
                                .remember = cli_flag(c, "remember") };
    if (p == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "preview");
    }
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(import_look(c->cx, d, o.path, p));
    TRY(read_map(c, p, &m));
    if (!c->quiet && !c->json && !cli_flag(c, "job")) {
        show_map(c, p, &m);
    }
    return cli_flag(c, "job") ? start_job(c, d, &by, &o) : run_now(c, d, &by, &o);
}

const struct cli_command cmd_import = {
    .name = "import",
    .brief = "brings a CSV file of market entities into the register",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .options = import_options,
    .about =
        "Reads a file of rows with a header: separator , ; or TAB, UTF-8 or GB18030, found out by "
        "itself. Which column feeds which field is told by the header's words in Chinese or "
        "English, or remembered from an earlier file with this header, or said with --map. "
        "Fields: uscc regno name class status region authority industry established_on closed_on "
        "premises capital representative former_name province city county.\n\n"
        "A row whose code is known changes that entity where it differs, from today on; an empty "
        "cell changes nothing. So the same file again changes nothing, and an import that was "
        "broken off is finished by starting it again. A row that cannot be entered is put in a "
        "file of the same form with the line and the reason behind it; correct it there and import "
        "that file. The exit code is then 1.\n\n"
        "Ctrl-C stops after the batch under way. With --job the program that serves does it; see "
        "sishi "
        "jobs. Needs --as an account with the role registrar.",
    .examples = "sishi import firms.csv --dry-run --as wang          what would happen\n"
                "sishi import firms.csv --as wang --remember\n"
                "sishi import old.csv --map name=3 --map uscc=code --region 430100 --as wang",
    .run = run_import,
};
