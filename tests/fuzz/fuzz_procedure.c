/* A procedure's file, whatever stands in it: it is taken, or refused with the file's name and a
 * reason. */
#include "def/def.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORK_BYTES = 256 << 20, KEEP_BYTES = 4 << 20 };

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const struct defs *real(void)
{
    static struct defs *d;
    if (d == NULL) {
        struct arena *mem = arena_new(KEEP_BYTES);
        struct cx cx = { .mem = mem };
        must(mem != NULL && defs_load(&cx, DEFINITIONS_DIR, &d) == ERR_OK);
        arena_free(mem);
    }
    return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(WORK_BYTES);
    struct cx cx = { .mem = mem };
    const struct procedure *p = NULL;
    if (mem == NULL) {
        return 0;
    }
    enum err e =
        defs_procedure_read(&cx, real(), "p.yaml", (struct str){ (const char *)data, size }, &p);
    must(e == ERR_OK || e == ERR_DEFINITION || e == ERR_NO_MEMORY);
    must(e != ERR_DEFINITION || strstr(cx.fault.detail, "p.yaml") != NULL);
    must(e != ERR_OK || (p->n_states > 0 && p->file.n > 0));
    return 0;
}
