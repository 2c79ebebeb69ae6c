/* Reads all of definitions/ once. */
#include "def/procedure_parts.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MAX = 8 << 20, DEFS_BYTES_MAX = 128 << 20 };

static const struct {
    const char *file;
    enum err (*read)(struct cx *cx, struct defs *d, const char *file, struct str text);
} files[] = {
    /* in this order: a file refers to those above it */
    { "regions.tsv", regions_read },
    { "industries.tsv", industries_read },
    { "entity_classes.yaml", classes_read },
    { "departments.yaml", departments_read },
    { "items.yaml", items_read },
    { "columns.yaml", columns_read },
    { "demo_words.yaml", demo_read },
    { "calendar.yaml", calendar_read },
    { "deadlines.yaml", deadlines_read },
    { "procedure_words.yaml", procedure_words_read },
};

static void file_closep(FILE **f)
{
    if (*f != NULL) {
        (void)fclose(*f);
    }
}

static enum err file_text(struct cx *cx, struct arena *mem, const char *path, struct str *out)
{
    CLEANUP(file_closep) FILE *f = fopen(path, "rbe");
    if (f == NULL) {
        return fail(cx, ERR_FILE, "%s", path);
    }
    if (fseek(f, 0, SEEK_END) != 0) {
        return fail(cx, ERR_FILE, "%s", path);
    }
    long n = ftell(f);
    if (n < 0 || n > FILE_BYTES_MAX) {
        return fail(cx, ERR_DEFINITION, "%s: over %d bytes", path, (int)FILE_BYTES_MAX);
    }
    char *p = arena_alloc(mem, (size_t)n + 1, 1);
    if (p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", path);
    }
    rewind(f);
    if (fread(p, 1, (size_t)n, f) != (size_t)n) {
        return fail(cx, ERR_FILE, "%s", path);
    }
    *out = (struct str){ p, (size_t)n };
    return ERR_OK;
}

static void dir_closep(DIR **d)
{
    if (*d != NULL) {
        (void)closedir(*d);
    }
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The names of the folder's *.yaml files, in order; a folder that is not there has none. */
static enum err folder_names(struct cx *cx, struct arena *mem, const char *dir, struct str **out,
                             size_t *n)
{
    CLEANUP(dir_closep) DIR *d = opendir(dir);
    struct str *name = arena_alloc(mem, PROCEDURES_MAX + 1, sizeof *name);
    size_t k = 0;
    if (name == NULL) {
        return fail(cx, ERR_NO_MEMORY, "%s", dir);
    }
    if (d == NULL && errno != ENOENT) {
        return fail(cx, ERR_FILE, "%s", dir);
    }
    for (struct dirent *e = d == NULL ? NULL : readdir(d); e != NULL; e = readdir(d)) {
        struct str s = str_of(e->d_name);
        if (s.p[0] == '.' || !str_ends(s, STR(".yaml"))) {
            continue;
        }
        if (k == PROCEDURES_MAX) {
            return fail(cx, ERR_DEFINITION, "%s: over %d files", dir, (int)PROCEDURES_MAX);
        }
        name[k] = str_dup(mem, s);
        if (name[k++].p == NULL) {
            return fail(cx, ERR_NO_MEMORY, "%s", dir);
        }
    }
    qsort(name, k, sizeof *name, by_name);
    *out = name;
    *n = k;
    return ERR_OK;
}

static enum err procedures_load(struct cx *cx, struct defs *d, const char *dir)
{
    char path[4096];
    struct str *name = NULL;
    size_t n = 0;
    if (snprintf(path, sizeof path, "%s/procedures", dir) >= (int)sizeof path) {
        return fail(cx, ERR_FILE, "%s", dir);
    }
    TRY(folder_names(cx, d->mem, path, &name, &n));
    for (size_t i = 0; i < n; i++) {
        char file[300];
        struct str text;
        if (snprintf(path, sizeof path, "%s/procedures/%s", dir, name[i].p) >= (int)sizeof path) {
            return fail(cx, ERR_FILE, "%s", dir);
        }
        (void)snprintf(file, sizeof file, "procedures/%s", name[i].p);
        TRY(file_text(cx, d->mem, path, &text));
        TRY(procedures_read(cx, d, file, text));
    }
    return ERR_OK;
}

enum err defs_load(struct cx *cx, const char *dir, struct defs **out)
{
    struct arena *mem = arena_new(DEFS_BYTES_MAX);
    CLEANUP(defs_freep) struct defs *d = mem == NULL ? NULL : arena_alloc(mem, 1, sizeof *d);
    if (d == NULL) {
        arena_free(mem);
        return fail(cx, ERR_NO_MEMORY, "definitions");
    }
    d->mem = mem;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char path[4096];
        struct str text;
        if (snprintf(path, sizeof path, "%s/%s", dir, files[i].file) >= (int)sizeof path) {
            return fail(cx, ERR_FILE, "%s", dir);
        }
        TRY(file_text(cx, mem, path, &text));
        TRY(files[i].read(cx, d, files[i].file, text));
    }
    TRY(procedures_load(cx, d, dir));
    *out = d;
    d = NULL; /* handed over */
    return ERR_OK;
}

void defs_free(struct defs *d)
{
    if (d != NULL) {
        arena_free(d->mem); /* d itself lies in it */
    }
}

void defs_freep(struct defs **d)
{
    defs_free(*d);
    *d = NULL;
}

struct defs_counts defs_count(const struct defs *d)
{
    return (struct defs_counts){ d->n_regions, d->n_industries, d->n_classes,   d->n_depts,
                                 d->n_items,   d->n_columns,    d->n_deadlines, d->n_procedures };
}
