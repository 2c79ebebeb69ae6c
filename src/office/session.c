#include "office/office.h"

#include "office/password.h"
#include "q_account.h"

#include <sodium.h>
#include <string.h>

enum { TOKEN_BYTES = TOKEN_CHARS / 2, DIGEST_CHARS = 2 * DIGEST_LEN, LABEL_MAX = 64 };
enum { DAY_MS = 86400000 };

/* Of a token only its digest is stored, so whoever reads the table cannot use it. */
struct token_digest {
    char text[DIGEST_CHARS];
};

static struct token_digest digest_of_token(struct str token)
{
    struct token_digest out;
    struct digest d = digest_of(DIGEST_SHA256, token);
    hex_put(d.b, sizeof d.b, out.text);
    return out;
}

static struct str digest_str(const struct token_digest *d)
{
    return (struct str){ d->text, sizeof d->text };
}

static enum err new_token(struct cx *cx, struct str *out)
{
    uint8_t bytes[TOKEN_BYTES];
    char *text = arena_alloc(cx->mem, TOKEN_CHARS, 1);
    if (text == NULL) {
        return fail(cx, ERR_NO_MEMORY, "token");
    }
    entropy(bytes, sizeof bytes);
    hex_put(bytes, sizeof bytes, text);
    *out = (struct str){ text, TOKEN_CHARS };
    return ERR_OK;
}

/* The form token follows from the session's token, so it needs no storage, and nobody who lacks
 * the cookie can make it. */
static enum err form_token(struct cx *cx, struct str token, struct str *out)
{
    struct hasher h;
    char *text = arena_alloc(cx->mem, DIGEST_CHARS, 1);
    if (text == NULL) {
        return fail(cx, ERR_NO_MEMORY, "form token");
    }
    hasher_init(&h, DIGEST_SHA256);
    hasher_feed(&h, "form", 4);
    hasher_feed(&h, token.p, token.n);
    struct digest d = hasher_end(&h);
    hex_put(d.b, sizeof d.b, text);
    *out = (struct str){ text, DIGEST_CHARS };
    return ERR_OK;
}

bool session_form_token_ok(const struct caller *c, struct str given)
{
    return c->form_token.n == DIGEST_CHARS && given.n == DIGEST_CHARS &&
           sodium_memcmp(c->form_token.p, given.p, DIGEST_CHARS) == 0;
}

static struct actor actor_of(const struct q_account_by_home *a)
{
    return (struct actor){ .account = a->id,
                           .name = a->name,
                           .shown = a->shown,
                           .roles = (uint32_t)a->roles,
                           .dept = a->dept,
                           .region = a->region };
}

struct signing_in {
    struct str name;
    struct token_digest digest;
    struct q_account_by_home account;
    bool found;
};

static enum err look_up_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct signing_in *w = arg;
    struct q_account_home at;
    TRY(q_account_home(cx, tx, w->name, &at, &w->found));
    return w->found ? q_account_by_home(cx, tx, at.home, &w->account) : ERR_OK;
}

/* Counts the failure; the last try allowed locks. */
static enum err failed_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct signing_in *w = arg;
    struct q_account_by_home a;
    int64_t changed;
    TRY(q_account_by_home(cx, tx, w->account.id, &a));
    bool lock = a.fails + 1 >= SIGN_IN_TRIES;
    return q_account_failed(cx, tx, a.id, lock ? cx->now_ms + LOCK_MS : 0, &changed);
}

static enum err opened_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct signing_in *w = arg;
    int64_t changed;
    TRY(q_session_sweep(cx, tx, cx->now_ms - SESSION_IDLE_MS, cx->now_ms - SESSION_MAX_MS,
                        &changed));
    TRY(q_account_signed_in(cx, tx, w->account.id, cx->now_ms, &changed));
    return q_session_insert(cx, tx, digest_str(&w->digest), w->account.id, cx->now_ms, &changed);
}

enum err session_open(struct cx *cx, const struct desk *d, struct str name, struct str password,
                      struct caller *out)
{
    struct signing_in w = { .name = name };
    struct op op = { 0 };
    struct str token;
    TRY(store_read(cx, d->store, look_up_work, &w));
    if (w.found && w.account.locked_until_at > cx->now_ms) {
        char until[INSTANT_CHARS];
        instant_put(w.account.locked_until_at, until);
        return fail(cx, ERR_LOCKED, STR_FMT, INSTANT_CHARS, until);
    }
    bool good = password_matches(w.found ? w.account.password : STR(""), password);
    if (w.found && !good) {
        TRY(store_write(cx, d->store, &op, failed_work, &w));
    }
    if (!good || w.account.status != ACCOUNT_ACTIVE) {
        log_info("session.refused", "known=%d", w.found);
        return fail(cx, ERR_PASSWORD, "%s", "");
    }
    TRY(new_token(cx, &token));
    w.digest = digest_of_token(token);
    TRY(store_write(cx, d->store, &op, opened_work, &w));
    *out = (struct caller){ .actor = actor_of(&w.account), .session = token };
    log_info("session.opened", "account=%lld", (long long)w.account.id);
    return form_token(cx, token, &out->form_token);
}

