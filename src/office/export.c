/* The register as CSV. */
#include "office/import_parts.h"

#include "office/office.h"

#include <string.h>

enum { WRITE_AT_ONCE = 1 << 16, ROW_MAX = 1 << 15 };

static const enum import_field columns_out[] = {
    IMPORT_USCC,    IMPORT_REGNO,     IMPORT_NAME,           IMPORT_CLASS,  IMPORT_STATUS,
    IMPORT_REGION,  IMPORT_INDUSTRY,  IMPORT_ESTABLISHED,    IMPORT_CLOSED, IMPORT_PREMISES,
    IMPORT_CAPITAL, IMPORT_AUTHORITY, IMPORT_REPRESENTATIVE, /* staff only */
};
enum { PUBLIC_COLUMNS = COUNT_OF(columns_out) - 1 };

struct exporting {
    const struct desk *d;
    const struct entity_filter *f;
    struct str name_key; /* the filter's name, folded */
    size_t n_columns;
    enum err (*write)(struct cx *cx, struct str bytes, void *arg);
    void *arg;
    struct buf out;
    int64_t rows;
};

/* A spreadsheet runs what begins so; an apostrophe tells it that this is text. */
static void put_cell(struct buf *b, struct str text)
{
    if (text.n > 0 && text.p[0] != '\0' && strchr("=+-@\t\r", text.p[0]) != NULL) {
        char room[4 * IMPORT_FIELD_BYTES_MAX];
        size_t n = text.n < sizeof room - 1 ? text.n : sizeof room - 1;
        room[0] = '\'';
        memcpy(room + 1, text.p, n);
        csv_put(b, (struct str){ room, n + 1 }, ',');
        return;
    }
    csv_put(b, text, ',');
}

static void put_date(struct buf *b, int32_t on)
{
    char text[DATE_CHARS];
    if (on != 0) {
        date_put(on, text);
        buf_put(b, (struct str){ text, sizeof text });
    }
}

/* In yuan, with fen where there are any. */
static void put_capital(struct buf *b, int64_t fen)
{
    if (fen >= 0) {
        buf_put_int(b, fen / 100);
    }
    if (fen > 0 && fen % 100 != 0) {
        buf_fmt(b, ".%02d", (int)(fen % 100));
    }
}

static void put_field(struct cx *cx, const struct exporting *w, struct buf *b,
                      const struct market_entity *e, enum import_field f)
{
    const struct str *const texts[IMPORT__COUNT] = {
        [IMPORT_USCC] = &e->uscc,           [IMPORT_REGNO] = &e->regno,
        [IMPORT_NAME] = &e->name,           [IMPORT_REGION] = &e->region,
        [IMPORT_AUTHORITY] = &e->authority, [IMPORT_INDUSTRY] = &e->industry,
        [IMPORT_PREMISES] = &e->premises,   [IMPORT_REPRESENTATIVE] = &e->representative,
    };
    const struct entity_class *k = NULL;
    if (texts[f] != NULL) {
        put_cell(b, *texts[f]);
    } else if (f == IMPORT_CLASS) {
        k = defs_class(w->d->defs, e->cls);
        put_cell(b, k == NULL ? STR("") : k->label.text[cx->lang]);
    } else if (f == IMPORT_STATUS) {
        put_cell(b, defs_status_label(w->d->defs, (int)e->status, cx->lang));
    } else if (f == IMPORT_ESTABLISHED) {
        put_date(b, e->established_on);
    } else if (f == IMPORT_CLOSED) {
        put_date(b, e->closed_on);
    } else if (f == IMPORT_CAPITAL) {
        put_capital(b, e->capital_fen);
    }
}

static void put_header(struct cx *cx, struct exporting *w)
{
    buf_put_z(&w->out, "\xef\xbb\xbf");
    for (size_t i = 0; i < w->n_columns; i++) {
        buf_put_z(&w->out, i > 0 ? "," : "");
        csv_put(&w->out, defs_column_label(w->d->defs, import_field_key(columns_out[i]), cx->lang),
                ',');
    }
    buf_put_z(&w->out, "\r\n");
}

static enum err flush(struct cx *cx, struct exporting *w)
{
    struct str bytes;
    TRY(buf_done(cx, &w->out, &bytes));
    TRY(bytes.n == 0 ? ERR_OK : w->write(cx, bytes, w->arg));
    buf_clear(&w->out);
    return ERR_OK;
}

static enum err named_so(struct cx *cx, const struct exporting *w, struct str name, bool *out)
{
    struct str key;
    *out = true;
    if (w->f->name.n == 0) {
        return ERR_OK;
    }
    TRY(name_fold(cx, name, &key));
    *out = memmem(key.p, key.n, w->name_key.p, w->name_key.n) != NULL;
    return ERR_OK;
}

static enum err export_row(struct cx *cx, const struct market_entity *e, void *arg)
{
    struct exporting *w = arg;
    struct arena_mark mark = arena_mark(cx->mem);
    bool wanted;
    TRY(named_so(cx, w, e->name, &wanted));
    arena_reset(cx->mem, mark);
    if (!wanted) {
        return ERR_OK;
    }
    for (size_t i = 0; i < w->n_columns; i++) {
        buf_put_z(&w->out, i > 0 ? "," : "");
        put_field(cx, w, &w->out, e, columns_out[i]);
    }
    buf_put_z(&w->out, "\r\n");
    w->rows++;
    return w->out.n < WRITE_AT_ONCE ? ERR_OK : flush(cx, w);
}

static enum err export_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct exporting *w = arg;
    put_header(cx, w);
    TRY(register_each(cx, tx, w->f, export_row, w));
    return flush(cx, w);
}

enum err export_csv(struct cx *cx, const struct desk *d, const struct actor *by,
                    const struct entity_filter *f, enum export_view v,
                    enum err (*write)(struct cx *cx, struct str bytes, void *arg), void *arg,
                    int64_t *rows)
{
    enum { ROOM = WRITE_AT_ONCE + ROW_MAX };
    struct exporting w = { .d = d, .f = f, .write = write, .arg = arg };
    if (v == EXPORT_STAFF || f->grades != 0) {
        TRY(access_allow(cx, by, POWER_REGISTER_READ, (struct scope){ 0 }));
    }
    if (f->name.n > 0) {
        TRY(name_fold(cx, f->name, &w.name_key));
    }
    w.n_columns = v == EXPORT_STAFF ? COUNT_OF(columns_out) : PUBLIC_COLUMNS;
    w.out = (struct buf){ .p = arena_alloc(cx->mem, ROOM, 1), .room = ROOM, .limit = ROOM };
    if (w.out.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "export");
    }
    TRY(store_read(cx, d->store, export_work, &w));
    *rows = w.rows;
    return ERR_OK;
}
