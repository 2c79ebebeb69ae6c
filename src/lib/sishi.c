/* The face of libsishi: the names and plain types of include/sishi/sishi.h over core. */
#include "sishi/sishi.h"

#include "core/core.h"

#include <string.h>

enum { TEXT_MAX = 1 << 20, MEMORY_DEFAULT = 1 << 30 };

struct sishi {
    struct cx cx;
};

const char *sishi_version(void)
{
    return SISHI_VERSION;
}

struct sishi *sishi_new(size_t most_bytes)
{
    struct arena *mem = arena_new(most_bytes != 0 ? most_bytes : MEMORY_DEFAULT);
    struct sishi *s = mem != NULL ? arena_alloc(mem, 1, sizeof *s) : NULL;
    if (s == NULL) {
        arena_free(mem);
        return NULL;
    }
    s->cx.mem = mem; /* it lives in its own memory */
    s->cx.lang = LANG_EN;
    return s;
}

void sishi_free(struct sishi *s)
{
    if (s != NULL) {
        arena_free(s->cx.mem);
    }
}

const char *sishi_error(const struct sishi *s)
{
    return err_name(s->cx.fault.code);
}

const char *sishi_reason(const struct sishi *s)
{
    const struct fault *f = &s->cx.fault;
    return f->code != ERR_OK && f->detail[0] == '\0' ? err_text(f->code, LANG_EN) : f->detail;
}

/* ---- codes ---- */

static void put_z(char *out, size_t room, struct str s)
{
    size_t n = s.n < room ? s.n : room - 1;
    if (n > 0) {
        memcpy(out, s.p, n);
    }
    out[n] = '\0';
}

/* Explains in a buffer of its own: the caller of a code check has no arena. */
static void explain(const struct code_check *k, enum sishi_lang lang, struct sishi_code *out)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 16);
    if (mem == NULL) {
        return;
    }
    struct buf why = buf_of(mem, sizeof out->why - 1);
    code_explain(k, lang == SISHI_ZH ? LANG_ZH : LANG_EN, &why);
    put_z(out->why, sizeof out->why, buf_str(&why));
}

void sishi_code_check(const char *text, size_t n, enum sishi_lang lang, struct sishi_code *out)
{
    struct code_check k = code_check((struct str){ text, n });
    *out = (struct sishi_code){ .valid = k.err == ERR_OK,
                                .kind = code_kind_name(k.kind),
                                .position = k.position };
    put_z(out->code, sizeof out->code, (struct str){ k.code, k.n });
    if (k.suggestion[0] != '\0') {
        put_z(out->suggestion, sizeof out->suggestion, (struct str){ k.suggestion, k.n });
    }
    if (!out->valid) {
        explain(&k, lang, out);
    }
}

/* ---- digests, tickets, proofs ---- */

static enum digest_kind kind_of(enum sishi_hash hash)
{
    return hash == SISHI_SM3 ? DIGEST_SM3 : DIGEST_SHA256;
}

static struct digest digest_at(const uint8_t *bytes)
{
    struct digest d;
    memcpy(d.b, bytes, sizeof d.b);
    return d;
}

void sishi_digest(enum sishi_hash hash, const void *bytes, size_t n, uint8_t out[SISHI_DIGEST_LEN])
{
    struct digest d = digest_of(kind_of(hash), (struct str){ bytes, n });
    memcpy(out, d.b, sizeof d.b);
}

void sishi_tickets(enum sishi_hash hash, const uint8_t seed[SISHI_DIGEST_LEN],
                   const struct sishi_text *ids, size_t n, uint64_t *u)
{
    enum { SOME = 512 };
    struct digest first = digest_at(seed);
    struct str id[SOME];
    for (size_t at = 0; at < n; at += SOME) {
        size_t m = n - at < SOME ? n - at : SOME;
        for (size_t i = 0; i < m; i++) {
            id[i] = (struct str){ ids[at + i].p, ids[at + i].n };
        }
        ticket_batch(kind_of(hash), &first, id, m, u + at, NULL);
    }
}

void sishi_leaf(enum sishi_hash hash, const char *line, size_t n, uint8_t out[SISHI_DIGEST_LEN])
{
    struct digest d = merkle_leaf(kind_of(hash), (struct str){ line, n });
    memcpy(out, d.b, sizeof d.b);
}

static bool path_of(const uint8_t (*path)[SISHI_DIGEST_LEN], size_t n, struct merkle_path *out)
{
    if (n > MERKLE_PATH_MAX) {
        return false;
    }
    out->n = n;
    for (size_t i = 0; i < n; i++) {
        out->node[i] = digest_at(path[i]);
    }
    return true;
}

bool sishi_included(enum sishi_hash hash, const uint8_t leaf[SISHI_DIGEST_LEN], uint64_t index,
                    uint64_t size, const uint8_t (*path)[SISHI_DIGEST_LEN], size_t n_path,
                    const uint8_t root[SISHI_DIGEST_LEN])
{
    struct merkle_path p;
    struct digest l = digest_at(leaf), r = digest_at(root);
    return path_of(path, n_path, &p) && merkle_included(kind_of(hash), &l, index, size, &p, &r);
}

