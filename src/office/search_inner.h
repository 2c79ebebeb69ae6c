/* Private to office/: the parts of a search. */
#ifndef SISHI_OFFICE_SEARCH_INNER_H
#define SISHI_OFFICE_SEARCH_INNER_H

#include "office/register_filter.h"
#include "office/search.h"
#include "store/store.h"

/* ---- what is looked for in names ----------------------------------------------------------- */

enum match_kind {
    MATCH_ANY,  /* no name was given */
    MATCH_PART, /* anywhere in the folded name, found by the words of the name index */
    MATCH_HEAD, /* at its beginning, found by the order of names: one character alone */
};
struct name_match {
    enum match_kind kind;
    struct str part;               /* folded */
    struct str words;              /* of the name index */
    struct str head_from, head_to; /* head_from <= name_key < head_to */
};
enum err name_match_of(struct cx *cx, struct str name, struct name_match *out) MUST_USE;
bool name_matches(const struct name_match *m, struct str name_key);

/* ---- places in the order of a list --------------------------------------------------------- */

/* An entity's place: by code, or by name and then id. */
enum { PLACE_KEY_MAX = 800 }; /* bytes: 200 characters */
struct list_place {
    int64_t home;
    struct str key; /* code or name_key */
};
int place_cmp(enum search_sort sort, const struct list_place *a, const struct list_place *b);

/* A page's cursor: the place of its last entity, as text of A-Z a-z 0-9 - _ behind a letter for
 * the order. ERR_FIELD: no cursor of this order. */
enum err cursor_put(struct cx *cx, enum search_sort sort, const struct list_place *at,
                    struct str *out) MUST_USE;
enum err cursor_get(struct cx *cx, enum search_sort sort, struct str cursor,
                    struct list_place *out) MUST_USE;

/* The first places behind one, out of any number that come in any order. */
struct first_places {
    enum search_sort sort;
    const struct list_place *after; /* NULL: from the beginning */
    struct list_place *at;
    char **key; /* bytes of the keys, each with room for the longest */
    size_t n, room;
};
enum err first_places_of(struct cx *cx, enum search_sort sort, const struct list_place *after,
                         size_t room, struct first_places *out) MUST_USE;
/* Copies the key when the place is kept, and allocates nothing; one that is there already stays. */
enum err first_places_put(struct cx *cx, struct first_places *f, int64_t home,
                          struct str key) MUST_USE;

/* ---- one search ---------------------------------------------------------------------------- */

/* An entity that a former name or alias of it has brought up. */
struct other_name {
    int64_t home;
    struct str name;
    enum entity_name_kind kind;
};

/* Where one way of finding a page is left for another. The answer does not depend on them. */
struct search_bounds {
    int64_t few;    /* ids that are gathered at once */
    int64_t step;   /* ids of a step when there are more */
    int64_t narrow; /* entities of a filter that may all be looked at */
    int64_t window; /* entities a walk looks at before it gives up */
};
extern const struct search_bounds search_bounds_usual;

struct search {
    const struct search_query *q;
    struct search_bounds bounds;
    struct name_match match;
    struct filter_terms terms;
    struct list_place after;
    bool has_after;
    int64_t limit;
    struct first_places page; /* room for limit + 1: is there another page? */
    struct other_name *other; /* by home, each once */
    size_t n_other;
    int64_t n_walked; /* rows that the last walk gave */
    int64_t count;    /* of matches, when the query asks for it */
};
/* Finds the places of the page, and counts the matches when the query asks for it: fills page,
 * other, count. */
enum err search_places(struct cx *cx, struct tx *tx, struct search *s) MUST_USE;

/* register_search with other bounds, for tests. */
enum err search_within(struct cx *cx, const struct desk *d, const struct actor *by,
                       const struct search_query *q, const struct search_bounds *bounds,
                       struct search_page *out) MUST_USE;

#endif
