#include "core/transcript.h"

#include "core/field.h"
#include "core/txt.h"

#include <string.h>

static void put_digest_line(struct buf *out, const char *word, const struct digest *d)
{
    buf_fmt(out, "%s ", word);
    buf_put_hex(out, d->b, DIGEST_LEN);
    buf_put_c(out, '\n');
}

static void put_tree_line(struct buf *out, const char *word, const struct tree *t)
{
    buf_fmt(out, "%s %llu ", word, (unsigned long long)t->lines);
    buf_put_hex(out, t->root.b, DIGEST_LEN);
    buf_put_c(out, '\n');
}

static enum err take_tree(struct cx *cx, struct txt *t, const char *word, struct tree *out)
{
    struct str field[2];
    TRY(txt_take(cx, t, word, field, COUNT_OF(field)));
    if (!field_whole(field[0], 0, INT64_MAX, &out->lines) ||
        !field_hex(field[1], DIGEST_LEN, out->root.b)) {
        return txt_fail(cx, t, "\"%s\" takes a count of lines and 64 lower-case hex digits", word);
    }
    return txt_step(cx, t);
}

/* `draw <id>`, which must be the plan's. */
static enum err take_draw(struct cx *cx, struct txt *t, const struct plan *p)
{
    struct str id;
    TRY(txt_take(cx, t, "draw", &id, 1));
    if (!str_eq(id, p->draw_id)) {
        return fail_place(cx, ERR_DRAW_MISMATCH, t->lines.at,
                          "belongs to draw " STR_FMT ", the plan is " STR_FMT, STR_ARG(id),
                          STR_ARG(p->draw_id));
    }
    return txt_step(cx, t);
}

/* A line with a digest that must be `want`. */
static enum err take_known(struct cx *cx, struct txt *t, const char *word,
                           const struct digest *want, const char *what)
{
    struct digest got;
    struct place at = t->lines.at;
    TRY(txt_take_digest(cx, t, word, &got));
    return digest_eq(&got, want)
               ? ERR_OK
               : fail_place(cx, ERR_DRAW_MISMATCH, at, "not the digest of %s", what);
}

void contribution_write(const struct contribution *c, struct buf *out)
{
    buf_fmt(out, "sishi-draw/1 contribution\ndraw " STR_FMT "\nparty " STR_FMT "\nvalue ",
            STR_ARG(c->draw_id), STR_ARG(c->party));
    buf_put_hex(out, c->value, DRAW_VALUE_LEN);
    buf_put_c(out, '\n');
}

enum err contribution_read(struct cx *cx, const struct draw_source *source,
                           struct contribution *out)
{
    struct txt t;
    struct contribution c;
    struct str value;
    struct digest whole;
    TRY(txt_open(cx, &t, source, "sishi-draw/1 contribution"));
    TRY(txt_take(cx, &t, "draw", &c.draw_id, 1));
    if (!field_id(c.draw_id)) {
        return txt_fail(cx, &t, "a draw's number is 1 to 64 visible characters");
    }
    TRY(txt_step(cx, &t));
    TRY(txt_take(cx, &t, "party", &c.party, 1));
    if (!field_name(c.party)) {
        return txt_fail(cx, &t, "a party's name is 1 to 32 of A-Z a-z 0-9 _");
    }
    TRY(txt_step(cx, &t));
    TRY(txt_take(cx, &t, "value", &value, 1));
    if (!field_hex(value, DRAW_VALUE_LEN, c.value)) {
        return txt_fail(cx, &t, "a value is 64 lower-case hex digits");
    }
    TRY(txt_step(cx, &t));
    TRY(txt_end(cx, &t, DIGEST_SHA256, &whole));
    *out = c;
    return ERR_OK;
}

struct digest commitment_of(enum digest_kind kind, const struct contribution *c)
{
    char value[2 * DRAW_VALUE_LEN];
    struct hasher h;
    const struct str part[] = { STR("sishi-draw/1 contribution\ndraw "),
                                c->draw_id,
                                STR("\nparty "),
                                c->party,
                                STR("\nvalue "),
                                { value, sizeof value },
                                STR("\n") };
    hex_put(c->value, DRAW_VALUE_LEN, value);
    hasher_init(&h, kind);
    for (size_t i = 0; i < COUNT_OF(part); i++) {
        hasher_feed(&h, part[i].p, part[i].n);
    }
    return hasher_end(&h);
}

/* `commit <party> <hex>` for each party of the plan. */
static enum err take_commits(struct cx *cx, struct txt *t, const struct plan *p,
                             struct digest commit[PLAN_PARTIES_MAX])
{
    for (size_t i = 0; i < p->parties; i++) {
        struct str field[2];
        TRY(txt_take(cx, t, "commit", field, COUNT_OF(field)));
        if (!str_eq(field[0], p->party[i])) {
            return txt_fail(cx, t, "here must stand the commitment of " STR_FMT,
                            STR_ARG(p->party[i]));
        }
        if (!field_hex(field[1], DIGEST_LEN, commit[i].b)) {
            return txt_fail(cx, t, "a commitment is 64 lower-case hex digits");
        }
        TRY(txt_step(cx, t));
    }
    return ERR_OK;
}

