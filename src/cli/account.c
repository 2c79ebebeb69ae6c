/* sishi account ...: accounts and tokens. */
#include "cli/commands.h"

#include <string.h>
#include <termios.h>
#include <unistd.h>

static const struct cli_option add_options[] = {
    { "shown", CLI_TEXT, "TEXT", "the name a person reads; otherwise the sign-in name" },
    { "role", CLI_TEXT, "ROLE,...", "roles, by their names (see below)" },
    { "dept", CLI_TEXT, "CODE", "department" },
    { "region", CLI_TEXT, "PREFIX", "region codes within which the account acts; otherwise all" },
    { NULL, CLI_FLAG, NULL, NULL },
};

/* "planner,witness" -> mask. */
static enum err read_roles(struct cx *cx, const char *text, uint32_t *out)
{
    struct str rest = str_of(text);
    uint32_t mask = 0;
    while (rest.n > 0) {
        struct str name = str_cut(&rest, ',');
        enum role r = role_by_name(name);
        if (r == ROLE__COUNT) {
            return fail(cx, ERR_USAGE, "no role \"" STR_FMT "\"", STR_ARG(name));
        }
        mask |= 1u << r;
    }
    *out = mask;
    return ERR_OK;
}

/* One line from standard input; a terminal does not show it. */
static enum err read_password(struct cli *c, struct str *out)
{
    struct termios was;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &was) == 0;
    if (terminal) {
        struct termios hidden = was;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        (void)fprintf(c->note, "password: ");
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &hidden);
    }
    char *line = arena_alloc(c->cx->mem, PASSWORD_MAX + 3, 1);
    bool got = line != NULL && fgets(line, PASSWORD_MAX + 3, stdin) != NULL;
    if (terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &was);
        (void)fprintf(c->note, "\n");
    }
    if (!got) {
        return fail(c->cx, ERR_FIELD, "password: expected one line on standard input");
    }
    line[strcspn(line, "\r\n")] = '\0';
    *out = str_of(line);
    return ERR_OK;
}

/* The console may make the first account without a name; afterwards --as is asked for. */
static enum err console_actor(struct cli *c, struct actor *out)
{
    *out = (struct actor){ 0 };
    return cli_text(c, "as") == NULL ? ERR_OK : cli_actor(c, out);
}

static enum err run_add(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct account_new a = { .name = str_of(c->words[0]) };
    int64_t id;
    TRY(cli_desk(c, &d));
    TRY(console_actor(c, &by));
    TRY(read_roles(c->cx, cli_text(c, "role"), &a.roles));
    TRY(read_password(c, &a.password));
    a.shown = cli_flag(c, "shown") ? str_of(cli_text(c, "shown")) : a.name;
    a.dept = str_of(cli_text(c, "dept"));
    a.region = str_of(cli_text(c, "region"));
    TRY(account_add(c->cx, d, &by, &a, STR(""), &id));
    char text[ID_CHARS];
    id_put(id, text);
    (void)fprintf(c->out, STR_FMT "\n", ID_CHARS, text);
    return ERR_OK;
}

const struct cli_command cmd_account_add = {
    .name = "account add",
    .brief = "makes an account",
    .words = "NAME",
    .words_min = 1,
    .words_max = 1,
    .options = add_options,
    .about = "Makes an account that may sign in. The password is read from standard input, one "
             "line; a terminal does not show it. The first account of a database needs no --as; "
             "give it the role system_admin. Every later one is made by a system administrator.\n\n"
             "Roles: planner, draw_operator, witness, department_admin, reviewer, registrar, "
             "system_admin, intake, case_officer, mediator, head. A system administrator sees no "
             "business data.",
    .examples = "sishi account add root --role system_admin        the first account\n"
                "sishi account add li --role planner --as root     a planner",
    .run = run_add,
};

static void list_json(struct json *j, const struct account *a)
{
    json_object(j);
    json_key_str(j, "name", a->name);
    json_key_str(j, "shown", a->shown);
    json_key(j, "roles");
    json_array(j);
    for (int r = 0; r < ROLE__COUNT; r++) {
        if ((a->roles >> r & 1u) != 0) {
            json_z(j, role_name((enum role)r));
        }
    }
    json_end_array(j);
    json_key_str(j, "dept", a->dept);
    json_key_str(j, "region", a->region);
    json_key(j, "last_sign_in_at");
    json_instant(j, a->last_sign_in_at);
    json_key(j, "locked_until_at");
    json_instant(j, a->locked_until_at);
    json_end_object(j);
}

static void list_line(FILE *out, const struct account *a)
{
    (void)fprintf(out, "%-20.*s %-10.*s ", STR_ARG(a->name), STR_ARG(a->dept));
    for (int r = 0; r < ROLE__COUNT; r++) {
        if ((a->roles >> r & 1u) != 0) {
            (void)fprintf(out, " %s", role_name((enum role)r));
        }
    }
    (void)fprintf(out, "\n");
}

static enum err run_list(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct account *all = NULL;
    size_t n;
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(account_list(c->cx, d, &by, &all, &n));
    if (!c->json) {
        for (size_t i = 0; i < n; i++) {
            list_line(c->out, &all[i]);
        }
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, 64u << 20);
    struct json j = json_to(&b);
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        list_json(&j, &all[i]);
    }
    json_end_array(&j);
    return cli_print_json(c, &b);
}

const struct cli_command cmd_account_list = {
    .name = "account list",
    .brief = "lists the accounts",
    .words = "",
    .about = "Lists all accounts by name, with department and roles. Needs --as a system "
             "administrator.",
    .examples = "sishi account list --as root",
    .run = run_list,
};

static enum err run_password(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct str password;
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(read_password(c, &password));
    return account_set_password(c->cx, d, &by, str_of(c->words[0]), password);
}

const struct cli_command cmd_account_password = {
    .name = "account password",
    .brief = "sets an account's password and unlocks it",
    .words = "NAME",
    .words_min = 1,
    .words_max = 1,
    .about = "Reads the new password from standard input, one line. Ends the account's sessions "
             "and lifts a lock. Needs --as the account itself or a system administrator.",
    .examples = "sishi account password li --as root",
    .run = run_password,
};

static const struct cli_option token_options[] = {
    { "label", CLI_TEXT, "TEXT", "what it is for; otherwise \"cli\"" },
    { "role", CLI_TEXT, "ROLE,...", "the roles it may use; otherwise all of the account's" },
    { "days", CLI_NUMBER, "N", "days until it ends, 1..366; otherwise 30" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_token(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct str token;
    uint32_t roles = ~0u;
    int64_t days;
    TRY(cli_number(c, "days", 1, 366, 30, &days));
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    if (cli_flag(c, "role")) {
        TRY(read_roles(c->cx, cli_text(c, "role"), &roles));
    }
    struct str label = cli_flag(c, "label") ? str_of(cli_text(c, "label")) : STR("cli");
    TRY(token_make(c->cx, d, &by, str_of(c->words[0]), label, roles, days, &token));
    (void)fprintf(c->out, STR_FMT "\n", STR_ARG(token));
    return ERR_OK;
}

const struct cli_command cmd_token_make = {
    .name = "token make",
    .brief = "makes an API token for an account",
    .words = "NAME",
    .words_min = 1,
    .words_max = 1,
    .options = token_options,
    .about = "Prints a token for the API's Authorization header (Bearer). It is shown once and "
             "stored only as a digest. It can do what the account can, or less with --role.",
    .examples = "sishi token make li --days 7 --as root",
    .run = run_token,
};
