/* SHA-256 and SM3, whole or in pieces, and the RFC 6962 tree over either. */
#ifndef SISHI_CORE_DIGEST_H
#define SISHI_CORE_DIGEST_H

#include "base/base.h"

enum digest_kind { DIGEST_SHA256, DIGEST_SM3 };
enum { DIGEST_LEN = 32 };
struct digest {
    uint8_t b[DIGEST_LEN];
};

/* A digest fed piece by piece. */
struct hasher {
    enum digest_kind kind;
    uint32_t h[8];
    uint64_t bytes;
    uint8_t block[64];
};
PUBLIC void hasher_init(struct hasher *h, enum digest_kind kind);
PUBLIC void hasher_feed(struct hasher *h, const void *bytes, size_t n);
PUBLIC struct digest hasher_end(struct hasher *h);
PUBLIC struct digest digest_of(enum digest_kind kind, struct str bytes);
PUBLIC bool digest_eq(const struct digest *a, const struct digest *b);

#endif
