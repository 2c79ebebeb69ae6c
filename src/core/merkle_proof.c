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

static enum err range_root(struct cx *cx, const struct merkle_source *src, uint64_t from,
                           uint64_t to, struct digest *out)
{
    struct merkle m;
    merkle_init(&m, src->kind);
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

enum err merkle_prove_inclusion(struct cx *cx, const struct merkle_source *src, uint64_t index,
                                uint64_t size, struct merkle_path *out)
{
    if (index >= size || size > src->size) {
        return fail(cx, ERR_MERKLE_RANGE, "leaf %llu of %llu, of %llu kept",
                    (unsigned long long)index, (unsigned long long)size,
                    (unsigned long long)src->size);
    }
    struct merkle_path p = { .n = 0 };
    uint64_t from = 0, to = size;
    while (to - from > 1) {
        uint64_t middle = from + split_at(to - from);
        struct digest *sibling = &p.node[p.n++];
        if (index < middle) {
            TRY(range_root(cx, src, middle, to, sibling));
            to = middle;
        } else {
            TRY(range_root(cx, src, from, middle, sibling));
            from = middle;
        }
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
    uint64_t from = 0, to = size;
    /* down to the subtree that ends where the old tree ended */
    while (old_size > 0 && to != old_size) {
        uint64_t middle = from + split_at(to - from);
        struct digest *sibling = &p.node[p.n++];
        if (old_size <= middle) {
            TRY(range_root(cx, src, middle, to, sibling));
            to = middle;
        } else {
            TRY(range_root(cx, src, from, middle, sibling));
            from = middle;
        }
    }
    if (from > 0) { /* else that subtree is the old tree, whose root the verifier has */
        TRY(range_root(cx, src, from, to, &p.node[p.n++]));
    }
    path_turn(&p);
    *out = p;
    return ERR_OK;
}

/* RFC 9162 section 2.1.4.2, steps 3 to 7: from `node`, which ends where the old tree ended. */
static bool consistent_from(enum digest_kind kind, struct digest node, uint64_t at, uint64_t last,
                            const struct digest *path, size_t n, const struct digest *old_root,
                            const struct digest *root)
{
    struct digest old = node, now = node;
    for (size_t i = 0; i < n; i++) {
        if (last == 0) {
            return false;
        }
        if ((at & 1) != 0 || at == last) {
            old = merkle_node(kind, &path[i], &old);
            now = merkle_node(kind, &path[i], &now);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            now = merkle_node(kind, &now, &path[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && digest_eq(&old, old_root) && digest_eq(&now, root);
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
    uint64_t at = old_size - 1, last = size - 1;
    while ((at & 1) != 0) {
        at >>= 1;
        last >>= 1;
    }
    bool whole = (old_size & (old_size - 1)) == 0; /* then the old root itself begins the path */
    size_t skip = whole ? 0 : 1;
    return consistent_from(kind, whole ? *old_root : path->node[0], at, last, path->node + skip,
                           path->n - skip, old_root, root);
}
