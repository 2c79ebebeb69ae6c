/* A fresh, migrated database for a test that needs one. */
#ifndef SISHI_STORE_HARNESS_H
#define SISHI_STORE_HARNESS_H

#include "test.h"

#include "store/store.h"

#include <string.h>

static inline struct store *harness_store(const char *url)
{
    TEST_CX(cx);
    struct store *st = NULL;
    const struct store_options o = { .trust_clock = true };
    ASSERT_OK(cx, store_open(cx, url, &o, &st));
    ASSERT_OK(cx, store_migrate(cx, st));
    return st;
}

/* The body runs once for each engine, on an empty database. */
#define FOR_EACH_STORE(st)                                                                         \
    for (struct store *st = harness_store("sqlite::memory:"); st != NULL; store_closep(&st))

#endif
