#include "api/input.h"

#include <string.h>

enum { TEXTS_BYTES = 200, KEY_MAX = 128 };

/* Where we are, for the failure: "set.name". */
struct spot {
    struct http_call *c;
    const char *outer; /* "" or "set." */
    const struct input_member *m;
    bool from_query; /* everything is text there */
    char *to;        /* the struct */
};

static enum err wrong(const struct spot *p, const char *what)
{
    return fail(p->c->cx, ERR_FIELD, "%s%s: %s", p->outer, p->m->name, what);
}

static enum err wrong_number(const struct spot *p)
{
    return fail(p->c->cx, ERR_FIELD, "%s%s: a whole number from %lld to %lld", p->outer, p->m->name,
                (long long)p->m->lo, (long long)p->m->hi);
}

static bool one_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

static enum err take_text(const struct spot *p, const struct json_value *v)
{
    struct str *to = (void *)(p->to + p->m->at);
    size_t n = v->kind == JSON_IN_TEXT ? utf8_count(v->s) : 0;
    if (v->kind != JSON_IN_TEXT || (int64_t)n < p->m->lo || (int64_t)n > p->m->hi ||
        !one_line(v->s)) {
        return fail(p->c->cx, ERR_FIELD, "%s%s: one line of %lld to %lld characters", p->outer,
                    p->m->name, (long long)p->m->lo, (long long)p->m->hi);
    }
    *to = v->s;
    return ERR_OK;
}

static enum err take_int(const struct spot *p, const struct json_value *v)
{
    int64_t *to = (void *)(p->to + p->m->at);
    int64_t n = v->i;
    if (p->from_query && str_int(p->c->cx, v->s, p->m->lo, p->m->hi, &n) != ERR_OK) {
        fault_clear(p->c->cx);
        return wrong_number(p);
    }
    if ((!p->from_query && v->kind != JSON_IN_INT) || n < p->m->lo || n > p->m->hi) {
        return wrong_number(p);
    }
    *to = n;
    return ERR_OK;
}

static enum err take_bool(const struct spot *p, const struct json_value *v)
{
    bool *to = (void *)(p->to + p->m->at);
    bool yes = p->from_query ? str_eq(v->s, STR("true")) : v->i != 0;
    bool fine = p->from_query ? yes || str_eq(v->s, STR("false")) : v->kind == JSON_IN_BOOL;
    if (!fine) {
        return wrong(p, "true or false");
    }
    *to = yes;
    return ERR_OK;
}

static enum err take_date(const struct spot *p, const struct json_value *v)
{
    int32_t *to = (void *)(p->to + p->m->at);
    bool good = v->kind == JSON_IN_TEXT && v->s.n == DATE_CHARS && v->s.p[4] == '-' &&
                date_parse(p->c->cx, v->s, to) == ERR_OK;
    if (!good) {
        fault_clear(p->c->cx);
        return wrong(p, "a date such as 2026-11-23");
    }
    return ERR_OK;
}

static enum err take_instant(const struct spot *p, const struct json_value *v)
{
    int64_t *to = (void *)(p->to + p->m->at);
    if (v->kind != JSON_IN_TEXT || instant_parse(p->c->cx, v->s, to) != ERR_OK) {
        fault_clear(p->c->cx);
        return wrong(p, "an instant such as 2026-11-23T09:30:00+08:00");
    }
    return ERR_OK;
}

static enum err take_id(const struct spot *p, const struct json_value *v)
{
    int64_t *to = (void *)(p->to + p->m->at);
    if (v->kind != JSON_IN_TEXT || id_get(p->c->cx, v->s, to) != ERR_OK) {
        fault_clear(p->c->cx);
        return wrong(p, "an id of 13 characters");
    }
    return ERR_OK;
}

static enum err word_of(const struct spot *p, const struct json_value *v, int *out)
{
    struct buf b = buf_of(p->c->cx->mem, 1024);
    for (int k = 0; p->m->words[k] != NULL; k++) {
        struct str word = str_of(p->m->words[k]);
        if (word.n > 0 && v->kind == JSON_IN_TEXT && str_eq(word, v->s)) {
            *out = k;
            return ERR_OK;
        }
        buf_put_z(&b, word.n > 0 && b.n > 0 ? ", " : "");
        buf_put(&b, word);
    }
    return fail(p->c->cx, ERR_FIELD, "%s%s: one of " STR_FMT, p->outer, p->m->name,
                STR_ARG(buf_str(&b)));
}

static enum err take_word(const struct spot *p, const struct json_value *v)
{
    int *to = (void *)(p->to + p->m->at);
    return word_of(p, v, to);
}

