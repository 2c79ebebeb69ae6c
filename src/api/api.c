/* The table of the JSON door. */
#include "api/api.h"

#include "api/handlers.h"

#define ROUTE(verb, at, who, what, words)                                                          \
    {                                                                                              \
        .method = HTTP_##verb, .pattern = "/api/v1/" at, .power = POWER_##who, .handle = (what),   \
        .name = #what, .doc = (words)                                                              \
    }
/* Answers that a loop writes, or that take over a few milliseconds. */
#define SLOW_GET(at, who, what, words)                                                             \
    {                                                                                              \
        .method = HTTP_GET, .pattern = "/api/v1/" at, .power = POWER_##who, .handle = (what),      \
        .name = #what, .doc = (words), .slow = true                                                \
    }
#define BODY(verb, at, who, what, limit, words)                                                    \
    {                                                                                              \
        .method = HTTP_##verb, .pattern = "/api/v1/" at, .power = POWER_##who, .handle = (what),   \
        .name = #what, .doc = (words), .body_limit = (limit)                                       \
    }
#define UPLOAD(at, who, what, words)                                                               \
    {                                                                                              \
        .method = HTTP_POST, .pattern = "/api/v1/" at, .power = POWER_##who, .handle = (what),     \
        .name = #what, .doc = (words), .body_limit = UPLOAD_LIMIT, .upload = true                  \
    }
#define PLAN_LIMIT   ((size_t)1 << 20)
#define UPLOAD_LIMIT ((size_t)2 << 30)

