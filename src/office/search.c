/* Search of the register: what was asked, checked; the page that was found, in full. */
#include "office/entity_rows.h"
#include "office/office.h"
#include "office/search_inner.h"
#include "q_search.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_ASKED = 200, LIMIT_USUAL = 50, WORDS_MAX = 24 };
#define ABOVE_ALL "\xf4\x8f\xbf\xbf" /* U+10FFFF: behind every name that begins with the same */

/* ---- names --------------------------------------------------------------------------------- */

/* Two characters that the name index has as a word. */
static bool has_words(struct str part)
{
    bool marks = true;
    for (size_t i = 0; i < part.n; i++) {
        char c = part.p[i];
        marks = marks && c > 0 && !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
    }
    return !marks && utf8_count(part) > 1;
}

/* The words only narrow the choice; whether a name has the part is looked at in the name. */
static struct str first_characters(struct str s, size_t n)
{
    size_t at = 0;
    for (; n > 0 && at < s.n; n--) {
        (void)utf8_next(s, &at);
    }
    return (struct str){ s.p, at };
}

enum err name_match_of(struct cx *cx, struct str name, struct name_match *out)
{
    struct name_match m = { .kind = MATCH_ANY, .part = STR("-"), .head_from = STR("-") };
    m.head_to = m.head_from;
    name = str_trim(name);
    if (utf8_bad_at(name) < name.n || utf8_count(name) > NAME_MAX_ASKED) {
        return fail(cx, ERR_FIELD, "name: at most %d characters", NAME_MAX_ASKED);
    }
    if (name.n == 0) {
        *out = m;
        return ERR_OK;
    }
    TRY(name_fold(cx, name, &m.part));
    m.kind = has_words(m.part) ? MATCH_PART : MATCH_HEAD;
    if (m.kind == MATCH_PART) {
        TRY(name_grams(cx, first_characters(m.part, WORDS_MAX + 1), &m.words));
    } else {
        struct buf b = buf_of(cx->mem, m.part.n + 8);
        buf_put(&b, m.part);
        buf_put(&b, STR(ABOVE_ALL));
        m.head_from = m.part;
        TRY(buf_done(cx, &b, &m.head_to));
    }
    *out = m;
    return ERR_OK;
}

bool name_matches(const struct name_match *m, struct str name_key)
{
    switch (m->kind) {
    case MATCH_PART:
        return memmem(name_key.p, name_key.n, m->part.p, m->part.n) != NULL;
    case MATCH_HEAD:
        return str_starts(name_key, m->part);
    case MATCH_ANY:
    default:
        return true;
    }
}

/* ---- the question -------------------------------------------------------------------------- */

static enum err read_query(struct cx *cx, const struct actor *by, const struct search_query *q,
                           struct search *out)
{
    struct search s = { .q = q, .limit = q->limit == 0 ? LIMIT_USUAL : q->limit };
    if (q->filter.grades != 0) {
        TRY(access_allow(cx, by, POWER_REGISTER_READ, (struct scope){ 0 }));
    }
    if (s.limit < 1 || s.limit > SEARCH_LIMIT_MAX) {
        return fail(cx, ERR_FIELD, "limit: 1..%d", SEARCH_LIMIT_MAX);
    }
    s.has_after = q->cursor.n > 0;
    if (s.has_after) {
        TRY(cursor_get(cx, q->sort, q->cursor, &s.after));
    }
    TRY(name_match_of(cx, q->filter.name, &s.match));
    TRY(filter_terms(cx, &q->filter, &s.terms));
    *out = s;
    return ERR_OK;
}

/* ---- the answer ---------------------------------------------------------------------------- */

struct searching {
    const struct actor *by;
    struct search s;
    struct search_page page;
};

static int id_order(const void *id, const void *entity)
{
    int64_t a = *(const int64_t *)id;
    int64_t b = ((const struct market_entity *)entity)->id;
    return a < b ? -1 : a > b;
}

