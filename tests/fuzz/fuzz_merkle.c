/* Trees and proofs of any shape: an honest proof passes, and no other bytes do.
 * Input: four bytes that choose sizes, then the bytes of a false path. */
#include "core/core.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err read_subtrees(struct cx *cx, void *ctx, unsigned level, uint64_t first, size_t n,
                              struct digest *out)
{
    (void)cx;
    (void)ctx;
    for (size_t i = 0; i < n; i++) {
        struct merkle m;
        merkle_init(&m, DIGEST_SHA256);
        uint64_t from = (first + i) << level, to = (first + i + 1) << level;
        for (uint64_t leaf = from; leaf < to; leaf++) {
            merkle_feed(&m, (struct str){ (const char *)&leaf, sizeof leaf });
        }
        out[i] = merkle_root(&m);
    }
    return ERR_OK;
}

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static struct merkle_path false_path(const uint8_t *data, size_t size)
{
    struct merkle_path p = { .n = size / DIGEST_LEN };
    p.n = p.n < MERKLE_PATH_MAX ? p.n : MERKLE_PATH_MAX;
    memcpy(p.node, data, p.n * DIGEST_LEN);
    return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4) {
        return 0;
    }
    uint64_t n = (uint64_t)data[0] + 1, index = data[1] % n, old = data[2] % (n + 1);
    struct cx cx = { .mem = NULL };
    struct merkle_source src = { DIGEST_SHA256, n, data[3] % 5, read_subtrees, NULL };
    struct digest leaf, root, old_root;
    struct merkle_path in, grown, lie = false_path(data + 4, size - 4);
    must(read_subtrees(&cx, NULL, 0, index, 1, &leaf) == ERR_OK);
    must(merkle_source_root(&cx, &src, n, &root) == ERR_OK);
    must(merkle_source_root(&cx, &src, old, &old_root) == ERR_OK);
    must(merkle_prove_inclusion(&cx, &src, index, n, &in) == ERR_OK);
    must(merkle_prove_consistency(&cx, &src, old, n, &grown) == ERR_OK);
    must(merkle_included(DIGEST_SHA256, &leaf, index, n, &in, &root));
    must(merkle_consistent(DIGEST_SHA256, old, &old_root, n, &root, &grown));
    if (lie.n != in.n || memcmp(lie.node, in.node, in.n * DIGEST_LEN) != 0) {
        must(!merkle_included(DIGEST_SHA256, &leaf, index, n, &lie, &root));
    }
    if (lie.n != grown.n || memcmp(lie.node, grown.node, grown.n * DIGEST_LEN) != 0) {
        must(!merkle_consistent(DIGEST_SHA256, old, &old_root, n, &root, &lie));
    }
    return 0;
}
