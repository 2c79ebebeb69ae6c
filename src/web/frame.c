#include "web/frame.h"

static struct web_site site;

void web_set_site(const struct web_site *s)
{
    site = *s;
}

bool may(const struct http_call *c, enum power what)
{
    const struct actor *who = actor_of(c);
    struct cx probe = { .mem = c->cx->mem, .now_ms = c->cx->now_ms };
    return access_allow(&probe, who, what, (struct scope){ who->dept, who->region }) == ERR_OK;
}

/* ---- text ---------------------------------------------------------------------------------- */

struct str text_fmt(struct cx *cx, const char *fmt, ...)
{
    char small[1024];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(small, sizeof small, fmt, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof small) {
        return STR("");
    }
    struct str copy = str_dup(cx->mem, (struct str){ small, (size_t)n });
    return copy.p == NULL ? STR("") : copy;
}

struct str text_url(struct cx *cx, struct str s)
{
    struct buf b = buf_of(cx->mem, 3 * s.n + 1);
    web_put_str(&b, cx->lang, PLACE_URL_PART, s);
    return buf_str(&b);
}

static struct str pair_value(va_list *pairs, struct str name)
{
    for (;;) {
        const char *key = va_arg(*pairs, const char *);
        if (key == NULL) {
            return STR("");
        }
        struct str value = va_arg(*pairs, struct str);
        if (str_eq(str_of(key), name)) {
            return value;
        }
    }
}

struct str text_msg(struct cx *cx, enum msg m, ...)
{
    struct buf b = buf_of(cx->mem, 4096);
    for (struct str rest = msg_text(m, cx->lang); rest.n != 0;) {
        va_list pairs;
        buf_put(&b, str_cut(&rest, '{'));
        struct str name = str_cut(&rest, '}');
        va_start(pairs, m);
        buf_put(&b, pair_value(&pairs, name));
        va_end(pairs);
    }
    return buf_str(&b);
}

/* ---- fields -------------------------------------------------------------------------------- */

struct str field_of(const struct http_call *c, const char *name)
{
    struct str v = http_field(c, name);
    return v.p == NULL ? STR("") : str_trim(v);
}

enum err field_int(const struct http_call *c, const char *name, int64_t lo, int64_t hi,
                   int64_t otherwise, int64_t *out)
{
    struct str v = field_of(c, name);
    if (v.n == 0) {
        *out = otherwise;
        return ERR_OK;
    }
    if (str_int(c->cx, v, lo, hi, out) != ERR_OK) {
        fault_clear(c->cx);
        return fail(c->cx, ERR_FIELD, "%s: " STR_FMT ", %lld..%lld", name, STR_ARG(v),
                    (long long)lo, (long long)hi);
    }
    return ERR_OK;
}

enum err field_date(const struct http_call *c, const char *name, int32_t *out)
{
    struct str v = field_of(c, name);
    *out = 0;
    return v.n == 0 ? ERR_OK : date_parse(c->cx, v, out);
}

bool field_is(const struct http_call *c, const char *name, const char *value)
{
    return str_eq(field_of(c, name), str_of(value));
}

struct str own_path(struct str to)
{
    bool ours = to.n > 0 && to.n < 1000 && to.p[0] == '/' &&
                (to.n == 1 || (to.p[1] != '/' && to.p[1] != '\\'));
    for (size_t i = 0; ours && i < to.n; i++) {
        unsigned char ch = (unsigned char)to.p[i];
        ours = ch > 0x20 && ch != 0x7F && ch != '\\';
    }
    return ours ? to : STR("/");
}

/* ---- form keys ----------------------------------------------------------------------------- */

struct form_keys form_keys_of(const struct http_call *c)
{
    uint8_t raw[16];
    char *hex = arena_alloc(c->cx->mem, 1, 2 * sizeof raw);
    if (hex == NULL) {
        return (struct form_keys){ .token = caller_of(c)->form_token };
    }
    entropy(raw, sizeof raw);
    hex_put(raw, sizeof raw, hex);
    return (struct form_keys){ .token = caller_of(c)->form_token, .op = { hex, 2 * sizeof raw } };
}

struct str op_key_of(const struct http_call *c)
{
    uint8_t raw[16];
    struct str op = field_of(c, "_op");
    bool good = op.n == 2 * sizeof raw && hex_get(op, raw);
    return good ? text_fmt(c->cx, "web:" STR_FMT, STR_ARG(op)) : STR("");
}

/* ---- the frame ----------------------------------------------------------------------------- */

