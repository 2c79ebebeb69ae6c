/* Durable jobs: work that outlives its request. Progress, cancel, result file; a job of a killed
 * program is found again at the next start. */
#ifndef SISHI_OFFICE_JOB_H
#define SISHI_OFFICE_JOB_H

#include "office/desk.h"

enum job_kind { JOB_IMPORT = 1, JOB_EXPORT = 2, JOB_REINDEX = 3 };
enum job_state {
    JOB_WAITING = 1,
    JOB_RUNNING = 2,
    JOB_DONE = 3,
    JOB_FAILED = 4,
    JOB_CANCELLED = 5
};
struct job {
    int64_t id;
    enum job_kind kind;
    enum job_state state;
    struct str title;    /* what a person reads: the file's name */
    struct str options;  /* JSON the job was started with; opaque here */
    int64_t done, total; /* bytes or rows; total 0 = not known yet */
    int64_t cursor;      /* where to go on after a stop: all before it is committed */
    struct str counts;   /* JSON object of counts, as the job's kind writes it; may be empty */
    struct str result;   /* file name below desk.data_dir; empty = none */
    struct str fault;    /* why it failed, for a person */
    bool cancel_asked;
    int64_t started_by;                                /* account */
    int64_t created_at, started_at, ended_at, seen_at; /* Unix ms; 0 = not yet */
};

/* Makes a waiting job. */
enum err job_make(struct cx *cx, const struct desk *d, const struct actor *by, enum job_kind kind,
                  struct str title, struct str options, struct str op_key, int64_t *id) MUST_USE;
/* Own jobs; all with POWER_REGISTER_READ. ERR_NOT_FOUND. */
enum err job_get(struct cx *cx, const struct desk *d, const struct actor *by, int64_t id,
                 struct job *out) MUST_USE;
/* Newest first, at most `limit`. */
enum err job_list(struct cx *cx, const struct desk *d, const struct actor *by, int limit,
                  struct job **out, size_t *n) MUST_USE;
/* Asks a job to stop; it stops at its next batch, and what was committed stays. */
enum err job_cancel(struct cx *cx, const struct desk *d, const struct actor *by,
                    int64_t id) MUST_USE;

/* The one worker of a serving program: runs waiting jobs, and first those that a killed program
 * left running. Started by serve, stopped before the store is closed. */
struct job_worker;
enum err job_worker_start(struct cx *cx, const struct desk *d, struct job_worker **out) MUST_USE;
void job_worker_wake(struct job_worker *w); /* after job_make, else it looks once a second */
void job_worker_stop(struct job_worker *w); /* asks, waits, frees; accepts NULL */

#endif
