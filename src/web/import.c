/* Importing a file: upload, check the columns, try or run as a job; and the jobs. */
#include "web/handlers.h"
#include "web/labels.h"

enum { UPLOAD_HEX = 32, JOBS_SHOWN = 50 };

enum err page_import(struct http_call *c)
{
    struct page_frame f;
    struct buf b = page_buf(c);
    struct form_keys k = form_keys_of(c);
    TRY(frame_make(c, msg_text(M_import_title, c->cx->lang), &f));
    t_page_import(&b, c->cx->lang, &f, &k);
    return page_send(c, &b);
}

/* ---- between the two steps the file waits in the spool folder under its owner's name ------- */

static struct str upload_path(struct http_call *c, struct str hex)
{
    char owner[ID_CHARS];
    id_put(actor_of(c)->account, owner);
    struct buf b = buf_of(c->cx->mem, 4096);
    buf_fmt(&b, STR_FMT "/spool/upload-%.*s-" STR_FMT, STR_ARG(desk_of(c)->data_dir), (int)ID_CHARS,
            owner, STR_ARG(hex));
    buf_put_c(&b, '\0');
    return b.over ? STR("") : (struct str){ b.p, b.n - 1 };
}

static enum err upload_keep(struct http_call *c, const struct http_file *file, struct str *hex)
{
    uint8_t raw[UPLOAD_HEX / 2];
    char *text = arena_alloc(c->cx->mem, 1, UPLOAD_HEX);
    if (text == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "upload");
    }
    entropy(raw, sizeof raw);
    hex_put(raw, sizeof raw, text);
    *hex = (struct str){ text, UPLOAD_HEX };
    struct str from = str_dup(c->cx->mem, file->path);
    struct str to = upload_path(c, *hex);
    if (from.p == NULL || to.n == 0 || rename(from.p, to.p) != 0) {
        return fail(c->cx, ERR_FILE, "upload");
    }
    return ERR_OK;
}

/* ---- the columns ---------------------------------------------------------------------------- */

static int field_of_column(const struct import_mapping *m, size_t column)
{
    for (int f = 0; f < IMPORT__COUNT; f++) {
        if (m->column[f] == (int)column) {
            return f;
        }
    }
    return -1;
}

static enum err field_options(struct http_call *c, int chosen, struct option **out)
{
    struct option *rows = arena_alloc(c->cx->mem, IMPORT__COUNT, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "fields");
    }
    for (int f = 0; f < IMPORT__COUNT; f++) {
        const char *key = import_field_key((enum import_field)f);
        struct str label = defs_column_label(desk_of(c)->defs, key, c->cx->lang);
        rows[f] = (struct option){ str_of(key), label.n != 0 ? label : str_of(key), f == chosen };
    }
    *out = rows;
    return ERR_OK;
}

static enum err map_columns(struct http_call *c, const struct import_preview *p,
                            struct import_view *v)
{
    struct map_column *rows = arena_alloc(c->cx->mem, p->n_columns + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "columns");
    }
    for (size_t i = 0; i < p->n_columns; i++) {
        struct option *fields = NULL;
        TRY(field_options(c, field_of_column(&p->mapping, i), &fields));
        rows[i] = (struct map_column){ .index = i,
                                       .label = p->header[i],
                                       .sample = p->n_samples != 0 ? p->sample[0][i] : STR(""),
                                       .fields = fields,
                                       .n_fields = IMPORT__COUNT };
    }
    v->columns = rows;
    v->n_columns = p->n_columns;
    return ERR_OK;
}

enum err do_import_look(struct http_call *c)
{
    struct http_file file;
    struct import_preview *p = arena_alloc(c->cx->mem, 1, sizeof *p);
    struct page_frame f;
    struct str hex;
    struct buf b = page_buf(c);
    if (p == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "preview");
    }
    if (!http_file(c, "file", &file) || file.bytes == 0) {
        return fail(c->cx, ERR_FIELD, "file");
    }
    struct str title = file.name.n != 0 ? file.name : STR("upload.csv");
    TRY(import_look(c->cx, desk_of(c), file.path, p));
    TRY(upload_keep(c, &file, &hex));
    struct import_view v = {
        .title = title, .upload = hex, .charset = str_of(p->charset), .remembered = p->remembered
    };
    TRY(map_columns(c, p, &v));
    struct form_keys k = form_keys_of(c);
    TRY(frame_make(c, msg_text(M_import_map, c->cx->lang), &f));
    t_page_import_map(&b, c->cx->lang, &f, &k, &v);
    return page_send(c, &b);
}

