/* The evidence log for doors: its key in the data folder, its head, entries and proofs. */
#include "office/office.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* evidence.key: the log's name, LF, the key's seed in hex, LF. Whoever wants another name writes
 * the file before the first use. */
enum { KEY_FILE_MAX = 512, PATH_ROOM = 4096, ENTRIES_MAX = 1000 };
#define KEY_FILE "evidence.key"

static enum err key_path(struct cx *cx, const struct desk *d, const char *name, char *out)
{
    int n = snprintf(out, PATH_ROOM, STR_FMT "/%s", STR_ARG(d->data_dir), name);
    return d->data_dir.n > 0 && n > 0 && n < PATH_ROOM
               ? ERR_OK
               : fail(cx, ERR_FILE, "%s: no data folder", name);
}

static void closep(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static enum err write_all(struct cx *cx, int fd, const char *path, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
        }
        bytes = str_from(bytes, (size_t)n);
    }
    return fsync(fd) == 0 ? ERR_OK : fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
}

/* Whole before it has its name, and never over another: two programs at once agree on the one that
 * came first. */
static enum err key_place(struct cx *cx, const struct desk *d, struct str text)
{
    char path[PATH_ROOM];
    char draft[PATH_ROOM];
    char name[64];
    (void)snprintf(name, sizeof name, "." KEY_FILE ".%08x", randombytes_random());
    TRY(key_path(cx, d, KEY_FILE, path));
    TRY(key_path(cx, d, name, draft));
    CLEANUP(closep)
    int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail(cx, ERR_FILE, "%s: %s", draft, strerror(errno));
    }
    enum err e = write_all(cx, fd, draft, text);
    if (e == ERR_OK && link(draft, path) != 0 && errno != EEXIST) {
        e = fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    (void)unlink(draft);
    return e;
}

/* A fresh key, named after its public half: two logs never share a name. */
static enum err key_make(struct cx *cx, const struct desk *d)
{
    uint8_t seed[NOTE_SEED_LEN];
    char text[KEY_FILE_MAX];
    char hex[2 * NOTE_SEED_LEN + 1];
    struct note_signer s;
    if (sodium_init() < 0) {
        return fail(cx, ERR_NOTE, "libsodium refuses");
    }
    randombytes_buf(seed, sizeof seed);
    enum err e = note_signer_of(cx, STR("sishi"), NOTE_ED25519, seed, &s);
    if (e == ERR_OK) {
        sodium_bin2hex(hex, sizeof hex, seed, sizeof seed);
        int n = snprintf(text, sizeof text, "sishi/%02x%02x%02x%02x\n%s\n", s.pub.key[0],
                         s.pub.key[1], s.pub.key[2], s.pub.key[3], hex);
        e = key_place(cx, d, (struct str){ text, (size_t)n });
    }
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(text, sizeof text);
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(&s, sizeof s);
    return e;
}

/* Reads an open key file; refuses one that others may read. */
static enum err key_get(struct cx *cx, int fd, const char *path, struct note_signer *out)
{
    struct stat st;
    char text[KEY_FILE_MAX];
    uint8_t seed[NOTE_SEED_LEN];
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return fail(cx, ERR_NOTE, "%s: no plain file", path);
    }
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return fail(cx, ERR_NOTE, "%s: others may read it (mode %04o, wanted 0600)", path,
                    (unsigned)st.st_mode & 07777);
    }
    ssize_t n = read(fd, text, sizeof text);
    if (n < 0) {
        return fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    struct str rest = { text, (size_t)n };
    struct str name = str_cut(&rest, '\n');
    struct str hex = str_cut(&rest, '\n');
    enum err e = hex.n == sizeof seed * 2 && rest.n == 0 && hex_get(hex, seed)
                     ? note_signer_of(cx, str_dup(cx->mem, name), NOTE_ED25519, seed, out)
                     : fail(cx, ERR_NOTE, "%s: wants a name and 64 hex digits, a line each", path);
    sodium_memzero(text, sizeof text);
    sodium_memzero(seed, sizeof seed);
    return e;
}

enum err evidence_signer(struct cx *cx, const struct desk *d, struct note_signer *out)
{
    char path[PATH_ROOM];
    const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    TRY(key_path(cx, d, KEY_FILE, path));
    CLEANUP(closep) int fd = open(path, flags);
    if (fd < 0 && errno == ENOENT) {
        TRY(key_make(cx, d));
        fd = open(path, flags);
    }
    if (fd < 0) {
        return fail(cx, errno == ELOOP ? ERR_NOTE : ERR_FILE, "%s: %s", path, strerror(errno));
    }
    return key_get(cx, fd, path, out);
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
