/* Failures: one code, one line for a person, said once where it happened. */
#ifndef SISHI_BASE_FAULT_H
#define SISHI_BASE_FAULT_H

#include "base/defs.h"
#include "base/err_table.h"

enum err {
#define X(symbol, http, zh, en) ERR_##symbol,
    ERR_TABLE(X)
#undef X
        ERR__COUNT
};

/* The languages a person may be answered in. */
enum lang { LANG_ZH, LANG_EN, LANG__COUNT };

/* What went wrong, for a person to read. Filled by fail(); lives in struct cx. */
struct fault {
    enum err code;
    const char *file; /* where fail() was called, static text */
    int line;
    char detail[512]; /* UTF-8, one line, names the thing; may be empty */
};

/* One unit of work: a request, a command, a nightly task. First argument of whatever can fail. */
struct cx {
    struct arena *mem;  /* everything allocated for this work; freed at once at its end */
    struct fault fault; /* the first failure */
    int64_t now_ms;     /* Unix milliseconds, UTC; the only clock the work may read */
    enum lang lang;     /* in which the person is answered */
};

/* "USCC_LENGTH": stable, for programs. */
const char *err_name(enum err code);
/* The table's sentence in `lang`. */
const char *err_text(enum err code, enum lang lang);
/* The HTTP status of the table. */
int err_http(enum err code);

/* Records the failure and returns `code`, so a caller can write `return fail(cx, ERR_X, ...)`.
 * The first failure wins; the detail is cut at a character's border and has no control characters.
 */
#define fail(cx, code, ...) fail_at((cx), (code), __FILE__, __LINE__, __VA_ARGS__)
enum err fail_at(struct cx *cx, enum err code, const char *file, int line, const char *fmt, ...)
    PRINTF(5, 6);

/* Forgets a failure that was handled, e.g. NOT_FOUND answered by another way. */
void fault_clear(struct cx *cx);

/* The one macro that hides a return. _Generic refuses ints, bools, sizes and pointers. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        enum err try_ = _Generic((expr), enum err : (expr));                                       \
        if (try_ != ERR_OK) {                                                                      \
            return try_;                                                                           \
        }                                                                                          \
    } while (0)

#endif
