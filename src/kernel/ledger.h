/* The evidence log: an append-only RFC 6962 log (SHA-256) of what may not be taken back. One entry
 * is the line "<kind> <draw-no> <hex>", where hex names the digest of a published file or
 * statement. The log has an Ed25519 key of its own; its head is published as a C2SP checkpoint
 * (signed note), and witnesses add cosignatures. SM2 signatures (note type 0xff, "sm2-sm3") are not
 * made yet; lines of unknown type are kept out rather than guessed at. */
#ifndef SISHI_KERNEL_LEDGER_H
#define SISHI_KERNEL_LEDGER_H

#include "core/core.h"
#include "store/store.h"

/* What may stand in the log. X(symbol, first word of the entry) */
#define LEDGER_KIND_TABLE(X)                                                                       \
    X(PLAN, "plan")       /* H(plan.txt): the draw number is taken */                              \
    X(FREEZE, "freeze")   /* H(freeze.txt) */                                                      \
    X(REVEALS, "reveals") /* H(reveals.txt), or of the sealed file under embargo */                \
    X(SEED, "seed")       /* H(seed.txt), that is the seed; under embargo when it is lifted */     \
    X(RESULT, "result")   /* H(head.txt) */                                                        \
    X(VOID, "void")       /* H of the event line that says why */                                  \
    X(EVENT, "event")     /* H of an event line: replacement, short beacon wait, lifted embargo */ \
    X(EVIDENCE, "evidence") /* H of a file beside the bundle: rules.txt, exclusions.tsv */

enum ledger_kind {
#define X(symbol, word) LEDGER_##symbol,
    LEDGER_KIND_TABLE(X)
#undef X
        LEDGER_KIND__COUNT
};
const char *ledger_kind_name(enum ledger_kind k);

/* ---- keys and notes (C2SP signed-note, tlog-checkpoint, tlog-cosignature) ------------------- */

enum { LEDGER_PUBLIC_LEN = 32, LEDGER_SECRET_LEN = 64, LEDGER_SIG_LEN = 64 };
enum note_sig_type { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };

/* A public key with its name: "<name>+<8 hex key id>+<base64 of type byte and key>". */
struct note_verifier {
    struct str name;
    enum note_sig_type type;
    uint32_t key_id; /* first 4 bytes, big-endian, of SHA-256(name || LF || type || key) */
    uint8_t key[LEDGER_PUBLIC_LEN];
};
/* A key that signs. Secret: lives in memory only as long as its owner needs it. */
struct note_signer {
    struct note_verifier pub;
    uint8_t secret[LEDGER_SECRET_LEN];
};

/* The vkey of a verifier, in cx->mem. */
enum err note_vkey(struct cx *cx, const struct note_verifier *v, struct str *out) MUST_USE;
/* Reads a vkey; the key id must be that of name and key. @return ERR_NOTE */
enum err note_vkey_parse(struct cx *cx, struct str vkey, struct note_verifier *out) MUST_USE;

/* The key that 32 secret bytes give. @param name no space, no '+'. @return ERR_NOTE */
enum { NOTE_SEED_LEN = 32 };
enum err note_signer_of(struct cx *cx, struct str name, enum note_sig_type type,
                        const uint8_t seed[NOTE_SEED_LEN], struct note_signer *out) MUST_USE;

/* Signs `text` (ends with LF): the whole note with its signature line, in cx->mem. */
enum err note_sign(struct cx *cx, const struct note_signer *s, struct str text,
                   struct str *note) MUST_USE;
/* One cosignature/v1 line (with LF) over the text of a checkpoint, at `at_ms` (whole seconds). */
enum err note_cosign(struct cx *cx, const struct note_signer *s, struct str text, int64_t at_ms,
                     struct str *line) MUST_USE;
