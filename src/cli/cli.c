#include "cli/cli.h"

#include "cli/commands.h"
#include "cli/inner.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMMANDS_MAX = 96, WORDS_MAX = 4096, WORK_BYTES = 1 << 30 };

static const struct cli_command *const own_commands[] = {
#define X(command) &(command),
    COMMAND_TABLE(X)
#undef X
};

const struct cli_option cli_common_options[] = {
    { "data", CLI_TEXT, "DIR", "folder of the database and its files (SISHI_DATA, or ./var)" },
    { "db", CLI_TEXT, "URL", "sqlite:PATH or postgres:CONNINFO (SISHI_DB, or DIR/sishi.db)" },
    { "definitions", CLI_TEXT, "DIR", "rules as data (SISHI_DEFINITIONS, or as installed)" },
    { "as", CLI_TEXT, "NAME", "the account under whose name it is done" },
    { "trust-clock", CLI_FLAG, NULL, "the clock is right though the database was long unused" },
    { "lang", CLI_TEXT, "zh|en", "language of messages (SISHI_LANG, or by LANG)" },
    { "json", CLI_FLAG, NULL, "one JSON document instead of text" },
    { "quiet", CLI_FLAG, NULL, "no progress, no remarks" },
    { "help", CLI_FLAG, NULL, "this page" },
    { NULL, CLI_FLAG, NULL, NULL },
};

const char *cli_text(const struct cli *c, const char *option)
{
    for (int i = c->inner->n_options - 1; i >= 0; i--) { /* the last one given wins */
        if (strcmp(c->inner->option[i]->name, option) == 0) {
            return c->inner->value[i];
        }
    }
    return NULL;
}

bool cli_flag(const struct cli *c, const char *option)
{
    return cli_text(c, option) != NULL;
}

enum err cli_number(struct cli *c, const char *option, int64_t lo, int64_t hi, int64_t otherwise,
                    int64_t *out)
{
    const char *text = cli_text(c, option);
    if (text == NULL) {
        *out = otherwise;
        return ERR_OK;
    }
    if (str_int(c->cx, str_of(text), lo, hi, out) != ERR_OK) {
        fault_clear(c->cx);
        return fail(c->cx, ERR_USAGE, "--%s %s: not a whole number %lld..%lld", option, text,
                    (long long)lo, (long long)hi);
    }
    return ERR_OK;
}

enum err cli_print_json(struct cli *c, const struct buf *b)
{
    struct str text;
    TRY(buf_done(c->cx, b, &text));
    (void)fwrite(text.p, 1, text.n, c->out);
    (void)fputc('\n', c->out);
    return ERR_OK;
}

void cli_progress(struct cli *c, const char *what, int64_t done, int64_t total)
{
    int64_t now_ms = clock_now_ms();
    if (c->quiet || !isatty(STDERR_FILENO) || now_ms - c->inner->drawn_at_ms < 100) {
        return;
    }
    c->inner->drawn_at_ms = now_ms;
    c->inner->bar = true;
    if (total <= 0) {
        (void)fprintf(c->note, "\r%s  %lld ", what, (long long)done);
        return;
    }
    char bar[31] = "..............................";
    for (int64_t i = 0; i < 30 && i < done * 30 / total; i++) {
        bar[i] = '#';
    }
    (void)fprintf(c->note, "\r%s  [%s] %3lld %%  %lld/%lld ", what, bar,
                  (long long)(done * 100 / total), (long long)done, (long long)total);
}

void cli_progress_end(struct cli *c)
{
    if (c->inner->bar) {
        (void)fprintf(c->note, "\n");
        c->inner->bar = false;
    }
    c->inner->drawn_at_ms = 0;
}

static const struct cli_option *find_option(const struct cli_option *list, struct str name)
{
    for (; list != NULL && list->name != NULL; list++) {
        if (str_eq(str_of(list->name), name)) {
            return list;
        }
    }
    return NULL;
}

