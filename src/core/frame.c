#include "core/frame.h"

#include "core/kept.h"
#include "core/merkle.h"
#include "core/select.h"

#include <string.h>

enum { BATCH = 1024 };

/* The largest weights of a fixed lot, to find out which entities are certain. Never more than n of
 * them can be: each round of section 4.6 takes at most the m that are left. */
struct heaviest {
    uint32_t *w;
    size_t n, room, keep;
    uint32_t above; /* once `keep` are known, only weights above this one matter */
};

static bool heavier(const void *ctx, const void *a, const void *b)
{
    (void)ctx;
    return *(const uint32_t *)a > *(const uint32_t *)b;
}

static void heaviest_trim(struct heaviest *h)
{
    struct records r = { h->w, sizeof *h->w, heavier, NULL };
    if (h->n <= h->keep) {
        return;
    }
    records_select(&r, h->n, h->keep - 1);
    h->n = h->keep;
    h->above = h->w[h->keep - 1];
}

static enum err heaviest_add(struct cx *cx, struct heaviest *h, uint32_t w)
{
    if (h->keep == 0 || (h->n >= h->keep && w <= h->above)) {
        return ERR_OK;
    }
    if (h->n == h->room && h->n == 2 * h->keep) {
        heaviest_trim(h);
    } else if (h->n == h->room) {
        size_t room = h->room == 0 ? 256 : 2 * h->room;
        room = room < 2 * h->keep ? room : 2 * h->keep;
        uint32_t *grown = arena_alloc(cx->mem, room, sizeof *grown);
        if (grown == NULL) {
            return fail(cx, ERR_NO_MEMORY, "the weights of a lot");
        }
        if (h->n > 0) {
            memcpy(grown, h->w, h->n * sizeof *grown);
        }
        h->w = grown;
        h->room = room;
    }
    h->w[h->n++] = w;
    return ERR_OK;
}

/* Section 4.6, step 1. */
static void find_certain(struct heaviest *h, uint32_t n, struct lot_stat *s)
{
    heaviest_trim(h);
    struct records r = { h->w, sizeof *h->w, heavier, NULL };
    records_sort(&r, h->n);
    s->m_left = n;
    s->w_left = s->w_sum;
    for (size_t at = 0; s->m_left > 0;) {
        size_t end = at;
        uint64_t w_taken = 0;
        while (end < h->n && (uint64_t)s->m_left * h->w[end] >= s->w_left) {
            w_taken += h->w[end++];
        }
        if (end == at) {
            break;
        }
        s->w_certain = h->w[end - 1];
        s->takeall += (uint32_t)(end - at);
        s->m_left -= (uint32_t)(end - at);
        s->w_left -= w_taken;
        at = end;
    }
}

/* One pass over the population. */
struct census {
    const struct plan *plan;
    struct frame *frame;
    struct lines lines;
    struct merkle tree;
    struct heaviest *heaviest; /* one a lot */
    struct share *share;       /* room for one entity's */
    struct str line[BATCH];
    char last_id[DRAW_ID_MAX];
    size_t last_n;
};

static enum err census_line(struct cx *cx, struct census *c, struct place at, struct str line,
                            struct str *last)
{
    struct entity e;
    TRY(entity_get(cx, c->plan, at, line, c->share, &e));
    int order = str_cmp(*last, e.id);
    if (order >= 0) {
        return fail_place(cx, ERR_DRAW_FILE, at, "%s (" STR_FMT ")",
                          order == 0 ? "this id stands twice" : "ids must ascend by bytes",
                          STR_ARG(e.id));
    }
    *last = e.id;
    c->frame->id_bytes = e.id.n > c->frame->id_bytes ? (unsigned)e.id.n : c->frame->id_bytes;
    for (size_t i = 0; i < e.shares; i++) {
        struct lot_stat *s = &c->frame->lot[e.share[i].lot];
        s->n++;
        s->w_sum += e.share[i].w;
        TRY(heaviest_add(cx, &c->heaviest[e.share[i].lot], e.share[i].w));
    }
    return ERR_OK;
}

static enum err census_take(struct cx *cx, struct census *c)
{
    for (;;) {
        size_t n;
        /* batches that end where a subtree of the tree does are hashed side by side */
        TRY(lines_some(cx, &c->lines, c->line, BATCH - c->tree.n % BATCH, &n));
        if (n == 0) {
            return ERR_OK;
        }
        struct place at = c->lines.at;
        at.line -= n;
        struct str last = { c->last_id, c->last_n };
        for (size_t i = 0; i < n; i++) {
            at.line++;
            TRY(census_line(cx, c, at, c->line[i], &last));
        }
        memmove(c->last_id, last.p, last.n); /* the batch's views end here */
        c->last_n = last.n;
        merkle_feed_lines(&c->tree, c->line, n);
    }
}

