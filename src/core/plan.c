#include "core/plan.h"

#include "core/field.h"
#include "core/txt.h"

enum { TITLE_MAX = 1000 };
static const char plan_title[] = "sishi-draw/1 plan";

/* One fixed choice of words: `word first` or `word second`. */
static enum err read_choice(struct cx *cx, struct txt *t, const char *word, const char *first,
                            const char *second, bool *is_second)
{
    struct str field;
    if (!txt_at(t, word) || !(str_eq(t->rest, str_of(first)) || str_eq(t->rest, str_of(second)))) {
        return txt_fail(cx, t, "here must stand \"%s %s\" or \"%s %s\"", word, first, word, second);
    }
    TRY(txt_take(cx, t, word, &field, 1));
    *is_second = str_eq(field, str_of(second));
    return txt_step(cx, t);
}

/* What stands before the parties. */
static enum err read_top(struct cx *cx, struct txt *t, struct plan *p)
{
    TRY(txt_take(cx, t, "draw", &p->draw_id, 1));
    if (!field_id(p->draw_id)) {
        return txt_fail(cx, t, "a draw's number is 1 to 64 visible characters");
    }
    TRY(txt_step(cx, t));
    if (txt_at(t, "title")) {
        if (!field_text(t->rest, TITLE_MAX)) {
            return txt_fail(cx, t, "a title is 1 to %d bytes of text", (int)TITLE_MAX);
        }
        p->title = str_dup(cx->mem, t->rest);
        if (p->title.p == NULL) {
            return fail(cx, ERR_NO_MEMORY, "the plan's title");
        }
        TRY(txt_step(cx, t));
    }
    if (txt_at(t, "rules")) {
        p->has_rules = true;
        TRY(txt_take_digest(cx, t, "rules", &p->rules));
    }
    bool sm3;
    TRY(read_choice(cx, t, "hash", "sha256", "sm3", &sm3));
    p->hash = sm3 ? DIGEST_SM3 : DIGEST_SHA256;
    return ERR_OK;
}

static enum err read_parties(struct cx *cx, struct txt *t, struct plan *p)
{
    do {
        struct str name;
        TRY(txt_take(cx, t, "party", &name, 1));
        if (p->parties == PLAN_PARTIES_MAX) {
            return txt_fail(cx, t, "more than %d parties", (int)PLAN_PARTIES_MAX);
        }
        if (!field_name(name)) {
            return txt_fail(cx, t, "a party's name is 1 to 32 of A-Z a-z 0-9 _");
        }
        if (p->parties > 0 && str_cmp(p->party[p->parties - 1], name) >= 0) {
            return txt_fail(cx, t, "parties must ascend, each once");
        }
        p->party[p->parties++] = name;
        TRY(txt_step(cx, t));
    } while (txt_at(t, "party"));
    return ERR_OK;
}

static bool beacon_kind_get(struct str s, enum beacon_kind *out)
{
    for (int k = BEACON_LOTTERY; k <= BEACON_OTHER; k++) {
        if (str_eq(s, str_of(beacon_kind_name((enum beacon_kind)k)))) {
            *out = (enum beacon_kind)k;
            return true;
        }
    }
    return false;
}

static enum err read_beacons(struct cx *cx, struct txt *t, struct plan *p)
{
    while (txt_at(t, "beacon")) {
        struct str field[2];
        TRY(txt_take(cx, t, "beacon", field, COUNT_OF(field)));
        if (p->beacons == PLAN_BEACONS_MAX) {
            return txt_fail(cx, t, "more than %d beacons", (int)PLAN_BEACONS_MAX);
        }
        struct plan_beacon *b = &p->beacon[p->beacons++];
        b->ref = field[1];
        if (!beacon_kind_get(field[0], &b->kind)) {
            return txt_fail(cx, t, "a beacon is lottery, dice, drand, nist or other");
        }
        const char *fault = beacon_ref_fault(b);
        if (fault != NULL) {
            return txt_fail(cx, t, "%s", fault);
        }
        TRY(txt_step(cx, t));
    }
    return ERR_OK;
}

