/* A cursor of a page, which anyone may send. What is taken for one is written again as it came, or
 * as another text of the same place. */
#include "office/search_inner.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void expect(bool good)
{
    if (!good) {
        abort();
    }
}

static void one_order(struct cx *cx, enum search_sort sort, struct str cursor)
{
    struct list_place place;
    struct list_place again;
    struct str text;
    if (cursor_get(cx, sort, cursor, &place) != ERR_OK) {
        expect(cx->fault.detail[0] != '\0');
        fault_clear(cx);
        return;
    }
    expect(place.key.n > 0 && utf8_bad_at(place.key) == place.key.n);
    expect(cursor_put(cx, sort, &place, &text) == ERR_OK);
    expect(cursor_get(cx, sort, text, &again) == ERR_OK);
    expect(place_cmp(sort, &place, &again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(16u << 20);
    struct cx cx = { .mem = mem };
    struct str cursor = { n > 0 ? (const char *)data : "", n };
    struct name_match match;
    one_order(&cx, SEARCH_BY_CODE, cursor);
    one_order(&cx, SEARCH_BY_NAME, cursor);
    if (name_match_of(&cx, cursor, &match) == ERR_OK && match.kind == MATCH_PART) {
        expect(match.words.n > 0 && name_matches(&match, match.part));
    }
    return 0;
}
