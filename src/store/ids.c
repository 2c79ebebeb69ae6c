/* Record ids: 41 bits of ms since 2020, 8 bits of node, 14 bits of sequence.
 *
 * Time moves with the steady clock alone, from the wall clock's reading at the start or from the
 * end of the last reservation, whichever is later; so clock steps never bring an id twice. Every
 * COMMIT leaves in the database an instant `until` that is later than every id made before it, and
 * a program starts no earlier than the latest of them. A node number is taken over without asking
 * whether its holder still lives: the holder finds out when it next extends its reservation, before
 * it can commit an id past the old one, and the new holder begins behind that. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "q_store.h"
#include "store/backend.h"

#define EPOCH_MS INT64_C(1577836800000) /* 2020-01-01T00:00:00Z */
#define DAY_MS   INT64_C(86400000)

enum { SEQUENCE_BITS = 14, NODE_BITS = 8, NODES = 256, AHEAD_MS = 5000, CLOCK_DAYS = 30 };
enum { TOKEN_BYTES = 12 };

struct ids {
    _Atomic int64_t last;  /* ms << SEQUENCE_BITS | sequence of the newest id */
    _Atomic int64_t until; /* reserved in the database: every committed id's ms is before it */
    _Atomic int node;
    _Atomic bool leased;
    _Atomic unsigned losses; /* times the node number was taken over */
    int64_t wall_start, steady_start;
    int64_t (*steady_ms)(void *clock);
    void *clock;
    pthread_mutex_t lock; /* one lease or extension at a time */
    char token[2 * TOKEN_BYTES];
};

static int64_t clock_ms(clockid_t which)
{
    struct timespec t;
    (void)clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t wall_ms(void *clock)
{
    (void)clock;
    return clock_ms(CLOCK_REALTIME);
}

static int64_t steady_ms(void *clock)
{
    (void)clock;
    return clock_ms(CLOCK_MONOTONIC);
}

static struct str token(const struct ids *ids)
{
    return (struct str){ ids->token, sizeof ids->token };
}

static int64_t last_ms(const struct ids *ids)
{
    return atomic_load(&ids->last) >> SEQUENCE_BITS;
}

/* The end of the latest reservation; 0 when there was none. */
static enum err read_until(struct cx *cx, struct tx *tx, void *arg)
{
    int64_t *until = arg;
    struct q_schema_has_table has;
    bool found;
    *until = 0;
    TRY(q_schema_has_table(cx, tx, STR("node_lease"), &has, &found));
    if (found) {
        struct q_lease_newest newest;
        TRY(q_lease_newest(cx, tx, &newest));
        *until = newest.until_at == NULL_INT ? 0 : newest.until_at;
    }
    return ERR_OK;
}

static enum err clock_check(struct cx *cx, int64_t wall, int64_t until)
{
    if (wall < EPOCH_MS) {
        return fail(cx, ERR_CLOCK, "the system clock is before 2020");
    }
    if (until != 0 && wall - until > CLOCK_DAYS * DAY_MS) {
        return fail(cx, ERR_CLOCK,
                    "the system clock is %d days past the database's last use; if the clock is "
                    "right, say so (--trust-clock)",
                    (int)((wall - until) / DAY_MS));
    }
    return ERR_OK;
}

enum err ids_open(struct cx *cx, struct store *st, const struct store_options *o)
{
    struct ids *ids = calloc(1, sizeof *ids);
    if (ids == NULL) {
        return fail(cx, ERR_NO_MEMORY, "ids");
    }
    (void)pthread_mutex_init(&ids->lock, NULL);
    st->ids = ids; /* from here on store_close frees it */
    uint8_t random[TOKEN_BYTES];
    entropy(random, sizeof random);
    hex_put(random, sizeof random, ids->token);
    ids->steady_ms = o->steady_ms != NULL ? o->steady_ms : steady_ms;
    ids->clock = o->clock;
    ids->wall_start = (o->wall_ms != NULL ? o->wall_ms : wall_ms)(o->clock);
    ids->steady_start = ids->steady_ms(ids->clock);
    int64_t until;
    TRY(store_read(cx, st, read_until, &until));
    return o->trust_clock ? ERR_OK : clock_check(cx, ids->wall_start, until);
}

bool ids_leased(const struct ids *ids)
{
    return atomic_load(&ids->leased);
}

unsigned ids_losses(const struct ids *ids)
{
    return atomic_load(&ids->losses);
}

bool ids_due(const struct ids *ids)
{
    return ids_leased(ids) && last_ms(ids) >= atomic_load(&ids->until) - EPOCH_MS;
}

/* Where this program's time stands, in ms since the epoch of ids. */
static int64_t ids_time(const struct ids *ids)
{
    return ids->wall_start + (ids->steady_ms(ids->clock) - ids->steady_start) - EPOCH_MS;
}

int64_t ids_next(struct ids *ids)
{
    int64_t time = ids_time(ids) << SEQUENCE_BITS;
    int64_t last = atomic_load_explicit(&ids->last, memory_order_relaxed);
    int64_t next;
    do {
        next = last + 1 > time ? last + 1 : time;
    } while (!atomic_compare_exchange_weak(&ids->last, &last, next));
    int64_t sequence = next & ((1 << SEQUENCE_BITS) - 1);
    int64_t ms = next >> SEQUENCE_BITS;
    return (ms << (NODE_BITS + SEQUENCE_BITS)) |
           ((int64_t)atomic_load(&ids->node) << SEQUENCE_BITS) | sequence;
}

/* Never back: an id may be under way on another thread. */
static void last_raise(struct ids *ids, int64_t to)
{
    int64_t last = atomic_load(&ids->last);
    while (last < to && !atomic_compare_exchange_weak(&ids->last, &last, to)) {
    }
}

struct lease {
    struct ids *ids;
    int64_t node, until;
};

/* A number nobody holds, else a new one, else that of the program longest unheard of. */
static int64_t lease_choose(const struct q_lease_all *all, size_t n)
{
    bool used[NODES] = { false };
    if (n > 0 && all[0].holder.p == NULL) {
        return all[0].node;
    }
    for (size_t i = 0; i < n; i++) {
        used[all[i].node & (NODES - 1)] = true;
    }
    for (int node = 0; node < NODES; node++) {
        if (!used[node]) {
            return node;
        }
    }
    return all[0].node;
}

static enum err lease_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct lease *l = arg;
    struct q_lease_all *all;
    size_t n;
    struct q_lease_newest newest;
    TRY(q_lease_all(cx, tx, &all, &n));
    TRY(q_lease_newest(cx, tx, &newest));
    int64_t from = ids_time(l->ids);
    if (newest.until_at != NULL_INT && newest.until_at - EPOCH_MS > from) {
        from = newest.until_at - EPOCH_MS;
    }
    from = last_ms(l->ids) >= from ? last_ms(l->ids) + 1 : from;
    l->node = lease_choose(all, n);
    l->until = from + EPOCH_MS + AHEAD_MS;
    TRY(q_lease_take(cx, tx, l->node, token(l->ids), l->until, NULL));
    return ERR_OK;
}

