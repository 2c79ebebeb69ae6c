/* Inspectors of the demo province and their interests. */
#include "office/demo_people.h"

#include "office/directory_rows.h"
#include "office/office.h"

#include <stdio.h>
#include <string.h>

enum {
    INSPECTOR_FIRST_ID = 30000001, /* above any entity of a demo province */
    INTEREST_FIRST_ID = 40000001,
    DEPT_SPAN = 100000, /* inspectors of a department are numbered within so many */
    REGIONS_BYTES = 128,
    QUALS_BYTES = 128,
};

/* Chances of people are drawn apart from those of entities. */
enum use {
    USE_PERSON = 200,
    USE_REGIONS = 210,
    USE_QUALS = 220,
    USE_CERT = 240,
    USE_VALID,
    USE_STATUS,
    USE_KIND,
    USE_CAP,
    USE_LOAD,
    USE_TIES,
    USE_TIE = 260, /* and some more for each */
};

/* What inspectors of a field are qualified for, and of a hundred how many. */
static const struct {
    const char *field, *qual;
    int percent;
} skills[] = {
    { "market", "food", 45 },
    { "market", "special_equipment", 30 },
    { "market", "metrology", 25 },
    { "market", "accounting", 12 },
    { "drug", "drug", 85 },
    { "emergency", "fire", 30 },
    { "emergency", "special_equipment", 20 },
    { "fire", "fire", 95 },
    { "health", "food", 25 },
    { "agriculture", "food", 20 },
    { "statistics", "accounting", 40 },
    { "labour", "accounting", 15 },
    { "commerce", "accounting", 15 },
};

/* Certificates end within four years after the demo's today; one in twenty-five has ended. */
static int32_t cert_end(const struct demo_maker *m, int64_t i)
{
    int32_t today = date_days(DEMO_TODAY);
    int32_t ahead = (int32_t)(demo_chance(m, i, USE_VALID) % 1400 + 200);
    bool over = demo_chance(m, i, USE_CERT) % 25 == 0;
    return date_of_days(over ? today - ahead / 4 : today + ahead);
}

static enum inspector_status status_of(uint64_t k)
{
    return k % 100 < 4 ? INSPECTOR_PENDING : k % 100 < 5 ? INSPECTOR_INVALID : INSPECTOR_VALID;
}

static enum inspector_kind kind_of(uint64_t k)
{
    return k % 20 == 0 ? INSPECTOR_EXPERT : k % 20 < 4 ? INSPECTOR_QUALIFIED : INSPECTOR_OFFICER;
}

/* A few of the codes one level below, ascending. */
static void some_below(const struct demo_maker *m, int64_t i, const struct dept_def *d,
                       struct buf *out)
{
    const struct region *below = NULL;
    size_t n = defs_region_children(m->defs, d->region, &below);
    uint64_t every = n / 3 + 1;
    for (size_t k = demo_chance(m, i, USE_REGIONS + 1) % every; k < n; k += every) {
        if (defs_region_valid(&below[k], 0)) {
            buf_put(out, out->n == 0 ? STR("") : STR(","));
            buf_put(out, region_prefix(below[k].code));
        }
    }
}

/* Half of those above the counties serve the whole area, the others a few parts of it. */
static struct str regions_of(const struct demo_maker *m, int64_t i, const struct dept_def *d,
                             struct buf *out)
{
    buf_clear(out);
    if (d->level < 3 && demo_chance(m, i, USE_REGIONS) % 2 == 0) {
        some_below(m, i, d, out);
    }
    if (out->n == 0) {
        buf_put(out, region_prefix(d->region));
    }
    return buf_str(out);
}

/* Keys are put in the order of the definitions' sorted list: ascending. */
static struct str quals_of(const struct demo_maker *m, int64_t i, const struct dept_def *d,
                           struct buf *out)
{
    struct str before = STR("");
    buf_clear(out);
    for (size_t round = 0; round < COUNT_OF(skills); round++) {
        struct str next = STR("");
        for (size_t k = 0; k < COUNT_OF(skills); k++) {
            struct str qual = str_of(skills[k].qual);
            bool has = str_eq(d->field, str_of(skills[k].field)) &&
                       (int)(demo_chance(m, i, USE_QUALS + k) % 100) < skills[k].percent;
            if (has && str_cmp(qual, before) > 0 && (next.n == 0 || str_cmp(qual, next) < 0)) {
                next = qual;
            }
        }
        if (next.n == 0) {
            break;
        }
        buf_put(out, out->n == 0 ? STR("") : STR(","));
        buf_put(out, next);
        before = next;
    }
    return buf_str(out);
}

