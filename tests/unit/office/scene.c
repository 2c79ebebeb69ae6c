#include "scene.h"

#include <stdio.h>

enum { FRAME_RUN = 100, RESULT_RUN = 200, MADE_MAX = 4 << 20 };

const struct actor scene_officer = { .account = 9,
                                     .name = STR_INIT("officer"),
                                     .roles = ROLE_BIT(DRAW_OPERATOR) };
const struct actor scene_admin = { .account = 8,
                                   .name = STR_INIT("root"),
                                   .roles = ROLE_BIT(SYSTEM_ADMIN) };
const struct actor scene_public = { 0 };

struct str scene_code(struct cx *cx, size_t i)
{
    struct buf b = buf_of(cx->mem, 32);
    buf_fmt(&b, "9143%014zu", i * 10);
    return buf_str(&b);
}

static struct str text_of(struct cx *cx, const struct buf *b)
{
    struct str s;
    ASSERT_OK(cx, buf_done(cx, b, &s));
    return s;
}

static struct str made_population(struct cx *cx, size_t n)
{
    struct buf b = buf_of(cx->mem, MADE_MAX);
    for (size_t i = 0; i < n; i++) {
        buf_put(&b, scene_code(cx, i));
        buf_fmt(&b, "\t430102\tF01=%zu,L02=%zu,S03=1\t-\t-\n", 1 + i % 10, 1 + i * 7919 % 4096);
    }
    return text_of(cx, &b);
}

/* "publish now" to an embargo of that day. */
static struct str embargoed_plan(struct cx *cx, struct str plan, int32_t on)
{
    struct buf b = buf_of(cx->mem, 4096);
    char day[DATE_CHARS];
    date_put(on, day);
    while (plan.n > 0) {
        struct str line = str_cut(&plan, '\n');
        if (str_eq(line, STR("publish now"))) {
            buf_fmt(&b, "publish embargo %.*s\n", DATE_CHARS, day);
        } else {
            buf_fmt(&b, STR_FMT "\n", STR_ARG(line));
        }
    }
    return text_of(cx, &b);
}

/* The golden files with what the scene asks for; everything behind follows from it. */
static void make_files(struct cx *cx, const struct scene *s, struct folder *f, struct opened *o)
{
    struct freeze fr;
    struct head head;
    struct buf freeze = buf_of(cx->mem, 1 << 16);
    struct buf seed = buf_of(cx->mem, 1 << 16);
    folder_read(cx, GOLDEN_DIR "/draw-v1", f);
    ASSERT_OK(cx, folder_open(cx, f, o));
    if (s->entities > 0) {
        f->text[F_POPULATION] = made_population(cx, s->entities);
    }
    if (s->embargo_on != 0) {
        f->text[F_PLAN] = embargoed_plan(cx, f->text[F_PLAN], s->embargo_on);
    }
    struct draw_source plan = folder_source(f, F_PLAN);
    ASSERT_OK(cx, plan_read(cx, &plan, &o->plan));
    struct frame_sources from = folder_frame(f);
    ASSERT_OK(cx, draw_freeze(cx, &o->plan, &from, o->freeze.commit, &fr));
    freeze_write(&o->plan, &fr, &freeze);
    f->text[F_FREEZE] = text_of(cx, &freeze);
    fr.digest = digest_of(o->plan.hash, f->text[F_FREEZE]);
    seed_write(&o->plan, &fr, &o->seed, &seed);
    f->text[F_SEED] = text_of(cx, &seed);
    ASSERT_OK(cx, folder_run(cx, f, &head));
    ASSERT_OK(cx, folder_open(cx, f, o));
}

/* ---- rows -------------------------------------------------------------------------------------
 */

struct setting {
    const struct scene *s;
    struct folder *f;
    struct opened *o;
    int64_t ver;
    struct tx *tx;
};

#define STEP(call)                                                                                 \
    do {                                                                                           \
        int64_t changed = 0;                                                                       \
        ASSERT_OK(cx, (call));                                                                     \
    } while (0)

static bool reached(const struct setting *w, enum ceremony_state s)
{
    enum ceremony_state to = w->s->state == CEREMONY_VOID ? w->s->void_from : w->s->state;
    if (to == CEREMONY_EMBARGOED || to == CEREMONY_PUBLISHED) {
        return s <= CEREMONY_DRAWN || s == to;
    }
    return s <= to;
}

static void put_text(struct cx *cx, const struct setting *w, const char *name, struct str body)
{
    char hex[CEREMONY_HEX];
    struct digest d = digest_of(w->o->plan.hash, body);
    hex_put(d.b, DIGEST_LEN, hex);
    STEP(q_draw_text_add(cx, w->tx, SCENE_ID, str_of(name), body, (struct str){ hex, sizeof hex },
                         &changed));
}

