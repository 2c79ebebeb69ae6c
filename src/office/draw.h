/* The draw as a ceremony: durable states, one command a step, nothing redrawn.
 *
 *   planned -> frozen -> revealed -> seeded -> drawn -> published
 *                                                  \--> embargoed -> published
 *   any of them but published and embargoed -> void
 *
 * In `planned` the departments' commitments are collected; freezing needs all of them, for they
 * stand in freeze.txt. `revealed` is reached with the last reveal (or when missing ones are closed
 * by the plan's rule), `seeded` with the last beacon value. There is no transition "redraw": a new
 * draw is a new row that names the one it supersedes, and numbers have no gaps, so that a void draw
 * stays visible.
 *
 * Each command is decide (ceremony_decide, pure) and record (one write transaction: operation key,
 * compare-and-set on the draw's version, an event row, entries of the evidence log). `op_key` makes
 * a repeated request harmless; empty means no such protection. A command that finds the draw
 * changed meanwhile answers ERR_MOVED_MEANWHILE.
 * Files, hashes and rules: docs/guide/draw.md and the specification sishi-draw/1. */
#ifndef SISHI_OFFICE_DRAW_H
#define SISHI_OFFICE_DRAW_H

#include "office/desk.h"

#define CEREMONY_STATE_TABLE(X)                                                                    \
    X(PLANNED, "planned")     /* plan.txt logged; commitments come in */                           \
    X(FROZEN, "frozen")       /* freeze.txt logged; reveals come in */                             \
    X(REVEALED, "revealed")   /* reveals.txt logged; waits for the public randomness */            \
    X(SEEDED, "seeded")       /* every beacon value entered; the seed is fixed */                  \
    X(DRAWN, "drawn")         /* result and inspectors computed, head.txt logged */                \
    X(EMBARGOED, "embargoed") /* head with a seal is public; lists wait for their date */          \
    X(PUBLISHED, "published") /* everything public that is not sealed */                           \
    X(VOID, "void")           /* ended with a reason; the number stays taken */

enum ceremony_state {
#define X(symbol, name) CEREMONY_##symbol,
    CEREMONY_STATE_TABLE(X)
#undef X
        CEREMONY_STATE__COUNT
};
const char *ceremony_state_name(enum ceremony_state s);
enum ceremony_state ceremony_state_by_name(struct str name); /* CEREMONY_STATE__COUNT: none */

/* The steps. X(symbol, name, power, states in which it may be taken as a mask) */
#define CEREMONY_IN(s) (1u << CEREMONY_##s)
#define CEREMONY_STEP_TABLE(X)                                                                     \
    X(PLAN, "plan", POWER_DRAW_PLAN, 0u)                                                           \
    X(COMMIT, "commit", POWER_DRAW_COMMIT, CEREMONY_IN(PLANNED))                                   \
    X(FREEZE, "freeze", POWER_DRAW_FREEZE, CEREMONY_IN(PLANNED))                                   \
    X(REVEAL, "reveal", POWER_DRAW_COMMIT, CEREMONY_IN(FROZEN))                                    \
    X(CLOSE_REVEALS, "close_reveals", POWER_DRAW_FREEZE, CEREMONY_IN(FROZEN))                      \
    X(BEACON, "beacon", POWER_DRAW_BEACON, CEREMONY_IN(REVEALED))                                  \
    X(RUN, "run", POWER_DRAW_RUN, CEREMONY_IN(SEEDED))                                             \
    X(PUBLISH, "publish", POWER_DRAW_PUBLISH, CEREMONY_IN(DRAWN) | CEREMONY_IN(EMBARGOED))         \
    X(VOID, "void", POWER_DRAW_VOID,                                                               \
      CEREMONY_IN(PLANNED) | CEREMONY_IN(FROZEN) | CEREMONY_IN(REVEALED) | CEREMONY_IN(SEEDED) |   \
          CEREMONY_IN(DRAWN))                                                                      \
    X(REPLACE_TARGET, "replace_target", POWER_DRAW_REPLACE,                                        \
      CEREMONY_IN(EMBARGOED) | CEREMONY_IN(PUBLISHED))                                             \
    X(REPLACE_INSPECTOR, "replace_inspector", POWER_DRAW_REPLACE,                                  \
      CEREMONY_IN(EMBARGOED) | CEREMONY_IN(PUBLISHED))

