#include "core/lines.h"

#include <stdio.h>
#include <string.h>

static enum err text_next(struct cx *cx, void *ctx, struct str *chunk)
{
    (void)cx;
    struct draw_text *t = ctx;
    *chunk = t->taken ? STR("") : t->text;
    t->taken = true;
    return ERR_OK;
}

static enum err text_rewind(struct cx *cx, void *ctx)
{
    (void)cx;
    struct draw_text *t = ctx;
    t->taken = false;
    return ERR_OK;
}

struct draw_source draw_source_of(const char *name, struct str text, struct draw_text *room)
{
    *room = (struct draw_text){ .text = text };
    return (struct draw_source){ name, text_next, text_rewind, room };
}

enum err fail_place_at(struct cx *cx, enum err code, struct place at, const char *file, int line,
                       const char *fmt, ...)
{
    char reason[400];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(reason, sizeof reason, fmt, ap);
    va_end(ap);
    if (at.line == 0) {
        return fail_at(cx, code, file, line, "%s: %s", at.file, reason);
    }
    return fail_at(cx, code, file, line, "%s:%llu: %s", at.file, (unsigned long long)at.line,
                   reason);
}

enum err lines_open(struct cx *cx, const struct draw_source *source, struct lines *out)
{
    *out = (struct lines){ .source = *source, .at = { source->name, 0 } };
    out->carry = arena_alloc(cx->mem, LINE_MAX_BYTES, 1);
    if (out->carry == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", source->name);
    }
    return source->rewind(cx, source->ctx);
}

/* Takes the next chunk of the source and notes the first byte in it that no file may hold. */
static enum err chunk_take(struct cx *cx, struct lines *l)
{
    TRY(l->source.next(cx, l->source.ctx, &l->rest));
    if (l->rest.n == 0) {
        return ERR_OK;
    }
    const char *cr = memchr(l->rest.p, '\r', l->rest.n);
    const char *nul = memchr(l->rest.p, '\0', cr == NULL ? l->rest.n : (size_t)(cr - l->rest.p));
    l->bad = nul != NULL ? nul : cr;
    return ERR_OK;
}

/* What no line may hold, and why; NULL when this piece of the chunk is fine. */
static const char *piece_fault(const struct lines *l, struct str piece)
{
    if (l->bad == NULL || l->bad < piece.p || l->bad >= piece.p + piece.n) {
        return NULL;
    }
    return *l->bad == '\0' ? "a NUL byte" : "a carriage return; lines end with LF alone";
}

static const char *line_fault(const struct lines *l, struct str line)
{
    if (line.n == 0) {
        return "an empty line";
    }
    if (line.n > LINE_MAX_BYTES) {
        return "the line is too long";
    }
    if (l->at.line == 0 && str_starts(line, STR("\xEF\xBB\xBF"))) {
        return "a byte order mark";
    }
    return NULL;
}

static enum err line_refuse(struct cx *cx, struct lines *l, const char *reason)
{
    l->at.line++;
    return fail_place(cx, ERR_DRAW_FILE, l->at, "%s", reason);
}

/* Puts together a line that goes on in the next chunk. */
static enum err line_join(struct cx *cx, struct lines *l, struct str *line)
{
    *line = (struct str){ l->carry, 0 };
    for (;;) {
        const char *lf = memchr(l->rest.p, '\n', l->rest.n);
        struct str piece = { l->rest.p, lf == NULL ? l->rest.n : (size_t)(lf - l->rest.p) };
        const char *fault = piece_fault(l, piece);
        if (fault != NULL) {
            return line_refuse(cx, l, fault);
        }
        if (piece.n > LINE_MAX_BYTES - line->n) {
            return line_refuse(cx, l, "the line is too long");
        }
        memcpy(l->carry + line->n, piece.p, piece.n);
        line->n += piece.n;
        if (lf != NULL) {
            l->rest = str_from(l->rest, piece.n + 1);
            break;
        }
        TRY(chunk_take(cx, l));
        if (l->rest.n == 0) {
            return line_refuse(cx, l, "the last line does not end with LF");
        }
    }
    const char *fault = line_fault(l, *line);
    return fault == NULL ? ERR_OK : line_refuse(cx, l, fault);
}

enum err lines_some(struct cx *cx, struct lines *l, struct str *line, size_t max, size_t *n)
{
    *n = 0;
    if (l->rest.n == 0) {
        TRY(chunk_take(cx, l));
    }
    while (*n < max && l->rest.n > 0) {
        const char *lf = memchr(l->rest.p, '\n', l->rest.n);
        if (lf == NULL) {
            break;
        }
        struct str whole = { l->rest.p, (size_t)(lf - l->rest.p) };
        const char *fault = piece_fault(l, whole);
        fault = fault != NULL ? fault : line_fault(l, whole);
        if (fault != NULL) {
            return *n > 0 ? ERR_OK : line_refuse(cx, l, fault);
        }
        line[(*n)++] = whole;
        l->rest = (struct str){ lf + 1, l->rest.n - whole.n - 1 };
        l->at.line++;
    }
    if (*n == 0 && l->rest.n > 0) {
        TRY(line_join(cx, l, line));
        l->at.line++;
        *n = 1;
    }
    return ERR_OK;
}

enum err lines_next(struct cx *cx, struct lines *l, struct str *line)
{
    size_t n;
    TRY(lines_some(cx, l, line, 1, &n));
    if (n == 0) {
        *line = (struct str){ NULL, 0 };
    }
    return ERR_OK;
}
