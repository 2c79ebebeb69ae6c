/* One entity's own line, with the proof that it stands in the frozen population or that it does
 * not; and what its ticket gave. Reads blocks, never the whole file. */
#include "office/ceremony_sight.h"

#include <string.h>

struct proving {
    const struct actor *by;
    int64_t id;
    struct str code;
    struct ceremony c;
    struct sight sight;
    struct freeze freeze;
    struct q_draw_results_of *drawn;
    size_t n_drawn;
    struct ceremony_proof out;
};

/* ---- the tree, from blocks --------------------------------------------------------------------
 */

struct leaves {
    struct tx *tx;
    int64_t home, run, block; /* block: whose leaves these are; -1 = none */
    enum digest_kind kind;
    size_t n;
    struct digest *leaf; /* CEREMONY_BLOCK */
};

static size_t cut_lines(struct str text, struct str *line)
{
    size_t n = 0;
    while (text.n > 0 && n < CEREMONY_BLOCK) {
        line[n++] = str_cut(&text, '\n');
    }
    return n;
}

static enum err get_block(struct cx *cx, struct tx *tx, int64_t home, int64_t run, int64_t block,
                          struct q_draw_block *out)
{
    bool found;
    TRY(q_draw_block(cx, tx, home, run, CEREMONY_FILE_POPULATION, block, out, &found));
    return found ? ERR_OK : fail(cx, ERR_STORE, "population block %lld", (long long)block);
}

static enum err leaves_of_block(struct cx *cx, struct leaves *l, int64_t block)
{
    struct q_draw_block b;
    struct str line[CEREMONY_BLOCK];
    if (l->block == block) {
        return ERR_OK;
    }
    struct arena_mark m = arena_mark(cx->mem);
    TRY(get_block(cx, l->tx, l->home, l->run, block, &b));
    l->n = cut_lines(b.lines, line);
    merkle_leaves(l->kind, line, l->n, l->leaf);
    l->block = block;
    arena_reset(cx->mem, m);
    return ERR_OK;
}

static enum err roots_of_blocks(struct cx *cx, const struct leaves *l, uint64_t first, size_t n,
                                struct digest *out)
{
    struct arena_mark m = arena_mark(cx->mem);
    struct q_draw_block_roots *rows = NULL;
    size_t got = 0;
    TRY(q_draw_block_roots(cx, l->tx, l->home, l->run, CEREMONY_FILE_POPULATION, (int64_t)first,
                           (int64_t)n, &rows, &got));
    for (size_t i = 0; i < n; i++) {
        if (i >= got || rows[i].block != (int64_t)(first + i) || rows[i].root.n != DIGEST_LEN) {
            return fail(cx, ERR_STORE, "population block %lld", (long long)(first + i));
        }
        memcpy(out[i].b, rows[i].root.p, DIGEST_LEN);
    }
    arena_reset(cx->mem, m);
    return ERR_OK;
}

static enum err leaves_read(struct cx *cx, void *ctx, unsigned level, uint64_t first, size_t n,
                            struct digest *out)
{
    struct leaves *l = ctx;
    if (level == CEREMONY_LEVEL) {
        return roots_of_blocks(cx, l, first, n, out);
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t at = first + i;
        TRY(leaves_of_block(cx, l, (int64_t)(at / CEREMONY_BLOCK)));
        if (at % CEREMONY_BLOCK >= l->n) {
            return fail(cx, ERR_STORE, "population line %lld", (long long)at);
        }
        out[i] = l->leaf[at % CEREMONY_BLOCK];
    }
    return ERR_OK;
}

/* ---- where the line stands ---------------------------------------------------------------------
 */

struct spot {
    bool found;
    uint64_t at;              /* of the line, or where it would be */
    struct str line;          /* when found */
    struct str before, after; /* when not: "" at an edge */
};

static struct str key_of(struct str line)
{
    return str_cut(&line, '\t');
}

/* The first line of a block, or "" behind the last. */
static enum err first_line(struct cx *cx, struct tx *tx, const struct proving *w, int64_t block,
                           struct str *out)
{
    struct q_draw_block b;
    *out = STR("");
    if ((uint64_t)block * CEREMONY_BLOCK >= w->freeze.population.lines) {
        return ERR_OK;
    }
    TRY(get_block(cx, tx, w->id, w->c.row.frame_run, block, &b));
    *out = str_cut(&b.lines, '\n');
    return ERR_OK;
}

