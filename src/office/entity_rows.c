/* A market entity as rows of entity, entity_key, entity_name and the name index. */
#include "office/entity_rows.h"

#include "office/entity_columns.h"
#include "office/office.h"
#include "q_register.h"

#include <stdlib.h>
#include <string.h>

/* ---- values -------------------------------------------------------------------------------- */

struct str text_or_null(struct str s)
{
    return s.n == 0 ? (struct str){ NULL, 0 } : s;
}

int64_t number_or_null(int64_t v)
{
    return v == 0 ? NULL_INT : v;
}

int64_t number_or_zero(int64_t v)
{
    return v == NULL_INT ? 0 : v;
}

struct market_entity entity_of_now(const struct q_entity_now *r)
{
    return (struct market_entity){ ENTITY_OF_COLUMNS(r) };
}

struct market_entity entity_of_past(const struct q_entity_past *r)
{
    return (struct market_entity){ ENTITY_OF_COLUMNS(r), .valid_to_on = (int32_t)r->valid_to_on,
                                   .superseded_at = r->superseded_at };
}

char entity_grade_letter(int64_t grade)
{
    return grade >= 1 && grade <= 4 ? (char)('A' + grade - 1) : 0;
}

bool entity_may_read(const struct cx *cx, const struct actor *by)
{
    struct cx quiet = { .mem = cx->mem, .now_ms = cx->now_ms };
    return access_allow(&quiet, by, POWER_REGISTER_READ, (struct scope){ 0 }) == ERR_OK;
}

void entity_cut_to_public(const struct cx *cx, const struct actor *by, struct market_entity *e)
{
    if (entity_may_read(cx, by)) {
        return;
    }
    e->representative = STR("");
    e->grade = 0;
    e->recorded_by = 0;
    e->reason = STR("");
}

/* ---- what is derived ----------------------------------------------------------------------- */

/* An address for comparing: half width, lower case, no blanks, one kind of dash. Its marks stay:
 * "1-12" and "112" are two houses. */
static enum err premises_fold(struct cx *cx, struct str premises, struct str *out)
{
    char *narrow = arena_alloc(cx->mem, premises.n + 1, 1);
    if (narrow == NULL) {
        return fail(cx, ERR_NO_MEMORY, "premises");
    }
    struct str s = { narrow, fold_width(premises, narrow) };
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        uint32_t c = utf8_next(s, &i);
        bool dash = (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
        if (c == ' ' || c == '\t' || c == 0xa0) {
            continue;
        }
        if (c < 0x80 || dash) {
            char low = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : (char)c;
            narrow[n++] = dash ? '-' : low;
            continue;
        }
        while (at < i) { /* never longer than what was read, so it may be moved down in place */
            narrow[n++] = narrow[at++];
        }
    }
    *out = (struct str){ narrow, n };
    return ERR_OK;
}

/* The first 63 bits of the folded address's digest: equal for equal addresses, and by chance for
 * one pair in some 10^18. */
static enum err premises_key(struct cx *cx, struct str premises, int64_t *out)
{
    struct str folded;
    uint64_t key = 0;
    if (premises.n == 0) {
        *out = NULL_INT;
        return ERR_OK;
    }
    TRY(premises_fold(cx, premises, &folded));
    struct digest d = digest_of(DIGEST_SHA256, folded);
    for (size_t i = 0; i < 8; i++) {
        key = key << 8 | d.b[i];
    }
    *out = key >> 1 == 0 ? 1 : (int64_t)(key >> 1);
    return ERR_OK;
}

enum err entity_keys_of(struct cx *cx, const struct market_entity *e, struct entity_keys *out)
{
    id_put(e->id, out->id);
    out->code = e->uscc.n > 0    ? e->uscc
                : e->regno.n > 0 ? e->regno
                                 : (struct str){ out->id, sizeof out->id };
    TRY(premises_key(cx, e->premises, &out->premises_key));
    return name_fold(cx, e->name, &out->name_key);
}

enum err name_grams(struct cx *cx, struct str name_key, struct str *out)
{
    struct buf b = buf_of(cx->mem, 3 * name_key.n + 1);
    size_t first = 0;
    size_t second = 0;
    (void)utf8_next(name_key, &second);
    if (second >= name_key.n) {
        *out = name_key;
        return ERR_OK;
    }
    while (second < name_key.n) {
        size_t end = second;
        (void)utf8_next(name_key, &end);
        if (b.n > 0) {
            buf_put_c(&b, ' ');
        }
        buf_put(&b, (struct str){ name_key.p + first, end - first });
        first = second;
        second = end;
    }
    return buf_done(cx, &b, out);
}

/* ---- reading a batch ----------------------------------------------------------------------- */

