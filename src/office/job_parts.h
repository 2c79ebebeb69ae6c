/* Private to office/: what the worker and the kinds of jobs tell each other. */
#ifndef SISHI_OFFICE_JOB_PARTS_H
#define SISHI_OFFICE_JOB_PARTS_H

#include "office/import_parts.h"

/* The job to run now, marked as running: one that was left running before one that waits. Only the
 * one worker may ask. */
enum err job_take_next(struct cx *cx, const struct desk *d, struct job *out, bool *found) MUST_USE;
/* @param state   DONE, FAILED or CANCELLED
 * @param result  file name below desk.data_dir; may be empty, as may `fault` */
enum err job_end(struct cx *cx, const struct desk *d, int64_t id, enum job_state state,
                 struct str result, struct str fault) MUST_USE;
enum err job_is_cancelled(struct cx *cx, const struct desk *d, int64_t id, bool *out) MUST_USE;

#endif
