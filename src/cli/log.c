/* sishi log ...: the evidence log, for its keeper and for witnesses on machines of their own. */
#include "cli/commands.h"

#include <string.h>

enum { DOCUMENT_MAX = 16 << 20, NOTE_FILE_MAX = 1 << 16, ENTRIES_MOST = 1000 };
#define LOG_SIZE_MAX (INT64_C(1) << 40)

static const struct cli_option entries_options[] = {
    { "draw", CLI_TEXT, "NO", "of this draw only" },
    { "from", CLI_NUMBER, "SEQ", "from this entry on; otherwise from the first" },
    { "limit", CLI_NUMBER, "N", "at most so many, 1..1000; otherwise 1000" },
    { NULL, CLI_FLAG, NULL, NULL },
};

/* ---- what the log says ------------------------------------------------------------------------
 */

static void put_path(struct json *j, const struct merkle_path *p)
{
    json_key(j, "path");
    json_array(j);
    for (size_t i = 0; i < p->n; i++) {
        json_hex(j, p->node[i].b, DIGEST_LEN);
    }
    json_end_array(j);
}

static void put_hex(struct json *j, const char *key, const struct digest *d)
{
    json_key(j, key);
    json_hex(j, d->b, DIGEST_LEN);
}

static enum err run_key(struct cli *c)
{
    const struct desk *d = NULL;
    struct str vkey;
    TRY(cli_desk(c, &d));
    TRY(evidence_vkey(c->cx, d, &vkey));
    (void)fprintf(c->out, STR_FMT "\n", STR_ARG(vkey));
    return ERR_OK;
}

const struct cli_command cmd_log_key = {
    .name = "log key",
    .brief = "the public key of the evidence log",
    .words = "",
    .about =
        "Prints the key by which the log's head is signed, as NAME+ID+BASE64 (C2SP signed note). "
        "The secret half lies in evidence.key in the data folder; it is made there at first "
        "use, readable by its owner only.",
    .examples = "sishi log key        to give to witnesses",
    .run = run_key,
};

static enum err run_checkpoint(struct cli *c)
{
    const struct desk *d = NULL;
    struct str note;
    TRY(cli_desk(c, &d));
    TRY(evidence_checkpoint(c->cx, d, &note));
    if (!c->json) {
        (void)fprintf(c->out, STR_FMT, STR_ARG(note));
        return ERR_OK;
    }
    struct str vkey;
    struct note_verifier v;
    struct str text;
    struct checkpoint p;
    TRY(evidence_vkey(c->cx, d, &vkey));
    TRY(note_vkey_parse(c->cx, vkey, &v));
    TRY(note_open(c->cx, note, &v, &text, NULL));
    TRY(checkpoint_parse(c->cx, text, &p));
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_str(&j, "origin", p.origin);
    json_key_int(&j, "size", p.size);
    put_hex(&j, "root", &p.root);
    json_key_str(&j, "note", note);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

const struct cli_command cmd_log_checkpoint = {
    .name = "log checkpoint",
    .brief = "the signed head of the evidence log",
    .words = "",
    .about =
        "Prints the newest checkpoint: the log's name, its size, its root, the log's signature and "
        "the cosignatures it has got. A witness cosigns it with `sishi log cosign`.",
    .examples = "sishi log checkpoint > head.txt\n"
                "sishi log checkpoint --json       size and root apart",
    .run = run_checkpoint,
};

static enum err entries_json(struct cli *c, const struct ledger_entry *e, size_t n)
{
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        struct str line;
        TRY(ledger_line(c->cx, &e[i], &line));
        json_object(&j);
        json_key_int(&j, "seq", e[i].seq);
        json_key(&j, "at");
        json_instant(&j, e[i].at);
        json_key_str(&j, "kind", str_of(ledger_kind_name(e[i].kind)));
        json_key_str(&j, "draw", e[i].draw_no);
        put_hex(&j, "hex", &e[i].hex);
        json_key_str(&j, "line", line);
        json_end_object(&j);
    }
    json_end_array(&j);
    return cli_print_json(c, &b);
}

static enum err run_entries(struct cli *c)
{
    const struct desk *d = NULL;
    struct ledger_entry *e = NULL;
    size_t n = 0;
    int64_t from;
    int64_t limit;
    TRY(cli_number(c, "from", 0, LOG_SIZE_MAX, 0, &from));
    TRY(cli_number(c, "limit", 1, ENTRIES_MOST, ENTRIES_MOST, &limit));
    TRY(cli_desk(c, &d));
    TRY(evidence_entries(c->cx, d, str_of(cli_text(c, "draw")), from, limit, &e, &n));
    if (c->json) {
        return entries_json(c, e, n);
    }
    for (size_t i = 0; i < n; i++) {
        struct str line;
        TRY(ledger_line(c->cx, &e[i], &line));
        (void)fprintf(c->out, STR_FMT "\n", STR_ARG(line));
    }
    return ERR_OK;
}

