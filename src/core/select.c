#include "core/select.h"

#include <string.h>

enum { SMALL = 16 };

static char *record_at(const struct records *r, size_t i)
{
    return (char *)r->base + i * r->size;
}

static bool below(const struct records *r, size_t a, size_t b)
{
    return r->below(r->ctx, record_at(r, a), record_at(r, b));
}

static void swap(const struct records *r, size_t a, size_t b)
{
    char hold[RECORD_MAX];
    memcpy(hold, record_at(r, a), r->size);
    memcpy(record_at(r, a), record_at(r, b), r->size);
    memcpy(record_at(r, b), hold, r->size);
}

static void sort_small(const struct records *r, size_t lo, size_t hi)
{
    for (size_t i = lo + 1; i < hi; i++) {
        for (size_t j = i; j > lo && below(r, j, j - 1); j--) {
            swap(r, j, j - 1);
        }
    }
}

/* Parts lo..hi (more than three records) around the median of three; returns where the pivot ends.
 * Equal records go to both sides, so that many equal ones stay cheap. */
static size_t part(const struct records *r, size_t lo, size_t hi)
{
    size_t mid = lo + (hi - lo) / 2;
    size_t last = hi - 1;
    if (below(r, mid, lo)) {
        swap(r, mid, lo);
    }
    if (below(r, last, mid)) {
        swap(r, last, mid);
        if (below(r, mid, lo)) {
            swap(r, mid, lo);
        }
    }
    swap(r, lo, mid); /* the pivot waits in front; `last` stops the walk to the right */
    size_t i = lo;
    size_t j = hi;
    for (;;) {
        do {
            i++;
        } while (below(r, i, lo));
        do {
            j--;
        } while (below(r, lo, j));
        if (i >= j) {
            break;
        }
        swap(r, i, j);
    }
    swap(r, lo, j);
    return j;
}

void records_select(const struct records *r, size_t n, size_t k)
{
    size_t lo = 0;
    size_t hi = n;
    while (hi - lo > SMALL) {
        size_t pivot = part(r, lo, hi);
        if (pivot == k) {
            return;
        }
        if (pivot < k) {
            lo = pivot + 1;
        } else {
            hi = pivot;
        }
    }
    sort_small(r, lo, hi);
}

static void sort_range(const struct records *r, size_t lo, size_t hi)
{
    while (hi - lo > SMALL) {
        size_t pivot = part(r, lo, hi);
        if (pivot - lo < hi - pivot) { /* the smaller half by recursion: O(log n) deep */
            sort_range(r, lo, pivot);
            lo = pivot + 1;
        } else {
            sort_range(r, pivot + 1, hi);
            hi = pivot;
        }
    }
    sort_small(r, lo, hi);
}

void records_sort(const struct records *r, size_t n)
{
    if (n > 1) {
        sort_range(r, 0, n);
    }
}