static const struct {
    enum power power;
    const char *path;
    enum msg text;
} menu[] = {
    { POWER_PUBLIC, "/entities", M_nav_entities },
    { POWER_PUBLIC, "/draws", M_nav_draws },
    { POWER_DRAW_PLAN, "/draws/new", M_nav_draw_new },
    { POWER_REGISTER_WRITE, "/import", M_nav_import },
    { POWER_REGISTER_READ, "/jobs", M_nav_jobs },
    { POWER_PUBLIC, "/departments", M_nav_departments },
    { POWER_DRAW_READ, "/inspectors", M_nav_inspectors },
    { POWER_PUBLIC, "/items", M_nav_items },
    { POWER_PUBLIC, "/log", M_nav_log },
    { POWER_PUBLIC, "/help", M_nav_help },
};

/* The longest menu path that begins the request's path is where we are. */
static size_t menu_here(struct str path)
{
    size_t best = COUNT_OF(menu);
    size_t length = 0;
    for (size_t i = 0; i < COUNT_OF(menu); i++) {
        struct str p = str_of(menu[i].path);
        bool inside = str_starts(path, p) && (path.n == p.n || path.p[p.n] == '/');
        if (inside && p.n > length) {
            best = i;
            length = p.n;
        }
    }
    return str_starts(path, STR("/e/")) ? 0 : best;
}

static enum err make_menu(struct http_call *c, struct page_frame *f)
{
    struct nav_item *items = arena_alloc(c->cx->mem, COUNT_OF(menu), sizeof *items);
    if (items == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "menu");
    }
    size_t here = menu_here(c->path);
    for (size_t i = 0; i < COUNT_OF(menu); i++) {
        if (may(c, menu[i].power)) {
            items[f->n_nav++] = (struct nav_item){ str_of(menu[i].path), menu[i].text, i == here };
        }
    }
    f->nav = items;
    return ERR_OK;
}

/* The address of this page with one parameter of the query set. */
static struct str same_page(struct http_call *c, const char *name, const char *value)
{
    struct buf b = buf_of(c->cx->mem, 8192);
    struct str rest = c->query;
    char sep = '?';
    size_t n = strlen(name);
    buf_put(&b, c->path);
    while (rest.n > 0) {
        struct str pair = str_cut(&rest, '&');
        bool other = !(str_starts(pair, str_of(name)) && pair.n > n && pair.p[n] == '=');
        if (pair.n > 0 && other && !str_starts(pair, STR("done="))) {
            buf_put_c(&b, sep);
            buf_put(&b, pair);
            sep = '&';
        }
    }
    buf_fmt(&b, "%c%s=%s", sep, name, value);
    return b.over ? STR("/") : buf_str(&b);
}

static struct str page_address(struct http_call *c)
{
    struct str path = c->method == HTTP_GET ? c->path : STR("/");
    return c->query.n == 0 ? path
                           : text_fmt(c->cx, STR_FMT "?" STR_FMT, STR_ARG(path), STR_ARG(c->query));
}

/* Large text is a choice that is remembered, like the language. */
static enum err large_text(struct http_call *c, bool *large)
{
    enum { YEAR_S = 366 * 86400 };
    struct str asked = field_of(c, "text");
    *large = str_eq(asked.n > 0 ? asked : http_cookie(c, "sishi_text"), STR("large"));
    bool known = str_eq(asked, STR("large")) || str_eq(asked, STR("normal"));
    return known ? http_set_cookie(c, "sishi_text", asked, YEAR_S) : ERR_OK;
}

/* What a form did, told on the page it leads to: ?done=KEY. A closed list, so that an address
 * cannot make the page say something. */
static enum msg flash_of(const struct http_call *c)
{
    static const struct {
        const char *key;
        enum msg text;
    } said[] = {
        { "planned", M_done_planned },
        { "commit", M_done_commit },
        { "freeze", M_done_freeze },
        { "reveal", M_done_reveal },
        { "close", M_done_close },
        { "beacon", M_done_beacon },
        { "run", M_done_run },
        { "publish", M_done_publish },
        { "void", M_done_void },
        { "replaced", M_done_replaced },
        { "cancel", M_done_cancel },
        { "saved", M_done_saved },
        { "declared", M_done_declared },
        { "signed-in", M_done_signed_in },
        { "signed-out", M_done_signed_out },
    };
    struct str key = field_of(c, "done");
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        if (str_eq(key, str_of(said[i].key))) {
            return said[i].text;
        }
    }
    return M_NONE;
}

