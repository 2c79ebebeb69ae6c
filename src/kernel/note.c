/* Signed notes of C2SP: keys, signatures, checkpoints, cosignatures. */
#include "kernel/kernel.h"

#include <sodium.h>
#include <string.h>

enum {
    NOTE_MAX = 1 << 16, /* bytes of a note */
    KEY_ID_LEN = 4,
    BASE64_MAX = 256, /* of one signature or key */
    SIGS_MAX = 64     /* lines looked at in a note */
};
#define SIG_LINE_START "\xe2\x80\x94 " /* em dash and space */

static bool name_ok(struct str name)
{
    if (name.n == 0 || name.n > 200 || utf8_bad_at(name) != name.n) {
        return false;
    }
    for (size_t i = 0; i < name.n; i++) {
        if ((unsigned char)name.p[i] <= ' ' || name.p[i] == '+') {
            return false;
        }
    }
    return true;
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t key_id_of(struct str name, enum note_sig_type type,
                          const uint8_t key[LEDGER_PUBLIC_LEN])
{
    struct hasher h;
    uint8_t between[2] = { '\n', (uint8_t)type };
    hasher_init(&h, DIGEST_SHA256);
    hasher_feed(&h, name.p, name.n);
    hasher_feed(&h, between, sizeof between);
    hasher_feed(&h, key, LEDGER_PUBLIC_LEN);
    return be32(hasher_end(&h).b);
}

static void put_base64(struct buf *b, const uint8_t *bytes, size_t n)
{
    char text[BASE64_MAX];
    sodium_bin2base64(text, sizeof text, bytes, n, sodium_base64_VARIANT_ORIGINAL);
    buf_put_z(b, text);
}

/* Exactly n bytes of padded base64; libsodium refuses bits that mean nothing. */
static bool get_base64(struct str s, uint8_t *out, size_t room, size_t *n)
{
    return sodium_base642bin(out, room, s.p, s.n, NULL, n, NULL, sodium_base64_VARIANT_ORIGINAL) ==
           0;
}

enum err note_vkey(struct cx *cx, const struct note_verifier *v, struct str *out)
{
    uint8_t typed[1 + LEDGER_PUBLIC_LEN] = { (uint8_t)v->type };
    struct buf b = buf_of(cx->mem, NOTE_MAX);
    memcpy(typed + 1, v->key, LEDGER_PUBLIC_LEN);
    buf_put(&b, v->name);
    buf_fmt(&b, "+%08x+", (unsigned)v->key_id);
    put_base64(&b, typed, sizeof typed);
    return buf_done(cx, &b, out);
}

enum err note_vkey_parse(struct cx *cx, struct str vkey, struct note_verifier *out)
{
    struct note_verifier v = { 0 };
    uint8_t id[KEY_ID_LEN], typed[1 + LEDGER_PUBLIC_LEN];
    size_t n = 0;
    struct str rest = vkey;
    struct str name = str_cut(&rest, '+');
    struct str hex = str_cut(&rest, '+');
    if (!name_ok(name) || hex.n != 2 * sizeof id || !hex_get(hex, id)) {
        return fail(cx, ERR_NOTE, "vkey: want NAME+KEYID+BASE64");
    }
    if (!get_base64(rest, typed, sizeof typed, &n) || n != sizeof typed) {
        return fail(cx, ERR_NOTE, "vkey " STR_FMT ": key is not 33 bytes of base64", STR_ARG(name));
    }
    if (typed[0] != NOTE_ED25519 && typed[0] != NOTE_COSIGNATURE) {
        return fail(cx, ERR_NOTE, "vkey " STR_FMT ": signature type %d is not known", STR_ARG(name),
                    typed[0]);
    }
    v.type = typed[0] == NOTE_ED25519 ? NOTE_ED25519 : NOTE_COSIGNATURE;
    memcpy(v.key, typed + 1, LEDGER_PUBLIC_LEN);
    v.key_id = key_id_of(name, v.type, v.key);
    if (v.key_id != be32(id)) {
        return fail(cx, ERR_NOTE, "vkey " STR_FMT ": key id does not match", STR_ARG(name));
    }
    v.name = str_dup(cx->mem, name);
    if (v.name.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "vkey");
    }
    *out = v;
    return ERR_OK;
}

