/* The demo province: everything in it is made up; it is the same for the same seed. */
#ifndef SISHI_OFFICE_DEMO_H
#define SISHI_OFFICE_DEMO_H

#include "office/desk.h"

struct demo_options {
    int64_t entities; /* 100..20,000,000 */
    int64_t seed;
    struct str province; /* two digits; empty = "43" */
    void (*progress)(void *arg, int64_t done, int64_t total);
    void *arg;
};
struct demo_result {
    int64_t entities, inspectors, interests, departments, items;
};
/**
 * Fills an empty database: departments, items, inspectors, entities with grades and former names,
 * and marks it as demo. Accounts are account_seed_demo's part.
 *
 * @return ERR_STATE when the database holds entities already
 */
enum err demo_make(struct cx *cx, const struct desk *d, const struct demo_options *o,
                   struct demo_result *out) MUST_USE;

#endif