enum err entity_holders(struct cx *cx, struct tx *tx, const struct str *codes, size_t n,
                        struct code_holder **out, size_t *n_out)
{
    struct buf list = buf_of(cx->mem, 32 * n + 8);
    struct str text;
    struct q_entity_keys_of *rows = NULL;
    buf_put_c(&list, '[');
    for (size_t i = 0; i < n; i++) {
        buf_fmt(&list, "%s\"" STR_FMT "\"", i == 0 ? "" : ",", STR_ARG(codes[i]));
    }
    buf_put_c(&list, ']');
    TRY(buf_done(cx, &list, &text));
    TRY(q_entity_keys_of(cx, tx, text, &rows, n_out));
    struct code_holder *held = arena_alloc(cx->mem, *n_out + 1, sizeof *held);
    if (held == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu codes", *n_out);
    }
    for (size_t i = 0; i < *n_out; i++) {
        held[i] = (struct code_holder){ rows[i].code, rows[i].home, rows[i].current == 1 };
    }
    *out = held;
    return ERR_OK;
}

static int holder_order(const void *code, const void *holder)
{
    return str_cmp(*(const struct str *)code, ((const struct code_holder *)holder)->code);
}

const struct code_holder *entity_holder(const struct code_holder *held, size_t n, struct str code)
{
    return n == 0 ? NULL : bsearch(&code, held, n, sizeof *held, holder_order);
}

enum err entity_id_list(struct cx *cx, const int64_t *ids, size_t n, struct str *out)
{
    struct buf list = buf_of(cx->mem, 24 * n + 8);
    buf_put_c(&list, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            buf_put_c(&list, ',');
        }
        buf_put_int(&list, ids[i]);
    }
    buf_put_c(&list, ']');
    return buf_done(cx, &list, out);
}

enum err entity_load(struct cx *cx, struct tx *tx, const int64_t *ids, size_t n,
                     struct market_entity **out, size_t *n_out)
{
    struct str text;
    struct q_entity_now_of *rows = NULL;
    TRY(entity_id_list(cx, ids, n, &text));
    TRY(q_entity_now_of(cx, tx, text, &rows, n_out));
    struct market_entity *all = arena_alloc(cx->mem, *n_out + 1, sizeof *all);
    if (all == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu entities", *n_out);
    }
    for (size_t i = 0; i < *n_out; i++) {
        const struct q_entity_now_of *r = &rows[i];
        all[i] = (struct market_entity){ ENTITY_OF_COLUMNS(r) };
    }
    *out = all;
    return ERR_OK;
}

/* ---- writing a batch of new ones ----------------------------------------------------------- */

struct batch {
    struct entity_new *rows;
    struct entity_keys *keys;
    size_t n;
    const struct entity_stamp *s;
    const struct code_holder *held;
    size_t n_held;
};

static enum err batch_prepare(struct cx *cx, struct tx *tx, struct batch *b)
{
    b->keys = arena_alloc(cx->mem, b->n + 1, sizeof *b->keys);
    if (b->keys == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu entities", b->n);
    }
    for (size_t i = 0; i < b->n; i++) {
        struct market_entity *e = &b->rows[i].e;
        if (b->s->by != NULL) {
            TRY(access_allow(cx, b->s->by, POWER_REGISTER_WRITE,
                             (struct scope){ .region = e->region }));
        }
        if (e->id == 0) {
            TRY(tx_id(cx, tx, &e->id));
        }
        if (e->valid_from_on == 0) {
            e->valid_from_on = e->established_on != 0 ? e->established_on : date_of_ms(b->s->at_ms);
        }
        TRY(entity_keys_of(cx, e, &b->keys[i]));
    }
    return ERR_OK;
}

static enum err batch_entities(struct cx *cx, struct tx *tx, const struct batch *b)
{
    struct bulk *to = NULL;
    TRY(qb_entity_open(cx, tx, &to));
    for (size_t i = 0; i < b->n; i++) {
        const struct market_entity *e = &b->rows[i].e;
        const struct entity_keys *k = &b->keys[i];
        const struct qb_entity row = { .home = e->id,
                                       .name_key = k->name_key,
                                       ENTITY_COLUMNS(e, k),
                                       .version = 1,
                                       .valid_from_on = e->valid_from_on,
                                       .recorded_at = b->s->at_ms,
                                       .recorded_by = b->s->by == NULL ? 0 : b->s->by->account,
                                       .reason = text_or_null(b->s->reason) };
        TRY(qb_entity_row(cx, to, &row));
    }
    return bulk_close(cx, to);
}

/* A code that somebody had: 0 keys to insert when it moves here. */
static enum err code_moves(struct cx *cx, struct tx *tx, const struct batch *b, struct str code,
                           int64_t scheme, int64_t home)
{
    const struct code_holder *h = entity_holder(b->held, b->n_held, code);
    int64_t changed = 1;
    if (h == NULL) {
        return ERR_OK;
    }
    if (!h->current) {
        TRY(q_entity_key_set(cx, tx, code, scheme, home, 1, &changed));
    }
    return !h->current && changed == 1 ? ERR_OK : fail(cx, ERR_DUPLICATE, STR_FMT, STR_ARG(code));
}

