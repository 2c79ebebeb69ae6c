/* An instance of the assignment, given to LEMON. */
#ifndef SISHI_ORACLE_LEMON_INSTANCE_H
#define SISHI_ORACLE_LEMON_INSTANCE_H

#include "instance.h"
#include "lemon.h"

/* 0 when solved; tickets of the instance must be below 2^30. */
int lemon_instance(struct cx *cx, const struct flow *f, struct lemon_answer *out);

#endif
