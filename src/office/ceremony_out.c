#include "office/ceremony_out.h"

#include <string.h>

enum {
    TEXT_ROOM = 4 << 20,  /* of one transaction */
    BLOCK_MAX = 3 << 20,  /* bytes of 1024 lines: the longest line has under 2 KB */
    PENDING_MAX = 256,    /* blocks of one transaction */
    ROW_TEXT_MAX = 512,   /* of one row's texts */
    FULL_ENOUGH = 1 << 20 /* a transaction of this size is worth its commit */
};

struct out_block {
    enum ceremony_file file;
    int64_t block, count;
    struct str first_key, lines;
    struct digest root;
};

static enum err file_open(struct cx *cx, const struct ceremony_out *o, enum ceremony_file file,
                          struct out_file *f)
{
    *f = (struct out_file){ .file = file,
                            .lines = buf_of(cx->mem, BLOCK_MAX),
                            .view = arena_alloc(cx->mem, CEREMONY_BLOCK, sizeof *f->view) };
    merkle_init(&f->tree, o->kind);
    hasher_init(&f->bytes, o->kind);
    return f->view != NULL ? ERR_OK : fail(cx, ERR_NO_MEMORY, "%s", ceremony_file_name(file));
}

enum err out_open(struct cx *cx, const struct desk *d, const struct ceremony *c,
                  const enum ceremony_file *files, size_t n, struct ceremony_out *out)
{
    struct ceremony_out o = {
        .desk = d, .home = c->row.id, .kind = (enum digest_kind)c->row.hash, .files = n
    };
    o.pending = arena_alloc(cx->mem, PENDING_MAX, sizeof *o.pending);
    o.text = arena_alloc(cx->mem, TEXT_ROOM, 1);
    o.memory = arena_alloc(cx->mem, OUT_ROWS, sizeof *o.memory);
    o.result = arena_alloc(cx->mem, OUT_ROWS, sizeof *o.result);
    o.place = arena_alloc(cx->mem, OUT_ROWS, sizeof *o.place);
    if (o.pending == NULL || o.text == NULL || o.memory == NULL || o.result == NULL ||
        o.place == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the files of draw " STR_FMT, STR_ARG(c->row.no));
    }
    for (size_t i = 0; i < n; i++) {
        TRY(file_open(cx, &o, files[i], &o.file[i]));
    }
    TRY(store_id(cx, d->store, &o.run));
    *out = o;
    return ERR_OK;
}

/* ---- one transaction ------------------------------------------------------------------------- */

static enum err write_blocks(struct cx *cx, struct tx *tx, const struct ceremony_out *o)
{
    int64_t changed;
    for (size_t i = 0; i < o->n_pending; i++) {
        const struct out_block *p = &o->pending[i];
        struct str root = { (const char *)p->root.b, DIGEST_LEN };
        TRY(q_draw_block_add(cx, tx, o->home, o->run, (int64_t)p->file, p->block, p->first_key,
                             p->count, p->lines, root, &changed));
    }
    return ERR_OK;
}

static enum err write_memory(struct cx *cx, struct tx *tx, const struct ceremony_out *o)
{
    struct bulk *b;
    if (o->n_memory == 0) {
        return ERR_OK;
    }
    TRY(qb_draw_memory_open(cx, tx, &b));
    for (size_t i = 0; i < o->n_memory; i++) {
        TRY(qb_draw_memory_row(cx, b, &o->memory[i]));
    }
    return bulk_close(cx, b);
}

static enum err write_results(struct cx *cx, struct tx *tx, const struct ceremony_out *o)
{
    struct bulk *b;
    if (o->n_result == 0) {
        return ERR_OK;
    }
    TRY(qb_draw_result_open(cx, tx, &b));
    for (size_t i = 0; i < o->n_result; i++) {
        TRY(qb_draw_result_row(cx, b, &o->result[i]));
    }
    return bulk_close(cx, b);
}

static enum err write_places(struct cx *cx, struct tx *tx, const struct ceremony_out *o)
{
    struct bulk *b;
    if (o->n_place == 0) {
        return ERR_OK;
    }
    TRY(qb_draw_place_open(cx, tx, &b));
    for (size_t i = 0; i < o->n_place; i++) {
        TRY(qb_draw_place_row(cx, b, &o->place[i]));
    }
    return bulk_close(cx, b);
}

static enum err flush_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct ceremony_out *o = arg;
    TRY(write_blocks(cx, tx, o));
    TRY(write_memory(cx, tx, o));
    TRY(write_results(cx, tx, o));
    return write_places(cx, tx, o);
}

static enum err flush(struct cx *cx, struct ceremony_out *o)
{
    struct op op = { 0 };
    if (o->n_pending + o->n_memory + o->n_result + o->n_place == 0) {
        return ERR_OK;
    }
    TRY(store_write(cx, o->desk->store, &op, flush_work, o));
    o->n_pending = 0;
    o->n_memory = 0;
    o->n_result = 0;
    o->n_place = 0;
    o->text_n = 0;
    return ERR_OK;
}

static enum err need_text(struct cx *cx, struct ceremony_out *o, size_t bytes)
{
    return o->text_n + bytes > TEXT_ROOM ? flush(cx, o) : ERR_OK;
}

