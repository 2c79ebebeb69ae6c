/* What the draw promises in the long run, by simulation with fixed seeds: chances are the published
 * ones, joint lots share visits, the memory rule keeps its marginals, inspectors are symmetric.
 * Each bound is some three standard deviations wide or a figure published with the specification.
 */
#include "../unit/test.h"

#include "core/core.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_ROOM = 24, MONTHS = 12 };

/* A population of n made-up ids with weights, and where its tickets go. */
struct pool {
    size_t n;
    char (*text)[ID_ROOM];
    struct str *id;
    uint32_t *w;
    uint64_t *u;
};

static struct pool pool_of(struct cx *cx, size_t n, uint32_t (*weight)(size_t i))
{
    struct pool p = { .n = n };
    p.text = arena_alloc(cx->mem, n, sizeof *p.text);
    p.id = arena_alloc(cx->mem, n, sizeof *p.id);
    p.w = arena_alloc(cx->mem, n, sizeof *p.w);
    p.u = arena_alloc(cx->mem, n, sizeof *p.u);
    assert_true(p.text != NULL && p.id != NULL && p.w != NULL && p.u != NULL);
    for (size_t i = 0; i < n; i++) {
        int len = snprintf(p.text[i], ID_ROOM, "91430100MA%08zu", i);
        p.id[i] = (struct str){ p.text[i], (size_t)len };
        p.w[i] = weight(i);
    }
    return p;
}

static struct digest seed_of(const char *what, uint64_t number)
{
    char text[64];
    int n = snprintf(text, sizeof text, "%s %llu", what, (unsigned long long)number);
    return digest_of(DIGEST_SHA256, (struct str){ text, (size_t)n });
}

static void draw_tickets(struct pool *p, const char *what, uint64_t number)
{
    struct digest seed = seed_of(what, number);
    ticket_batch(DIGEST_SHA256, &seed, p->id, p->n, p->u, NULL);
}

static uint32_t weight_equal(size_t i UNUSED)
{
    return 1;
}

static uint32_t weight_rising(size_t i)
{
    return (uint32_t)i + 1;
}

static uint32_t weight_grades(size_t i)
{
    static const uint32_t w[] = { 1, 2, 5, 10 };
    return w[i % COUNT_OF(w)];
}

/* Monthly rates of the grades, half a percent to six, in units of 2^-31. */
static uint32_t weight_rates(size_t i)
{
    static const double rate[] = { 0.005, 0.01, 0.03, 0.06 };
    return (uint32_t)(rate[i % COUNT_OF(rate)] * (double)DRAW_WEIGHT_MAX);
}

/* ---- tickets ---- */

static void ticket_bytes_are_even(void **state UNUSED)
{
    enum { TICKETS = 1 << 18, SOME = 1 << 12 };
    for (unsigned kind = 0; kind < DIGEST_KIND__COUNT; kind++) {
        TEST_CX(cx);
        struct pool p = pool_of(cx, SOME, weight_equal);
        struct digest *full = arena_alloc(cx->mem, SOME, sizeof *full);
        uint64_t count[256] = { 0 };
        assert_non_null(full);
        for (uint64_t round = 0; round < TICKETS / SOME; round++) {
            struct digest seed = seed_of("bytes", round);
            ticket_batch((enum digest_kind)kind, &seed, p.id, SOME, p.u, full);
            for (size_t i = 0; i < SOME * (size_t)DIGEST_LEN; i++) {
                count[full[i / DIGEST_LEN].b[i % DIGEST_LEN]]++;
            }
        }
        double mean = (double)TICKETS * DIGEST_LEN / 256, chi2 = 0;
        for (size_t i = 0; i < 256; i++) {
            chi2 += ((double)count[i] - mean) * ((double)count[i] - mean) / mean;
        }
        print_message("%s: chi2 of %d bytes %.1f on 255\n",
                      digest_kind_name((enum digest_kind)kind), TICKETS * DIGEST_LEN, chi2);
        assert_true(chi2 > 187 && chi2 < 330); /* p 0.0005 at each end */
    }
}

/* ---- lots of a fixed size ---- */

