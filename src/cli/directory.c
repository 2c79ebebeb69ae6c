/* sishi show departments|inspectors|inspector, inspector put, interest add|end. */
#include "cli/commands.h"

enum { PAGE = 500, JSON_BYTES = 1 << 26 };

static const char *const kind_names[] = { [INSPECTOR_OFFICER] = "officer",
                                          [INSPECTOR_QUALIFIED] = "qualified",
                                          [INSPECTOR_EXPERT] = "expert" };
static const char *const status_names[] = {
    [INSPECTOR_PENDING] = "pending", [INSPECTOR_VALID] = "valid", [INSPECTOR_INVALID] = "invalid"
};
static const char *const tie_names[] = { [INTEREST_RELATIVE] = "relative",
                                         [INTEREST_FORMER_EMPLOYER] = "former_employer",
                                         [INTEREST_SHAREHOLDING] = "shareholding",
                                         [INTEREST_PRIVATE_TIE] = "private_tie" };

/* The number of a name given by an option; `now` when it was not given. */
static enum err read_name(struct cli *c, const char *option, const char *const *names, size_t n,
                          int now, int *out)
{
    const char *text = cli_text(c, option);
    *out = now;
    for (size_t i = 1; text != NULL && i < n; i++) {
        if (str_eq(str_of(text), str_of(names[i]))) {
            *out = (int)i;
            return ERR_OK;
        }
    }
    return text == NULL ? ERR_OK : fail(c->cx, ERR_USAGE, "--%s %s", option, text);
}

static enum err read_day(struct cli *c, const char *option, int32_t now, int32_t *out)
{
    const char *text = cli_text(c, option);
    *out = now;
    return text == NULL ? ERR_OK : date_parse(c->cx, str_of(text), out);
}

static struct str read_text(const struct cli *c, const char *option, struct str now)
{
    return cli_text(c, option) == NULL ? now : str_of(cli_text(c, option));
}

static void print_id(const struct cli *c, int64_t id)
{
    char text[ID_CHARS];
    id_put(id, text);
    (void)fprintf(c->out, STR_FMT "\n", ID_CHARS, text);
}

/* ---- departments ----------------------------------------------------------------------------- */

