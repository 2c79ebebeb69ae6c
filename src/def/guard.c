/* Guards: text to tree. */
#include "def/def.h"
#include "def/guard_words.h"

#include <stdio.h>
#include <string.h>

enum { LIST_MAX = 100, NUMBER_MAX = 1000000000 };

static const char *const cmp_texts[GUARD_CMP__COUNT] = {
#define X(symbol, text) [GUARD_##symbol] = (text),
    GUARD_CMP_TABLE(X)
#undef X
};
static const char *const unit_texts[GUARD_UNIT__COUNT] = {
#define X(symbol, text) [GUARD_UNIT_##symbol] = (text),
    GUARD_UNIT_TABLE(X)
#undef X
};
static const char *const clock_texts[CLOCK_IS__COUNT] = {
#define X(symbol, text) [CLOCK_IS_##symbol] = (text),
    CLOCK_IS_TABLE(X)
#undef X
};

const char *guard_cmp_text(enum guard_cmp c)
{
    return (size_t)c < COUNT_OF(cmp_texts) ? cmp_texts[c] : "?";
}
const char *guard_unit_text(enum guard_unit u)
{
    return (size_t)u < COUNT_OF(unit_texts) ? unit_texts[u] : "?";
}
const char *clock_is_text(enum clock_is s)
{
    return (size_t)s < COUNT_OF(clock_texts) ? clock_texts[s] : "?";
}

/* Families that begin with a word of their own. */
static const struct {
    const char *word;
    enum guard_kind kind;
} families[] = {
    { "given", GUARD_GIVEN },
    { "statement", GUARD_STATEMENT },
    { "form", GUARD_FORM },
    { "officers", GUARD_OFFICERS },
    { "qualified", GUARD_QUALIFIED },
    { "not_actor_of", GUARD_NOT_ACTOR },
    { "no_recusal", GUARD_NO_RECUSAL },
    { "clock", GUARD_CLOCK },
    { "children", GUARD_CHILDREN },
    { "entry", GUARD_ENTRY },
    { "duplicate", GUARD_DUPLICATE },
    { "quota", GUARD_QUOTA },
    { "mode", GUARD_MODE },
};

const char *guard_family(enum guard_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        if (families[i].kind == kind) {
            return families[i].word;
        }
    }
    return "";
}

bool guard_reserved(struct str word)
{
    static const char *const others[] = {
        "and", "or", "not", "in", "within", "today", "yes", "no"
    };
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        if (str_eq(word, str_of(families[i].word))) {
            return true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        if (str_eq(word, str_of(others[i]))) {
            return true;
        }
    }
    return false;
}