struct candidate {
    lot_key k;
    uint64_t u;
    size_t i;
};

static int candidate_cmp(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->k != b->k) {
        return a->k < b->k ? -1 : 1;
    }
    return a->u < b->u ? -1 : a->u > b->u;
}

/* Draws m of the pool `rounds` times; counts how often each entity was among them. None of the
 * pools here has certain entities. */
static void fixed_rounds(struct cx *cx, struct pool *p, uint32_t m, uint64_t rounds,
                         const char *what, uint64_t *count)
{
    struct candidate *c = arena_alloc(cx->mem, p->n, sizeof *c);
    struct lot_stat stat = { .n = p->n, .m_left = m };
    assert_non_null(c);
    for (size_t i = 0; i < p->n; i++) {
        stat.w_left += p->w[i];
        count[i] = 0;
    }
    for (uint64_t round = 0; round < rounds; round++) {
        draw_tickets(p, what, round);
        for (size_t i = 0; i < p->n; i++) {
            uint32_t p31 = lot_probability(&stat, p->w[i]);
            c[i] = (struct candidate){ lot_key_of(p->u[i], p31), p->u[i], i };
        }
        qsort(c, p->n, sizeof *c, candidate_cmp);
        for (size_t i = 0; i < m; i++) {
            count[c[i].i]++;
        }
    }
}

static const struct {
    const char *what;
    size_t n;
    uint32_t m;
    uint32_t (*weight)(size_t i);
    uint64_t rounds;
    double worst; /* largest relative error of a chance: the published one and the noise */
} paretos[] = {
    { "N=10 n=2, weights 1..10", 10, 2, weight_rising, 400000, 0.0200 },
    { "N=10 n=4, weights 1..10", 10, 4, weight_rising, 400000, 0.0170 },
    { "N=48 n=10, grades", 48, 10, weight_grades, 200000, 0.0180 },
};

static void fixed_lots_keep_their_chances(void **state UNUSED)
{
    for (size_t row = 0; row < COUNT_OF(paretos); row++) {
        TEST_CX(cx);
        struct pool p = pool_of(cx, paretos[row].n, paretos[row].weight);
        uint64_t count[48];
        double sum = 0, worst = 0, square = 0;
        fixed_rounds(cx, &p, paretos[row].m, paretos[row].rounds, paretos[row].what, count);
        for (size_t i = 0; i < p.n; i++) {
            sum += p.w[i];
        }
        for (size_t i = 0; i < p.n; i++) {
            double want = (double)paretos[row].rounds * paretos[row].m * p.w[i] / sum;
            double error = (double)count[i] / want - 1;
            worst = fmax(worst, fabs(error));
            square += error * error;
        }
        print_message("%s: worst %.2f %%, rms %.2f %%\n", paretos[row].what, 100 * worst,
                      100 * sqrt(square / (double)p.n));
        assert_true(worst < paretos[row].worst);
    }
}

static void equal_lots_are_simple_random_samples(void **state UNUSED)
{
    enum { N = 2000, M = 100, ROUNDS = 10000 };
    TEST_CX(cx);
    struct pool p = pool_of(cx, N, weight_equal);
    static uint64_t count[N];
    double mean = (double)ROUNDS * M / N, chi2 = 0;
    fixed_rounds(cx, &p, M, ROUNDS, "srs", count);
    for (size_t i = 0; i < N; i++) {
        chi2 += ((double)count[i] - mean) * ((double)count[i] - mean) / mean;
    }
    chi2 /= 1 - (double)M / N; /* drawn without putting back */
    print_message("simple random sample: chi2 %.0f on %d\n", chi2, N - 1);
    assert_true(fabs(chi2 - (N - 1)) < 3.3 * sqrt(2.0 * (N - 1)));
}

/* ---- rate lots ---- */

static bool rate_drawn(uint64_t u, uint32_t w)
{
    return u < (uint64_t)w << 32;
}

