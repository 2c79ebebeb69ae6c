/* The evidence log in the database: entries, stored subtree roots, checkpoints, witnesses. */
#include "kernel/kernel.h"

#include "q_log.h"

#include <string.h>

static const char *const kind_names[] = {
#define X(symbol, word) [LEDGER_##symbol] = (word),
    LEDGER_KIND_TABLE(X)
#undef X
};

const char *ledger_kind_name(enum ledger_kind k)
{
    return (size_t)k < COUNT_OF(kind_names) ? kind_names[k] : "?";
}

enum err ledger_line(struct cx *cx, const struct ledger_entry *e, struct str *out)
{
    struct buf b = buf_of(cx->mem, 512);
    buf_put_z(&b, ledger_kind_name(e->kind));
    buf_put_c(&b, ' ');
    buf_put(&b, e->draw_no);
    buf_put_c(&b, ' ');
    buf_put_hex(&b, e->hex.b, DIGEST_LEN);
    return buf_done(cx, &b, out);
}

static enum err node_get(struct cx *cx, struct tx *tx, int64_t level, int64_t idx,
                         struct digest *out)
{
    struct q_log_node row;
    TRY(q_log_node(cx, tx, level, idx, &row));
    if (row.digest.n != DIGEST_LEN) {
        return fail(cx, ERR_STORE, "log_node %d: digest is not 32 bytes", (int)level);
    }
    memcpy(out->b, row.digest.p, DIGEST_LEN);
    return ERR_OK;
}

/* Stores the leaf and every subtree that it completes. */
static enum err nodes_add(struct cx *cx, struct tx *tx, int64_t seq, struct digest leaf)
{
    struct digest at = leaf, left;
    int64_t idx = seq, changed;
    for (int64_t level = 0;; level++, idx /= 2) {
        TRY(q_log_node_add(cx, tx, level, idx, (struct str){ (const char *)at.b, DIGEST_LEN },
                           &changed));
        if (idx % 2 == 0) {
            return ERR_OK;
        }
        TRY(node_get(cx, tx, level, idx - 1, &left));
        at = merkle_node(DIGEST_SHA256, &left, &at);
    }
}

enum err ledger_append(struct cx *cx, struct tx *tx, enum ledger_kind kind, struct str draw_no,
                       const struct digest *hex, int64_t *seq)
{
    struct q_log_head_take head;
    struct ledger_entry e = { .at = cx->now_ms, .kind = kind, .draw_no = draw_no, .hex = *hex };
    char text[2 * DIGEST_LEN];
    struct str line;
    int64_t changed;
    TRY(q_log_head_take(cx, tx, 1, &head));
    e.seq = head.size - 1;
    hex_put(hex->b, DIGEST_LEN, text);
    TRY(q_log_entry_add(cx, tx, e.seq, e.at, (int64_t)kind, draw_no,
                        (struct str){ text, sizeof text }, &changed));
    TRY(ledger_line(cx, &e, &line));
    TRY(nodes_add(cx, tx, e.seq, merkle_leaf(DIGEST_SHA256, line)));
    *seq = e.seq;
    return ERR_OK;
}

/* merkle_source over log_node. Every subtree root is stored, so each is read in one row. */
static enum err source_read(struct cx *cx, void *ctx, unsigned level, uint64_t first, size_t n,
                            struct digest *out)
{
    for (size_t i = 0; i < n; i++) {
        TRY(node_get(cx, ctx, (int64_t)level, (int64_t)(first + i), &out[i]));
    }
    return ERR_OK;
}

enum err ledger_source(struct cx *cx, struct tx *tx, struct merkle_source *out)
{
    struct q_log_head head;
    TRY(q_log_head(cx, tx, &head));
    *out = (struct merkle_source){ .kind = DIGEST_SHA256,
                                   .size = (uint64_t)head.size,
                                   .stored = MERKLE_EVERY_LEVEL,
                                   .read = source_read,
                                   .ctx = tx };
    return ERR_OK;
}

enum err ledger_head(struct cx *cx, struct tx *tx, int64_t *size, struct digest *root)
{
    struct merkle_source src;
    struct digest r;
    TRY(ledger_source(cx, tx, &src));
    TRY(merkle_source_root(cx, &src, src.size, &r));
    *size = (int64_t)src.size;
    *root = r;
    return ERR_OK;
}

enum err ledger_prove_inclusion(struct cx *cx, struct tx *tx, int64_t seq, int64_t size,
                                struct merkle_path *out)
{
    struct merkle_source src;
    TRY(ledger_source(cx, tx, &src));
    return merkle_prove_inclusion(cx, &src, (uint64_t)seq, (uint64_t)size, out);
}

enum err ledger_prove_consistency(struct cx *cx, struct tx *tx, int64_t old_size, int64_t size,
                                  struct merkle_path *out)
{
    struct merkle_source src;
    TRY(ledger_source(cx, tx, &src));
    return merkle_prove_consistency(cx, &src, (uint64_t)old_size, (uint64_t)size, out);
}

static enum err entry_of(struct cx *cx, const struct q_log_entries *row, struct ledger_entry *out)
{
    struct ledger_entry e = { .seq = row->seq, .at = row->at, .draw_no = row->draw_no };
    if (row->kind < 0 || row->kind >= LEDGER_KIND__COUNT || !digest_from_hex(row->hex, &e.hex)) {
        return fail(cx, ERR_STORE, "log_entry %d is damaged", (int)row->seq);
    }
    e.kind = (enum ledger_kind)row->kind;
    *out = e;
    return ERR_OK;
}

enum err ledger_entries(struct cx *cx, struct tx *tx, struct str draw_no, int64_t first, int64_t n,
                        struct ledger_entry **out, size_t *n_out)
{
    struct q_log_entries *rows;
    struct q_log_entries_of *of;
    size_t got;
    if (draw_no.n == 0) {
        TRY(q_log_entries(cx, tx, first, n, &rows, &got));
    } else {
        TRY(q_log_entries_of(cx, tx, draw_no, first, n, &of, &got));
    }
    struct ledger_entry *e = arena_alloc(cx->mem, got + 1, sizeof *e);
    if (e == NULL) {
        return fail(cx, ERR_NO_MEMORY, "log entries");
    }
    for (size_t i = 0; i < got; i++) {
        struct q_log_entries row;
        if (draw_no.n == 0) {
            row = rows[i];
        } else {
            row =
                (struct q_log_entries){ of[i].seq, of[i].at, of[i].kind, of[i].draw_no, of[i].hex };
        }
        TRY(entry_of(cx, &row, &e[i]));
    }
    *out = e;
    *n_out = got;
    return ERR_OK;
}
