/* A client for measuring: keep-alive connections that ask one request after another. */
#ifndef SISHI_BENCH_HTTP_CLIENT_H
#define SISHI_BENCH_HTTP_CLIENT_H

#include "base/base.h"

struct load {
    int port; /* of 127.0.0.1 */
    int connections;
    int64_t requests;
    int want; /* status of every answer */
    /* Writes the k-th request, at most `room` bytes; returns its length. */
    size_t (*request)(void *arg, int64_t k, char *to, size_t room);
    void *arg;
};

/* Asks until every answer is in: the nanoseconds it took. Ends the program when an answer is not
 * the wanted one. One thread, for it must leave the server its processors. */
int64_t load_run(const struct load *l);

int64_t now_ns(void);

#endif
