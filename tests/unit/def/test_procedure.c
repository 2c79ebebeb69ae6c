#include "../test.h"

#include "def/def.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct defs *defs;

static int load(void **state UNUSED)
{
    struct arena *mem = arena_new(1u << 22);
    struct cx cx = { .mem = mem };
    enum err e = defs_load(&cx, getenv("SISHI_DEFINITIONS"), &defs);
    if (e != ERR_OK) {
        (void)fprintf(stderr, "%s %s\n", err_name(e), cx.fault.detail);
    }
    arena_free(mem);
    return e == ERR_OK ? 0 : -1;
}

static int unload(void **state UNUSED)
{
    defs_freep(&defs);
    return 0;
}

static void the_version_is_that_of_the_day(void **state UNUSED)
{
    const struct procedure *old = defs_procedure(defs, STR("complaint"), 20260414);
    const struct procedure *new = defs_procedure(defs, STR("complaint"), 20260415);
    assert_int_equal(old->version, 1);
    assert_int_equal(new->version, 2);
    assert_ptr_equal(defs_procedure_version(defs, STR("complaint"), 0), new);
    assert_ptr_equal(defs_procedure_version(defs, STR("complaint"), 1), old);
    assert_null(defs_procedure_version(defs, STR("complaint"), 3));
    assert_null(defs_procedure(defs, STR("wedding"), 20260415));
    assert_true(defs_procedure_known(defs, STR("penalty"))); /* has deadlines and no file yet */
    assert_false(defs_procedure_known(defs, STR("wedding")));
    /* forty-five working days before, sixty days since */
    assert_int_equal(old->clock[procedure_clock(old, STR("C3"))].row->n, 45);
    assert_int_equal(new->clock[procedure_clock(new, STR("C3"))].row->n, 60);
    /* proof of identity by a date came with Order 121 */
    assert_int_equal(procedure_state(old, STR("wait_identity")), PROCEDURE_NONE);
    assert_int_not_equal(procedure_state(new, STR("wait_identity")), PROCEDURE_NONE);
}

static void the_reporter_is_sealed(void **state UNUSED)
{
    const struct procedure *p = defs_procedure(defs, STR("report"), 20260415);
    assert_int_equal(p->n_states, 6);
    assert_int_equal(p->field[procedure_field(p, STR("reporter_person"))].privacy, PRIVACY_SEALED);
    assert_int_equal(p->n_publications, 0);
}

/* Made up: a complaint about weights that a stall holder settles by a new scale. */
static const char stall[] =
    "procedure: stall\n"
    "version: 1\n"
    "zh: \xe6\x91\x8a\n"
    "en: stall\n"
    "source: made up\n"
    "running: stay\n"
    "actors:\n"
    "  - { key: officer, zh: a, en: officer, role: case_officer }\n"
    "  - { key: holder, zh: b, en: holder, outside: true }\n"
    "fields:\n"
    "  - { key: weight, type: number, unit: gram, privacy: public, min: 0, zh: c, en: weight }\n"
    "  - { key: who, type: person, privacy: sealed, zh: d, en: who }\n"
    "  - { key: kind, type: choice, privacy: private, zh: e, en: kind, choices: [ { key: x, zh: x, "
    "en: x }, { key: y, zh: y, en: y } ] }\n"
    "  - { key: agrees, type: yes_no, privacy: private, zh: f, en: agrees }\n"
    "forms:\n"
    "  - { key: order, zh: g, en: order }\n"
    "outcomes:\n"
    "  - { key: fine, zh: h, en: fine }\n"
    "states:\n"
    "  - { key: seen, zh: i, en: seen, initial: true }\n"
    "  - { key: ordered, zh: j, en: ordered }\n"
    "  - { key: done, zh: k, en: done, terminal: true }\n"
    "clocks:\n"
    "  - { key: S1, of: complaint, row: C3, in: [ordered], expiry: event late }\n"
    "publications:\n"
    "  - { key: card, zh: l, en: card, fields: [weight] }\n"
    "batches:\n"
    "  - { key: market_day, zh: m, en: market day, event: order, max: 20, per: kind, per_max: 5 }\n"
    "steps:\n"
    "  - { event: order, zh: n, en: order, from: seen, to: ordered, by: officer, officers: 2, "
    "when: weight > 5 and quota market_day, clocks: { start: S1 }, form: order, do: [ { notify: "
    "holder } ], source: s }\n"
    "  - { event: repair, zh: o, en: repair, from: ordered, to: done, by: holder, clocks: { stop: "
    "S1 }, do: [ { record: weight } ], source: s }\n"
    "  - { event: late, zh: p, en: late, from: ordered, to: done, by: timer, do: [ { decide: "
    "[fine, kind] }, { publish: card } ], source: s }\n";

