/* def: reads definitions/ into read-only structures. All checking happens here, at start-up. */
#ifndef SISHI_DEF_H
#define SISHI_DEF_H

#include "base/base.h"

#endif