static void put_event(struct cx *cx, const struct setting *w, enum ceremony_step step,
                      const char *what, struct str hex)
{
    STEP(q_draw_event_add(cx, w->tx, SCENE_ID, TEST_NOW_MS, (int64_t)step, 7, STR("Clerk Zhang"),
                          STR("scjgj"), 0, str_of(what), hex, -1, (struct str){ NULL, 0 },
                          &changed));
}

static void put_blocks(struct cx *cx, const struct setting *w, int64_t run, enum ceremony_file file,
                       struct str text)
{
    for (int64_t block = 0; text.n > 0; block++) {
        struct str line[CEREMONY_BLOCK];
        struct merkle m;
        const char *start = text.p;
        size_t n = 0;
        while (text.n > 0 && n < CEREMONY_BLOCK) {
            line[n++] = str_cut(&text, '\n');
        }
        merkle_init(&m, w->o->plan.hash);
        merkle_feed_lines(&m, line, n);
        const struct digest root = merkle_root(&m);
        struct str first = line[0];
        struct str whole = { start, (size_t)(line[n - 1].p + line[n - 1].n + 1 - start) };
        STEP(q_draw_block_add(cx, w->tx, SCENE_ID, run, (int64_t)file, block, str_cut(&first, '\t'),
                              (int64_t)n, whole, (struct str){ (const char *)root.b, DIGEST_LEN },
                              &changed));
    }
}

static struct ceremony_plan asked_of(struct cx *cx, const struct setting *w)
{
    const struct plan *p = &w->o->plan;
    struct ceremony_lot *lot = arena_alloc(cx->mem, p->lots, sizeof *lot);
    struct ceremony_team *team = arena_alloc(cx->mem, p->teams, sizeof *team);
    struct ceremony_beacon *beacon = arena_alloc(cx->mem, p->beacons, sizeof *beacon);
    for (size_t i = 0; i < p->lots; i++) {
        bool fixed = p->lot[i].mode == LOT_FIXED;
        lot[i] = (struct ceremony_lot){ .name = p->lot[i].name,
                                        .mode = fixed ? CEREMONY_FIXED : CEREMONY_RATE,
                                        .n = p->lot[i].n,
                                        .reserve = p->lot[i].reserve };
    }
    for (size_t i = 0; i < p->teams; i++) {
        team[i] = (struct ceremony_team){ p->team[i].lot, p->team[i].dept, p->team[i].size,
                                          p->team[i].qual };
    }
    for (size_t i = 0; i < p->beacons; i++) {
        beacon[i] = (struct ceremony_beacon){ str_of(beacon_kind_name(p->beacon[i].kind)),
                                              p->beacon[i].ref };
    }
    return (struct ceremony_plan){ .region = STR("430100"),
                                   .title = p->title,
                                   .task = STR("plan 2026 row 1"),
                                   .hash = p->hash,
                                   .parties = p->party,
                                   .n_parties = p->parties,
                                   .beacons = beacon,
                                   .n_beacons = p->beacons,
                                   .sealed = w->s->sealed,
                                   .embargo_on = w->s->embargo_on,
                                   .beacon_wait_s = 600,
                                   .lots = lot,
                                   .n_lots = p->lots,
                                   .teams = team,
                                   .n_teams = p->teams };
}

static void scene_planned(struct cx *cx, struct setting *w)
{
    const struct plan *p = &w->o->plan;
    struct buf b = buf_of(cx->mem, 1 << 16);
    struct json j = json_to(&b);
    const struct ceremony_plan asked = asked_of(cx, w);
    STEP(q_draw_insert(cx, w->tx, SCENE_ID, STR(SCENE_NO), STR("430100"), p->title,
                       (int64_t)p->hash, 0, w->s->sealed, w->s->embargo_on, NULL_INT,
                       TEST_NOW_MS - 8, CEREMONY_PLANNED, &changed));
    STEP(q_draw_key_insert(cx, w->tx, STR(SCENE_NO), SCENE_ID, &changed));
    ceremony_plan_put(&j, &asked);
    put_text(cx, w, "plan.json", text_of(cx, &b));
    put_text(cx, w, "plan.txt", w->f->text[F_PLAN]);
    put_text(cx, w, "rules.txt", STR("rules\n"));
    for (size_t i = 0; i < p->parties; i++) {
        char hex[CEREMONY_HEX];
        hex_put(w->o->freeze.commit[i].b, DIGEST_LEN, hex);
        STEP(q_draw_party_add(cx, w->tx, SCENE_ID, p->party[i], &changed));
        STEP(q_draw_party_commit(cx, w->tx, SCENE_ID, p->party[i], (struct str){ hex, sizeof hex },
                                 0, TEST_NOW_MS - 7, &changed));
    }
    for (size_t i = 0; i < p->beacons; i++) {
        STEP(q_draw_beacon_add(cx, w->tx, SCENE_ID, (int64_t)i,
                               str_of(beacon_kind_name(p->beacon[i].kind)), p->beacon[i].ref,
                               &changed));
    }
    put_event(cx, w, CEREMONY_STEP_PLAN, "planned", (struct str){ NULL, 0 });
    w->ver = 1;
}