enum err note_signer_of(struct cx *cx, struct str name, enum note_sig_type type,
                        const uint8_t seed[NOTE_SEED_LEN], struct note_signer *out)
{
    struct note_signer s = { .pub = { .type = type } };
    if (!name_ok(name)) {
        return fail(cx, ERR_NOTE, "key name \"" STR_FMT "\"", STR_ARG(name));
    }
    s.pub.name = str_dup(cx->mem, name);
    if (s.pub.name.p == NULL || sodium_init() < 0) {
        return fail(cx, ERR_NO_MEMORY, "key");
    }
    crypto_sign_seed_keypair(s.pub.key, s.secret, seed);
    s.pub.key_id = key_id_of(name, type, s.pub.key);
    *out = s;
    return ERR_OK;
}

static void put_sig_line(struct buf *b, const struct note_verifier *v, const uint8_t *sig, size_t n)
{
    uint8_t all[KEY_ID_LEN + 8 + LEDGER_SIG_LEN];
    for (unsigned i = 0; i < KEY_ID_LEN; i++) {
        all[i] = (uint8_t)(v->key_id >> (24 - 8 * i));
    }
    memcpy(all + KEY_ID_LEN, sig, n);
    buf_put_z(b, SIG_LINE_START);
    buf_put(b, v->name);
    buf_put_c(b, ' ');
    put_base64(b, all, KEY_ID_LEN + n);
    buf_put_c(b, '\n');
}

enum err note_sign(struct cx *cx, const struct note_signer *s, struct str text, struct str *note)
{
    uint8_t sig[LEDGER_SIG_LEN];
    struct buf b = buf_of(cx->mem, NOTE_MAX);
    if (s->pub.type != NOTE_ED25519 || text.n == 0 || text.p[text.n - 1] != '\n') {
        return fail(cx, ERR_NOTE, "text of a note ends with a line end");
    }
    crypto_sign_detached(sig, NULL, (const uint8_t *)text.p, text.n, s->secret);
    buf_put(&b, text);
    buf_put_c(&b, '\n');
    put_sig_line(&b, &s->pub, sig, sizeof sig);
    return buf_done(cx, &b, note);
}

/* What a cosignature signs: "cosignature/v1", the time, the checkpoint's text. */
static enum err cosigned_message(struct cx *cx, struct str text, int64_t seconds, struct str *out)
{
    struct buf b = buf_of(cx->mem, NOTE_MAX + 64);
    buf_put_z(&b, "cosignature/v1\ntime ");
    buf_put_int(&b, seconds);
    buf_put_c(&b, '\n');
    buf_put(&b, text);
    return buf_done(cx, &b, out);
}

enum err note_cosign(struct cx *cx, const struct note_signer *s, struct str text, int64_t at_ms,
                     struct str *line)
{
    uint8_t timed[8 + LEDGER_SIG_LEN];
    int64_t seconds = at_ms / 1000;
    struct str message;
    struct buf b = buf_of(cx->mem, NOTE_MAX);
    if (s->pub.type != NOTE_COSIGNATURE || seconds <= 0) {
        return fail(cx, ERR_NOTE, "cosigning needs a cosigner's key and a time");
    }
    TRY(cosigned_message(cx, text, seconds, &message));
    for (unsigned i = 0; i < 8; i++) {
        timed[i] = (uint8_t)((uint64_t)seconds >> (56 - 8 * i));
    }
    crypto_sign_detached(timed + 8, NULL, (const uint8_t *)message.p, message.n, s->secret);
    put_sig_line(&b, &s->pub, timed, sizeof timed);
    return buf_done(cx, &b, line);
}

