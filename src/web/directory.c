/* Departments and inspection items. */
#include "web/handlers.h"
#include "web/labels.h"

static enum msg level_word(int level)
{
    return level == 1 ? M_level_1 : level == 2 ? M_level_2 : M_level_3;
}

static enum err dept_row_of(struct http_call *c, const struct department *d, struct dept_row *out)
{
    int64_t inspectors;
    TRY(inspector_entry_count(c->cx, desk_of(c), d->code, &inspectors));
    *out = (struct dept_row){
        .code = d->code,
        .name = label_dept(c, d->code),
        .level = level_word(d->level),
        .region = label_region(c, d->region),
        .field = defs_field_label(desk_of(c)->defs, d->field, c->cx->lang),
        .inspectors = inspectors,
        .href = text_fmt(c->cx, "/inspectors?dept=" STR_FMT, STR_ARG(d->code)),
    };
    return ERR_OK;
}

enum err page_departments(struct http_call *c)
{
    struct page_frame f;
    struct department *all = NULL;
    size_t n = 0;
    struct buf b = page_buf(c);
    TRY(department_list(c->cx, desk_of(c), STR(""), &all, &n));
    struct dept_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "rows");
    }
    size_t at = 0;
    for (int level = 1; level <= 3; level++) { /* the province first */
        for (size_t i = 0; i < n; i++) {
            if (all[i].level == level) {
                TRY(dept_row_of(c, &all[i], &rows[at++]));
            }
        }
    }
    TRY(frame_make(c, msg_text(M_departments_title, c->cx->lang), &f));
    t_page_departments(&b, c->cx->lang, &f, rows, at, may(c, POWER_DRAW_READ));
    return page_send(c, &b);
}

/* ---- items ---------------------------------------------------------------------------------- */

static struct str percent(struct cx *cx, int64_t ppm)
{
    return ppm % 10000 == 0 ? text_fmt(cx, "%lld %%", (long long)(ppm / 10000))
                            : text_fmt(cx, "%lld.%02lld %%", (long long)(ppm / 10000),
                                       (long long)(ppm % 10000 / 100));
}

static struct str rate_text(struct http_call *c, const struct item *i)
{
    struct str floor = percent(c->cx, i->ratio_floor_ppm);
    if (i->ratio_cap_ppm == 0) {
        return text_msg(c->cx, M_item_rate_from, "floor", floor, NULL);
    }
    return text_msg(c->cx, M_item_rate_range, "floor", floor, "cap",
                    percent(c->cx, i->ratio_cap_ppm), NULL);
}

/* "law TAB article TAB 0|1", one a line. */
static enum err fill_basis(struct http_call *c, struct str text, struct item_row *row)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.n; i++) {
        lines += text.p[i] == '\n';
    }
    struct basis_row *rows = arena_alloc(c->cx->mem, lines, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "basis");
    }
    while (text.n > 0) {
        struct str line = str_cut(&text, '\n');
        struct str law = str_cut(&line, '\t');
        struct str article = str_cut(&line, '\t');
        if (law.n != 0) {
            rows[row->n_basis++] = (struct basis_row){ law, article, str_eq(line, STR("1")) };
        }
    }
    row->basis = rows;
    return ERR_OK;
}

static enum err item_row_of(struct http_call *c, const struct item *i, struct item_row *out)
{
    bool english = c->cx->lang == LANG_EN && i->name_en.n != 0;
    *out = (struct item_row){
        .code = i->code,
        .name = english ? i->name_en : i->name,
        .category = i->category,
        .field = defs_field_label(desk_of(c)->defs, i->field, c->cx->lang),
        .objects = i->objects,
        .methods = labels_of(c, i->methods, defs_method_label),
        .kind = i->kind == ITEM_KEY ? M_item_key : M_item_general,
        .list = i->list == ITEM_LEAVE_ALONE ? M_item_list_leave
                : i->list == ITEM_KEY_LIST  ? M_item_list_key
                                            : M_item_list_random,
        .rate = rate_text(c, i),
        .cap = i->yearly_cap,
    };
    return fill_basis(c, i->basis, out);
}

enum err page_items(struct http_call *c)
{
    struct page_frame f;
    struct item *all = NULL;
    size_t n = 0;
    struct buf b = page_buf(c);
    TRY(item_list(c->cx, desk_of(c), 0, &all, &n));
    struct item_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "rows");
    }
    for (size_t i = 0; i < n; i++) {
        TRY(item_row_of(c, &all[i], &rows[i]));
    }
    TRY(frame_make(c, msg_text(M_items_title, c->cx->lang), &f));
    t_page_items(&b, c->cx->lang, &f, rows, n);
    return page_send(c, &b);
}
