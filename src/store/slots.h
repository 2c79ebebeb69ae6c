/* Private to store/: what a connection keeps for each statement it has prepared. */
#ifndef SISHI_STORE_SLOTS_H
#define SISHI_STORE_SLOTS_H

#include "store/store.h"

struct slot {
    const struct stmt *q; /* its address is its name; NULL = a free place */
    void *made;           /* the backend's; NULL = not prepared yet */
};

/* An open hash table. All zero is the empty one. */
struct slots {
    struct slot *at;
    size_t n, room;
};

/* The place of a statement, made when there was none; stays until the next slots_find.
 * NULL when memory is out. */
struct slot *slots_find(struct slots *s, const struct stmt *q);
void slots_fini(struct slots *s); /* what stands in `made` is the caller's to free */

#endif
