/* Inspectors: the directory of a department, one of them, and what ties them to firms. */
#include "web/handlers.h"
#include "web/labels.h"

enum { ROWS = 50 };

static struct inspector_row inspector_of(struct http_call *c, const struct inspector_entry *e)
{
    static const enum msg kinds[] = { [INSPECTOR_OFFICER] = M_inspector_officer,
                                      [INSPECTOR_QUALIFIED] = M_inspector_qualified,
                                      [INSPECTOR_EXPERT] = M_inspector_expert };
    bool valid = e->status == INSPECTOR_VALID;
    return (struct inspector_row){
        .no = e->staff_no,
        .href = text_fmt(c->cx, "/inspectors/" STR_FMT, STR_ARG(text_url(c->cx, e->staff_no))),
        .name = e->name,
        .dept = label_dept(c, e->dept),
        .kind = kinds[e->kind],
        .quals = labels_of(c, e->quals, defs_qual_label),
        .regions = e->regions,
        .cert_no = e->cert_no,
        .cert_valid_to_on = e->cert_valid_to_on,
        .cap = e->cap,
        .load = e->load,
        .state = valid                            ? M_inspector_valid
                 : e->status == INSPECTOR_PENDING ? M_inspector_pending
                                                  : M_inspector_invalid,
        .mark = valid ? STR("good") : STR("warn"),
    };
}

static enum err dept_options(struct http_call *c, struct str chosen, struct option **out, size_t *n)
{
    struct department *all = NULL;
    TRY(department_list(c->cx, desk_of(c), STR(""), &all, n));
    struct option *rows = arena_alloc(c->cx->mem, *n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "departments");
    }
    for (size_t i = 0; i < *n; i++) {
        rows[i] =
            (struct option){ all[i].code, label_dept(c, all[i].code), str_eq(all[i].code, chosen) };
    }
    *out = rows;
    return ERR_OK;
}

static enum msg interest_word(enum interest_kind k)
{
    static const enum msg words[] = {
        [INTEREST_RELATIVE] = M_interest_relative,
        [INTEREST_FORMER_EMPLOYER] = M_interest_former,
        [INTEREST_SHAREHOLDING] = M_interest_shares,
        [INTEREST_PRIVATE_TIE] = M_interest_private,
    };
    return words[k];
}

static enum err interest_rows(struct http_call *c, struct str staff_no, struct interest_row **out,
                              size_t *n)
{
    struct interest *all = NULL;
    TRY(interest_list(c->cx, desk_of(c), actor_of(c), staff_no, &all, n));
    struct interest_row *rows = arena_alloc(c->cx->mem, *n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "interests");
    }
    for (size_t i = 0; i < *n; i++) {
        rows[i] = (struct interest_row){
            .code = all[i].code,
            .href = text_fmt(c->cx, "/e/" STR_FMT, STR_ARG(all[i].code)),
            .kind = interest_word(all[i].kind),
            .from_on = all[i].from_on,
            .to_on = all[i].to_on,
            .note = all[i].note,
        };
    }
    *out = rows;
    return ERR_OK;
}

static struct option number_option(struct cx *cx, int value, enum msg word, int chosen)
{
    return (struct option){ text_fmt(cx, "%d", value), msg_text(word, cx->lang), value == chosen };
}

static enum err quals_ticked(struct http_call *c, struct str held, struct inspector_form *f)
{
    const struct str *keys = NULL;
    size_t n = defs_quals(desk_of(c)->defs, &keys);
    struct option *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "qualifications");
    }
    for (size_t i = 0; i < n; i++) {
        rows[i] = (struct option){ keys[i], defs_qual_label(desk_of(c)->defs, keys[i], c->cx->lang),
                                   false };
        for (struct str rest = held; rest.n > 0;) {
            rows[i].chosen |= str_eq(str_cut(&rest, ','), keys[i]);
        }
    }
    f->quals = rows;
    f->n_quals = n;
    return ERR_OK;
}

/* The form of an inspector that is there, or of a new one in the caller's own department. */
static enum err form_of(struct http_call *c, const struct inspector_entry *e,
                        struct inspector_form *out)
{
    enum { KINDS = 3, STATES = 3 };
    struct option *kinds = arena_alloc(c->cx->mem, KINDS + STATES, sizeof *kinds);
    if (kinds == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "form");
    }
    struct option *states = kinds + KINDS;
    kinds[0] = number_option(c->cx, INSPECTOR_OFFICER, M_inspector_officer, (int)e->kind);
    kinds[1] = number_option(c->cx, INSPECTOR_QUALIFIED, M_inspector_qualified, (int)e->kind);
    kinds[2] = number_option(c->cx, INSPECTOR_EXPERT, M_inspector_expert, (int)e->kind);
    states[0] = number_option(c->cx, INSPECTOR_VALID, M_inspector_valid, (int)e->status);
    states[1] = number_option(c->cx, INSPECTOR_PENDING, M_inspector_pending, (int)e->status);
    states[2] = number_option(c->cx, INSPECTOR_INVALID, M_inspector_invalid, (int)e->status);
    struct inspector_form f = {
        .no = e->staff_no,
        .name = e->name,
        .dept = e->dept,
        .regions = e->regions,
        .cert_no = e->cert_no,
        .cert_valid_to_on = e->cert_valid_to_on,
        .cap = e->cap != 0 ? text_fmt(c->cx, "%lld", (long long)e->cap) : STR("20"),
        .kinds = kinds,
        .n_kinds = KINDS,
        .states = states,
        .n_states = STATES,
    };
    TRY(quals_ticked(c, e->quals, &f));
    *out = f;
    return ERR_OK;
}

