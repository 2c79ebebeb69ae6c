#include "core/ticket.h"

#include <string.h>

enum { BATCH = 256 }; /* 8 KB of digests on the stack */

/* first || letter, the common beginning of the messages */
struct head {
    uint8_t b[DIGEST_LEN + 1];
};

static struct head head_of(const struct digest *first, char letter)
{
    struct head h;
    memcpy(h.b, first->b, DIGEST_LEN);
    h.b[DIGEST_LEN] = (uint8_t)letter;
    return h;
}

static struct str head_str(const struct head *h)
{
    return (struct str){ (const char *)h->b, sizeof h->b };
}

static struct digest hash_with(enum digest_kind kind, const struct head *head, struct str tail)
{
    struct hasher h;
    hasher_init(&h, kind);
    hasher_feed(&h, head->b, sizeof head->b);
    hasher_feed(&h, tail.p, tail.n);
    return hasher_end(&h);
}

static uint64_t be64_of(const struct digest *d)
{
    uint64_t v = 0;
    for (size_t i = 0; i < 8; i++) {
        v = v << 8 | d->b[i];
    }
    return v;
}

struct digest ticket_of(enum digest_kind kind, const struct digest *seed, struct str id)
{
    struct head head = head_of(seed, 'T');
    return hash_with(kind, &head, id);
}

uint64_t ticket_number(const struct digest *ticket)
{
    return be64_of(ticket) >> 1;
}

void ticket_batch(enum digest_kind kind, const struct digest *seed, const struct str *ids, size_t n,
                  uint64_t *u, struct digest *full)
{
    struct head head = head_of(seed, 'T');
    struct digest some[BATCH];
    for (size_t at = 0; at < n; at += BATCH) {
        size_t m = n - at < BATCH ? n - at : BATCH;
        struct digest *out = full != NULL ? full + at : some;
        digest_batch(kind, head_str(&head), ids + at, m, out);
        for (size_t i = 0; i < m; i++) {
            u[at + i] = ticket_number(&out[i]);
        }
    }
}

static uint64_t pair_number(const struct digest *d)
{
    return be64_of(d) >> 16;
}

uint64_t ticket_pair(enum digest_kind kind, const struct digest *ticket, struct str inspector)
{
    struct head head = head_of(ticket, 'I');
    struct digest d = hash_with(kind, &head, inspector);
    return pair_number(&d);
}

void ticket_pair_batch(enum digest_kind kind, const struct digest *ticket,
                       const struct str *inspectors, size_t n, uint64_t *r48)
{
    struct head head = head_of(ticket, 'I');
    struct digest some[BATCH];
    for (size_t at = 0; at < n; at += BATCH) {
        size_t m = n - at < BATCH ? n - at : BATCH;
        digest_batch(kind, head_str(&head), inspectors + at, m, some);
        for (size_t i = 0; i < m; i++) {
            r48[at + i] = pair_number(&some[i]);
        }
    }
}
