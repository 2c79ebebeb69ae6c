/* A draw's files byte for byte, and all of them in one tar. */
#include "api/handlers.h"

#include <stdio.h>
#include <string.h>

struct wanted {
    int64_t id;
    enum ceremony_file file;
};

static enum err put_bytes(struct cx *cx, void *arg, struct str bytes)
{
    struct download *to = arg;
    return http_sink_put(cx, to->sink, bytes);
}

static enum err write_file(struct cx *cx, struct download *to, void *arg)
{
    const struct wanted *w = arg;
    const struct ceremony_sink sink = { put_bytes, to };
    return ceremony_file(cx, desk_of(to->call), actor_of(to->call), w->id, w->file, &sink);
}

enum err get_draw_file(struct http_call *c)
{
    struct wanted w = { .file = ceremony_file_by_name(c->seg[1]) };
    bool table = str_ends(c->seg[1], STR(".tsv"));
    TRY(input_none(c));
    if (w.file == CEREMONY_FILE__COUNT) {
        return fail(c->cx, ERR_NOT_FOUND, "file " STR_FMT, STR_ARG(c->seg[1]));
    }
    TRY(draw_id(c, &w.id));
    return api_download(
        c, table ? "text/tab-separated-values; charset=utf-8" : "text/plain; charset=utf-8",
        c->seg[1], write_file, &w);
}

/* ---- the bundle as a POSIX ustar archive ----------------------------------------------------- */

enum { TAR_BLOCK = 512 };
struct tar_header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type[1], link[100];
    char magic[6], version[2], rest[247];
};

static enum err tar_header(struct cx *cx, struct download *to, const char *name, int64_t bytes)
{
    struct tar_header h = { .mode = "0000644",
                            .uid = "0000000",
                            .gid = "0000000",
                            .mtime = "00000000000",
                            .sum = "       ",
                            .type = "0",
                            .magic = "ustar",
                            .version = "00" };
    const unsigned char *at = (const void *)&h;
    unsigned sum = 0;
    (void)snprintf(h.name, sizeof h.name, "%s", name);
    (void)snprintf(h.size, sizeof h.size, "%011llo", (unsigned long long)bytes);
    h.sum[7] = ' ';
    for (size_t i = 0; i < sizeof h; i++) {
        sum += at[i];
    }
    (void)snprintf(h.sum, sizeof h.sum, "%06o", sum);
    h.sum[7] = ' ';
    return http_sink_put(cx, to->sink, (struct str){ (const char *)&h, sizeof h });
}
_Static_assert(sizeof(struct tar_header) == TAR_BLOCK, "POSIX.1-1988 ustar");

static enum err count_bytes(struct cx *cx UNUSED, void *arg, struct str bytes)
{
    int64_t *n = arg;
    *n += (int64_t)bytes.n;
    return ERR_OK;
}

/* The header needs the length, so each file is gone through twice. One that is not there, or not
 * for this asker, is left out. */
static enum err tar_file(struct cx *cx, struct download *to, struct wanted w)
{
    static const char zeros[TAR_BLOCK];
    int64_t bytes = 0;
    const struct ceremony_sink counting = { count_bytes, &bytes };
    enum err code =
        ceremony_file(cx, desk_of(to->call), actor_of(to->call), w.id, w.file, &counting);
    if (code == ERR_NOT_FOUND || code == ERR_FORBIDDEN || code == ERR_SIGNED_OUT) {
        fault_clear(cx);
        return ERR_OK;
    }
    TRY(code);
    TRY(tar_header(cx, to, ceremony_file_name(w.file), bytes));
    TRY(write_file(cx, to, &w));
    size_t pad = (size_t)(-bytes & (TAR_BLOCK - 1));
    return http_sink_put(cx, to->sink, (struct str){ zeros, pad });
}

static enum err write_bundle(struct cx *cx, struct download *to, void *arg)
{
    static const char end[2 * TAR_BLOCK];
    struct wanted w = *(const struct wanted *)arg;
    for (int f = 0; f < CEREMONY_FILE__COUNT; f++) {
        w.file = (enum ceremony_file)f;
        TRY(tar_file(cx, to, w));
    }
    return http_sink_put(cx, to->sink, (struct str){ end, sizeof end });
}

enum err get_draw_bundle(struct http_call *c)
{
    struct wanted w = { 0 };
    struct str name = text_of(c->cx, STR_FMT ".tar", STR_ARG(c->seg[0]));
    TRY(input_none(c));
    TRY(draw_id(c, &w.id));
    return api_download(c, "application/x-tar", name, write_bundle, &w);
}
