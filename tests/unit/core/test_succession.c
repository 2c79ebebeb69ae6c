/* Replacements after the open bundle's draw: who follows is found from the published files, and
 * events.tsv that says otherwise is refused. */
#include "folder.h"

#include "../test.h"

#include <stdio.h>
#include <string.h>

enum { DRAWN_MAX = 64, ROWS_MAX = 64, TEXT_MAX = 1 << 16 };

struct after {
    struct folder f;
    struct opened o;
    struct frame frame;
    struct draw_candidate drawn[DRAWN_MAX];
    size_t n_drawn;
    struct assign_row row[ROWS_MAX];
    struct price_row price[ROWS_MAX];
    struct assignment a;
    struct succession s;
    struct buf text; /* of events.tsv */
    uint64_t lines;
};

static enum err keep(struct cx *cx, void *ctx, const struct drawn *d)
{
    struct after *w = ctx;
    assert_true(w->n_drawn < DRAWN_MAX);
    w->drawn[w->n_drawn++] =
        (struct draw_candidate){ str_dup(cx->mem, d->id), str_dup(cx->mem, d->region), d->lot,
                                 d->status == LOT_RESERVE };
    return ERR_OK;
}

static void after_open(struct cx *cx, struct after *w)
{
    *w = (struct after){ .text = buf_of(cx->mem, TEXT_MAX) };
    folder_read(cx, GOLDEN_DIR "/draw-v1", &w->f);
    ASSERT_OK(cx, folder_open(cx, &w->f, &w->o));
    struct frame_sources from = folder_frame(&w->f);
    const struct lot_sinks to = { keep, NULL, w };
    ASSERT_OK(cx, frame_read(cx, &w->o.plan, &from, &w->frame));
    ASSERT_OK(cx, lots_draw(cx, &w->o.plan, &w->frame, &w->o.seed.digest, &from.population, &to));
    struct str rest = w->f.text[F_ASSIGN];
    for (; rest.n > 0; w->a.rows++) {
        ASSERT_OK(cx, assign_row_get(cx, place_of("assign.tsv", 1), str_cut(&rest, '\n'),
                                     &w->row[w->a.rows]));
    }
    rest = w->f.text[F_PRICES];
    for (; rest.n > 0; w->a.prices++) {
        ASSERT_OK(cx, price_row_get(cx, place_of("prices.tsv", 1), str_cut(&rest, '\n'),
                                    &w->price[w->a.prices]));
    }
    w->a.row = w->row;
    w->a.price = w->price;
    const struct succession_input in = { &w->o.plan, &w->o.seed.digest, &w->frame,
                                         w->drawn,   w->n_drawn,        &w->a };
    ASSERT_OK(cx, succession_open(cx, &in, &w->s));
}

static void say(struct after *w, const struct draw_change *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct draw_change_line l = { ++w->lines, STR("2026-12-01T09:00:00.000+08:00"),
                                            STR("named in a report"), STR("-"), c[i] };
        change_put(&l, &w->text);
        buf_put_c(&w->text, '\n');
    }
}

/* lot "" : an inspector of code's team. */
struct turn {
    const char *what, *lot, *code, *dept, *who;
};
static const struct turn story[] = {
    { "a reserve that another lot has drawn already", "F01", "91430181MA0000777X", "", "" },
    { "an inspector falls ill", "", "91430181MA0000481X", "rsj", "4301B001" },
    { "who leaves stays in two other lots", "S03", "91430103MA0000740X", "", "" },
    { "and in one: one department goes no more", "F01", "91430103MA0000740X", "", "" },
    { "who moved up leaves again", "F01", "91430102MA0000851X", "", "" },
    { "an inspector of a new team falls ill", "", "91430103MA0000555X", "scjgj", "" },
};

static enum err take_turn(struct cx *cx, struct after *w, const struct turn *t,
                          struct draw_change **c, size_t *n)
{
    static struct draw_change one;
    if (t->lot[0] != '\0') {
        return succession_target(cx, &w->s, str_of(t->lot), str_of(t->code), c, n);
    }
    struct str who = str_of(t->who);
    for (size_t i = 0; i < w->s.places && who.n == 0; i++) { /* "": the first of the team */
        const struct succession_place *p = &w->s.place[i];
        who = !p->gone && str_eq(p->target, str_of(t->code)) && str_eq(p->dept, str_of(t->dept))
                  ? p->inspector
                  : who;
    }
    *c = &one;
    *n = 1;
    return succession_inspector(cx, &w->s, str_of(t->code), str_of(t->dept), who, &one);
}

