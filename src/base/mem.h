/* Arenas: the memory of one piece of work. */
#ifndef SISHI_BASE_MEM_H
#define SISHI_BASE_MEM_H

#include "base/defs.h"

struct arena;

/* @param limit  bytes the arena may hand out in all. NULL when out of memory. */
struct arena *arena_new(size_t limit);
void arena_free(struct arena *a); /* accepts NULL */
void arena_freep(struct arena **a);

/* Zeroed, aligned for any type; NULL past the arena's limit. Owned by the arena.
 * @cost O(bytes); one malloc per 16 KiB page */
void *arena_alloc(struct arena *a, size_t count, size_t size) MUST_USE;

/* A place to come back to: arena_reset frees whatever was allocated after arena_mark, so that a
 * loop over many rows keeps its memory flat. Marks nest. */
struct arena_mark {
    void *page;
    size_t used, total;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_reset(struct arena *a, struct arena_mark m);

/* Tests only: the n-th allocation from now on this thread fails (1 = the next). 0 = none. */
void arena_fail_nth(int64_t n);

#endif
