#include "web/draw_view.h"

enum err draw_of(struct http_call *c, struct ceremony_view *out)
{
    int64_t id;
    TRY(ceremony_find(c->cx, desk_of(c), c->seg[0], &id));
    return ceremony_show(c->cx, desk_of(c), actor_of(c), id, out);
}

struct draw_row draw_row_of(struct http_call *c, const struct ceremony_row *r)
{
    return (struct draw_row){
        .href = text_fmt(c->cx, "/draws/" STR_FMT, STR_ARG(r->no)),
        .no = r->no,
        .title = r->title,
        .state = state_word(r->state),
        .mark = mark_of_state(r->state),
        .region = label_region(c, r->region),
        .entities = r->entities,
        .targets = r->targets,
        .planned_at = r->planned_at,
        .demo = r->demo,
    };
}

/* ---- the timeline --------------------------------------------------------------------------- */

static struct stage stage_of(enum msg title, enum msg text, int64_t at, struct str hex)
{
    return (struct stage){
        .title = title, .text = text, .mark = at != 0 ? STR("done") : STR(""), .at = at, .hex = hex
    };
}

static size_t commitments(const struct ceremony_view *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n_parties; i++) {
        n += v->parties[i].commitment.n != 0;
    }
    return n;
}

static size_t reveals(const struct ceremony_view *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n_parties; i++) {
        n += v->parties[i].revealed;
    }
    return n;
}

/* The instant of the last commitment, once all are there. */
static int64_t committed_at(const struct ceremony_view *v)
{
    int64_t last = 0;
    for (size_t i = 0; i < v->n_parties; i++) {
        last = v->parties[i].committed_at > last ? v->parties[i].committed_at : last;
    }
    return commitments(v) == v->n_parties ? last : 0;
}

static enum err fill_stages(struct http_call *c, const struct ceremony_view *v, struct draw_page *d)
{
    enum { STAGES = 7 };
    struct stage *s = arena_alloc(c->cx->mem, STAGES + 1, sizeof *s);
    if (s == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "timeline");
    }
    s[0] = stage_of(M_stage_plan, M_stage_plan_text, v->planned_at, v->plan.hex);
    s[1] = stage_of(M_stage_commit, M_stage_commit_text, committed_at(v), STR(""));
    s[2] = stage_of(M_stage_freeze, M_stage_freeze_text, v->frozen_at, v->freeze.hex);
    s[3] = stage_of(M_stage_reveal, M_stage_reveal_text, v->revealed_at, v->reveals.hex);
    s[4] = stage_of(M_stage_beacon, M_stage_beacon_text, v->seeded_at, v->seed.hex);
    s[5] = stage_of(M_stage_run, M_stage_run_text, v->drawn_at, v->head.hex);
    s[6] = stage_of(M_stage_publish, M_stage_publish_text, v->published_at, STR(""));
    s[1].what = text_fmt(c->cx, "%zu / %zu", commitments(v), v->n_parties);
    s[3].what = text_fmt(c->cx, "%zu / %zu", reveals(v), v->n_parties);
    d->all_steps = STAGES;
    while (d->done_steps < STAGES && s[d->done_steps].at != 0) {
        d->done_steps++;
    }
    d->n_stages = STAGES;
    if (v->state == CEREMONY_VOID) {
        struct stage ended = stage_of(M_stage_void, M_stage_void_text, v->void_at, STR(""));
        ended.mark = STR("bad");
        ended.what = v->void_reason;
        s[d->done_steps] = ended;
        d->n_stages = (size_t)d->done_steps + 1;
    } else if (d->done_steps < STAGES) {
        s[d->done_steps].mark = STR("now");
    }
    d->stages = s;
    return ERR_OK;
}

static struct event_row event_of(struct http_call *c, const struct ceremony_event *e)
{
    bool logged = e->log_seq >= 0;
    return (struct event_row){
        .at = e->at,
        .step = step_word(e->step),
        .dept = label_dept(c, e->dept),
        .who = may(c, POWER_DRAW_READ) ? e->by : STR(""),
        .log = logged ? text_fmt(c->cx, "/log/%lld", (long long)e->log_seq) : STR(""),
    };
}

