/* The list of draws, the public page of one, and its files. */
#include "web/draw_view.h"
#include "web/handlers.h"

enum { ROWS = 30 };

static enum err state_options(struct http_call *c, struct str chosen, struct option **out)
{
    struct option *rows = arena_alloc(c->cx->mem, CEREMONY_STATE__COUNT, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "states");
    }
    for (int s = 0; s < CEREMONY_STATE__COUNT; s++) {
        struct str name = str_of(ceremony_state_name((enum ceremony_state)s));
        rows[s] = (struct option){ name, msg_text(state_word((enum ceremony_state)s), c->cx->lang),
                                   str_eq(name, chosen) };
    }
    *out = rows;
    return ERR_OK;
}

static struct str list_address(struct http_call *c, struct str state, struct str before)
{
    struct pair pairs[] = { { "state", state }, { "before", before } };
    return address(c->cx, STR("/draws"), pairs, COUNT_OF(pairs), NULL);
}

static struct str id_text(struct cx *cx, int64_t id)
{
    char text[ID_CHARS];
    id_put(id, text);
    return str_dup(cx->mem, (struct str){ text, sizeof text });
}

enum err page_draws(struct http_call *c)
{
    struct page_frame f;
    struct option *states = NULL;
    struct ceremony_row *all = NULL;
    size_t n = 0;
    struct buf b = page_buf(c);
    struct str state = field_of(c, "state");
    struct str before = field_of(c, "before");
    struct ceremony_query q = { .limit = ROWS };
    enum ceremony_state asked = ceremony_state_by_name(state);
    q.states = asked < CEREMONY_STATE__COUNT ? 1u << asked : 0;
    if (before.n != 0) {
        TRY(id_get(c->cx, before, &q.before));
    }
    TRY(ceremony_list(c->cx, desk_of(c), actor_of(c), &q, &all, &n));
    struct draw_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "rows");
    }
    for (size_t i = 0; i < n; i++) {
        rows[i] = draw_row_of(c, &all[i]);
    }
    struct str next = n == ROWS ? list_address(c, state, id_text(c->cx, all[n - 1].id)) : STR("");
    struct str first = before.n != 0 ? list_address(c, state, STR("")) : STR("");
    TRY(state_options(c, state, &states));
    TRY(frame_make(c, msg_text(M_draws_title, c->cx->lang), &f));
    t_page_draws(&b, c->cx->lang, &f, states, CEREMONY_STATE__COUNT, rows, n, first, next,
                 may(c, POWER_DRAW_PLAN));
    return page_send(c, &b);
}

enum err page_draw(struct http_call *c)
{
    struct ceremony_view v;
    struct draw_page d;
    struct page_frame f;
    struct buf b = page_buf(c);
    TRY(draw_of(c, &v));
    TRY(draw_page_of(c, &v, &d));
    TRY(frame_make(c, v.title, &f));
    t_page_draw(&b, c->cx->lang, &f, &d);
    return page_send(c, &b);
}

/* ---- files ---------------------------------------------------------------------------------- */

struct wanted {
    int64_t id;
    enum ceremony_file file;
};

static enum err write_file(struct cx *cx, struct download *to, void *arg)
{
    const struct wanted *w = arg;
    struct ceremony_sink sink = { download_sink, to };
    return ceremony_file(cx, desk_of(to->call), actor_of(to->call), w->id, w->file, &sink);
}

enum err draw_file(struct http_call *c)
{
    struct wanted w = { .file = ceremony_file_by_name(c->seg[1]) };
    if (w.file == CEREMONY_FILE__COUNT) {
        return fail(c->cx, ERR_NOT_FOUND, STR_FMT, STR_ARG(c->seg[1]));
    }
    TRY(ceremony_find(c->cx, desk_of(c), c->seg[0], &w.id));
    bool table = str_ends(c->seg[1], STR(".tsv"));
    return download(
        c, table ? "text/tab-separated-values; charset=utf-8" : "text/plain; charset=utf-8",
        c->seg[1], write_file, &w);
}

/* ---- the bundle: every public file, as one tar -------------------------------------------- */

struct counted {
    struct download *to;
    int64_t bytes;
    bool only_count;
};

static enum err count_or_put(struct cx *cx, void *arg, struct str bytes)
{
    struct counted *n = arg;
    n->bytes += (int64_t)bytes.n;
    return n->only_count ? ERR_OK : download_put(cx, bytes, n->to);
}

enum { TAR_BLOCK = 512, TAR_NAME = 100 };

/* A POSIX ustar header of a plain file. */
static enum err tar_header(struct cx *cx, struct download *to, const char *name, int64_t bytes)
{
    char block[TAR_BLOCK] = { 0 };
    unsigned sum = 0;
    (void)snprintf(block, TAR_NAME, "%s", name);
    (void)snprintf(block + 100, 8, "0000644");
    (void)snprintf(block + 108, 8, "0000000");
    (void)snprintf(block + 116, 8, "0000000");
    (void)snprintf(block + 124, 12, "%011llo", (unsigned long long)bytes);
    (void)snprintf(block + 136, 12, "00000000000");
    memset(block + 148, ' ', 8);
    block[156] = '0';
    memcpy(block + 257,
           "ustar\0"
           "00",
           8);
    for (size_t i = 0; i < TAR_BLOCK; i++) {
        sum += (unsigned char)block[i];
    }
    (void)snprintf(block + 148, 8, "%06o", sum);
    return download_put(cx, (struct str){ block, TAR_BLOCK }, to);
}

static enum err tar_pad(struct cx *cx, struct download *to, int64_t bytes)
{
    static const char zeros[TAR_BLOCK];
    size_t n = (size_t)(-bytes & (TAR_BLOCK - 1));
    return download_put(cx, (struct str){ zeros, n }, to);
}

/* The header needs the length, so each file is gone through twice: once to count. A file that is
 * not there, or not for this reader, is left out. */
static enum err tar_file(struct cx *cx, struct download *to, int64_t id, enum ceremony_file file)
{
    struct counted n = { .to = to, .only_count = true };
    struct ceremony_sink sink = { count_or_put, &n };
    const struct desk *d = desk_of(to->call);
    const struct actor *who = actor_of(to->call);
    enum err code = ceremony_file(cx, d, who, id, file, &sink);
    if (code == ERR_NOT_FOUND || code == ERR_FORBIDDEN || code == ERR_SIGNED_OUT) {
        fault_clear(cx);
        return ERR_OK;
    }
    TRY(code);
    int64_t bytes = n.bytes;
    TRY(tar_header(cx, to, ceremony_file_name(file), bytes));
    n = (struct counted){ .to = to };
    TRY(ceremony_file(cx, d, who, id, file, &sink));
    if (n.bytes != bytes) {
        return fail(cx, ERR_MOVED_MEANWHILE, "%s", ceremony_file_name(file));
    }
    return tar_pad(cx, to, bytes);
}

static enum err write_bundle(struct cx *cx, struct download *to, void *arg)
{
    static const char end[2 * TAR_BLOCK];
    const struct wanted *w = arg;
    for (int f = 0; f < CEREMONY_FILE__COUNT; f++) {
        TRY(tar_file(cx, to, w->id, (enum ceremony_file)f));
    }
    return download_put(cx, (struct str){ end, sizeof end }, to);
}

enum err draw_bundle(struct http_call *c)
{
    struct wanted w = { 0 };
    TRY(ceremony_find(c->cx, desk_of(c), c->seg[0], &w.id));
    struct str name = text_fmt(c->cx, STR_FMT ".tar", STR_ARG(c->seg[0]));
    return download(c, "application/x-tar", name, write_bundle, &w);
}
