/* What a handler asks of its request. */
#include "http/inner.h"

struct str http_header(const struct http_call *c, const char *name)
{
    const struct head *h = &c->inner->head;
    struct str want = str_of(name);
    for (size_t i = 0; i < h->n; i++) {
        if (str_eq_nocase(h->v[i].name, want)) {
            return str_trim(h->v[i].value);
        }
    }
    return (struct str){ NULL, 0 };
}

struct str http_cookie(const struct http_call *c, const char *name)
{
    return cookie_find(http_header(c, "Cookie"), str_of(name));
}

static const struct field *nth(const struct fields *in, struct str name, size_t k)
{
    for (size_t i = 0; i < in->n; i++) {
        if (str_eq(in->v[i].name, name) && k-- == 0) {
            return &in->v[i];
        }
    }
    return NULL;
}

struct str http_field_nth(const struct http_call *c, const char *name, size_t k)
{
    struct str want = str_of(name);
    const struct fields *in =
        nth(&c->inner->form, want, 0) != NULL ? &c->inner->form : &c->inner->query;
    const struct field *f = nth(in, want, k);
    return f == NULL ? (struct str){ NULL, 0 } : f->value;
}

struct str http_field(const struct http_call *c, const char *name)
{
    return http_field_nth(c, name, 0);
}

bool http_file(const struct http_call *c, const char *name, struct http_file *out)
{
    const struct body *b = &c->inner->body;
    for (size_t k = 0; k < b->n_files; k++) {
        if (str_eq(b->files[k].field, str_of(name))) {
            *out = b->files[k].file;
            return true;
        }
    }
    return false;
}
