#include "core/txt.h"

#include "core/field.h"

#include <stdio.h>

enum err txt_fail(struct cx *cx, const struct txt *t, const char *fmt, ...)
{
    char reason[300];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(reason, sizeof reason, fmt, ap);
    va_end(ap);
    struct place at = t->lines.at;
    at.line += t->line.p == NULL; /* the line that is missing */
    return fail_place(cx, ERR_DRAW_FILE, at, "%s", reason);
}

enum err txt_step(struct cx *cx, struct txt *t)
{
    TRY(lines_next(cx, &t->lines, &t->line));
    if (t->line.p == NULL) {
        t->word = t->rest = STR("");
        return ERR_OK;
    }
    for (size_t i = 0; i < COUNT_OF(t->hash); i++) {
        hasher_feed(&t->hash[i], t->line.p, t->line.n);
        hasher_feed(&t->hash[i], "\n", 1);
    }
    t->rest = t->line;
    t->word = str_cut(&t->rest, ' ');
    return ERR_OK;
}

enum err txt_open(struct cx *cx, struct txt *t, const struct draw_source *source, const char *title)
{
    *t = (struct txt){ 0 };
    hasher_init(&t->hash[DIGEST_SHA256], DIGEST_SHA256);
    hasher_init(&t->hash[DIGEST_SM3], DIGEST_SM3);
    TRY(lines_open(cx, source, &t->lines));
    TRY(txt_step(cx, t));
    if (title == NULL) {
        return ERR_OK;
    }
    if (!str_eq(t->line, str_of(title))) {
        return txt_fail(cx, t, "the first line must be \"%s\"", title);
    }
    return txt_step(cx, t);
}

bool txt_at(const struct txt *t, const char *word)
{
    return t->line.p != NULL && str_eq(t->word, str_of(word));
}

enum err txt_take(struct cx *cx, struct txt *t, const char *word, struct str *field, size_t n)
{
    if (!txt_at(t, word)) {
        return txt_fail(cx, t, "here must stand \"%s ...\"", word);
    }
    if (!field_cut(t->rest, ' ', field, n)) {
        return txt_fail(cx, t, "\"%s\" takes %zu field%s, one space before each", word, n,
                        n == 1 ? "" : "s");
    }
    for (size_t i = 0; i < n; i++) {
        field[i] = str_dup(cx->mem, field[i]);
        if (field[i].p == NULL) {
            return fail(cx, ERR_NO_MEMORY, "%s", t->lines.at.file);
        }
    }
    return ERR_OK;
}

enum err txt_take_digest(struct cx *cx, struct txt *t, const char *word, struct digest *out)
{
    if (!txt_at(t, word)) {
        return txt_fail(cx, t, "here must stand \"%s <64 hex>\"", word);
    }
    if (!field_hex(t->rest, DIGEST_LEN, out->b)) {
        return txt_fail(cx, t, "\"%s\" takes 64 lower-case hex digits", word);
    }
    return txt_step(cx, t);
}

enum err txt_end(struct cx *cx, struct txt *t, enum digest_kind kind, struct digest *out)
{
    if (t->line.p != NULL) {
        return txt_fail(cx, t, "\"" STR_FMT "\" is not expected here",
                        (int)(t->word.n < 40 ? t->word.n : 40), t->word.p);
    }
    *out = hasher_end(&t->hash[kind]);
    return ERR_OK;
}
