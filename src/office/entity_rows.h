/* Private to office/: the one place where a market entity becomes rows, and rows an entity.
 *
 * Whoever writes entities - the register's commands, the import, the demo province - writes them by
 * these functions, so that every entity was checked, has its codes in entity_key, its names in the
 * name index and its past in entity_past. They run inside the caller's write transaction, ask for
 * nothing that the caller knows already and leave cx->mem as they found it, so that one transaction
 * may hold any number of batches in flat memory. An import's loop is
 *
 *   for each row of the batch:   entity_check          (before the transaction; pure)
 *   inside store_write:          entity_holders        (one query: which codes are known)
 *                                entity_load           (one query: those entities as they are)
 *                                entity_rows_add       (the new ones)
 *                                entity_rows_change    (each that differs: entity_differs)
 *
 * and a generator whose codes are new by construction calls entity_rows_add alone. */
#ifndef SISHI_OFFICE_ENTITY_ROWS_H
#define SISHI_OFFICE_ENTITY_ROWS_H

#include "def/def.h"
#include "office/register.h"
#include "store/store.h"

/* ---- checking and deriving (no database) --------------------------------------------------- */

/* Most characters of a text; other limits are in entity_check. */
enum { ENTITY_NAME_MAX = 200, ENTITY_PREMISES_MAX = 300, ENTITY_PERSON_MAX = 100 };

/**
 * Is this an entity that may be written? Brings its fields into their stored form: blanks at the
 * ends of texts gone, codes folded, the industry with its section letter. The fields that
 * register_add ignores are not looked at.
 *
 * @param today_on  no date may be later
 * @return ERR_FIELD, its detail "field: what"; ERR_USCC_* or ERR_REGNO as code_explain says it
 * @cost about a microsecond; memory of cx only for a code that was not folded
 */
enum err entity_check(struct cx *cx, const struct defs *defs, int32_t today_on,
                      struct market_entity *e) MUST_USE;

/* A text of min..max characters without control characters, its ends trimmed. ERR_FIELD. */
enum err entity_check_text(struct cx *cx, const char *field, size_t min, size_t max,
                           struct str *text) MUST_USE;

/* The fields in which two entities differ, of those that a change may set. */
unsigned entity_differs(const struct market_entity *a, const struct market_entity *b);
/* Takes the fields of the mask over. */
void entity_take(struct market_entity *e, const struct market_entity *from, unsigned fields);

/* What is stored of an entity besides its fields. */
struct entity_keys {
    struct str code;      /* what it goes by; points into the entity or `id` */
    char id[ID_CHARS];    /* the code of one that has none, from entity.id */
    struct str name_key;  /* name_fold */
    int64_t premises_key; /* NULL_INT without an address */
};
/* Texts are in cx->mem; `out` may not be moved afterwards. */
enum err entity_keys_of(struct cx *cx, const struct market_entity *e,
                        struct entity_keys *out) MUST_USE;

/* The words of a folded name in the index: each pair of neighbouring characters, a space between;
 * the character itself when there is but one. In cx->mem. */
enum err name_grams(struct cx *cx, struct str name_key, struct str *out) MUST_USE;

/* ---- reading a batch ----------------------------------------------------------------------- */

/* Whose code it is. Not current: its last holder goes by another one now, and it may move. */
struct code_holder {
    struct str code;
    int64_t home;
    bool current;
};
/**
 * Who holds these folded codes; those nobody ever had are not in the answer.
 *
 * @param out  ascending by code, in cx->mem
 * @cost one statement
 */
enum err entity_holders(struct cx *cx, struct tx *tx, const struct str *codes, size_t n,
                        struct code_holder **out, size_t *n_out) MUST_USE;
/* NULL: nobody. */
const struct code_holder *entity_holder(const struct code_holder *held, size_t n, struct str code);

/* "[1,2,3]": how a list goes into a statement. In cx->mem. */
enum err entity_id_list(struct cx *cx, const int64_t *ids, size_t n, struct str *out) MUST_USE;
/* The current versions of these entities, ascending by id, each once; without grades. One
 * statement; in cx->mem. */
enum err entity_load(struct cx *cx, struct tx *tx, const int64_t *ids, size_t n,
                     struct market_entity **out, size_t *n_out) MUST_USE;

