/* A program that writes pairs of rows, says each that was acknowledged, and is killed meanwhile.
 *
 *   fault_writer make URL
 *   fault_writer write URL [OPTION ...]    "ack N ID", "unknown N", "full N" or "error N CODE why"
 * a line fault_writer read URL                  "row N HALF ID" a line
 *
 *   --from N --count N --threads N         which pairs are written; count 0 = until killed
 *   --bytes N                              of text in each row; otherwise 64
 *   --naive                                no operation key: repeats blindly when an answer was
 * lost
 *   --bad early|halves|wall                what must be found out: says before the commit; writes
 * each half by itself; makes ids from the wall clock
 *   --step MS                              the wall clock is that far from the truth */
#include "base/base.h"
#include "store/backend.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 16 };

struct plan {
    struct store *st;
    int64_t from, count, threads, bytes, step_ms;
    bool naive, early, halves, wall;
    bool full; /* somebody found the disk full */
};

struct turn {
    struct plan *p;
    int64_t n, id, half;
};

struct worker {
    struct plan *p;
    int64_t number;
    pthread_t thread;
};

/* ---- the table ---------------------------------------------------------------------------- */

#define PAIR_COLUMNS "n, half, id"
static const struct stmt pair_add = {
    .name = "pair_add",
    .sql = "INSERT INTO pair (" PAIR_COLUMNS ", filler) VALUES (?1, ?2, ?3, ?4)",
    .sql_postgres = "INSERT INTO pair (" PAIR_COLUMNS ", filler) VALUES ($1, $2, $3, $4)",
    .args = "iiit",
    .cols = "",
    .n_args = 4,
    .writes = true,
};
static const struct stmt pair_all = {
    .name = "pair_all",
    .sql = "SELECT " PAIR_COLUMNS " FROM pair ORDER BY n, half, id",
    .sql_postgres = "SELECT " PAIR_COLUMNS " FROM pair ORDER BY n, half, id",
    .args = "",
    .cols = "iii",
    .n_cols = 3,
    .stream = true,
};

static enum err make_table(struct cx *cx, struct tx *tx, void *arg)
{
    (void)arg;
    return tx->st->be->script(cx, tx,
                              tx->st->be == &backend_postgres
                                  ? "CREATE TABLE pair (n BIGINT NOT NULL, half BIGINT NOT NULL, "
                                    "id BIGINT NOT NULL, filler TEXT NOT NULL)"
                                  : "CREATE TABLE pair (n INTEGER NOT NULL, half INTEGER NOT NULL, "
                                    "id INTEGER NOT NULL, filler TEXT NOT NULL) STRICT");
}

/* ---- writing ------------------------------------------------------------------------------ */

/* One write, so that a kill cuts no line but the last. */
static void say(const char *word, int64_t n, int64_t id, const char *why)
{
    char line[700];
    int len = snprintf(line, sizeof line, "%s %lld %lld%s%s\n", word, (long long)n, (long long)id,
                       why[0] == '\0' ? "" : " ", why);
    if (write(STDOUT_FILENO, line, (size_t)len) != len) {
        _exit(3); /* nobody listens */
    }
}

static int64_t wall_ms(void *clock)
{
    const struct plan *p = clock;
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + p->step_ms;
}

/* Text that no engine makes much smaller. */
static enum err make_filler(struct cx *cx, const struct turn *t, struct str *out)
{
    uint64_t x = (uint64_t)t->n * 0x9e3779b97f4a7c15u + 1;
    struct buf b = buf_of(cx->mem, (size_t)t->p->bytes + 1);
    for (int64_t i = 0; i < t->p->bytes; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        buf_put_c(&b, (char)('!' + (x >> 33) % 90));
    }
    return buf_done(cx, &b, out);
}

static enum err put(struct cx *cx, struct tx *tx, const struct turn *t, int64_t half)
{
    struct str filler;
    TRY(make_filler(cx, t, &filler));
    const struct val v[] = { val_int(t->n), val_int(half), val_int(t->id), val_text(filler) };
    return tx_run(cx, tx, &pair_add, v, NULL, NULL, NULL);
}

static enum err write_pair(struct cx *cx, struct tx *tx, void *arg)
{
    struct turn *t = arg;
    TRY(tx_id(cx, tx, &t->id));
    if (t->p->wall) {
        t->id = wall_ms(t->p);
    }
    if (t->p->early) {
        const struct timespec pause = { .tv_nsec = 5000000 }; /* a kill has to find the gap */
        say("ack", t->n, t->id, "");
        (void)nanosleep(&pause, NULL);
    }
    if (t->half != 0) {
        return put(cx, tx, t, t->half);
    }
    TRY(put(cx, tx, t, 1));
    TRY(put(cx, tx, t, 2));
    return tx_answer(cx, tx, STR("done"));
}

