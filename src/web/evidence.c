/* The evidence log: its entries, its checkpoint, and the proof that an entry stands in it. */
#include "web/handlers.h"
#include "web/labels.h"

enum { ROWS = 50 };

static enum msg kind_word(enum ledger_kind k)
{
    static const enum msg words[LEDGER_KIND__COUNT] = {
        [LEDGER_PLAN] = M_log_plan,       [LEDGER_FREEZE] = M_log_freeze,
        [LEDGER_REVEALS] = M_log_reveals, [LEDGER_SEED] = M_log_seed,
        [LEDGER_RESULT] = M_log_result,   [LEDGER_VOID] = M_log_void,
        [LEDGER_EVENT] = M_log_event,     [LEDGER_EVIDENCE] = M_log_evidence,
    };
    return k < LEDGER_KIND__COUNT ? words[k] : M_NONE;
}

static struct str log_address(struct http_call *c, struct str draw, int64_t from)
{
    struct pair pairs[] = {
        { "draw", draw },
        { "from", from > 0 ? text_fmt(c->cx, "%lld", (long long)from) : STR("") },
    };
    return address(c->cx, STR("/log"), pairs, COUNT_OF(pairs), NULL);
}

/* An empty log has no checkpoint to speak of. */
static enum err checkpoint_of(struct http_call *c, struct str *note, int64_t *size)
{
    struct checkpoint point;
    *note = STR("");
    *size = 0;
    TRY(evidence_checkpoint(c->cx, desk_of(c), note));
    struct str text = *note;
    for (size_t i = 0; i + 1 < note->n; i++) {
        if (note->p[i] == '\n' && note->p[i + 1] == '\n') {
            text.n = i + 1;
            break;
        }
    }
    TRY(checkpoint_parse(c->cx, text, &point));
    *size = point.size;
    return ERR_OK;
}

/* Who signed a note: the log itself first, then the witnesses. Lines "- NAME SIGNATURE" with a long
 * dash of three bytes behind the empty line. */
static enum err signers_of(struct http_call *c, struct str note, struct signer_row **out, size_t *n)
{
    enum { SIGNERS = 16, DASH = 4 };
    struct signer_row *rows = arena_alloc(c->cx->mem, SIGNERS, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "signers");
    }
    *n = 0;
    bool text = true;
    while (note.n > 0 && *n < SIGNERS) {
        struct str line = str_cut(&note, '\n');
        if (!text && line.n > DASH) {
            struct str rest = str_from(line, DASH);
            rows[*n] = (struct signer_row){ str_cut(&rest, ' '), *n == 0 };
            (*n)++;
        }
        text = text && line.n != 0;
    }
    *out = rows;
    return ERR_OK;
}

static struct log_row row_of(struct http_call *c, const struct ledger_entry *e)
{
    return (struct log_row){
        .seq = e->seq,
        .at = e->at,
        .kind = kind_word(e->kind),
        .draw_no = e->draw_no,
        .draw_href = text_fmt(c->cx, "/draws/" STR_FMT, STR_ARG(e->draw_no)),
        .hex = e->hex.b,
        .proof = text_fmt(c->cx, "/log/%lld", (long long)e->seq),
    };
}

enum err page_log(struct http_call *c)
{
    struct page_frame f;
    struct ledger_entry *all = NULL;
    struct signer_row *signers = NULL;
    size_t n_signers = 0;
    struct str checkpoint;
    struct str vkey;
    int64_t from;
    int64_t size;
    size_t n = 0;
    struct buf b = page_buf(c);
    struct str draw = field_of(c, "draw");
    TRY(field_int(c, "from", 0, INT64_MAX, 0, &from));
    TRY(checkpoint_of(c, &checkpoint, &size));
    TRY(signers_of(c, checkpoint, &signers, &n_signers));
    TRY(evidence_vkey(c->cx, desk_of(c), &vkey));
    TRY(evidence_entries(c->cx, desk_of(c), draw, from, ROWS, &all, &n));
    struct log_row *rows = arena_alloc(c->cx->mem, n + 1, sizeof *rows);
    if (rows == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "rows");
    }
    for (size_t i = 0; i < n; i++) {
        rows[i] = row_of(c, &all[i]);
    }
    struct str next = n == ROWS ? log_address(c, draw, all[n - 1].seq + 1) : STR("");
    struct str first = from != 0 ? log_address(c, draw, 0) : STR("");
    TRY(frame_make(c, msg_text(M_log_title, c->cx->lang), &f));
    t_page_log(&b, c->cx->lang, &f, checkpoint, signers, n_signers, vkey, draw, rows, n, size,
               first, next);
    return page_send(c, &b);
}

enum err page_log_entry(struct http_call *c)
{
    struct page_frame f;
    struct evidence_proof p;
    struct str line;
    int64_t seq;
    struct buf b = page_buf(c);
    TRY(str_int(c->cx, c->seg[0], 0, INT64_MAX, &seq));
    TRY(evidence_inclusion(c->cx, desk_of(c), seq, 0, &p));
    TRY(ledger_line(c->cx, &p.entry, &line));
    struct path_step *path = arena_alloc(c->cx->mem, p.path.n + 1, sizeof *path);
    if (path == NULL) {
        return fail(c->cx, ERR_NO_MEMORY, "path");
    }
    for (size_t i = 0; i < p.path.n; i++) {
        path[i].hex = p.path.node[i].b;
    }
    TRY(frame_make(c, msg_text(M_log_title, c->cx->lang), &f));
    t_page_log_proof(&b, c->cx->lang, &f, seq, p.size, line, p.leaf.b, p.root.b, path, p.path.n);
    return page_send(c, &b);
}