/* A query's "a,b" as the array it stands for. */
static enum err as_array(const struct spot *p, const struct json_value *v, struct json_value *out)
{
    *out = *v;
    if (!p->from_query) {
        return v->kind == JSON_IN_ARRAY ? ERR_OK : wrong(p, "a list");
    }
    struct str rest = v->s;
    struct json_value *all = arena_alloc(p->c->cx->mem, rest.n + 1, sizeof *all);
    if (all == NULL) {
        return fail(p->c->cx, ERR_NO_MEMORY, "%s", p->m->name);
    }
    *out = (struct json_value){ .kind = JSON_IN_ARRAY, .v = all };
    while (rest.n > 0) {
        all[out->n++] = (struct json_value){ .kind = JSON_IN_TEXT, .s = str_cut(&rest, ',') };
    }
    return ERR_OK;
}

static enum err take_words(const struct spot *p, const struct json_value *v)
{
    uint64_t *to = (void *)(p->to + p->m->at);
    struct json_value all;
    uint64_t mask = 0;
    TRY(as_array(p, v, &all));
    for (size_t k = 0; k < all.n; k++) {
        int bit = 0;
        TRY(word_of(p, &all.v[k], &bit));
        mask |= UINT64_C(1) << bit;
    }
    *to = mask;
    return ERR_OK;
}

static enum err take_texts(const struct spot *p, const struct json_value *v)
{
    struct input_texts *to = (void *)(p->to + p->m->at);
    struct json_value all;
    TRY(as_array(p, v, &all));
    if (all.n < (size_t)p->m->lo || all.n > (size_t)p->m->hi) {
        return fail(p->c->cx, ERR_FIELD, "%s%s: %lld to %lld of them", p->outer, p->m->name,
                    (long long)p->m->lo, (long long)p->m->hi);
    }
    struct str *texts = arena_alloc(p->c->cx->mem, all.n + 1, sizeof *texts);
    if (texts == NULL) {
        return fail(p->c->cx, ERR_NO_MEMORY, "%s", p->m->name);
    }
    for (size_t k = 0; k < all.n; k++) {
        struct str s = all.v[k].s;
        if (all.v[k].kind != JSON_IN_TEXT || s.n == 0 || s.n > TEXTS_BYTES || !one_line(s)) {
            return wrong(p, "texts of one line");
        }
        texts[k] = s;
    }
    *to = (struct input_texts){ texts, all.n };
    return ERR_OK;
}

static enum err take_object(struct http_call *c, const struct input_table *t, const char *outer,
                            const struct json_value *v, char *to);

static enum err take_inner(const struct spot *p, const struct json_value *v)
{
    struct buf b = buf_of(p->c->cx->mem, 256);
    buf_fmt(&b, "%s%s.", p->outer, p->m->name);
    buf_put_c(&b, '\0');
    if (v->kind != JSON_IN_OBJECT || b.over) {
        return wrong(p, "an object");
    }
    return take_object(p->c, p->m->inner, b.p, v, p->to + p->m->at);
}

static enum err take_member(const struct spot *p, const struct json_value *v)
{
    static enum err (*const take[])(const struct spot *p, const struct json_value *v) = {
        [INPUT_TEXT] = take_text,    [INPUT_INT] = take_int,         [INPUT_BOOL] = take_bool,
        [INPUT_DATE] = take_date,    [INPUT_INSTANT] = take_instant, [INPUT_ID] = take_id,
        [INPUT_WORD] = take_word,    [INPUT_WORDS] = take_words,     [INPUT_TEXTS] = take_texts,
        [INPUT_OBJECT] = take_inner,
    };
    if (v->kind == JSON_IN_NULL && p->m->need == OPTIONAL) {
        return ERR_OK;
    }
    return take[p->m->kind](p, v);
}

static size_t row_of(const struct input_table *t, struct str name)
{
    size_t k = 0;
    while (k < t->n && !str_eq(str_of(t->v[k].name), name)) {
        k++;
    }
    return k;
}

static enum err unknown(struct http_call *c, const char *outer, struct str name)
{
    return fail(c->cx, ERR_FIELD, "%s" STR_FMT ": not known here", outer,
                (int)(name.n < 100 ? name.n : 100), name.p);
}

/* Nothing that is required is missing; a text that did not come is the empty one. */
static enum err all_there(struct http_call *c, const struct input_table *t, const char *outer,
                          char *to)
{
    const uint64_t *given = (const void *)to;
    for (size_t k = 0; k < t->n; k++) {
        struct str *text = (void *)(to + t->v[k].at);
        if (t->v[k].need == REQUIRED && !input_has(*given, (unsigned)k)) {
            return fail(c->cx, ERR_FIELD, "%s%s: missing", outer, t->v[k].name);
        }
        if (t->v[k].kind == INPUT_TEXT && text->p == NULL) {
            *text = STR("");
        }
    }
    return ERR_OK;
}

