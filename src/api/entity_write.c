/* Entering and changing market entities. */
#include "api/entity.h"

/* What may be said of an entity; the rows stand in the order of enum entity_field, so that `given`
 * is the mask of what a change sets. */
struct facts_input {
    uint64_t given;
    struct str name, cls;
    int status;
    struct str region, authority, industry;
    int32_t established_on, closed_on;
    struct str premises;
    int64_t capital_fen;
    struct str representative, uscc, regno;
    /* of a new entity only */
    int32_t valid_from_on;
    struct str reason;
};
enum { TEXT_MAX = 200 };
#define CAPITAL_MAX_FEN (INT64_C(1) << 53)
#define FACT(name, kind, need, field, lo, hi, words)                                               \
    {                                                                                              \
        name, kind, need, offsetof(struct facts_input, field), lo, hi, words, NULL                 \
    }
#define FACT_MEMBERS(need)                                                                         \
    FACT("name", INPUT_TEXT, need, name, 1, TEXT_MAX, NULL),                                       \
        FACT("class", INPUT_TEXT, need, cls, 1, 32, NULL),                                         \
        FACT("status", INPUT_WORD, OPTIONAL, status, 0, 0, entity_status_words),                   \
        FACT("region", INPUT_TEXT, need, region, 6, 12, NULL),                                     \
        FACT("authority", INPUT_TEXT, OPTIONAL, authority, 1, 32, NULL),                           \
        FACT("industry", INPUT_TEXT, OPTIONAL, industry, 1, 5, NULL),                              \
        FACT("established_on", INPUT_DATE, OPTIONAL, established_on, 0, 0, NULL),                  \
        FACT("closed_on", INPUT_DATE, OPTIONAL, closed_on, 0, 0, NULL),                            \
        FACT("premises", INPUT_TEXT, OPTIONAL, premises, 1, TEXT_MAX, NULL),                       \
        FACT("capital_fen", INPUT_INT, OPTIONAL, capital_fen, 0, CAPITAL_MAX_FEN, NULL),           \
        FACT("representative", INPUT_TEXT, OPTIONAL, representative, 1, TEXT_MAX, NULL),           \
        FACT("uscc", INPUT_TEXT, OPTIONAL, uscc, 18, 18, NULL),                                    \
        FACT("regno", INPUT_TEXT, OPTIONAL, regno, 1, 18, NULL)

static const struct input_member new_members[] = {
    FACT_MEMBERS(REQUIRED),
    FACT("valid_from_on", INPUT_DATE, OPTIONAL, valid_from_on, 0, 0, NULL),
    FACT("reason", INPUT_TEXT, OPTIONAL, reason, 1, TEXT_MAX, NULL),
};
static const struct input_table new_table = INPUT_TABLE(new_members);
static const struct input_member set_members[] = { FACT_MEMBERS(OPTIONAL) };
static const struct input_table set_table = INPUT_TABLE(set_members);

static enum err facts_of(struct http_call *c, const struct facts_input *in,
                         struct market_entity *out)
{
    *out = (struct market_entity){ .uscc = in->uscc,
                                   .regno = in->regno,
                                   .name = in->name,
                                   .status = (enum entity_status)in->status,
                                   .region = in->region,
                                   .authority = in->authority,
                                   .industry = in->industry,
                                   .established_on = in->established_on,
                                   .closed_on = in->closed_on,
                                   .premises = in->premises,
                                   .capital_fen = in->capital_fen,
                                   .representative = in->representative,
                                   .valid_from_on = in->valid_from_on,
                                   .reason = in->reason };
    return in->cls.n == 0 ? ERR_OK : class_of(c, "class", in->cls, &out->cls);
}

enum err add_entity(struct http_call *c)
{
    struct facts_input in = { .status = ENTITY_ACTIVE, .capital_fen = -1 };
    struct market_entity e;
    struct str key;
    int64_t id;
    char text[ID_CHARS];
    struct document d;
    TRY(input_op_key(c, &key));
    TRY(input_body(c, &new_table, &in));
    TRY(facts_of(c, &in, &e));
    TRY(register_add(c->cx, desk_of(c), actor_of(c), &e, key, &id));
    document_open(c, &d);
    json_key_id(&d.j, "id", id);
    id_put(id, text);
    return document_made(c, &d, text_of(c->cx, "/api/v1/entities/%.*s", (int)sizeof text, text));
}

struct change_input {
    uint64_t given;
    int64_t version;
    int32_t from_on, to_on;
    struct str reason;
    struct facts_input set;
};
static const struct input_member change_members[] = {
    { "version", INPUT_INT, REQUIRED, offsetof(struct change_input, version), 0, INT32_MAX, NULL,
      NULL },
    { "from_on", INPUT_DATE, REQUIRED, offsetof(struct change_input, from_on), 0, 0, NULL, NULL },
    { "to_on", INPUT_DATE, OPTIONAL, offsetof(struct change_input, to_on), 0, 0, NULL, NULL },
    { "reason", INPUT_TEXT, REQUIRED, offsetof(struct change_input, reason), 1, TEXT_MAX, NULL,
      NULL },
    { "set", INPUT_OBJECT, REQUIRED, offsetof(struct change_input, set), 0, 0, NULL, &set_table },
};
static const struct input_table change_table = INPUT_TABLE(change_members);

enum err change_entity(struct http_call *c)
{
    struct change_input in = { .set = { .capital_fen = -1 } };
    struct entity_change change;
    struct market_entity now;
    struct str key;
    TRY(input_op_key(c, &key));
    TRY(input_body(c, &change_table, &in));
    TRY(entity_of(c, &now));
    change = (struct entity_change){ .id = now.id,
                                     .version = in.version,
                                     .fields = (unsigned)in.set.given,
                                     .from_on = in.from_on,
                                     .to_on = in.to_on,
                                     .reason = in.reason };
    TRY(facts_of(c, &in.set, &change.to));
    TRY(register_change(c->cx, desk_of(c), actor_of(c), &change, key));
    return answer_nothing(c);
}

struct alias_input {
    uint64_t given;
    struct str alias;
};

enum err add_entity_alias(struct http_call *c)
{
    static const struct input_member members[] = {
        { "alias", INPUT_TEXT, REQUIRED, offsetof(struct alias_input, alias), 1, TEXT_MAX, NULL,
          NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct alias_input in = { 0 };
    struct market_entity e;
    struct str key;
    TRY(input_op_key(c, &key));
    TRY(input_body(c, &table, &in));
    TRY(entity_of(c, &e));
    TRY(register_alias_add(c->cx, desk_of(c), actor_of(c), e.id, in.alias, key));
    return answer_nothing(c);
}