/* The up to two keys of an entity: those of its codes, else its id. */
static size_t keys_of(const struct market_entity *e, const struct entity_keys *k,
                      struct qb_entity_key out[2])
{
    size_t n = 0;
    if (e->uscc.n > 0) {
        out[n++] = (struct qb_entity_key){ e->uscc, CODE_USCC, e->id, 1 };
    }
    if (e->regno.n > 0) {
        out[n++] = (struct qb_entity_key){ e->regno, CODE_REGNO, e->id, 1 };
    }
    if (n == 0) {
        out[n++] = (struct qb_entity_key){ k->code, CODE_NONE, e->id, 1 };
    }
    return n;
}

static enum err batch_moved_codes(struct cx *cx, struct tx *tx, const struct batch *b)
{
    for (size_t i = 0; b->n_held > 0 && i < b->n; i++) {
        struct qb_entity_key keys[2];
        size_t n = keys_of(&b->rows[i].e, &b->keys[i], keys);
        for (size_t k = 0; k < n; k++) {
            TRY(code_moves(cx, tx, b, keys[k].code, keys[k].scheme, keys[k].home));
        }
    }
    return ERR_OK;
}

static enum err batch_codes(struct cx *cx, struct tx *tx, const struct batch *b)
{
    struct bulk *to = NULL;
    TRY(batch_moved_codes(cx, tx, b));
    TRY(qb_entity_key_open(cx, tx, &to));
    for (size_t i = 0; i < b->n; i++) {
        struct qb_entity_key keys[2];
        size_t n = keys_of(&b->rows[i].e, &b->keys[i], keys);
        for (size_t k = 0; k < n; k++) {
            if (entity_holder(b->held, b->n_held, keys[k].code) == NULL) {
                TRY(qb_entity_key_row(cx, to, &keys[k]));
            }
        }
    }
    return bulk_close(cx, to);
}

static enum err batch_index(struct cx *cx, struct tx *tx, const struct batch *b)
{
    struct bulk *to = NULL;
    TRY(qb_name_gram_open(cx, tx, &to));
    for (size_t i = 0; i < b->n; i++) {
        struct qb_name_gram row = { .rowid = b->rows[i].e.id };
        struct arena_mark mark = arena_mark(cx->mem);
        TRY(name_grams(cx, b->keys[i].name_key, &row.gram));
        TRY(qb_name_gram_row(cx, to, &row));
        arena_reset(cx->mem, mark);
    }
    return bulk_close(cx, to);
}

static enum err batch_former(struct cx *cx, struct tx *tx, const struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct entity_name former = { .name = b->rows[i].former, .kind = NAME_FORMER };
        if (former.name.n > 0 && !str_eq(former.name, b->rows[i].e.name)) {
            TRY(entity_rows_name(cx, tx, b->rows[i].e.id, &former));
        }
    }
    return ERR_OK;
}

enum err entity_rows_add(struct cx *cx, struct tx *tx, const struct entity_stamp *s,
                         struct entity_new *rows, size_t n, const struct code_holder *held,
                         size_t n_held)
{
    struct arena_mark mark = arena_mark(cx->mem);
    struct batch b = { .rows = rows, .n = n, .s = s, .held = held, .n_held = n_held };
    TRY(batch_prepare(cx, tx, &b));
    TRY(batch_codes(cx, tx, &b)); /* first: it says which code is taken */
    TRY(batch_entities(cx, tx, &b));
    TRY(batch_index(cx, tx, &b));
    TRY(batch_former(cx, tx, &b));
    arena_reset(cx->mem, mark);
    return ERR_OK;
}

/* ---- names --------------------------------------------------------------------------------- */

enum err entity_rows_name(struct cx *cx, struct tx *tx, int64_t home,
                          const struct entity_name *name)
{
    struct arena_mark mark = arena_mark(cx->mem);
    struct q_entity_name_of there;
    struct bulk *to = NULL;
    bool found;
    struct qb_entity_name row = { .home = home,
                                  .name = name->name,
                                  .kind = (int64_t)name->kind,
                                  .from_on = number_or_null(name->from_on),
                                  .to_on = number_or_null(name->to_on) };
    struct qb_name_gram words;
    TRY(name_fold(cx, name->name, &row.name_key));
    TRY(q_entity_name_of(cx, tx, home, name->name, row.kind, &there, &found));
    if (!found) {
        TRY(tx_id(cx, tx, &row.id));
        words.rowid = -row.id;
        TRY(name_grams(cx, row.name_key, &words.gram));
        TRY(qb_entity_name_open(cx, tx, &to));
        TRY(qb_entity_name_row(cx, to, &row));
        TRY(bulk_close(cx, to));
        TRY(qb_name_gram_open(cx, tx, &to));
        TRY(qb_name_gram_row(cx, to, &words));
        TRY(bulk_close(cx, to));
    }
    arena_reset(cx->mem, mark);
    return ERR_OK;
}
