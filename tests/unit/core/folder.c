#include "folder.h"

#include <stdio.h>
#include <string.h>

const char *const folder_names[F__COUNT] = {
    [F_PLAN] = "plan.txt",     [F_POPULATION] = "population.tsv",
    [F_ROSTER] = "roster.tsv", [F_RECUSAL] = "recusal.tsv",
    [F_FREEZE] = "freeze.txt", [F_SEED] = "seed.txt",
    [F_LOTS] = "lots.tsv",     [F_RESULT] = "result.tsv",
    [F_ASSIGN] = "assign.tsv", [F_PRICES] = "prices.tsv",
    [F_HEAD] = "head.txt",
};
enum { FILE_MAX = 1 << 20 };

void folder_read(struct cx *cx, const char *dir, struct folder *out)
{
    *out = (struct folder){ 0 };
    for (size_t i = 0; i < F__COUNT; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", dir, folder_names[i]);
        FILE *f = fopen(path, "rb");
        char *bytes = arena_alloc(cx->mem, FILE_MAX, 1);
        if (f == NULL || bytes == NULL) {
            continue;
        }
        out->text[i] = (struct str){ bytes, fread(bytes, 1, FILE_MAX, f) };
        (void)fclose(f);
    }
}

struct draw_source folder_source(struct folder *f, enum folder_file file)
{
    return draw_source_of(folder_names[file], f->text[file], &f->room[file]);
}

struct frame_sources folder_frame(struct folder *f)
{
    return (struct frame_sources){ folder_source(f, F_POPULATION), folder_source(f, F_ROSTER),
                                   folder_source(f, F_RECUSAL) };
}

struct bundle folder_bundle(struct folder *f)
{
    return (struct bundle){
        .plan = folder_source(f, F_PLAN),
        .freeze = folder_source(f, F_FREEZE),
        .seed = folder_source(f, F_SEED),
        .head = folder_source(f, F_HEAD),
        .frame = folder_frame(f),
        .lots = folder_source(f, F_LOTS),
        .result = folder_source(f, F_RESULT),
        .assign = folder_source(f, F_ASSIGN),
        .prices = folder_source(f, F_PRICES),
    };
}

enum err folder_open(struct cx *cx, struct folder *f, struct opened *out)
{
    struct draw_source plan = folder_source(f, F_PLAN);
    struct draw_source freeze = folder_source(f, F_FREEZE);
    struct draw_source seed = folder_source(f, F_SEED);
    TRY(plan_read(cx, &plan, &out->plan));
    TRY(freeze_read(cx, &out->plan, &freeze, &out->freeze));
    return seed_read(cx, &out->plan, &out->freeze, &seed, &out->seed);
}

static enum err keep_line(struct cx *cx, void *ctx, struct str line)
{
    struct buf *b = ctx;
    (void)cx;
    buf_put(b, line);
    buf_put_c(b, '\n');
    return ERR_OK;
}

enum err folder_run(struct cx *cx, struct folder *f, struct head *head)
{
    struct opened o;
    struct frame_sources frame = folder_frame(f);
    struct buf text[5];
    for (size_t i = 0; i < COUNT_OF(text); i++) {
        text[i] = buf_of(cx->mem, FILE_MAX);
    }
    struct draw_sinks to = { { keep_line, &text[0] },
                             { keep_line, &text[1] },
                             { keep_line, &text[2] },
                             { keep_line, &text[3] } };
    TRY(folder_open(cx, f, &o));
    TRY(draw_run(cx, &o.plan, &o.freeze, &o.seed, &frame, &to, NULL, head));
    head_write(&o.plan, head, &text[4]);
    static const enum folder_file file[] = { F_LOTS, F_RESULT, F_ASSIGN, F_PRICES, F_HEAD };
    for (size_t i = 0; i < COUNT_OF(text); i++) {
        TRY(buf_done(cx, &text[i], &f->text[file[i]]));
    }
    return ERR_OK;
}
