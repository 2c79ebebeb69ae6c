/* What tests of imports share: a folder of its own, files in it, right codes. */
#ifndef SISHI_TEST_IMPORT_H
#define SISHI_TEST_IMPORT_H

#include "../store_harness.h"

#include "office/import_parts.h"
#include "office/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CODE_ROOM = USCC_CHARS + 1 };

/* The i-th of codes that no real entity has. */
static inline const char *made_code(int i, char out[CODE_ROOM])
{
    (void)snprintf(out, CODE_ROOM, "91430102YD%06d", i);
    out[16] = organisation_check_character(out + 8);
    out[17] = uscc_check_character(out);
    out[18] = '\0';
    return out;
}

static inline const char *made_regno(int i, char out[CODE_ROOM])
{
    (void)snprintf(out, CODE_ROOM, "430100%08d", i);
    out[14] = regno_check_digit(out);
    out[15] = '\0';
    return out;
}

struct test_place {
    char dir[64];
    char file[96];
};

static inline struct test_place place_make(void)
{
    struct test_place p = { .dir = "/tmp/sishi-test-XXXXXX" };
    assert_non_null(mkdtemp(p.dir));
    (void)snprintf(p.file, sizeof p.file, "%s/rows.csv", p.dir);
    return p;
}

static inline void place_remove(struct test_place *p)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -r %s", p->dir);
    assert_int_equal(0, system(command));
}

static inline void put_file(const struct test_place *p, struct str text)
{
    FILE *f = fopen(p->file, "w");
    assert_non_null(f);
    assert_int_equal(text.n, fwrite(text.p, 1, text.n, f));
    assert_int_equal(0, fclose(f));
}

/* A file of the place below the folder, whole; empty when there is none. */
static inline struct str read_back(struct cx *cx, const struct test_place *p, struct str name)
{
    enum { ROOM = 1 << 20 };
    char path[160];
    char *text = arena_alloc(cx->mem, ROOM, 1);
    (void)snprintf(path, sizeof path, "%s/" STR_FMT, p->dir, STR_ARG(name));
    FILE *f = name.n == 0 ? NULL : fopen(path, "r");
    assert_non_null(text);
    if (f == NULL) {
        return STR("");
    }
    struct str all = { text, fread(text, 1, ROOM, f) };
    (void)fclose(f);
    return all;
}

#endif
