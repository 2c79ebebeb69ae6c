/* A procedure as a sheet that a lawyer reads: one HTML page, no script, for paper too. */
#include "cli/commands.h"
#include "cli/procedure.h"

enum { SHEET_MAX = 8 << 20 };

static void put(struct buf *b, struct str t)
{
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        if (c == '<' || c == '>' || c == '&' || c == '"') {
            buf_put_z(b, c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "&quot;");
        } else {
            buf_put_c(b, c);
        }
    }
}

static void cell(struct buf *b, struct str t)
{
    buf_put_z(b, "<td>");
    put(b, t);
    buf_put_z(b, "</td>");
}

/* A heading and the first row of its table; keys of words, NULL at the end. */
static void table(const struct say *s, struct buf *b, const char *heading,
                  const char *const *column)
{
    buf_put_z(b, "<h2>");
    put(b, say_word(s, heading));
    buf_put_z(b, "</h2>\n<table><thead><tr>");
    for (; *column != NULL; column++) {
        buf_put_z(b, "<th scope=\"col\">");
        put(b, say_word(s, *column));
        buf_put_z(b, "</th>");
    }
    buf_put_z(b, "</tr></thead><tbody>\n");
}
#define TABLE(s, b, heading, ...)                                                                  \
    table((s), (b), (heading), (const char *const[]){ __VA_ARGS__, NULL })
#define TABLE_END "</tbody></table>\n"

static void source_cell(const struct say *s, struct buf *b, struct str source, bool verified)
{
    buf_put_z(b, "<td>");
    put(b, source);
    buf_fmt(b, " <span class=\"%s\">", verified ? "v" : "u");
    put(b, say_word(s, verified ? "verified" : "unverified"));
    buf_put_z(b, "</span></td>");
}

static void put_head(const struct say *s, struct buf *b)
{
    const struct procedure *p = s->p;
    buf_fmt(b,
            "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta "
            "name=\"viewport\" content=\"width=device-width\"><title>",
            s->lang == LANG_ZH ? "zh-CN" : "en");
    put(b, say_term(s, &p->term));
    buf_put_z(
        b, "</title>\n<style>body{font:15px/1.5 sans-serif;max-width:72rem;margin:2rem auto;"
           "padding:0 1rem;color:#1c2430}table{border-collapse:collapse;width:100%;"
           "margin:.5rem 0 1.5rem}th,td{border:1px solid #b9c2cf;padding:.35rem .5rem;"
           "text-align:left;vertical-align:top}th{background:#eef2f7}small{color:#55606e}"
           ".u{background:#fff1d6;border:1px solid #b86e00;border-radius:3px;padding:0 .25rem;"
           "white-space:nowrap;font-size:.85em}.v{color:#2e7d32;font-size:.85em;white-space:nowrap}"
           "svg{max-width:100%;height:auto}ul{margin:0;padding-left:1.1rem}"
           "@media print{body{margin:0;font-size:11px}tr{break-inside:avoid}}</style>"
           "</head><body>\n<h1>");
    put(b, say_term(s, &p->term));
    buf_put_z(b, "</h1>\n<p>");
    put(b, SAY(s, "version", say_int(s, p->version)));
    if (p->valid_from_on != 0) {
        buf_put_z(b, " · ");
        put(b, SAY(s, "from_on", say_date(s, p->valid_from_on)));
    }
    if (p->valid_to_on != 0) {
        buf_put_z(b, " · ");
        put(b, SAY(s, "to_on", say_date(s, p->valid_to_on)));
    }
    char rule[40];
    (void)snprintf(rule, sizeof rule, "running_%s", running_rule_name(p->running));
    buf_put_z(b, " · ");
    put(b, say_word(s, rule));
    buf_put_z(b, "<br>");
    put(b, p->source);
    buf_put_z(b, "</p>\n<p><small>");
    put(b, say_word(s, "unverified_why"));
    buf_put_z(b, "</small></p>\n");
}

