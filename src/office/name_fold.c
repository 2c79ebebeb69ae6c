/* Names folded for comparing. */
#include "office/office.h"

/* Blanks, brackets and marks that people write now one way, now another. */
static bool is_mark(uint32_t c)
{
    static const uint32_t wide[] = { 0x00b7, 0x2018, 0x2019, 0x201c, 0x201d, 0x3001, 0x3002,
                                     0x300a, 0x300b, 0x3010, 0x3011, 0x3014, 0x3015, 0x30fb };
    if (c < 0x80) {
        return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
    }
    for (size_t i = 0; i < COUNT_OF(wide); i++) {
        if (wide[i] == c) {
            return true;
        }
    }
    return false;
}

enum err name_fold(struct cx *cx, struct str name, struct str *out)
{
    char *narrow = arena_alloc(cx->mem, name.n + 1, 1);
    if (narrow == NULL) {
        return fail(cx, ERR_NO_MEMORY, "name");
    }
    struct str s = { narrow, fold_width(name, narrow) };
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        uint32_t c = utf8_next(s, &i);
        c = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
        if (is_mark(c)) {
            continue;
        }
        if (c < 0x80) {
            narrow[n++] = (char)c;
            continue;
        }
        while (at < i) { /* never longer than what was read, so it may be moved down in place */
            narrow[n++] = narrow[at++];
        }
    }
    *out = n == 0 ? name : (struct str){ narrow, n };
    return ERR_OK;
}
