/* What the draw commands print, for a person or as JSON. Private to cli/. */
#ifndef SISHI_CLI_DRAW_SAY_H
#define SISHI_CLI_DRAW_SAY_H

#include "cli/cli.h"

enum err say_freeze(struct cli *c, const struct plan *p, const struct freeze *f) MUST_USE;
enum err say_run(struct cli *c, const struct plan *p, const struct head *h) MUST_USE;
enum err say_check(struct cli *c, const struct check *k) MUST_USE;
/* The failure in c->cx as an answer. */
enum err say_no(struct cli *c) MUST_USE;

/* The steps of a verification, printed as they pass, or kept for the JSON document. */
enum { SAY_STEPS_MAX = 16 };
struct say_steps {
    struct cli *cli;
    const char *passed[SAY_STEPS_MAX];
    size_t n;
};
struct verify_watch say_steps_open(struct cli *c, struct say_steps *steps);
/* @param head  NULL: it failed, and c->cx says why */
enum err say_verdict(struct cli *c, const struct say_steps *steps,
                     const struct head *head) MUST_USE;

#endif
