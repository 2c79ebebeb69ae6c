/* Inspectors: who may be drawn to inspect. */
#include "office/directory_rows.h"
#include "office/office.h"

enum {
    STAFF_NO_MAX = 32,
    NAME_MAX = 64,
    CERT_MAX = 64,
    LIST_BYTES_MAX = 1024,
    PAGE_MAX = 1000,
    PLACES_MAX = 1 << 20, /* as in roster.tsv */
    REGION_DIGITS = 6,
};

/* The statements' rows are of different types with the same columns. */
#define ENTRY_OF(r)                                                                                \
    ((struct inspector_entry){                                                                     \
        .id = (r)->home,                                                                           \
        .staff_no = (r)->staff_no,                                                                 \
        .name = (r)->name,                                                                         \
        .dept = (r)->dept,                                                                         \
        .kind = (enum inspector_kind)(r)->kind,                                                    \
        .regions = (r)->regions,                                                                   \
        .quals = (r)->quals,                                                                       \
        .cert_no = (r)->cert_no,                                                                   \
        .cert_valid_to_on = (int32_t)(r)->cert_valid_to_on,                                        \
        .cap = (r)->cap,                                                                           \
        .load = (r)->load,                                                                         \
        .status = (enum inspector_status)(r)->status,                                              \
    })

/* ---- what an entry must be ------------------------------------------------------------------- */

static bool is_visible(struct str s, size_t max)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '!' || s.p[i] > '~') {
            return false;
        }
    }
    return s.n >= 1 && s.n <= max;
}

static bool is_region_prefix(const struct defs *defs, struct str s)
{
    char code[] = "000000";
    if (s.n < 2 || s.n > REGION_DIGITS || s.n % 2 != 0) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        code[i] = s.p[i];
    }
    return defs_region(defs, (struct str){ code, REGION_DIGITS }) != NULL;
}

static bool is_qual(const struct defs *defs, struct str s)
{
    const struct str *keys = NULL;
    size_t n = defs_quals(defs, &keys);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(keys[i], s)) {
            return true;
        }
    }
    return false;
}

/* Every word of a comma list is known, and they ascend. */
static enum err decide_words(struct cx *cx, const struct defs *defs, const char *field,
                             struct str list, bool (*known)(const struct defs *, struct str))
{
    struct str before = STR("");
    if (list.n > LIST_BYTES_MAX || str_ends(list, STR(","))) {
        return fail(cx, ERR_FIELD, "%s: words with commas between, at most %d bytes", field,
                    LIST_BYTES_MAX);
    }
    while (list.n > 0) {
        struct str word = str_cut(&list, ',');
        if (!known(defs, word)) {
            return fail(cx, ERR_FIELD, "%s: \"" STR_FMT "\" is not known", field, STR_ARG(word));
        }
        if (str_cmp(before, word) >= 0) {
            return fail(cx, ERR_FIELD, "%s: \"" STR_FMT "\" must come once and in order", field,
                        STR_ARG(word));
        }
        before = word;
    }
    return ERR_OK;
}

static enum err decide_certificate(struct cx *cx, const struct inspector_entry *i)
{
    if (!is_visible(i->cert_no, CERT_MAX)) {
        return fail(cx, ERR_FIELD, "cert_no: 1..%d visible ASCII characters", CERT_MAX);
    }
    if (!date_valid(i->cert_valid_to_on)) {
        return fail(cx, ERR_FIELD, "cert_valid_to_on: not a day");
    }
    if (i->status < INSPECTOR_PENDING || i->status > INSPECTOR_INVALID) {
        return fail(cx, ERR_FIELD, "status: pending, valid or invalid");
    }
    return ERR_OK;
}

