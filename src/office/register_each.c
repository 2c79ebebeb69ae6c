/* The register by filter: each entity in the order of codes, and how many there are. */
#include "office/entity_columns.h"
#include "office/entity_rows.h"
#include "office/office.h"
#include "office/register_filter.h"
#include "q_register.h"

struct each {
    enum err (*row)(struct cx *cx, const struct market_entity *e, void *arg);
    void *arg;
};

static enum err each_row(struct cx *cx, const struct q_entity_each *r, void *arg)
{
    const struct each *to = arg;
    const struct market_entity e = { ENTITY_OF_COLUMNS(r), .grade = entity_grade_letter(r->grade) };
    return to->row(cx, &e, to->arg); /* what it allocates is its own to keep */
}

enum err register_each(struct cx *cx, struct tx *tx, const struct entity_filter *f,
                       enum err (*row)(struct cx *cx, const struct market_entity *e, void *arg),
                       void *arg)
{
    struct filter_terms t;
    struct each to = { row, arg };
    TRY(filter_terms(cx, f, &t));
    const struct qa_entity_each terms = { FILTER_FACETS(&t), FILTER_REST(&t) };
    return q_entity_each(cx, tx, &terms, each_row, &to);
}

struct counting {
    struct filter_terms t;
    bool graded;
    struct register_counts *out;
};

static enum err count_work(struct cx *cx, struct tx *tx, void *arg)
{
    const struct counting *w = arg;
    const struct filter_terms *t = &w->t;
    if (!w->graded) {
        const struct qa_entity_counts terms = { FILTER_FACETS(t),
                                                .live = (int64_t)ENTITY_LIVE_MASK };
        struct q_entity_counts n;
        TRY(q_entity_counts(cx, tx, &terms, &n));
        *w->out = (struct register_counts){ .all = n.entities, .live = n.live };
        return ERR_OK;
    }
    const struct qa_entity_counts_graded terms = { FILTER_FACETS(t), FILTER_REST(t),
                                                   .live = (int64_t)ENTITY_LIVE_MASK };
    struct q_entity_counts_graded n;
    TRY(q_entity_counts_graded(cx, tx, &terms, &n));
    *w->out = (struct register_counts){ .all = n.entities,
                                        .live = n.live,
                                        .by_grade = { n.grade_a, n.grade_b, n.grade_c, n.grade_d,
                                                      n.ungraded } };
    return ERR_OK;
}

enum err register_count(struct cx *cx, const struct desk *d, const struct actor *by,
                        const struct entity_filter *f, struct register_counts *out)
{
    struct register_counts n;
    struct counting w = { .out = &n };
    bool staff = entity_may_read(cx, by);
    if (f->grades != 0 && !staff) {
        return access_allow(cx, by, POWER_REGISTER_READ, (struct scope){ 0 });
    }
    TRY(filter_terms(cx, f, &w.t));
    w.graded = staff || w.t.by_code != 0 || w.t.by_authority != 0;
    TRY(store_read(cx, d->store, count_work, &w));
    *out = staff ? n : (struct register_counts){ .all = n.all, .live = n.live };
    return ERR_OK;
}
