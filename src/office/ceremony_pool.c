#include "office/ceremony_pool.h"

#include "office/ceremony_memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TELL_EVERY = 4096, PPM = 1000000, NOTE_ROOM = DRAW_NOTE_MAX + 1 };

struct pool_part { /* of one lot */
    const struct ceremony_lot *l;
    struct q_draw_item item;
    struct str key;         /* the item's code, or "-" */
    struct codes mandatory; /* by law or order */
    bool *seen;             /* of them */
    struct codes capped;    /* the item's yearly cap is reached */
    struct codes visited;   /* within the due months */
    int32_t due_from_on;
    int32_t cycle_on;
    struct codes drawn;        /* in the cycle */
    struct memories *memories; /* NULL: the lot does not remember */
};

struct pool {
    struct pool_terms t;
    struct pool_part *part; /* ascending by lot name, as in plan.txt */
    size_t parts;
    struct codes excluded, elsewhere, capped;
    int64_t *place; /* capped places of business, ascending */
    size_t places;
    struct share *share; /* of the entity at hand */
    enum pool_why *why;
    size_t shares;
    char note[NOTE_ROOM];
    size_t note_n;
    int64_t done;
};

size_t pool_lots(const struct pool *p)
{
    return p->parts;
}

const struct ceremony_lot *pool_lot(const struct pool *p, size_t lot)
{
    return p->part[lot].l;
}

