#include "office/office.h"

#include "office/password.h"
#include "q_account.h"

#include <string.h>

enum { NAME_MIN = 2, NAME_MAX = 32, SHOWN_MAX = 64 };

static bool is_name(struct str name)
{
    if (name.n < NAME_MIN || name.n > NAME_MAX) {
        return false;
    }
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool fine =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (!fine) {
            return false;
        }
    }
    return true;
}

static enum err decide_account(struct cx *cx, const struct account_new *a)
{
    if (!is_name(a->name)) {
        return fail(cx, ERR_FIELD, "name: %d..%d of a-z 0-9 . _ -", NAME_MIN, NAME_MAX);
    }
    if (a->shown.n == 0 || utf8_bad_at(a->shown) < a->shown.n || utf8_count(a->shown) > SHOWN_MAX) {
        return fail(cx, ERR_FIELD, "shown: 1..%d characters", SHOWN_MAX);
    }
    if (a->roles == 0 || a->roles >> ROLE__COUNT != 0) {
        return fail(cx, ERR_FIELD, "roles: at least one");
    }
    /* One person, one kind of duty: GB/T 22239-2019 keeps administration of the system apart. */
    if ((a->roles & ROLE_BIT(SYSTEM_ADMIN)) != 0 && a->roles != ROLE_BIT(SYSTEM_ADMIN)) {
        return fail(cx, ERR_FIELD, "roles: system_admin holds no other role");
    }
    if ((a->roles & ROLE_BIT(DEPARTMENT_ADMIN)) != 0 && a->dept.n == 0) {
        return fail(cx, ERR_FIELD, "dept: a department_admin belongs to one");
    }
    return decide_password(cx, a->password, a->name);
}

struct adding {
    const struct actor *by;
    const struct account_new *a;
    struct str hash;
    int64_t id; /* out */
};

static struct str or_null(struct str s)
{
    return s.n == 0 ? (struct str){ NULL, 0 } : s;
}

static enum err add_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct adding *w = arg;
    struct q_account_any first;
    bool found;
    int64_t changed;
    TRY(q_account_any(cx, tx, &first, &found));
    if (found || w->by->account != 0) {
        TRY(access_allow(cx, w->by, POWER_ACCOUNT_ADMIN, (struct scope){ 0 }));
    }
    TRY(tx_id(cx, tx, &w->id));
    TRY(q_account_key_insert(cx, tx, w->a->name, w->id, &changed));
    const struct qa_account_insert row = { .id = w->id,
                                           .name = w->a->name,
                                           .shown = w->a->shown,
                                           .password = w->hash,
                                           .roles = (int64_t)w->a->roles,
                                           .dept = or_null(w->a->dept),
                                           .region = or_null(w->a->region),
                                           .created_at = cx->now_ms,
                                           .created_by = w->by->account };
    return q_account_insert(cx, tx, &row, &changed);
}

enum err account_add(struct cx *cx, const struct desk *d, const struct actor *by,
                     const struct account_new *a, struct str op_key, int64_t *id)
{
    struct adding w = { .by = by, .a = a };
    struct op op = { .key = op_key };
    TRY(decide_account(cx, a));
    TRY(password_hash(cx, a->password, &w.hash));
    TRY(store_write(cx, d->store, &op, add_work, &w));
    if (op.replayed) {
        struct actor there;
        TRY(account_actor(cx, d, a->name, &there));
        w.id = there.account;
    }
    log_info("account.added", "name=" STR_FMT " by=%lld", STR_ARG(a->name), (long long)by->account);
    *id = w.id;
    return ERR_OK;
}

struct listing {
    struct account *out;
    size_t n;
};

static enum err list_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct listing *w = arg;
    struct q_account_all *rows;
    TRY(q_account_all(cx, tx, &rows, &w->n));
    w->out = arena_alloc(cx->mem, w->n, sizeof *w->out);
    if (w->out == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu accounts", w->n);
    }
    for (size_t i = 0; i < w->n; i++) {
        w->out[i] = (struct account){
            .id = rows[i].id,
            .name = rows[i].name,
            .shown = rows[i].shown,
            .dept = rows[i].dept,
            .region = rows[i].region,
            .roles = (uint32_t)rows[i].roles,
            .status = (enum account_status)rows[i].status,
            .created_at = rows[i].created_at,
            .locked_until_at = rows[i].locked_until_at,
            .last_sign_in_at = rows[i].last_sign_in_at,
        };
    }
    return ERR_OK;
}

enum err account_list(struct cx *cx, const struct desk *d, const struct actor *by,
                      struct account **out, size_t *n)
{
    struct listing w = { 0 };
    TRY(access_allow(cx, by, POWER_ACCOUNT_ADMIN, (struct scope){ 0 }));
    TRY(store_read(cx, d->store, list_work, &w));
    *out = w.out;
    *n = w.n;
    return ERR_OK;
}

struct changing {
    struct str name, hash;
};

static enum err password_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct changing *w = arg;
    struct q_account_home at;
    bool found;
    int64_t changed;
    TRY(q_account_home(cx, tx, w->name, &at, &found));
    if (!found) {
        return fail(cx, ERR_NOT_FOUND, "account " STR_FMT, STR_ARG(w->name));
    }
    TRY(q_account_password(cx, tx, at.home, w->hash, &changed));
    return q_session_delete_of(cx, tx, at.home, &changed);
}

enum err account_set_password(struct cx *cx, const struct desk *d, const struct actor *by,
                              struct str name, struct str password)
{
    struct changing w = { .name = name };
    struct op op = { 0 };
    if (by->account == 0 || !str_eq(by->name, name)) {
        TRY(access_allow(cx, by, POWER_ACCOUNT_ADMIN, (struct scope){ 0 }));
    }
    TRY(decide_password(cx, password, name));
    TRY(password_hash(cx, password, &w.hash));
    TRY(store_write(cx, d->store, &op, password_work, &w));
    log_info("account.password", "name=" STR_FMT " by=%lld", STR_ARG(name), (long long)by->account);
    return ERR_OK;
}

struct finding {
    int64_t id;
    struct str name;
    struct actor *out;
};

static enum err actor_fill(struct cx *cx, struct tx *tx, int64_t home, struct actor *out)
{
    struct q_account_by_home a;
    TRY(q_account_by_home(cx, tx, home, &a));
    if (a.status != ACCOUNT_ACTIVE) {
        return fail(cx, ERR_FORBIDDEN, "account " STR_FMT " is closed", STR_ARG(a.name));
    }
    *out = (struct actor){ .account = a.id,
                           .name = a.name,
                           .shown = a.shown,
                           .roles = (uint32_t)a.roles,
                           .dept = a.dept,
                           .region = a.region };
    return ERR_OK;
}

static enum err actor_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct finding *w = arg;
    struct q_account_home at;
    bool found;
    TRY(q_account_home(cx, tx, w->name, &at, &found));
    if (!found) {
        return fail(cx, ERR_NOT_FOUND, "account " STR_FMT, STR_ARG(w->name));
    }
    return actor_fill(cx, tx, at.home, w->out);
}

enum err account_actor(struct cx *cx, const struct desk *d, struct str name, struct actor *out)
{
    struct finding w = { .name = name, .out = out };
    return store_read(cx, d->store, actor_work, &w);
}

static enum err actor_of_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct finding *w = arg;
    return actor_fill(cx, tx, w->id, w->out);
}

enum err account_actor_of(struct cx *cx, const struct desk *d, int64_t account, struct actor *out)
{
    struct finding w = { .id = account, .out = out };
    return store_read(cx, d->store, actor_of_work, &w);
}
