/* What the files of a draw may hold: every row a fault, and the one error it gives. */
#include "folder.h"
#include "paths.h"

#include <stdio.h>
#include <string.h>

#define PLAN_HEAD "sishi-draw/1 plan\ndraw 1\nhash sha256\nparty a\n"
#define PLAN_TAIL "missing void\npublish now\nlot L fixed 2 reserve 1\nlot M rate\nteam L d 2 q\n"
#define X10       "xxxxxxxxxx"
#define X64       X10 X10 X10 X10 X10 X10 "xxxx"
#define HEX64     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *what, *text;
    const char *says; /* NULL: it is fine */
} plans[] = {
    { "a small plan", PLAN_HEAD PLAN_TAIL, NULL },
    { "lots in any order", PLAN_HEAD "missing void\npublish now\nlot Z rate\nlot A rate\n", NULL },
    { "an embargo", PLAN_HEAD "missing void\npublish embargo 2026-12-31\nlot L rate\n", NULL },
    { "every kind of beacon",
      PLAN_HEAD "beacon lottery ssq-2026001\nbeacon dice here\nbeacon drand " HEX64
                "/77\nbeacon nist 2/99\nbeacon other x\nmissing skip\npublish now\nlot L rate\n",
      NULL },
    { "another format", "sishi-draw/2 plan\n", "plan.txt:1: the first line" },
    { "nothing", "", "plan.txt:1: the first line" },
    { "no party", "sishi-draw/1 plan\ndraw 1\nhash sha256\n" PLAN_TAIL, "plan.txt:4: " },
    { "parties descend", PLAN_HEAD "party B\n" PLAN_TAIL, "plan.txt:5: parties must ascend" },
    { "a party twice", PLAN_HEAD "party a\n" PLAN_TAIL, "plan.txt:5: parties must ascend" },
    { "a party with a minus", PLAN_HEAD "party b-c\n" PLAN_TAIL, "plan.txt:5: a party's name" },
    { "two spaces", PLAN_HEAD "party  b\n" PLAN_TAIL, "plan.txt:5: " },
    { "an unknown hash", "sishi-draw/1 plan\ndraw 1\nhash md5\n", "plan.txt:3: " },
    { "skip without beacon", PLAN_HEAD "missing skip\n", "plan.txt:5: \"missing skip\" needs" },
    { "a date that is none", PLAN_HEAD "missing void\npublish embargo 2026-02-30\nlot L rate\n",
      "plan.txt:6: an embargo ends" },
    { "a date written otherwise", PLAN_HEAD "missing void\npublish embargo 20261231\nlot L rate\n",
      "plan.txt:6: an embargo ends" },
    { "a drand chain that is none", PLAN_HEAD "beacon drand abc\n" PLAN_TAIL,
      "plan.txt:5: a drand beacon" },
    { "an unknown beacon", PLAN_HEAD "beacon coin x\n" PLAN_TAIL, "plan.txt:5: a beacon is" },
    { "a lot twice", PLAN_HEAD "missing void\npublish now\nlot L rate\nlot L rate\n",
      "plan.txt:8: this lot stands twice" },
    { "n with a leading zero", PLAN_HEAD "missing void\npublish now\nlot L fixed 02 reserve 1\n",
      "plan.txt:7: n and reserve" },
    { "n beyond 2^31", PLAN_HEAD "missing void\npublish now\nlot L fixed 2147483648 reserve 0\n",
      "plan.txt:7: n and reserve" },
    { "a team of one", PLAN_HEAD "missing void\npublish now\nlot L rate\nteam L d 1 -\n",
      "plan.txt:8: a team has 2" },
    { "a team for no lot", PLAN_HEAD "missing void\npublish now\nlot L rate\nteam K d 2 -\n",
      "plan.txt:8: there is no such lot" },
    { "an unknown word", PLAN_HEAD PLAN_TAIL "remark hello\n", "plan.txt:10: \"remark\" is not" },
    { "no lots", PLAN_HEAD "missing void\npublish now\n", "plan.txt:7: " },
    { "carriage returns", "sishi-draw/1 plan\r\ndraw 1\r\n", "plan.txt:1: a carriage return" },
    { "a byte order mark", "\xEF\xBB\xBFsishi-draw/1 plan\n", "plan.txt:1: a byte order mark" },
    { "an empty line", "sishi-draw/1 plan\n\ndraw 1\n", "plan.txt:2: an empty line" },
    { "no LF at the end", PLAN_HEAD "missing void", "plan.txt:5: the last line" },
};

