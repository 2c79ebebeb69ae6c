/* Access is decided here and nowhere else, and the answer defaults to no. */
#ifndef SISHI_KERNEL_ACCESS_H
#define SISHI_KERNEL_ACCESS_H

#include "base/base.h"

enum role {
#define X(symbol, name) ROLE_##symbol,
    ROLE_TABLE(X)
#undef X
        ROLE__COUNT
};

/* What may be done. X(symbol, roles that may, as a mask). POWER_PUBLIC needs no account;
 * POWER_SIGNED_IN any account. */
#define ROLE_BIT(r) (1u << ROLE_##r)
#define POWER_TABLE(X)                                                                             \
    X(PUBLIC, ~0u)                                                                                 \
    X(SIGNED_IN, ~0u)                                                                              \
    X(REGISTER_READ, ROLE_BIT(PLANNER) | ROLE_BIT(DRAW_OPERATOR) | ROLE_BIT(WITNESS) |             \
                         ROLE_BIT(DEPARTMENT_ADMIN) | ROLE_BIT(REVIEWER) | ROLE_BIT(REGISTRAR))    \
    X(REGISTER_WRITE, ROLE_BIT(REGISTRAR))                                                         \
    X(DRAW_READ, ROLE_BIT(PLANNER) | ROLE_BIT(DRAW_OPERATOR) | ROLE_BIT(WITNESS) |                 \
                     ROLE_BIT(DEPARTMENT_ADMIN) | ROLE_BIT(REVIEWER))                              \
    X(DRAW_PLAN, ROLE_BIT(PLANNER))                                                                \
    X(DRAW_FREEZE, ROLE_BIT(DRAW_OPERATOR))                                                        \
    X(DRAW_COMMIT, ROLE_BIT(DEPARTMENT_ADMIN))                                                     \
    X(DRAW_BEACON, ROLE_BIT(DRAW_OPERATOR) | ROLE_BIT(WITNESS))                                    \
    X(DRAW_RUN, ROLE_BIT(DRAW_OPERATOR))                                                           \
    X(DRAW_PUBLISH, ROLE_BIT(REVIEWER))                                                            \
    X(DRAW_VOID, ROLE_BIT(REVIEWER))                                                               \
    X(DRAW_REPLACE, ROLE_BIT(DEPARTMENT_ADMIN) | ROLE_BIT(REVIEWER))                               \
    X(ACCOUNT_ADMIN, ROLE_BIT(SYSTEM_ADMIN))

enum power {
#define X(symbol, roles) POWER_##symbol,
    POWER_TABLE(X)
#undef X
        POWER__COUNT
};

/* Who acts. All zero: nobody signed in. */
struct actor {
    int64_t account;   /* 0 = public */
    struct str name;   /* sign-in name */
    struct str shown;  /* name a person reads */
    uint32_t roles;    /* mask of 1 << enum role */
    struct str dept;   /* department code, as in definitions/departments; may be empty */
    struct str region; /* prefix of region codes within which the actor acts; "" = all */
};

/* What is acted on. An empty part is not compared. */
struct scope {
    struct str dept;
    struct str region;
};

/**
 * May `who` use `what` on `where`? Pure.
 *
 * @return ERR_OK, ERR_SIGNED_OUT (an account is needed), ERR_FORBIDDEN (role, department or region)
 */
enum err access_allow(struct cx *cx, const struct actor *who, enum power what,
                      struct scope where) MUST_USE;

const char *role_name(enum role r);
/* @return ROLE__COUNT when there is no such role */
enum role role_by_name(struct str name);
const char *power_name(enum power p);

#endif
