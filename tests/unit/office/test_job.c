#include "import_place.h"

#include "office/job_parts.h"

#include <time.h>

static struct defs *defs;

static int load(void **state UNUSED)
{
    TEST_CX(cx);
    ASSERT_OK(cx, defs_load(cx, getenv("SISHI_DEFINITIONS"), &defs));
    return 0;
}

static int unload(void **state UNUSED)
{
    defs_freep(&defs);
    return 0;
}

static const struct actor console = { 0 };
static const struct account_new root = { .name = STR_INIT("root"),
                                         .shown = STR_INIT("Root"),
                                         .password = STR_INIT("Secret-words-1"),
                                         .roles = ROLE_BIT(SYSTEM_ADMIN) };

/* An account with roles, as the actor it is. */
static struct actor member(struct cx *cx, const struct desk *d, const char *name, uint32_t roles)
{
    struct account_new a = root;
    struct actor by;
    int64_t id;
    if (account_actor(cx, d, STR("root"), &by) != ERR_OK) {
        fault_clear(cx);
        ASSERT_OK(cx, account_add(cx, d, &console, &root, STR(""), &id));
        ASSERT_OK(cx, account_actor(cx, d, STR("root"), &by));
    }
    a.name = str_of(name);
    a.roles = roles;
    ASSERT_OK(cx, account_add(cx, d, &by, &a, STR(""), &id));
    ASSERT_OK(cx, account_actor(cx, d, a.name, &by));
    return by;
}

/* Rows of which each tenth is refused. */
static void put_rows(const struct test_place *at, int n)
{
    FILE *f = fopen(at->file, "w");
    char code[CODE_ROOM];
    assert_non_null(f);
    (void)fprintf(f, "uscc,name,region\n");
    for (int i = 0; i < n; i++) {
        (void)fprintf(f, "%s,firm %d,%s\n", i % 10 == 9 ? "bad" : made_code(i, code), i, "430102");
    }
    assert_int_equal(0, fclose(f));
}

static struct job wait_for_end(struct cx *cx, const struct desk *d, const struct actor *by,
                               int64_t id)
{
    struct job j = { .state = JOB_WAITING };
    const struct timespec pause = { .tv_nsec = 20000000 };
    for (int i = 0; i < 3000 && (j.state == JOB_WAITING || j.state == JOB_RUNNING); i++) {
        (void)nanosleep(&pause, NULL);
        ASSERT_OK(cx, job_get(cx, d, by, id, &j));
    }
    return j;
}

static void assert_counts(struct str counts, int added, int unchanged, int refused)
{
    char want[160];
    struct str line = counts;
    (void)snprintf(want, sizeof want,
                   "{\"rows\":%d,\"added\":%d,\"changed\":0,\"unchanged\":%d,\"refused\":%d",
                   added + unchanged + refused, added, unchanged, refused);
    assert_true(str_starts(line, str_of(want)));
}

static void jobs_are_made_listed_and_seen(void **state UNUSED)
{
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = STR("/tmp") };
        struct job j, *all = NULL;
        int64_t a, b, again;
        size_t n;
        TEST_CX(cx);
        struct actor wang = member(cx, &d, "wang", ROLE_BIT(REGISTRAR));
        struct actor chief = member(cx, &d, "chief", ROLE_BIT(SYSTEM_ADMIN));
        ASSERT_OK(cx, job_make(cx, &d, &wang, JOB_IMPORT, STR("a.csv"), STR("{}"), STR("k1"), &a));
        ASSERT_OK(cx,
                  job_make(cx, &d, &wang, JOB_IMPORT, STR("a.csv"), STR("{}"), STR("k1"), &again));
        assert_true(a == again);
        ASSERT_OK(cx, job_make(cx, &d, &wang, JOB_IMPORT, STR("b.csv"), STR(""), STR("k2"), &b));
        ASSERT_OK(cx, job_list(cx, &d, &wang, 10, &all, &n));
        assert_int_equal(2, n);
        assert_true(all[0].id == b && all[1].id == a);
        assert_int_equal(JOB_WAITING, all[1].state);
        ASSERT_STR("{}", all[1].options);
        ASSERT_OK(cx, job_list(cx, &d, &wang, 1, &all, &n));
        assert_int_equal(1, n);
        ASSERT_OK(cx, job_list(cx, &d, &chief, 10, &all, &n));
        assert_int_equal(0, n); /* an administrator of the system sees no business data */
        ASSERT_ERR(ERR_NOT_FOUND, job_get(cx, &d, &chief, a, &j));
        TEST_CX(out);
        ASSERT_ERR(ERR_SIGNED_OUT, job_list(out, &d, &console, 10, &all, &n));
        TEST_CX(wrong);
        ASSERT_ERR(ERR_FIELD, job_list(wrong, &d, &wang, 0, &all, &n));
        TEST_CX(title);
        ASSERT_ERR(ERR_FIELD,
                   job_make(title, &d, &wang, JOB_IMPORT, STR(""), STR(""), STR(""), &a));
        TEST_CX(may_not);
        ASSERT_ERR(ERR_FORBIDDEN,
                   job_make(may_not, &d, &chief, JOB_IMPORT, STR("c"), STR(""), STR(""), &a));
    }
}