enum ceremony_step {
#define X(symbol, name, power, states) CEREMONY_STEP_##symbol,
    CEREMONY_STEP_TABLE(X)
#undef X
        CEREMONY_STEP__COUNT
};
const char *ceremony_step_name(enum ceremony_step s);

/* Why an entity of the asked-for kind is not in the pool. X(symbol, name in exclusions.tsv) */
#define CEREMONY_EXCLUSION_TABLE(X)                                                                \
    X(DEREGISTERED, "deregistered")                                                                \
    X(REVOKED, "revoked")                                                                          \
    X(ANNULLED, "annulled")                                                                        \
    X(MOVED_OUT, "moved_out")                                                                      \
    X(BY_ORDER, "by_order")                       /* named in the plan with a reason */            \
    X(MANDATORY_ELSEWHERE, "mandatory_elsewhere") /* certain target of another running draw */     \
    X(CAP, "yearly_cap") /* planned visits of the year at this place of business reached */        \
    X(DRAWN_IN_CYCLE, "drawn_in_cycle") /* the memory rule leaves it no chance in this cycle */    \
    X(GRADE_EXEMPT, "grade_exempt")     /* the plan gives its grade no chance */

enum ceremony_exclusion {
#define X(symbol, name) CEREMONY_EXCLUDED_##symbol,
    CEREMONY_EXCLUSION_TABLE(X)
#undef X
        CEREMONY_EXCLUSION__COUNT
};
const char *ceremony_exclusion_name(enum ceremony_exclusion x);
enum ceremony_exclusion ceremony_exclusion_by_name(struct str name); /* __COUNT: none */

/* ---- the plan: input of ceremony_plan and ceremony_preview ---------------------------------- */

enum ceremony_mode {
    CEREMONY_FIXED, /* exactly n by weight (Pareto), then `reserve` more in order */
    CEREMONY_RATE,  /* each with its own probability */
    CEREMONY_ORDER, /* all, in random order (a rate lot in which everyone is certain) */
    CEREMONY_MODE__COUNT
};
const char *ceremony_mode_name(enum ceremony_mode m);      /* "fixed", "rate", "order" */
enum ceremony_mode ceremony_mode_by_name(struct str name); /* CEREMONY_MODE__COUNT: none */

