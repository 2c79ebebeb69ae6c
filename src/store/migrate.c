/* Brings a database to the newest schema, one transaction a migration. */
#include "q_store.h"
#include "store/backend.h"
#include "store/schema.h"

/* 0 when the database is empty. */
static enum err newest(struct cx *cx, struct tx *tx, int64_t *version)
{
    struct q_schema_has_table has;
    bool found;
    TRY(q_schema_has_table(cx, tx, STR("schema_version"), &has, &found));
    if (!found) {
        *version = 0;
        return ERR_OK;
    }
    struct q_schema_newest n;
    TRY(q_schema_newest(cx, tx, &n));
    *version = n.version;
    return ERR_OK;
}

static enum err migrate_one(struct cx *cx, struct tx *tx, void *arg)
{
    const struct migration *m = arg;
    struct q_schema_lock lock;
    int64_t version;
    TRY(q_schema_lock(cx, tx, &lock));
    TRY(newest(cx, tx, &version));
    if (version >= m->version) {
        return ERR_OK; /* another process was quicker */
    }
    const char *const *sql = tx->st->be == &backend_sqlite ? m->sqlite : m->postgres;
    for (; *sql != NULL; sql++) {
        TRY(store_stumble(cx, m->name));
        TRY(tx->st->be->script(cx, tx, *sql));
    }
    return q_schema_applied(cx, tx, m->version, str_of(m->name), cx->now_ms, NULL);
}

static enum err read_newest(struct cx *cx, struct tx *tx, void *arg)
{
    return newest(cx, tx, arg);
}

enum err store_migrate(struct cx *cx, struct store *st)
{
    int64_t version;
    TRY(store_read(cx, st, read_newest, &version));
    if (version > (int64_t)schema_migration_count) {
        return fail(cx, ERR_STORE, "the database's schema is version %d, this program knows %zu",
                    (int)version, schema_migration_count);
    }
    for (size_t i = (size_t)version; i < schema_migration_count; i++) {
        struct migration m = schema_migrations[i];
        struct job job = { cx, NULL, migrate_one, &m };
        TRY(st->be->plain_write(st, &job));
        log_info("store.migrated", "version=%d name=%s", m.version, m.name);
    }
    return ERR_OK;
}
