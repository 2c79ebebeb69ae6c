#include "base/base.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *text[LANG__COUNT];
    int http;
} table[] = {
#define X(symbol, http, zh, en) [ERR_##symbol] = { #symbol, { zh, en }, http },
    ERR_TABLE(X)
#undef X
};

const char *err_name(enum err code)
{
    return (size_t)code < COUNT_OF(table) ? table[code].name : "?";
}

const char *err_text(enum err code, enum lang lang)
{
    return (size_t)code < COUNT_OF(table) ? table[code].text[lang == LANG_EN ? 1 : 0] : "?";
}

int err_http(enum err code)
{
    return (size_t)code < COUNT_OF(table) ? table[code].http : 500;
}

/* A detail is one line: control characters become spaces, and a cut leaves no half character. */
static void make_one_line(char *z)
{
    size_t n = strlen(z);
    while (n > 0 && utf8_bad_at((struct str){ z, n }) < n) {
        n = utf8_bad_at((struct str){ z, n });
    }
    z[n] = '\0';
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)z[i] < 0x20 || z[i] == 0x7f) {
            z[i] = ' ';
        }
    }
}

enum err fail_at(struct cx *cx, enum err code, const char *file, int line, const char *fmt, ...)
{
    if (cx->fault.code == ERR_OK) {
        va_list ap;
        va_start(ap, fmt);
        (void)vsnprintf(cx->fault.detail, sizeof cx->fault.detail, fmt, ap);
        va_end(ap);
        make_one_line(cx->fault.detail);
        cx->fault.code = code;
        cx->fault.file = file;
        cx->fault.line = line;
    }
    return code;
}

void fault_clear(struct cx *cx)
{
    cx->fault = (struct fault){ 0 };
}
