/* The .txt files of a draw: fields parted by one space, the first word says what the line is.
 * Private to the draw. */
#ifndef SISHI_CORE_TXT_H
#define SISHI_CORE_TXT_H

#include "core/digest.h"
#include "core/lines.h"

struct txt {
    struct lines lines;
    struct hasher hash[2]; /* the text's bytes under each digest: a plan names its own */
    struct str line;       /* the current line; .p NULL at the end */
    struct str word, rest; /* before and behind its first space */
};
/* Opens the text and takes its first line, which must be `title` (NULL: the text has none). */
enum err txt_open(struct cx *cx, struct txt *t, const struct draw_source *source,
                  const char *title) MUST_USE;
/* Is the current line's first word this? */
bool txt_at(const struct txt *t, const char *word);
/* Moves to the next line. */
enum err txt_step(struct cx *cx, struct txt *t) MUST_USE;
/* The current line must be `word` and n fields; they are copied to cx->mem. Check them, then step.
 */
enum err txt_take(struct cx *cx, struct txt *t, const char *word, struct str *field,
                  size_t n) MUST_USE;
/* The current line must be `word <64 hex>`; steps behind it. */
enum err txt_take_digest(struct cx *cx, struct txt *t, const char *word,
                         struct digest *out) MUST_USE;
/* There must be no more lines. @return H(text) in *out */
enum err txt_end(struct cx *cx, struct txt *t, enum digest_kind kind, struct digest *out) MUST_USE;
/* ERR_DRAW_FILE about the current line. */
enum err txt_fail(struct cx *cx, const struct txt *t, const char *fmt, ...) PRINTF(3, 4);

#endif