static enum err write_once(struct cx *cx, struct turn *t)
{
    char key[32];
    struct op op = { .key = { key,
                              (size_t)snprintf(key, sizeof key, "pair/%lld", (long long)t->n) } };
    if (t->p->naive) {
        op.key.n = 0;
    }
    if (!t->p->halves) {
        return store_write(cx, t->p->st, &op, write_pair, t);
    }
    t->half = 1;
    TRY(store_write(cx, t->p->st, NULL, write_pair, t));
    t->half = 2;
    return store_write(cx, t->p->st, NULL, write_pair, t);
}

/* Repeats until it is known to be done, as a person would. */
static bool write_turn(struct turn *t)
{
    const struct timespec pause = { .tv_nsec = 20000000 };
    for (int i = 0; i < 400; i++) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 20);
        struct cx cx = { .mem = mem, .now_ms = clock_now_ms() };
        enum err code = write_once(&cx, t);
        if (code == ERR_OK) {
            if (!t->p->early) {
                say("ack", t->n, t->id, "");
            }
            return true;
        }
        if (code == ERR_STORE_FULL) {
            say("full", t->n, 0, cx.fault.detail);
            return false;
        }
        say(code == ERR_STORE_UNKNOWN ? "unknown" : "error", t->n, 0, cx.fault.detail);
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

static void *work(void *arg)
{
    const struct worker *w = arg;
    for (int64_t i = w->number; w->p->count == 0 || i < w->p->count; i += w->p->threads) {
        struct turn t = { .p = w->p, .n = w->p->from + i };
        if (!write_turn(&t)) {
            w->p->full = true;
            return NULL;
        }
    }
    return NULL;
}

static int write_all(struct plan *p)
{
    static struct worker w[THREADS_MAX];
    for (int64_t i = 0; i < p->threads; i++) {
        w[i] = (struct worker){ .p = p, .number = i };
        if (pthread_create(&w[i].thread, NULL, work, &w[i]) != 0) {
            return 1;
        }
    }
    for (int64_t i = 0; i < p->threads; i++) {
        (void)pthread_join(w[i].thread, NULL);
    }
    return p->full ? 4 : 0;
}

/* ---- reading ------------------------------------------------------------------------------ */

static enum err print_row(struct cx *cx, const struct val *v, void *arg)
{
    (void)cx;
    (void)arg;
    (void)printf("row %lld %lld %lld\n", (long long)v[0].i, (long long)v[1].i, (long long)v[2].i);
    return ERR_OK;
}

static enum err read_pairs(struct cx *cx, struct tx *tx, void *arg)
{
    return tx_run(cx, tx, &pair_all, NULL, print_row, arg, NULL);
}

/* ---- the command line --------------------------------------------------------------------- */

static void option(struct plan *p, const char *name, const char *value)
{
    if (strcmp(name, "--bad") == 0) {
        p->early = strcmp(value, "early") == 0;
        p->halves = strcmp(value, "halves") == 0;
        p->wall = strcmp(value, "wall") == 0;
    } else {
        int64_t *at = strcmp(name, "--from") == 0      ? &p->from
                      : strcmp(name, "--count") == 0   ? &p->count
                      : strcmp(name, "--threads") == 0 ? &p->threads
                      : strcmp(name, "--bytes") == 0   ? &p->bytes
                                                       : &p->step_ms;
        *at = strtoll(value, NULL, 10);
    }
}

static int run(struct cx *cx, const char *what, const char *url, struct plan *p)
{
    const struct store_options o = { .wall_ms = wall_ms, .clock = p };
    enum err code = store_open(cx, url, &o, &p->st);
    if (code == ERR_OK && strcmp(what, "make") == 0) {
        code = store_migrate(cx, p->st);
        code = code == ERR_OK ? store_write(cx, p->st, NULL, make_table, NULL) : code;
    } else if (code == ERR_OK && strcmp(what, "read") == 0) {
        code = store_read(cx, p->st, read_pairs, NULL);
    }
    int status = code != ERR_OK ? 1 : strcmp(what, "write") == 0 ? write_all(p) : 0;
    if (code != ERR_OK) {
        (void)fprintf(stderr, "%s: %s\n", err_name(code), cx->fault.detail);
    }
    store_close(p->st);
    return status;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(64u << 20);
    struct cx cx = { .mem = mem, .now_ms = clock_now_ms() };
    struct plan p = { .threads = 1, .bytes = 64 };
    log_set_level(LOG_ERROR);
    if (argc < 3) {
        return 2;
    }
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--naive") == 0) {
            p.naive = true;
        } else if (i + 1 < argc) {
            option(&p, argv[i], argv[i + 1]);
            i++;
        }
    }
    return p.threads < 1 || p.threads > THREADS_MAX ? 2 : run(&cx, argv[1], argv[2], &p);
}
