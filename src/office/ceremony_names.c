/* What the tables of a draw's ceremony are called in files, answers and the log. */
#include "office/draw.h"

static const char *const state_names[] = {
#define X(symbol, name) [CEREMONY_##symbol] = (name),
    CEREMONY_STATE_TABLE(X)
#undef X
};

static const char *const step_names[] = {
#define X(symbol, name, power, states) [CEREMONY_STEP_##symbol] = (name),
    CEREMONY_STEP_TABLE(X)
#undef X
};

static const char *const exclusion_names[] = {
#define X(symbol, name) [CEREMONY_EXCLUDED_##symbol] = (name),
    CEREMONY_EXCLUSION_TABLE(X)
#undef X
};

static const char *const file_names[] = {
#define X(symbol, name) [CEREMONY_FILE_##symbol] = (name),
    CEREMONY_FILE_TABLE(X)
#undef X
};

static const char *const mode_names[] = {
    [CEREMONY_FIXED] = "fixed", [CEREMONY_RATE] = "rate", [CEREMONY_ORDER] = "order"
};

static const char *name_of(const char *const *names, size_t n, size_t i)
{
    return i < n ? names[i] : "?";
}

/* The place of a name among n, or n. */
static size_t place_of_name(const char *const *names, size_t n, struct str name)
{
    size_t i = 0;
    while (i < n && !str_eq(str_of(names[i]), name)) {
        i++;
    }
    return i;
}

const char *ceremony_state_name(enum ceremony_state s)
{
    return name_of(state_names, COUNT_OF(state_names), s);
}

enum ceremony_state ceremony_state_by_name(struct str name)
{
    return (enum ceremony_state)place_of_name(state_names, COUNT_OF(state_names), name);
}

const char *ceremony_step_name(enum ceremony_step s)
{
    return name_of(step_names, COUNT_OF(step_names), s);
}

const char *ceremony_exclusion_name(enum ceremony_exclusion x)
{
    return name_of(exclusion_names, COUNT_OF(exclusion_names), x);
}

enum ceremony_exclusion ceremony_exclusion_by_name(struct str name)
{
    return (enum ceremony_exclusion)place_of_name(exclusion_names, COUNT_OF(exclusion_names), name);
}

const char *ceremony_mode_name(enum ceremony_mode m)
{
    return name_of(mode_names, COUNT_OF(mode_names), m);
}

enum ceremony_mode ceremony_mode_by_name(struct str name)
{
    return (enum ceremony_mode)place_of_name(mode_names, COUNT_OF(mode_names), name);
}

const char *ceremony_file_name(enum ceremony_file f)
{
    return name_of(file_names, COUNT_OF(file_names), f);
}

enum ceremony_file ceremony_file_by_name(struct str name)
{
    return (enum ceremony_file)place_of_name(file_names, COUNT_OF(file_names), name);
}
