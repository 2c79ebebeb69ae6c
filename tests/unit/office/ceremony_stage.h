/* A stage for the ceremony's tests: a small demo province, inspectors, people with their roles, a
 * clock that moves. */
#ifndef SISHI_CEREMONY_STAGE_H
#define SISHI_CEREMONY_STAGE_H

#include "../store_harness.h"

#include "office/ceremony.h"
#include "office/office.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAGES_MAX = 64, STAGE_DIR_BYTES = 64 };
static struct defs *stage_defs;
static char stage_dirs[STAGES_MAX][STAGE_DIR_BYTES]; /* made, and removed at the end */
static size_t stage_n_dirs;

static inline int stage_remove(const char *path, const struct stat *st UNUSED, int kind UNUSED,
                               struct FTW *at UNUSED)
{
    return remove(path);
}

static inline int stage_load(void **state UNUSED)
{
    TEST_CX(cx);
    ASSERT_OK(cx, defs_load(cx, getenv("SISHI_DEFINITIONS"), &stage_defs));
    return 0;
}

static inline int stage_unload(void **state UNUSED)
{
    int failed = 0;
    defs_freep(&stage_defs);
    while (stage_n_dirs > 0) {
        failed |= nftw(stage_dirs[--stage_n_dirs], stage_remove, 16, FTW_DEPTH | FTW_PHYS);
    }
    return failed;
}

static const struct actor planner = { .account = 1,
                                      .shown = STR_INIT("Planner"),
                                      .roles = ROLE_BIT(PLANNER) };
static const struct actor draw_operator = { .account = 2,
                                            .shown = STR_INIT("Operator"),
                                            .roles = ROLE_BIT(DRAW_OPERATOR) };
static const struct actor witness = { .account = 3,
                                      .shown = STR_INIT("Witness"),
                                      .roles = ROLE_BIT(WITNESS) };
static const struct actor reviewer = { .account = 4,
                                       .shown = STR_INIT("Reviewer"),
                                       .roles = ROLE_BIT(REVIEWER) };
static const struct actor market = { .account = 5,
                                     .shown = STR_INIT("Market"),
                                     .roles = ROLE_BIT(DEPARTMENT_ADMIN),
                                     .dept = STR_INIT("p_market") };
static const struct actor ecology = { .account = 6,
                                      .shown = STR_INIT("Ecology"),
                                      .roles = ROLE_BIT(DEPARTMENT_ADMIN),
                                      .dept = STR_INIT("p_ecology") };
static const struct actor nobody = { 0 };

#define SSQ_REF   "ssq-2026140"
#define SSQ_VALUE "02-09-13-20-27-33+11"

struct stage {
    struct desk d;
    char dir[STAGE_DIR_BYTES];
    int64_t now_ms;
};

