/* bench_ticket: how many tickets a second of processor time each path gives, as a ratio to the loop
 * anyone would write with OpenSSL (fetched digest, reused context). Both are timed in turn, and the
 * best of the rounds counts, so that a busy machine disturbs the ratio little. Exits 1 when the
 * path that is chosen by itself is below the bar on a machine with SHA-NI or AVX-512. */
#include "core/core.h"
#include "unit/core/oracle.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { IDS = 1 << 14, ID_CHARS_USCC = 18, ROUNDS = 25, BAR_PERCENT = 300 };

struct bench {
    char text[IDS][ID_CHARS_USCC];
    struct str id[IDS];
    uint64_t u[IDS], want[IDS];
    struct digest seed;
    struct oracle *evp[DIGEST_KIND__COUNT];
};

static int64_t cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void evp_loop(struct bench *b, enum digest_kind kind)
{
    uint8_t message[DIGEST_LEN + 1 + ID_CHARS_USCC];
    memcpy(message, b->seed.b, DIGEST_LEN);
    message[DIGEST_LEN] = 'T';
    for (size_t i = 0; i < IDS; i++) {
        struct digest d;
        memcpy(message + DIGEST_LEN + 1, b->id[i].p, ID_CHARS_USCC);
        oracle_digest(b->evp[kind], message, sizeof message, d.b);
        b->want[i] = ticket_number(&d);
    }
}

static void ours(struct bench *b, enum digest_kind kind)
{
    ticket_batch(kind, &b->seed, b->id, IDS, b->u, NULL);
}

static void shorter(int64_t *best, void (*work)(struct bench *, enum digest_kind), struct bench *b,
                    enum digest_kind kind)
{
    int64_t from = cpu_ns();
    work(b, kind);
    int64_t ns = cpu_ns() - from;
    if (*best == 0 || ns < *best) {
        *best = ns;
    }
}

static void row(const char *kind, const char *how, int64_t ns, int64_t evp_ns)
{
    printf("%-7s %-18s %8.2f %8.2f\n", kind, how, 1e3 * IDS / (double)ns,
           (double)evp_ns / (double)ns);
}

/* Returns the ratio in percent of the path that is taken where nobody asks for one. */
static int64_t measure(struct bench *b, enum digest_kind kind)
{
    int64_t path_ns[DIGEST_PATH__COUNT] = { 0 }, evp_ns = 0, free_ns = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        shorter(&evp_ns, evp_loop, b, kind);
        digest_path_free();
        shorter(&free_ns, ours, b, kind);
        for (unsigned p = 0; p < DIGEST_PATH__COUNT; p++) {
            if (!digest_path_set((enum digest_path)p)) {
                continue;
            }
            shorter(&path_ns[p], ours, b, kind);
            if (memcmp(b->u, b->want, sizeof b->u) != 0) {
                fprintf(stderr, "%s: tickets differ\n", digest_path_name((enum digest_path)p));
                return -1;
            }
        }
    }
    const char *name = digest_kind_name(kind);
    row(name, "OpenSSL EVP", evp_ns, evp_ns);
    for (unsigned p = 0; p < DIGEST_PATH__COUNT; p++) {
        if (path_ns[p] == 0) {
            printf("%-7s %-18s not on this processor\n", name,
                   digest_path_name((enum digest_path)p));
            continue;
        }
        row(name, digest_path_name((enum digest_path)p), path_ns[p], evp_ns);
    }
    row(name, "chosen by itself", free_ns, evp_ns);
    return evp_ns * 100 / free_ns;
}

int main(void)
{
    static struct bench b;
    b.seed = digest_of(DIGEST_SHA256, STR("bench_ticket"));
    b.evp[DIGEST_SHA256] = oracle_open("SHA256");
    b.evp[DIGEST_SM3] = oracle_open("SM3");
    if (b.evp[DIGEST_SHA256] == NULL || b.evp[DIGEST_SM3] == NULL) {
        fprintf(stderr, "OpenSSL lacks a digest\n");
        return 1;
    }
    for (size_t i = 0; i < IDS; i++) {
        char text[ID_CHARS_USCC + 1];
        snprintf(text, sizeof text, "91430100MA%08zu", i);
        memcpy(b.text[i], text, ID_CHARS_USCC);
        b.id[i] = (struct str){ b.text[i], ID_CHARS_USCC };
    }
    bool must = digest_path_has(DIGEST_SHANI) || digest_path_has(DIGEST_AVX512);
    printf("%-7s %-18s %8s %8s\n", "hash", "path", "M/CPU-s", "x EVP");
    int64_t sha256 = measure(&b, DIGEST_SHA256), sm3 = measure(&b, DIGEST_SM3);
    oracle_close(b.evp[DIGEST_SHA256]);
    oracle_close(b.evp[DIGEST_SM3]);
    bool met = sha256 >= BAR_PERCENT && sm3 >= BAR_PERCENT;
    printf("bar 3.00: %s\n", met ? "met" : must ? "NOT MET" : "does not apply to this processor");
    return sha256 < 0 || sm3 < 0 || (must && !met) ? 1 : 0;
}