static void plan_is_strict(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(plans); i++) {
        TEST_CX(cx);
        struct draw_text room;
        struct draw_source from = draw_source_of("plan.txt", str_of(plans[i].text), &room);
        struct plan p;
        enum err code = plan_read(cx, &from, &p);
        bool as_said = plans[i].says == NULL
                           ? code == ERR_OK
                           : code == ERR_DRAW_FILE &&
                                 str_starts(str_of(cx->fault.detail), str_of(plans[i].says));
        if (!as_said) {
            fail_msg("%s: %s %s", plans[i].what, err_name(code), cx->fault.detail);
        }
        if (code == ERR_OK) { /* written and read back, it is the same plan */
            struct buf b = buf_of(cx->mem, 1u << 16);
            struct plan again;
            plan_write(&p, &b);
            from = draw_source_of("plan.txt", buf_str(&b), &room);
            ASSERT_OK(cx, plan_read(cx, &from, &again));
            assert_int_equal(p.lots, again.lots);
            assert_int_equal(p.embargo_on, again.embargo_on);
        }
    }
}

enum which { POPULATION, ROSTER, RECUSAL };
static const struct {
    const char *what;
    enum which file;
    const char *text;
    size_t n; /* 0: as long as the text */
    const char *says;
} frames[] = {
    { "open and sealed lines, Chinese notes", POPULATION,
      "A\t430102\tL=1,M=2147483648\t-\t\xE4\xB8\xAD\xE6\x96\x87\n"
      "B\t430102000000\tM=5\t0123456789abcdef0123456789abcdef\t-\n",
      0, NULL },
    { "an empty population", POPULATION, "", 0, NULL },
    { "an id of 64", POPULATION, X64 "\t430102\tL=1\t-\t-\n", 0, NULL },
    { "an id of 65", POPULATION, "x" X64 "\t430102\tL=1\t-\t-\n", 0, "population.tsv:1: an id" },
    { "no id", POPULATION, "\t430102\tL=1\t-\t-\n", 0, "population.tsv:1: an id" },
    { "a space in an id", POPULATION, "A B\t430102\tL=1\t-\t-\n", 0, "population.tsv:1: an id" },
    { "an id beyond ASCII", POPULATION, "\xE4\xB8\xAD\t430102\tL=1\t-\t-\n", 0,
      "population.tsv:1: an id" },
    { "ids descend", POPULATION, "B\t430102\tL=1\t-\t-\nA\t430102\tL=1\t-\t-\n", 0,
      "population.tsv:2: ids must ascend" },
    { "an id twice", POPULATION, "A\t430102\tL=1\t-\t-\nA\t430103\tL=2\t-\t-\n", 0,
      "population.tsv:2: this id stands twice" },
    { "order is by bytes, not by letters", POPULATION,
      "B\t430102\tL=1\t-\t-\na\t430102\tL=1\t-\t-\n", 0, NULL },
    { "a region of five digits", POPULATION, "A\t43010\tL=1\t-\t-\n", 0,
      "population.tsv:1: a region" },
    { "weight 0", POPULATION, "A\t430102\tL=0\t-\t-\n", 0, "population.tsv:1: a weight" },
    { "weight 01", POPULATION, "A\t430102\tL=01\t-\t-\n", 0, "population.tsv:1: a weight" },
    { "weight -1", POPULATION, "A\t430102\tL=-1\t-\t-\n", 0, "population.tsv:1: a weight" },
    { "weight 2^31 + 1", POPULATION, "A\t430102\tL=2147483649\t-\t-\n", 0,
      "population.tsv:1: a weight" },
    { "a weight that would wrap around", POPULATION, "A\t430102\tL=18446744073709551617\t-\t-\n", 0,
      "population.tsv:1: a weight" },
    { "no weight", POPULATION, "A\t430102\tL\t-\t-\n", 0, "population.tsv:1: lots are" },
    { "a comma at the end", POPULATION, "A\t430102\tL=1,\t-\t-\n", 0,
      "population.tsv:1: lots are" },
    { "no lots", POPULATION, "A\t430102\t\t-\t-\n", 0, "population.tsv:1: lots are" },
    { "lots descend", POPULATION, "A\t430102\tM=1,L=1\t-\t-\n", 0,
      "population.tsv:1: an entity's lots must ascend" },
    { "a lot twice", POPULATION, "A\t430102\tL=1,L=1\t-\t-\n", 0,
      "population.tsv:1: an entity's lots must ascend" },
    { "an unknown lot", POPULATION, "A\t430102\tQ=1\t-\t-\n", 0, "population.tsv:1: a lot that" },
    { "a salt in capitals", POPULATION, "A\t430102\tL=1\t0123456789ABCDEF0123456789ABCDEF\t-\n", 0,
      "population.tsv:1: a salt" },
    { "no note", POPULATION, "A\t430102\tL=1\t-\t\n", 0, "population.tsv:1: a note" },
    { "a sixth field", POPULATION, "A\t430102\tL=1\t-\t-\t-\n", 0, "population.tsv:1: a note" },
    { "four fields", POPULATION, "A\t430102\tL=1\t-\n", 0, "population.tsv:1: a salt" },
    { "a note that is no UTF-8", POPULATION, "A\t430102\tL=1\t-\t\xFF\n", 0,
      "population.tsv:1: a note" },
    { "carriage returns", POPULATION, "A\t430102\tL=1\t-\t-\r\n", 0,
      "population.tsv:1: a carriage return" },
    { "a NUL", POPULATION,
      "A\t430102\tL=1\t-\t-\nB\t43\0"
      "0102\tL=1\t-\t-\n",
      35, "population.tsv:2: a NUL byte" },
    { "half a line at the end", POPULATION, "A\t430102\tL=1\t-\t-\nB\t4301", 0,
      "population.tsv:2: the last line" },
    { "two inspectors", ROSTER, "I1\td\t4301\tq\t6\t0\t-\nI2\td\t43,44\t-\t0\t1048576\t-\n", 0,
      NULL },
    { "an inspector twice", ROSTER, "I1\td\t4301\tq\t6\t0\t-\nI1\td\t4302\tq\t6\t0\t-\n", 0,
      "roster.tsv:2: this inspector stands twice" },
    { "load beyond 2^20", ROSTER, "I1\td\t4301\tq\t6\t1048577\t-\n", 0, "roster.tsv:1: a load" },
    { "cap 06", ROSTER, "I1\td\t4301\tq\t06\t0\t-\n", 0, "roster.tsv:1: a cap" },
    { "an empty region", ROSTER, "I1\td\t4301,,43\tq\t6\t0\t-\n", 0, "roster.tsv:1: regions" },
    { "a comma behind the qualifications", ROSTER, "I1\td\t4301\tq,\t6\t0\t-\n", 0,
      "roster.tsv:1: qualifications" },
    { "the sign of an unfilled place as a name", ROSTER, "~\td\t4301\tq\t6\t0\t-\n", 0,
      "roster.tsv:1: an inspector's id" },
    { "six fields", ROSTER, "I1\td\t4301\tq\t6\t0\n", 0, "roster.tsv:1: a line has 7 fields" },
    { "a recusal", RECUSAL, "I1\tA\nI1\tB\n", 0, NULL },
    { "a recusal twice", RECUSAL, "I1\tA\nI1\tA\n", 0, "recusal.tsv:2: this line stands twice" },
    { "recusals descend", RECUSAL, "I1\tB\nI1\tA\n", 0, "recusal.tsv:2: lines must ascend" },
    { "three fields", RECUSAL, "I1\tB\tC\n", 0, "recusal.tsv:1: a line has 2 fields" },
};

