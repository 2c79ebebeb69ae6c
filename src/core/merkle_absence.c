#include "core/merkle.h"

/* Whether `line` and all that may follow it in a sorted file stand behind every line that has the
 * field(s) `key`. A TAB sorts before every other byte of a line, so that lines with the key stand
 * together and begin with the bare key. */
static bool line_after(struct str line, struct str key)
{
    if (str_starts(line, key)) {
        return line.n > key.n && (uint8_t)line.p[key.n] > '\t';
    }
    return str_cmp(line, key) > 0;
}

static bool encloses(struct str key, const struct merkle_gap *gap, uint64_t size)
{
    return (gap->at == 0 || str_cmp(gap->before, key) < 0) &&
           (gap->at == size || line_after(gap->after, key));
}

enum err merkle_prove_absence(struct cx *cx, const struct merkle_source *src, uint64_t size,
                              struct str key, const struct merkle_gap *gap,
                              struct merkle_absence *out)
{
    if (gap->at > size || size > src->size) {
        return fail(cx, ERR_MERKLE_RANGE, "place %llu of %llu", (unsigned long long)gap->at,
                    (unsigned long long)size);
    }
    if (!encloses(key, gap, size)) {
        return fail(cx, ERR_MERKLE_PRESENT, STR_FMT, STR_ARG(key));
    }
    struct merkle_absence p = { .at = gap->at };
    if (gap->at > 0) {
        TRY(merkle_prove_inclusion(cx, src, gap->at - 1, size, &p.before.path));
        p.before.line = gap->before;
    }
    if (gap->at < size) {
        TRY(merkle_prove_inclusion(cx, src, gap->at, size, &p.after.path));
        p.after.line = gap->after;
    }
    *out = p;
    return ERR_OK;
}

static bool has_line(enum digest_kind kind, const struct merkle_neighbour *line, uint64_t index,
                     uint64_t size, const struct digest *root)
{
    struct digest leaf = merkle_leaf(kind, line->line);
    return merkle_included(kind, &leaf, index, size, &line->path, root);
}

bool merkle_absent(enum digest_kind kind, struct str key, uint64_t size,
                   const struct merkle_absence *proof, const struct digest *root)
{
    const struct merkle_gap gap = { proof->at, proof->before.line, proof->after.line };
    if (proof->at > size || !encloses(key, &gap, size)) {
        return false;
    }
    if (size == 0) {
        struct digest empty = digest_of(kind, STR(""));
        return digest_eq(root, &empty);
    }
    return (proof->at == 0 || has_line(kind, &proof->before, proof->at - 1, size, root)) &&
           (proof->at == size || has_line(kind, &proof->after, proof->at, size, root));
}
