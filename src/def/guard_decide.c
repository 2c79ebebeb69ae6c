/* Guards: deciding one on facts. */
#include "def/guard.h"

static bool compared(int64_t a, enum guard_cmp cmp, int64_t b)
{
    switch (cmp) {
    case GUARD_EQ:
        return a == b;
    case GUARD_NE:
        return a != b;
    case GUARD_LT:
        return a < b;
    case GUARD_LE:
        return a <= b;
    case GUARD_GT:
        return a > b;
    case GUARD_GE:
        return a >= b;
    case GUARD_CMP__COUNT:
        break;
    }
    return false;
}

static int32_t moved(int32_t on, int64_t n, enum guard_unit unit)
{
    return unit == GUARD_UNIT_DAY
               ? date_add_days(on, (int32_t)n)
               : date_add_months(on, (int32_t)(unit == GUARD_UNIT_YEAR ? n * 12 : n));
}

static bool compare(const struct guard *g, const struct facts *f)
{
    struct fact_value v = f->field(f->data, g->word.text);
    if (!v.given) {
        return false;
    }
    if (g->value == GUARD_VALUE_WORD) {
        return str_eq(v.word, g->value_word.text) == (g->cmp == GUARD_EQ);
    }
    int64_t to = g->value == GUARD_VALUE_TODAY ? moved(f->today_on, g->number, g->unit) : g->number;
    return compared(v.number, g->cmp, to);
}

static bool among(const struct guard *g, const struct facts *f)
{
    struct fact_value v = f->field(f->data, g->word.text);
    for (size_t i = 0; v.given && i < g->n_list; i++) {
        if (str_eq(v.word, g->list[i].text)) {
            return true;
        }
    }
    return false;
}

/* `all` of none holds: nothing is in the way. */
static bool children(const struct guard *g, const struct facts *f)
{
    int64_t all = f->children(f->data, g->word.text, STR(""));
    int64_t in = f->children(f->data, g->word.text, g->state.text);
    return str_eq(g->quantity.text, STR("any"))   ? in > 0
           : str_eq(g->quantity.text, STR("all")) ? in == all
                                                  : in == 0;
}

static bool test(const struct guard *g, const struct facts *f)
{
    struct str word = g->word.text;
    switch (g->kind) {
    case GUARD_COMPARE:
        return compare(g, f);
    case GUARD_IN:
        return among(g, f);
    case GUARD_GIVEN:
        return f->field(f->data, word).given;
    case GUARD_STATEMENT:
        return f->statement(f->data, word,
                            g->number == 0 ? 0 : moved(f->today_on, -g->number, g->unit));
    case GUARD_FORM:
        return f->form(f->data, word);
    case GUARD_OFFICERS:
        return compared(f->officers(f->data), g->cmp, g->number);
    case GUARD_QUALIFIED:
        return f->qualified(f->data, word);
    case GUARD_NOT_ACTOR:
        return !f->acted(f->data, word);
    case GUARD_NO_RECUSAL:
        return !f->recusal(f->data);
    case GUARD_CLOCK:
        return str_eq(str_of(clock_is_text(f->clock(f->data, word))), g->state.text);
    case GUARD_CHILDREN:
        return children(g, f);
    case GUARD_ENTRY:
        return f->entry(f->data, word);
    case GUARD_DUPLICATE:
        return f->duplicate(f->data, g->list, g->n_list);
    case GUARD_QUOTA:
        return f->quota(f->data, word);
    case GUARD_MODE:
        return f->mode(f->data, word);
    case GUARD_AND:
    case GUARD_OR:
    case GUARD_NOT:
        break;
    }
    return false;
}

const struct guard *guard_refuses(const struct guard *g, const struct facts *f)
{
    if (g->kind == GUARD_NOT) {
        return guard_refuses(g->left, f) != NULL ? NULL : g;
    }
    if (g->kind != GUARD_AND && g->kind != GUARD_OR) {
        return test(g, f) ? NULL : g;
    }
    const struct guard *left = guard_refuses(g->left, f);
    if ((left != NULL) == (g->kind == GUARD_AND)) {
        return left; /* refused already, or enough already */
    }
    const struct guard *right = guard_refuses(g->right, f);
    return g->kind == GUARD_OR && right != NULL ? left : right;
}
