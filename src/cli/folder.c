#include "cli/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 20, PATH_MAX_BYTES = 4096 };

static const char *path_of(struct cx *cx, const char *dir, const char *name, const char *tail)
{
    struct buf b = buf_of(cx->mem, PATH_MAX_BYTES);
    buf_fmt(&b, "%s/%s%s", dir, name, tail);
    buf_put(&b, (struct str){ "\0", 1 });
    return b.over ? NULL : b.p;
}

static enum err in_next(struct cx *cx, void *ctx, struct str *chunk)
{
    struct folder_in *in = ctx;
    ssize_t got;
    do {
        got = read(in->fd, in->chunk, CHUNK);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return fail(cx, ERR_FILE, "%s: %s", in->path, strerror(errno));
    }
    *chunk = (struct str){ in->chunk, (size_t)got };
    in->done += got;
    if (in->cli != NULL && in->total > (int64_t)8 * CHUNK) {
        cli_progress(in->cli, in->name, in->done, in->total);
    }
    return ERR_OK;
}

static enum err in_rewind(struct cx *cx, void *ctx)
{
    struct folder_in *in = ctx;
    in->done = 0;
    return lseek(in->fd, 0, SEEK_SET) == 0
               ? ERR_OK
               : fail(cx, ERR_FILE, "%s: %s", in->path, strerror(errno));
}

enum err folder_source(struct cli *c, const char *dir, const char *name, struct folder_in *in,
                       struct draw_source *out)
{
    struct stat st;
    struct cx *cx = c->cx;
    *in = (struct folder_in){ .cli = c, .path = path_of(cx, dir, name, ""), .name = name };
    in->chunk = arena_alloc(cx->mem, CHUNK, 1);
    in->fd = in->path == NULL ? -1 : open(in->path, O_RDONLY | O_CLOEXEC);
    if (in->path == NULL || in->chunk == NULL) {
        folder_in_close(in);
        return fail(cx, ERR_NO_MEMORY, "%s", name);
    }
    if (in->fd < 0 && errno == ENOENT) {
        return fail(cx, ERR_DRAW_FILE, "%s: there is no such file", in->path);
    }
    if (in->fd < 0 || fstat(in->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        folder_in_close(in);
        return fail(cx, ERR_FILE, "%s: cannot be read", in->path);
    }
    in->total = st.st_size;
    *out = (struct draw_source){ name, in_next, in_rewind, in };
    return ERR_OK;
}

void folder_in_close(struct folder_in *in)
{
    if (in->fd >= 0) {
        (void)close(in->fd);
    }
    in->fd = -1;
}

bool folder_has(struct cli *c, const char *dir, const char *name)
{
    const char *path = path_of(c->cx, dir, name, "");
    return path != NULL && access(path, F_OK) == 0;
}

void folder_close(struct folder *f)
{
    for (size_t i = 0; i < f->n; i++) {
        folder_in_close(&f->in[i]);
    }
    f->n = 0;
}

enum err folder_open(struct folder *f, const char *name, struct draw_source *out)
{
    if (f->n == FOLDER_INS) {
        return fail(f->cli->cx, ERR_TOO_LONG, "more than %d files", (int)FOLDER_INS);
    }
    TRY(folder_source(f->cli, f->dir, name, &f->in[f->n], out));
    f->n++;
    return ERR_OK;
}

enum err folder_frame(struct folder *f, struct frame_sources *out)
{
    TRY(folder_open(f, "population.tsv", &out->population));
    TRY(folder_open(f, "roster.tsv", &out->roster));
    return folder_open(f, "recusal.tsv", &out->recusal);
}

static enum err out_line(struct cx *cx, void *ctx, struct str line)
{
    FILE *f = ctx;
    bool ok = fwrite(line.p, 1, line.n, f) == line.n && fputc('\n', f) != EOF;
    return ok ? ERR_OK : fail(cx, ERR_FILE, "%s", strerror(errno));
}

enum err folder_create(struct folder_out *f, const char *name, struct draw_sink *out)
{
    const char *partial = path_of(f->cx, f->dir, name, ".partial");
    const char *path = path_of(f->cx, f->dir, name, "");
    if (partial == NULL || path == NULL || f->n == FOLDER_OUTS) {
        return fail(f->cx, ERR_NO_MEMORY, "%s", name);
    }
    FILE *file = fopen(partial, "wbe");
    if (file == NULL) {
        return fail(f->cx, ERR_FILE, "%s: %s", partial, strerror(errno));
    }
    f->out[f->n].name = path;
    f->out[f->n].partial = partial;
    f->out[f->n++].file = file;
    *out = (struct draw_sink){ out_line, file };
    return ERR_OK;
}

enum err folder_put(struct folder_out *f, const char *name, const struct buf *text)
{
    struct draw_sink sink;
    struct str whole;
    TRY(buf_done(f->cx, text, &whole));
    TRY(folder_create(f, name, &sink));
    bool ok = fwrite(whole.p, 1, whole.n, sink.ctx) == whole.n;
    return ok ? ERR_OK : fail(f->cx, ERR_FILE, "%s: %s", name, strerror(errno));
}

/* All on the disk first; only then do the names appear, the last one last. */
enum err folder_commit(struct folder_out *f)
{
    for (size_t i = 0; i < f->n; i++) {
        FILE *file = f->out[i].file;
        bool ok = fflush(file) == 0 && fsync(fileno(file)) == 0;
        f->out[i].file = NULL;
        ok = fclose(file) == 0 && ok;
        if (!ok) {
            return fail(f->cx, ERR_FILE, "%s: %s", f->out[i].partial, strerror(errno));
        }
    }
    for (size_t i = 0; i < f->n; i++) {
        if (rename(f->out[i].partial, f->out[i].name) != 0) {
            return fail(f->cx, ERR_FILE, "%s: %s", f->out[i].name, strerror(errno));
        }
        f->out[i].partial = NULL;
    }
    f->n = 0;
    return ERR_OK;
}

void folder_out_drop(struct folder_out *f)
{
    for (size_t i = 0; i < f->n; i++) {
        if (f->out[i].file != NULL) {
            (void)fclose(f->out[i].file);
        }
        if (f->out[i].partial != NULL) {
            (void)unlink(f->out[i].partial);
        }
    }
    f->n = 0;
}