static enum err census_open(struct cx *cx, struct census *c, const struct draw_source *population)
{
    const struct plan *p = c->plan;
    c->heaviest = arena_alloc(cx->mem, p->lots, sizeof *c->heaviest);
    c->share = arena_alloc(cx->mem, p->lots, sizeof *c->share);
    if (c->heaviest == NULL || c->share == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", population->name);
    }
    for (size_t i = 0; i < p->lots; i++) {
        c->heaviest[i].keep = p->lot[i].mode == LOT_FIXED ? p->lot[i].n : 0;
    }
    merkle_init(&c->tree, p->hash);
    return lines_open(cx, population, &c->lines);
}

static enum err read_population(struct cx *cx, const struct plan *p,
                                const struct draw_source *population, struct frame *f)
{
    f->lot = arena_alloc(cx->mem, p->lots, sizeof *f->lot);
    struct arena_mark before = arena_mark(cx->mem);
    struct census *c = arena_alloc(cx->mem, 1, sizeof *c);
    if (f->lot == NULL || c == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", population->name);
    }
    c->plan = p;
    c->frame = f;
    TRY(census_open(cx, c, population));
    TRY(census_take(cx, c));
    for (size_t i = 0; i < p->lots; i++) {
        f->lot[i].w_left = f->lot[i].w_sum;
        if (p->lot[i].mode == LOT_FIXED) {
            find_certain(&c->heaviest[i], p->lot[i].n, &f->lot[i]);
        }
    }
    f->population = (struct tree){ c->tree.n, merkle_root(&c->tree) };
    arena_reset(cx->mem, before);
    return ERR_OK;
}

/* Reads a small sorted list whole; `get` parses a copied line into the record. */
static enum err read_list(struct cx *cx, enum digest_kind kind, const struct draw_source *source,
                          enum err (*get)(struct cx *cx, struct place at, struct str line,
                                          void *record),
                          struct kept *k, struct tree *out)
{
    struct lines l;
    struct merkle tree;
    struct str line;
    struct str last = STR("");
    merkle_init(&tree, kind);
    TRY(lines_open(cx, source, &l));
    for (;;) {
        TRY(lines_next(cx, &l, &line));
        if (line.p == NULL) {
            break;
        }
        struct str copy = str_dup(cx->mem, line);
        void *record = kept_add(cx, k);
        if (copy.p == NULL || record == NULL) {
            return fail(cx, ERR_NO_MEMORY, "%s", source->name);
        }
        TRY(get(cx, l.at, copy, record));
        int order = str_cmp(last, copy);
        if (order >= 0) {
            return fail_place(cx, ERR_DRAW_FILE, l.at, "%s",
                              order == 0 ? "this line stands twice" : "lines must ascend by bytes");
        }
        last = copy;
        merkle_feed(&tree, copy);
    }
    *out = (struct tree){ tree.n, merkle_root(&tree) };
    return ERR_OK;
}

static enum err get_inspector(struct cx *cx, struct place at, struct str line, void *record)
{
    return inspector_get(cx, at, line, record);
}

static enum err get_recusal(struct cx *cx, struct place at, struct str line, void *record)
{
    return recusal_get(cx, at, line, record);
}

static enum err read_roster(struct cx *cx, const struct plan *p, const struct draw_source *roster,
                            struct frame *f)
{
    struct kept k = { .size = sizeof *f->inspector };
    TRY(read_list(cx, p->hash, roster, get_inspector, &k, &f->roster));
    f->inspector = k.records;
    f->inspectors = k.n;
    for (size_t i = 1; i < k.n; i++) { /* whole lines ascend, so equal ids are neighbours */
        if (str_eq(f->inspector[i - 1].id, f->inspector[i].id)) {
            struct place at = { roster->name, i + 1 };
            return fail_place(cx, ERR_DRAW_FILE, at, "this inspector stands twice (" STR_FMT ")",
                              STR_ARG(f->inspector[i].id));
        }
    }
    return ERR_OK;
}

enum err frame_read(struct cx *cx, const struct plan *p, const struct frame_sources *from,
                    struct frame *out)
{
    struct frame f = { 0 };
    TRY(read_population(cx, p, &from->population, &f));
    TRY(read_roster(cx, p, &from->roster, &f));
    struct kept k = { .size = sizeof *f.recused };
    TRY(read_list(cx, p->hash, &from->recusal, get_recusal, &k, &f.recusal));
    f.recused = k.records;
    f.recusals = k.n;
    *out = f;
    return ERR_OK;
}
