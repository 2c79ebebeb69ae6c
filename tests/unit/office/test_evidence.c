#include "../store_harness.h"
#include "../test.h"

#include "office/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DRAW "430000-2026-0001"
enum { ENTRIES = 9 };

/* A data folder of its own, gone at the end. */
static char folder[64];
static char key_file[96];

static int folder_make(void **state UNUSED)
{
    (void)snprintf(folder, sizeof folder, "/tmp/sishi-evidence-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    (void)snprintf(key_file, sizeof key_file, "%s/evidence.key", folder);
    return 0;
}

static int folder_drop(void **state UNUSED)
{
    (void)unlink(key_file);
    return rmdir(folder); /* fails when a draft was left behind */
}

static struct desk desk_on(struct store *st)
{
    return (struct desk){ .store = st, .data_dir = str_of(folder) };
}

static void write_key(const char *text, mode_t mode)
{
    (void)unlink(key_file);
    FILE *f = fopen(key_file, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(key_file, mode), 0);
}

static void the_key_is_made_once_and_is_private(void **state UNUSED)
{
    TEST_CX(cx);
    struct stat s;
    struct str first;
    struct str again;
    struct note_verifier v;
    const struct desk d = desk_on(NULL);
    ASSERT_OK(cx, evidence_vkey(cx, &d, &first));
    assert_int_equal(stat(key_file, &s), 0);
    assert_int_equal(s.st_mode & 07777, 0600);
    ASSERT_OK(cx, evidence_vkey(cx, &d, &again));
    assert_true(str_eq(first, again));
    ASSERT_OK(cx, note_vkey_parse(cx, first, &v));
    assert_true(str_starts(v.name, STR("sishi/")));
    assert_int_equal(v.type, NOTE_ED25519);
    (void)unlink(key_file);
    ASSERT_OK(cx, evidence_vkey(cx, &d, &again));
    assert_false(str_eq(first, again));
}

#define SEED "0101010101010101010101010101010101010101010101010101010101010101"
static const struct {
    const char *what, *text;
    mode_t mode;
    const char *says;
} broken[] = {
    { "the group may read it", "log\n" SEED "\n", 0640, "mode 0640" },
    { "everybody may read it", "log\n" SEED "\n", 0604, "mode 0604" },
    { "others may write it", "log\n" SEED "\n", 0602, "mode 0602" },
    { "nothing in it", "", 0600, "64 hex" },
    { "no key", "log\n", 0600, "64 hex" },
    { "a short key", "log\n0101\n", 0600, "64 hex" },
    { "capital letters", "log\nAA01010101010101010101010101010101010101010101010101010101010101\n",
      0600, "64 hex" },
    { "something behind it", "log\n" SEED "\nmore\n", 0600, "64 hex" },
    { "no name", "\n" SEED "\n", 0600, "" },
    { "a name with a space", "my log\n" SEED "\n", 0600, "" },
};

static void a_broken_key_is_refused_and_kept(void **state UNUSED)
{
    const struct desk d = desk_on(NULL);
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        TEST_CX(cx);
        struct note_signer s;
        print_message("%s\n", broken[i].what);
        write_key(broken[i].text, broken[i].mode);
        ASSERT_ERR(ERR_NOTE, evidence_signer(cx, &d, &s));
        assert_non_null(strstr(cx->fault.detail, broken[i].says));
    }
    TEST_CX(cx);
    struct note_signer s;
    write_key("provincial.example/log\n" SEED "\n", 0600);
    ASSERT_OK(cx, evidence_signer(cx, &d, &s));
    ASSERT_STR("provincial.example/log", s.pub.name);
    (void)unlink(key_file);
    assert_int_equal(symlink("/dev/null", key_file), 0);
    TEST_CX(linked);
    ASSERT_ERR(ERR_NOTE, evidence_signer(linked, &d, &s));
    (void)unlink(key_file);
    const struct desk nowhere = { .data_dir = STR("/nonexistent/folder") };
    TEST_CX(lost);
    ASSERT_ERR(ERR_FILE, evidence_signer(lost, &nowhere, &s));
    const struct desk none = { 0 };
    TEST_CX(empty);
    ASSERT_ERR(ERR_FILE, evidence_signer(empty, &none, &s));
}

static enum err append_some(struct cx *cx, struct tx *tx, void *arg)
{
    const int *n = arg;
    for (int i = 0; i < *n; i++) {
        struct digest hex = { .b = { (uint8_t)i } };
        int64_t seq;
        TRY(ledger_append(cx, tx, LEDGER_EVENT, i % 3 == 0 ? STR(DRAW) : STR("430000-2026-0002"),
                          &hex, &seq));
    }
    return ERR_OK;
}