enum err frame_make(struct http_call *c, struct str title, struct page_frame *out)
{
    const struct caller *who = caller_of(c);
    bool english = c->cx->lang == LANG_EN;
    struct page_frame f = {
        .title = title,
        .actor = who->actor.account != 0 ? who->actor.shown : STR(""),
        .token = who->form_token,
        .here = page_address(c),
        .flash = flash_of(c),
        .organisation = site.organisation,
        .site_code = site.site_code,
        .icp = site.icp,
        .police = site.police,
        .contact = site.contact,
        .ipv6 = site.ipv6,
        .other_lang = { .href = same_page(c, "lang", english ? "zh" : "en"),
                        .text = M_lang_other,
                        .code = english ? STR("zh-CN") : STR("en") },
    };
    TRY(large_text(c, &f.large));
    f.text_href = same_page(c, "text", f.large ? "normal" : "large");
    TRY(register_is_demo(c->cx, desk_of(c), &f.demo));
    if (f.demo && f.actor.n > 0) {
        f.actor =
            who->actor.name; /* what these accounts are called is the same in every language */
    }
    TRY(make_menu(c, &f));
    *out = f;
    return ERR_OK;
}

struct buf page_buf(const struct http_call *c)
{
    return buf_of(c->cx->mem, PAGE_MAX);
}

enum err page_send_status(struct http_call *c, int status, const struct buf *b)
{
    struct str body;
    TRY(buf_done(c->cx, b, &body));
    return http_answer(c, status, "text/html; charset=utf-8", body);
}

enum err page_send(struct http_call *c, const struct buf *b)
{
    return page_send_status(c, 200, b);
}

enum err see_other(struct http_call *c, struct str to)
{
    return http_redirect(c, 303, to);
}

/* ---- downloads ----------------------------------------------------------------------------- */

enum err download_put(struct cx *cx, struct str bytes, void *to)
{
    struct download *d = to;
    return http_sink_put(cx, d->sink, bytes);
}

enum err download_sink(struct cx *cx, void *to, struct str bytes)
{
    return download_put(cx, bytes, to);
}

static enum err download_write(struct cx *cx, struct http_sink *to, void *arg)
{
    struct download *d = arg;
    d->sink = to;
    return d->write(cx, d, d->arg);
}

enum err download(struct http_call *c, const char *type, struct str name,
                  enum err (*write)(struct cx *cx, struct download *to, void *arg), void *arg)
{
    struct download d = { .call = c, .write = write, .arg = arg };
    struct str how = text_fmt(c->cx, "attachment; filename=\"" STR_FMT "\"", STR_ARG(name));
    TRY(http_add_header(c, "Content-Disposition", how));
    return http_answer_written(c, 200, type, download_write, &d);
}

/* ---- failures ------------------------------------------------------------------------------ */

static enum msg advice_for(int status)
{
    switch (status) {
    case 403:
        return M_fault_advice_403;
    case 404:
        return M_fault_advice_404;
    case 409:
        return M_fault_advice_409;
    case 413:
        return M_fault_advice_413;
    default:
        return status >= 500 ? M_fault_advice_500 : M_fault_advice_400;
    }
}

/* The page the form was on, so that nothing typed there is lost. */
static struct str back_link(const struct http_call *c)
{
    struct str referer = http_header(c, "Referer");
    struct str host = http_header(c, "Host");
    struct str rest = referer;
    (void)str_cut(&rest, '/');
    (void)str_cut(&rest, '/');
    bool ours = host.n > 0 && str_starts(rest, host) && rest.n > host.n && rest.p[host.n] == '/';
    return ours ? own_path(str_from(rest, host.n)) : STR("");
}

enum err page_fault(struct http_call *c)
{
    struct fault fault = c->cx->fault;
    int status = err_http(fault.code);
    fault_clear(c->cx);
    if (fault.code == ERR_SIGNED_OUT && !c->htmx) {
        struct str to = text_url(c->cx, c->method == HTTP_GET ? page_address(c) : back_link(c));
        return see_other(c, text_fmt(c->cx, "/sign-in?to=" STR_FMT, STR_ARG(to)));
    }
    struct fault_page x = {
        .title = str_of(err_text(fault.code, c->cx->lang)),
        .detail = str_of(fault.detail),
        .name = str_of(err_name(fault.code)),
        .advice = advice_for(status),
        .status = status,
        .back = back_link(c),
    };
    struct buf b = page_buf(c);
    struct page_frame f;
    if (c->htmx) {
        t_fragment_fault(&b, c->cx->lang, &x);
    } else {
        TRY(frame_make(c, x.title, &f));
        t_page_fault(&b, c->cx->lang, &f, &x);
    }
    return page_send_status(c, status, &b);
}
