/* JSON that comes in, then written again: what is read is text without NUL, no deeper than the
 * limit, and reads back as the same. */
#include "base/base.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void expect(bool good)
{
    if (!good) {
        abort();
    }
}

static void write_value(struct json *j, const struct json_value *v, int depth)
{
    expect(depth <= JSON_IN_DEPTH_MAX);
    if (v->kind == JSON_IN_OBJECT || v->kind == JSON_IN_ARRAY) {
        json_array(j);
        for (size_t k = 0; k < v->n; k++) {
            expect(utf8_bad_at(v->v[k].key) == v->v[k].key.n);
            write_value(j, &v->v[k], depth + 1);
        }
        json_end_array(j);
    } else if (v->kind == JSON_IN_TEXT) {
        expect(utf8_bad_at(v->s) == v->s.n);
        json_str(j, v->s);
    } else {
        json_int(j, v->i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(64u << 20);
    struct cx cx = { .mem = mem };
    const struct json_value *first = NULL;
    const struct json_value *again = NULL;
    struct buf b = buf_of(mem, 8u << 20);
    struct buf c = buf_of(mem, 8u << 20);
    struct json j = json_to(&b);
    if (json_read(&cx, (struct str){ n > 0 ? (const char *)data : "", n }, &first) != ERR_OK) {
        expect(cx.fault.code == ERR_BAD_REQUEST || cx.fault.code == ERR_NO_MEMORY);
        return 0;
    }
    write_value(&j, first, 0);
    expect(json_read(&cx, buf_str(&b), &again) == ERR_OK);
    j = json_to(&c);
    write_value(&j, again, 0);
    expect(str_eq(buf_str(&b), buf_str(&c)));
    return 0;
}
