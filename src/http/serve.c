#include "http/inner.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { REQUEST_MEMORY = 64 << 20, SLOTS_KEPT = 128 };

static struct slot *slot_new(void)
{
    struct arena *mem = arena_new(REQUEST_MEMORY);
    struct slot *s = mem == NULL ? NULL : arena_alloc(mem, 1, sizeof *s);
    if (s == NULL) {
        arena_free(mem);
        return NULL;
    }
    s->mem = mem;
    s->start = arena_mark(mem); /* a reset keeps the first page */
    return s;
}

static struct slot *slot_take(struct http *h)
{
    pthread_mutex_lock(&h->slots_lock);
    struct slot *s = h->slots;
    if (s != NULL) {
        h->slots = s->next;
        h->n_slots--;
    }
    pthread_mutex_unlock(&h->slots_lock);
    return s != NULL ? s : slot_new();
}

static void slot_give(struct http *h, struct slot *s)
{
    arena_reset(s->mem, s->start);
    pthread_mutex_lock(&h->slots_lock);
    bool keep = h->n_slots < SLOTS_KEPT;
    if (keep) {
        s->next = h->slots;
        h->slots = s;
        h->n_slots++;
    }
    pthread_mutex_unlock(&h->slots_lock);
    if (!keep) {
        arena_free(s->mem);
    }
}

static void id_make(struct http *h, char out[ID_CHARS])
{
    uint64_t z = atomic_fetch_add(&h->next_id, 0x9e3779b97f4a7c15u); /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    id_put((int64_t)((z ^ (z >> 31)) >> 1), out);
}

void *on_uri(void *cls, const char *uri, struct MHD_Connection *mhd)
{
    struct http *h = cls;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct slot *s = info == NULL || info->socket_context == NULL ? NULL : slot_take(h);
    struct http_inner *r = s == NULL ? NULL : arena_alloc(s->mem, 1, sizeof *r);
    if (r == NULL) {
        if (s != NULL) {
            slot_give(h, s);
        }
        return NULL;
    }
    r->http = h;
    r->slot = s;
    r->mhd = mhd;
    r->conn = info->socket_context;
    r->start_us = mono_us();
    r->body.fd = -1;
    r->cx.mem = s->mem;
    r->head.target = str_dup(s->mem, str_of(uri));
    conn_phase(r->conn, PHASE_HEAD);
    return r;
}

static enum MHD_Result header_keep(void *cls, enum MHD_ValueKind kind UNUSED, const char *name,
                                   size_t name_n, const char *value, size_t value_n)
{
    struct http_inner *r = cls;
    if (r->head.v != NULL) {
        r->head.v[r->head.n] =
            (struct field){ { name, name_n }, { value == NULL ? "" : value, value_n } };
    }
    r->head.n++;
    return MHD_YES;
}

static void head_read(struct http_inner *r, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(r->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    int n = MHD_get_connection_values_n(r->mhd, MHD_HEADER_KIND, NULL, NULL);
    r->head.method = str_of(method);
    r->head.version = str_of(version);
    r->head.bytes = size == NULL ? 0 : size->header_size;
    r->head.v = arena_alloc(r->cx.mem, (size_t)n + 1, sizeof *r->head.v);
    (void)MHD_get_connection_values_n(r->mhd, MHD_HEADER_KIND, header_keep, r);
    if (r->head.v == NULL) {
        r->head.n = 0;
    }
}

/* The address of the caller: of the socket, or what our front says it was. */
static struct str client_of(struct http_inner *r)
{
    struct str via = http_header(&r->call, "X-Forwarded-For");
    char text[INET6_ADDRSTRLEN] = "unix";
    if (r->http->o.behind_tls && via.p != NULL) {
        struct str last = via;
        while (via.n > 0) {
            last = str_trim(str_cut(&via, ','));
        }
        unsigned char bin[16];
        (void)snprintf(text, sizeof text, STR_FMT, (int)(last.n < 45 ? last.n : 45), last.p);
        if (inet_pton(AF_INET, text, bin) == 1 || inet_pton(AF_INET6, text, bin) == 1) {
            return last;
        }
        return STR("unknown");
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *a = info == NULL ? NULL : info->client_addr;
    if (a != NULL && a->sa_family == AF_INET) {
        const void *v4 = a;
        (void)inet_ntop(AF_INET, &((const struct sockaddr_in *)v4)->sin_addr, text, sizeof text);
    } else if (a != NULL && a->sa_family == AF_INET6) {
        const void *v6 = a;
        (void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)v6)->sin6_addr, text, sizeof text);
    }
    return str_dup(r->cx.mem, str_of(text));
}

