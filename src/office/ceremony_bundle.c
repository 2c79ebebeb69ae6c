/* The files of a draw, byte for byte as in the specification: streamed, or put into a folder. */
#include "office/ceremony_sight.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXPORT_PATH = 4096, LEAVES_ROOM = CEREMONY_BLOCK * (DRAW_ID_MAX + 2 + CEREMONY_HEX) };

/* A file on its way out. Each piece is read in a transaction of its own, so that a slow reader
 * keeps no snapshot: what is frozen or drawn does not change any more. */
struct streaming {
    const struct actor *by;
    int64_t id;
    enum ceremony_file file;
    const struct ceremony_sink *to;
    struct q_draw_get row;
    struct str text;               /* of a short file */
    struct ceremony tale;          /* only `row` is set: what the blocks' source looks at */
    struct ceremony_blocks blocks; /* of a long one */
    struct draw_source source;
    struct str piece;
    char *leaves; /* LEAVES_ROOM */
};

static bool is_long(enum ceremony_file f)
{
    switch (f) {
    case CEREMONY_FILE_POPULATION:
    case CEREMONY_FILE_LEAVES:
    case CEREMONY_FILE_EXCLUSIONS:
    case CEREMONY_FILE_ROSTER:
    case CEREMONY_FILE_RECUSAL:
    case CEREMONY_FILE_LOTS:
    case CEREMONY_FILE_RESULT:
    case CEREMONY_FILE_ASSIGN:
    case CEREMONY_FILE_PRICES:
        return true;
    case CEREMONY_FILE_PLAN:
    case CEREMONY_FILE_RULES:
    case CEREMONY_FILE_FREEZE:
    case CEREMONY_FILE_REVEALS:
    case CEREMONY_FILE_SEED:
    case CEREMONY_FILE_HEAD:
    case CEREMONY_FILE_EVENTS:
    case CEREMONY_FILE__COUNT:
    default:
        return false;
    }
}

static enum err not_made(struct cx *cx, const struct streaming *w)
{
    return fail(cx, ERR_NOT_FOUND, "%s of draw " STR_FMT, ceremony_file_name(w->file),
                STR_ARG(w->row.no));
}

/* The lines of events.tsv, one for each change made since the draw. */
static enum err events_text(struct cx *cx, struct tx *tx, struct streaming *w)
{
    struct q_draw_changes *rows = NULL;
    struct buf b = buf_of(cx->mem, 64u << 20);
    size_t n = 0;
    if (w->row.result_run == NULL_INT) {
        return not_made(cx, w);
    }
    TRY(q_draw_changes(cx, tx, w->id, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        buf_put(&b, rows[i].line);
        buf_put_c(&b, '\n');
    }
    return buf_done(cx, &b, &w->text);
}

/* May the asker have it, and is it there? */
static enum err open_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct streaming *w = arg;
    struct sight s;
    struct str hex;
    TRY(sight_load(cx, tx, w->id, w->by, &w->row, &s));
    TRY(sight_file(cx, &s, &w->row, w->file));
    if (w->file == CEREMONY_FILE_EVENTS) {
        return events_text(cx, tx, w);
    }
    if (!is_long(w->file)) {
        TRY(ceremony_text(cx, tx, w->id, ceremony_file_name(w->file), &w->text, &hex));
        return w->text.p != NULL ? ERR_OK : not_made(cx, w);
    }
    w->tale.row = w->row;
    if (ceremony_run_of(&w->tale, w->file) == NULL_INT ||
        (w->file == CEREMONY_FILE_LEAVES && w->row.sealed == 0)) {
        return not_made(cx, w);
    }
    enum ceremony_file stored =
        w->file == CEREMONY_FILE_LEAVES ? CEREMONY_FILE_POPULATION : w->file;
    w->source = ceremony_blocks_source(tx, &w->tale, stored, &w->blocks);
    return ERR_OK;
}

static enum err piece_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct streaming *w = arg;
    w->blocks.tx = tx;
    return w->source.next(cx, w->source.ctx, &w->piece);
}

