/* sishi demo draw: a whole draw of the demo province, each step with what it proves. */
#include "cli/ceremony.h"
#include "cli/folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { DICE = 20, FACES = 10, SAY_BYTES = 4096, DIR_BYTES = 512, WAIT_S = 1 };
#define DICE_REF "demo-dice"

static const struct cli_option draw_options[] = {
    { "entities", CLI_NUMBER, "N", "of a province that is made first; otherwise 20000" },
    { "out", CLI_TEXT, "DIR", "folder for the draw's files; otherwise DATA/draws/NO" },
    { NULL, CLI_FLAG, NULL, NULL },
};

/* The walk so far. */
struct walk {
    struct cli *c;
    const struct desk *d;
    struct actor by; /* the account "demo": planner, operator and reviewer in one */
    int64_t id;
    struct ceremony_view v; /* as it is after the last step */
    const char *dir;        /* of the exported files */
};

/* A line of definitions/demo_words.yaml, with `what` in the place of {}. */
static void say(const struct walk *w, const char *key, struct str what)
{
    struct str text = defs_demo_says(w->d->defs, key, w->c->cx->lang);
    struct buf b = buf_of(w->c->cx->mem, SAY_BYTES);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '{' && i + 1 < text.n && text.p[i + 1] == '}') {
            buf_put(&b, what);
            i++;
        } else {
            buf_put_c(&b, text.p[i]);
        }
    }
    (void)fprintf(w->c->out, STR_FMT "\n", STR_ARG(buf_str(&b)));
    (void)fflush(w->c->out);
}

static void say_number(const struct walk *w, const char *key, int64_t n)
{
    struct buf b = buf_of(w->c->cx->mem, 64);
    buf_put_int(&b, n);
    say(w, key, buf_str(&b));
}

static void say_hex(const struct walk *w, struct str hex)
{
    (void)fprintf(w->c->out, "   " STR_FMT "\n", STR_ARG(hex));
}

/* Each step is a piece of work of its own, at its own time. */
static enum err look(struct walk *w)
{
    cli_progress_end(w->c);
    w->c->cx->now_ms = clock_now_ms();
    return ceremony_show(w->c->cx, w->d, &w->by, w->id, &w->v);
}

/* ---- the plan -------------------------------------------------------------------------------- */

static struct str parties[] = { STR_INIT("p_ecology"), STR_INIT("p_emergency"),
                                STR_INIT("p_market") };
static struct str catering[] = { STR_INIT("H62") };
static struct ceremony_beacon beacons[] = { { STR_INIT("dice"), STR_INIT(DICE_REF) } };
static struct ceremony_grade grades[] = {
    { STR_INIT("A"), 2000, 256 },   { STR_INIT("B"), 10000, 256 }, { STR_INIT("C"), 50000, 256 },
    { STR_INIT("D"), 200000, 256 }, { STR_INIT("-"), 5000, 256 },
};
static struct ceremony_lot lots[] = {
    { .name = STR_INIT("catering"),
      .item = STR_INIT("B03"),
      .mode = CEREMONY_FIXED,
      .n = 12,
      .reserve = 4,
      .industries = catering,
      .n_industries = COUNT_OF(catering) },
    { .name = STR_INIT("register"),
      .item = STR_INIT("A01"),
      .mode = CEREMONY_RATE,
      .grades = grades,
      .n_grades = COUNT_OF(grades) },
};
static struct ceremony_team teams[] = {
    { STR_INIT("catering"), STR_INIT("p_market"), 2, STR_INIT("food") },
    { STR_INIT("register"), STR_INIT("p_emergency"), 2, STR_INIT("") },
    { STR_INIT("register"), STR_INIT("p_market"), 2, STR_INIT("") },
};

static enum err step_plan(struct walk *w)
{
    const struct defs *defs = w->d->defs;
    enum lang lang = w->c->cx->lang;
    const struct ceremony_plan p = {
        .region = STR("430100"),
        .title = defs_demo_says(defs, "title", lang),
        .task = defs_demo_says(defs, "task", lang),
        .hash = DIGEST_SHA256,
        .parties = parties,
        .n_parties = COUNT_OF(parties),
        .beacons = beacons,
        .n_beacons = COUNT_OF(beacons),
        .missing_skip = true,
        .beacon_wait_s = WAIT_S,
        .demo = true,
        .lots = lots,
        .n_lots = COUNT_OF(lots),
        .teams = teams,
        .n_teams = COUNT_OF(teams),
    };
    TRY(ceremony_plan(w->c->cx, w->d, &w->by, &p, STR(""), &w->id));
    TRY(look(w));
    say(w, "plan", w->v.no);
    say_hex(w, w->v.plan.hex);
    return ERR_OK;
}

