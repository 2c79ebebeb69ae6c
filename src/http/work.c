#include "http/inner.h"

#include <stdlib.h>

static struct http_inner *take(struct work *w)
{
    pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->stop) {
        (void)pthread_cond_wait(&w->wake, &w->lock);
    }
    struct http_inner *r = w->first;
    if (r != NULL) {
        w->first = r->next;
        if (w->first == NULL) {
            w->last = &w->first;
        }
    }
    pthread_mutex_unlock(&w->lock);
    return r;
}

static void *worker_main(void *arg)
{
    struct work *w = arg;
    for (struct http_inner *r = take(w); r != NULL; r = take(w)) {
        struct MHD_Connection *mhd = r->mhd;
        request_run(r);
        MHD_resume_connection(mhd); /* `r` belongs to the server thread again */
    }
    return NULL;
}

enum err work_start(struct cx *cx, struct http *h)
{
    struct work *w = &h->work;
    w->last = &w->first;
    w->threads = arena_alloc(h->mem, (size_t)h->o.workers, sizeof *w->threads);
    if (w->threads == NULL) {
        return fail(cx, ERR_NO_MEMORY, "workers");
    }
    for (; w->n_threads < (size_t)h->o.workers; w->n_threads++) {
        if (pthread_create(&w->threads[w->n_threads], NULL, worker_main, w) != 0) {
            return fail(cx, ERR_NO_MEMORY, "worker thread %zu", w->n_threads);
        }
    }
    return ERR_OK;
}

void work_give(struct http *h, struct http_inner *r)
{
    struct work *w = &h->work;
    pthread_mutex_lock(&w->lock);
    r->next = NULL;
    *w->last = r;
    w->last = &r->next;
    (void)pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

void work_stop(struct http *h)
{
    struct work *w = &h->work;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    (void)pthread_cond_broadcast(&w->wake);
    pthread_mutex_unlock(&w->lock);
    for (; w->n_threads > 0; w->n_threads--) {
        (void)pthread_join(w->threads[w->n_threads - 1], NULL);
    }
}
