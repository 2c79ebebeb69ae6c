#include "cli/inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *first_of(const char *option, const char *variable, const char *otherwise)
{
    const char *env = getenv(variable);
    if (option != NULL) {
        return option;
    }
    return env != NULL && env[0] != '\0' ? env : otherwise;
}

/* "sqlite:DIR/sishi.db" unless --db or SISHI_DB says otherwise. */
static enum err database_url(struct cli *c, const char *dir, const char **out)
{
    const char *url = first_of(cli_text(c, "db"), "SISHI_DB", NULL);
    if (url != NULL) {
        *out = url;
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, 4096);
    struct str text;
    buf_fmt(&b, "sqlite:%s/sishi.db", dir);
    buf_put_c(&b, '\0');
    TRY(buf_done(c->cx, &b, &text));
    *out = text.p;
    return ERR_OK;
}

const char *cli_defs_dir(const struct cli *c)
{
    return first_of(cli_text(c, "definitions"), "SISHI_DEFINITIONS", SISHI_DEFINITIONS_DIR);
}

enum err cli_defs(struct cli *c, const struct defs **out)
{
    if (c->inner->defs == NULL) {
        TRY(defs_load(c->cx, cli_defs_dir(c), &c->inner->defs));
    }
    *out = c->inner->defs;
    return ERR_OK;
}

enum err cli_desk(struct cli *c, const struct desk **out)
{
    struct desk *d = &c->inner->desk;
    if (d->defs == NULL) {
        const char *dir = first_of(cli_text(c, "data"), "SISHI_DATA", "var");
        const char *url = NULL;
        if (mkdir(dir, 0750) != 0 && errno != EEXIST) {
            return fail(c->cx, ERR_FILE, "%s: %s", dir, strerror(errno));
        }
        TRY(database_url(c, dir, &url));
        const struct store_options o = { .trust_clock = cli_flag(c, "trust-clock") };
        TRY(store_open(c->cx, url, &o, &d->store));
        c->inner->desk_open = true;
        d->data_dir = str_of(dir);
        TRY(store_migrate(c->cx, d->store));
        const struct defs *defs = NULL;
        TRY(cli_defs(c, &defs));
        TRY(directory_seed(c->cx, &(struct desk){ .store = d->store, .defs = defs }));
        d->defs = defs;
    }
    *out = d;
    return ERR_OK;
}

void cli_desk_close(struct cli *c)
{
    defs_freep(&c->inner->defs);
    if (c->inner->desk_open) {
        store_closep(&c->inner->desk.store);
        c->inner->desk_open = false;
    }
}

enum err cli_actor(struct cli *c, struct actor *out)
{
    const char *name = cli_text(c, "as");
    const struct desk *d = NULL;
    if (name == NULL) {
        return fail(c->cx, ERR_USAGE, "%s needs --as NAME: it is recorded who did it",
                    c->command->name);
    }
    TRY(cli_desk(c, &d));
    return account_actor(c->cx, d, str_of(name), out);
}
