/* Lines of a draw file, delivered by whoever has them: a file, a request, rows of a table.
 * The draw never opens anything; it asks a source for bytes and gives lines to a sink. */
#ifndef SISHI_CORE_LINES_H
#define SISHI_CORE_LINES_H

#include "base/base.h"

/* A text that can be read from its start as often as needed, giving the same bytes each time. */
struct draw_source {
    const char *name; /* for messages: "population.tsv" */
    /* The next bytes, cut anywhere (1 to 4 MB is a good size); they stay valid until the next call.
     * Empty at the end. */
    enum err (*next)(struct cx *cx, void *ctx, struct str *chunk);
    enum err (*rewind)(struct cx *cx, void *ctx);
    void *ctx;
};

/* Takes one line at a time, without its LF. The view is valid during the call. */
struct draw_sink {
    enum err (*line)(struct cx *cx, void *ctx, struct str line);
    void *ctx;
};

/* A text in memory as a source. `text` must outlive the source; *room is its state. */
struct draw_text {
    struct str text;
    bool taken;
};
PUBLIC struct draw_source draw_source_of(const char *name, struct str text, struct draw_text *room);

/* Where a line stands, for messages: "population.tsv:12: ...". */
struct place {
    const char *file;
    uint64_t line; /* from 1; 0 = the file as a whole */
};
static inline struct place place_of(const char *file, uint64_t line)
{
    return (struct place){ file, line };
}
/* Fails with `code` and "FILE:LINE: reason". */
#define fail_place(cx, code, at, ...)                                                              \
    fail_place_at((cx), (code), (at), __FILE__, __LINE__, __VA_ARGS__)
PUBLIC enum err fail_place_at(struct cx *cx, enum err code, struct place at, const char *file,
                              int line, const char *fmt, ...) PRINTF(6, 7);

/* Reads a source line by line under the rules for all files: LF ends every line, no CR, no NUL, no
 * byte order mark, no empty line, no line above LINE_MAX_BYTES. What a line holds is for the
 * fields.
 */
enum { LINE_MAX_BYTES = 1 << 16 };
struct lines {
    struct draw_source source;
    struct place at; /* of the line last given */
    struct str rest; /* of the chunk */
    const char *bad; /* the first CR or NUL of the chunk, if any */
    char *carry;     /* LINE_MAX_BYTES: a line cut by a chunk's end is put together here */
};
/* Rewinds the source. */
PUBLIC enum err lines_open(struct cx *cx, const struct draw_source *source,
                           struct lines *out) MUST_USE;
/**
 * The next lines, as many as are at hand.
 *
 * @param line  room for max views; they stay valid until the next call
 * @param n     how many there are; 0 at the end of the file. The i-th is line at.line - n + 1 + i
 * @return ERR_DRAW_FILE with file, line and reason, after the lines before it were given
 */
PUBLIC enum err lines_some(struct cx *cx, struct lines *l, struct str *line, size_t max,
                           size_t *n) MUST_USE;
/* One line; .p is NULL at the end of the file. */
PUBLIC enum err lines_next(struct cx *cx, struct lines *l, struct str *line) MUST_USE;

#endif