/* One grade's share in one lot. Grades not named have weight 0: exempt, listed as excluded. */
struct ceremony_grade {
    struct str grade; /* A B C D ...; "-" = entities without a grade; "*" = every other */
    int64_t weight;   /* fixed: relative, 1..2^31. rate: probability in millionths, 1..1000000.
                         0 = exempt. order: 1 */
    int64_t memory;   /* rho of the memory rule in 1/256: 0 never twice in a cycle, 256 no memory */
};
struct ceremony_named {
    struct str code;   /* unified social credit code */
    struct str reason; /* 1..200 characters */
};
struct ceremony_lot {
    struct str name; /* [A-Za-z0-9_]{1,32} */
    struct str item; /* item code of the list of inspection matters; "" = none */
    enum ceremony_mode mode;
    int64_t n, reserve;     /* fixed only: 1..10^6, 0..10^6 */
    struct str *industries; /* GB/T 4754 prefixes, any of them; none = all */
    size_t n_industries;
    uint64_t classes;              /* mask of 1 << entity class number; 0 = all */
    struct ceremony_grade *grades; /* none = everybody alike (weight 1; rate needs grades) */
    size_t n_grades;
    int64_t memory_years; /* cycle of the memory rule in calendar years; 0 = no memory. rate only */
    int64_t due_months;   /* must have been visited for the item within so many months: who has
                             not is certain (rate only); 0 = no such duty */
    struct ceremony_named *mandatory; /* certain by law or order (rate only) */
    size_t n_mandatory;
};
struct ceremony_team {
    struct str lot, dept;
    int64_t size;    /* 2..16. Administrative Penalty Law art. 42 */
    struct str qual; /* "" = any */
};
struct ceremony_beacon {
    struct str kind, ref; /* lottery dice drand nist other; what names the future event */
};
struct ceremony_plan {
    struct str region; /* 6 digits: where the draw is held; entities of the subtree are asked for */
    struct str title;  /* one line, at most 120 characters */
    struct str task;   /* the yearly plan's row or the temporary task's reason; required */
    enum digest_kind hash;
    struct str *parties; /* departments that contribute, 1..16, as codes; any order */
    size_t n_parties;
    struct ceremony_beacon *beacons;
    size_t n_beacons;
    bool missing_skip;  /* a missing reveal is skipped (needs a beacon), else the draw is void */
    bool sealed;        /* weights are internal: salted lines, public sees id and leaf digest */
    int32_t embargo_on; /* yyyymmdd; 0 = publish now */
    int64_t
        yearly_cap; /* planned visits of an entity, and of a place, in a calendar year; 0 = none */
    int64_t beacon_wait_s;     /* between reveals and beacon event; 600, less only when `demo` */
    int64_t cosigners;         /* witnesses that must cosign the freeze before reveals are taken */
    bool demo;                 /* a rehearsal: said in every view and in the log */
    struct ceremony_lot *lots; /* 1..32 */
    size_t n_lots;
    struct ceremony_team *teams;
    size_t n_teams;
    struct ceremony_named *excluded; /* by order of the head */
    size_t n_excluded;
    int64_t supersedes; /* id of a void draw this one replaces; 0 = none */
    struct str supersedes_reason;
};

/* Reads a plan from its JSON form (docs/guide/draw.md; the API's request and the command line's
 * file): members are named as above, lists without their n_; dates are "2026-12-01" or null,
 * `supersedes` is 13 characters or null. What is missing is empty or 0, but `beacon_wait_s` is 600
 * and a grade's `memory` 256. A member that is not above is refused.
 * @return ERR_FIELD naming the member as in "lots[2].n", ERR_BAD_REQUEST (no JSON), ERR_TOO_LONG
 * (over 1 MiB) */
enum err ceremony_plan_parse(struct cx *cx, struct str json, struct ceremony_plan *out) MUST_USE;
/* Everything that can be said against a plan without a database and definitions; an embargo must
 * end after cx->now_ms. @return ERR_FIELD naming the member as in "lots[2].n" */
enum err ceremony_plan_check(struct cx *cx, const struct ceremony_plan *p) MUST_USE;

/* ---- decide ---------------------------------------------------------------------------------- */

/* What a decision looks at: the draw as it is, and what the step brings. */
struct ceremony_facts {
    enum ceremony_state state;
    int64_t n_parties, n_committed, n_revealed, n_beacons, n_beaconed;
    bool missing_skip, demo;
    int64_t cosigners, cosigned; /* needed and present on the freeze */
    int64_t revealed_at;         /* Unix ms; 0 = not yet */
    int64_t beacon_wait_s;
    int32_t embargo_on;
    struct str initiator_region;
    bool actor_witnessed, actor_operated; /* the actor's earlier part in this draw */
};
struct ceremony_input {
    enum ceremony_step step;
    struct str dept; /* commit, reveal, replace_inspector: the department concerned */
    bool dept_is_party, dept_committed, dept_revealed;
    int64_t event_at;  /* beacon: when the public event took place, Unix ms */
    struct str reason; /* void, close_reveals, replacements */
    int32_t today;     /* yyyymmdd */
};
/**
 * May `who` take this step now? Pure.
 *
 * @return ERR_OK or one refusal: ERR_SIGNED_OUT, ERR_FORBIDDEN (role, department, region, or
 *         operating and witnessing the same draw), ERR_STATE (names state and step, or what is
 *         missing), ERR_DRAW_MISSING (freeze: commitments), ERR_DRAW_WAIT (too early: beacon or
 *         embargo), ERR_FIELD (reason missing)
 */
