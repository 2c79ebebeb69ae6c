/* The files of a draw, one of them replaced: nothing but the published bytes verifies, and what a
 * reader takes it writes back the same.
 * Input: a letter that says which file, then its bytes. */
#include "core/core.h"
#include "folder.h"

#include <stdlib.h>
#include <string.h>

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

/* What was read is written as it stood. */
static void same_again(struct cx *cx, const struct plan *p, enum folder_file file, struct str text)
{
    struct str line;
    struct buf b = buf_of(cx->mem, 1 << 20);
    while (text.n > 0) {
        struct place at = place_of(folder_names[file], 1);
        struct share share[64];
        struct entity e;
        struct inspector i;
        struct recusal r;
        line = str_cut(&text, '\n');
        buf_clear(&b);
        if (file == F_POPULATION && p->lots <= COUNT_OF(share) &&
            entity_get(cx, p, at, line, share, &e) == ERR_OK) {
            entity_put(p, &e, &b);
        } else if (file == F_ROSTER && inspector_get(cx, at, line, &i) == ERR_OK) {
            inspector_put(&i, &b);
        } else if (file == F_RECUSAL && recusal_get(cx, at, line, &r) == ERR_OK) {
            recusal_put(&r, &b);
        } else {
            fault_clear(cx);
            continue;
        }
        must(str_eq(buf_str(&b), line));
    }
}

static void freeze_again(struct cx *cx, struct folder *f, const struct plan *p)
{
    struct freeze freeze;
    struct buf b = buf_of(cx->mem, 1 << 20);
    struct draw_source from = folder_source(f, F_FREEZE);
    if (freeze_read(cx, p, &from, &freeze) == ERR_OK) {
        freeze_write(p, &freeze, &b);
        must(str_eq(buf_str(&b), f->text[F_FREEZE]));
    }
    fault_clear(cx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    const enum folder_file file = (enum folder_file)((data[0] - 'a') % F__COUNT);
    const struct folder *real = published();
    struct str given = { (const char *)data + 1, size - 1 };
    CLEANUP(arena_freep) struct arena *mem = arena_new(WORK_BYTES);
    struct cx cx = { .mem = mem };
    struct folder f = *real;
    struct plan plan;
    struct head head;
    if (mem == NULL || file >= F__COUNT) {
        return 0;
    }
    struct draw_source from = folder_source(&f, F_PLAN);
    must(plan_read(&cx, &from, &plan) == ERR_OK);
    same_again(&cx, &plan, file, given);
    f = *real;
    f.text[file] = given;
    if (file == F_FREEZE) {
        freeze_again(&cx, &f, &plan);
    }
    struct bundle b = folder_bundle(&f);
    bool verifies = draw_verify(&cx, &b, NULL, &head) == ERR_OK;
    must(verifies == str_eq(given, real->text[file]));
    must(verifies || cx.fault.detail[0] != '\0');
    return 0;
}
