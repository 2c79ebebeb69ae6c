#include "core/bundle.h"

#include "core/kept.h"
#include "core/succession.h"
#include "core/visits.h"

#include <string.h>

enum { OUT_LINE_MAX = 1024, SHOWN_MAX = 160 };

/* A published file, compared line by line with what it must be. */
struct compare {
    struct lines lines;
    struct merkle tree;
};

struct verify {
    const struct bundle *bundle;
    const struct verify_watch *watch;
    struct plan plan;
    struct freeze freeze;
    struct frame frame;
    struct seed seed;
    struct head head;
    struct compare lots, result;
    struct tree assign, prices; /* as they are in the bundle */
    struct buf line;
    struct visits visits;
    struct kept candidates; /* struct draw_candidate; kept only when there are events */
};

static void passed(const struct verify *v, const char *step, const char *what)
{
    if (v->watch != NULL && v->watch->passed != NULL) {
        v->watch->passed(v->watch->ctx, step, what);
    }
}

static enum err compare_open(struct cx *cx, const struct verify *v, struct compare *c,
                             const struct draw_source *source)
{
    merkle_init(&c->tree, v->plan.hash);
    return lines_open(cx, source, &c->lines);
}

static struct str shown(struct str line)
{
    return (struct str){ line.p, line.n < SHOWN_MAX ? line.n : SHOWN_MAX };
}

/* The next line must be the one in v->line. */
static enum err compare_line(struct cx *cx, struct verify *v, struct compare *c)
{
    struct str want;
    struct str got;
    TRY(buf_done(cx, &v->line, &want));
    TRY(lines_next(cx, &c->lines, &got));
    if (got.p == NULL) {
        struct place end = { c->lines.at.file, c->lines.at.line + 1 };
        return fail_place(cx, ERR_DRAW_MISMATCH, end, "missing: " STR_FMT, STR_ARG(shown(want)));
    }
    if (!str_eq(want, got)) {
        return fail_place(cx, ERR_DRAW_MISMATCH, c->lines.at,
                          "is \"" STR_FMT "\", must be \"" STR_FMT "\"", STR_ARG(shown(got)),
                          STR_ARG(shown(want)));
    }
    merkle_feed(&c->tree, got);
    buf_clear(&v->line);
    return ERR_OK;
}

static enum err compare_end(struct cx *cx, struct compare *c, const struct tree *published)
{
    struct str more;
    TRY(lines_next(cx, &c->lines, &more));
    if (more.p != NULL) {
        return fail_place(cx, ERR_DRAW_MISMATCH, c->lines.at, "one line too many");
    }
    struct tree got = { c->tree.n, merkle_root(&c->tree) };
    return tree_check(cx, c->lines.at.file, published, &got);
}

static enum err candidate_add(struct cx *cx, struct verify *v, const struct drawn *d)
{
    struct draw_candidate *one;
    if (v->bundle->events.next == NULL) {
        return ERR_OK;
    }
    one = kept_add(cx, &v->candidates);
    const struct draw_candidate c = { str_dup(cx->mem, d->id), str_dup(cx->mem, d->region), d->lot,
                                      d->status == LOT_RESERVE };
    if (one == NULL || c.id.p == NULL || c.region.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the drawn ones");
    }
    *one = c;
    return ERR_OK;
}

static enum err compare_drawn(struct cx *cx, void *ctx, const struct drawn *d)
{
    struct verify *v = ctx;
    drawn_put(&v->plan, d, &v->line);
    TRY(compare_line(cx, v, &v->result));
    TRY(candidate_add(cx, v, d));
    return visits_add(cx, &v->visits, d);
}

static enum err compare_outcome(struct cx *cx, void *ctx, const struct lot_outcome *o)
{
    struct verify *v = ctx;
    lot_outcome_put(&v->plan, o, &v->line);
    return compare_line(cx, v, &v->lots);
}

/* plan, freeze, frame, seed, head: what stood before the draw. */
static enum err verify_inputs(struct cx *cx, struct verify *v)
{
    const struct bundle *b = v->bundle;
    TRY(plan_read(cx, &b->plan, &v->plan));
    passed(v, "plan", "plan.txt is well formed");
    TRY(freeze_read(cx, &v->plan, &b->freeze, &v->freeze));
    passed(v, "freeze", "freeze.txt is of this plan and holds every party's commitment");
    TRY(frame_read(cx, &v->plan, &b->frame, &v->frame));
    TRY(freeze_check_frame(cx, &v->freeze, &v->frame));
    passed(v, "frame", "population, roster and recusals are what was frozen, line by line");
    TRY(seed_read(cx, &v->plan, &v->freeze, &b->seed, &v->seed));
    if (b->reveals.next != NULL) {
        struct reveals r;
        TRY(reveals_read(cx, &v->plan, &v->freeze, &b->reveals, &r));
        for (size_t i = 0; i < v->plan.parties; i++) {
            if (r.party[i].given != v->seed.party[i].given ||
                memcmp(r.party[i].value, v->seed.party[i].value, DRAW_VALUE_LEN) != 0) {
                return fail(cx, ERR_DRAW_MISMATCH, "seed.txt: not the values of reveals.txt");
            }
        }
    }
    passed(v, "seed",
           "every revealed value is the committed one; the seed is the digest of seed.txt");
    return ERR_OK;
}