static void frame_is_strict(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(frames); i++) {
        TEST_CX(cx);
        struct draw_text room[4];
        struct draw_source plan = draw_source_of("plan.txt", STR(PLAN_HEAD PLAN_TAIL), &room[3]);
        struct str text[3] = { STR(""), STR(""), STR("") };
        struct plan p;
        struct frame f;
        text[frames[i].file] =
            frames[i].n == 0 ? str_of(frames[i].text) : (struct str){ frames[i].text, frames[i].n };
        struct frame_sources from = { draw_source_of("population.tsv", text[0], &room[0]),
                                      draw_source_of("roster.tsv", text[1], &room[1]),
                                      draw_source_of("recusal.tsv", text[2], &room[2]) };
        ASSERT_OK(cx, plan_read(cx, &plan, &p));
        enum err code = frame_read(cx, &p, &from, &f);
        bool as_said = frames[i].says == NULL
                           ? code == ERR_OK
                           : code == ERR_DRAW_FILE &&
                                 str_starts(str_of(cx->fault.detail), str_of(frames[i].says));
        if (!as_said) {
            fail_msg("%s: %s %s", frames[i].what, err_name(code), cx->fault.detail);
        }
    }
}

/* A source that gives its text in pieces of a given size: the cut must not matter. */
struct pieces {
    struct str text;
    size_t at, piece;
};

static enum err pieces_next(struct cx *cx, void *ctx, struct str *chunk)
{
    struct pieces *p = ctx;
    size_t left = p->text.n - p->at;
    (void)cx;
    *chunk = (struct str){ p->text.p + p->at, left < p->piece ? left : p->piece };
    p->at += chunk->n;
    return ERR_OK;
}

