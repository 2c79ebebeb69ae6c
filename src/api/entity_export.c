/* The register as a file. */
#include "api/entity.h"

struct csv_input {
    uint64_t given;
    struct filter_input filter;
    int view;
};
static const char *const views[] = { [EXPORT_PUBLIC] = "public", [EXPORT_STAFF] = "staff", NULL };
static const struct input_member csv_members[] = {
    FILTER_MEMBERS(struct csv_input),
    { "view", INPUT_WORD, OPTIONAL, offsetof(struct csv_input, view), 0, 0, views, NULL },
};
static const struct input_table csv_table = INPUT_TABLE(csv_members);

struct csv_wanted {
    struct entity_filter filter;
    enum export_view view;
};

static enum err put_lines(struct cx *cx, struct str bytes, void *arg)
{
    struct download *to = arg;
    return http_sink_put(cx, to->sink, bytes);
}

static enum err write_csv(struct cx *cx, struct download *to, void *arg)
{
    const struct csv_wanted *w = arg;
    int64_t rows;
    return export_csv(cx, desk_of(to->call), actor_of(to->call), &w->filter, w->view, put_lines, to,
                      &rows);
}

enum err get_entities_csv(struct http_call *c)
{
    struct csv_input in = { 0 };
    struct csv_wanted w = { 0 };
    TRY(input_query(c, &csv_table, &in));
    TRY(filter_of(c, &in.filter, &w.filter));
    w.view = (enum export_view)in.view;
    return api_download(c, "text/csv; charset=utf-8", STR("entities.csv"), write_csv, &w);
}
