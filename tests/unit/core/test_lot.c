/* Keys, lots and the memory rule: published vectors, and lots against the rule written plainly. */
#include "folder.h"
#include "paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ONE  (UINT32_C(1) << 31)
#define P62  (UINT64_C(1) << 62)
#define UMAX UINT64_C(0x7FFFFFFFFFFFFFFF)

static const struct {
    uint64_t u;
    uint32_t p;
    const char *k;
} keys[] = {
    { 0, 1, "0" },
    { 1, 1, "0" },
    { P62, UINT32_C(1) << 30, "2147483648" },
    { P62, ONE - 1, "1" },
    { 848352034026294991, 631612837, "522073152" },
    { 123456789012345678, 21474836, "2884315073" },
    { UMAX, 1, "42535295845310267299744055514305134592" },
    { UMAX, ONE - 1, "9223372041149743105" },
};

static void keys_are_the_published(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        char digits[LOT_KEY_CHARS];
        size_t n = lot_key_put(lot_key_of(keys[i].u, keys[i].p), digits);
        ASSERT_STR(keys[i].k, ((struct str){ digits, n }));
    }
}

static const struct {
    const char *what;
    uint32_t p, c;
    bool drawn;
    uint32_t rho, p_eff, c_next;
} rules[] = {
    { "first draw of the cycle", 21474836, 0, false, 64, 21474836, 21474836 },
    { "not yet drawn", 21474836, 21474836, false, 64, 21637524, 42895984 },
    { "drawn already", 21474836, 21474836, true, 64, 5368709, 42895984 },
    { "nearly covered, never twice", 21474836, 2000000000, false, 0, 312691337, 2021474836 },
    { "no memory keeps the target", 21474836, 2000000000, true, 256, 21474836, 2001474836 },
};

static void memory_rule_is_the_published(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        struct memory m = { rules[i].c, rules[i].drawn };
        struct memory next;
        uint32_t p = memory_rule(&m, rules[i].p, rules[i].rho, &next);
        assert_int_equal(p, rules[i].p_eff);
        assert_int_equal(next.c, rules[i].c_next);
        assert_int_equal(next.drawn, m.drawn);
    }
}

/* With rho 0 the cycle ends when everybody has been drawn once: C*rho*p + (1-C)*p/(1-C) = p. */
static void memory_rule_covers_a_cycle(void **state)
{
    (void)state;
    struct memory m = { 0 };
    uint32_t p = 0;
    for (int i = 0; i < 10; i++) {
        p = memory_rule(&m, ONE / 10 + 1, 0, &m);
    }
    assert_int_equal(p, ONE); /* the tenth draw takes whoever is left */
    assert_int_equal(m.c, ONE - 1);
    m.drawn = true;
    assert_int_equal(memory_rule(&m, ONE / 10, 0, &m), 0);
}

/* One generated population, and what the rule of section 4.6 makes of it when written plainly. */
struct naive {
    char id[24];
    uint32_t w, p;
    uint64_t u;
    lot_key k;
    bool certain;
};

static int naive_cmp(const void *left, const void *right)
{
    const struct naive *a = left;
    const struct naive *b = right;
    if (a->certain != b->certain) {
        return a->certain ? -1 : 1;
    }
    if (!a->certain && a->k != b->k) {
        return a->k < b->k ? -1 : 1;
    }
    if (!a->certain && a->u != b->u) {
        return a->u < b->u ? -1 : 1;
    }
    return strcmp(a->id, b->id);
}

static void naive_draw(struct naive *e, size_t n, uint64_t m)
{
    uint64_t w = 0;
    for (size_t i = 0; i < n; i++) {
        w += e[i].w;
    }
    for (bool found = true; found && m > 0;) {
        uint64_t taken = 0;
        uint64_t w_taken = 0;
        for (size_t i = 0; i < n; i++) {
            if (!e[i].certain && m * e[i].w >= w) {
                e[i].certain = true;
                taken++;
                w_taken += e[i].w;
            }
        }
        found = taken > 0;
        m -= taken;
        w -= w_taken;
    }
    for (size_t i = 0; i < n; i++) {
        e[i].p = e[i].certain ? ONE : m == 0 ? 1 : (uint32_t)((lot_key)m * e[i].w * ONE / w);
        e[i].p = e[i].p == 0 ? 1 : e[i].p;
        e[i].k = e[i].certain ? 0 : m == 0 ? e[i].u : lot_key_of(e[i].u, e[i].p);
    }
    qsort(e, n, sizeof *e, naive_cmp);
}

struct expect {
    const struct naive *e;
    size_t at, n, selected;
};

static enum err expect_drawn(struct cx *cx, void *ctx, const struct drawn *d)
{
    struct expect *x = ctx;
    (void)cx;
    assert_true(x->at < x->n);
    const struct naive *e = &x->e[x->at++];
    ASSERT_STR(e->id, d->id);
    assert_int_equal(d->rank, x->at);
    assert_int_equal(d->p, e->p);
    assert_true(d->u == e->u && d->k == e->k);
    assert_int_equal(d->status, e->certain ? 'A' : x->at <= x->selected ? 'S' : 'R');
    ASSERT_STR("430102", d->region);
    return ERR_OK;
}

