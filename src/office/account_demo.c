/* The demo province's accounts. */
#include "office/office.h"

const struct demo_account demo_accounts[] = {
    { "demo", "Demo: planner, operator, reviewer, registrar", "p_market",
      ROLE_BIT(PLANNER) | ROLE_BIT(DRAW_OPERATOR) | ROLE_BIT(REVIEWER) | ROLE_BIT(REGISTRAR) },
    { "planner", "Planner", "p_market", ROLE_BIT(PLANNER) },
    { "operator", "Draw operator", "p_market", ROLE_BIT(DRAW_OPERATOR) },
    { "witness", "Witness (discipline office)", "p_market", ROLE_BIT(WITNESS) },
    { "reviewer", "Reviewer", "p_market", ROLE_BIT(REVIEWER) },
    { "registrar", "Registrar", "p_market", ROLE_BIT(REGISTRAR) },
    { "market", "Department administrator, market regulation", "p_market",
      ROLE_BIT(DEPARTMENT_ADMIN) },
    { "emergency", "Department administrator, emergency management", "p_emergency",
      ROLE_BIT(DEPARTMENT_ADMIN) },
    { "ecology", "Department administrator, ecology and environment", "p_ecology",
      ROLE_BIT(DEPARTMENT_ADMIN) },
    { "root", "System administrator", "", ROLE_BIT(SYSTEM_ADMIN) },
};
const size_t n_demo_accounts = COUNT_OF(demo_accounts);

/* The administrator, last of the table, is made first, at the console, and makes the others. */
enum err account_seed_demo(struct cx *cx, const struct desk *d)
{
    struct actor by = { 0 };
    for (size_t k = n_demo_accounts; k > 0; k--) {
        const struct demo_account *a = &demo_accounts[k - 1];
        const struct account_new made = {
            .name = str_of(a->name),
            .shown = str_of(a->shown),
            .password = STR(DEMO_PASSWORD),
            .roles = a->roles,
            .dept = str_of(a->dept),
        };
        struct actor there;
        int64_t id;
        enum err code = account_actor(cx, d, made.name, &there);
        if (code == ERR_NOT_FOUND) {
            fault_clear(cx);
            TRY(account_add(cx, d, &by, &made, STR(""), &id));
            TRY(account_actor(cx, d, made.name, &there));
        } else {
            TRY(code);
        }
        by = by.account == 0 ? there : by;
    }
    return ERR_OK;
}

static const struct demo_account *administrator_of(struct str dept)
{
    for (size_t i = 0; i < n_demo_accounts; i++) {
        const struct demo_account *a = &demo_accounts[i];
        if (a->roles == ROLE_BIT(DEPARTMENT_ADMIN) && str_eq(dept, str_of(a->dept))) {
            return a;
        }
    }
    return NULL;
}

bool account_demo_has_part(struct str dept)
{
    return administrator_of(dept) != NULL;
}

enum err account_demo_part(struct cx *cx, const struct desk *d, const struct actor *by,
                           struct str dept, struct actor *out)
{
    const struct demo_account *a = administrator_of(dept);
    bool demo;
    if ((by->roles & ROLE_BIT(DEPARTMENT_ADMIN)) != 0 && str_eq(by->dept, dept)) {
        *out = *by;
        return ERR_OK;
    }
    TRY(access_allow(cx, by, POWER_DRAW_PLAN, (struct scope){ 0 }));
    TRY(register_is_demo(cx, d, &demo));
    if (!demo || a == NULL) {
        return fail(cx, ERR_FORBIDDEN, "the part of department " STR_FMT, STR_ARG(dept));
    }
    return account_actor(cx, d, str_of(a->name), out);
}