/* ---- departments, freeze, dice --------------------------------------------------------------- */

static struct str dept_name(const struct walk *w, struct str code)
{
    const struct dept_def *d = defs_dept(w->d->defs, code);
    return d == NULL ? code : w->c->cx->lang == LANG_EN ? d->name_en : d->name;
}

static enum err step_parties(struct walk *w, const char *key,
                             enum err (*step)(struct cx *cx, const struct desk *d,
                                              const struct actor *by, int64_t id, struct str dept,
                                              struct str op_key))
{
    for (size_t i = 0; i < COUNT_OF(parties); i++) {
        struct actor part;
        TRY(account_demo_part(w->c->cx, w->d, &w->by, parties[i], &part));
        TRY(step(w->c->cx, w->d, &part, w->id, parties[i], STR("")));
        TRY(look(w));
        say(w, key, dept_name(w, parties[i]));
        say_hex(w, w->v.parties[i].revealed ? w->v.parties[i].value : w->v.parties[i].commitment);
    }
    return ERR_OK;
}

static enum err step_freeze(struct walk *w)
{
    struct ceremony_progress pr = ceremony_cli_progress(w->c);
    TRY(ceremony_freeze(w->c->cx, w->d, &w->by, w->id, STR(""), &pr));
    TRY(look(w));
    say_number(w, "freeze", w->v.population.lines);
    say_hex(w, w->v.freeze.hex);
    return ERR_OK;
}

/* Fair faces, 0..9: of a byte's 256 values the last six are thrown again. */
static void throw_dice(char out[DICE])
{
    for (size_t i = 0; i < DICE;) {
        uint8_t byte;
        entropy(&byte, 1);
        if (byte < 256 / FACES * FACES) {
            out[i++] = (char)('0' + byte % FACES);
        }
    }
}

static enum err step_beacon(struct walk *w)
{
    const struct timespec pause = { .tv_sec = WAIT_S, .tv_nsec = 50000000 };
    char dice[DICE];
    struct str value = { dice, DICE };
    say(w, "wait", STR(""));
    while (nanosleep(&pause, NULL) != 0 && errno == EINTR) {
    }
    throw_dice(dice);
    w->c->cx->now_ms = clock_now_ms();
    TRY(ceremony_beacon(w->c->cx, w->d, &w->by, w->id, STR("dice"), STR(DICE_REF), value,
                        w->c->cx->now_ms, STR("")));
    say(w, "beacon", value);
    return look(w);
}

static enum err step_run(struct walk *w)
{
    struct ceremony_progress pr = ceremony_cli_progress(w->c);
    TRY(ceremony_run(w->c->cx, w->d, &w->by, w->id, STR(""), &pr));
    TRY(look(w));
    say_number(w, "run", w->v.targets);
    say_hex(w, w->v.head.hex);
    return ERR_OK;
}

/* ---- published and checked ------------------------------------------------------------------- */

/* --out, or a folder of its own in the data folder, whose parent is made here. */
static enum err out_dir(struct walk *w)
{
    struct buf b = buf_of(w->c->cx->mem, DIR_BYTES);
    struct str dir;
    if (cli_text(w->c, "out") != NULL) {
        w->dir = cli_text(w->c, "out");
        return ERR_OK;
    }
    buf_fmt(&b, STR_FMT "/draws", STR_ARG(w->d->data_dir));
    buf_put_c(&b, '\0');
    TRY(buf_done(w->c->cx, &b, &dir));
    if (mkdir(dir.p, 0750) != 0 && errno != EEXIST) {
        return fail(w->c->cx, ERR_FILE, "%s: %s", dir.p, strerror(errno));
    }
    b.n--; /* the NUL */
    buf_fmt(&b, "/" STR_FMT, STR_ARG(w->v.no));
    buf_put_c(&b, '\0');
    TRY(buf_done(w->c->cx, &b, &dir));
    w->dir = dir.p;
    return ERR_OK;
}

static enum err step_publish(struct walk *w)
{
    const struct actor public = { 0 };
    TRY(ceremony_publish(w->c->cx, w->d, &w->by, w->id, STR("")));
    TRY(out_dir(w));
    TRY(ceremony_export(w->c->cx, w->d, &public, w->id, str_of(w->dir)));
    say(w, "publish", str_of(w->dir));
    return look(w);
}

