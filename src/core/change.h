/* Replacements after the draw, as lines of events.tsv: `seq time kind id reason evidence
 * replaced-by`, in the order in which they were made.
 *
 *   target     LOT/CODE          a drawn entity leaves its lot; replaced-by: the reserve moving up
 *   inspector  CODE/DEPT/STAFF   one leaves a team; replaced-by: who goes instead, "-" when the
 *                                team goes no more
 *   place      CODE/DEPT/QUAL    a place of a team of who moved up; replaced-by: who takes it, "~"
 *                                when nobody can */
#ifndef SISHI_CORE_CHANGE_H
#define SISHI_CORE_CHANGE_H

#include "core/lines.h"

enum draw_change_kind {
    DRAW_CHANGE_TARGET,
    DRAW_CHANGE_INSPECTOR,
    DRAW_CHANGE_PLACE,
    DRAW_CHANGE__COUNT
};
PUBLIC const char *change_kind_name(enum draw_change_kind k);
PUBLIC enum draw_change_kind change_kind_by_name(struct str name); /* DRAW_CHANGE__COUNT: none */

struct draw_change {
    enum draw_change_kind kind;
    struct str lot;    /* target: its lot; otherwise "-" */
    struct str code;   /* the entity that leaves, or whose team it is */
    struct str dept;   /* inspector, place: the department; otherwise "-" */
    struct str leaves; /* the id's last part: entity code, staff number, qualification or "-" */
    struct str enters; /* replaced-by */
};
struct draw_change_line {
    uint64_t seq; /* from 1 */
    struct str time, reason;
    struct str evidence; /* 64 hex or "-" */
    struct draw_change change;
};

/* The line without LF. */
PUBLIC void change_put(const struct draw_change_line *l, struct buf *out);
/* Reads a line back; views point into it. @return ERR_DRAW_FILE */
PUBLIC enum err change_get(struct cx *cx, struct place at, struct str line,
                           struct draw_change_line *out) MUST_USE;

#endif