enum err ceremony_decide(struct cx *cx, const struct actor *who, const struct ceremony_facts *f,
                         const struct ceremony_input *in, int64_t now_ms) MUST_USE;

/* ---- commands -------------------------------------------------------------------------------- */

/* Called now and then by long work; may be NULL. total 0 = unknown. */
struct ceremony_progress {
    void (*tell)(void *arg, const char *what, int64_t done, int64_t total);
    void *arg;
};

/* Writes plan.txt and rules.txt, takes the next number of region and year, logs both hashes.
 * @return ERR_FIELD, ERR_FORBIDDEN, ERR_NOT_FOUND (a department or item), ERR_STATE (the draw to be
 *         superseded is not void or was superseded) */
enum err ceremony_plan(struct cx *cx, const struct desk *d, const struct actor *by,
                       const struct ceremony_plan *p, struct str op_key, int64_t *id) MUST_USE;

/* A department's commitment: 64 hex, the hash of its contribution file, which it keeps. A new one
 * replaces its older one until the freeze. */
enum err ceremony_commit(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str dept, struct str commitment, struct str op_key) MUST_USE;
/* The helper for demo and small offices: makes the contribution, keeps it under the data folder
 * (mode 0600) and commits to it. */
enum err ceremony_commit_kept(struct cx *cx, const struct desk *d, const struct actor *by,
                              int64_t id, struct str dept, struct str op_key) MUST_USE;
/* The contribution file for a value (64 hex), as the department would write it, in cx->mem. */
enum err ceremony_contribution(struct cx *cx, struct str draw_no, struct str party,
                               struct str value, struct str *file) MUST_USE;

/**
 * Builds the population, roster and recusals from the register in one closed snapshot, stores them
 * as rows, hashes them, writes freeze.txt. Restartable: until its last transaction nothing of it
 * counts. Two at once: one wins, the other gets ERR_MOVED_MEANWHILE.
 *
 * @return also ERR_DRAW_EMPTY (a lot has nobody), ERR_DRAW_MISSING (commitments), ERR_NOT_FOUND (a
 *         mandatory entity is not in the pool)
 * @cost O(entities of the region); memory does not grow with it
 */
enum err ceremony_freeze(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str op_key, const struct ceremony_progress *pr) MUST_USE;

/* A department opens its commitment: the 64 hex of its value. @return ERR_DRAW_REVEAL (does not
 * match the commitment) */
enum err ceremony_reveal(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str dept, struct str value, struct str op_key) MUST_USE;
/* Opens what ceremony_commit_kept keeps. */
enum err ceremony_reveal_kept(struct cx *cx, const struct desk *d, const struct actor *by,
                              int64_t id, struct str dept, struct str op_key) MUST_USE;
/* Ends the waiting for missing reveals: by the plan's rule the draw goes on without them or is
 * void. */
enum err ceremony_close_reveals(struct cx *cx, const struct desk *d, const struct actor *by,
                                int64_t id, struct str reason, struct str op_key) MUST_USE;

/* Enters the value of one beacon of the plan in its canonical form (ceremony_beacon_check).
 * @param event_at  when the public event took place, Unix ms, not in the future and at least the
 *                  plan's wait after the reveals were logged. @return ERR_DRAW_BEACON,
 * ERR_DRAW_WAIT
 */
