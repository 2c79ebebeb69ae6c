/* CSV: the first byte chooses the separator, the second how much of the text is given at first.
 * However the text arrives, the records are the same, lie in it one behind another, and take all.
 */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void demand(bool good)
{
    if (!good) {
        abort();
    }
}

static bool same(const struct csv_record *a, const struct csv_record *b)
{
    bool good = a->fault == b->fault && a->bytes == b->bytes && a->raw.n == b->raw.n &&
                a->lines == b->lines;
    for (size_t i = 0; good && a->fault == ERR_OK && i < a->n; i++) {
        good = a->n == b->n && str_eq(a->field[i], b->field[i]);
    }
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct csv_record whole, part;
    if (n < 3) {
        return 0;
    }
    char separator = ",;\t"[data[0] % 3];
    struct str text = { (const char *)data + 2, n - 2 };
    char *room = malloc(2 * text.n);
    char *first = room;
    char *second = room + text.n;
    demand(room != NULL);
    for (size_t at = 0; at < text.n; at += whole.bytes) {
        struct str rest = str_from(text, at);
        demand(csv_next(rest, separator, true, &first, &whole));
        demand(whole.bytes > 0 && whole.bytes <= rest.n && whole.raw.n <= whole.bytes);
        demand(first <= room + text.n);
        size_t given = data[1] % 16 + 1;
        while (given < rest.n &&
               !csv_next((struct str){ rest.p, given }, separator, false, &second, &part)) {
            given += 1 + given / 2;
        }
        if (given < rest.n) {
            demand(same(&whole, &part) || whole.fault == ERR_CSV_OPEN);
        }
    }
    (void)csv_separator(text);
    free(room);
    return 0;
}
