/* Private to the demo province: its inspectors and their interests. */
#ifndef SISHI_OFFICE_DEMO_PEOPLE_H
#define SISHI_OFFICE_DEMO_PEOPLE_H

#include "office/demo_entity.h"
#include "store/store.h"

/* Writes the inspectors of every department of the definitions, and their interests in entities.
 * Inside the caller's write transaction. @param inspectors, interests  how many */
enum err demo_people_write(struct cx *cx, struct tx *tx, const struct demo_maker *m,
                           int64_t *inspectors, int64_t *interests) MUST_USE;

#endif
