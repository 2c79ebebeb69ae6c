/* The words of the house: attributes and the standard headers everybody needs. */
#ifndef SISHI_BASE_DEFS_H
#define SISHI_BASE_DEFS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE     __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define PUBLIC       __attribute__((visibility("default")))
#define UNUSED       __attribute__((unused))
#define CLEANUP(fn)  __attribute__((cleanup(fn)))
#define COUNT_OF(a)  (sizeof(a) / sizeof((a)[0]))

#endif
