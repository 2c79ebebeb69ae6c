/* store: the only room that knows a database exists. SQLite or PostgreSQL behind one face.
 *
 * Statements are named in the files of sql/query/ and made into typed functions by tools/sqlgen.py:
 *
 *   -- name: entity_by_id (home int, id int) :one (code text?, name text, status int)
 *   SELECT code, name, status FROM entity WHERE home = $1 AND id = $2;
 *
 * gives  struct q_entity_by_id { struct str code; struct str name; int64_t status; };
 *        enum err q_entity_by_id(struct cx *, struct tx *, int64_t home, int64_t id,
 *                                struct q_entity_by_id *out);          ERR_NOT_FOUND without a row
 * Kinds: ":one" as above; ":maybe" adds `bool *found` instead of failing; ":many" gives
 * (struct q_x **out, size_t *n), all in cx->mem; ":each" streams:
 * (enum err (*row)(struct cx *, const struct q_x *, void *), void *arg), where a row's text lives
 * until the callback returns; ":exec" gives (int64_t *changed).
 * Braces in place of the first parentheses, "(..)" as "{..}", gather the parameters in a struct:
 * enum err q_entity_add(struct cx *, struct tx *, const struct qa_entity_add *a, int64_t *changed).
 * Types: int -> int64_t, text -> struct str, blob -> struct str. A '?' behind the type says the
 * column or parameter may be NULL: text and blob with p == NULL; int as INT64_MIN (NULL_INT).
 * A statement ends with ';' and a blank line. A line "-- sqlite: ..." is read by SQLite alone, one
 * "-- postgres: ..." by PostgreSQL alone.
 *
 *   -- bulk: entity (home int, id int, code text?, name text)
 *
 * gives  struct qb_entity { int64_t home; int64_t id; struct str code; struct str name; };
 *        qb_entity_open(cx, tx, &bulk), qb_entity_row(cx, bulk, &row); bulk_close(cx, bulk).
 * The header of sql/query/register.sql is "q_register.h". */
#ifndef SISHI_STORE_H
#define SISHI_STORE_H

#include "base/base.h"

#define NULL_INT INT64_MIN

struct store;
struct tx; /* an open transaction, valid inside the work it was given to */

struct store_options {
    int readers;      /* connections for reading at once; 0 = 4 */
    int busy_ms;      /* how long a writer waits for another process; 0 = 5000 */
    bool must_exist;  /* refuse to make a new SQLite file */
    bool trust_clock; /* open though the wall clock is over 30 days past the store's own */
    /* Clocks in ms, for tests; NULL = CLOCK_REALTIME and CLOCK_MONOTONIC. */
    int64_t (*wall_ms)(void *clock);
    int64_t (*steady_ms)(void *clock);
    void *clock;
};

/**
 * Opens a database. Makes no table: see store_migrate.
 *
 * @param url  "sqlite:PATH", "sqlite::memory:" (a file of its own that goes with the store) or
 * "postgres:CONNINFO" (libpq key=value words), a postgresql:// or a postgres:// URI
 * @return ERR_OK, ERR_STORE (what the engine said), ERR_CLOCK (the wall clock is over 30 days
 *         past the store's own), ERR_NO_MEMORY
 */
enum err store_open(struct cx *cx, const char *url, const struct store_options *o,
                    struct store **out) MUST_USE;
void store_close(struct store *st); /* accepts NULL; waits for writes under way */
void store_closep(struct store **st);

/* Brings the schema to the newest version, each migration in one transaction; does nothing when it
 * is there. Refuses a database that is newer than this program. */
enum err store_migrate(struct cx *cx, struct store *st) MUST_USE;

/* "sqlite" or "postgres" and the engine's version, for people and logs. */
const char *store_engine(const struct store *st);

/* A fresh record id: 41 bits ms since 2020, 8 bits node, 14 bits sequence; ascending, unique, and
 * so across restarts and clock steps. No transaction may be open on this thread. @cost ~100 ns */
enum err store_id(struct cx *cx, struct store *st, int64_t *out) MUST_USE;

/* Work on one snapshot; it may not write. May be called from any thread. */
enum err store_read(struct cx *cx, struct store *st,
                    enum err (*work)(struct cx *cx, struct tx *tx, void *arg), void *arg) MUST_USE;

/* A write that may be repeated: with the same key it happens once, and the repeat gets the first
 * one's answer without `work` being called. An empty key means no such protection (start-up,
 * tests). */
struct op {
    struct str key;    /* at most 64 bytes; the caller's namespace included */
    struct str answer; /* out: what tx_answer was given, the first time or now */
    bool replayed;     /* out */
};

