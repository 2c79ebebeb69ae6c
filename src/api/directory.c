/* Departments and the list of inspection items. */
#include "api/handlers.h"

/* ---- departments --------------------------------------------------------------------------------
 */

static void put_department(struct http_call *c, struct json *j, const struct department *p)
{
    json_key_str(j, "code", p->code);
    json_key_str(j, "name", p->name);
    json_key_int(j, "level", p->level);
    json_key_str(j, "region", p->region);
    json_key_text(j, "parent", p->parent);
    json_key_str(j, "field", p->field);
    json_key_str(j, "field_label", defs_field_label(desk_of(c)->defs, p->field, c->cx->lang));
}

struct region_input {
    uint64_t given;
    struct str region;
};

enum err get_departments(struct http_call *c)
{
    static const struct input_member members[] = {
        { "region", INPUT_TEXT, OPTIONAL, offsetof(struct region_input, region), 2, 12, NULL,
          NULL },
    };
    static const struct input_table table = INPUT_TABLE(members);
    struct region_input in = { 0 };
    struct department *all = NULL;
    size_t n = 0;
    struct document d;
    TRY(input_query(c, &table, &in));
    TRY(department_list(c->cx, desk_of(c), in.region, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        put_department(c, &d.j, &all[k]);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

enum err get_department(struct http_call *c)
{
    struct department p;
    struct document d;
    TRY(input_none(c));
    TRY(department_get(c->cx, desk_of(c), c->seg[0], &p));
    document_open(c, &d);
    put_department(c, &d.j, &p);
    return document_answer(c, 200, &d);
}

/* ---- items ----------------------------------------------------------------------------------- */

static void put_basis(struct json *j, struct str lines)
{
    json_key(j, "basis");
    json_array(j);
    while (lines.n > 0) {
        struct str rest = str_cut(&lines, '\n');
        json_object(j);
        json_key_str(j, "law", str_cut(&rest, '\t'));
        json_key_str(j, "article", str_cut(&rest, '\t'));
        json_key_bool(j, "verified", str_eq(rest, STR("1")));
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_classes(struct http_call *c, struct json *j, uint64_t mask)
{
    const struct entity_class *all = NULL;
    size_t n = defs_classes(desk_of(c)->defs, &all);
    json_key(j, "classes");
    json_array(j);
    for (size_t k = 0; k < n; k++) {
        if ((mask >> all[k].no & 1u) != 0) {
            json_str(j, all[k].key);
        }
    }
    json_end_array(j);
}

static void put_bounds(struct json *j, const struct item *i)
{
    json_key_int(j, "ratio_floor_ppm", i->ratio_floor_ppm);
    json_key_int(j, "ratio_cap_ppm", i->ratio_cap_ppm);
    json_key_int(j, "yearly_cap", i->yearly_cap);
    json_key_date(j, "valid_from_on", i->valid_from_on);
    json_key_date(j, "valid_to_on", i->valid_to_on);
}

static void put_item(struct http_call *c, struct json *j, const struct item *i)
{
    static const char *const kinds[] = { [ITEM_GENERAL] = "general", [ITEM_KEY] = "key" };
    static const char *const lists[] = {
        [ITEM_LEAVE_ALONE] = "leave_alone", [ITEM_RANDOM] = "random", [ITEM_KEY_LIST] = "key"
    };
    json_key_str(j, "code", i->code);
    json_key_int(j, "version", i->version);
    json_key_str(j, "category", i->category);
    json_key_str(j, "name", i->name);
    json_key_text(j, "name_en", i->name_en);
    json_key_str(j, "objects", i->objects);
    json_key_str(j, "kind", str_of(kinds[i->kind]));
    json_key_str(j, "list", str_of(lists[i->list]));
    json_key_parts(j, "methods", i->methods, ',');
    json_key_str(j, "field", i->field);
    json_key_parts(j, "levels", i->levels, ',');
    put_basis(j, i->basis);
    json_key_parts(j, "quals", i->quals, ',');
    put_classes(c, j, i->classes);
    json_key_parts(j, "industries", i->industries, ',');
    put_bounds(j, i);
}

struct day_input {
    uint64_t given;
    int32_t on;
};
static const struct input_member day_members[] = {
    { "on", INPUT_DATE, OPTIONAL, offsetof(struct day_input, on), 0, 0, NULL, NULL },
};
static const struct input_table day_table = INPUT_TABLE(day_members);

enum err get_items(struct http_call *c)
{
    struct day_input in = { 0 };
    struct item *all = NULL;
    size_t n = 0;
    struct document d;
    TRY(input_query(c, &day_table, &in));
    TRY(item_list(c->cx, desk_of(c), in.on, &all, &n));
    list_open(c, &d);
    for (size_t k = 0; k < n; k++) {
        json_object(&d.j);
        put_item(c, &d.j, &all[k]);
        json_end_object(&d.j);
    }
    return list_answer_whole(c, &d);
}

enum err get_item(struct http_call *c)
{
    struct day_input in = { 0 };
    struct item i;
    struct document d;
    TRY(input_query(c, &day_table, &in));
    TRY(item_get(c->cx, desk_of(c), c->seg[0], in.on, &i));
    document_open(c, &d);
    put_item(c, &d.j, &i);
    return document_answer(c, 200, &d);
}
