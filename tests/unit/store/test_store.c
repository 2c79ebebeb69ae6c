/* What both engines must do alike: values, failures, repeated writes, snapshots, many rows. */
#include "tables.h"

/* ---- values ------------------------------------------------------------------------------- */

#define LONG_TEXT "统一社会信用代码 🀄 \t\n'\"\\ ẞ"

static enum err keep_thing(struct cx *cx, const struct val *v, void *arg)
{
    struct thing *t = arg;
    t->id = v[0].i;
    t->small = v[1].i;
    t->above = v[4].i;
    TRY(val_keep(cx, &v[2], true, &t->name));
    return val_keep(cx, &v[3], true, &t->bytes);
}

static const struct {
    const char *what;
    struct thing t;
} values[] = {
    { "all there", { 1, 7, STR_INIT(LONG_TEXT), { "\0\1\377", 3 }, 1 } },
    { "all that may be NULL is", { 2, 0, { NULL, 0 }, { NULL, 0 }, NULL_INT } },
    { "the largest id", { INT64_MAX, INT32_MAX, STR_INIT("a"), { "", 0 }, NULL_INT } },
    { "the smallest id", { INT64_MIN + 1, INT32_MIN, STR_INIT("b"), { "\0", 1 }, 2 } },
    { "no bytes are not NULL", { 3, 1, STR_INIT("c"), { "", 0 }, NULL_INT } },
};

static enum err put_values(struct cx *cx, struct tx *tx, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        TRY(thing_put(cx, tx, &values[i].t));
    }
    return ERR_OK;
}

static enum err get_values(struct cx *cx, struct tx *tx, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        const struct thing *want = &values[i].t;
        const struct val key[] = { val_int(want->id) };
        struct thing got = { 0 };
        TRY(tx_run(cx, tx, &thing_get, key, keep_thing, &got, NULL));
        print_message("%s\n", values[i].what);
        assert_int_equal(got.id, want->id);
        assert_int_equal(got.small, want->small);
        assert_int_equal(got.above, want->above);
        assert_true(str_eq(got.name, want->name) && (got.name.p == NULL) == (want->name.p == NULL));
        assert_true(str_eq(got.bytes, want->bytes));
        assert_true((got.bytes.p == NULL) == (want->bytes.p == NULL));
    }
    return ERR_OK;
}

static void values_come_back_as_they_went(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        make_tables(st);
        ASSERT_OK(cx, store_write(cx, st, NULL, put_values, NULL));
        ASSERT_OK(cx, store_read(cx, st, get_values, NULL));
    }
}

/* ---- failures ----------------------------------------------------------------------------- */

static enum err add_one(struct cx *cx, struct tx *tx, void *arg)
{
    return thing_put(cx, tx, arg);
}

static const struct {
    const char *what;
    struct thing t;
    enum err want;
} refused[] = {
    { "a key that is taken", { 1, 0, STR_INIT("z"), { NULL, 0 }, NULL_INT }, ERR_DUPLICATE },
    { "a name that is taken", { 9, 0, STR_INIT("one"), { NULL, 0 }, NULL_INT }, ERR_DUPLICATE },
    { "nothing there to refer to", { 9, 0, STR_INIT("z"), { NULL, 0 }, 77 }, ERR_STORE },
    { "text that is not UTF-8", { 9, 0, STR_INIT("\xff"), { NULL, 0 }, NULL_INT }, ERR_UTF8 },
    { "text with a NUL", { 9, 0, { "a\0b", 3 }, { NULL, 0 }, NULL_INT }, ERR_UTF8 },
};

static void refusals_are_the_same(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        struct thing one = { 1, 0, STR("one"), { NULL, 0 }, NULL_INT };
        make_tables(st);
        TEST_CX(cx);
        ASSERT_OK(cx, store_write(cx, st, NULL, add_one, &one));
        for (size_t i = 0; i < COUNT_OF(refused); i++) {
            TEST_CX(other);
            struct thing t = refused[i].t;
            print_message("%s\n", refused[i].what);
            ASSERT_ERR(refused[i].want, store_write(other, st, NULL, add_one, &t));
            assert_true(other->fault.detail[0] != '\0');
        }
        assert_int_equal(things(st), 1);
    }
}

/* Whoever overlooks a statement's failure gets it back, and nothing is written. */
static enum err add_overlooked(struct cx *cx, struct tx *tx, void *arg)
{
    const struct thing *t = arg;
    const struct thing other = { 50, 0, { NULL, 0 }, { NULL, 0 }, NULL_INT };
    TRY(thing_put(cx, tx, &other));
    ASSERT_ERR(ERR_DUPLICATE, thing_put(cx, tx, t));
    fault_clear(cx);
    return ERR_OK;
}

