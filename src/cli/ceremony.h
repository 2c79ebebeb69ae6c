/* Private to cli/: what the commands of a draw in the database share. */
#ifndef SISHI_CLI_CEREMONY_H
#define SISHI_CLI_CEREMONY_H

#include "cli/commands.h"

/* The desk, the actor (--as, or the public) and the draw that words[0] names. */
enum err ceremony_cli_draw(struct cli *c, const struct desk **d, struct actor *by,
                           int64_t *id) MUST_USE;
/* The same for a step: it is taken under a name, so --as is needed. */
enum err ceremony_cli_step(struct cli *c, const struct desk **d, struct actor *by,
                           int64_t *id) MUST_USE;
/* The plan in the JSON file that words[0] names, checked. */
enum err ceremony_cli_plan(struct cli *c, struct ceremony_plan *out) MUST_USE;
/* Prints number and state. */
enum err ceremony_cli_state(struct cli *c, const struct desk *d, const struct actor *by,
                            int64_t id) MUST_USE;
struct ceremony_progress ceremony_cli_progress(struct cli *c);

/* `draw freeze` and `draw run` with --as: of a draw in the database, not of a folder. */
enum err ceremony_cli_freeze(struct cli *c) MUST_USE;
enum err ceremony_cli_run(struct cli *c) MUST_USE;

/* `draw verify` and `draw check` of a folder: what they find is printed, c->exit_code says it. */
enum err draw_files_verify(struct cli *c, const char *dir) MUST_USE;
enum err draw_files_check(struct cli *c, const char *dir, struct str id) MUST_USE;

#endif
