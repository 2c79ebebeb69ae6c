#include "core/prover.h"

#include <string.h>

static enum err no_memory(struct cx *cx)
{
    return fail(cx, ERR_NO_MEMORY, "a proof");
}

enum err prover_open(struct cx *cx, struct prover *p, enum digest_kind kind, struct str key)
{
    *p = (struct prover){ .kind = kind, .key = key, .root.size = sizeof(struct digest) };
    p->now = arena_alloc(cx->mem, PROVER_BLOCK, sizeof *p->now);
    p->last = arena_alloc(cx->mem, PROVER_BLOCK, sizeof *p->last);
    if (p->now == NULL || p->last == NULL) {
        return no_memory(cx);
    }
    merkle_init(&p->tree, kind);
    return ERR_OK;
}

static enum err keep(struct cx *cx, struct prover *p, uint64_t block, const struct digest *leaf)
{
    for (size_t i = 0; i < p->n_kept; i++) {
        if (p->kept[i].block == block) {
            return ERR_OK;
        }
    }
    struct digest *copy = arena_alloc(cx->mem, PROVER_BLOCK, sizeof *copy);
    if (copy == NULL) {
        return no_memory(cx);
    }
    memcpy(copy, leaf, PROVER_BLOCK * sizeof *copy);
    p->kept[p->n_kept].block = block;
    p->kept[p->n_kept++].leaf = copy;
    return ERR_OK;
}

/* The neighbours of the key's place: are their leaves in the block that ends now? */
static bool block_wanted(const struct prover *p, uint64_t block)
{
    return p->placed &&
           (p->at >> PROVER_LEVEL == block || (p->at > 0 && (p->at - 1) >> PROVER_LEVEL == block));
}

/* A block is full: its root is kept, its leaves only near the key. */
static enum err block_end(struct cx *cx, struct prover *p)
{
    uint64_t block = (p->tree.n >> PROVER_LEVEL) - 1;
    struct digest *root = kept_add(cx, &p->root);
    if (root == NULL) {
        return no_memory(cx);
    }
    struct merkle own;
    merkle_init(&own, p->kind);
    merkle_feed_leaves(&own, p->now, PROVER_BLOCK);
    *root = merkle_root(&own);
    if (block_wanted(p, block)) {
        TRY(keep(cx, p, block, p->now));
    }
    if (block > 0 && block_wanted(p, block - 1)) {
        TRY(keep(cx, p, block - 1, p->last));
    }
    struct digest *swap = p->last;
    p->last = p->now;
    p->now = swap;
    return ERR_OK;
}

/* Remembers a line until the next one, in room that is used again. */
static enum err remember(struct cx *cx, struct prover *p, struct str line)
{
    if (line.n > p->last_room_n) {
        size_t room = 2 * line.n;
        p->last_room = arena_alloc(cx->mem, room, 1);
        if (p->last_room == NULL) {
            p->last_room_n = 0;
            return no_memory(cx);
        }
        p->last_room_n = room;
    }
    memcpy(p->last_room, line.p, line.n);
    p->last_line = (struct str){ p->last_room, line.n };
    return ERR_OK;
}

static struct str first_field(struct str line)
{
    return str_cut(&line, '\t');
}

static enum err place(struct cx *cx, struct prover *p, struct str line, bool present)
{
    p->placed = true;
    p->present = present;
    p->at = p->tree.n;
    p->before = str_dup(cx->mem, p->last_line);
    p->line = str_dup(cx->mem, line);
    return p->before.p == NULL || p->line.p == NULL ? no_memory(cx) : ERR_OK;
}

enum err prover_feed(struct cx *cx, struct prover *p, struct str line, const struct digest *leaf)
{
    struct str id = first_field(line);
    if (p->tree.n > 0 && str_cmp(first_field(p->last_line), id) >= 0) {
        return fail(cx, ERR_DRAW_MISMATCH, "ids do not ascend at \"" STR_FMT "\"",
                    (int)(id.n < 64 ? id.n : 64), id.p);
    }
    int order = p->placed ? -1 : str_cmp(id, p->key);
    if (order >= 0) {
        TRY(place(cx, p, line, order == 0));
    }
    p->now[p->tree.n % PROVER_BLOCK] = *leaf;
    merkle_feed_leaf(&p->tree, leaf);
    TRY(remember(cx, p, line));
    return p->tree.n % PROVER_BLOCK == 0 ? block_end(cx, p) : ERR_OK;
}

static enum err read_kept(struct cx *cx, void *ctx, unsigned level, uint64_t first, size_t n,
                          struct digest *out)
{
    const struct prover *p = ctx;
    for (size_t i = 0; i < n; i++) {
        uint64_t at = first + i;
        const struct digest *root = p->root.records;
        const struct digest *found = level == PROVER_LEVEL && at < p->root.n ? &root[at] : NULL;
        for (size_t k = 0; level == 0 && k < p->n_kept; k++) {
            if (p->kept[k].block == at >> PROVER_LEVEL) {
                found = &p->kept[k].leaf[at % PROVER_BLOCK];
            }
        }
        if (found == NULL) {
            return fail(cx, ERR_MERKLE_RANGE, "leaf %llu was not kept", (unsigned long long)at);
        }
        out[i] = *found;
    }
    return ERR_OK;
}

enum err prover_end(struct cx *cx, struct prover *p, struct merkle_path *path,
                    struct merkle_absence *absence)
{
    uint64_t size = p->tree.n;
    if (!p->placed) {
        TRY(place(cx, p, STR(""), false));
    }
    uint64_t tail = size >> PROVER_LEVEL;
    if (tail > 0 && block_wanted(p, tail - 1)) {
        TRY(keep(cx, p, tail - 1, p->last));
    }
    TRY(keep(cx, p, tail, p->now));
    struct merkle_source src = {
        .kind = p->kind, .size = size, .stored = PROVER_LEVEL, .read = read_kept, .ctx = p
    };
    if (p->present) {
        return merkle_prove_inclusion(cx, &src, p->at, size, path);
    }
    struct merkle_gap gap = { p->at, p->before, p->line };
    return merkle_prove_absence(cx, &src, size, p->key, &gap, absence);
}
