/* Guards: when a step of a procedure may be taken. A language without loops, names or memory: ten
 * families of tests, joined by and, or, not and parentheses.
 *
 *   guard := and { "or" and }          and := not { "and" not }
 *   not   := "not" not | "(" guard ")" | test
 *   test  :=                                                                    holds when
 *     FIELD =|!=|<|<=|>|>= VALUE      a field compared; one that is not given: never
 *     FIELD in (WORD, ...)            a choice that is one of these
 *     given FIELD                     the field is filled
 *     statement KIND [within N UNIT]  such a statement was made, in the last N days, months, years
 *     form FORM                       the form is attached
 *     officers CMP N                  so many officers act
 *     qualified WORD                  an officer who acts holds the qualification
 *     not_actor_of EVENT              no officer who acts took that step
 *     no_recusal                      nobody who acts has to step aside
 *     clock CLOCK idle|running|paused|met|expired
 *     children any|all|none PROCEDURE open|ended|STATE
 *     entry REGISTER                  the subject is in the register now
 *     duplicate (FIELD, ...)          another matter has the same values there
 *     quota BATCH                     the batch stays within its quota
 *     mode MODE                       the matter is handled in this mode
 *   VALUE := NUMBER [yuan|fen] | yes | no | WORD | DATE | today [+|- N day|month|year]
 *
 * Money is compared in fen; `yuan` is a hundred of them. */
#ifndef SISHI_DEF_GUARD_H
#define SISHI_DEF_GUARD_H

#include "base/base.h"

enum guard_kind {
    GUARD_AND,
    GUARD_OR,
    GUARD_NOT,
    GUARD_COMPARE,
    GUARD_IN,
    GUARD_GIVEN,
    GUARD_STATEMENT,
    GUARD_FORM,
    GUARD_OFFICERS,
    GUARD_QUALIFIED,
    GUARD_NOT_ACTOR,
    GUARD_NO_RECUSAL,
    GUARD_CLOCK,
    GUARD_CHILDREN,
    GUARD_ENTRY,
    GUARD_DUPLICATE,
    GUARD_QUOTA,
    GUARD_MODE,
};

#define GUARD_CMP_TABLE(X)                                                                         \
    X(EQ, "=")                                                                                     \
    X(NE, "!=")                                                                                    \
    X(LT, "<")                                                                                     \
    X(LE, "<=")                                                                                    \
    X(GT, ">")                                                                                     \
    X(GE, ">=")
enum guard_cmp {
#define X(symbol, text) GUARD_##symbol,
    GUARD_CMP_TABLE(X)
#undef X
        GUARD_CMP__COUNT
};

#define GUARD_UNIT_TABLE(X)                                                                        \
    X(DAY, "day")                                                                                  \
    X(MONTH, "month")                                                                              \
    X(YEAR, "year")
enum guard_unit {
#define X(symbol, text) GUARD_UNIT_##symbol,
    GUARD_UNIT_TABLE(X)
#undef X
        GUARD_UNIT__COUNT
};

#define CLOCK_IS_TABLE(X)                                                                          \
    X(IDLE, "idle")                                                                                \
    X(RUNNING, "running")                                                                          \
    X(PAUSED, "paused")                                                                            \
    X(MET, "met")                                                                                  \
    X(EXPIRED, "expired")
enum clock_is {
#define X(symbol, text) CLOCK_IS_##symbol,
    CLOCK_IS_TABLE(X)
#undef X
        CLOCK_IS__COUNT
};

/* What an act may state. */
#define STATEMENT_TABLE(X)                                                                         \
    X("finding")                                                                                   \
    X("evidence")                                                                                  \
    X("opinion")                                                                                   \
    X("score")                                                                                     \
    X("decision")                                                                                  \
    X("warning")                                                                                   \
    X("notice")
/* Registers that have entries. */
#define REGISTER_TABLE(X)                                                                          \
    X("licence")                                                                                   \
    X("certificate")                                                                               \
    X("abnormal_operations")                                                                       \
    X("serious_violation")                                                                         \
    X("award")                                                                                     \
    X("chief_quality_officer")                                                                     \
    X("inspector_pool")                                                                            \
    X("qualification")                                                                             \
    X("trace_admission")