bool sishi_consistent(enum sishi_hash hash, uint64_t old_size,
                      const uint8_t old_root[SISHI_DIGEST_LEN], uint64_t size,
                      const uint8_t root[SISHI_DIGEST_LEN], const uint8_t (*path)[SISHI_DIGEST_LEN],
                      size_t n_path)
{
    struct merkle_path p;
    struct digest o = digest_at(old_root), r = digest_at(root);
    return path_of(path, n_path, &p) &&
           merkle_consistent(kind_of(hash), old_size, &o, size, &r, &p);
}

uint32_t sishi_memory(uint32_t p31, uint32_t *c31, bool drawn_before, uint32_t rho)
{
    struct memory m = { *c31, drawn_before };
    uint32_t w = memory_rule(&m, p31, rho, &m);
    *c31 = m.c;
    return w;
}

/* ---- a draw over its files ---- */

enum { FILES_MAX = 16 };

/* One file of the caller's as a source. */
struct opened {
    const struct sishi_files *files;
    const char *name;
    void *file;
};
/* The files of one call; all are closed when it ends. */
struct folder {
    struct cx *cx;
    const struct sishi_files *files;
    struct opened in[FILES_MAX];
    size_t n;
};
struct output {
    const struct sishi_files *files;
    const char *name;
};

static void folder_close(struct folder *f)
{
    for (size_t i = 0; i < f->n; i++) {
        f->files->close(f->files->ctx, f->in[i].file);
    }
}

static enum err in_next(struct cx *cx, void *ctx, struct str *chunk)
{
    struct opened *in = ctx;
    chunk->n = 0;
    return in->files->next(in->files->ctx, in->file, &chunk->p, &chunk->n) == 0
               ? ERR_OK
               : fail(cx, ERR_FILE, "%s", in->name);
}

static enum err in_rewind(struct cx *cx, void *ctx)
{
    struct opened *in = ctx;
    return in->files->rewind(in->files->ctx, in->file) == 0 ? ERR_OK
                                                            : fail(cx, ERR_FILE, "%s", in->name);
}

static enum err folder_open(struct folder *f, const char *name, struct draw_source *out)
{
    struct opened *in = &f->in[f->n];
    *in = (struct opened){ f->files, name, NULL };
    if (f->n == FILES_MAX || f->files->open(f->files->ctx, name, &in->file) != 0) {
        return fail(f->cx, ERR_FILE, "%s", name);
    }
    f->n++;
    *out = (struct draw_source){ name, in_next, in_rewind, in };
    return ERR_OK;
}

static enum err out_line(struct cx *cx, void *ctx, struct str line)
{
    struct output *o = ctx;
    return o->files->line(o->files->ctx, o->name, line.p, line.n) == 0
               ? ERR_OK
               : fail(cx, ERR_FILE, "%s", o->name);
}

static enum err put_text(struct folder *f, const char *name, const struct buf *text)
{
    struct output to = { f->files, name };
    struct str rest;
    TRY(buf_done(f->cx, text, &rest));
    while (rest.n > 0) {
        TRY(out_line(f->cx, &to, str_cut(&rest, '\n')));
    }
    return ERR_OK;
}

static enum err open_plan(struct folder *f, struct plan *p)
{
    struct draw_source from;
    TRY(folder_open(f, "plan.txt", &from));
    return plan_read(f->cx, &from, p);
}

static enum err open_frame(struct folder *f, struct frame_sources *out)
{
    TRY(folder_open(f, "population.tsv", &out->population));
    TRY(folder_open(f, "roster.tsv", &out->roster));
    return folder_open(f, "recusal.tsv", &out->recusal);
}

static enum err do_freeze(struct folder *f, const uint8_t (*commit)[SISHI_DIGEST_LEN], size_t n)
{
    struct plan p;
    struct frame_sources from;
    struct digest commitment[PLAN_PARTIES_MAX];
    struct freeze freeze;
    TRY(open_plan(f, &p));
    if (n != p.parties) {
        return fail(f->cx, ERR_DRAW_FILE, "%zu commitments for %zu parties", n, p.parties);
    }
    for (size_t i = 0; i < n; i++) {
        commitment[i] = digest_at(commit[i]);
    }
    TRY(open_frame(f, &from));
    TRY(draw_freeze(f->cx, &p, &from, commitment, &freeze));
    struct buf text = buf_of(f->cx->mem, TEXT_MAX);
    freeze_write(&p, &freeze, &text);
    return put_text(f, "freeze.txt", &text);
}

static enum err open_seed(struct folder *f, struct plan *p, struct freeze *freeze,
                          struct seed *seed)
{
    struct draw_source from;
    TRY(open_plan(f, p));
    TRY(folder_open(f, "freeze.txt", &from));
    TRY(freeze_read(f->cx, p, &from, freeze));
    TRY(folder_open(f, "seed.txt", &from));
    return seed_read(f->cx, p, freeze, &from, seed);
}

