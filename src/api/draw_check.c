/* One entity's own line in a draw, with what proves it. */
#include "api/handlers.h"

static const char *const verdicts[] = { [CEREMONY_ABSENT] = "absent",
                                        [CEREMONY_IN_POOL] = "in_pool",
                                        [CEREMONY_SELECTED] = "selected",
                                        [CEREMONY_RESERVE] = "reserve",
                                        [CEREMONY_NOT_DRAWN] = "not_drawn" };

/* A line of the tree: null when the proof does not use it. */
static void put_leaf(struct json *j, const char *key, struct str line, const struct digest *leaf,
                     const struct merkle_path *path)
{
    json_key(j, key);
    json_object(j);
    json_key_text(j, "line", line);
    put_digest(j, "leaf", leaf);
    json_key(j, "path");
    json_array(j);
    for (size_t k = 0; k < path->n; k++) {
        json_hex(j, path->node[k].b, DIGEST_LEN);
    }
    json_end_array(j);
    json_end_object(j);
}

static void put_leaves(struct json *j, const struct ceremony_proof *p)
{
    bool absent = p->verdict == CEREMONY_ABSENT;
    if (!absent) {
        put_leaf(j, "line", p->line, &p->leaf, &p->path);
    }
    if (absent && p->at > 0) {
        put_leaf(j, "before", p->before, &p->leaf_before, &p->path_before);
    }
    if (absent && p->at < p->size) {
        put_leaf(j, "after", p->after, &p->leaf_after, &p->path_after);
    }
}

static void put_chances(struct json *j, const struct ceremony_proof *p)
{
    json_key(j, "chances");
    json_array(j);
    for (size_t k = 0; k < p->n_chances; k++) {
        const struct ceremony_chance *ch = &p->chances[k];
        json_object(j);
        json_key_str(j, "lot", ch->lot);
        json_key_int(j, "w", ch->w);
        json_key_int(j, "p31", ch->p31);
        json_key_text(j, "u", ch->u);
        json_key_text(j, "k", ch->k);
        json_key_text(j, "status", (struct str){ &ch->status, ch->status != '-' });
        json_key_int(j, "rank", ch->rank);
        json_end_object(j);
    }
    json_end_array(j);
}

enum err check_draw(struct http_call *c)
{
    struct ceremony_proof *p = arena_alloc(c->cx->mem, 1, sizeof *p);
    int64_t id;
    struct document d;
    if (p == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "proof");
    }
    TRY(input_none(c));
    TRY(draw_id(c, &id));
    TRY(ceremony_check(c->cx, desk_of(c), actor_of(c), id, c->seg[1], p));
    document_open(c, &d);
    json_key_str(&d.j, "verdict", str_of(verdicts[p->verdict]));
    json_key_str(&d.j, "code", p->code);
    json_key_bool(&d.j, "opened", p->opened);
    json_key_int(&d.j, "at", p->at);
    json_key_int(&d.j, "size", p->size);
    put_digest(&d.j, "root", &p->root);
    put_leaves(&d.j, p);
    json_key_text(&d.j, "ticket", p->ticket);
    put_chances(&d.j, p);
    json_key_text(&d.j, "excluded", p->excluded);
    return document_answer(c, 200, &d);
}
