/* Private to office/: files in UTF-8 or GB18030. */
#ifndef SISHI_OFFICE_CHARSET_H
#define SISHI_OFFICE_CHARSET_H

#include "base/base.h"

enum charset { CHARSET_UTF8, CHARSET_GB18030 };
/* "UTF-8", "GB18030" */
const char *charset_name(enum charset c);

/* How many bytes of byte order mark a text begins with: 3, or 0. */
size_t charset_bom(struct str head);
/**
 * Guesses from a piece of a file. The last character may be cut.
 *
 * @return ERR_UTF8: it is UTF-16, a workbook, or neither UTF-8 nor GB18030
 */
enum err charset_guess(struct cx *cx, struct str piece, enum charset *out) MUST_USE;

/* Turns texts of a file to UTF-8 and back. One for each thread. */
struct charset_turn {
    enum charset charset;
    void *in, *out; /* iconv's handles; NULL: none */
};
/* @param t  memory of the caller, all zero; closed also when this fails */
enum err charset_open(struct cx *cx, enum charset c, struct charset_turn *t) MUST_USE;
void charset_close(struct charset_turn *t); /* CLEANUP form; all zero is closed already */
/* A checked UTF-8 view: `s` itself or a copy in cx->mem. ERR_UTF8. */
enum err charset_read(struct cx *cx, struct charset_turn *t, struct str s,
                      struct str *out) MUST_USE;
/* UTF-8 to the file's bytes: `s` itself or a copy in cx->mem. */
enum err charset_write(struct cx *cx, struct charset_turn *t, struct str s,
                       struct str *out) MUST_USE;

#endif
