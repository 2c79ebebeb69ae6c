/* sishi draw preview: what a plan would give. */
#include "cli/ceremony.h"

enum { JSON_BYTES = 1 << 20 };

static void print_p31(FILE *out, int64_t p31)
{
    (void)fprintf(out, "%10lld.%02lld", (long long)(p31 >> 31),
                  (long long)(((p31 & ((INT64_C(1) << 31) - 1)) * 100) >> 31));
}

static void preview_text(const struct cli *c, const struct ceremony_preview *p)
{
    (void)fprintf(c->out, "lot              grade   entities    certain      visits\n");
    for (size_t i = 0; i < p->n_rows; i++) {
        const struct ceremony_expect *r = &p->rows[i];
        (void)fprintf(c->out, "%-16.*s %-5.*s %10lld %10lld", STR_ARG(r->lot), STR_ARG(r->grade),
                      (long long)r->entities, (long long)r->certain);
        print_p31(c->out, r->sum_p31);
        (void)fprintf(c->out, "\n");
    }
    (void)fprintf(c->out, "%lld entities, %lld inspectors; visits expected, tickets shared:",
                  (long long)p->entities, (long long)p->inspectors);
    print_p31(c->out, p->joint_p31);
    (void)fprintf(c->out, "\n");
    for (int x = 0; x < CEREMONY_EXCLUSION__COUNT; x++) {
        if (p->excluded[x] > 0) {
            (void)fprintf(c->out, "left out, %-20s %10lld\n",
                          ceremony_exclusion_name((enum ceremony_exclusion)x),
                          (long long)p->excluded[x]);
        }
    }
}

static enum err run_preview(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct ceremony_plan p;
    struct ceremony_preview v;
    TRY(ceremony_cli_plan(c, &p));
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(ceremony_preview(c->cx, d, &by, &p, &v));
    if (!c->json) {
        preview_text(c, &v);
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, JSON_BYTES);
    struct json j = json_to(&b);
    json_object(&j);
    ceremony_preview_json(&j, &v);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

const struct cli_command cmd_draw_preview = {
    .name = "draw preview",
    .brief = "what a plan would give if it were frozen now; stores nothing",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .about = "Counts from the register how many entities are in each lot by grade, how many are "
             "certain, how many visits are to be expected, and who is left out why. In JSON, "
             "visits are in units of 2^-31. Needs --as a planner.",
    .examples = "sishi draw preview plan.json --as planner",
    .run = run_preview,
};