/* Is this line a signature by v over text? */
static enum err sig_line_holds(struct cx *cx, struct str line, struct str text,
                               const struct note_verifier *v, bool *holds, int64_t *at_ms)
{
    uint8_t all[KEY_ID_LEN + 8 + LEDGER_SIG_LEN];
    size_t n = 0, head = v->type == NOTE_COSIGNATURE ? 8 : 0;
    struct str rest = line, message = text;
    int64_t seconds = 0;
    *holds = false;
    str_cut(&rest, ' ');
    struct str name = str_cut(&rest, ' ');
    if (!str_eq(name, v->name) || !get_base64(rest, all, sizeof all, &n) ||
        n != KEY_ID_LEN + head + LEDGER_SIG_LEN || be32(all) != v->key_id) {
        return ERR_OK;
    }
    if (head > 0) {
        uint64_t be = 0;
        for (unsigned i = 0; i < 8; i++) {
            be = be << 8 | all[KEY_ID_LEN + i];
        }
        if (be == 0 || be > (uint64_t)INT64_MAX / 1000) {
            return ERR_OK;
        }
        seconds = (int64_t)be;
        TRY(cosigned_message(cx, text, seconds, &message));
    }
    *holds = crypto_sign_verify_detached(all + KEY_ID_LEN + head, (const uint8_t *)message.p,
                                         message.n, v->key) == 0;
    *at_ms = seconds * 1000;
    return ERR_OK;
}

/* Splits a note at its last empty line. */
static bool note_split(struct str note, struct str *text, struct str *sigs)
{
    if (note.n > NOTE_MAX || utf8_bad_at(note) != note.n) {
        return false;
    }
    for (size_t i = note.n; i-- > 1;) {
        if (note.p[i] == '\n' && note.p[i - 1] == '\n') {
            *text = (struct str){ note.p, i };
            *sigs = str_from(note, i + 1);
            return sigs->n > 0 && sigs->p[sigs->n - 1] == '\n';
        }
    }
    return false;
}

enum err note_open(struct cx *cx, struct str note, const struct note_verifier *v, struct str *text,
                   int64_t *at_ms)
{
    struct str body, sigs;
    bool found = false;
    int64_t at = 0;
    if (!note_split(note, &body, &sigs)) {
        return fail(cx, ERR_NOTE, "not a signed note");
    }
    for (int i = 0; i < SIGS_MAX && sigs.n > 0 && !found; i++) {
        struct str line = str_cut(&sigs, '\n');
        if (!str_starts(line, STR(SIG_LINE_START))) {
            return fail(cx, ERR_NOTE, "signature line %d is malformed", i + 1);
        }
        TRY(sig_line_holds(cx, line, body, v, &found, &at));
    }
    if (!found) {
        return fail(cx, ERR_NOTE, "no valid signature by " STR_FMT, STR_ARG(v->name));
    }
    *text = body;
    if (at_ms != NULL) {
        *at_ms = at;
    }
    return ERR_OK;
}

enum err checkpoint_text(struct cx *cx, const struct checkpoint *c, struct str *out)
{
    struct buf b = buf_of(cx->mem, NOTE_MAX);
    buf_put(&b, c->origin);
    buf_put_c(&b, '\n');
    buf_put_int(&b, c->size);
    buf_put_c(&b, '\n');
    put_base64(&b, c->root.b, DIGEST_LEN);
    buf_put_c(&b, '\n');
    return buf_done(cx, &b, out);
}

enum err checkpoint_parse(struct cx *cx, struct str text, struct checkpoint *out)
{
    struct checkpoint c;
    size_t n = 0;
    struct str rest = text;
    c.origin = str_cut(&rest, '\n');
    struct str size = str_cut(&rest, '\n');
    struct str root = str_cut(&rest, '\n');
    if (text.n == 0 || text.p[text.n - 1] != '\n' || c.origin.n == 0 || size.n == 0 ||
        (size.p[0] == '0' && size.n > 1) || !get_base64(root, c.root.b, DIGEST_LEN, &n) ||
        n != DIGEST_LEN) {
        return fail(cx, ERR_NOTE, "not a checkpoint: want origin, size, root");
    }
    if (str_int(cx, size, 0, INT64_MAX, &c.size) != ERR_OK) {
        fault_clear(cx);
        return fail(cx, ERR_NOTE, "checkpoint: size");
    }
    *out = c;
    return ERR_OK;
}
