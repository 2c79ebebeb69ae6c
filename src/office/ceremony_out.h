/* What a freeze or a run writes while it goes: blocks of lines and rows, in small transactions of
 * their own under a fresh run number. Nothing of it counts until the draw names the run. Private to
 * office/. */
#ifndef SISHI_OFFICE_CEREMONY_OUT_H
#define SISHI_OFFICE_CEREMONY_OUT_H

#include "office/ceremony.h"

enum { OUT_FILES = 4, OUT_ROWS = 16384 };

/* One file on its way into blocks. */
struct out_file {
    enum ceremony_file file;
    struct buf lines; /* of the block being filled */
    struct str *view; /* CEREMONY_BLOCK of them: where its lines are, set when it is full */
    int64_t count, block;
    struct merkle tree;
    struct hasher bytes; /* of the whole file */
};

struct ceremony_out {
    const struct desk *desk;
    int64_t home, run;
    enum digest_kind kind;
    struct out_file file[OUT_FILES];
    size_t files;
    struct out_block *pending; /* blocks that wait for the next transaction */
    size_t n_pending;
    char *text; /* what the pending blocks and rows point to */
    size_t text_n;
    struct qb_draw_memory *memory;
    struct qb_draw_result *result;
    struct qb_draw_place *place;
    size_t n_memory, n_result, n_place;
};

/* @param files  which files will be written; their places in out->file are those here */
enum err out_open(struct cx *cx, const struct desk *d, const struct ceremony *c,
                  const enum ceremony_file *files, size_t n, struct ceremony_out *out) MUST_USE;
/* A line, without its LF. */
enum err out_line(struct cx *cx, struct ceremony_out *out, size_t file, struct str line) MUST_USE;
/* A row each; texts are copied, home and run filled in. */
enum err out_memory(struct cx *cx, struct ceremony_out *out,
                    const struct qb_draw_memory *row) MUST_USE;
enum err out_result(struct cx *cx, struct ceremony_out *out,
                    const struct qb_draw_result *row) MUST_USE;
enum err out_place(struct cx *cx, struct ceremony_out *out,
                   const struct qb_draw_place *row) MUST_USE;
/* Ends the files and writes what is left. */
enum err out_end(struct cx *cx, struct ceremony_out *out) MUST_USE;
/* Lines and root of an ended file. */
struct tree out_tree(const struct ceremony_out *out, size_t file);
/* Takes away what a failed attempt wrote; what cannot be taken away now goes with the next step. */
void out_drop(struct cx *cx, const struct ceremony_out *out);

#endif
