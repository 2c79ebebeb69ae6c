#include "core/change.h"

#include "core/field.h"

enum { REASON_BYTES_MAX = 800, TIME_BYTES_MAX = 40 };

static const char *const names[] = {
    [DRAW_CHANGE_TARGET] = "target",
    [DRAW_CHANGE_INSPECTOR] = "inspector",
    [DRAW_CHANGE_PLACE] = "place",
};

const char *change_kind_name(enum draw_change_kind k)
{
    return names[k];
}

enum draw_change_kind change_kind_by_name(struct str name)
{
    int k = 0;
    while (k < DRAW_CHANGE__COUNT && !str_eq(name, str_of(names[k]))) {
        k++;
    }
    return (enum draw_change_kind)k;
}

static void part_put(const struct draw_change *c, struct buf *out)
{
    buf_put(out, c->kind == DRAW_CHANGE_TARGET ? c->lot : c->code);
    buf_put_c(out, '/');
    if (c->kind != DRAW_CHANGE_TARGET) {
        buf_put(out, c->dept);
        buf_put_c(out, '/');
    }
    buf_put(out, c->leaves);
}

void change_put(const struct draw_change_line *l, struct buf *out)
{
    buf_fmt(out, "%llu\t" STR_FMT "\t%s\t", (unsigned long long)l->seq, STR_ARG(l->time),
            names[l->change.kind]);
    part_put(&l->change, out);
    buf_fmt(out, "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT, STR_ARG(l->reason), STR_ARG(l->evidence),
            STR_ARG(l->change.enters));
}

static bool part_get(struct str id, struct draw_change *c)
{
    struct str first = str_cut(&id, '/');
    if (c->kind == DRAW_CHANGE_TARGET) {
        c->lot = first;
        c->code = id;
        c->leaves = id;
        return field_name(first) && field_id(id);
    }
    c->code = first;
    c->dept = str_cut(&id, '/');
    c->leaves = id;
    return field_id(first) && field_name(c->dept) &&
           (c->kind == DRAW_CHANGE_INSPECTOR ? field_id(id)
                                             : field_name(id) || str_eq(id, STR("-")));
}

enum err change_get(struct cx *cx, struct place at, struct str line, struct draw_change_line *out)
{
    struct str f[7];
    uint8_t evidence[DIGEST_LEN];
    struct draw_change_line l = { .change = { .lot = STR("-"), .dept = STR("-") } };
    if (!field_cut(line, '\t', f, COUNT_OF(f)) || !field_whole(f[0], 1, UINT32_MAX, &l.seq) ||
        f[1].n > TIME_BYTES_MAX || !field_id(f[1]) || !field_text(f[4], REASON_BYTES_MAX) ||
        !field_id(f[6])) {
        return fail_place(cx, ERR_DRAW_FILE, at,
                          "a line has 7 fields: seq time kind id reason evidence replaced-by");
    }
    l.change.kind = change_kind_by_name(f[2]);
    if (l.change.kind == DRAW_CHANGE__COUNT || !part_get(f[3], &l.change)) {
        return fail_place(cx, ERR_DRAW_FILE, at,
                          "neither target LOT/CODE nor inspector CODE/DEPT/STAFF nor place "
                          "CODE/DEPT/QUAL");
    }
    if (!str_eq(f[5], STR("-")) && !field_hex(f[5], sizeof evidence, evidence)) {
        return fail_place(cx, ERR_DRAW_FILE, at, "evidence: 64 lower-case hex digits or \"-\"");
    }
    l.time = f[1];
    l.reason = f[4];
    l.evidence = f[5];
    l.change.enters = f[6];
    *out = l;
    return ERR_OK;
}
