/* SQLite: a pool of readers on snapshots, and one writer (sqlite_writer.c). */
#include "store/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READERS = 4, BUSY_MS = 5000, APPLICATION_ID = 0x53695368 }; /* "SiSh" */

static enum err sq_code(int rc)
{
    switch (rc) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_ROWID:
        return ERR_DUPLICATE;
    case SQLITE_FULL:
        return ERR_STORE_FULL;
    case SQLITE_NOMEM:
        return ERR_NO_MEMORY;
    default:
        return (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED ? ERR_STORE_BUSY
                                                                          : ERR_STORE;
    }
}

enum err sq_fail(struct cx *cx, const struct sq_conn *c, int rc, const char *what)
{
    int full = c->h == NULL ? rc : sqlite3_extended_errcode(c->h);
    return fail(cx, sq_code(full), "%s: %s", what,
                c->h == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(c->h));
}

/* ---- connections -------------------------------------------------------------------------- */

static void conn_close(struct sq_conn *c)
{
    for (size_t i = 0; i < c->slots.room; i++) {
        (void)sqlite3_finalize(c->slots.at[i].made);
    }
    slots_fini(&c->slots);
    (void)sqlite3_close(c->h);
    *c = (struct sq_conn){ 0 };
}

static enum err conn_pragma(struct cx *cx, struct sq_conn *c, const char *pragma)
{
    int rc = sqlite3_exec(c->h, pragma, NULL, NULL, NULL);
    return rc == SQLITE_OK ? ERR_OK : sq_fail(cx, c, rc, pragma);
}

static enum err conn_open(struct cx *cx, const struct sq *sq, struct sq_conn *c, int flags)
{
    static const char *const pragmas[] = {
        "PRAGMA foreign_keys=ON",
        "PRAGMA synchronous=FULL",
        "PRAGMA trusted_schema=OFF",
        "PRAGMA temp_store=FILE", /* a sort of the whole register stays flat in memory */
        "PRAGMA cell_size_check=ON",
        "PRAGMA cache_size=-32768",
        "PRAGMA journal_size_limit=67108864",
    };
    int rc = sqlite3_open_v2(sq->path, &c->h, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK) {
        enum err code = fail(cx, sq_code(rc), "%s: %s", sq->path, sqlite3_errmsg(c->h));
        conn_close(c);
        return code;
    }
    (void)sqlite3_extended_result_codes(c->h, 1);
    (void)sqlite3_busy_timeout(c->h, sq->busy_ms);
    enum err code = ERR_OK;
    for (size_t i = 0; i < COUNT_OF(pragmas) && code == ERR_OK; i++) {
        code = conn_pragma(cx, c, pragmas[i]);
    }
    if (code != ERR_OK) {
        conn_close(c);
    }
    return code;
}

/* The first column of the first row, as a number. */
static enum err conn_ask(struct cx *cx, struct sq_conn *c, const char *sql, int64_t *out)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(c->h, sql, -1, &s, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(s);
    }
    enum err code = ERR_OK;
    if (rc == SQLITE_ROW) {
        *out = sqlite3_column_int64(s, 0);
    } else {
        code = sq_fail(cx, c, rc, sql);
    }
    (void)sqlite3_finalize(s);
    return code;
}

/* Refuses another program's database; makes an empty one ours. */
static enum err conn_claim(struct cx *cx, struct sq_conn *c, const char *path)
{
    int64_t owner, pages;
    char claim[64];
    TRY(conn_ask(cx, c, "PRAGMA application_id", &owner));
    TRY(conn_ask(cx, c, "PRAGMA page_count", &pages));
    if (owner == APPLICATION_ID) {
        return ERR_OK;
    }
    if (owner != 0 || pages > 1) {
        return fail(cx, ERR_STORE, "%s is not a database of Sishi", path);
    }
    (void)snprintf(claim, sizeof claim, "PRAGMA application_id=%d", APPLICATION_ID);
    return conn_pragma(cx, c, claim);
}

/* ---- statements --------------------------------------------------------------------------- */

static enum err stmt_prepare(struct cx *cx, struct sq_conn *c, const struct stmt *q, unsigned flags,
                             sqlite3_stmt **out)
{
    int rc = sqlite3_prepare_v3(c->h, q->sql, -1, flags, out, NULL);
    return rc == SQLITE_OK ? ERR_OK : sq_fail(cx, c, rc, q->name);
}