static enum err read_rules(struct cx *cx, struct txt *t, struct plan *p)
{
    bool skip;
    if (str_eq(t->line, STR("missing skip")) && p->beacons == 0) {
        return txt_fail(cx, t, "\"missing skip\" needs a beacon");
    }
    TRY(read_choice(cx, t, "missing", "void", "skip", &skip));
    p->missing = skip ? MISSING_SKIP : MISSING_VOID;
    if (!str_starts(t->line, STR("publish embargo "))) {
        bool embargo;
        return read_choice(cx, t, "publish", "now", "embargo <YYYY-MM-DD>", &embargo);
    }
    struct str field[2];
    TRY(txt_take(cx, t, "publish", field, COUNT_OF(field)));
    char canonical[DATE_CHARS];
    if (date_parse(cx, field[1], &p->embargo_on) == ERR_OK) {
        date_put(p->embargo_on, canonical);
    } else {
        fault_clear(cx);
    }
    if (p->embargo_on == 0 || !str_eq(field[1], (struct str){ canonical, DATE_CHARS })) {
        return txt_fail(cx, t, "an embargo ends on a date written YYYY-MM-DD");
    }
    return txt_step(cx, t);
}

size_t plan_lot_find(const struct plan *p, struct str name)
{
    size_t i = 0;
    while (i < p->lots && !str_eq(p->lot[i].name, name)) {
        i++;
    }
    return i;
}

/* The parts of `lot <name> fixed <n> reserve <r>` or `lot <name> rate`. */
static enum err lot_get(struct cx *cx, struct txt *t, struct plan_lot *lot)
{
    struct str field[5];
    uint64_t n = 0;
    uint64_t reserve = 0;
    bool rate = str_ends(t->line, STR(" rate"));
    TRY(txt_take(cx, t, "lot", field, rate ? 2 : COUNT_OF(field)));
    if (!rate && !(str_eq(field[1], STR("fixed")) && str_eq(field[3], STR("reserve")))) {
        return txt_fail(cx, t, "a lot is \"lot <name> fixed <n> reserve <r>\" or \"... rate\"");
    }
    if (!rate && !(field_whole(field[2], 0, INT32_MAX, &n) &&
                   field_whole(field[4], 0, (uint64_t)INT32_MAX - n, &reserve))) {
        return txt_fail(cx, t, "n and reserve are whole numbers, together below 2^31");
    }
    *lot =
        (struct plan_lot){ field[0], rate ? LOT_RATE : LOT_FIXED, (uint32_t)n, (uint32_t)reserve };
    return field_name(lot->name) ? ERR_OK
                                 : txt_fail(cx, t, "a lot's name is 1 to 32 of A-Z a-z 0-9 _");
}

static enum err read_lots(struct cx *cx, struct txt *t, struct plan *p)
{
    do {
        struct plan_lot lot;
        TRY(lot_get(cx, t, &lot));
        if (p->lots == PLAN_LOTS_MAX) {
            return txt_fail(cx, t, "more than %d lots", (int)PLAN_LOTS_MAX);
        }
        if (plan_lot_find(p, lot.name) < p->lots) {
            return txt_fail(cx, t, "this lot stands twice");
        }
        size_t at = p->lots++;
        for (; at > 0 && str_cmp(p->lot[at - 1].name, lot.name) > 0; at--) {
            p->lot[at] = p->lot[at - 1];
        }
        p->lot[at] = lot;
        TRY(txt_step(cx, t));
    } while (txt_at(t, "lot"));
    return ERR_OK;
}