int32_t pool_cycle_on(const struct pool *p, size_t lot)
{
    return p->part[lot].cycle_on;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Rows of one text column as codes; the generated structs hold nothing else. */
#define CODES_OF(rows, count, out)                                                                 \
    do {                                                                                           \
        _Static_assert(sizeof *(rows) == sizeof(struct str), "one text column");                   \
        *(out) = (struct codes){ .code = (count) == 0 ? NULL : &(rows)->code, .n = (count) };      \
    } while (0)

static int32_t year_from(int32_t on)
{
    return on / 10000 * 10000 + 101;
}

static int32_t year_to(int32_t on)
{
    return on / 10000 * 10000 + 1231;
}

static enum err open_caps(struct cx *cx, struct tx *tx, struct pool *p)
{
    const struct pool_terms *t = &p->t;
    const struct qa_draw_capped a = { year_from(t->on), year_to(t->on), t->self,
                                      CEREMONY_VOID,    t->plan->demo,  t->plan->yearly_cap };
    const struct qa_draw_capped_places b = { a.from_on, a.to_on, a.self, a.voided, a.demo, a.cap };
    struct q_draw_capped *rows = NULL;
    struct q_draw_capped_places *places = NULL;
    size_t n = 0;
    if (t->plan->yearly_cap == 0) {
        return ERR_OK;
    }
    TRY(q_draw_capped(cx, tx, &a, &rows, &n));
    CODES_OF(rows, n, &p->capped);
    TRY(q_draw_capped_places(cx, tx, &b, &places, &p->places));
    _Static_assert(sizeof *places == sizeof *p->place, "one number");
    p->place = p->places == 0 ? NULL : &places->premises_key;
    return ERR_OK;
}

static enum err open_others(struct cx *cx, struct tx *tx, struct pool *p)
{
    struct q_draw_certain_elsewhere *rows = NULL;
    size_t n = 0;
    TRY(q_draw_certain_elsewhere(cx, tx, p->t.self, CEREMONY_SEEDED, p->t.plan->demo, &rows, &n));
    CODES_OF(rows, n, &p->elsewhere);
    return codes_of_named(cx, p->t.plan->excluded, p->t.plan->n_excluded, &p->excluded);
}

static enum err part_item(struct cx *cx, struct tx *tx, const struct pool_terms *t,
                          struct pool_part *part)
{
    bool found;
    part->key = STR("-");
    if (part->l->item.n == 0) {
        return ERR_OK;
    }
    part->key = part->l->item;
    TRY(q_draw_item(cx, tx, part->key, t->on, &part->item, &found));
    if (!found) {
        return fail(cx, ERR_NOT_FOUND, "item " STR_FMT, STR_ARG(part->key));
    }
    if (part->item.yearly_cap > 0) {
        const struct qa_draw_capped_of_item a = { .item = part->key,
                                                  .from_on = year_from(t->on),
                                                  .to_on = year_to(t->on),
                                                  .self = t->self,
                                                  .voided = CEREMONY_VOID,
                                                  .demo = t->plan->demo,
                                                  .cap = part->item.yearly_cap };
        struct q_draw_capped_of_item *rows = NULL;
        size_t n = 0;
        TRY(q_draw_capped_of_item(cx, tx, &a, &rows, &n));
        CODES_OF(rows, n, &part->capped);
    }
    return ERR_OK;
}

static enum err visited_since(struct cx *cx, struct tx *tx, const struct pool_terms *t,
                              struct str item, int32_t from_on, struct codes *out)
{
    struct q_draw_visited *rows = NULL;
    size_t n = 0;
    TRY(q_draw_visited(cx, tx, item, from_on, t->self, CEREMONY_VOID, t->plan->demo, &rows, &n));
    CODES_OF(rows, n, out);
    return ERR_OK;
}

static enum err part_history(struct cx *cx, struct tx *tx, const struct pool_terms *t,
                             struct pool_part *part)
{
    const struct ceremony_lot *l = part->l;
    if (l->mode == CEREMONY_RATE && l->due_months > 0) {
        part->due_from_on = date_add_months(t->on, -(int32_t)l->due_months);
        TRY(visited_since(cx, tx, t, part->key, part->due_from_on, &part->visited));
    }
    if (l->mode == CEREMONY_RATE && l->memory_years > 0) {
        int32_t year = t->on / 10000;
        part->cycle_on = (year - year % (int32_t)l->memory_years) * 10000 + 101;
        TRY(visited_since(cx, tx, t, part->key, part->cycle_on, &part->drawn));
        part->memories = arena_alloc(cx->mem, 1, sizeof *part->memories);
        if (part->memories == NULL) {
            return fail(cx, ERR_NO_MEMORY, "lot " STR_FMT, STR_ARG(l->name));
        }
        part->memories->item = part->key;
        part->memories->cycle_on = part->cycle_on;
        part->memories->self = t->self;
        part->memories->demo = t->plan->demo;
    }
    return ERR_OK;
}

static int by_lot(const void *a, const void *b)
{
    return str_cmp(((const struct pool_part *)a)->l->name, ((const struct pool_part *)b)->l->name);
}

static enum err open_parts(struct cx *cx, struct tx *tx, struct pool *p)
{
    const struct ceremony_plan *plan = p->t.plan;
    for (size_t i = 0; i < plan->n_lots; i++) {
        p->part[p->parts++].l = &plan->lots[i];
    }
    qsort(p->part, p->parts, sizeof *p->part, by_lot);
    for (size_t i = 0; i < p->parts; i++) {
        struct pool_part *part = &p->part[i];
        size_t n = part->l->n_mandatory;
        TRY(codes_of_named(cx, part->l->mandatory, n, &part->mandatory));
        part->seen = arena_alloc(cx->mem, n + 1, sizeof *part->seen);
        if (part->seen == NULL) {
            return fail(cx, ERR_NO_MEMORY, "lot " STR_FMT, STR_ARG(part->l->name));
        }
        TRY(part_item(cx, tx, &p->t, part));
        TRY(part_history(cx, tx, &p->t, part));
    }
    return ERR_OK;
}

enum err pool_open(struct cx *cx, struct tx *tx, const struct pool_terms *t, struct pool **out)
{
    struct pool *p = arena_alloc(cx->mem, 1, sizeof *p);
    size_t lots = t->plan->n_lots;
    if (p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "the pool");
    }
    p->t = *t;
    p->part = arena_alloc(cx->mem, lots + 1, sizeof *p->part);
    p->share = arena_alloc(cx->mem, lots + 1, sizeof *p->share);
    p->why = arena_alloc(cx->mem, lots + 1, sizeof *p->why);
    if (p->part == NULL || p->share == NULL || p->why == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu lots", lots);
    }
    TRY(open_parts(cx, tx, p));
    TRY(open_caps(cx, tx, p));
    TRY(open_others(cx, tx, p));
    *out = p;
    return ERR_OK;
}

/* ---- one entity ------------------------------------------------------------------------------ */

