/* sishi def: the procedures of definitions/, checked, shown and drawn. */
#include "cli/procedure.h"
#include "cli/commands.h"

#include <string.h>

enum { FILE_MAX = 4 << 20, SVG_MAX = 4 << 20, DOCUMENT_MAX = 4 << 20, TAB_WIDTH = 1 };

static void file_closep(FILE **f)
{
    if (*f != NULL) {
        (void)fclose(*f);
    }
}

enum err procedure_file(struct cli *c, const char *path, struct str *out)
{
    CLEANUP(file_closep) FILE *f = fopen(path, "rbe");
    char chunk[1 << 14];
    struct buf b = buf_of(c->cx->mem, FILE_MAX);
    if (f == NULL) {
        return fail(c->cx, ERR_FILE, "%s", path);
    }
    for (size_t n = fread(chunk, 1, sizeof chunk, f); n > 0; n = fread(chunk, 1, sizeof chunk, f)) {
        buf_put(&b, (struct str){ chunk, n });
    }
    return ferror(f) ? fail(c->cx, ERR_FILE, "%s", path) : buf_done(c->cx, &b, out);
}

/* LINE and COLUMN of "PATH:LINE:COLUMN: what". */
static bool place(struct cx *cx, const char *path, int64_t *line, int64_t *column)
{
    struct str rest = str_of(cx->fault.detail);
    struct cx quiet = { .mem = cx->mem };
    if (!str_starts(rest, str_of(path))) {
        return false;
    }
    rest = str_from(rest, strlen(path));
    (void)str_cut(&rest, ':');
    return str_int(&quiet, str_cut(&rest, ':'), 1, INT32_MAX, line) == ERR_OK &&
           str_int(&quiet, str_cut(&rest, ':'), 1, INT32_MAX, column) == ERR_OK;
}

void procedure_caret(struct cli *c, const char *path)
{
    int64_t line;
    int64_t column;
    struct str text;
    struct fault said = c->cx->fault;
    if (c->json || !place(c->cx, path, &line, &column) ||
        procedure_file(c, path, &text) != ERR_OK || utf8_bad_at(text) < text.n) {
        c->cx->fault = said;
        return;
    }
    struct str row = { "", 0 };
    for (int64_t i = 0; i < line; i++) {
        row = str_cut(&text, '\n');
    }
    (void)fprintf(c->note, "%5lld | " STR_FMT "\n      | ", (long long)line, STR_ARG(row));
    size_t at = 0;
    for (int64_t k = 1; k < column && at < row.n; k++) {
        uint32_t ch = utf8_next(row, &at);
        (void)fputs(ch == '\t' ? "\t" : ch >= 0x2e80 ? "  " : " ", c->note);
    }
    (void)fputs("^\n", c->note);
}

static enum err read_file(struct cli *c, const struct defs *defs, const char *path,
                          const struct procedure **out)
{
    struct str text;
    TRY(procedure_file(c, path, &text));
    enum err e = defs_procedure_read(c->cx, defs, path, text, out);
    if (e == ERR_DEFINITION) {
        procedure_caret(c, path);
    }
    return e;
}

static enum err of_key(struct cli *c, const struct defs *defs, const char *word,
                       const struct procedure **out)
{
    struct str version = str_of(word);
    struct str key = str_cut(&version, '@');
    int64_t n = 0;
    if (version.n > 0) {
        TRY(str_int(c->cx, version, 1, 100000, &n));
        *out = defs_procedure_version(defs, key, (int32_t)n);
    } else {
        *out = defs_procedure(defs, key, date_of_ms(c->cx->now_ms));
    }
    return *out != NULL ? ERR_OK
                        : fail(c->cx, ERR_NOT_FOUND, "procedure %s%s", word,
                               version.n > 0 ? "" : ", in force today");
}