static enum err find_line(struct cx *cx, struct tx *tx, const struct proving *w, struct spot *out)
{
    struct q_draw_block_of_key of;
    struct q_draw_block b;
    struct str line[CEREMONY_BLOCK];
    bool found;
    *out = (struct spot){ .before = STR(""), .after = STR("") };
    TRY(q_draw_block_of_key(cx, tx, w->id, w->c.row.frame_run, CEREMONY_FILE_POPULATION, w->code,
                            &of, &found));
    if (!found) { /* before the first line of all */
        return first_line(cx, tx, w, 0, &out->after);
    }
    TRY(get_block(cx, tx, w->id, w->c.row.frame_run, of.block, &b));
    size_t n = cut_lines(b.lines, line);
    size_t at = 0;
    while (at < n && str_cmp(key_of(line[at]), w->code) < 0) {
        at++;
    }
    out->at = (uint64_t)of.block * CEREMONY_BLOCK + at;
    if (at < n && str_eq(key_of(line[at]), w->code)) {
        out->found = true;
        out->line = line[at];
        return ERR_OK;
    }
    out->before = at > 0 ? line[at - 1] : STR("");
    if (at < n) {
        out->after = line[at];
        return ERR_OK;
    }
    return first_line(cx, tx, w, of.block + 1, &out->after);
}

static enum err prove_present(struct cx *cx, const struct merkle_source *src, const struct spot *s,
                              struct proving *w)
{
    struct ceremony_proof *p = &w->out;
    p->leaf = merkle_leaf(src->kind, s->line);
    p->line = w->sight.weights ? s->line : STR("");
    return merkle_prove_inclusion(cx, src, s->at, src->size, &p->path);
}

static enum err prove_absent(struct cx *cx, const struct merkle_source *src, const struct spot *s,
                             struct proving *w)
{
    struct ceremony_proof *p = &w->out;
    struct merkle_absence *a = arena_alloc(cx->mem, 1, sizeof *a);
    const struct merkle_gap gap = { s->at, s->before, s->after };
    if (a == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a proof");
    }
    TRY(merkle_prove_absence(cx, src, src->size, w->code, &gap, a));
    p->path_before = a->before.path;
    p->path_after = a->after.path;
    p->leaf_before = s->at > 0 ? merkle_leaf(src->kind, s->before) : (struct digest){ { 0 } };
    p->leaf_after = s->at < src->size ? merkle_leaf(src->kind, s->after) : (struct digest){ { 0 } };
    p->before = w->sight.weights ? s->before : STR("");
    p->after = w->sight.weights ? s->after : STR("");
    return ERR_OK;
}

static enum err prove(struct cx *cx, struct tx *tx, struct proving *w, const struct spot *s)
{
    struct leaves l = { .tx = tx,
                        .home = w->id,
                        .run = w->c.row.frame_run,
                        .block = -1,
                        .kind = w->c.plan.hash,
                        .leaf = arena_alloc(cx->mem, CEREMONY_BLOCK, sizeof *l.leaf) };
    const struct merkle_source src = { .kind = l.kind,
                                       .size = w->freeze.population.lines,
                                       .stored = CEREMONY_LEVEL,
                                       .read = leaves_read,
                                       .ctx = &l };
    if (l.leaf == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a proof");
    }
    w->out.at = (int64_t)s->at;
    w->out.size = (int64_t)src.size;
    w->out.root = w->freeze.population.root;
    w->out.opened = w->sight.weights;
    return s->found ? prove_present(cx, &src, s, w) : prove_absent(cx, &src, s, w);
}

/* ---- what its ticket gave ----------------------------------------------------------------------
 */

static enum err hex_of(struct cx *cx, const struct digest *d, struct str *out)
{
    char *hex = arena_alloc(cx->mem, CEREMONY_HEX, 1);
    if (hex == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a ticket");
    }
    hex_put(d->b, DIGEST_LEN, hex);
    *out = (struct str){ hex, CEREMONY_HEX };
    return ERR_OK;
}

/* The entity's ticket once the seed is public; *has says whether it is. */
static enum err ticket(struct cx *cx, struct tx *tx, struct proving *w, struct digest *t, bool *has)
{
    struct str body;
    struct str hex;
    struct digest seed;
    *has = false;
    if (!w->sight.values) {
        return ERR_OK;
    }
    TRY(ceremony_text(cx, tx, w->id, "seed.txt", &body, &hex));
    if (hex.p == NULL || !digest_from_hex(hex, &seed)) {
        return ERR_OK;
    }
    *t = ticket_of(w->c.plan.hash, &seed, w->code);
    *has = true;
    return hex_of(cx, t, &w->out.ticket);
}