/* One word that begins with "--"; may take the next word as its value. */
static enum err take_option(struct cli *c, const char *const *argv, int argc, int *at)
{
    struct str rest = str_of(argv[*at] + 2);
    bool has_value = rest.n > 0 && memchr(rest.p, '=', rest.n) != NULL;
    struct str name = str_cut(&rest, '=');
    const struct cli_option *o = find_option(c->command->options, name);
    o = o != NULL ? o : find_option(cli_common_options, name);
    if (o == NULL) {
        return fail(c->cx, ERR_USAGE, "%s: no option --" STR_FMT, c->command->name, STR_ARG(name));
    }
    if (c->inner->n_options == OPTIONS_MAX) {
        return fail(c->cx, ERR_USAGE, "%s: too many options", c->command->name);
    }
    const char *value = has_value ? rest.p : "";
    if (o->kind == CLI_FLAG && has_value) {
        return fail(c->cx, ERR_USAGE, "--%s takes no value", o->name);
    }
    if (o->kind != CLI_FLAG && !has_value) {
        if (*at + 1 >= argc) {
            return fail(c->cx, ERR_USAGE, "--%s needs %s", o->name, o->value);
        }
        value = argv[++*at];
    }
    c->inner->option[c->inner->n_options] = o;
    c->inner->value[c->inner->n_options++] = value;
    return ERR_OK;
}

/* Sorts argv into options and words; behind "--" everything is a word. */
static enum err parse(struct cli *c, const char *const *argv, int argc, const char **words)
{
    bool only_words = false;
    for (int i = 0; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && strncmp(argv[i], "--", 2) == 0) {
            TRY(take_option(c, argv, argc, &i));
        } else if (c->n_words == WORDS_MAX) {
            return fail(c->cx, ERR_USAGE, "more than %d words", WORDS_MAX);
        } else {
            words[c->n_words++] = argv[i];
        }
    }
    if (cli_flag(c, "help")) {
        return ERR_OK;
    }
    if (c->n_words < c->command->words_min ||
        (c->command->words_max >= 0 && c->n_words > c->command->words_max)) {
        return fail(c->cx, ERR_USAGE, "sishi %s %s", c->command->name, c->command->words);
    }
    return ERR_OK;
}

/* A command's name is one or two words; the longer match wins. Returns the words it took. */
static int find_command(const struct cli_command *const *all, size_t n, int argc,
                        const char *const *argv, const struct cli_command **out)
{
    int best = 0;
    for (size_t i = 0; i < n; i++) {
        struct str rest = str_of(all[i]->name);
        int k = 0;
        while (rest.n > 0 && k < argc && str_eq(str_cut(&rest, ' '), str_of(argv[k]))) {
            k++;
            if (rest.n == 0 && k > best) {
                best = k;
                *out = all[i];
            }
        }
    }
    return best;
}

static int exit_of(enum err code)
{
    if (code == ERR_OK) {
        return CLI_OK;
    }
    if (code == ERR_USAGE) {
        return CLI_USAGE;
    }
    if (code == ERR_DEFINITION) {
        return CLI_INPUT; /* somebody wrote that file */
    }
    int http = err_http(code);
    if (http == 401 || http == 403 || http == 409 || http == 423) {
        return CLI_REFUSED;
    }
    return http >= 500 ? CLI_ENVIRONMENT : CLI_INPUT;
}

static void say_fault(const struct cli *c, enum err code)
{
    if (c->json) {
        struct buf b = buf_of(c->cx->mem, 4096);
        struct json j = json_to(&b);
        json_object(&j);
        json_key(&j, "error");
        json_object(&j);
        json_key_str(&j, "code", str_of(err_name(code)));
        json_key_str(&j, "message", str_of(err_text(code, c->cx->lang)));
        json_key_str(&j, "detail", str_of(c->cx->fault.detail));
        json_end_object(&j);
        json_end_object(&j);
        (void)fprintf(c->note, STR_FMT "\n", STR_ARG(buf_str(&b)));
        return;
    }
    (void)fprintf(c->note, "sishi: %s%s%s\n", err_text(code, c->cx->lang),
                  c->cx->fault.detail[0] == '\0' ? "" : ": ", c->cx->fault.detail);
    if (code == ERR_USAGE) {
        (void)fprintf(c->note, "       sishi %s --help\n", c->command->name);
    }
}