static void scene_frozen(struct cx *cx, struct setting *w)
{
    struct str rest = w->f->text[F_LOTS];
    put_text(cx, w, "freeze.txt", w->f->text[F_FREEZE]);
    put_blocks(cx, w, FRAME_RUN, CEREMONY_FILE_POPULATION, w->f->text[F_POPULATION]);
    put_blocks(cx, w, FRAME_RUN, CEREMONY_FILE_ROSTER, w->f->text[F_ROSTER]);
    put_blocks(cx, w, FRAME_RUN, CEREMONY_FILE_RECUSAL, w->f->text[F_RECUSAL]);
    put_blocks(cx, w, FRAME_RUN, CEREMONY_FILE_EXCLUSIONS,
               STR("91430102MA9999998X\tby_order\twhy\n91430102MA9999999X\tderegistered\t-\n"));
    for (size_t i = 0; rest.n > 0; i++) {
        struct lot_outcome o;
        ASSERT_OK(cx, lot_outcome_get(cx, &w->o->plan, place_of("lots.tsv", i + 1),
                                      str_cut(&rest, '\n'), &o));
        STEP(q_draw_lot_add(cx, w->tx, SCENE_ID, FRAME_RUN, w->o->plan.lot[o.lot].name,
                            (int64_t)o.stat.n, (int64_t)o.stat.w_sum, (int64_t)o.stat.takeall,
                            &changed));
    }
    STEP(q_draw_exclusion_add(cx, w->tx, SCENE_ID, FRAME_RUN, CEREMONY_EXCLUDED_DEREGISTERED, 1,
                              &changed));
    STEP(q_draw_exclusion_add(cx, w->tx, SCENE_ID, FRAME_RUN, CEREMONY_EXCLUDED_BY_ORDER, 1,
                              &changed));
    put_event(cx, w, CEREMONY_STEP_FREEZE, "exclusions.tsv",
              STR("00000000000000000000000000000000000000000000000000000000000000aa"));
    STEP(q_draw_to_frozen(cx, w->tx, SCENE_ID, w->ver++, TEST_NOW_MS - 6, CEREMONY_FROZEN,
                          FRAME_RUN, (int64_t)w->o->freeze.population.lines, -1, &changed));
}

static void scene_revealed(struct cx *cx, struct setting *w)
{
    const struct plan *p = &w->o->plan;
    struct reveals r = { 0 };
    struct buf b = buf_of(cx->mem, 1 << 16);
    for (size_t i = 0; i < p->parties; i++) {
        char hex[CEREMONY_HEX];
        r.party[i] = w->o->seed.party[i];
        hex_put(r.party[i].value, DRAW_VALUE_LEN, hex);
        STEP(q_draw_party_reveal(cx, w->tx, SCENE_ID, p->party[i], (struct str){ hex, sizeof hex },
                                 TEST_NOW_MS - 5, &changed));
        put_event(cx, w, CEREMONY_STEP_REVEAL, "reveal", (struct str){ NULL, 0 });
    }
    reveals_write(p, &w->o->freeze, &r, &b);
    put_text(cx, w, "reveals.txt", text_of(cx, &b));
    STEP(q_draw_to_revealed(cx, w->tx, SCENE_ID, w->ver++, TEST_NOW_MS - 5, CEREMONY_REVEALED,
                            &changed));
}

static void scene_seeded(struct cx *cx, struct setting *w)
{
    char hex[CEREMONY_HEX];
    for (size_t i = 0; i < w->o->plan.beacons; i++) {
        STEP(q_draw_beacon_set(cx, w->tx, SCENE_ID, (int64_t)i, w->o->seed.beacon[i],
                               TEST_NOW_MS - 4, TEST_NOW_MS - 4, &changed));
    }
    put_text(cx, w, "seed.txt", w->f->text[F_SEED]);
    hex_put(w->o->seed.digest.b, DIGEST_LEN, hex);
    put_event(cx, w, CEREMONY_STEP_BEACON, "seed.txt", (struct str){ hex, sizeof hex });
    STEP(q_draw_to_seeded(cx, w->tx, SCENE_ID, w->ver++, TEST_NOW_MS - 4, CEREMONY_SEEDED,
                          &changed));
}

