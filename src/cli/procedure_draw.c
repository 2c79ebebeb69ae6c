/* A procedure as a picture. States stand in layers, each below those that lead to it; every way
 * from one state to another is a node of its own between the layers, so that no name lies on
 * another. Whole pixels throughout. */
#include "cli/procedure.h"

#include <stdlib.h>
#include <string.h>

enum {
    NODES_MAX = 20000,
    WIDE = 14, /* of a Chinese character */
    NARROW = 7,
    LINE = 18,
    PAD = 12,
    GAP_X = 22,
    GAP_Y = 24,
    MARGIN = 24,
    SWEEPS = 24,
};

enum node_kind { NODE_STATE, NODE_LABEL, NODE_PASS };
struct node {
    enum node_kind kind;
    int state;        /* STATE */
    int way;          /* LABEL, PASS */
    int layer, order; /* order: place in its layer */
    int x, y, w, h;   /* x, y: of the middle */
    int64_t wish;     /* where its neighbours would have it */
};
/* All steps from one state to another. */
struct way {
    int from, to; /* states as the steps say */
    bool back;    /* it leads up: drawn from the other end */
    int first;    /* its nodes first .. first + n - 1, downwards; the first has the label */
    int n;
};
struct picture {
    const struct say *s;
    struct node *node;
    int n_nodes;
    struct way *way;
    int n_ways;
    int *rank; /* of states */
    int *row;  /* nodes by layer and order: scratch */
    int n_layers;
};

static int text_width(struct str t)
{
    int w = 0;
    for (size_t i = 0; i < t.n;) {
        w += utf8_next(t, &i) >= 0x2e80 ? WIDE : NARROW;
    }
    return w;
}

/* --- which ways there are, and which of them lead back --- */

static void way_add(struct picture *p, int from, int to)
{
    for (int i = 0; i < p->n_ways; i++) {
        if (p->way[i].from == from && p->way[i].to == to) {
            return;
        }
    }
    p->way[p->n_ways++] = (struct way){ .from = from, .to = to };
}

static void ways_find(struct picture *p)
{
    const struct procedure *proc = p->s->p;
    for (size_t k = 0; k < proc->n_steps; k++) {
        const struct proc_step *step = &proc->step[k];
        for (size_t i = 0; step->to != PROCEDURE_NONE && i < step->n_from; i++) {
            if (step->from[i] != step->to) {
                way_add(p, step->from[i], step->to);
            }
        }
    }
}

enum mark { MARK_NEW, MARK_OPEN, MARK_DONE };

/* Walks on from a state; a way to a state that is still open leads back. At most 200 deep. */
static void walk(struct picture *p, enum mark *mark, int state)
{
    mark[state] = MARK_OPEN;
    for (int i = 0; i < p->n_ways; i++) {
        struct way *w = &p->way[i];
        if (w->from == state && mark[w->to] == MARK_OPEN) {
            w->back = true;
        } else if (w->from == state && mark[w->to] == MARK_NEW) {
            walk(p, mark, w->to);
        }
    }
    mark[state] = MARK_DONE;
}

static int upper(const struct way *w)
{
    return w->back ? w->to : w->from;
}
static int lower(const struct way *w)
{
    return w->back ? w->from : w->to;
}

/* The longest way down to each state. */
static void ranks_find(struct picture *p)
{
    enum mark mark[PROCEDURE_STATES_MAX] = { MARK_NEW };
    for (size_t i = 0; i < p->s->p->n_states; i++) {
        if (p->s->p->state[i].initial) {
            walk(p, mark, (int)i);
        }
    }
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < p->n_ways; i++) {
            int below = p->rank[upper(&p->way[i])] + 1;
            int *rank = &p->rank[lower(&p->way[i])];
            more = more || *rank < below;
            *rank = *rank < below ? below : *rank;
        }
    }
}

/* --- nodes --- */

/* The steps of a way, or, with to NONE, those that stay in a state. */
static bool belongs(const struct proc_step *step, int from, int to)
{
    bool leaves = step->to == to || (to == PROCEDURE_NONE && step->to == from);
    for (size_t i = 0; leaves && i < step->n_from; i++) {
        if (step->from[i] == from) {
            return true;
        }
    }
    return false;
}

