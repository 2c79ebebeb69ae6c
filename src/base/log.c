#include "base/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static enum log_level least = LOG_INFO;

void log_set_level(enum log_level level)
{
    least = level;
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    char line[1024];
    char when[INSTANT_CHARS];
    if (level < least) {
        return;
    }
    instant_put(clock_now_ms(), when);
    int head = snprintf(line, sizeof line, "ts=" STR_FMT " level=%s event=%s ", INSTANT_CHARS, when,
                        names[level], event);
    va_list ap;
    va_start(ap, fmt);
    int body = vsnprintf(line + head, sizeof line - (size_t)head - 1, fmt, ap);
    va_end(ap);
    size_t n = (size_t)head + (body > 0 ? (size_t)body : 0);
    n = n < sizeof line - 2 ? n : sizeof line - 2;
    for (size_t i = 0; i < n; i++) {
        line[i] = (unsigned char)line[i] < 0x20 ? ' ' : line[i];
    }
    line[n] = '\n';
    (void)!write(STDERR_FILENO, line, n + 1); /* one write, so lines of threads do not mix */
}

void entropy(void *out, size_t n)
{
    char *at = out;
    while (n > 0) {
        ssize_t got = getrandom(at, n < 256 ? n : 256, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            log_error("entropy", "errno=%d", errno);
            abort();
        }
        at += got;
        n -= (size_t)got;
    }
}
