#include "http/inner.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 511, SOCKET_MODE = 0660 };

static void fd_closep(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static bool unix_path(const char *where, struct sockaddr_un *to)
{
    struct str s = str_of(where);
    if (!str_starts(s, STR("unix:"))) {
        return false;
    }
    s = str_from(s, 5);
    *to = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if (s.n == 0 || s.n >= sizeof to->sun_path) {
        return false;
    }
    memcpy(to->sun_path, s.p, s.n);
    return true;
}

/* A socket file nobody answers at is left over from a program that was killed. */
static void remove_stale(const struct sockaddr_un *a)
{
    struct stat st;
    if (lstat(a->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode)) {
        return;
    }
    CLEANUP(fd_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)a, sizeof *a) != 0 &&
        errno == ECONNREFUSED) {
        (void)unlink(a->sun_path);
    }
}

static enum err listen_unix(struct cx *cx, const struct sockaddr_un *a, int *out)
{
    CLEANUP(fd_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    remove_stale(a);
    /* the mode of the descriptor is that of the file bind makes: never open to all, not even once
     */
    if (fd < 0 || fchmod(fd, SOCKET_MODE) != 0 ||
        bind(fd, (const struct sockaddr *)a, sizeof *a) != 0 ||
        chmod(a->sun_path, SOCKET_MODE) != 0 || listen(fd, BACKLOG) != 0) {
        return fail(cx, ERR_LISTEN, "unix:%s: %s", a->sun_path, strerror(errno));
    }
    *out = fd;
    fd = -1;
    return ERR_OK;
}

struct inet {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } a;
    socklen_t n;
};

/* "127.0.0.1:8080", "[::1]:8080", "localhost:8080"; loopback only. */
static enum err inet_parse(struct cx *cx, const char *where, struct inet *to)
{
    char host[64];
    struct str s = str_of(where);
    size_t colon = s.n;
    while (colon > 0 && s.p[colon - 1] != ':') {
        colon--;
    }
    int64_t port = 0;
    TRY(str_int(cx, str_from(s, colon), 0, 65535, &port));
    struct str h = { s.p, colon > 0 ? colon - 1 : 0 };
    if (h.n > 2 && h.p[0] == '[' && h.p[h.n - 1] == ']') {
        h = (struct str){ h.p + 1, h.n - 2 };
    }
    h = str_eq(h, STR("localhost")) ? STR("127.0.0.1") : h;
    (void)snprintf(host, sizeof host, STR_FMT, STR_ARG(h));
    *to = (struct inet){ .n = sizeof to->a.v4 };
    if (inet_pton(AF_INET, host, &to->a.v4.sin_addr) == 1) {
        to->a.v4.sin_family = AF_INET;
        to->a.v4.sin_port = htons((uint16_t)port);
        if (ntohl(to->a.v4.sin_addr.s_addr) >> 24 == 127) {
            return ERR_OK;
        }
    } else if (inet_pton(AF_INET6, host, &to->a.v6.sin6_addr) == 1) {
        to->n = sizeof to->a.v6;
        to->a.v6.sin6_family = AF_INET6;
        to->a.v6.sin6_port = htons((uint16_t)port);
        if (IN6_IS_ADDR_LOOPBACK(&to->a.v6.sin6_addr)) {
            return ERR_OK;
        }
    }
    return fail(cx, ERR_LISTEN, "%s: neither loopback nor unix:PATH; the front has the open one",
                where);
}

static void address_put(int fd, char *address, size_t room)
{
    struct inet at = { .n = sizeof at.a };
    char host[INET6_ADDRSTRLEN] = "";
    (void)getsockname(fd, &at.a.any, &at.n);
    if (at.a.any.sa_family == AF_INET) {
        (void)inet_ntop(AF_INET, &at.a.v4.sin_addr, host, sizeof host);
        (void)snprintf(address, room, "http://%s:%d", host, ntohs(at.a.v4.sin_port));
    } else {
        (void)inet_ntop(AF_INET6, &at.a.v6.sin6_addr, host, sizeof host);
        (void)snprintf(address, room, "http://[%s]:%d", host, ntohs(at.a.v6.sin6_port));
    }
}

enum err listen_open(struct cx *cx, const char *where, int *out, char *address, size_t room)
{
    struct sockaddr_un un;
    struct inet in;
    if (unix_path(where, &un)) {
        TRY(listen_unix(cx, &un, out));
        (void)snprintf(address, room, "%s", where);
        return ERR_OK;
    }
    TRY(inet_parse(cx, where, &in));
    CLEANUP(fd_closep)
    int fd = socket(in.a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, &in.a.any, in.n) != 0 || listen(fd, BACKLOG) != 0) {
        return fail(cx, ERR_LISTEN, "%s: %s", where, strerror(errno));
    }
    address_put(fd, address, room);
    *out = fd;
    fd = -1;
    return ERR_OK;
}

void listen_remove(const char *where)
{
    struct sockaddr_un un;
    if (unix_path(where, &un)) {
        (void)unlink(un.sun_path);
    }
}