const struct cli_command cmd_log_entries = {
    .name = "log entries",
    .brief = "entries of the evidence log, a line each",
    .words = "",
    .options = entries_options,
    .about =
        "Prints entries as the log hashes them: what happened, in which draw, the digest of what "
        "was published. All lines together give the root in the checkpoint (RFC 6962, SHA-256).",
    .examples = "sishi log entries > log.txt                         the whole log, if short\n"
                "sishi log entries --draw 430000-2026-0012 --json    one draw's, with times",
    .run = run_entries,
};

static const struct cli_option prove_options[] = {
    { "from", CLI_NUMBER, "SIZE", "instead: that the log of that size is this one's beginning" },
    { "size", CLI_NUMBER, "SIZE", "in the log of that size; otherwise of now" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err prove_growth(struct cli *c, const struct desk *d, int64_t from, int64_t size)
{
    struct merkle_path *path = arena_alloc(c->cx->mem, 1, sizeof *path);
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    if (path == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "a proof");
    }
    TRY(evidence_consistency(c->cx, d, from, size, path));
    json_object(&j);
    json_key_int(&j, "from", from);
    json_key_int(&j, "size", size);
    put_path(&j, path);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

static enum err prove_entry(struct cli *c, const struct desk *d, int64_t seq, int64_t size)
{
    struct evidence_proof *p = arena_alloc(c->cx->mem, 1, sizeof *p);
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    struct str line;
    if (p == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "a proof");
    }
    TRY(evidence_inclusion(c->cx, d, seq, size, p));
    TRY(ledger_line(c->cx, &p->entry, &line));
    json_object(&j);
    json_key_int(&j, "seq", p->entry.seq);
    json_key_str(&j, "line", line);
    json_key_int(&j, "size", p->size);
    put_hex(&j, "leaf", &p->leaf);
    put_hex(&j, "root", &p->root);
    put_path(&j, &p->path);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

/* The size now, for a proof that names it. */
static enum err size_now(struct cli *c, const struct desk *d, int64_t *size)
{
    struct str note;
    struct str text;
    struct checkpoint p;
    TRY(evidence_checkpoint(c->cx, d, &note));
    text = note;
    for (size_t i = 0; i + 1 < note.n && text.n == note.n; i++) {
        if (note.p[i] == '\n' && note.p[i + 1] == '\n') {
            text.n = i + 1;
        }
    }
    TRY(checkpoint_parse(c->cx, text, &p));
    *size = p.size;
    return ERR_OK;
}

static enum err run_prove(struct cli *c)
{
    const struct desk *d = NULL;
    int64_t from;
    int64_t size;
    int64_t seq = 0;
    bool growth = cli_flag(c, "from");
    if (growth == (c->n_words > 0)) {
        return fail(c->cx, ERR_USAGE, "either an entry's number or --from");
    }
    TRY(cli_number(c, "from", 0, LOG_SIZE_MAX, 0, &from));
    TRY(cli_number(c, "size", 1, LOG_SIZE_MAX, 0, &size));
    if (!growth) {
        TRY(str_int(c->cx, str_of(c->words[0]), 0, LOG_SIZE_MAX, &seq));
    }
    TRY(cli_desk(c, &d));
    if (!growth) {
        return prove_entry(c, d, seq, size);
    }
    if (size == 0) {
        TRY(size_now(c, d, &size));
    }
    return prove_growth(c, d, from, size);
}

const struct cli_command cmd_log_prove = {
    .name = "log prove",
    .brief = "proves an entry, or that the log only grew",
    .words = "[SEQ]",
    .words_min = 0,
    .words_max = 1,
    .options = prove_options,
    .about =
        "Prints a JSON document: with SEQ the path from that entry to the root, with --from the "
        "path that shows the log of that size to be the beginning of this one (RFC 6962).",
    .examples = "sishi log prove 17               that entry 17 is in the log\n"
                "sishi log prove --from 12 > grown.json",
    .run = run_prove,
};

/* ---- witnesses --------------------------------------------------------------------------------
 */

static enum err read_file(struct cli *c, const char *path, struct str *out)
{
    char *room = arena_alloc(c->cx->mem, NOTE_FILE_MAX + 1, 1);
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (room == NULL || f == NULL) {
        return fail(c->cx, room == NULL ? ERR_NO_MEMORY : ERR_NOT_FOUND, "%s", path);
    }
    size_t n = fread(room, 1, NOTE_FILE_MAX + 1, f);
    bool bad = ferror(f) != 0;
    if (f != stdin) {
        (void)fclose(f);
    }
    if (bad || n > NOTE_FILE_MAX) {
        return fail(c->cx, bad ? ERR_FILE : ERR_TOO_LONG, "%s", path);
    }
    *out = (struct str){ room, n };
    return ERR_OK;
}

static const struct cli_option witness_key_options[] = {
    { "name", CLI_TEXT, "NAME", "a new key's name, such as jijian.example/witness" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_witness_key(struct cli *c)
{
    struct note_signer s;
    struct str vkey;
    TRY(evidence_key(c->cx, str_of(c->words[0]), str_of(cli_text(c, "name")), NOTE_COSIGNATURE,
                     &s));
    explicit_bzero(s.secret, sizeof s.secret);
    TRY(note_vkey(c->cx, &s.pub, &vkey));
    (void)fprintf(c->out, STR_FMT "\n", STR_ARG(vkey));
    return ERR_OK;
}

const struct cli_command cmd_log_witness_key = {
    .name = "log witness key",
    .brief = "a witness's key: made at first use, its public half printed",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .options = witness_key_options,
    .about =
        "For a witness (discipline office, notary) on its own machine. The file is made when it "
        "is not there, readable by its owner only, and never leaves the machine; the line that "
        "is printed goes to the log's keeper, who registers it with `sishi log witness add`. No "
        "database is opened.",
    .examples = "sishi log witness key ~/witness.key --name jijian.example/witness",
    .run = run_witness_key,
};

static enum err run_witness_add(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(access_allow(c->cx, &by, POWER_ACCOUNT_ADMIN, (struct scope){ 0 }));
    return ledger_witness_add(c->cx, d->store, str_of(c->words[0]));
}

const struct cli_command cmd_log_witness_add = {
    .name = "log witness add",
    .brief = "registers a witness by its public key",
    .words = "VKEY",
    .words_min = 1,
    .words_max = 1,
    .about = "From then on this witness's cosignatures are kept, and count where a plan asks for "
             "cosigners. Needs --as with a system administrator.",
    .examples = "sishi log witness add jijian.example/witness+1a2b3c4d+BA... --as root",
    .run = run_witness_add,
};

static const struct cli_option cosign_options[] = {
    { "key", CLI_TEXT, "FILE", "the witness's key, from `sishi log witness key`; required" },
    { "log", CLI_TEXT, "VKEY", "the log's public key, from `sishi log key`; required" },
    { "proof", CLI_TEXT, "FILE", "that the log only grew, from `sishi log prove --from SIZE`" },
    { NULL, CLI_FLAG, NULL, NULL },
};

/* What the witness signed last, in KEY.seen: a checkpoint's text. */
static enum err seen_read(struct cli *c, const char *path, struct checkpoint *out, bool *there)
{
    struct str text;
    *there = false;
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return ERR_OK;
    }
    (void)fclose(f);
    TRY(read_file(c, path, &text));
    *there = true;
    return checkpoint_parse(c->cx, text, out);
}

static enum err seen_write(struct cli *c, const char *path, struct str text)
{
    char next[4200];
    (void)snprintf(next, sizeof next, "%s.new", path);
    FILE *f = fopen(next, "wb");
    if (f == NULL) {
        return fail(c->cx, ERR_FILE, "%s", next);
    }
    bool good = fwrite(text.p, 1, text.n, f) == text.n;
    good = fclose(f) == 0 && good;
    return good && rename(next, path) == 0 ? ERR_OK : fail(c->cx, ERR_FILE, "%s", path);
}

/* The path in the document of `sishi log prove --from` (and of the API). */
static enum err proof_read(struct cli *c, const char *file, struct merkle_path *out)
{
    struct str text;
    const struct json_value *doc;
    *out = (struct merkle_path){ .n = 0 };
    if (file == NULL) {
        return ERR_OK;
    }
    TRY(read_file(c, file, &text));
    TRY(json_read(c->cx, text, &doc));
    const struct json_value *path = json_member(doc, "path");
    if (path == NULL || path->kind != JSON_IN_ARRAY || path->n > MERKLE_PATH_MAX) {
        return fail(c->cx, ERR_FIELD, "%s: path: a list of digests", file);
    }
    for (size_t i = 0; i < path->n; i++) {
        if (!digest_from_hex(path->v[i].s, &out->node[i])) {
            return fail(c->cx, ERR_FIELD, "%s: path[%zu]: 64 hex digits", file, i);
        }
    }
    out->n = path->n;
    return ERR_OK;
}

/* Never a head that is not a continuation of the last one signed. */
static enum err check_growth(struct cli *c, const struct checkpoint *seen,
                             const struct checkpoint *now)
{
    struct merkle_path *path = arena_alloc(c->cx->mem, 1, sizeof *path);
    if (path == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "a proof");
    }
    TRY(proof_read(c, cli_text(c, "proof"), path));
    if (!str_eq(seen->origin, now->origin)) {
        return fail(c->cx, ERR_NOTE, "the log was \"" STR_FMT "\" and is \"" STR_FMT "\"",
                    STR_ARG(seen->origin), STR_ARG(now->origin));
    }
    if (now->size < seen->size) {
        return fail(c->cx, ERR_NOTE, "the log has shrunk from %lld to %lld entries",
                    (long long)seen->size, (long long)now->size);
    }
    if (now->size > seen->size && seen->size > 0 && !cli_flag(c, "proof")) {
        return fail(c->cx, ERR_USAGE, "--proof: that the log of %lld entries became one of %lld",
                    (long long)seen->size, (long long)now->size);
    }
    return merkle_consistent(DIGEST_SHA256, (uint64_t)seen->size, &seen->root, (uint64_t)now->size,
                             &now->root, path)
               ? ERR_OK
               : fail(c->cx, ERR_NOTE, "the log of %lld entries is not this one's beginning",
                      (long long)seen->size);
}

static enum err run_cosign(struct cli *c)
{
    char seen_path[4100];
    const char *key = cli_text(c, "key");
    struct str note;
    struct str text;
    struct str line;
    struct note_verifier v;
    struct note_signer s;
    struct checkpoint now;
    struct checkpoint seen;
    bool before;
    if (key == NULL || cli_text(c, "log") == NULL) {
        return fail(c->cx, ERR_USAGE, "--key and --log are required");
    }
    if ((size_t)snprintf(seen_path, sizeof seen_path, "%s.seen", key) >= sizeof seen_path) {
        return fail(c->cx, ERR_USAGE, "--key: too long");
    }
    TRY(note_vkey_parse(c->cx, str_of(cli_text(c, "log")), &v));
    TRY(read_file(c, c->words[0], &note));
    TRY(note_open(c->cx, note, &v, &text, NULL));
    TRY(checkpoint_parse(c->cx, text, &now));
    if (!str_eq(now.origin, v.name)) {
        return fail(c->cx, ERR_NOTE, "a checkpoint of another log: " STR_FMT, STR_ARG(now.origin));
    }
    TRY(seen_read(c, seen_path, &seen, &before));
    if (before) {
        TRY(check_growth(c, &seen, &now));
    }
    TRY(evidence_key(c->cx, str_of(key), STR(""), NOTE_COSIGNATURE, &s));
    enum err e = note_cosign(c->cx, &s, text, c->cx->now_ms, &line);
    explicit_bzero(s.secret, sizeof s.secret);
    TRY(e);
    TRY(seen_write(c, seen_path, text)); /* first: what is not remembered must not be signed */
    (void)fprintf(c->out, STR_FMT, STR_ARG(line));
    return ERR_OK;
}

const struct cli_command cmd_log_cosign = {
    .name = "log cosign",
    .brief = "a witness signs that it has seen this head",
    .words = "NOTE",
    .words_min = 1,
    .words_max = 1,
    .options = cosign_options,
    .about =
        "Checks the log's signature on the checkpoint NOTE (a file, or - for standard input) and "
        "that the log is a continuation of the one signed last, which is remembered in KEY.seen; "
        "then prints the witness's signature line. It goes back to the log's keeper: `sishi log "
        "take`, or the API. A witness that signs only so makes it impossible to show different "
        "logs to different people. No database is opened.",
    .examples = "sishi log cosign head.txt --key ~/witness.key --log VKEY > line.txt\n"
                "sishi log cosign head.txt --key ~/witness.key --log VKEY --proof grown.json",
    .run = run_cosign,
};

static enum err run_take(struct cli *c)
{
    const struct desk *d = NULL;
    struct str line;
    int64_t size;
    TRY(str_int(c->cx, str_of(c->words[0]), 0, LOG_SIZE_MAX, &size));
    TRY(read_file(c, c->words[1], &line));
    TRY(cli_desk(c, &d));
    return ledger_cosign(c->cx, d->store, size, line);
}

const struct cli_command cmd_log_take = {
    .name = "log take",
    .brief = "keeps a witness's signature of a head",
    .words = "SIZE FILE",
    .words_min = 2,
    .words_max = 2,
    .about =
        "FILE holds the line that `sishi log cosign` printed (- for standard input), SIZE is the "
        "size in the checkpoint. Only registered witnesses' signatures that verify are kept.",
    .examples = "sishi log take 17 line.txt",
    .run = run_take,
};
