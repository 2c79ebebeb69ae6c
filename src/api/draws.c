/* Draws: the list, and one with all that its asker may see of it. */
#include "api/handlers.h"

static const char *const state_words[] = {
#define X(symbol, name) [CEREMONY_##symbol] = (name),
    CEREMONY_STATE_TABLE(X)
#undef X
        NULL
};

enum err draw_id(struct http_call *c, int64_t *id)
{
    return ceremony_find(c->cx, desk_of(c), c->seg[0], id);
}

/* ---- the list
 * ------------------------------------------------------------------------------------ */

struct draws_input {
    uint64_t given;
    struct str region;
    uint64_t states;
    int64_t cursor, limit;
};
static const struct input_member draws_members[] = {
    { "region", INPUT_TEXT, OPTIONAL, offsetof(struct draws_input, region), 2, 12, NULL, NULL },
    { "state", INPUT_WORDS, OPTIONAL, offsetof(struct draws_input, states), 0, 0, state_words,
      NULL },
    { "cursor", INPUT_ID, OPTIONAL, offsetof(struct draws_input, cursor), 0, 0, NULL, NULL },
    { "limit", INPUT_INT, OPTIONAL, offsetof(struct draws_input, limit), 1, 200, NULL, NULL },
};
static const struct input_table draws_table = INPUT_TABLE(draws_members);

static void put_row(struct json *j, const struct ceremony_row *r)
{
    json_object(j);
    put_id(j, "id", r->id);
    json_key_str(j, "no", r->no);
    json_key_str(j, "title", r->title);
    json_key_str(j, "region", r->region);
    json_key_str(j, "state", str_of(ceremony_state_name(r->state)));
    json_key_bool(j, "demo", r->demo);
    json_key_int(j, "entities", r->entities);
    json_key_int(j, "targets", r->targets);
    put_instant(j, "planned_at", r->planned_at);
    put_instant(j, "changed_at", r->changed_at);
    json_end_object(j);
}

enum err get_draws(struct http_call *c)
{
    struct draws_input in = { .limit = PAGE_LIMIT };
    struct ceremony_row *all = NULL;
    size_t n = 0;
    struct document d;
    char last[ID_CHARS];
    TRY(input_query(c, &draws_table, &in));
    const struct ceremony_query q = {
        .region = in.region, .states = (uint32_t)in.states, .before = in.cursor, .limit = in.limit
    };
    TRY(ceremony_list(c->cx, desk_of(c), actor_of(c), &q, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        put_row(&d.j, &all[k]);
    }
    bool more = n == (size_t)in.limit;
    if (more) {
        id_put(all[n - 1].id, last);
    }
    return list_answer(c, &d, (struct str){ last, more ? sizeof last : 0 });
}

/* ---- one
 * ------------------------------------------------------------------------------------------ */

static void put_parties(struct json *j, const struct ceremony_view *v)
{
    json_key(j, "parties");
    json_array(j);
    for (size_t k = 0; k < v->n_parties; k++) {
        const struct ceremony_party *p = &v->parties[k];
        json_object(j);
        json_key_str(j, "dept", p->dept);
        json_key_str(j, "shown", p->shown);
        put_text(j, "commitment", p->commitment);
        json_key_bool(j, "revealed", p->revealed);
        json_key_bool(j, "skipped", p->skipped);
        json_key_bool(j, "kept", p->kept);
        put_text(j, "value", p->value);
        put_instant(j, "committed_at", p->committed_at);
        put_instant(j, "revealed_at", p->revealed_at);
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
        put_text(j, "value", v->beacons[k].value);
        put_instant(j, "event_at", v->beacons[k].event_at);
        put_instant(j, "entered_at", v->beacons[k].entered_at);
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
        put_text(j, "item", l->item);
        put_text(j, "item_name", l->item_name);
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
        put_text(j, "qual", v->teams[k].qual);
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
    put_instant(j, "planned_at", v->planned_at);
    put_instant(j, "frozen_at", v->frozen_at);
    put_instant(j, "revealed_at", v->revealed_at);
    put_instant(j, "seeded_at", v->seeded_at);
    put_instant(j, "drawn_at", v->drawn_at);
    put_instant(j, "published_at", v->published_at);
    put_instant(j, "void_at", v->void_at);
}

static void put_rules(struct json *j, const struct ceremony_view *v)
{
    json_key_str(j, "hash", str_of(digest_kind_name(v->hash)));
    json_key_bool(j, "demo", v->demo);
    json_key_bool(j, "sealed", v->sealed);
    json_key_bool(j, "missing_skip", v->missing_skip);
    put_day(j, "embargo_on", v->embargo_on);
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

static void put_draw(struct json *j, const struct ceremony_view *v)
{
    put_id(j, "id", v->id);
    json_key_int(j, "version", v->version);
    json_key_str(j, "no", v->no);
    json_key_str(j, "title", v->title);
    json_key_str(j, "region", v->region);
    json_key_str(j, "task", v->task);
    json_key_str(j, "state", str_of(ceremony_state_name(v->state)));
    put_rules(j, v);
    put_times(j, v);
    put_text(j, "void_reason", v->void_reason);
    put_text(j, "supersedes", v->supersedes_no);
    put_text(j, "supersedes_reason", v->supersedes_reason);
    put_text(j, "superseded_by", v->superseded_by_no);
    put_parties(j, v);
    put_beacons(j, v);
    put_lots(j, v);
    put_teams(j, v);
    put_files(j, v);
    put_text(j, "seal", v->seal);
    json_key_int(j, "targets", v->targets);
    json_key_int(j, "places", v->places);
    json_key_int(j, "unfilled", v->unfilled);
    put_may(j, v->may);
}

enum err get_draw(struct http_call *c)
{
    struct ceremony_view v;
    int64_t id;
    struct document d;
    TRY(input_none(c));
    TRY(draw_id(c, &id));
    TRY(ceremony_show(c->cx, desk_of(c), actor_of(c), id, &v));
    document_open(c, &d);
    put_draw(&d.j, &v);
    return document_answer(c, 200, &d);
}
