/* A market entity as JSON: the same at the API and at the command line. */
#include "office/office.h"

static void put_class(struct json *j, const struct defs *defs, int no)
{
    const struct entity_class *k = defs_class(defs, no);
    json_key_text(j, "class", k == NULL ? STR("") : k->key);
}

static void put_capital(struct json *j, int64_t fen)
{
    json_key(j, "capital_fen");
    if (fen < 0) {
        json_null(j);
    } else {
        json_int(j, fen);
    }
}

static void put_version(struct json *j, const struct market_entity *e)
{
    json_key_int(j, "version", e->version);
    json_key_date(j, "valid_from_on", e->valid_from_on);
    json_key_date(j, "valid_to_on", e->valid_to_on);
    json_key_instant(j, "recorded_at", e->recorded_at);
    json_key_instant(j, "superseded_at", e->superseded_at);
    json_key_id(j, "recorded_by", e->recorded_by);
    json_key_text(j, "reason", e->reason);
}

void entity_json(struct json *j, const struct defs *defs, const struct market_entity *e)
{
    json_key_id(j, "id", e->id);
    json_key_str(j, "code", e->code);
    json_key_text(j, "uscc", e->uscc);
    json_key_text(j, "regno", e->regno);
    json_key_str(j, "name", e->name);
    put_class(j, defs, e->cls);
    json_key_str(j, "status", str_of(entity_status_name(e->status)));
    json_key_str(j, "region", e->region);
    json_key_text(j, "authority", e->authority);
    json_key_text(j, "industry", e->industry);
    json_key_date(j, "established_on", e->established_on);
    json_key_date(j, "closed_on", e->closed_on);
    json_key_text(j, "premises", e->premises);
    put_capital(j, e->capital_fen);
    json_key_text(j, "representative", e->representative);
    json_key_text(j, "grade", (struct str){ &e->grade, e->grade != 0 });
    put_version(j, e);
}