static void rate_lots_have_exact_chances(void **state UNUSED)
{
    enum { N = 2000, ROUNDS = 20000 };
    TEST_CX(cx);
    struct pool p = pool_of(cx, N, weight_rates);
    double size = 0, size2 = 0, mean = 0, variance = 0, by_grade[4] = { 0 };
    for (uint64_t round = 0; round < ROUNDS; round++) {
        double drawn = 0;
        draw_tickets(&p, "rate", round);
        for (size_t i = 0; i < N; i++) {
            bool yes = rate_drawn(p.u[i], p.w[i]);
            drawn += yes;
            by_grade[i % 4] += yes;
        }
        size += drawn;
        size2 += drawn * drawn;
    }
    for (size_t i = 0; i < N; i++) {
        double chance = (double)p.w[i] / DRAW_WEIGHT_MAX;
        mean += chance;
        variance += chance * (1 - chance);
    }
    double got = size / ROUNDS, sd = sqrt(size2 / ROUNDS - got * got);
    print_message("rate: size %.2f of %.2f, sd %.3f of %.3f\n", got, mean, sd, sqrt(variance));
    assert_true(fabs(got - mean) < 3.3 * sqrt(variance / ROUNDS));
    assert_true(fabs(sd / sqrt(variance) - 1) < 0.02);
    for (size_t g = 0; g < 4; g++) {
        double chance = (double)weight_rates(g) / DRAW_WEIGHT_MAX, want = N / 4.0 * ROUNDS * chance;
        assert_true(fabs(by_grade[g] - want) < 3.3 * sqrt(want * (1 - chance)));
    }
}

/* Six departments, each on its own random half of the pool: with shared tickets an entity is
 * visited when its largest probability draws it; with tickets of their own each draws by itself. */
static void joint_lots_share_their_visits(void **state UNUSED)
{
    enum { N = 200000, DEPTS = 6 };
    TEST_CX(cx);
    struct pool p = pool_of(cx, N, weight_equal), own = pool_of(cx, N, weight_equal);
    struct pool half = pool_of(cx, N, weight_equal);
    double theory = 0, variance = 0, visits = 0, alone = 0;
    struct {
        double want, got;
    } dept[DEPTS] = { 0 };
    draw_tickets(&p, "joint", 0);
    draw_tickets(&half, "halves", 0);
    for (size_t i = 0; i < N; i++) {
        uint32_t most = 0;
        for (unsigned d = 0; d < DEPTS; d++) {
            uint32_t w = DRAW_WEIGHT_MAX / 100 * (d + 1);
            if ((half.u[i] >> d & 1) != 0) {
                most = w; /* rates rise with d */
                dept[d].want += (double)w / DRAW_WEIGHT_MAX;
                dept[d].got += rate_drawn(p.u[i], w);
            }
        }
        double chance = (double)most / DRAW_WEIGHT_MAX;
        theory += chance;
        variance += chance * (1 - chance);
        visits += rate_drawn(p.u[i], most);
    }
    for (unsigned d = 0; d < DEPTS; d++) {
        draw_tickets(&own, "alone", d);
        for (size_t i = 0; i < N; i++) {
            alone +=
                (half.u[i] >> d & 1) != 0 && rate_drawn(own.u[i], DRAW_WEIGHT_MAX / 100 * (d + 1));
        }
        print_message("department %u: realised over target %.4f\n", d + 1,
                      dept[d].got / dept[d].want);
        assert_true(fabs(dept[d].got - dept[d].want) < 3.5 * sqrt(dept[d].want));
    }
    print_message("joint: %.0f visits, theory %.0f; alone %.0f\n", visits, theory, alone);
    assert_true(fabs(visits - theory) < 3 * sqrt(variance));
    assert_true(visits < 0.53 * alone);
}

/* ---- the memory rule ---- */

struct year {
    double repeats; /* of drawn entities, the share that was drawn more than once */
    double z2;      /* of the monthly totals against their target */
};