static enum err take_object(struct http_call *c, const struct input_table *t, const char *outer,
                            const struct json_value *v, char *to)
{
    uint64_t *given = (void *)to;
    struct spot p = { .c = c, .outer = outer, .to = to };
    for (size_t k = 0; k < v->n; k++) {
        size_t row = row_of(t, v->v[k].key);
        if (row == t->n) {
            return unknown(c, outer, v->v[k].key);
        }
        p.m = &t->v[row];
        TRY(take_member(&p, &v->v[k]));
        *given |= UINT64_C(1) << row;
    }
    return all_there(c, t, outer, to);
}

/* "application/json", and when a charset is named it is UTF-8. */
enum err input_json_type(struct http_call *c)
{
    struct str params = http_header(c, "Content-Type");
    if (!str_eq(c->body_type, STR("application/json"))) {
        return fail(c->cx, ERR_MEDIA_TYPE, "application/json is taken here");
    }
    (void)str_cut(&params, ';');
    while (params.n > 0) {
        struct str value = str_trim(str_cut(&params, ';'));
        struct str name = str_trim(str_cut(&value, '='));
        bool quoted = value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"';
        value = quoted ? (struct str){ value.p + 1, value.n - 2 } : value;
        bool charset = name.n == 7 && strncasecmp(name.p, "charset", 7) == 0;
        if (charset && (value.n != 5 || strncasecmp(value.p, "utf-8", 5) != 0)) {
            return fail(c->cx, ERR_MEDIA_TYPE, "JSON is UTF-8");
        }
    }
    return ERR_OK;
}

enum err input_body(struct http_call *c, const struct input_table *t, void *to)
{
    static const struct json_value nothing = { .kind = JSON_IN_OBJECT };
    const struct json_value *v = &nothing;
    if (c->body.n > 0) {
        TRY(input_json_type(c));
        TRY(json_read(c->cx, c->body, &v));
    }
    if (v->kind != JSON_IN_OBJECT) {
        return fail(c->cx, ERR_BAD_REQUEST, "JSON: an object is expected");
    }
    return take_object(c, t, "", v, to);
}

/* Names stand in a query as they are: one that is escaped is none of ours. */
static enum err known_fields(struct http_call *c, const struct input_table *t)
{
    struct str rest = c->query;
    while (rest.n > 0) {
        struct str pair = str_cut(&rest, '&');
        struct str name = str_cut(&pair, '=');
        if (name.n > 0 && row_of(t, name) == t->n && !str_eq(name, STR("lang"))) {
            return unknown(c, "", name);
        }
    }
    return ERR_OK;
}

enum err input_query(struct http_call *c, const struct input_table *t, void *to)
{
    uint64_t *given = to;
    struct spot p = { .c = c, .outer = "", .to = to, .from_query = true };
    TRY(known_fields(c, t));
    for (size_t k = 0; k < t->n; k++) {
        struct json_value v = { .kind = JSON_IN_TEXT, .s = http_field(c, t->v[k].name) };
        if (v.s.p == NULL) {
            continue;
        }
        if (http_field_nth(c, t->v[k].name, 1).p != NULL) {
            return fail(c->cx, ERR_FIELD, "%s: given twice", t->v[k].name);
        }
        p.m = &t->v[k];
        TRY(take_member(&p, &v));
        *given |= UINT64_C(1) << k;
    }
    return all_there(c, t, "", to);
}

enum err input_none(struct http_call *c)
{
    static const struct input_table none = { NULL, 0 };
    uint64_t given = 0;
    TRY(input_query(c, &none, &given));
    return c->method == HTTP_GET || c->body.n == 0 ? ERR_OK : input_body(c, &none, &given);
}

/* 60 characters: "api:" and 224 bits of whose key it is, for what, and the key. */
enum err input_op_key(struct http_call *c, struct str *out)
{
    enum { KEY_BYTES = 28 };
    const struct caller *who = c->user;
    struct str key = http_header(c, "Idempotency-Key");
    struct buf b = buf_of(c->cx->mem, 8192);
    struct buf hex = buf_of(c->cx->mem, 64);
    struct str text;
    *out = STR("");
    if (key.p == NULL) {
        return ERR_OK;
    }
    if (key.n == 0 || key.n > KEY_MAX) {
        return fail(c->cx, ERR_FIELD, "Idempotency-Key: 1..%d visible characters", KEY_MAX);
    }
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] < 0x21 || key.p[i] > 0x7e) {
            return fail(c->cx, ERR_FIELD, "Idempotency-Key: 1..%d visible characters", KEY_MAX);
        }
    }
    buf_fmt(&b, "%lld %s " STR_FMT " " STR_FMT, (long long)who->actor.account, c->route->name,
            STR_ARG(c->path), STR_ARG(key));
    TRY(buf_done(c->cx, &b, &text));
    struct digest d = digest_of(DIGEST_SHA256, text);
    buf_put_z(&hex, "api:");
    buf_put_hex(&hex, d.b, KEY_BYTES);
    return buf_done(c->cx, &hex, out);
}
