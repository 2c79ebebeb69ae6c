/* Inspectors of the departments, and their interests in market entities. */
#include "api/handlers.h"

static const char *const kind_words[] = {
    "", [INSPECTOR_OFFICER] = "officer", [INSPECTOR_QUALIFIED] = "qualified",
    [INSPECTOR_EXPERT] = "expert", NULL
};
static const char *const status_words[] = {
    "", [INSPECTOR_PENDING] = "pending", [INSPECTOR_VALID] = "valid",
    [INSPECTOR_INVALID] = "invalid", NULL
};

static void put_inspector_entry(struct json *j, const struct inspector_entry *i)
{
    json_key_id(j, "id", i->id);
    json_key_str(j, "staff_no", i->staff_no);
    json_key_text(j, "name", i->name);
    json_key_str(j, "dept", i->dept);
    json_key_str(j, "kind", str_of(kind_words[i->kind]));
    json_key_parts(j, "regions", i->regions, ',');
    json_key_parts(j, "quals", i->quals, ',');
    json_key_text(j, "cert_no", i->cert_no);
    json_key_date(j, "cert_valid_to_on", i->cert_valid_to_on);
    json_key_int(j, "cap", i->cap);
    json_key_int(j, "load", i->load);
    json_key_str(j, "status", str_of(status_words[i->status]));
}

struct inspectors_input {
    uint64_t given;
    struct str dept, cursor;
    int64_t limit;
};