/* ---- writing ------------------------------------------------------------------------------- */

/* Who writes, when, why: on every version that is written. */
struct entity_stamp {
    const struct actor *by; /* needs POWER_REGISTER_WRITE where the entity is; NULL: the program
                               itself, which is asked nothing */
    int64_t at_ms;
    struct str reason; /* may be empty */
};

struct entity_new {
    struct market_entity e; /* checked. e.id 0: a fresh one is made and put here */
    struct str former;      /* a former name to be found by, already trimmed; may be empty */
};
/**
 * Enters a batch of new entities: some hundreds to some thousands at a time.
 *
 * @param rows    no code twice among them
 * @param held    what entity_holders said of all their codes; a code that is not current moves to
 *                its new holder. n_held 0: the codes are new
 * @return ERR_DUPLICATE (names a code that is taken; with a code not in `held` the database
 *         says so), ERR_SIGNED_OUT, ERR_FORBIDDEN
 * @cost four bulks (COPY on PostgreSQL), no SELECT
 */
enum err entity_rows_add(struct cx *cx, struct tx *tx, const struct entity_stamp *s,
                         struct entity_new *rows, size_t n, const struct code_holder *held,
                         size_t n_held) MUST_USE;

/**
 * Records a change or correction of one entity: register_change inside a transaction. The fields
 * of c->to named in c->fields need not be checked before; each version that is written is.
 *
 * @return as register_change; ERR_SIGNED_OUT, ERR_FORBIDDEN: the actor may not write in the region
 *         where the entity is or where it goes to
 * @cost about ten statements
 */
enum err entity_rows_change(struct cx *cx, struct tx *tx, const struct defs *defs,
                            const struct entity_stamp *s, const struct entity_change *c) MUST_USE;

/* Enters a former name or an alias with its words in the index; does nothing when the entity has
 * it already. from_on, to_on: 0 = not known. */
enum err entity_rows_name(struct cx *cx, struct tx *tx, int64_t home,
                          const struct entity_name *name) MUST_USE;

/* ---- deciding a change (pure) -------------------------------------------------------------- */

/* What is believed of one entity. */
struct believed {
    struct market_entity *version; /* by valid_from_on, without gaps; the last is open */
    int64_t *row;                  /* of entity_past; 0 for the open one, which is in entity */
    size_t n;
    struct str name_key; /* of the open one, as it is stored */
};
/* What a change makes of it. */
struct rewritten {
    bool *superseded;              /* for each believed version */
    struct market_entity *version; /* the new ones, by valid_from_on; text borrowed */
    bool *changed;                 /* has the change's fields; else the rest of an older version */
    size_t n;
};
/**
 * Cuts every believed version that [from_on, to_on) touches: the part inside gets the fields of the
 * change, the parts outside stay as they were. A period that begins before the first version
 * extends it back: its other fields are taken to have held from then on.
 *
 * @return ERR_DATE: the period is empty, to come, or over before the first version begins
 */
enum err entity_rewrite(struct cx *cx, const struct believed *was, const struct entity_change *c,
                        int32_t today_on, struct rewritten *out) MUST_USE;

/* ---- shared by the files of the register --------------------------------------------------- */

/* The believed versions of an entity, oldest validity first; the last one is open. In cx->mem.
 * ERR_NOT_FOUND. */
enum err entity_believed(struct cx *cx, struct tx *tx, int64_t id, struct believed *out) MUST_USE;

struct q_entity_now;
struct q_entity_past;
/* Of a row, whose text it borrows. The grade is not in it. */
struct market_entity entity_of_now(const struct q_entity_now *r);
struct market_entity entity_of_past(const struct q_entity_past *r);

char entity_grade_letter(int64_t grade); /* 1..4: 'A'..'D'; NULL_INT: 0 */

/* Is it one of the staff, who may see what is personal or internal? */
bool entity_may_read(const struct cx *cx, const struct actor *by);
/* What is personal or internal stays with the staff. */
void entity_cut_to_public(const struct cx *cx, const struct actor *by, struct market_entity *e);

struct str text_or_null(struct str s); /* empty: NULL */
int64_t number_or_null(int64_t v);     /* 0: NULL */
int64_t number_or_zero(int64_t v);     /* NULL: 0 */

#endif
