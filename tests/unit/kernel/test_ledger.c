#include "../store_harness.h"
#include "../test.h"

#include "kernel/kernel.h"

#include <string.h>

enum { ENTRIES = 37 };

struct log_work {
    int64_t first, n, seq;
    struct digest leaf[ENTRIES];
};

static struct digest hex_of(int64_t i)
{
    struct digest d = { .b = { 0 } };
    d.b[0] = (uint8_t)i;
    d.b[31] = 0x5a;
    return d;
}

static enum err append_some(struct cx *cx, struct tx *tx, void *arg)
{
    struct log_work *w = arg;
    for (int64_t i = w->first; i < w->first + w->n; i++) {
        struct digest d = hex_of(i);
        TRY(ledger_append(cx, tx, (enum ledger_kind)(i % LEDGER_KIND__COUNT),
                          i % 2 == 0 ? STR("430000-2026-0001") : STR("430000-2026-0002"), &d,
                          &w->seq));
        assert_int_equal(w->seq, i);
    }
    return ERR_OK;
}

static enum err append_and_fail(struct cx *cx, struct tx *tx, void *arg)
{
    TRY(append_some(cx, tx, arg));
    (void)fail_at(cx, ERR_STATE, __FILE__, __LINE__, "asked for");
    return ERR_STATE;
}

/* Every proof of the stored log against the tree computed at once from the entries. */
static enum err check_all(struct cx *cx, struct tx *tx, void *arg)
{
    struct log_work *w = arg;
    struct ledger_entry *e;
    struct merkle m;
    struct digest root[ENTRIES + 1], head;
    struct merkle_path path;
    int64_t size;
    size_t n;
    TRY(ledger_entries(cx, tx, STR(""), 0, 1000, &e, &n));
    assert_int_equal(n, ENTRIES);
    merkle_init(&m, DIGEST_SHA256);
    root[0] = merkle_root(&m);
    for (size_t i = 0; i < n; i++) {
        struct str line;
        TRY(ledger_line(cx, &e[i], &line));
        w->leaf[i] = merkle_leaf(DIGEST_SHA256, line);
        merkle_feed(&m, line);
        root[i + 1] = merkle_root(&m);
    }
    TRY(ledger_head(cx, tx, &size, &head));
    assert_int_equal(size, ENTRIES);
    assert_true(digest_eq(&head, &root[ENTRIES]));
    for (int64_t to = 1; to <= ENTRIES; to++) {
        for (int64_t i = 0; i < to; i++) {
            TRY(ledger_prove_inclusion(cx, tx, i, to, &path));
            assert_true(merkle_included(DIGEST_SHA256, &w->leaf[i], (uint64_t)i, (uint64_t)to,
                                        &path, &root[to]));
            TRY(ledger_prove_consistency(cx, tx, i, to, &path));
            assert_true(merkle_consistent(DIGEST_SHA256, (uint64_t)i, &root[i], (uint64_t)to,
                                          &root[to], &path));
        }
    }
    ASSERT_ERR(ERR_MERKLE_RANGE, ledger_prove_inclusion(cx, tx, ENTRIES, ENTRIES, &path));
    fault_clear(cx);
    TRY(ledger_entries(cx, tx, STR("430000-2026-0002"), 0, 5, &e, &n));
    assert_int_equal(n, 5);
    assert_int_equal(e[4].seq, 9);
    return ERR_OK;
}

static void stored_log_proves_every_entry(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        for (struct log_work w = { .n = 1 }; w.first < ENTRIES; w.first += w.n, w.n = 3) {
            w.n = w.first + w.n > ENTRIES ? ENTRIES - w.first : w.n;
            ASSERT_OK(cx, store_write(cx, st, NULL, append_some, &w));
            struct log_work lost = { .first = w.first + w.n, .n = 5 };
            ASSERT_ERR(ERR_STATE, store_write(cx, st, NULL, append_and_fail, &lost));
            fault_clear(cx);
        }
        struct log_work w = { 0 };
        ASSERT_OK(cx, store_read(cx, st, check_all, &w));
    }
}

static const uint8_t seed_log[NOTE_SEED_LEN] = { 1 }, seed_w[NOTE_SEED_LEN] = { 2 },
                     seed_x[NOTE_SEED_LEN] = { 3 };

struct cosigned_work {
    int64_t seq, n, at;
};

static enum err read_cosigned(struct cx *cx, struct tx *tx, void *arg)
{
    struct cosigned_work *w = arg;
    return ledger_cosigned(cx, tx, w->seq, 1, &w->n, &w->at);
}

static void witness_cosigns_a_checkpoint(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct note_signer log, witness, stranger;
        struct log_work w = { .n = 4 };
        struct str note, again, text, line, vkey;
        struct checkpoint c;
        int64_t at;
        ASSERT_OK(cx, note_signer_of(cx, STR("sishi/log"), NOTE_ED25519, seed_log, &log));
        ASSERT_OK(cx, note_signer_of(cx, STR("notary"), NOTE_COSIGNATURE, seed_w, &witness));
        ASSERT_OK(cx, note_signer_of(cx, STR("notary"), NOTE_COSIGNATURE, seed_x, &stranger));
        ASSERT_OK(cx, store_write(cx, st, NULL, append_some, &w));
        ASSERT_OK(cx, ledger_checkpoint(cx, st, &log, &note));
        ASSERT_OK(cx, ledger_checkpoint(cx, st, &log, &again));
        assert_true(str_eq(note, again));
        ASSERT_OK(cx, note_open(cx, note, &log.pub, &text, NULL));
        ASSERT_OK(cx, checkpoint_parse(cx, text, &c));
        assert_int_equal(c.size, 4);

        ASSERT_OK(cx, note_vkey(cx, &log.pub, &vkey));
        ASSERT_ERR(ERR_NOTE, ledger_witness_add(cx, st, vkey)); /* a log's key is no witness */
        fault_clear(cx);
        ASSERT_OK(cx, note_vkey(cx, &witness.pub, &vkey));
        ASSERT_OK(cx, ledger_witness_add(cx, st, vkey));
        ASSERT_ERR(ERR_DUPLICATE, ledger_witness_add(cx, st, vkey));
        fault_clear(cx);

        ASSERT_OK(cx, note_cosign(cx, &stranger, text, TEST_NOW_MS, &line));
        ASSERT_ERR(ERR_NOTE, ledger_cosign(cx, st, 4, line));
        fault_clear(cx);
        ASSERT_OK(cx, note_cosign(cx, &witness, text, TEST_NOW_MS, &line));
        ASSERT_ERR(ERR_NOT_FOUND, ledger_cosign(cx, st, 3, line));
        fault_clear(cx);
        ASSERT_OK(cx, ledger_cosign(cx, st, 4, line));
        ASSERT_OK(cx, ledger_cosign(cx, st, 4, line)); /* twice is once */
        ASSERT_OK(cx, ledger_checkpoint_at(cx, st, 4, &note));
        ASSERT_OK(cx, note_open(cx, note, &witness.pub, &text, &at));
        assert_int_equal(at, TEST_NOW_MS);

        struct cosigned_work covered = { .seq = 3 }, later = { .seq = 4 };
        ASSERT_OK(cx, store_read(cx, st, read_cosigned, &covered));
        ASSERT_OK(cx, store_read(cx, st, read_cosigned, &later));
        assert_int_equal(covered.n, 1);
        assert_int_equal(covered.at, TEST_NOW_MS);
        assert_int_equal(later.n, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stored_log_proves_every_entry),
        cmocka_unit_test(witness_cosigns_a_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