static struct str inspectors_address(struct http_call *c, struct str dept, struct str after)
{
    struct pair pairs[] = { { "dept", dept }, { "after", after } };
    return address(c->cx, STR("/inspectors"), pairs, COUNT_OF(pairs), NULL);
}

enum err page_inspectors(struct http_call *c)
{
    struct page_frame f;
    struct inspector_entry *all = NULL;
    struct inspector_form form;
    struct option *depts = NULL;
    size_t n = 0;
    size_t n_depts = 0;
    struct buf b = page_buf(c);
    struct str dept = field_of(c, "dept");
    struct str after = field_of(c, "after");
    TRY(inspector_entry_list(c->cx, desk_of(c), actor_of(c), dept, after, ROWS, &all, &n));
    struct inspector_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "rows");
    }
    for (size_t i = 0; i < n; i++) {
        rows[i] = inspector_of(c, &all[i]);
    }
    struct str next = n == ROWS ? inspectors_address(c, dept, all[n - 1].staff_no) : STR("");
    struct str first = after.n != 0 ? inspectors_address(c, dept, STR("")) : STR("");
    TRY(dept_options(c, dept, &depts, &n_depts));
    struct inspector_entry fresh = { .dept = actor_of(c)->dept, .status = INSPECTOR_VALID };
    TRY(form_of(c, &fresh, &form));
    struct form_keys k = form_keys_of(c);
    TRY(frame_make(c, msg_text(M_inspectors_title, c->cx->lang), &f));
    t_page_inspectors(&b, c->cx->lang, &f, &k, &form, depts, n_depts, rows, n, first, next,
                      may(c, POWER_DRAW_COMMIT));
    return page_send(c, &b);
}

static bool administers(const struct http_call *c, struct str dept)
{
    struct cx probe = { .mem = c->cx->mem, .now_ms = c->cx->now_ms };
    return access_allow(&probe, actor_of(c), POWER_DRAW_COMMIT, (struct scope){ .dept = dept }) ==
           ERR_OK;
}

enum err page_inspector(struct http_call *c)
{
    struct inspector_entry e;
    struct inspector_form form;
    struct interest_row *ties = NULL;
    size_t n = 0;
    struct page_frame f;
    struct buf b = page_buf(c);
    TRY(inspector_entry_get(c->cx, desk_of(c), actor_of(c), c->seg[0], &e));
    struct inspector_row row = inspector_of(c, &e);
    TRY(interest_rows(c, e.staff_no, &ties, &n));
    TRY(form_of(c, &e, &form));
    struct form_keys k = form_keys_of(c);
    TRY(frame_make(c, e.name, &f));
    t_page_inspector(&b, c->cx->lang, &f, &k, &row, &form, ties, n, administers(c, e.dept));
    return page_send(c, &b);
}

static struct str inspector_address(struct http_call *c, struct str staff_no, const char *done)
{
    return text_fmt(c->cx, "/inspectors/" STR_FMT "?done=%s", STR_ARG(text_url(c->cx, staff_no)),
                    done);
}

/* The ticked boxes, ascending as the office wants them: they stand so in the form. */
static struct str quals_given(struct http_call *c)
{
    struct buf b = buf_of(c->cx->mem, 1024);
    const struct str *keys = NULL;
    size_t n = defs_quals(desk_of(c)->defs, &keys);
    struct str last = STR("");
    for (size_t done = 0; done < n; done++) {
        struct str least = STR("");
        for (size_t i = 0;; i++) {
            struct str v = http_field_nth(c, "qual", i);
            if (v.p == NULL) {
                break;
            }
            bool behind = str_cmp(v, last) > 0;
            least = behind && (least.n == 0 || str_cmp(v, least) < 0) ? v : least;
        }
        if (least.n == 0) {
            break;
        }
        buf_put(&b, b.n != 0 ? STR(",") : STR(""));
        buf_put(&b, least);
        last = least;
    }
    return buf_str(&b);
}

enum err do_inspector(struct http_call *c)
{
    int64_t kind;
    int64_t state;
    int64_t id;
    struct inspector_entry e = {
        .staff_no = field_of(c, "no"),
        .name = field_of(c, "name"),
        .dept = field_of(c, "dept"),
        .regions = field_of(c, "regions"),
        .cert_no = field_of(c, "cert_no"),
        .quals = quals_given(c),
    };
    TRY(field_int(c, "kind", INSPECTOR_OFFICER, INSPECTOR_EXPERT, INSPECTOR_OFFICER, &kind));
    TRY(field_int(c, "state", INSPECTOR_PENDING, INSPECTOR_INVALID, INSPECTOR_PENDING, &state));
    TRY(field_int(c, "cap", 0, INT32_MAX, 0, &e.cap));
    TRY(field_date(c, "cert_valid_to", &e.cert_valid_to_on));
    e.kind = (enum inspector_kind)kind;
    e.status = (enum inspector_status)state;
    TRY(inspector_entry_put(c->cx, desk_of(c), actor_of(c), &e, op_key_of(c), &id));
    return see_other(c, inspector_address(c, e.staff_no, "saved"));
}

enum err do_interest(struct http_call *c)
{
    int64_t kind;
    int64_t id;
    struct interest i = { .staff_no = c->seg[0],
                          .code = field_of(c, "code"),
                          .note = field_of(c, "note") };
    TRY(field_int(c, "kind", INTEREST_RELATIVE, INTEREST_PRIVATE_TIE, INTEREST_RELATIVE, &kind));
    TRY(field_date(c, "from", &i.from_on));
    TRY(field_date(c, "to", &i.to_on));
    i.kind = (enum interest_kind)kind;
    TRY(interest_add(c->cx, desk_of(c), actor_of(c), &i, op_key_of(c), &id));
    return see_other(c, inspector_address(c, c->seg[0], "declared"));
}
