#include "cli/draw_say.h"

#include "draw_words.h"

enum { DOCUMENT_MAX = 1 << 20, SENTENCE_MAX = 1 << 17 };
_Static_assert(LANG_ZH == 0 && LANG_EN == 1, "the columns of the catalogue");
#define HEX_CHARS ((size_t)2 * DIGEST_LEN)

static void hex_of(const struct digest *d, char out[HEX_CHARS + 1])
{
    hex_put(d->b, DIGEST_LEN, out);
    out[HEX_CHARS] = '\0';
}

/* ---- sentences, in the asker's language ------------------------------------------------------ */

static struct str number(struct cli *c, uint64_t n)
{
    struct buf b = buf_of(c->cx->mem, 32);
    buf_fmt(&b, "%llu", (unsigned long long)n);
    return buf_str(&b);
}

static struct str hexed(struct cli *c, const struct digest *d)
{
    char hex[HEX_CHARS + 1];
    hex_of(d, hex);
    return str_dup(c->cx->mem, (struct str){ hex, HEX_CHARS });
}

static struct str word(const struct cli *c, enum word w)
{
    return str_of(word_texts[w][c->cx->lang]);
}

/* A line of the catalogue with the values in the places of {}. */
static void say_to(struct cli *c, FILE *to, enum word w, const struct str *value)
{
    struct str text = word(c, w);
    struct buf b = buf_of(c->cx->mem, SENTENCE_MAX);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '{' && i + 1 < text.n && text.p[i + 1] == '}') {
            buf_put(&b, *value++);
            i++;
        } else {
            buf_put_c(&b, text.p[i]);
        }
    }
    (void)fprintf(to, STR_FMT "\n", STR_ARG(buf_str(&b)));
}
#define SAY(c, w, ...) say_to((c), (c)->out, (w), (const struct str[]){ __VA_ARGS__ })

/* ---- JSON ------------------------------------------------------------------------------------ */

static void key_hex(struct json *j, const char *key, const struct digest *d)
{
    json_key(j, key);
    json_hex(j, d->b, DIGEST_LEN);
}

static void key_tree(struct json *j, const char *key, const struct tree *t)
{
    json_key(j, key);
    json_object(j);
    json_key_int(j, "lines", (int64_t)t->lines);
    key_hex(j, "root", &t->root);
    json_end_object(j);
}

/* Numbers beyond 2^53 are text: readers of JSON may keep only a double. */
static void key_big(struct json *j, const char *key, lot_key k)
{
    char digits[LOT_KEY_CHARS];
    json_key_str(j, key, (struct str){ digits, lot_key_put(k, digits) });
}

