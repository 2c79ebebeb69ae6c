#include "base/base.h"

#include <stdlib.h>
#include <string.h>

struct page {
    struct page *next;
    size_t room;
    _Alignas(max_align_t) char bytes[];
};

struct arena {
    struct page *pages; /* newest first */
    size_t used;        /* in the newest page */
    size_t total, limit;
};

enum { PAGE_BYTES = 16384 };

static _Thread_local int64_t fail_in;

void arena_fail_nth(int64_t n)
{
    fail_in = n;
}

struct arena *arena_new(size_t limit)
{
    struct arena *a = calloc(1, sizeof *a);
    if (a != NULL) {
        a->limit = limit;
    }
    return a;
}

void arena_free(struct arena *a)
{
    if (a == NULL) {
        return;
    }
    for (struct page *p = a->pages; p != NULL;) {
        struct page *next = p->next;
        free(p);
        p = next;
    }
    free(a);
}

void arena_freep(struct arena **a)
{
    arena_free(*a);
    *a = NULL;
}

static struct page *page_add(struct arena *a, size_t want)
{
    size_t bytes = want > PAGE_BYTES ? want : PAGE_BYTES;
    struct page *p = malloc(sizeof *p + bytes);
    if (p == NULL) {
        return NULL;
    }
    p->next = a->pages;
    p->room = bytes;
    a->pages = p;
    a->used = 0;
    return p;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    size_t want;
    if (fail_in > 0 && --fail_in == 0) {
        return NULL;
    }
    if (__builtin_mul_overflow(count, size, &want) || want > a->limit - a->total ||
        __builtin_add_overflow(want, align - 1, &want)) {
        return NULL;
    }
    want &= ~(align - 1);
    if ((a->pages == NULL || want > a->pages->room - a->used) && page_add(a, want) == NULL) {
        return NULL;
    }
    void *at = a->pages->bytes + a->used;
    memset(at, 0, want);
    a->used += want;
    a->total += want < a->limit - a->total ? want : a->limit - a->total;
    return at;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){ a->pages, a->used, a->total };
}

void arena_reset(struct arena *a, struct arena_mark m)
{
    while (a->pages != m.page) {
        struct page *p = a->pages;
        a->pages = p->next;
        free(p);
    }
    a->used = m.used;
    a->total = m.total;
}
