/* The table of the JSON door. */
#include "api/api.h"

#include "api/answer.h"

static void code_json(struct json *j, const struct code_check *k, enum lang lang, struct buf *why)
{
    code_explain(k, lang, why);
    json_object(j);
    json_key_bool(j, "valid", k->err == ERR_OK);
    json_key_str(j, "kind", str_of(code_kind_name(k->kind)));
    json_key_str(j, "code", (struct str){ k->code, k->n });
    if (k->err != ERR_OK) {
        json_key_str(j, "problem", str_of(err_name(k->err)));
        json_key_str(j, "explanation", buf_str(why));
        json_key_int(j, "position", (int64_t)k->position);
    }
    if (k->suggestion[0] != '\0') {
        json_key_str(j, "suggestion", (struct str){ k->suggestion, k->n });
    }
    json_end_object(j);
}

static enum err get_code(struct http_call *c)
{
    struct buf b = buf_of(c->cx->mem, 4096);
    struct buf why = buf_of(c->cx->mem, 2048);
    struct json j = json_to(&b);
    struct code_check k = code_check(c->seg[0]);
    code_json(&j, &k, c->cx->lang, &why);
    return api_answer(c, 200, &b);
}

static void entity_json(struct json *j, const struct market_entity *e)
{
    json_object(j);
    json_key(j, "id");
    json_id(j, e->id);
    json_key_str(j, "code", e->code);
    json_key_str(j, "name", e->name);
    json_key_int(j, "class", e->cls);
    json_key_str(j, "status", str_of(entity_status_name(e->status)));
    json_key_str(j, "region", e->region);
    json_key_str(j, "industry", e->industry);
    json_key(j, "established_on");
    json_date(j, e->established_on);
    json_key(j, "closed_on");
    json_date(j, e->closed_on);
    json_key_str(j, "premises", e->premises);
    if (e->grade != 0) { /* only those who may see it get it from the office */
        json_key_str(j, "grade", (struct str){ &e->grade, 1 });
    }
    json_end_object(j);
}

static enum err get_entity(struct http_call *c)
{
    const struct caller *who = c->user;
    struct market_entity e;
    struct buf b = buf_of(c->cx->mem, 65536);
    struct json j = json_to(&b);
    TRY(register_by_code(c->cx, c->app, &who->actor, c->seg[0], &e));
    entity_json(&j, &e);
    return api_answer(c, 200, &b);
}

static enum err get_me(struct http_call *c)
{
    const struct caller *who = c->user;
    struct buf b = buf_of(c->cx->mem, 8192);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_str(&j, "name", who->actor.name);
    json_key_str(&j, "shown", who->actor.shown);
    json_key_str(&j, "dept", who->actor.dept);
    json_key_str(&j, "region", who->actor.region);
    json_key(&j, "roles");
    json_array(&j);
    for (int r = 0; r < ROLE__COUNT; r++) {
        if ((who->actor.roles >> r & 1u) != 0) {
            json_z(&j, role_name((enum role)r));
        }
    }
    json_end_array(&j);
    json_end_object(&j);
    return api_answer(c, 200, &b);
}

static const struct http_route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/api/v1/codes/{}",
      .power = POWER_PUBLIC,
      .handle = get_code,
      .name = "code_check",
      .doc = "checks a unified social credit code, registration number or organisation code" },
    { .method = HTTP_GET,
      .pattern = "/api/v1/entities/{}",
      .power = POWER_PUBLIC,
      .handle = get_entity,
      .name = "entity_show",
      .doc = "a market entity by its code, as the caller may see it" },
    { .method = HTTP_GET,
      .pattern = "/api/v1/me",
      .power = POWER_SIGNED_IN,
      .handle = get_me,
      .name = "me",
      .doc = "who the caller is" },
};

const struct http_table api_table = { routes, COUNT_OF(routes), api_fault, "/api/" };