enum err ceremony_beacon(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str kind, struct str ref, struct str value, int64_t event_at,
                         struct str op_key) MUST_USE;
/* Canonical forms of draw values: lottery "02-09-13-20-27-33+11", dice of 20 digits or more, drand
 * "round:signature", nist hex, other 1..400 visible characters. @return ERR_DRAW_BEACON */
enum err ceremony_beacon_check(struct cx *cx, struct str kind, struct str ref,
                               struct str value) MUST_USE;

/* Draws targets and inspectors, checks the prices, writes head.txt. Deterministic, so a run that
 * was cut off is simply done again. */
enum err ceremony_run(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                      struct str op_key, const struct ceremony_progress *pr) MUST_USE;

/* Publishes, or puts under the plan's embargo, or lifts the embargo on its date. */
enum err ceremony_publish(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                          struct str op_key) MUST_USE;
enum err ceremony_void(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                       struct str reason, struct str op_key) MUST_USE;

struct ceremony_replacement {
    struct str lot;       /* target: its lot; inspector: "" */
    struct str code;      /* the target (leaving, or whose inspector leaves) */
    struct str dept;      /* inspector: department */
    struct str inspector; /* inspector: staff number of who leaves */
    struct str reason;    /* 1..200 characters */
    struct str evidence;  /* 64 hex of a document, or "" */
};
/* The next unused reserve of the lot takes the place of a target that should not have been in the
 * frame. @param next  its code. @return ERR_NOT_FOUND, ERR_DRAW_EMPTY (no reserve left) */
enum err ceremony_replace_target(struct cx *cx, const struct desk *d, const struct actor *by,
                                 int64_t id, const struct ceremony_replacement *r,
                                 struct str op_key, struct str *next) MUST_USE;
/* The cheapest eligible inspector at the published prices takes over. @param next  staff number */
enum err ceremony_replace_inspector(struct cx *cx, const struct desk *d, const struct actor *by,
                                    int64_t id, const struct ceremony_replacement *r,
                                    struct str op_key, struct str *next) MUST_USE;

/* ---- preview --------------------------------------------------------------------------------- */

struct ceremony_expect {
    struct str lot, grade; /* grade "-": ungraded */
    int64_t entities;      /* in the lot's pool */
    int64_t certain;       /* of them mandatory, due or taken whole */
    int64_t sum_p31;       /* sum of inclusion probabilities in 2^-31: expected visits * 2^31 */
};
struct ceremony_preview {
    int64_t entities;             /* in any lot */
    struct ceremony_expect *rows; /* lot, then grade, ascending */
    size_t n_rows;
    int64_t sum_p31;   /* expected visits if every lot went alone */
    int64_t joint_p31; /* expected visits as tickets are shared: sum of the largest p */
    int64_t excluded[CEREMONY_EXCLUSION__COUNT];
    int64_t inspectors; /* in the roster, of the team lines' departments */
    int64_t places;     /* expected places to fill, in 2^-31 */
};
/* What freezing now would give, counted from the register by the same pass, nothing stored.
 * Expected visits = x / 2^31. @cost O(entities of the region) */
enum err ceremony_preview(struct cx *cx, const struct desk *d, const struct actor *by,
                          const struct ceremony_plan *p, struct ceremony_preview *out) MUST_USE;

/* ---- views ----------------------------------------------------------------------------------- */

/* A view is cut to what the actor may see. NULL or all zero = the public. Public never: grades and
 * sealed weights, values before they are revealed, lists under embargo, accounts' sign-in names. */

