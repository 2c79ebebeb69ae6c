/* The evidence log for doors: its key in the data folder, its head, entries and proofs. */
#include "office/office.h"

#include <sodium.h>

/* Whoever wants a name of their own for the log writes the key file before the first use. */
#define KEY_FILE "evidence.key"
enum { ENTRIES_MAX = 1000, PATH_ROOM = 4096 };

enum err evidence_signer(struct cx *cx, const struct desk *d, struct note_signer *out)
{
    struct buf path = buf_of(cx->mem, PATH_ROOM);
    struct str file;
    if (d->data_dir.n == 0) {
        return fail(cx, ERR_FILE, KEY_FILE ": no data folder");
    }
    buf_fmt(&path, STR_FMT "/" KEY_FILE, STR_ARG(d->data_dir));
    TRY(buf_done(cx, &path, &file));
    return evidence_key(cx, file, STR(""), NOTE_ED25519, out);
}

enum err evidence_vkey(struct cx *cx, const struct desk *d, struct str *vkey)
{
    struct note_signer s;
    TRY(evidence_signer(cx, d, &s));
    sodium_memzero(s.secret, sizeof s.secret);
    return note_vkey(cx, &s.pub, vkey);
}

enum err evidence_checkpoint(struct cx *cx, const struct desk *d, struct str *note)
{
    struct note_signer s;
    TRY(evidence_signer(cx, d, &s));
    enum err e = ledger_checkpoint(cx, d->store, &s, note);
    sodium_memzero(s.secret, sizeof s.secret);
    return e;
}

/* ---- entries and proofs -----------------------------------------------------------------------
 */

struct asking {
    struct str draw_no;
    int64_t first, n, size; /* n: how many, or the older size */
    struct ledger_entry *entries;
    size_t n_entries;
    struct evidence_proof proof;
    struct merkle_path path;
};

static enum err entries_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct asking *w = arg;
    return ledger_entries(cx, tx, w->draw_no, w->first, w->n, &w->entries, &w->n_entries);
}

enum err evidence_entries(struct cx *cx, const struct desk *d, struct str draw_no, int64_t first,
                          int64_t n, struct ledger_entry **out, size_t *n_out)
{
    struct asking w = { .draw_no = draw_no, .first = first, .n = n };
    if (first < 0) {
        return fail(cx, ERR_FIELD, "first: 0 or above");
    }
    if (n < 1 || n > ENTRIES_MAX) {
        return fail(cx, ERR_FIELD, "n: 1..%d", ENTRIES_MAX);
    }
    TRY(store_read(cx, d->store, entries_work, &w));
    *out = w.entries;
    *n_out = w.n_entries;
    return ERR_OK;
}

/* A size of the log that is or was; 0 is the size now. */
static enum err size_of(struct cx *cx, struct tx *tx, int64_t asked, struct merkle_source *src,
                        int64_t *size)
{
    TRY(ledger_source(cx, tx, src));
    if (asked < 0 || (uint64_t)asked > src->size) {
        return fail(cx, ERR_MERKLE_RANGE, "size %lld: the log has %lld entries", (long long)asked,
                    (long long)src->size);
    }
    *size = asked == 0 ? (int64_t)src->size : asked;
    return ERR_OK;
}

static enum err inclusion_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct asking *w = arg;
    struct merkle_source src;
    struct evidence_proof p = { 0 };
    struct str line;
    TRY(size_of(cx, tx, w->size, &src, &p.size));
    if (w->first < 0 || w->first >= p.size) {
        return fail(cx, ERR_NOT_FOUND, "entry %lld of %lld", (long long)w->first,
                    (long long)p.size);
    }
    TRY(ledger_entries(cx, tx, STR(""), w->first, 1, &w->entries, &w->n_entries));
    if (w->n_entries != 1) {
        return fail(cx, ERR_NOT_FOUND, "entry %lld", (long long)w->first);
    }
    p.entry = w->entries[0];
    TRY(ledger_line(cx, &p.entry, &line));
    p.leaf = merkle_leaf(DIGEST_SHA256, line);
    TRY(merkle_source_root(cx, &src, (uint64_t)p.size, &p.root));
    TRY(merkle_prove_inclusion(cx, &src, (uint64_t)w->first, (uint64_t)p.size, &p.path));
    w->proof = p;
    return ERR_OK;
}

enum err evidence_inclusion(struct cx *cx, const struct desk *d, int64_t seq, int64_t size,
                            struct evidence_proof *out)
{
    struct asking w = { .first = seq, .size = size };
    TRY(store_read(cx, d->store, inclusion_work, &w));
    *out = w.proof;
    return ERR_OK;
}

static enum err consistency_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct asking *w = arg;
    struct merkle_source src;
    int64_t size;
    TRY(size_of(cx, tx, w->size, &src, &size));
    if (w->n < 0 || w->n > size) {
        return fail(cx, ERR_MERKLE_RANGE, "from %lld to %lld entries", (long long)w->n,
                    (long long)size);
    }
    return merkle_prove_consistency(cx, &src, (uint64_t)w->n, (uint64_t)size, &w->path);
}

enum err evidence_consistency(struct cx *cx, const struct desk *d, int64_t old_size, int64_t size,
                              struct merkle_path *out)
{
    struct asking w = { .n = old_size, .size = size };
    TRY(store_read(cx, d->store, consistency_work, &w));
    *out = w.path;
    return ERR_OK;
}
