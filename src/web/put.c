#include "web/put.h"

#include <stdio.h>
#include <string.h>

static const char hex_digits[] = "0123456789ABCDEF";

static bool is_control(unsigned char c)
{
    return c < 0x20 || c == 0x7F;
}

/* What stands for a byte in HTML; empty when it stands for itself. */
static struct str html_reference(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    case '\'':
        return STR("&#39;");
    default:
        break;
    }
    bool bad = is_control((unsigned char)c) && c != '\t' && c != '\n' && c != '\r';
    return bad ? STR("\xEF\xBF\xBD") : STR("");
}

static void put_html(struct buf *b, struct str s)
{
    size_t done = 0;
    for (size_t i = 0; i < s.n; i++) {
        struct str reference = html_reference(s.p[i]);
        if (reference.n != 0) {
            buf_put(b, (struct str){ s.p + done, i - done });
            buf_put(b, reference);
            done = i + 1;
        }
    }
    if (done < s.n) {
        buf_put(b, str_from(s, done));
    }
}

static bool url_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

static void put_url_part(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (url_plain(s.p[i])) {
            buf_put_c(b, s.p[i]);
        } else {
            buf_put_c(b, '%');
            buf_put_c(b, hex_digits[c >> 4]);
            buf_put_c(b, hex_digits[c & 15]);
        }
    }
}

static bool scheme_is(struct str s, const char *want)
{
    size_t n = strlen(want);
    if (s.n != n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        char c = s.p[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != want[i]) {
            return false;
        }
    }
    return true;
}

/* Browsers drop tabs and line ends inside a URL and spaces around it, so a URL holding any of them
 * is not what it seems. */
static bool url_good(struct str s)
{
    size_t colon = s.n;
    for (size_t i = s.n; i-- > 0;) {
        if (is_control((unsigned char)s.p[i]) || s.p[i] == ' ') {
            return false;
        }
        if (s.p[i] == ':') {
            colon = i;
        } else if (s.p[i] == '/' || s.p[i] == '?' || s.p[i] == '#') {
            colon = s.n;
        }
    }
    struct str scheme = { s.p, colon };
    return colon == s.n || scheme_is(scheme, "http") || scheme_is(scheme, "https") ||
           scheme_is(scheme, "mailto");
}

/* Besides what JSON asks: '<', '>' and '&' so that no script can end or begin inside, and the two
 * line ends that old script engines do not take in strings. */
static void put_json(struct buf *b, struct str s)
{
    buf_put_c(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool line_end = c == 0xE2 && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0x80 &&
                        ((unsigned char)s.p[i + 2] & 0xFE) == 0xA8;
        if (line_end) {
            buf_fmt(b, "\\u202%d", ((unsigned char)s.p[i + 2] & 1) + 8);
            i += 2;
        } else if (is_control(c) || strchr("<>&'\"\\", (char)c) != NULL) {
            buf_fmt(b, "\\u%04x", c);
        } else {
            buf_put_c(b, (char)c);
        }
    }
    buf_put_c(b, '"');
}

void web_put_str(struct buf *b, enum lang lang UNUSED, enum web_place place, struct str s)
{
    switch (place) {
    case PLACE_HTML:
        put_html(b, s);
        break;
    case PLACE_URL:
        put_html(b, url_good(s) ? s : STR("#"));
        break;
    case PLACE_URL_PART:
        put_url_part(b, s);
        break;
    case PLACE_JSON:
        put_json(b, s);
        break;
    }
}

void web_put_z(struct buf *b, enum lang lang, enum web_place place, const char *z)
{
    web_put_str(b, lang, place, str_of(z));
}

void web_put_int(struct buf *b, enum lang lang UNUSED, enum web_place place UNUSED, int64_t v)
{
    buf_put_int(b, v);
}

void web_put_size(struct buf *b, enum lang lang, enum web_place place, size_t v)
{
    web_put_int(b, lang, place, (int64_t)v);
}

void web_put_grouped(struct buf *b, enum lang lang UNUSED, enum web_place place, int64_t v)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)v);
    int first = digits[0] == '-';
    for (int i = 0; i < n; i++) {
        if (place == PLACE_HTML && i > first && (n - i) % 3 == 0) {
            buf_put_c(b, ',');
        }
        buf_put_c(b, digits[i]);
    }
}

void web_put_size_grouped(struct buf *b, enum lang lang, enum web_place place, size_t v)
{
    web_put_grouped(b, lang, place, (int64_t)v);
}

void web_put_id(struct buf *b, enum lang lang, enum web_place place, int64_t id)
{
    char text[ID_CHARS];
    id_put(id, text);
    web_put_str(b, lang, place, (struct str){ text, sizeof text });
}

