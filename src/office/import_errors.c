/* The refused rows of an import: a file like the one they came from, with a reason behind. */
#include "office/import_parts.h"

#include "office/office.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN_BYTES = 2000, WRITE_AT_ONCE = 1 << 16, ROOM = WRITE_AT_ONCE + 2 * CSV_RECORD_MAX };

enum err import_path(struct cx *cx, const struct desk *d, struct str name, struct str *out)
{
    struct buf b = buf_of(cx->mem, 4096);
    buf_fmt(&b, STR_FMT "/" STR_FMT, STR_ARG(d->data_dir), STR_ARG(name));
    buf_put_c(&b, '\0');
    TRY(buf_done(cx, &b, out));
    out->n--;
    return ERR_OK;
}

static enum err make_folder(struct cx *cx, struct str path)
{
    struct str folder = str_dup(cx->mem, path);
    char *end = folder.p == NULL ? NULL : strrchr((char *)(uintptr_t)folder.p, '/');
    if (end == NULL) {
        return fail(cx, ERR_NO_MEMORY, "path");
    }
    *end = '\0';
    if (mkdir(folder.p, 0750) != 0 && errno != EEXIST) {
        return fail(cx, ERR_FILE, "%s: %s", folder.p, strerror(errno));
    }
    return ERR_OK;
}

static enum err write_all(struct cx *cx, const struct import_errors *e, struct str s)
{
    while (s.n > 0) {
        ssize_t n = write(e->fd, s.p, s.n);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            enum err code =
                errno == ENOSPC || errno == EFBIG || errno == EDQUOT ? ERR_STORE_FULL : ERR_FILE;
            return fail(cx, code, STR_FMT ": %s", STR_ARG(e->path), strerror(errno));
        }
        s = str_from(s, (size_t)n);
    }
    return ERR_OK;
}

static enum err cut_to(struct cx *cx, const struct import_errors *e, int64_t bytes)
{
    if (ftruncate(e->fd, bytes) != 0 || lseek(e->fd, bytes, SEEK_SET) < 0) {
        return fail(cx, ERR_FILE, STR_FMT ": %s", STR_ARG(e->path), strerror(errno));
    }
    return ERR_OK;
}

enum err import_errors_open(struct cx *cx, const struct desk *d, const struct import_file *f,
                            struct str name, int64_t bytes, struct import_errors *e)
{
    *e = (struct import_errors){ .file = f, .name = name, .fd = -1, .bytes = bytes };
    e->reason = defs_column_label(d->defs, "reason", cx->lang);
    TRY(import_path(cx, d, name, &e->path));
    TRY(make_folder(cx, e->path));
    TRY(charset_open(cx, f->charset, &e->turn));
    e->fd = open(e->path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (e->fd < 0) {
        return fail(cx, ERR_FILE, STR_FMT ": %s", STR_ARG(e->path), strerror(errno));
    }
    return cut_to(cx, e, bytes);
}

void import_errors_close(struct import_errors *e)
{
    charset_close(&e->turn);
    if (e->fd < 0) {
        return;
    }
    (void)close(e->fd);
    e->fd = -1;
    if (e->bytes == 0) {
        (void)unlink(e->path.p); /* nothing was refused */
    }
}

static enum err put_last(struct cx *cx, struct import_errors *e, struct buf *b, struct str text)
{
    struct str bytes;
    TRY(charset_write(cx, &e->turn, text, &bytes));
    buf_put_c(b, e->file->separator);
    csv_put(b, bytes, e->file->separator);
    buf_put_z(b, "\r\n");
    return ERR_OK;
}

/* A row that is no record of its file's form stands whole in the first column. */
static void put_raw(const struct import_errors *e, struct buf *b, const struct import_row *row)
{
    size_t columns = row->columns;
    struct str raw = row->raw;
    if (row->cut) {
        raw.n = raw.n < SHOWN_BYTES ? raw.n : SHOWN_BYTES;
        csv_put(b, raw, e->file->separator);
        columns = 1;
    } else {
        buf_put(b, raw);
    }
    for (; columns < e->file->n_columns; columns++) {
        buf_put_c(b, e->file->separator);
    }
}

static enum err put_row(struct cx *cx, struct import_errors *e, struct buf *b,
                        const struct import_row *row)
{
    struct buf why = buf_of(cx->mem, 2048);
    buf_fmt(&why, "%lld: %s%s%s", (long long)row->line, err_text(row->fault, cx->lang),
            row->why[0] == '\0' ? "" : ": ", row->why);
    put_raw(e, b, row);
    return put_last(cx, e, b, buf_str(&why));
}

static enum err put_rows(struct cx *cx, struct import_errors *e, const struct import_batch *batch,
                         int64_t *bytes)
{
    struct buf b = { .p = arena_alloc(cx->mem, ROOM, 1), .room = ROOM, .limit = ROOM };
    if (b.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "refused rows");
    }
    if (e->bytes == 0) {
        buf_put(&b, e->file->head);
        TRY(put_last(cx, e, &b, e->reason));
    }
    *bytes = e->bytes;
    for (size_t i = 0; i < batch->n; i++) {
        struct arena_mark mark = arena_mark(cx->mem);
        if (batch->rows[i].outcome == IMPORT_REFUSED) {
            TRY(put_row(cx, e, &b, &batch->rows[i]));
        }
        arena_reset(cx->mem, mark);
        if (b.over) {
            return fail(cx, ERR_TOO_LONG, "refused rows");
        }
        if (b.n > WRITE_AT_ONCE || (i + 1 == batch->n && b.n > 0)) {
            TRY(write_all(cx, e, buf_str(&b)));
            *bytes += (int64_t)b.n;
            buf_clear(&b);
        }
    }
    return ERR_OK;
}

enum err import_errors_put(struct cx *cx, struct import_errors *e, const struct import_batch *b,
                           int64_t *bytes)
{
    bool any = false;
    for (size_t i = 0; i < b->n && !any; i++) {
        any = b->rows[i].outcome == IMPORT_REFUSED;
    }
    *bytes = e->bytes;
    if (!any) {
        return ERR_OK;
    }
    TRY(cut_to(cx, e, e->bytes)); /* what a try before this one left */
    TRY(put_rows(cx, e, b, bytes));
    if (fdatasync(e->fd) != 0) {
        return fail(cx, ERR_FILE, STR_FMT ": %s", STR_ARG(e->path), strerror(errno));
    }
    return ERR_OK;
}
