/* One act of a ceremony on a database of its own, for a test that kills it:
 *
 *   ceremony_act FOLDER make N       a demo province of N entities, a draw planned and committed
 *   ceremony_act FOLDER freeze       ... and so on, each in a program of its own
 *   ceremony_act FOLDER reveal
 *   ceremony_act FOLDER run
 *   ceremony_act FOLDER bundle DIR   the published files into a folder
 *
 * Exit status: 0 done, 3 the draw is past that step, 1 anything else (said on stderr). */
#include "ceremony_stage.h"

#include <time.h>

static struct stage stage;

static int64_t draw_id(void)
{
    TEST_CX(cx);
    int64_t id = 0;
    const char *file = getenv("CEREMONY_DRAW");
    ASSERT_OK(cx, id_get(cx, str_of(file), &id));
    return id;
}

static void make(struct store *st, int64_t n)
{
    TEST_CX(cx);
    const struct demo_options o = { .entities = n, .seed = 11 };
    struct demo_result made;
    struct stage_plan plan;
    char shown[ID_CHARS];
    ASSERT_OK(cx, store_migrate(cx, st));
    ASSERT_OK(cx, demo_make(cx, &stage.d, &o, &made));
    stage_inspectors(&stage, &market, "M", 12);
    stage_inspectors(&stage, &ecology, "E", 8);
    stage_plan_usual(&plan);
    plan.p.hash = n % 2 == 0 ? DIGEST_SHA256 : DIGEST_SM3;
    plan.p.n_beacons = 0;
    int64_t id = stage_planned(&stage, &plan.p);
    stage_committed(&stage, id);
    id_put(id, shown);
    (void)printf("%.*s\n", ID_CHARS, shown);
}

/* ---- the bundle ------------------------------------------------------------------------------ */

static void write_file(const char *dir, const char *name, FILE **out)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    *out = fopen(path, "w");
    assert_non_null(*out);
}

struct bundling {
    int64_t id;
    const char *dir;
};

static enum err bundle_work(struct cx *cx, struct tx *tx, void *arg)
{
    static const char *const texts[] = { "plan.txt", "freeze.txt", "reveals.txt", "seed.txt",
                                         "head.txt" };
    static const enum ceremony_file files[] = {
        CEREMONY_FILE_POPULATION, CEREMONY_FILE_ROSTER, CEREMONY_FILE_RECUSAL, CEREMONY_FILE_LOTS,
        CEREMONY_FILE_RESULT,     CEREMONY_FILE_ASSIGN, CEREMONY_FILE_PRICES,
    };
    const struct bundling *w = arg;
    struct ceremony c;
    FILE *f;
    TRY(ceremony_load(cx, tx, w->id, &c));
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct str body;
        struct str hex;
        TRY(ceremony_text(cx, tx, w->id, texts[i], &body, &hex));
        write_file(w->dir, texts[i], &f);
        (void)fwrite(body.p, 1, body.n, f);
        (void)fclose(f);
    }
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct ceremony_blocks state;
        struct draw_source from = ceremony_blocks_source(tx, &c, files[i], &state);
        write_file(w->dir, from.name, &f);
        for (;;) {
            struct str chunk;
            TRY(from.next(cx, from.ctx, &chunk));
            if (chunk.n == 0) {
                break;
            }
            (void)fwrite(chunk.p, 1, chunk.n, f);
        }
        (void)fclose(f);
    }
    return ERR_OK;
}

static int answer(const struct cx *cx, enum err code)
{
    if (code == ERR_OK) {
        return 0;
    }
    (void)fprintf(stderr, "%s %s\n", err_name(code), cx->fault.detail);
    return code == ERR_STATE ? 3 : 1;
}

static int act(struct store *st, const char *what, const char *word)
{
    TEST_CX(cx);
    cx->now_ms = stage.now_ms;
    if (strcmp(what, "make") == 0) {
        make(st, atoll(word));
        return 0;
    }
    int64_t id = draw_id();
    if (strcmp(what, "freeze") == 0) {
        return answer(cx, ceremony_freeze(cx, &stage.d, &draw_operator, id, STR(""), NULL));
    }
    if (strcmp(what, "reveal") == 0) {
        stage_revealed(&stage, id);
        return 0;
    }
    if (strcmp(what, "run") == 0) {
        return answer(cx, ceremony_run(cx, &stage.d, &draw_operator, id, STR(""), NULL));
    }
    struct bundling b = { id, word };
    return answer(cx, store_read(cx, st, bundle_work, &b));
}

int main(int argc, char **argv)
{
    char url[512];
    if (argc < 3) {
        return 2;
    }
    stage_load(NULL);
    (void)snprintf(url, sizeof url, "sqlite:%s/db", argv[1]);
    struct store *st = harness_open(url);
    stage = (struct stage){ .d = { .store = st, .defs = stage_defs }, .now_ms = TEST_NOW_MS };
    stage.d.data_dir = str_of(argv[1]);
    struct timespec from;
    struct timespec to;
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    int code = act(st, argv[2], argc > 3 ? argv[3] : "");
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    (void)fprintf(stderr, "%s: %lld ms\n", argv[2],
                  (long long)(to.tv_sec - from.tv_sec) * 1000 +
                      (to.tv_nsec - from.tv_nsec) / 1000000);
    store_close(st);
    stage_unload(NULL);
    return code;
}
