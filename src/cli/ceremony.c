/* sishi draw plan|commit|reveal|...: the steps of a draw held in the database. Each asks the office
 * for one step and prints what the draw is then. */
#include "cli/ceremony.h"

#include <errno.h>
#include <string.h>

enum { PLAN_BYTES = 1 << 20, JSON_BYTES = 1 << 20 };

/* ---- what they share ------------------------------------------------------------------------- */

enum err ceremony_cli_draw(struct cli *c, const struct desk **d, struct actor *by, int64_t *id)
{
    *by = (struct actor){ 0 };
    TRY(cli_desk(c, d));
    if (cli_text(c, "as") != NULL) {
        TRY(cli_actor(c, by));
    }
    return ceremony_find(c->cx, *d, str_of(c->words[0]), id);
}

/* A step is taken under a name. */
enum err ceremony_cli_step(struct cli *c, const struct desk **d, struct actor *by, int64_t *id)
{
    TRY(cli_desk(c, d));
    TRY(cli_actor(c, by));
    return ceremony_find(c->cx, *d, str_of(c->words[0]), id);
}

enum err ceremony_cli_state(struct cli *c, const struct desk *d, const struct actor *by, int64_t id)
{
    struct ceremony_view v;
    TRY(ceremony_show(c->cx, d, by, id, &v));
    if (!c->json) {
        (void)fprintf(c->out, STR_FMT "  %s\n", STR_ARG(v.no), ceremony_state_name(v.state));
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, JSON_BYTES);
    struct json j = json_to(&b);
    json_object(&j);
    json_key(&j, "id");
    json_id(&j, id);
    json_key_str(&j, "no", v.no);
    json_key_str(&j, "state", str_of(ceremony_state_name(v.state)));
    json_key_str(&j, "freeze", v.freeze.hex);
    json_key_str(&j, "head", v.head.hex);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

static void show_progress(void *arg, const char *what, int64_t done, int64_t total)
{
    cli_progress(arg, what, done, total);
}

struct ceremony_progress ceremony_cli_progress(struct cli *c)
{
    return (struct ceremony_progress){ show_progress, c };
}

/* A whole file, or standard input for "-". */
static enum err read_file(struct cli *c, const char *path, struct str *out)
{
    bool own = strcmp(path, "-") == 0;
    char *text = arena_alloc(c->cx->mem, PLAN_BYTES + 1, 1);
    FILE *from = own ? stdin : fopen(path, "re");
    if (from == NULL) {
        return fail(c->cx, ERR_FIELD, "%s: %s", path, strerror(errno));
    }
    size_t n = text == NULL ? 0 : fread(text, 1, PLAN_BYTES + 1, from);
    bool bad = ferror(from) != 0;
    if (!own) {
        (void)fclose(from);
    }
    if (text == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "%s", path);
    }
    if (bad) {
        return fail(c->cx, ERR_FILE, "%s: cannot be read", path);
    }
    *out = (struct str){ text, n };
    return n <= PLAN_BYTES ? ERR_OK
                           : fail(c->cx, ERR_TOO_LONG, "%s: over %d bytes", path, PLAN_BYTES);
}

enum err ceremony_cli_plan(struct cli *c, struct ceremony_plan *out)
{
    struct str text;
    TRY(read_file(c, c->words[0], &text));
    TRY(ceremony_plan_parse(c->cx, text, out));
    return ceremony_plan_check(c->cx, out);
}

/* ---- planning -------------------------------------------------------------------------------- */

static enum err run_plan(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct ceremony_plan p;
    int64_t id;
    TRY(ceremony_cli_plan(c, &p));
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(ceremony_plan(c->cx, d, &by, &p, STR(""), &id));
    return ceremony_cli_state(c, d, &by, id);
}

const struct cli_command cmd_draw_plan = {
    .name = "draw plan",
    .brief = "plans a draw: takes its number, publishes plan and rules",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .about = "Reads the plan as JSON (\"-\": standard input), checks every member, takes the next "
             "number of the region and the year, and logs the digests of plan.txt and rules.txt. "
             "The form of the file: docs/guide/draw.md. Needs --as a planner.",
    .examples = "sishi draw plan plan.json --as planner        prints the draw's number",
    .run = run_plan,
};

/* ---- the departments' part ------------------------------------------------------------------- */

/* Whose part it is: --dept, otherwise the actor's own. In a demo a planner may take any part. */
static enum err open_part(struct cli *c, const struct desk **d, struct actor *by, int64_t *id,
                          struct str *dept)
{
    struct actor asked;
    TRY(ceremony_cli_step(c, d, &asked, id));
    *dept = cli_text(c, "dept") == NULL ? asked.dept : str_of(cli_text(c, "dept"));
    return account_demo_part(c->cx, *d, &asked, *dept, by);
}

