/* sishi demo: a made-up province to try everything on. */
#include "cli/commands.h"

static const struct cli_option demo_options[] = {
    { "entities", CLI_NUMBER, "N", "market entities, 100..20000000; otherwise 20000" },
    { "seed", CLI_NUMBER, "S", "the same seed makes the same province; otherwise 1" },
    { "province", CLI_TEXT, "PP", "two digits of GB/T 2260; otherwise 43" },
    { NULL, CLI_FLAG, NULL, NULL },
};

static void show_progress(void *arg, int64_t done, int64_t total)
{
    cli_progress(arg, "demo province", done, total);
}

static void list_accounts(const struct cli *c)
{
    (void)fprintf(c->out, "\nDemo accounts, all with the password %s\n", DEMO_PASSWORD);
    for (size_t i = 0; i < n_demo_accounts; i++) {
        (void)fprintf(c->out, "  %-10s %s\n", demo_accounts[i].name, demo_accounts[i].shown);
    }
    (void)fprintf(c->out, "\n");
}

static enum err run_demo(struct cli *c)
{
    const struct desk *d = NULL;
    struct demo_options o = { .progress = show_progress, .arg = c };
    struct demo_result made;
    TRY(cli_number(c, "entities", 100, 20000000, 20000, &o.entities));
    TRY(cli_number(c, "seed", 0, INT64_MAX, 1, &o.seed));
    o.province = str_of(cli_text(c, "province"));
    TRY(cli_desk(c, &d));
    TRY(demo_make(c->cx, d, &o, &made));
    TRY(account_seed_demo(c->cx, d));
    cli_progress_end(c);
    if (!c->quiet) {
        (void)fprintf(c->out,
                      "A made-up province: %lld entities, %lld departments with %lld inspectors "
                      "(%lld interests), %lld inspection items.\n",
                      (long long)made.entities, (long long)made.departments,
                      (long long)made.inspectors, (long long)made.interests, (long long)made.items);
    }
    return ERR_OK;
}

const struct cli_command cmd_demo = {
    .name = "demo",
    .brief = "makes a demo province in an empty database",
    .words = "",
    .options = demo_options,
    .about = "Fills an empty database with a made-up province: real region and industry codes, "
             "invented names, codes with right check characters whose organisation part (YD...) no "
             "real entity has; entities of every class, some ended, some with nothing but a number "
             "of 15 digits, former names, branches, shared addresses, grades; departments with "
             "inspectors and their interests; the inspection items; accounts. It is the same for "
             "the same seed. "
             "The database is marked as demo, and every page says so.",
    .examples = "sishi demo --data var\n"
                "sishi demo --entities 100000 --seed 7 --data /tmp/province",
    .run = run_demo,
};

static enum err run_accounts(struct cli *c)
{
    list_accounts(c);
    return ERR_OK;
}

const struct cli_command cmd_demo_accounts = {
    .name = "demo accounts",
    .brief = "lists the accounts of a demo province",
    .words = "",
    .about = "Lists names and password of the accounts that sishi demo makes.",
    .examples = "sishi demo accounts",
    .run = run_accounts,
};
