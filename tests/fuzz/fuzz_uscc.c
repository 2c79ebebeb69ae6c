/* Any bytes: a finding that agrees with itself. */
#include "core/core.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct code_check c = code_check((struct str){ (const char *)data, size });
    if (c.suggestion[0] != '\0' && code_check((struct str){ c.suggestion, c.n }).err != ERR_OK) {
        abort();
    }
    if (c.position > c.n || (c.err == ERR_OK && c.kind == CODE_NONE)) {
        abort();
    }
    CLEANUP(arena_freep) struct arena *mem = arena_new(1u << 16);
    if (mem == NULL) {
        return 0;
    }
    struct buf b = buf_of(mem, 1000);
    code_explain(&c, LANG_EN, &b);
    if (b.over) {
        abort();
    }
    return 0;
}