/* Who did what; and the entry that a stage's step left in the log is linked from the stage. */
static enum err fill_events(struct http_call *c, const struct ceremony_view *v, struct draw_page *d)
{
    static const struct {
        enum ceremony_step step;
        size_t stage;
    } of[] = { { CEREMONY_STEP_PLAN, 0 }, { CEREMONY_STEP_FREEZE, 2 }, { CEREMONY_STEP_RUN, 5 } };
    struct ceremony_event *events = NULL;
    size_t n = 0;
    TRY(ceremony_events(c->cx, desk_of(c), actor_of(c), v->id, &events, &n));
    struct stage *stages = (struct stage *)(uintptr_t)d->stages;
    struct event_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "events");
    }
    d->events = rows;
    d->n_events = n;
    for (size_t e = 0; e < n; e++) {
        rows[e] = event_of(c, &events[e]);
        for (size_t i = 0; i < COUNT_OF(of); i++) {
            bool known = events[e].step == of[i].step && events[e].log_seq >= 0;
            if (known && of[i].stage < d->n_stages && stages[of[i].stage].at != 0) {
                stages[of[i].stage].log =
                    text_fmt(c->cx, "/log/%lld", (long long)events[e].log_seq);
            }
        }
    }
    return ERR_OK;
}

/* ---- the tables ----------------------------------------------------------------------------- */

static struct party_row party_of(struct http_call *c, const struct ceremony_party *p)
{
    struct party_row row = {
        .name = label_party(c, p),
        .code = p->dept,
        .commitment = p->commitment,
        .state = M_party_waiting,
        .at = p->committed_at,
    };
    if (p->revealed) {
        row.state = M_party_opened;
        row.mark = STR("good");
        row.value = p->value;
        row.at = p->revealed_at;
    } else if (p->skipped) {
        row.state = M_party_skipped;
        row.mark = STR("bad");
    } else if (p->commitment.n != 0) {
        row.state = M_party_sealed;
        row.mark = STR("busy");
    }
    return row;
}

static enum err fill_parties(struct http_call *c, const struct ceremony_view *v,
                             struct draw_page *d)
{
    struct party_row *rows = arena_alloc(c->cx->mem, v->n_parties + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "parties");
    }
    for (size_t i = 0; i < v->n_parties; i++) {
        rows[i] = party_of(c, &v->parties[i]);
    }
    d->parties = rows;
    d->n_parties = v->n_parties;
    return ERR_OK;
}

static enum msg beacon_word(struct str kind)
{
    static const struct {
        const char *kind;
        enum msg word;
    } words[] = { { "lottery", M_beacon_lottery },
                  { "dice", M_beacon_dice },
                  { "drand", M_beacon_drand },
                  { "nist", M_beacon_nist } };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_eq(kind, str_of(words[i].kind))) {
            return words[i].word;
        }
    }
    return M_beacon_other;
}

static enum err fill_beacons(struct http_call *c, const struct ceremony_view *v,
                             struct draw_page *d)
{
    struct beacon_row *rows = arena_alloc(c->cx->mem, v->n_beacons + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "beacons");
    }
    for (size_t i = 0; i < v->n_beacons; i++) {
        const struct ceremony_beacon_view *b = &v->beacons[i];
        rows[i] = (struct beacon_row){ beacon_word(b->kind), b->ref, b->value, b->event_at };
    }
    d->beacons = rows;
    d->n_beacons = v->n_beacons;
    return ERR_OK;
}

static enum err fill_lots(struct http_call *c, const struct ceremony_view *v, struct draw_page *d)
{
    struct lot_row *rows = arena_alloc(c->cx->mem, v->n_lots + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "lots");
    }
    for (size_t i = 0; i < v->n_lots; i++) {
        const struct ceremony_lot_view *l = &v->lots[i];
        rows[i] = (struct lot_row){
            .name = l->name,
            .item = l->item_name.n != 0 ? l->item_name : l->item,
            .mode = mode_word(l->mode),
            .planned = l->mode == CEREMONY_FIXED ? l->n : 0,
            .reserve = l->reserve,
            .entities = l->entities,
            .weight = l->sum_weight,
            .take_all = l->take_all,
            .selected = l->selected,
        };
    }
    d->lots = rows;
    d->n_lots = v->n_lots;
    return ERR_OK;
}

