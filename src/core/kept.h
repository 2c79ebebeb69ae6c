/* A list of records that grows in an arena by doubling. Private to the draw. */
#ifndef SISHI_CORE_KEPT_H
#define SISHI_CORE_KEPT_H

#include "base/base.h"

struct kept {
    void *records;
    size_t n, room;
    size_t size; /* bytes of one record; set it at the start */
};
/* One record more, zeroed; moves the others. NULL when memory is out. */
void *kept_add(struct cx *cx, struct kept *k);

#endif