static void a_job_is_stopped_before_it_begins(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        const struct import_options o = { .path = str_of(at.file) };
        struct job j;
        int64_t id;
        bool found;
        TEST_CX(cx);
        struct actor wang = member(cx, &d, "wang", ROLE_BIT(REGISTRAR));
        put_rows(&at, 5);
        ASSERT_OK(cx, import_start(cx, &d, &wang, &o, STR(""), &id));
        assert_int_equal(-1, access(at.file, F_OK)); /* it is the job's now */
        ASSERT_OK(cx, job_cancel(cx, &d, &wang, id));
        ASSERT_OK(cx, job_cancel(cx, &d, &wang, id)); /* twice is as good */
        ASSERT_OK(cx, job_get(cx, &d, &wang, id, &j));
        assert_int_equal(JOB_CANCELLED, j.state);
        ASSERT_OK(cx, job_take_next(cx, &d, &j, &found));
        assert_false(found);
        TEST_CX(none);
        ASSERT_ERR(ERR_NOT_FOUND, job_cancel(none, &d, &wang, 12345));
        TEST_CX(no_file);
        struct str path;
        ASSERT_ERR(ERR_NOT_FOUND, job_result_path(no_file, &d, &wang, id, &path));
    }
    place_remove(&at);
}

static void the_worker_imports(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        const struct import_options o = { .path = str_of(at.file), .title = STR("firms.csv") };
        struct job_worker *w = NULL;
        int64_t id, bad, repeat;
        struct str path;
        TEST_CX(cx);
        cx->lang = LANG_EN;
        struct actor wang = member(cx, &d, "wang", ROLE_BIT(REGISTRAR));
        put_rows(&at, 100);
        ASSERT_OK(cx, import_start(cx, &d, &wang, &o, STR("key"), &id));
        ASSERT_OK(cx,
                  import_start(cx, &d, &wang, &o, STR("key"), &repeat)); /* its file has moved */
        assert_true(id == repeat);
        ASSERT_OK(cx, job_make(cx, &d, &wang, JOB_EXPORT, STR("none"), STR("{}"), STR(""), &bad));
        ASSERT_OK(cx, job_worker_start(cx, &d, &w));
        job_worker_wake(w);
        struct job j = wait_for_end(cx, &d, &wang, id);
        assert_int_equal(JOB_DONE, j.state);
        ASSERT_STR("firms.csv", j.title);
        assert_counts(j.counts, 90, 0, 10);
        assert_true(j.done == j.total && j.total > 0 && j.ended_at > 0);
        ASSERT_OK(cx, job_result_path(cx, &d, &wang, id, &path));
        assert_true(read_back(cx, &at, j.result).n > 0);
        struct job failed = wait_for_end(cx, &d, &wang, bad);
        assert_int_equal(JOB_FAILED, failed.state);
        assert_true(failed.fault.n > 0);
        TEST_CX(over);
        ASSERT_ERR(ERR_STATE, job_cancel(over, &d, &wang, id));
        job_worker_stop(w);
        job_worker_stop(NULL);
        ASSERT_OK(cx, job_get(cx, &d, &wang, id, &j));
    }
    place_remove(&at);
}

/* Stops an import after its first batch, as a program that ends does. */
static bool stop_at_once(void *arg, const struct import_counts *c UNUSED)
{
    int *calls = arg;
    return ++*calls > 1000;
}

