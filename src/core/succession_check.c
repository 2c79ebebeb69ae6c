#include "core/succession.h"

#include <string.h>

struct checking {
    struct succession *s;
    struct lines lines;
    uint64_t seq;
};

/* The next line, if there is one, copied. */
static enum err next_line(struct cx *cx, struct checking *w, struct draw_change_line *out,
                          bool *found)
{
    struct str line;
    TRY(lines_next(cx, &w->lines, &line));
    *found = line.p != NULL;
    if (!*found) {
        return ERR_OK;
    }
    struct str copy = str_dup(cx->mem, line);
    if (copy.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", w->lines.at.file);
    }
    TRY(change_get(cx, w->lines.at, copy, out));
    if (out->seq != ++w->seq) {
        return fail_place(cx, ERR_DRAW_MISMATCH, w->lines.at, "numbers go up from 1");
    }
    return ERR_OK;
}

static bool same(const struct draw_change *a, const struct draw_change *b)
{
    return a->kind == b->kind && str_eq(a->lot, b->lot) && str_eq(a->code, b->code) &&
           str_eq(a->dept, b->dept) && str_eq(a->leaves, b->leaves) && str_eq(a->enters, b->enters);
}

static enum err must_be(struct cx *cx, struct place at, const struct draw_change *want,
                        const struct draw_change_line *got)
{
    if (same(want, &got->change)) {
        return ERR_OK;
    }
    const char *kind = change_kind_name(want->kind);
    bool target = want->kind == DRAW_CHANGE_TARGET;
    return fail_place(cx, ERR_DRAW_MISMATCH, at,
                      "must be %s " STR_FMT "%s" STR_FMT "/" STR_FMT " replaced by " STR_FMT, kind,
                      STR_ARG(target ? want->lot : want->code), target ? "" : "/",
                      STR_ARG(target ? STR("") : want->dept), STR_ARG(want->leaves),
                      STR_ARG(want->enters));
}

/* What cannot be replaced at all is a wrong line, not a wrong request. */
static enum err refused(struct cx *cx, const struct checking *w, enum err code)
{
    char why[sizeof cx->fault.detail];
    if (code != ERR_NOT_FOUND && code != ERR_STATE && code != ERR_DRAW_EMPTY) {
        return code;
    }
    memcpy(why, cx->fault.detail, sizeof why);
    fault_clear(cx);
    return fail_place(cx, ERR_DRAW_MISMATCH, w->lines.at, "%s", why);
}

static enum err check_target(struct cx *cx, struct checking *w,
                             const struct draw_change_line *first)
{
    struct draw_change *want = NULL;
    size_t n = 0;
    bool found = true;
    struct draw_change_line l = *first;
    enum err code = succession_target(cx, w->s, first->change.lot, first->change.code, &want, &n);
    if (code != ERR_OK) {
        return refused(cx, w, code);
    }
    TRY(must_be(cx, w->lines.at, &want[0], &l));
    for (size_t i = 1; i < n; i++) {
        TRY(next_line(cx, w, &l, &found));
        if (!found) {
            l = (struct draw_change_line){ 0 };
        }
        struct place at = { w->lines.at.file, w->lines.at.line + (found ? 0 : 1) };
        TRY(must_be(cx, at, &want[i], &l));
    }
    return ERR_OK;
}

static enum err check_inspector(struct cx *cx, struct checking *w, const struct draw_change_line *l)
{
    const struct draw_change *c = &l->change;
    struct draw_change want = { 0 };
    enum err code = succession_inspector(cx, w->s, c->code, c->dept, c->leaves, &want);
    return code == ERR_OK ? must_be(cx, w->lines.at, &want, l) : refused(cx, w, code);
}

enum err succession_check(struct cx *cx, struct succession *s, const struct draw_source *events,
                          uint64_t *changes)
{
    struct checking w = { .s = s };
    struct draw_change_line l;
    bool found;
    TRY(lines_open(cx, events, &w.lines));
    for (;;) {
        TRY(next_line(cx, &w, &l, &found));
        if (!found) {
            *changes = w.seq;
            return ERR_OK;
        }
        if (l.change.kind == DRAW_CHANGE_PLACE) {
            return fail_place(cx, ERR_DRAW_MISMATCH, w.lines.at,
                              "no target's replacement asks for "
                              "this place");
        }
        TRY(l.change.kind == DRAW_CHANGE_TARGET ? check_target(cx, &w, &l)
                                                : check_inspector(cx, &w, &l));
    }
}
