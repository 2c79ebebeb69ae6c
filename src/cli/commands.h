/* Private to cli/: every command, one line each, in the order of `sishi --help`. */
#ifndef SISHI_CLI_COMMANDS_H
#define SISHI_CLI_COMMANDS_H

#include "cli/cli.h"

#define COMMAND_TABLE(X)                                                                           \
    X(cmd_demo)                                                                                    \
    X(cmd_demo_accounts)                                                                           \
    X(cmd_copy)                                                                                    \
    X(cmd_demo_draw)                                                                               \
    X(cmd_draw_plan)                                                                               \
    X(cmd_draw_preview)                                                                            \
    X(cmd_draw_commit)                                                                             \
    X(cmd_draw_contribution)                                                                       \
    X(cmd_draw_freeze)                                                                             \
    X(cmd_draw_reveal)                                                                             \
    X(cmd_draw_close_reveals)                                                                      \
    X(cmd_draw_beacon)                                                                             \
    X(cmd_draw_run)                                                                                \
    X(cmd_draw_publish)                                                                            \
    X(cmd_draw_replace)                                                                            \
    X(cmd_draw_void)                                                                               \
    X(cmd_draw_show)                                                                               \
    X(cmd_draw_list)                                                                               \
    X(cmd_draw_log)                                                                                \
    X(cmd_draw_export)                                                                             \
    X(cmd_draw_verify)                                                                             \
    X(cmd_draw_check)                                                                              \
    X(cmd_calendar_show)                                                                           \
    X(cmd_calendar_add)                                                                            \
    X(cmd_calendar_between)                                                                        \
    X(cmd_due)                                                                                     \
    X(cmd_def_check)                                                                               \
    X(cmd_def_show)                                                                                \
    X(cmd_def_draw)                                                                                \
    X(cmd_def_sheet)                                                                               \
    X(cmd_def_diff)                                                                                \
    X(cmd_code_check)                                                                              \
    X(cmd_import)                                                                                  \
    X(cmd_export)                                                                                  \
    X(cmd_jobs)                                                                                    \
    X(cmd_job)                                                                                     \
    X(cmd_job_cancel)                                                                              \
    X(cmd_show_entity)                                                                             \
    X(cmd_search)                                                                                  \
    X(cmd_search_rebuild)                                                                          \
    X(cmd_entity_add)                                                                              \
    X(cmd_entity_change)                                                                           \
    X(cmd_entity_alias)                                                                            \
    X(cmd_show_departments)                                                                        \
    X(cmd_show_inspectors)                                                                         \
    X(cmd_show_inspector)                                                                          \
    X(cmd_show_items)                                                                              \
    X(cmd_export_items)                                                                            \
    X(cmd_inspector_put)                                                                           \
    X(cmd_interest_add)                                                                            \
    X(cmd_interest_end)                                                                            \
    X(cmd_log_key)                                                                                 \
    X(cmd_log_checkpoint)                                                                          \
    X(cmd_log_entries)                                                                             \
    X(cmd_log_prove)                                                                               \
    X(cmd_log_witness_key)                                                                         \
    X(cmd_log_witness_add)                                                                         \
    X(cmd_log_cosign)                                                                              \
    X(cmd_log_take)                                                                                \
    X(cmd_account_add) X(cmd_account_list) X(cmd_account_password) X(cmd_token_make)

#define X(command) extern const struct cli_command command;
COMMAND_TABLE(X)
#undef X

#endif
