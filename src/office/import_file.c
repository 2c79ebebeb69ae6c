/* A file to import: its charset, its separator, its header. */
#include "office/import_parts.h"

#include "office/office.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A header ends within this many bytes; the charset is guessed from the first such piece that is
 * not ASCII alone. */
enum { PIECE = 1 << 18 };

void import_file_close(struct import_file *f)
{
    if (f->fd >= 0) {
        (void)close(f->fd);
        f->fd = -1;
    }
}

enum err import_file_read(struct cx *cx, const struct import_file *f, int64_t at, char *to,
                          size_t n, size_t *got)
{
    size_t have = 0;
    while (have < n) {
        ssize_t r = pread(f->fd, to + have, n - have, at + (int64_t)have);
        if (r < 0 && errno == EINTR) {
            continue;
        }
        if (r < 0) {
            return fail(cx, ERR_FILE, "%s", strerror(errno));
        }
        if (r == 0) {
            break;
        }
        have += (size_t)r;
    }
    *got = have;
    return ERR_OK;
}

static bool has_wide(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80) {
            return true;
        }
    }
    return false;
}

/* The piece begins at a line, so that no character is cut at its beginning. */
static enum err guess_charset(struct cx *cx, struct import_file *f, char *piece)
{
    size_t got = PIECE;
    int64_t at = 0;
    while (got == PIECE) {
        TRY(import_file_read(cx, f, at, piece, PIECE, &got));
        struct str s = { piece, got };
        const char *end = memrchr(piece, '\n', got);
        s.n = end != NULL && got == PIECE ? (size_t)(end - piece) + 1 : got;
        if (at == 0 || has_wide(s)) {
            TRY(charset_guess(cx, s, &f->charset));
        }
        if (has_wide(s)) {
            return ERR_OK;
        }
        at += (int64_t)s.n;
    }
    return ERR_OK;
}

static enum err keep_header(struct cx *cx, struct import_file *f, const struct csv_record *r)
{
    CLEANUP(charset_close) struct charset_turn turn = { 0 };
    TRY(charset_open(cx, f->charset, &turn));
    for (size_t i = 0; i < r->n; i++) {
        struct str text;
        TRY(charset_read(cx, &turn, r->field[i], &text));
        f->header[i] = str_dup(cx->mem, str_trim(text));
        if (f->header[i].p == NULL) {
            return fail(cx, ERR_NO_MEMORY, "header");
        }
    }
    f->n_columns = r->n;
    return ERR_OK;
}

static enum err no_column_twice(struct cx *cx, const struct import_file *f)
{
    for (size_t i = 0; i < f->n_columns; i++) {
        for (size_t k = 0; k < i; k++) {
            if (f->header[i].n > 0 && str_eq(f->header[i], f->header[k])) {
                return fail(cx, ERR_FIELD, "columns %zu, %zu: \"" STR_FMT "\"", k + 1, i + 1,
                            STR_ARG(f->header[i]));
            }
        }
    }
    return ERR_OK;
}

static bool blank(const struct csv_record *r)
{
    return r->fault == ERR_OK && r->n == 1 && str_trim(r->field[0]).n == 0;
}

static enum err read_header(struct cx *cx, struct import_file *f, struct str text)
{
    struct csv_record *r = arena_alloc(cx->mem, 1, sizeof *r);
    char *scratch = arena_alloc(cx->mem, text.n + 1, 1);
    size_t at = f->bom ? 3 : 0;
    if (r == NULL || scratch == NULL) {
        return fail(cx, ERR_NO_MEMORY, "header");
    }
    f->separator = csv_separator(str_from(text, at));
    f->rows_at_line = 1;
    do {
        if (at >= text.n) {
            return fail(cx, ERR_FIELD, "header: the file is empty");
        }
        if (!csv_next(str_from(text, at), f->separator, true, &scratch, r)) {
            return fail(cx, ERR_FIELD, "header");
        }
        at += r->bytes;
        f->rows_at_line += (int64_t)r->lines;
    } while (blank(r));
    if (r->fault != ERR_OK) {
        return fail(cx, ERR_FIELD, "header: %s", err_text(r->fault, cx->lang));
    }
    f->rows_at = (int64_t)at;
    f->head = str_dup(cx->mem, (struct str){ text.p, (size_t)(r->raw.p - text.p) + r->raw.n });
    TRY(keep_header(cx, f, r));
    return no_column_twice(cx, f);
}

enum err import_file_open(struct cx *cx, struct str path, struct import_file *f)
{
    struct stat st;
    struct str z = str_dup(cx->mem, path);
    char *piece = arena_alloc(cx->mem, PIECE, 1);
    size_t got = 0;
    if (z.p == NULL || piece == NULL) {
        return fail(cx, ERR_NO_MEMORY, "file");
    }
    f->fd = open(z.p, O_RDONLY | O_CLOEXEC);
    if (f->fd < 0 || fstat(f->fd, &st) != 0) {
        return fail(cx, ERR_FILE, "%s: %s", z.p, strerror(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        return fail(cx, ERR_FILE, "%s: not a file", z.p);
    }
    f->bytes = st.st_size;
    TRY(guess_charset(cx, f, piece));
    TRY(import_file_read(cx, f, 0, piece, PIECE, &got));
    f->bom = charset_bom((struct str){ piece, got }) > 0;
    return read_header(cx, f, (struct str){ piece, got });
}
