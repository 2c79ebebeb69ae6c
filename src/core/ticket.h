/* Tickets of the draw (sishi-draw/1 section 4.6): T = H(seed || "T" || id), and the number by which
 * an entity is ordered. Anyone who has the seed can recompute them. */
#ifndef SISHI_CORE_TICKET_H
#define SISHI_CORE_TICKET_H

#include "core/digest.h"

enum { TICKET_ID_MAX = 64 }; /* ids are 1..64 bytes of 0x21..0x7E; up to 22 are the fast case */

/* T of one id. */
PUBLIC struct digest ticket_of(enum digest_kind kind, const struct digest *seed, struct str id);
/* u = (first 8 bytes of T, big-endian) >> 1: 0 <= u < 2^63. */
PUBLIC uint64_t ticket_number(const struct digest *ticket);

/**
 * The tickets of many ids at once, on the processor's vector lanes (several hundred a call is
 * enough to be fast).
 *
 * @param ids   n views
 * @param u     n numbers, memory of the caller
 * @param full  n tickets, memory of the caller, or NULL when only the numbers are wanted
 */
PUBLIC void ticket_batch(enum digest_kind kind, const struct digest *seed, const struct str *ids,
                         size_t n, uint64_t *u, struct digest *full);

/* r48 of a target's ticket and an inspector: first 6 bytes, big-endian, of H(T || "I" ||
 * inspector); below 2^48. */
PUBLIC uint64_t ticket_pair(enum digest_kind kind, const struct digest *ticket,
                            struct str inspector);
/* One target with n inspectors: r48[i] for inspectors[i]. */
PUBLIC void ticket_pair_batch(enum digest_kind kind, const struct digest *ticket,
                              const struct str *inspectors, size_t n, uint64_t *r48);

#endif
