/* Who the caller is: sessions, tokens, accounts. */
#include "api/handlers.h"

static const char *const role_words[] = {
#define X(symbol, name) name,
    ROLE_TABLE(X)
#undef X
        NULL
};

static void put_roles(struct json *j, uint32_t roles)
{
    json_key(j, "roles");
    json_array(j);
    for (int r = 0; r < ROLE__COUNT; r++) {
        if ((roles >> r & 1u) != 0) {
            json_z(j, role_name((enum role)r));
        }
    }
    json_end_array(j);
}

static void put_actor(struct json *j, const struct actor *who)
{
    json_key_str(j, "name", who->name);
    json_key_str(j, "shown", who->shown);
    json_key_text(j, "dept", who->dept);
    json_key_text(j, "region", who->region);
    put_roles(j, who->roles);
}

enum err get_me(struct http_call *c)
{
    struct document d;
    TRY(input_none(c));
    document_open(c, &d);
    put_actor(&d.j, actor_of(c));
    return document_answer(c, 200, &d);
}

/* ---- sessions -------------------------------------------------------------------------------- */

struct session_input {
    uint64_t given;
    struct str name, password;
};

enum err open_session(struct http_call *c)
{
    static const struct input_member members[] = {
        { "name", INPUT_TEXT, REQUIRED, offsetof(struct session_input, name), 1, 64, NULL, NULL },
        { "password", INPUT_TEXT, REQUIRED, offsetof(struct session_input, password), 1,
          PASSWORD_MAX, NULL, NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct session_input in = { 0 };
    struct caller who;
    struct document d;
    TRY(input_body(c, &table, &in));
    TRY(session_open(c->cx, desk_of(c), in.name, in.password, &who));
    TRY(http_set_cookie(c, SESSION_COOKIE, who.session, SESSION_MAX_MS / 1000));
    document_open(c, &d);
    json_key_str(&d.j, "form_token", who.form_token);
    put_actor(&d.j, &who.actor);
    return document_answer(c, 201, &d);
}

enum err close_session(struct http_call *c)
{
    const struct caller *who = c->user;
    TRY(input_none(c));
    if (who->session.n == 0) {
        return fail(c->cx, ERR_FIELD, "session: a token has none");
    }
    TRY(session_close(c->cx, desk_of(c), who->session));
    TRY(http_set_cookie(c, SESSION_COOKIE, STR(""), 0));
    return answer_nothing(c);
}

/* ---- tokens ---------------------------------------------------------------------------------- */

struct token_input {
    uint64_t given;
    struct str account, label;
    uint64_t roles;
    int64_t days;
};

enum err make_token(struct http_call *c)
{
    static const struct input_member members[] = {
        { "account", INPUT_TEXT, OPTIONAL, offsetof(struct token_input, account), 1, 32, NULL,
          NULL },
        { "label", INPUT_TEXT, REQUIRED, offsetof(struct token_input, label), 1, 64, NULL, NULL },
        { "roles", INPUT_WORDS, OPTIONAL, offsetof(struct token_input, roles), 0, 0, role_words,
          NULL },
        { "days", INPUT_INT, REQUIRED, offsetof(struct token_input, days), 1, 366, NULL, NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct token_input in = { .account = actor_of(c)->name, .roles = (1u << ROLE__COUNT) - 1 };
    struct str token;
    struct document d;
    TRY(input_body(c, &table, &in));
    TRY(token_make(c->cx, desk_of(c), actor_of(c), in.account, in.label, (uint32_t)in.roles,
                   in.days, &token));
    document_open(c, &d);
    json_key_str(&d.j, "token", token);
    return document_answer(c, 201, &d);
}

/* ---- accounts -----------------------------------------------------------------------------------
 */

static void put_account(struct json *j, const struct account *a)
{
    json_key_id(j, "id", a->id);
    json_key_str(j, "name", a->name);
    json_key_str(j, "shown", a->shown);
    json_key_text(j, "dept", a->dept);
    json_key_text(j, "region", a->region);
    put_roles(j, a->roles);
    json_key_bool(j, "active", a->status == ACCOUNT_ACTIVE);
    json_key_instant(j, "created_at", a->created_at);
    json_key_instant(j, "locked_until_at", a->locked_until_at);
    json_key_instant(j, "last_sign_in_at", a->last_sign_in_at);
}

enum err get_accounts(struct http_call *c)
{
    struct account *all = NULL;
    size_t n = 0;
    struct document d;
    TRY(input_none(c));
    TRY(account_list(c->cx, desk_of(c), actor_of(c), &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        put_account(&d.j, &all[k]);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

struct account_input {
    uint64_t given;
    struct str name, shown, password, dept, region;
    uint64_t roles;
};
#define FIELD(name, kind, need, lo, hi, words)                                                     \
    {                                                                                              \
#name, kind, need, offsetof(struct account_input, name), lo, hi, words, NULL               \
    }
static const struct input_member account_members[] = {
    FIELD(name, INPUT_TEXT, REQUIRED, 1, 32, NULL),
    FIELD(shown, INPUT_TEXT, REQUIRED, 1, 64, NULL),
    FIELD(password, INPUT_TEXT, REQUIRED, 1, PASSWORD_MAX, NULL),
    FIELD(roles, INPUT_WORDS, REQUIRED, 0, 0, role_words),
    FIELD(dept, INPUT_TEXT, OPTIONAL, 1, 32, NULL),
    FIELD(region, INPUT_TEXT, OPTIONAL, 1, 12, NULL),
};
static const struct input_table account_table = INPUT_TABLE(account_members);

enum err add_account(struct http_call *c)
{
    struct account_input in = { 0 };
    struct str key;
    int64_t id;
    struct document d;
    TRY(input_op_key(c, &key));
    TRY(input_body(c, &account_table, &in));
    const struct account_new a = { .name = in.name,
                                   .shown = in.shown,
                                   .password = in.password,
                                   .roles = (uint32_t)in.roles,
                                   .dept = in.dept,
                                   .region = in.region };
    TRY(account_add(c->cx, desk_of(c), actor_of(c), &a, key, &id));
    document_open(c, &d);
    json_key_id(&d.j, "id", id);
    return document_answer(c, 201, &d);
}

struct password_input {
    uint64_t given;
    struct str password;
};

enum err set_password(struct http_call *c)
{
    static const struct input_member members[] = {
        { "password", INPUT_TEXT, REQUIRED, offsetof(struct password_input, password), 1,
          PASSWORD_MAX, NULL, NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct password_input in = { 0 };
    TRY(input_body(c, &table, &in));
    TRY(account_set_password(c->cx, desk_of(c), actor_of(c), c->seg[0], in.password));
    return answer_nothing(c);
}
