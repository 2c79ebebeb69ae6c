/* Answers that are written by a loop rather than asked for piece by piece: they wait in a file
 * without a name in the spool folder, so a slow reader holds no snapshot of the database open. */
#include "http/inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

struct http_sink {
    FILE *file;
};

static void file_close(void *arg)
{
    FILE *f = arg;
    (void)fclose(f);
}

static void file_closep(FILE **f)
{
    if (*f != NULL) {
        file_close(*f);
    }
}

static enum err file_piece(struct cx *cx, void *arg, struct buf *to)
{
    FILE *f = arg;
    char *piece = arena_alloc(cx->mem, 1, PIECE);
    if (piece == NULL) {
        return fail(cx, ERR_NO_MEMORY, "answer");
    }
    size_t n = fread(piece, 1, PIECE, f);
    if (ferror(f)) {
        return fail(cx, ERR_FILE, "spool: %s", strerror(errno));
    }
    buf_put(to, (struct str){ piece, n });
    return ERR_OK;
}

static enum err file_new(struct http_call *c, FILE **out)
{
    struct buf b = buf_of(c->cx->mem, 4096);
    buf_fmt(&b, "%s/answer-XXXXXX", c->inner->http->o.spool);
    buf_put_c(&b, '\0');
    int fd = b.over ? -1 : mkstemp(b.p);
    if (fd < 0) {
        return fail(c->cx, errno == ENOSPC ? ERR_STORE_FULL : ERR_FILE, "spool: %s",
                    strerror(errno));
    }
    (void)unlink(b.p);
    *out = fdopen(fd, "w+");
    if (*out == NULL) {
        (void)close(fd);
        return fail(c->cx, ERR_NO_MEMORY, "spool");
    }
    return ERR_OK;
}

enum err http_sink_put(struct cx *cx, struct http_sink *to, struct str bytes)
{
    bool all = bytes.n == 0 || fwrite(bytes.p, 1, bytes.n, to->file) == bytes.n;
    return all ? ERR_OK
               : fail(cx, errno == ENOSPC ? ERR_STORE_FULL : ERR_FILE, "spool: %s",
                      strerror(errno));
}

enum err http_answer_written(struct http_call *c, int status, const char *type,
                             enum err (*write)(struct cx *cx, struct http_sink *to, void *arg),
                             void *arg)
{
    CLEANUP(file_closep) FILE *f = NULL;
    TRY(file_new(c, &f));
    TRY(write(c->cx, &(struct http_sink){ f }, arg));
    if (fflush(f) != 0) {
        return fail(c->cx, ERR_FILE, "spool: %s", strerror(errno));
    }
    rewind(f);
    struct http_stream s = { .more = file_piece, .done = file_close, .arg = f };
    f = NULL; /* handed over */
    return http_answer_stream(c, status, type, s);
}

enum err http_answer_file(struct http_call *c, int status, const char *type, const char *path)
{
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        return fail(c->cx, errno == ENOENT ? ERR_NOT_FOUND : ERR_FILE, "%s", strerror(errno));
    }
    struct http_stream s = { .more = file_piece, .done = file_close, .arg = f };
    return http_answer_stream(c, status, type, s);
}
