/* Which of the drawn entities a team must visit. Private to the draw. */
#ifndef SISHI_CORE_VISITS_H
#define SISHI_CORE_VISITS_H

#include "core/assign.h"
#include "core/kept.h"
#include "core/lot.h"

struct visits {
    const struct plan *plan;
    bool *teamed;      /* by lot: does the plan send a team to whom it draws? */
    struct kept visit; /* struct visit */
};
enum err visits_open(struct cx *cx, const struct plan *p, struct visits *out) MUST_USE;
/* Notes a drawn entity if it is to be visited: not a reserve, and of a lot with a team. */
enum err visits_add(struct cx *cx, struct visits *v, const struct drawn *d) MUST_USE;
/* What the assignment depends on. */
struct assign_input visits_input(const struct visits *v, const struct digest *seed,
                                 const struct frame *frame);

#endif
