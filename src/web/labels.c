#include "web/labels.h"

struct str label_class(const struct http_call *c, int cls)
{
    const struct entity_class *k = defs_class(desk_of(c)->defs, cls);
    return k == NULL ? STR("") : k->label.text[c->cx->lang];
}

struct str label_status(const struct http_call *c, enum entity_status s)
{
    return defs_status_label(desk_of(c)->defs, (int)s, c->cx->lang);
}

struct str label_region(const struct http_call *c, struct str code)
{
    struct buf b = buf_of(c->cx->mem, 512);
    if (code.n != 0) {
        defs_region_path(desk_of(c)->defs, code, " / ", &b);
    }
    return buf_str(&b);
}

struct str label_industry(const struct http_call *c, struct str code)
{
    const struct industry *i = code.n == 0 ? NULL : defs_industry(desk_of(c)->defs, code);
    return i == NULL ? code : i->name;
}

struct str label_dept(const struct http_call *c, struct str code)
{
    const struct dept_def *d = code.n == 0 ? NULL : defs_dept(desk_of(c)->defs, code);
    if (d == NULL) {
        return code;
    }
    return c->cx->lang == LANG_EN && d->name_en.n != 0 ? d->name_en : d->name;
}

struct str label_party(const struct http_call *c, const struct ceremony_party *p)
{
    bool known = defs_dept(desk_of(c)->defs, p->dept) != NULL;
    return known || p->shown.n == 0 ? label_dept(c, p->dept) : p->shown;
}

/* "food,fire" as words. */
struct str labels_of(struct http_call *c, struct str keys,
                     struct str (*label)(const struct defs *d, struct str key, enum lang lang))
{
    struct buf b = buf_of(c->cx->mem, 1024);
    while (keys.n > 0) {
        struct str key = str_cut(&keys, ',');
        buf_put(&b, b.n != 0 ? STR(", ") : STR(""));
        buf_put(&b, label(desk_of(c)->defs, key, c->cx->lang));
    }
    return buf_str(&b);
}

struct str label_yuan(const struct http_call *c, int64_t fen)
{
    struct buf b = buf_of(c->cx->mem, 64);
    web_put_grouped(&b, c->cx->lang, PLACE_HTML, fen / 100);
    buf_fmt(&b, ".%02d", (int)(fen % 100));
    return buf_str(&b);
}

struct str label_p31(const struct http_call *c, int64_t sum_p31)
{
    struct buf b = buf_of(c->cx->mem, 64);
    int64_t unit = INT64_C(1) << 31;
    int64_t rest = sum_p31 % unit;
    int64_t tenths = sum_p31 / unit * 10 + (rest * 10 + unit / 2) / unit;
    web_put_grouped(&b, c->cx->lang, PLACE_HTML, tenths / 10);
    buf_fmt(&b, ".%d", (int)(tenths % 10));
    return buf_str(&b);
}

struct str label_chance(const struct http_call *c, int64_t p31)
{
    int64_t unit = INT64_C(1) << 31;
    int64_t hundredths = (p31 * 10000 + unit / 2) / unit;
    return text_fmt(c->cx, "%d.%02d %%", (int)(hundredths / 100), (int)(hundredths % 100));
}

struct str label_grade(const struct http_call *c, char grade)
{
    return grade >= 'A' && grade <= 'D' ? text_fmt(c->cx, "%c", grade) : STR("");
}

struct str mark_of_grade(char grade)
{
    static const char *const classes[] = { "grade-a", "grade-b", "grade-c", "grade-d" };
    return grade >= 'A' && grade <= 'D' ? str_of(classes[grade - 'A']) : STR("");
}

struct str mark_of_status(enum entity_status s)
{
    switch (s) {
    case ENTITY_ACTIVE:
        return STR("good");
    case ENTITY_DORMANT:
        return STR("warn");
    case ENTITY_REVOKED:
    case ENTITY_ANNULLED:
        return STR("bad");
    case ENTITY_DEREGISTERED:
    case ENTITY_MOVED_OUT:
        break;
    }
    return STR("");
}

struct str mark_of_state(enum ceremony_state s)
{
    switch (s) {
    case CEREMONY_PUBLISHED:
        return STR("good");
    case CEREMONY_VOID:
        return STR("bad");
    case CEREMONY_EMBARGOED:
        return STR("warn");
    case CEREMONY_PLANNED:
    case CEREMONY_FROZEN:
    case CEREMONY_REVEALED:
    case CEREMONY_SEEDED:
    case CEREMONY_DRAWN:
        return STR("busy");
    case CEREMONY_STATE__COUNT:
        break;
    }
    return STR("");
}

/* One row a state: the word, and what it means for whoever reads the page. */
static const enum msg states[CEREMONY_STATE__COUNT][2] = {
    [CEREMONY_PLANNED] = { M_state_planned, M_explain_planned },
    [CEREMONY_FROZEN] = { M_state_frozen, M_explain_frozen },
    [CEREMONY_REVEALED] = { M_state_revealed, M_explain_revealed },
    [CEREMONY_SEEDED] = { M_state_seeded, M_explain_seeded },
    [CEREMONY_DRAWN] = { M_state_drawn, M_explain_drawn },
    [CEREMONY_EMBARGOED] = { M_state_embargoed, M_explain_embargoed },
    [CEREMONY_PUBLISHED] = { M_state_published, M_explain_published },
    [CEREMONY_VOID] = { M_state_void, M_explain_void },
};

