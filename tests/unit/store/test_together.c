/* Several threads and several programs on one database. */
#include "tables.h"

#include <pthread.h>

enum { THREADS = 6, EACH = 25 };

struct worker {
    struct store *st;
    pthread_t thread;
    int number;
    enum err code;
    char why[512];
    int64_t ids[EACH * 40];
};

static void workers_run(struct store *st, struct worker *w, size_t n, void *(*body)(void *))
{
    for (size_t i = 0; i < n; i++) {
        w[i].st = st;
        w[i].number = (int)i;
        assert_int_equal(pthread_create(&w[i].thread, NULL, body, &w[i]), 0);
    }
    for (size_t i = 0; i < n; i++) {
        (void)pthread_join(w[i].thread, NULL);
        if (w[i].code != ERR_OK) {
            fail_msg("thread %zu: %s %s", i, err_name(w[i].code), w[i].why);
        }
    }
}

/* ---- read, think, write: nothing may get lost --------------------------------------------- */

static enum err small_of(struct cx *cx, const struct val *v, void *arg)
{
    (void)cx;
    *(int64_t *)arg = v[1].i;
    return ERR_OK;
}

static enum err raise_one(struct cx *cx, struct tx *tx, void *arg)
{
    (void)arg;
    int64_t old = 0, changed;
    const struct val key[] = { val_int(1) };
    TRY(tx_run(cx, tx, &thing_get, key, small_of, &old, NULL));
    const struct val next[] = { val_int(1), val_int(old + 1) };
    TRY(tx_run(cx, tx, &thing_raise, next, NULL, NULL, &changed));
    assert_int_equal(changed, 1);
    return ERR_OK;
}

static void *raise_often(void *arg)
{
    struct worker *w = arg;
    for (int i = 0; i < EACH && w->code == ERR_OK; i++) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 20);
        struct cx cx = { .mem = mem, .now_ms = TEST_NOW_MS };
        w->code = store_write(&cx, w->st, NULL, raise_one, NULL);
        memcpy(w->why, cx.fault.detail, sizeof w->why);
    }
    return NULL;
}

static enum err add_first(struct cx *cx, struct tx *tx, void *arg)
{
    const struct thing one = { 1, 0, STR("one"), { NULL, 0 }, NULL_INT };
    (void)arg;
    return thing_put(cx, tx, &one);
}

static enum err read_small(struct cx *cx, struct tx *tx, void *arg)
{
    const struct val key[] = { val_int(1) };
    return tx_run(cx, tx, &thing_get, key, small_of, arg, NULL);
}

static void concurrent_raises_all_count(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        static struct worker w[THREADS];
        int64_t got = -1;
        memset(w, 0, sizeof w);
        make_tables(st);
        ASSERT_OK(cx, store_write(cx, st, NULL, add_first, NULL));
        workers_run(st, w, THREADS, raise_often);
        ASSERT_OK(cx, store_read(cx, st, read_small, &got));
        assert_int_equal(got, THREADS * EACH);
    }
}

/* ---- one key from many at once ------------------------------------------------------------ */

static enum err add_keyed(struct cx *cx, struct tx *tx, void *arg)
{
    int64_t id;
    (void)arg;
    TRY(tx_id(cx, tx, &id));
    const struct thing t = { id, 0, { NULL, 0 }, { NULL, 0 }, NULL_INT };
    TRY(thing_put(cx, tx, &t));
    return tx_answer(cx, tx, STR("once"));
}

static void *same_keys(void *arg)
{
    struct worker *w = arg;
    for (int i = 0; i < EACH && w->code == ERR_OK; i++) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 20);
        struct cx cx = { .mem = mem, .now_ms = TEST_NOW_MS };
        char key[16];
        struct op op = { .key = { key, (size_t)snprintf(key, sizeof key, "k%d", i) } };
        w->code = store_write(&cx, w->st, &op, add_keyed, NULL);
        memcpy(w->why, cx.fault.detail, sizeof w->why);
        if (w->code == ERR_OK && !str_eq(op.answer, STR("once"))) {
            w->code = ERR_STATE;
        }
    }
    return NULL;
}