static enum err pieces_rewind(struct cx *cx, void *ctx)
{
    (void)cx;
    ((struct pieces *)ctx)->at = 0;
    return ERR_OK;
}

static void cuts_do_not_matter(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct folder f;
    struct opened o;
    folder_read(cx, GOLDEN_DIR "/draw-v1", &f);
    ASSERT_OK(cx, folder_open(cx, &f, &o));
    for (size_t piece = 1; piece < 130; piece++) {
        struct arena_mark before = arena_mark(cx->mem);
        struct pieces p = { f.text[F_POPULATION], 0, piece };
        struct frame_sources from = folder_frame(&f);
        struct frame got;
        from.population = (struct draw_source){ "population.tsv", pieces_next, pieces_rewind, &p };
        ASSERT_OK(cx, frame_read(cx, &o.plan, &from, &got));
        ASSERT_OK(cx, freeze_check_frame(cx, &o.freeze, &got));
        arena_reset(cx->mem, before);
    }
}

static const struct {
    const char *what;
    enum beacon_kind kind;
    const char *ref, *value;
    bool fine;
} beacons[] = {
    { "the Double Colour Ball", BEACON_LOTTERY, "ssq-2026085", "02-09-13-20-27-33+11", true },
    { "reds descend", BEACON_LOTTERY, "ssq-2026085", "09-02-13-20-27-33+11", false },
    { "a red twice", BEACON_LOTTERY, "ssq-2026085", "02-02-13-20-27-33+11", false },
    { "one digit", BEACON_LOTTERY, "ssq-2026085", "2-09-13-20-27-33+11", false },
    { "red 34", BEACON_LOTTERY, "ssq-2026085", "02-09-13-20-27-34+11", false },
    { "blue 17", BEACON_LOTTERY, "ssq-2026085", "02-09-13-20-27-33+17", false },
    { "five reds", BEACON_LOTTERY, "ssq-2026085", "02-09-13-20-27+11", false },
    { "something behind", BEACON_LOTTERY, "ssq-2026085", "02-09-13-20-27-33+111", false },
    { "another lottery", BEACON_LOTTERY, "fc3d-2026085", "123", true },
    { "twenty dice", BEACON_DICE, "changsha", "20237331128159211123", true },
    { "nineteen dice", BEACON_DICE, "changsha", "2023733112815921112", false },
    { "drand quicknet round 1000", BEACON_DRAND,
      "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971/1000",
      "1000:"
      "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b"
      "63ed5e39",
      true },
    { "another round than planned", BEACON_DRAND,
      "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971/1001",
      "1000:"
      "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b"
      "63ed5e39",
      false },
    { "a short signature", BEACON_DRAND,
      "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", "1000:b446", false },
    { "a NIST pulse", BEACON_NIST, "2/99", HEX64 HEX64, true },
    { "half a NIST pulse", BEACON_NIST, "2/99", HEX64, false },
    { "a space", BEACON_OTHER, "x", "a b", false },
};

static void beacons_are_canonical(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(beacons); i++) {
        struct plan_beacon b = { beacons[i].kind, str_of(beacons[i].ref) };
        assert_null(beacon_ref_fault(&b));
        const char *fault = beacon_fault(&b, str_of(beacons[i].value));
        if ((fault == NULL) != beacons[i].fine) {
            fail_msg("%s: %s", beacons[i].what, fault == NULL ? "accepted" : fault);
        }
    }
}

static void commitment_is_the_published(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct contribution c = { STR("430100-2026-0001"), STR("jijian"), { 0 } };
    struct buf text = buf_of(cx->mem, 4096);
    struct draw_text room;
    struct contribution again;
    assert_true(
        hex_get(STR("f6edb462471f9be9c386ab22bcd6aa8747f9f511f06e637392c81926ecfa60b5"), c.value));
    assert_digest("aa06b3fa1ce4170540f7adf4053b9db72104ff65b7ac5f2ecdccf87c8988fb0a",
                  commitment_of(DIGEST_SHA256, &c));
    contribution_write(&c, &text);
    struct digest whole = digest_of(DIGEST_SHA256, buf_str(&text));
    struct digest made = commitment_of(DIGEST_SHA256, &c);
    assert_same(&whole, &made);
    struct draw_source from = draw_source_of("contribution.txt", buf_str(&text), &room);
    ASSERT_OK(cx, contribution_read(cx, &from, &again));
    assert_memory_equal(again.value, c.value, sizeof c.value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan_is_strict),
        cmocka_unit_test(frame_is_strict),
        cmocka_unit_test(cuts_do_not_matter),
        cmocka_unit_test(beacons_are_canonical),
        cmocka_unit_test(commitment_is_the_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
