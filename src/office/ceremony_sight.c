/* What an asker may see of a draw. */
#include "office/ceremony_sight.h"

/* From when the public may have a file. */
enum since { AT_ONCE, WITH_VALUES, WITH_HEAD, WITH_LISTS, UNLESS_EMBARGO, NEVER };

/* `weighs`: weights can be read or computed from it, so that it stays inside when they are sealed.
 * The population of an open draw is public with its freeze; under an embargo it waits for the
 * lists, for whoever guesses the seed's inputs could look through it. */
static const struct {
    enum since since;
    bool weighs;
} files[] = {
    [CEREMONY_FILE_PLAN] = { AT_ONCE, false },
    [CEREMONY_FILE_RULES] = { AT_ONCE, false },
    [CEREMONY_FILE_POPULATION] = { UNLESS_EMBARGO, true },
    [CEREMONY_FILE_LEAVES] = { UNLESS_EMBARGO, false },
    [CEREMONY_FILE_EXCLUSIONS] = { NEVER, false },
    [CEREMONY_FILE_ROSTER] = { WITH_LISTS, false },
    [CEREMONY_FILE_RECUSAL] = { WITH_LISTS, false },
    [CEREMONY_FILE_FREEZE] = { AT_ONCE, false },
    [CEREMONY_FILE_REVEALS] = { WITH_VALUES, false },
    [CEREMONY_FILE_SEED] = { WITH_VALUES, false },
    [CEREMONY_FILE_LOTS] = { WITH_LISTS, true },
    [CEREMONY_FILE_RESULT] = { WITH_LISTS, true },
    [CEREMONY_FILE_ASSIGN] = { WITH_LISTS, false },
    [CEREMONY_FILE_PRICES] = { WITH_LISTS, false },
    [CEREMONY_FILE_HEAD] = { WITH_HEAD, false },
    [CEREMONY_FILE_EVENTS] = { WITH_LISTS, false },
};

static bool is_officer(const struct actor *by)
{
    struct cx asked = { 0 }; /* a no is no failure here */
    return access_allow(&asked, by, POWER_DRAW_READ, (struct scope){ 0 }) == ERR_OK;
}

struct sight sight_of(const struct actor *by, const struct q_draw_get *row)
{
    bool officer = is_officer(by);
    bool published = row->state == CEREMONY_PUBLISHED;
    return (struct sight){
        .officer = officer,
        .values = officer || published || row->embargo_on == 0,
        .lists = officer || published,
        .weights = officer || row->sealed == 0,
        .head = officer || published || row->state == CEREMONY_EMBARGOED,
    };
}

enum err sight_load(struct cx *cx, struct tx *tx, int64_t id, const struct actor *by,
                    struct q_draw_get *row, struct sight *out)
{
    bool found;
    TRY(q_draw_get(cx, tx, id, row, &found));
    if (!found) {
        char shown[ID_CHARS];
        id_put(id, shown);
        return fail(cx, ERR_NOT_FOUND, "draw %.*s", ID_CHARS, shown);
    }
    *out = sight_of(by, row);
    return ERR_OK;
}

static bool is_open(enum since since, const struct sight *s)
{
    switch (since) {
    case AT_ONCE:
        return true;
    case WITH_VALUES:
    case UNLESS_EMBARGO:
        return s->values;
    case WITH_HEAD:
        return s->head;
    case WITH_LISTS:
        return s->lists;
    case NEVER:
    default:
        return false;
    }
}

static bool shows(const struct sight *s, enum ceremony_file f)
{
    return s->officer || (is_open(files[f].since, s) && (s->weights || !files[f].weighs));
}

uint32_t sight_files(const struct sight *s)
{
    uint32_t mask = 0;
    for (int f = 0; f < CEREMONY_FILE__COUNT; f++) {
        mask |= shows(s, (enum ceremony_file)f) ? 1u << f : 0;
    }
    return mask;
}

enum err sight_file(struct cx *cx, const struct sight *s, const struct q_draw_get *row,
                    enum ceremony_file f)
{
    if ((unsigned)f >= CEREMONY_FILE__COUNT) {
        return fail(cx, ERR_NOT_FOUND, "file %d", (int)f);
    }
    return shows(s, f) ? ERR_OK
                       : fail(cx, ERR_FORBIDDEN, "%s of draw " STR_FMT, ceremony_file_name(f),
                              STR_ARG(row->no));
}