static enum err lease_locked(struct cx *cx, struct store *st)
{
    struct ids *ids = st->ids;
    if (ids_leased(ids)) {
        return ERR_OK;
    }
    struct lease l = { .ids = ids };
    struct job job = { cx, NULL, lease_work, &l };
    TRY(st->be->plain_write(st, &job));
    atomic_store(&ids->node, (int)l.node);
    last_raise(ids, (l.until - AHEAD_MS - EPOCH_MS) << SEQUENCE_BITS);
    atomic_store(&ids->until, l.until);
    atomic_store(&ids->leased, true);
    return ERR_OK;
}

enum err ids_lease(struct cx *cx, struct store *st)
{
    if (ids_leased(st->ids)) {
        return ERR_OK;
    }
    (void)pthread_mutex_lock(&st->ids->lock);
    enum err code = lease_locked(cx, st);
    (void)pthread_mutex_unlock(&st->ids->lock);
    return code;
}

enum err ids_extend(struct cx *cx, struct tx *tx, int64_t *until_ms)
{
    struct ids *ids = tx->st->ids;
    int64_t until = last_ms(ids) + EPOCH_MS + AHEAD_MS, changed;
    TRY(q_lease_extend(cx, tx, atomic_load(&ids->node), token(ids), until, &changed));
    if (changed == 0) {
        atomic_fetch_add(&ids->losses, 1);
        atomic_store(&ids->leased, false);
        return fail(cx, ERR_STORE_BUSY, "node number %d was taken over", atomic_load(&ids->node));
    }
    *until_ms = until;
    return ERR_OK;
}

void ids_extended(struct ids *ids, int64_t until_ms)
{
    atomic_store(&ids->until, until_ms);
}

static enum err extend_work(struct cx *cx, struct tx *tx, void *arg)
{
    return ids_extend(cx, tx, arg);
}

enum err ids_settle(struct cx *cx, struct store *st)
{
    struct ids *ids = st->ids;
    enum err code = ERR_OK;
    if (!ids_due(ids)) {
        return ERR_OK;
    }
    (void)pthread_mutex_lock(&ids->lock);
    if (ids_due(ids)) {
        int64_t until = 0;
        struct job job = { cx, NULL, extend_work, &until };
        code = st->be->plain_write(st, &job);
        if (code == ERR_OK) {
            ids_extended(ids, until);
        }
    }
    (void)pthread_mutex_unlock(&ids->lock);
    return code;
}

static enum err free_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct ids *ids = arg;
    return q_lease_free(cx, tx, atomic_load(&ids->node), token(ids), last_ms(ids) + 1 + EPOCH_MS,
                        NULL);
}

void ids_close(struct store *st)
{
    struct ids *ids = st->ids;
    if (ids_leased(ids)) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 16);
        struct cx cx = { .mem = mem };
        struct job job = { &cx, NULL, free_work, ids };
        if (mem != NULL && st->be->plain_write(st, &job) != ERR_OK) {
            log_warn("store.lease_kept", "reason=\"%s\"", cx.fault.detail); /* costs 5 s of ids */
        }
    }
    (void)pthread_mutex_destroy(&ids->lock);
    free(ids);
    st->ids = NULL;
}

enum err store_id(struct cx *cx, struct store *st, int64_t *out)
{
    TRY(ids_lease(cx, st));
    *out = ids_next(st->ids);
    return ERR_OK;
}

enum err tx_id(struct cx *cx, struct tx *tx, int64_t *out)
{
    if (!tx->writes || !ids_leased(tx->st->ids)) {
        return fail(cx, ERR_STORE, "an id is made in a transaction that cannot keep it");
    }
    *out = ids_next(tx->st->ids);
    return ERR_OK;
}
