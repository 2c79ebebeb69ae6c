/* One lot while the population passes by: keeps the entities that may still be drawn. Private. */
#ifndef SISHI_CORE_BALLOT_H
#define SISHI_CORE_BALLOT_H

#include "core/lot.h"

enum { BALLOT_REGION_MAX = 12, BALLOT_WEIGHTS = 256 };

/* An entity that may be drawn. Its id and region are in the ballot's slot of that number. */
struct candidate {
    lot_key k;
    uint64_t u;
    uint32_t w;
    uint32_t slot;
};

/* What is known of one weight, so that most entities are passed over without a division. */
struct weighed {
    uint32_t w, p;
    uint64_t u_max; /* no larger u can be drawn any more */
    uint32_t epoch; /* of the bound that u_max is from */
    uint32_t seen;  /* under that bound */
};

struct ballot {
    enum lot_mode mode;
    const struct lot_stat *stat;
    size_t keep; /* how many are wanted: the selected and the reserves */
    struct candidate *candidate;
    size_t n, room;
    char *slots; /* room of them: id padded with NUL, then the region packed */
    unsigned id_bytes;
    struct candidate bound; /* fixed lots: whoever is not below this one is out */
    uint32_t epoch;         /* 0 = no bound yet */
    struct candidate *certain;
    size_t certains;
    char *certain_slots;
    struct weighed weighed[BALLOT_WEIGHTS];
};

enum err ballot_open(struct cx *cx, struct ballot *b, const struct plan_lot *lot,
                     const struct lot_stat *stat, unsigned id_bytes) MUST_USE;
/* Offers an entity with the number u of its ticket and its weight in this lot. */
enum err ballot_offer(struct cx *cx, struct ballot *b, const struct entity *e, uint64_t u,
                      uint32_t w) MUST_USE;
/* Sorts: candidate[0..n) are the drawn ones in order, at most `keep`. */
void ballot_close(struct ballot *b);
/* The id in a slot, and its region unpacked. */
struct str ballot_id(const struct ballot *b, const char *slots, const struct candidate *c);
struct str ballot_region(const struct ballot *b, const char *slots, const struct candidate *c,
                         char room[BALLOT_REGION_MAX]);

#endif