/**
 * Runs `work` in one write transaction and returns after it is durable. If `work` fails nothing of
 * it remains, and its failure is returned. `work` may be run again from the start (a serialisation
 * failure, a lost connection), so it must set its outputs, not add to them. A statement that failed
 * fails the whole write, as PostgreSQL has it: no other may follow it. On SQLite it runs on the
 * writer's thread, while the caller waits; several writes share one COMMIT.
 *
 * @return the failure of `work`; ERR_DUPLICATE for a unique key taken; ERR_STORE_FULL;
 *         ERR_STORE_UNKNOWN when the commit's answer was lost: repeat with the same key
 */
enum err store_write(struct cx *cx, struct store *st, struct op *op,
                     enum err (*work)(struct cx *cx, struct tx *tx, void *arg), void *arg) MUST_USE;

/* Kept with the operation's key; at most 4000 bytes of text. */
enum err tx_answer(struct cx *cx, struct tx *tx, struct str answer) MUST_USE;

/* store_id for work inside a transaction. */
enum err tx_id(struct cx *cx, struct tx *tx, int64_t *out) MUST_USE;

/* Forgets the answers of operations done before an instant. */
enum err store_forget_ops(struct cx *cx, struct store *st, int64_t before_ms) MUST_USE;

/* Reads under way end with a failure as soon as the engine can; for a server that stops. */
void store_interrupt(struct store *st);

/* Tests only: the n-th statement from now on fails, COMMIT included (1 = the next). 0 = none. */
void store_fail_nth(int64_t n);

/* ---- for the functions that sqlgen makes -------------------------------------------------- */

enum val_type { VAL_NULL, VAL_INT, VAL_TEXT, VAL_BLOB };
struct val {
    enum val_type type;
    int64_t i;    /* NULL_INT when NULL */
    struct str s; /* p == NULL when NULL */
};
struct val val_int(int64_t i);
struct val val_int_or_null(int64_t i); /* NULL_INT makes NULL */
struct val val_text(struct str s);     /* p == NULL makes NULL */
struct val val_blob(struct str s);
/* The text of a row; a copy in cx->mem when it is to be kept. */
enum err val_keep(struct cx *cx, const struct val *v, bool keep, struct str *out) MUST_USE;

struct stmt {
    const char *name;
    const char *sql;          /* SQLite's: ?1, ?2, ...; macros already expanded, see sqlgen */
    const char *sql_postgres; /* PostgreSQL's: $1, $2, ... */
    const char *args;         /* one letter a parameter: i t b, upper case when it may be NULL */
    const char *cols;         /* the same for the columns */
    int n_args, n_cols;
    bool writes;
    bool stream; /* rows come by portions, not all at once */
};

/* Runs a statement. `row` is called for each row; its values live until it returns.
 * @param changed  rows written; may be NULL */
enum err tx_run(struct cx *cx, struct tx *tx, const struct stmt *q, const struct val *args,
                enum err (*row)(struct cx *cx, const struct val *v, void *arg), void *arg,
                int64_t *changed) MUST_USE;

/* Rows gathered in cx->mem: what :one, :maybe and :many stand on. */
struct rows {
    void *at; /* n structs */
    size_t n, room;
    size_t size; /* of one struct */
    size_t most; /* one row more is a failure */
    enum err (*get)(struct cx *cx, const struct val *v, void *at, bool keep);
};
enum err rows_add(struct cx *cx, const struct val *v, void *rows) MUST_USE; /* a tx_run callback */
enum err rows_one(struct cx *cx, const struct rows *r, const char *name,
                  void *out) MUST_USE;            /* ERR_NOT_FOUND without a row */
bool rows_maybe(const struct rows *r, void *out); /* was there a row? */

struct bulk;
struct bulk_table {
    const char *table;
    struct stmt insert; /* one row on SQLite; COPY .. FROM STDIN on PostgreSQL */
    struct stmt shape;  /* the same columns and no row: PostgreSQL says how wide they are */
};
/* Many rows into one table: COPY on PostgreSQL, one prepared statement on SQLite. Until bulk_close
 * no other statement may run in the transaction. Foreign keys are checked at the end. */
enum err bulk_open(struct cx *cx, struct tx *tx, const struct bulk_table *t,
                   struct bulk **out) MUST_USE;
enum err bulk_row(struct cx *cx, struct bulk *b, const struct val *v) MUST_USE;
enum err bulk_close(struct cx *cx, struct bulk *b) MUST_USE; /* ends the COPY; b is gone */

/* Every table of the schema in the order of its making, to move a whole database. */
struct table {
    const char *name;
    const char *columns;    /* "home, id, code" */
    struct stmt all;        /* every row in the order of the key */
    struct stmt clear;      /* no row is left */
    struct bulk_table bulk; /* every column */
};
const struct table *store_tables(size_t *n);

#endif
