/* How a page is found. A name gives ids by the name index; the entities of few ids are all looked
 * at ("gather"). Of many, the first of the list are soon found by going along it ("walk"), which
 * gives up after a while, because a filter may leave none of them. */
#include "office/entity_rows.h"
#include "office/office.h"
#include "office/search_inner.h"
#include "q_search.h"

#include <stdlib.h>
#include <string.h>

const struct search_bounds search_bounds_usual = {
    .few = SEARCH_COUNT_CAP, .step = 65536, .narrow = 100000, .window = 20000
};

/* ---- ids by name --------------------------------------------------------------------------- */

/* A source gives ids in steps. */
struct source {
    int64_t behind;  /* the last id */
    struct str head; /* MATCH_HEAD: the last name */
    char head_text[PLACE_KEY_MAX];
    int64_t *home;
    size_t n;
};

static enum err source_room(struct cx *cx, struct source *from)
{
    from->home = arena_alloc(cx->mem, from->n + 1, sizeof *from->home);
    return from->home != NULL ? ERR_OK : fail(cx, ERR_NO_MEMORY, "%zu ids", from->n);
}

static enum err ids_of_words(struct cx *cx, struct tx *tx, const struct search *s,
                             struct source *from, int64_t most)
{
    struct q_search_words *rows = NULL;
    TRY(q_search_words(cx, tx, s->match.words, from->behind, most, &rows, &from->n));
    TRY(source_room(cx, from));
    for (size_t i = 0; i < from->n; i++) {
        from->home[i] = from->behind = rows[i].home;
    }
    return ERR_OK;
}

/* Kept beyond the memory of a step. */
static enum err source_head(struct cx *cx, struct source *from, struct str name_key)
{
    if (name_key.n > sizeof from->head_text) {
        return fail(cx, ERR_TOO_LONG, "a name of %zu bytes", name_key.n);
    }
    memcpy(from->head_text, name_key.p, name_key.n);
    from->head = (struct str){ from->head_text, name_key.n };
    return ERR_OK;
}

static enum err ids_of_heads(struct cx *cx, struct tx *tx, const struct search *s,
                             struct source *from, int64_t most)
{
    struct q_search_heads *rows = NULL;
    TRY(q_search_heads(cx, tx, from->head, from->behind, s->match.head_to, most, &rows, &from->n));
    TRY(source_room(cx, from));
    for (size_t i = 0; i < from->n; i++) {
        from->home[i] = from->behind = rows[i].home;
    }
    return from->n == 0 ? ERR_OK : source_head(cx, from, rows[from->n - 1].name_key);
}

static enum err ids_of_codes(struct cx *cx, struct tx *tx, const struct search *s,
                             struct source *from, int64_t most)
{
    struct q_search_codes *rows = NULL;
    TRY(q_search_codes(cx, tx, s->terms.code_from, s->terms.code_to, from->behind, most, &rows,
                       &from->n));
    TRY(source_room(cx, from));
    for (size_t i = 0; i < from->n; i++) {
        from->home[i] = from->behind = rows[i].home;
    }
    return ERR_OK;
}

/* The next ids that may match; `n` below `most`: these were the last. */
static enum err ids_next(struct cx *cx, struct tx *tx, const struct search *s, struct source *from,
                         int64_t most)
{
    if (s->match.kind == MATCH_PART) {
        return ids_of_words(cx, tx, s, from, most);
    }
    return s->match.kind == MATCH_HEAD ? ids_of_heads(cx, tx, s, from, most)
                                       : ids_of_codes(cx, tx, s, from, most);
}

/* ---- gathering ----------------------------------------------------------------------------- */

struct gathering {
    struct search *s;
    bool others; /* the ids are those of s->other: matched by another name than the current one */
    bool count_only;
};

static enum err gather_row(struct cx *cx, const struct q_search_keys *r, void *arg)
{
    struct gathering *g = arg;
    struct search *s = g->s;
    if (name_matches(&s->match, r->name_key) == g->others) {
        return ERR_OK; /* not a match; or one that its current name is found by already */
    }
    s->count++;
    struct str key = s->q->sort == SEARCH_BY_CODE ? r->code : r->name_key;
    return g->count_only ? ERR_OK : first_places_put(cx, &s->page, r->home, key);
}

static enum err gather(struct cx *cx, struct tx *tx, struct gathering *g, const int64_t *home,
                       size_t n)
{
    enum { STEP = 1000 };
    const struct filter_terms *t = &g->s->terms;
    for (size_t i = 0; i < n; i += STEP) {
        struct qa_search_keys a = { FILTER_FACETS(t), FILTER_REST(t) };
        TRY(entity_id_list(cx, home + i, n - i < STEP ? n - i : STEP, &a.homes));
        TRY(q_search_keys(cx, tx, &a, gather_row, g));
    }
    return ERR_OK;
}

