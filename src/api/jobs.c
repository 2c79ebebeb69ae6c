/* Long work: imports and exports under way and done. */
#include "api/handlers.h"

static const char *const kinds[] = {
    [JOB_IMPORT] = "import", [JOB_EXPORT] = "export", [JOB_REINDEX] = "reindex"
};
static const char *const states[] = { [JOB_WAITING] = "waiting",
                                      [JOB_RUNNING] = "running",
                                      [JOB_DONE] = "done",
                                      [JOB_FAILED] = "failed",
                                      [JOB_CANCELLED] = "cancelled" };

/* A flat object of whole numbers, as the job's kind wrote it. */
static enum err put_counts(struct http_call *c, struct json *j, struct str text)
{
    const struct json_value *v = NULL;
    json_key(j, "counts");
    json_object(j);
    if (text.n > 0) {
        TRY(json_read(c->cx, text, &v));
        for (size_t k = 0; k < v->n; k++) {
            if (v->v[k].kind == JSON_IN_INT) {
                json_key_int(j, v->v[k].key.p, v->v[k].i); /* json_read's texts end in a NUL */
            }
        }
    }
    json_end_object(j);
    return ERR_OK;
}

static void put_times(struct json *j, const struct job *w)
{
    json_key_id(j, "started_by", w->started_by);
    json_key_instant(j, "created_at", w->created_at);
    json_key_instant(j, "started_at", w->started_at);
    json_key_instant(j, "ended_at", w->ended_at);
}

static enum err put_job(struct http_call *c, struct json *j, const struct job *w)
{
    json_key_id(j, "id", w->id);
    json_key_str(j, "kind", str_of(kinds[w->kind]));
    json_key_str(j, "state", str_of(states[w->state]));
    json_key_text(j, "title", w->title);
    json_key_int(j, "done", w->done);
    json_key_int(j, "total", w->total);
    TRY(put_counts(c, j, w->counts));
    json_key_bool(j, "has_result", w->result.n > 0);
    json_key_text(j, "fault", w->fault);
    json_key_bool(j, "cancel_asked", w->cancel_asked);
    put_times(j, w);
    return ERR_OK;
}

struct jobs_input {
    uint64_t given;
    int64_t limit;
};

enum err get_jobs(struct http_call *c)
{
    static const struct input_member members[] = {
        { "limit", INPUT_INT, OPTIONAL, offsetof(struct jobs_input, limit), 1, PAGE_LIMIT_MAX, NULL,
          NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct jobs_input in = { .limit = PAGE_LIMIT };
    struct job *all = NULL;
    size_t n = 0;
    struct document d;
    TRY(input_query(c, &table, &in));
    TRY(job_list(c->cx, desk_of(c), actor_of(c), (int)in.limit, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        TRY(put_job(c, &d.j, &all[k]));
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

enum err get_job(struct http_call *c)
{
    struct job w;
    int64_t id;
    struct document d;
    TRY(input_none(c));
    TRY(id_get(c->cx, c->seg[0], &id));
    TRY(job_get(c->cx, desk_of(c), actor_of(c), id, &w));
    document_open(c, &d);
    TRY(put_job(c, &d.j, &w));
    return document_answer(c, 200, &d);
}

enum err cancel_job(struct http_call *c)
{
    int64_t id;
    TRY(input_none(c));
    TRY(id_get(c->cx, c->seg[0], &id));
    TRY(job_cancel(c->cx, desk_of(c), actor_of(c), id));
    return answer_nothing(c);
}

enum err get_job_result(struct http_call *c)
{
    int64_t id;
    struct str path;
    TRY(input_none(c));
    TRY(id_get(c->cx, c->seg[0], &id));
    TRY(job_result_path(c->cx, desk_of(c), actor_of(c), id, &path));
    struct str z = str_dup(c->cx->mem, path);
    if (z.p == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "path");
    }
    TRY(http_add_header(
        c, "Content-Disposition",
        text_of(c->cx, "attachment; filename=\"" STR_FMT ".csv\"", STR_ARG(c->seg[0]))));
    return http_answer_file(c, 200, "text/csv; charset=utf-8", z.p);
}
