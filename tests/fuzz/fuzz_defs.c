/* Each definition file, whatever stands in it: it is taken or refused with a place and a reason.
 * Input: a letter that says which file, then its bytes. */
#include "def/def.h"
#include "def/tables.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORK_BYTES = 256 << 20, KEEP_BYTES = 1 << 20 };

static const struct {
    const char *file;
    enum err (*read)(struct cx *cx, struct defs *d, const char *file, struct str text);
    bool refers; /* to files before it */
} files[] = {
    { "regions.tsv", regions_read, false },
    { "industries.tsv", industries_read, false },
    { "entity_classes.yaml", classes_read, false },
    { "departments.yaml", departments_read, true },
    { "items.yaml", items_read, true },
    { "columns.yaml", columns_read, false },
    { "demo_words.yaml", demo_read, false },
    { "calendar.yaml", calendar_read, false },
    { "deadlines.yaml", deadlines_read, false },
    { "procedure_words.yaml", procedure_words_read, false },
};

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* The real definitions, for files that refer to others. */
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

/* As they are before the file is read; the readers make their tables anew. */
static struct defs before(bool refers)
{
    struct defs d = { .mem = NULL };
    if (refers) {
        d = *real();
        d.n_depts = 0;
        d.n_items = 0;
    }
    return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    size_t k = (size_t)(data[0] - 'a') % COUNT_OF(files);
    CLEANUP(arena_freep) struct arena *mem = arena_new(WORK_BYTES);
    struct cx cx = { .mem = mem };
    struct defs d = before(files[k].refers);
    if (mem == NULL) {
        return 0;
    }
    d.mem = mem;
    enum err e =
        files[k].read(&cx, &d, files[k].file, (struct str){ (const char *)data + 1, size - 1 });
    must(e == ERR_OK || e == ERR_DEFINITION || e == ERR_NO_MEMORY || e == ERR_DATE);
    must(e != ERR_DEFINITION || strstr(cx.fault.detail, files[k].file) != NULL);
    return 0;
}