static const struct {
    const char *what;
    size_t entities;
    uint32_t n, reserve;
    int weights; /* 0 equal, 1 grades, 2 all distinct, 3 a few giants */
} lots[] = {
    { "equal weights: a simple random sample", 9000, 1500, 30, 0 },
    { "four grades, the buffer overflows many times", 30000, 400, 50, 1 },
    { "every weight another", 12000, 300, 10, 2 },
    { "giants are certain, in several rounds", 6000, 40, 20, 3 },
    { "more wanted than there are", 50, 80, 5, 1 },
    { "nobody selected, reserves only", 7000, 0, 25, 1 },
    { "one entity", 1, 1, 0, 0 },
    { "an empty lot", 0, 3, 3, 0 },
};

static uint32_t weight_of(int weights, uint64_t random, size_t i)
{
    static const uint32_t grade[] = { 1, 2, 5, 10 };
    if (weights == 1) {
        return grade[random & 3];
    }
    if (weights == 2) {
        return (uint32_t)(i * 7919 % 100003 + 1);
    }
    return weights == 3 && random % 300 == 0 ? 1u << (8 + random / 300 % 24) : 1;
}

static void draw_like_the_rule(struct cx *cx, size_t lot)
{
    size_t n = lots[lot].entities;
    struct digest seed = digest_of(DIGEST_SM3, str_of(lots[lot].what));
    struct naive *e = calloc(n + 1, sizeof *e);
    struct buf plan_text = buf_of(cx->mem, 4096);
    struct buf text = buf_of(cx->mem, 4u << 20);
    uint64_t state = 7 + lot;
    assert_non_null(e);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(e[i].id, sizeof e[i].id, "E%07zu", i * 3);
        e[i].w = weight_of(lots[lot].weights, next_number(&state) >> 8, i);
        struct digest t = ticket_of(DIGEST_SM3, &seed, str_of(e[i].id));
        e[i].u = ticket_number(&t);
        buf_fmt(&text, "%s\t430102\tL=%u\t-\t-\n", e[i].id, e[i].w);
    }
    buf_fmt(&plan_text,
            "sishi-draw/1 plan\ndraw 1\nhash sm3\nparty a\nmissing void\npublish now\n"
            "lot L fixed %u reserve %u\n",
            lots[lot].n, lots[lot].reserve);
    struct draw_text room[4];
    struct draw_source plan_from = draw_source_of("plan.txt", buf_str(&plan_text), &room[0]);
    struct frame_sources from = { draw_source_of("population.tsv", buf_str(&text), &room[1]),
                                  draw_source_of("roster.tsv", STR(""), &room[2]),
                                  draw_source_of("recusal.tsv", STR(""), &room[3]) };
    struct plan plan;
    struct frame frame;
    ASSERT_OK(cx, plan_read(cx, &plan_from, &plan));
    ASSERT_OK(cx, frame_read(cx, &plan, &from, &frame));
    naive_draw(e, n, lots[lot].n);
    size_t wanted = (size_t)lots[lot].n + lots[lot].reserve;
    struct expect x = { e, 0, n < wanted ? n : wanted, lots[lot].n };
    struct lot_sinks to = { expect_drawn, NULL, &x };
    ASSERT_OK(cx, lots_draw(cx, &plan, &frame, &seed, &from.population, &to));
    assert_int_equal(x.at, x.n);
    free(e);
}

static void lots_follow_the_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lots); i++) {
        TEST_CX(cx);
        print_message("%s\n", lots[i].what);
        draw_like_the_rule(cx, i);
    }
}

/* A whole list in random order: everybody certain in a rate lot, ranked by ticket. */
static enum err check_order(struct cx *cx, void *ctx, const struct drawn *d)
{
    struct drawn *last = ctx;
    (void)cx;
    assert_int_equal(d->status, LOT_SELECTED);
    assert_true(last->rank == 0 || last->u < d->u);
    *last = *d;
    return ERR_OK;
}

static void rate_lot_of_everybody_is_an_order(void **state)
{
    (void)state;
    TEST_CX(cx);
    struct buf text = buf_of(cx->mem, 1u << 20);
    for (int i = 0; i < 5000; i++) {
        buf_fmt(&text, "E%05d\t430102\tL=2147483648\t-\t-\n", i);
    }
    struct draw_text room[4];
    struct draw_source plan_from = draw_source_of(
        "plan.txt",
        STR("sishi-draw/1 plan\ndraw 1\nhash sha256\nparty a\nmissing void\npublish now\n"
            "lot L rate\n"),
        &room[0]);
    struct frame_sources from = { draw_source_of("population.tsv", buf_str(&text), &room[1]),
                                  draw_source_of("roster.tsv", STR(""), &room[2]),
                                  draw_source_of("recusal.tsv", STR(""), &room[3]) };
    struct plan plan;
    struct frame frame;
    struct digest seed = digest_of(DIGEST_SHA256, STR("order"));
    struct drawn last = { 0 };
    ASSERT_OK(cx, plan_read(cx, &plan_from, &plan));
    ASSERT_OK(cx, frame_read(cx, &plan, &from, &frame));
    ASSERT_OK(cx, lots_draw(cx, &plan, &frame, &seed, &from.population,
                            &(struct lot_sinks){ check_order, NULL, &last }));
    assert_int_equal(last.rank, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_the_published),
        cmocka_unit_test(memory_rule_is_the_published),
        cmocka_unit_test(memory_rule_covers_a_cycle),
        cmocka_unit_test(lots_follow_the_rule),
        cmocka_unit_test(rate_lot_of_everybody_is_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