static bool class_in(uint64_t mask, int cls)
{
    return mask == 0 || (cls >= 0 && cls < 64 && (mask >> cls & 1) != 0);
}

/* "F52" is a prefix of the code with its section, "52" of the code without. */
static bool industry_under(struct str industry, struct str prefix)
{
    bool bare = prefix.n > 0 && prefix.p[0] >= '0' && prefix.p[0] <= '9';
    return industry.n > 0 && str_starts(bare ? str_from(industry, 1) : industry, prefix);
}

static bool of_kind(const struct pool_part *part, const struct market_entity *e)
{
    const struct ceremony_lot *l = part->l;
    bool fits = l->n_industries == 0;
    bool suits = part->item.industries.n == 0;
    for (size_t i = 0; i < l->n_industries && !fits; i++) {
        fits = industry_under(e->industry, l->industries[i]);
    }
    for (struct str rest = part->item.industries; rest.n > 0 && !suits;) {
        suits = industry_under(e->industry, str_cut(&rest, ','));
    }
    return fits && suits && class_in(l->classes, e->cls) &&
           class_in((uint64_t)part->item.classes, e->cls);
}

/* NULL: its grade has no share, nor have "the others". */
static const struct ceremony_grade *grade_of(const struct ceremony_lot *l, char grade)
{
    const char letter = grade == 0 ? '-' : grade;
    const struct ceremony_grade *others = NULL;
    for (size_t i = 0; i < l->n_grades; i++) {
        const struct ceremony_grade *g = &l->grades[i];
        if (str_eq(g->grade, (struct str){ &letter, 1 })) {
            return g;
        }
        others = str_eq(g->grade, STR("*")) ? g : others;
    }
    return others;
}

/* A word more in the entity's note, if it still fits. */
static void note(struct pool *p, const char *fmt, ...) PRINTF(2, 3);
static void note(struct pool *p, const char *fmt, ...)
{
    char word[NOTE_ROOM];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(word, sizeof word, fmt, ap);
    va_end(ap);
    if (n <= 0 || n >= (int)sizeof word || p->note_n + (size_t)n + 1 > DRAW_NOTE_MAX) {
        return;
    }
    if (p->note_n > 0) {
        p->note[p->note_n++] = ' ';
    }
    memcpy(p->note + p->note_n, word, (size_t)n);
    p->note_n += (size_t)n;
}

static void take_share(struct pool *p, size_t lot, uint32_t w, enum pool_why why)
{
    static const char *const words[] = { [POOL_MANDATORY] = "mandatory", [POOL_DUE] = "due" };
    p->share[p->shares] = (struct share){ .lot = (uint32_t)lot, .w = w };
    p->why[p->shares++] = why;
    if (why != POOL_BY_WEIGHT) {
        note(p, STR_FMT ":%s", STR_ARG(p->part[lot].l->name), words[why]);
    }
}

/* What the entity at hand is refused for in one lot; EXCLUSION__COUNT = it is in. */
typedef enum ceremony_exclusion refusal;
#define NO_REFUSAL CEREMONY_EXCLUSION__COUNT

static uint32_t weight_of(const struct ceremony_lot *l, const struct ceremony_grade *g)
{
    int64_t weight = l->n_grades == 0 ? 1 : g == NULL ? 0 : g->weight;
    if (l->mode == CEREMONY_ORDER) {
        return DRAW_WEIGHT_MAX;
    }
    if (l->mode == CEREMONY_FIXED || weight == 0) {
        return (uint32_t)weight;
    }
    int64_t p31 = weight * (int64_t)DRAW_WEIGHT_MAX / PPM;
    return p31 == 0 ? 1 : (uint32_t)p31;
}

/* The memory rule on a rate lot's probability; it also says what the next draw will remember. */
static enum err remember(struct cx *cx, struct pool *p, size_t lot, const struct market_entity *e,
                         const struct ceremony_grade *g, const struct pool_sink *to, uint32_t *w)
{
    struct pool_part *part = &p->part[lot];
    struct memory m = { .drawn = codes_have(&part->drawn, e->code) };
    struct memory next;
    uint32_t rho = g == NULL ? MEMORY_RHO_MAX : (uint32_t)g->memory;
    TRY(memories_of(cx, part->memories, e->code, &m.c));
    *w = memory_rule(&m, *w, rho, &next);
    if (m.c != 0 || m.drawn) {
        note(p, STR_FMT ":c=%u,d=%d", STR_ARG(part->l->name), m.c, m.drawn);
    }
    return to->memory == NULL ? ERR_OK : to->memory(cx, lot, e->code, next.c, to->arg);
}