enum err say_no(struct cli *c)
{
    if (!c->json) {
        SAY(c, WORD_NO, str_of(c->cx->fault.detail));
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_bool(&j, "ok", false);
    json_key_str(&j, "wrong", str_of(c->cx->fault.detail));
    json_end_object(&j);
    return cli_print_json(c, &b);
}

enum err say_freeze(struct cli *c, const struct plan *p, const struct freeze *f)
{
    if (c->json) {
        struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
        struct json j = json_to(&b);
        json_object(&j);
        json_key_str(&j, "draw", p->draw_id);
        key_hex(&j, "freeze", &f->digest);
        key_hex(&j, "plan", &f->plan);
        key_tree(&j, "population", &f->population);
        key_tree(&j, "roster", &f->roster);
        key_tree(&j, "recusal", &f->recusal);
        json_end_object(&j);
        return cli_print_json(c, &b);
    }
    SAY(c, WORD_FROZEN, p->draw_id, number(c, f->population.lines), number(c, f->roster.lines),
        number(c, f->recusal.lines));
    SAY(c, WORD_FREEZE, hexed(c, &f->digest));
    say_to(c, c->note, WORD_FREEZE_NEXT, NULL);
    return ERR_OK;
}

static void json_head(struct json *j, const struct head *h)
{
    key_hex(j, "head", &h->digest);
    key_hex(j, "freeze", &h->freeze);
    key_hex(j, h->sealed ? "seal" : "seed", &h->seed);
    key_tree(j, "lots", &h->lots);
    key_tree(j, "result", &h->result);
    key_tree(j, "assign", &h->assign);
    key_tree(j, "prices", &h->prices);
}

enum err say_run(struct cli *c, const struct plan *p, const struct head *h)
{
    cli_progress_end(c);
    if (c->json) {
        struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
        struct json j = json_to(&b);
        json_object(&j);
        json_key_str(&j, "draw", p->draw_id);
        json_head(&j, h);
        json_end_object(&j);
        return cli_print_json(c, &b);
    }
    SAY(c, WORD_DRAWN, p->draw_id, number(c, h->lots.lines), number(c, h->result.lines),
        number(c, h->assign.lines));
    SAY(c, WORD_HEAD, hexed(c, &h->digest));
    return ERR_OK;
}

/* The step's sentence; core's own English one when the catalogue has none. */
static void say_step(struct cli *c, const char *step, const char *what)
{
    static const char head[] = "step_";
    for (size_t w = 0; w < WORD__COUNT; w++) {
        struct str key = str_of(word_keys[w]);
        if (str_starts(key, str_of(head)) && str_eq(str_from(key, sizeof head - 1), str_of(step))) {
            SAY(c, (enum word)w, STR(""));
            return;
        }
    }
    (void)fprintf(c->out, "ok  %-7s %s\n", step, what);
}

static void step_passed(void *ctx, const char *step, const char *what)
{
    struct say_steps *s = ctx;
    if (s->n < SAY_STEPS_MAX) {
        s->passed[s->n++] = step;
    }
    if (!s->cli->json) {
        cli_progress_end(s->cli);
        say_step(s->cli, step, what);
    }
}

struct verify_watch say_steps_open(struct cli *c, struct say_steps *steps)
{
    *steps = (struct say_steps){ .cli = c };
    return (struct verify_watch){ step_passed, steps };
}

enum err say_verdict(struct cli *c, const struct say_steps *steps, const struct head *head)
{
    if (!c->json && head == NULL) {
        return say_no(c);
    }
    if (!c->json) {
        SAY(c, WORD_VERIFIES, hexed(c, &head->digest));
        return ERR_OK;
    }
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_bool(&j, "ok", head != NULL);
    json_key(&j, "passed");
    json_array(&j);
    for (size_t i = 0; i < steps->n; i++) {
        json_z(&j, steps->passed[i]);
    }
    json_end_array(&j);
    if (head == NULL) {
        json_key_str(&j, "wrong", str_of(c->cx->fault.detail));
    } else {
        json_head(&j, head);
    }
    json_end_object(&j);
    return cli_print_json(c, &b);
}

static void json_path(struct json *j, const char *key, const struct merkle_path *path)
{
    json_key(j, key);
    json_array(j);
    for (size_t i = 0; i < path->n; i++) {
        json_hex(j, path->node[i].b, DIGEST_LEN);
    }
    json_end_array(j);
}

static void json_neighbour(struct json *j, const char *key, const struct merkle_neighbour *n)
{
    json_key(j, key);
    json_object(j);
    json_key_str(j, "line", n->line);
    json_path(j, "path", &n->path);
    json_end_object(j);
}

static void json_proof(struct json *j, const struct check *k)
{
    json_key_int(j, "index", (int64_t)k->index);
    json_key_int(j, "size", (int64_t)k->size);
    key_hex(j, "root", &k->root);
    if (k->present) {
        json_key_str(j, "line", k->line);
        key_hex(j, "leaf", &k->leaf);
        json_path(j, "path", &k->path);
        return;
    }
    if (k->index > 0) {
        json_neighbour(j, "before", &k->absence.before);
    }
    if (k->index < k->size) {
        json_neighbour(j, "after", &k->absence.after);
    }
}

static void json_check_lot(struct json *j, const struct check *k, const struct check_lot *l)
{
    char status[] = { l->status, '\0' };
    json_object(j);
    json_key_str(j, "lot", l->name);
    json_key_str(j, "mode", l->mode == LOT_RATE ? STR("rate") : STR("fixed"));
    json_key(j, "status");
    json_z(j, l->status == '-' ? NULL : status);
    json_key_int(j, "rank", l->rank);
    if (!k->sealed) {
        json_key_int(j, "weight", l->w);
        json_key_int(j, "p", l->p);
        key_big(j, "K", l->k);
        json_key_bool(j, "selected", l->selected);
    }
    if (l->outcome.has_last) {
        key_big(j, "last_K", l->outcome.k_last);
        key_big(j, "last_u", l->outcome.u_last);
        json_key_str(j, "last_id", l->outcome.id_last);
    }
    json_end_object(j);
}

static enum err json_check(struct cli *c, const struct check *k)
{
    struct buf b = buf_of(c->cx->mem, DOCUMENT_MAX);
    struct json j = json_to(&b);
    json_object(&j);
    json_key_bool(&j, "ok", true);
    json_key_str(&j, "id", k->id);
    json_key_bool(&j, "present", k->present);
    json_key_bool(&j, "sealed", k->sealed);
    json_proof(&j, k);
    key_hex(&j, "ticket", &k->ticket);
    key_big(&j, "u", k->u);
    json_key(&j, "lots");
    json_array(&j);
    for (size_t i = 0; i < k->lots; i++) {
        json_check_lot(&j, k, &k->lot[i]);
    }
    json_end_array(&j);
    json_end_object(&j);
    return cli_print_json(c, &b);
}

static struct str decimal(struct cli *c, lot_key k)
{
    char digits[LOT_KEY_CHARS];
    return str_dup(c->cx->mem, (struct str){ digits, lot_key_put(k, digits) });
}

static void say_key(struct cli *c, const struct check_lot *l)
{
    enum word w = !l->outcome.has_last ? WORD_KEY_ALONE : l->selected ? WORD_KEY_IN : WORD_KEY_OUT;
    SAY(c, w, number(c, l->w), number(c, l->p), decimal(c, l->k), decimal(c, l->outcome.k_last));
}

static void say_lot(struct cli *c, const struct check *k, const struct check_lot *l)
{
    enum word what = l->status == 'A'   ? WORD_CERTAIN
                     : l->status == 'S' ? WORD_SELECTED
                     : l->status == 'R' ? WORD_RESERVE
                                        : WORD_NOT_DRAWN;
    SAY(c, l->rank > 0 ? WORD_LOT_RANKED : WORD_LOT, l->name, word(c, what), number(c, l->rank));
    if (k->sealed || l->certain) {
        return;
    }
    if (l->mode == LOT_RATE) {
        SAY(c, l->selected ? WORD_RATE_IN : WORD_RATE_OUT, number(c, l->w),
            number(c, l->w * (1ULL << 32)));
        return;
    }
    say_key(c, l);
}

static void say_absent(struct cli *c, const struct check *k)
{
    SAY(c, WORD_ABSENT, k->id);
    SAY(c, WORD_ABSENT_PLACE, number(c, k->size), number(c, k->index + 1));
    SAY(c, WORD_ABSENT_LINE, k->index > 0 ? k->absence.before.line : word(c, WORD_BEGINNING));
    SAY(c, WORD_ABSENT_LINE, k->index < k->size ? k->absence.after.line : word(c, WORD_END));
    SAY(c, WORD_ABSENT_TREE, hexed(c, &k->root));
}

enum err say_check(struct cli *c, const struct check *k)
{
    if (c->json) {
        return json_check(c, k);
    }
    if (!k->present) {
        say_absent(c, k);
        return ERR_OK;
    }
    SAY(c, WORD_FOUND, k->id);
    SAY(c, WORD_LINE, number(c, k->index + 1), number(c, k->size), k->line);
    SAY(c, WORD_TREE, hexed(c, &k->root), number(c, k->path.n));
    SAY(c, WORD_TICKET, hexed(c, &k->ticket));
    SAY(c, WORD_NUMBER, number(c, k->u));
    if (k->sealed) {
        say_to(c, c->out, WORD_SEALED, NULL);
    }
    for (size_t i = 0; i < k->lots; i++) {
        say_lot(c, k, &k->lot[i]);
    }
    return ERR_OK;
}
