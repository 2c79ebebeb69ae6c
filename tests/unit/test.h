/* What every unit test includes: cmocka and a unit of work. */
#ifndef SISHI_TEST_H
#define SISHI_TEST_H

#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#undef fail /* cmocka has a macro of this name, and a test never fails a unit of work */
#include <cmocka.h>

/* A unit of work on a fresh arena, at a fixed instant: 2026-11-23T09:00:00+08:00. */
#define TEST_NOW_MS INT64_C(1795395600000)
#define TEST_CX(name)                                                                              \
    CLEANUP(arena_freep) struct arena *name##_mem = arena_new(64u << 20);                          \
    assert_non_null(name##_mem);                                                                   \
    struct cx name##_cx = { .mem = name##_mem, .now_ms = TEST_NOW_MS };                            \
    struct cx *name = &name##_cx

/* With the failure's own words when it does not hold. */
#define ASSERT_OK(cx, expr)                                                                        \
    do {                                                                                           \
        enum err test_err_ = (expr);                                                               \
        if (test_err_ != ERR_OK) {                                                                 \
            fail_msg("%s: %s %s", #expr, err_name(test_err_), (cx)->fault.detail);                 \
        }                                                                                          \
    } while (0)
#define ASSERT_ERR(want, expr) assert_string_equal(err_name(expr), err_name(want))
#define ASSERT_STR(want, got)                                                                      \
    do {                                                                                           \
        struct str test_got_ = (got);                                                              \
        struct str test_want_ = str_of(want);                                                      \
        if (!str_eq(test_got_, test_want_)) {                                                      \
            fail_msg("want \"%s\", got \"" STR_FMT "\"", (want), STR_ARG(test_got_));              \
        }                                                                                          \
    } while (0)

#endif