void web_put_bool(struct buf *b, enum lang lang UNUSED, enum web_place place UNUSED, bool v)
{
    buf_put_z(b, v ? "true" : "false");
}

/* Dates and times are of digits, signs and the words of their formats: safe in HTML as they are.
 */
static void put_text(struct buf *b, enum lang lang, enum web_place place, const char *p, size_t n)
{
    if (n == 0 && place == PLACE_JSON) {
        buf_put_z(b, "null");
        return;
    }
    web_put_str(b, lang, place, (struct str){ p, n });
}

void web_put_date(struct buf *b, enum lang lang, enum web_place place, int32_t yyyymmdd)
{
    char text[DATE_CHARS];
    if (yyyymmdd != 0) {
        date_put(yyyymmdd, text);
    }
    put_text(b, lang, place, text, yyyymmdd == 0 ? 0 : sizeof text);
}

/* "{year}年{month}月{day}日" of the catalogue, filled in. */
static struct buf long_date(struct buf *b, enum lang lang, int32_t yyyymmdd)
{
    struct buf text = buf_of(b->mem, 64);
    struct str form = msg_text((enum msg)(M_month_1 + (yyyymmdd / 100 % 100) - 1), lang);
    for (struct str rest = form; rest.n != 0;) {
        buf_put(&text, str_cut(&rest, '{'));
        struct str name = str_cut(&rest, '}');
        if (name.n != 0) {
            buf_put_int(&text, str_eq(name, STR("day")) ? yyyymmdd % 100 : yyyymmdd / 10000);
        }
    }
    return text;
}

void web_put_date_long(struct buf *b, enum lang lang, enum web_place place, int32_t yyyymmdd)
{
    if (yyyymmdd == 0) {
        put_text(b, lang, place, "", 0);
        return;
    }
    struct buf text = long_date(b, lang, yyyymmdd);
    put_text(b, lang, place, text.p, text.n);
}

/* RFC 3339 text of an instant, cut to its part [from, from + n). */
static void put_instant(struct buf *b, enum lang lang, enum web_place place, int64_t ms,
                        size_t from, size_t n)
{
    char text[INSTANT_CHARS];
    if (ms == 0) {
        put_text(b, lang, place, "", 0);
        return;
    }
    instant_put(ms, text);
    if (n < INSTANT_CHARS) {
        text[DATE_CHARS] = ' ';
    }
    put_text(b, lang, place, text + from, n);
}

void web_put_time(struct buf *b, enum lang lang, enum web_place place, int64_t ms)
{
    put_instant(b, lang, place, ms, 0, sizeof "2026-11-23 09:30:00" - 1);
}

void web_put_minute(struct buf *b, enum lang lang, enum web_place place, int64_t ms)
{
    put_instant(b, lang, place, ms, 0, sizeof "2026-11-23 09:30" - 1);
}

void web_put_clock(struct buf *b, enum lang lang, enum web_place place, int64_t ms)
{
    put_instant(b, lang, place, ms, DATE_CHARS + 1, sizeof "09:30:00" - 1);
}

void web_put_machine(struct buf *b, enum lang lang, enum web_place place, int64_t ms)
{
    put_instant(b, lang, place, ms, 0, INSTANT_CHARS);
}

void web_put_time_long(struct buf *b, enum lang lang, enum web_place place, int64_t ms)
{
    if (ms == 0) {
        put_text(b, lang, place, "", 0);
        return;
    }
    struct buf text = long_date(b, lang, date_of_ms(ms));
    buf_put_c(&text, ' ');
    put_instant(&text, lang, PLACE_HTML, ms, DATE_CHARS + 1, sizeof "09:30" - 1);
    put_text(b, lang, place, text.p, text.n);
}

static void put_hex(struct buf *b, enum lang lang, enum web_place place, const uint8_t *bytes,
                    size_t n)
{
    char text[64];
    if (bytes != NULL) {
        hex_put(bytes, n, text);
    }
    put_text(b, lang, place, text, bytes == NULL ? 0 : 2 * n);
}

void web_put_hash(struct buf *b, enum lang lang, enum web_place place, const uint8_t *hash)
{
    put_hex(b, lang, place, hash, 32);
}

void web_put_hash_short(struct buf *b, enum lang lang, enum web_place place, const uint8_t *hash)
{
    put_hex(b, lang, place, hash, 6);
}

void web_put_short(struct buf *b, enum lang lang, enum web_place place, struct str s)
{
    web_put_str(b, lang, place, (struct str){ s.p, s.n < 12 ? s.n : 12 });
}

void web_put_msg(struct buf *b, enum lang lang, enum web_place place, enum msg m)
{
    web_put_str(b, lang, place, msg_text(m, lang));
}