static enum err gather_others(struct cx *cx, struct tx *tx, struct search *s)
{
    struct gathering g = { .s = s, .others = true };
    int64_t *home = arena_alloc(cx->mem, s->n_other + 1, sizeof *home);
    if (home == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu ids", s->n_other);
    }
    for (size_t i = 0; i < s->n_other; i++) {
        home[i] = s->other[i].home;
    }
    return gather(cx, tx, &g, home, s->n_other);
}

/* All of a source from where it stands; when only counting, until there are enough. */
static enum err gather_all(struct cx *cx, struct tx *tx, struct search *s, struct source *from,
                           bool count_only)
{
    struct gathering g = { .s = s, .count_only = count_only };
    struct arena_mark mark = arena_mark(cx->mem);
    while (from->n > 0 && (!count_only || s->count <= SEARCH_COUNT_CAP)) {
        TRY(gather(cx, tx, &g, from->home, from->n));
        arena_reset(cx->mem, mark);
        TRY(ids_next(cx, tx, s, from, s->bounds.step));
    }
    return ERR_OK;
}

/* ---- walking ------------------------------------------------------------------------------- */

static enum err walk_code(struct cx *cx, const struct q_search_walk_codes *r, void *arg)
{
    struct search *s = arg;
    s->n_walked++;
    return first_places_put(cx, &s->page, r->home, r->code);
}

static enum err walk_name(struct cx *cx, const struct q_search_walk_names *r, void *arg)
{
    struct search *s = arg;
    s->n_walked++;
    return first_places_put(cx, &s->page, r->home, r->name_key);
}

#define ALL_TERMS(s)                                                                               \
    FILTER_FACETS(&(s)->terms), FILTER_REST(&(s)->terms),                                          \
        .by_part = (s)->match.kind == MATCH_PART, .part = (s)->match.part,                         \
        .by_head = (s)->match.kind == MATCH_HEAD, .head_from = (s)->match.head_from,               \
        .head_to = (s)->match.head_to

/* Below every code and every name. */
static struct list_place place_before_all(const struct search *s)
{
    return s->match.kind == MATCH_HEAD && s->q->sort == SEARCH_BY_NAME
               ? (struct list_place){ 0, s->match.head_from }
               : (struct list_place){ INT64_MIN + 1, STR("!") };
}

static struct list_place place_after(const struct search *s)
{
    return s->has_after ? s->after : place_before_all(s);
}

/* @param done  the page is found */
static enum err walk(struct cx *cx, struct tx *tx, struct search *s, bool *done)
{
    struct list_place after = place_after(s);
    int64_t most = s->limit + 1;
    s->n_walked = 0;
    if (s->q->sort == SEARCH_BY_CODE) {
        const struct qa_search_walk_codes a = {
            .after = after.key, .window = s->bounds.window, ALL_TERMS(s), .most = most
        };
        TRY(q_search_walk_codes(cx, tx, &a, walk_code, s));
    } else {
        const struct qa_search_walk_names a = { .after = after.key,
                                                .behind = after.home,
                                                .window = s->bounds.window,
                                                ALL_TERMS(s),
                                                .most = most };
        TRY(q_search_walk_names(cx, tx, &a, walk_name, s));
    }
    *done = s->n_walked == most;
    return ERR_OK;
}

/* ---- by filter alone ----------------------------------------------------------------------- */

static enum err place_code(struct cx *cx, const struct q_search_place_codes *r, void *arg)
{
    struct search *s = arg;
    return first_places_put(cx, &s->page, r->home, r->code);
}

static enum err place_name(struct cx *cx, const struct q_search_place_names *r, void *arg)
{
    struct search *s = arg;
    return first_places_put(cx, &s->page, r->home, r->name_key);
}

/* The first of all that match. */
static enum err places_of_facets(struct cx *cx, struct tx *tx, struct search *s)
{
    struct list_place after = place_after(s);
    int64_t most = s->limit + 1;
    if (s->q->sort == SEARCH_BY_CODE) {
        const struct qa_search_place_codes a = { ALL_TERMS(s), .after = after.key, .most = most };
        return q_search_place_codes(cx, tx, &a, place_code, s);
    }
    const struct qa_search_place_names a = { ALL_TERMS(s), .after = after.key, .behind = after.home,
                                             .most = most };
    return q_search_place_names(cx, tx, &a, place_name, s);
}