static void call_fill(struct http_inner *r)
{
    struct http_call *c = &r->call;
    struct str type = r->head.type;
    c->cx = &r->cx;
    c->app = r->http->o.app;
    c->inner = r;
    id_make(r->http, r->id);
    c->id = (struct str){ r->id, ID_CHARS };
    r->cx.now_ms = clock_now_ms();
    r->cx.lang = lang_accept(http_header(c, "Accept-Language"));
    c->body_type = str_lower(r->cx.mem, str_trim(str_cut(&type, ';')));
    c->htmx = str_eq(http_header(c, "HX-Request"), STR("true"));
    c->client = client_of(r);
}

static int method_of(struct http_inner *r)
{
    static const struct {
        const char *name;
        enum http_method method;
    } methods[] = { { "GET", HTTP_GET },
                    { "HEAD", HTTP_GET },
                    { "POST", HTTP_POST },
                    { "PUT", HTTP_PUT },
                    { "DELETE", HTTP_DELETE } };
    for (size_t k = 0; k < COUNT_OF(methods); k++) {
        if (str_eq(r->head.method, str_of(methods[k].name))) {
            r->is_head = k == 1;
            return (int)methods[k].method;
        }
    }
    return -1;
}

static enum err target_read(struct http_inner *r)
{
    struct str rest = r->head.target;
    struct str path = str_cut(&rest, '?');
    r->found.table = route_table(&r->http->o, path); /* for the failure, should there be one */
    r->call.query = rest;
    TRY(path_parse(&r->cx, path, &r->path));
    r->call.path = r->path.whole;
    return form_parse(&r->cx, rest, &r->query);
}

static enum err route_take(struct http_inner *r)
{
    struct http_call *c = &r->call;
    int method = method_of(r);
    r->found = route_find(r->http->root, &r->http->o, &r->path, method);
    if (r->found.allow == 0) {
        return fail(&r->cx, ERR_NO_ROUTE, STR_FMT, (int)(c->path.n < 100 ? c->path.n : 100),
                    c->path.p);
    }
    if (r->found.route == NULL && (r->found.file == NULL || method != HTTP_GET)) {
        struct buf b = buf_of(r->cx.mem, 100);
        allow_put(&b, r->found.allow);
        TRY(http_add_header(c, "Allow", buf_str(&b)));
        return fail(&r->cx, ERR_METHOD, STR_FMT,
                    (int)(r->head.method.n < 20 ? r->head.method.n : 20), r->head.method.p);
    }
    c->route = r->found.route;
    c->method = (enum http_method)method;
    memcpy(c->seg, r->found.seg, sizeof c->seg);
    c->n_seg = r->found.n_seg;
    return ERR_OK;
}

/* All that is known before the body: may this request be heard at all? */
static enum err request_open(struct http_inner *r)
{
    r->gate = gate_check(&r->head);
    call_fill(r);
    if (r->gate != GATE_PASS) {
        atomic_fetch_add(&r->http->refused[r->gate], 1);
        r->answer.close = true;
        return fail(&r->cx, r->gate == GATE_ENCODING ? ERR_MEDIA_TYPE : ERR_BAD_REQUEST, "%s",
                    gate_text(r->gate));
    }
    /* the parser is lenient inside chunks: nothing that follows one is read as a request */
    r->answer.close = r->head.chunked;
    TRY(target_read(r));
    TRY(route_take(r));
    if (r->found.route == NULL || r->found.table == &r->http->tables[r->http->o.n_tables - 1]) {
        return ERR_OK; /* statics and our own pages ask nobody */
    }
    if (r->http->o.enter != NULL) {
        TRY(r->http->o.enter(&r->call));
    }
    return r->call.method == HTTP_GET ? ERR_OK : body_open(r);
}