enum msg state_word(enum ceremony_state s)
{
    return s < CEREMONY_STATE__COUNT ? states[s][0] : M_NONE;
}

enum msg state_explained(enum ceremony_state s)
{
    return s < CEREMONY_STATE__COUNT ? states[s][1] : M_NONE;
}

enum msg step_word(enum ceremony_step s)
{
    static const enum msg words[CEREMONY_STEP__COUNT] = {
        [CEREMONY_STEP_PLAN] = M_step_plan,
        [CEREMONY_STEP_COMMIT] = M_step_commit,
        [CEREMONY_STEP_FREEZE] = M_step_freeze,
        [CEREMONY_STEP_REVEAL] = M_step_reveal,
        [CEREMONY_STEP_CLOSE_REVEALS] = M_step_close_reveals,
        [CEREMONY_STEP_BEACON] = M_step_beacon,
        [CEREMONY_STEP_RUN] = M_step_run,
        [CEREMONY_STEP_PUBLISH] = M_step_publish,
        [CEREMONY_STEP_VOID] = M_step_void,
        [CEREMONY_STEP_REPLACE_TARGET] = M_step_replace_target,
        [CEREMONY_STEP_REPLACE_INSPECTOR] = M_step_replace_inspector,
    };
    return s < CEREMONY_STEP__COUNT ? words[s] : M_NONE;
}

enum msg exclusion_word(enum ceremony_exclusion x)
{
    static const enum msg words[CEREMONY_EXCLUSION__COUNT] = {
        [CEREMONY_EXCLUDED_DEREGISTERED] = M_excluded_deregistered,
        [CEREMONY_EXCLUDED_REVOKED] = M_excluded_revoked,
        [CEREMONY_EXCLUDED_ANNULLED] = M_excluded_annulled,
        [CEREMONY_EXCLUDED_MOVED_OUT] = M_excluded_moved_out,
        [CEREMONY_EXCLUDED_BY_ORDER] = M_excluded_by_order,
        [CEREMONY_EXCLUDED_MANDATORY_ELSEWHERE] = M_excluded_mandatory_elsewhere,
        [CEREMONY_EXCLUDED_CAP] = M_excluded_cap,
        [CEREMONY_EXCLUDED_DRAWN_IN_CYCLE] = M_excluded_drawn_in_cycle,
        [CEREMONY_EXCLUDED_GRADE_EXEMPT] = M_excluded_grade_exempt,
    };
    return x < CEREMONY_EXCLUSION__COUNT ? words[x] : M_NONE;
}

enum msg mode_word(enum ceremony_mode m)
{
    static const enum msg words[CEREMONY_MODE__COUNT] = {
        [CEREMONY_FIXED] = M_mode_fixed,
        [CEREMONY_RATE] = M_mode_rate,
        [CEREMONY_ORDER] = M_mode_order,
    };
    return m < CEREMONY_MODE__COUNT ? words[m] : M_NONE;
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return s.n != 0;
}

enum err region_of_text(struct http_call *c, struct str text, struct str *code)
{
    if (text.n == 0 || all_digits(text)) {
        *code = text;
        return ERR_OK;
    }
    const struct region *r = NULL;
    for (int level = 1; level <= 3 && r == NULL; level++) {
        r = defs_region_by_name(desk_of(c)->defs, text, level, STR(""));
    }
    if (r == NULL) {
        return fail(c->cx, ERR_FIELD, "region: " STR_FMT, STR_ARG(text));
    }
    *code = r->code;
    return ERR_OK;
}

enum err region_options(struct http_call *c, struct str parent, struct str chosen,
                        struct option **out, size_t *n)
{
    const struct region *first = NULL;
    size_t count = defs_region_children(desk_of(c)->defs, parent, &first);
    struct option *rows = arena_alloc(c->cx->mem, count + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "regions");
    }
    *n = 0;
    for (size_t i = 0; i < count; i++) {
        if (defs_region_valid(&first[i], 0)) {
            rows[(*n)++] =
                (struct option){ first[i].code, first[i].name, str_eq(first[i].code, chosen) };
        }
    }
    *out = rows;
    return ERR_OK;
}

struct str address(struct cx *cx, struct str path, const struct pair *pairs, size_t n,
                   const char *skip)
{
    struct buf b = buf_of(cx->mem, 1 << 16);
    char sep = '?';
    buf_put(&b, path);
    for (size_t i = 0; i < n; i++) {
        bool skipped = skip != NULL && strcmp(pairs[i].name, skip) == 0;
        if (pairs[i].value.n != 0 && !skipped) {
            buf_fmt(&b, "%c%s=", sep, pairs[i].name);
            web_put_str(&b, cx->lang, PLACE_URL_PART, pairs[i].value);
            sep = '&';
        }
    }
    return b.over ? path : buf_str(&b);
}
