#include "base/csv.h"

#include <string.h>

/* The record is read from `at`; `end` stands behind the last byte that may be looked at. */
struct cutter {
    const char *start, *at, *end;
    char separator;
    bool last;
    char *scratch;
    struct csv_record *out;
};

enum step { STEP_FIELD, STEP_RECORD, STEP_MORE, STEP_FAULT };

static void take_field(struct cutter *c, const char *from, const char *to)
{
    c->out->field[c->out->n++] = (struct str){ from, (size_t)(to - from) };
}

/* Behind a field stands a separator, a line end or the end of the text. */
static enum step end_field(struct cutter *c)
{
    if (c->at == c->end) {
        c->out->raw.n = (size_t)(c->at - c->start);
        return c->last ? STEP_RECORD : STEP_MORE;
    }
    if (*c->at == c->separator) {
        c->at++;
        return STEP_FIELD;
    }
    if (*c->at == '\n') {
        c->out->raw.n = (size_t)(c->at - c->start);
        c->at++;
        c->out->lines++;
        return STEP_RECORD;
    }
    if (*c->at == '\r' && c->at + 1 < c->end && c->at[1] == '\n') {
        c->at++;
        enum step s = end_field(c);
        c->out->raw.n--;
        return s;
    }
    return *c->at == '\r' && c->at + 1 == c->end && !c->last ? STEP_MORE : STEP_FAULT;
}

static enum step plain_field(struct cutter *c)
{
    const char *from = c->at;
    const char *p = from;
    while (p < c->end && *p != c->separator && *p != '\n') {
        p++;
    }
    c->at = p;
    if (p < c->end && *p == '\n' && p > from && p[-1] == '\r') {
        c->at = p - 1;
    }
    take_field(c, from, c->at);
    return end_field(c);
}

/* The closing quote of a field whose text begins at `from`; NULL when there is none. */
static const char *closing_quote(const struct cutter *c, const char *from, bool *doubled)
{
    const char *p = from;
    while ((p = memchr(p, '"', (size_t)(c->end - p))) != NULL) {
        if (p + 1 == c->end || p[1] != '"') {
            return p;
        }
        *doubled = true;
        p += 2;
    }
    return NULL;
}

/* Line ends from `from` to `to`. */
static size_t count_lines(const char *from, const char *to)
{
    size_t n = 0;
    while (from < to && (from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
        n++;
        from++;
    }
    return n;
}

static void take_doubled(struct cutter *c, const char *from, const char *to)
{
    char *text = c->scratch;
    for (const char *p = from; p < to; p++) {
        *c->scratch++ = *p;
        p += *p == '"';
    }
    take_field(c, text, c->scratch);
}

static enum step quoted_field(struct cutter *c)
{
    const char *from = c->at + 1;
    bool doubled = false;
    const char *close = from < c->end ? closing_quote(c, from, &doubled) : NULL;
    bool undecided = close != NULL && close + 1 == c->end && !c->last; /* half of a doubled one? */
    if (close == NULL || undecided) {
        c->out->fault = ERR_CSV_OPEN;
        return c->last ? STEP_FAULT : STEP_MORE;
    }
    c->out->lines += count_lines(from, close);
    if (doubled) {
        take_doubled(c, from, close);
    } else {
        take_field(c, from, close);
    }
    c->at = close + 1;
    enum step s = end_field(c);
    if (s == STEP_FAULT) {
        c->out->fault = ERR_CSV_BEHIND;
    }
    return s;
}

static enum step cut_fields(struct cutter *c)
{
    enum step s = STEP_FIELD;
    while (s == STEP_FIELD) {
        if (c->out->n == CSV_FIELDS_MAX) {
            c->out->fault = ERR_CSV_FIELDS;
            return STEP_FAULT;
        }
        s = c->at < c->end && *c->at == '"' ? quoted_field(c) : plain_field(c);
    }
    return s;
}

/* A faulty record ends with the line in which it was given up; an open quote with its first.
 * @return false when that line does not end here */
static bool give_up(struct cutter *c, struct str text, bool last)
{
    struct csv_record *r = c->out;
    bool open = r->fault == ERR_CSV_OPEN;
    const char *from = open ? c->start : c->at;
    const char *end = text.p + text.n;
    const char *line_end = from < end ? memchr(from, '\n', (size_t)(end - from)) : NULL;
    if (line_end == NULL && !last) {
        if (text.n <= CSV_RECORD_MAX) {
            return false;
        }
        r->fault = ERR_CSV_LONG;
        r->cut = true;
    }
    r->lines = (open ? 0 : r->lines) + (line_end != NULL);
    r->bytes = (size_t)((line_end == NULL ? end : line_end + 1) - c->start);
    r->raw.n = line_end == NULL ? r->bytes : r->bytes - 1;
    r->raw.n -= r->raw.n > 0 && r->raw.p[r->raw.n - 1] == '\r';
    return true;
}

bool csv_next(struct str text, char separator, bool last, char **scratch, struct csv_record *out)
{
    bool over = text.n > CSV_RECORD_MAX; /* a record that has not ended by then is too long */
    struct cutter c = { .start = text.p,
                        .at = text.p,
                        .end = text.p + (over ? CSV_RECORD_MAX : text.n),
                        .separator = separator,
                        .last = last && !over,
                        .scratch = *scratch,
                        .out = out };
    out->raw = (struct str){ text.p, 0 };
    out->n = out->lines = 0;
    out->fault = ERR_OK;
    out->cut = false;
    enum step s = cut_fields(&c);
    if (s == STEP_MORE && !over) {
        return false;
    }
    if (s == STEP_MORE && out->fault == ERR_OK) {
        out->fault = ERR_CSV_LONG;
    }
    if (s != STEP_RECORD) {
        return give_up(&c, text, last);
    }
    out->bytes = (size_t)(c.at - c.start);
    if (memchr(out->raw.p, '\0', out->raw.n) != NULL) {
        out->fault = ERR_CSV_NUL;
    }
    *scratch = c.scratch;
    return true;
}

char csv_separator(struct str text)
{
    static const char known[] = { ',', '\t', ';' };
    char best = ',';
    size_t most = 1;
    struct str line = text;
    line = (struct str){ text.p, str_cut(&line, '\n').n };
    for (size_t i = 0; i < COUNT_OF(known) && line.n > 0; i++) {
        size_t n = 1;
        bool quoted = false;
        for (size_t k = 0; k < line.n; k++) {
            quoted ^= line.p[k] == '"';
            n += !quoted && line.p[k] == known[i];
        }
        if (n > most) {
            most = n;
            best = known[i];
        }
    }
    return best;
}

void csv_put(struct buf *b, struct str field, char separator)
{
    bool quote = false;
    for (size_t i = 0; i < field.n && !quote; i++) {
        char c = field.p[i];
        quote = c == separator || c == '"' || c == '\n' || c == '\r';
    }
    if (!quote) {
        buf_put(b, field);
        return;
    }
    buf_put_c(b, '"');
    while (field.n > 0) {
        struct str rest = field;
        struct str part = str_cut(&rest, '"');
        bool more = part.n < field.n;
        buf_put(b, part);
        buf_put_z(b, more ? "\"\"" : "");
        field = rest;
    }
    buf_put_c(b, '"');
}