static void a_procedure_is_a_file_alone(void **state UNUSED)
{
    TEST_CX(cx);
    const struct procedure *p = NULL;
    ASSERT_OK(cx, defs_procedure_read(cx, defs, "stall.yaml", str_of(stall), &p));
    assert_int_equal(p->n_steps, 3);
    const struct proc_step *order = &p->step[0];
    assert_int_equal(order->officers, 2);
    assert_int_equal(order->n_by, 1);
    assert_int_equal(order->op[0].op, CLOCK_OP_START);
    assert_int_equal(order->when->kind, GUARD_AND);
    assert_int_equal(order->line, 30);
    assert_int_equal(p->step[2].n_by, 0); /* the timer */
    assert_int_equal(p->step[2].officers, 0);
    assert_int_equal(p->step[2].n_effects, 2);
    assert_int_equal(p->batch[0].per_most, 5);
    assert_true(p->field[0].bounded);
}

/* A text with the first `from` in it replaced. */
static struct str with(struct cx *cx, const char *from, const char *to)
{
    const char *at = strstr(stall, from);
    assert_non_null(at);
    struct buf b = buf_of(cx->mem, 1u << 16);
    buf_put(&b, (struct str){ stall, (size_t)(at - stall) });
    buf_put_z(&b, to);
    buf_put_z(&b, at + strlen(from));
    return buf_str(&b);
}

