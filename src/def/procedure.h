/* Procedures: what definitions/procedures/ *.yaml say, checked and frozen. Part of def.h. An index
 * is a position in the procedure's own array of that kind; NONE (-1) where there is none. */
#ifndef SISHI_DEF_PROCEDURE_H
#define SISHI_DEF_PROCEDURE_H

#include "def/guard.h"

enum { PROCEDURE_NONE = -1, PROCEDURE_CLOCKS_MAX = 64, PROCEDURE_STATES_MAX = 200 };

/* The first member of everything that has a name. */
struct term {
    struct str key;
    struct str text[LANG__COUNT];
};

struct proc_actor {
    struct term term;
    bool outside;    /* a party, not of the authority */
    struct str role; /* name of ROLE_TABLE; empty for outside parties */
};

#define FIELD_TYPE_TABLE(X)                                                                        \
    X(TEXT, "text")                                                                                \
    X(NUMBER, "number")                                                                            \
    X(MONEY, "money_fen")                                                                          \
    X(DATE, "date")                                                                                \
    X(CHOICE, "choice")                                                                            \
    X(YES_NO, "yes_no")                                                                            \
    X(FILE, "file")                                                                                \
    X(ENTITY, "entity")                                                                            \
    X(PERSON, "person")
enum field_type {
#define X(symbol, name) FIELD_##symbol,
    FIELD_TYPE_TABLE(X)
#undef X
        FIELD_TYPE__COUNT
};
/* Who may read it: everybody once published; whoever handles the matter; whoever has the key. */
#define PRIVACY_TABLE(X)                                                                           \
    X(PUBLIC, "public")                                                                            \
    X(PRIVATE, "private")                                                                          \
    X(SEALED, "sealed")
enum privacy {
#define X(symbol, name) PRIVACY_##symbol,
    PRIVACY_TABLE(X)
#undef X
        PRIVACY__COUNT
};
struct proc_field {
    struct term term;
    enum field_type type;
    enum privacy privacy;
    bool required;
    bool bounded; /* lo..hi count: numbers, money in fen, characters of a text */
    int64_t lo, hi;
    struct str unit; /* numbers only */
    struct str help[LANG__COUNT];
    const struct term *choice;
    size_t n_choices;
};

struct proc_form {
    struct term term;
    struct str no; /* number of the official form; may be empty */
};

struct proc_state {
    struct term term;
    bool initial, terminal;
};

enum expiry { EXPIRY_FLAG, EXPIRY_EVENT, EXPIRY_ESCALATE };
struct proc_clock {
    struct str key;                    /* in this procedure: "C3" */
    struct str row_procedure, row_key; /* the row of definitions/deadlines.yaml */
    const struct deadline_def *row;    /* in force when the procedure begins to be */
    bool at_opening;                   /* it starts when the matter is opened */
    const int16_t *in;                 /* states in which it may run */
    size_t n_in;
    enum expiry expiry;
    struct str event; /* EXPIRY_EVENT: raised by the clock alone */
};

#define CLOCK_OP_TABLE(X)                                                                          \
    X(START, "start")                                                                              \
    X(STOP, "stop")                                                                                \
    X(SUSPEND, "suspend")                                                                          \
    X(RESUME, "resume")                                                                            \
    X(EXTEND, "extend")                                                                            \
    X(RESTART, "restart")
enum clock_op {
#define X(symbol, name) CLOCK_OP_##symbol,
    CLOCK_OP_TABLE(X)
#undef X
        CLOCK_OP__COUNT
};
struct proc_op {
    enum clock_op op;
    int16_t clock;
};

/* X(symbol, verb, what each argument is: F field, A actor, O outcome, P publication, D procedure,
 * W elsewhere|here, L link type, R register, N on|off, C account; '+' the last one again and again,
 * '?' what follows may be missing) */
#define EFFECT_TABLE(X)                                                                            \
    X(RECORD, "record", "F+")                                                                      \
    X(DECIDE, "decide", "O?F")                                                                     \
    X(NOTIFY, "notify", "A+")                                                                      \
    X(PUBLISH, "publish", "P?N")                                                                   \
    X(OPEN, "open", "D?W")                                                                         \
    X(LINK, "link", "L?F")                                                                         \
    X(LIST, "list", "RN")                                                                          \
    X(ASSIGN, "assign", "A+")                                                                      \
    X(MOVE, "move", "FCC")
enum effect_verb {
#define X(symbol, verb, arguments) EFFECT_##symbol,
    EFFECT_TABLE(X)
#undef X
        EFFECT__COUNT
};
struct proc_effect {
    enum effect_verb verb;
    const struct str *arg; /* as EFFECT_TABLE says */
    size_t n_args;
};
#define LINK_TABLE(X)                                                                              \
    X("opened_from")                                                                               \
    X("member_of")                                                                                 \
    X("duplicate_of")                                                                              \
    X("prior_warning")                                                                             \
    X("retest_of")                                                                                 \
    X("new_version_of")                                                                            \
    X("party")
