/* A batch of rows: read from a position of the file, cut, checked. */
#include "office/import_parts.h"

#include "office/office.h"

#include <string.h>

enum { BATCH_BYTES = 8 << 20, BATCH_ROWS = 1 << 15, SEEN_SLOTS = 1 << 17 };
enum { ARENA_BYTES = 512 << 20 };

/* The wave behind that of the last row of a code, by a hash of it; 0: an empty slot. Two codes with
 * one hash cost a wave and nothing else. */
struct seen {
    uint64_t hash;
    unsigned next_wave;
};

enum err import_batch_make(struct cx *cx, const struct import_file *f, const struct import_rules *r,
                           struct import_batch *b)
{
    *b = (struct import_batch){ .file = f, .rules = r, .mem = arena_new(ARENA_BYTES) };
    b->cx = (struct cx){ .mem = b->mem, .now_ms = cx->now_ms, .lang = cx->lang };
    if (b->mem != NULL) {
        b->text = arena_alloc(b->mem, BATCH_BYTES, 1);
        b->scratch = arena_alloc(b->mem, BATCH_BYTES, 1);
        b->rows = arena_alloc(b->mem, BATCH_ROWS, sizeof *b->rows);
    }
    if (b->text == NULL || b->scratch == NULL || b->rows == NULL) {
        import_batch_free(b);
        return fail(cx, ERR_NO_MEMORY, "batch");
    }
    b->start = arena_mark(b->mem);
    return charset_open(cx, f->charset, &b->turn);
}

void import_batch_free(struct import_batch *b)
{
    charset_close(&b->turn);
    arena_free(b->mem);
    *b = (struct import_batch){ .mem = NULL };
}

static struct seen *seen_at(struct seen *slots, struct str code)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < code.n; i++) {
        hash = (hash ^ (unsigned char)code.p[i]) * UINT64_C(0x100000001b3);
    }
    size_t at = (size_t)(hash ^ hash >> 32) & (SEEN_SLOTS - 1);
    while (slots[at].next_wave > 0 && slots[at].hash != hash) {
        at = (at + 1) & (SEEN_SLOTS - 1);
    }
    slots[at].hash = hash;
    return &slots[at];
}

/* A row waits for every row before it in the batch that has a code of it. */
static void find_wave(struct import_batch *b, struct seen *slots, struct import_row *row)
{
    const struct str codes[] = { row->e.uscc, row->e.regno };
    row->wave = 0;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        const struct seen *s = codes[i].n > 0 ? seen_at(slots, codes[i]) : NULL;
        row->wave = s != NULL && s->next_wave > row->wave ? s->next_wave : row->wave;
    }
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (codes[i].n > 0) {
            seen_at(slots, codes[i])->next_wave = row->wave + 1;
        }
    }
    b->waves = row->wave >= b->waves ? row->wave + 1 : b->waves;
}

/* Behind a line that is longer than the batch. */
static enum err skip_line(struct import_batch *b)
{
    size_t got = BATCH_BYTES;
    while (got > 0) {
        TRY(import_file_read(&b->cx, b->file, b->to, b->scratch, BATCH_BYTES, &got));
        const char *end = memchr(b->scratch, '\n', got);
        b->to += end == NULL ? (int64_t)got : end - b->scratch + 1;
        if (end != NULL) {
            b->line_to++;
            return ERR_OK;
        }
    }
    return ERR_OK;
}

static bool blank(const struct csv_record *r)
{
    return r->fault == ERR_OK && r->n == 1 && str_trim(r->field[0]).n == 0;
}

static enum err take(struct import_batch *b, struct seen *slots, const struct csv_record *rec)
{
    if (!blank(rec)) {
        struct import_row *row = &b->rows[b->n++];
        *row = (struct import_row){ .raw = rec->raw, .line = b->line_to };
        TRY(import_row_read(&b->cx, b->rules, &b->turn, rec, row));
        if (row->outcome == IMPORT_PENDING) {
            find_wave(b, slots, row);
        }
    }
    b->to += (int64_t)rec->bytes;
    b->line_to += (int64_t)rec->lines;
    return ERR_OK;
}

static enum err read_rows(struct import_batch *b)
{
    struct csv_record *rec = arena_alloc(b->mem, 1, sizeof *rec);
    struct seen *slots = arena_alloc(b->mem, SEEN_SLOTS, sizeof *slots);
    int64_t left = b->file->bytes - b->from;
    size_t got;
    if (rec == NULL || slots == NULL) {
        return fail(&b->cx, ERR_NO_MEMORY, "batch");
    }
    TRY(import_file_read(&b->cx, b->file, b->from, b->text,
                         left < BATCH_BYTES ? (size_t)left : BATCH_BYTES, &got));
    bool whole = (int64_t)got == left;
    if (!whole && got < BATCH_BYTES) {
        return fail(&b->cx, ERR_FILE, "the file became shorter while it was read");
    }
    char *scratch = b->scratch;
    while (b->to < b->from + (int64_t)got && b->n < BATCH_ROWS) {
        size_t at = (size_t)(b->to - b->from);
        struct str rest = { b->text + at, got - at };
        if (!csv_next(rest, b->file->separator, whole, &scratch, rec)) {
            break;
        }
        TRY(take(b, slots, rec));
        if (rec->cut) {
            TRY(skip_line(b));
            break;
        }
    }
    b->last = b->to >= b->file->bytes;
    return ERR_OK;
}

void import_batch_read(struct import_batch *b, int64_t at, int64_t line)
{
    arena_reset(b->mem, b->start);
    b->from = b->to = at;
    b->line = b->line_to = line;
    b->n = 0;
    b->waves = 0;
    b->last = false;
    fault_clear(&b->cx);
    b->code = read_rows(b);
}