struct writing {
    const struct demo_maker *m;
    struct buf regions, quals;
    int64_t inspectors, interests;
};

/* Up to two entities that the inspector has to keep away from. */
static enum err write_ties(struct cx *cx, struct tx *tx, struct writing *w, int64_t i, int64_t home)
{
    const struct demo_maker *m = w->m;
    uint64_t by = demo_chance(m, i, USE_TIES) % 10;
    int64_t ties = by < 6 ? 0 : by < 9 ? 1 : 2;
    for (int64_t k = 0; k < ties; k++) {
        uint64_t use = USE_TIE + 8 * (uint64_t)k;
        int32_t from = date_days(20150101) + (int32_t)(demo_chance(m, i, use) % 3800);
        bool over = demo_chance(m, i, use + 1) % 8 == 0;
        int32_t days = (int32_t)(demo_chance(m, i, use + 2) % 300);
        const struct qa_interest_insert row = {
            .home = home,
            .id = INTEREST_FIRST_ID + w->interests++,
            .entity = DEMO_FIRST_ID + (int64_t)(demo_chance(m, i, use + 3) % (uint64_t)m->entities),
            .kind = (int64_t)(demo_chance(m, i, use + 4) % 4) + INTEREST_RELATIVE,
            .from_on = date_of_days(from),
            .to_on = over ? date_of_days(from + days) : NULL_INT,
            .note = { NULL, 0 },
        };
        int64_t changed;
        TRY(q_interest_insert(cx, tx, &row, &changed));
    }
    return ERR_OK;
}

static enum err write_inspector(struct cx *cx, struct tx *tx, struct writing *w,
                                const struct dept_def *d, int64_t dept_no, int64_t k)
{
    const struct demo_maker *m = w->m;
    int64_t i = dept_no * DEPT_SPAN + k;
    char staff_no[33];
    char cert_no[33];
    char name[32];
    int64_t changed;
    int n_no = snprintf(staff_no, sizeof staff_no, STR_FMT "-%02d-%03d", STR_ARG(d->region),
                        (int)dept_no, (int)k);
    int n_cert = snprintf(cert_no, sizeof cert_no, STR_FMT "%02d%05d", STR_ARG(d->region),
                          (int)dept_no, (int)k);
    const struct qa_inspector_put row = {
        .home = INSPECTOR_FIRST_ID + w->inspectors++,
        .staff_no = { staff_no, (size_t)n_no },
        .name = { name, demo_person(m, i, USE_PERSON, name) },
        .dept = d->code,
        .kind = (int64_t)kind_of(demo_chance(m, i, USE_KIND)),
        .regions = regions_of(m, i, d, &w->regions),
        .quals = directory_or_null(quals_of(m, i, d, &w->quals)),
        .cert_no = { cert_no, (size_t)n_cert },
        .cert_valid_to_on = cert_end(m, i),
        .cap = (int64_t)(demo_chance(m, i, USE_CAP) % 9) + 4,
        .load = (int64_t)(demo_chance(m, i, USE_LOAD) % 12),
        .status = (int64_t)status_of(demo_chance(m, i, USE_STATUS)),
    };
    TRY(q_inspector_key_insert(cx, tx, row.staff_no, row.home, &changed));
    TRY(q_inspector_put(cx, tx, &row, &changed));
    return write_ties(cx, tx, w, i, row.home);
}

/* Market regulation does most of the visits and has most of the people. */
static int64_t staff_of(const struct dept_def *d)
{
    static const int64_t by_level[] = { 0, 36, 24, 16 };
    return by_level[d->level] * (str_eq(d->field, STR("market")) ? 3 : 1);
}

enum err demo_people_write(struct cx *cx, struct tx *tx, const struct demo_maker *m,
                           int64_t *inspectors, int64_t *interests)
{
    struct writing w = { .m = m,
                         .regions = buf_of(cx->mem, REGIONS_BYTES),
                         .quals = buf_of(cx->mem, QUALS_BYTES) };
    const struct dept_def *all = NULL;
    size_t n = defs_depts(m->defs, &all);
    for (size_t d = 0; d < n; d++) {
        for (int64_t k = 1; k <= staff_of(&all[d]); k++) {
            TRY(write_inspector(cx, tx, &w, &all[d], (int64_t)d + 1, k));
        }
    }
    *inspectors = w.inspectors;
    *interests = w.interests;
    return ERR_OK;
}
