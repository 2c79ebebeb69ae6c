/* sishi show items, sishi export items: the published list of inspection items. */
#include "cli/commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_BYTES = 1 << 16, FILE_BYTES = 1 << 26 };

/* One row of the list while its cells are made. */
struct row {
    const struct defs *defs;
    enum lang lang;
    const struct item *item;
    size_t number; /* from 1 */
};

static void put_word(const struct row *r, const char *key, struct buf *out)
{
    buf_put(out, defs_item_word(r->defs, key, r->lang));
}

static void cell_number(const struct row *r, struct buf *out)
{
    buf_put_int(out, (int64_t)r->number);
}

static void cell_category(const struct row *r, struct buf *out)
{
    buf_put(out, r->item->category);
}

static void cell_name(const struct row *r, struct buf *out)
{
    bool en = r->lang == LANG_EN && r->item->name_en.n > 0;
    buf_put(out, en ? r->item->name_en : r->item->name);
}

static void cell_objects(const struct row *r, struct buf *out)
{
    buf_put(out, r->item->objects);
}

static void cell_kind(const struct row *r, struct buf *out)
{
    put_word(r, r->item->kind == ITEM_KEY ? "key" : "general", out);
}

static void cell_methods(const struct row *r, struct buf *out)
{
    for (struct str rest = r->item->methods; rest.n > 0;) {
        struct str key = str_cut(&rest, ',');
        buf_put(out, defs_method_label(r->defs, key, r->lang));
        if (rest.n > 0) {
            put_word(r, "and", out);
        }
    }
}

static void cell_subject(const struct row *r, struct buf *out)
{
    buf_put(out, defs_field_label(r->defs, r->item->field, r->lang));
    put_word(r, "open", out);
    for (struct str rest = r->item->levels; rest.n > 0;) {
        char level[] = "level_0";
        level[6] = str_cut(&rest, ',').p[0];
        put_word(r, level, out);
        if (rest.n > 0) {
            put_word(r, "and", out);
        }
    }
    put_word(r, "close", out);
}

static void cell_basis(const struct row *r, struct buf *out)
{
    for (struct str rest = r->item->basis; rest.n > 0;) {
        struct str line = str_cut(&rest, '\n');
        put_word(r, "law_open", out);
        buf_put(out, str_cut(&line, '\t'));
        put_word(r, "law_close", out);
        buf_put(out, str_cut(&line, '\t'));
        if (rest.n > 0) {
            put_word(r, "also", out);
        }
    }
}

static const struct {
    const char *key; /* of definitions/items.yaml columns */
    void (*put)(const struct row *r, struct buf *out);
} cells[] = {
    { "number", cell_number },   { "category", cell_category }, { "name", cell_name },
    { "objects", cell_objects }, { "kind", cell_kind },         { "methods", cell_methods },
    { "subject", cell_subject }, { "basis", cell_basis },
};

static enum err put_cell(struct cx *cx, const struct row *r, struct str key, struct buf *out)
{
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        if (str_eq(key, str_of(cells[i].key))) {
            cells[i].put(r, out);
            return ERR_OK;
        }
    }
    return fail(cx, ERR_DEFINITION, "items.yaml: no column " STR_FMT, STR_ARG(key));
}

static void end_cell(size_t i, size_t n, struct buf *out)
{
    buf_put(out, i + 1 < n ? STR(",") : STR("\r\n"));
}

static void csv_header(const struct row *r, struct buf *out)
{
    size_t n = defs_item_columns(r->defs);
    struct str key;
    for (size_t i = 0; i < n; i++) {
        csv_put(out, defs_item_column(r->defs, i, r->lang, &key), ',');
        end_cell(i, n, out);
    }
}

static enum err csv_row(struct cx *cx, const struct row *r, struct buf *cell, struct buf *out)
{
    size_t n = defs_item_columns(r->defs);
    for (size_t i = 0; i < n; i++) {
        struct str key;
        (void)defs_item_column(r->defs, i, r->lang, &key);
        buf_clear(cell);
        TRY(put_cell(cx, r, key, cell));
        csv_put(out, buf_str(cell), ',');
        end_cell(i, n, out);
    }
    return ERR_OK;
}

/* ---- commands -------------------------------------------------------------------------------- */

