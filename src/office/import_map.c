/* Which column of a file feeds which field. */
#include "office/import_parts.h"

#include "office/office.h"
#include "q_import.h"

#include <string.h>

static const char *const field_keys[] = {
#define X(symbol, key) key,
    IMPORT_FIELD_TABLE(X)
#undef X
};

const char *import_field_key(enum import_field f)
{
    return (size_t)f < COUNT_OF(field_keys) ? field_keys[f] : "?";
}

int import_field_by_key(struct str key)
{
    for (size_t i = 0; i < COUNT_OF(field_keys); i++) {
        if (str_eq(key, str_of(field_keys[i]))) {
            return (int)i;
        }
    }
    return -1;
}

static void map_nothing(struct import_mapping *m)
{
    for (size_t i = 0; i < IMPORT__COUNT; i++) {
        m->column[i] = -1;
    }
}

enum err import_signature(struct cx *cx, const struct import_file *f, struct str *out)
{
    struct hasher h;
    struct str folded;
    char *text = arena_alloc(cx->mem, IMPORT_SIGNATURE, 1);
    if (text == NULL) {
        return fail(cx, ERR_NO_MEMORY, "signature");
    }
    hasher_init(&h, DIGEST_SHA256);
    for (size_t i = 0; i < f->n_columns; i++) {
        TRY(defs_column_fold(cx, cx->mem, f->header[i], &folded));
        hasher_feed(&h, folded.p, folded.n);
        hasher_feed(&h, "\n", 1);
    }
    struct digest d = hasher_end(&h);
    hex_put(d.b, IMPORT_SIGNATURE / 2, text);
    *out = (struct str){ text, IMPORT_SIGNATURE };
    return ERR_OK;
}

enum err import_guess(struct cx *cx, const struct defs *defs, const struct import_file *f,
                      struct import_mapping *out)
{
    map_nothing(out);
    for (size_t i = 0; i < f->n_columns; i++) {
        struct str folded;
        TRY(defs_column_fold(cx, cx->mem, f->header[i], &folded));
        int field = import_field_by_key(defs_column_field(defs, folded));
        if (field >= 0 && out->column[field] < 0) {
            out->column[field] = (int)i;
        }
    }
    return ERR_OK;
}

enum err import_mapping_text(struct cx *cx, const struct import_mapping *m, struct str *out)
{
    struct buf b = buf_of(cx->mem, 1024);
    for (size_t i = 0; i < IMPORT__COUNT; i++) {
        if (m->column[i] >= 0) {
            buf_fmt(&b, "%s%s=%d", b.n > 0 ? "," : "", field_keys[i], m->column[i]);
        }
    }
    return buf_done(cx, &b, out);
}

void import_mapping_of(struct str text, size_t n_columns, struct import_mapping *out)
{
    map_nothing(out);
    while (text.n > 0) {
        struct str column = str_cut(&text, ',');
        int field = import_field_by_key(str_cut(&column, '='));
        struct cx quiet = { .now_ms = 0 };
        int64_t at;
        bool good = field >= 0 && n_columns > 0 &&
                    str_int(&quiet, column, 0, (int64_t)n_columns - 1, &at) == ERR_OK;
        if (good) {
            out->column[field] = (int)at;
        }
    }
}

struct recalling {
    struct str signature;
    struct q_import_mapping row;
    bool found;
};

static enum err recall_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct recalling *w = arg;
    return q_import_mapping(cx, tx, w->signature, &w->row, &w->found);
}

enum err import_recall(struct cx *cx, const struct desk *d, struct str signature, size_t n_columns,
                       struct import_mapping *out, bool *found)
{
    struct recalling w = { .signature = signature };
    TRY(store_read(cx, d->store, recall_work, &w));
    if (w.found) {
        import_mapping_of(w.row.mapping, n_columns, out);
    }
    *found = w.found;
    return ERR_OK;
}

struct remembering {
    struct str signature, mapping;
    int64_t by;
};

static enum err remember_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct remembering *w = arg;
    int64_t changed;
    return q_import_mapping_put(cx, tx, w->signature, w->mapping, cx->now_ms, w->by, &changed);
}

enum err import_remember(struct cx *cx, const struct desk *d, const struct actor *by,
                         struct str signature, const struct import_mapping *m)
{
    struct remembering w = { .signature = signature, .by = by == NULL ? 0 : by->account };
    TRY(import_mapping_text(cx, m, &w.mapping));
    return store_write(cx, d->store, NULL, remember_work, &w);
}

enum err import_mapping_check(struct cx *cx, const struct import_mapping *m, size_t n_columns)
{
    for (size_t i = 0; i < IMPORT__COUNT; i++) {
        if (m->column[i] >= (int)n_columns) {
            return fail(cx, ERR_FIELD, "%s: no column %d", field_keys[i], m->column[i] + 1);
        }
    }
    if (m->column[IMPORT_USCC] < 0 && m->column[IMPORT_REGNO] < 0) {
        return fail(cx, ERR_FIELD, "uscc, regno: no column feeds a code");
    }
    return ERR_OK;
}

static enum err take_samples(struct cx *cx, const struct import_file *f, struct import_preview *out)
{
    enum { PIECE = 1 << 16 };
    char *text = arena_alloc(cx->mem, PIECE, 1);
    char *scratch = arena_alloc(cx->mem, PIECE, 1);
    struct csv_record *r = arena_alloc(cx->mem, 1, sizeof *r);
    CLEANUP(charset_close) struct charset_turn turn = { 0 };
    size_t got;
    if (text == NULL || scratch == NULL || r == NULL) {
        return fail(cx, ERR_NO_MEMORY, "samples");
    }
    TRY(import_file_read(cx, f, f->rows_at, text, PIECE, &got));
    TRY(charset_open(cx, f->charset, &turn));
    bool last = got < PIECE;
    for (size_t at = 0; at < got && out->n_samples < COUNT_OF(out->sample); at += r->bytes) {
        if (!csv_next((struct str){ text + at, got - at }, f->separator, last, &scratch, r)) {
            break;
        }
        if (r->fault != ERR_OK || r->n != f->n_columns) {
            continue;
        }
        struct str *to = out->sample[out->n_samples++];
        for (size_t i = 0; i < r->n; i++) {
            if (charset_read(cx, &turn, r->field[i], &to[i]) != ERR_OK) {
                fault_clear(cx);
                to[i] = STR("?");
            }
        }
    }
    return ERR_OK;
}

enum err import_look(struct cx *cx, const struct desk *d, struct str path,
                     struct import_preview *out)
{
    CLEANUP(import_file_close) struct import_file f = IMPORT_FILE_INIT;
    TRY(import_file_open(cx, path, &f));
    *out = (struct import_preview){ .charset = charset_name(f.charset),
                                    .bom = f.bom,
                                    .separator = f.separator,
                                    .n_columns = f.n_columns };
    memcpy(out->header, f.header, sizeof out->header);
    TRY(import_signature(cx, &f, &out->signature));
    TRY(import_recall(cx, d, out->signature, f.n_columns, &out->mapping, &out->remembered));
    if (!out->remembered) {
        TRY(import_guess(cx, d->defs, &f, &out->mapping));
    }
    return take_samples(cx, &f, out);
}