static enum err call_handle(struct http_inner *r)
{
    struct http_call *c = &r->call;
    if (r->found.route == NULL) {
        return static_answer(c, r->found.file);
    }
    if (c->method != HTTP_GET) {
        TRY(body_end(r));
        if (r->http->o.check_write != NULL) {
            TRY(r->http->o.check_write(c));
        }
    }
    TRY(r->found.route->handle(c));
    return r->answer.status != 0 ? ERR_OK : fail(&r->cx, ERR_FILE, "no answer was given");
}

void request_run(struct http_inner *r)
{
    if (call_handle(r) != ERR_OK) {
        answer_fault(r);
    }
    r->step = STEP_READY;
}

static enum MHD_Result request_send(struct http_inner *r)
{
    r->step = STEP_QUEUED;
    return answer_queue(r);
}

/* An answer given now makes the server stop reading the connection: right when the request is not
 * to be trusted or its body not to be read, and else left to the second call. */
static enum MHD_Result request_refuse(struct http_inner *r)
{
    answer_fault(r);
    conn_phase(r->conn, PHASE_WORK);
    if (r->gate == GATE_PASS && r->head.length <= 0 && !r->head.chunked) {
        r->step = STEP_READY;
        return MHD_YES;
    }
    r->answer.close = true;
    conn_linger(r->conn);
    return request_send(r);
}

static enum MHD_Result request_begin(struct http_inner *r, const char *method, const char *version)
{
    r->counted = true;
    atomic_fetch_add(&r->http->in_flight, 1);
    head_read(r, method, version);
    if (r->head.v == NULL || r->head.target.p == NULL) {
        return MHD_NO;
    }
    if (request_open(r) != ERR_OK) {
        return request_refuse(r);
    }
    atomic_store_explicit(&r->conn->bytes, 0, memory_order_relaxed);
    conn_phase(r->conn, PHASE_BODY);
    r->step = STEP_BODY;
    return MHD_YES;
}

static enum MHD_Result request_body(struct http_inner *r, const char *bytes, size_t *n)
{
    if (body_take(r, bytes, *n) != ERR_OK) {
        answer_fault(r);
        answer_raw(r);
        return MHD_NO;
    }
    *n = 0;
    return MHD_YES;
}

/* The body is there. What reads quickly is done at once, the rest by a worker, so that a commit
 * holds up its own connection only, and many commits wait together. */
static enum MHD_Result request_work(struct http_inner *r)
{
    bool quick = r->call.method == HTTP_GET && (r->found.route == NULL || !r->found.route->slow);
    conn_phase(r->conn, PHASE_WORK);
    if (quick) {
        request_run(r);
        return request_send(r);
    }
    r->step = STEP_WORK;
    MHD_suspend_connection(r->mhd);
    work_give(r->http, r);
    return MHD_YES;
}

enum MHD_Result on_request(void *cls UNUSED, struct MHD_Connection *mhd UNUSED,
                           const char *url UNUSED, const char *method, const char *version,
                           const char *bytes, size_t *n, void **context)
{
    struct http_inner *r = *context;
    if (r == NULL) {
        return MHD_NO;
    }
    switch (r->step) {
    case STEP_NEW:
        return request_begin(r, method, version);
    case STEP_BODY:
        if (*n > 0) {
            return request_body(r, bytes, n);
        }
        return request_work(r);
    case STEP_READY:
        return request_send(r);
    case STEP_WORK:
    case STEP_QUEUED:
    default:
        return MHD_YES;
    }
}

void on_completed(void *cls, struct MHD_Connection *mhd UNUSED, void **context,
                  enum MHD_RequestTerminationCode why)
{
    struct http *h = cls;
    struct http_inner *r = *context;
    if (r == NULL) {
        return;
    }
    *context = NULL;
    if (r->answer.streams && r->answer.stream.done != NULL) {
        r->answer.stream.done(r->answer.stream.arg);
    }
    body_close(r);
    if (r->counted) {
        meter_done(r);
        atomic_fetch_sub(&h->in_flight, 1);
    } else if (why == MHD_REQUEST_TERMINATED_COMPLETED_OK ||
               why == MHD_REQUEST_TERMINATED_WITH_ERROR) {
        atomic_fetch_add(&h->refused[GATE_PARSER], 1);
    }
    conn_phase(r->conn, PHASE_IDLE);
    slot_give(h, r->slot);
}
