/* sishi copy: a whole database from one engine to the other, and proof that nothing was changed. */
#include "cli/commands.h"

#include <string.h>

/* What a table holds: rows in the order of its key, each value in one form on every engine. */
struct sum {
    int64_t rows;
    struct digest digest;
};

/* A table on its way through: always summed, and written where `to` says so. */
struct flow {
    struct cli *c;
    const struct table *table;
    struct hasher h;
    int64_t rows, most; /* more rows than `most` are a failure; -1 = any number */
    struct bulk *to;
};

struct whole {
    struct cli *c;
    const struct table *tables;
    size_t n;
    const struct sum *fresh; /* of a database that was only just made */
    struct sum *from, *to;
    struct store *target;
    struct tx *source;
};

/* ---- the digest of a table ---------------------------------------------------------------- */

static void feed_head(struct hasher *h, char tag, uint64_t v)
{
    uint8_t head[9] = { (uint8_t)tag };
    for (int i = 8; i > 0; i--) {
        head[i] = (uint8_t)v;
        v >>= 8;
    }
    hasher_feed(h, head, sizeof head);
}

/* "i" and 8 bytes; "t" or "b", 8 bytes of length and the bytes; "n" and 8 bytes of nothing. */
static void feed_val(struct hasher *h, const struct val *v)
{
    if (v->type == VAL_INT) {
        feed_head(h, 'i', (uint64_t)v->i);
    } else if (v->type == VAL_NULL) {
        feed_head(h, 'n', 0);
    } else {
        feed_head(h, v->type == VAL_TEXT ? 't' : 'b', v->s.n);
        hasher_feed(h, v->s.p, v->s.n);
    }
}

static enum err flow_row(struct cx *cx, const struct val *v, void *arg)
{
    struct flow *f = arg;
    f->rows++;
    if (f->most >= 0 && f->rows > f->most) {
        return fail(cx, ERR_STATE, "the target is not empty: there are rows in %s", f->table->name);
    }
    for (int i = 0; i < f->table->all.n_cols; i++) {
        feed_val(&f->h, &v[i]);
    }
    if ((f->rows & 1023) == 0) {
        cli_progress(f->c, f->table->name, f->rows, 0);
    }
    return f->to == NULL ? ERR_OK : bulk_row(cx, f->to, v);
}

static enum err flow_run(struct cx *cx, struct tx *tx, struct flow *f, struct sum *out)
{
    hasher_init(&f->h, DIGEST_SHA256);
    TRY(tx_run(cx, tx, &f->table->all, NULL, flow_row, f, NULL));
    out->digest = hasher_end(&f->h);
    out->rows = f->rows;
    return ERR_OK;
}

static enum err sum_tables(struct cx *cx, struct tx *tx, void *arg)
{
    struct whole *w = arg;
    for (size_t i = 0; i < w->n; i++) {
        struct flow f = { .c = w->c, .table = &w->tables[i], .most = -1 };
        TRY(flow_run(cx, tx, &f, &w->to[i]));
    }
    return ERR_OK;
}

/* ---- copying ------------------------------------------------------------------------------ */

/* The store's own notes on its making and its programs, which differ from one to the other. */
static bool is_own(const struct table *t)
{
    return strcmp(t->name, "schema_version") == 0 || strcmp(t->name, "node_lease") == 0;
}

static enum err check_empty(struct cx *cx, struct tx *tx, const struct whole *w)
{
    for (size_t i = 0; i < w->n; i++) {
        struct flow f = { .c = w->c, .table = &w->tables[i], .most = w->fresh[i].rows };
        struct sum got;
        if (is_own(f.table)) {
            continue;
        }
        TRY(flow_run(cx, tx, &f, &got));
        if (got.rows != w->fresh[i].rows || !digest_eq(&got.digest, &w->fresh[i].digest)) {
            return fail(cx, ERR_STATE, "the target is not new: %s was changed", f.table->name);
        }
    }
    return ERR_OK;
}

static enum err copy_table(struct cx *cx, struct tx *tx, const struct whole *w, size_t i)
{
    struct flow f = { .c = w->c, .table = &w->tables[i], .most = -1 };
    TRY(bulk_open(cx, tx, &f.table->bulk, &f.to));
    TRY(flow_run(cx, w->source, &f, &w->from[i]));
    return bulk_close(cx, f.to);
}