struct ceremony_party {
    struct str dept, shown; /* code and name */
    struct str commitment;  /* 64 hex; "" = not yet */
    bool revealed, skipped;
    bool kept;        /* its contribution lies in the data folder */
    struct str value; /* 64 hex; "" while secret to the asker */
    int64_t committed_at, revealed_at;
};
struct ceremony_beacon_view {
    struct str kind, ref, value; /* value "" = not yet */
    int64_t event_at, entered_at;
};
struct ceremony_lot_view {
    struct str name, item, item_name;
    enum ceremony_mode mode;
    int64_t n, reserve;           /* as planned */
    int64_t entities, sum_weight; /* N and W at the freeze; 0 before, and sealed to public */
    int64_t take_all, selected;   /* after the run */
};
/* A file of the bundle: lines (0 for .txt) and 64 hex, "" = not there yet. */
struct ceremony_file_hash {
    int64_t lines;
    struct str hex;
};
struct ceremony_view {
    int64_t id, version;
    struct str no, title, region, task; /* no: 430000-2026-0012 */
    enum ceremony_state state;
    enum digest_kind hash;
    bool demo, sealed, missing_skip;
    int32_t embargo_on;
    int64_t beacon_wait_s, cosigners, cosigned;
    int64_t planned_at, frozen_at, revealed_at, seeded_at, drawn_at, published_at, void_at;
    struct str void_reason;
    int64_t supersedes, superseded_by; /* ids; 0 = none */
    struct str supersedes_no, superseded_by_no, supersedes_reason;
    struct ceremony_party *parties;
    size_t n_parties;
    struct ceremony_beacon_view *beacons;
    size_t n_beacons;
    struct ceremony_lot_view *lots;
    size_t n_lots;
    struct ceremony_team *teams;
    size_t n_teams;
    struct ceremony_file_hash plan, rules, population, roster, recusal, exclusions, freeze, reveals,
        seed, lots_file, result, assign, prices, head;
    struct str seal;                   /* under embargo */
    int64_t targets, places, unfilled; /* after the run; hidden to the public under embargo */
    uint32_t files; /* mask of 1 << enum ceremony_file: what the actor may have once it is there */
    uint32_t may;   /* mask of 1 << enum ceremony_step the actor could take now */
};
enum err ceremony_show(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                       struct ceremony_view *out) MUST_USE;
/* The id of a number such as "430000-2026-0012" (or of the id's 13 characters). ERR_NOT_FOUND */
enum err ceremony_find(struct cx *cx, const struct desk *d, struct str no, int64_t *id) MUST_USE;

struct ceremony_row {
    int64_t id, planned_at, changed_at;
    struct str no, title, region;
    enum ceremony_state state;
    bool demo;
    int64_t entities, targets; /* 0 = not yet, or hidden */
};
struct ceremony_query {
    struct str region; /* prefix; "" = all */
    uint32_t states;   /* mask of 1 << state; 0 = all */
    int64_t before;    /* ids below this (newest first); 0 = from the newest */
    int64_t limit;     /* 1..200 */
};
enum err ceremony_list(struct cx *cx, const struct desk *d, const struct actor *by,
                       const struct ceremony_query *q, struct ceremony_row **out,
                       size_t *n) MUST_USE;

struct ceremony_event {
    int64_t seq, at;
    enum ceremony_step step;
    struct str by, dept; /* who, as shown to the asker (the public sees the department) */
    struct str text;     /* what, one line: "population 100000 lines", a reason ... */
    struct str hex;      /* what was hashed; "" = nothing */
    int64_t log_seq;     /* its entry in the evidence log; -1 = none */
};
enum err ceremony_events(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct ceremony_event **out, size_t *n) MUST_USE;

struct ceremony_result {
    struct str lot;
    int64_t rank;
    char status;           /* A take-all, S selected, R reserve */
    struct str code, name; /* name as the register knew it at the freeze */
    struct str region;
    int64_t p31;      /* 0 when sealed to the asker */
    struct str u, k;  /* decimal; "" when sealed to the asker */
    struct str state; /* "" | "replaced" | "replacement" */
};
struct ceremony_result_query {
    struct str lot; /* "" = all */
    struct str
        after_lot; /* rows behind (after_lot or lot, after_rank) in the order of result.tsv */
    int64_t after_rank;
    int64_t limit; /* 1..1000 */
};
/* Before the run there are none. @return ERR_FORBIDDEN while they are not for this asker */
enum err ceremony_results(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                          const struct ceremony_result_query *q, struct ceremony_result **out,
                          size_t *n) MUST_USE;