enum err commits_read(struct cx *cx, const struct plan *p, const struct draw_source *source,
                      struct digest commit[PLAN_PARTIES_MAX])
{
    struct txt t;
    struct digest whole;
    TRY(txt_open(cx, &t, source, NULL));
    TRY(take_commits(cx, &t, p, commit));
    return txt_end(cx, &t, p->hash, &whole);
}

void freeze_write(const struct plan *p, const struct freeze *f, struct buf *out)
{
    buf_fmt(out, "sishi-draw/1 freeze\ndraw " STR_FMT "\n", STR_ARG(p->draw_id));
    put_digest_line(out, "plan", &f->plan);
    put_tree_line(out, "population", &f->population);
    put_tree_line(out, "roster", &f->roster);
    put_tree_line(out, "recusal", &f->recusal);
    for (size_t i = 0; i < p->parties; i++) {
        buf_fmt(out, "commit " STR_FMT " ", STR_ARG(p->party[i]));
        buf_put_hex(out, f->commit[i].b, DIGEST_LEN);
        buf_put_c(out, '\n');
    }
}

enum err freeze_read(struct cx *cx, const struct plan *p, const struct draw_source *source,
                     struct freeze *out)
{
    struct txt t;
    struct freeze f = { .plan = p->digest };
    TRY(txt_open(cx, &t, source, "sishi-draw/1 freeze"));
    TRY(take_draw(cx, &t, p));
    TRY(take_known(cx, &t, "plan", &p->digest, "plan.txt"));
    TRY(take_tree(cx, &t, "population", &f.population));
    TRY(take_tree(cx, &t, "roster", &f.roster));
    TRY(take_tree(cx, &t, "recusal", &f.recusal));
    TRY(take_commits(cx, &t, p, f.commit));
    TRY(txt_end(cx, &t, p->hash, &f.digest));
    *out = f;
    return ERR_OK;
}

enum err tree_check(struct cx *cx, const char *file, const struct tree *published,
                    const struct tree *got)
{
    struct place at = { file, 0 };
    if (published->lines != got->lines) {
        return fail_place(cx, ERR_DRAW_MISMATCH, at, "has %llu lines, %llu are published",
                          (unsigned long long)got->lines, (unsigned long long)published->lines);
    }
    if (!digest_eq(&published->root, &got->root)) {
        return fail_place(cx, ERR_DRAW_MISMATCH, at, "is not what was published: its root differs");
    }
    return ERR_OK;
}

enum err freeze_check_frame(struct cx *cx, const struct freeze *f, const struct frame *frame)
{
    TRY(tree_check(cx, "population.tsv", &f->population, &frame->population));
    TRY(tree_check(cx, "roster.tsv", &f->roster, &frame->roster));
    return tree_check(cx, "recusal.tsv", &f->recusal, &frame->recusal);
}

enum err reveal_check(struct cx *cx, const struct plan *p, const struct freeze *f, size_t party,
                      const struct reveal *r)
{
    struct contribution c = { p->draw_id, p->party[party], { 0 } };
    if (!r->given) {
        return p->missing == MISSING_SKIP
                   ? ERR_OK
                   : fail(cx, ERR_DRAW_VOID, "no value of " STR_FMT, STR_ARG(p->party[party]));
    }
    memcpy(c.value, r->value, sizeof c.value);
    struct digest got = commitment_of(p->hash, &c);
    return digest_eq(&got, &f->commit[party])
               ? ERR_OK
               : fail(cx, ERR_DRAW_MISMATCH,
                      "the value of " STR_FMT " is not the one it committed to",
                      STR_ARG(p->party[party]));
}

static void put_reveals(const struct plan *p, const struct reveal *party, struct buf *out)
{
    for (size_t i = 0; i < p->parties; i++) {
        buf_fmt(out, "reveal " STR_FMT " ", STR_ARG(p->party[i]));
        if (party[i].given) {
            buf_put_hex(out, party[i].value, DRAW_VALUE_LEN);
        } else {
            buf_put_c(out, '-');
        }
        buf_put_c(out, '\n');
    }
}

static enum err take_reveals(struct cx *cx, struct txt *t, const struct plan *p,
                             const struct freeze *f, struct reveal *party)
{
    for (size_t i = 0; i < p->parties; i++) {
        struct str field[2];
        TRY(txt_take(cx, t, "reveal", field, COUNT_OF(field)));
        if (!str_eq(field[0], p->party[i])) {
            return txt_fail(cx, t, "here must stand the value of " STR_FMT, STR_ARG(p->party[i]));
        }
        party[i].given = !str_eq(field[1], STR("-"));
        if (party[i].given && !field_hex(field[1], DRAW_VALUE_LEN, party[i].value)) {
            return txt_fail(cx, t, "a value is \"-\" or 64 lower-case hex digits");
        }
        TRY(reveal_check(cx, p, f, i, &party[i]));
        TRY(txt_step(cx, t));
    }
    return ERR_OK;
}