static enum err decide_entry(struct cx *cx, const struct defs *defs,
                             const struct inspector_entry *i)
{
    if (!is_visible(i->staff_no, STAFF_NO_MAX)) {
        return fail(cx, ERR_FIELD, "staff_no: 1..%d visible ASCII characters", STAFF_NO_MAX);
    }
    if (i->name.n == 0 || utf8_bad_at(i->name) < i->name.n || utf8_count(i->name) > NAME_MAX) {
        return fail(cx, ERR_FIELD, "name: 1..%d characters", NAME_MAX);
    }
    if (i->kind < INSPECTOR_OFFICER || i->kind > INSPECTOR_EXPERT) {
        return fail(cx, ERR_FIELD, "kind: officer, qualified or expert");
    }
    if (i->regions.n == 0) {
        return fail(cx, ERR_FIELD, "regions: at least one");
    }
    TRY(decide_words(cx, defs, "regions", i->regions, is_region_prefix));
    TRY(decide_words(cx, defs, "quals", i->quals, is_qual));
    if (i->cap < 0 || i->cap > PLACES_MAX) {
        return fail(cx, ERR_FIELD, "cap: 0..%d places", PLACES_MAX);
    }
    if (i->load < 0 || i->load > PLACES_MAX) {
        return fail(cx, ERR_FIELD, "load: 0..%d places", PLACES_MAX);
    }
    return decide_certificate(cx, i);
}

/* ---- reading --------------------------------------------------------------------------------- */

struct listing {
    struct str dept, after;
    int limit;
    struct inspector_entry *out;
    size_t n;
};

static enum err make_room(struct cx *cx, struct listing *w)
{
    w->out = arena_alloc(cx->mem, w->n + 1, sizeof *w->out);
    return w->out != NULL ? ERR_OK : fail(cx, ERR_NO_MEMORY, "%zu inspectors", w->n);
}

static enum err list_all_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct listing *w = arg;
    struct q_inspector_page *rows;
    TRY(q_inspector_page(cx, tx, w->after, w->limit, &rows, &w->n));
    TRY(make_room(cx, w));
    for (size_t i = 0; i < w->n; i++) {
        w->out[i] = ENTRY_OF(&rows[i]);
    }
    return ERR_OK;
}

static enum err list_dept_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct listing *w = arg;
    struct q_inspector_page_of *rows;
    TRY(q_inspector_page_of(cx, tx, w->dept, w->after, w->limit, &rows, &w->n));
    TRY(make_room(cx, w));
    for (size_t i = 0; i < w->n; i++) {
        w->out[i] = ENTRY_OF(&rows[i]);
    }
    return ERR_OK;
}

enum err inspector_entry_list(struct cx *cx, const struct desk *d, const struct actor *by,
                              struct str dept, struct str after, int limit,
                              struct inspector_entry **out, size_t *n)
{
    struct listing w = { .dept = dept, .after = after, .limit = limit };
    TRY(access_allow(cx, by, POWER_DRAW_READ, (struct scope){ 0 }));
    if (limit < 1 || limit > PAGE_MAX) {
        return fail(cx, ERR_FIELD, "limit: 1..%d", PAGE_MAX);
    }
    TRY(store_read(cx, d->store, dept.n == 0 ? list_all_work : list_dept_work, &w));
    *out = w.out;
    *n = w.n;
    return ERR_OK;
}

enum err inspector_find(struct cx *cx, struct tx *tx, struct str staff_no,
                        struct inspector_entry *out)
{
    struct q_inspector_home at;
    struct q_inspector_by_home row;
    bool found;
    TRY(q_inspector_home(cx, tx, staff_no, &at, &found));
    if (found) {
        TRY(q_inspector_by_home(cx, tx, at.home, &row, &found));
    }
    if (!found) {
        return fail(cx, ERR_NOT_FOUND, "inspector " STR_FMT, STR_ARG(staff_no));
    }
    *out = ENTRY_OF(&row);
    return ERR_OK;
}

struct getting {
    struct str staff_no;
    struct inspector_entry found;
};

static enum err get_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct getting *w = arg;
    return inspector_find(cx, tx, w->staff_no, &w->found);
}

enum err inspector_entry_get(struct cx *cx, const struct desk *d, const struct actor *by,
                             struct str staff_no, struct inspector_entry *out)
{
    struct getting w = { .staff_no = staff_no };
    TRY(access_allow(cx, by, POWER_DRAW_READ, (struct scope){ 0 }));
    TRY(store_read(cx, d->store, get_work, &w));
    *out = w.found;
    return ERR_OK;
}

struct counting {
    struct str dept;
    int64_t n;
};

static enum err count_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct counting *w = arg;
    struct q_inspector_count_all all;
    struct q_inspector_count_of of;
    if (w->dept.n == 0) {
        TRY(q_inspector_count_all(cx, tx, &all));
        w->n = all.inspectors;
        return ERR_OK;
    }
    TRY(q_inspector_count_of(cx, tx, w->dept, &of));
    w->n = of.inspectors;
    return ERR_OK;
}