static struct year year_of(struct cx *cx, size_t n, uint32_t rho)
{
    struct pool p = pool_of(cx, n, weight_rates);
    struct memory *m = arena_alloc(cx->mem, n, sizeof *m);
    uint8_t *times = arena_alloc(cx->mem, n, 1);
    struct year y = { 0, 0 };
    double target = 0, variance = 0, ever = 0, again = 0;
    assert_true(m != NULL && times != NULL);
    for (size_t i = 0; i < n; i++) {
        double chance = (double)p.w[i] / DRAW_WEIGHT_MAX;
        target += chance;
        variance += chance * (1 - chance);
    }
    for (uint64_t month = 0; month < MONTHS; month++) {
        double drawn = 0;
        draw_tickets(&p, "memory", month * 1000 + rho);
        for (size_t i = 0; i < n; i++) {
            bool yes = rate_drawn(p.u[i], memory_rule(&m[i], p.w[i], rho, &m[i]));
            m[i].drawn |= yes;
            times[i] = (uint8_t)(times[i] + yes);
            drawn += yes;
        }
        y.z2 += (drawn - target) * (drawn - target) / variance;
    }
    for (size_t i = 0; i < n; i++) {
        ever += times[i] > 0;
        again += times[i] > 1;
    }
    y.repeats = again / ever;
    return y;
}

static void memory_keeps_the_marginals_and_cuts_repeats(void **state UNUSED)
{
    static const struct {
        uint32_t rho;
        double from, to;
    } rows[] = { { 256, 0.180, 0.230 }, { 128, 0.090, 0.130 }, { 64, 0.040, 0.070 }, { 0, 0, 0 } };
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        TEST_CX(cx);
        struct year y = year_of(cx, 100000, rows[row].rho);
        print_message("rho %u/256: drawn again %.1f %%, months' z2 %.1f on %d\n", rows[row].rho,
                      100 * y.repeats, y.z2, MONTHS);
        assert_true(y.repeats >= rows[row].from && y.repeats <= rows[row].to);
        assert_true(y.z2 < 32.9); /* p 0.001 */
    }
}

/* ---- inspectors ---- */

enum { TEAM = 2, T_MAX = 60, J_MAX = 12 };
struct seats {
    struct plan plan;
    char target[T_MAX][ID_ROOM], name[J_MAX][ID_ROOM];
    struct visit visit[T_MAX];
    struct inspector inspector[J_MAX];
    size_t targets, inspectors;
};

static void seats_make(struct cx *cx, struct seats *s, size_t targets, size_t inspectors)
{
    static const char plan[] = "sishi-draw/1 plan\ndraw 430000-2026-0001\nhash sha256\nparty a\n"
                               "missing void\npublish now\nlot L rate\nteam L a 2 -\n";
    struct draw_text room;
    struct draw_source source = draw_source_of("plan.txt", str_of(plan), &room);
    ASSERT_OK(cx, plan_read(cx, &source, &s->plan));
    s->targets = targets;
    s->inspectors = inspectors;
    for (size_t t = 0; t < targets; t++) {
        int n = snprintf(s->target[t], ID_ROOM, "91430100MA%08zu", t);
        s->visit[t] = (struct visit){ { s->target[t], (size_t)n }, STR("430102"), 0 };
    }
    for (size_t j = 0; j < inspectors; j++) {
        int n = snprintf(s->name[j], ID_ROOM, "J%02zu", j);
        s->inspector[j] = (struct inspector){ .id = { s->name[j], (size_t)n },
                                              .dept = STR("a"),
                                              .regions = STR("43"),
                                              .quals = STR("-"),
                                              .cap = 100,
                                              .salt = STR("-") };
    }
}

/* sits[t][j]: does inspector j visit target t? */
static void seats_draw(struct cx *cx, struct seats *s, uint64_t number, bool sits[T_MAX][J_MAX])
{
    struct digest seed = seed_of("seats", number);
    struct assign_input in = { .plan = &s->plan,
                               .seed = &seed,
                               .inspector = s->inspector,
                               .inspectors = s->inspectors,
                               .visit = s->visit,
                               .visits = s->targets };
    struct assignment a;
    ASSERT_OK(cx, assign_solve(cx, &in, &a));
    assert_int_equal(a.unfilled, 0);
    assert_int_equal(a.rows, s->targets * TEAM);
    memset(sits, 0, sizeof(bool) * T_MAX * J_MAX);
    for (size_t i = 0; i < a.rows; i++) {
        size_t j = (size_t)strtoul(a.row[i].inspector.p + 1, NULL, 10);
        sits[i / TEAM][j] = true; /* rows ascend by target */
    }
}