/* Which files a reader is shown, and where their fingerprints stand in the view. */
static enum err fill_files(struct http_call *c, const struct ceremony_view *v, struct draw_page *d)
{
    const struct ceremony_file_hash none = { 0 };
    const struct {
        enum ceremony_file file;
        enum msg what;
        const struct ceremony_file_hash *hash;
    } files[] = {
        { CEREMONY_FILE_PLAN, M_file_plan, &v->plan },
        { CEREMONY_FILE_RULES, M_file_rules, &v->rules },
        { v->sealed ? CEREMONY_FILE_LEAVES : CEREMONY_FILE_POPULATION,
          v->sealed ? M_file_leaves : M_file_population, &v->population },
        { CEREMONY_FILE_EXCLUSIONS, M_file_exclusions, &v->exclusions },
        { CEREMONY_FILE_ROSTER, M_file_roster, &v->roster },
        { CEREMONY_FILE_RECUSAL, M_file_recusal, &v->recusal },
        { CEREMONY_FILE_FREEZE, M_file_freeze, &v->freeze },
        { CEREMONY_FILE_REVEALS, M_file_reveals, &v->reveals },
        { CEREMONY_FILE_SEED, M_file_seed, &v->seed },
        { CEREMONY_FILE_LOTS, M_file_lots, &v->lots_file },
        { CEREMONY_FILE_RESULT, M_file_result, &v->result },
        { CEREMONY_FILE_ASSIGN, M_file_assign, &v->assign },
        { CEREMONY_FILE_PRICES, M_file_prices, &v->prices },
        { CEREMONY_FILE_HEAD, M_file_head, &v->head },
        { CEREMONY_FILE_EVENTS, M_file_events, &none },
    };
    struct file_row *rows = arena_alloc(c->cx->mem, COUNT_OF(files), sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "files");
    }
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        const char *name = ceremony_file_name(files[i].file);
        bool open = (v->files & (1u << files[i].file)) != 0;
        bool events = files[i].file == CEREMONY_FILE_EVENTS && v->published_at != 0;
        rows[i] = (struct file_row){
            .name = str_of(name),
            .href = text_fmt(c->cx, STR_FMT "/%s", STR_ARG(d->files_url), name),
            .what = files[i].what,
            .lines = files[i].hash->lines,
            .hex = files[i].hash->hex,
            .ready = open && (files[i].hash->hex.n != 0 || events),
        };
    }
    d->files = rows;
    d->n_files = COUNT_OF(files);
    return ERR_OK;
}

static enum err fill_excluded(struct http_call *c, const struct ceremony_view *v,
                              struct draw_page *d)
{
    int64_t counts[CEREMONY_EXCLUSION__COUNT] = { 0 };
    struct excluded_row *rows = arena_alloc(c->cx->mem, CEREMONY_EXCLUSION__COUNT, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "exclusions");
    }
    if (v->frozen_at != 0) {
        TRY(ceremony_exclusion_counts(c->cx, desk_of(c), v->id, counts));
    }
    for (int x = 0; x < CEREMONY_EXCLUSION__COUNT; x++) {
        if (counts[x] != 0) {
            rows[d->n_excluded++] =
                (struct excluded_row){ exclusion_word((enum ceremony_exclusion)x), counts[x] };
        }
    }
    d->excluded = rows;
    return ERR_OK;
}

enum err draw_page_of(struct http_call *c, const struct ceremony_view *v, struct draw_page *out)
{
    bool published = v->state == CEREMONY_PUBLISHED;
    bool open = (v->files & (1u << CEREMONY_FILE_RESULT)) != 0;
    struct draw_page d = {
        .no = v->no,
        .title = v->title,
        .region = label_region(c, v->region),
        .task = v->task,
        .state = state_word(v->state),
        .mark = mark_of_state(v->state),
        .explain = published && !open ? M_explain_sealed : state_explained(v->state),
        .hash = v->hash == DIGEST_SM3 ? STR("SM3") : STR("SHA-256"),
        .demo = v->demo,
        .sealed = v->sealed,
        .void_reason = v->void_reason,
        .supersedes = v->supersedes_no,
        .superseded_by = v->superseded_by_no,
        .supersedes_reason = v->supersedes_reason,
        .pool = v->population.lines,
        .targets = v->targets,
        .places = v->places,
        .unfilled = v->unfilled,
        .drawn = v->drawn_at != 0,
        .verifiable = published && open,
        .hidden = published && !open,
        .freeze_hex = v->freeze.hex,
        .seed_hex = v->seed.hex,
        .head_hex = v->head.hex,
        .href = text_fmt(c->cx, "/draws/" STR_FMT, STR_ARG(v->no)),
        .files_url = text_fmt(c->cx, "/draws/" STR_FMT "/files", STR_ARG(v->no)),
        .staff = may(c, POWER_DRAW_READ),
    };
    TRY(fill_stages(c, v, &d));
    TRY(fill_events(c, v, &d));
    TRY(fill_parties(c, v, &d));
    TRY(fill_beacons(c, v, &d));
    TRY(fill_lots(c, v, &d));
    TRY(fill_files(c, v, &d));
    TRY(fill_excluded(c, v, &d));
    *out = d;
    return ERR_OK;
}
