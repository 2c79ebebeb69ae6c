/* main: puts the rooms together. Nothing includes this room. */
#include "cli/cli.h"
#include "main/serve.h"

int main(int argc, char **argv)
{
    static const struct cli_command *const commands[] = { &cmd_serve, &cmd_api_routes };
    return cli_main(argc, (const char *const *)argv, commands, COUNT_OF(commands));
}