/* From the cache. A statement that is being stepped (a query inside the same query's rows) is
 * prepared anew: *own says that it must be finalized. */
static enum err stmt_get(struct cx *cx, struct sq_conn *c, const struct stmt *q, sqlite3_stmt **out,
                         bool *own)
{
    *own = false;
    struct slot *slot = slots_find(&c->slots, q);
    if (slot == NULL) {
        return fail(cx, ERR_NO_MEMORY, "statement %s", q->name);
    }
    if (slot->made == NULL) {
        sqlite3_stmt *made = NULL;
        TRY(stmt_prepare(cx, c, q, SQLITE_PREPARE_PERSISTENT, &made));
        slot->made = made;
    }
    *out = slot->made;
    if (sqlite3_stmt_busy(*out)) {
        TRY(stmt_prepare(cx, c, q, 0, out));
        *own = true;
    }
    return ERR_OK;
}

static int bind_one(sqlite3_stmt *s, int at, const struct val *v)
{
    switch (v->type) {
    case VAL_INT:
        return sqlite3_bind_int64(s, at, v->i);
    case VAL_TEXT:
        return sqlite3_bind_text64(s, at, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case VAL_BLOB:
        return sqlite3_bind_blob64(s, at, v->s.p, v->s.n, SQLITE_STATIC);
    case VAL_NULL:
    default:
        return sqlite3_bind_null(s, at);
    }
}

/* SQLite gives no pointer for an empty blob or text; NULL would mean the absence of a value. */
static struct str view_of(const void *p, int n)
{
    return (struct str){ p == NULL ? "" : p, (size_t)n };
}

static enum err column(struct cx *cx, const struct stmt *q, sqlite3_stmt *s, int col, struct val *v)
{
    char want = q->cols[col];
    int type = sqlite3_column_type(s, col);
    if (type == SQLITE_NULL) {
        *v = (struct val){ .type = VAL_NULL, .i = NULL_INT };
        return want >= 'A' && want <= 'Z' ? ERR_OK : col_null(cx, q, col);
    }
    if (type == SQLITE_INTEGER && (want | 0x20) == 'i') {
        *v = val_int(sqlite3_column_int64(s, col));
        return ERR_OK;
    }
    if (type == SQLITE_TEXT && (want | 0x20) == 't') {
        const void *p = sqlite3_column_text(s, col); /* before its length */
        *v = val_text(view_of(p, sqlite3_column_bytes(s, col)));
        return ERR_OK;
    }
    if (type == SQLITE_BLOB && (want | 0x20) == 'b') {
        const void *p = sqlite3_column_blob(s, col);
        *v = val_blob(view_of(p, sqlite3_column_bytes(s, col)));
        return ERR_OK;
    }
    return col_type(cx, q, col);
}

static enum err stmt_rows(struct cx *cx, struct sq_conn *c, const struct stmt *q, sqlite3_stmt *s,
                          row_fn *row, void *arg)
{
    enum { COLUMNS = 64 };
    struct val v[COLUMNS];
    int rc;
    if (q->n_cols > COLUMNS) {
        return fail(cx, ERR_STORE, "%s has over %d columns", q->name, COLUMNS);
    }
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
        for (int i = 0; i < q->n_cols; i++) {
            TRY(column(cx, q, s, i, &v[i]));
        }
        if (row != NULL) {
            TRY(row(cx, v, arg));
        }
    }
    return rc == SQLITE_DONE ? ERR_OK : sq_fail(cx, c, rc, q->name);
}

static enum err conn_run(struct cx *cx, struct sq_conn *c, const struct stmt *q,
                         const struct val *args, row_fn *row, void *arg, int64_t *changed)
{
    sqlite3_stmt *s = NULL;
    bool own;
    TRY(stmt_get(cx, c, q, &s, &own));
    enum err code = ERR_OK;
    for (int i = 0; i < q->n_args && code == ERR_OK; i++) {
        int rc = bind_one(s, i + 1, &args[i]);
        code = rc == SQLITE_OK ? ERR_OK : sq_fail(cx, c, rc, q->name);
    }
    if (code == ERR_OK) {
        code = stmt_rows(cx, c, q, s, row, arg);
    }
    if (code == ERR_OK && changed != NULL) {
        *changed = sqlite3_changes64(c->h);
    }
    (void)sqlite3_reset(s);
    (void)sqlite3_clear_bindings(s);
    if (own) {
        (void)sqlite3_finalize(s);
    }
    return code;
}