static void lines_measure(const struct picture *p, int from, int to, struct node *n)
{
    const struct procedure *proc = p->s->p;
    for (size_t k = 0; k < proc->n_steps; k++) {
        if (belongs(&proc->step[k], from, to)) {
            int w = text_width(say_term(p->s, &proc->step[k].term)) + 3 * NARROW;
            n->w = n->w < w ? w : n->w;
            n->h += LINE;
        }
    }
}

static enum err node_add(struct picture *p, struct node n)
{
    if (p->n_nodes == NODES_MAX) {
        return fail(p->s->cx, ERR_TOO_LONG, "a picture of more than %d nodes", (int)NODES_MAX);
    }
    p->n_layers = p->n_layers <= n.layer ? n.layer + 1 : p->n_layers;
    p->node[p->n_nodes++] = n;
    return ERR_OK;
}

static enum err nodes_make(struct picture *p)
{
    const struct procedure *proc = p->s->p;
    for (size_t i = 0; i < proc->n_states; i++) {
        struct node n = { .kind = NODE_STATE, .state = (int)i, .layer = 2 * p->rank[i] };
        n.w = text_width(say_term(p->s, &proc->state[i].term));
        n.h = LINE;
        lines_measure(p, (int)i, PROCEDURE_NONE, &n);
        n.w += 2 * PAD;
        n.h += PAD;
        TRY(node_add(p, n));
    }
    for (int i = 0; i < p->n_ways; i++) {
        struct way *w = &p->way[i];
        int top = 2 * p->rank[upper(w)] + 1;
        int bottom = 2 * p->rank[lower(w)] - 1;
        w->first = p->n_nodes;
        w->n = bottom - top + 1;
        for (int layer = top; layer <= bottom; layer++) {
            struct node n = {
                .kind = layer == top ? NODE_LABEL : NODE_PASS, .way = i, .layer = layer, .w = 4
            };
            if (layer == top) {
                lines_measure(p, w->from, w->to, &n);
            }
            TRY(node_add(p, n));
        }
    }
    return ERR_OK;
}

/* --- order in the layers, and places --- */

/* The nodes of a layer in their order, into p->row. */
static int layer_of(const struct picture *p, int layer)
{
    int n = 0;
    for (int i = 0; i < p->n_nodes; i++) {
        if (p->node[i].layer == layer) {
            p->row[n++] = i;
        }
    }
    for (int i = 1; i < n; i++) { /* nearly sorted already */
        int x = p->row[i];
        int k = i;
        for (; k > 0 && p->node[p->row[k - 1]].order > p->node[x].order; k--) {
            p->row[k] = p->row[k - 1];
        }
        p->row[k] = x;
    }
    return n;
}

/* The nodes at both ends of each link along a way: k = 0 .. w->n. */
static void link_ends(const struct way *w, int k, int *above, int *below)
{
    *above = k == 0 ? upper(w) : w->first + k - 1;
    *below = k == w->n ? lower(w) : w->first + k;
}

enum side { SIDE_ABOVE, SIDE_BELOW, SIDE_BOTH };

/* Where a node stands: in pixels, or in the order of its layer. */
static int64_t stands_at(const struct node *n, bool by_x)
{
    return by_x ? n->x : (int64_t)n->order * 1000;
}

/* Adds what both ends of a link have to say of each other. */
static void wish_add(struct picture *p, int above, int below, enum side side, bool by_x)
{
    int *count = p->row;
    if (side != SIDE_BELOW) {
        p->node[below].wish += stands_at(&p->node[above], by_x);
        count[below]++;
    }
    if (side != SIDE_ABOVE) {
        p->node[above].wish += stands_at(&p->node[below], by_x);
        count[above]++;
    }
}