static const struct http_route routes[] = {
    ROUTE(GET, "openapi.yaml", PUBLIC, get_openapi_yaml, "this API's description, OpenAPI 3.1"),
    ROUTE(GET, "openapi.json", PUBLIC, get_openapi_json, "the same as JSON"),
    ROUTE(GET, "problems", PUBLIC, get_problems, "every failure that can be answered"),
    ROUTE(GET, "problems/{}", PUBLIC, get_problem, "one failure"),

    ROUTE(GET, "codes/{}", PUBLIC, get_code,
          "checks a unified social credit code, registration number or organisation code"),
    BODY(POST, "codes", PUBLIC, check_codes, PLAN_LIMIT, "checks up to 1000 codes"),
    ROUTE(GET, "regions", PUBLIC, get_regions, "the divisions below one"),
    ROUTE(GET, "regions/{}", PUBLIC, get_region, "a division"),
    ROUTE(GET, "industries", PUBLIC, get_industries, "the classification of industries"),
    ROUTE(GET, "entity-classes", PUBLIC, get_classes, "classes of market entities"),
    ROUTE(GET, "entity-statuses", PUBLIC, get_statuses, "registration states"),

    SLOW_GET("entities", PUBLIC, get_entities, "searches the register, page by page"),
    ROUTE(GET, "entities/{}", PUBLIC, get_entity,
          "a market entity by its code, as the caller may see it"),
    ROUTE(GET, "entities/{}/history", REGISTER_READ, get_entity_history, "all versions of it"),
    ROUTE(GET, "entities/{}/names", PUBLIC, get_entity_names, "its names, former ones too"),
    ROUTE(GET, "entities/{}/codes", PUBLIC, get_entity_codes, "the codes it has and had"),
    SLOW_GET("entity-counts", PUBLIC, get_entity_counts, "how many entities match"),
    SLOW_GET("entities.csv", PUBLIC, get_entities_csv, "the register as CSV"),
    ROUTE(POST, "entities", REGISTER_WRITE, add_entity, "enters a market entity"),
    ROUTE(POST, "entities/{}/changes", REGISTER_WRITE, change_entity,
          "changes or corrects one, unless it was changed meanwhile"),
    ROUTE(POST, "entities/{}/aliases", REGISTER_WRITE, add_entity_alias,
          "adds a name it is also known by"),

    ROUTE(GET, "departments", PUBLIC, get_departments, "departments of a region"),
    ROUTE(GET, "departments/{}", PUBLIC, get_department, "a department"),
    ROUTE(GET, "items", PUBLIC, get_items, "the list of inspection items"),
    ROUTE(GET, "items/{}", PUBLIC, get_item, "an inspection item"),
    ROUTE(GET, "inspectors", DRAW_READ, get_inspectors, "inspectors of a department"),
    ROUTE(GET, "inspectors/{}", DRAW_READ, get_inspector, "an inspector"),
    ROUTE(PUT, "inspectors/{}", DRAW_COMMIT, put_inspector, "enters or replaces an inspector"),
    ROUTE(GET, "inspectors/{}/interests", DRAW_READ, get_interests, "an inspector's interests"),
    ROUTE(POST, "inspectors/{}/interests", DRAW_COMMIT, add_interest, "enters an interest"),

    UPLOAD("uploads", REGISTER_WRITE, upload_csv, "takes a CSV file and says what its columns are"),
    ROUTE(POST, "imports", REGISTER_WRITE, start_import, "imports an uploaded file as a job"),
    UPLOAD("imports.csv", REGISTER_WRITE, import_csv, "takes a CSV file and imports it as a job"),
    ROUTE(GET, "jobs", SIGNED_IN, get_jobs, "jobs, newest first"),
    ROUTE(GET, "jobs/{}", SIGNED_IN, get_job, "a job"),
    ROUTE(POST, "jobs/{}/cancel", SIGNED_IN, cancel_job, "asks a job to stop"),
    ROUTE(GET, "jobs/{}/result", SIGNED_IN, get_job_result, "a job's result file"),

    ROUTE(GET, "draws", PUBLIC, get_draws, "draws, newest first"),
    BODY(POST, "draws", DRAW_PLAN, plan_draw, PLAN_LIMIT, "plans a draw"),
    BODY(POST, "draws/preview", DRAW_PLAN, preview_draw, PLAN_LIMIT,
         "what freezing a plan now would give"),
    ROUTE(GET, "draws/{}", PUBLIC, get_draw, "a draw"),
    ROUTE(GET, "draws/{}/events", PUBLIC, get_draw_events, "what was done, step by step"),
    ROUTE(GET, "draws/{}/results", PUBLIC, get_draw_results, "who was drawn"),
    ROUTE(GET, "draws/{}/places", PUBLIC, get_draw_places, "which inspectors go to whom"),
    ROUTE(GET, "draws/{}/exclusions", DRAW_READ, get_draw_exclusions,
          "who is not in the pool, and why"),
    ROUTE(GET, "draws/{}/check/{}", PUBLIC, check_draw, "one entity's line with its proof"),
    SLOW_GET("draws/{}/files/{}", PUBLIC, get_draw_file, "a file of the draw, byte for byte"),
    SLOW_GET("draws/{}/bundle.tar", PUBLIC, get_draw_bundle, "all files of the draw"),
    ROUTE(POST, "draws/{}/commit", DRAW_COMMIT, step_commit, "a department's commitment"),
    ROUTE(POST, "draws/{}/commit-kept", DRAW_COMMIT, step_commit_kept,
          "makes and keeps a department's contribution and commits to it"),
    ROUTE(POST, "draws/{}/freeze", DRAW_FREEZE, step_freeze, "freezes the lists"),
    ROUTE(POST, "draws/{}/reveal", DRAW_COMMIT, step_reveal, "opens a commitment"),
    ROUTE(POST, "draws/{}/reveal-kept", DRAW_COMMIT, step_reveal_kept,
          "opens a commitment that is kept here"),
    ROUTE(POST, "draws/{}/close-reveals", DRAW_FREEZE, step_close_reveals,
          "ends the waiting for missing reveals"),
    ROUTE(POST, "draws/{}/beacon", DRAW_BEACON, step_beacon, "enters a public random value"),
    ROUTE(POST, "draws/{}/run", DRAW_RUN, step_run, "draws"),
    ROUTE(POST, "draws/{}/publish", DRAW_PUBLISH, step_publish, "publishes"),
    ROUTE(POST, "draws/{}/void", DRAW_VOID, step_void, "ends a draw without a result"),
    ROUTE(POST, "draws/{}/replace-target", DRAW_REPLACE, step_replace_target,
          "the next reserve takes a target's place"),
    ROUTE(POST, "draws/{}/replace-inspector", DRAW_REPLACE, step_replace_inspector,
          "another inspector takes over"),

    ROUTE(GET, "log/key", PUBLIC, get_log_key, "the evidence log's public key"),
    ROUTE(GET, "log/checkpoint", PUBLIC, get_checkpoint, "its signed head"),
    ROUTE(GET, "log/checkpoints/{}", PUBLIC, get_checkpoint_at, "the head of an earlier size"),
    ROUTE(GET, "log/entries", PUBLIC, get_log_entries, "its entries"),
    ROUTE(GET, "log/entries/{}/proof", PUBLIC, get_inclusion, "that an entry is in the log"),
    ROUTE(GET, "log/consistency", PUBLIC, get_consistency, "that a log is another's beginning"),
    ROUTE(POST, "log/cosignatures", PUBLIC, add_cosignature, "a witness's signature"),
    ROUTE(POST, "log/witnesses", ACCOUNT_ADMIN, add_witness, "registers a witness"),

    ROUTE(GET, "me", SIGNED_IN, get_me, "who the caller is"),
    ROUTE(POST, "session", PUBLIC, open_session, "signs in with a cookie"),
    ROUTE(DELETE, "session", SIGNED_IN, close_session, "signs out"),
    ROUTE(POST, "tokens", SIGNED_IN, make_token, "makes a token for a program"),
    ROUTE(GET, "accounts", ACCOUNT_ADMIN, get_accounts, "all accounts"),
    ROUTE(POST, "accounts", ACCOUNT_ADMIN, add_account, "makes an account"),
    ROUTE(PUT, "accounts/{}/password", SIGNED_IN, set_password, "sets a password"),
};

const struct http_table api_table = { routes, COUNT_OF(routes), api_fault, "/api/" };
