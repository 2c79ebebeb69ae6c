#include "http_client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 4096, CONNECTIONS_MAX = 256 };

struct line {
    int fd;
    char in[ROOM];
    size_t n;
};
struct run {
    const struct load *l;
    struct line line[CONNECTIONS_MAX];
    int64_t asked, answered;
};

int64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void must(bool good, const char *what, const char *seen)
{
    if (!good) {
        (void)fprintf(stderr, "bench_http: %s: %.300s\n", what, seen);
        exit(1);
    }
}

static void line_open(struct line *l, int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    const void *at = &to;
    int on = 1;
    l->fd = socket(AF_INET, SOCK_STREAM, 0);
    must(l->fd >= 0 && connect(l->fd, at, sizeof to) == 0, "connect", "");
    (void)setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void ask(struct run *r, struct line *l)
{
    char out[ROOM];
    size_t n = r->l->request(r->l->arg, r->asked++, out, sizeof out);
    must(send(l->fd, out, n, 0) == (ssize_t)n, "send", "");
    l->n = 0;
}

/* Is the answer whole? */
static bool whole(struct line *l, int want)
{
    l->in[l->n] = '\0';
    const char *end = strstr(l->in, "\r\n\r\n");
    const char *length = strstr(l->in, "Content-Length: ");
    if (end == NULL) {
        return false;
    }
    must(strtol(l->in + 9, NULL, 10) == want && length != NULL, "answer", l->in);
    size_t body = (size_t)strtol(length + 16, NULL, 10);
    return l->n >= (size_t)(end + 4 - l->in) + body;
}

static void hear(struct run *r, struct line *l)
{
    ssize_t got = recv(l->fd, l->in + l->n, ROOM - 1 - l->n, 0);
    must(got > 0, "connection closed", "");
    l->n += (size_t)got;
    if (whole(l, r->l->want)) {
        r->answered++;
        if (r->asked < r->l->requests) {
            ask(r, l);
        }
    }
}

int64_t load_run(const struct load *l)
{
    static struct run r;
    struct epoll_event events[CONNECTIONS_MAX];
    int poll = epoll_create1(0);
    r.l = l;
    r.asked = r.answered = 0;
    for (int k = 0; k < l->connections; k++) {
        struct epoll_event e = { .events = EPOLLIN, .data = { .ptr = &r.line[k] } };
        line_open(&r.line[k], l->port);
        (void)epoll_ctl(poll, EPOLL_CTL_ADD, r.line[k].fd, &e);
    }
    int64_t start = now_ns();
    for (int k = 0; k < l->connections; k++) {
        ask(&r, &r.line[k]);
    }
    while (r.answered < l->requests) {
        int n = epoll_wait(poll, events, CONNECTIONS_MAX, -1);
        for (int k = 0; k < n; k++) {
            hear(&r, events[k].data.ptr);
        }
    }
    int64_t took = now_ns() - start;
    for (int k = 0; k < l->connections; k++) {
        (void)close(r.line[k].fd);
    }
    (void)close(poll);
    return took;
}
