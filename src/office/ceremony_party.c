/* The departments' part: commitments before the freeze, values after it. */
#include "office/ceremony.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, PARTY_WHAT_MAX = 512 };

/* ---- kept contributions ---------------------------------------------------------------------- */

/* The commitment is part of the name: a newer contribution whose command fails must not take the
 * place of the one that counts. */
static enum err kept_path(struct cx *cx, const struct desk *d, const struct contribution *of,
                          struct str commitment, char *out)
{
    int n = snprintf(out, PATH_BYTES, STR_FMT "/contributions/" STR_FMT "." STR_FMT ".%.16s.txt",
                     STR_ARG(d->data_dir), STR_ARG(of->draw_id), STR_ARG(of->party), commitment.p);
    return n > 0 && n < PATH_BYTES ? ERR_OK : fail(cx, ERR_TOO_LONG, "the data folder's name");
}

static enum err kept_folder(struct cx *cx, const struct desk *d)
{
    char folder[PATH_BYTES];
    int n = snprintf(folder, sizeof folder, STR_FMT "/contributions", STR_ARG(d->data_dir));
    if (n <= 0 || n >= (int)sizeof folder) {
        return fail(cx, ERR_TOO_LONG, "the data folder's name");
    }
    return mkdir(folder, S_IRWXU) == 0 || errno == EEXIST
               ? ERR_OK
               : fail(cx, ERR_FILE, "%s: %s", folder, strerror(errno));
}

