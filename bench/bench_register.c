/* bench_register: the register's searches and look-ups on a demo province, as ratios to what anyone
 * would write against the same file with sqlite3 alone: a scan with LIKE, a prepared statement by
 * code. Each is timed in turn with the other, and the best of the rounds counts.
 *
 *   bench_register [ENTITIES]     otherwise 200000
 *
 * Exits 1 when the search of a rare word is less than 20 times as quick as the scan, or the look-up
 * takes more than 8 times the statement's time. */
#include "office/office.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 7, CODES = 2000, BAR_SEARCH = 20, BAR_CODE = 8 };

struct bench {
    struct desk d;
    sqlite3 *raw;
    struct str code[CODES];
    const char *word;
    enum search_sort sort;
    int64_t found, scanned;
};

static void must(const struct cx *cx, enum err code, const char *what)
{
    if (code != ERR_OK) {
        fprintf(stderr, "%s: %s %s\n", what, err_name(code), cx->fault.detail);
        exit(1);
    }
}

static int64_t cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void search(struct bench *b)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(256u << 20);
    struct cx cx = { .mem = mem, .now_ms = clock_now_ms() };
    const struct search_query q = { .filter.name = str_of(b->word),
                                    .sort = b->sort,
                                    .count = true };
    struct search_page page;
    must(&cx, register_search(&cx, &b->d, NULL, &q, &page), "search");
    b->found = page.count;
}

static void scan(struct bench *b)
{
    sqlite3_stmt *s = NULL;
    char pattern[64];
    int rc = sqlite3_prepare_v2(b->raw,
                                "SELECT COUNT(*) FROM (SELECT code FROM entity WHERE name LIKE ? "
                                "ORDER BY code LIMIT 10000)",
                                -1, &s, NULL);
    (void)snprintf(pattern, sizeof pattern, "%%%s%%", b->word);
    if (rc != SQLITE_OK || sqlite3_bind_text(s, 1, pattern, -1, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(s) != SQLITE_ROW) {
        fprintf(stderr, "scan: %s\n", sqlite3_errmsg(b->raw));
        exit(1);
    }
    b->scanned = sqlite3_column_int64(s, 0);
    (void)sqlite3_finalize(s);
}

static void look_up(struct bench *b)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(1u << 20);
    struct cx cx = { .mem = mem, .now_ms = clock_now_ms() };
    struct arena_mark mark = arena_mark(mem);
    for (size_t i = 0; i < CODES; i++) {
        struct market_entity e;
        must(&cx, register_by_code(&cx, &b->d, NULL, b->code[i], &e), "look-up");
        arena_reset(mem, mark);
    }
}

static void look_up_raw(struct bench *b)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(b->raw,
                                "SELECT e.* FROM entity_key k JOIN entity e ON e.home = k.home "
                                "WHERE k.code = ? AND k.scheme = 1",
                                -1, &s, NULL);
    for (size_t i = 0; rc == SQLITE_OK && i < CODES; i++) {
        (void)sqlite3_bind_text(s, 1, b->code[i].p, (int)b->code[i].n, SQLITE_STATIC);
        if (sqlite3_step(s) != SQLITE_ROW || sqlite3_column_text(s, 4) == NULL) {
            fprintf(stderr, "raw look-up: %s\n", sqlite3_errmsg(b->raw));
            exit(1);
        }
        (void)sqlite3_reset(s);
    }
    (void)sqlite3_finalize(s);
}

static void shorter(int64_t *best, void (*work)(struct bench *), struct bench *b)
{
    int64_t from = cpu_ns();
    work(b);
    int64_t ns = cpu_ns() - from;
    *best = *best == 0 || ns < *best ? ns : *best;
}

/* Returns how many times as long the second takes. */
static double pair(struct bench *b, const char *what, void (*ours)(struct bench *),
                   void (*theirs)(struct bench *), int64_t each)
{
    int64_t our_ns = 0, their_ns = 0;
    for (int i = 0; i < ROUNDS; i++) {
        shorter(&our_ns, ours, b);
        shorter(&their_ns, theirs, b);
    }
    double ratio = (double)their_ns / (double)our_ns;
    printf("%-34s %10.1f %10.1f %8.2f\n", what, (double)our_ns / 1e3 / (double)each,
           (double)their_ns / 1e3 / (double)each, ratio);
    return ratio;
}

