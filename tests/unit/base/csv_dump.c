/* csv_dump SEPARATOR CHUNK: standard input as csv.c cuts it, for csv_python.py. A record is a line
 * of fields in hex with commas between, or "!" and the fault. CHUNK bytes are given at first, and
 * the same again each time a record does not end. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROOM = 1 << 22 };

static void say(const struct csv_record *r)
{
    if (r->fault != ERR_OK) {
        printf("!%s\n", err_name(r->fault));
        return;
    }
    for (size_t i = 0; i < r->n; i++) {
        printf("%s", i > 0 ? "," : "");
        for (size_t k = 0; k < r->field[i].n; k++) {
            printf("%02x", (unsigned char)r->field[i].p[k]);
        }
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    static char text[ROOM], scratch[ROOM];
    static struct csv_record r;
    size_t n = fread(text, 1, ROOM, stdin);
    size_t chunk = argc > 2 ? strtoul(argv[2], NULL, 10) : ROOM;
    char separator = argc > 1 ? argv[1][0] : ',';
    char *free_at = scratch;
    for (size_t at = 0; at < n; at += r.bytes) {
        size_t given = chunk < n - at ? chunk : n - at;
        while (
            !csv_next((struct str){ text + at, given }, separator, given == n - at, &free_at, &r)) {
            given = given + chunk < n - at ? given + chunk : n - at;
        }
        say(&r);
    }
    return 0;
}