struct ceremony_place {
    struct str code, dept, qual; /* target, department, qualification or "-" */
    struct str inspector, shown; /* staff number ("~" unfilled); name, for officers only */
    struct str state;            /* "" | "replaced" | "replacement" */
};
/* Teams of the targets after code `after`, whole targets, about `limit` rows. */
enum err ceremony_places(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str after, int64_t limit, struct ceremony_place **out,
                         size_t *n) MUST_USE;

struct ceremony_excluded {
    struct str code, name;
    enum ceremony_exclusion reason;
    struct str detail; /* one line; "" */
};
struct ceremony_exclusion_query {
    enum ceremony_exclusion reason; /* CEREMONY_EXCLUSION__COUNT = all */
    struct str after;               /* codes behind this one */
    int64_t limit;                  /* 1..1000 */
};
/* Needs POWER_DRAW_READ. */
enum err ceremony_exclusions(struct cx *cx, const struct desk *d, const struct actor *by,
                             int64_t id, const struct ceremony_exclusion_query *q,
                             struct ceremony_excluded **out, size_t *n) MUST_USE;
enum err ceremony_exclusion_counts(struct cx *cx, const struct desk *d, int64_t id,
                                   int64_t counts[CEREMONY_EXCLUSION__COUNT]) MUST_USE;

/* One entity's own line, provable against freeze.txt and the head. */
enum ceremony_verdict {
    CEREMONY_ABSENT,   /* not in the pool: the proof shows its two neighbours */
    CEREMONY_IN_POOL,  /* in the pool; not drawn yet, or the lists are under embargo */
    CEREMONY_SELECTED, /* drawn in at least one lot */
    CEREMONY_RESERVE,  /* in the reserve of a lot, in none drawn */
    CEREMONY_NOT_DRAWN
};
struct ceremony_chance {
    struct str lot;
    int64_t w, p31;  /* weight in the line; inclusion probability (0 when sealed to the asker) */
    struct str u, k; /* ticket number and key, decimal; "" before the seed is public */
    char status;     /* A S R, or '-' */
    int64_t rank;    /* 0 when '-' */
};
struct ceremony_proof {
    enum ceremony_verdict verdict;
    struct str code;
    bool opened;      /* lines are shown; else only leaf digests (sealed) */
    int64_t at, size; /* index of the line (or where it would be) and lines in the tree */
    struct str line, before, after; /* without LF; "" when not opened or not used */
    struct digest leaf, leaf_before, leaf_after;
    struct merkle_path path, path_before, path_after;
    struct digest root;
    struct str ticket; /* 64 hex; "" before the seed is public */
    struct ceremony_chance *chances;
    size_t n_chances;
    struct str excluded; /* name of the reason when the entity was excluded, for officers */
};
/* @cost O(log N): some 2,000 rows read whatever the size of the pool */
enum err ceremony_check(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                        struct str code, struct ceremony_proof *out) MUST_USE;

/* ---- views as JSON, the same at the API and at the command line ------------------------------ */

/* An object of the list. */
void ceremony_row_json(struct json *j, const struct ceremony_row *r);
/* An object of the list. */
void ceremony_event_json(struct json *j, const struct ceremony_event *e);
/* Members of an object that is open. Sums of probabilities are text: a reader might lose digits. */
void ceremony_view_json(struct json *j, const struct ceremony_view *v);
void ceremony_preview_json(struct json *j, const struct ceremony_preview *p);

/* ---- files ----------------------------------------------------------------------------------- */