static enum err read_teams(struct cx *cx, struct txt *t, struct plan *p)
{
    while (txt_at(t, "team")) {
        struct str field[4];
        uint64_t size;
        TRY(txt_take(cx, t, "team", field, COUNT_OF(field)));
        if (p->teams == PLAN_TEAMS_MAX) {
            return txt_fail(cx, t, "more than %d teams", (int)PLAN_TEAMS_MAX);
        }
        if (plan_lot_find(p, field[0]) == p->lots) {
            return txt_fail(cx, t, "there is no such lot");
        }
        if (!field_name(field[1]) || !(field_name(field[3]) || str_eq(field[3], STR("-")))) {
            return txt_fail(cx, t, "department and qualification are names of A-Z a-z 0-9 _");
        }
        if (!field_whole(field[2], PLAN_TEAM_MIN, PLAN_TEAM_MAX, &size)) {
            return txt_fail(cx, t, "a team has %d to %d inspectors", (int)PLAN_TEAM_MIN,
                            (int)PLAN_TEAM_MAX);
        }
        p->team[p->teams++] = (struct plan_team){ field[0], field[1], (uint32_t)size, field[3] };
        TRY(txt_step(cx, t));
    }
    return ERR_OK;
}

enum err plan_read(struct cx *cx, const struct draw_source *source, struct plan *out)
{
    struct plan p = {
        .party = arena_alloc(cx->mem, PLAN_PARTIES_MAX, sizeof *p.party),
        .beacon = arena_alloc(cx->mem, PLAN_BEACONS_MAX, sizeof *p.beacon),
        .lot = arena_alloc(cx->mem, PLAN_LOTS_MAX, sizeof *p.lot),
        .team = arena_alloc(cx->mem, PLAN_TEAMS_MAX, sizeof *p.team),
    };
    if (p.party == NULL || p.beacon == NULL || p.lot == NULL || p.team == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", source->name);
    }
    struct txt t;
    TRY(txt_open(cx, &t, source, plan_title));
    TRY(read_top(cx, &t, &p));
    TRY(read_parties(cx, &t, &p));
    TRY(read_beacons(cx, &t, &p));
    TRY(read_rules(cx, &t, &p));
    TRY(read_lots(cx, &t, &p));
    TRY(read_teams(cx, &t, &p));
    TRY(txt_end(cx, &t, p.hash, &p.digest));
    *out = p;
    return ERR_OK;
}

static void write_lot(const struct plan_lot *l, struct buf *out)
{
    buf_fmt(out, "lot " STR_FMT, STR_ARG(l->name));
    if (l->mode == LOT_RATE) {
        buf_put_z(out, " rate\n");
    } else {
        buf_fmt(out, " fixed %u reserve %u\n", l->n, l->reserve);
    }
}

static void write_publish(const struct plan *p, struct buf *out)
{
    char date[DATE_CHARS];
    if (p->embargo_on == 0) {
        buf_put_z(out, "publish now\n");
        return;
    }
    date_put(p->embargo_on, date);
    buf_fmt(out, "publish embargo %.*s\n", (int)DATE_CHARS, date);
}

void plan_write(const struct plan *p, struct buf *out)
{
    buf_fmt(out, "%s\ndraw " STR_FMT "\n", plan_title, STR_ARG(p->draw_id));
    if (p->title.n > 0) {
        buf_fmt(out, "title " STR_FMT "\n", STR_ARG(p->title));
    }
    if (p->has_rules) {
        buf_put_z(out, "rules ");
        buf_put_hex(out, p->rules.b, DIGEST_LEN);
        buf_put_c(out, '\n');
    }
    buf_fmt(out, "hash %s\n", p->hash == DIGEST_SM3 ? "sm3" : "sha256");
    for (size_t i = 0; i < p->parties; i++) {
        buf_fmt(out, "party " STR_FMT "\n", STR_ARG(p->party[i]));
    }
    for (size_t i = 0; i < p->beacons; i++) {
        buf_fmt(out, "beacon %s " STR_FMT "\n", beacon_kind_name(p->beacon[i].kind),
                STR_ARG(p->beacon[i].ref));
    }
    buf_fmt(out, "missing %s\n", p->missing == MISSING_SKIP ? "skip" : "void");
    write_publish(p, out);
    for (size_t i = 0; i < p->lots; i++) {
        write_lot(&p->lot[i], out);
    }
    for (size_t i = 0; i < p->teams; i++) {
        const struct plan_team *t = &p->team[i];
        buf_fmt(out, "team " STR_FMT " " STR_FMT " %u " STR_FMT "\n", STR_ARG(t->lot),
                STR_ARG(t->dept), t->size, STR_ARG(t->qual));
    }
}