static void a_job_left_running_goes_on_where_it_was(void **state UNUSED)
{
    enum { ROWS = 70000 };
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        const struct import_options o = { .path = str_of(at.file) };
        const struct entity_filter any = { .statuses = 0 };
        struct register_counts all;
        struct job_worker *w = NULL;
        struct import_result got;
        int calls = 0;
        const struct import_watch watch = { stop_at_once, &calls };
        struct job j;
        int64_t id;
        bool found;
        TEST_CX(cx);
        struct actor wang = member(cx, &d, "wang", ROLE_BIT(REGISTRAR));
        put_rows(&at, ROWS);
        ASSERT_OK(cx, import_start(cx, &d, &wang, &o, STR(""), &id));
        ASSERT_OK(cx, job_take_next(cx, &d, &j, &found));
        assert_true(found && j.id == id);
        ASSERT_OK(cx, import_run_job(cx, &d, &j, &watch, &got));
        assert_true(got.cancelled && got.counts.rows > 0 && got.counts.rows < ROWS);
        ASSERT_OK(cx, job_get(cx, &d, &wang, id, &j));
        assert_int_equal(JOB_RUNNING, j.state);
        assert_true(j.cursor > 0 && j.cursor < j.total);
        ASSERT_OK(cx, job_worker_start(cx, &d, &w));
        j = wait_for_end(cx, &d, &wang, id);
        job_worker_stop(w);
        assert_int_equal(JOB_DONE, j.state);
        assert_counts(j.counts, ROWS * 9 / 10, 0, ROWS / 10);
        ASSERT_OK(cx, register_count(cx, &d, &wang, &any, &all));
        assert_int_equal(ROWS * 9 / 10, all.all);
        struct str errors = read_back(cx, &at, j.result);
        size_t lines = 0;
        for (size_t i = 0; i < errors.n; i++) {
            lines += errors.p[i] == '\n';
        }
        assert_int_equal(ROWS / 10 + 1, lines); /* none twice, none lost */
        assert_non_null(memmem(errors.p, errors.n, ",70001: ", strlen(",70001: ")));
    }
    place_remove(&at);
}

static void a_running_job_is_stopped(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        const struct import_options o = { .path = str_of(at.file) };
        struct job_worker *w = NULL;
        struct job j;
        int64_t id;
        bool found;
        TEST_CX(cx);
        struct actor wang = member(cx, &d, "wang", ROLE_BIT(REGISTRAR));
        put_rows(&at, 70000);
        ASSERT_OK(cx, import_start(cx, &d, &wang, &o, STR(""), &id));
        ASSERT_OK(cx, job_take_next(cx, &d, &j, &found)); /* running, by nobody yet */
        ASSERT_OK(cx, job_cancel(cx, &d, &wang, id));
        ASSERT_OK(cx, job_worker_start(cx, &d, &w));
        j = wait_for_end(cx, &d, &wang, id);
        job_worker_stop(w);
        assert_int_equal(JOB_CANCELLED, j.state);
        assert_true(j.cursor > 0 && j.cursor < j.total); /* after a batch, which stays */
    }
    place_remove(&at);
}

static void what_is_wrong_with_a_file_is_said_before_there_is_a_job(void **state UNUSED)
{
    struct test_place at = place_make();
    FOR_EACH_STORE(st)
    {
        const struct desk d = { .store = st, .defs = defs, .data_dir = str_of(at.dir) };
        const struct import_options o = { .path = str_of(at.file) };
        const struct import_options far = { .path = str_of(at.file), .region = STR("999999") };
        struct job *all = NULL;
        size_t n;
        int64_t id;
        TEST_CX(cx);
        struct actor wang = member(cx, &d, "wang", ROLE_BIT(REGISTRAR));
        struct actor li = member(cx, &d, "li", ROLE_BIT(PLANNER));
        put_file(&at, STR("x,y\n1,2\n"));
        TEST_CX(no_code);
        ASSERT_ERR(ERR_FIELD, import_start(no_code, &d, &wang, &o, STR(""), &id));
        put_rows(&at, 1);
        TEST_CX(place);
        ASSERT_ERR(ERR_FIELD, import_start(place, &d, &wang, &far, STR(""), &id));
        TEST_CX(planner);
        ASSERT_ERR(ERR_FORBIDDEN, import_start(planner, &d, &li, &o, STR(""), &id));
        ASSERT_OK(cx, job_list(cx, &d, &wang, 10, &all, &n));
        assert_int_equal(0, n);
        assert_int_equal(0, access(at.file, F_OK));
    }
    place_remove(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_are_made_listed_and_seen),
        cmocka_unit_test(a_job_is_stopped_before_it_begins),
        cmocka_unit_test(the_worker_imports),
        cmocka_unit_test(a_job_left_running_goes_on_where_it_was),
        cmocka_unit_test(a_running_job_is_stopped),
        cmocka_unit_test(what_is_wrong_with_a_file_is_said_before_there_is_a_job),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