enum err procedure_of_word(struct cli *c, const char *word, struct say *out)
{
    const struct defs *defs = NULL;
    bool file = strchr(word, '/') != NULL || str_ends(str_of(word), STR(".yaml"));
    TRY(cli_defs(c, &defs));
    *out = (struct say){ .cx = c->cx, .defs = defs, .lang = c->cx->lang };
    return file ? read_file(c, defs, word, &out->p) : of_key(c, defs, word, &out->p);
}

/* Every file anew, now that all of them are known: children's states may stand in a later one. */
static enum err check_all(struct cli *c, const struct defs *defs)
{
    const struct procedure *const *all;
    size_t n = defs_procedures(defs, &all);
    for (size_t i = 0; i < n; i++) {
        char path[4096];
        const struct procedure *again;
        if (snprintf(path, sizeof path, "%s/" STR_FMT, cli_defs_dir(c), STR_ARG(all[i]->file)) >=
            (int)sizeof path) {
            return fail(c->cx, ERR_FILE, "%s", cli_defs_dir(c));
        }
        TRY(read_file(c, defs, path, &again));
    }
    return ERR_OK;
}

static void count_json(struct json *j, const struct defs_counts *n)
{
    json_object(j);
    json_key_int(j, "regions", (int64_t)n->regions);
    json_key_int(j, "industries", (int64_t)n->industries);
    json_key_int(j, "classes", (int64_t)n->classes);
    json_key_int(j, "departments", (int64_t)n->departments);
    json_key_int(j, "items", (int64_t)n->items);
    json_key_int(j, "columns", (int64_t)n->columns);
    json_key_int(j, "deadlines", (int64_t)n->deadlines);
    json_key_int(j, "procedures", (int64_t)n->procedures);
    json_end_object(j);
}

static size_t unverified(const struct procedure *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_steps; i++) {
        n += !p->step[i].verified;
    }
    return n;
}

static enum err check_file(struct cli *c, const struct defs *defs)
{
    const struct procedure *p = NULL;
    TRY(read_file(c, defs, c->words[0], &p));
    if (c->json) {
        struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
        struct json j = json_to(&b);
        json_object(&j);
        json_key_str(&j, "procedure", p->term.key);
        json_key_int(&j, "version", p->version);
        json_key_int(&j, "states", (int64_t)p->n_states);
        json_key_int(&j, "steps", (int64_t)p->n_steps);
        json_key_int(&j, "clocks", (int64_t)p->n_clocks);
        json_key_int(&j, "steps_not_verified", (int64_t)unverified(p));
        json_end_object(&j);
        return cli_print_json(c, &b);
    }
    (void)fprintf(
        c->out,
        STR_FMT " version %d: %zu states, %zu steps (%zu not verified), %zu periods: good\n",
        STR_ARG(p->term.key), (int)p->version, p->n_states, p->n_steps, unverified(p), p->n_clocks);
    return ERR_OK;
}

/* The failure of loading names a file below the folder of definitions. */
static enum err load(struct cli *c, const struct defs **defs)
{
    enum err e = cli_defs(c, defs);
    if (e == ERR_DEFINITION) {
        struct str rest = str_of(c->cx->fault.detail);
        struct str file = str_cut(&rest, ':');
        char path[4096];
        char detail[sizeof c->cx->fault.detail];
        (void)snprintf(path, sizeof path, "%s/" STR_FMT, cli_defs_dir(c), STR_ARG(file));
        (void)snprintf(detail, sizeof detail, "%.400s:" STR_FMT, path, STR_ARG(rest));
        (void)snprintf(c->cx->fault.detail, sizeof c->cx->fault.detail, "%s", detail);
        procedure_caret(c, path);
    }
    return e;
}

static enum err run_check(struct cli *c)
{
    const struct defs *defs = NULL;
    TRY(load(c, &defs));
    if (c->n_words > 0) {
        return check_file(c, defs);
    }
    TRY(check_all(c, defs));
    struct defs_counts n = defs_count(defs);
    if (c->json) {
        struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
        struct json j = json_to(&b);
        count_json(&j, &n);
        return cli_print_json(c, &b);
    }
    (void)fprintf(
        c->out,
        "%zu regions, %zu industries, %zu classes, %zu departments, %zu items, %zu column "
        "words, %zu deadlines, %zu procedures: good\n",
        n.regions, n.industries, n.classes, n.departments, n.items, n.columns, n.deadlines,
        n.procedures);
    return ERR_OK;
}

