#include "http/inner.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REAP_EVERY_MS = 200, LINGER_MS = 2000 };

static int64_t mono(int64_t per_s)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * per_s + t.tv_nsec / (1000000000 / per_s);
}

int64_t mono_ms(void)
{
    return mono(1000);
}

int64_t mono_us(void)
{
    return mono(1000000);
}

void conn_phase(struct conn *c, enum phase p)
{
    atomic_store_explicit(&c->since_ms, mono_ms(), memory_order_relaxed);
    atomic_store_explicit(&c->phase, (int)p, memory_order_relaxed);
}

static void conn_open(struct http *h, struct MHD_Connection *mhd, void **context)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct conn *c = fd == NULL ? NULL : calloc(1, sizeof *c);
    if (c == NULL) {
        return; /* on_uri refuses a connection that is not known here */
    }
    c->http = h;
    c->fd = fd->connect_fd;
    conn_phase(c, PHASE_FRESH);
    pthread_mutex_lock(&h->conns.lock);
    c->next = h->conns.head.next;
    c->prev = &h->conns.head;
    c->next->prev = c;
    c->prev->next = c;
    pthread_mutex_unlock(&h->conns.lock);
    atomic_fetch_add(&h->conns.n, 1);
    *context = c;
}

static void conn_close(struct conn *c)
{
    struct http *h = c->http;
    pthread_mutex_lock(&h->conns.lock); /* from here on the reaper cannot hit a reused descriptor */
    c->next->prev = c->prev;
    c->prev->next = c->next;
    pthread_mutex_unlock(&h->conns.lock);
    atomic_fetch_sub(&h->conns.n, 1);
    free(c);
}

void on_connection(void *cls, struct MHD_Connection *mhd, void **context,
                   enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        conn_open(cls, mhd, context);
    } else if (*context != NULL) {
        conn_close(*context);
        *context = NULL;
    }
}

void conn_linger(struct conn *c)
{
    struct conns *all = &c->http->conns;
    pthread_mutex_lock(&all->lock);
    int fd = all->n_linger < LINGER_MAX ? dup(c->fd) : -1;
    if (fd >= 0) {
        all->linger[all->n_linger++] = (struct lingering){ fd, mono_ms() + LINGER_MS };
    }
    pthread_mutex_unlock(&all->lock);
}

/* @return whether the peer is done, or has had its time */
static bool drained(struct lingering *l, int64_t now)
{
    char trash[65536];
    ssize_t got;
    for (int k = 0; k < 64; k++) {
        got = recv(l->fd, trash, sizeof trash, MSG_DONTWAIT);
        if (got <= 0) {
            break;
        }
    }
    bool open = got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
    return !open || now > l->until_ms;
}

static void linger_all(struct conns *all, int64_t now)
{
    for (size_t k = 0; k < all->n_linger;) {
        if (drained(&all->linger[k], now)) {
            (void)close(all->linger[k].fd);
            all->linger[k] = all->linger[--all->n_linger];
        } else {
            k++;
        }
    }
}

static bool crawls(const struct http_options *o, struct conn *c, int64_t now)
{
    int64_t ms = now - atomic_load_explicit(&c->since_ms, memory_order_relaxed);
    int64_t head_ms = (int64_t)o->header_s * 1000;
    switch ((enum phase)atomic_load_explicit(&c->phase, memory_order_relaxed)) {
    case PHASE_FRESH:
    case PHASE_HEAD:
        return ms > head_ms;
    case PHASE_BODY:
        return ms > head_ms && atomic_load(&c->bytes) * 1000 / ms < o->body_slow_bps;
    case PHASE_IDLE: /* the next head may come at the last moment, and then has its own time */
        return ms > (int64_t)o->idle_s * 1000 + head_ms;
    case PHASE_WORK:
    default:
        return false;
    }
}

/* The peer ended in the middle of a body and the server thread, woken once for its bytes, was not
 * told of the end. Seen twice in a row, so that a thread just about to read it is let. */
static bool is_gone(struct conn *c)
{
    char one;
    bool body = atomic_load_explicit(&c->phase, memory_order_relaxed) == PHASE_BODY;
    bool ended = body && recv(c->fd, &one, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    bool again = ended && c->end_seen;
    c->end_seen = ended;
    return again;
}

static void reap(struct http *h)
{
    struct conns *all = &h->conns;
    int64_t now = mono_ms();
    for (struct conn *c = all->head.next; c != &all->head; c = c->next) {
        if (crawls(&h->o, c, now) || is_gone(c)) {
            (void)shutdown(c->fd, SHUT_RDWR); /* the server thread sees the end and closes */
            conn_phase(c, PHASE_WORK);        /* once */
            atomic_fetch_add(&all->reaped, 1);
        }
    }
}

static void *reaper_main(void *arg)
{
    struct http *h = arg;
    struct conns *all = &h->conns;
    pthread_mutex_lock(&all->lock);
    while (!all->stop) {
        struct timespec until;
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += REAP_EVERY_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        (void)pthread_cond_timedwait(&all->wake, &all->lock, &until);
        reap(h);
        linger_all(all, mono_ms());
    }
    linger_all(all, INT64_MAX);
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

enum err conns_start(struct cx *cx, struct http *h)
{
    struct conns *all = &h->conns;
    pthread_condattr_t attr;
    all->head.next = all->head.prev = &all->head;
    (void)pthread_mutex_init(&all->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&all->wake, &attr);
    (void)pthread_condattr_destroy(&attr);
    if (pthread_create(&all->reaper, NULL, reaper_main, h) != 0) {
        return fail(cx, ERR_NO_MEMORY, "reaper thread");
    }
    all->running = true;
    return ERR_OK;
}

void conns_shutdown(struct http *h)
{
    pthread_mutex_lock(&h->conns.lock);
    for (struct conn *c = h->conns.head.next; c != &h->conns.head; c = c->next) {
        (void)shutdown(c->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&h->conns.lock);
}

void conns_stop(struct http *h)
{
    struct conns *all = &h->conns;
    if (!all->running) {
        return;
    }
    pthread_mutex_lock(&all->lock);
    all->stop = true;
    (void)pthread_cond_signal(&all->wake);
    pthread_mutex_unlock(&all->lock);
    (void)pthread_join(all->reaper, NULL);
    all->running = false;
}
