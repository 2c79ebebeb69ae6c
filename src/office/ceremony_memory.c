#include "office/ceremony_memory.h"

#include <stdlib.h>
#include <string.h>

bool codes_have(struct codes *c, struct str code)
{
    while (c->at < c->n && str_cmp(c->code[c->at], code) < 0) {
        c->at++;
    }
    return c->at < c->n && str_eq(c->code[c->at], code);
}

static int by_code(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum err codes_of_named(struct cx *cx, const struct ceremony_named *all, size_t n,
                        struct codes *out)
{
    struct str *code = arena_alloc(cx->mem, n + 1, sizeof *code);
    if (code == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%zu codes", n);
    }
    for (size_t i = 0; i < n; i++) {
        code[i] = all[i].code;
    }
    qsort(code, n, sizeof *code, by_code);
    *out = (struct codes){ .code = code, .n = n };
    return ERR_OK;
}

void memories_rewind(struct memories *m, struct tx *tx)
{
    m->tx = tx;
    m->n = 0;
    m->at = 0;
    m->last = false;
}

static struct str page_code(const struct memories *m, size_t i)
{
    return (struct str){ m->page[i].code, m->page[i].n };
}

static enum err page_row(struct cx *cx, const struct q_draw_memory_page *row, void *arg)
{
    struct memories *m = arg;
    if (m->n > 0 && str_eq(page_code(m, m->n - 1), row->code)) {
        m->page[m->n - 1].c31 = (uint32_t)row->c31; /* a newer freeze of the same entity */
        m->at++;
        return ERR_OK;
    }
    if (row->code.n > MEMORY_CODE_MAX || m->n == MEMORY_PAGE) {
        return fail(cx, ERR_STORE, "draw_memory: code of %zu bytes", row->code.n);
    }
    memcpy(m->page[m->n].code, row->code.p, row->code.n);
    m->page[m->n].n = (uint8_t)row->code.n;
    m->page[m->n].c31 = (uint32_t)row->c31;
    m->n++;
    m->at++;
    return ERR_OK;
}

/* The next page, behind the last one's end. A full page may end among the states of one code: its
 * last code is left for the page to come, unless nothing else is in it. */
static enum err page_next(struct cx *cx, struct memories *m)
{
    char room[MEMORY_CODE_MAX];
    struct str after = m->n == 0 ? STR("") : page_code(m, m->n - 1);
    memcpy(room, after.p, after.n);
    const struct qa_draw_memory_page a = { .item = m->item,
                                           .cycle = m->cycle_on,
                                           .after = { room, after.n },
                                           .self = m->self,
                                           .demo = m->demo,
                                           .drawn = CEREMONY_DRAWN,
                                           .published = CEREMONY_PUBLISHED,
                                           .most = MEMORY_PAGE };
    m->n = 0;
    m->at = 0; /* counts the rows while they come */
    TRY(q_draw_memory_page(cx, m->tx, &a, page_row, m));
    m->last = m->at < MEMORY_PAGE;
    if (!m->last && m->n > 1) {
        m->n--;
    }
    m->at = 0;
    return ERR_OK;
}

enum err memories_of(struct cx *cx, struct memories *m, struct str code, uint32_t *c31)
{
    for (;;) {
        while (m->at < m->n && str_cmp(page_code(m, m->at), code) < 0) {
            m->at++;
        }
        if (m->at < m->n || m->last) {
            break;
        }
        TRY(page_next(cx, m));
    }
    bool there = m->at < m->n && str_eq(page_code(m, m->at), code);
    *c31 = there ? m->page[m->at].c31 : 0;
    return ERR_OK;
}