static enum err choose_language(struct cli *c)
{
    const char *lang = cli_text(c, "lang");
    if (lang != NULL && strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0) {
        return fail(c->cx, ERR_USAGE, "--lang %s: zh or en", lang);
    }
    lang = lang != NULL ? lang : getenv("SISHI_LANG");
    lang = lang != NULL ? lang : getenv("LANG");
    c->cx->lang = lang != NULL && strncmp(lang, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
    return ERR_OK;
}

static int run_command(const struct cli_command *command, int argc, const char *const *argv)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(WORK_BYTES);
    const char **words = mem == NULL ? NULL : arena_alloc(mem, WORDS_MAX, sizeof *words);
    if (words == NULL) {
        return CLI_ENVIRONMENT;
    }
    log_set_level(LOG_WARN); /* a person reads the terminal; a server turns its log up itself */
    struct cx cx = { .mem = mem, .now_ms = clock_now_ms(), .lang = LANG_EN };
    struct cli_inner inner = { .n_options = 0 };
    struct cli c = { .cx = &cx,
                     .command = command,
                     .words = words,
                     .out = stdout,
                     .note = stderr,
                     .inner = &inner };
    enum err code = parse(&c, argv, argc, words);
    code = code == ERR_OK ? choose_language(&c) : code;
    if (code == ERR_OK && cli_flag(&c, "help")) {
        cli_help_command(stdout, command);
        return CLI_OK;
    }
    c.json = cli_flag(&c, "json");
    c.quiet = cli_flag(&c, "quiet");
    if (code == ERR_OK) {
        code = command->run(&c);
    }
    cli_progress_end(&c);
    cli_desk_close(&c);
    if (code == ERR_OK && fflush(stdout) != 0) {
        code = fail(&cx, ERR_FILE, "standard output");
    }
    if (code != ERR_OK) {
        say_fault(&c, code);
        return exit_of(code);
    }
    return c.exit_code;
}

/* Whoever types half a command is shown the commands that begin so. */
static int unknown_command(const struct cli_command *const *all, size_t n, const char *word)
{
    const struct cli_command *near[COMMANDS_MAX];
    size_t n_near = 0;
    for (size_t i = 0; i < n; i++) {
        struct str name = str_of(all[i]->name);
        if (str_eq(str_cut(&name, ' '), str_of(word))) {
            near[n_near++] = all[i];
        }
    }
    (void)fprintf(stderr, "sishi: no command \"%s\"\n", word);
    cli_help_all(stderr, n_near > 0 ? near : all, n_near > 0 ? n_near : n);
    return CLI_USAGE;
}

int cli_main(int argc, const char *const *argv, const struct cli_command *const *more,
             size_t n_more)
{
    const struct cli_command *all[COMMANDS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < n_more && n < COUNT_OF(all); i++) {
        all[n++] = more[i];
    }
    for (size_t i = 0; i < COUNT_OF(own_commands) && n < COUNT_OF(all); i++) {
        all[n++] = own_commands[i];
    }
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        const struct cli_command *one = NULL;
        if (argc > 2 && find_command(all, n, argc - 2, argv + 2, &one) > 0) {
            cli_help_command(stdout, one);
            return CLI_OK;
        }
        cli_help_all(argc < 2 ? stderr : stdout, all, n);
        return argc < 2 ? CLI_USAGE : CLI_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("sishi %s\n", SISHI_VERSION);
        return CLI_OK;
    }
    const struct cli_command *command = NULL;
    int took = find_command(all, n, argc - 1, argv + 1, &command);
    if (took == 0) {
        return unknown_command(all, n, argv[1]);
    }
    return run_command(command, argc - 1 - took, argv + 1 + took);
}