/* The mean place of the neighbours on a side; its own where it has none. */
static void wishes(struct picture *p, enum side side, bool by_x)
{
    int *count = p->row; /* free at this moment */
    memset(count, 0, (size_t)p->n_nodes * sizeof *count);
    for (int i = 0; i < p->n_nodes; i++) {
        p->node[i].wish = 0;
    }
    for (int i = 0; i < p->n_ways; i++) {
        for (int k = 0; k <= p->way[i].n; k++) {
            int above;
            int below;
            link_ends(&p->way[i], k, &above, &below);
            wish_add(p, above, below, side, by_x);
        }
    }
    for (int i = 0; i < p->n_nodes; i++) {
        struct node *n = &p->node[i];
        n->wish = count[i] > 0 ? n->wish / count[i] : stands_at(n, by_x);
    }
}

static void reorder(struct picture *p, int layer)
{
    int n = layer_of(p, layer);
    for (int i = 1; i < n; i++) {
        int x = p->row[i];
        int k = i;
        for (; k > 0 && p->node[p->row[k - 1]].wish > p->node[x].wish; k--) {
            p->row[k] = p->row[k - 1];
        }
        p->row[k] = x;
    }
    for (int i = 0; i < n; i++) {
        p->node[p->row[i]].order = i;
    }
}

static void order_find(struct picture *p)
{
    for (int layer = 0; layer < p->n_layers; layer++) {
        int n = layer_of(p, layer);
        for (int i = 0; i < n; i++) {
            p->node[p->row[i]].order = i;
        }
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        for (int i = 0; i < p->n_layers; i++) {
            bool down = sweep % 2 == 0;
            wishes(p, down ? SIDE_ABOVE : SIDE_BELOW, false);
            reorder(p, down ? i : p->n_layers - 1 - i);
        }
    }
}

static int apart(const struct node *a, const struct node *b)
{
    return (a->w + b->w) / 2 + GAP_X;
}

/* As near to the wishes as the distances allow: packed from the left and from the right, and the
 * middle of the two, which keeps the distances since both do. */
static void settle(struct picture *p, int layer, int *left, int *right)
{
    int n = layer_of(p, layer);
    for (int i = 0; i < n; i++) {
        const struct node *me = &p->node[p->row[i]];
        int least = i == 0 ? (int)me->wish : left[i - 1] + apart(&p->node[p->row[i - 1]], me);
        left[i] = (int)me->wish > least ? (int)me->wish : least;
    }
    for (int i = n - 1; i >= 0; i--) {
        const struct node *me = &p->node[p->row[i]];
        int most = i == n - 1 ? (int)me->wish : right[i + 1] - apart(me, &p->node[p->row[i + 1]]);
        right[i] = (int)me->wish < most ? (int)me->wish : most;
    }
    for (int i = 0; i < n; i++) {
        p->node[p->row[i]].x = (left[i] + right[i]) / 2;
    }
    for (int i = 1; i < n; i++) { /* halves of odd sums may lose a pixel */
        struct node *me = &p->node[p->row[i]];
        const struct node *before = &p->node[p->row[i - 1]];
        int least = before->x + apart(before, me);
        me->x = me->x < least ? least : me->x;
    }
}

static enum err columns_find(struct picture *p)
{
    int *left = arena_alloc(p->s->cx->mem, (size_t)p->n_nodes + 1, sizeof *left);
    int *right = arena_alloc(p->s->cx->mem, (size_t)p->n_nodes + 1, sizeof *right);
    if (left == NULL || right == NULL) {
        return fail(p->s->cx, ERR_NO_MEMORY, "picture");
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        for (int i = 0; i < p->n_layers; i++) {
            bool down = sweep % 2 == 0;
            wishes(p, sweep < 2 ? SIDE_ABOVE : down ? SIDE_BOTH : SIDE_BELOW, true);
            settle(p, down ? i : p->n_layers - 1 - i, left, right);
        }
    }
    return ERR_OK;
}

static void rows_find(struct picture *p)
{
    int y = MARGIN + LINE * 2;
    for (int layer = 0; layer < p->n_layers; layer++) {
        int h = 0;
        int n = layer_of(p, layer);
        for (int i = 0; i < n; i++) {
            h = h < p->node[p->row[i]].h ? p->node[p->row[i]].h : h;
        }
        for (int i = 0; i < n; i++) {
            struct node *me = &p->node[p->row[i]];
            me->y = y + h / 2;
            me->h = me->kind == NODE_PASS ? h : me->h; /* straight down between the others */
        }
        y += h + GAP_Y;
    }
}

