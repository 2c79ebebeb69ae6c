/* A bundle of draw files in memory: read from a folder, changed at will, given as sources. */
#ifndef SISHI_TEST_FOLDER_H
#define SISHI_TEST_FOLDER_H

#include "core/core.h"

enum folder_file {
    F_PLAN,
    F_POPULATION,
    F_ROSTER,
    F_RECUSAL,
    F_FREEZE,
    F_SEED,
    F_LOTS,
    F_RESULT,
    F_ASSIGN,
    F_PRICES,
    F_HEAD,
    F__COUNT
};
extern const char *const folder_names[F__COUNT];

struct folder {
    struct str text[F__COUNT];
    struct draw_text room[F__COUNT];
};
/* Every file that is there; the texts are the arena's. */
void folder_read(struct cx *cx, const char *dir, struct folder *out);
struct draw_source folder_source(struct folder *f, enum folder_file file);
struct frame_sources folder_frame(struct folder *f);
struct bundle folder_bundle(struct folder *f);
/* Plan, freeze and seed, read; fails the test when they are refused. */
struct opened {
    struct plan plan;
    struct freeze freeze;
    struct seed seed;
};
enum err folder_open(struct cx *cx, struct folder *f, struct opened *out);
/* draw_run into the folder's lots, result, assign, prices and head. */
enum err folder_run(struct cx *cx, struct folder *f, struct head *head);

#endif