static enum err add_and_go_on(struct cx *cx, struct tx *tx, void *arg)
{
    TRY(add_overlooked(cx, tx, arg));
    const struct thing other = { 51, 0, { NULL, 0 }, { NULL, 0 }, NULL_INT };
    return thing_put(cx, tx, &other);
}

static void a_failed_statement_fails_the_write(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        struct thing one = { 1, 0, STR("one"), { NULL, 0 }, NULL_INT };
        TEST_CX(cx);
        make_tables(st);
        ASSERT_OK(cx, store_write(cx, st, NULL, add_one, &one));
        ASSERT_ERR(ERR_STORE, store_write(cx, st, NULL, add_overlooked, &one));
        fault_clear(cx);
        ASSERT_ERR(ERR_STORE, store_write(cx, st, NULL, add_and_go_on, &one));
        assert_non_null(strstr(cx->fault.detail, "after a statement that failed"));
        assert_int_equal(things(st), 1);
    }
}

static enum err add_in_a_read(struct cx *cx, struct tx *tx, void *arg)
{
    return thing_put(cx, tx, arg);
}

static void a_read_does_not_write(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        struct thing one = { 1, 0, STR("one"), { NULL, 0 }, NULL_INT };
        TEST_CX(cx);
        make_tables(st);
        ASSERT_ERR(ERR_STORE, store_read(cx, st, add_in_a_read, &one));
        assert_int_equal(things(st), 0);
    }
}

/* ---- repeated writes ---------------------------------------------------------------------- */

struct answering {
    int64_t id;
    int runs;
};

static enum err add_and_answer(struct cx *cx, struct tx *tx, void *arg)
{
    struct answering *a = arg;
    const struct thing t = { a->id, 0, { NULL, 0 }, { NULL, 0 }, NULL_INT };
    a->runs++;
    TRY(thing_put(cx, tx, &t));
    return tx_answer(cx, tx, STR("done: 1"));
}

static void a_key_makes_a_write_happen_once(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct answering a = { 5, 0 };
        struct op op = { .key = STR("test/1") };
        make_tables(st);
        for (int i = 0; i < 3; i++) {
            ASSERT_OK(cx, store_write(cx, st, &op, add_and_answer, &a));
            ASSERT_STR("done: 1", op.answer);
            assert_int_equal(op.replayed, i > 0);
        }
        assert_int_equal(a.runs, 1);
        assert_int_equal(things(st), 1);
        ASSERT_OK(cx, store_forget_ops(cx, st, cx->now_ms + 1));
        ASSERT_ERR(ERR_DUPLICATE, store_write(cx, st, &op, add_and_answer, &a));
        op.key =
            (struct str){ "0123456789012345678901234567890123456789012345678901234567890123x", 65 };
        fault_clear(cx);
        ASSERT_ERR(ERR_TOO_LONG, store_write(cx, st, &op, add_and_answer, &a));
    }
}

/* Each statement in turn fails, COMMIT too: nothing remains, and the key is free. */
static void whatever_fails_leaves_nothing(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        make_tables(st);
        enum err code = ERR_STORE;
        int n = 0;
        while (code != ERR_OK) {
            TEST_CX(cx);
            struct answering a = { 5, 0 };
            struct op op = { .key = STR("test/n") };
            assert_int_equal(things(st), 0);
            store_fail_nth(++n);
            code = store_write(cx, st, &op, add_and_answer, &a);
            store_fail_nth(0);
        }
        assert_true(n > 4); /* key, row, answer, commit */
        assert_int_equal(things(st), 1);
    }
}

/* ---- snapshots ---------------------------------------------------------------------------- */

struct twice {
    struct store *st;
    int64_t before, after;
};

static enum err count_twice(struct cx *cx, struct tx *tx, void *arg)
{
    struct twice *t = arg;
    struct thing one = { 1, 0, { NULL, 0 }, { NULL, 0 }, NULL_INT };
    TEST_CX(other);
    TRY(count_work(cx, tx, &t->before));
    ASSERT_OK(other, store_write(other, t->st, NULL, add_one, &one));
    return count_work(cx, tx, &t->after);
}

static void a_read_stands_on_one_snapshot(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        TEST_CX(cx);
        struct twice t = { .st = st };
        make_tables(st);
        ASSERT_OK(cx, store_read(cx, st, count_twice, &t));
        assert_int_equal(t.before, 0);
        assert_int_equal(t.after, 0);
        assert_int_equal(things(st), 1);
    }
}

/* ---- many rows ---------------------------------------------------------------------------- */

enum { MANY = 20000 };

struct filling {
    int64_t n, from;
    struct thing odd; /* one row more; id 0 = none */
    bool leave_open;
};

