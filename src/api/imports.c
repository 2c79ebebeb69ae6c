/* CSV into the register: upload and look, then start with a mapping; or both at once. */
#include "api/handlers.h"

#include <stdio.h>

enum { UPLOAD_HEX = 32, TITLE_MAX = 200 };

/* Between upload and start the file waits in the spool folder under its owner's name. */
static struct str upload_path(struct http_call *c, struct str hex)
{
    char owner[ID_CHARS];
    id_put(actor_of(c)->account, owner);
    return text_of(c->cx, STR_FMT "/spool/upload-%.*s-" STR_FMT, STR_ARG(desk_of(c)->data_dir),
                   (int)sizeof owner, owner, STR_ARG(hex));
}

/* The file that came: the body itself, or the part "file" of a form. */
static enum err uploaded(struct http_call *c, struct http_file *out)
{
    *out = (struct http_file){ .path = c->body_path };
    if (str_eq(c->body_type, STR("multipart/form-data"))) {
        return http_file(c, "file", out) ? ERR_OK : fail(c->cx, ERR_FIELD, "file: missing");
    }
    bool fine = str_eq(c->body_type, STR("text/csv")) ||
                str_eq(c->body_type, STR("application/octet-stream"));
    return fine ? ERR_OK
                : fail(c->cx, ERR_MEDIA_TYPE,
                       "text/csv, application/octet-stream or multipart/form-data");
}

static enum err upload_keep(struct http_call *c, struct str from, struct str *hex)
{
    uint8_t raw[UPLOAD_HEX / 2];
    char *text = arena_alloc(c->cx->mem, 1, UPLOAD_HEX);
    if (text == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "upload");
    }
    entropy(raw, sizeof raw);
    hex_put(raw, sizeof raw, text);
    *hex = (struct str){ text, UPLOAD_HEX };
    struct str source = str_dup(c->cx->mem, from);
    struct str to = upload_path(c, *hex);
    bool kept = source.p != NULL && to.n > 0 && rename(source.p, to.p) == 0;
    return kept ? ERR_OK : fail(c->cx, ERR_FILE, "upload");
}

/* ---- a first look ------------------------------------------------------------------------------
 */

static struct str field_of_column(const struct import_mapping *m, size_t column)
{
    for (int f = 0; f < IMPORT__COUNT; f++) {
        if (m->column[f] == (int)column) {
            return str_of(import_field_key((enum import_field)f));
        }
    }
    return STR("");
}

static void put_column(struct json *j, const struct import_preview *p, size_t column)
{
    json_object(j);
    json_key_int(j, "column", (int64_t)column);
    json_key_str(j, "header", p->header[column]);
    json_key_text(j, "field", field_of_column(&p->mapping, column));
    json_key(j, "sample");
    json_array(j);
    for (size_t row = 0; row < p->n_samples; row++) {
        json_str(j, p->sample[row][column]);
    }
    json_end_array(j);
    json_end_object(j);
}

static void put_preview(struct json *j, const struct import_preview *p)
{
    json_key_str(j, "charset", str_of(p->charset));
    json_key_str(j, "separator", (struct str){ &p->separator, 1 });
    json_key_str(j, "signature", p->signature);
    json_key_bool(j, "remembered", p->remembered);
    json_key(j, "columns");
    json_array(j);
    for (size_t k = 0; k < p->n_columns; k++) {
        put_column(j, p, k);
    }
    json_end_array(j);
}

enum err upload_csv(struct http_call *c)
{
    static const struct input_table none = { NULL, 0 };
    struct import_preview *p = arena_alloc(c->cx->mem, 1, sizeof *p);
    struct http_file file;
    struct str hex;
    uint64_t given = 0;
    struct document d;
    if (p == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "preview");
    }
    TRY(input_query(c, &none, &given));
    TRY(uploaded(c, &file));
    TRY(import_look(c->cx, desk_of(c), file.path, p));
    TRY(upload_keep(c, file.path, &hex));
    document_open(c, &d);
    json_key_str(&d.j, "upload", hex);
    put_preview(&d.j, p);
    return document_answer(c, 201, &d);
}

