/* core: the algorithms the public may check. No clock, no randomness of its own, no files, no
 * database, no network: the same bytes in give the same bytes out on every machine.
 * Built alone as libsishi. */
#ifndef SISHI_CORE_H
#define SISHI_CORE_H

#include "base/base.h"

#include "core/clock.h"
#include "core/digest.h"
#include "core/draw.h"
#include "core/merkle.h"
#include "core/ticket.h"
#include "core/uscc.h"

#endif
