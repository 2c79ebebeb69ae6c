#include "core/merkle.h"

#include <string.h>

enum { READ = 256 }; /* digests a read; 8 KB of stack */

/* Inclusion and consistency paths are lists of roots of ranges of leaves. A range begins at a
 * multiple of the power of two above its length, as RFC 6962 splits them. */
static enum err range_feed(struct cx *cx, const struct merkle_source *src, struct merkle *m,
                           unsigned level, uint64_t first, uint64_t count)
{
    struct digest d[READ];
    while (count > 0) {
        size_t n = count < READ ? (size_t)count : READ;
        TRY(src->read(cx, src->ctx, level, first, n, d));
        if (level == 0) {
            merkle_feed_leaves(m, d, n);
        } else {
            for (size_t i = 0; i < n; i++) {
                merkle_feed_subtree(m, level, &d[i]);
            }
        }
        first += n;
        count -= n;
    }
    return ERR_OK;
}

/* A range as the few perfect subtrees it is made of, largest first. */
static enum err range_feed_levels(struct cx *cx, const struct merkle_source *src, struct merkle *m,
                                  uint64_t from, uint64_t to)
{
    struct digest d;
    for (unsigned level = MERKLE_LEVELS; level-- > 0;) {
        if (((to - from) >> level & 1) != 0) {
            TRY(src->read(cx, src->ctx, level, from >> level, 1, &d));
            merkle_feed_subtree(m, level, &d);
            from += UINT64_C(1) << level;
        }
    }
    return ERR_OK;
}

static enum err range_root(struct cx *cx, const struct merkle_source *src, uint64_t from,
                           uint64_t to, struct digest *out)
{
    struct merkle m;
    merkle_init(&m, src->kind);
    if (src->stored == MERKLE_EVERY_LEVEL) {
        TRY(range_feed_levels(cx, src, &m, from, to));
        *out = merkle_root(&m);
        return ERR_OK;
    }
    uint64_t whole = (to - from) >> src->stored;
    if (src->stored > 0 && whole > 0) {
        TRY(range_feed(cx, src, &m, src->stored, from >> src->stored, whole));
        from += whole << src->stored;
    }
    TRY(range_feed(cx, src, &m, 0, from, to - from));
    *out = merkle_root(&m);
    return ERR_OK;
}

enum err merkle_source_root(struct cx *cx, const struct merkle_source *src, uint64_t size,
                            struct digest *out)
{
    if (size > src->size) {
        return fail(cx, ERR_MERKLE_RANGE, "%llu of %llu leaves", (unsigned long long)size,
                    (unsigned long long)src->size);
    }
    return range_root(cx, src, 0, size, out);
}

