#include "../test.h"
#include "http/inner.h"

#include <string.h>

static const struct {
    const char *what, *method, *target, *version;
    struct {
        const char *name, *value;
    } h[4];
    enum gate want;
} vectors[] = {
    { "a plain GET", "GET", "/a?b=%20", "HTTP/1.1", { { "Host", "x" } }, GATE_PASS },
    { "HTTP/1.0 needs no Host", "GET", "/", "HTTP/1.0", { { 0 } }, GATE_PASS },
    { "IPv6 and port", "GET", "/", "HTTP/1.1", { { "Host", "[::1]:8080" } }, GATE_PASS },
    { "names in any case",
      "POST",
      "/",
      "HTTP/1.1",
      { { "hOST", "x" }, { "content-LENGTH", "007" } },
      GATE_PASS },
    { "chunked in any case",
      "POST",
      "/",
      "HTTP/1.1",
      { { "Host", "x" }, { "Transfer-Encoding", " Chunked " } },
      GATE_PASS },
    { "GET of length 0",
      "GET",
      "/",
      "HTTP/1.1",
      { { "Host", "x" }, { "Content-Length", "0" } },
      GATE_PASS },
    { "no Host", "GET", "/", "HTTP/1.1", { { 0 } }, GATE_HOST_NONE },
    { "two Hosts", "GET", "/", "HTTP/1.1", { { "Host", "x" }, { "host", "x" } }, GATE_HOST_TWICE },
    { "Host with a comma", "GET", "/", "HTTP/1.1", { { "Host", "x,y" } }, GATE_HOST_BAD },
    { "lengths twice",
      "POST",
      "/",
      "HTTP/1.1",
      { { "Host", "x" }, { "Content-Length", "1" }, { "Content-Length", "1" } },
      GATE_LENGTH_TWICE },
    { "length and coding",
      "POST",
      "/",
      "HTTP/1.1",
      { { "Host", "x" }, { "Content-Length", "1" }, { "Transfer-Encoding", "chunked" } },
      GATE_CODING_BOTH },
    { "length past 63 bits",
      "POST",
      "/",
      "HTTP/1.1",
      { { "Host", "x" }, { "Content-Length", "9223372036854775808" } },
      GATE_LENGTH_BAD },
    { "coding list",
      "POST",
      "/",
      "HTTP/1.1",
      { { "Host", "x" }, { "Transfer-Encoding", "gzip, chunked" } },
      GATE_CODING_BAD },
    { "chunked in HTTP/1.0",
      "POST",
      "/",
      "HTTP/1.0",
      { { "Transfer-Encoding", "chunked" } },
      GATE_CODING_BAD },
    { "body of a GET",
      "GET",
      "/",
      "HTTP/1.1",
      { { "Host", "x" }, { "Content-Length", "1" } },
      GATE_BODY },
    { "space in the name", "GET", "/", "HTTP/1.1", { { "Host ", "x" } }, GATE_HEADER },
    { "CR in the value",
      "GET",
      "/",
      "HTTP/1.1",
      { { "Host", "x" }, { "A", "b\rc" } },
      GATE_HEADER },
    { "compressed",
      "POST",
      "/",
      "HTTP/1.1",
      { { "Host", "x" }, { "Content-Encoding", "br" } },
      GATE_ENCODING },
    { "expectation",
      "POST",
      "/",
      "HTTP/1.1",
      { { "Host", "x" }, { "Expect", "tea" } },
      GATE_EXPECT },
    { "not a token", "G T", "/", "HTTP/1.1", { { "Host", "x" } }, GATE_METHOD },
    { "empty method", "", "/", "HTTP/1.1", { { "Host", "x" } }, GATE_METHOD },
    { "absolute target", "GET", "http://x/", "HTTP/1.1", { { "Host", "x" } }, GATE_TARGET },
    { "fragment", "GET", "/a#b", "HTTP/1.1", { { "Host", "x" } }, GATE_TARGET },
    { "HTTP/3", "GET", "/", "HTTP/3.0", { { "Host", "x" } }, GATE_VERSION },
};

static void hears_only_what_two_readers_agree_on(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct field v[4];
        struct head h = { .method = str_of(vectors[i].method),
                          .target = str_of(vectors[i].target),
                          .version = str_of(vectors[i].version),
                          .v = v };
        for (; h.n < 4 && vectors[i].h[h.n].name != NULL; h.n++) {
            v[h.n] =
                (struct field){ str_of(vectors[i].h[h.n].name), str_of(vectors[i].h[h.n].value) };
        }
        enum gate got = gate_check(&h);
        if (got != vectors[i].want) {
            fail_msg("%s: want %s, got %s", vectors[i].what, gate_name(vectors[i].want),
                     gate_name(got));
        }
    }
}

/* The parser shows "X: a" of a head that had a NUL, a fold or a bare LF: the sizes give it away. */
static void counts_the_bytes_of_the_head(void **state UNUSED)
{
    static const char raw[] = "Host: x\r\nX-A:  a\r\n";
    struct field v[] = { { { raw, 4 }, { raw + 6, 1 } }, { { raw + 9, 3 }, { raw + 15, 1 } } };
    const size_t whole = strlen("GET / HTTP/1.1\r\n") + strlen(raw) + 2;
    for (int off = -3; off <= 3; off++) {
        struct head h = { .method = STR("GET"),
                          .target = STR("/"),
                          .version = STR("HTTP/1.1"),
                          .v = v,
                          .n = 2,
                          .bytes = (size_t)((int)whole + off) };
        assert_int_equal(gate_check(&h), off == 0 ? GATE_PASS : GATE_FORM);
    }
}

static void every_reason_has_a_name_of_its_own(void **state UNUSED)
{
    for (int a = 0; a < GATE__COUNT; a++) {
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(gate_name((enum gate)a), gate_name((enum gate)b));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hears_only_what_two_readers_agree_on),
        cmocka_unit_test(counts_the_bytes_of_the_head),
        cmocka_unit_test(every_reason_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