static const struct cli_option departments_options[] = {
    { "region", CLI_TEXT, "CODE", "the division and all below it; otherwise all" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static void department_json(struct json *j, const struct department *d, int64_t inspectors)
{
    json_object(j);
    json_key_str(j, "code", d->code);
    json_key_str(j, "name", d->name);
    json_key_int(j, "level", d->level);
    json_key_str(j, "region", d->region);
    json_key_str(j, "parent", d->parent);
    json_key_str(j, "field", d->field);
    json_key_int(j, "inspectors", inspectors);
    json_end_object(j);
}

static enum err run_departments(struct cli *c)
{
    const struct desk *d = NULL;
    struct department *all = NULL;
    size_t n = 0;
    struct buf b = buf_of(c->cx->mem, JSON_BYTES);
    struct json j = json_to(&b);
    TRY(cli_desk(c, &d));
    TRY(department_list(c->cx, d, str_of(cli_text(c, "region")), &all, &n));
    json_array(&j);
    for (size_t i = 0; i < n; i++) {
        int64_t inspectors;
        TRY(inspector_entry_count(c->cx, d, all[i].code, &inspectors));
        department_json(&j, &all[i], inspectors);
        if (!c->json) {
            (void)fprintf(c->out, "%-20.*s %-8.*s %5lld  " STR_FMT "\n", STR_ARG(all[i].code),
                          STR_ARG(all[i].region), (long long)inspectors, STR_ARG(all[i].name));
        }
    }
    json_end_array(&j);
    return c->json ? cli_print_json(c, &b) : ERR_OK;
}

const struct cli_command cmd_show_departments = {
    .name = "show departments",
    .brief = "lists the departments",
    .words = "",
    .options = departments_options,
    .about = "Lists the departments that inspect: code, region, number of inspectors, name.",
    .examples = "sishi show departments --region 430100",
    .run = run_departments,
};

/* ---- inspectors ------------------------------------------------------------------------------ */

static const struct cli_option inspectors_options[] = {
    { "dept", CLI_TEXT, "CODE", "of that department; otherwise of all" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static void inspector_json(struct json *j, const struct inspector_entry *i)
{
    json_key_str(j, "staff_no", i->staff_no);
    json_key_str(j, "name", i->name);
    json_key_str(j, "dept", i->dept);
    json_key_str(j, "kind", str_of(kind_names[i->kind]));
    json_key_str(j, "regions", i->regions);
    json_key_str(j, "quals", i->quals);
    json_key_str(j, "cert_no", i->cert_no);
    json_key(j, "cert_valid_to_on");
    json_date(j, i->cert_valid_to_on);
    json_key_int(j, "cap", i->cap);
    json_key_int(j, "load", i->load);
    json_key_str(j, "status", str_of(status_names[i->status]));
}

static void inspector_line(const struct cli *c, const struct inspector_entry *i)
{
    char until[DATE_CHARS];
    date_put(i->cert_valid_to_on, until);
    (void)fprintf(c->out,
                  "%-18.*s %-16.*s %.*s %-8s %2lld %3lld  " STR_FMT "  " STR_FMT "  " STR_FMT "\n",
                  STR_ARG(i->staff_no), STR_ARG(i->dept), DATE_CHARS, until,
                  status_names[i->status], (long long)i->cap, (long long)i->load, STR_ARG(i->name),
                  STR_ARG(i->regions), STR_ARG(i->quals));
}

static enum err run_inspectors(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct inspector_entry *all = NULL;
    struct str after = STR("");
    size_t n = PAGE;
    struct buf b = buf_of(c->cx->mem, JSON_BYTES);
    struct json j = json_to(&b);
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    json_array(&j);
    while (n == PAGE) {
        TRY(inspector_entry_list(c->cx, d, &by, str_of(cli_text(c, "dept")), after, PAGE, &all,
                                 &n));
        for (size_t i = 0; i < n; i++) {
            if (c->json) {
                json_object(&j);
                inspector_json(&j, &all[i]);
                json_end_object(&j);
            } else {
                inspector_line(c, &all[i]);
            }
            after = all[i].staff_no;
        }
    }
    json_end_array(&j);
    return c->json ? cli_print_json(c, &b) : ERR_OK;
}

const struct cli_command cmd_show_inspectors = {
    .name = "show inspectors",
    .brief = "lists the inspectors",
    .words = "",
    .options = inspectors_options,
    .about = "Lists the inspectors by staff number: department, last day of the certificate, "
             "status, most places in one draw, places carried over, name, regions, "
             "qualifications. Needs --as an account that may read draws.",
    .examples = "sishi show inspectors --dept p_market --as planner",
    .run = run_inspectors,
};

static void interest_json(struct json *j, const struct interest *t)
{
    char id[ID_CHARS];
    id_put(t->id, id);
    json_object(j);
    json_key_str(j, "id", (struct str){ id, sizeof id });
    json_key_str(j, "code", t->code);
    json_key_str(j, "kind", str_of(tie_names[t->kind]));
    json_key(j, "from_on");
    json_date(j, t->from_on);
    json_key(j, "to_on");
    json_date(j, t->to_on);
    json_key_str(j, "note", t->note);
    json_end_object(j);
}

static void interest_line(const struct cli *c, const struct interest *t)
{
    char from[DATE_CHARS];
    char to[DATE_CHARS] = "         -";
    char id[ID_CHARS];
    id_put(t->id, id);
    date_put(t->from_on, from);
    if (t->to_on != 0) {
        date_put(t->to_on, to);
    }
    (void)fprintf(c->out, "  %.*s  %-18.*s %-16s %.*s %.*s  " STR_FMT "\n", ID_CHARS, id,
                  STR_ARG(t->code), tie_names[t->kind], DATE_CHARS, from, DATE_CHARS, to,
                  STR_ARG(t->note));
}

static enum err run_inspector(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct inspector_entry i;
    struct interest *ties = NULL;
    size_t n = 0;
    struct buf b = buf_of(c->cx->mem, JSON_BYTES);
    struct json j = json_to(&b);
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(inspector_entry_get(c->cx, d, &by, str_of(c->words[0]), &i));
    TRY(interest_list(c->cx, d, &by, i.staff_no, &ties, &n));
    json_object(&j);
    inspector_json(&j, &i);
    json_key(&j, "interests");
    json_array(&j);
    for (size_t k = 0; k < n; k++) {
        interest_json(&j, &ties[k]);
    }
    json_end_array(&j);
    json_end_object(&j);
    if (c->json) {
        return cli_print_json(c, &b);
    }
    inspector_line(c, &i);
    for (size_t k = 0; k < n; k++) {
        interest_line(c, &ties[k]);
    }
    return ERR_OK;
}

const struct cli_command cmd_show_inspector = {
    .name = "show inspector",
    .brief = "shows an inspector and the declared interests",
    .words = "STAFF_NO",
    .words_min = 1,
    .words_max = 1,
    .about = "Shows one inspector, and below it each declared interest: the entity's code, kind, "
             "first and last day, note. Needs --as an account that may read draws.",
    .examples = "sishi show inspector 430000-01-001 --as planner",
    .run = run_inspector,
};

static const struct cli_option put_options[] = {
    { "name", CLI_TEXT, "TEXT", "name" },
    { "dept", CLI_TEXT, "CODE", "department; otherwise that of --as" },
    { "kind", CLI_TEXT, "officer|qualified|expert", "otherwise officer" },
    { "regions", CLI_TEXT, "PREFIX,...", "beginnings of region codes, ascending: where" },
    { "quals", CLI_TEXT, "KEY,...", "qualifications, ascending; \"\" for none" },
    { "cert", CLI_TEXT, "NO", "number of the certificate" },
    { "cert-until", CLI_TEXT, "DAY", "its last day" },
    { "cap", CLI_NUMBER, "N", "most places in one draw; otherwise 8" },
    { "load", CLI_NUMBER, "N", "places carried over; otherwise 0" },
    { "status", CLI_TEXT, "pending|valid|invalid", "otherwise pending" },
    { NULL, CLI_FLAG, NULL, NULL },
};

/* What is known of the staff number; a new one gets what stands in put_options. */
static enum err known_inspector(struct cli *c, const struct desk *d, const struct actor *by,
                                struct inspector_entry *out)
{
    struct str no = str_of(c->words[0]);
    enum err code = inspector_entry_get(c->cx, d, by, no, out);
    if (code != ERR_NOT_FOUND) {
        return code;
    }
    fault_clear(c->cx);
    *out = (struct inspector_entry){ .staff_no = no,
                                     .dept = by->dept,
                                     .kind = INSPECTOR_OFFICER,
                                     .cap = 8,
                                     .status = INSPECTOR_PENDING };
    return ERR_OK;
}

static enum err read_inspector(struct cli *c, struct inspector_entry *i)
{
    int kind;
    int status;
    TRY(read_name(c, "kind", kind_names, COUNT_OF(kind_names), (int)i->kind, &kind));
    TRY(read_name(c, "status", status_names, COUNT_OF(status_names), (int)i->status, &status));
    TRY(read_day(c, "cert-until", i->cert_valid_to_on, &i->cert_valid_to_on));
    TRY(cli_number(c, "cap", 0, INT32_MAX, i->cap, &i->cap));
    TRY(cli_number(c, "load", 0, INT32_MAX, i->load, &i->load));
    i->kind = (enum inspector_kind)kind;
    i->status = (enum inspector_status)status;
    i->name = read_text(c, "name", i->name);
    i->dept = read_text(c, "dept", i->dept);
    i->regions = read_text(c, "regions", i->regions);
    i->quals = read_text(c, "quals", i->quals);
    i->cert_no = read_text(c, "cert", i->cert_no);
    return ERR_OK;
}

static enum err run_put(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct inspector_entry i;
    int64_t id;
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(known_inspector(c, d, &by, &i));
    TRY(read_inspector(c, &i));
    TRY(inspector_entry_put(c->cx, d, &by, &i, STR(""), &id));
    print_id(c, id);
    return ERR_OK;
}

const struct cli_command cmd_inspector_put = {
    .name = "inspector put",
    .brief = "enters an inspector, or changes one",
    .words = "STAFF_NO",
    .words_min = 1,
    .words_max = 1,
    .options = put_options,
    .about = "Enters an inspector by staff number, or changes one: of a known inspector only what "
             "is named changes. Needs --as the department's administrator. Prints the record's "
             "id.",
    .examples = "sishi inspector put M-17 --name Li --regions 4301 --cert 43-17 --cert-until "
                "2028-12-31 --status valid --as market\n"
                "sishi inspector put M-17 --cap 4 --as market        changes one thing",
    .run = run_put,
};

static const struct cli_option interest_options[] = {
    { "kind", CLI_TEXT, "relative|former_employer|shareholding|private_tie", "what ties them" },
    { "from", CLI_TEXT, "DAY", "first day" },
    { "to", CLI_TEXT, "DAY", "last day; otherwise it lasts" },
    { "note", CLI_TEXT, "TEXT", "for the department's eyes" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_interest(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    struct interest t = { .staff_no = str_of(c->words[0]),
                          .code = str_of(c->words[1]),
                          .note = str_of(cli_text(c, "note")) };
    int kind;
    int64_t id;
    TRY(read_name(c, "kind", tie_names, COUNT_OF(tie_names), 0, &kind));
    TRY(read_day(c, "from", 0, &t.from_on));
    TRY(read_day(c, "to", 0, &t.to_on));
    t.kind = (enum interest_kind)kind;
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(interest_add(c->cx, d, &by, &t, STR(""), &id));
    print_id(c, id);
    return ERR_OK;
}

const struct cli_command cmd_interest_add = {
    .name = "interest add",
    .brief = "declares an inspector's interest in an entity",
    .words = "STAFF_NO CODE",
    .words_min = 2,
    .words_max = 2,
    .options = interest_options,
    .about = "Declares that an inspector is tied to an entity, so that no draw sends the one to "
             "the other while the tie lasts. Needs --as the department's administrator. Prints "
             "the record's id.",
    .examples = "sishi interest add 430000-01-001 92430102YD0000005Q --kind shareholding --from "
                "2025-01-01 --as market",
    .run = run_interest,
};

static const struct cli_option end_options[] = {
    { "on", CLI_TEXT, "DAY", "the last day; otherwise today" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static enum err run_end(struct cli *c)
{
    const struct desk *d = NULL;
    struct actor by;
    int32_t on;
    int64_t id;
    TRY(read_day(c, "on", 0, &on));
    TRY(id_get(c->cx, str_of(c->words[1]), &id));
    TRY(cli_desk(c, &d));
    TRY(cli_actor(c, &by));
    TRY(interest_end(c->cx, d, &by, str_of(c->words[0]), id, on, STR("")));
    print_id(c, id);
    return ERR_OK;
}

const struct cli_command cmd_interest_end = {
    .name = "interest end",
    .brief = "ends an inspector's declared interest",
    .words = "STAFF_NO ID",
    .words_min = 2,
    .words_max = 2,
    .options = end_options,
    .about =
        "Gives a declared tie its last day, or an earlier one; the declaration stays on record, "
        "and draws already frozen keep it. A tie that lasts longer is declared anew. ID is "
        "what `sishi show inspector` prints. Needs --as the department's administrator.",
    .examples = "sishi interest end 430000-01-001 05C08R2D40000 --on 2026-06-30 --as market",
    .run = run_end,
};