/* The lines of a block as the public gets them when they are sealed: `id TAB leaf`. */
static struct str sealed_piece(struct streaming *w)
{
    struct str view[CEREMONY_BLOCK] = { 0 };
    struct digest leaf[CEREMONY_BLOCK];
    size_t n = 0;
    size_t at = 0;
    for (struct str rest = w->piece; rest.n > 0 && n < CEREMONY_BLOCK;) {
        view[n++] = str_cut(&rest, '\n');
    }
    merkle_leaves((enum digest_kind)w->row.hash, view, n, leaf);
    for (size_t i = 0; i < n; i++) {
        struct str id = str_cut(&view[i], '\t');
        if (at + id.n + 2 + CEREMONY_HEX > LEAVES_ROOM) {
            break; /* no id is so long: frame_read saw them */
        }
        memcpy(w->leaves + at, id.p, id.n);
        at += id.n;
        w->leaves[at++] = '\t';
        hex_put(leaf[i].b, DIGEST_LEN, w->leaves + at);
        at += CEREMONY_HEX;
        w->leaves[at++] = '\n';
    }
    return (struct str){ w->leaves, at };
}

static enum err stream(struct cx *cx, const struct desk *d, struct streaming *w)
{
    if (!is_long(w->file)) {
        return w->text.n == 0 ? ERR_OK : w->to->put(cx, w->to->arg, w->text);
    }
    if (w->file == CEREMONY_FILE_LEAVES) {
        w->leaves = arena_alloc(cx->mem, LEAVES_ROOM, 1);
        if (w->leaves == NULL) {
            return fail(cx, ERR_NO_MEMORY, "leaves.tsv");
        }
    }
    for (;;) {
        TRY(store_read(cx, d->store, piece_work, w));
        if (w->piece.n == 0) {
            return ERR_OK;
        }
        TRY(w->to->put(cx, w->to->arg, w->leaves != NULL ? sealed_piece(w) : w->piece));
    }
}

enum err ceremony_file(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                       enum ceremony_file f, const struct ceremony_sink *to)
{
    struct streaming *w = arena_alloc(cx->mem, 1, sizeof *w);
    if (w == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a file of a draw");
    }
    *w = (struct streaming){ .by = by, .id = id, .file = f, .to = to };
    TRY(store_read(cx, d->store, open_work, w));
    return stream(cx, d, w);
}

/* ---- a folder ---------------------------------------------------------------------------------
 */

struct saving {
    const char *path;
    int fd; /* -1 until the first bytes: what may not be had leaves no file */
};

static enum err save_open(struct cx *cx, struct saving *s)
{
    if (s->fd < 0) {
        s->fd = open(s->path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    }
    return s->fd >= 0 ? ERR_OK : fail(cx, ERR_FILE, "%s: %s", s->path, strerror(errno));
}

static enum err save_put(struct cx *cx, void *arg, struct str bytes)
{
    struct saving *s = arg;
    TRY(save_open(cx, s));
    while (bytes.n > 0) {
        ssize_t n = write(s->fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return fail(cx, ERR_FILE, "%s: %s", s->path, strerror(errno));
        }
        bytes = str_from(bytes, (size_t)n);
    }
    return ERR_OK;
}

static void save_close(struct saving *s)
{
    if (s->fd >= 0) {
        (void)close(s->fd);
    }
}

/* An empty list is a file too. What is not there, or not for this asker, is passed over. */
static enum err save_file(struct cx *cx, const struct desk *d, const struct streaming *of,
                          const char *path)
{
    CLEANUP(save_close) struct saving s = { path, -1 };
    const struct ceremony_sink to = { save_put, &s };
    enum err e = ceremony_file(cx, d, of->by, of->id, of->file, &to);
    if (e == ERR_OK) {
        return save_open(cx, &s);
    }
    if (e == ERR_NOT_FOUND || e == ERR_FORBIDDEN) {
        fault_clear(cx);
        return ERR_OK;
    }
    return e;
}

static enum err export_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct streaming *w = arg;
    struct sight s;
    return sight_load(cx, tx, w->id, w->by, &w->row, &s);
}

enum err ceremony_export(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str dir)
{
    struct streaming w = { .by = by, .id = id };
    char path[EXPORT_PATH];
    TRY(store_read(cx, d->store, export_work, &w)); /* no folder for a draw that is not there */
    int n = snprintf(path, sizeof path, STR_FMT, STR_ARG(dir));
    if (n <= 0 || n >= (int)sizeof path - 32) {
        return fail(cx, ERR_FILE, "folder \"" STR_FMT "\"", STR_ARG(dir));
    }
    if (mkdir(path, 0755) != 0 && errno != EEXIST) {
        return fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    for (int f = 0; f < CEREMONY_FILE__COUNT; f++) {
        w.file = (enum ceremony_file)f;
        (void)snprintf(path + n, sizeof path - (size_t)n, "/%s", ceremony_file_name(w.file));
        TRY(save_file(cx, d, &w, path));
    }
    return ERR_OK;
}