static const struct cli_option commit_options[] = {
    { "dept", CLI_TEXT, "CODE", "department; otherwise that of --as" },
    { "commitment", CLI_TEXT, "HEX", "digest of a contribution that the department keeps itself" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_commit(struct cli *c)
{
    const struct desk *d = NULL;
    const char *hex = cli_text(c, "commitment");
    struct actor by;
    struct str dept;
    int64_t id;
    TRY(open_part(c, &d, &by, &id, &dept));
    TRY(hex == NULL ? ceremony_commit_kept(c->cx, d, &by, id, dept, STR(""))
                    : ceremony_commit(c->cx, d, &by, id, dept, str_of(hex), STR("")));
    return ceremony_cli_state(c, d, &by, id);
}

const struct cli_command cmd_draw_commit = {
    .name = "draw commit",
    .brief = "a department commits to its secret value",
    .words = "NO",
    .words_min = 1,
    .words_max = 1,
    .options = commit_options,
    .about = "With --commitment: the digest of the contribution file that the department made and "
             "keeps (sishi draw contribution). Without: the program makes one and keeps it in the "
             "data folder. Until the freeze a new commitment replaces the older. Needs --as the "
             "department's administrator.",
    .examples = "sishi draw commit 430000-2026-0001 --as market\n"
                "sishi draw commit 430000-2026-0001 --commitment 6f..e1 --as market",
    .run = run_commit,
};

static enum err run_contribution(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct str dept;
    struct str file;
    struct ceremony_view v;
    int64_t id;
    uint8_t value[DIGEST_LEN];
    char hex[2 * DIGEST_LEN];
    TRY(open_part(c, &d, &by, &id, &dept));
    TRY(ceremony_show(c->cx, d, &by, id, &v));
    entropy(value, sizeof value);
    hex_put(value, sizeof value, hex);
    TRY(ceremony_contribution(c->cx, v.no, dept, (struct str){ hex, sizeof hex }, &file));
    struct digest of = digest_of(v.hash, file);
    hex_put(of.b, DIGEST_LEN, hex);
    (void)fwrite(file.p, 1, file.n, c->out);
    (void)fprintf(c->note, "commitment %.*s\n", (int)sizeof hex, hex);
    return ERR_OK;
}

static const struct cli_option part_options[] = {
    { "dept", CLI_TEXT, "CODE", "department; otherwise that of --as" },
    { NULL, CLI_FLAG, NULL, NULL },
};

const struct cli_command cmd_draw_contribution = {
    .name = "draw contribution",
    .brief = "makes a department's contribution file, to be kept secret",
    .words = "NO",
    .words_min = 1,
    .words_max = 1,
    .options = part_options,
    .about = "Prints a contribution file with a new random value, and on standard error its "
             "digest, which is the commitment. Nothing is stored: keep the file until the reveal.",
    .examples = "sishi draw contribution 430000-2026-0001 --as market > secret.txt",
    .run = run_contribution,
};

static const struct cli_option reveal_options[] = {
    { "dept", CLI_TEXT, "CODE", "department; otherwise that of --as" },
    { "value", CLI_TEXT, "HEX", "the value in the contribution file; otherwise the one kept here" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_reveal(struct cli *c)
{
    const struct desk *d = NULL;
    const char *hex = cli_text(c, "value");
    struct actor by;
    struct str dept;
    int64_t id;
    TRY(open_part(c, &d, &by, &id, &dept));
    TRY(hex == NULL ? ceremony_reveal_kept(c->cx, d, &by, id, dept, STR(""))
                    : ceremony_reveal(c->cx, d, &by, id, dept, str_of(hex), STR("")));
    return ceremony_cli_state(c, d, &by, id);
}

const struct cli_command cmd_draw_reveal = {
    .name = "draw reveal",
    .brief = "a department opens its commitment",
    .words = "NO",
    .words_min = 1,
    .words_max = 1,
    .options = reveal_options,
    .about = "Opens the value that the department committed to; another value is refused. With "
             "the last one the draw waits for the public randomness. Needs --as the department's "
             "administrator.",
    .examples = "sishi draw reveal 430000-2026-0001 --as market",
    .run = run_reveal,
};

/* ---- the operator's part --------------------------------------------------------------------- */

enum err ceremony_cli_freeze(struct cli *c)
{
    const struct desk *d = NULL;
    struct ceremony_progress pr = ceremony_cli_progress(c);
    struct actor by;
    int64_t id;
    TRY(ceremony_cli_step(c, &d, &by, &id));
    TRY(ceremony_freeze(c->cx, d, &by, id, STR(""), &pr));
    cli_progress_end(c);
    return ceremony_cli_state(c, d, &by, id);
}

enum err ceremony_cli_run(struct cli *c)
{
    const struct desk *d = NULL;
    struct ceremony_progress pr = ceremony_cli_progress(c);
    struct actor by;
    int64_t id;
    TRY(ceremony_cli_step(c, &d, &by, &id));
    TRY(ceremony_run(c->cx, d, &by, id, STR(""), &pr));
    cli_progress_end(c);
    return ceremony_cli_state(c, d, &by, id);
}

static const struct cli_option reason_options[] = {
    { "reason", CLI_TEXT, "TEXT", "why; recorded and published" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_close(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    int64_t id;
    TRY(ceremony_cli_step(c, &d, &by, &id));
    TRY(ceremony_close_reveals(c->cx, d, &by, id, str_of(cli_text(c, "reason")), STR("")));
    return ceremony_cli_state(c, d, &by, id);
}

const struct cli_command cmd_draw_close_reveals = {
    .name = "draw close-reveals",
    .brief = "ends the waiting for departments that did not reveal",
    .words = "NO",
    .words_min = 1,
    .words_max = 1,
    .options = reason_options,
    .about = "By the plan's rule the draw goes on without the missing values or is void. Needs "
             "--as a draw operator, and a reason.",
    .examples =
        "sishi draw close-reveals 430000-2026-0001 --reason \"office closed\" --as operator",
    .run = run_close,
};

static const struct cli_option beacon_options[] = {
    { "at", CLI_TEXT, "INSTANT", "when the event took place, RFC 3339; otherwise now" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_beacon(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    int64_t id;
    int64_t at_ms = c->cx->now_ms;
    if (cli_text(c, "at") != NULL) {
        TRY(instant_parse(c->cx, str_of(cli_text(c, "at")), &at_ms));
    }
    TRY(ceremony_cli_step(c, &d, &by, &id));
    TRY(ceremony_beacon(c->cx, d, &by, id, str_of(c->words[1]), str_of(c->words[2]),
                        str_of(c->words[3]), at_ms, STR("")));
    return ceremony_cli_state(c, d, &by, id);
}

const struct cli_command cmd_draw_beacon = {
    .name = "draw beacon",
    .brief = "enters the result of a public random event",
    .words = "NO KIND REF VALUE",
    .words_min = 4,
    .words_max = 4,
    .options = beacon_options,
    .about = "Enters the value of one of the plan's beacons: lottery (02-09-13-20-27-33+11), dice "
             "(20 digits or more, in the order of the roll), drand (round:signature), nist (hex), "
             "other. KIND and REF "
             "as in the plan. The event must be later than the reveals by the plan's wait. With "
             "the last one the seed is fixed. Needs --as a draw operator or a witness.",
    .examples = "sishi draw beacon 430000-2026-0001 lottery ssq-2026135 02-09-13-20-27-33+11 --at "
                "2026-11-24T21:15:00+08:00 --as witness",
    .run = run_beacon,
};

static enum err run_publish(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    int64_t id;
    TRY(ceremony_cli_step(c, &d, &by, &id));
    TRY(ceremony_publish(c->cx, d, &by, id, STR("")));
    return ceremony_cli_state(c, d, &by, id);
}

const struct cli_command cmd_draw_publish = {
    .name = "draw publish",
    .brief = "publishes a drawn draw, or lifts its embargo",
    .words = "NO",
    .words_min = 1,
    .words_max = 1,
    .about = "Publishes everything that the plan does not seal. With an embargo in the plan the "
             "head is published now and the lists on their day, by this command again. Needs "
             "--as a reviewer.",
    .examples = "sishi draw publish 430000-2026-0001 --as reviewer",
    .run = run_publish,
};

static enum err run_void(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    int64_t id;
    TRY(ceremony_cli_step(c, &d, &by, &id));
    TRY(ceremony_void(c->cx, d, &by, id, str_of(cli_text(c, "reason")), STR("")));
    return ceremony_cli_state(c, d, &by, id);
}

const struct cli_command cmd_draw_void = {
    .name = "draw void",
    .brief = "ends a draw that is not published, with a reason",
    .words = "NO",
    .words_min = 1,
    .words_max = 1,
    .options = reason_options,
    .about = "The draw and its number stay, with the reason, for everybody to see. There is no "
             "other way to draw again: a new draw names the one it supersedes. Needs --as a "
             "reviewer.",
    .examples = "sishi draw void 430000-2026-0001 --reason \"wrong region\" --as reviewer",
    .run = run_void,
};
