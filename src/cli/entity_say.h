/* Private to cli/: a market entity for people and for programs. */
#ifndef SISHI_CLI_ENTITY_SAY_H
#define SISHI_CLI_ENTITY_SAY_H

#include "cli/cli.h"

/* Some lines, each field with its label's meaning in `lang`. */
void entity_text(FILE *out, struct cx *cx, const struct defs *defs, const struct market_entity *e);
/* One line: code, status, name; the name that matched behind it. */
void entity_line(FILE *out, const struct defs *defs, enum lang lang, const struct market_entity *e,
                 struct str matched);

#endif
