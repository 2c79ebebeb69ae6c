/* Search of the register: by code, name, region, industry, status, class; pages by key. */
#ifndef SISHI_OFFICE_SEARCH_H
#define SISHI_OFFICE_SEARCH_H

#include "office/register.h"

enum search_sort { SEARCH_BY_CODE, SEARCH_BY_NAME };
enum { SEARCH_LIMIT_MAX = 500, SEARCH_COUNT_CAP = 10000 };

struct search_query {
    struct entity_filter filter;
    enum search_sort sort;
    struct str cursor; /* empty = first page; else search_page.next of the page before */
    int limit;         /* 1..SEARCH_LIMIT_MAX; 0 = 50 */
    bool count;        /* count the matches, up to SEARCH_COUNT_CAP */
};
struct search_hit {
    struct market_entity entity; /* current version */
    struct str matched; /* the former name or alias that matched; empty when the current one did */
    enum entity_name_kind matched_kind;
};
struct search_page {
    struct search_hit *hits;
    size_t n;
    struct str next;   /* cursor of the page behind; empty = this is the last. URL-safe */
    int64_t count;     /* -1 when not asked for */
    bool count_capped; /* there are more than `count` */
};

/**
 * One page of matches. Names are compared folded (width, case, no blanks and marks); two characters
 * or more are found anywhere in a name, one character only at its beginning. Without
 * POWER_REGISTER_READ the filter's grades are refused and staff-only fields are empty.
 *
 * @return ERR_FIELD (limit, cursor, grades), ERR_FORBIDDEN
 * @cost few matches: the name index and a look at each; many: a walk along the list until the page
 *       is full. A filter that leaves almost nothing of very many: one pass over an index
 */
enum err register_search(struct cx *cx, const struct desk *d, const struct actor *by,
                         const struct search_query *q, struct search_page *out) MUST_USE;

/* A name for comparing: half width, lower case, no blanks, brackets or marks. In cx->mem. */
enum err name_fold(struct cx *cx, struct str name, struct str *out) MUST_USE;
/* Makes the name index anew from the register (after a bulk load or a copy between databases). */
enum err search_rebuild(struct cx *cx, const struct desk *d,
                        void (*progress)(void *arg, int64_t done, int64_t total),
                        void *arg) MUST_USE;

#endif
