/* Private to cli/: the options that say which entities. */
#ifndef SISHI_CLI_FILTER_H
#define SISHI_CLI_FILTER_H

#include "cli/cli.h"

#define FILTER_OPTIONS                                                                             \
    { "code", CLI_TEXT, "CODE", "a code, or the beginning of one" },                               \
        { "region", CLI_TEXT, "CODE", "the division and all below it" },                           \
        { "industry", CLI_TEXT, "CODE", "section, division, group or class of GB/T 4754" },        \
        { "authority", CLI_TEXT, "CODE", "registration authority" },                               \
        { "class", CLI_TEXT, "KEY,...", "classes, by key" },                                       \
    {                                                                                              \
        "status", CLI_TEXT, "NAME,...", "active dormant revoked deregistered annulled moved_out"   \
    }

/* What the options say, without a name. ERR_USAGE: a class or status that is none. */
enum err cli_filter(struct cli *c, const struct desk *d, struct entity_filter *out) MUST_USE;

/* The account of --as; without it the public. */
enum err cli_reader(struct cli *c, struct actor *out) MUST_USE;

#endif
