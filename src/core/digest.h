/* SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016): whole, in pieces, and many at a time. Pure: no
 * memory is allocated, nothing fails. Every path gives the same bytes. */
#ifndef SISHI_CORE_DIGEST_H
#define SISHI_CORE_DIGEST_H

#include "base/base.h"

enum digest_kind { DIGEST_SHA256, DIGEST_SM3, DIGEST_KIND__COUNT };
enum { DIGEST_LEN = 32, DIGEST_BLOCK = 64 };
struct digest {
    uint8_t b[DIGEST_LEN];
};

/* "sha256", "sm3": the words of plan.txt. */
PUBLIC const char *digest_kind_name(enum digest_kind kind);
/* The kind of that name; false when there is none. */
PUBLIC bool digest_kind_of(struct str name, enum digest_kind *out) MUST_USE;

/* A digest fed piece by piece. Messages up to 2^61 - 1 bytes. */
struct hasher {
    enum digest_kind kind;
    uint32_t h[8];
    uint64_t bytes;
    uint8_t block[DIGEST_BLOCK];
};
PUBLIC void hasher_init(struct hasher *h, enum digest_kind kind);
PUBLIC void hasher_feed(struct hasher *h, const void *bytes, size_t n);
/* The digest of what was fed. `h` is used up: init before feeding again. */
PUBLIC struct digest hasher_end(struct hasher *h);

PUBLIC struct digest digest_of(enum digest_kind kind, struct str bytes);
PUBLIC bool digest_eq(const struct digest *a, const struct digest *b);
/* 64 lower-case hex characters and nothing else; false otherwise. */
PUBLIC bool digest_from_hex(struct str hex, struct digest *out) MUST_USE;

/**
 * Many digests with a common beginning: out[i] = H(head || tail[i]).
 *
 * The messages share the processor's vector lanes, so that this is several times faster than a loop
 * over digest_of when they are short and many (say 64 or more). Any mixture of lengths is right;
 * messages of one block (head and tail up to 55 bytes together) are the fast case.
 *
 * @param head  at most 64 bytes
 * @param tail  n views, each below 2^60 bytes
 * @param out   n digests, memory of the caller; may not overlap head or tails
 */
PUBLIC void digest_batch(enum digest_kind kind, struct str head, const struct str *tail, size_t n,
                         struct digest *out);

/* How the digests are computed. A path is a ceiling: each hash takes its best kernel that is not
 * above it (SM3 has no SHA-NI kernel and takes AVX2's or the portable one there). */
enum digest_path {
    DIGEST_PORTABLE, /* C, any machine */
    DIGEST_AVX2,     /* 8 messages side by side */
    DIGEST_SHANI,    /* x86 SHA instructions, 4 messages interleaved; streams too */
    DIGEST_AVX512,   /* 16 messages side by side */
    DIGEST_PATH__COUNT
};
PUBLIC const char *digest_path_name(enum digest_path path);
PUBLIC bool digest_path_has(enum digest_path path); /* can this processor do it? */
PUBLIC enum digest_path digest_path(void);          /* the one in use: at first the best there is */
/* For tests and measurements; safe between threads. False, and no change, when the CPU lacks it. */
PUBLIC bool digest_path_set(enum digest_path path) MUST_USE;
/* Takes the ceiling away again: each hash by what is quickest on this processor. */
PUBLIC void digest_path_free(void);

#endif
