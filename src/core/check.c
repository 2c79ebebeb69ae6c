#include "core/bundle.h"

#include "core/prover.h"

enum { BATCH = 512 };

struct citizen {
    const struct bundle *bundle;
    struct plan plan;
    struct freeze freeze;
    struct seed seed;
    struct head head;
    struct prover prover;
};

static enum err read_texts(struct cx *cx, struct citizen *c)
{
    const struct bundle *b = c->bundle;
    TRY(plan_read(cx, &b->plan, &c->plan));
    TRY(freeze_read(cx, &c->plan, &b->freeze, &c->freeze));
    TRY(seed_read(cx, &c->plan, &c->freeze, &b->seed, &c->seed));
    TRY(head_read(cx, &c->plan, &b->head, &c->head));
    struct digest seed = c->head.sealed ? seed_seal(c->plan.hash, &c->seed.digest) : c->seed.digest;
    if (!digest_eq(&c->head.freeze, &c->freeze.digest) || !digest_eq(&c->head.seed, &seed)) {
        return fail_place(cx, ERR_DRAW_MISMATCH, place_of(b->head.name, 0),
                          "is of another freeze or seed");
    }
    return ERR_OK;
}

/* Feeds the population to the prover: open lines are hashed, sealed ones bring their leaf. */
static enum err pass_population(struct cx *cx, struct citizen *c)
{
    struct lines l;
    struct str line[BATCH];
    struct digest *leaf = arena_alloc(cx->mem, BATCH, sizeof *leaf);
    if (leaf == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", c->bundle->frame.population.name);
    }
    TRY(lines_open(cx, &c->bundle->frame.population, &l));
    for (;;) {
        size_t n;
        TRY(lines_some(cx, &l, line, BATCH, &n));
        if (n == 0) {
            break;
        }
        merkle_leaves(c->plan.hash, line, n, leaf);
        for (size_t i = 0; i < n; i++) {
            struct str id;
            struct digest sealed;
            bool is_sealed = entity_sealed(line[i], &id, &sealed);
            TRY(prover_feed(cx, &c->prover, line[i], is_sealed ? &sealed : &leaf[i]));
        }
    }
    struct tree got = { c->prover.tree.n, merkle_root(&c->prover.tree) };
    return tree_check(cx, l.at.file, &c->freeze.population, &got);
}

/* What lots.tsv says of each lot of the entity, and what its ticket makes of it. */
static enum err weigh(struct cx *cx, const struct citizen *c, struct check *k,
                      const struct lot_outcome *o)
{
    for (size_t i = 0; i < k->lots; i++) {
        struct check_lot *mine = &k->lot[i];
        if (mine->outcome.lot != o->lot) {
            continue;
        }
        mine->outcome = *o;
        mine->outcome.id_last = str_dup(cx->mem, o->id_last);
        if (mine->outcome.id_last.p == NULL) {
            return fail(cx, ERR_NO_MEMORY, "the lots");
        }
        bool rate = c->plan.lot[o->lot].mode == LOT_RATE;
        mine->certain = !rate && lot_certain(&o->stat, mine->w);
        mine->p = rate            ? mine->w
                  : mine->certain ? DRAW_WEIGHT_MAX
                                  : lot_probability(&o->stat, mine->w);
        mine->k = rate || mine->certain ? 0
                  : o->stat.m_left == 0 ? k->u
                                        : lot_key_of(k->u, mine->p);
    }
    return ERR_OK;
}

static enum err pass_lots(struct cx *cx, const struct citizen *c, struct check *k)
{
    struct lines l;
    struct str line;
    struct merkle tree;
    merkle_init(&tree, c->plan.hash);
    TRY(lines_open(cx, &c->bundle->lots, &l));
    for (;;) {
        struct lot_outcome o;
        TRY(lines_next(cx, &l, &line));
        if (line.p == NULL) {
            break;
        }
        merkle_feed(&tree, line);
        TRY(lot_outcome_get(cx, &c->plan, l.at, line, &o));
        TRY(weigh(cx, c, k, &o));
    }
    struct tree got = { tree.n, merkle_root(&tree) };
    return tree_check(cx, l.at.file, &c->head.lots, &got);
}

/* A line of result.tsv about the entity. */
static enum err note_drawn(struct cx *cx, struct place at, struct check *k, const struct drawn *d)
{
    for (size_t i = 0; i < k->lots; i++) {
        struct check_lot *mine = &k->lot[i];
        if (mine->outcome.lot != d->lot) {
            continue;
        }
        if (mine->status != '-') {
            return fail_place(cx, ERR_DRAW_MISMATCH, at, "drawn twice in one lot");
        }
        if (d->u != k->u || (!k->sealed && (d->p != mine->p || d->k != mine->k))) {
            return fail_place(cx, ERR_DRAW_MISMATCH, at, "u, p or K is not what its ticket gives");
        }
        mine->status = (char)d->status;
        mine->rank = d->rank;
        mine->p = d->p;
        mine->k = d->k;
        return ERR_OK;
    }
    return fail_place(cx, ERR_DRAW_MISMATCH, at, "drawn in a lot it is not in");
}

