/* office: what a definition cannot say. The register, the draw, accounts, jobs: command -> view. */
#ifndef SISHI_OFFICE_H
#define SISHI_OFFICE_H

#include "base/base.h"
#include "core/core.h"
#include "def/def.h"
#include "kernel/kernel.h"
#include "store/store.h"

#include "office/account.h"
#include "office/demo.h"
#include "office/desk.h"
#include "office/directory.h"
#include "office/draw.h"
#include "office/import.h"
#include "office/job.h"
#include "office/register.h"
#include "office/search.h"

#endif