/* --- drawing --- */

static void put_text(struct buf *b, struct str t)
{
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        if (c == '<' || c == '>' || c == '&' || c == '"') {
            buf_put_z(b, c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "&quot;");
        } else {
            buf_put_c(b, c);
        }
    }
}

static void put_line(struct buf *b, const char *cls, int x, int y, const char *before, struct str t)
{
    buf_fmt(b, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s", cls, x, y, before);
    put_text(b, t);
    buf_put_z(b, "</text>\n");
}

static void put_steps(const struct picture *p, struct buf *b, const struct node *n, int from,
                      int to, int y)
{
    const struct procedure *proc = p->s->p;
    for (size_t k = 0; k < proc->n_steps; k++) {
        const struct proc_step *step = &proc->step[k];
        if (belongs(step, from, to)) {
            put_line(b, step->n_by == 0 ? "e t" : "e", n->x, y,
                     to == PROCEDURE_NONE ? "\u21ba " : "", say_term(p->s, &step->term));
            y += LINE;
        }
    }
}

static void put_state(const struct picture *p, struct buf *b, const struct node *n)
{
    const struct proc_state *state = &p->s->p->state[n->state];
    int top = n->y - n->h / 2;
    buf_fmt(b, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\"/>\n",
            state->initial    ? "s i"
            : state->terminal ? "s z"
                              : "s",
            n->x - n->w / 2, top, n->w, n->h);
    put_line(b, "n", n->x, top + LINE, "", say_term(p->s, &state->term));
    put_steps(p, b, n, n->state, PROCEDURE_NONE, top + 2 * LINE);
}

/* Where a way meets its state: ways of one side are spread over the box in the order of where they
 * go on to. */
static int port(const struct picture *p, int way, bool top)
{
    const struct way *me = &p->way[way];
    int state = top ? lower(me) : upper(me);
    int mine = p->node[top ? me->first + me->n - 1 : me->first].x;
    int before = 0;
    int all = 0;
    for (int i = 0; i < p->n_ways; i++) {
        const struct way *w = &p->way[i];
        if ((top ? lower(w) : upper(w)) != state) {
            continue;
        }
        int x = p->node[top ? w->first + w->n - 1 : w->first].x;
        before += x < mine || (x == mine && i < way);
        all++;
    }
    const struct node *n = &p->node[state];
    return n->x - n->w / 2 + n->w * (before + 1) / (all + 1);
}

static void put_curve(struct buf *b, const char *attributes, int x1, int y1, int x2, int y2)
{
    int middle = (y1 + y2) / 2;
    buf_fmt(b, "<path %s d=\"M%d %dC%d %d %d %d %d %d\"/>\n", attributes, x1, y1, x1, middle, x2,
            middle, x2, y2);
}

static bool by_timer(const struct picture *p, const struct way *w)
{
    const struct procedure *proc = p->s->p;
    for (size_t k = 0; k < proc->n_steps; k++) {
        if (belongs(&proc->step[k], w->from, w->to) && proc->step[k].n_by > 0) {
            return false;
        }
    }
    return true;
}

static void put_way(const struct picture *p, struct buf *b, int i)
{
    const struct way *w = &p->way[i];
    for (int k = 0; k <= w->n; k++) {
        int above;
        int below;
        char attributes[80];
        link_ends(w, k, &above, &below);
        const struct node *from = &p->node[above];
        const struct node *to = &p->node[below];
        bool head = w->back ? k == 0 : k == w->n;
        (void)snprintf(attributes, sizeof attributes, "class=\"w%s\"%s", by_timer(p, w) ? " d" : "",
                       !head     ? ""
                       : w->back ? " marker-start=\"url(#u)\""
                                 : " marker-end=\"url(#a)\"");
        put_curve(b, attributes, k == 0 ? port(p, i, false) : from->x, from->y + from->h / 2,
                  k == w->n ? port(p, i, true) : to->x, to->y - to->h / 2);
    }
    for (int k = 1; k < w->n; k++) {
        const struct node *n = &p->node[w->first + k];
        buf_fmt(b, "<path class=\"w%s\" d=\"M%d %dV%d\"/>\n", by_timer(p, w) ? " d" : "", n->x,
                n->y - n->h / 2, n->y + n->h / 2);
    }
    const struct node *label = &p->node[w->first];
    put_steps(p, b, label, w->from, w->to, label->y - label->h / 2 + LINE - 5);
}

static void put_head(const struct picture *p, struct buf *b, int width, int height)
{
    buf_fmt(b,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
            "height=\"%d\" role=\"img\" lang=\"%s\">\n<title>",
            width, height, width, height, p->s->lang == LANG_ZH ? "zh-CN" : "en");
    put_text(b, SAY(p->s, "drawing_of", say_term(p->s, &p->s->p->term)));
    buf_put_z(b, "</title>\n<style>text{font:13px sans-serif;text-anchor:middle;fill:#1c2430}"
                 ".n{font-weight:bold}.e{font-size:12px;fill:#1f4e79}.t{fill:#9a3412}"
                 ".s{fill:#f3f6fa;stroke:#44546a}.i{fill:#e3f3e6;stroke:#2e7d32;stroke-width:2}"
                 ".z{fill:#ececec;stroke:#222;stroke-width:2.5}.w{fill:none;stroke:#5b6b80}"
                 ".d{stroke:#9a3412;stroke-dasharray:5 4}.h{font-size:16px;font-weight:bold}"
                 "</style>\n<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
                 "markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" "
                 "fill=\"#5b6b80\"/></marker><marker id=\"u\" viewBox=\"0 0 8 8\" refX=\"0\" "
                 "refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path "
                 "d=\"M8 0L0 4L8 8z\" fill=\"#5b6b80\"/></marker></defs>\n"
                 "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    put_line(b, "h", width / 2, MARGIN + 4, "",
             SAY(p->s, "drawing_of", say_term(p->s, &p->s->p->term)));
}

/* Moves everything to the right of the margin; how wide and high it is. */
static void frame(struct picture *p, int *width, int *height)
{
    int left = 0;
    for (int i = 0; i < p->n_nodes; i++) {
        int edge = p->node[i].x - p->node[i].w / 2;
        left = i == 0 || edge < left ? edge : left;
    }
    *width = text_width(say_term(p->s, &p->s->p->term)) * 2 + 4 * MARGIN;
    *height = 0;
    for (int i = 0; i < p->n_nodes; i++) {
        struct node *n = &p->node[i];
        n->x += MARGIN - left;
        int right = n->x + n->w / 2 + MARGIN;
        int bottom = n->y + n->h / 2 + MARGIN;
        *width = *width < right ? right : *width;
        *height = *height < bottom ? bottom : *height;
    }
}

enum err procedure_svg(const struct say *s, struct buf *out)
{
    struct arena *mem = s->cx->mem;
    size_t links = 1;
    int width;
    int height;
    for (size_t k = 0; k < s->p->n_steps; k++) {
        links += s->p->step[k].n_from;
    }
    struct picture p = { .s = s,
                         .node = arena_alloc(mem, NODES_MAX, sizeof(struct node)),
                         .way = arena_alloc(mem, links, sizeof(struct way)),
                         .rank = arena_alloc(mem, s->p->n_states + 1, sizeof(int)),
                         .row = arena_alloc(mem, NODES_MAX, sizeof(int)) };
    if (p.node == NULL || p.way == NULL || p.rank == NULL || p.row == NULL) {
        return fail(s->cx, ERR_NO_MEMORY, "picture");
    }
    ways_find(&p);
    ranks_find(&p);
    TRY(nodes_make(&p));
    order_find(&p);
    TRY(columns_find(&p));
    rows_find(&p);
    frame(&p, &width, &height);
    put_head(&p, out, width, height);
    for (int i = 0; i < p.n_ways; i++) {
        put_way(&p, out, i);
    }
    for (size_t i = 0; i < s->p->n_states; i++) {
        put_state(&p, out, &p.node[i]);
    }
    buf_put_z(out, "</svg>\n");
    return out->over ? fail(s->cx, ERR_TOO_LONG, "picture") : ERR_OK;
}