static enum err pass_result(struct cx *cx, const struct citizen *c, struct check *k)
{
    struct lines l;
    struct str line;
    struct merkle tree;
    merkle_init(&tree, c->plan.hash);
    TRY(lines_open(cx, &c->bundle->result, &l));
    for (;;) {
        struct drawn d;
        TRY(lines_next(cx, &l, &line));
        if (line.p == NULL) {
            break;
        }
        merkle_feed(&tree, line);
        TRY(drawn_get(cx, &c->plan, l.at, line, &d));
        if (str_eq(d.id, k->id)) {
            TRY(note_drawn(cx, l.at, k, &d));
        }
    }
    struct tree got = { tree.n, merkle_root(&tree) };
    return tree_check(cx, l.at.file, &c->head.result, &got);
}

/* By ticket and the lot's last line alone: is the entity selected? */
static bool selected_by_ticket(const struct check *k, const struct check_lot *mine)
{
    const struct lot_outcome *o = &mine->outcome;
    if (mine->mode == LOT_RATE) {
        return k->u < (uint64_t)mine->w << 32;
    }
    if (mine->certain || !o->has_last) {
        return mine->certain;
    }
    if (mine->k != o->k_last) {
        return mine->k < o->k_last;
    }
    return k->u != o->u_last ? k->u < o->u_last : str_cmp(k->id, o->id_last) <= 0;
}

static enum err judge(struct cx *cx, struct check *k)
{
    for (size_t i = 0; i < k->lots && !k->sealed; i++) {
        struct check_lot *mine = &k->lot[i];
        mine->selected = selected_by_ticket(k, mine);
        bool says = mine->status == LOT_CERTAIN || mine->status == LOT_SELECTED;
        bool right = mine->selected == says && (mine->status == LOT_CERTAIN) == mine->certain;
        if (!right) {
            return fail_place(cx, ERR_DRAW_MISMATCH, place_of("result.tsv", 0),
                              "lot " STR_FMT ": " STR_FMT " is %s, but its ticket says %s",
                              STR_ARG(mine->name), STR_ARG(k->id), says ? "drawn" : "not drawn",
                              mine->selected ? "drawn" : "not drawn");
        }
    }
    return ERR_OK;
}

/* The lots of its line; of a sealed line all lots, since the public cannot see which. */
static enum err list_lots(struct cx *cx, const struct citizen *c, struct check *k)
{
    const struct plan *p = &c->plan;
    struct share *share = arena_alloc(cx->mem, p->lots, sizeof *share);
    k->lot = arena_alloc(cx->mem, p->lots, sizeof *k->lot);
    if (share == NULL || k->lot == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the lots");
    }
    struct entity e = { .share = share };
    if (k->sealed) {
        for (e.shares = 0; e.shares < p->lots; e.shares++) {
            share[e.shares] = (struct share){ (uint32_t)e.shares, 0 };
        }
    } else {
        struct place at = { c->bundle->frame.population.name, k->index + 1 };
        TRY(entity_get(cx, p, at, k->line, share, &e));
    }
    for (size_t i = 0; i < e.shares; i++) {
        uint32_t lot = share[i].lot;
        k->lot[k->lots++] = (struct check_lot){ .outcome.lot = lot,
                                                .name = p->lot[lot].name,
                                                .mode = p->lot[lot].mode,
                                                .w = share[i].w,
                                                .status = '-' };
    }
    return ERR_OK;
}

/* An entity that holds its own open line shows that it is the one behind the published leaf. */
static enum err take_own_line(struct cx *cx, const struct citizen *c, struct str own,
                              struct check *k)
{
    struct str id = own;
    if (own.n == 0) {
        return ERR_OK;
    }
    struct digest leaf = merkle_leaf(c->plan.hash, own);
    if (!str_eq(str_cut(&id, '\t'), k->id) || !digest_eq(&leaf, &k->leaf)) {
        return fail(cx, ERR_DRAW_MISMATCH, "the line given is not the one that was frozen");
    }
    k->line = own;
    k->sealed = false;
    return ERR_OK;
}

static enum err take_proof(struct cx *cx, struct citizen *c, struct str own, struct check *k)
{
    TRY(prover_end(cx, &c->prover, &k->path, &k->absence));
    k->present = c->prover.present;
    k->index = c->prover.at;
    if (!k->present) {
        return ERR_OK;
    }
    struct str id;
    k->line = c->prover.line;
    k->sealed = entity_sealed(k->line, &id, &k->leaf);
    if (!k->sealed) {
        k->leaf = merkle_leaf(c->plan.hash, k->line);
    }
    TRY(take_own_line(cx, c, own, k));
    return list_lots(cx, c, k);
}

enum err draw_check(struct cx *cx, const struct bundle *b, struct str id, struct str own_line,
                    struct check *out)
{
    struct citizen *c = arena_alloc(cx->mem, 1, sizeof *c);
    struct check *k = arena_alloc(cx->mem, 1, sizeof *k);
    if (c == NULL || k == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a proof");
    }
    c->bundle = b;
    k->id = id;
    TRY(read_texts(cx, c));
    TRY(prover_open(cx, &c->prover, c->plan.hash, id));
    TRY(pass_population(cx, c));
    k->size = c->prover.tree.n;
    k->root = c->freeze.population.root;
    k->ticket = ticket_of(c->plan.hash, &c->seed.digest, id);
    k->u = ticket_number(&k->ticket);
    TRY(take_proof(cx, c, own_line, k));
    TRY(pass_lots(cx, c, k));
    TRY(pass_result(cx, c, k));
    TRY(judge(cx, k));
    *out = *k;
    return ERR_OK;
}