static void one_key_from_many_happens_once(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        static struct worker w[THREADS];
        memset(w, 0, sizeof w);
        make_tables(st);
        workers_run(st, w, THREADS, same_keys);
        assert_int_equal(things(st), EACH);
    }
}

/* ---- ids ---------------------------------------------------------------------------------- */

static void *take_ids(void *arg)
{
    struct worker *w = arg;
    CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 20);
    struct cx cx = { .mem = mem, .now_ms = TEST_NOW_MS };
    for (size_t i = 0; i < COUNT_OF(w->ids) && w->code == ERR_OK; i++) {
        w->code = store_id(&cx, w->st, &w->ids[i]);
    }
    memcpy(w->why, cx.fault.detail, sizeof w->why);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void no_id_comes_twice(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        static struct worker w[THREADS];
        static int64_t all[THREADS * EACH * 40];
        size_t n = 0;
        memset(w, 0, sizeof w);
        workers_run(st, w, THREADS, take_ids);
        for (int i = 0; i < THREADS; i++) {
            for (size_t k = 0; k < COUNT_OF(w[i].ids); k++) {
                assert_true(k == 0 || w[i].ids[k] > w[i].ids[k - 1]);
                all[n++] = w[i].ids[k];
            }
        }
        qsort(all, n, sizeof *all, by_value);
        for (size_t i = 1; i < n; i++) {
            assert_true(all[i] != all[i - 1]);
        }
    }
}

/* ---- several programs --------------------------------------------------------------------- */

static void *migrate(void *arg)
{
    struct worker *w = arg;
    CLEANUP(arena_freep) struct arena *mem = arena_new(1 << 20);
    struct cx cx = { .mem = mem, .now_ms = TEST_NOW_MS };
    w->code = store_migrate(&cx, w->st);
    memcpy(w->why, cx.fault.detail, sizeof w->why);
    return NULL;
}

static void programs_that_start_at_once_migrate_once(void **state)
{
    (void)state;
    FOR_EACH_URL(url)
    {
        static struct worker w[2];
        memset(w, 0, sizeof w);
        struct store *a = harness_open(url), *b = harness_open(url);
        for (size_t i = 0; i < 2; i++) {
            w[i].st = i == 0 ? a : b;
            assert_int_equal(pthread_create(&w[i].thread, NULL, migrate, &w[i]), 0);
        }
        for (size_t i = 0; i < 2; i++) {
            (void)pthread_join(w[i].thread, NULL);
            assert_string_equal(w[i].why, "");
            assert_int_equal(w[i].code, ERR_OK);
        }
        store_close(a);
        store_close(b);
    }
}

static void programs_take_different_ids(void **state)
{
    (void)state;
    FOR_EACH_URL(url)
    {
        TEST_CX(cx);
        struct store *a = harness_store(url), *b = harness_open(url);
        int64_t x, y, z;
        ASSERT_OK(cx, store_id(cx, a, &x));
        ASSERT_OK(cx, store_id(cx, b, &y));
        assert_true((x >> 14 & 0xff) != (y >> 14 & 0xff)); /* the node */
        store_close(a);
        store_close(b);
        a = harness_open(url);
        ASSERT_OK(cx, store_id(cx, a, &z));
        assert_true(z > x && z > y);
        store_close(a);
    }
}

int main(void)
{
    log_set_level(LOG_WARN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(concurrent_raises_all_count),
        cmocka_unit_test(one_key_from_many_happens_once),
        cmocka_unit_test(no_id_comes_twice),
        cmocka_unit_test(programs_that_start_at_once_migrate_once),
        cmocka_unit_test(programs_take_different_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
