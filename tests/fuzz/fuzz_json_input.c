/* A body read by a table of members of every kind: what is accepted is within the table's ranges,
 * and a text is one line of UTF-8. */
#include "api/input.h"
#include "json_call.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct inner {
    uint64_t given;
    int64_t number;
    struct str text;
};
struct outer {
    uint64_t given;
    struct str text;
    int64_t number, id, instant;
    bool truth;
    int32_t day;
    int word;
    uint64_t words;
    struct input_texts texts;
    struct inner inner;
};
static const char *const words[] = { "", "one", "two", NULL };
static const struct input_member inner_members[] = {
    { "number", INPUT_INT, REQUIRED, offsetof(struct inner, number), -3, 3, NULL, NULL },
    { "text", INPUT_TEXT, OPTIONAL, offsetof(struct inner, text), 0, 4, NULL, NULL },
};
static const struct input_table inner_table = INPUT_TABLE(inner_members);
static const struct input_member outer_members[] = {
    { "text", INPUT_TEXT, OPTIONAL, offsetof(struct outer, text), 1, 5, NULL, NULL },
    { "number", INPUT_INT, OPTIONAL, offsetof(struct outer, number), 0, 100, NULL, NULL },
    { "id", INPUT_ID, OPTIONAL, offsetof(struct outer, id), 0, 0, NULL, NULL },
    { "instant", INPUT_INSTANT, OPTIONAL, offsetof(struct outer, instant), 0, 0, NULL, NULL },
    { "truth", INPUT_BOOL, OPTIONAL, offsetof(struct outer, truth), 0, 0, NULL, NULL },
    { "day", INPUT_DATE, OPTIONAL, offsetof(struct outer, day), 0, 0, NULL, NULL },
    { "word", INPUT_WORD, OPTIONAL, offsetof(struct outer, word), 0, 0, words, NULL },
    { "words", INPUT_WORDS, OPTIONAL, offsetof(struct outer, words), 0, 0, words, NULL },
    { "texts", INPUT_TEXTS, OPTIONAL, offsetof(struct outer, texts), 1, 3, NULL, NULL },
    { "inner", INPUT_OBJECT, OPTIONAL, offsetof(struct outer, inner), 0, 0, NULL, &inner_table },
};
static const struct input_table outer_table = INPUT_TABLE(outer_members);

static void expect(bool good)
{
    if (!good) {
        abort();
    }
}

static void expect_line(struct str s, size_t least, size_t most)
{
    expect(utf8_bad_at(s) == s.n && utf8_count(s) >= least && utf8_count(s) <= most);
    for (size_t i = 0; i < s.n; i++) {
        expect((unsigned char)s.p[i] >= 0x20);
    }
}

static void expect_fits(const struct outer *o)
{
    expect_line(o->text, 0, 5);
    expect(o->number >= 0 && o->number <= 100);
    expect(o->day == 0 || date_valid(o->day));
    expect(o->word >= 0 && o->word <= 2 && o->words <= 6);
    expect(o->texts.n <= 3);
    for (size_t k = 0; k < o->texts.n; k++) {
        expect_line(o->texts.v[k], 1, 200);
    }
    expect(o->inner.number >= -3 && o->inner.number <= 3);
    expect_line(o->inner.text, 0, 4);
    expect(o->given >> COUNT_OF(outer_members) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(64u << 20);
    struct cx cx = { .mem = mem };
    struct http_call *c = json_call(&cx, (struct str){ n > 0 ? (const char *)data : "", n });
    struct outer o = { 0 };
    enum err code = input_body(c, &outer_table, &o);
    if (code == ERR_OK) {
        expect_fits(&o);
    } else {
        expect(code == ERR_FIELD || code == ERR_BAD_REQUEST || code == ERR_NO_MEMORY);
        expect(cx.fault.detail[0] != '\0');
    }
    return 0;
}