static double words(struct bench *b, const char *what, const char *word, enum search_sort sort)
{
    b->word = word;
    b->sort = sort;
    double ratio = pair(b, what, search, scan, 1);
    if (b->found < b->scanned) { /* former names are found too, so it may be more */
        fprintf(stderr, "%s: %lld found, %lld scanned\n", what, (long long)b->found,
                (long long)b->scanned);
        exit(1);
    }
    return ratio;
}

static enum err take_code(struct cx *cx, const struct market_entity *e, void *arg)
{
    struct bench *b = arg;
    static size_t n, taken;
    if (e->uscc.n > 0 && n++ % 37 == 0 && taken < CODES) {
        b->code[taken++] = str_dup(cx->mem, e->uscc);
    }
    return ERR_OK;
}

static enum err take_codes(struct cx *cx, struct tx *tx, void *arg)
{
    const struct entity_filter all = { .grades = 0 };
    return register_each(cx, tx, &all, take_code, arg);
}

static void stream(struct bench *b)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(64u << 20);
    struct cx cx = { .mem = mem };
    must(&cx, store_read(&cx, b->d.store, take_codes, b), "stream");
}

static void scan_all(struct bench *b)
{
    sqlite3_stmt *s = NULL;
    (void)sqlite3_prepare_v2(b->raw, "SELECT * FROM entity ORDER BY code", -1, &s, NULL);
    while (sqlite3_step(s) == SQLITE_ROW) {
        (void)sqlite3_column_text(s, 1);
    }
    (void)sqlite3_finalize(s);
}

int main(int argc, char **argv)
{
    static struct bench b;
    CLEANUP(arena_freep) struct arena *mem = arena_new(1u << 30);
    struct cx cx = { .mem = mem, .now_ms = clock_now_ms() };
    const struct demo_options o = { .entities = argc > 1 ? strtol(argv[1], NULL, 10) : 200000,
                                    .seed = 1 };
    struct demo_result made;
    struct defs *defs = NULL;
    char folder[] = "/tmp/bench-register-XXXXXX", path[64], url[80];
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    log_set_level(LOG_WARN);
    (void)snprintf(path, sizeof path, "%s/db", folder);
    (void)snprintf(url, sizeof url, "sqlite:%s", path);
    must(&cx, defs_load(&cx, getenv("SISHI_DEFINITIONS"), &defs), "SISHI_DEFINITIONS");
    b.d.defs = defs;
    must(&cx, store_open(&cx, url, NULL, &b.d.store), url);
    must(&cx, store_migrate(&cx, b.d.store), "schema");
    int64_t from = cpu_ns();
    must(&cx, demo_make(&cx, &b.d, &o, &made), "demo");
    printf("%lld entities written in %.1f CPU-s\n", (long long)o.entities,
           (double)(cpu_ns() - from) / 1e9);
    must(&cx, store_read(&cx, b.d.store, take_codes, &b), "codes");
    if (b.code[CODES - 1].n == 0 || sqlite3_open(path, &b.raw) != SQLITE_OK) {
        fprintf(stderr, "too few entities\n");
        return 1;
    }
    (void)sqlite3_exec(b.raw, "PRAGMA cache_size=-32768", NULL, NULL, NULL);
    printf("%-34s %10s %10s %8s\n", "CPU microseconds each", "register", "sqlite3", "times");
    double rare = words(&b, "rare word, by code; LIKE", "\xe6\x99\x9f\xe9\xba\x9f", SEARCH_BY_CODE);
    (void)words(&b, "rare word, by name; LIKE", "\xe6\x99\x9f\xe9\xba\x9f", SEARCH_BY_NAME);
    (void)words(&b, "a county's name; LIKE", "\xe6\xb4\xaa\xe6\xb1\x9f", SEARCH_BY_CODE);
    (void)words(&b, "a word in a third of names; LIKE", "\xe6\x9c\x89\xe9\x99\x90", SEARCH_BY_CODE);
    double code = pair(&b, "look-up by code; statement", look_up, look_up_raw, CODES);
    (void)pair(&b, "all in code order; SELECT", stream, scan_all, 1);
    bool met = rare >= BAR_SEARCH && code * BAR_CODE >= 1;
    printf("bars %d and 1/%d: %s\n", BAR_SEARCH, BAR_CODE, met ? "met" : "NOT MET");
    (void)sqlite3_close(b.raw);
    store_closep(&b.d.store);
    defs_freep(&defs);
    (void)unlink(path);
    (void)rmdir(folder);
    return met ? 0 : 1;
}