/* All in one transaction: whatever happens, the target is a whole database or an empty one. */
static enum err copy_tables(struct cx *cx, struct tx *tx, void *arg)
{
    const struct whole *w = arg;
    TRY(check_empty(cx, tx, w));
    for (size_t i = w->n; i-- > 0;) { /* what refers before what it refers to */
        TRY(tx_run(cx, tx, &w->tables[i].clear, NULL, NULL, NULL, NULL));
    }
    for (size_t i = 0; i < w->n; i++) {
        TRY(copy_table(cx, tx, w, i));
    }
    return ERR_OK;
}

/* Inside the source's snapshot. */
static enum err copy_from(struct cx *cx, struct tx *tx, void *arg)
{
    struct whole *w = arg;
    w->source = tx;
    return store_write(cx, w->target, NULL, copy_tables, w);
}

/* ---- what is said ------------------------------------------------------------------------- */

/* One digest over all tables' names, numbers of rows and digests. */
static struct digest digest_all(const struct whole *w, const struct sum *sums)
{
    struct hasher h;
    hasher_init(&h, DIGEST_SHA256);
    for (size_t i = 0; i < w->n; i++) {
        hasher_feed(&h, w->tables[i].name, strlen(w->tables[i].name) + 1);
        feed_head(&h, 'i', (uint64_t)sums[i].rows);
        hasher_feed(&h, sums[i].digest.b, DIGEST_LEN);
    }
    return hasher_end(&h);
}

static void say_sum(FILE *out, const struct digest *d, int64_t rows, const char *name)
{
    char hex[2 * DIGEST_LEN];
    hex_put(d->b, DIGEST_LEN, hex);
    (void)fprintf(out, "%.*s %12lld %s\n", (int)sizeof hex, hex, (long long)rows, name);
}

