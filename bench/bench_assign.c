/* bench_assign: the assignment of inspectors against LEMON's NetworkSimplex on the same instances,
 * as a ratio of processor time (below 1.00 ours is quicker), and what the price list and its check
 * cost. Exits 1 when the answers differ or ours is slower than LEMON on any size. */
#include "lemon_instance.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *what;
    size_t targets, inspectors;
    int rounds;
} sizes[] = {
    { "300 x 20", 300, 20, 20 },
    { "1500 x 60, a county", 1500, 60, 5 },
    { "3000 x 120", 3000, 120, 3 },
    { "6000 x 600, a city", 6000, 600, 1 },
};

static int64_t cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct times {
    int64_t ours, lemon, price, check;
};

static void shortest(int64_t *best, int64_t ns)
{
    *best = *best == 0 || ns < *best ? ns : *best;
}

static bool once(struct cx *cx, size_t targets, size_t inspectors, uint64_t number, struct times *t)
{
    struct instance_size size = { targets, inspectors, 2, true, 30, 100, 0, (uint32_t)targets };
    struct flow f = instance_make(cx, &size, number);
    assign_price *price = arena_alloc(cx->mem, inspectors, sizeof *price);
    struct lemon_answer want;
    for (size_t j = 0; j < inspectors; j++) {
        f.inspector[j].room = (uint32_t)targets;
    }
    int64_t from = cpu_ns();
    if (price == NULL || flow_solve(cx, &f) != ERR_OK) {
        return false;
    }
    shortest(&t->ours, cpu_ns() - from);
    from = cpu_ns();
    if (flow_price(cx, &f, price) !=
        ERR_OK) { /* tickets of 30 bits may tie; the time is the same */
        fault_clear(cx);
    }
    shortest(&t->price, cpu_ns() - from);
    from = cpu_ns();
    (void)flow_check(&f, price);
    shortest(&t->check, cpu_ns() - from);
    struct instance_cost got = instance_cost(&f);
    if (lemon_instance(cx, &f, &want) != 0) {
        return false;
    }
    shortest(&t->lemon, want.solve_ns);
    return got.unfilled == want.unfilled && got.load == want.load && got.tickets == want.tickets;
}

int main(void)
{
    struct arena *mem = arena_new((size_t)2 << 30);
    struct cx cx = { .mem = mem };
    bool ok = mem != NULL;
    bool slower = false;
    printf("%-22s %10s %10s %7s %10s %10s\n", "targets x inspectors", "ours ms", "LEMON ms",
           "ratio", "prices ms", "check ms");
    for (size_t i = 0; ok && i < COUNT_OF(sizes); i++) {
        struct times t = { 0 };
        for (int r = 0; ok && r < sizes[i].rounds; r++) {
            struct arena_mark before = arena_mark(mem);
            ok = once(&cx, sizes[i].targets, sizes[i].inspectors, (uint64_t)r + 1, &t);
            arena_reset(mem, before);
        }
        printf("%-22s %10.2f %10.2f %7.2f %10.2f %10.2f\n", sizes[i].what, (double)t.ours / 1e6,
               (double)t.lemon / 1e6, (double)t.ours / (double)t.lemon, (double)t.price / 1e6,
               (double)t.check / 1e6);
        slower |= t.ours > t.lemon;
    }
    arena_free(mem);
    printf("%s, %s\n", ok ? "same answers" : "ANSWERS DIFFER", slower ? "SLOWER" : "no slower");
    return !ok || slower;
}