struct parser {
    struct arena *mem;
    struct str text;
    size_t at;               /* behind the token */
    struct guard_word token; /* empty at the end */
    struct guard_error *error;
    int depth;
    bool failed;
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void wrong(struct parser *p, int32_t at, const char *what)
{
    if (!p->failed) {
        p->failed = true;
        p->error->at = at;
        (void)snprintf(p->error->what, sizeof p->error->what, "%s", what);
    }
}

/* A date is one token: digits with '-' directly between them. */
static size_t word_end(struct str t, size_t i)
{
    bool digits = t.p[i] >= '0' && t.p[i] <= '9';
    while (i < t.n && (is_word(t.p[i]) || (digits && t.p[i] == '-' && i + 1 < t.n &&
                                           t.p[i + 1] >= '0' && t.p[i + 1] <= '9'))) {
        i++;
    }
    return i;
}

static void next(struct parser *p)
{
    struct str t = p->text;
    size_t i = p->at;
    while (i < t.n && (t.p[i] == ' ' || t.p[i] == '\n' || t.p[i] == '\t' || t.p[i] == '\r')) {
        i++;
    }
    size_t end = i;
    if (i < t.n && is_word(t.p[i])) {
        end = word_end(t, i);
    } else if (i < t.n) {
        bool two = i + 1 < t.n && t.p[i + 1] == '=' && strchr("<>!", t.p[i]) != NULL;
        size_t one = i;
        (void)utf8_next(t, &one);
        end = two ? i + 2 : one;
    }
    p->token = (struct guard_word){ { t.p + i, end - i }, (int32_t)i };
    p->at = end;
}

static bool is(const struct parser *p, const char *word)
{
    return str_eq(p->token.text, str_of(word));
}

static bool take(struct parser *p, const char *word)
{
    if (!is(p, word)) {
        return false;
    }
    next(p);
    return true;
}

static struct guard *node(struct parser *p, enum guard_kind kind)
{
    struct guard *g = arena_alloc(p->mem, 1, sizeof *g);
    if (g == NULL) {
        wrong(p, p->token.at, "out of memory");
        return NULL;
    }
    g->kind = kind;
    g->at = p->token.at;
    return g;
}

static bool letters(struct str s)
{
    return s.n > 0 && is_word(s.p[0]) && !(s.p[0] >= '0' && s.p[0] <= '9');
}

/* A word that names something. */
static struct guard_word name(struct parser *p, const char *what)
{
    struct guard_word w = p->token;
    if (!letters(w.text) || guard_reserved(w.text)) {
        wrong(p, w.at, what);
        return w;
    }
    next(p);
    return w;
}

static int64_t number(struct parser *p)
{
    struct cx scratch = { .mem = p->mem };
    int64_t v = 0;
    if (str_int(&scratch, p->token.text, 0, NUMBER_MAX, &v) != ERR_OK) {
        wrong(p, p->token.at, "a number is expected");
        return 0;
    }
    next(p);
    return v;
}

/* Which of the words the token is; n when none. */
static size_t one_of(const struct parser *p, const char *const *words, size_t n)
{
    size_t i = 0;
    while (i < n && !is(p, words[i])) {
        i++;
    }
    return i;
}

static void unit(struct parser *p, struct guard *g)
{
    size_t u = one_of(p, unit_texts, GUARD_UNIT__COUNT);
    if (u == GUARD_UNIT__COUNT) {
        wrong(p, p->token.at, "day, month or year is expected");
        return;
    }
    g->unit = (enum guard_unit)u;
    next(p);
}

static void comparison(struct parser *p, struct guard *g)
{
    size_t c = one_of(p, cmp_texts, GUARD_CMP__COUNT);
    if (c == GUARD_CMP__COUNT) {
        wrong(p, p->token.at, "= != < <= > >= is expected");
        return;
    }
    g->cmp = (enum guard_cmp)c;
    next(p);
}

static void today(struct parser *p, struct guard *g)
{
    g->value = GUARD_VALUE_TODAY;
    bool before = is(p, "-");
    if (before || is(p, "+")) {
        next(p);
        g->number = before ? -number(p) : number(p);
        unit(p, g);
    }
}

static void numeric(struct parser *p, struct guard *g)
{
    struct cx scratch = { .mem = p->mem };
    int32_t on;
    if (memchr(p->token.text.p, '-', p->token.text.n) != NULL) {
        g->value = GUARD_VALUE_DATE;
        if (date_parse(&scratch, p->token.text, &on) != ERR_OK) {
            wrong(p, p->token.at, "not a day that exists: YYYY-MM-DD");
            return;
        }
        g->number = on;
        next(p);
        return;
    }
    g->value = GUARD_VALUE_NUMBER;
    g->number = number(p);
    g->money = is(p, "yuan") || is(p, "fen");
    g->number *= is(p, "yuan") ? 100 : 1;
    if (g->money) {
        next(p);
    }
}

static void value(struct parser *p, struct guard *g)
{
    g->value_word = p->token;
    if (take(p, "today")) {
        today(p, g);
    } else if (letters(p->token.text)) {
        g->value = GUARD_VALUE_WORD;
        if (!is(p, "yes") && !is(p, "no")) {
            g->value_word = name(p, "a value is expected");
        } else {
            next(p);
        }
    } else if (p->token.text.n > 0 && is_word(p->token.text.p[0])) {
        numeric(p, g);
    } else {
        wrong(p, p->token.at, "a value is expected");
    }
}

static void list(struct parser *p, struct guard *g, const char *what)
{
    struct guard_word *item = arena_alloc(p->mem, LIST_MAX, sizeof *item);
    if (item == NULL || !take(p, "(")) {
        wrong(p, p->token.at, item == NULL ? "out of memory" : "( is expected");
        return;
    }
    g->list = item;
    do {
        if (g->n_list == LIST_MAX) {
            wrong(p, p->token.at, "too many in one list");
            return;
        }
        item[g->n_list++] = name(p, what);
    } while (!p->failed && take(p, ","));
    if (!take(p, ")")) {
        wrong(p, p->token.at, "\",\" or \")\" is expected");
    }
}

static void children(struct parser *p, struct guard *g)
{
    static const char *const quantities[] = { "any", "all", "none" };
    if (one_of(p, quantities, COUNT_OF(quantities)) == COUNT_OF(quantities)) {
        wrong(p, p->token.at, "any, all or none is expected");
        return;
    }
    g->quantity = name(p, "");
    g->word = name(p, "the name of a procedure is expected");
    g->state = name(p, "open, ended or a state is expected");
}

static void statement(struct parser *p, struct guard *g)
{
    g->word = name(p, "a kind of statement is expected");
    if (take(p, "within")) {
        int32_t at = p->token.at;
        g->number = number(p);
        if (g->number == 0) {
            wrong(p, at, "within nothing: a number from 1 on is expected");
        }
        unit(p, g);
    }
}

static void family(struct parser *p, struct guard *g)
{
    switch (g->kind) {
    case GUARD_STATEMENT:
        statement(p, g);
        break;
    case GUARD_OFFICERS:
        comparison(p, g);
        g->number = number(p);
        break;
    case GUARD_NO_RECUSAL:
        break;
    case GUARD_CLOCK:
        g->word = name(p, "the name of a clock is expected");
        g->state = name(p, "idle, running, paused, met or expired is expected");
        break;
    case GUARD_CHILDREN:
        children(p, g);
        break;
    case GUARD_DUPLICATE:
        list(p, g, "the name of a field is expected");
        break;
    case GUARD_AND:
    case GUARD_OR:
    case GUARD_NOT:
    case GUARD_COMPARE:
    case GUARD_IN:
    case GUARD_GIVEN:
    case GUARD_FORM:
    case GUARD_QUALIFIED:
    case GUARD_NOT_ACTOR:
    case GUARD_ENTRY:
    case GUARD_QUOTA:
    case GUARD_MODE:
    default:
        g->word = name(p, "a name is expected");
    }
}

static const struct guard *field_test(struct parser *p)
{
    struct guard *g = node(p, GUARD_COMPARE);
    if (g == NULL) {
        return NULL;
    }
    g->word =
        name(p, "a test is expected: a field, or one of given statement form officers "
                "qualified not_actor_of no_recusal clock children entry duplicate quota mode");
    if (take(p, "in")) {
        g->kind = GUARD_IN;
        list(p, g, "a choice is expected");
    } else {
        comparison(p, g);
        value(p, g);
    }
    return g;
}

static const struct guard *test(struct parser *p)
{
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        if (is(p, families[i].word)) {
            struct guard *g = node(p, families[i].kind);
            next(p);
            if (g != NULL) {
                family(p, g);
            }
            return g;
        }
    }
    return field_test(p);
}

