/* kernel: who may do what, and the evidence log. */
#ifndef SISHI_KERNEL_H
#define SISHI_KERNEL_H

#include "base/base.h"
#include "core/core.h"
#include "def/def.h"
#include "store/store.h"

#include "kernel/access.h"
#include "kernel/ledger.h"

#endif
