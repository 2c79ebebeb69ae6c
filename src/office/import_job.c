/* An import as a job: what it was started with, and its file below the data folder. */
#include "office/import_parts.h"

#include "office/office.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_HEX = 32, COPY_BYTES = 1 << 18 };

/* ---- options -------------------------------------------------------------------------------- */

static enum err options_write(struct cx *cx, const struct import_options *o, struct str file,
                              struct str mapping, struct str *out)
{
    struct buf b = buf_of(cx->mem, 8192);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_str(&j, "file", file);
    json_key_str(&j, "mapping", mapping);
    json_key_str(&j, "region", o->region);
    json_key_bool(&j, "dry_run", o->dry_run);
    json_key_bool(&j, "remember", o->remember);
    json_key_str(&j, "lang", cx->lang == LANG_ZH ? STR("zh") : STR("en"));
    json_end_object(&j);
    return buf_done(cx, &b, out);
}

static struct str text_in(const struct json_value *v, const char *name)
{
    const struct json_value *m = json_member(v, name);
    return m != NULL && m->kind == JSON_IN_TEXT ? m->s : STR("");
}

static bool flag_in(const struct json_value *v, const char *name)
{
    const struct json_value *m = json_member(v, name);
    return m != NULL && m->kind == JSON_IN_BOOL && m->i == 1;
}

/* ---- the file ------------------------------------------------------------------------------- */

static enum err copy_bytes(struct cx *cx, int from, int to)
{
    char *room = arena_alloc(cx->mem, COPY_BYTES, 1);
    ssize_t n = room == NULL ? 0 : read(from, room, COPY_BYTES);
    while (n > 0) {
        for (ssize_t at = 0, put; at < n; at += put) {
            put = write(to, room + at, (size_t)(n - at));
            if (put < 0) {
                return fail(cx, ERR_FILE, "copy: %s", strerror(errno));
            }
        }
        n = read(from, room, COPY_BYTES);
    }
    if (room == NULL || n < 0 || fsync(to) != 0) {
        return fail(cx, ERR_FILE, "copy: %s", strerror(errno));
    }
    return ERR_OK;
}

static void close_fd(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

/* Between two file systems. Half a copy has another name. */
static enum err copy_file(struct cx *cx, const char *from, struct str to)
{
    CLEANUP(close_fd) int in = open(from, O_RDONLY | O_CLOEXEC);
    struct buf b = buf_of(cx->mem, 4096);
    struct str half;
    buf_fmt(&b, STR_FMT ".half", STR_ARG(to));
    buf_put_c(&b, '\0');
    TRY(buf_done(cx, &b, &half));
    CLEANUP(close_fd) int out = open(half.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (in < 0 || out < 0) {
        return fail(cx, ERR_FILE, "%s: %s", from, strerror(errno));
    }
    TRY(copy_bytes(cx, in, out));
    if (rename(half.p, to.p) != 0) {
        return fail(cx, ERR_FILE, "%s: %s", to.p, strerror(errno));
    }
    (void)unlink(from);
    return ERR_OK;
}

static enum err move_file(struct cx *cx, const struct desk *d, struct str from, struct str name)
{
    struct str folder, to;
    struct str z = str_dup(cx->mem, from);
    TRY(import_path(cx, d, STR("imports"), &folder));
    TRY(import_path(cx, d, name, &to));
    if (z.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "path");
    }
    if (mkdir(folder.p, 0750) != 0 && errno != EEXIST) {
        return fail(cx, ERR_FILE, "%s: %s", folder.p, strerror(errno));
    }
    if (rename(z.p, to.p) == 0) {
        return ERR_OK;
    }
    return errno == EXDEV ? copy_file(cx, z.p, to)
                          : fail(cx, ERR_FILE, "%s: %s", z.p, strerror(errno));
}

/* The same key gives the same name: a repeat finds the file that the first try has moved. */
static enum err file_name(struct cx *cx, struct str op_key, struct str *out)
{
    uint8_t raw[DIGEST_LEN];
    char hex[NAME_HEX];
    struct buf b = buf_of(cx->mem, 128);
    if (op_key.n > 0) {
        struct digest d = digest_of(DIGEST_SHA256, op_key);
        memcpy(raw, d.b, sizeof raw);
    } else {
        entropy(raw, sizeof raw);
    }
    hex_put(raw, NAME_HEX / 2, hex);
    buf_fmt(&b, "imports/%.*s.csv", (int)NAME_HEX, hex);
    return buf_done(cx, &b, out);
}

/* Is it there already, and the file to import is not? */
static enum err moved_before(struct cx *cx, const struct desk *d, struct str from, struct str name,
                             bool *out)
{
    struct str to;
    struct str z = str_dup(cx->mem, from);
    TRY(import_path(cx, d, name, &to));
    *out = z.p != NULL && access(z.p, F_OK) != 0 && access(to.p, F_OK) == 0;
    return ERR_OK;
}

/* ---- start and run -------------------------------------------------------------------------- */

/* What is wrong with the file as a whole is said before there is a job. */
static enum err choose(struct cx *cx, const struct desk *d, const struct import_options *o,
                       struct str path, struct str *mapping)
{
    struct import_preview *p = arena_alloc(cx->mem, 1, sizeof *p);
    if (p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "preview");
    }
    TRY(import_look(cx, d, path, p));
    const struct import_mapping *m = o->mapping != NULL ? o->mapping : &p->mapping;
    TRY(import_mapping_check(cx, m, p->n_columns));
    if (o->region.n > 0 && defs_region(d->defs, o->region) == NULL) {
        return fail(cx, ERR_FIELD, "region: " STR_FMT, STR_ARG(o->region));
    }
    return import_mapping_text(cx, m, mapping);
}