#define ACCOUNT_TABLE(X)                                                                           \
    X("treasury")                                                                                  \
    X("warehouse")                                                                                 \
    X("laboratory")                                                                                \
    X("holder")                                                                                    \
    X("fund")                                                                                      \
    X("destroyed")

/* A step: an event that may happen in some states. */
struct proc_step {
    struct term term;    /* the event; one event may be several steps with different guards */
    const int16_t *from; /* states */
    size_t n_from;
    int16_t to;        /* state; NONE: it stays */
    const int16_t *by; /* actors; none: the timer alone */
    size_t n_by;
    int32_t officers;         /* so many act together, 1.. ; 0 for the timer and outside parties */
    const struct guard *when; /* NULL: always */
    const struct proc_op *op;
    size_t n_ops;
    int16_t form; /* NONE: no document */
    const struct proc_effect *effect;
    size_t n_effects;
    struct str source, note; /* note may be empty */
    bool verified;
    int32_t line; /* in the file */
};

/* A redacted derivative that may be shown to everybody. */
struct proc_publication {
    struct term term;
    const int16_t *field;
    size_t n_fields;
    int16_t consent; /* yes_no field that must be yes; private fields need one */
    int32_t months;  /* shown so long; 0 = until withdrawn */
};

/* One act over many matters at once: a step applied to every member or to none. */
struct proc_batch {
    struct term term;
    struct str event;
    int32_t most;     /* members in all */
    int16_t per;      /* choice field whose values are capped too; NONE */
    int32_t per_most; /* members with the same value */
};

enum running_rule { RUNNING_NEW_ONLY, RUNNING_STAY, RUNNING_MIGRATE };
struct state_map {
    struct str from; /* of the version before */
    int16_t to;
};

struct procedure {
    struct term term;
    int32_t version;
    struct str file;                    /* "procedures/complaint.yaml" */
    int32_t valid_from_on, valid_to_on; /* 0: since ever, still */
    struct str source;
    bool verified;
    enum running_rule running; /* what happens to matters of the version before: the version is for
                                  new matters only and they are closed by hand, they stay with
                                  theirs, or they go over along the map */
    const struct state_map *map;
    size_t n_map;
    const struct proc_actor *actor;
    size_t n_actors;
    const struct proc_field *field;
    size_t n_fields;
    const struct proc_form *form;
    size_t n_forms;
    const struct proc_state *state;
    size_t n_states;
    const struct proc_clock *clock;
    size_t n_clocks;
    const struct term *outcome; /* of `decide` */
    size_t n_outcomes;
    const struct term *mode;
    size_t n_modes;
    const struct proc_publication *publication;
    size_t n_publications;
    const struct proc_step *step;
    size_t n_steps;
    const struct proc_batch *batch;
    size_t n_batches;
    const struct str *member; /* procedures whose matters may be members of one of this */
    size_t n_members;
};

struct defs;
/* In force on a day; NULL: none. */
const struct procedure *defs_procedure(const struct defs *d, struct str key, int32_t on);
/* By key and version; version 0: the newest. */
const struct procedure *defs_procedure_version(const struct defs *d, struct str key,
                                               int32_t version);
size_t defs_procedures(const struct defs *d, const struct procedure *const **all);
/* Is it a procedure that a file defines, or one that has deadlines and waits for its file? */
bool defs_procedure_known(const struct defs *d, struct str key);

/**
 * Reads and checks one file against the other definitions, without adding it to them.
 *
 * @param file  its name, for failures
 * @param out   in cx->mem
 * @return ERR_DEFINITION "file:line:column: what", the first that is wrong
 */
enum err defs_procedure_read(struct cx *cx, const struct defs *d, const char *file, struct str text,
                             const struct procedure **out) MUST_USE;

/* A word of definitions/procedure_words.yaml, {1} {2} {3} as they stand; the key when unknown. */
struct str defs_procedure_word(const struct defs *d, const char *key, enum lang lang);

int procedure_actor(const struct procedure *p, struct str key); /* each: index or NONE */
int procedure_field(const struct procedure *p, struct str key);
int procedure_form(const struct procedure *p, struct str key);
int procedure_state(const struct procedure *p, struct str key);
int procedure_clock(const struct procedure *p, struct str key);
int procedure_outcome(const struct procedure *p, struct str key);
int procedure_mode(const struct procedure *p, struct str key);
int procedure_publication(const struct procedure *p, struct str key);
int procedure_batch(const struct procedure *p, struct str key);
int procedure_event(const struct procedure *p, struct str key); /* its first step */

const char *field_type_name(enum field_type t);
const char *privacy_name(enum privacy p);
const char *clock_op_name(enum clock_op op);
const char *effect_verb_name(enum effect_verb v);
const char *running_rule_name(enum running_rule r);

#endif