static enum err do_run(struct folder *f)
{
    struct output lots = { f->files, "lots.tsv" }, result = { f->files, "result.tsv" },
                  assign = { f->files, "assign.tsv" }, prices = { f->files, "prices.tsv" };
    const struct draw_sinks to = {
        { out_line, &lots }, { out_line, &result }, { out_line, &assign }, { out_line, &prices }
    };
    struct plan p;
    struct freeze freeze;
    struct seed seed;
    struct frame_sources from;
    struct head head;
    TRY(open_seed(f, &p, &freeze, &seed));
    TRY(open_frame(f, &from));
    TRY(draw_run(f->cx, &p, &freeze, &seed, &from, &to, NULL, &head));
    struct buf text = buf_of(f->cx->mem, TEXT_MAX);
    head_write(&p, &head, &text);
    return put_text(f, "head.txt", &text);
}

static enum err open_bundle(struct folder *f, struct bundle *b)
{
    *b = (struct bundle){ 0 };
    TRY(folder_open(f, "plan.txt", &b->plan));
    TRY(folder_open(f, "freeze.txt", &b->freeze));
    TRY(folder_open(f, "seed.txt", &b->seed));
    TRY(folder_open(f, "head.txt", &b->head));
    TRY(open_frame(f, &b->frame));
    TRY(folder_open(f, "lots.tsv", &b->lots));
    TRY(folder_open(f, "result.tsv", &b->result));
    TRY(folder_open(f, "assign.tsv", &b->assign));
    TRY(folder_open(f, "prices.tsv", &b->prices));
    if (f->files->has(f->files->ctx, "events.tsv")) {
        TRY(folder_open(f, "events.tsv", &b->events));
    }
    return f->files->has(f->files->ctx, "reveals.txt") ? folder_open(f, "reveals.txt", &b->reveals)
                                                       : ERR_OK;
}

static enum err do_verify(struct folder *f, const struct verify_watch *watch)
{
    struct bundle b;
    struct head head;
    TRY(open_bundle(f, &b));
    return draw_verify(f->cx, &b, watch, &head);
}

static enum sishi_verdict verdict_of(const struct check *k)
{
    enum sishi_verdict v = k->present ? SISHI_NOT_DRAWN : SISHI_ABSENT;
    for (size_t i = 0; i < k->lots; i++) {
        if (k->lot[i].status == 'A' || k->lot[i].status == 'S') {
            return SISHI_SELECTED;
        }
        if (k->lot[i].status == 'R') {
            v = SISHI_RESERVE;
        }
    }
    return v;
}

static enum err do_check(struct folder *f, struct sishi_text id, struct sishi_text line,
                         enum sishi_verdict *out)
{
    struct bundle b;
    struct check k;
    TRY(open_bundle(f, &b));
    TRY(draw_check(f->cx, &b, (struct str){ id.p, id.n }, (struct str){ line.p, line.n }, &k));
    *out = verdict_of(&k);
    return ERR_OK;
}

/* Each call starts clean and leaves its memory behind. */
static struct folder begin(struct sishi *s, const struct sishi_files *files)
{
    fault_clear(&s->cx);
    return (struct folder){ .cx = &s->cx, .files = files };
}

int sishi_draw_freeze(struct sishi *s, const struct sishi_files *files,
                      const uint8_t (*commit)[SISHI_DIGEST_LEN], size_t n)
{
    struct arena_mark mark = arena_mark(s->cx.mem);
    CLEANUP(folder_close) struct folder f = begin(s, files);
    enum err code = do_freeze(&f, commit, n);
    arena_reset(s->cx.mem, mark);
    return (int)code;
}

int sishi_draw_run(struct sishi *s, const struct sishi_files *files)
{
    struct arena_mark mark = arena_mark(s->cx.mem);
    CLEANUP(folder_close) struct folder f = begin(s, files);
    enum err code = do_run(&f);
    arena_reset(s->cx.mem, mark);
    return (int)code;
}

int sishi_draw_verify(struct sishi *s, const struct sishi_files *files,
                      void (*passed)(void *ctx, const char *step, const char *what), void *ctx)
{
    struct arena_mark mark = arena_mark(s->cx.mem);
    CLEANUP(folder_close) struct folder f = begin(s, files);
    const struct verify_watch watch = { passed, ctx };
    enum err code = do_verify(&f, passed != NULL ? &watch : NULL);
    arena_reset(s->cx.mem, mark);
    return (int)code;
}

int sishi_draw_check(struct sishi *s, const struct sishi_files *files, struct sishi_text id,
                     struct sishi_text line, enum sishi_verdict *out)
{
    struct arena_mark mark = arena_mark(s->cx.mem);
    CLEANUP(folder_close) struct folder f = begin(s, files);
    enum err code = do_check(&f, id, line, out);
    arena_reset(s->cx.mem, mark);
    return (int)code;
}
