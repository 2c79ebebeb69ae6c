/* What the rules of the ceremony share. Pure. Private to office/. */
#ifndef SISHI_OFFICE_CEREMONY_RULE_H
#define SISHI_OFFICE_CEREMONY_RULE_H

#include "office/draw.h"

/* The public event comes at least so long after the reveals are logged (sishi-draw/1 section 4.5);
 * less in a rehearsal only. */
enum { CEREMONY_WAIT_MIN_S = 600 };

/* One line of 1..most characters: UTF-8 without control characters. */
bool ceremony_line_ok(struct str s, size_t most);
/* The same for a reason, as people give one: 1..200 characters. */
bool ceremony_reason_ok(struct str s);
/* "lottery", "dice", "drand", "nist", "other"; false when it is none of them. */
bool ceremony_beacon_kind(struct str name, enum beacon_kind *out) MUST_USE;

/* Who operates a draw may not be its witness, and the other way round: what a step makes of who
 * takes it (draw_event.part). */
enum ceremony_part { CEREMONY_PART_NONE, CEREMONY_PART_OPERATED, CEREMONY_PART_WITNESSED };
enum ceremony_part ceremony_part_of(enum ceremony_step step, const struct actor *who);

#endif
