/* Builds the proof that a sorted file has a line with a key, or has none, while the file passes by
 * once: the roots of its blocks, and the leaves of the few blocks a proof reads. Private. */
#ifndef SISHI_CORE_PROVER_H
#define SISHI_CORE_PROVER_H

#include "core/kept.h"
#include "core/merkle.h"

enum { PROVER_LEVEL = 10, PROVER_BLOCK = 1 << PROVER_LEVEL, PROVER_KEPT = 3 };

struct prover {
    enum digest_kind kind;
    struct str key;     /* the first field looked for */
    struct merkle tree; /* of the lines so far */
    struct kept root;   /* struct digest: of the whole blocks so far */
    struct {
        uint64_t block;
        struct digest *leaf;
    } kept[PROVER_KEPT];
    size_t n_kept;
    struct digest *now, *last; /* leaves of the block being filled, and of the one before */
    struct str last_line;      /* copied */
    char *last_room;
    size_t last_room_n;
    bool placed;             /* the key's place is known */
    bool present;            /* a line with the key is there */
    uint64_t at;             /* its index, or the index it would have */
    struct str before, line; /* copied: the line in front; the line itself, or the one behind */
};
enum err prover_open(struct cx *cx, struct prover *p, enum digest_kind kind,
                     struct str key) MUST_USE;
/* @param leaf  the line's leaf; given apart, because a sealed line holds its own
 * @return ERR_DRAW_MISMATCH when keys do not ascend */
enum err prover_feed(struct cx *cx, struct prover *p, struct str line,
                     const struct digest *leaf) MUST_USE;
/* After the last line: the proof. @param absence  when p->present is false, else path */
enum err prover_end(struct cx *cx, struct prover *p, struct merkle_path *path,
                    struct merkle_absence *absence) MUST_USE;

#endif
