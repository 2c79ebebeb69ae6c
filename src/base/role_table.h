/* The roles a person may hold, once: kernel decides what they may do, def checks that the actors of
 * a procedure are roles that exist. X(symbol, name in files and answers) */
#ifndef SISHI_BASE_ROLE_TABLE_H
#define SISHI_BASE_ROLE_TABLE_H

#define ROLE_TABLE(X)                                                                              \
    X(PLANNER, "planner")             /* makes the plan of a draw */                               \
    X(DRAW_OPERATOR, "draw_operator") /* freezes and runs */                                       \
    X(WITNESS, "witness") /* discipline office, notary, enterprise: watches, cosigns */            \
    X(DEPARTMENT_ADMIN, "department_admin") /* commits and reveals for a department */             \
    X(REVIEWER, "reviewer")                 /* publishes, voids */                                 \
    X(REGISTRAR, "registrar")               /* imports and corrects the register */                \
    X(SYSTEM_ADMIN, "system_admin")         /* accounts; sees no business data */                  \
    X(INTAKE, "intake")                     /* the counter: takes in, forwards, makes public */    \
    X(CASE_OFFICER, "case_officer")         /* handles matters */                                  \
    X(MEDIATOR, "mediator")                 /* mediates between two sides */                       \
    X(HEAD, "head")                         /* decides what the law leaves to the head of a body */

#endif
