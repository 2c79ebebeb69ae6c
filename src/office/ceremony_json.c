/* Views of a draw as JSON: the same at the API and at the command line. */
#include "office/office.h"

void ceremony_row_json(struct json *j, const struct ceremony_row *r)
{
    json_object(j);
    json_key_id(j, "id", r->id);
    json_key_str(j, "no", r->no);
    json_key_str(j, "title", r->title);
    json_key_str(j, "region", r->region);
    json_key_str(j, "state", str_of(ceremony_state_name(r->state)));
    json_key_bool(j, "demo", r->demo);
    json_key_int(j, "entities", r->entities);
    json_key_int(j, "targets", r->targets);
    json_key_instant(j, "planned_at", r->planned_at);
    json_key_instant(j, "changed_at", r->changed_at);
    json_end_object(j);
}

static void put_parties(struct json *j, const struct ceremony_view *v)
{
    json_key(j, "parties");
    json_array(j);
    for (size_t k = 0; k < v->n_parties; k++) {
        const struct ceremony_party *p = &v->parties[k];
        json_object(j);
        json_key_str(j, "dept", p->dept);
        json_key_str(j, "shown", p->shown);
        json_key_text(j, "commitment", p->commitment);
        json_key_bool(j, "revealed", p->revealed);
        json_key_bool(j, "skipped", p->skipped);
        json_key_bool(j, "kept", p->kept);
        json_key_text(j, "value", p->value);
        json_key_instant(j, "committed_at", p->committed_at);
        json_key_instant(j, "revealed_at", p->revealed_at);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_beacons(struct json *j, const struct ceremony_view *v)
{
    json_key(j, "beacons");
    json_array(j);
    for (size_t k = 0; k < v->n_beacons; k++) {
        json_object(j);
        json_key_str(j, "kind", v->beacons[k].kind);
        json_key_str(j, "ref", v->beacons[k].ref);
        json_key_text(j, "value", v->beacons[k].value);
        json_key_instant(j, "event_at", v->beacons[k].event_at);
        json_key_instant(j, "entered_at", v->beacons[k].entered_at);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_lots(struct json *j, const struct ceremony_view *v)
{
    json_key(j, "lots");
    json_array(j);
    for (size_t k = 0; k < v->n_lots; k++) {
        const struct ceremony_lot_view *l = &v->lots[k];
        json_object(j);
        json_key_str(j, "name", l->name);
        json_key_text(j, "item", l->item);
        json_key_text(j, "item_name", l->item_name);
        json_key_str(j, "mode", str_of(ceremony_mode_name(l->mode)));
        json_key_int(j, "n", l->n);
        json_key_int(j, "reserve", l->reserve);
        json_key_int(j, "entities", l->entities);
        json_key_int(j, "sum_weight", l->sum_weight);
        json_key_int(j, "take_all", l->take_all);
        json_key_int(j, "selected", l->selected);
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_teams(struct json *j, const struct ceremony_view *v)
{
    json_key(j, "teams");
    json_array(j);
    for (size_t k = 0; k < v->n_teams; k++) {
        json_object(j);
        json_key_str(j, "lot", v->teams[k].lot);
        json_key_str(j, "dept", v->teams[k].dept);
        json_key_int(j, "size", v->teams[k].size);
        json_key_text(j, "qual", v->teams[k].qual);
        json_end_object(j);
    }
    json_end_array(j);
}

/* The files that are there, with their hashes. */
static void put_files(struct json *j, const struct ceremony_view *v)
{
    const struct {
        const char *name;
        const struct ceremony_file_hash *hash;
    } files[] = {
        { "plan.txt", &v->plan },
        { "rules.txt", &v->rules },
        { "population.tsv", &v->population },
        { "roster.tsv", &v->roster },
        { "recusal.tsv", &v->recusal },
        { "exclusions.tsv", &v->exclusions },
        { "freeze.txt", &v->freeze },
        { "reveals.txt", &v->reveals },
        { "seed.txt", &v->seed },
        { "lots.tsv", &v->lots_file },
        { "result.tsv", &v->result },
        { "assign.tsv", &v->assign },
        { "prices.tsv", &v->prices },
        { "head.txt", &v->head },
    };
    json_key(j, "files");
    json_array(j);
    for (size_t k = 0; k < COUNT_OF(files); k++) {
        if (files[k].hash->hex.n > 0) {
            json_object(j);
            json_key_str(j, "name", str_of(files[k].name));
            json_key_int(j, "lines", files[k].hash->lines);
            json_key_str(j, "hex", files[k].hash->hex);
            json_end_object(j);
        }
    }
    json_end_array(j);
}

static void put_times(struct json *j, const struct ceremony_view *v)
{
    json_key_instant(j, "planned_at", v->planned_at);
    json_key_instant(j, "frozen_at", v->frozen_at);
    json_key_instant(j, "revealed_at", v->revealed_at);
    json_key_instant(j, "seeded_at", v->seeded_at);
    json_key_instant(j, "drawn_at", v->drawn_at);
    json_key_instant(j, "published_at", v->published_at);
    json_key_instant(j, "void_at", v->void_at);
}

static void put_rules(struct json *j, const struct ceremony_view *v)
{
    json_key_str(j, "hash", str_of(digest_kind_name(v->hash)));
    json_key_bool(j, "demo", v->demo);
    json_key_bool(j, "sealed", v->sealed);
    json_key_bool(j, "missing_skip", v->missing_skip);
    json_key_date(j, "embargo_on", v->embargo_on);
    json_key_int(j, "beacon_wait_s", v->beacon_wait_s);
    json_key_int(j, "cosigners", v->cosigners);
    json_key_int(j, "cosigned", v->cosigned);
}

static void put_may(struct json *j, uint32_t may)
{
    json_key(j, "may");
    json_array(j);
    for (int s = 0; s < CEREMONY_STEP__COUNT; s++) {
        if ((may >> s & 1u) != 0) {
            json_z(j, ceremony_step_name((enum ceremony_step)s));
        }
    }
    json_end_array(j);
}

void ceremony_view_json(struct json *j, const struct ceremony_view *v)
{
    json_key_id(j, "id", v->id);
    json_key_int(j, "version", v->version);
    json_key_str(j, "no", v->no);
    json_key_str(j, "title", v->title);
    json_key_str(j, "region", v->region);
    json_key_str(j, "task", v->task);
    json_key_str(j, "state", str_of(ceremony_state_name(v->state)));
    put_rules(j, v);
    put_times(j, v);
    json_key_text(j, "void_reason", v->void_reason);
    json_key_text(j, "supersedes", v->supersedes_no);
    json_key_text(j, "supersedes_reason", v->supersedes_reason);
    json_key_text(j, "superseded_by", v->superseded_by_no);
    put_parties(j, v);
    put_beacons(j, v);
    put_lots(j, v);
    put_teams(j, v);
    put_files(j, v);
    json_key_text(j, "seal", v->seal);
    json_key_int(j, "targets", v->targets);
    json_key_int(j, "places", v->places);
    json_key_int(j, "unfilled", v->unfilled);
    put_may(j, v->may);
}

void ceremony_event_json(struct json *j, const struct ceremony_event *e)
{
    json_object(j);
    json_key_int(j, "seq", e->seq);
    json_key_instant(j, "at", e->at);
    json_key_str(j, "step", str_of(ceremony_step_name(e->step)));
    json_key_text(j, "by", e->by);
    json_key_text(j, "dept", e->dept);
    json_key_text(j, "text", e->text);
    json_key_text(j, "hex", e->hex);
    json_key(j, "log_seq");
    if (e->log_seq < 0) {
        json_null(j);
    } else {
        json_int(j, e->log_seq);
    }
    json_end_object(j);
}

static void put_expectations(struct json *j, const struct ceremony_preview *p)
{
    json_key(j, "lots");
    json_array(j);
    for (size_t k = 0; k < p->n_rows; k++) {
        json_object(j);
        json_key_str(j, "lot", p->rows[k].lot);
        json_key_str(j, "grade", p->rows[k].grade);
        json_key_int(j, "entities", p->rows[k].entities);
        json_key_int(j, "certain", p->rows[k].certain);
        json_key_digits(j, "sum_p31", p->rows[k].sum_p31);
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

void ceremony_preview_json(struct json *j, const struct ceremony_preview *p)
{
    json_key_int(j, "entities", p->entities);
    put_expectations(j, p);
    json_key_digits(j, "sum_p31", p->sum_p31);
    json_key_digits(j, "joint_p31", p->joint_p31);
    put_excluded(j, p->excluded);
    json_key_int(j, "inspectors", p->inspectors);
    json_key_digits(j, "places_p31", p->places);
}