static enum err verify_head_top(struct cx *cx, struct verify *v)
{
    struct place at = { v->bundle->head.name, 0 };
    TRY(head_read(cx, &v->plan, &v->bundle->head, &v->head));
    if (!digest_eq(&v->head.freeze, &v->freeze.digest)) {
        return fail_place(cx, ERR_DRAW_MISMATCH, at, "is of another freeze");
    }
    if (v->head.sealed != (v->plan.embargo_on != 0)) {
        return fail_place(cx, ERR_DRAW_MISMATCH, at,
                          "a seal belongs to an embargo, and only there");
    }
    struct digest seed = v->head.sealed ? seed_seal(v->plan.hash, &v->seed.digest) : v->seed.digest;
    return digest_eq(&v->head.seed, &seed)
               ? ERR_OK
               : fail_place(cx, ERR_DRAW_MISMATCH, at, "shows another seed than seed.txt gives");
}

static enum err verify_lots(struct cx *cx, struct verify *v)
{
    const struct bundle *b = v->bundle;
    v->line = buf_of(cx->mem, OUT_LINE_MAX);
    TRY(visits_open(cx, &v->plan, &v->visits));
    TRY(compare_open(cx, v, &v->lots, &b->lots));
    TRY(compare_open(cx, v, &v->result, &b->result));
    struct lot_sinks to = { compare_drawn, compare_outcome, v };
    TRY(lots_draw(cx, &v->plan, &v->frame, &v->seed.digest, &b->frame.population, &to));
    TRY(compare_end(cx, &v->result, &v->head.result));
    TRY(compare_end(cx, &v->lots, &v->head.lots));
    passed(v, "lots", "every lot was drawn again and gives the published entities in their order");
    return ERR_OK;
}

/* Reads assign.tsv or prices.tsv whole; its root is compared after its lines have been judged, so
 * that a wrong line is named. */
static enum err read_rows(struct cx *cx, const struct verify *v, const struct draw_source *source,
                          struct kept *k, struct tree *out)
{
    struct compare c;
    TRY(compare_open(cx, v, &c, source));
    for (;;) {
        struct str line;
        TRY(lines_next(cx, &c.lines, &line));
        if (line.p == NULL) {
            break;
        }
        struct str *row = kept_add(cx, k);
        struct str copy = str_dup(cx->mem, line);
        if (row == NULL || copy.p == NULL) {
            return fail(cx, ERR_NO_MEMORY, "%s", source->name);
        }
        *row = copy;
        merkle_feed(&c.tree, line);
    }
    *out = (struct tree){ c.tree.n, merkle_root(&c.tree) };
    return ERR_OK;
}

static enum err read_assignment(struct cx *cx, struct verify *v, struct assignment *out)
{
    struct kept rows = { .size = sizeof(struct str) };
    struct kept prices = { .size = sizeof(struct str) };
    TRY(read_rows(cx, v, &v->bundle->assign, &rows, &v->assign));
    TRY(read_rows(cx, v, &v->bundle->prices, &prices, &v->prices));
    struct assignment a = { .rows = rows.n, .prices = prices.n };
    a.row = arena_alloc(cx->mem, a.rows, sizeof *a.row);
    a.price = arena_alloc(cx->mem, a.prices, sizeof *a.price);
    if (a.row == NULL || a.price == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the teams");
    }
    const struct str *line = rows.records;
    for (size_t i = 0; i < a.rows; i++) {
        TRY(assign_row_get(cx, place_of(v->bundle->assign.name, i + 1), line[i], &a.row[i]));
        a.unfilled += str_eq(a.row[i].inspector, STR("~"));
    }
    line = prices.records;
    for (size_t i = 0; i < a.prices; i++) {
        TRY(price_row_get(cx, place_of(v->bundle->prices.name, i + 1), line[i], &a.price[i]));
    }
    *out = a;
    return ERR_OK;
}

static enum err verify_assignment(struct cx *cx, struct verify *v, struct assignment *a)
{
    struct assign_input in = visits_input(&v->visits, &v->seed.digest, &v->frame);
    TRY(read_assignment(cx, v, a));
    TRY(assign_check(cx, &in, a));
    TRY(tree_check(cx, v->bundle->assign.name, &v->head.assign, &v->assign));
    TRY(tree_check(cx, v->bundle->prices.name, &v->head.prices, &v->prices));
    passed(v, "assign", "every team is eligible, and takes its cheapest inspectors at the prices");
    return ERR_OK;
}

static enum err verify_changes(struct cx *cx, struct verify *v, const struct assignment *a)
{
    const struct succession_input in = { &v->plan,        &v->seed.digest,
                                         &v->frame,       v->candidates.records,
                                         v->candidates.n, a };
    struct succession s;
    uint64_t changes;
    if (v->bundle->events.next == NULL) {
        return ERR_OK;
    }
    TRY(succession_open(cx, &in, &s));
    TRY(succession_check(cx, &s, &v->bundle->events, &changes));
    passed(v, "changes", "every replacement names who follows by the published orders");
    return ERR_OK;
}

enum err draw_verify(struct cx *cx, const struct bundle *b, const struct verify_watch *watch,
                     struct head *out)
{
    struct verify v = { .bundle = b,
                        .watch = watch,
                        .candidates.size = sizeof(struct draw_candidate) };
    struct assignment a;
    TRY(verify_inputs(cx, &v));
    TRY(verify_head_top(cx, &v));
    TRY(verify_lots(cx, &v));
    TRY(verify_assignment(cx, &v, &a));
    passed(&v, "head", "head.txt holds the seed, the counts and the roots of all result files");
    TRY(verify_changes(cx, &v, &a));
    *out = v.head;
    return ERR_OK;
}
