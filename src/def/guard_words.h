/* Private to def/: the words of the guard language. */
#ifndef SISHI_DEF_GUARD_WORDS_H
#define SISHI_DEF_GUARD_WORDS_H

#include "def/guard.h"

/* The word a family begins with; "" for the others. */
const char *guard_family(enum guard_kind kind);
/* Has the language a meaning for it? Then nothing else may bear the name. */
bool guard_reserved(struct str word);

#endif
