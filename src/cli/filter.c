/* The options that say which entities. */
#include "cli/filter.h"

static enum err read_classes(struct cx *cx, const struct defs *defs, const char *text,
                             uint64_t *mask)
{
    struct str rest = str_of(text);
    while (rest.n > 0) {
        struct str word = str_cut(&rest, ',');
        const struct entity_class *k = defs_class_by_word(defs, word);
        if (k == NULL) {
            return fail(cx, ERR_USAGE, "--class " STR_FMT, STR_ARG(word));
        }
        *mask |= UINT64_C(1) << k->no;
    }
    return ERR_OK;
}

static enum err read_statuses(struct cx *cx, const struct defs *defs, const char *text,
                              uint64_t *mask)
{
    struct str rest = str_of(text);
    while (rest.n > 0) {
        struct str word = str_cut(&rest, ',');
        int s = defs_status_by_word(defs, word);
        if (s == 0) {
            return fail(cx, ERR_USAGE, "--status " STR_FMT, STR_ARG(word));
        }
        *mask |= UINT64_C(1) << s;
    }
    return ERR_OK;
}

enum err cli_filter(struct cli *c, const struct desk *d, struct entity_filter *out)
{
    *out = (struct entity_filter){ .code = str_of(cli_text(c, "code")),
                                   .region = str_of(cli_text(c, "region")),
                                   .industry = str_of(cli_text(c, "industry")),
                                   .authority = str_of(cli_text(c, "authority")) };
    TRY(read_classes(c->cx, d->defs, cli_text(c, "class"), &out->classes));
    return read_statuses(c->cx, d->defs, cli_text(c, "status"), &out->statuses);
}

enum err cli_reader(struct cli *c, struct actor *out)
{
    *out = (struct actor){ 0 };
    return cli_flag(c, "as") ? cli_actor(c, out) : ERR_OK;
}
