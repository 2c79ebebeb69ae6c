#include "kernel/kernel.h"

static const char *const role_names[] = {
#define X(symbol, name) [ROLE_##symbol] = (name),
    ROLE_TABLE(X)
#undef X
};

static const struct {
    const char *name;
    uint32_t roles;
} powers[] = {
#define X(symbol, roles) [POWER_##symbol] = { #symbol, (roles) },
    POWER_TABLE(X)
#undef X
};

const char *role_name(enum role r)
{
    return (size_t)r < COUNT_OF(role_names) ? role_names[r] : "?";
}

enum role role_by_name(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(role_names); i++) {
        if (str_eq(str_of(role_names[i]), name)) {
            return (enum role)i;
        }
    }
    return ROLE__COUNT;
}

const char *power_name(enum power p)
{
    return (size_t)p < COUNT_OF(powers) ? powers[p].name : "?";
}

enum err access_allow(struct cx *cx, const struct actor *who, enum power what, struct scope where)
{
    if (what == POWER_PUBLIC) {
        return ERR_OK;
    }
    if (who == NULL || who->account == 0) {
        return fail(cx, ERR_SIGNED_OUT, "%s", power_name(what));
    }
    if ((size_t)what >= COUNT_OF(powers)) {
        return fail(cx, ERR_FORBIDDEN, "unknown power %d", (int)what);
    }
    if (what != POWER_SIGNED_IN && (who->roles & powers[what].roles) == 0) {
        return fail(cx, ERR_FORBIDDEN, "%s", power_name(what));
    }
    if (where.dept.n > 0 && !str_eq(where.dept, who->dept)) {
        return fail(cx, ERR_FORBIDDEN, "%s: department " STR_FMT, power_name(what),
                    STR_ARG(where.dept));
    }
    if (where.region.n > 0 && !str_starts(where.region, who->region)) {
        return fail(cx, ERR_FORBIDDEN, "%s: region " STR_FMT, power_name(what),
                    STR_ARG(where.region));
    }
    return ERR_OK;
}
