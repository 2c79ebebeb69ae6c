/* Who sits where while a matching is being found: for each inspector its seats. Private. */
#ifndef SISHI_CORE_SEATING_H
#define SISHI_CORE_SEATING_H

#include "core/flow.h"

#define SEAT_NONE UINT32_MAX

struct seating {
    struct flow *f;
    uint32_t *target;             /* by seat: whose it is */
    uint64_t *r;                  /* by seat: the pair ticket of who sits there */
    uint32_t *next, *prev, *head; /* an inspector's seats, linked from head[inspector] */
};
/* Empties all seats. */
enum err seating_open(struct cx *cx, struct flow *f, struct seating *out) MUST_USE;
void seating_give(struct seating *s, uint32_t seat, uint16_t inspector, uint64_t r);
void seating_leave(struct seating *s, uint32_t seat);
/* Is the inspector on the team of that target? */
bool seating_on_team(const struct seating *s, uint32_t target, uint16_t inspector);

#endif