static enum err say_json(struct cli *c, const struct whole *w, const struct sum *sums)
{
    struct buf b = buf_of(c->cx->mem, 1 << 20);
    struct json j = json_to(&b);
    struct digest all = digest_all(w, sums);
    json_object(&j);
    json_key(&j, "sha256");
    json_hex(&j, all.b, DIGEST_LEN);
    json_key(&j, "tables");
    json_array(&j);
    for (size_t i = 0; i < w->n; i++) {
        json_object(&j);
        json_key_str(&j, "name", str_of(w->tables[i].name));
        json_key_int(&j, "rows", sums[i].rows);
        json_key(&j, "sha256");
        json_hex(&j, sums[i].digest.b, DIGEST_LEN);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

static enum err say_sums(struct cli *c, const struct whole *w, const struct sum *sums)
{
    int64_t rows = 0;
    cli_progress_end(c);
    if (c->json) {
        return say_json(c, w, sums);
    }
    for (size_t i = 0; i < w->n; i++) {
        say_sum(c->out, &sums[i].digest, sums[i].rows, w->tables[i].name);
        rows += sums[i].rows;
    }
    struct digest all = digest_all(w, sums);
    say_sum(c->out, &all, rows, "all");
    return ERR_OK;
}

/* Table by table; what differs is named. */
static enum err compare(struct cli *c, const struct whole *w)
{
    TRY(say_sums(c, w, w->to));
    for (size_t i = 0; i < w->n; i++) {
        const struct sum *a = &w->from[i], *b = &w->to[i];
        if (a->rows != b->rows || !digest_eq(&a->digest, &b->digest)) {
            (void)fprintf(c->note, "differs: %s, %lld rows against %lld\n", w->tables[i].name,
                          (long long)a->rows, (long long)b->rows);
            c->exit_code = CLI_NO;
        }
    }
    if (c->exit_code == CLI_OK && !c->quiet) {
        (void)fprintf(c->note, "The same on both sides, table by table.\n");
    }
    return ERR_OK;
}

/* ---- the command -------------------------------------------------------------------------- */

static enum err whole_make(struct cli *c, struct whole *w)
{
    *w = (struct whole){ .c = c };
    w->tables = store_tables(&w->n);
    w->from = arena_alloc(c->cx->mem, w->n, sizeof *w->from);
    w->to = arena_alloc(c->cx->mem, w->n, sizeof *w->to);
    return w->from != NULL && w->to != NULL ? ERR_OK : fail(c->cx, ERR_NO_MEMORY, "tables");
}

/* An old copy may be opened: nothing is dated by its clock here. */
static enum err open_source(struct cli *c, const char *url, struct store **out)
{
    const struct store_options o = { .must_exist = true, .trust_clock = true };
    CLEANUP(store_closep) struct store *st = NULL;
    TRY(store_open(c->cx, url, &o, &st));
    TRY(store_migrate(c->cx, st));
    *out = st;
    st = NULL; /* handed over */
    return ERR_OK;
}

/* What an empty database holds already is asked of one. */
static enum err sum_fresh(struct cli *c, struct sum **out)
{
    struct whole w;
    CLEANUP(store_closep) struct store *st = NULL;
    TRY(whole_make(c, &w));
    TRY(store_open(c->cx, "sqlite::memory:", NULL, &st));
    TRY(store_migrate(c->cx, st));
    TRY(store_read(c->cx, st, sum_tables, &w));
    *out = w.to;
    return ERR_OK;
}

static enum err run_digest(struct cli *c, const char *url)
{
    struct whole w;
    CLEANUP(store_closep) struct store *st = NULL;
    TRY(whole_make(c, &w));
    TRY(open_source(c, url, &st));
    TRY(store_read(c->cx, st, sum_tables, &w));
    return say_sums(c, &w, w.to);
}

static enum err run_copy(struct cli *c)
{
    if (cli_flag(c, "digest")) {
        return c->n_words == 1 ? run_digest(c, c->words[0])
                               : fail(c->cx, ERR_USAGE, "sishi copy --digest URL");
    }
    if (c->n_words != 2) {
        return fail(c->cx, ERR_USAGE, "sishi copy FROM TO");
    }
    struct whole w;
    struct sum *fresh = NULL;
    CLEANUP(store_closep) struct store *from = NULL;
    CLEANUP(store_closep) struct store *to = NULL;
    TRY(whole_make(c, &w));
    TRY(sum_fresh(c, &fresh));
    w.fresh = fresh;
    TRY(open_source(c, c->words[0], &from));
    TRY(store_open(c->cx, c->words[1], NULL, &to));
    TRY(store_migrate(c->cx, to));
    w.target = to;
    TRY(store_read(c->cx, from, copy_from, &w));
    TRY(store_read(c->cx, to, sum_tables, &w));
    return compare(c, &w);
}

static const struct cli_option copy_options[] = {
    { "digest", CLI_FLAG, NULL, "copies nothing: prints the digests of one database" },
    { NULL, CLI_FLAG, NULL, NULL },
};

const struct cli_command cmd_copy = {
    .name = "copy",
    .brief = "copies a whole database to another, of either engine, and compares them",
    .words = "FROM TO | --digest URL",
    .words_min = 1,
    .words_max = 2,
    .options = copy_options,
    .about =
        "Copies every table of one database to another that holds nothing yet: from SQLite to "
        "PostgreSQL, back, or between two of a kind. FROM and TO are URLs: sqlite:PATH, "
        "postgres:CONNINFO or postgresql://... FROM is read on one snapshot, so a server may go "
        "on writing to it; what it writes after that is not copied. An older schema in FROM is "
        "brought up to date first. TO is filled in one transaction: after a failure it is as it "
        "was.\n\n"
        "Then both are compared: for each table the SHA-256 of every row in the order of the "
        "key, each value in one form on both engines. The digests are printed with the number of "
        "rows, and one over all tables. Exit status 1 when a table differs.\n\n"
        "With --digest it prints the digests of one database, to be compared with those of "
        "another day or place.",
    .examples = "sishi copy sqlite:var/sishi.db \"postgres:host=/run/postgresql dbname=sishi\"\n"
                "sishi copy postgresql:///sishi sqlite:copy.db\n"
                "sishi copy --digest sqlite:copy.db",
    .run = run_copy,
};
