/* A plan in JSON. What is read can be written and read back to the same text; what passes the rules
 * has teams of two at least and a chance for somebody. */
#include "office/ceremony.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void expect(bool good)
{
    if (!good) {
        abort();
    }
}

static struct str put(struct cx *cx, const struct ceremony_plan *p)
{
    struct buf b = buf_of(cx->mem, 8u << 20);
    struct json j = json_to(&b);
    struct str out = { 0 };
    ceremony_plan_put(&j, p);
    expect(buf_done(cx, &b, &out) == ERR_OK);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(256u << 20);
    struct cx cx = { .mem = mem, .now_ms = INT64_C(1795395600000) };
    struct ceremony_plan p;
    struct ceremony_plan again;
    if (ceremony_plan_parse(&cx, (struct str){ n > 0 ? (const char *)data : "", n }, &p) !=
        ERR_OK) {
        expect(cx.fault.detail[0] != '\0');
        return 0;
    }
    bool fine = ceremony_plan_check(&cx, &p) == ERR_OK;
    fault_clear(&cx);
    if (!fine) {
        return 0;
    }
    struct str text = put(&cx, &p);
    expect(ceremony_plan_parse(&cx, text, &again) == ERR_OK);
    expect(str_eq(text, put(&cx, &again)));
    for (size_t i = 0; i < p.n_teams; i++) {
        expect(p.teams[i].size >= PLAN_TEAM_MIN);
    }
    return 0;
}