static inline void stage_folder(struct stage *s)
{
    (void)snprintf(s->dir, sizeof s->dir, "/tmp/sishi-stage-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    assert_true(stage_n_dirs < STAGES_MAX);
    memcpy(stage_dirs[stage_n_dirs++], s->dir, sizeof s->dir);
    s->d.data_dir = str_of(s->dir);
}

/* Gives a unit of work the stage's time. */
#define STAGE_CX(cx, s)                                                                            \
    TEST_CX(cx);                                                                                   \
    (cx)->now_ms = (s)->now_ms

static inline void stage_inspectors(struct stage *s, const struct actor *by, const char *prefix,
                                    int n)
{
    for (int i = 0; i < n; i++) {
        STAGE_CX(cx, s);
        char no[16];
        int64_t id;
        (void)snprintf(no, sizeof no, "%s%03d", prefix, i);
        const struct inspector_entry e = { .staff_no = str_of(no),
                                           .name = STR("N"),
                                           .dept = by->dept,
                                           .kind = INSPECTOR_OFFICER,
                                           .regions = STR("43"),
                                           .cert_no = STR("C-1"),
                                           .cert_valid_to_on = 20301231,
                                           .cap = 200,
                                           .status = INSPECTOR_VALID };
        ASSERT_OK(cx, inspector_entry_put(cx, &s->d, by, &e, STR(""), &id));
    }
}

static inline void stage_open(struct stage *s, struct store *st, int64_t entities)
{
    TEST_CX(cx);
    const struct demo_options o = { .entities = entities, .seed = 7 };
    struct demo_result made;
    *s = (struct stage){ .d = { .store = st, .defs = stage_defs }, .now_ms = TEST_NOW_MS };
    stage_folder(s);
    ASSERT_OK(cx, demo_make(cx, &s->d, &o, &made));
    stage_inspectors(s, &market, "M", 12);
    stage_inspectors(s, &ecology, "E", 8);
}

/* ---- a plan ---------------------------------------------------------------------------------- */

static struct str stage_parties[] = { STR_INIT("p_market"), STR_INIT("p_ecology") };
static struct ceremony_beacon stage_beacons[] = { { STR_INIT("lottery"), STR_INIT(SSQ_REF) } };
static struct ceremony_grade stage_rates[] = {
    { STR_INIT("A"), 10000, 0 },
    { STR_INIT("B"), 50000, 64 },
    { STR_INIT("*"), 200000, 256 },
};
static struct ceremony_grade stage_weights[] = {
    { STR_INIT("A"), 1, 256 },
    { STR_INIT("B"), 2, 256 },
    { STR_INIT("C"), 5, 256 },
    { STR_INIT("D"), 10, 256 },
};
static struct ceremony_team stage_teams[] = {
    { STR_INIT("general"), STR_INIT("p_market"), 2, STR_INIT("") },
    { STR_INIT("fixed"), STR_INIT("p_market"), 2, STR_INIT("") },
    { STR_INIT("fixed"), STR_INIT("p_ecology"), 2, STR_INIT("") },
};

/* A rate lot that remembers and a fixed lot with reserves, jointly. */
struct stage_plan {
    struct ceremony_plan p;
    struct ceremony_lot lots[4];
};

static inline void stage_plan_usual(struct stage_plan *out)
{
    out->lots[0] = (struct ceremony_lot){ .name = STR("general"),
                                          .item = STR("A01"),
                                          .mode = CEREMONY_RATE,
                                          .grades = stage_rates,
                                          .n_grades = COUNT_OF(stage_rates),
                                          .memory_years = 1 };
    out->lots[1] = (struct ceremony_lot){ .name = STR("fixed"),
                                          .mode = CEREMONY_FIXED,
                                          .n = 10,
                                          .reserve = 5,
                                          .grades = stage_weights,
                                          .n_grades = COUNT_OF(stage_weights) };
    out->p = (struct ceremony_plan){
        .region = STR("430000"),
        .title = STR("Joint inspection, fourth quarter"),
        .task = STR("yearly plan 2026, row 12"),
        .parties = stage_parties,
        .n_parties = COUNT_OF(stage_parties),
        .beacons = stage_beacons,
        .n_beacons = COUNT_OF(stage_beacons),
        .beacon_wait_s = 600,
        .lots = out->lots,
        .n_lots = 2,
        .teams = stage_teams,
        .n_teams = COUNT_OF(stage_teams),
    };
}

/* ---- steps ----------------------------------------------------------------------------------- */

static inline int64_t stage_planned(struct stage *s, const struct ceremony_plan *p)
{
    STAGE_CX(cx, s);
    int64_t id;
    ASSERT_OK(cx, ceremony_plan(cx, &s->d, &planner, p, STR(""), &id));
    return id;
}

static inline void stage_committed(struct stage *s, int64_t id)
{
    STAGE_CX(cx, s);
    ASSERT_OK(cx, ceremony_commit_kept(cx, &s->d, &market, id, market.dept, STR("")));
    ASSERT_OK(cx, ceremony_commit_kept(cx, &s->d, &ecology, id, ecology.dept, STR("")));
}

static inline void stage_frozen(struct stage *s, int64_t id)
{
    STAGE_CX(cx, s);
    stage_committed(s, id);
    ASSERT_OK(cx, ceremony_freeze(cx, &s->d, &draw_operator, id, STR(""), NULL));
}

static inline void stage_revealed(struct stage *s, int64_t id)
{
    STAGE_CX(cx, s);
    ASSERT_OK(cx, ceremony_reveal_kept(cx, &s->d, &market, id, market.dept, STR("")));
    ASSERT_OK(cx, ceremony_reveal_kept(cx, &s->d, &ecology, id, ecology.dept, STR("")));
}

static inline void stage_seeded(struct stage *s, int64_t id)
{
    s->now_ms += 900000;
    STAGE_CX(cx, s);
    ASSERT_OK(cx, ceremony_beacon(cx, &s->d, &witness, id, STR("lottery"), STR(SSQ_REF),
                                  STR(SSQ_VALUE), s->now_ms - 60000, STR("")));
}

static inline void stage_drawn(struct stage *s, int64_t id)
{
    STAGE_CX(cx, s);
    ASSERT_OK(cx, ceremony_run(cx, &s->d, &draw_operator, id, STR(""), NULL));
}

static inline void stage_published(struct stage *s, int64_t id)
{
    STAGE_CX(cx, s);
    ASSERT_OK(cx, ceremony_publish(cx, &s->d, &reviewer, id, STR("")));
}

/* From the plan to the publication. */
static inline int64_t stage_whole(struct stage *s, const struct ceremony_plan *p)
{
    int64_t id = stage_planned(s, p);
    stage_frozen(s, id);
    stage_revealed(s, id);
    if (p->n_beacons > 0) {
        stage_seeded(s, id);
    }
    stage_drawn(s, id);
    stage_published(s, id);
    return id;
}

/* ---- looking --------------------------------------------------------------------------------- */

struct stage_look {
    int64_t id;
    struct ceremony c;
};

static inline enum err stage_look_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct stage_look *w = arg;
    return ceremony_load(cx, tx, w->id, &w->c);
}