/* Files of the bundle, byte for byte as in the specification. X(symbol, file name) */
#define CEREMONY_FILE_TABLE(X)                                                                     \
    X(PLAN, "plan.txt")                                                                            \
    X(RULES, "rules.txt")                                                                          \
    X(POPULATION, "population.tsv")                                                                \
    X(LEAVES, "leaves.tsv")         /* sealed draws: id and leaf digest, for the public */         \
    X(EXCLUSIONS, "exclusions.tsv") /* officers only; its hash is in the log */                    \
    X(ROSTER, "roster.tsv")                                                                        \
    X(RECUSAL, "recusal.tsv")                                                                      \
    X(FREEZE, "freeze.txt")                                                                        \
    X(REVEALS, "reveals.txt")                                                                      \
    X(SEED, "seed.txt")                                                                            \
    X(LOTS, "lots.tsv")                                                                            \
    X(RESULT, "result.tsv")                                                                        \
    X(ASSIGN, "assign.tsv")                                                                        \
    X(PRICES, "prices.tsv")                                                                        \
    X(HEAD, "head.txt")                                                                            \
    X(EVENTS, "events.tsv")

enum ceremony_file {
#define X(symbol, name) CEREMONY_FILE_##symbol,
    CEREMONY_FILE_TABLE(X)
#undef X
        CEREMONY_FILE__COUNT
};
const char *ceremony_file_name(enum ceremony_file f);
enum ceremony_file ceremony_file_by_name(struct str name); /* CEREMONY_FILE__COUNT: none */

/* Where a file's bytes go, piece by piece. */
struct ceremony_sink {
    enum err (*put)(struct cx *cx, void *arg, struct str bytes);
    void *arg;
};
/* Streams one file. @return ERR_NOT_FOUND (not made yet), ERR_FORBIDDEN (not for this asker, or not
 * yet). @cost O(file), bounded memory */
enum err ceremony_file(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                       enum ceremony_file f, const struct ceremony_sink *to) MUST_USE;
/* Writes every file the actor may have into a folder (made if missing). */
enum err ceremony_export(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str dir) MUST_USE;

/* ---- the evidence log, for doors ------------------------------------------------------------- */

/* A key that signs notes, from a file of its own: its name and 64 hex of its seed, a line each.
 * Made there when it is missing (mode 0600, never overwritten), under `name` or, when that is
 * empty, under "sishi/" and 8 hex of its public half. A file that is there keeps its own name.
 * @return ERR_FILE, ERR_NOTE (no key, no plain file, or readable by others) */
enum err evidence_key(struct cx *cx, struct str file, struct str name, enum note_sig_type type,
                      struct note_signer *out) MUST_USE;
/* The log's key, from evidence.key in the data folder: made there at first use (mode 0600, never
 * overwritten; the first line is the log's name in notes). @return ERR_FILE, ERR_NOTE (no key, or
 * readable by others) */
enum err evidence_signer(struct cx *cx, const struct desk *d, struct note_signer *out) MUST_USE;
enum err evidence_vkey(struct cx *cx, const struct desk *d, struct str *vkey) MUST_USE;
enum err evidence_checkpoint(struct cx *cx, const struct desk *d, struct str *note) MUST_USE;
enum err evidence_entries(struct cx *cx, const struct desk *d, struct str draw_no, int64_t first,
                          int64_t n, struct ledger_entry **out, size_t *n_out) MUST_USE;
/* That entry `seq` stands in the log of `size` entries (0 = now). */
struct evidence_proof {
    struct ledger_entry entry;
    int64_t size;
    struct digest leaf, root;
    struct merkle_path path;
};
enum err evidence_inclusion(struct cx *cx, const struct desk *d, int64_t seq, int64_t size,
                            struct evidence_proof *out) MUST_USE;
enum err evidence_consistency(struct cx *cx, const struct desk *d, int64_t old_size, int64_t size,
                              struct merkle_path *out) MUST_USE;

#endif
