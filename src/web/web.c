/* The table of pages. */
#include "web/web.h"

#include "web/handlers.h"

#define UPLOAD_MAX (UINT64_C(2) << 30)

#define PAGE(at, who, what, words)                                                                 \
    {                                                                                              \
        .method = HTTP_GET, .pattern = (at), .power = POWER_##who, .handle = (what),               \
        .name = "web_" #what, .doc = (words)                                                       \
    }
/* Goes through many rows, or reads long files. */
#define SLOW_PAGE(at, who, what, words)                                                            \
    {                                                                                              \
        .method = HTTP_GET, .pattern = (at), .power = POWER_##who, .handle = (what),               \
        .name = "web_" #what, .doc = (words), .slow = true                                         \
    }
#define FORM(at, who, what, words)                                                                 \
    {                                                                                              \
        .method = HTTP_POST, .pattern = (at), .power = POWER_##who, .handle = (what),              \
        .name = "web_" #what, .doc = (words)                                                       \
    }

static const struct http_route routes[] = {
    PAGE("/", PUBLIC, page_home, "start page"),
    PAGE("/help", PUBLIC, page_help, "what this is and how to verify"),
    PAGE("/a11y", PUBLIC, page_a11y, "accessibility statement"),
    PAGE("/sign-in", PUBLIC, page_sign_in, "sign-in form"),
    FORM("/sign-in", PUBLIC, do_sign_in, "opens a session"),
    FORM("/sign-out", SIGNED_IN, do_sign_out, "ends the session"),

    SLOW_PAGE("/entities", PUBLIC, page_entities, "search of the register"),
    SLOW_PAGE("/entities.csv", PUBLIC, entities_csv, "the entities found, as CSV"),

    PAGE("/e/{}", PUBLIC, page_entity, "one entity, now or as it was"),

    PAGE("/import", REGISTER_WRITE, page_import, "upload of a file"),
    { .method = HTTP_POST,
      .pattern = "/import/look",
      .power = POWER_REGISTER_WRITE,
      .handle = do_import_look,
      .name = "web_do_import_look",
      .doc = "takes a file and shows its columns",
      .body_limit = UPLOAD_MAX,
      .upload = true },
    FORM("/import/start", REGISTER_WRITE, do_import_start, "starts the import as a job"),
    PAGE("/jobs", REGISTER_READ, page_jobs, "jobs"),
    PAGE("/jobs/{}", SIGNED_IN, page_job, "one job and its progress"),
    FORM("/jobs/{}/cancel", SIGNED_IN, do_job_cancel, "asks a job to stop"),
    PAGE("/jobs/{}/result", SIGNED_IN, job_result, "the result file of a job"),

    PAGE("/departments", PUBLIC, page_departments, "departments"),
    PAGE("/inspectors", DRAW_READ, page_inspectors, "inspectors"),
    FORM("/inspectors", DRAW_COMMIT, do_inspector, "enters or changes an inspector"),
    PAGE("/inspectors/{}", DRAW_READ, page_inspector, "one inspector and what ties them to firms"),
    FORM("/inspectors/{}/interests", DRAW_COMMIT, do_interest, "declares a tie with a firm"),
    PAGE("/items", PUBLIC, page_items, "inspection items"),
    PAGE("/log", PUBLIC, page_log, "the evidence log and its checkpoint"),
    PAGE("/log/{}", PUBLIC, page_log_entry, "an entry of the log with its proof"),

    PAGE("/draws", PUBLIC, page_draws, "all draws"),
    SLOW_PAGE("/draws/new", DRAW_PLAN, page_wizard, "the wizard for a plan"),
    SLOW_PAGE("/draws/new/preview", DRAW_PLAN, wizard_preview, "what the plan would give"),
    FORM("/draws/new", DRAW_PLAN, do_plan, "publishes the plan"),
    PAGE("/draws/{}", PUBLIC, page_draw, "the public page of a draw"),
    SLOW_PAGE("/draws/{}/files/{}", PUBLIC, draw_file, "one file of the evidence"),
    SLOW_PAGE("/draws/{}/bundle", PUBLIC, draw_bundle, "all public files as a tar"),
    SLOW_PAGE("/draws/{}/check", PUBLIC, page_check, "a firm's own line and its proof"),
    PAGE("/draws/{}/results", PUBLIC, page_results, "the firms drawn"),
    PAGE("/draws/{}/inspectors", PUBLIC, page_places, "their inspectors"),
    FORM("/draws/{}/replace", DRAW_REPLACE, do_replace, "replaces an inspector"),
    PAGE("/draws/{}/ceremony", PUBLIC, page_ceremony, "the page a room watches"),
    PAGE("/draws/{}/ceremony/live", PUBLIC, ceremony_live, "its live part"),
    FORM("/draws/{}/step/{}", SIGNED_IN, do_step, "an actor's part in the ceremony"),
};

const struct http_table web_table = { routes, COUNT_OF(routes), page_fault, "/" };
