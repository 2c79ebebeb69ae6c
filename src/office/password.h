/* Private to office/: password hashes and the rule of a good one. */
#ifndef SISHI_OFFICE_PASSWORD_H
#define SISHI_OFFICE_PASSWORD_H

#include "office/office.h"

/* PASSWORD_MIN..PASSWORD_MAX bytes of UTF-8 with three of: lower case, upper case, digit, other.
 * Pure. @return ERR_OK or ERR_FIELD */
enum err decide_password(struct cx *cx, struct str password, struct str name) MUST_USE;

/* argon2id, 64 MiB and 2 passes, at most two at a time in the program. Text in cx->mem.
 * @cost about a tenth of a second and 64 MiB */
enum err password_hash(struct cx *cx, struct str password, struct str *out) MUST_USE;

/* In the same time for a wrong password and for an account that is not there (hash empty). */
bool password_matches(struct str hash, struct str password);

#endif
