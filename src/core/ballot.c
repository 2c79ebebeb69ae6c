#include "core/ballot.h"

#include "core/select.h"

#include <string.h>

enum {
    REGION_BYTES = 6, /* 12 digits are below 2^40: five bytes, and one for how many digits */
    SPARE_MIN = 4096, /* room beyond `keep`, so that trimming is rare */
    SEEN_OFTEN = 32,  /* from here on finding u_max pays */
    RATE_SLACK = 1024,
};

static size_t slot_bytes(const struct ballot *b)
{
    return b->id_bytes + (size_t)REGION_BYTES;
}

static void slot_write(const struct ballot *b, char *slot, const struct entity *e)
{
    uint64_t digits = 0;
    for (size_t i = 0; i < e->region.n; i++) {
        digits = digits * 10 + (uint64_t)(e->region.p[i] - '0');
    }
    memset(slot, 0, slot_bytes(b));
    memcpy(slot, e->id.p, e->id.n);
    for (int i = 0; i < REGION_BYTES - 1; i++) {
        slot[b->id_bytes + (unsigned)i] = (char)(digits >> (8 * i) & 0xFF);
    }
    slot[b->id_bytes + REGION_BYTES - 1] = (char)e->region.n;
}

struct str ballot_id(const struct ballot *b, const char *slots, const struct candidate *c)
{
    const char *slot = slots + c->slot * slot_bytes(b);
    return (struct str){ slot, strnlen(slot, b->id_bytes) };
}

struct str ballot_region(const struct ballot *b, const char *slots, const struct candidate *c,
                         char room[BALLOT_REGION_MAX])
{
    const char *at = slots + c->slot * slot_bytes(b) + b->id_bytes;
    size_t n = (unsigned char)at[REGION_BYTES - 1];
    uint64_t digits = 0;
    for (int i = REGION_BYTES - 2; i >= 0; i--) {
        digits = digits << 8 | (unsigned char)at[i];
    }
    for (size_t i = n; i > 0; i--) {
        room[i - 1] = (char)('0' + digits % 10);
        digits /= 10;
    }
    return (struct str){ room, n };
}

/* The order of section 4.6: (K, u, id). */
static bool candidate_below(const void *ctx, const void *left, const void *right)
{
    const struct ballot *b = ctx;
    const struct candidate *x = left;
    const struct candidate *y = right;
    if (x->k != y->k) {
        return x->k < y->k;
    }
    if (x->u != y->u) {
        return x->u < y->u;
    }
    return memcmp(b->slots + x->slot * slot_bytes(b), b->slots + y->slot * slot_bytes(b),
                  b->id_bytes) < 0;
}

