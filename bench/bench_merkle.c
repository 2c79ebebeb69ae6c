/* bench_merkle: the root of a quarter of a million population lines, as at the freeze of a draw, on
 * each path, as a ratio to the loop anyone would write with OpenSSL (fetched digest, reused
 * context, the same incremental tree). Both are timed in turn, and the best of the rounds counts.
 * Exits 1 when a root differs. */
#include "core/core.h"
#include "unit/core/oracle.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LINES = 1 << 18, LINE_ROOM = 48, AT_ONCE = 1 << 14, ROUNDS = 5 };

struct bench {
    char text[LINES][LINE_ROOM];
    struct str line[LINES];
    size_t bytes;
    struct oracle *evp[DIGEST_KIND__COUNT];
};

static int64_t cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct digest evp_leaf(struct bench *b, enum digest_kind kind, struct str line)
{
    struct digest d;
    uint8_t message[1 + LINE_ROOM] = { 0x00 };
    memcpy(message + 1, line.p, line.n);
    oracle_digest(b->evp[kind], message, 1 + line.n, d.b);
    return d;
}

static struct digest evp_root(struct bench *b, enum digest_kind kind)
{
    struct digest peak[64], d;
    for (size_t i = 0; i < LINES; i++) {
        d = evp_leaf(b, kind, b->line[i]);
        unsigned level = 0;
        for (; (i >> level & 1) != 0; level++) {
            uint8_t node[1 + 2 * DIGEST_LEN] = { 0x01 };
            memcpy(node + 1, peak[level].b, DIGEST_LEN);
            memcpy(node + 1 + DIGEST_LEN, d.b, DIGEST_LEN);
            oracle_digest(b->evp[kind], node, sizeof node, d.b);
        }
        peak[level] = d;
    }
    return d; /* LINES is a power of two: the last peak is the root */
}

static struct digest our_root(struct bench *b, enum digest_kind kind)
{
    struct merkle m;
    merkle_init(&m, kind);
    for (size_t at = 0; at < LINES; at += AT_ONCE) {
        merkle_feed_lines(&m, b->line + at, AT_ONCE);
    }
    return merkle_root(&m);
}

static struct digest shorter(int64_t *best, struct digest (*work)(struct bench *, enum digest_kind),
                             struct bench *b, enum digest_kind kind)
{
    int64_t from = cpu_ns();
    struct digest d = work(b, kind);
    int64_t ns = cpu_ns() - from;
    if (*best == 0 || ns < *best) {
        *best = ns;
    }
    return d;
}

static void row(const struct bench *b, const char *kind, const char *how, int64_t ns,
                int64_t evp_ns)
{
    printf("%-7s %-12s %10.2f %10.3f %8.2f\n", kind, how, 1e3 * LINES / (double)ns,
           (double)b->bytes / (double)ns, (double)evp_ns / (double)ns);
}

static bool measure(struct bench *b, enum digest_kind kind)
{
    int64_t path_ns[DIGEST_PATH__COUNT] = { 0 }, evp_ns = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct digest want = shorter(&evp_ns, evp_root, b, kind);
        for (unsigned p = 0; p < DIGEST_PATH__COUNT; p++) {
            if (!digest_path_set((enum digest_path)p)) {
                continue;
            }
            struct digest got = shorter(&path_ns[p], our_root, b, kind);
            if (!digest_eq(&want, &got)) {
                fprintf(stderr, "%s: roots differ\n", digest_path_name((enum digest_path)p));
                return false;
            }
        }
    }
    const char *name = digest_kind_name(kind);
    row(b, name, "OpenSSL EVP", evp_ns, evp_ns);
    for (unsigned p = 0; p < DIGEST_PATH__COUNT; p++) {
        const char *path = digest_path_name((enum digest_path)p);
        if (path_ns[p] == 0) {
            printf("%-7s %-12s not on this processor\n", name, path);
        } else {
            row(b, name, path, path_ns[p], evp_ns);
        }
    }
    return true;
}

int main(void)
{
    static struct bench b;
    b.evp[DIGEST_SHA256] = oracle_open("SHA256");
    b.evp[DIGEST_SM3] = oracle_open("SM3");
    if (b.evp[DIGEST_SHA256] == NULL || b.evp[DIGEST_SM3] == NULL) {
        fprintf(stderr, "OpenSSL lacks a digest\n");
        return 1;
    }
    for (size_t i = 0; i < LINES; i++) {
        int n = snprintf(b.text[i], LINE_ROOM, "91430100MA%08zu\t430102\tfood=%zu\t-\t%c", i,
                         i % 4 + 1, (char)('A' + i % 4));
        b.line[i] = (struct str){ b.text[i], (size_t)n };
        b.bytes += (size_t)n + 1;
    }
    printf("%-7s %-12s %10s %10s %8s\n", "hash", "path", "Mline/CPUs", "GB/CPUs", "x EVP");
    bool same = measure(&b, DIGEST_SHA256) && measure(&b, DIGEST_SM3);
    oracle_close(b.evp[DIGEST_SHA256]);
    oracle_close(b.evp[DIGEST_SM3]);
    return same ? 0 : 1;
}
