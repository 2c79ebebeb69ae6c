#include "../test.h"

#include "kernel/kernel.h"

#include <string.h>

#define DASH "\xe2\x80\x94 "
/* The published example of C2SP signed-note. */
#define C2SP_VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define C2SP_TEXT "This is an example message.\n"
#define C2SP_SIG                                                                                   \
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
#define C2SP_NOTE C2SP_TEXT "\n" DASH "example.com/foo " C2SP_SIG "\n"

static void c2sp_example_verifies(void **state UNUSED)
{
    TEST_CX(cx);
    struct note_verifier v;
    struct str text, vkey;
    ASSERT_OK(cx, note_vkey_parse(cx, STR(C2SP_VKEY), &v));
    assert_int_equal(v.key_id, 0x530d903a);
    ASSERT_OK(cx, note_open(cx, STR(C2SP_NOTE), &v, &text, NULL));
    ASSERT_STR(C2SP_TEXT, text);
    ASSERT_OK(cx, note_vkey(cx, &v, &vkey));
    ASSERT_STR(C2SP_VKEY, vkey);
}

static void any_changed_byte_is_refused(void **state UNUSED)
{
    TEST_CX(cx);
    struct note_verifier v;
    ASSERT_OK(cx, note_vkey_parse(cx, STR(C2SP_VKEY), &v));
    for (size_t i = 0; i < sizeof C2SP_NOTE - 1; i++) {
        char note[sizeof C2SP_NOTE];
        struct str text;
        memcpy(note, C2SP_NOTE, sizeof note);
        note[i] = (char)(note[i] ^ 1);
        ASSERT_ERR(ERR_NOTE, note_open(cx, (struct str){ note, sizeof note - 1 }, &v, &text, NULL));
        fault_clear(cx);
    }
}

static const struct {
    const char *what, *note;
} bad_notes[] = {
    { "nothing", "" },
    { "no signature", C2SP_TEXT },
    { "no empty line", C2SP_TEXT DASH "example.com/foo " C2SP_SIG "\n" },
    { "no last line end", C2SP_TEXT "\n" DASH "example.com/foo " C2SP_SIG },
    { "a hyphen for the dash", C2SP_TEXT "\n- example.com/foo " C2SP_SIG "\n" },
    { "somebody else's name", C2SP_TEXT "\n" DASH "example.com/fox " C2SP_SIG "\n" },
    { "base64 cut", C2SP_TEXT "\n" DASH "example.com/foo Uw2QOkn8\n" },
    { "not UTF-8", "\xff\n\n" DASH "example.com/foo " C2SP_SIG "\n" },
};

static void bad_notes_are_refused(void **state UNUSED)
{
    TEST_CX(cx);
    struct note_verifier v;
    ASSERT_OK(cx, note_vkey_parse(cx, STR(C2SP_VKEY), &v));
    for (size_t i = 0; i < COUNT_OF(bad_notes); i++) {
        struct str text;
        if (note_open(cx, str_of(bad_notes[i].note), &v, &text, NULL) != ERR_NOTE) {
            fail_msg("%s: taken", bad_notes[i].what);
        }
        fault_clear(cx);
    }
}

static const struct {
    const char *what, *vkey;
} bad_vkeys[] = {
    { "nothing", "" },
    { "name alone", "example.com/foo" },
    { "another name under the same id",
      "example.com/fox+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
    { "upper-case id", "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
    { "key cut", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv" },
    { "a blank in the name", "example com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
    { "SM2, which is not taken yet",
      "example.com/foo+530d903a+/+kyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" },
};

static void bad_vkeys_are_refused(void **state UNUSED)
{
    TEST_CX(cx);
    for (size_t i = 0; i < COUNT_OF(bad_vkeys); i++) {
        struct note_verifier v;
        if (note_vkey_parse(cx, str_of(bad_vkeys[i].vkey), &v) != ERR_NOTE) {
            fail_msg("%s: taken", bad_vkeys[i].what);
        }
        fault_clear(cx);
    }
}

static const uint8_t seed_a[NOTE_SEED_LEN] = { 1 }, seed_b[NOTE_SEED_LEN] = { 2 };

static void own_notes_and_cosignatures_verify(void **state UNUSED)
{
    TEST_CX(cx);
    struct note_signer log, witness, other;
    struct checkpoint c = { .origin = STR("sishi/test"), .size = 7 }, back;
    struct str text, note, line, whole, got;
    int64_t at = -1;
    ASSERT_OK(cx, note_signer_of(cx, STR("sishi/test"), NOTE_ED25519, seed_a, &log));
    ASSERT_OK(cx, note_signer_of(cx, STR("notary"), NOTE_COSIGNATURE, seed_b, &witness));
    ASSERT_OK(cx, note_signer_of(cx, STR("notary"), NOTE_COSIGNATURE, seed_a, &other));
    memset(c.root.b, 0xab, DIGEST_LEN);
    ASSERT_OK(cx, checkpoint_text(cx, &c, &text));
    ASSERT_OK(cx, note_sign(cx, &log, text, &note));
    ASSERT_OK(cx, note_cosign(cx, &witness, text, TEST_NOW_MS, &line));
    struct buf b = buf_of(cx->mem, 4096);
    buf_put(&b, note);
    buf_put(&b, line);
    ASSERT_OK(cx, buf_done(cx, &b, &whole));
    ASSERT_OK(cx, note_open(cx, whole, &log.pub, &got, &at));
    assert_int_equal(at, 0);
    ASSERT_OK(cx, note_open(cx, whole, &witness.pub, &got, &at));
    assert_int_equal(at, TEST_NOW_MS);
    ASSERT_OK(cx, checkpoint_parse(cx, got, &back));
    assert_int_equal(back.size, 7);
    assert_true(digest_eq(&back.root, &c.root));
    ASSERT_ERR(ERR_NOTE, note_open(cx, whole, &other.pub, &got, &at));
    fault_clear(cx);
    ASSERT_ERR(ERR_NOTE, note_sign(cx, &log, STR("no line end"), &note));
    fault_clear(cx);
    ASSERT_ERR(ERR_NOTE, note_signer_of(cx, STR("two words"), NOTE_ED25519, seed_a, &log));
}

static const struct {
    const char *what, *text;
} bad_checkpoints[] = {
    { "nothing", "" },
    { "no root", "o\n1\n" },
    { "leading zero", "o\n01\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n" },
    { "negative", "o\n-1\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n" },
    { "root cut", "o\n1\nq6urq6s=\n" },
    { "no origin", "\n1\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n" },
};

static void bad_checkpoints_are_refused(void **state UNUSED)
{
    TEST_CX(cx);
    for (size_t i = 0; i < COUNT_OF(bad_checkpoints); i++) {
        struct checkpoint c;
        if (checkpoint_parse(cx, str_of(bad_checkpoints[i].text), &c) != ERR_NOTE) {
            fail_msg("%s: taken", bad_checkpoints[i].what);
        }
        fault_clear(cx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c2sp_example_verifies),
        cmocka_unit_test(any_changed_byte_is_refused),
        cmocka_unit_test(bad_notes_are_refused),
        cmocka_unit_test(bad_vkeys_are_refused),
        cmocka_unit_test(own_notes_and_cosignatures_verify),
        cmocka_unit_test(bad_checkpoints_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