static void the_head_is_signed_and_proves_its_entries(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = desk_on(st);
        struct str note;
        struct str vkey;
        struct str text;
        struct note_verifier v;
        struct checkpoint c;
        struct evidence_proof p;
        struct merkle_path path;
        int n = ENTRIES;
        ASSERT_OK(cx, store_write(cx, st, NULL, append_some, &n));
        ASSERT_OK(cx, evidence_checkpoint(cx, &d, &note));
        ASSERT_OK(cx, evidence_vkey(cx, &d, &vkey));
        ASSERT_OK(cx, note_vkey_parse(cx, vkey, &v));
        ASSERT_OK(cx, note_open(cx, note, &v, &text, NULL));
        ASSERT_OK(cx, checkpoint_parse(cx, text, &c));
        assert_int_equal(c.size, ENTRIES);
        for (int64_t i = 0; i < ENTRIES; i++) {
            ASSERT_OK(cx, evidence_inclusion(cx, &d, i, 0, &p));
            assert_int_equal(p.entry.seq, i);
            assert_int_equal(p.size, ENTRIES);
            assert_true(digest_eq(&p.root, &c.root));
            assert_true(
                merkle_included(DIGEST_SHA256, &p.leaf, (uint64_t)i, ENTRIES, &p.path, &c.root));
        }
        ASSERT_OK(cx, evidence_inclusion(cx, &d, 2, 4, &p));
        const struct digest old = p.root;
        ASSERT_OK(cx, evidence_consistency(cx, &d, 4, 0, &path));
        assert_true(merkle_consistent(DIGEST_SHA256, 4, &old, ENTRIES, &c.root, &path));
        /* the log grew: the same entries, another head */
        ASSERT_OK(cx, store_write(cx, st, NULL, append_some, &n));
        ASSERT_OK(cx, evidence_checkpoint(cx, &d, &text));
        assert_false(str_eq(text, note));
    }
}

static void entries_are_paged_and_bounded(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = desk_on(st);
        struct ledger_entry *e;
        size_t n;
        int some = ENTRIES;
        ASSERT_OK(cx, store_write(cx, st, NULL, append_some, &some));
        ASSERT_OK(cx, evidence_entries(cx, &d, STR(""), 2, 4, &e, &n));
        assert_int_equal(n, 4);
        assert_int_equal(e[0].seq, 2);
        ASSERT_OK(cx, evidence_entries(cx, &d, STR(DRAW), 1, 100, &e, &n));
        assert_int_equal(n, 2);
        assert_int_equal(e[1].seq, 6);
        ASSERT_OK(cx, evidence_entries(cx, &d, STR("430000-2026-0009"), 0, 1, &e, &n));
        assert_int_equal(n, 0);
    }
}

/* Asked for what is not there. */
static void what_is_not_there_is_refused(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        const struct desk d = desk_on(st);
        struct evidence_proof p;
        struct merkle_path path;
        struct ledger_entry *e;
        size_t n;
        int some = ENTRIES;
        ASSERT_OK(cx, store_write(cx, st, NULL, append_some, &some));
        ASSERT_ERR(ERR_NOT_FOUND, evidence_inclusion(cx, &d, ENTRIES, 0, &p));
        ASSERT_ERR(ERR_NOT_FOUND, evidence_inclusion(cx, &d, -1, 0, &p));
        ASSERT_ERR(ERR_NOT_FOUND, evidence_inclusion(cx, &d, 4, 4, &p));
        ASSERT_ERR(ERR_MERKLE_RANGE, evidence_inclusion(cx, &d, 0, ENTRIES + 1, &p));
        ASSERT_ERR(ERR_MERKLE_RANGE, evidence_inclusion(cx, &d, 0, -1, &p));
        ASSERT_ERR(ERR_MERKLE_RANGE, evidence_consistency(cx, &d, 5, 4, &path));
        ASSERT_ERR(ERR_MERKLE_RANGE, evidence_consistency(cx, &d, -1, 4, &path));
        ASSERT_ERR(ERR_MERKLE_RANGE, evidence_consistency(cx, &d, 0, ENTRIES + 1, &path));
        ASSERT_ERR(ERR_FIELD, evidence_entries(cx, &d, STR(""), -1, 1, &e, &n));
        ASSERT_ERR(ERR_FIELD, evidence_entries(cx, &d, STR(""), 0, 0, &e, &n));
        ASSERT_ERR(ERR_FIELD, evidence_entries(cx, &d, STR(""), 0, 1001, &e, &n));
    }
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(the_key_is_made_once_and_is_private),
        WITH_FOLDER(a_broken_key_is_refused_and_kept),
        WITH_FOLDER(the_head_is_signed_and_proves_its_entries),
        WITH_FOLDER(entries_are_paged_and_bounded),
        WITH_FOLDER(what_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