static enum err fill(struct cx *cx, struct tx *tx, void *arg)
{
    const struct filling *f = arg;
    struct bulk *b;
    TRY(bulk_open(cx, tx, &thing_bulk, &b));
    for (int64_t i = f->from + f->n; i > f->from; i--) { /* a row before the one it refers to */
        const struct val v[] = { val_int(i), val_int(i % 7), val_text((struct str){ NULL, 0 }),
                                 i % 3 == 0 ? val_blob(STR("bytes")) : val_blob((struct str){ 0 }),
                                 val_int_or_null(i > 1 ? i - 1 : NULL_INT) };
        TRY(bulk_row(cx, b, v));
    }
    const struct thing *o = &f->odd;
    if (o->id != 0) {
        const struct val v[] = { val_int(o->id), val_int(o->small), val_text(o->name),
                                 val_blob(o->bytes), val_int_or_null(o->above) };
        TRY(bulk_row(cx, b, v));
    }
    return f->leave_open ? ERR_OK : bulk_close(cx, b);
}

struct summing {
    struct tx *tx;
    int64_t n, sum, inner;
    int64_t stop_at;
};

static enum err sum_row(struct cx *cx, const struct val *v, void *arg)
{
    struct summing *s = arg;
    s->n++;
    s->sum += v[0].i;
    if (s->n == s->stop_at) {
        return fail_at(cx, ERR_STATE, __FILE__, __LINE__, "enough");
    }
    return s->n % 5000 != 0 ? ERR_OK
                            : tx_run(cx, s->tx, &thing_count, NULL, count_one, &s->inner, NULL);
}

static enum err sum_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct summing *s = arg;
    s->tx = tx;
    TRY(tx_run(cx, tx, &thing_all, NULL, sum_row, s, NULL));
    return count_work(cx, tx, &s->inner);
}

static enum err stop_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct summing *s = arg;
    s->tx = tx;
    ASSERT_ERR(ERR_STATE, tx_run(cx, tx, &thing_all, NULL, sum_row, s, NULL));
    fault_clear(cx);
    return count_work(cx, tx, &s->inner); /* the reader's failure is not the statement's */
}

static void many_rows_go_in_and_stream_out(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        CLEANUP(arena_freep)
        struct arena *small = arena_new(256 << 10); /* far less than the rows */
        struct cx few = { .mem = small };
        TEST_CX(cx);
        struct filling f = { .n = MANY };
        struct summing s = { .n = 0 }, stop = { .stop_at = 10 };
        make_tables(st);
        ASSERT_OK(cx, store_write(cx, st, NULL, fill, &f));
        ASSERT_OK((&few), store_read(&few, st, sum_work, &s));
        assert_int_equal(s.n, MANY);
        assert_int_equal(s.sum, (int64_t)MANY * (MANY + 1) / 2);
        assert_int_equal(s.inner, MANY);
        ASSERT_OK(cx, store_read(cx, st, stop_work, &stop));
        ASSERT_OK(cx, store_write(cx, st, NULL, stop_work, &(struct summing){ .stop_at = 3 }));
    }
}

static const struct {
    const char *what;
    struct filling f;
    enum err want;
} bulks_refused[] = {
    { "a key twice", { .n = 9, .odd = { .id = 4, .above = NULL_INT } }, ERR_DUPLICATE },
    { "nothing to refer to", { .n = 9, .odd = { .id = 44, .above = 99 } }, ERR_STORE },
    { "left open", { .n = 9, .leave_open = true }, ERR_STORE },
    { "text that is not UTF-8",
      { .n = 9, .odd = { .id = 44, .name = STR_INIT("\xc0"), .above = NULL_INT } },
      ERR_UTF8 },
};

static void a_bulk_goes_in_whole_or_not_at_all(void **state)
{
    (void)state;
    FOR_EACH_STORE(st)
    {
        make_tables(st);
        for (size_t i = 0; i < COUNT_OF(bulks_refused); i++) {
            TEST_CX(cx);
            struct filling f = bulks_refused[i].f;
            print_message("%s\n", bulks_refused[i].what);
            ASSERT_ERR(bulks_refused[i].want, store_write(cx, st, NULL, fill, &f));
            assert_int_equal(things(st), 0);
        }
        TEST_CX(cx);
        ASSERT_OK(cx, store_write(cx, st, NULL, fill, &(struct filling){ .n = 9 }));
        assert_int_equal(things(st), 9);
    }
}

int main(void)
{
    log_set_level(LOG_WARN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back_as_they_went),
        cmocka_unit_test(refusals_are_the_same),
        cmocka_unit_test(a_failed_statement_fails_the_write),
        cmocka_unit_test(a_read_does_not_write),
        cmocka_unit_test(a_key_makes_a_write_happen_once),
        cmocka_unit_test(whatever_fails_leaves_nothing),
        cmocka_unit_test(a_read_stands_on_one_snapshot),
        cmocka_unit_test(many_rows_go_in_and_stream_out),
        cmocka_unit_test(a_bulk_goes_in_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
