#include "http/inner.h"

#include <string.h>

enum { PART_HEAD_MAX = 4096, PARTS_MAX = 4096, BOUNDARY_MAX = 70 };

struct scan {
    struct str rest;
    char fence[BOUNDARY_MAX + 4]; /* "\r\n--boundary" */
    size_t fence_n;
};

static bool take(struct str *s, struct str what)
{
    if (!str_starts(*s, what)) {
        return false;
    }
    *s = str_from(*s, what.n);
    return true;
}

/* name="..." of a Content-Disposition; quotes inside come as %22 or \" and are left as they came
 * but do not end the value. p == NULL without. */
static struct str disposition_param(struct str line, struct str name)
{
    struct str none = { NULL, 0 };
    while (line.n > 0) {
        (void)str_cut(&line, ';');
        struct str at = str_trim(line);
        if (!take(&at, name) || !take(&at, STR("=\""))) {
            continue;
        }
        size_t n = 0;
        while (n < at.n && at.p[n] != '"') {
            n += at.p[n] == '\\' && n + 1 < at.n && at.p[n + 1] == '"' ? 2 : 1;
        }
        return n < at.n ? (struct str){ at.p, n } : none;
    }
    return none;
}

static enum err part_head(struct cx *cx, struct str head, struct part *p)
{
    struct str disposition = { NULL, 0 };
    while (head.n > 0) {
        struct str value = str_cut(&head, '\n');
        value.n -= value.n > 0 && value.p[value.n - 1] == '\r';
        struct str name = str_cut(&value, ':');
        if (!is_token(name)) {
            return fail(cx, ERR_BAD_REQUEST, "header line in a form part");
        }
        if (str_eq_nocase(name, STR("Content-Disposition"))) {
            disposition = str_trim(value);
        }
    }
    if (!str_starts(disposition, STR("form-data"))) {
        return fail(cx, ERR_BAD_REQUEST, "form part without Content-Disposition: form-data");
    }
    p->name = disposition_param(disposition, STR("name"));
    p->file_name = disposition_param(disposition, STR("filename"));
    if (p->name.p == NULL || utf8_bad_at(disposition) < disposition.n) {
        return fail(cx, ERR_BAD_REQUEST, "form part without a name");
    }
    return ERR_OK;
}

static enum err part_next(struct cx *cx, struct scan *s, struct part *p)
{
    size_t most = s->rest.n < PART_HEAD_MAX ? s->rest.n : PART_HEAD_MAX;
    const char *end = memmem(s->rest.p, most, "\r\n\r\n", 4);
    if (end == NULL) {
        return fail(cx, ERR_BAD_REQUEST, "form part without an end of its header");
    }
    size_t n = (size_t)(end - s->rest.p);
    TRY(part_head(cx, (struct str){ s->rest.p, n }, p));
    /* the fence may follow the header at once: its CRLF is then the header's last one */
    s->rest = str_from(s->rest, n + 2);
    const char *fence = memmem(s->rest.p, s->rest.n, s->fence, s->fence_n);
    if (fence == NULL) {
        return fail(cx, ERR_BAD_REQUEST, "form part without an end");
    }
    n = (size_t)(fence - s->rest.p);
    p->bytes = n < 2 ? (struct str){ s->rest.p, 0 } : (struct str){ s->rest.p + 2, n - 2 };
    s->rest = str_from(s->rest, n + s->fence_n);
    if (p->file_name.p == NULL && utf8_bad_at(p->bytes) < p->bytes.n) {
        return fail(cx, ERR_BAD_REQUEST, "form field is not UTF-8 or has a NUL");
    }
    return ERR_OK;
}

static enum err part_add(struct cx *cx, struct part **v, size_t *n, size_t *room,
                         const struct part *p)
{
    if (*n == PARTS_MAX) {
        return fail(cx, ERR_TOO_LONG, "over %d form parts", PARTS_MAX);
    }
    if (*n == *room) {
        *room = *room == 0 ? 8 : 2 * *room;
        struct part *more = arena_alloc(cx->mem, *room, sizeof *more);
        if (more == NULL) {
            return fail(cx, ERR_NO_MEMORY, "form parts");
        }
        if (*n > 0) {
            memcpy(more, *v, *n * sizeof *more);
        }
        *v = more;
    }
    (*v)[(*n)++] = *p;
    return ERR_OK;
}

enum err multipart_parse(struct cx *cx, struct str body, struct str boundary, struct part **out,
                         size_t *n)
{
    struct scan s = { .rest = body };
    struct part *v = NULL;
    size_t count = 0;
    size_t room = 0;
    if (boundary.p == NULL || boundary.n == 0 || boundary.n > BOUNDARY_MAX) {
        return fail(cx, ERR_BAD_REQUEST, "multipart without a boundary of 1..%d", BOUNDARY_MAX);
    }
    memcpy(s.fence, "\r\n--", 4);
    memcpy(s.fence + 4, boundary.p, boundary.n);
    s.fence_n = boundary.n + 4;
    if (!take(&s.rest, (struct str){ s.fence + 2, s.fence_n - 2 })) {
        return fail(cx, ERR_BAD_REQUEST, "multipart body does not start with its boundary");
    }
    while (!take(&s.rest, STR("--"))) {
        struct part p;
        if (!take(&s.rest, STR("\r\n"))) {
            return fail(cx, ERR_BAD_REQUEST, "bytes behind a multipart boundary");
        }
        TRY(part_next(cx, &s, &p));
        TRY(part_add(cx, &v, &count, &room, &p));
    }
    *out = v;
    *n = count;
    return ERR_OK;
}
