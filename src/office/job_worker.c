/* The worker: a thread that runs the jobs one after another. */
#include "office/job_parts.h"

#include "office/office.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { WORK_BYTES = 1 << 30 };

struct job_worker {
    struct arena *mem; /* holds this */
    const struct desk *d;
    struct str lock_path;
    int lock_fd; /* -1: another program has the folder's jobs, or none was asked for yet */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stopping, woken;
};

static bool stopping(struct job_worker *w)
{
    (void)pthread_mutex_lock(&w->mutex);
    bool s = w->stopping;
    (void)pthread_mutex_unlock(&w->mutex);
    return s;
}

/* The files of jobs lie in the folder, so whoever holds its lock is the one who can run them; the
 * system takes it back from a program that was killed. */
static bool hold_lock(struct job_worker *w)
{
    if (w->lock_fd >= 0) {
        return true;
    }
    int fd = open(w->lock_path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        log_error("job.lock", "path=%s reason=\"%s\"", w->lock_path.p, strerror(errno));
        return false;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        (void)close(fd);
        return false;
    }
    w->lock_fd = fd;
    return true;
}

/* ---- one job -------------------------------------------------------------------------------- */

struct running {
    struct job_worker *worker;
    struct cx *cx;
};

static bool go_on(void *arg, const struct import_counts *counts UNUSED)
{
    struct running *r = arg;
    r->cx->now_ms = clock_now_ms();
    return !stopping(r->worker);
}

static struct str fault_text(struct cx *cx, enum err code, const struct fault *f)
{
    struct buf b = buf_of(cx->mem, 2048);
    struct str text;
    buf_fmt(&b, "%s%s%s", err_text(code, cx->lang), f->detail[0] == '\0' ? "" : ": ", f->detail);
    return buf_done(cx, &b, &text) == ERR_OK ? text : str_of(err_name(code));
}

static enum err end_failed(struct cx *cx, const struct desk *d, const struct job *j, enum err code)
{
    struct fault f = cx->fault;
    fault_clear(cx);
    log_warn("job.failed", "id=%lld code=%s", (long long)j->id, err_name(code));
    import_forget_file(cx, d, j);
    return job_end(cx, d, j->id, JOB_FAILED, STR(""), fault_text(cx, code, &f));
}

static enum err run_import(struct cx *cx, struct job_worker *w, const struct job *j)
{
    struct running r = { w, cx };
    const struct import_watch watch = { go_on, &r };
    struct import_result got;
    bool cancelled = false;
    enum err code = import_run_job(cx, w->d, j, &watch, &got);
    if (code == ERR_STORE_BUSY || code == ERR_STORE_UNKNOWN) {
        return code; /* it goes on where it was, a little later */
    }
    if (code != ERR_OK) {
        return end_failed(cx, w->d, j, code);
    }
    if (got.cancelled) {
        TRY(job_is_cancelled(cx, w->d, j->id, &cancelled));
        if (!cancelled) {
            return ERR_OK; /* this program stops; the next one goes on */
        }
    }
    TRY(job_end(cx, w->d, j->id, cancelled ? JOB_CANCELLED : JOB_DONE, got.errors, STR("")));
    import_forget_file(cx, w->d, j);
    log_info("job.ended", "id=%lld rows=%lld refused=%lld", (long long)j->id,
             (long long)got.counts.rows, (long long)got.counts.refused);
    return ERR_OK;
}

static enum err run_job(struct cx *cx, struct job_worker *w, const struct job *j)
{
    log_info("job.running", "id=%lld kind=%d from=%lld", (long long)j->id, (int)j->kind,
             (long long)j->cursor);
    if (j->kind != JOB_IMPORT) {
        return end_failed(cx, w->d, j, fail(cx, ERR_STATE, "kind %d", (int)j->kind));
    }
    return run_import(cx, w, j);
}

/* @return true when there may be another one */
static bool run_next(struct job_worker *w)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(WORK_BYTES);
    struct cx cx = { .mem = mem, .now_ms = clock_now_ms() };
    struct job j;
    bool found = false;
    if (mem == NULL) {
        return false;
    }
    enum err code = job_take_next(&cx, w->d, &j, &found);
    if (code == ERR_OK && found) {
        code = run_job(&cx, w, &j);
    }
    if (code != ERR_OK) {
        log_error("job.worker", "code=%s detail=\"%s\"", err_name(code), cx.fault.detail);
    }
    return code == ERR_OK && found;
}

/* ---- the thread ----------------------------------------------------------------------------- */

static void wait_a_second(struct job_worker *w)
{
    struct timespec until;
    (void)pthread_mutex_lock(&w->mutex);
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    int rc = 0;
    while (!w->stopping && !w->woken && rc == 0) {
        rc = pthread_cond_timedwait(&w->wake, &w->mutex, &until);
    }
    w->woken = false;
    (void)pthread_mutex_unlock(&w->mutex);
}

static void *worker_main(void *arg)
{
    struct job_worker *w = arg;
    while (!stopping(w)) {
        if (!hold_lock(w) || !run_next(w)) {
            wait_a_second(w);
        }
    }
    return NULL;
}

enum err job_worker_start(struct cx *cx, const struct desk *d, struct job_worker **out)
{
    struct arena *mem = arena_new(1 << 16);
    struct job_worker *w = mem == NULL ? NULL : arena_alloc(mem, 1, sizeof *w);
    struct cx keep = { .mem = mem };
    if (w == NULL || import_path(&keep, d, STR("jobs.lock"), &w->lock_path) != ERR_OK) {
        arena_free(mem);
        return fail(cx, ERR_NO_MEMORY, "worker");
    }
    w->mem = mem;
    w->d = d;
    w->lock_fd = -1;
    (void)pthread_mutex_init(&w->mutex, NULL);
    (void)pthread_cond_init(&w->wake, NULL);
    if (pthread_create(&w->thread, NULL, worker_main, w) != 0) {
        arena_free(mem);
        return fail(cx, ERR_NO_MEMORY, "worker's thread");
    }
    *out = w;
    return ERR_OK;
}

void job_worker_wake(struct job_worker *w)
{
    (void)pthread_mutex_lock(&w->mutex);
    w->woken = true;
    (void)pthread_cond_signal(&w->wake);
    (void)pthread_mutex_unlock(&w->mutex);
}

void job_worker_stop(struct job_worker *w)
{
    if (w == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&w->mutex);
    w->stopping = true;
    (void)pthread_cond_signal(&w->wake);
    (void)pthread_mutex_unlock(&w->mutex);
    (void)pthread_join(w->thread, NULL);
    if (w->lock_fd >= 0) {
        (void)close(w->lock_fd);
    }
    (void)pthread_cond_destroy(&w->wake);
    (void)pthread_mutex_destroy(&w->mutex);
    arena_free(w->mem);
}
