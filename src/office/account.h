/* Accounts, sessions and tokens: who a caller is. */
#ifndef SISHI_OFFICE_ACCOUNT_H
#define SISHI_OFFICE_ACCOUNT_H

#include "office/desk.h"

enum account_status { ACCOUNT_ACTIVE = 1, ACCOUNT_CLOSED = 2 };

struct account_new {
    struct str name;     /* 2..32 of a-z 0-9 . _ - ; unique, never reused */
    struct str shown;    /* what a person reads, 1..64 characters */
    struct str password; /* 10..128 characters with three of the four kinds of character */
    uint32_t roles;      /* mask of 1 << enum role */
    struct str dept;     /* department code; may be empty */
    struct str region;   /* prefix of region codes; "" = the whole province */
};

struct account {
    int64_t id;
    struct str name, shown, dept, region;
    uint32_t roles;
    enum account_status status;
    int64_t created_at, locked_until_at, last_sign_in_at; /* Unix ms; 0 = never */
};

/* Rules of passwords, sessions and locking: GB/T 22239-2019 level 3 asks for identity that is hard
 * to forge, for locking after failures and for ending idle sessions, and leaves the numbers to the
 * operator. */
enum {
    PASSWORD_MIN = 10,
    PASSWORD_MAX = 128,
    SIGN_IN_TRIES = 5,                    /* failures in a row before an account is locked */
    LOCK_MS = 15 * 60 * 1000,             /* for how long */
    SESSION_IDLE_MS = 30 * 60 * 1000,     /* a session unused for this long has ended */
    SESSION_MAX_MS = 12 * 60 * 60 * 1000, /* and after this long in any case */
    SESSION_SEEN_STEP_MS = 60 * 1000,     /* last use is written at most this often */
};

/* An unguessable token as its holder has it: 64 hex characters. Only its digest is stored. */
enum { TOKEN_CHARS = 64 };

/* The browser's cookie that carries a session's token. */
#define SESSION_COOKIE "sishi_session"

/* Who stands at the door: http's `user` of a call. All zero when nobody is signed in. */
struct caller {
    struct actor actor;
    struct str form_token; /* must come back with each write of a session; empty for API tokens */
    struct str session;    /* the session's token; empty for API tokens */
    bool by_token;         /* an API token: no cookie, so no form token is needed */
};

/**
 * Makes an account. Needs POWER_ACCOUNT_ADMIN, or no account at all in the database and an actor
 * with account 0 (the first account is made at the console).
 *
 * @return ERR_FIELD (names the field), ERR_DUPLICATE, ERR_FORBIDDEN
 */
enum err account_add(struct cx *cx, const struct desk *d, const struct actor *by,
                     const struct account_new *a, struct str op_key, int64_t *id) MUST_USE;
/* All accounts by name, in cx->mem. Needs POWER_ACCOUNT_ADMIN. */
enum err account_list(struct cx *cx, const struct desk *d, const struct actor *by,
                      struct account **out, size_t *n) MUST_USE;
/* Sets a password, unlocks the account and ends its sessions. By the account itself or with
 * POWER_ACCOUNT_ADMIN. */
enum err account_set_password(struct cx *cx, const struct desk *d, const struct actor *by,
                              struct str name, struct str password) MUST_USE;
/* The actor an account is. For the console, where being able to open the database is the proof.
 * @return ERR_NOT_FOUND */
enum err account_actor(struct cx *cx, const struct desk *d, struct str name,
                       struct actor *out) MUST_USE;

/* The same by its id: for work that goes on after its request. */
enum err account_actor_of(struct cx *cx, const struct desk *d, int64_t account,
                          struct actor *out) MUST_USE;

/**
 * Signs in: password checked by argon2id (64 MiB, 2 passes, two at a time in the whole program),
 * in the same time whether or not the account exists.
 *
 * @param token  TOKEN_CHARS of hex in cx->mem, to be kept by the browser
 * @return ERR_PASSWORD (wrong name or password, and which is not said), ERR_LOCKED (until when)
 */
enum err session_open(struct cx *cx, const struct desk *d, struct str name, struct str password,
                      struct caller *out) MUST_USE;
/* The caller behind a session's token. @return ERR_SIGNED_OUT when it has ended or never was.
 * @cost one indexed read; a write at most once a minute */
enum err session_caller(struct cx *cx, const struct desk *d, struct str token,
                        struct caller *out) MUST_USE;
enum err session_close(struct cx *cx, const struct desk *d, struct str token) MUST_USE;
/* Is `given` this session's form token? In constant time. */
bool session_form_token_ok(const struct caller *c, struct str given);

/**
 * Makes an API token for an account, with its roles or fewer.
 *
 * @param label   what it is for, 1..64 characters
 * @param roles   mask; cut to what the account holds
 * @param days    1..366 until it ends
 * @param token   shown once: TOKEN_CHARS of hex in cx->mem
 */
enum err token_make(struct cx *cx, const struct desk *d, const struct actor *by, struct str account,
                    struct str label, uint32_t roles, int64_t days, struct str *token) MUST_USE;
enum err token_caller(struct cx *cx, const struct desk *d, struct str token,
                      struct caller *out) MUST_USE;

/* The demo province's accounts: one for each role and for three departments, all with the password
 * DEMO_PASSWORD. Those that exist stay as they are. Only for a database marked as demo. */
#define DEMO_PASSWORD "Sishi-try-2026"
struct demo_account {
    const char *name, *shown, *dept;
    uint32_t roles;
};
extern const struct demo_account demo_accounts[];
extern const size_t n_demo_accounts;
enum err account_seed_demo(struct cx *cx, const struct desk *d) MUST_USE;

/**
 * In a demo database a planner may take the parts of the demo departments, so that a newcomer can
 * hold a whole ceremony alone: the actor of the department's demo administrator. What is done so is
 * recorded under that account. An administrator of the department itself stays who they are.
 *
 * @return ERR_FORBIDDEN outside a demo database, without POWER_DRAW_PLAN, or for a department
 *         without a demo account
 */
enum err account_demo_part(struct cx *cx, const struct desk *d, const struct actor *by,
                           struct str dept, struct actor *out) MUST_USE;
/* Has the department a demo administrator? */
bool account_demo_has_part(struct str dept);

#endif