/* Any that was drawn, and any of the pool that was not: from the published files alone. */
struct search {
    struct str *ids; /* drawn or in reserve */
    size_t n;
    struct str found; /* drawn */
};

static bool is_among(const struct search *s, struct str id)
{
    for (size_t i = 0; i < s->n; i++) {
        if (str_eq(s->ids[i], id)) {
            return true;
        }
    }
    return false;
}

static enum err read_results(struct walk *w, struct search *s)
{
    struct ceremony_result *rows = NULL;
    struct cx *cx = w->c->cx;
    const struct actor public = { 0 };
    TRY(ceremony_results(cx, w->d, &public, w->id,
                         &(const struct ceremony_result_query){ STR(""), STR(""), 0, 1000 }, &rows,
                         &s->n));
    s->ids = arena_alloc(cx->mem, s->n + 1, sizeof *s->ids);
    if (s->ids == NULL) {
        return fail(cx, ERR_NO_MEMORY, "results");
    }
    for (size_t i = 0; i < s->n; i++) {
        s->ids[i] = rows[i].code;
        if (s->found.n == 0 && rows[i].status == 'S') {
            s->found = rows[i].code;
        }
    }
    return ERR_OK;
}

static enum err find_left(struct walk *w, const struct search *s, struct str *out)
{
    CLEANUP(folder_close) struct folder f = FOLDER(w->c, w->dir);
    struct draw_source population;
    struct lines lines;
    struct str line;
    TRY(folder_open(&f, "population.tsv", &population));
    TRY(lines_open(w->c->cx, &population, &lines));
    while (out->n == 0) {
        TRY(lines_next(w->c->cx, &lines, &line));
        if (line.p == NULL) {
            return fail(w->c->cx, ERR_DRAW_EMPTY, "everybody was drawn");
        }
        struct str id = str_cut(&line, '\t');
        if (!is_among(s, id)) {
            *out = str_dup(w->c->cx->mem, id);
        }
    }
    return ERR_OK;
}

static enum err step_check(struct walk *w)
{
    struct search s = { .n = 0 };
    struct str left = STR("");
    say(w, "verify", STR(""));
    TRY(draw_files_verify(w->c, w->dir));
    TRY(read_results(w, &s));
    TRY(find_left(w, &s, &left));
    say(w, "drawn", s.found);
    TRY(draw_files_check(w->c, w->dir, s.found));
    say(w, "left", left);
    TRY(draw_files_check(w->c, w->dir, left));
    say(w, "end", str_of(w->dir));
    return ERR_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void show_progress(void *arg, int64_t done, int64_t total)
{
    cli_progress(arg, "demo province", done, total);
}

/* An empty database becomes a demo province; one that is in use is left alone. */
static enum err open_province(struct walk *w)
{
    struct cli *c = w->c;
    struct demo_options o = { .seed = 1, .progress = show_progress, .arg = c };
    struct demo_result made;
    bool demo;
    TRY(cli_number(c, "entities", 2000, 20000000, 20000, &o.entities));
    TRY(cli_desk(c, &w->d));
    TRY(register_is_demo(c->cx, w->d, &demo));
    if (!demo) {
        TRY(demo_make(c->cx, w->d, &o, &made));
        TRY(account_seed_demo(c->cx, w->d));
        cli_progress_end(c);
        say(w, "making", STR(""));
    }
    c->cx->now_ms = clock_now_ms();
    return account_actor(c->cx, w->d, STR("demo"), &w->by);
}

static enum err run_demo_draw(struct cli *c)
{
    struct walk w = { .c = c };
    TRY(open_province(&w));
    TRY(step_plan(&w));
    TRY(step_parties(&w, "commit", ceremony_commit_kept));
    TRY(step_freeze(&w));
    TRY(step_parties(&w, "reveal", ceremony_reveal_kept));
    TRY(step_beacon(&w));
    TRY(step_run(&w));
    TRY(step_publish(&w));
    return step_check(&w);
}

const struct cli_command cmd_demo_draw = {
    .name = "demo draw",
    .brief = "holds a whole draw in the demo province, and says what each step proves",
    .words = "",
    .options = draw_options,
    .about =
        "Plans a draw for the demo province, lets three departments commit, freezes the lists, "
        "opens the values, throws dice, draws, publishes, writes the public files, verifies "
        "them and looks up a firm that was drawn and one that was not. Makes the province "
        "first in an empty database. The draw is marked as demo.",
    .examples = "sishi demo draw --data var\n"
                "sishi demo draw --lang en --out ./my-first-draw",
    .run = run_demo_draw,
};