static enum err ballot_make_room(struct cx *cx, struct ballot *b, size_t room)
{
    struct candidate *candidate = arena_alloc(cx->mem, room, sizeof *candidate);
    char *slots = arena_alloc(cx->mem, room, slot_bytes(b));
    if (candidate == NULL || slots == NULL || room > UINT32_MAX) {
        return fail(cx, ERR_NO_MEMORY, "a lot of %zu entities", room);
    }
    for (size_t i = 0; i < b->n; i++) {
        candidate[i] = b->candidate[i];
    }
    for (size_t i = b->n; i < room; i++) {
        candidate[i].slot = (uint32_t)i;
    }
    if (b->n > 0) {
        memcpy(slots, b->slots, b->n * slot_bytes(b));
    }
    b->candidate = candidate;
    b->slots = slots;
    b->room = room;
    return ERR_OK;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

enum err ballot_open(struct cx *cx, struct ballot *b, const struct plan_lot *lot,
                     const struct lot_stat *stat, unsigned id_bytes)
{
    *b = (struct ballot){ .mode = lot->mode, .stat = stat, .id_bytes = id_bytes };
    size_t others = stat->n - stat->takeall;
    b->certain = arena_alloc(cx->mem, stat->takeall, sizeof *b->certain);
    b->certain_slots = arena_alloc(cx->mem, stat->takeall, slot_bytes(b));
    if (b->certain == NULL || b->certain_slots == NULL) {
        return fail(cx, ERR_NO_MEMORY, "lot " STR_FMT, STR_ARG(lot->name));
    }
    if (lot->mode == LOT_RATE) {
        size_t expected = stat->w_sum >> 31;
        b->keep = stat->n;
        return ballot_make_room(cx, b, least(stat->n, expected + expected / 8 + RATE_SLACK));
    }
    b->keep = least(others, (size_t)stat->m_left + lot->reserve);
    size_t spare = b->keep / 2 > SPARE_MIN ? b->keep / 2 : SPARE_MIN;
    return ballot_make_room(cx, b, b->keep == 0 ? 0 : least(others, b->keep + spare));
}

/* The largest u whose key is not above k: the key grows with u. */
static uint64_t u_max_find(const struct ballot *b, uint32_t p, lot_key k)
{
    uint64_t lo = 0;
    uint64_t hi = INT64_MAX;
    while (lo < hi) {
        uint64_t mid = lo + (hi - lo + 1) / 2;
        lot_key at = b->stat->m_left == 0 ? mid : lot_key_of(mid, p);
        if (at <= k) {
            lo = mid;
        } else {
            hi = mid - 1;
        }
    }
    return lo;
}

static struct weighed *weighed_find(struct ballot *b, uint32_t w)
{
    struct weighed *e = &b->weighed[(w * UINT32_C(2654435769)) >> 24];
    if (e->w != w) {
        *e = (struct weighed){ .w = w, .p = lot_probability(b->stat, w), .u_max = INT64_MAX };
    }
    if (e->epoch != b->epoch) {
        e->epoch = b->epoch;
        e->u_max = INT64_MAX;
        e->seen = 0;
    }
    if (++e->seen == SEEN_OFTEN && b->epoch > 0) {
        e->u_max = u_max_find(b, e->p, b->bound.k);
    }
    return e;
}

static void ballot_trim(struct ballot *b)
{
    struct records r = { b->candidate, sizeof *b->candidate, candidate_below, b };
    if (b->n <= b->keep) {
        return;
    }
    /* the slots of those who fall out stay with their places in the array, to be written again */
    records_select(&r, b->n, b->keep - 1);
    b->n = b->keep;
    b->bound = b->candidate[b->keep - 1];
    b->epoch++;
}

/* A population that is larger than in the first pass must not write past the end. */
static enum err ballot_add(struct cx *cx, struct ballot *b, const struct entity *e,
                           const struct candidate *new)
{
    if (b->n == b->room && b->mode == LOT_RATE) {
        TRY(ballot_make_room(cx, b, b->room + b->room / 2 + RATE_SLACK));
    } else if (b->n == b->room) {
        ballot_trim(b);
    }
    if (b->n == b->room) {
        return fail(cx, ERR_DRAW_MISMATCH, "the population changed while it was read");
    }
    struct candidate *c = &b->candidate[b->n++];
    slot_write(b, b->slots + c->slot * slot_bytes(b), e);
    c->k = new->k;
    c->u = new->u;
    c->w = new->w;
    return ERR_OK;
}

static void certain_add(struct ballot *b, const struct entity *e, uint64_t u, uint32_t w)
{
    uint32_t slot = (uint32_t)b->certains++;
    b->certain[slot] = (struct candidate){ .u = u, .w = w, .slot = slot };
    slot_write(b, b->certain_slots + slot * slot_bytes(b), e);
}

enum err ballot_offer(struct cx *cx, struct ballot *b, const struct entity *e, uint64_t u,
                      uint32_t w)
{
    struct candidate c = { .u = u, .w = w };
    if (b->mode == LOT_RATE) {
        return u < (uint64_t)w << 32 ? ballot_add(cx, b, e, &c) : ERR_OK;
    }
    if (b->stat->w_certain != 0 && w >= b->stat->w_certain) {
        if (b->certains < b->stat->takeall) {
            certain_add(b, e, u, w);
        }
        return ERR_OK;
    }
    const struct weighed *known = weighed_find(b, w);
    if (b->keep == 0 || u > known->u_max) {
        return ERR_OK;
    }
    c.k = b->stat->m_left == 0 ? u : lot_key_of(u, known->p);
    /* on equal (K, u) the id decides; letting the rare tie in costs a place, not correctness */
    if (b->epoch > 0 && (c.k > b->bound.k || (c.k == b->bound.k && u > b->bound.u))) {
        return ERR_OK;
    }
    return ballot_add(cx, b, e, &c);
}

void ballot_close(struct ballot *b)
{
    ballot_trim(b);
    struct records r = { b->candidate, sizeof *b->candidate, candidate_below, b };
    records_sort(&r, b->n);
}
