/* Home, help, signing in and out. */
#include "web/draw_view.h"
#include "web/handlers.h"

static enum err newest_draws(struct http_call *c, struct draw_row **out, size_t *n)
{
    struct ceremony_query q = { .limit = 3 };
    struct ceremony_row *all = NULL;
    TRY(ceremony_list(c->cx, desk_of(c), actor_of(c), &q, &all, n));
    struct draw_row *rows = arena_alloc(c->cx->mem, *n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "draws");
    }
    for (size_t i = 0; i < *n; i++) {
        rows[i] = draw_row_of(c, &all[i]);
    }
    *out = rows;
    return ERR_OK;
}

enum err page_home(struct http_call *c)
{
    struct page_frame f;
    struct draw_row *draws = NULL;
    size_t n = 0;
    struct buf b = page_buf(c);
    TRY(frame_make(c, msg_text(M_home_title, c->cx->lang), &f));
    TRY(newest_draws(c, &draws, &n));
    t_page_home(&b, c->cx->lang, &f, f.demo, draws, n);
    return page_send(c, &b);
}

enum err page_help(struct http_call *c)
{
    struct page_frame f;
    struct buf b = page_buf(c);
    TRY(frame_make(c, msg_text(M_help_title, c->cx->lang), &f));
    t_page_help(&b, c->cx->lang, &f);
    return page_send(c, &b);
}

enum err page_a11y(struct http_call *c)
{
    struct page_frame f;
    struct buf b = page_buf(c);
    TRY(frame_make(c, msg_text(M_a11y_title, c->cx->lang), &f));
    t_page_a11y(&b, c->cx->lang, &f);
    return page_send(c, &b);
}

static const enum msg role_words[ROLE__COUNT] = {
    [ROLE_PLANNER] = M_role_planner,
    [ROLE_DRAW_OPERATOR] = M_role_draw_operator,
    [ROLE_WITNESS] = M_role_witness,
    [ROLE_DEPARTMENT_ADMIN] = M_role_department_admin,
    [ROLE_REVIEWER] = M_role_reviewer,
    [ROLE_REGISTRAR] = M_role_registrar,
    [ROLE_SYSTEM_ADMIN] = M_role_system_admin,
    [ROLE_INTAKE] = M_role_intake,
    [ROLE_CASE_OFFICER] = M_role_case_officer,
    [ROLE_MEDIATOR] = M_role_mediator,
    [ROLE_HEAD] = M_role_head,
};

static struct str roles_text(struct cx *cx, uint32_t roles)
{
    struct buf b = buf_of(cx->mem, 512);
    for (int r = 0; r < ROLE__COUNT; r++) {
        if ((roles & (1u << r)) != 0) {
            buf_put(&b, b.n > 0 ? STR(" / ") : STR(""));
            buf_put(&b, msg_text(role_words[r], cx->lang));
        }
    }
    return buf_str(&b);
}

static enum err demo_rows(struct http_call *c, struct demo_account_row **out)
{
    struct demo_account_row *rows = arena_alloc(c->cx->mem, n_demo_accounts + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "demo accounts");
    }
    for (size_t i = 0; i < n_demo_accounts; i++) {
        const struct demo_account *a = &demo_accounts[i];
        bool administers = (a->roles & ROLE_BIT(DEPARTMENT_ADMIN)) != 0;
        struct str what = roles_text(c->cx, a->roles);
        struct str where = label_dept(c, str_of(a->dept));
        rows[i] = (struct demo_account_row){
            .name = str_of(a->name),
            .what = administers
                        ? text_fmt(c->cx, STR_FMT ", " STR_FMT, STR_ARG(what), STR_ARG(where))
                        : what,
            .main = i == 0,
        };
    }
    *out = rows;
    return ERR_OK;
}

static enum err sign_in_form(struct http_call *c, int status, struct str problem)
{
    struct page_frame f;
    struct demo_account_row *rows = NULL;
    struct buf b = page_buf(c);
    struct str to = own_path(field_of(c, "to"));
    TRY(frame_make(c, msg_text(M_sign_in_title, c->cx->lang), &f));
    f.here = to;
    TRY(demo_rows(c, &rows));
    t_page_sign_in(&b, c->cx->lang, &f, to, field_of(c, "name"), problem, STR(DEMO_PASSWORD), rows,
                   f.demo ? n_demo_accounts : 0);
    return page_send_status(c, status, &b);
}

enum err page_sign_in(struct http_call *c)
{
    return sign_in_form(c, 200, STR(""));
}

enum err do_sign_in(struct http_call *c)
{
    struct caller who;
    struct str password = http_field(c, "password");
    enum err code = session_open(c->cx, desk_of(c), field_of(c, "name"),
                                 password.p == NULL ? STR("") : password, &who);
    if (code == ERR_PASSWORD || code == ERR_LOCKED) {
        struct str problem = text_fmt(c->cx, "%s " STR_FMT, err_text(code, c->cx->lang),
                                      STR_ARG(str_of(c->cx->fault.detail)));
        fault_clear(c->cx);
        return sign_in_form(c, err_http(code), problem);
    }
    TRY(code);
    TRY(http_set_cookie(c, SESSION_COOKIE, who.session, SESSION_MAX_MS / 1000));
    return see_other(c, own_path(field_of(c, "to")));
}

enum err do_sign_out(struct http_call *c)
{
    TRY(session_close(c->cx, desk_of(c), caller_of(c)->session));
    TRY(http_set_cookie(c, SESSION_COOKIE, STR(""), 0));
    return see_other(c, STR("/?done=signed-out"));
}
