/* base: memory, text, failures, dates, JSON, the log. The only room every other room may use. */
#ifndef SISHI_BASE_H
#define SISHI_BASE_H

#include "base/calendar.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/defs.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/json_in.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/role_table.h"
#include "base/text.h"

#endif
