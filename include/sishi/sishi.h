/* libsishi: the verifiable double-random draw (sishi-draw/1) and the codes of Chinese market
 * entities, for other programs. No database, no network, no clock, no file: files come and go
 * through functions of the caller, and the same bytes in give the same bytes out on every machine.
 * Needs libc alone.
 *
 * Threads: a `struct sishi` belongs to one thread at a time; everything else may be called from
 * any. Every function that can fail returns 0 for success, else a positive number whose name and
 * reason sishi_error and sishi_reason tell. */
#ifndef SISHI_H
#define SISHI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

#define SISHI_VERSION "0.1.0"
/* The version of the library that is loaded. */
const char *sishi_version(void);

enum { SISHI_DIGEST_LEN = 32 };
enum sishi_hash { SISHI_SHA256 = 0, SISHI_SM3 = 1 }; /* FIPS 180-4; GB/T 32905-2016 */
enum sishi_lang { SISHI_ZH = 0, SISHI_EN = 1 };

/* Bytes of somebody else; not NUL-terminated. */
struct sishi_text {
    const char *p;
    size_t n;
};

/* ---- one piece of work ------------------------------------------------------------------------
 */

/* Memory and the last failure of one piece of work. */
struct sishi;
/* @param most_bytes  what the work may use in all; 0 = 1 GiB. NULL when out of memory. */
struct sishi *sishi_new(size_t most_bytes);
void sishi_free(struct sishi *s); /* accepts NULL */
/* "DRAW_FILE", "DRAW_MISMATCH" ...: of the last call with `s`; "OK" when it succeeded. */
const char *sishi_error(const struct sishi *s);
/* One line for a person that names the thing: "population.tsv:12: not above the line before". */
const char *sishi_reason(const struct sishi *s);

/* ---- codes of market entities (GB 32100-2015, GB 11714-1997, 15-digit numbers) ----------------
 */

struct sishi_code {
    bool valid;
    const char *kind;    /* "uscc", "regno", "organisation", "none": by length, also when wrong */
    char code[19];       /* folded: half-width, upper case; "" when longer than any code */
    size_t position;     /* 1-based character that is wrong; 0 = none */
    char suggestion[19]; /* the likely correction; "" = none */
    char why[256];       /* one line in the language asked for; "" when valid */
};
void sishi_code_check(const char *text, size_t n, enum sishi_lang lang, struct sishi_code *out);

/* ---- digests, tickets, proofs -----------------------------------------------------------------
 */

void sishi_digest(enum sishi_hash hash, const void *bytes, size_t n, uint8_t out[SISHI_DIGEST_LEN]);

/* u[i] of each id: the first 63 bits of H(seed || "T" || id). @param n  several hundred are fast */
void sishi_tickets(enum sishi_hash hash, const uint8_t seed[SISHI_DIGEST_LEN],
                   const struct sishi_text *ids, size_t n, uint64_t *u);

/* The Merkle leaf of a line (RFC 6962, without its LF), and whether a leaf is in a tree.
 * @param path  n_path digests, from the leaf up */
void sishi_leaf(enum sishi_hash hash, const char *line, size_t n, uint8_t out[SISHI_DIGEST_LEN]);
bool sishi_included(enum sishi_hash hash, const uint8_t leaf[SISHI_DIGEST_LEN], uint64_t index,
                    uint64_t size, const uint8_t (*path)[SISHI_DIGEST_LEN], size_t n_path,
                    const uint8_t root[SISHI_DIGEST_LEN]);
/* That the tree of old_size leaves is the beginning of that of size. */
bool sishi_consistent(enum sishi_hash hash, uint64_t old_size,
                      const uint8_t old_root[SISHI_DIGEST_LEN], uint64_t size,
                      const uint8_t root[SISHI_DIGEST_LEN], const uint8_t (*path)[SISHI_DIGEST_LEN],
                      size_t n_path);

/* The memory rule (negative coordination) of one entity.
 * @param p31  its target probability, units of 2^-31, 1..2^31
 * @param c31  what it has accumulated in this cycle, 0..2^31-1; the new value comes back
 * @param drawn_before  in this cycle
 * @param rho  memory in 1/256, 0..256
 * @return the probability to use now, units of 2^-31 */
uint32_t sishi_memory(uint32_t p31, uint32_t *c31, bool drawn_before, uint32_t rho);

/* ---- a draw over its files --------------------------------------------------------------------
 */

/* How the library reaches the files of one draw: a folder, an archive, rows of a table. Names are
 * those of the specification: "plan.txt", "population.tsv" ... The functions return 0, or anything
 * else when it cannot be done: the call then fails with FILE and the file's name. */
struct sishi_files {
    /* Is there such a file? Asked for reveals.txt alone, which need not be. */
    bool (*has)(void *ctx, const char *name);
    /* Opens a file for reading from its beginning; *file is what the next two are given. */
    int (*open)(void *ctx, const char *name, void **file);
    /* The next bytes, cut anywhere (1 MB is a good size), valid until the next call; none at the
     * end. */
    int (*next)(void *ctx, void *file, const char **bytes, size_t *n);
    /* Back to the beginning. */
    int (*rewind)(void *ctx, void *file);
    void (*close)(void *ctx, void *file);
    /* Takes one line of a file that the draw makes, without its LF. Lines of several files come
     * mixed, each file's in its order. What a failed call has put is to be thrown away. */
    int (*line)(void *ctx, const char *name, const char *line, size_t n);
    void *ctx;
};

/**
 * Checks plan.txt, population.tsv, roster.tsv and recusal.tsv, and puts freeze.txt.
 *
 * @param commit  the parties' commitments in the order of plan.txt, n of them
 */
int sishi_draw_freeze(struct sishi *s, const struct sishi_files *files,
                      const uint8_t (*commit)[SISHI_DIGEST_LEN], size_t n);
/* Draws from seed.txt: checks the frame against freeze.txt and the values against their
 * commitments, and puts lots.tsv, result.tsv, assign.tsv, prices.tsv and head.txt. */
int sishi_draw_run(struct sishi *s, const struct sishi_files *files);
/* Draws again and compares every published line.
 * @param passed  called after each step that holds; may be NULL */
int sishi_draw_verify(struct sishi *s, const struct sishi_files *files,
                      void (*passed)(void *ctx, const char *step, const char *what), void *ctx);

enum sishi_verdict {
    SISHI_ABSENT,   /* it has no line in the frozen population: neighbours prove it */
    SISHI_SELECTED, /* drawn in at least one lot */
    SISHI_RESERVE,  /* in a reserve, in no lot drawn */
    SISHI_NOT_DRAWN /* in the pool, and rightly left */
};
/* One entity, its ticket and what came of it; the published result is checked against the ticket.
 * @param line  its own line where the published one is sealed; n == 0 otherwise */
int sishi_draw_check(struct sishi *s, const struct sishi_files *files, struct sishi_text id,
                     struct sishi_text line, enum sishi_verdict *out);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