static struct str keep(struct ceremony_out *o, struct str s)
{
    struct str kept = { o->text + o->text_n, s.n };
    memcpy(o->text + o->text_n, s.p, s.n);
    o->text_n += s.n;
    return kept;
}

/* ---- files ----------------------------------------------------------------------------------- */

/* The block's lines where they are now, and the root over them. */
static struct digest block_root(struct ceremony_out *o, struct out_file *f)
{
    struct str rest = buf_str(&f->lines);
    struct merkle m;
    merkle_init(&m, o->kind);
    for (int64_t i = 0; i < f->count; i++) {
        f->view[i] = str_cut(&rest, '\n');
    }
    merkle_feed_lines(&m, f->view, (size_t)f->count);
    return merkle_root(&m);
}

static enum err end_block(struct cx *cx, struct ceremony_out *o, struct out_file *f)
{
    struct str lines;
    if (f->count == 0) {
        return ERR_OK;
    }
    TRY(buf_done(cx, &f->lines, &lines));
    TRY(need_text(cx, o, lines.n));
    struct digest root = block_root(o, f);
    if (f->count == CEREMONY_BLOCK) {
        merkle_feed_subtree(&f->tree, CEREMONY_LEVEL, &root);
    } else {
        merkle_feed_lines(&f->tree, f->view, (size_t)f->count);
    }
    hasher_feed(&f->bytes, lines.p, lines.n);
    struct str kept = keep(o, lines);
    struct str key = kept;
    key = str_cut(&key, '\n');
    o->pending[o->n_pending++] = (struct out_block){
        .file = f->file,
        .block = f->block++,
        .count = f->count,
        .first_key = str_cut(&key, '\t'),
        .lines = kept,
        .root = root,
    };
    f->count = 0;
    buf_clear(&f->lines);
    return o->text_n >= FULL_ENOUGH || o->n_pending == PENDING_MAX ? flush(cx, o) : ERR_OK;
}

enum err out_line(struct cx *cx, struct ceremony_out *out, size_t file, struct str line)
{
    struct out_file *f = &out->file[file];
    buf_put(&f->lines, line);
    buf_put_c(&f->lines, '\n');
    f->count++;
    return f->count == CEREMONY_BLOCK ? end_block(cx, out, f) : ERR_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

enum err out_memory(struct cx *cx, struct ceremony_out *out, const struct qb_draw_memory *row)
{
    TRY(need_text(cx, out, ROW_TEXT_MAX));
    struct qb_draw_memory *to = &out->memory[out->n_memory++];
    *to = *row;
    to->home = out->home;
    to->run = out->run;
    to->item = keep(out, row->item);
    to->code = keep(out, row->code);
    return out->n_memory == OUT_ROWS ? flush(cx, out) : ERR_OK;
}

enum err out_result(struct cx *cx, struct ceremony_out *out, const struct qb_draw_result *row)
{
    TRY(need_text(cx, out, ROW_TEXT_MAX));
    struct qb_draw_result *to = &out->result[out->n_result++];
    *to = *row;
    to->home = out->home;
    to->run = out->run;
    to->lot = keep(out, row->lot);
    to->status = keep(out, row->status);
    to->code = keep(out, row->code);
    to->k = keep(out, row->k);
    return out->n_result == OUT_ROWS ? flush(cx, out) : ERR_OK;
}

enum err out_place(struct cx *cx, struct ceremony_out *out, const struct qb_draw_place *row)
{
    TRY(need_text(cx, out, ROW_TEXT_MAX));
    struct qb_draw_place *to = &out->place[out->n_place++];
    *to = *row;
    to->home = out->home;
    to->run = out->run;
    to->code = keep(out, row->code);
    to->dept = keep(out, row->dept);
    to->qual = keep(out, row->qual);
    to->inspector = keep(out, row->inspector);
    return out->n_place == OUT_ROWS ? flush(cx, out) : ERR_OK;
}

/* ---- the end --------------------------------------------------------------------------------- */

enum err out_end(struct cx *cx, struct ceremony_out *out)
{
    for (size_t i = 0; i < out->files; i++) {
        TRY(end_block(cx, out, &out->file[i]));
    }
    return flush(cx, out);
}

struct tree out_tree(const struct ceremony_out *out, size_t file)
{
    const struct merkle *m = &out->file[file].tree;
    return (struct tree){ m->n, merkle_root(m) };
}

static enum err drop_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct ceremony_out *o = arg;
    int64_t changed;
    TRY(q_draw_block_drop(cx, tx, o->home, o->run, &changed));
    TRY(q_draw_memory_drop(cx, tx, o->home, o->run, &changed));
    TRY(q_draw_result_drop(cx, tx, o->home, o->run, &changed));
    return q_draw_place_drop(cx, tx, o->home, o->run, &changed);
}

void out_drop(struct cx *cx, const struct ceremony_out *out)
{
    struct cx quiet = { .mem = cx->mem, .now_ms = cx->now_ms, .lang = cx->lang };
    struct op op = { 0 };
    struct ceremony_out copy = *out;
    if (store_write(&quiet, out->desk->store, &op, drop_work, &copy) != ERR_OK) {
        log_error("draw.drop", "reason=\"%s\"", quiet.fault.detail);
    }
}
