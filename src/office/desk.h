/* The desk: what every office command is given. */
#ifndef SISHI_OFFICE_DESK_H
#define SISHI_OFFICE_DESK_H

#include "kernel/kernel.h"

/* One for the whole program; read-only after start-up. */
struct desk {
    struct store *store;
    const struct defs *defs; /* definitions, frozen */
    struct str data_dir;     /* uploads, result files */
};

#endif
