/* The draw, sishi-draw/1: who is inspected and by whom, so that anybody can recompute it.
 *
 * The order of reading:
 *   lines.h        bytes in, lines out
 *   plan.h         what is announced          frame.h       what is frozen
 *   transcript.h   commit, reveal, seed       memory_rule.h probabilities that remember
 *   lot.h          who is drawn               assign.h      who inspects, and at what price
 *   change.h       what was replaced later    succession.h  by whom
 *   bundle.h       the whole: freeze, run, verify, check
 */
#ifndef SISHI_CORE_DRAW_H
#define SISHI_CORE_DRAW_H

#include "core/assign.h"
#include "core/bundle.h"
#include "core/change.h"
#include "core/frame.h"
#include "core/lines.h"
#include "core/lot.h"
#include "core/memory_rule.h"
#include "core/merkle.h"
#include "core/plan.h"
#include "core/succession.h"
#include "core/transcript.h"

#endif