static enum err read_mapping(struct http_call *c, struct import_mapping *m)
{
    for (int f = 0; f < IMPORT__COUNT; f++) {
        m->column[f] = -1;
    }
    for (int i = 0; i < IMPORT_COLUMNS_MAX; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "c%d", i);
        struct str key = field_of(c, name);
        int f = key.n != 0 ? import_field_by_key(key) : -1;
        if (f < 0) {
            continue;
        }
        if (m->column[f] >= 0) {
            return fail(c->cx, ERR_FIELD, STR_FMT ": %d, %d", STR_ARG(key), m->column[f] + 1,
                        i + 1);
        }
        m->column[f] = i;
    }
    return ERR_OK;
}

enum err do_import_start(struct http_call *c)
{
    struct import_mapping m;
    struct str region;
    int64_t job;
    uint8_t raw[UPLOAD_HEX / 2];
    struct str hex = field_of(c, "upload");
    if (hex.n != UPLOAD_HEX || !hex_get(hex, raw)) {
        return fail(c->cx, ERR_FIELD, "upload");
    }
    TRY(read_mapping(c, &m));
    TRY(region_of_text(c, field_of(c, "region"), &region));
    struct import_options o = {
        .path = upload_path(c, hex),
        .title = field_of(c, "title"),
        .mapping = &m,
        .region = region,
        .dry_run = field_is(c, "mode", "dry"),
        .remember = field_is(c, "remember", "1"),
    };
    TRY(import_start(c->cx, desk_of(c), actor_of(c), &o, op_key_of(c), &job));
    char id[ID_CHARS];
    id_put(job, id);
    return see_other(c, text_fmt(c->cx, "/jobs/%.*s", (int)ID_CHARS, id));
}

/* ---- jobs ----------------------------------------------------------------------------------- */

static const struct {
    enum msg word;
    const char *mark;
} states[] = {
    [JOB_WAITING] = { M_job_state_waiting, "" },
    [JOB_RUNNING] = { M_job_state_running, "busy" },
    [JOB_DONE] = { M_job_state_done, "good" },
    [JOB_FAILED] = { M_job_state_failed, "bad" },
    [JOB_CANCELLED] = { M_job_state_cancelled, "warn" },
};

static enum msg kind_word(enum job_kind k)
{
    return k == JOB_IMPORT   ? M_job_kind_import
           : k == JOB_EXPORT ? M_job_kind_export
                             : M_job_kind_reindex;
}

static int64_t percent_of(const struct job *j)
{
    if (j->state == JOB_DONE) {
        return 100;
    }
    return j->total > 0 ? j->done * 100 / j->total : 0;
}

static bool is_busy(const struct job *j)
{
    return j->state == JOB_WAITING || j->state == JOB_RUNNING;
}

/* A trial run writes nothing; the options are our own JSON. */
static bool is_trial(const struct job *j)
{
    static const char said[] = "\"dry_run\":true";
    return j->options.n != 0 && memmem(j->options.p, j->options.n, said, sizeof said - 1) != NULL;
}

enum err page_jobs(struct http_call *c)
{
    struct page_frame f;
    struct job *all = NULL;
    size_t n = 0;
    struct buf b = page_buf(c);
    TRY(job_list(c->cx, desk_of(c), actor_of(c), JOBS_SHOWN, &all, &n));
    struct job_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "rows");
    }
    for (size_t i = 0; i < n; i++) {
        char id[ID_CHARS];
        id_put(all[i].id, id);
        rows[i] = (struct job_row){
            .href = text_fmt(c->cx, "/jobs/%.*s", (int)ID_CHARS, id),
            .title = all[i].title,
            .kind = kind_word(all[i].kind),
            .state = states[all[i].state].word,
            .mark = str_of(states[all[i].state].mark),
            .created_at = all[i].created_at,
            .ended_at = all[i].ended_at,
            .percent = percent_of(&all[i]),
            .busy = is_busy(&all[i]),
            .dry = is_trial(&all[i]),
        };
    }
    TRY(frame_make(c, msg_text(M_jobs_title, c->cx->lang), &f));
    t_page_jobs(&b, c->cx->lang, &f, rows, n);
    return page_send(c, &b);
}

