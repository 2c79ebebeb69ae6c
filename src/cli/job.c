/* sishi jobs, sishi job: work that outlives its request. */
#include "cli/commands.h"

static const char *state_name(enum job_state s)
{
    static const char *const names[] = { [JOB_WAITING] = "waiting",
                                         [JOB_RUNNING] = "running",
                                         [JOB_DONE] = "done",
                                         [JOB_FAILED] = "failed",
                                         [JOB_CANCELLED] = "cancelled" };
    return (size_t)s < COUNT_OF(names) && names[s] != NULL ? names[s] : "?";
}

static const char *kind_name(enum job_kind k)
{
    return k == JOB_IMPORT ? "import" : k == JOB_EXPORT ? "export" : "reindex";
}

/* ---- one ------------------------------------------------------------------------------------ */

static void counts_members(struct json *j, const struct json_value *counts)
{
    json_key(j, "counts");
    json_object(j);
    for (size_t i = 0; counts != NULL && i < counts->n; i++) {
        char key[32];
        if (counts->v[i].kind == JSON_IN_INT && counts->v[i].key.n < sizeof key) {
            (void)snprintf(key, sizeof key, STR_FMT, STR_ARG(counts->v[i].key));
            json_key_int(j, key, counts->v[i].i);
        }
    }
    json_end_object(j);
}

static enum err job_json(struct cli *c, struct json *j, const struct job *job)
{
    const struct json_value *counts = NULL;
    if (job->counts.n > 0) {
        TRY(json_read(c->cx, job->counts, &counts));
    }
    json_object(j);
    json_key(j, "id");
    json_id(j, job->id);
    json_key_str(j, "kind", str_of(kind_name(job->kind)));
    json_key_str(j, "state", str_of(state_name(job->state)));
    json_key_str(j, "title", job->title);
    json_key_int(j, "done", job->done);
    json_key_int(j, "total", job->total);
    counts_members(j, counts);
    json_key_str(j, "result", job->result);
    json_key_str(j, "fault", job->fault);
    json_key_bool(j, "cancel_asked", job->cancel_asked);
    json_key(j, "created_at");
    json_instant(j, job->created_at);
    json_key(j, "started_at");
    json_instant(j, job->started_at);
    json_key(j, "ended_at");
    json_instant(j, job->ended_at);
    json_end_object(j);
    return ERR_OK;
}

static void job_line(FILE *out, const struct job *j)
{
    char id[ID_CHARS];
    id_put(j->id, id);
    long long percent = j->state == JOB_DONE ? 100 : j->total > 0 ? j->done * 100 / j->total : 0;
    (void)fprintf(out, "%.*s  %-7s %-9s %3lld %%  " STR_FMT "\n", (int)ID_CHARS, id,
                  kind_name(j->kind), state_name(j->state), percent, STR_ARG(j->title));
}

static enum err run_job(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct job job;
    int64_t id;
    TRY(id_get(c->cx, str_of(c->words[0]), &id));
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(job_get(c->cx, d, &by, id, &job));
    if (c->json) {
        struct buf b = buf_of(c->cx->mem, 1 << 16);
        struct json j = json_to(&b);
        TRY(job_json(c, &j, &job));
        return cli_print_json(c, &b);
    }
    job_line(c->out, &job);
    if (job.counts.n > 0) {
        (void)fprintf(c->out, "  " STR_FMT "\n", STR_ARG(job.counts));
    }
    if (job.fault.n > 0) {
        (void)fprintf(c->out, "  " STR_FMT "\n", STR_ARG(job.fault));
    }
    if (job.result.n > 0) {
        (void)fprintf(c->out, "  " STR_FMT "/" STR_FMT "\n", STR_ARG(d->data_dir),
                      STR_ARG(job.result));
    }
    return ERR_OK;
}

const struct cli_command cmd_job = {
    .name = "job",
    .brief = "shows a job: how far it is, what came of it",
    .words = "ID",
    .words_min = 1,
    .words_max = 1,
    .about = "Shows one job with its counts, the file it left and why it failed. Needs --as the "
             "account that started it or one that reads the register.",
    .examples = "sishi job 0GJ2S5Q3M0001 --as wang",
    .run = run_job,
};

/* ---- all ------------------------------------------------------------------------------------ */

static const struct cli_option jobs_options[] = {
    { "limit", CLI_NUMBER, "N", "at most so many, 1..1000; otherwise 50" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_jobs(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct job *all = NULL;
    size_t n;
    int64_t limit;
    TRY(cli_number(c, "limit", 1, 1000, 50, &limit));
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(job_list(c->cx, d, &by, (int)limit, &all, &n));
    struct buf b = buf_of(c->cx->mem, 16u << 20);
    struct json j = json_to(&b);
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        if (c->json) {
            TRY(job_json(c, &j, &all[i]));
        } else {
            job_line(c->out, &all[i]);
        }
    }
    json_end_array(&j);
    return c->json ? cli_print_json(c, &b) : ERR_OK;
}

const struct cli_command cmd_jobs = {
    .name = "jobs",
    .brief = "lists the jobs, newest first",
    .words = "",
    .options = jobs_options,
    .about = "Lists imports that were started from the pages or the API: who serves runs them one "
             "after another, and goes on with them after a stop. Needs --as an account; without "
             "the right to read the register it sees its own.",
    .examples = "sishi jobs --as wang",
    .run = run_jobs,
};

static enum err run_cancel(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    int64_t id;
    TRY(id_get(c->cx, str_of(c->words[0]), &id));
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    return job_cancel(c->cx, d, &by, id);
}

const struct cli_command cmd_job_cancel = {
    .name = "job cancel",
    .brief = "asks a job to stop",
    .words = "ID",
    .words_min = 1,
    .words_max = 1,
    .about = "A job that waits is taken from the list; one that runs stops after the batch under "
             "way, and what was entered stays. Needs --as the account that started it or one "
             "that may write the register.",
    .examples = "sishi job cancel 0GJ2S5Q3M0001 --as wang",
    .run = run_cancel,
};
