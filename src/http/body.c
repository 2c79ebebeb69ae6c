#include "http/inner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BODY_LIMIT = 65536, STALE_S = 86400 };

static enum err spool_new(struct cx *cx, const char *folder, int *fd, struct str *path)
{
    char *p = arena_alloc(cx->mem, strlen(folder) + 32, 1);
    if (p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "spool");
    }
    (void)snprintf(p, strlen(folder) + 32, "%s/upload-XXXXXX", folder);
    *fd = mkostemp(p, O_CLOEXEC);
    if (*fd < 0) {
        return fail(cx, errno == ENOSPC ? ERR_STORE_FULL : ERR_FILE, "spool: %s", strerror(errno));
    }
    *path = str_of(p);
    return ERR_OK;
}

enum err body_open(struct http_inner *r)
{
    const struct http_route *route = r->found.route;
    r->body.limit = route->body_limit == 0 ? BODY_LIMIT : (int64_t)route->body_limit;
    if (r->head.length > r->body.limit) {
        return fail(&r->cx, ERR_TOO_LONG, "a body of %lld bytes; %lld are taken here",
                    (long long)r->head.length, (long long)r->body.limit);
    }
    if (route->upload) {
        return spool_new(&r->cx, r->http->o.spool, &r->body.fd, &r->call.body_path);
    }
    r->body.text = buf_of(r->cx.mem, (size_t)r->body.limit);
    return ERR_OK;
}

static enum err write_all(struct cx *cx, int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return fail(cx, errno == ENOSPC || errno == EDQUOT ? ERR_STORE_FULL : ERR_FILE,
                        "spool: %s", strerror(errno));
        }
        p += put;
        n -= (size_t)put;
    }
    return ERR_OK;
}

enum err body_take(struct http_inner *r, const char *p, size_t n)
{
    r->body.bytes += (int64_t)n;
    atomic_store_explicit(&r->conn->bytes, r->body.bytes, memory_order_relaxed);
    if (r->body.bytes > r->body.limit) {
        return fail(&r->cx, ERR_TOO_LONG, "a body of over %lld bytes", (long long)r->body.limit);
    }
    if (r->body.fd >= 0) {
        return write_all(&r->cx, r->body.fd, p, n);
    }
    buf_put(&r->body.text, (struct str){ p, n });
    return r->body.text.over ? fail(&r->cx, ERR_NO_MEMORY, "body") : ERR_OK;
}

static enum err file_take(struct http_inner *r, const struct part *p, struct file_part *to)
{
    int fd = -1;
    to->field = p->name;
    to->file = (struct http_file){ .name = p->file_name, .bytes = (int64_t)p->bytes.n };
    TRY(spool_new(&r->cx, r->http->o.spool, &fd, &to->file.path));
    enum err err = write_all(&r->cx, fd, p->bytes.p, p->bytes.n);
    (void)close(fd);
    return err;
}

/* Plain fields are copied when the body is a mapped file, which goes away. */
static enum err field_take(struct http_inner *r, const struct part *p)
{
    bool mapped = r->body.fd >= 0;
    struct str name = mapped ? str_dup(r->cx.mem, p->name) : p->name;
    struct str value = mapped ? str_dup(r->cx.mem, p->bytes) : p->bytes;
    if (name.p == NULL || value.p == NULL) {
        return fail(&r->cx, ERR_NO_MEMORY, "form field");
    }
    return fields_add(&r->cx, &r->form, name, value);
}

static enum err parts_take(struct http_inner *r, const struct part *v, size_t n)
{
    r->body.files = arena_alloc(r->cx.mem, n + 1, sizeof *r->body.files);
    if (r->body.files == NULL) {
        return fail(&r->cx, ERR_NO_MEMORY, "form parts");
    }
    for (size_t k = 0; k < n; k++) {
        if (v[k].file_name.p == NULL) {
            TRY(field_take(r, &v[k]));
        } else if (r->body.fd >= 0) {
            TRY(file_take(r, &v[k], &r->body.files[r->body.n_files++]));
            struct file_part *f = &r->body.files[r->body.n_files - 1];
            f->field = str_dup(r->cx.mem, f->field);
            f->file.name = str_dup(r->cx.mem, f->file.name);
        } else if (v[k].bytes.n > 0) {
            return fail(&r->cx, ERR_MEDIA_TYPE, "no file is taken here");
        }
    }
    return ERR_OK;
}

static enum err multipart_take(struct http_inner *r, struct str body)
{
    struct part *v = NULL;
    size_t n = 0;
    TRY(multipart_parse(&r->cx, body, media_param(r->head.type, "boundary"), &v, &n));
    return parts_take(r, v, n);
}

static enum err multipart_mapped(struct http_inner *r)
{
    size_t n = (size_t)r->body.bytes;
    void *p = n == 0 ? MAP_FAILED : mmap(NULL, n, PROT_READ, MAP_PRIVATE, r->body.fd, 0);
    if (p == MAP_FAILED) {
        return fail(&r->cx, ERR_BAD_REQUEST, "empty multipart body");
    }
    enum err err = multipart_take(r, (struct str){ p, n });
    (void)munmap(p, n);
    return err;
}

enum err body_end(struct http_inner *r)
{
    struct http_call *c = &r->call;
    if (r->body.fd < 0) {
        c->body = buf_str(&r->body.text);
    }
    if (str_eq(c->body_type, STR("multipart/form-data"))) {
        return r->body.fd >= 0 ? multipart_mapped(r) : multipart_take(r, c->body);
    }
    if (str_eq(c->body_type, STR("application/x-www-form-urlencoded")) && r->body.fd < 0) {
        return form_parse(&r->cx, c->body, &r->form);
    }
    return ERR_OK;
}

void body_close(struct http_inner *r)
{
    if (r->body.fd >= 0) {
        (void)close(r->body.fd);
        (void)unlink(r->call.body_path.p); /* whoever wanted to keep it has renamed it */
    }
    for (size_t k = 0; k < r->body.n_files; k++) {
        if (r->body.files[k].file.path.p != NULL) {
            (void)unlink(r->body.files[k].file.path.p);
        }
    }
    r->body.fd = -1;
    r->body.n_files = 0;
}

/* What a killed program left behind: a day old, since another one may share the folder. */
void spool_sweep(const char *spool)
{
    DIR *d = spool == NULL ? NULL : opendir(spool);
    if (d == NULL) {
        return;
    }
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        struct stat st;
        if (strncmp(e->d_name, "upload-", 7) == 0 &&
            fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
            time(NULL) - st.st_mtime > STALE_S) {
            (void)unlinkat(dirfd(d), e->d_name, 0);
        }
    }
    (void)closedir(d);
}
