/* bench_draw: a draw of exactly 1 % of a generated population with weights 1, 2, 5 and 10:
 * processor time of the freeze (every line checked, order, leaves, root, sums) and of the draw
 * itself (parse, tickets, selection, sort), and the peak of memory. The population is made while it
 * is read and its making is not counted. `bench_draw N` takes N entities instead of 10^6 and 10^7;
 * `bench_draw N DIR` writes the population and a plan there, for `sishi draw` and for other
 * programs to read. Exits 1 when the memory is above 64 MB + 80 bytes for each drawn. */
#include "core/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { CHUNK = 1 << 20, LINE_ROOM = 64 };

static int64_t cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* A population of n lines, the same for the same n. */
struct made {
    uint64_t n, at;
    int64_t making_ns;
    char chunk[CHUNK];
};

static size_t put_number(char *out, uint64_t v, int digits)
{
    for (int i = digits; i > 0; i--) {
        out[i - 1] = (char)('0' + v % 10);
        v /= 10;
    }
    return (size_t)digits;
}

static enum err made_next(struct cx *cx, void *ctx, struct str *chunk)
{
    static const char *const tail[] = { "\t430102\tL=1\t-\t-\n", "\t430103\tL=2\t-\t-\n",
                                        "\t430181\tL=5\t-\t-\n", "\t430111\tL=10\t-\t-\n" };
    struct made *m = ctx;
    int64_t from = cpu_ns();
    size_t used = 0;
    (void)cx;
    while (m->at < m->n && used + LINE_ROOM <= CHUNK) {
        uint64_t mixed = m->at * UINT64_C(0x9E3779B97F4A7C15);
        const char *rest = tail[mixed >> 62];
        memcpy(m->chunk + used, "914301", 6);
        used += 6;
        used += put_number(m->chunk + used, m->at++ * 7, 11);
        m->chunk[used++] = 'X';
        memcpy(m->chunk + used, rest, strlen(rest));
        used += strlen(rest);
    }
    *chunk = (struct str){ m->chunk, used };
    m->making_ns += cpu_ns() - from;
    return ERR_OK;
}

static enum err made_rewind(struct cx *cx, void *ctx)
{
    (void)cx;
    ((struct made *)ctx)->at = 0;
    return ERR_OK;
}

static struct str plan_text(struct cx *cx, uint64_t n)
{
    struct buf b = buf_of(cx->mem, 4096);
    buf_fmt(&b,
            "sishi-draw/1 plan\ndraw 430000-2026-0001\nhash sha256\nparty jijian\nmissing void\n"
            "publish now\nlot L fixed %llu reserve 0\n",
            (unsigned long long)(n / 100));
    return buf_str(&b);
}

struct told {
    uint64_t lines, u_sum;
    lot_key k_last;
};

static enum err count_drawn(struct cx *cx, void *ctx, const struct drawn *d)
{
    struct told *t = ctx;
    (void)cx;
    t->lines++;
    t->u_sum += d->u;
    t->k_last = d->k;
    return ERR_OK;
}

static enum err measure(struct cx *cx, uint64_t n, struct made *m)
{
    struct draw_text rooms[3];
    struct draw_source plan_source = draw_source_of("plan.txt", plan_text(cx, n), &rooms[0]);
    struct plan plan;
    struct frame frame;
    struct told told = { 0 };
    struct digest seed = digest_of(DIGEST_SHA256, STR("bench"));
    struct frame_sources from = { { "population.tsv", made_next, made_rewind, m },
                                  draw_source_of("roster.tsv", STR(""), &rooms[1]),
                                  draw_source_of("recusal.tsv", STR(""), &rooms[2]) };
    TRY(plan_read(cx, &plan_source, &plan));
    int64_t start = cpu_ns();
    TRY(frame_read(cx, &plan, &from, &frame));
    int64_t freeze_ns = cpu_ns() - start - m->making_ns;
    m->making_ns = 0;
    struct lot_sinks to = { count_drawn, NULL, &told };
    start = cpu_ns();
    TRY(lots_draw(cx, &plan, &frame, &seed, &from.population, &to));
    int64_t draw_ns = cpu_ns() - start - m->making_ns;
    char k[LOT_KEY_CHARS];
    int k_chars = (int)lot_key_put(told.k_last, k);
    printf("%10llu %10llu %10.3f %10.3f   last K %.*s, sum of u mod 2^64 %llu\n",
           (unsigned long long)n, (unsigned long long)told.lines, (double)freeze_ns / 1e9,
           (double)draw_ns / 1e9, k_chars, k, (unsigned long long)told.u_sum);
    return ERR_OK;
}

