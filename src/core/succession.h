/* Who follows whom after the draw: replacements along the orders that the draw itself has fixed
 * (docs/guide/draw.md, "Replacements"). Nothing is drawn again; everything follows from published
 * files, so that whoever records a replacement and whoever checks it use the same steps.
 *
 * A target that leaves its lot is followed by the lot's first reserve that has not moved up. Teams
 * of departments that now have no reason to visit who left go no more. Who moved up gets the places
 * its lots ask for (section 4.7), but for those it has already: each goes, department by
 * department, qualification by qualification, plain places last, to the cheapest inspector who may
 * come. An inspector who leaves a team is followed by the cheapest who may come.
 *
 * May come: of the department, qualified, serving the region, not recused, with places left under
 * its cap as things stand, and never before on this team. Price: 2^20 r48 + the published price of
 * (department, qualification), 0 when there is none; equal ones in the order of the roster. */
#ifndef SISHI_CORE_SUCCESSION_H
#define SISHI_CORE_SUCCESSION_H

#include "core/assign.h"
#include "core/change.h"
#include "core/lot.h"

/* A line of result.tsv with its entity's region. */
struct draw_candidate {
    struct str id, region;
    uint32_t lot; /* index into plan.lot */
    bool reserve;
};
struct succession_input {
    const struct plan *plan;
    const struct digest *seed;
    const struct frame *frame; /* its roster and recusals */
    const struct draw_candidate *candidate;
    size_t candidates;          /* in the order of result.tsv */
    const struct assignment *a; /* as published */
};

/* Lots and teams as they stand. */
struct succession_place {
    struct str target, dept, qual, inspector;
    bool gone; /* whoever held it left it */
};
struct succession {
    struct succession_input in;
    bool *stands, *used; /* by candidate: is drawn; moved up, or left */
    struct succession_place *place;
    size_t places, room;
    uint32_t *held; /* by inspector of the roster: places held now */
};
/* As the draw left them. Keeps views into the input. */
PUBLIC enum err succession_open(struct cx *cx, const struct succession_input *in,
                                struct succession *out) MUST_USE;
/* Carries out what was recorded, without asking whether it is right.
 * @return ERR_DRAW_MISMATCH when it fits nothing */
PUBLIC enum err succession_apply(struct cx *cx, struct succession *s,
                                 const struct draw_change *c) MUST_USE;
/**
 * `code` leaves the lot. Finds what follows, and carries it out.
 *
 * @param out  n changes in cx->mem: the target, the inspectors who go no more, the new places
 * @return ERR_NOT_FOUND (no target of the lot), ERR_STATE (was replaced), ERR_DRAW_EMPTY (no
 * reserve left)
 */
PUBLIC enum err succession_target(struct cx *cx, struct succession *s, struct str lot,
                                  struct str code, struct draw_change **out, size_t *n) MUST_USE;
/* `who` leaves the team of a target and department. Finds who goes instead, and carries it out.
 * @return ERR_NOT_FOUND (not on the team), ERR_STATE (was replaced), ERR_DRAW_EMPTY (nobody may
 *         come) */
PUBLIC enum err succession_inspector(struct cx *cx, struct succession *s, struct str code,
                                     struct str dept, struct str who,
                                     struct draw_change *out) MUST_USE;

/**
 * Checks events.tsv against a draw: every replacement names who follows by the orders, and every
 * target's is complete. A team that goes no more is told by its target's lines only.
 *
 * @param s        as the draw left it
 * @param changes  out: how many lines
 * @return ERR_DRAW_MISMATCH or ERR_DRAW_FILE with "events.tsv:LINE: reason"
 */
PUBLIC enum err succession_check(struct cx *cx, struct succession *s,
                                 const struct draw_source *events, uint64_t *changes) MUST_USE;

#endif
