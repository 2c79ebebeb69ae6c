/* events.tsv of the open bundle, replaced: a line that is taken is written back the same, and no
 * text breaks the check of who follows whom. */
#include "core/core.h"
#include "folder.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORK_BYTES = 256 << 20, KEEP_BYTES = 16 << 20 };

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const struct folder *published(void)
{
    static struct folder f;
    static struct arena *mem; /* kept for as long as the target runs */
    if (mem == NULL) {
        mem = arena_new(KEEP_BYTES);
        struct cx cx = { .mem = mem };
        must(mem != NULL);
        folder_read(&cx, GOLDEN_DIR "/draw-v1", &f);
        must(f.text[F_PLAN].p != NULL);
    }
    return &f;
}

static void lines_again(struct cx *cx, struct str text)
{
    struct buf b = buf_of(cx->mem, 1 << 20);
    while (text.n > 0) {
        struct str line = str_cut(&text, '\n');
        struct draw_change_line l;
        buf_clear(&b);
        if (change_get(cx, place_of("events.tsv", 1), line, &l) == ERR_OK) {
            change_put(&l, &b);
            must(str_eq(buf_str(&b), line));
        }
        fault_clear(cx);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct folder f = *published();
    const struct str given = { (const char *)data, size };
    CLEANUP(arena_freep) struct arena *mem = arena_new(WORK_BYTES);
    struct cx cx = { .mem = mem };
    struct draw_text room;
    struct head head;
    if (mem == NULL) {
        return 0;
    }
    lines_again(&cx, given);
    struct bundle b = folder_bundle(&f);
    b.events = draw_source_of("events.tsv", given, &room);
    enum err code = draw_verify(&cx, &b, NULL, &head);
    must(code == ERR_OK || cx.fault.detail[0] != '\0');
    must(code == ERR_OK || code == ERR_DRAW_MISMATCH || code == ERR_DRAW_FILE);
    return 0;
}