static const struct {
    const char *what, *from, *to, *says;
} broken[] = {
    { "no such role", "role: case_officer", "role: emperor", "8:47: \"emperor\" is no role" },
    { "role and party", "outside: true", "outside: true, role: head", "or is \"outside\"" },
    { "no label in one language", "zh: b, ", "", "\"zh\" is missing" },
    { "a bad name", "key: weight", "key: 3weight", "a letter first" },
    { "a word of the guards", "key: weight", "key: given", "guards' own" },
    { "a name twice", "key: who", "key: weight", "stands twice" },
    { "no such type", "type: number", "type: weight", "is no type" },
    { "privacy missing", "privacy: public, ", "", "\"privacy\" is missing" },
    { "unit missing", "unit: gram, ", "", "has a \"unit\"" },
    { "min above max", "min: 0", "min: 3, max: 2", "above" },
    { "choices missing", "type: yes_no", "type: choice", "has \"choices\"" },
    { "two beginnings", "en: ordered }", "en: ordered, initial: true }", "a second initial" },
    { "no beginning", ", initial: true", "", "no state is initial" },
    { "no end", ", terminal: true", "", "no state is terminal" },
    { "never reached", "forms:\n", "forms:\n", NULL },
    { "no such row", "row: C3", "row: C99", "has no row complaint C99" },
    { "clock nowhere", "in: [ordered]", "in: []", "in which states" },
    { "clock in a state it never runs in", "in: [ordered]", "in: [seen, ordered]",
      "24:7: \"S1\" never runs in \"seen\"" },
    { "clock goes on into another state", "clocks: { stop: S1 }, ", "",
      "may still run in \"done\"" },
    { "expiry of no kind", "expiry: event late", "expiry: boom", "flag, escalate or event NAME" },
    { "expiry without its step", "expiry: event late", "expiry: event later",
      "no clock raises \"late\"" },
    { "timer's event by a person", "by: timer", "by: officer", "raised by a clock" },
    { "nothing to stop", "clocks: { start: S1 }", "clocks: { stop: S1 }", "it never runs here" },
    { "nothing to resume", "clocks: { stop: S1 }", "clocks: { resume: S1 }",
      "it never stands still" },
    { "no extension", "clocks: { stop: S1 }", "clocks: { extend: S1 }", "has no extension" },
    { "no such clock operation", "clocks: { start: S1 }", "clocks: { wind: S1 }",
      "is no key here" },
    { "sealed in a publication", "fields: [weight]", "fields: [weight, who]", "is sealed" },
    { "private in a publication", "fields: [weight]", "fields: [weight, kind]", "is private" },
    { "consent that is no yes_no", "fields: [weight]", "fields: [weight], consent: weight",
      "of type yes_no" },
    { "batch of no event", "event: order, max", "event: orders, max", "no event" },
    { "batch per no choice", "per: kind", "per: weight", "of type choice" },
    { "no such state", "from: seen", "from: saw", "\"saw\" is no state" },
    { "no such target", "to: ordered", "to: elsewhere", "\"elsewhere\" is no state" },
    { "no such actor", "by: holder", "by: passer", "\"passer\" is no actor" },
    { "nobody", "by: holder, ", "", "who takes this step" },
    { "officers of a party", "by: holder", "by: holder, officers: 2", "no officer takes" },
    { "no such form", "form: order", "form: leaflet", "\"leaflet\" is no form" },
    { "no such verb", "{ notify: holder }", "{ shout: holder }", "is no key here" },
    { "two verbs", "{ notify: holder }", "{ notify: holder, record: weight }", "one of record" },
    { "wrong argument", "{ notify: holder }", "{ notify: weight }", "\"weight\" is no actor" },
    { "too many words", "{ publish: card }", "{ publish: [card, on, on] }", "one word too many" },
    { "too few words", "{ publish: card }", "{ move: [weight, treasury] }", "a word is missing" },
    { "no such outcome", "decide: [fine, kind]", "decide: [jail]", "\"jail\" is no outcome" },
    { "no such procedure", "{ publish: card }", "{ open: wedding }", "is no procedure" },
    { "no such register", "{ publish: card }", "{ list: [phone_book, on] }", "is no register" },
    { "no such link", "{ publish: card }", "{ link: friend }", "is no type of link" },
    { "a guard that is no guard", "weight > 5", "weight >> 5", "30:104: a value is expected" },
    { "a guard of another type", "weight > 5 and", "weight > 5 yuan and",
      "30:105: weight is a number" },
    { "a guard's unknown name", "quota market_day", "quota market_night",
      "30:117: \"market_night\"" },
    { "a step out of the end", "from: ordered, to: done, by: holder",
      "from: [ordered, done], to: seen, by: holder", "has ended" },
    { "one event, two steps", "event: repair, zh: o, en: repair, from: ordered",
      "event: order, zh: n, en: order, from: [seen, ordered]", "no guard tells the two apart" },
    { "one event, two names", "event: repair, zh: o, en: repair", "event: order, zh: o, en: order",
      "called otherwise" },
    { "version 0", "version: 1", "version: 0", "a number 1..100000" },
    { "no running rule", "running: stay", "running: away", "is no running" },
    { "a map nobody follows", "running: stay", "running: stay\nmap: [ { from: a, to: done } ]",
      "belongs to" },
    { "dates reversed", "version: 1", "version: 1\nvalid_from: 2026-02-01\nvalid_to: 2026-01-01",
      "lies before" },
    { "a key that is none", "running: stay", "running: stay\ncolour: red", "\"colour\" is no key" },
    { "members of nothing", "running: stay", "running: stay\nmembers: wedding", "is no procedure" },
    { "a state no step leads to", "  - { key: done,",
      "  - { key: lost, zh: z, en: z }\n  - { key: done,",
      "22:7: no step leads to the state \"lost\"" },
    { "a state that never ends", "to: done, by: timer", "to: stuck, by: timer", "is no state" },
    { "no way out", "  - { event: late",
      "  - { event: trap, zh: q, en: q, from: seen, to: trapped, by: officer, source: s }\n  - { "
      "event: late",
      "is no state" },
};

