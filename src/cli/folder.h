/* A draw's files in a folder, as the draw's sources and sinks. Private to cli/. */
#ifndef SISHI_CLI_FOLDER_H
#define SISHI_CLI_FOLDER_H

#include "cli/cli.h"

/* One file being read, opened anew at each rewind. */
struct folder_in {
    struct cli *cli; /* for the progress bar; NULL: none */
    const char *path, *name;
    char *chunk;
    int fd;
    int64_t done, total; /* bytes */
};
/* @param in  memory of the caller, closed with folder_in_close */
enum err folder_source(struct cli *c, const char *dir, const char *name, struct folder_in *in,
                       struct draw_source *out) MUST_USE;
void folder_in_close(struct folder_in *in);
bool folder_has(struct cli *c, const char *dir, const char *name);

/* The files a command reads, all of them closed at its end. */
enum { FOLDER_INS = 32 };
struct folder {
    struct cli *cli;
    const char *dir;
    struct folder_in in[FOLDER_INS];
    size_t n;
};
#define FOLDER(c, path)                                                                            \
    {                                                                                              \
        .cli = (c), .dir = (path)                                                                  \
    }
void folder_close(struct folder *f); /* CLEANUP form */
enum err folder_open(struct folder *f, const char *name, struct draw_source *out) MUST_USE;
/* population.tsv, roster.tsv, recusal.tsv */
enum err folder_frame(struct folder *f, struct frame_sources *out) MUST_USE;

/* Files being written: under other names until all of them are whole, then renamed in order. When
 * anything goes wrong before, none of them appears. */
enum { FOLDER_OUTS = 8 };
struct folder_out {
    struct cx *cx;
    const char *dir;
    struct {
        const char *name, *partial;
        FILE *file;
    } out[FOLDER_OUTS];
    size_t n;
};
void folder_out_drop(struct folder_out *f); /* CLEANUP form: removes what was not committed */
/* A new file as a sink of lines. */
enum err folder_create(struct folder_out *f, const char *name, struct draw_sink *out) MUST_USE;
/* A whole text as a file. */
enum err folder_put(struct folder_out *f, const char *name, const struct buf *text) MUST_USE;
enum err folder_commit(struct folder_out *f) MUST_USE;

#endif