enum guard_value_kind {
    GUARD_VALUE_NUMBER, /* number; money: fen */
    GUARD_VALUE_WORD,   /* word; also yes and no */
    GUARD_VALUE_DATE,   /* number: yyyymmdd */
    GUARD_VALUE_TODAY,  /* number units after today, before it when negative */
};

/* A place in a guard's text, bytes from its start. */
struct guard_word {
    struct str text;
    int32_t at;
};

/* A node. Which parts count follows from the kind, in the order of the grammar. */
struct guard {
    enum guard_kind kind;
    const struct guard *left, *right; /* AND, OR; NOT has left alone */
    int32_t at;                       /* of the node's own first word */
    struct guard_word word;           /* field, kind, form, qualification, event, clock, procedure,
                                         register, batch, mode */
    struct guard_word state;          /* CHILDREN: open, ended or a state; CLOCK: its state */
    struct guard_word quantity;       /* CHILDREN: any, all, none */
    const struct guard_word *list;    /* IN: choices; DUPLICATE: fields */
    size_t n_list;
    enum guard_cmp cmp;
    enum guard_value_kind value;
    struct guard_word value_word; /* the value's own place; its text for words */
    int64_t number;               /* of the value; OFFICERS; STATEMENT: within, 0 = ever */
    enum guard_unit unit;         /* TODAY, STATEMENT */
    bool money;                   /* the number was written as yuan or fen, and is fen */
};

/* Where a guard is wrong. */
struct guard_error {
    int32_t at;     /* byte of the text */
    char what[160]; /* in words */
};

enum { GUARD_BYTES_MAX = 4000, GUARD_DEPTH_MAX = 40 };

/**
 * Reads a guard; names in it are not looked up yet.
 *
 * @param mem  keeps the tree; its words are views into `text`
 * @return NULL: *error says where and why (memory that is out too)
 * @cost linear
 */
const struct guard *guard_parse(struct arena *mem, struct str text, struct guard_error *error);
/* The guard as text, with no parenthesis that says nothing: parsed again it is the same tree. */
void guard_print(const struct guard *g, struct buf *out);
bool guard_equal(const struct guard *a, const struct guard *b); /* places are not compared */

struct procedure;
struct defs;
/* Are the names those of the procedure, and the values of the fields' types?
 * @param defs  for procedures of children and qualifications
 * @return false: *error says where and why */
bool guard_check(const struct guard *g, const struct procedure *p, const struct defs *defs,
                 struct guard_error *error);

/* A field's value in a matter. */
struct fact_value {
    bool given;
    int64_t number;  /* number, fen, yyyymmdd */
    struct str word; /* choice; yes and no */
};
/* What a guard may ask about a matter, a function a family. All of them answer from what was read
 * before: a guard is decided without a database. */
struct facts {
    void *data; /* first argument of each */
    int32_t today_on;
    struct fact_value (*field)(void *data, struct str field);
    bool (*statement)(void *data, struct str kind, int32_t since_on); /* since_on 0: ever */
    bool (*form)(void *data, struct str form);
    int64_t (*officers)(void *data);
    bool (*qualified)(void *data, struct str qualification);
    bool (*acted)(void *data, struct str event); /* one of those who act now took it */
    bool (*recusal)(void *data);                 /* one of those who act has to step aside */
    enum clock_is (*clock)(void *data, struct str clock);
    /* matters of the procedure that were opened from this one; `state` empty: all of them */
    int64_t (*children)(void *data, struct str procedure, struct str state);
    bool (*entry)(void *data, struct str reg);
    bool (*duplicate)(void *data, const struct guard_word *field, size_t n);
    bool (*quota)(void *data, struct str batch);
    bool (*mode)(void *data, struct str mode);
};
/* Decides. NULL: it holds. Otherwise the test that refuses it, for a person to read: of `and` the
 * first that does not hold, of `or` the first, of `not` the whole. Pure. */
const struct guard *guard_refuses(const struct guard *g, const struct facts *f);

const char *guard_cmp_text(enum guard_cmp c);
const char *guard_unit_text(enum guard_unit u);
const char *clock_is_text(enum clock_is s);

#endif