static enum err share_in(struct cx *cx, struct pool *p, size_t lot, const struct market_entity *e,
                         bool certain, const struct pool_sink *to, refusal *why)
{
    struct pool_part *part = &p->part[lot];
    const struct ceremony_grade *g = grade_of(part->l, e->grade);
    uint32_t w = certain ? DRAW_WEIGHT_MAX : weight_of(part->l, g);
    bool due = false;
    *why = NO_REFUSAL;
    if (!certain && codes_have(&part->capped, e->code)) {
        *why = CEREMONY_EXCLUDED_CAP;
        return ERR_OK;
    }
    if (part->due_from_on != 0 && !certain) {
        due = !codes_have(&part->visited, e->code) && e->established_on <= part->due_from_on;
        w = due ? DRAW_WEIGHT_MAX : w;
    }
    if (w == 0) {
        *why = CEREMONY_EXCLUDED_GRADE_EXEMPT;
        return ERR_OK;
    }
    if (part->memories != NULL) {
        TRY(remember(cx, p, lot, e, g, to, &w));
    }
    if (certain || due) {
        w = DRAW_WEIGHT_MAX;
    }
    if (w == 0) {
        *why = CEREMONY_EXCLUDED_DRAWN_IN_CYCLE;
        return ERR_OK;
    }
    take_share(p, lot, w, certain ? POOL_MANDATORY : due ? POOL_DUE : POOL_BY_WEIGHT);
    return ERR_OK;
}

