#include "main/gate.h"

/* "zh-CN,zh;q=0.9,en;q=0.8": the first of our languages that is named. */
static enum lang accepted_language(struct str header)
{
    while (header.n > 0) {
        struct str one = str_trim(str_cut(&header, ','));
        if (str_starts(one, STR("en"))) {
            return LANG_EN;
        }
        if (str_starts(one, STR("zh"))) {
            return LANG_ZH;
        }
    }
    return LANG_ZH;
}

static enum lang language_of(const struct http_call *c, struct str asked)
{
    struct str kept = http_cookie(c, LANG_COOKIE);
    struct str chosen = asked.n > 0 ? asked : kept;
    if (str_eq(chosen, STR("en"))) {
        return LANG_EN;
    }
    if (str_starts(chosen, STR("zh"))) {
        return LANG_ZH;
    }
    return accepted_language(http_header(c, "Accept-Language"));
}

static enum err choose_language(struct http_call *c)
{
    enum { YEAR_S = 366 * 86400 };
    struct str asked = http_field(c, "lang");
    bool ours = str_eq(asked, STR("zh")) || str_eq(asked, STR("en"));
    c->cx->lang = language_of(c, asked);
    return ours ? http_set_cookie(c, LANG_COOKIE, asked, YEAR_S) : ERR_OK;
}

/* Whoever shows a session or token that has ended is nobody; a token that is wrong is refused,
 * since a program would not notice that it had become the public. */
static enum err find_caller(struct http_call *c, struct caller *out)
{
    const struct desk *d = c->app;
    struct str authorization = http_header(c, "Authorization");
    struct str cookie = http_cookie(c, SESSION_COOKIE);
    if (authorization.p != NULL) {
        if (!str_starts(authorization, STR("Bearer "))) {
            return fail(c->cx, ERR_SIGNED_OUT, "Authorization: only Bearer tokens");
        }
        return token_caller(c->cx, d, str_from(authorization, 7), out);
    }
    if (cookie.n > 0) {
        enum err code = session_caller(c->cx, d, cookie, out);
        if (code != ERR_SIGNED_OUT) {
            return code;
        }
        fault_clear(c->cx);
    }
    *out = (struct caller){ 0 };
    return ERR_OK;
}

enum err gate_enter(struct http_call *c)
{
    struct caller *caller = arena_alloc(c->cx->mem, 1, sizeof *caller);
    if (caller == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "caller");
    }
    c->user = caller; /* on_fault needs it as much as a handler */
    TRY(choose_language(c));
    TRY(find_caller(c, caller));
    return access_allow(c->cx, &caller->actor, (enum power)c->route->power, (struct scope){ 0 });
}

/* Browsers say where a request comes from; programs say nothing. */
static bool from_another_site(const struct http_call *c)
{
    struct str site = http_header(c, "Sec-Fetch-Site");
    struct str origin = http_header(c, "Origin");
    struct str host = http_header(c, "Host");
    if (site.n > 0) {
        return !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none"));
    }
    if (origin.n == 0) {
        return false;
    }
    return !(str_ends(origin, host) && host.n > 0 && origin.n > host.n + 2 &&
             str_eq((struct str){ origin.p + (origin.n - host.n - 3), 3 }, STR("://")));
}

enum err gate_check_write(struct http_call *c)
{
    const struct caller *caller = c->user;
    if (from_another_site(c)) {
        return fail(c->cx, ERR_CSRF, "the request comes from another site");
    }
    if (caller->session.n == 0) {
        return ERR_OK; /* the public or an API token: no cookie that another site could use */
    }
    struct str given = http_header(c, "X-Form-Token");
    given = given.n > 0 ? given : http_field(c, "_token");
    return session_form_token_ok(caller, given) ? ERR_OK : fail(c->cx, ERR_CSRF, "_token");
}