/* What is needed for probabilities of each lot: as drawn, or as far as the freeze tells. */
static enum err lot_stats(struct cx *cx, struct tx *tx, const struct proving *w,
                          struct lot_stat *stat)
{
    struct ceremony_blocks state;
    struct lines lines;
    struct str line;
    struct q_draw_lots *rows = NULL;
    size_t n = 0;
    TRY(q_draw_lots(cx, tx, w->id, w->c.row.frame_run, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        size_t at = plan_lot_find(&w->c.plan, rows[i].lot);
        if (at < w->c.plan.lots && rows[i].take_all == 0) {
            stat[at] = (struct lot_stat){ .n = (uint64_t)rows[i].entities,
                                          .w_sum = (uint64_t)rows[i].sum_weight,
                                          .w_left = (uint64_t)rows[i].sum_weight,
                                          .m_left = w->c.plan.lot[at].n };
        }
    }
    if (w->c.row.result_run == NULL_INT) {
        return ERR_OK;
    }
    const struct draw_source text = ceremony_blocks_source(tx, &w->c, CEREMONY_FILE_LOTS, &state);
    TRY(lines_open(cx, &text, &lines));
    TRY(lines_next(cx, &lines, &line));
    while (line.p != NULL) {
        struct lot_outcome o;
        TRY(lot_outcome_get(cx, &w->c.plan, lines.at, line, &o));
        stat[o.lot] = o.stat;
        TRY(lines_next(cx, &lines, &line));
    }
    return ERR_OK;
}

static const struct q_draw_results_of *drawn_in(const struct proving *w, struct str lot)
{
    for (size_t i = 0; i < w->n_drawn; i++) {
        if (str_eq(w->drawn[i].lot, lot)) {
            return &w->drawn[i];
        }
    }
    return NULL;
}

static enum err key_text(struct cx *cx, lot_key k, struct str *out)
{
    char *room = arena_alloc(cx->mem, LOT_KEY_CHARS, 1);
    if (room == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a key");
    }
    *out = (struct str){ room, lot_key_put(k, room) };
    return ERR_OK;
}

/* One share of the line: its chance, and with a ticket its number and key. */
static enum err put_chance(struct cx *cx, const struct proving *w, const struct share *s,
                           const struct lot_stat *stat, const struct digest *ticket,
                           struct ceremony_chance *out)
{
    const struct plan_lot *lot = &w->c.plan.lot[s->lot];
    const struct q_draw_results_of *row = drawn_in(w, lot->name);
    bool known = stat->n > 0;
    uint32_t p = lot->mode == LOT_RATE ? s->w : known ? lot_probability(stat, s->w) : 0;
    *out = (struct ceremony_chance){ .lot = lot->name,
                                     .w = s->w,
                                     .p31 = p,
                                     .u = STR(""),
                                     .k = STR(""),
                                     .status = row != NULL ? row->status.p[0] : '-',
                                     .rank = row != NULL ? row->rank : 0 };
    if (ticket == NULL) {
        return ERR_OK;
    }
    uint64_t u = ticket_number(ticket);
    bool keyed = lot->mode == LOT_FIXED && p > 0 && p < DRAW_WEIGHT_MAX;
    TRY(key_text(cx, u, &out->u));
    return lot->mode == LOT_FIXED && p == 0 ? ERR_OK
                                            : key_text(cx, keyed ? lot_key_of(u, p) : 0, &out->k);
}

static enum err chances_opened(struct cx *cx, struct tx *tx, struct proving *w, struct str line,
                               const struct digest *ticket)
{
    size_t lots = w->c.plan.lots;
    struct share *share = arena_alloc(cx->mem, lots + 1, sizeof *share);
    struct lot_stat *stat = arena_alloc(cx->mem, lots + 1, sizeof *stat);
    struct entity e;
    w->out.chances = arena_alloc(cx->mem, lots + 1, sizeof *w->out.chances);
    if (share == NULL || stat == NULL || w->out.chances == NULL) {
        return fail(cx, ERR_NO_MEMORY, "chances");
    }
    TRY(entity_get(cx, &w->c.plan, place_of("population.tsv", (uint64_t)w->out.at + 1), line, share,
                   &e));
    TRY(lot_stats(cx, tx, w, stat));
    for (size_t i = 0; i < e.shares; i++) {
        TRY(put_chance(cx, w, &e.share[i], &stat[e.share[i].lot], ticket, &w->out.chances[i]));
    }
    w->out.n_chances = e.shares;
    return ERR_OK;
}

/* Of a sealed line the public learns what the lists tell: that it was drawn, and in which place. */
static enum err chances_sealed(struct cx *cx, struct proving *w)
{
    w->out.chances = arena_alloc(cx->mem, w->n_drawn + 1, sizeof *w->out.chances);
    if (w->out.chances == NULL) {
        return fail(cx, ERR_NO_MEMORY, "chances");
    }
    for (size_t i = 0; i < w->n_drawn; i++) {
        const struct q_draw_results_of *r = &w->drawn[i];
        char status = r->status.p[0] == LOT_CERTAIN ? (char)LOT_SELECTED : r->status.p[0];
        w->out.chances[i] = (struct ceremony_chance){
            .lot = r->lot, .u = STR(""), .k = STR(""), .status = status, .rank = r->rank
        };
    }
    w->out.n_chances = w->n_drawn;
    return ERR_OK;
}

static enum ceremony_verdict verdict_of(const struct proving *w, bool found)
{
    bool reserve = false;
    if (!found) {
        return CEREMONY_ABSENT;
    }
    if (w->c.row.result_run == NULL_INT || !w->sight.lists) {
        return CEREMONY_IN_POOL;
    }
    for (size_t i = 0; i < w->n_drawn; i++) {
        if (w->drawn[i].status.p[0] != LOT_RESERVE) {
            return CEREMONY_SELECTED;
        }
        reserve = true;
    }
    return reserve ? CEREMONY_RESERVE : CEREMONY_NOT_DRAWN;
}

/* Why it was left out, for officers. */
static enum err find_exclusion(struct cx *cx, struct tx *tx, struct proving *w)
{
    struct q_draw_block_of_key at;
    struct q_draw_block b;
    bool found;
    w->out.excluded = STR("");
    if (!w->sight.officer) {
        return ERR_OK;
    }
    TRY(q_draw_block_of_key(cx, tx, w->id, w->c.row.frame_run, CEREMONY_FILE_EXCLUSIONS, w->code,
                            &at, &found));
    if (!found) {
        return ERR_OK;
    }
    TRY(q_draw_block(cx, tx, w->id, w->c.row.frame_run, CEREMONY_FILE_EXCLUSIONS, at.block, &b,
                     &found));
    while (found && b.lines.n > 0) {
        struct str line = str_cut(&b.lines, '\n');
        if (str_eq(str_cut(&line, '\t'), w->code)) {
            w->out.excluded = str_cut(&line, '\t');
            return ERR_OK;
        }
    }
    return ERR_OK;
}

static enum err check_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct proving *w = arg;
    struct spot s;
    struct digest t;
    bool has;
    w->out = (struct ceremony_proof){
        .code = w->code, .line = STR(""), .before = STR(""), .after = STR(""), .ticket = STR("")
    };
    TRY(ceremony_load(cx, tx, w->id, &w->c));
    w->sight = sight_of(w->by, &w->c.row);
    if (w->c.row.frame_run == NULL_INT) {
        return fail(cx, ERR_STATE, "draw " STR_FMT " is not frozen", STR_ARG(w->c.row.no));
    }
    TRY(ceremony_freeze_of(cx, tx, &w->c, &w->freeze));
    TRY(find_line(cx, tx, w, &s));
    TRY(prove(cx, tx, w, &s));
    if (w->c.row.result_run != NULL_INT && w->sight.lists) {
        TRY(q_draw_results_of(cx, tx, w->id, w->c.row.result_run, w->code, &w->drawn, &w->n_drawn));
    }
    w->out.verdict = verdict_of(w, s.found);
    TRY(find_exclusion(cx, tx, w));
    if (!s.found) {
        return ERR_OK;
    }
    TRY(ticket(cx, tx, w, &t, &has));
    return w->sight.weights ? chances_opened(cx, tx, w, s.line, has ? &t : NULL)
                            : chances_sealed(cx, w);
}

enum err ceremony_check(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                        struct str code, struct ceremony_proof *out)
{
    struct code_check folded = code_check(code);
    struct proving *w = arena_alloc(cx->mem, 1, sizeof *w);
    struct str asked =
        folded.err == ERR_OK ? (struct str){ folded.code, folded.n } : str_trim(code);
    if (w == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a proof");
    }
    if (asked.n == 0 || asked.n > DRAW_ID_MAX) {
        return fail(cx, ERR_FIELD, "code: 1..%d characters", DRAW_ID_MAX);
    }
    w->by = by;
    w->id = id;
    w->code = str_dup(cx->mem, asked);
    if (w->code.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a code");
    }
    TRY(store_read(cx, d->store, check_work, w));
    *out = w->out;
    return ERR_OK;
}