enum err import_start(struct cx *cx, const struct desk *d, const struct actor *by,
                      const struct import_options *o, struct str op_key, int64_t *job)
{
    struct str name, path, mapping, options;
    bool repeat;
    struct str title = o->title;
    TRY(access_allow(cx, by, POWER_REGISTER_WRITE, (struct scope){ 0 }));
    TRY(file_name(cx, op_key, &name));
    TRY(import_path(cx, d, name, &path));
    TRY(moved_before(cx, d, o->path, name, &repeat));
    TRY(choose(cx, d, o, repeat ? path : o->path, &mapping));
    TRY(options_write(cx, o, name, mapping, &options));
    for (size_t i = 0; i < o->path.n && o->title.n == 0; i++) {
        title = o->path.p[i] == '/' ? str_from(o->path, i + 1) : title;
    }
    title = title.n == 0 ? o->path : title;
    if (!repeat) {
        TRY(move_file(cx, d, o->path, name));
    }
    return job_make(cx, d, by, JOB_IMPORT, title, options, op_key, job);
}

enum err import_run_job(struct cx *cx, const struct desk *d, const struct job *j,
                        const struct import_watch *w, struct import_result *out)
{
    const struct json_value *v = NULL;
    struct import_mapping mapping;
    struct actor by;
    struct import_options o = { .title = j->title, .mapping = &mapping };
    TRY(json_read(cx, j->options, &v));
    cx->lang = str_eq(text_in(v, "lang"), STR("zh")) ? LANG_ZH : LANG_EN;
    import_mapping_of(text_in(v, "mapping"), IMPORT_COLUMNS_MAX, &mapping);
    o.region = text_in(v, "region");
    o.dry_run = flag_in(v, "dry_run");
    o.remember = flag_in(v, "remember");
    TRY(import_path(cx, d, text_in(v, "file"), &o.path));
    TRY(account_actor_of(cx, d, j->started_by, &by));
    return import_run(cx, d, &by, &o, j->id, w, out);
}

void import_forget_file(struct cx *cx, const struct desk *d, const struct job *j)
{
    const struct json_value *v = NULL;
    struct str path;
    bool known = j->kind == JOB_IMPORT && json_read(cx, j->options, &v) == ERR_OK &&
                 text_in(v, "file").n > 0 &&
                 import_path(cx, d, text_in(v, "file"), &path) == ERR_OK;
    if (known && unlink(path.p) != 0 && errno != ENOENT) {
        log_warn("import.file", "path=%s reason=\"%s\"", path.p, strerror(errno));
    }
}
