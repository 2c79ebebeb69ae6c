/* The evidence log: its key, checkpoints, entries, proofs, and what witnesses add. */
#include "api/handlers.h"

#define LOG_SIZE_MAX (INT64_C(1) << 40)

enum err get_log_key(struct http_call *c)
{
    struct str key;
    TRY(input_none(c));
    TRY(evidence_vkey(c->cx, desk_of(c), &key));
    return answer_text(c, text_of(c->cx, STR_FMT "\n", STR_ARG(key)));
}

enum err get_checkpoint(struct http_call *c)
{
    struct str note;
    TRY(input_none(c));
    TRY(evidence_checkpoint(c->cx, desk_of(c), &note));
    return answer_text(c, note);
}

enum err get_checkpoint_at(struct http_call *c)
{
    struct str note;
    int64_t size;
    TRY(input_none(c));
    TRY(str_int(c->cx, c->seg[0], 0, LOG_SIZE_MAX, &size));
    TRY(ledger_checkpoint_at(c->cx, desk_of(c)->store, size, &note));
    return answer_text(c, note);
}

/* ---- entries --------------------------------------------------------------------------------- */

static enum err put_entry(struct http_call *c, struct json *j, const struct ledger_entry *e)
{
    struct str line;
    TRY(ledger_line(c->cx, e, &line));
    json_key_int(j, "seq", e->seq);
    json_key_instant(j, "at", e->at);
    json_key_str(j, "kind", str_of(ledger_kind_name(e->kind)));
    json_key_str(j, "draw", e->draw_no);
    put_digest(j, "hex", &e->hex);
    json_key_str(j, "line", line);
    return ERR_OK;
}

struct entries_input {
    uint64_t given;
    struct str draw;
    int64_t cursor, limit;
};

enum err get_log_entries(struct http_call *c)
{
    static const struct input_member members[] = {
        { "draw", INPUT_TEXT, OPTIONAL, offsetof(struct entries_input, draw), 1, 40, NULL, NULL },
        { "cursor", INPUT_INT, OPTIONAL, offsetof(struct entries_input, cursor), 0, LOG_SIZE_MAX,
          NULL, NULL },
        { "limit", INPUT_INT, OPTIONAL, offsetof(struct entries_input, limit), 1, PAGE_LIMIT_MAX,
          NULL, NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct entries_input in = { .limit = PAGE_LIMIT };
    struct ledger_entry *all = NULL;
    size_t n = 0;
    struct document d;
    TRY(input_query(c, &table, &in));
    TRY(evidence_entries(c->cx, desk_of(c), in.draw, in.cursor, in.limit, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        TRY(put_entry(c, &d.j, &all[k]));
        json_end_object(&d.j);
    }
    bool more = n == (size_t)in.limit;
    return list_answer(c, &d,
                       more ? text_of(c->cx, "%lld", (long long)all[n - 1].seq + 1) : STR(""));
}

/* ---- proofs ---------------------------------------------------------------------------------- */

static void put_path(struct json *j, const char *key, const struct merkle_path *p)
{
    json_key(j, key);
    json_array(j);
    for (size_t k = 0; k < p->n; k++) {
        json_hex(j, p->node[k].b, DIGEST_LEN);
    }
    json_end_array(j);
}

struct proof_input {
    uint64_t given;
    int64_t from, size;
};

enum err get_inclusion(struct http_call *c)
{
    static const struct input_member members[] = {
        { "size", INPUT_INT, OPTIONAL, offsetof(struct proof_input, size), 1, LOG_SIZE_MAX, NULL,
          NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct proof_input in = { 0 };
    struct evidence_proof *p = arena_alloc(c->cx->mem, 1, sizeof *p);
    int64_t seq;
    struct document d;
    if (p == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "proof");
    }
    TRY(input_query(c, &table, &in));
    TRY(str_int(c->cx, c->seg[0], 0, LOG_SIZE_MAX, &seq));
    TRY(evidence_inclusion(c->cx, desk_of(c), seq, in.size, p));
    document_open(c, &d);
    TRY(put_entry(c, &d.j, &p->entry));
    json_key_int(&d.j, "size", p->size);
    put_digest(&d.j, "leaf", &p->leaf);
    put_digest(&d.j, "root", &p->root);
    put_path(&d.j, "path", &p->path);
    return document_answer(c, 200, &d);
}

enum err get_consistency(struct http_call *c)
{
    static const struct input_member members[] = {
        { "from", INPUT_INT, REQUIRED, offsetof(struct proof_input, from), 0, LOG_SIZE_MAX, NULL,
          NULL },
        { "size", INPUT_INT, REQUIRED, offsetof(struct proof_input, size), 0, LOG_SIZE_MAX, NULL,
          NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct proof_input in = { 0 };
    struct merkle_path *p = arena_alloc(c->cx->mem, 1, sizeof *p);
    struct document d;
    if (p == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "proof");
    }
    TRY(input_query(c, &table, &in));
    TRY(evidence_consistency(c->cx, desk_of(c), in.from, in.size, p));
    document_open(c, &d);
    json_key_int(&d.j, "from", in.from);
    json_key_int(&d.j, "size", in.size);
    put_path(&d.j, "path", p);
    return document_answer(c, 200, &d);
}

/* ---- witnesses ------------------------------------------------------------------------------- */

struct cosignature_input {
    uint64_t given;
    int64_t size;
    struct str line;
};

/* The signature is its own proof of who sends it. */
enum err add_cosignature(struct http_call *c)
{
    static const struct input_member members[] = {
        { "size", INPUT_INT, REQUIRED, offsetof(struct cosignature_input, size), 0, LOG_SIZE_MAX,
          NULL, NULL },
        { "line", INPUT_TEXT, REQUIRED, offsetof(struct cosignature_input, line), 1, 400, NULL,
          NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct cosignature_input in = { 0 };
    TRY(input_body(c, &table, &in));
    TRY(ledger_cosign(c->cx, desk_of(c)->store, in.size,
                      text_of(c->cx, STR_FMT "\n", STR_ARG(in.line))));
    return answer_nothing(c);
}

struct witness_input {
    uint64_t given;
    struct str vkey;
};

enum err add_witness(struct http_call *c)
{
    static const struct input_member members[] = {
        { "vkey", INPUT_TEXT, REQUIRED, offsetof(struct witness_input, vkey), 1, 400, NULL, NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct witness_input in = { 0 };
    TRY(input_body(c, &table, &in));
    TRY(ledger_witness_add(c->cx, desk_of(c)->store, in.vkey));
    return answer_nothing(c);
}
