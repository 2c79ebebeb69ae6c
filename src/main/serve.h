/* Private to main/: the server. */
#ifndef SISHI_MAIN_SERVE_H
#define SISHI_MAIN_SERVE_H

#include "cli/cli.h"

extern const struct cli_command cmd_serve;
extern const struct cli_command cmd_api_routes;

#endif
