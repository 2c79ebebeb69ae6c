#include "core/bundle.h"

#include "core/visits.h"

enum { OUT_LINE_MAX = 1024 };

enum err draw_freeze(struct cx *cx, const struct plan *p, const struct frame_sources *from,
                     const struct digest *commit, struct freeze *out)
{
    struct frame frame;
    struct freeze f = { .plan = p->digest };
    TRY(frame_read(cx, p, from, &frame));
    f.population = frame.population;
    f.roster = frame.roster;
    f.recusal = frame.recusal;
    for (size_t i = 0; i < p->parties; i++) {
        f.commit[i] = commit[i];
    }
    struct buf text = buf_of(cx->mem, 1u << 16);
    freeze_write(p, &f, &text);
    struct str whole;
    TRY(buf_done(cx, &text, &whole));
    f.digest = digest_of(p->hash, whole);
    *out = f;
    return ERR_OK;
}

/* One result file on its way out: its lines, and the tree over them. */
struct outfile {
    const struct draw_sink *sink;
    struct merkle tree;
};

struct run {
    const struct plan *plan;
    const struct draw_watch *watch;
    struct outfile lots, result, assign, prices;
    struct buf line;
    struct visits visits;
};

static enum err out_line(struct cx *cx, struct run *r, struct outfile *f)
{
    struct str line;
    TRY(buf_done(cx, &r->line, &line));
    merkle_feed(&f->tree, line);
    if (f->sink != NULL && f->sink->line != NULL) {
        TRY(f->sink->line(cx, f->sink->ctx, line));
    }
    buf_clear(&r->line);
    return ERR_OK;
}

static struct tree out_end(const struct outfile *f)
{
    return (struct tree){ f->tree.n, merkle_root(&f->tree) };
}

static enum err take_drawn(struct cx *cx, void *ctx, const struct drawn *d)
{
    struct run *r = ctx;
    drawn_put(r->plan, d, &r->line);
    TRY(out_line(cx, r, &r->result));
    TRY(visits_add(cx, &r->visits, d));
    bool wanted = r->watch != NULL && r->watch->drawn != NULL;
    return wanted ? r->watch->drawn(cx, r->watch->ctx, d) : ERR_OK;
}

static enum err take_outcome(struct cx *cx, void *ctx, const struct lot_outcome *o)
{
    struct run *r = ctx;
    lot_outcome_put(r->plan, o, &r->line);
    TRY(out_line(cx, r, &r->lots));
    bool wanted = r->watch != NULL && r->watch->outcome != NULL;
    return wanted ? r->watch->outcome(cx, r->watch->ctx, o) : ERR_OK;
}

static enum err give_assignment(struct cx *cx, struct run *r, const struct assignment *a)
{
    const struct draw_watch *w = r->watch;
    for (size_t i = 0; i < a->rows; i++) {
        assign_row_put(&a->row[i], &r->line);
        TRY(out_line(cx, r, &r->assign));
        if (w != NULL && w->assigned != NULL) {
            TRY(w->assigned(cx, w->ctx, &a->row[i]));
        }
    }
    for (size_t i = 0; i < a->prices; i++) {
        price_row_put(&a->price[i], &r->line);
        TRY(out_line(cx, r, &r->prices));
        if (w != NULL && w->priced != NULL) {
            TRY(w->priced(cx, w->ctx, &a->price[i]));
        }
    }
    return ERR_OK;
}

static struct outfile out_open(enum digest_kind kind, const struct draw_sink *sink)
{
    struct outfile f = { .sink = sink };
    merkle_init(&f.tree, kind);
    return f;
}

static enum err run_open(struct cx *cx, const struct plan *p, const struct draw_sinks *to,
                         const struct draw_watch *watch, struct run *r)
{
    *r = (struct run){ .plan = p, .watch = watch, .line = buf_of(cx->mem, OUT_LINE_MAX) };
    r->lots = out_open(p->hash, to == NULL ? NULL : &to->lots);
    r->result = out_open(p->hash, to == NULL ? NULL : &to->result);
    r->assign = out_open(p->hash, to == NULL ? NULL : &to->assign);
    r->prices = out_open(p->hash, to == NULL ? NULL : &to->prices);
    return visits_open(cx, p, &r->visits);
}

static enum err run_head(struct cx *cx, const struct plan *p, const struct freeze *freeze,
                         const struct seed *seed, const struct run *r, struct head *out)
{
    struct head h = {
        .sealed = p->embargo_on != 0,
        .freeze = freeze->digest,
        .seed = p->embargo_on != 0 ? seed_seal(p->hash, &seed->digest) : seed->digest,
        .lots = out_end(&r->lots),
        .result = out_end(&r->result),
        .assign = out_end(&r->assign),
        .prices = out_end(&r->prices),
    };
    struct buf text = buf_of(cx->mem, 1u << 16);
    struct str whole;
    head_write(p, &h, &text);
    TRY(buf_done(cx, &text, &whole));
    h.digest = digest_of(p->hash, whole);
    *out = h;
    return ERR_OK;
}

enum err draw_run(struct cx *cx, const struct plan *p, const struct freeze *freeze,
                  const struct seed *seed, const struct frame_sources *from,
                  const struct draw_sinks *to, const struct draw_watch *watch, struct head *out)
{
    struct frame frame;
    struct run r;
    struct assignment a;
    TRY(frame_read(cx, p, from, &frame));
    TRY(freeze_check_frame(cx, freeze, &frame));
    TRY(run_open(cx, p, to, watch, &r));
    struct lot_sinks lots = { take_drawn, take_outcome, &r };
    TRY(lots_draw(cx, p, &frame, &seed->digest, &from->population, &lots));
    struct assign_input in = visits_input(&r.visits, &seed->digest, &frame);
    TRY(assign_solve(cx, &in, &a));
    TRY(give_assignment(cx, &r, &a));
    return run_head(cx, p, freeze, seed, &r, out);
}