static void put_states(const struct say *s, struct buf *b)
{
    TABLE(s, b, "h_states", "c_name", "c_to");
    for (size_t i = 0; i < s->p->n_states; i++) {
        const struct proc_state *state = &s->p->state[i];
        buf_put_z(b, "<tr>");
        cell(b, say_term(s, &state->term));
        cell(b, state->initial    ? say_word(s, "initial")
                : state->terminal ? say_word(s, "terminal")
                                  : STR(""));
        buf_put_z(b, "</tr>\n");
    }
    buf_put_z(b, TABLE_END);
}

static void put_follows(const struct say *s, struct buf *b, const struct proc_step *step)
{
    buf_put_z(b, "<td><ul>");
    for (size_t i = 0; i < step->n_effects; i++) {
        buf_put_z(b, "<li>");
        put(b, say_effect(s, &step->effect[i]));
        buf_put_z(b, "</li>");
    }
    for (size_t i = 0; i < step->n_ops; i++) {
        buf_put_z(b, "<li>");
        put(b, say_op(s, &step->op[i]));
        buf_put_z(b, "</li>");
    }
    buf_put_z(b, "</ul></td>");
}

static void put_steps(const struct say *s, struct buf *b)
{
    const struct procedure *p = s->p;
    TABLE(s, b, "h_steps", "c_step", "c_from", "c_to", "c_who", "c_when", "c_form", "c_then",
          "source");
    for (size_t i = 0; i < p->n_steps; i++) {
        const struct proc_step *step = &p->step[i];
        buf_put_z(b, "<tr><td><b>");
        put(b, say_term(s, &step->term));
        buf_put_z(b, "</b></td>");
        cell(b, say_states(s, step->from, step->n_from));
        cell(b, step->to == PROCEDURE_NONE ? say_word(s, "stays")
                                           : say_term(s, &p->state[step->to].term));
        cell(b, say_who(s, step));
        cell(b, say_guard(s, step->when));
        cell(b, step->form == PROCEDURE_NONE ? STR("") : say_term(s, &p->form[step->form].term));
        put_follows(s, b, step);
        source_cell(s, b, step->source, step->verified);
        buf_put_z(b, "</tr>\n");
    }
    buf_put_z(b, TABLE_END);
}

static void put_clocks(const struct say *s, struct buf *b)
{
    TABLE(s, b, "h_clocks", "c_period", "c_length", "c_since", "c_pauses", "c_expiry", "source");
    for (size_t i = 0; i < s->p->n_clocks; i++) {
        const struct proc_clock *c = &s->p->clock[i];
        buf_put_z(b, "<tr><td><b>");
        put(b, say_clock(s, c));
        buf_put_z(b, "</b> <small>");
        put(b, c->key);
        buf_put_z(b, "</small></td>");
        cell(b, say_length(s, c));
        cell(b, c->at_opening ? say_word(s, "at_opening") : say_states(s, c->in, c->n_in));
        cell(b, c->row->paused_by);
        cell(b, say_expiry(s, c));
        source_cell(s, b, c->row->source, c->row->verified);
        buf_put_z(b, "</tr>\n");
    }
    buf_put_z(b, TABLE_END);
}

static void put_forms(const struct say *s, struct buf *b)
{
    TABLE(s, b, "h_forms", "c_no", "c_name");
    for (size_t i = 0; i < s->p->n_forms; i++) {
        buf_put_z(b, "<tr>");
        cell(b, s->p->form[i].no);
        cell(b, say_term(s, &s->p->form[i].term));
        buf_put_z(b, "</tr>\n");
    }
    buf_put_z(b, TABLE_END);
}

