/* Selection and sorting of many small records in place, without memory of its own. Private. */
#ifndef SISHI_CORE_SELECT_H
#define SISHI_CORE_SELECT_H

#include "base/base.h"

/* What the algorithms need to know of the records. */
struct records {
    void *base;
    size_t size; /* bytes of one, at most RECORD_MAX */
    bool (*below)(const void *ctx, const void *a, const void *b); /* a strict weak order */
    const void *ctx;
};
enum { RECORD_MAX = 128 };

/* Puts the k smallest of n first, in any order. @cost O(n) expected */
void records_select(const struct records *r, size_t n, size_t k);
/* @cost O(n log n) expected; the stack stays at O(log n) */
void records_sort(const struct records *r, size_t n);

#endif