static int other_order(const void *id, const void *other)
{
    int64_t a = *(const int64_t *)id;
    int64_t b = ((const struct other_name *)other)->home;
    return a < b ? -1 : a > b;
}

static enum err put_grades(struct cx *cx, struct tx *tx, struct str homes,
                           struct market_entity *all, size_t n)
{
    struct q_search_grades *grades = NULL;
    size_t n_grades = 0;
    TRY(q_search_grades(cx, tx, homes, &grades, &n_grades));
    for (size_t i = 0; i < n_grades; i++) {
        struct market_entity *e = bsearch(&grades[i].home, all, n, sizeof *all, id_order);
        if (e != NULL) {
            e->grade = entity_grade_letter(grades[i].grade);
        }
    }
    return ERR_OK;
}

/* Whether it was the current name that matched is asked of the name, not of how it was found. */
static enum err put_hit(struct cx *cx, const struct search *s, struct market_entity *e,
                        struct search_hit *hit)
{
    struct str key;
    TRY(name_fold(cx, e->name, &key));
    *hit = (struct search_hit){ .entity = *e, .matched_kind = NAME_CURRENT };
    if (s->n_other > 0 && !name_matches(&s->match, key)) {
        const struct other_name *o =
            bsearch(&e->id, s->other, s->n_other, sizeof *s->other, other_order);
        hit->matched = o == NULL ? STR("") : o->name;
        hit->matched_kind = o == NULL ? NAME_CURRENT : o->kind;
    }
    return ERR_OK;
}

static enum err fill_page(struct cx *cx, struct tx *tx, struct searching *w)
{
    const struct search *s = &w->s;
    struct search_page *page = &w->page;
    struct market_entity *all = NULL;
    struct str homes;
    size_t n_all = 0;
    size_t n = s->page.n > (size_t)s->limit ? (size_t)s->limit : s->page.n;
    int64_t *ids = arena_alloc(cx->mem, n + 1, sizeof *ids);
    page->hits = arena_alloc(cx->mem, n + 1, sizeof *page->hits);
    if (ids == NULL || page->hits == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu hits", n);
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = s->page.at[i].home;
    }
    TRY(entity_id_list(cx, ids, n, &homes));
    TRY(entity_load(cx, tx, ids, n, &all, &n_all));
    if (entity_may_read(cx, w->by)) {
        TRY(put_grades(cx, tx, homes, all, n_all));
    }
    for (size_t i = 0; i < n; i++) {
        struct market_entity *e = bsearch(&ids[i], all, n_all, sizeof *all, id_order);
        if (e != NULL) {
            entity_cut_to_public(cx, w->by, e);
            TRY(put_hit(cx, s, e, &page->hits[page->n++]));
        }
    }
    return s->page.n > n ? cursor_put(cx, s->q->sort, &s->page.at[n - 1], &page->next) : ERR_OK;
}

static enum err search_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct searching *w = arg;
    struct search *s = &w->s;
    w->page = (struct search_page){ .count = -1 };
    TRY(search_places(cx, tx, s));
    if (s->q->count) {
        w->page.count_capped = s->count > SEARCH_COUNT_CAP;
        w->page.count = w->page.count_capped ? SEARCH_COUNT_CAP : s->count;
    }
    return fill_page(cx, tx, w);
}

enum err search_within(struct cx *cx, const struct desk *d, const struct actor *by,
                       const struct search_query *q, const struct search_bounds *bounds,
                       struct search_page *out)
{
    struct searching w = { .by = by };
    TRY(read_query(cx, by, q, &w.s));
    w.s.bounds = *bounds;
    TRY(store_read(cx, d->store, search_work, &w));
    *out = w.page;
    return ERR_OK;
}

enum err register_search(struct cx *cx, const struct desk *d, const struct actor *by,
                         const struct search_query *q, struct search_page *out)
{
    return search_within(cx, d, by, q, &search_bounds_usual, out);
}
