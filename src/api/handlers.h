/* Private to api/: one handler a route; the tables in api.c say which. */
#ifndef SISHI_API_HANDLERS_H
#define SISHI_API_HANDLERS_H

#include "api/answer.h"
#include "api/input.h"

/* One page of a list: `cursor` is what the page before gave as "next". */
enum { PAGE_LIMIT = 50, PAGE_LIMIT_MAX = 500 };
struct page_input {
    uint64_t given;
    struct str cursor;
    int64_t limit;
};
#define PAGE_MEMBERS(type)                                                                         \
    { "cursor", INPUT_TEXT, OPTIONAL, offsetof(type, cursor), 1, 200, NULL, NULL },                \
    {                                                                                              \
        "limit", INPUT_INT, OPTIONAL, offsetof(type, limit), 1, PAGE_LIMIT_MAX, NULL, NULL         \
    }

/* codes.c */
enum err get_code(struct http_call *c);
enum err check_codes(struct http_call *c);

/* reference.c: what definitions say */
enum err get_regions(struct http_call *c);
enum err get_region(struct http_call *c);
enum err get_industries(struct http_call *c);
enum err get_classes(struct http_call *c);
enum err get_statuses(struct http_call *c);
enum err get_problems(struct http_call *c);
enum err get_problem(struct http_call *c);
enum err get_openapi_yaml(struct http_call *c);
enum err get_openapi_json(struct http_call *c);

/* entities.c, entity_filter.c, entity_write.c */
enum err get_entities(struct http_call *c);
enum err get_entity(struct http_call *c);
enum err get_entity_history(struct http_call *c);
enum err get_entity_names(struct http_call *c);
enum err get_entity_codes(struct http_call *c);
enum err get_entity_counts(struct http_call *c);
enum err get_entities_csv(struct http_call *c);
enum err add_entity(struct http_call *c);
enum err change_entity(struct http_call *c);
enum err add_entity_alias(struct http_call *c);

/* directory.c */
enum err get_departments(struct http_call *c);
enum err get_department(struct http_call *c);
enum err get_items(struct http_call *c);
enum err get_item(struct http_call *c);

/* inspectors.c */
enum err get_inspectors(struct http_call *c);
enum err get_inspector(struct http_call *c);
enum err put_inspector(struct http_call *c);
enum err get_interests(struct http_call *c);
enum err add_interest(struct http_call *c);

/* imports.c, jobs.c */
enum err upload_csv(struct http_call *c);
enum err start_import(struct http_call *c);
enum err import_csv(struct http_call *c);
enum err get_jobs(struct http_call *c);
enum err get_job(struct http_call *c);
enum err cancel_job(struct http_call *c);
enum err get_job_result(struct http_call *c);

/* draws.c, draw_lists.c, draw_check.c, draw_files.c */
enum err get_draws(struct http_call *c);
enum err get_draw(struct http_call *c);
enum err get_draw_events(struct http_call *c);
enum err get_draw_results(struct http_call *c);
enum err get_draw_places(struct http_call *c);
enum err get_draw_exclusions(struct http_call *c);
enum err check_draw(struct http_call *c);
enum err get_draw_file(struct http_call *c);
enum err get_draw_bundle(struct http_call *c);
/* The draw of the path's first part. */
enum err draw_id(struct http_call *c, int64_t *id) MUST_USE;

/* draw_plan.c, draw_preview.c, draw_steps.c, draw_replace.c */
/* The plan in the body, as the office reads it. */
enum err plan_of(struct http_call *c, struct ceremony_plan *out) MUST_USE;
enum err plan_draw(struct http_call *c);
enum err preview_draw(struct http_call *c);
enum err step_commit(struct http_call *c);
enum err step_commit_kept(struct http_call *c);
enum err step_freeze(struct http_call *c);
enum err step_reveal(struct http_call *c);
enum err step_reveal_kept(struct http_call *c);
enum err step_close_reveals(struct http_call *c);
enum err step_beacon(struct http_call *c);
enum err step_run(struct http_call *c);
enum err step_publish(struct http_call *c);
enum err step_void(struct http_call *c);
enum err step_replace_target(struct http_call *c);
enum err step_replace_inspector(struct http_call *c);

/* evidence.c */
enum err get_log_key(struct http_call *c);
enum err get_checkpoint(struct http_call *c);
enum err get_checkpoint_at(struct http_call *c);
enum err get_log_entries(struct http_call *c);
enum err get_inclusion(struct http_call *c);
enum err get_consistency(struct http_call *c);
enum err add_cosignature(struct http_call *c);
enum err add_witness(struct http_call *c);

/* accounts.c */
enum err get_me(struct http_call *c);
enum err open_session(struct http_call *c);
enum err close_session(struct http_call *c);
enum err make_token(struct http_call *c);
enum err get_accounts(struct http_call *c);
enum err add_account(struct http_call *c);
enum err set_password(struct http_call *c);

#endif
