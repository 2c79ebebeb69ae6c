/* The Merkle tree of RFC 6962 section 2.1 over SHA-256 or SM3: leaf H(0x00 || line), node
 * H(0x01 || left || right), empty tree H(""). Roots, and proofs that a line is in a tree, that one
 * tree is the beginning of another, and that a sorted tree lacks a line. */
#ifndef SISHI_CORE_MERKLE_H
#define SISHI_CORE_MERKLE_H

#include "core/digest.h"

/* `line` without its LF. */
PUBLIC struct digest merkle_leaf(enum digest_kind kind, struct str line);
PUBLIC struct digest merkle_node(enum digest_kind kind, const struct digest *left,
                                 const struct digest *right);
/* n leaf digests at once, on the processor's vector lanes. */
PUBLIC void merkle_leaves(enum digest_kind kind, const struct str *lines, size_t n,
                          struct digest *out);

/* A tree that grows at its right end, in 2 KB. Copy the struct to look at it at two sizes. */
enum { MERKLE_LEVELS = 62 };
struct merkle {
    enum digest_kind kind;
    uint64_t n; /* leaves so far, below 2^62 */
    struct digest
        peak[MERKLE_LEVELS]; /* [k] is the perfect subtree of 2^k leaves when bit k of n */
};
PUBLIC void merkle_init(struct merkle *m, enum digest_kind kind);
PUBLIC void merkle_feed(struct merkle *m, struct str line);
PUBLIC void merkle_feed_leaf(struct merkle *m, const struct digest *leaf);
/* The fast way for files: many lines in one call (a few hundred or more). @cost 3 compressions a
 * line of up to 54 bytes, 16 KB of stack */
PUBLIC void merkle_feed_lines(struct merkle *m, const struct str *lines, size_t n);
PUBLIC void merkle_feed_leaves(struct merkle *m, const struct digest *leaf, size_t n);
/* A perfect subtree of 2^level leaves whose root is known; m->n must be a multiple of 2^level. */
PUBLIC void merkle_feed_subtree(struct merkle *m, unsigned level, const struct digest *root);
PUBLIC struct digest merkle_root(const struct merkle *m); /* of the lines so far; m can go on */

/**
 * Where the digests of a tree can be read for a proof: leaf digests, and if the keeper stored them
 * the roots of the perfect subtrees of 2^stored leaves (10 is a good choice: a proof then reads at
 * most 2*1023 leaves and size/1024 roots). A keeper of the roots of all levels, as of a growing
 * log, says MERKLE_EVERY_LEVEL: a proof then reads O((log size)^2) digests one by one.
 */
enum { MERKLE_EVERY_LEVEL = 255 };
struct merkle_source {
    enum digest_kind kind;
    uint64_t size;   /* leaves that can be read */
    unsigned stored; /* level of the stored roots; 0 = leaves only; or MERKLE_EVERY_LEVEL */
    /* Reads n digests of that level (0 or `stored`), of subtrees first .. first+n-1. */
    enum err (*read)(struct cx *cx, void *ctx, unsigned level, uint64_t first, size_t n,
                     struct digest *out);
    void *ctx;
};

/* The hashes of a proof, in the order of RFC 6962 (from the leaf up). */
enum { MERKLE_PATH_MAX = 64 };
struct merkle_path {
    size_t n;
    struct digest node[MERKLE_PATH_MAX];
};

/* The root of the first `size` leaves. ERR_MERKLE_RANGE when size is above src->size. */
PUBLIC enum err merkle_source_root(struct cx *cx, const struct merkle_source *src, uint64_t size,
                                   struct digest *out) MUST_USE;

/* The path from leaf `index` to the root of the first `size` leaves (RFC 6962 2.1.1).
 * ERR_MERKLE_RANGE unless index < size <= src->size. @cost see merkle_source */
PUBLIC enum err merkle_prove_inclusion(struct cx *cx, const struct merkle_source *src,
                                       uint64_t index, uint64_t size,
                                       struct merkle_path *out) MUST_USE;
PUBLIC bool merkle_included(enum digest_kind kind, const struct digest *leaf, uint64_t index,
                            uint64_t size, const struct merkle_path *path,
                            const struct digest *root) MUST_USE;

/* That the tree of `old_size` leaves is the beginning of that of `size` (RFC 6962 2.1.2). The path
 * is empty when old_size is 0 or equal to size. ERR_MERKLE_RANGE unless old_size <= size <=
 * src->size. */
PUBLIC enum err merkle_prove_consistency(struct cx *cx, const struct merkle_source *src,
                                         uint64_t old_size, uint64_t size,
                                         struct merkle_path *out) MUST_USE;
PUBLIC bool merkle_consistent(enum digest_kind kind, uint64_t old_size,
                              const struct digest *old_root, uint64_t size,
                              const struct digest *root, const struct merkle_path *path) MUST_USE;

/**
 * That no line of a sorted tree has the given leading field(s): the two lines between which it
 * would stand, neighbours in the tree, or the first or last line alone. Holds for files whose lines
 * ascend strictly by bytes, fields parted by TAB, no byte below TAB (population.tsv, roster.tsv,
 * recusal.tsv, result.tsv): whoever publishes the root answers for the order.
 */
struct merkle_neighbour {
    struct str line;
    struct merkle_path path;
};
struct merkle_absence {
    uint64_t at; /* index the missing line would have: before is at-1, after is at; 0..size */
    struct merkle_neighbour before; /* unused when at == 0 */
    struct merkle_neighbour after;  /* unused when at == size */
};

/* Where the line would stand, as the caller finds it in its sorted file or table. */
struct merkle_gap {
    uint64_t at;              /* how many lines are below the key */
    struct str before, after; /* the lines at-1 and at; ignored at the edge */
};

/* The gap's views are kept in *out. ERR_MERKLE_RANGE when the gap is outside the tree;
 * ERR_MERKLE_PRESENT when its lines do not enclose the key. */
PUBLIC enum err merkle_prove_absence(struct cx *cx, const struct merkle_source *src, uint64_t size,
                                     struct str key, const struct merkle_gap *gap,
                                     struct merkle_absence *out) MUST_USE;
/* @param key  the first field, or the first fields with TAB between them, of the line in question
 */
PUBLIC bool merkle_absent(enum digest_kind kind, struct str key, uint64_t size,
                          const struct merkle_absence *proof, const struct digest *root) MUST_USE;

#endif
