/* A program of somebody else: knows the installed header and the library alone.
 *   user verify DIR | freeze DIR | run DIR | check DIR ID | tickets | code TEXT */
#include <sishi/sishi.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dir {
    const char *at;
    char bytes[1 << 16];
};

static FILE *dir_file(const struct dir *d, const char *name, const char *mode)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", d->at, name);
    return fopen(path, mode);
}

static bool dir_has(void *ctx, const char *name)
{
    FILE *f = dir_file(ctx, name, "rb");
    if (f != NULL) {
        fclose(f);
    }
    return f != NULL;
}

static int dir_open(void *ctx, const char *name, void **file)
{
    *file = dir_file(ctx, name, "rb");
    return *file == NULL;
}

static int dir_next(void *ctx, void *file, const char **bytes, size_t *n)
{
    struct dir *d = ctx;
    *bytes = d->bytes;
    *n = fread(d->bytes, 1, sizeof d->bytes, file);
    return ferror((FILE *)file) != 0;
}

static int dir_rewind(void *ctx, void *file)
{
    (void)ctx;
    return fseek(file, 0, SEEK_SET);
}

static void dir_close(void *ctx, void *file)
{
    (void)ctx;
    fclose(file);
}

/* Appends below DIR/made; the caller of this program makes that folder, empty. */
static int dir_line(void *ctx, const char *name, const char *line, size_t n)
{
    char made[256];
    snprintf(made, sizeof made, "made/%s", name);
    FILE *f = dir_file(ctx, made, "ab");
    if (f == NULL) {
        return 1;
    }
    fwrite(line, 1, n, f);
    fputc('\n', f);
    return fclose(f);
}

static void passed(void *ctx, const char *step, const char *what)
{
    (void)ctx;
    printf("passed %s: %s\n", step, what);
}

static int hex_digit(int c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* The commitments that DIR/freeze.txt holds already: freezing again must give the same file. */
static size_t commitments(const struct dir *d, uint8_t out[16][SISHI_DIGEST_LEN])
{
    char line[512], hex[65];
    size_t n = 0;
    FILE *f = dir_file(d, "freeze.txt", "rb");
    while (f != NULL && n < 16 && fgets(line, sizeof line, f) != NULL) {
        if (sscanf(line, "commit %*s %64s", hex) != 1) {
            continue;
        }
        for (size_t i = 0; i < SISHI_DIGEST_LEN; i++) {
            out[n][i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
        }
        n++;
    }
    if (f != NULL) {
        fclose(f);
    }
    return n;
}

static int said(const struct sishi *s, int code)
{
    printf("%s %s\n", sishi_error(s), sishi_reason(s));
    return code == 0 ? 0 : 1;
}

static int draw(const char *verb, const char *at, const char *id)
{
    static const char *const verdicts[] = { "absent", "selected", "reserve", "not drawn" };
    static struct dir d;
    uint8_t commit[16][SISHI_DIGEST_LEN];
    enum sishi_verdict v = SISHI_ABSENT;
    const struct sishi_files files = { dir_has,   dir_open, dir_next, dir_rewind,
                                       dir_close, dir_line, &d };
    const char *limit = getenv("LIMIT");
    struct sishi *s = sishi_new(limit != NULL ? strtoul(limit, NULL, 10) : 0);
    int code;
    d.at = at;
    if (strcmp(verb, "verify") == 0) {
        code = sishi_draw_verify(s, &files, passed, NULL);
    } else if (strcmp(verb, "freeze") == 0) {
        size_t n = commitments(&d, commit);
        code = sishi_draw_freeze(s, &files, (const uint8_t(*)[SISHI_DIGEST_LEN])commit, n);
    } else if (strcmp(verb, "run") == 0) {
        code = sishi_draw_run(s, &files);
    } else {
        code = sishi_draw_check(s, &files, (struct sishi_text){ id, strlen(id) },
                                (struct sishi_text){ NULL, 0 }, &v);
        printf("%s\n", code == 0 ? verdicts[v] : "?");
    }
    code = said(s, code);
    sishi_free(s);
    return code;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "code") == 0) {
        struct sishi_code k;
        sishi_code_check(argv[2], strlen(argv[2]), SISHI_EN, &k);
        printf("%d %s %s %zu [%s] %s\n", k.valid, k.kind, k.code, k.position, k.suggestion, k.why);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "tickets") == 0) {
        uint8_t seed[SISHI_DIGEST_LEN];
        const struct sishi_text id[2] = { { "A", 1 }, { "91430100MA4L1234X5", 18 } };
        uint64_t u[2];
        sishi_digest(SISHI_SHA256, "sishi-draw/1 micro", 18, seed);
        sishi_tickets(SISHI_SHA256, seed, id, 2, u);
        uint32_t c31 = 21474836;
        uint32_t w = sishi_memory(21474836, &c31, false, 64);
        printf("%s %llu %llu %u %u\n", sishi_version(), (unsigned long long)u[0],
               (unsigned long long)u[1], w, c31);
        return 0;
    }
    return argc >= 3 ? draw(argv[1], argv[2], argc > 3 ? argv[3] : "") : 2;
}