enum err get_inspectors(struct http_call *c)
{
    static const struct input_member members[] = {
        { "dept", INPUT_TEXT, OPTIONAL, offsetof(struct inspectors_input, dept), 1, 32, NULL,
          NULL },
        PAGE_MEMBERS(struct inspectors_input),
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct inspectors_input in = { .limit = PAGE_LIMIT };
    struct inspector_entry *all = NULL;
    size_t n = 0;
    struct document d;
    TRY(input_query(c, &table, &in));
    TRY(inspector_entry_list(c->cx, desk_of(c), actor_of(c), in.dept, in.cursor, (int)in.limit,
                             &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        put_inspector_entry(&d.j, &all[k]);
        json_end_object(&d.j);
    }
    return list_answer(c, &d, n == (size_t)in.limit ? all[n - 1].staff_no : STR(""));
}

enum err get_inspector(struct http_call *c)
{
    struct inspector_entry i;
    struct document d;
    TRY(input_none(c));
    TRY(inspector_entry_get(c->cx, desk_of(c), actor_of(c), c->seg[0], &i));
    document_open(c, &d);
    put_inspector_entry(&d.j, &i);
    return document_answer(c, 200, &d);
}

/* ---- entering -------------------------------------------------------------------------------- */

enum { LIST_MAX = 64, JOINED_MAX = LIST_MAX * 201 };
struct inspector_input {
    uint64_t given;
    struct str name, dept, cert_no;
    int kind, status;
    struct input_texts regions, quals;
    int32_t cert_valid_to_on;
    int64_t cap, load;
};
#define FIELD(name, kind, need, lo, hi, words)                                                     \
    {                                                                                              \
#name, kind, need, offsetof(struct inspector_input, name), lo, hi, words, NULL             \
    }
static const struct input_member inspector_members[] = {
    FIELD(name, INPUT_TEXT, REQUIRED, 1, 64, NULL),
    FIELD(dept, INPUT_TEXT, REQUIRED, 1, 32, NULL),
    FIELD(kind, INPUT_WORD, REQUIRED, 0, 0, kind_words),
    FIELD(regions, INPUT_TEXTS, REQUIRED, 1, LIST_MAX, NULL),
    FIELD(quals, INPUT_TEXTS, OPTIONAL, 0, LIST_MAX, NULL),
    FIELD(cert_no, INPUT_TEXT, REQUIRED, 1, 64, NULL),
    FIELD(cert_valid_to_on, INPUT_DATE, REQUIRED, 0, 0, NULL),
    FIELD(cap, INPUT_INT, REQUIRED, 0, 1000000, NULL),
    FIELD(load, INPUT_INT, OPTIONAL, 0, 1000000, NULL),
    FIELD(status, INPUT_WORD, OPTIONAL, 0, 0, status_words),
};
static const struct input_table inspector_table = INPUT_TABLE(inspector_members);

/* The list's texts with commas between. A comma inside one would make two of it. */
static enum err joined(struct http_call *c, const char *member, const struct input_texts *in,
                       struct str *out)
{
    struct buf b = buf_of(c->cx->mem, JOINED_MAX);
    for (size_t k = 0; k < in->n; k++) {
        struct str rest = in->v[k];
        if (str_cut(&rest, ',').n != in->v[k].n) {
            return fail(c->cx, ERR_FIELD, "%s: a comma", member);
        }
        buf_put_z(&b, k == 0 ? "" : ",");
        buf_put(&b, in->v[k]);
    }
    return buf_done(c->cx, &b, out);
}

enum err put_inspector(struct http_call *c)
{
    struct inspector_input in = { .status = INSPECTOR_VALID };
    struct str key;
    int64_t id;
    struct document d;
    TRY(input_op_key(c, &key));
    TRY(input_body(c, &inspector_table, &in));
    struct inspector_entry i = { .staff_no = c->seg[0],
                                 .name = in.name,
                                 .dept = in.dept,
                                 .kind = (enum inspector_kind)in.kind,
                                 .cert_no = in.cert_no,
                                 .cert_valid_to_on = in.cert_valid_to_on,
                                 .cap = in.cap,
                                 .load = in.load,
                                 .status = (enum inspector_status)in.status };
    TRY(joined(c, "regions", &in.regions, &i.regions));
    TRY(joined(c, "quals", &in.quals, &i.quals));
    TRY(inspector_entry_put(c->cx, desk_of(c), actor_of(c), &i, key, &id));
    document_open(c, &d);
    json_key_id(&d.j, "id", id);
    return document_answer(c, 200, &d);
}

/* ---- interests ------------------------------------------------------------------------------- */

static const char *const interest_words[] = { "",
                                              [INTEREST_RELATIVE] = "relative",
                                              [INTEREST_FORMER_EMPLOYER] = "former_employer",
                                              [INTEREST_SHAREHOLDING] = "shareholding",
                                              [INTEREST_PRIVATE_TIE] = "private_tie",
                                              NULL };

enum err get_interests(struct http_call *c)
{
    struct interest *all = NULL;
    size_t n = 0;
    struct document d;
    TRY(input_none(c));
    TRY(interest_list(c->cx, desk_of(c), actor_of(c), c->seg[0], &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        json_key_id(&d.j, "id", all[k].id);
        json_key_str(&d.j, "entity", all[k].code);
        json_key_str(&d.j, "kind", str_of(interest_words[all[k].kind]));
        json_key_date(&d.j, "from_on", all[k].from_on);
        json_key_date(&d.j, "to_on", all[k].to_on);
        json_key_text(&d.j, "note", all[k].note);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

struct interest_input {
    uint64_t given;
    struct str entity, note;
    int kind;
    int32_t from_on, to_on;
};
static const struct input_member interest_members[] = {
    { "entity", INPUT_TEXT, REQUIRED, offsetof(struct interest_input, entity), 1, 18, NULL, NULL },
    { "kind", INPUT_WORD, REQUIRED, offsetof(struct interest_input, kind), 0, 0, interest_words,
      NULL },
    { "from_on", INPUT_DATE, REQUIRED, offsetof(struct interest_input, from_on), 0, 0, NULL, NULL },
    { "to_on", INPUT_DATE, OPTIONAL, offsetof(struct interest_input, to_on), 0, 0, NULL, NULL },
    { "note", INPUT_TEXT, OPTIONAL, offsetof(struct interest_input, note), 1, 200, NULL, NULL },
};
static const struct input_table interest_table = INPUT_TABLE(interest_members);

enum err add_interest(struct http_call *c)
{
    struct interest_input in = { 0 };
    struct inspector_entry who;
    struct market_entity e;
    struct str key;
    int64_t id;
    struct document d;
    TRY(input_op_key(c, &key));
    TRY(input_body(c, &interest_table, &in));
    TRY(inspector_entry_get(c->cx, desk_of(c), actor_of(c), c->seg[0], &who));
    TRY(register_by_code(c->cx, desk_of(c), actor_of(c), in.entity, &e));
    const struct interest i = { .inspector = who.id,
                                .entity = e.id,
                                .staff_no = who.staff_no,
                                .code = e.code,
                                .kind = (enum interest_kind)in.kind,
                                .from_on = in.from_on,
                                .to_on = in.to_on,
                                .note = in.note };
    TRY(interest_add(c->cx, desk_of(c), actor_of(c), &i, key, &id));
    document_open(c, &d);
    json_key_id(&d.j, "id", id);
    return document_answer(c, 201, &d);
}