/* ---- starting -------------------------------------------------------------------------------- */

/* A column's number for each field; `given` says which fields came. */
struct mapping_input {
    uint64_t given;
    int64_t column[IMPORT__COUNT];
};
static const struct input_member mapping_members[] = {
#define X(symbol, key)                                                                             \
    { (key),    INPUT_INT,                                                                         \
      OPTIONAL, offsetof(struct mapping_input, column[IMPORT_##symbol]),                           \
      0,        IMPORT_COLUMNS_MAX - 1,                                                            \
      NULL,     NULL },
    IMPORT_FIELD_TABLE(X)
#undef X
};
static const struct input_table mapping_table = INPUT_TABLE(mapping_members);

struct import_input {
    uint64_t given;
    struct str upload, title, region;
    bool dry_run, remember;
    struct mapping_input mapping;
};
#define IMPORT_MEMBERS                                                                                \
    {                                                                                                 \
        "title", INPUT_TEXT, OPTIONAL, offsetof(struct import_input, title),                          \
        1,       TITLE_MAX,  NULL,     NULL                                                           \
    },                                                                                                \
        { "region", INPUT_TEXT, OPTIONAL, offsetof(struct import_input, region), 6, 12, NULL, NULL }, \
    {                                                                                                 \
        "dry_run", INPUT_BOOL, OPTIONAL, offsetof(struct import_input, dry_run), 0, 0, NULL, NULL     \
    }
static const struct input_member start_members[] = {
    { "upload", INPUT_TEXT, REQUIRED, offsetof(struct import_input, upload), UPLOAD_HEX, UPLOAD_HEX,
      NULL, NULL },
    IMPORT_MEMBERS,
    { "remember", INPUT_BOOL, OPTIONAL, offsetof(struct import_input, remember), 0, 0, NULL, NULL },
    { "mapping", INPUT_OBJECT, OPTIONAL, offsetof(struct import_input, mapping), 0, 0, NULL,
      &mapping_table },
};
static const struct input_table start_table = INPUT_TABLE(start_members);

static void mapping_of(const struct mapping_input *in, struct import_mapping *out)
{
    for (int f = 0; f < IMPORT__COUNT; f++) {
        out->column[f] = input_has(in->given, (unsigned)f) ? (int)in->column[f] : -1;
    }
}

static enum err start(struct http_call *c, const struct import_input *in, struct str path,
                      const struct import_mapping *mapping, struct str key)
{
    int64_t job;
    char id[ID_CHARS];
    struct document d;
    const struct import_options o = {
        .path = path,
        .title = in->title.n > 0 ? in->title : STR("upload.csv"),
        .mapping = mapping,
        .region = in->region,
        .dry_run = in->dry_run,
        .remember = in->remember,
    };
    TRY(import_start(c->cx, desk_of(c), actor_of(c), &o, key, &job));
    id_put(job, id);
    document_open(c, &d);
    json_key_id(&d.j, "job", job);
    TRY(http_add_header(c, "Location", text_of(c->cx, "/api/v1/jobs/%.*s", (int)sizeof id, id)));
    return document_answer(c, 202, &d);
}

enum err start_import(struct http_call *c)
{
    struct import_input in = { 0 };
    struct import_mapping mapping;
    uint8_t raw[UPLOAD_HEX / 2];
    struct str key;
    TRY(input_op_key(c, &key));
    TRY(input_body(c, &start_table, &in));
    if (!hex_get(in.upload, raw)) {
        return fail(c->cx, ERR_FIELD, "upload: 32 hex digits");
    }
    mapping_of(&in.mapping, &mapping);
    return start(c, &in, upload_path(c, in.upload), in.mapping.given != 0 ? &mapping : NULL, key);
}

enum err import_csv(struct http_call *c)
{
    static const struct input_member members[] = { IMPORT_MEMBERS };
    static const struct input_table table = INPUT_TABLE(members);
    struct import_input in = { 0 };
    struct http_file file;
    struct str key;
    TRY(input_op_key(c, &key));
    TRY(input_query(c, &table, &in));
    TRY(uploaded(c, &file));
    return start(c, &in, file.path, NULL, key);
}