/* A whole number of a flat JSON object that our own job wrote. */
static int64_t count_in(struct str json, const char *key)
{
    size_t n = strlen(key);
    for (size_t i = 0; i + n + 3 < json.n; i++) {
        bool here = json.p[i] == '"' && memcmp(json.p + i + 1, key, n) == 0 &&
                    json.p[i + n + 1] == '"' && json.p[i + n + 2] == ':';
        if (here) {
            int64_t v = 0;
            for (size_t k = i + n + 3; k < json.n && json.p[k] >= '0' && json.p[k] <= '9'; k++) {
                v = v * 10 + (json.p[k] - '0');
            }
            return v;
        }
    }
    return -1;
}

static enum err fill_figures(struct http_call *c, struct str counts, struct job_view *v)
{
    static const struct {
        const char *key;
        enum msg word;
    } parts[] = { { "rows", M_count_rows },
                  { "added", M_count_added },
                  { "changed", M_count_changed },
                  { "unchanged", M_count_unchanged },
                  { "refused", M_count_refused } };
    struct figure *rows = arena_alloc(c->cx->mem, COUNT_OF(parts), sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "figures");
    }
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        int64_t n = count_in(counts, parts[i].key);
        if (n >= 0) {
            rows[v->n_figures++] = (struct figure){ msg_text(parts[i].word, c->cx->lang), n };
        }
    }
    v->figures = rows;
    return ERR_OK;
}

static enum err job_view_of(struct http_call *c, struct job_view *out)
{
    struct job j;
    int64_t id;
    TRY(id_get(c->cx, c->seg[0], &id));
    TRY(job_get(c->cx, desk_of(c), actor_of(c), id, &j));
    *out = (struct job_view){
        .id = j.id,
        .title = j.title,
        .kind = kind_word(j.kind),
        .state = states[j.state].word,
        .mark = str_of(states[j.state].mark),
        .busy = is_busy(&j),
        .dry = is_trial(&j),
        .percent = percent_of(&j),
        .fault = j.fault,
        .result = j.result,
        .created_at = j.created_at,
        .cancel_asked = j.cancel_asked,
    };
    return fill_figures(c, j.counts, out);
}

enum err page_job(struct http_call *c)
{
    struct page_frame f;
    struct job_view v;
    struct buf b = page_buf(c);
    TRY(job_view_of(c, &v));
    struct form_keys k = form_keys_of(c);
    if (c->htmx) {
        t_job_live(&b, c->cx->lang, &v, &k);
        return page_send(c, &b);
    }
    TRY(frame_make(c, v.title, &f));
    t_page_job(&b, c->cx->lang, &f, &v, &k);
    return page_send(c, &b);
}

enum err do_job_cancel(struct http_call *c)
{
    int64_t id;
    TRY(id_get(c->cx, c->seg[0], &id));
    TRY(job_cancel(c->cx, desk_of(c), actor_of(c), id));
    return see_other(c, text_fmt(c->cx, "/jobs/" STR_FMT "?done=cancel", STR_ARG(c->seg[0])));
}

enum err job_result(struct http_call *c)
{
    int64_t id;
    struct str path;
    TRY(id_get(c->cx, c->seg[0], &id));
    TRY(job_result_path(c->cx, desk_of(c), actor_of(c), id, &path));
    struct str z = str_dup(c->cx->mem, path);
    if (z.p == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "path");
    }
    TRY(http_add_header(
        c, "Content-Disposition",
        text_fmt(c->cx, "attachment; filename=\"" STR_FMT ".csv\"", STR_ARG(c->seg[0]))));
    return http_answer_file(c, 200, "text/csv; charset=utf-8", z.p);
}