static void each_mistake_has_its_place_and_reason(void **state UNUSED)
{
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        TEST_CX(cx);
        const struct procedure *p = NULL;
        struct str text = with(cx, broken[i].from, broken[i].to);
        enum err e = defs_procedure_read(cx, defs, "stall.yaml", text, &p);
        if (broken[i].says == NULL) {
            ASSERT_OK(cx, e);
            continue;
        }
        if (e != ERR_DEFINITION || !str_starts(str_of(cx->fault.detail), STR("stall.yaml:")) ||
            strstr(cx->fault.detail, broken[i].says) == NULL) {
            print_error("%s: %s %s\n", broken[i].what, err_name(e), cx->fault.detail);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void a_state_without_a_way_out_is_found(void **state UNUSED)
{
    TEST_CX(cx);
    const struct procedure *p = NULL;
    struct str half =
        with(cx, "  - { key: done,", "  - { key: trap, zh: z, en: z }\n  - { key: done,");
    struct buf b = buf_of(cx->mem, 1u << 16);
    buf_put(&b, half);
    buf_put_z(&b,
              "  - { event: fall, zh: q, en: q, from: seen, to: trap, by: officer, source: s }\n");
    ASSERT_ERR(ERR_DEFINITION, defs_procedure_read(cx, defs, "stall.yaml", buf_str(&b), &p));
    assert_non_null(strstr(cx->fault.detail, "from the state \"trap\" no step leads to an end"));
}

/* A place with the real definitions and one file more. */
static void put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static const char *const linked[] = { "regions.tsv",      "industries.tsv", "entity_classes.yaml",
                                      "departments.yaml", "items.yaml",     "columns.yaml",
                                      "demo_words.yaml",  "calendar.yaml",  "procedure_words.yaml",
                                      "deadlines.yaml" };

static void a_file_in_the_folder_is_enough(void **state UNUSED)
{
    char dir[] = "/tmp/sishi_procedure_XXXXXX";
    char path[300];
    char to[300];
    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < COUNT_OF(linked); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, linked[i]);
        (void)snprintf(to, sizeof to, "%s/%s", getenv("SISHI_DEFINITIONS"), linked[i]);
        assert_int_equal(symlink(to, path), 0);
    }
    (void)snprintf(path, sizeof path, "%s/procedures", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/procedures/stall.yaml", dir);
    put_file(path, stall);
    TEST_CX(cx);
    struct defs *mine = NULL;
    ASSERT_OK(cx, defs_load(cx, dir, &mine));
    assert_int_equal(defs_count(mine).procedures, 1);
    assert_non_null(defs_procedure(mine, STR("stall"), 20261123));
    defs_free(mine);
    /* the same again under another name: two versions for one day */
    (void)snprintf(to, sizeof to, "%s/procedures/stall2.yaml", dir);
    put_file(to, stall);
    mine = NULL;
    ASSERT_ERR(ERR_DEFINITION, defs_load(cx, dir, &mine));
    assert_non_null(strstr(cx->fault.detail, "stall.yaml has the same version"));
    (void)unlink(to);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/procedures", dir);
    (void)rmdir(path);
    for (size_t i = 0; i < COUNT_OF(linked); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, linked[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(dir), 0);
}

static void memory_that_runs_out_is_said(void **state UNUSED)
{
    bool done = false;
    for (int64_t n = 1; n < 2000 && !done; n++) {
        TEST_CX(cx);
        const struct procedure *p = NULL;
        arena_fail_nth(n);
        enum err e = defs_procedure_read(cx, defs, "stall.yaml", str_of(stall), &p);
        arena_fail_nth(0);
        done = e == ERR_OK;
        if (!done && e != ERR_NO_MEMORY && e != ERR_DEFINITION && e != ERR_TOO_LONG) {
            fail_msg("%lld: %s %s", (long long)n, err_name(e), cx->fault.detail);
        }
    }
    assert_true(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_is_that_of_the_day),
        cmocka_unit_test(the_reporter_is_sealed),
        cmocka_unit_test(a_procedure_is_a_file_alone),
        cmocka_unit_test(each_mistake_has_its_place_and_reason),
        cmocka_unit_test(a_state_without_a_way_out_is_found),
        cmocka_unit_test(a_file_in_the_folder_is_enough),
        cmocka_unit_test(memory_that_runs_out_is_said),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