static enum err count_facets(struct cx *cx, struct tx *tx, struct search *s)
{
    const struct qa_search_count a = { ALL_TERMS(s), .most = SEARCH_COUNT_CAP + 1 };
    struct q_search_count n;
    TRY(q_search_count(cx, tx, &a, &n));
    s->count += n.entities;
    return ERR_OK;
}

static enum err places_by_filter(struct cx *cx, struct tx *tx, struct search *s)
{
    bool done;
    if (s->q->count) {
        TRY(count_facets(cx, tx, s));
    }
    TRY(walk(cx, tx, s, &done));
    return done ? ERR_OK : places_of_facets(cx, tx, s);
}

/* ---- with a name or a code ----------------------------------------------------------------- */

static enum err find_others(struct cx *cx, struct tx *tx, struct search *s)
{
    struct q_search_other_words *rows = NULL;
    size_t n = 0;
    if (s->match.kind == MATCH_PART) {
        TRY(q_search_other_words(cx, tx, s->match.words, s->match.part, &rows, &n));
    } else if (s->match.kind == MATCH_HEAD) {
        struct q_search_other_heads *heads = NULL;
        TRY(q_search_other_heads(cx, tx, s->match.head_from, s->match.head_to, &heads, &n));
        rows = arena_alloc(cx->mem, n + 1, sizeof *rows);
        for (size_t i = 0; rows != NULL && i < n; i++) {
            rows[i] = (struct q_search_other_words){ heads[i].home, heads[i].name, heads[i].kind };
        }
    }
    s->other = arena_alloc(cx->mem, n + 1, sizeof *s->other);
    if (s->other == NULL || (n > 0 && rows == NULL)) {
        return fail(cx, ERR_NO_MEMORY, "%zu names", n);
    }
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || rows[i].home != rows[i - 1].home) {
            s->other[s->n_other++] = (struct other_name){ rows[i].home, rows[i].name,
                                                          (enum entity_name_kind)rows[i].kind };
        }
    }
    return ERR_OK;
}

/* Does the filter leave so few entities that they may all be looked at? */
static enum err facets_are_narrow(struct cx *cx, struct tx *tx, const struct search *s, bool *out)
{
    const struct qa_search_count a = {
        FILTER_FACETS(&s->terms),        .authority = s->terms.authority,
        .code_from = s->terms.code_from, .code_to = s->terms.code_to,
        .part = s->match.part,           .head_from = s->match.head_from,
        .head_to = s->match.head_to,     .most = s->bounds.narrow + 1
    };
    struct q_search_count n;
    if (str_eq(s->terms.region_from, STR("0")) && s->terms.by_industry == 0) {
        *out = false; /* by class and state alone nothing is narrow enough to be counted for this */
        return ERR_OK;
    }
    TRY(q_search_count(cx, tx, &a, &n));
    *out = n.entities <= s->bounds.narrow;
    return ERR_OK;
}

/* Many ids: the page by walking if that finds it soon; else, and for the count, by whatever is
 * fewer, the entities of the filter or those of the ids. */
static enum err places_of_many(struct cx *cx, struct tx *tx, struct search *s, struct source *from)
{
    bool walked;
    bool narrow;
    TRY(walk(cx, tx, s, &walked));
    if (walked && !s->q->count) {
        return ERR_OK;
    }
    TRY(facets_are_narrow(cx, tx, s, &narrow));
    if (!narrow) {
        return gather_all(cx, tx, s, from, walked);
    }
    if (s->q->count) {
        TRY(count_facets(cx, tx, s));
    }
    return walked ? ERR_OK : places_of_facets(cx, tx, s);
}

static enum err places_by_source(struct cx *cx, struct tx *tx, struct search *s)
{
    struct source from = { .head = s->match.head_from };
    TRY(find_others(cx, tx, s));
    TRY(gather_others(cx, tx, s));
    TRY(ids_next(cx, tx, s, &from, s->bounds.few + 1));
    if ((int64_t)from.n > s->bounds.few) {
        return places_of_many(cx, tx, s, &from);
    }
    struct gathering g = { .s = s };
    return gather(cx, tx, &g, from.home, from.n);
}

enum err search_places(struct cx *cx, struct tx *tx, struct search *s)
{
    s->count = 0;
    s->n_other = 0;
    TRY(first_places_of(cx, s->q->sort, s->has_after ? &s->after : NULL, (size_t)s->limit + 1,
                        &s->page));
    return s->match.kind == MATCH_ANY && s->terms.by_code == 0 ? places_by_filter(cx, tx, s)
                                                               : places_by_source(cx, tx, s);
}
