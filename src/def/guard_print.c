/* Guards: tree to text, and comparing two. */
#include "def/guard_words.h"

static void print_value(const struct guard *g, struct buf *out)
{
    char date[DATE_CHARS];
    switch (g->value) {
    case GUARD_VALUE_WORD:
        buf_put(out, g->value_word.text);
        return;
    case GUARD_VALUE_DATE:
        date_put((int32_t)g->number, date);
        buf_put(out, (struct str){ date, sizeof date });
        return;
    case GUARD_VALUE_TODAY:
        buf_put_z(out, "today");
        if (g->number != 0) {
            buf_fmt(out, " %c %lld %s", g->number < 0 ? '-' : '+',
                    (long long)(g->number < 0 ? -g->number : g->number), guard_unit_text(g->unit));
        }
        return;
    case GUARD_VALUE_NUMBER:
        break;
    }
    bool yuan = g->money && g->number % 100 == 0;
    buf_put_int(out, yuan ? g->number / 100 : g->number);
    buf_put_z(out, yuan ? " yuan" : g->money ? " fen" : "");
}

static void print_list(const struct guard *g, struct buf *out)
{
    for (size_t i = 0; i < g->n_list; i++) {
        buf_put_z(out, i == 0 ? "(" : ", ");
        buf_put(out, g->list[i].text);
    }
    buf_put_c(out, ')');
}

static void print_test(const struct guard *g, struct buf *out)
{
    struct str word = g->word.text;
    buf_put_z(out, guard_family(g->kind));
    switch (g->kind) {
    case GUARD_COMPARE:
        buf_fmt(out, STR_FMT " %s ", STR_ARG(word), guard_cmp_text(g->cmp));
        print_value(g, out);
        break;
    case GUARD_IN:
        buf_fmt(out, STR_FMT " in ", STR_ARG(word));
        print_list(g, out);
        break;
    case GUARD_STATEMENT:
        buf_fmt(out, " " STR_FMT, STR_ARG(word));
        if (g->number > 0) {
            buf_fmt(out, " within %lld %s", (long long)g->number, guard_unit_text(g->unit));
        }
        break;
    case GUARD_OFFICERS:
        buf_fmt(out, " %s %lld", guard_cmp_text(g->cmp), (long long)g->number);
        break;
    case GUARD_NO_RECUSAL:
        break;
    case GUARD_CLOCK:
        buf_fmt(out, " " STR_FMT " " STR_FMT, STR_ARG(word), STR_ARG(g->state.text));
        break;
    case GUARD_CHILDREN:
        buf_fmt(out, " " STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(g->quantity.text), STR_ARG(word),
                STR_ARG(g->state.text));
        break;
    case GUARD_DUPLICATE:
        buf_put_c(out, ' ');
        print_list(g, out);
        break;
    case GUARD_AND:
    case GUARD_OR:
    case GUARD_NOT:
    case GUARD_GIVEN:
    case GUARD_FORM:
    case GUARD_QUALIFIED:
    case GUARD_NOT_ACTOR:
    case GUARD_ENTRY:
    case GUARD_QUOTA:
    case GUARD_MODE:
    default:
        buf_fmt(out, " " STR_FMT, STR_ARG(word));
    }
}

/* Only `or` inside `and`, either inside `not`, and a right side of the same kind need parentheses.
 */
static void print_inside(const struct guard *g, bool parentheses, struct buf *out)
{
    if (parentheses) {
        buf_put_c(out, '(');
    }
    guard_print(g, out);
    if (parentheses) {
        buf_put_c(out, ')');
    }
}

void guard_print(const struct guard *g, struct buf *out)
{
    switch (g->kind) {
    case GUARD_NOT:
        buf_put_z(out, "not ");
        print_inside(g->left, g->left->kind <= GUARD_OR, out);
        break;
    case GUARD_AND:
        print_inside(g->left, g->left->kind == GUARD_OR, out);
        buf_put_z(out, " and ");
        print_inside(g->right, g->right->kind <= GUARD_OR, out);
        break;
    case GUARD_OR:
        guard_print(g->left, out);
        buf_put_z(out, " or ");
        print_inside(g->right, g->right->kind == GUARD_OR, out);
        break;
    case GUARD_COMPARE:
    case GUARD_IN:
    case GUARD_GIVEN:
    case GUARD_STATEMENT:
    case GUARD_FORM:
    case GUARD_OFFICERS:
    case GUARD_QUALIFIED:
    case GUARD_NOT_ACTOR:
    case GUARD_NO_RECUSAL:
    case GUARD_CLOCK:
    case GUARD_CHILDREN:
    case GUARD_ENTRY:
    case GUARD_DUPLICATE:
    case GUARD_QUOTA:
    case GUARD_MODE:
    default:
        print_test(g, out);
    }
}

static bool list_equal(const struct guard *a, const struct guard *b)
{
    bool same = a->n_list == b->n_list;
    for (size_t i = 0; same && i < a->n_list; i++) {
        same = str_eq(a->list[i].text, b->list[i].text);
    }
    return same;
}

static bool value_equal(const struct guard *a, const struct guard *b)
{
    bool word = a->kind == GUARD_COMPARE && a->value == GUARD_VALUE_WORD;
    bool unit = a->number == 0 || a->unit == b->unit; /* of nothing no unit is written */
    return a->value == b->value && a->number == b->number && unit && a->money == b->money &&
           a->cmp == b->cmp && (!word || str_eq(a->value_word.text, b->value_word.text));
}

bool guard_equal(const struct guard *a, const struct guard *b)
{
    if (a == NULL || b == NULL || a->kind != b->kind) {
        return a == b;
    }
    return guard_equal(a->left, b->left) && guard_equal(a->right, b->right) &&
           str_eq(a->word.text, b->word.text) && str_eq(a->state.text, b->state.text) &&
           str_eq(a->quantity.text, b->quantity.text) && list_equal(a, b) && value_equal(a, b);
}