static void show_step(struct cli *c, const struct say *s, const struct proc_step *step)
{
    (void)fprintf(c->out, "  " STR_FMT "  [" STR_FMT "]\n", STR_ARG(say_term(s, &step->term)),
                  STR_ARG(step->term.key));
    (void)fprintf(c->out, "    " STR_FMT " -> " STR_FMT "  (" STR_FMT ")\n",
                  STR_ARG(say_states(s, step->from, step->n_from)),
                  STR_ARG(step->to == PROCEDURE_NONE ? say_word(s, "stays")
                                                     : say_term(s, &s->p->state[step->to].term)),
                  STR_ARG(say_who(s, step)));
    if (step->when != NULL) {
        (void)fprintf(c->out, "    %s: " STR_FMT "\n", say_word(s, "c_when").p,
                      STR_ARG(say_guard(s, step->when)));
    }
    for (size_t i = 0; i < step->n_effects; i++) {
        (void)fprintf(c->out, "    - " STR_FMT "\n", STR_ARG(say_effect(s, &step->effect[i])));
    }
    for (size_t i = 0; i < step->n_ops; i++) {
        (void)fprintf(c->out, "    - " STR_FMT "\n", STR_ARG(say_op(s, &step->op[i])));
    }
    (void)fprintf(c->out, "    " STR_FMT " (" STR_FMT ")\n", STR_ARG(step->source),
                  STR_ARG(say_word(s, step->verified ? "verified" : "unverified")));
}

static void show_text(struct cli *c, const struct say *s)
{
    const struct procedure *p = s->p;
    (void)fprintf(c->out, STR_FMT "  " STR_FMT "@%d\n" STR_FMT "\n\n" STR_FMT "\n",
                  STR_ARG(say_term(s, &p->term)), STR_ARG(p->term.key), (int)p->version,
                  STR_ARG(p->source), STR_ARG(say_word(s, "h_clocks")));
    for (size_t i = 0; i < p->n_clocks; i++) {
        const struct proc_clock *k = &p->clock[i];
        (void)fprintf(c->out,
                      "  " STR_FMT "  " STR_FMT ": " STR_FMT "; " STR_FMT "  " STR_FMT " (" STR_FMT
                      ")\n",
                      STR_ARG(k->key), STR_ARG(say_clock(s, k)), STR_ARG(say_length(s, k)),
                      STR_ARG(say_expiry(s, k)), STR_ARG(k->row->source),
                      STR_ARG(say_word(s, k->row->verified ? "verified" : "unverified")));
    }
    (void)fprintf(c->out, "\n" STR_FMT "\n", STR_ARG(say_word(s, "h_steps")));
    for (size_t i = 0; i < p->n_steps; i++) {
        show_step(c, s, &p->step[i]);
    }
}

static void json_states(struct json *j, const struct procedure *p, const int16_t *state, size_t n)
{
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        json_str(j, p->state[state[i]].term.key);
    }
    json_end_array(j);
}

static void step_json(struct json *j, const struct say *s, const struct proc_step *step)
{
    struct buf guard = buf_of(s->cx->mem, 1 << 14);
    json_object(j);
    json_key_str(j, "event", step->term.key);
    json_key_str(j, "label", say_term(s, &step->term));
    json_key(j, "from");
    json_states(j, s->p, step->from, step->n_from);
    json_key_str(j, "to", step->to == PROCEDURE_NONE ? STR("=") : s->p->state[step->to].term.key);
    json_key(j, "by");
    json_array(j);
    for (size_t i = 0; i < step->n_by; i++) {
        json_str(j, s->p->actor[step->by[i]].term.key);
    }
    if (step->n_by == 0) {
        json_str(j, STR("timer"));
    }
    json_end_array(j);
    json_key_int(j, "officers", step->officers);
    if (step->when != NULL) {
        guard_print(step->when, &guard);
        json_key_str(j, "when", buf_str(&guard));
        json_key_str(j, "when_said", say_guard(s, step->when));
    }
    json_key_str(j, "source", step->source);
    json_key_bool(j, "verified", step->verified);
    json_end_object(j);
}