enum err sq_do(struct cx *cx, struct sq_conn *c, const struct stmt *q)
{
    return conn_run(cx, c, q, NULL, NULL, NULL, NULL);
}

void sq_undo(struct sq_conn *c, const struct stmt *q)
{
    struct cx quiet = { 0 };
    if (sqlite3_get_autocommit(c->h) == 0 && sq_do(&quiet, c, q) != ERR_OK) {
        log_error("store.rollback", "reason=\"%s\"", quiet.fault.detail);
    }
}

static enum err sq_run(struct cx *cx, struct tx *tx, const struct stmt *q, const struct val *args,
                       row_fn *row, void *arg, int64_t *changed)
{
    return conn_run(cx, tx->conn, q, args, row, arg, changed);
}

static enum err sq_script(struct cx *cx, struct tx *tx, const char *sql)
{
    struct sq_conn *c = tx->conn;
    int rc = sqlite3_exec(c->h, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? ERR_OK : sq_fail(cx, c, rc, sql);
}

/* ---- reading ------------------------------------------------------------------------------ */

static struct sq_conn *reader_take(struct sq *sq)
{
    struct sq_conn *c = NULL;
    (void)pthread_mutex_lock(&sq->lock);
    while (c == NULL) {
        for (size_t i = 0; i < sq->n_readers && c == NULL; i++) {
            c = sq->readers[i].taken ? NULL : &sq->readers[i];
        }
        if (c == NULL) {
            (void)pthread_cond_wait(&sq->reader_free, &sq->lock);
        }
    }
    c->taken = true;
    (void)pthread_mutex_unlock(&sq->lock);
    return c;
}

static void reader_give(struct sq *sq, struct sq_conn *c)
{
    (void)pthread_mutex_lock(&sq->lock);
    c->taken = false;
    (void)pthread_cond_signal(&sq->reader_free);
    (void)pthread_mutex_unlock(&sq->lock);
}

static enum err reader_work(struct cx *cx, struct store *st, struct sq_conn *c, work_fn *work,
                            void *arg)
{
    static const struct stmt begin = { .name = "begin", .sql = "BEGIN" };
    static const struct stmt end = { .name = "end", .sql = "COMMIT" };
    struct sq *sq = st->db;
    struct tx tx = { .st = st, .conn = c };
    if (c->h == NULL) {
        TRY(conn_open(cx, sq, c, SQLITE_OPEN_READWRITE));
        TRY(conn_pragma(cx, c, "PRAGMA query_only=ON"));
    }
    TRY(sq_do(cx, c, &begin));
    enum err code = work(cx, &tx, arg);
    sq_undo(c, &end);
    return code;
}

static enum err sq_read(struct cx *cx, struct store *st, work_fn *work, void *arg)
{
    struct sq *sq = st->db;
    struct sq_conn *c = reader_take(sq);
    enum err code = reader_work(cx, st, c, work, arg);
    reader_give(sq, c);
    return code;
}

static void sq_interrupt(void *db)
{
    struct sq *sq = db;
    (void)pthread_mutex_lock(&sq->lock);
    for (size_t i = 0; i < sq->n_readers; i++) {
        if (sq->readers[i].taken && sq->readers[i].h != NULL) {
            sqlite3_interrupt(sq->readers[i].h);
        }
    }
    (void)pthread_mutex_unlock(&sq->lock);
}

/* ---- many rows ---------------------------------------------------------------------------- */

static enum err sq_bulk_open(struct cx *cx, struct tx *tx, const struct bulk_table *t,
                             struct bulk **out)
{
    struct bulk *b = arena_alloc(cx->mem, 1, sizeof *b);
    if (b == NULL) {
        return fail(cx, ERR_NO_MEMORY, "bulk of %s", t->table);
    }
    /* a row may stand before the one it refers to, as in a COPY; the writer asks at the end */
    TRY(conn_pragma(cx, tx->conn, "PRAGMA defer_foreign_keys=ON"));
    *b = (struct bulk){ tx, &t->insert };
    *out = b;
    return ERR_OK;
}

static enum err sq_bulk_row(struct cx *cx, struct bulk *b, const struct val *v)
{
    return conn_run(cx, b->tx->conn, b->insert, v, NULL, NULL, NULL);
}

static enum err sq_bulk_close(struct cx *cx, struct bulk *b)
{
    (void)cx;
    (void)b;
    return ERR_OK;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void temporary_remove(const struct sq *sq)
{
    static const char *const tails[] = { "", "-wal", "-shm" };
    char file[256];
    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        (void)snprintf(file, sizeof file, "%s%s", sq->path, tails[i]);
        (void)unlink(file);
    }
    (void)rmdir(sq->folder);
}

static void sq_close(void *db)
{
    struct sq *sq = db;
    sq_writer_stop(sq->writer);
    for (size_t i = 0; i < sq->n_readers; i++) {
        conn_close(&sq->readers[i]);
    }
    conn_close(&sq->write_conn); /* last: it empties the log into the file */
    if (sq->folder != NULL) {
        temporary_remove(sq);
    }
    (void)pthread_cond_destroy(&sq->reader_free);
    (void)pthread_mutex_destroy(&sq->lock);
    free(sq->readers);
    free(sq->folder);
    free(sq->path);
    free(sq);
}

/* ":memory:" is a file of its own in a folder of its own, so that it behaves as the others do. */
static enum err path_choose(struct cx *cx, struct sq *sq, const char *where)
{
    if (strcmp(where, ":memory:") == 0) {
        const char *tmp = getenv("TMPDIR");
        char folder[200], path[256];
        (void)snprintf(folder, sizeof folder, "%.160s/sishi-XXXXXX", tmp == NULL ? "/tmp" : tmp);
        if (mkdtemp(folder) == NULL) {
            return fail(cx, ERR_FILE, "%s: no temporary folder", folder);
        }
        (void)snprintf(path, sizeof path, "%s/db", folder);
        sq->folder = strdup(folder);
        sq->path = strdup(path);
        return sq->folder != NULL && sq->path != NULL ? ERR_OK : fail(cx, ERR_NO_MEMORY, "path");
    }
    sq->path = strdup(where);
    return sq->path != NULL ? ERR_OK : fail(cx, ERR_NO_MEMORY, "path");
}

static enum err sq_open(struct cx *cx, struct store *st, const char *where,
                        const struct store_options *o)
{
    struct sq *sq = calloc(1, sizeof *sq);
    if (sq == NULL) {
        return fail(cx, ERR_NO_MEMORY, "sqlite");
    }
    (void)pthread_mutex_init(&sq->lock, NULL);
    (void)pthread_cond_init(&sq->reader_free, NULL);
    st->db = sq; /* from here on store_close frees it */
    sq->busy_ms = o->busy_ms > 0 ? o->busy_ms : BUSY_MS;
    size_t readers = o->readers > 0 ? (size_t)o->readers : READERS;
    sq->readers = calloc(readers, sizeof *sq->readers);
    if (sq->readers == NULL) {
        return fail(cx, ERR_NO_MEMORY, "sqlite");
    }
    sq->n_readers = readers;
    TRY(path_choose(cx, sq, where));
    TRY(conn_open(cx, sq, &sq->write_conn,
                  SQLITE_OPEN_READWRITE | (o->must_exist ? 0 : SQLITE_OPEN_CREATE)));
    TRY(conn_claim(cx, &sq->write_conn, sq->path));
    TRY(conn_pragma(cx, &sq->write_conn, "PRAGMA journal_mode=WAL"));
    return sq_writer_start(cx, st, sq);
}

const struct backend backend_sqlite = {
    .scheme = "sqlite",
    .open = sq_open,
    .close = sq_close,
    .read = sq_read,
    .write = sq_write,
    .plain_write = sq_write,
    .run = sq_run,
    .script = sq_script,
    .bulk_open = sq_bulk_open,
    .bulk_row = sq_bulk_row,
    .bulk_close = sq_bulk_close,
    .interrupt = sq_interrupt,
};
