/* Multipart forms: the first byte says how long the boundary is, then boundary, then body. */
#include "http/inner.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool inside(struct str s, struct str whole)
{
    return s.p == NULL || (s.p >= whole.p && s.p + s.n <= whole.p + whole.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(64u << 20);
    struct cx cx = { .mem = mem };
    struct part *v = NULL;
    size_t count = 0;
    size_t fence = n > 0 ? data[0] : 0;
    if (n == 0 || fence + 1 > n) {
        return 0;
    }
    struct str boundary = { (const char *)data + 1, fence };
    struct str body = { (const char *)data + 1 + fence, n - 1 - fence };
    if (multipart_parse(&cx, body, boundary, &v, &count) != ERR_OK) {
        return 0;
    }
    for (size_t k = 0; k < count; k++) {
        bool good = inside(v[k].name, body) && inside(v[k].file_name, body) &&
                    inside(v[k].bytes, body) && utf8_bad_at(v[k].name) == v[k].name.n &&
                    (v[k].file_name.p != NULL || utf8_bad_at(v[k].bytes) == v[k].bytes.n);
        if (!good) {
            abort();
        }
    }
    return 0;
}