/* The largest power of two below n; n >= 2. */
static uint64_t split_at(uint64_t n)
{
    return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

static void path_turn(struct merkle_path *p)
{
    for (size_t i = 0; i < p->n / 2; i++) {
        struct digest d = p->node[i];
        p->node[i] = p->node[p->n - 1 - i];
        p->node[p->n - 1 - i] = d;
    }
}

/* A range of leaves on the way down from the root. */
struct range {
    uint64_t from, to;
};

/* One step down: keeps the half that holds `leaf` and adds the root of the other half to the path.
 */
static enum err descend(struct cx *cx, const struct merkle_source *src, uint64_t leaf,
                        struct range *r, struct merkle_path *p)
{
    uint64_t middle = r->from + split_at(r->to - r->from);
    bool left = leaf < middle;
    TRY(range_root(cx, src, left ? middle : r->from, left ? r->to : middle, &p->node[p->n]));
    p->n++;
    *(left ? &r->to : &r->from) = middle;
    return ERR_OK;
}

enum err merkle_prove_inclusion(struct cx *cx, const struct merkle_source *src, uint64_t index,
                                uint64_t size, struct merkle_path *out)
{
    if (index >= size || size > src->size) {
        return fail(cx, ERR_MERKLE_RANGE, "leaf %llu of %llu, of %llu kept",
                    (unsigned long long)index, (unsigned long long)size,
                    (unsigned long long)src->size);
    }
    struct merkle_path p = { .n = 0 };
    struct range r = { 0, size };
    while (r.to - r.from > 1) {
        TRY(descend(cx, src, index, &r, &p));
    }
    path_turn(&p);
    *out = p;
    return ERR_OK;
}

/* RFC 9162 section 2.1.3.2, which checks what RFC 6962 only defines. */
bool merkle_included(enum digest_kind kind, const struct digest *leaf, uint64_t index,
                     uint64_t size, const struct merkle_path *path, const struct digest *root)
{
    if (index >= size || path->n > MERKLE_PATH_MAX) {
        return false;
    }
    uint64_t at = index, last = size - 1;
    struct digest d = *leaf;
    for (size_t i = 0; i < path->n; i++) {
        if (last == 0) {
            return false;
        }
        if ((at & 1) != 0 || at == last) {
            d = merkle_node(kind, &path->node[i], &d);
            /* an odd last node moves up unchanged */
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            d = merkle_node(kind, &d, &path->node[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && digest_eq(&d, root);
}

enum err merkle_prove_consistency(struct cx *cx, const struct merkle_source *src, uint64_t old_size,
                                  uint64_t size, struct merkle_path *out)
{
    if (old_size > size || size > src->size) {
        return fail(cx, ERR_MERKLE_RANGE, "%llu in %llu leaves, of %llu kept",
                    (unsigned long long)old_size, (unsigned long long)size,
                    (unsigned long long)src->size);
    }
    struct merkle_path p = { .n = 0 };
    struct range r = { 0, size };
    /* down to the subtree that ends where the old tree ended */
    while (old_size > 0 && r.to != old_size) {
        TRY(descend(cx, src, old_size - 1, &r, &p));
    }
    if (r.from > 0) { /* else that subtree is the old tree, whose root the verifier has */
        TRY(range_root(cx, src, r.from, r.to, &p.node[p.n]));
        p.n++;
    }
    path_turn(&p);
    *out = p;
    return ERR_OK;
}

/* On the way up along the right edge of the old tree: its part and the whole tree's so far. */
struct climb {
    struct digest old, now;
    uint64_t at, last; /* number of the node and of the last node on this level */
};

/* RFC 9162 section 2.1.4.2, step 6; false when the path is longer than the tree is high. */
static bool climb_one(enum digest_kind kind, struct climb *c, const struct digest *sibling)
{
    if (c->last == 0) {
        return false;
    }
    if ((c->at & 1) != 0 || c->at == c->last) {
        c->old = merkle_node(kind, sibling, &c->old);
        c->now = merkle_node(kind, sibling, &c->now);
        while ((c->at & 1) == 0 && c->at != 0) {
            c->at >>= 1;
            c->last >>= 1;
        }
    } else {
        c->now = merkle_node(kind, &c->now, sibling);
    }
    c->at >>= 1;
    c->last >>= 1;
    return true;
}

bool merkle_consistent(enum digest_kind kind, uint64_t old_size, const struct digest *old_root,
                       uint64_t size, const struct digest *root, const struct merkle_path *path)
{
    if (old_size > size || path->n > MERKLE_PATH_MAX) {
        return false;
    }
    if (old_size == 0) {
        struct digest empty = digest_of(kind, STR(""));
        return path->n == 0 && digest_eq(old_root, &empty) && (size > 0 || digest_eq(root, &empty));
    }
    if (old_size == size) {
        return path->n == 0 && digest_eq(old_root, root);
    }
    if (path->n == 0) {
        return false;
    }
    bool whole = (old_size & (old_size - 1)) == 0; /* then the old root itself begins the path */
    struct digest first = whole ? *old_root : path->node[0];
    /* that subtree is whole: begin at its root */
    unsigned level = (unsigned)__builtin_ctzll(old_size);
    struct climb c = { first, first, (old_size - 1) >> level, (size - 1) >> level };
    for (size_t i = whole ? 0 : 1; i < path->n; i++) {
        if (!climb_one(kind, &c, &path->node[i])) {
            return false;
        }
    }
    return c.last == 0 && digest_eq(&c.old, old_root) && digest_eq(&c.now, root);
}