enum err inspector_entry_count(struct cx *cx, const struct desk *d, struct str dept, int64_t *out)
{
    struct counting w = { .dept = dept };
    TRY(store_read(cx, d->store, count_work, &w));
    *out = w.n;
    return ERR_OK;
}

struct streaming {
    enum err (*row)(struct cx *cx, const struct inspector_entry *i, void *arg);
    void *arg;
};

static enum err each_row(struct cx *cx, const struct q_inspector_good *r, void *arg)
{
    const struct streaming *w = arg;
    const struct inspector_entry e = ENTRY_OF(r);
    return w->row(cx, &e, w->arg);
}

enum err inspector_entry_each(struct cx *cx, struct tx *tx, struct str dept, int32_t on,
                              enum err (*row)(struct cx *cx, const struct inspector_entry *i,
                                              void *arg),
                              void *arg)
{
    struct streaming w = { row, arg };
    return q_inspector_good(cx, tx, dept, INSPECTOR_VALID, on, each_row, &w);
}

/* ---- writing --------------------------------------------------------------------------------- */

struct putting {
    const struct actor *by;
    const struct inspector_entry *entry;
    int64_t id; /* out */
};

/* Whoever moves an inspector to another department must hold the power in both. */
static enum err may_put(struct cx *cx, struct tx *tx, const struct putting *w, bool known)
{
    struct q_inspector_by_home was;
    struct q_dept_by_code dept;
    bool found;
    TRY(q_dept_by_code(cx, tx, w->entry->dept, &dept, &found));
    if (!found) {
        return fail(cx, ERR_FIELD, "dept: no department \"" STR_FMT "\"", STR_ARG(w->entry->dept));
    }
    TRY(access_allow(cx, w->by, POWER_DRAW_COMMIT, (struct scope){ .dept = w->entry->dept }));
    if (!known) {
        return ERR_OK;
    }
    TRY(q_inspector_by_home(cx, tx, w->id, &was, &found));
    return found ? access_allow(cx, w->by, POWER_DRAW_COMMIT, (struct scope){ .dept = was.dept })
                 : ERR_OK;
}

static enum err put_work(struct cx *cx, struct tx *tx, void *arg)
{
    struct putting *w = arg;
    const struct inspector_entry *i = w->entry;
    struct q_inspector_home at;
    bool known;
    int64_t changed;
    TRY(q_inspector_home(cx, tx, i->staff_no, &at, &known));
    w->id = known ? at.home : 0;
    TRY(may_put(cx, tx, w, known));
    if (!known) {
        TRY(tx_id(cx, tx, &w->id));
        TRY(q_inspector_key_insert(cx, tx, i->staff_no, w->id, &changed));
    }
    const struct qa_inspector_put row = {
        .home = w->id,
        .staff_no = i->staff_no,
        .name = i->name,
        .dept = i->dept,
        .kind = (int64_t)i->kind,
        .regions = i->regions,
        .quals = directory_or_null(i->quals),
        .cert_no = i->cert_no,
        .cert_valid_to_on = i->cert_valid_to_on,
        .cap = i->cap,
        .load = i->load,
        .status = (int64_t)i->status,
    };
    TRY(q_inspector_put(cx, tx, &row, &changed));
    return directory_answer(cx, tx, w->id);
}

enum err inspector_entry_put(struct cx *cx, const struct desk *d, const struct actor *by,
                             const struct inspector_entry *i, struct str op_key, int64_t *id)
{
    struct putting w = { .by = by, .entry = i };
    struct op op = { .key = op_key };
    TRY(access_allow(cx, by, POWER_DRAW_COMMIT, (struct scope){ 0 }));
    TRY(decide_entry(cx, d->defs, i));
    TRY(store_write(cx, d->store, &op, put_work, &w));
    if (op.replayed) {
        TRY(id_get(cx, op.answer, &w.id));
    }
    log_info("inspector.put", "id=%lld by=%lld", (long long)w.id, (long long)by->account);
    *id = w.id;
    return ERR_OK;
}

enum err inspector_load_add(struct cx *cx, struct tx *tx, int64_t inspector, int64_t places)
{
    int64_t changed;
    TRY(q_inspector_load(cx, tx, inspector, places, &changed));
    return changed == 1 ? ERR_OK : fail(cx, ERR_NOT_FOUND, "inspector %lld", (long long)inspector);
}
