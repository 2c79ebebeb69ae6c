/* Procedures on the command line. Private to cli/. */
#ifndef SISHI_CLI_PROCEDURE_H
#define SISHI_CLI_PROCEDURE_H

#include "cli/cli.h"

/* A procedure and the words to say it with. */
struct say {
    struct cx *cx;
    const struct defs *defs;
    const struct procedure *p;
    enum lang lang;
};

/* The procedure that a word names: KEY (in force on `on`, or the newest), KEY@VERSION, or a file
 * (a word with '/' or ending in ".yaml"), which is checked. */
enum err procedure_of_word(struct cli *c, const char *word, struct say *out) MUST_USE;
/* The whole file, in cx->mem. */
enum err procedure_file(struct cli *c, const char *path, struct str *out) MUST_USE;
/* Prints the line of a failure "FILE:LINE:COLUMN: ..." with a caret under the column. */
void procedure_caret(struct cli *c, const char *path);

/* A word of definitions/procedure_words.yaml; {1}, {2}, {3} filled. In cx->mem. */
struct str say_word(const struct say *s, const char *key);
struct str say_fill(const struct say *s, const char *key, const struct str *arg, size_t n);
#define SAY(s, key, ...)                                                                           \
    say_fill((s), (key), (const struct str[]){ __VA_ARGS__ },                                      \
             sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
struct str say_term(const struct say *s, const struct term *t);
struct str say_int(const struct say *s, int64_t v);
struct str say_date(const struct say *s, int32_t on);
struct str say_guard(const struct say *s, const struct guard *g); /* NULL: empty */
struct str say_effect(const struct say *s, const struct proc_effect *e);
struct str say_op(const struct say *s, const struct proc_op *op);
struct str say_clock(const struct say *s, const struct proc_clock *c);  /* its label */
struct str say_length(const struct say *s, const struct proc_clock *c); /* "15 working days ..." */
struct str say_expiry(const struct say *s, const struct proc_clock *c);
struct str say_who(const struct say *s, const struct proc_step *step);
struct str say_states(const struct say *s, const int16_t *state, size_t n);
struct str say_fields(const struct say *s, const int16_t *field, size_t n);

/* The states and steps as an SVG picture; ERR_TOO_LONG past the buffer's ceiling. */
enum err procedure_svg(const struct say *s, struct buf *out) MUST_USE;

#endif