static refusal ended(enum entity_status s)
{
    switch (s) {
    case ENTITY_REVOKED:
        return CEREMONY_EXCLUDED_REVOKED;
    case ENTITY_DEREGISTERED:
        return CEREMONY_EXCLUDED_DEREGISTERED;
    case ENTITY_ANNULLED:
        return CEREMONY_EXCLUDED_ANNULLED;
    case ENTITY_MOVED_OUT:
        return CEREMONY_EXCLUDED_MOVED_OUT;
    case ENTITY_ACTIVE:
    case ENTITY_DORMANT:
    default:
        return NO_REFUSAL;
    }
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool place_capped(const struct pool *p, const struct market_entity *e)
{
    return e->premises_key != 0 && p->places > 0 &&
           bsearch(&e->premises_key, p->place, p->places, sizeof *p->place, by_number) != NULL;
}

/* What keeps the entity out of every lot that does not name it. */
static refusal refused_by_draw(struct pool *p, const struct market_entity *e)
{
    bool capped = codes_have(&p->capped, e->code);
    if (codes_have(&p->elsewhere, e->code)) {
        return CEREMONY_EXCLUDED_MANDATORY_ELSEWHERE;
    }
    return capped || place_capped(p, e) ? CEREMONY_EXCLUDED_CAP : NO_REFUSAL;
}

static struct str order_reason(const struct pool *p, struct str code)
{
    for (size_t i = 0; i < p->t.plan->n_excluded; i++) {
        if (str_eq(p->t.plan->excluded[i].code, code)) {
            return p->t.plan->excluded[i].reason;
        }
    }
    return STR("");
}

struct passing {
    struct pool *p;
    const struct pool_sink *to;
};

/* Of what the lots refused it for, the one that is told: the rarest. */
struct told {
    refusal why;
    struct str lot;
};
static void tell(struct told *t, refusal why, struct str lot)
{
    static const int rank[CEREMONY_EXCLUSION__COUNT + 1] = {
        [CEREMONY_EXCLUDED_GRADE_EXEMPT] = 1,
        [CEREMONY_EXCLUDED_DRAWN_IN_CYCLE] = 2,
        [CEREMONY_EXCLUDED_CAP] = 3,
        [CEREMONY_EXCLUDED_MANDATORY_ELSEWHERE] = 4,
    };
    if (why != NO_REFUSAL && (t->why == NO_REFUSAL || rank[why] > rank[t->why])) {
        *t = (struct told){ why, lot };
    }
}

static enum err offer_lots(struct cx *cx, struct pool *p, const struct market_entity *e,
                           const struct pool_sink *to, struct told *told)
{
    refusal all = refused_by_draw(p, e);
    for (size_t i = 0; i < p->parts; i++) {
        struct pool_part *part = &p->part[i];
        bool named = codes_have(&part->mandatory, e->code);
        refusal why = all;
        if (!of_kind(part, e)) {
            continue;
        }
        if (named) {
            part->seen[part->mandatory.at] = true;
        }
        if (named || all == NO_REFUSAL) {
            TRY(share_in(cx, p, i, e, named, to, &why));
        }
        tell(told, why, all == NO_REFUSAL ? part->l->name : STR(""));
    }
    return ERR_OK;
}

static bool asked_for(const struct pool *p, const struct market_entity *e)
{
    for (size_t i = 0; i < p->parts; i++) {
        if (of_kind(&p->part[i], e)) {
            return true;
        }
    }
    return false;
}

static enum err pass_entity(struct cx *cx, struct pool *p, const struct market_entity *e,
                            const struct pool_sink *to)
{
    struct told told = { NO_REFUSAL, STR("") };
    refusal why = ended(e->status);
    if (why == NO_REFUSAL && codes_have(&p->excluded, e->code)) {
        return to->left_out(cx, e, CEREMONY_EXCLUDED_BY_ORDER, order_reason(p, e->code), to->arg);
    }
    if (why != NO_REFUSAL) {
        return to->left_out(cx, e, why, STR(""), to->arg);
    }
    p->shares = 0;
    p->note_n = 0;
    if (p->t.plan->sealed) {
        note(p, "grade=%c", e->grade == 0 ? '-' : e->grade);
    }
    TRY(offer_lots(cx, p, e, to, &told));
    if (p->shares == 0) {
        return to->left_out(cx, e, told.why, told.lot, to->arg);
    }
    const struct pool_entry entry = {
        .e = e,
        .share = p->share,
        .why = p->why,
        .shares = p->shares,
        .note = p->note_n == 0 ? STR("-") : (struct str){ p->note, p->note_n },
    };
    return to->entry(cx, &entry, to->arg);
}

static enum err pass_row(struct cx *cx, const struct market_entity *e, void *arg)
{
    struct passing *w = arg;
    struct pool *p = w->p;
    const struct ceremony_progress *pr = p->t.progress;
    p->done++;
    if (pr != NULL && pr->tell != NULL && p->done % TELL_EVERY == 0) {
        pr->tell(pr->arg, "register", p->done, 0);
    }
    return asked_for(p, e) ? pass_entity(cx, p, e, w->to) : ERR_OK;
}

/* ---- the pass -------------------------------------------------------------------------------- */

static void rewind_all(struct pool *p, struct tx *tx)
{
    p->done = 0;
    p->excluded.at = 0;
    p->elsewhere.at = 0;
    p->capped.at = 0;
    for (size_t i = 0; i < p->parts; i++) {
        struct pool_part *part = &p->part[i];
        part->mandatory.at = 0;
        part->capped.at = 0;
        part->visited.at = 0;
        part->drawn.at = 0;
        if (part->memories != NULL) {
            memories_rewind(part->memories, tx);
        }
    }
}

static enum err all_named_seen(struct cx *cx, const struct pool *p)
{
    for (size_t i = 0; i < p->parts; i++) {
        const struct pool_part *part = &p->part[i];
        for (size_t k = 0; k < part->mandatory.n; k++) {
            if (!part->seen[k]) {
                return fail(cx, ERR_NOT_FOUND,
                            "mandatory " STR_FMT " is not in the pool of lot " STR_FMT,
                            STR_ARG(part->mandatory.code[k]), STR_ARG(part->l->name));
            }
        }
    }
    return ERR_OK;
}

enum err pool_each(struct cx *cx, struct tx *tx, struct pool *p, const struct pool_sink *to)
{
    const struct entity_filter f = { .region = p->t.plan->region };
    struct passing w = { p, to };
    rewind_all(p, tx);
    TRY(register_each(cx, tx, &f, pass_row, &w));
    return all_named_seen(cx, p);
}