static bool write_file(const char *dir, const char *name, struct draw_source *from, struct cx *cx)
{
    char path[4096];
    struct str chunk;
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    bool ok = f != NULL && from->rewind(cx, from->ctx) == ERR_OK;
    while (ok && from->next(cx, from->ctx, &chunk) == ERR_OK && chunk.n > 0) {
        ok = fwrite(chunk.p, 1, chunk.n, f) == chunk.n;
    }
    return f != NULL && fclose(f) == 0 && ok;
}

/* Everything that `sishi draw freeze` asks for; the one party's value is 32 zero bytes. */
static bool write_bundle(struct cx *cx, const char *dir, uint64_t n, struct made *m)
{
    struct contribution c = { STR("430000-2026-0001"), STR("jijian"), { 0 } };
    struct buf secret = buf_of(cx->mem, 4096);
    struct draw_text room;
    contribution_write(&c, &secret);
    struct draw_source population = { "population.tsv", made_next, made_rewind, m };
    struct draw_source plan = draw_source_of("plan.txt", plan_text(cx, n), &room);
    bool ok = write_file(dir, "plan.txt", &plan, cx);
    struct draw_source contribution = draw_source_of("", buf_str(&secret), &room);
    ok = ok && write_file(dir, "contribution-jijian.txt", &contribution, cx);
    struct draw_source empty = draw_source_of("", STR(""), &room);
    ok = ok && write_file(dir, "roster.tsv", &empty, cx) &&
         write_file(dir, "recusal.tsv", &empty, cx);
    return ok && write_file(dir, "population.tsv", &population, cx);
}

int main(int argc, char **argv)
{
    uint64_t sizes[] = { 1000000, 10000000 };
    size_t n_sizes = COUNT_OF(sizes);
    static struct made made;
    if (argc > 1) {
        sizes[0] = strtoull(argv[1], NULL, 10);
        n_sizes = 1;
    }
    if (argc > 2) {
        struct arena *mem = arena_new(1u << 20);
        struct cx cx = { .mem = mem };
        made.n = sizes[0];
        bool ok = mem != NULL && write_bundle(&cx, argv[2], sizes[0], &made);
        arena_free(mem);
        return !ok;
    }
    printf("%10s %10s %10s %10s   (digests: %s)\n", "entities", "drawn", "freeze s", "draw s",
           digest_path_name(digest_path()));
    bool ok = true;
    for (size_t i = 0; ok && i < n_sizes; i++) {
        struct arena *mem = arena_new((size_t)4 << 30);
        struct cx cx = { .mem = mem };
        made = (struct made){ .n = sizes[i] };
        ok = mem != NULL && measure(&cx, sizes[i], &made) == ERR_OK;
        if (!ok) {
            printf("%s\n", cx.fault.detail);
        }
        arena_free(mem);
    }
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    uint64_t most_kb = 64 * 1024 + 80 * (sizes[n_sizes - 1] / 100) / 1024;
    printf("peak memory %.1f MB, allowed %.1f MB\n", (double)used.ru_maxrss / 1024,
           (double)most_kb / 1024);
    return !ok || (uint64_t)used.ru_maxrss > most_kb;
}