struct arriving {
    struct token_digest digest;
    struct q_account_by_home account;
    uint32_t roles; /* of an API token */
    int64_t seen_at;
    bool valid;
};

static enum err session_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct arriving *w = arg;
    struct q_session_by_digest s;
    bool found;
    TRY(q_session_by_digest(cx, tx, digest_str(&w->digest), &s, &found));
    w->valid = found && cx->now_ms - s.seen_at < SESSION_IDLE_MS &&
               cx->now_ms - s.created_at < SESSION_MAX_MS;
    w->seen_at = found ? s.seen_at : 0;
    return w->valid ? q_account_by_home(cx, tx, s.account, &w->account) : ERR_OK;
}

static enum err seen_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct arriving *w = arg;
    int64_t changed;
    return q_session_seen(cx, tx, digest_str(&w->digest), cx->now_ms, &changed);
}

enum err session_caller(struct cx *cx, const struct desk *d, struct str token, struct caller *out)
{
    struct arriving w = { .digest = digest_of_token(token) };
    if (token.n != TOKEN_CHARS) {
        return fail(cx, ERR_SIGNED_OUT, "session");
    }
    TRY(store_read(cx, d->store, session_work, &w));
    if (!w.valid || w.account.status != ACCOUNT_ACTIVE) {
        return fail(cx, ERR_SIGNED_OUT, "session");
    }
    if (cx->now_ms - w.seen_at >= SESSION_SEEN_STEP_MS) {
        struct op op = { 0 };
        TRY(store_write(cx, d->store, &op, seen_work, &w));
    }
    *out = (struct caller){ .actor = actor_of(&w.account), .session = token };
    return form_token(cx, token, &out->form_token);
}

static enum err close_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct arriving *w = arg;
    int64_t changed;
    return q_session_delete(cx, tx, digest_str(&w->digest), &changed);
}

enum err session_close(struct cx *cx, const struct desk *d, struct str token)
{
    struct arriving w = { .digest = digest_of_token(token) };
    struct op op = { 0 };
    return store_write(cx, d->store, &op, close_work, &w);
}

struct token_making {
    struct str account, label;
    struct token_digest digest;
    uint32_t roles;
    int64_t ends_at;
};

static enum err token_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct token_making *w = arg;
    struct q_account_home at;
    struct q_account_by_home a;
    bool found;
    int64_t changed;
    TRY(q_account_home(cx, tx, w->account, &at, &found));
    if (!found) {
        return fail(cx, ERR_NOT_FOUND, "account " STR_FMT, STR_ARG(w->account));
    }
    TRY(q_account_by_home(cx, tx, at.home, &a));
    return q_token_insert(cx, tx, digest_str(&w->digest), a.id, w->label,
                          a.roles & (int64_t)w->roles, cx->now_ms, w->ends_at, &changed);
}

enum err token_make(struct cx *cx, const struct desk *d, const struct actor *by, struct str account,
                    struct str label, uint32_t roles, int64_t days, struct str *token)
{
    struct token_making w = { .account = account, .label = label, .roles = roles };
    struct op op = { 0 };
    struct str made;
    if (by->account == 0 || !str_eq(by->name, account)) {
        TRY(access_allow(cx, by, POWER_ACCOUNT_ADMIN, (struct scope){ 0 }));
    }
    if (label.n == 0 || utf8_bad_at(label) < label.n || utf8_count(label) > LABEL_MAX) {
        return fail(cx, ERR_FIELD, "label: 1..%d characters", LABEL_MAX);
    }
    if (days < 1 || days > 366) {
        return fail(cx, ERR_FIELD, "days: 1..366");
    }
    TRY(new_token(cx, &made));
    w.digest = digest_of_token(made);
    w.ends_at = cx->now_ms + days * DAY_MS;
    TRY(store_write(cx, d->store, &op, token_work, &w));
    log_info("token.made", "account=" STR_FMT " days=%lld", STR_ARG(account), (long long)days);
    *token = made;
    return ERR_OK;
}

static enum err token_caller_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct arriving *w = arg;
    struct q_token_by_digest t;
    bool found;
    TRY(q_token_by_digest(cx, tx, digest_str(&w->digest), &t, &found));
    w->valid = found && t.ends_at > cx->now_ms;
    w->roles = found ? (uint32_t)t.roles : 0;
    return w->valid ? q_account_by_home(cx, tx, t.account, &w->account) : ERR_OK;
}

enum err token_caller(struct cx *cx, const struct desk *d, struct str token, struct caller *out)
{
    struct arriving w = { .digest = digest_of_token(token) };
    if (token.n != TOKEN_CHARS) {
        return fail(cx, ERR_SIGNED_OUT, "token");
    }
    TRY(store_read(cx, d->store, token_caller_work, &w));
    if (!w.valid || w.account.status != ACCOUNT_ACTIVE) {
        return fail(cx, ERR_SIGNED_OUT, "token");
    }
    *out = (struct caller){ .actor = actor_of(&w.account), .by_token = true };
    out->actor.roles &= w.roles;
    return ERR_OK;
}