void reveals_write(const struct plan *p, const struct freeze *f, const struct reveals *r,
                   struct buf *out)
{
    buf_put_z(out, "sishi-draw/1 reveals\n");
    put_digest_line(out, "freeze", &f->digest);
    put_reveals(p, r->party, out);
}

enum err reveals_read(struct cx *cx, const struct plan *p, const struct freeze *f,
                      const struct draw_source *source, struct reveals *out)
{
    struct txt t;
    struct reveals r = { 0 };
    TRY(txt_open(cx, &t, source, "sishi-draw/1 reveals"));
    TRY(take_known(cx, &t, "freeze", &f->digest, "freeze.txt"));
    TRY(take_reveals(cx, &t, p, f, r.party));
    TRY(txt_end(cx, &t, p->hash, &r.digest));
    *out = r;
    return ERR_OK;
}

void seed_write(const struct plan *p, const struct freeze *f, const struct seed *s, struct buf *out)
{
    buf_put_z(out, "sishi-draw/1 seed\n");
    put_digest_line(out, "freeze", &f->digest);
    put_reveals(p, s->party, out);
    for (size_t i = 0; i < p->beacons; i++) {
        buf_fmt(out, "beacon %s " STR_FMT " " STR_FMT "\n", beacon_kind_name(p->beacon[i].kind),
                STR_ARG(p->beacon[i].ref), STR_ARG(s->beacon[i]));
    }
}

static enum err take_beacons(struct cx *cx, struct txt *t, const struct plan *p, struct seed *s)
{
    for (size_t i = 0; i < p->beacons; i++) {
        const struct plan_beacon *b = &p->beacon[i];
        struct str field[3];
        TRY(txt_take(cx, t, "beacon", field, COUNT_OF(field)));
        if (!str_eq(field[0], str_of(beacon_kind_name(b->kind))) || !str_eq(field[1], b->ref)) {
            return fail_place(cx, ERR_DRAW_MISMATCH, t->lines.at,
                              "the plan has beacon %s " STR_FMT " here", beacon_kind_name(b->kind),
                              STR_ARG(b->ref));
        }
        const char *fault = beacon_fault(b, field[2]);
        if (fault != NULL) {
            return txt_fail(cx, t, "%s", fault);
        }
        s->beacon[i] = field[2];
        TRY(txt_step(cx, t));
    }
    return ERR_OK;
}

enum err seed_read(struct cx *cx, const struct plan *p, const struct freeze *f,
                   const struct draw_source *source, struct seed *out)
{
    struct txt t;
    struct seed s = { 0 };
    TRY(txt_open(cx, &t, source, "sishi-draw/1 seed"));
    TRY(take_known(cx, &t, "freeze", &f->digest, "freeze.txt"));
    TRY(take_reveals(cx, &t, p, f, s.party));
    TRY(take_beacons(cx, &t, p, &s));
    TRY(txt_end(cx, &t, p->hash, &s.digest));
    *out = s;
    return ERR_OK;
}

struct digest seed_seal(enum digest_kind kind, const struct digest *seed)
{
    char hex[2 * DIGEST_LEN];
    struct hasher h;
    hex_put(seed->b, DIGEST_LEN, hex);
    hasher_init(&h, kind);
    hasher_feed(&h, "sishi-draw/1 seal\n", strlen("sishi-draw/1 seal\n"));
    hasher_feed(&h, hex, sizeof hex);
    hasher_feed(&h, "\n", 1);
    return hasher_end(&h);
}

void head_write(const struct plan *p, const struct head *h, struct buf *out)
{
    buf_fmt(out, "sishi-draw/1 result\ndraw " STR_FMT "\n", STR_ARG(p->draw_id));
    put_digest_line(out, "freeze", &h->freeze);
    put_digest_line(out, h->sealed ? "seal" : "seed", &h->seed);
    put_tree_line(out, "lots", &h->lots);
    put_tree_line(out, "result", &h->result);
    put_tree_line(out, "assign", &h->assign);
    put_tree_line(out, "prices", &h->prices);
}

enum err head_read(struct cx *cx, const struct plan *p, const struct draw_source *source,
                   struct head *out)
{
    struct txt t;
    struct head h = { 0 };
    TRY(txt_open(cx, &t, source, "sishi-draw/1 result"));
    TRY(take_draw(cx, &t, p));
    TRY(txt_take_digest(cx, &t, "freeze", &h.freeze));
    h.sealed = txt_at(&t, "seal");
    TRY(txt_take_digest(cx, &t, h.sealed ? "seal" : "seed", &h.seed));
    TRY(take_tree(cx, &t, "lots", &h.lots));
    TRY(take_tree(cx, &t, "result", &h.result));
    TRY(take_tree(cx, &t, "assign", &h.assign));
    TRY(take_tree(cx, &t, "prices", &h.prices));
    TRY(txt_end(cx, &t, p->hash, &h.digest));
    *out = h;
    return ERR_OK;
}