static enum err show_json(struct cli *c, const struct say *s)
{
    const struct procedure *p = s->p;
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_str(&j, "procedure", p->term.key);
    json_key_int(&j, "version", p->version);
    json_key_str(&j, "label", say_term(s, &p->term));
    json_key(&j, "valid_from");
    json_date(&j, p->valid_from_on);
    json_key(&j, "valid_to");
    json_date(&j, p->valid_to_on);
    json_key_str(&j, "source", p->source);
    json_key(&j, "states");
    json_array(&j);
    for (size_t i = 0; i < p->n_states; i++) {
        json_object(&j);
        json_key_str(&j, "key", p->state[i].term.key);
        json_key_str(&j, "label", say_term(s, &p->state[i].term));
        json_key_bool(&j, "initial", p->state[i].initial);
        json_key_bool(&j, "terminal", p->state[i].terminal);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_key(&j, "steps");
    json_array(&j);
    for (size_t i = 0; i < p->n_steps; i++) {
        step_json(&j, s, &p->step[i]);
    }
    json_end_array(&j);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

static enum err run_show(struct cli *c)
{
    struct say s;
    TRY(procedure_of_word(c, c->words[0], &s));
    if (c->json) {
        return show_json(c, &s);
    }
    show_text(c, &s);
    return ERR_OK;
}

static enum err run_draw(struct cli *c)
{
    struct say s;
    struct str svg;
    TRY(procedure_of_word(c, c->words[0], &s));
    struct buf b = buf_of(c->cx->mem, SVG_MAX);
    TRY(procedure_svg(&s, &b));
    TRY(buf_done(c->cx, &b, &svg));
    return fwrite(svg.p, 1, svg.n, c->out) == svg.n ? ERR_OK
                                                    : fail(c->cx, ERR_FILE, "standard output");
}

const struct cli_command cmd_def_check = {
    .name = "def check",
    .brief = "reads the definitions, or one procedure's file, and says what is wrong",
    .words = "[FILE]",
    .words_max = 1,
    .about =
        "Without FILE all of definitions/ is read. With FILE one procedure, against the other\n"
        "definitions. The first mistake is told as FILE:LINE:COLUMN with the line and a caret "
        "under\n"
        "the place. Of a procedure it is checked that every state is reached and can end, every\n"
        "period is a row of deadlines.yaml, starts, and ends with an outcome, roles and forms\n"
        "exist, guards fit the types of the data, an event is one step, nothing sealed is\n"
        "published, and everything has a name in both languages.",
    .examples = "sishi def check\n"
                "sishi def check draft/complaint.yaml    a file that is not in force yet",
    .run = run_check,
};

const struct cli_command cmd_def_show = {
    .name = "def show",
    .brief = "a procedure in words: its periods and steps",
    .words = "PROCEDURE",
    .words_min = 1,
    .words_max = 1,
    .about = "PROCEDURE is a key (the version in force today), KEY@VERSION, or a file. In the "
             "language of --lang; --json gives states and steps for programs.",
    .examples = "sishi def show complaint --lang zh\n"
                "sishi def show complaint@1      as it was under Order 20",
    .run = run_show,
};

const struct cli_command cmd_def_draw = {
    .name = "def draw",
    .brief = "the states and steps of a procedure as an SVG picture",
    .words = "PROCEDURE",
    .words_min = 1,
    .words_max = 1,
    .about =
        "States stand in layers from the beginning (green) to the ends (thick border); a step "
        "that stays is written inside its state. What a clock does by itself is dashed and "
        "red. PROCEDURE is a key, KEY@VERSION, or a file; names are in the language of --lang.",
    .examples = "sishi def draw complaint --lang zh > complaint.svg",
    .run = run_draw,
};