static void tell_story(struct cx *cx, struct after *w)
{
    after_open(cx, w);
    for (size_t i = 0; i < COUNT_OF(story); i++) {
        struct draw_change *c = NULL;
        size_t n = 0;
        ASSERT_OK(cx, take_turn(cx, w, &story[i], &c, &n));
        say(w, c, n);
    }
}

static enum err check(struct cx *cx, struct str events)
{
    struct after w;
    struct draw_text room;
    uint64_t n;
    after_open(cx, &w);
    struct draw_source source = draw_source_of("events.tsv", events, &room);
    return succession_check(cx, &w.s, &source, &n);
}

static void the_story_is_the_published_one(void **state UNUSED)
{
    TEST_CX(cx);
    struct after w;
    char want[TEXT_MAX];
    tell_story(cx, &w);
    FILE *f = fopen(GOLDEN_DIR "/draw-v1-events.tsv", "rb");
    assert_non_null(f);
    size_t n = fread(want, 1, sizeof want, f);
    (void)fclose(f);
    if (!str_eq(buf_str(&w.text), (struct str){ want, n })) {
        fail_msg("is\n" STR_FMT, STR_ARG(buf_str(&w.text)));
    }
    ASSERT_OK(cx, check(cx, buf_str(&w.text)));
}

static void teams_stand_within_caps_and_once(void **state UNUSED)
{
    TEST_CX(cx);
    struct after w;
    uint32_t held[16] = { 0 };
    tell_story(cx, &w);
    for (size_t i = 0; i < w.s.places; i++) {
        const struct succession_place *p = &w.s.place[i];
        for (size_t k = 0; k < i; k++) {
            const struct succession_place *q = &w.s.place[k];
            assert_false(str_eq(p->target, q->target) && str_eq(p->dept, q->dept) &&
                         str_eq(p->inspector, q->inspector) && !str_eq(p->inspector, STR("~")));
        }
        for (size_t j = 0; j < w.frame.inspectors && !p->gone; j++) {
            held[j] += str_eq(w.frame.inspector[j].id, p->inspector);
        }
    }
    for (size_t j = 0; j < w.frame.inspectors; j++) {
        assert_int_equal(held[j], w.s.held[j]);
        assert_true(held[j] <= w.frame.inspector[j].cap);
    }
}

/* Every line dropped, doubled or with another end is refused, and so is the whole without its
 * last line of a team. */
static void another_story_is_refused(void **state UNUSED)
{
    TEST_CX(cx);
    struct after w;
    tell_story(cx, &w);
    struct str rest = buf_str(&w.text);
    for (uint64_t i = 0; i < w.lines; i++) {
        struct str line = str_cut(&rest, '\n');
        struct str head = { w.text.p, (size_t)(line.p - w.text.p) };
        for (int kind = 0; kind < 3; kind++) {
            TEST_CX(bad);
            struct buf b = buf_of(bad->mem, TEXT_MAX);
            bool last = rest.n == 0;
            buf_put(&b, head);
            if (kind > 0) {
                buf_put(&b, (struct str){ line.p, line.n - (kind == 2) });
                buf_put_c(&b, '\n');
            }
            if (kind == 1) {
                buf_put(&b, line);
                buf_put_c(&b, '\n');
            }
            buf_put(&b, rest);
            enum err code = check(bad, buf_str(&b));
            /* without its last line the story is an earlier one, if that line is whole by itself */
            if (kind == 0 && last) {
                assert_int_equal(code, ERR_OK);
            } else if (code != ERR_DRAW_MISMATCH && code != ERR_DRAW_FILE) {
                fail_msg("line %u, damage %d: %s", (unsigned)i + 1, kind, err_name(code));
            }
        }
    }
    assert_true(w.lines > COUNT_OF(story));
}

