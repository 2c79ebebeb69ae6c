/* cli: the command line. A table of commands; each parses, makes one office call, prints. */
#ifndef SISHI_CLI_H
#define SISHI_CLI_H

#include "office/office.h"

#include <stdio.h>

/* Exit codes, the same for every command. */
enum cli_exit {
    CLI_OK = 0,
    CLI_NO = 1,      /* it ran, and the answer is no: a code is wrong, a bundle does not verify */
    CLI_USAGE = 2,   /* the words of the command are wrong */
    CLI_INPUT = 3,   /* a file or value that was given is wrong */
    CLI_REFUSED = 4, /* state, role or a rule does not allow it */
    CLI_ENVIRONMENT = 5, /* database, disk, memory, clock */
};

enum cli_kind { CLI_FLAG, CLI_TEXT, CLI_NUMBER };
struct cli_option {
    const char *name; /* without "--"; NULL ends the list */
    enum cli_kind kind;
    const char *value; /* what stands for the value in help: "DIR"; NULL for flags */
    const char *doc;
};

struct cli;
struct cli_command {
    const char *name;         /* "draw freeze" */
    const char *brief;        /* one line */
    const char *words;        /* "DIR [ID]": what stands behind the options; "" when nothing may */
    int words_min, words_max; /* words_max -1: any number */
    const struct cli_option *options; /* NULL when it has none of its own */
    const char *about;    /* paragraphs of help: what it does, what it writes, what it needs */
    const char *examples; /* one a line, "command   what it shows" */
    enum err (*run)(struct cli *c);
};

/* One run of a command. */
struct cli {
    struct cx *cx;
    const struct cli_command *command;
    const char *const *words; /* n_words of them, options taken out */
    int n_words;
    bool json;        /* --json: one JSON document on out */
    bool quiet;       /* --quiet: no progress, no remarks */
    FILE *out, *note; /* results; progress and remarks (stderr) */
    int exit_code;    /* a command that ran but answers no sets CLI_NO */
    struct cli_inner *inner;
};

/* Options of the command line; NULL or false when not given. */
const char *cli_text(const struct cli *c, const char *option);
bool cli_flag(const struct cli *c, const char *option);
/* @param otherwise  used when the option was not given. ERR_USAGE outside lo..hi. */
enum err cli_number(struct cli *c, const char *option, int64_t lo, int64_t hi, int64_t otherwise,
                    int64_t *out) MUST_USE;

/* The desk: database (--db or SISHI_DB, or SQLite in --data DIR), schema brought up to date,
 * definitions. Opened on first use and closed when the command ends. */
enum err cli_desk(struct cli *c, const struct desk **out) MUST_USE;
/* The definitions alone: no database is opened. */
enum err cli_defs(struct cli *c, const struct defs **out) MUST_USE;
const char *cli_defs_dir(const struct cli *c); /* the folder they are read from */
/* The account named by --as; whoever may open the database needs no password, but acts under a
 * name, and the record says that it was done at the console. ERR_USAGE without --as. */
enum err cli_actor(struct cli *c, struct actor *out) MUST_USE;

/* Prints a finished JSON document and a line end. */
enum err cli_print_json(struct cli *c, const struct buf *b) MUST_USE;
/* A progress bar on the terminal (nothing when stderr is no terminal, or --quiet); total 0 =
 * unknown. Call as often as you like; it draws at most ten times a second. */
void cli_progress(struct cli *c, const char *what, int64_t done, int64_t total);
void cli_progress_end(struct cli *c);

/* Runs the program's command line, help included. `more` adds commands of room main.
 * @return the exit code */
int cli_main(int argc, const char *const *argv, const struct cli_command *const *more,
             size_t n_more);

#endif
