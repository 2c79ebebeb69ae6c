/* Private to cli/: what one run of a command keeps. */
#ifndef SISHI_CLI_INNER_H
#define SISHI_CLI_INNER_H

#include "cli/cli.h"

enum { OPTIONS_MAX = 48 };

struct cli_inner {
    const struct cli_option *option[OPTIONS_MAX]; /* those given */
    const char *value[OPTIONS_MAX];
    int n_options;
    struct desk desk;
    bool desk_open;
    struct defs *defs;
    int64_t drawn_at_ms; /* of the progress bar */
    bool bar;
};

/* Options that every command takes. */
extern const struct cli_option cli_common_options[];

/* The page of one command, as a manual has it. */
void cli_help_command(FILE *out, const struct cli_command *c);
/* All commands, a line each. */
void cli_help_all(FILE *out, const struct cli_command *const *commands, size_t n);

void cli_desk_close(struct cli *c);

#endif
