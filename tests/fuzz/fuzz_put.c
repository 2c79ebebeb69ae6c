/* Any bytes in any context: the page around a value keeps its shape, and a URL its scheme. */
#include "hostile.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static size_t count_of(struct str s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        n += s.p[i] == c;
    }
    return n;
}

static void must(bool held)
{
    if (!held) {
        abort();
    }
}

/* `t` writes s between a head and a tail that hold all the signs which make HTML. */
static struct str shaped(struct arena *mem, void (*t)(struct buf *, enum lang, struct str),
                         struct str s, char quote)
{
    struct buf plain = buf_of(mem, 1u << 12);
    struct buf b = buf_of(mem, 1u << 20);
    t(&plain, LANG_EN, STR("x"));
    t(&b, LANG_EN, s);
    struct str got = buf_str(&b);
    struct str want = buf_str(&plain);
    must(count_of(got, '<') == count_of(want, '<') && count_of(got, '>') == count_of(want, '>'));
    must(quote == '\0' || count_of(got, quote) == count_of(want, quote));
    return got;
}

/* What stands in href="..." after references are read: only a few schemes. */
static void check_url(struct str page)
{
    struct str rest = page;
    (void)str_cut(&rest, '"');
    struct str url = str_cut(&rest, '"');
    for (size_t i = 0; i < url.n; i++) {
        char c = url.p[i];
        must((unsigned char)c > ' ');
        if (c == '/' || c == '?' || c == '#') {
            return;
        }
        if (c == ':') {
            struct str scheme = { url.p, i };
            must(scheme.n == 4 || scheme.n == 5 || scheme.n == 6);
            must(strncasecmp(url.p, "http:", 5) == 0 || strncasecmp(url.p, "https:", 6) == 0 ||
                 strncasecmp(url.p, "mailto:", 7) == 0);
            return;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str s = { (const char *)data, n };
    CLEANUP(arena_freep) struct arena *mem = arena_new(16u << 20);
    if (mem == NULL || n > 4096) {
        return 0;
    }
    (void)shaped(mem, t_h_text, s, '\0');
    (void)shaped(mem, t_h_area, s, '\0');
    (void)shaped(mem, t_h_double, s, '"');
    (void)shaped(mem, t_h_single, s, '\'');
    (void)shaped(mem, t_h_part, s, '"');
    (void)shaped(mem, t_h_query, s, '"');
    (void)shaped(mem, t_h_json, s, '"');
    check_url(shaped(mem, t_h_url, s, '"'));
    return 0;
}