/* Four targets, four inspectors, two a team: 90 balanced assignments, each nearly as likely. */
static void small_assignments_are_nearly_uniform(void **state UNUSED)
{
    enum { ROUNDS = 60000, FEASIBLE = 90 };
    TEST_CX(cx);
    static uint32_t count[1 << 16];
    static struct seats s;
    static bool sits[T_MAX][J_MAX];
    uint64_t pair[4][4] = { { 0 } };
    double distance = 0;
    size_t seen = 0;
    seats_make(cx, &s, 4, 4);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct arena_mark mark = arena_mark(cx->mem);
        unsigned outcome = 0;
        seats_draw(cx, &s, round, sits);
        for (unsigned i = 0; i < 16; i++) {
            outcome |= (unsigned)sits[i / 4][i % 4] << i;
            pair[i / 4][i % 4] += sits[i / 4][i % 4];
        }
        count[outcome]++;
        arena_reset(cx->mem, mark);
    }
    for (size_t i = 0; i < COUNT_OF(count); i++) {
        seen += count[i] > 0;
        distance += count[i] > 0 ? fabs((double)count[i] / ROUNDS - 1.0 / FEASIBLE) / 2 : 0;
    }
    print_message("4 x 4: %zu assignments, distance from uniform %.3f\n", seen, distance);
    assert_int_equal(seen, FEASIBLE); /* every balanced one, and none that is not */
    assert_true(distance < 0.035);    /* 0.015, and the noise of so many rounds */
    for (unsigned i = 0; i < 16; i++) {
        assert_true(fabs((double)pair[i / 4][i % 4] / ROUNDS - 0.5) < 0.0075);
    }
}

static void equal_inspectors_have_equal_chances(void **state UNUSED)
{
    enum { ROUNDS = 600, T = 60, J = 12, EACH = T * TEAM / J };
    TEST_CX(cx);
    static struct seats s;
    static bool sits[T_MAX][J_MAX];
    static double pair[T][J], mates[J][J];
    double chi2 = 0, mates2 = 0;
    seats_make(cx, &s, T, J);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct arena_mark mark = arena_mark(cx->mem);
        seats_draw(cx, &s, 1000000 + round, sits);
        for (size_t j = 0; j < J; j++) {
            int visits = 0;
            for (size_t t = 0; t < T; t++) {
                visits += sits[t][j];
                pair[t][j] += sits[t][j];
                for (size_t k = j + 1; k < J; k++) {
                    mates[j][k] += sits[t][j] && sits[t][k];
                }
            }
            assert_int_equal(visits, EACH); /* balance is perfect where it can be */
        }
        arena_reset(cx->mem, mark);
    }
    double mean = (double)ROUNDS * TEAM / J, mates_mean = (double)ROUNDS * T / (J * (J - 1) / 2.0);
    for (size_t j = 0; j < J; j++) {
        for (size_t t = 0; t < T; t++) {
            chi2 += (pair[t][j] - mean) * (pair[t][j] - mean) / mean;
        }
        for (size_t k = j + 1; k < J; k++) {
            mates2 += (mates[j][k] - mates_mean) * (mates[j][k] - mates_mean) / mates_mean;
        }
    }
    print_message("60 x 12: inspector visits target, chi2 %.0f; pairs of a team, chi2 %.1f on 65\n",
                  chi2, mates2);
    assert_true(chi2 < 600 + 4 * sqrt(2.0 * 600)); /* some 600 with both margins fixed */
    assert_true(mates2 < 107);                     /* p 0.001 on 65, and less for fixed sums */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticket_bytes_are_even),
        cmocka_unit_test(fixed_lots_keep_their_chances),
        cmocka_unit_test(equal_lots_are_simple_random_samples),
        cmocka_unit_test(rate_lots_have_exact_chances),
        cmocka_unit_test(joint_lots_share_their_visits),
        cmocka_unit_test(memory_keeps_the_marginals_and_cuts_repeats),
        cmocka_unit_test(small_assignments_are_nearly_uniform),
        cmocka_unit_test(equal_inspectors_have_equal_chances),
    };
    return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