/* The draw as it is stored; its texts live in cx. */
static inline struct ceremony stage_load_draw(struct cx *cx, struct stage *s, int64_t id)
{
    struct stage_look w = { .id = id };
    ASSERT_OK(cx, store_read(cx, s->d.store, stage_look_work, &w));
    return w.c;
}

static inline void stage_state_is(struct stage *s, int64_t id, enum ceremony_state want)
{
    TEST_CX(cx);
    struct ceremony c = stage_load_draw(cx, s, id);
    assert_string_equal(ceremony_state_name((enum ceremony_state)c.row.state),
                        ceremony_state_name(want));
}

/* Rows of a draw, in cx. */
struct stage_rows {
    int64_t id;
    struct ceremony c;
    struct q_draw_results_chosen *chosen;
    size_t n_chosen;
    struct q_draw_exclusions *excluded;
    size_t n_excluded;
    struct q_draw_lots *lots;
    size_t n_lots;
    struct q_draw_places_all *places;
    size_t n_places;
    struct q_draw_changes *changes;
    size_t n_changes;
    struct ledger_entry *log;
    size_t n_log;
};

static inline enum err stage_rows_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct stage_rows *w = arg;
    TRY(ceremony_load(cx, tx, w->id, &w->c));
    int64_t frame = w->c.row.frame_run;
    int64_t result = w->c.row.result_run;
    TRY(q_draw_results_chosen(cx, tx, w->id, result, &w->chosen, &w->n_chosen));
    TRY(q_draw_exclusions(cx, tx, w->id, frame, &w->excluded, &w->n_excluded));
    TRY(q_draw_lots(cx, tx, w->id, frame, &w->lots, &w->n_lots));
    TRY(q_draw_places_all(cx, tx, w->id, result, &w->places, &w->n_places));
    TRY(q_draw_changes(cx, tx, w->id, &w->changes, &w->n_changes));
    return ledger_entries(cx, tx, w->c.row.no, 0, 100, &w->log, &w->n_log);
}

static inline struct stage_rows stage_rows_of(struct cx *cx, struct stage *s, int64_t id)
{
    struct stage_rows w = { .id = id };
    ASSERT_OK(cx, store_read(cx, s->d.store, stage_rows_work, &w));
    return w;
}

static inline int64_t stage_excluded(const struct stage_rows *r, enum ceremony_exclusion why)
{
    for (size_t i = 0; i < r->n_excluded; i++) {
        if (r->excluded[i].reason == (int64_t)why) {
            return r->excluded[i].entities;
        }
    }
    return 0;
}

/* ---- the bundle, verified by core ------------------------------------------------------------ */

struct stage_verify {
    int64_t id;
    struct head head;
};

static inline enum err stage_verify_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct stage_verify *w = arg;
    struct ceremony c;
    struct ceremony_blocks b[7];
    struct bundle all = { 0 };
    TRY(ceremony_load(cx, tx, w->id, &c));
    TRY(ceremony_text_source(cx, tx, w->id, "plan.txt", &all.plan));
    TRY(ceremony_text_source(cx, tx, w->id, "freeze.txt", &all.freeze));
    TRY(ceremony_text_source(cx, tx, w->id, "seed.txt", &all.seed));
    TRY(ceremony_text_source(cx, tx, w->id, "reveals.txt", &all.reveals));
    TRY(ceremony_text_source(cx, tx, w->id, "head.txt", &all.head));
    all.frame.population = ceremony_blocks_source(tx, &c, CEREMONY_FILE_POPULATION, &b[0]);
    all.frame.roster = ceremony_blocks_source(tx, &c, CEREMONY_FILE_ROSTER, &b[1]);
    all.frame.recusal = ceremony_blocks_source(tx, &c, CEREMONY_FILE_RECUSAL, &b[2]);
    all.lots = ceremony_blocks_source(tx, &c, CEREMONY_FILE_LOTS, &b[3]);
    all.result = ceremony_blocks_source(tx, &c, CEREMONY_FILE_RESULT, &b[4]);
    all.assign = ceremony_blocks_source(tx, &c, CEREMONY_FILE_ASSIGN, &b[5]);
    all.prices = ceremony_blocks_source(tx, &c, CEREMONY_FILE_PRICES, &b[6]);
    struct q_draw_changes *change = NULL;
    size_t n = 0;
    struct draw_text room;
    struct buf events = buf_of(cx->mem, 1 << 20);
    TRY(q_draw_changes(cx, tx, w->id, &change, &n));
    for (size_t i = 0; i < n; i++) {
        buf_put(&events, change[i].line);
        buf_put_c(&events, '\n');
    }
    all.events = draw_source_of("events.tsv", buf_str(&events), &room);
    return draw_verify(cx, &all, NULL, &w->head);
}

static inline void stage_verifies(struct stage *s, int64_t id)
{
    TEST_CX(cx);
    struct stage_verify w = { .id = id };
    ASSERT_OK(cx, store_read(cx, s->d.store, stage_verify_work, &w));
}

#endif
