/* A plan in the form that ceremony_plan_parse reads. */
#include "office/ceremony.h"

static void put_str(struct json *j, const char *key, struct str s)
{
    if (s.n != 0) {
        json_key_str(j, key, s);
    }
}

static void put_strs(struct json *j, const char *key, const struct str *s, size_t n)
{
    json_key(j, key);
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        json_str(j, s[i]);
    }
    json_end_array(j);
}

static void put_named(struct json *j, const char *key, const struct ceremony_named *all, size_t n)
{
    json_key(j, key);
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        json_object(j);
        json_key_str(j, "code", all[i].code);
        json_key_str(j, "reason", all[i].reason);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_grades(struct json *j, const struct ceremony_lot *l)
{
    json_key(j, "grades");
    json_array(j);
    for (size_t i = 0; i < l->n_grades; i++) {
        json_object(j);
        json_key_str(j, "grade", l->grades[i].grade);
        json_key_int(j, "weight", l->grades[i].weight);
        json_key_int(j, "memory", l->grades[i].memory);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_lot(struct json *j, const struct ceremony_lot *l)
{
    json_object(j);
    json_key_str(j, "name", l->name);
    put_str(j, "item", l->item);
    json_key_str(j, "mode", str_of(ceremony_mode_name(l->mode)));
    json_key_int(j, "n", l->n);
    json_key_int(j, "reserve", l->reserve);
    put_strs(j, "industries", l->industries, l->n_industries);
    json_key_int(j, "classes", (int64_t)l->classes);
    put_grades(j, l);
    json_key_int(j, "memory_years", l->memory_years);
    json_key_int(j, "due_months", l->due_months);
    put_named(j, "mandatory", l->mandatory, l->n_mandatory);
    json_end_object(j);
}

static void put_beacons(struct json *j, const struct ceremony_plan *p)
{
    json_key(j, "beacons");
    json_array(j);
    for (size_t i = 0; i < p->n_beacons; i++) {
        json_object(j);
        json_key_str(j, "kind", p->beacons[i].kind);
        json_key_str(j, "ref", p->beacons[i].ref);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_teams(struct json *j, const struct ceremony_plan *p)
{
    json_key(j, "teams");
    json_array(j);
    for (size_t i = 0; i < p->n_teams; i++) {
        json_object(j);
        json_key_str(j, "lot", p->teams[i].lot);
        json_key_str(j, "dept", p->teams[i].dept);
        json_key_int(j, "size", p->teams[i].size);
        put_str(j, "qual", p->teams[i].qual);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_terms(struct json *j, const struct ceremony_plan *p)
{
    json_key_bool(j, "missing_skip", p->missing_skip);
    json_key_bool(j, "sealed", p->sealed);
    json_key(j, "embargo_on");
    json_date(j, p->embargo_on);
    json_key_int(j, "yearly_cap", p->yearly_cap);
    json_key_int(j, "beacon_wait_s", p->beacon_wait_s);
    json_key_int(j, "cosigners", p->cosigners);
    json_key_bool(j, "demo", p->demo);
}

void ceremony_plan_put(struct json *j, const struct ceremony_plan *p)
{
    json_object(j);
    json_key_str(j, "region", p->region);
    put_str(j, "title", p->title);
    put_str(j, "task", p->task);
    json_key_str(j, "hash", str_of(digest_kind_name(p->hash)));
    put_strs(j, "parties", p->parties, p->n_parties);
    put_beacons(j, p);
    put_terms(j, p);
    json_key(j, "lots");
    json_array(j);
    for (size_t i = 0; i < p->n_lots; i++) {
        put_lot(j, &p->lots[i]);
    }
    json_end_array(j);
    put_teams(j, p);
    put_named(j, "excluded", p->excluded, p->n_excluded);
    json_key(j, "supersedes");
    json_id(j, p->supersedes);
    put_str(j, "supersedes_reason", p->supersedes_reason);
    json_end_object(j);
}
