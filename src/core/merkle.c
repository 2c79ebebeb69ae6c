#include "core/merkle.h"

#include <assert.h>
#include <string.h>

static const uint8_t LEAF = 0x00, NODE = 0x01;

enum { BATCH_LEVEL = 8, BATCH = 1 << BATCH_LEVEL };

struct digest merkle_leaf(enum digest_kind kind, struct str line)
{
    struct hasher h;
    hasher_init(&h, kind);
    hasher_feed(&h, &LEAF, 1);
    hasher_feed(&h, line.p, line.n);
    return hasher_end(&h);
}

struct digest merkle_node(enum digest_kind kind, const struct digest *left,
                          const struct digest *right)
{
    struct hasher h;
    hasher_init(&h, kind);
    hasher_feed(&h, &NODE, 1);
    hasher_feed(&h, left->b, DIGEST_LEN);
    hasher_feed(&h, right->b, DIGEST_LEN);
    return hasher_end(&h);
}

void merkle_leaves(enum digest_kind kind, const struct str *lines, size_t n, struct digest *out)
{
    digest_batch(kind, (struct str){ (const char *)&LEAF, 1 }, lines, n, out);
}

/* The parents of 2n digests, written over the first n. */
static void parents(enum digest_kind kind, struct digest *d, size_t n)
{
    struct str pair[BATCH / 2];
    struct digest up[BATCH / 2];
    assert(n <= BATCH / 2);
    for (size_t i = 0; i < n; i++) {
        pair[i] = (struct str){ (const char *)d[2 * i].b, sizeof d[0].b * 2 };
    }
    digest_batch(kind, (struct str){ (const char *)&NODE, 1 }, pair, n, up);
    memcpy(d, up, n * sizeof up[0]);
}

void merkle_init(struct merkle *m, enum digest_kind kind)
{
    m->kind = kind;
    m->n = 0;
}

void merkle_feed_subtree(struct merkle *m, unsigned level, const struct digest *root)
{
    assert(level < MERKLE_LEVELS && m->n % (UINT64_C(1) << level) == 0);
    struct digest d = *root;
    unsigned at = level;
    /* as in counting: while the bit is set, carry */
    for (; (m->n >> at & 1) != 0; at++) {
        d = merkle_node(m->kind, &m->peak[at], &d);
    }
    assert(at < MERKLE_LEVELS);
    m->peak[at] = d;
    m->n += UINT64_C(1) << level;
}

void merkle_feed_leaf(struct merkle *m, const struct digest *leaf)
{
    merkle_feed_subtree(m, 0, leaf);
}

void merkle_feed(struct merkle *m, struct str line)
{
    struct digest leaf = merkle_leaf(m->kind, line);
    merkle_feed_leaf(m, &leaf);
}

/* How many leaves to take next: a whole aligned subtree, or what leads up to the next one. */
static size_t batch_size(const struct merkle *m, size_t left)
{
    size_t lead = BATCH - (size_t)(m->n % BATCH);
    return left < lead ? left : lead;
}

/* d is used up. */
static void feed_batch(struct merkle *m, struct digest *d, size_t n)
{
    if (n < BATCH) {
        for (size_t i = 0; i < n; i++) {
            merkle_feed_leaf(m, &d[i]);
        }
        return;
    }
    for (size_t width = BATCH / 2; width > 0; width /= 2) {
        parents(m->kind, d, width);
    }
    merkle_feed_subtree(m, BATCH_LEVEL, &d[0]);
}

void merkle_feed_lines(struct merkle *m, const struct str *lines, size_t n)
{
    struct digest d[BATCH];
    for (size_t at = 0, take; at < n; at += take) {
        take = batch_size(m, n - at);
        merkle_leaves(m->kind, lines + at, take, d);
        feed_batch(m, d, take);
    }
}

void merkle_feed_leaves(struct merkle *m, const struct digest *leaf, size_t n)
{
    struct digest d[BATCH];
    for (size_t at = 0, take; at < n; at += take) {
        take = batch_size(m, n - at);
        memcpy(d, leaf + at, take * sizeof d[0]);
        feed_batch(m, d, take);
    }
}

struct digest merkle_root(const struct merkle *m)
{
    if (m->n == 0) {
        return digest_of(m->kind, STR(""));
    }
    unsigned level = (unsigned)__builtin_ctzll(m->n);
    struct digest d = m->peak[level];
    while (m->n >> ++level != 0) {
        if ((m->n >> level & 1) != 0) {
            d = merkle_node(m->kind, &m->peak[level], &d);
        }
    }
    return d;
}
