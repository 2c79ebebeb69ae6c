/* A draw as the office's own files load, record and read it. Private to office/.
 *
 * Where things lie. draw_text holds the short files by name ("plan.json" is the struct
 * ceremony_plan as ceremony_plan_put writes it and ceremony_plan_parse reads it). draw_block holds
 * the long ones: POPULATION, EXCLUSIONS, ROSTER, RECUSAL under draw.frame_run; LOTS, RESULT,
 * ASSIGN, PRICES under draw.result_run. LEAVES is not stored: it is the population's ids with the
 * leaf digests of its lines. EVENTS is the column `line` of draw_change.
 * exclusions.tsv: `code TAB reason TAB detail`, ascending by code, detail "-" when there is none.
 */
#ifndef SISHI_OFFICE_CEREMONY_H
#define SISHI_OFFICE_CEREMONY_H

#include "office/draw.h"

#include "q_draw.h"
#include "q_draw_pool.h"

enum {
    CEREMONY_BLOCK = 1024, /* lines of a block: a perfect subtree of level 10 */
    CEREMONY_LEVEL = 10,
    CEREMONY_TEXT_MAX = 1 << 20, /* bytes of a short file */
    CEREMONY_HEX = 64,
};

/* ---- the draw, loaded ------------------------------------------------------------------------ */

struct ceremony {
    struct q_draw_get row;
    struct ceremony_plan asked; /* plan.json */
    struct plan plan;           /* plan.txt, with its digest */
    struct q_draw_parties *parties;
    size_t n_parties; /* in plan order, that is by code */
    struct q_draw_beacons *beacons;
    size_t n_beacons;
};
/* Everything in cx->mem. ERR_NOT_FOUND */
enum err ceremony_load(struct cx *cx, struct tx *tx, int64_t id, struct ceremony *out) MUST_USE;
/* What ceremony_decide looks at, for this actor. */
enum err ceremony_facts_of(struct cx *cx, struct tx *tx, const struct ceremony *c,
                           const struct actor *who, struct ceremony_facts *out) MUST_USE;
/* What a step by `dept` ("" = none) brings to ceremony_decide. */
struct ceremony_input ceremony_input_of(struct cx *cx, const struct ceremony *c,
                                        enum ceremony_step step, struct str dept);
/* The party's place in c->parties, or c->n_parties. */
size_t ceremony_party_find(const struct ceremony *c, struct str dept);

/* ---- the plan as JSON ------------------------------------------------------------------------ */

/* Members are named as those of struct ceremony_plan and its parts, lists without their n_;
 * an empty list and an empty text may be missing. "hash": "sha256", "mode": "rate", dates are
 * "2026-12-01" or null, "supersedes" is the id's 13 characters or null, "classes" is the mask as a
 * number; booleans are booleans, other numbers whole numbers. */
void ceremony_plan_put(struct json *j, const struct ceremony_plan *p);

/* The lots, ascending by name, and team lines of plan.txt that a plan asks for: a team has the
 * qualifications of its line and those that the lot's item needs. ERR_NOT_FOUND (item) */
enum err ceremony_plan_lots(struct cx *cx, struct tx *tx, const struct ceremony_plan *p,
                            struct plan *out) MUST_USE;

/* ---- commands -------------------------------------------------------------------------------- */

/* One command in one write transaction: loads the draw, asks ceremony_decide, then `record`, which
 * changes rows by compare-and-set (ceremony_moved) and says so (ceremony_note). */
struct ceremony_command {
    const struct desk *desk;
    const struct actor *by;
    int64_t id;
    struct str op_key;
    struct ceremony_input in; /* the dept_* members are filled in here */
    int64_t ver;              /* the version the work was done for; 0 = whatever is there */
    enum err (*record)(struct cx *cx, struct tx *tx, const struct ceremony *c,
                       const struct ceremony_command *cmd);
    void *arg;         /* for record */
    struct str answer; /* out: what tx_answer was given, now or the first time */
    bool replayed;     /* out: done before with this key */
};
enum err ceremony_take(struct cx *cx, struct ceremony_command *cmd) MUST_USE;
/* One row must have been changed. ERR_MOVED_MEANWHILE naming the draw */
enum err ceremony_moved(struct cx *cx, const struct ceremony *c, int64_t changed) MUST_USE;

/* For commands whose work is too long for one transaction: looks at the draw on a snapshot and
 * refuses what the record would refuse, before anything is done. The record then takes the step
 * only if the draw has not moved: cmd->ver is set. */
struct ceremony_work {
    struct ceremony c;
    bool done; /* the operation key was used before: answer as then */
};
enum err ceremony_prepare(struct cx *cx, struct ceremony_command *cmd,
                          struct ceremony_work *out) MUST_USE;
/* The answer of work that failed with `code`: who won meanwhile has swept away what the loser
 * wrote, so that any failure of a draw that has moved is ERR_MOVED_MEANWHILE. */
enum err ceremony_failed(struct cx *cx, const struct ceremony_command *cmd,
                         const struct ceremony_work *w, enum err code) MUST_USE;

/* An event row, and with `digest` an entry of the evidence log of `kind`. */
struct ceremony_said {
    struct str what;             /* one line */
    const struct digest *digest; /* NULL: nothing is logged */
    enum ledger_kind kind;
};
/* @param log_seq  may be NULL */
enum err ceremony_note(struct cx *cx, struct tx *tx, const struct ceremony *c,
                       const struct ceremony_command *cmd, const struct ceremony_said *said,
                       int64_t *log_seq) MUST_USE;

/* Every beacon value is in (or none is asked for): writes seed.txt, moves to `seeded`, logs the
 * seed when nothing is under embargo. */
enum err ceremony_seeded(struct cx *cx, struct tx *tx, struct ceremony *c,
                         const struct ceremony_command *cmd) MUST_USE;
/* Ends the draw with the command's reason. */
enum err ceremony_end(struct cx *cx, struct tx *tx, struct ceremony *c,
                      const struct ceremony_command *cmd) MUST_USE;

/* ---- files ----------------------------------------------------------------------------------- */

/* A short file and its digest in hex; .p NULL when it is not made yet. */
enum err ceremony_text(struct cx *cx, struct tx *tx, int64_t id, const char *name, struct str *body,
                       struct str *hex) MUST_USE;
/* As ceremony_text, as a source for core; ERR_NOT_FOUND when it is not made yet. */
enum err ceremony_text_source(struct cx *cx, struct tx *tx, int64_t id, const char *name,
                              struct draw_source *out) MUST_USE;
enum err ceremony_text_add(struct cx *cx, struct tx *tx, const struct ceremony *c, const char *name,
                           struct str body, struct digest *digest) MUST_USE;

/* What was frozen and revealed so far, read back and checked from the stored files. */
enum err ceremony_freeze_of(struct cx *cx, struct tx *tx, const struct ceremony *c,
                            struct freeze *out) MUST_USE;

/* The stored blocks of a file as a source for core, inside a transaction. Memory: one block. */
struct ceremony_blocks {
    struct tx *tx;
    int64_t home, run;
    enum ceremony_file file;
    int64_t next;
    char *room; /* of the block last given */
    size_t n, size;
};
struct draw_source ceremony_blocks_source(struct tx *tx, const struct ceremony *c,
                                          enum ceremony_file file, struct ceremony_blocks *state);
/* The run under which a file is stored: frame_run or result_run; NULL_INT when not yet. */
int64_t ceremony_run_of(const struct ceremony *c, enum ceremony_file file);

#endif
