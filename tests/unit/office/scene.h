/* A draw set as a scene for tests of views: rows of a whole ceremony, as far as a state, made
 * from the golden bundle. */
#ifndef SISHI_TEST_SCENE_H
#define SISHI_TEST_SCENE_H

#include "../core/folder.h"
#include "../store_harness.h"
#include "office/ceremony.h"

#define SCENE_NO     "430100-2026-0001"
#define SCENE_SECRET "4301A006" /* an inspector in assign.tsv */
enum { SCENE_ID = 4711 };

struct scene {
    enum ceremony_state state;
    bool sealed;
    int32_t embargo_on;
    size_t entities; /* 0 = the golden population; else so many made ones, in all three lots */
    enum ceremony_state void_from; /* state VOID: where it ended */
};
/* Puts it there; the files as they then are, in `f`. */
void scene_draw(struct cx *cx, struct store *st, const struct scene *s, struct folder *f);
/* The i-th code of a made population; they ascend in steps that leave room between them. */
struct str scene_code(struct cx *cx, size_t i);

/* Who looks. */
extern const struct actor scene_officer, scene_admin, scene_public;

#endif
