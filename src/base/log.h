/* The log: one event, one line of key=value on stderr, English. Never personal data. */
#ifndef SISHI_BASE_LOG_H
#define SISHI_BASE_LOG_H

#include "base/defs.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
void log_set_level(enum log_level level); /* lines below it are not written */
void log_line(enum log_level level, const char *event, const char *fmt, ...) PRINTF(3, 4);
#define log_debug(event, ...) log_line(LOG_DEBUG, (event), __VA_ARGS__)
#define log_info(event, ...)  log_line(LOG_INFO, (event), __VA_ARGS__)
#define log_warn(event, ...)  log_line(LOG_WARN, (event), __VA_ARGS__)
#define log_error(event, ...) log_line(LOG_ERROR, (event), __VA_ARGS__)

/* Secrets, salts and tokens: fills from the kernel's generator. Ends the program if it refuses,
 * since nothing safe can follow. Not for core/ and not for decide_*. */
void entropy(void *out, size_t n);

#endif
