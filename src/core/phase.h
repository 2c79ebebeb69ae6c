/* The phases of the assignment (sishi-draw/1 section 4.7): department by department, asked
 * qualification by qualification, the plain places last. Private. */
#ifndef SISHI_CORE_PHASE_H
#define SISHI_CORE_PHASE_H

#include "core/flow.h"

/* A drawn entity, once. */
struct phase_target {
    struct str id, region;
    struct digest ticket;
};
/* Places that a target needs in one phase. */
struct need {
    struct str dept, qual;
    uint32_t target;
    uint32_t places;
};
/* A place that was filled in an earlier phase of the same department. */
struct filled {
    uint32_t inspector; /* in the roster */
    uint32_t next;      /* of the same target; UINT32_MAX ends */
};

struct phases {
    const struct assign_input *in;
    struct phase_target *target;
    size_t targets;
    struct need *need; /* by phase, then target */
    size_t needs;
    uint64_t places, prices; /* of all phases */
    struct recusal *recused; /* by (target, inspector) */
    uint32_t *placed;        /* by inspector of the roster: places received so far */
    uint32_t *team;          /* by target: its first `filled` in this department */
    struct filled *filled;
    size_t filleds;
    size_t at; /* the next need */
};
struct phase {
    struct str dept, qual;
    const struct need *need; /* f.targets of them */
    uint32_t *roster;        /* by inspector of the phase: which of the roster */
    struct flow f;
};

/* Qualifications ascend, "-" comes last. */
int qual_cmp(struct str a, struct str b);

enum err phases_open(struct cx *cx, const struct assign_input *in, struct phases *out) MUST_USE;
/* Builds the next phase from what has been placed so far; f.targets is 0 when there is none. Its
 * seats are empty. Its memory is the arena's: mark before, reset after phase_close. */
enum err phase_open(struct cx *cx, struct phases *ps, struct phase *out) MUST_USE;
/* Carries the phase's seats over to the next ones. */
void phase_close(struct phases *ps, const struct phase *p);

#endif
