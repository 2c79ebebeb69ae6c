#include "cli/draw_say.h"

enum { DOCUMENT_MAX = 1 << 20 };
#define HEX_CHARS ((size_t)2 * DIGEST_LEN)

static void hex_of(const struct digest *d, char out[HEX_CHARS + 1])
{
    hex_put(d->b, DIGEST_LEN, out);
    out[HEX_CHARS] = '\0';
}

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
        (void)fprintf(c->out, "NO  %s\n", c->cx->fault.detail);
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
    char hex[HEX_CHARS + 1];
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
    hex_of(&f->digest, hex);
    (void)fprintf(c->out,
                  "draw " STR_FMT " frozen: %llu entities, %llu inspectors, %llu recusals\n",
                  STR_ARG(p->draw_id), (unsigned long long)f->population.lines,
                  (unsigned long long)f->roster.lines, (unsigned long long)f->recusal.lines);
    (void)fprintf(c->out, "freeze %s\n", hex);
    (void)fprintf(c->note, "Publish this digest; then the parties may reveal their values.\n");
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
    char hex[HEX_CHARS + 1];
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
    hex_of(&h->digest, hex);
    (void)fprintf(c->out, "draw " STR_FMT ": %llu lots, %llu lines drawn, %llu places of teams\n",
                  STR_ARG(p->draw_id), (unsigned long long)h->lots.lines,
                  (unsigned long long)h->result.lines, (unsigned long long)h->assign.lines);
    (void)fprintf(c->out, "head %s\n", hex);
    return ERR_OK;
}

static void step_passed(void *ctx, const char *step, const char *what)
{
    struct say_steps *s = ctx;
    if (s->n < SAY_STEPS_MAX) {
        s->passed[s->n++] = step;
    }
    if (!s->cli->json) {
        cli_progress_end(s->cli);
        (void)fprintf(s->cli->out, "ok  %-7s %s\n", step, what);
    }
}

struct verify_watch say_steps_open(struct cli *c, struct say_steps *steps)
{
    *steps = (struct say_steps){ .cli = c };
    return (struct verify_watch){ step_passed, steps };
}

enum err say_verdict(struct cli *c, const struct say_steps *steps, const struct head *head)
{
    char hex[HEX_CHARS + 1];
    if (!c->json && head == NULL) {
        return say_no(c);
    }
    if (!c->json) {
        hex_of(&head->digest, hex);
        (void)fprintf(c->out, "The draw verifies. head %s\n", hex);
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

static void say_lot(FILE *out, const struct check *k, const struct check_lot *l)
{
    char key[LOT_KEY_CHARS + 1] = { 0 };
    char last[LOT_KEY_CHARS + 1] = { 0 };
    const char *what = l->status == 'A'   ? "drawn: its weight makes it certain"
                       : l->status == 'S' ? "drawn"
                       : l->status == 'R' ? "reserve"
                                          : "not drawn";
    (void)fprintf(out, "lot " STR_FMT ": %s", STR_ARG(l->name), what);
    if (l->rank > 0) {
        (void)fprintf(out, ", rank %u", l->rank);
    }
    (void)fprintf(out, "\n");
    if (k->sealed || l->certain) {
        return;
    }
    if (l->mode == LOT_RATE) {
        (void)fprintf(out, "    rate %u of 2147483648: drawn if u is below %llu, and u is %s\n",
                      l->w, l->w * (1ULL << 32), l->selected ? "below" : "not below");
        return;
    }
    (void)lot_key_put(l->k, key);
    (void)lot_key_put(l->outcome.k_last, last);
    (void)fprintf(out, "    weight %u, p %u, K %s; ", l->w, l->p, key);
    if (!l->outcome.has_last) {
        (void)fprintf(out, "nobody was drawn by ticket\n");
        return;
    }
    (void)fprintf(out, "the last one drawn has K %s: its own is %s\n", last,
                  l->selected ? "not above" : "above");
}

enum err say_check(struct cli *c, const struct check *k)
{
    char hex[HEX_CHARS + 1];
    if (c->json) {
        return json_check(c, k);
    }
    hex_of(&k->root, hex);
    (void)fprintf(c->out, "%s  " STR_FMT "\n", k->present ? "found " : "absent", STR_ARG(k->id));
    if (!k->present) {
        (void)fprintf(c->out, "It was not in the pool of %llu: its place %llu lies between\n",
                      (unsigned long long)k->size, (unsigned long long)k->index + 1);
        (void)fprintf(c->out, "    " STR_FMT "\n    " STR_FMT "\n",
                      STR_ARG(k->index > 0 ? k->absence.before.line : STR("the beginning")),
                      STR_ARG(k->index < k->size ? k->absence.after.line : STR("the end")));
        (void)fprintf(c->out, "which stand next to each other in the frozen tree %s\n", hex);
        return ERR_OK;
    }
    (void)fprintf(c->out, "line %llu of %llu: " STR_FMT "\n", (unsigned long long)k->index + 1,
                  (unsigned long long)k->size, STR_ARG(k->line));
    (void)fprintf(c->out, "in the frozen tree %s, proved by %zu digests\n", hex, k->path.n);
    hex_of(&k->ticket, hex);
    (void)fprintf(c->out, "ticket %s\n    u %llu\n", hex, (unsigned long long)k->u);
    if (k->sealed) {
        (void)fprintf(c->out,
                      "Its line is sealed: only the entity can show its weight (--line).\n");
    }
    for (size_t i = 0; i < k->lots; i++) {
        say_lot(c->out, k, &k->lot[i]);
    }
    return ERR_OK;
}