static const struct guard *alternatives(struct parser *p);

static const struct guard *negation(struct parser *p)
{
    if (p->depth == GUARD_DEPTH_MAX) {
        wrong(p, p->token.at, "nested too deeply");
        return NULL;
    }
    if (is(p, "not")) {
        struct guard *g = node(p, GUARD_NOT);
        next(p);
        p->depth++;
        const struct guard *inner = negation(p);
        p->depth--;
        if (g != NULL) {
            g->left = inner;
        }
        return g;
    }
    if (!take(p, "(")) {
        return test(p);
    }
    p->depth++;
    const struct guard *g = alternatives(p);
    p->depth--;
    if (!p->failed && !take(p, ")")) {
        wrong(p, p->token.at, "\")\" is expected");
    }
    return g;
}

/* a WORD b WORD c, the left ones first */
static const struct guard *chain(struct parser *p, const char *word, enum guard_kind kind,
                                 const struct guard *(*part)(struct parser *))
{
    const struct guard *left = part(p);
    while (!p->failed && is(p, word)) {
        struct guard *g = node(p, kind);
        next(p);
        if (g == NULL) {
            return NULL;
        }
        g->left = left;
        g->right = part(p);
        left = g;
    }
    return left;
}

static const struct guard *conjunction(struct parser *p)
{
    return chain(p, "and", GUARD_AND, negation);
}

static const struct guard *alternatives(struct parser *p)
{
    return chain(p, "or", GUARD_OR, conjunction);
}

const struct guard *guard_parse(struct arena *mem, struct str text, struct guard_error *error)
{
    struct parser p = { .mem = mem, .text = text, .error = error };
    *error = (struct guard_error){ 0 };
    if (text.n > GUARD_BYTES_MAX || utf8_bad_at(text) < text.n) {
        wrong(&p, 0, text.n > GUARD_BYTES_MAX ? "a guard this long is not read" : "not UTF-8");
        return NULL;
    }
    next(&p);
    const struct guard *g = alternatives(&p);
    if (!p.failed && p.token.text.n > 0) {
        wrong(&p, p.token.at, "\"and\", \"or\" or the end is expected");
    }
    return p.failed ? NULL : g;
}
