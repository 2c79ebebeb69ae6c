/* What freezing a plan now would give. */
#include "api/handlers.h"

/* Sums of probabilities in 2^-31 can be past what a reader of JSON holds exactly: text. */
static void put_p31(struct http_call *c, struct json *j, const char *key, int64_t sum)
{
    json_key_str(j, key, text_of(c->cx, "%lld", (long long)sum));
}

static void put_expectations(struct http_call *c, struct json *j, const struct ceremony_preview *p)
{
    json_key(j, "lots");
    json_array(j);
    for (size_t k = 0; k < p->n_rows; k++) {
        json_object(j);
        json_key_str(j, "lot", p->rows[k].lot);
        json_key_str(j, "grade", p->rows[k].grade);
        json_key_int(j, "entities", p->rows[k].entities);
        json_key_int(j, "certain", p->rows[k].certain);
        put_p31(c, j, "sum_p31", p->rows[k].sum_p31);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_excluded(struct json *j, const int64_t counts[CEREMONY_EXCLUSION__COUNT])
{
    json_key(j, "excluded");
    json_object(j);
    for (int k = 0; k < CEREMONY_EXCLUSION__COUNT; k++) {
        json_key_int(j, ceremony_exclusion_name((enum ceremony_exclusion)k), counts[k]);
    }
    json_end_object(j);
}

enum err preview_draw(struct http_call *c)
{
    struct ceremony_plan plan;
    struct ceremony_preview p;
    struct document d;
    TRY(plan_of(c, &plan));
    TRY(ceremony_preview(c->cx, desk_of(c), actor_of(c), &plan, &p));
    document_open(c, &d);
    json_key_int(&d.j, "entities", p.entities);
    put_expectations(c, &d.j, &p);
    put_p31(c, &d.j, "sum_p31", p.sum_p31);
    put_p31(c, &d.j, "joint_p31", p.joint_p31);
    put_excluded(&d.j, p.excluded);
    json_key_int(&d.j, "inspectors", p.inspectors);
    put_p31(c, &d.j, "places_p31", p.places);
    return document_answer(c, 200, &d);
}