static const struct cli_option items_options[] = {
    { "on", CLI_TEXT, "DAY", "the list as it was in force on that day; otherwise today" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err read_items(struct cli *c, struct row *r, struct item **all, size_t *n)
{
    const struct desk *d = NULL;
    const char *text = cli_text(c, "on");
    int32_t on = 0;
    if (text != NULL) {
        TRY(date_parse(c->cx, str_of(text), &on));
    }
    TRY(cli_desk(c, &d));
    *r = (struct row){ .defs = d->defs, .lang = c->cx->lang };
    return item_list(c->cx, d, on, all, n);
}

static void item_json(struct json *j, const struct item *i)
{
    json_object(j);
    json_key_str(j, "code", i->code);
    json_key_int(j, "version", i->version);
    json_key_str(j, "category", i->category);
    json_key_str(j, "name", i->name);
    json_key_str(j, "name_en", i->name_en);
    json_key_str(j, "objects", i->objects);
    json_key_str(j, "kind", i->kind == ITEM_KEY ? STR("key") : STR("general"));
    json_key_str(j, "methods", i->methods);
    json_key_str(j, "field", i->field);
    json_key_str(j, "levels", i->levels);
    json_key_str(j, "quals", i->quals);
    json_key_str(j, "industries", i->industries);
    json_key_int(j, "ratio_floor_ppm", i->ratio_floor_ppm);
    json_key_int(j, "ratio_cap_ppm", i->ratio_cap_ppm);
    json_key_int(j, "yearly_cap", i->yearly_cap);
    json_key(j, "valid_from_on");
    json_date(j, i->valid_from_on);
    json_key(j, "valid_to_on");
    json_date(j, i->valid_to_on);
    json_end_object(j);
}

static enum err run_show_items(struct cli *c)
{
    struct row r;
    struct item *all = NULL;
    size_t n = 0;
    struct buf b = buf_of(c->cx->mem, FILE_BYTES);
    struct json j = json_to(&b);
    TRY(read_items(c, &r, &all, &n));
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        r.item = &all[i];
        if (c->json) {
            item_json(&j, r.item);
            continue;
        }
        (void)fprintf(c->out, "%-8.*s ", STR_ARG(r.item->code));
        buf_clear(&b);
        cell_name(&r, &b);
        buf_put_z(&b, "  ");
        cell_subject(&r, &b);
        (void)fprintf(c->out, STR_FMT "\n", STR_ARG(buf_str(&b)));
    }
    if (!c->json) {
        return ERR_OK;
    }
    json_end_array(&j);
    return cli_print_json(c, &b);
}

const struct cli_command cmd_show_items = {
    .name = "show items",
    .brief = "lists the inspection items in force",
    .words = "",
    .options = items_options,
    .about = "Lists the inspection items: code, name, who inspects at which levels. With --on the "
             "list as it was on another day.",
    .examples = "sishi show items --on 2026-06-01",
    .run = run_show_items,
};

static enum err run_export_items(struct cli *c)
{
    struct row r;
    struct item *all = NULL;
    size_t n = 0;
    struct str text;
    struct buf b = buf_of(c->cx->mem, FILE_BYTES);
    struct buf cell = buf_of(c->cx->mem, CELL_BYTES);
    TRY(read_items(c, &r, &all, &n));
    buf_put_z(&b, "\xef\xbb\xbf");
    csv_header(&r, &b);
    for (size_t i = 0; i < n; i++) {
        r.item = &all[i];
        r.number = i + 1;
        TRY(csv_row(c->cx, &r, &cell, &b));
    }
    TRY(buf_done(c->cx, &b, &text));
    return fwrite(text.p, 1, text.n, c->out) == text.n
               ? ERR_OK
               : fail(c->cx, ERR_FILE, "standard output: %s", strerror(errno));
}

const struct cli_command cmd_export_items = {
    .name = "export items",
    .brief = "writes the list of inspection items as a CSV file",
    .words = "",
    .options = items_options,
    .about = "Writes the list in the columns in which it is published: number, category, item, "
             "objects, kind, methods, inspecting body, basis in law. UTF-8 with byte order mark, "
             "lines that end in CR LF, header and set words in the chosen language.",
    .examples = "sishi export items --lang zh > items.csv",
    .run = run_export_items,
};