/**
 * Checks one signature of a note.
 *
 * @param note  text, empty line, signature lines
 * @param text  out: the signed text, a view into note
 * @param at_ms out, may be NULL: the time in a cosignature; 0 for NOTE_ED25519
 * @return ERR_NOTE when it is malformed, lacks a line by this key, or the line does not verify
 */
enum err note_open(struct cx *cx, struct str note, const struct note_verifier *v, struct str *text,
                   int64_t *at_ms) MUST_USE;

/* Origin, size and root of a checkpoint's text. @return ERR_NOTE */
struct checkpoint {
    struct str origin;
    int64_t size;
    struct digest root;
};
enum err checkpoint_parse(struct cx *cx, struct str text, struct checkpoint *out) MUST_USE;
enum err checkpoint_text(struct cx *cx, const struct checkpoint *c, struct str *out) MUST_USE;

/* ---- the log in the database ---------------------------------------------------------------- */

struct ledger_entry {
    int64_t seq; /* 0-based place in the log */
    int64_t at;  /* Unix ms, when it was appended */
    enum ledger_kind kind;
    struct str draw_no;
    struct digest hex;
};

/* The entry as the log hashes it, without LF, in cx->mem. */
enum err ledger_line(struct cx *cx, const struct ledger_entry *e, struct str *out) MUST_USE;

/* Appends inside the caller's write transaction, so that the log and what it tells of are committed
 * together. Writers queue on the head row. @cost O(log n) rows */
enum err ledger_append(struct cx *cx, struct tx *tx, enum ledger_kind kind, struct str draw_no,
                       const struct digest *hex, int64_t *seq) MUST_USE;

/* Size and root now. */
enum err ledger_head(struct cx *cx, struct tx *tx, int64_t *size, struct digest *root) MUST_USE;
/* Entries first.. in order, at most `n`. With draw_no: only that draw's. */
enum err ledger_entries(struct cx *cx, struct tx *tx, struct str draw_no, int64_t first, int64_t n,
                        struct ledger_entry **out, size_t *n_out) MUST_USE;

/* The digests of the log for merkle_prove_inclusion and merkle_prove_consistency: reads stored
 * subtree roots only, O(log n) of them. ctx is the tx. */
enum err ledger_source(struct cx *cx, struct tx *tx, struct merkle_source *out) MUST_USE;
enum err ledger_prove_inclusion(struct cx *cx, struct tx *tx, int64_t seq, int64_t size,
                                struct merkle_path *out) MUST_USE;
enum err ledger_prove_consistency(struct cx *cx, struct tx *tx, int64_t old_size, int64_t size,
                                  struct merkle_path *out) MUST_USE;

/* ---- checkpoints and witnesses -------------------------------------------------------------- */

/* The newest checkpoint with the cosignatures it has got, as one signed note; made and stored when
 * the log has grown since the last. Idempotent. */
enum err ledger_checkpoint(struct cx *cx, struct store *st, const struct note_signer *log,
                           struct str *note) MUST_USE;
/* The stored checkpoint of that size. ERR_NOT_FOUND */
enum err ledger_checkpoint_at(struct cx *cx, struct store *st, int64_t size,
                              struct str *note) MUST_USE;

/* Registers a witness by its vkey (NOTE_COSIGNATURE). ERR_NOTE, ERR_DUPLICATE */
enum err ledger_witness_add(struct cx *cx, struct store *st, struct str vkey) MUST_USE;
/* Keeps a witness's line for a stored checkpoint after checking it. Idempotent per witness and
 * size. @return ERR_NOTE, ERR_NOT_FOUND (checkpoint or witness unknown) */
enum err ledger_cosign(struct cx *cx, struct store *st, int64_t size, struct str line) MUST_USE;
/* How many distinct witnesses cosigned a checkpoint that covers entry `seq`, and when the
 * `needed`-th of them did (0 = not yet). */
enum err ledger_cosigned(struct cx *cx, struct tx *tx, int64_t seq, int64_t needed, int64_t *n,
                         int64_t *at_ms) MUST_USE;

#endif
