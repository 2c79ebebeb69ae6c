/* The open bundle, byte for byte, on every path of the digests. */
#include "folder.h"
#include "paths.h"

#define GOLDEN GOLDEN_DIR "/draw-v1"

static void assert_hex(const char *want, const struct digest *got)
{
    char hex[2 * DIGEST_LEN];
    hex_put(got->b, DIGEST_LEN, hex);
    ASSERT_STR(want, ((struct str){ hex, sizeof hex }));
}

static void run_gives_the_published_files(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct folder want;
    struct folder got;
    struct head head;
    folder_read(cx, GOLDEN, &want);
    got = want;
    for (int i = F_LOTS; i <= F_HEAD; i++) {
        got.text[i] = STR("");
    }
    ASSERT_OK(cx, folder_run(cx, &got, &head));
    for (size_t i = 0; i < F__COUNT; i++) {
        assert_true(want.text[i].n > 0);
        if (!str_eq(want.text[i], got.text[i])) {
            fail_msg("%s: want\n" STR_FMT "got\n" STR_FMT, folder_names[i], STR_ARG(want.text[i]),
                     STR_ARG(got.text[i]));
        }
    }
    assert_hex("d951aa77a433506225ef39e09823949c501f79841283759b0b7b14dfb317494c", &head.digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_gives_the_published_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
