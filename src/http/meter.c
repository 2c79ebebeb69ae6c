#include "http/inner.h"

static const struct {
    int64_t us;
    const char *s;
} bounds[BUCKETS] = {
    { 100, "0.0001" },  { 250, "0.00025" }, { 500, "0.0005" }, { 1000, "0.001" },
    { 2500, "0.0025" }, { 5000, "0.005" },  { 10000, "0.01" }, { 25000, "0.025" },
    { 100000, "0.1" },  { 250000, "0.25" }, { 1000000, "1" },  { 5000000, "5" },
};

enum { METRICS_MAX = 4 << 20 };

static const char *route_name(const struct http_inner *r)
{
    if (r->found.route != NULL) {
        return r->found.route->name;
    }
    return r->found.file != NULL ? "static" : "none";
}

void meter_done(struct http_inner *r)
{
    struct http *h = r->http;
    size_t at = r->found.route != NULL ? r->found.index : h->n_meters - 1;
    struct meter *m = &h->meters[at];
    int64_t us = mono_us() - r->start_us;
    size_t b = 0;
    while (b < BUCKETS && us > bounds[b].us) {
        b++;
    }
    int status = r->answer.status;
    size_t class = status >= 100 && status < 600 ? (size_t)status / 100 : 0;
    atomic_fetch_add_explicit(&m->by_class[class], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&m->bucket[b], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&m->sum_us, us, memory_order_relaxed);
    log_info("http.request", "id=" STR_FMT " route=%s method=" STR_FMT " status=%d us=%lld in=%lld",
             STR_ARG(r->call.id), route_name(r),
             (int)(r->head.method.n < 16 ? r->head.method.n : 16), r->head.method.p, status,
             (long long)us, (long long)r->body.bytes);
}

static int64_t read64(const _Atomic int64_t *v)
{
    return atomic_load_explicit(v, memory_order_relaxed);
}

static void meter_put(struct buf *b, const char *route, const struct meter *m)
{
    int64_t count = 0;
    for (size_t k = 0; k < BUCKETS; k++) {
        count += read64(&m->bucket[k]);
        buf_fmt(b, "sishi_http_seconds_bucket{route=\"%s\",le=\"%s\"} %lld\n", route, bounds[k].s,
                (long long)count);
    }
    count += read64(&m->bucket[BUCKETS]);
    int64_t us = read64(&m->sum_us);
    buf_fmt(b, "sishi_http_seconds_bucket{route=\"%s\",le=\"+Inf\"} %lld\n", route,
            (long long)count);
    buf_fmt(b, "sishi_http_seconds_sum{route=\"%s\"} %lld.%06lld\n", route,
            (long long)(us / 1000000), (long long)(us % 1000000));
    buf_fmt(b, "sishi_http_seconds_count{route=\"%s\"} %lld\n", route, (long long)count);
}

static int64_t used(const struct meter *m)
{
    int64_t n = 0;
    for (size_t k = 0; k < COUNT_OF(m->by_class); k++) {
        n += read64(&m->by_class[k]);
    }
    return n;
}

/* The name of the route that meter `k` counts. */
static const char *meter_name(const struct http *h, size_t k)
{
    for (size_t t = 0; t < h->o.n_tables; t++) {
        if (k < h->tables[t].n) {
            return h->tables[t].routes[k].name;
        }
        k -= h->tables[t].n;
    }
    return "other";
}

static void routes_put(struct buf *b, const struct http *h)
{
    static const char *const classes[] = { "lost", "1xx", "2xx", "3xx", "4xx", "5xx" };
    buf_put_z(b, "# TYPE sishi_http_requests_total counter\n");
    for (size_t k = 0; k < h->n_meters; k++) {
        for (size_t c = 0; c < COUNT_OF(classes); c++) {
            int64_t n = read64(&h->meters[k].by_class[c]);
            if (n > 0) {
                buf_fmt(b, "sishi_http_requests_total{route=\"%s\",class=\"%s\"} %lld\n",
                        meter_name(h, k), classes[c], (long long)n);
            }
        }
    }
    buf_put_z(b, "# TYPE sishi_http_seconds histogram\n");
    for (size_t k = 0; k < h->n_meters; k++) {
        if (used(&h->meters[k]) > 0) {
            meter_put(b, meter_name(h, k), &h->meters[k]);
        }
    }
}

enum err metrics_answer(struct http_call *c)
{
    struct http *h = c->inner->http;
    struct buf b = buf_of(c->cx->mem, METRICS_MAX);
    struct str text;
    if (http_header(c, "X-Forwarded-For").p != NULL) {
        return fail(c->cx, ERR_NO_ROUTE, "/metrics is not for the outside");
    }
    routes_put(&b, h);
    buf_fmt(&b, "# TYPE sishi_http_in_flight gauge\nsishi_http_in_flight %lld\n",
            (long long)read64(&h->in_flight));
    buf_fmt(&b, "# TYPE sishi_http_connections gauge\nsishi_http_connections %lld\n",
            (long long)read64(&h->conns.n));
    buf_fmt(&b, "# TYPE sishi_http_reaped_total counter\nsishi_http_reaped_total %lld\n",
            (long long)read64(&h->conns.reaped));
    buf_put_z(&b, "# TYPE sishi_http_refused_total counter\n");
    for (int g = GATE_PASS + 1; g < GATE__COUNT; g++) {
        buf_fmt(&b, "sishi_http_refused_total{reason=\"%s\"} %lld\n", gate_name((enum gate)g),
                (long long)read64(&h->refused[g]));
    }
    if (h->o.metrics != NULL) {
        h->o.metrics(h->o.app, &b);
    }
    TRY(buf_done(c->cx, &b, &text));
    return http_answer(c, 200, "text/plain; version=0.0.4; charset=utf-8", text);
}
