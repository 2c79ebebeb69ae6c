/* Private to store/: what sqlgen makes of sql/schema. */
#ifndef SISHI_STORE_SCHEMA_H
#define SISHI_STORE_SCHEMA_H

#include "store/store.h"

struct migration {
    int version;
    const char *name;
    const char *const *sqlite; /* statements, NULL at the end */
    const char *const *postgres;
};

extern const struct migration schema_migrations[];
extern const size_t schema_migration_count;
extern const struct table schema_tables[];
extern const size_t schema_table_count;

#endif
