/* Places in the order of a list: cursors, and the first of many. */
#include "office/search_inner.h"

#include "office/office.h"

#include <sodium.h>
#include <string.h>

int place_cmp(enum search_sort sort, const struct list_place *a, const struct list_place *b)
{
    int order = str_cmp(a->key, b->key);
    if (order != 0 || sort == SEARCH_BY_CODE) {
        return order;
    }
    return a->home < b->home ? -1 : a->home > b->home;
}

/* ---- cursors ------------------------------------------------------------------------------- */

enum { CODE_MAX = 18 };
static const int BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

enum err cursor_put(struct cx *cx, enum search_sort sort, const struct list_place *at,
                    struct str *out)
{
    struct buf b = buf_of(cx->mem, 2048);
    if (sort == SEARCH_BY_CODE) {
        buf_put_c(&b, 'c');
        buf_put(&b, at->key);
        return buf_done(cx, &b, out);
    }
    char id[ID_CHARS];
    char key[PLACE_KEY_MAX / 3 * 4 + 8];
    if (at->key.n > PLACE_KEY_MAX) {
        return fail(cx, ERR_TOO_LONG, "name of %zu bytes", at->key.n);
    }
    id_put(at->home, id);
    (void)sodium_bin2base64(key, sizeof key, (const unsigned char *)at->key.p, at->key.n, BASE64);
    buf_put_c(&b, 'n');
    buf_put(&b, (struct str){ id, sizeof id });
    buf_put_z(&b, key);
    return buf_done(cx, &b, out);
}

static bool code_of(struct str s, struct list_place *out)
{
    for (size_t i = 0; i < s.n; i++) {
        bool digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (!digit && (s.p[i] < 'A' || s.p[i] > 'Z')) {
            return false;
        }
    }
    *out = (struct list_place){ 0, s };
    return s.n > 0 && s.n <= CODE_MAX;
}

static bool name_of(struct cx *cx, struct str s, struct list_place *out)
{
    size_t n = 0;
    char *key = arena_alloc(cx->mem, PLACE_KEY_MAX + 1, 1);
    int64_t home;
    struct cx quiet = { .mem = cx->mem };
    if (key == NULL || s.n <= ID_CHARS ||
        id_get(&quiet, (struct str){ s.p, ID_CHARS }, &home) != ERR_OK) {
        return false;
    }
    struct str text = str_from(s, ID_CHARS);
    if (sodium_base642bin((unsigned char *)key, PLACE_KEY_MAX, text.p, text.n, NULL, &n, NULL,
                          BASE64) != 0) {
        return false;
    }
    *out = (struct list_place){ home, { key, n } };
    return n > 0 && utf8_bad_at(out->key) == n;
}

enum err cursor_get(struct cx *cx, enum search_sort sort, struct str cursor, struct list_place *out)
{
    struct str rest = cursor.n == 0 ? cursor : str_from(cursor, 1);
    bool fine = cursor.n > 0 && cursor.p[0] == (sort == SEARCH_BY_CODE ? 'c' : 'n');
    struct list_place at = { 0 };
    if (fine) {
        fine = sort == SEARCH_BY_CODE ? code_of(rest, &at) : name_of(cx, rest, &at);
    }
    if (!fine) {
        return fail(cx, ERR_FIELD, "cursor: not one of this list");
    }
    *out = at;
    return ERR_OK;
}

/* ---- the first of many --------------------------------------------------------------------- */

enum err first_places_of(struct cx *cx, enum search_sort sort, const struct list_place *after,
                         size_t room, struct first_places *out)
{
    struct first_places f = { .sort = sort, .after = after, .room = room };
    char *keys = arena_alloc(cx->mem, room, PLACE_KEY_MAX);
    f.at = arena_alloc(cx->mem, room, sizeof *f.at);
    f.key = arena_alloc(cx->mem, room, sizeof *f.key);
    if (keys == NULL || f.at == NULL || f.key == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu places", room);
    }
    for (size_t i = 0; i < room; i++) {
        f.key[i] = keys + i * PLACE_KEY_MAX;
    }
    *out = f;
    return ERR_OK;
}

/* How many stand before it. */
static size_t rank_of(const struct first_places *f, const struct list_place *p)
{
    size_t low = 0;
    for (size_t high = f->n; low < high;) {
        size_t mid = low + (high - low) / 2;
        if (place_cmp(f->sort, &f->at[mid], p) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

enum err first_places_put(struct cx *cx, struct first_places *f, int64_t home, struct str key)
{
    struct list_place p = { home, key };
    if (f->after != NULL && place_cmp(f->sort, &p, f->after) <= 0) {
        return ERR_OK;
    }
    size_t rank = rank_of(f, &p);
    bool there = rank < f->n && place_cmp(f->sort, &f->at[rank], &p) == 0;
    if (there || rank == f->room) {
        return ERR_OK;
    }
    if (key.n > PLACE_KEY_MAX) {
        return fail(cx, ERR_TOO_LONG, "a name of %zu bytes", key.n);
    }
    size_t last = f->n < f->room ? f->n++ : f->n - 1; /* full: the last one makes room */
    char *bytes = f->key[last];
    memmove(f->at + rank + 1, f->at + rank, (last - rank) * sizeof *f->at);
    memmove(f->key + rank + 1, f->key + rank, (last - rank) * sizeof *f->key);
    memcpy(bytes, key.p, key.n);
    f->key[rank] = bytes;
    f->at[rank] = (struct list_place){ home, { bytes, key.n } };
    return ERR_OK;
}