static void put_publications(const struct say *s, struct buf *b)
{
    TABLE(s, b, "h_publications", "c_name", "c_fields", "c_consent");
    for (size_t i = 0; i < s->p->n_publications; i++) {
        const struct proc_publication *p = &s->p->publication[i];
        buf_put_z(b, "<tr>");
        cell(b, say_term(s, &p->term));
        cell(b, say_fields(s, p->field, p->n_fields));
        cell(b,
             p->consent == PROCEDURE_NONE ? STR("") : say_term(s, &s->p->field[p->consent].term));
        buf_put_z(b, "</tr>\n");
    }
    buf_put_z(b, TABLE_END);
}

static struct str prefixed(const struct say *s, const char *prefix, const char *name)
{
    char key[40];
    (void)snprintf(key, sizeof key, "%s_%s", prefix, name);
    return str_dup(s->cx->mem, say_word(s, key));
}

static void put_fields(const struct say *s, struct buf *b)
{
    TABLE(s, b, "h_fields", "c_name", "c_type", "c_privacy", "required");
    for (size_t i = 0; i < s->p->n_fields; i++) {
        const struct proc_field *f = &s->p->field[i];
        buf_put_z(b, "<tr><td>");
        put(b, say_term(s, &f->term));
        buf_put_z(b, "</td><td>");
        put(b, prefixed(s, "type", field_type_name(f->type)));
        buf_put_z(b, f->n_choices > 0 ? "<ul>" : "");
        for (size_t k = 0; k < f->n_choices; k++) {
            buf_put_z(b, "<li>");
            put(b, say_term(s, &f->choice[k]));
            buf_put_z(b, "</li>");
        }
        buf_put_z(b, f->n_choices > 0 ? "</ul></td>" : "</td>");
        cell(b, prefixed(s, "privacy", privacy_name(f->privacy)));
        cell(b, f->required ? say_word(s, "required") : STR(""));
        buf_put_z(b, "</tr>\n");
    }
    buf_put_z(b, TABLE_END);
}

static void put_actors(const struct say *s, struct buf *b)
{
    TABLE(s, b, "h_actors", "c_name", "c_role");
    for (size_t i = 0; i < s->p->n_actors; i++) {
        const struct proc_actor *a = &s->p->actor[i];
        buf_put_z(b, "<tr>");
        cell(b, say_term(s, &a->term));
        cell(b, a->outside ? say_word(s, "outside") : a->role);
        buf_put_z(b, "</tr>\n");
    }
    buf_put_z(b, TABLE_END);
}

static enum err run_sheet(struct cli *c)
{
    struct say s;
    TRY(procedure_of_word(c, c->words[0], &s));
    struct buf b = buf_of(c->cx->mem, SHEET_MAX);
    put_head(&s, &b);
    TRY(procedure_svg(&s, &b));
    put_steps(&s, &b);
    put_clocks(&s, &b);
    put_states(&s, &b);
    put_actors(&s, &b);
    put_forms(&s, &b);
    if (s.p->n_publications > 0) {
        put_publications(&s, &b);
    }
    put_fields(&s, &b);
    buf_put_z(&b, "</body></html>\n");
    struct str page;
    TRY(buf_done(c->cx, &b, &page));
    return fwrite(page.p, 1, page.n, c->out) == page.n ? ERR_OK
                                                       : fail(c->cx, ERR_FILE, "standard output");
}

const struct cli_command cmd_def_sheet = {
    .name = "def sheet",
    .brief = "a procedure as a page that a lawyer reads",
    .words = "PROCEDURE",
    .words_min = 1,
    .words_max = 1,
    .about =
        "Writes an HTML page without scripts: the picture of the states, every step with who "
        "may take it, its condition in words, what follows, and its source; the periods, forms, "
        "publications and data. What nobody has compared with the text of the law says \"not "
        "verified\". In the language of --lang.\n\n"
        "PROCEDURE is a key (the version in force today), KEY@VERSION, or a file.",
    .examples =
        "sishi def sheet complaint --lang zh > complaint.html\n"
        "sishi def sheet draft/complaint.yaml > draft.html   a file that is not in force yet",
    .run = run_sheet,
};