static void what_cannot_be_replaced_is_refused(void **state UNUSED)
{
    static const struct {
        struct turn turn;
        enum err want;
    } cases[] = {
        { { "no reserve in a rate lot", "L02", "91430181MA0000259X", "", "" }, ERR_DRAW_EMPTY },
        { { "no such lot", "X", "91430181MA0000259X", "", "" }, ERR_NOT_FOUND },
        { { "a reserve", "F01", "91430103MA0000555X", "", "" }, ERR_NOT_FOUND },
        { { "not on the team", "", "91430181MA0000259X", "rsj", "4301B000" }, ERR_NOT_FOUND },
        { { "no such target", "", "91430181MA0000999X", "rsj", "4301B000" }, ERR_NOT_FOUND },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TEST_CX(cx);
        struct after w;
        struct draw_change *c = NULL;
        size_t n = 0;
        after_open(cx, &w);
        ASSERT_ERR(cases[i].want, take_turn(cx, &w, &cases[i].turn, &c, &n));
    }
    TEST_CX(cx);
    struct after w;
    struct draw_change *c = NULL;
    size_t n = 0;
    tell_story(cx, &w);
    ASSERT_ERR(ERR_STATE, take_turn(cx, &w, &story[0], &c, &n));
    TEST_CX(again);
    ASSERT_ERR(ERR_STATE, take_turn(again, &w, &story[1], &c, &n));
    TEST_CX(none);
    ASSERT_ERR(ERR_DRAW_EMPTY,
               succession_target(none, &w.s, STR("F01"), STR("91430103MA0000555X"), &c, &n));
}

/* With everybody at their cap the new places are there, and empty. */
static void a_place_nobody_can_fill_is_shown(void **state UNUSED)
{
    TEST_CX(cx);
    struct after w;
    struct draw_change *c = NULL;
    size_t n = 0;
    size_t empty = 0;
    after_open(cx, &w);
    for (size_t j = 0; j < w.frame.inspectors; j++) {
        w.frame.inspector[j].cap = 0;
    }
    ASSERT_OK(cx, take_turn(cx, &w, &story[2], &c, &n));
    for (size_t i = 0; i < n; i++) {
        empty += c[i].kind == DRAW_CHANGE_PLACE && str_eq(c[i].enters, STR("~"));
    }
    assert_int_equal(empty, 2);
    struct draw_change one;
    TEST_CX(nobody);
    ASSERT_ERR(ERR_DRAW_EMPTY, succession_inspector(nobody, &w.s, STR("91430181MA0000259X"),
                                                    STR("rsj"), STR("4301B002"), &one));
}

static void lines_are_read_as_they_are_written(void **state UNUSED)
{
    static const struct {
        const char *what, *line;
        bool good;
    } cases[] = {
        { "a target", "1\t2026\ttarget\tF01/A\twhy\t-\tB", true },
        { "an inspector, nobody after", "12\t2026\tinspector\tA/d/J/1\twhy not\t-\t-", true },
        { "an empty place", "1\t2026\tplace\tA/d/-\twhy\t-\t~", true },
        { "six fields", "1\t2026\ttarget\tF01/A\twhy\tB", false },
        { "number 0", "0\t2026\ttarget\tF01/A\twhy\t-\tB", false },
        { "no such kind", "1\t2026\tswap\tF01/A\twhy\t-\tB", false },
        { "no lot", "1\t2026\ttarget\tA\twhy\t-\tB", false },
        { "no department", "1\t2026\tinspector\tA/J\twhy\t-\tB", false },
        { "a qualification with a dash", "1\t2026\tplace\tA/d/x-y\twhy\t-\tB", false },
        { "evidence in capitals",
          "1\t2026\ttarget\tF01/A\twhy\t"
          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\tB",
          false },
        { "no reason", "1\t2026\ttarget\tF01/A\t\t-\tB", false },
        { "nobody enters", "1\t2026\ttarget\tF01/A\twhy\t-\t", false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TEST_CX(cx);
        struct draw_change_line l;
        struct buf b = buf_of(cx->mem, TEXT_MAX);
        enum err code = change_get(cx, place_of("events.tsv", 1), str_of(cases[i].line), &l);
        if ((code == ERR_OK) != cases[i].good) {
            fail_msg("%s", cases[i].what);
        }
        if (code == ERR_OK) {
            change_put(&l, &b);
            assert_true(str_eq(buf_str(&b), str_of(cases[i].line)));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_story_is_the_published_one),
        cmocka_unit_test(teams_stand_within_caps_and_once),
        cmocka_unit_test(another_story_is_refused),
        cmocka_unit_test(what_cannot_be_replaced_is_refused),
        cmocka_unit_test(a_place_nobody_can_fill_is_shown),
        cmocka_unit_test(lines_are_read_as_they_are_written),
    };
    return cmocka_run_group_tests_name("core/succession", tests, NULL, NULL);
}
