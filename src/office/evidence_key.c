/* Keys that sign notes, each in a file of its own: the key's name, LF, its seed in hex, LF. */
#include "office/office.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_FILE_MAX = 512, PATH_ROOM = 4096 };

static void closep(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static enum err write_all(struct cx *cx, int fd, const char *path, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
        }
        bytes = str_from(bytes, (size_t)n);
    }
    return fsync(fd) == 0 ? ERR_OK : fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
}

/* Whole before it has its name, and never over another: two programs at once agree on the one that
 * came first. */
static enum err key_place(struct cx *cx, const char *path, struct str text)
{
    char draft[PATH_ROOM + 16];
    (void)snprintf(draft, sizeof draft, "%s.%08x", path, randombytes_random());
    CLEANUP(closep)
    int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail(cx, ERR_FILE, "%s: %s", draft, strerror(errno));
    }
    enum err e = write_all(cx, fd, draft, text);
    if (e == ERR_OK && link(draft, path) != 0 && errno != EEXIST) {
        e = fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    (void)unlink(draft);
    return e;
}

/* A fresh key; without a name it is named after its public half, so that no two logs share one. */
static enum err key_make(struct cx *cx, const char *path, struct str name, enum note_sig_type type)
{
    uint8_t seed[NOTE_SEED_LEN];
    char text[KEY_FILE_MAX];
    char hex[2 * NOTE_SEED_LEN + 1];
    struct note_signer s;
    if (sodium_init() < 0) {
        return fail(cx, ERR_NOTE, "libsodium refuses");
    }
    randombytes_buf(seed, sizeof seed);
    enum err e = note_signer_of(cx, name.n > 0 ? name : STR("sishi"), type, seed, &s);
    if (e == ERR_OK) {
        const uint8_t *k = s.pub.key;
        sodium_bin2hex(hex, sizeof hex, seed, sizeof seed);
        int n = name.n > 0 ? snprintf(text, sizeof text, STR_FMT "\n%s\n", STR_ARG(name), hex)
                           : snprintf(text, sizeof text, "sishi/%02x%02x%02x%02x\n%s\n", k[0], k[1],
                                      k[2], k[3], hex);
        e = key_place(cx, path, (struct str){ text, (size_t)n });
    }
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(text, sizeof text);
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(&s, sizeof s);
    return e;
}

/* Reads an open key file; refuses one that others may read. */
static enum err key_get(struct cx *cx, int fd, const char *path, enum note_sig_type type,
                        struct note_signer *out)
{
    struct stat st;
    char text[KEY_FILE_MAX];
    uint8_t seed[NOTE_SEED_LEN];
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return fail(cx, ERR_NOTE, "%s: no plain file", path);
    }
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return fail(cx, ERR_NOTE, "%s: others may read it (mode %04o, wanted 0600)", path,
                    (unsigned)st.st_mode & 07777);
    }
    ssize_t n = read(fd, text, sizeof text);
    if (n < 0) {
        return fail(cx, ERR_FILE, "%s: %s", path, strerror(errno));
    }
    struct str rest = { text, (size_t)n };
    struct str name = str_cut(&rest, '\n');
    struct str hex = str_cut(&rest, '\n');
    enum err e = hex.n == sizeof seed * 2 && rest.n == 0 && hex_get(hex, seed)
                     ? note_signer_of(cx, name, type, seed, out)
                     : fail(cx, ERR_NOTE, "%s: wants a name and 64 hex digits, a line each", path);
    sodium_memzero(text, sizeof text);
    sodium_memzero(seed, sizeof seed);
    return e;
}

enum err evidence_key(struct cx *cx, struct str file, struct str name, enum note_sig_type type,
                      struct note_signer *out)
{
    char path[PATH_ROOM];
    const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    int n = snprintf(path, sizeof path, STR_FMT, STR_ARG(file));
    if (file.n == 0 || n < 0 || n >= (int)sizeof path) {
        return fail(cx, ERR_FILE, "key file \"" STR_FMT "\"", STR_ARG(file));
    }
    if (name.n > KEY_FILE_MAX / 2) {
        return fail(cx, ERR_NOTE, "key name: at most %d bytes", KEY_FILE_MAX / 2);
    }
    CLEANUP(closep) int fd = open(path, flags);
    if (fd < 0 && errno == ENOENT) {
        TRY(key_make(cx, path, name, type));
        fd = open(path, flags);
    }
    if (fd < 0) {
        return fail(cx, errno == ELOOP ? ERR_NOTE : ERR_FILE, "%s: %s", path, strerror(errno));
    }
    return key_get(cx, fd, path, type, out);
}