static void close_fd(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static enum err write_whole(struct cx *cx, const char *path, struct str body)
{
    char next[PATH_BYTES + 8];
    (void)snprintf(next, sizeof next, "%s.new", path);
    CLEANUP(close_fd)
    int fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0 || write(fd, body.p, body.n) != (ssize_t)body.n || fsync(fd) != 0 ||
        rename(next, path) != 0) {
        return fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    return ERR_OK;
}

static enum err read_whole(struct cx *cx, const char *path, struct str *body)
{
    enum { CONTRIBUTION_MAX = 512 };
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *room = arena_alloc(cx->mem, CONTRIBUTION_MAX, 1);
    if (room == NULL) {
        return fail(cx, ERR_NO_MEMORY, "a contribution");
    }
    ssize_t n = fd < 0 ? -1 : read(fd, room, CONTRIBUTION_MAX);
    if (n < 0) {
        return fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    *body = (struct str){ room, (size_t)n };
    return ERR_OK;
}

/* ---- committing ------------------------------------------------------------------------------ */

struct committing {
    struct str commitment;
    int kept;
};

static enum err commit_record(struct cx *cx, struct tx *tx, const struct ceremony *c,
                              const struct ceremony_command *cmd)
{
    const struct committing *w = cmd->arg;
    struct buf what = buf_of(cx->mem, PARTY_WHAT_MAX);
    int64_t changed;
    TRY(q_draw_bump(cx, tx, c->row.id, c->row.ver, cx->now_ms, &changed));
    TRY(ceremony_moved(cx, c, changed));
    TRY(q_draw_party_commit(cx, tx, c->row.id, cmd->in.dept, w->commitment, w->kept, cx->now_ms,
                            &changed));
    TRY(ceremony_moved(cx, c, changed));
    buf_fmt(&what, "commit " STR_FMT " " STR_FMT, STR_ARG(cmd->in.dept), STR_ARG(w->commitment));
    struct ceremony_said said = { .what = buf_str(&what) };
    return ceremony_note(cx, tx, c, cmd, &said, NULL);
}

static struct ceremony_command commit_command(const struct desk *d, const struct actor *by,
                                              int64_t id, struct str dept, struct str op_key,
                                              struct committing *w)
{
    return (struct ceremony_command){ .desk = d,
                                      .by = by,
                                      .id = id,
                                      .op_key = op_key,
                                      .in = { .step = CEREMONY_STEP_COMMIT, .dept = dept },
                                      .record = commit_record,
                                      .arg = w };
}

enum err ceremony_commit(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str dept, struct str commitment, struct str op_key)
{
    struct committing w = { .commitment = commitment };
    struct digest d32;
    if (!digest_from_hex(commitment, &d32)) {
        return fail(cx, ERR_FIELD, "commitment: 64 lower-case hex digits");
    }
    struct ceremony_command cmd = commit_command(d, by, id, dept, op_key, &w);
    return ceremony_take(cx, &cmd);
}

enum err ceremony_commit_kept(struct cx *cx, const struct desk *d, const struct actor *by,
                              int64_t id, struct str dept, struct str op_key)
{
    struct committing w = { .kept = 1 };
    struct ceremony_command cmd = commit_command(d, by, id, dept, op_key, &w);
    struct ceremony_work seen;
    struct contribution made = { .party = dept };
    struct buf text = buf_of(cx->mem, PARTY_WHAT_MAX);
    struct buf hex = buf_of(cx->mem, CEREMONY_HEX);
    char path[PATH_BYTES];
    TRY(ceremony_prepare(cx, &cmd, &seen)); /* no file is written for what would be refused */
    if (seen.done) {
        return ERR_OK;
    }
    randombytes_buf(made.value, sizeof made.value);
    made.draw_id = seen.c.row.no;
    contribution_write(&made, &text);
    struct digest commitment = commitment_of((enum digest_kind)seen.c.row.hash, &made);
    buf_put_hex(&hex, commitment.b, DIGEST_LEN);
    w.commitment = buf_str(&hex);
    TRY(kept_folder(cx, d));
    TRY(kept_path(cx, d, &made, w.commitment, path));
    TRY(write_whole(cx, path, buf_str(&text)));
    cmd.ver = 0; /* what other departments did meanwhile does not matter */
    return ceremony_take(cx, &cmd);
}

/* ---- revealing ------------------------------------------------------------------------------- */

static enum err write_reveals(struct cx *cx, struct tx *tx, const struct ceremony *c,
                              struct reveals *r)
{
    struct freeze f;
    struct buf text = buf_of(cx->mem, CEREMONY_TEXT_MAX);
    struct str body;
    for (size_t i = 0; i < c->n_parties; i++) {
        r->party[i].given = c->parties[i].value.p != NULL;
        if (r->party[i].given && !hex_get(c->parties[i].value, r->party[i].value)) {
            return fail(cx, ERR_STORE, "the value of " STR_FMT, STR_ARG(c->parties[i].dept));
        }
    }
    TRY(ceremony_freeze_of(cx, tx, c, &f));
    reveals_write(&c->plan, &f, r, &text);
    TRY(buf_done(cx, &text, &body));
    return ceremony_text_add(cx, tx, c, "reveals.txt", body, &r->digest);
}

/* All reveals are in, or closed: reveals.txt is logged. Without a beacon the seed is fixed too. */
static enum err all_revealed(struct cx *cx, struct tx *tx, struct ceremony *c,
                             const struct ceremony_command *cmd)
{
    struct reveals r = { 0 };
    int64_t changed;
    TRY(write_reveals(cx, tx, c, &r));
    TRY(q_draw_to_revealed(cx, tx, c->row.id, c->row.ver, cx->now_ms, CEREMONY_REVEALED, &changed));
    TRY(ceremony_moved(cx, c, changed));
    c->row.ver++;
    struct ceremony_said said = { STR("reveals.txt"), &r.digest, LEDGER_REVEALS };
    TRY(ceremony_note(cx, tx, c, cmd, &said, NULL));
    return c->n_beacons == 0 ? ceremony_seeded(cx, tx, c, cmd) : ERR_OK;
}

struct revealing {
    struct str value;
};

static enum err check_value(struct cx *cx, const struct ceremony *c, size_t party, struct str value)
{
    struct contribution got = { .draw_id = c->row.no, .party = c->parties[party].dept };
    struct digest want;
    if (value.n != sizeof got.value * 2 || !hex_get(value, got.value)) {
        return fail(cx, ERR_FIELD, "value: 64 lower-case hex digits");
    }
    struct digest made = commitment_of((enum digest_kind)c->row.hash, &got);
    if (!digest_from_hex(c->parties[party].commitment, &want) || !digest_eq(&made, &want)) {
        return fail(cx, ERR_DRAW_REVEAL, STR_FMT, STR_ARG(c->parties[party].dept));
    }
    return ERR_OK;
}

static enum err reveal_record(struct cx *cx, struct tx *tx, const struct ceremony *loaded,
                              const struct ceremony_command *cmd)
{
    const struct revealing *w = cmd->arg;
    struct ceremony c = *loaded;
    struct buf what = buf_of(cx->mem, PARTY_WHAT_MAX);
    size_t at = ceremony_party_find(&c, cmd->in.dept);
    size_t given = 0;
    int64_t changed;
    if (at == c.n_parties) {
        return fail(cx, ERR_NOT_FOUND, "party " STR_FMT, STR_ARG(cmd->in.dept));
    }
    TRY(check_value(cx, &c, at, w->value));
    TRY(q_draw_party_reveal(cx, tx, c.row.id, cmd->in.dept, w->value, cx->now_ms, &changed));
    TRY(ceremony_moved(cx, &c, changed));
    TRY(q_draw_bump(cx, tx, c.row.id, c.row.ver, cx->now_ms, &changed));
    TRY(ceremony_moved(cx, &c, changed));
    c.row.ver++;
    buf_fmt(&what, "reveal " STR_FMT, STR_ARG(cmd->in.dept));
    struct ceremony_said said = { .what = buf_str(&what) };
    TRY(ceremony_note(cx, tx, &c, cmd, &said, NULL));
    c.parties[at].value = w->value;
    for (size_t i = 0; i < c.n_parties; i++) {
        given += c.parties[i].value.p != NULL;
    }
    return given == c.n_parties ? all_revealed(cx, tx, &c, cmd) : ERR_OK;
}

static struct ceremony_command reveal_command(const struct desk *d, const struct actor *by,
                                              int64_t id, struct str dept, struct str op_key,
                                              struct revealing *w)
{
    return (struct ceremony_command){ .desk = d,
                                      .by = by,
                                      .id = id,
                                      .op_key = op_key,
                                      .in = { .step = CEREMONY_STEP_REVEAL, .dept = dept },
                                      .record = reveal_record,
                                      .arg = w };
}

enum err ceremony_reveal(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                         struct str dept, struct str value, struct str op_key)
{
    struct revealing w = { value };
    struct ceremony_command cmd = reveal_command(d, by, id, dept, op_key, &w);
    return ceremony_take(cx, &cmd);
}

enum err ceremony_reveal_kept(struct cx *cx, const struct desk *d, const struct actor *by,
                              int64_t id, struct str dept, struct str op_key)
{
    struct revealing w = { { NULL, 0 } };
    struct ceremony_command cmd = reveal_command(d, by, id, dept, op_key, &w);
    struct ceremony_work seen;
    struct contribution kept;
    struct draw_text room;
    struct str body;
    char path[PATH_BYTES];
    char hex[2 * DRAW_VALUE_LEN];
    TRY(ceremony_prepare(cx, &cmd, &seen));
    if (seen.done) {
        return ERR_OK;
    }
    size_t at = ceremony_party_find(&seen.c, dept);
    if (at == seen.c.n_parties || seen.c.parties[at].kept == 0) {
        return fail(cx, ERR_NOT_FOUND, "no contribution of " STR_FMT " is kept", STR_ARG(dept));
    }
    kept = (struct contribution){ .draw_id = seen.c.row.no, .party = dept };
    TRY(kept_path(cx, d, &kept, seen.c.parties[at].commitment, path));
    TRY(read_whole(cx, path, &body));
    struct draw_source source = draw_source_of("contribution", body, &room);
    TRY(contribution_read(cx, &source, &kept));
    hex_put(kept.value, sizeof kept.value, hex);
    w.value = (struct str){ hex, sizeof hex };
    cmd.ver = 0;
    return ceremony_take(cx, &cmd);
}

/* ---- closing --------------------------------------------------------------------------------- */

static enum err close_record(struct cx *cx, struct tx *tx, const struct ceremony *loaded,
                             const struct ceremony_command *cmd)
{
    struct ceremony c = *loaded;
    int64_t changed;
    if (!c.asked.missing_skip) {
        return ceremony_end(cx, tx, &c, cmd);
    }
    TRY(q_draw_parties_skip(cx, tx, c.row.id, &changed));
    struct ceremony_said said = { .what = cmd->in.reason };
    TRY(ceremony_note(cx, tx, &c, cmd, &said, NULL));
    return all_revealed(cx, tx, &c, cmd);
}

enum err ceremony_close_reveals(struct cx *cx, const struct desk *d, const struct actor *by,
                                int64_t id, struct str reason, struct str op_key)
{
    struct ceremony_command cmd = { .desk = d,
                                    .by = by,
                                    .id = id,
                                    .op_key = op_key,
                                    .in = { .step = CEREMONY_STEP_CLOSE_REVEALS, .reason = reason },
                                    .record = close_record };
    return ceremony_take(cx, &cmd);
}
