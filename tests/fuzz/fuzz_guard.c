/* Guards: any text is refused at a place in it, or is a tree that its own print gives back. */
#include "def/def.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORK_BYTES = 64 << 20, PRINT_BYTES = 1 << 20 };

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(WORK_BYTES);
    struct guard_error e;
    struct guard_error again;
    if (mem == NULL) {
        return 0;
    }
    struct str text = { (const char *)data, size };
    const struct guard *g = guard_parse(mem, text, &e);
    if (g == NULL) {
        must(e.at >= 0 && (size_t)e.at <= size && e.what[0] != '\0');
        return 0;
    }
    struct buf b = buf_of(mem, PRINT_BYTES);
    guard_print(g, &b);
    must(!b.over);
    if (b.n <= GUARD_BYTES_MAX) {
        must(guard_equal(g, guard_parse(mem, buf_str(&b), &again)));
    }
    return 0;
}