static void put_results(struct cx *cx, const struct setting *w)
{
    struct str rest = w->f->text[F_RESULT];
    struct bulk *b;
    ASSERT_OK(cx, qb_draw_result_open(cx, w->tx, &b));
    for (size_t i = 0; rest.n > 0; i++) {
        struct drawn d;
        char k[LOT_KEY_CHARS];
        ASSERT_OK(cx, drawn_get(cx, &w->o->plan, place_of("result.tsv", i + 1),
                                str_cut(&rest, '\n'), &d));
        const char status = (char)d.status;
        const struct qb_draw_result row = { .home = SCENE_ID,
                                            .run = RESULT_RUN,
                                            .lot = w->o->plan.lot[d.lot].name,
                                            .rank = d.rank,
                                            .status = { &status, 1 },
                                            .code = d.id,
                                            .p31 = d.p,
                                            .u = (int64_t)d.u,
                                            .k = { k, lot_key_put(d.k, k) } };
        ASSERT_OK(cx, qb_draw_result_row(cx, b, &row));
    }
    ASSERT_OK(cx, bulk_close(cx, b));
}

static int64_t put_places(struct cx *cx, const struct setting *w)
{
    struct str rest = w->f->text[F_ASSIGN];
    struct bulk *b;
    int64_t pos = 0;
    ASSERT_OK(cx, qb_draw_place_open(cx, w->tx, &b));
    for (; rest.n > 0; pos++) {
        struct str line = str_cut(&rest, '\n');
        struct str field[4];
        for (size_t i = 0; i < COUNT_OF(field); i++) {
            field[i] = str_cut(&line, '\t');
        }
        const struct qb_draw_place row = { .home = SCENE_ID,
                                           .run = RESULT_RUN,
                                           .pos = pos,
                                           .code = field[0],
                                           .dept = field[1],
                                           .qual = field[2],
                                           .inspector = field[3] };
        ASSERT_OK(cx, qb_draw_place_row(cx, b, &row));
    }
    ASSERT_OK(cx, bulk_close(cx, b));
    return pos;
}

static void scene_drawn(struct cx *cx, struct setting *w)
{
    struct q_draw_target_count n;
    put_text(cx, w, "head.txt", w->f->text[F_HEAD]);
    put_blocks(cx, w, RESULT_RUN, CEREMONY_FILE_LOTS, w->f->text[F_LOTS]);
    put_blocks(cx, w, RESULT_RUN, CEREMONY_FILE_RESULT, w->f->text[F_RESULT]);
    put_blocks(cx, w, RESULT_RUN, CEREMONY_FILE_ASSIGN, w->f->text[F_ASSIGN]);
    put_blocks(cx, w, RESULT_RUN, CEREMONY_FILE_PRICES, w->f->text[F_PRICES]);
    put_results(cx, w);
    int64_t places = put_places(cx, w);
    ASSERT_OK(cx, q_draw_target_count(cx, w->tx, SCENE_ID, RESULT_RUN, &n));
    put_event(cx, w, CEREMONY_STEP_RUN, "14 targets, 28 places", (struct str){ NULL, 0 });
    STEP(q_draw_to_drawn(cx, w->tx, SCENE_ID, w->ver++, TEST_NOW_MS - 3, CEREMONY_DRAWN, RESULT_RUN,
                         n.targets, places, 1, &changed));
}

static enum err scene_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct setting *w = arg;
    w->tx = tx;
    scene_planned(cx, w);
    if (reached(w, CEREMONY_FROZEN)) {
        scene_frozen(cx, w);
    }
    if (reached(w, CEREMONY_REVEALED)) {
        scene_revealed(cx, w);
    }
    if (reached(w, CEREMONY_SEEDED)) {
        scene_seeded(cx, w);
    }
    if (reached(w, CEREMONY_DRAWN)) {
        scene_drawn(cx, w);
    }
    if (w->s->state == CEREMONY_EMBARGOED || w->s->state == CEREMONY_PUBLISHED) {
        STEP(q_draw_to_published(cx, tx, SCENE_ID, w->ver++, TEST_NOW_MS - 2, (int64_t)w->s->state,
                                 w->s->state == CEREMONY_PUBLISHED ? TEST_NOW_MS - 2 : 0,
                                 &changed));
    }
    if (w->s->state == CEREMONY_VOID) {
        STEP(q_draw_to_void(cx, tx, SCENE_ID, w->ver++, TEST_NOW_MS - 1, CEREMONY_VOID,
                            STR("a mistake"), &changed));
    }
    return ERR_OK;
}

void scene_draw(struct cx *cx, struct store *st, const struct scene *s, struct folder *f)
{
    struct opened o;
    struct op op = { 0 };
    make_files(cx, s, f, &o);
    struct setting w = { .s = s, .f = f, .o = &o };
    ASSERT_OK(cx, store_write(cx, st, &op, scene_work, &w));
}
