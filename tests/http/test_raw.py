#!/usr/bin/env python3
"""What the server does with bytes that a well-behaved client never sends, and with those it does.
usage: test_raw.py ECHO_SERVER"""
import re
import socket
import stat
import sys
import threading
import time
import os

from lib import (Server, check, ends, eventually, exists, finish, get, post, read_answer, rss_kb, talk)

CHUNKED = "Transfer-Encoding: chunked"


def p(*headers, body=b"", path="/echo/x", method="POST", version="HTTP/1.1"):
    return "\r\n".join([f"{method} {path} {version}", *headers, "", ""]).encode("latin-1") + body


H = "Host: x"
# what it is, the bytes, the status; 0 = closed without an answer is right as well
MALFORMED = [
    ("two Content-Length, different", p(H, "Content-Length: 5", "Content-Length: 6", body=b"hello!"), 400),
    ("two Content-Length, equal", p(H, "Content-Length: 5", "Content-Length: 5", body=b"hello"), 400),
    ("Content-Length list", p(H, "Content-Length: 5, 5", body=b"hello"), 400),
    ("Content-Length with a plus", p(H, "Content-Length: +5", body=b"hello"), 400),
    ("Content-Length negative", p(H, "Content-Length: -5", body=b"hello"), 400),
    ("Content-Length hexadecimal", p(H, "Content-Length: 0x5", body=b"hello"), 400),
    ("Content-Length empty", p(H, "Content-Length: ", body=b"hello"), 400),
    ("Content-Length with a space inside", p(H, "Content-Length: 1 0", body=b"hello"), 400),
    ("Content-Length past 63 bits", p(H, "Content-Length: 99999999999999999999"), (400, 413)),
    ("Content-Length and Transfer-Encoding", p(H, "Content-Length: 5", CHUNKED, body=b"0\r\n\r\n"), 400),
    ("Transfer-Encoding and Content-Length", p(H, CHUNKED, "Content-Length: 5", body=b"0\r\n\r\n"), 400),
    ("two Transfer-Encoding", p(H, CHUNKED, CHUNKED, body=b"0\r\n\r\n"), 400),
    ("Transfer-Encoding identity", p(H, "Transfer-Encoding: identity", body=b"hello"), 400),
    ("Transfer-Encoding gzip, chunked", p(H, "Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"), 400),
    ("Transfer-Encoding xchunked", p(H, "Transfer-Encoding: xchunked", body=b"0\r\n\r\n"), 400),
    ("Transfer-Encoding chunked, identity", p(H, "Transfer-Encoding: chunked, identity"), 400),
    ("Transfer-Encoding with a vertical tab", p(H, "Transfer-Encoding: \x0bchunked"), 400),
    ("Transfer-Encoding folded", p(H, "Transfer-Encoding:\r\n chunked", body=b"0\r\n\r\n"), 400),
    ("chunked in HTTP/1.0", p(H, CHUNKED, body=b"0\r\n\r\n", version="HTTP/1.0"), 400),
    ("chunk size not a number", p(H, CHUNKED, body=b"zz\r\nhello\r\n0\r\n\r\n"), 400),
    ("chunk size with 0x", p(H, CHUNKED, body=b"0x5\r\nhello\r\n0\r\n\r\n"), 400),
    ("chunk size negative", p(H, CHUNKED, body=b"-5\r\nhello\r\n0\r\n\r\n"), 400),
    ("chunk size empty", p(H, CHUNKED, body=b"\r\nhello\r\n0\r\n\r\n"), 400),
    ("chunk longer than it says", p(H, CHUNKED, body=b"5\r\nhelloXX\r\n0\r\n\r\n"), 400),
    ("chunk size overflows", p(H, CHUNKED, body=b"fffffffffffffffffffff5\r\nhello\r\n0\r\n\r\n"), (400, 413)),
    ("no Host", p("X: y", method="GET"), 400),
    ("two Host", p(H, "Host: y", method="GET"), 400),
    ("two Host, equal", p(H, H, method="GET"), 400),
    ("Host empty", p("Host: ", method="GET"), 400),
    ("Host with a path", p("Host: x/y", method="GET"), 400),
    ("Host with a user", p("Host: a@x", method="GET"), 400),
    ("Host list", p("Host: x, y", method="GET"), 400),
    ("space before the colon", p("Host : x", method="GET"), 400),
    ("header without a colon", p(H, "Content-Length", method="GET"), 400),
    ("header with an empty name", p(H, ": x", method="GET"), 400),
    ("first header line folded", b"GET /echo/x HTTP/1.1\r\n Host: x\r\nX: y\r\n\r\n", 400),
    ("folded header", p(H, "X-A: b\r\n c", method="GET"), 400),
    ("NUL in a header", p(H, "X-A: b\0c", method="GET"), 400),
    ("NUL in a header name", p(H, "X-\0A: bc", method="GET"), 400),
    ("NUL that ends a value early", p(H, "Transfer-Encoding: chunked\0x", body=b"0\r\n\r\n"), 400),
    ("bare CR in a header", p(H, "X-A: b\rX-B: c", method="GET"), 400),
    ("control character in a header", p(H, "X-A: \x01", method="GET"), 400),
    ("DEL in a header", p(H, "X-A: \x7f", method="GET"), 400),
    ("header not UTF-8", p(H, "X-A: \xff\xfe", method="GET"), 400),
    ("lines ended by LF alone", b"GET /echo/x HTTP/1.1\nHost: x\n\n", 400),
    ("one line ended by LF alone", b"GET /echo/x HTTP/1.1\r\nHost: x\nX: y\r\n\r\n", 400),
    ("HTTP/0.9", b"GET /echo/x\r\n\r\n", (400, 0)),
    ("HTTP/2.0", p(H, method="GET", version="HTTP/2.0"), (400, 505)),
    ("HTTP/1.2", p(H, method="GET", version="HTTP/1.2"), (400, 505)),
    ("version in lower case", p(H, method="GET", version="http/1.1"), (400, 505)),
    ("version with a tail", p(H, method="GET", version="HTTP/1.1x"), (400, 505)),
    ("two spaces before the target", b"GET  /echo/x HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("two spaces behind the target", b"GET /echo/x  HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("space in the target", b"GET /echo/a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("tab in the target", b"GET /echo/a\tb HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("NUL in the target", b"GET /echo/a\0b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("bytes over 127 in the target", b"GET /echo/\xe4\xb8\xad HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("target not a path", p(H, method="GET", path="echo"), 400),
    ("target with a scheme", p(H, method="GET", path="http://x/echo/x"), 400),
    ("target *", p(H, method="OPTIONS", path="*"), 400),
    ("fragment in the target", p(H, method="GET", path="/echo/x#y"), 400),
    ("method not a token", b"G\xffT /echo/x HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("escaped NUL in the path", get("/echo/a%00b"), 400),
    ("escape cut short", get("/echo/a%2"), 400),
    ("escape not hexadecimal", get("/echo/a%zz"), 400),
    ("escape not UTF-8", get("/echo/%ff%fe"), 400),
    ("overlong escape of '/'", get("/echo/%c0%af"), 400),
    ("escaped surrogate", get("/echo/%ed%a0%80"), 400),
    ("dot segments", get("/echo/../echo/x"), 400),
    ("escaped dot segments", get("/echo/%2e%2E/x"), 400),
    ("single dot", get("/./echo/x"), 400),
    ("escaped slash", get("/echo/a%2fb"), 400),
    ("escaped line end in the path", get("/echo/a%0d%0ab"), 400),
    ("path too deep", get("/echo" + "/x" * 40), 400),
    ("bad escape in the query", get("/echo/x?a=%zz"), 400),
    ("NUL in the query", get("/echo/x?a=%00"), 400),
    ("query not UTF-8", get("/echo/x?a=%ff"), 400),
    ("GET with a body", p(H, "Content-Length: 5", body=b"hello", method="GET"), 400),
    ("HEAD with a chunked body", p(H, CHUNKED, body=b"0\r\n\r\n", method="HEAD"), 400),
    ("Expect something", p(H, "Expect: 200-ok", "Content-Length: 1", body=b"x"), 400),
    ("compressed body", p(H, "Content-Encoding: gzip", "Content-Length: 1", body=b"x"), 415),
    ("over a hundred headers", p(H, *[f"X-{k}: y" for k in range(120)], method="GET"), 400),
    ("header over its limit", p(H, "X-A: " + "y" * 70000, method="GET"), (431, 413, 400, 0)),
    ("target over its limit", p(H, path="/" + "y" * 70000, method="GET"), (414, 400, 0)),
    ("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 80 + b"\r\n\r\n", (400, 0)),
    ("form field not UTF-8", post("/form", b"a=%ff", "Content-Type: application/x-www-form-urlencoded"), 400),
    ("form field with a NUL", post("/form", b"a=%00", "Content-Type: application/x-www-form-urlencoded"), 400),
    ("raw NUL in a form", post("/form", b"a=\0", "Content-Type: application/x-www-form-urlencoded"), 400),
    ("form with a bad escape", post("/form", b"a=%4", "Content-Type: application/x-www-form-urlencoded"), 400),
    ("multipart without a boundary", post("/form", b"--x--", "Content-Type: multipart/form-data"), 400),
    ("multipart with another boundary", post("/form", b"--y\r\n", "Content-Type: multipart/form-data; boundary=x"), 400),
    ("multipart without an end", post("/form", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv', "Content-Type: multipart/form-data; boundary=x"), 400),
    ("multipart part without a name", post("/form", b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n", "Content-Type: multipart/form-data; boundary=x"), 400),
    ("empty multipart upload", post("/upload", b"", "Content-Type: multipart/form-data; boundary=x"), 400),
]


def malformed(server):
    for what, raw, want in MALFORMED:
        want = want if isinstance(want, tuple) else (want,)
        answer = talk(server, raw, head=raw.startswith(b"HEAD"))
        check(what, (answer.status if answer else 0) in want, answer)
        # whatever was refused for its form, the next bytes on that connection are not a request
    smuggle = [m for m in MALFORMED if "Content-Length" in m[0] or "Transfer-Encoding" in m[0] or "chunk" in m[0]]
    for what, raw, _ in smuggle:
        s = server.connect()
        s.sendall(raw + get("/echo/smuggled"))
        data = b""
        s.settimeout(1)
        try:
            while True:
                more = s.recv(65536)
                if not more:
                    break
                data += more
        except (TimeoutError, ConnectionResetError):
            pass
        s.close()
        check("nothing smuggled behind: " + what, b"smuggled" not in data, data[-200:])


def chunk_forms(server):
    """The parser takes some loose chunk forms; whatever it takes, the connection then ends."""
    loose = [b"5\r\nhello\r\n0\r\n\r\n", b"5;a=b\r\nhello\r\n0\r\n\r\n", b"5\nhello\n0\n\n",
             b"005\r\nhello\r\n0\r\nHost: z\r\nX: y\r\n\r\n"]
    for body in loose:
        s = server.connect()
        s.sendall(p(H, CHUNKED, body=body) + get("/echo/smuggled"))
        try:
            answer, rest = read_answer(s)
        except EOFError:
            answer, rest = None, b""
        good = answer is not None and answer.status in (200, 400) and b"smuggled" not in answer.body + rest
        check(f"chunked {body[:12]!r} ends its connection", good and ends(s), answer)
        if answer and answer.status == 200:
            check(f"chunked {body[:12]!r} is read", b"body=5:hello" in answer.body, answer)
        s.close()


def answers(server):
    a = talk(server, get("/echo/a%20b?a=1&a=%E4%B8%AD+x", "X-Test:  padded \t", "Cookie: j=1; k=v; kk=w"))
    check("segment, fields, cookie and header decoded", a and all(t in a.body for t in (
        b"seg=a b\n", "a=中 x\n".encode(), b"a=1\n", b"cookie=v\n", b"header=padded\n")), a)
    check("security headers", a and "default-src 'self'" in a["content-security-policy"] and
          "frame-ancestors 'none'" in a["content-security-policy"] and a["x-content-type-options"] == "nosniff"
          and a["referrer-policy"] == "same-origin" and a["cache-control"] == "no-store", a)
    check("Vary", a and a["vary"] == "HX-Request, Accept-Language, Cookie", a)
    check("request id", a and re.fullmatch("[0-9A-Z]{13}", a["x-request-id"] or ""), a)
    check("X-Forwarded-For of a stranger is not believed", b"client=127.0.0.1" in
          talk(server, get("/echo/x", "X-Forwarded-For: 9.9.9.9")).body)
    for header, lang in [("zh-CN,zh;q=0.9,en;q=0.8", 0), ("en-US,en;q=0.9,zh;q=0.8", 1), ("fr", 0),
                         ("zh;q=0.1, en;q=0.2", 1), ("*;;q=,,", 0)]:
        check(f"language {header}", f"lang={lang}".encode() in talk(server, get("/echo/x", f"Accept-Language: {header}")).body)
    a = talk(server, get("/two/a/and/b"))
    check("two segments", b"seg=a\nseg=b\n" in a.body, a)
    check("a literal wins over a segment", talk(server, get("/two/new")).status == 200)
    check("unknown path", talk(server, get("/nothing")).status == 404)
    check("trailing slash is another path", talk(server, get("/empty/")).status == 404)
    check("empty segment matches nothing", talk(server, get("/echo/")).status == 404)
    a = talk(server, get("/empty", method="POST").replace(b"\r\n\r\n", b"\r\nContent-Length: 0\r\n\r\n"))
    check("405 names what is allowed", a.status == 405 and a["allow"] == "GET, HEAD", a)
    a = talk(server, get("/echo/x", method="PATCH"))
    check("405 for an unknown method", a.status == 405 and a["allow"] == "GET, HEAD, POST, DELETE", a)
    check("TRACE is not echoed", talk(server, get("/echo/x", method="TRACE")).status == 405)
    a = talk(server, get("/echo/x", method="HEAD"), head=True)
    check("HEAD has the length and no body", a.status == 200 and int(a["content-length"]) > 0 and a.rest == b"", a)
    check("DELETE", b"method=3" in talk(server, get("/echo/x", method="DELETE")).body)
    a = talk(server, get("/denied"))
    check("a handler's failure is its table's answer", a.status == 403 and a.body == b"FORBIDDEN: nobody may", a)
    a = talk(server, get("/cookie"))
    check("cookies", a.status == 303 and a["location"] == "/echo/x" and
          a.headers["set-cookie"] == ["k=v1; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600",
                                      "old=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"], a)
    for to in ("//evil.example", "https://evil.example", "/%5Cevil.example", "%2F%2Fevil", "", "/a%0d%0aX:%20y"):
        check(f"no redirect to {to}", talk(server, get(f"/away?to={to}")).status == 400)
    check("HTTP/1.0 without Host", talk(server, b"GET /empty HTTP/1.0\r\n\r\n").status == 200)


def bodies(server):
    form = "Content-Type: application/x-www-form-urlencoded"
    a = talk(server, post("/form", b"a=1&b=2&a=%E4%B8%AD+%2B&&c", form))
    check("form fields, repeated", b"a=1\na=" + "中 +\n".encode() in a.body, a)
    multi = "Content-Type: multipart/form-data; boundary=\"x y\""
    part = (b'--x y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x y\r\ncontent-disposition: form-data; name="a"'
            b'\r\nContent-Type: text/plain\r\n\r\n--x\r\n2\r\n--x y--\r\n')
    a = talk(server, post("/form", part, multi))
    check("multipart fields, repeated", b"a=1\na=--x\r\n2\n" in a.body, a)
    data = os.urandom(3_000_000) + b"\r\n--x"
    head = (b'--x y\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--x y\r\nContent-Disposition: form-data; name="file"; '
            b'filename="a\\"b.csv"\r\nContent-Type: text/csv\r\n\r\n')
    sum31 = 0
    for byte in data:
        sum31 = (sum31 * 31 + byte) & 0xFFFFFFFF
    a = talk(server, post("/upload", head + data + b"\r\n--x y--\r\n", multi))
    check("uploaded file part", a.body == f"bytes={len(data)} sum={sum31} a=v\n".encode(), a)
    a = talk(server, post("/upload", data, "Content-Type: text/csv"))
    check("uploaded body", a.body == f"bytes={len(data)} sum={sum31} a=\n".encode(), a)
    a = talk(server, get("/upload", CHUNKED, method="POST") + b"%x\r\n" % len(data) + data + b"\r\n0\r\n\r\n")
    check("uploaded in chunks", a.body == f"bytes={len(data)} sum={sum31} a=\n".encode(), a)
    check("nothing stays in the spool", eventually(lambda: not list(server.spool.iterdir())), list(server.spool.iterdir()))
    a = talk(server, post("/form", b"--x y\r\nContent-Disposition: form-data; name=\"f\"; filename=\"z\"\r\n\r\nq\r\n--x y--\r\n", multi))
    check("a file where none is taken", a.status == 415, a)
    check("a body at its limit", talk(server, post("/echo/x", b"y" * 1000)).status == 200)
    check("a body over its limit", talk(server, post("/echo/x", b"y" * 1001)).status == 413)
    a = talk(server, post("/echo/x", b"y" * 300000))
    check("413 is read though the body was sent", a and a.status == 413 and b"TOO_LONG" in a.body, a)
    a = talk(server, p(H, CHUNKED, body=b"7d0\r\n" + b"y" * 2000 + b"\r\n"))
    check("chunks over the limit are refused before they end", a and a.status == 413 and b"TOO_LONG" in a.body, a)
    s = server.connect()
    s.sendall(p(H, "Expect: 100-continue", "Content-Length: 5"))
    a, rest = read_answer(s)
    s.sendall(b"hello")
    b, _ = read_answer(s, rest)
    check("100-continue", a.status == 100 and b.status == 200, (a, b))
    s.close()
    s = server.connect()
    s.sendall(p(H, "Expect: 100-continue", "Content-Length: 5000"))
    a, _ = read_answer(s)
    check("413 instead of 100-continue", a.status == 413, a)
    s.close()


def huge(server):
    before = rss_kb(server.child.pid)
    for path in ("/upload", "/echo/x"):
        started = time.monotonic()
        s = server.connect()
        s.sendall(get(path, "Content-Length: 3221225472", method="POST"))
        sent = 0
        try:
            while sent < 200 << 20:
                s.sendall(b"y" * 65536)
                sent += 65536
        except (ConnectionResetError, BrokenPipeError, TimeoutError):
            pass
        try:
            answer, _ = read_answer(s)
        except (ConnectionResetError, EOFError):
            answer = None
        s.close()
        check(f"3 GB to {path}: 413 at once", answer and answer.status == 413 and time.monotonic() - started < 5, (answer, sent))
    check("3 GB costs no memory", rss_kb(server.child.pid) - before < 8192, (before, rss_kb(server.child.pid)))
    check("3 GB leaves no file", not list(server.spool.iterdir()))


def lives(server):
    s = server.connect()
    s.sendall(b"".join(get(f"/echo/{k}") for k in range(50)))
    data, good = b"", 0
    for k in range(50):
        a, data = read_answer(s, data)
        good += f"seg={k}\n".encode() in a.body
    check("pipelined requests are answered in order", good == 50, good)
    s.sendall(post("/echo/p", b"one") + get("/slow") + post("/echo/q", b"two") + get("/nothing") + get("/empty"))
    seen = []
    for _ in range(5):
        a, data = read_answer(s, data)
        seen.append(a.status)
    check("pipelined writes, slow and failing ones", seen == [200, 200, 200, 404, 200], seen)
    s.sendall(get("/empty", "Connection: close"))
    a, _ = read_answer(s)
    check("Connection: close is honoured", a.status == 200 and ends(s), a)
    s.close()
    s = server.connect()
    for byte in get("/echo/slowly", "X-Test: t"):
        s.sendall(bytes([byte]))
        time.sleep(0.002)
    a, _ = read_answer(s)
    check("a request in single bytes", b"seg=slowly" in a.body, a)
    s.close()
    a = talk(server, get("/stream/5000"))
    check("streamed", a.status == 200 and a.body.count(b"\n") == 5000 and a.body.endswith(b"line 1\n"), a)
    check("an empty stream", talk(server, get("/stream/0")).body == b"")
    check("a stream that fails is seen to be cut", talk(server, get("/stream/3?fail=1")) is None)
    talk(server, get("/stream/10", method="HEAD"), head=True)
    s = server.connect()
    s.sendall(get("/stream/9999999"))
    s.recv(1000)
    s.close()
    check("done is called when the client goes away", eventually(lambda: server.text_of_log().count("stream done") >= 5))
    began = time.monotonic()
    threads = [threading.Thread(target=talk, args=(server, get("/slow"))) for _ in range(8)]
    for t in threads:
        t.start()
    quick = talk(server, get("/empty"))
    quick_s = time.monotonic() - began
    for t in threads:
        t.join()
    check("slow ones run beside one another", time.monotonic() - began < 2.5 and quick.status == 200, time.monotonic() - began)
    check("slow ones do not hold up quick ones", quick_s < 0.4, quick_s)


def statics(server):
    a = talk(server, get("/s/app.css"))
    check("static", a.status == 200 and a["etag"] == '"abc123"' and a["cache-control"] == "public, no-cache" and
          a["vary"] == "Accept-Encoding" and a["content-encoding"] is None, a)
    a = talk(server, get("/s/app.css", "Accept-Encoding: br, gzip;q=0.5"))
    check("static compressed", a["content-encoding"] == "gzip" and a["etag"] == '"abc123-gz"' and a.body == b"not really gzip", a)
    a = talk(server, get("/s/app.css", "Accept-Encoding: gzip;q=0"))
    check("static not compressed when not wanted", a["content-encoding"] is None, a)
    for tag, status in [('"abc123"', 304), ('W/"abc123"', 304), ('"z", "abc123"', 304), ("*", 304), ('"z"', 200), ("abc123", 200)]:
        check(f"If-None-Match {tag}", talk(server, get("/s/app.css", f"If-None-Match: {tag}")).status == status)
    check("hashed names are kept for good", "immutable" in talk(server, get("/s/app.abc123.css"))["cache-control"])
    check("a static takes no POST", talk(server, post("/s/app.css", b"")).status == 405)
    check("health", talk(server, get("/healthz")).body == b'{"status":"ok"}')
    m = talk(server, get("/metrics")).body.decode()
    check("metrics count routes", re.search(r'sishi_http_requests_total\{route="echo",class="2xx"\} [1-9]', m), m[:300])
    check("metrics count refusals", re.search(r'sishi_http_refused_total\{reason="length_twice"\} [1-9]', m), m[-900:])
    buckets = [int(x) for x in re.findall(r'seconds_bucket\{route="echo",le="[^"]+"\} (\d+)', m)]
    check("histogram ascends to its count", buckets == sorted(buckets) and
          re.search(r'seconds_count\{route="echo"\} (\d+)', m)[1] == str(buckets[-1]), buckets)
    check("metrics are not for the outside", talk(server, get("/metrics", "X-Forwarded-For: 1.2.3.4")).status == 404)


def crawlers(program):
    server = Server(program, "header_s=1", "idle_s=2", "bps=1000")
    def crawl(start, drip, every, most):
        s = server.connect(10)
        began = time.monotonic()
        try:
            s.sendall(start)
            while time.monotonic() - began < most:
                time.sleep(every)
                s.sendall(drip)
                s.setblocking(False)
                try:
                    if s.recv(1) == b"":
                        break
                except BlockingIOError:
                    pass
                s.setblocking(True)
        except (ConnectionResetError, BrokenPipeError):
            pass
        s.close()
        return time.monotonic() - began
    results = {}
    jobs = {
        "slow headers": (b"GET /empty HTTP/1.1\r\nHost: x\r\nX: ", b"y", 0.1, 6),
        "slow first line": (b"GE", b"T", 0.1, 6),
        "slow body": (get("/upload", "Content-Length: 1000000", method="POST"), b"yy", 0.1, 6),
        "slow chunks": (get("/upload", CHUNKED, method="POST"), b"1\r\ny\r\n", 0.1, 6),
        "slow second request": (get("/empty") + b"GET /em", b"p", 0.1, 8),
    }
    threads = [threading.Thread(target=lambda k=k, j=j: results.__setitem__(k, crawl(*j))) for k, j in jobs.items()]
    def steady():
        s = server.connect(10)
        s.sendall(get("/upload", "Content-Length: 40000", method="POST"))
        for _ in range(20):
            s.sendall(b"y" * 2000)
            time.sleep(0.1)
        results["steady"] = read_answer(s)[0].status
    threads.append(threading.Thread(target=steady))
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for k in jobs:
        check(f"{k}: cut", results[k] < (4.5 if "second" in k else 3), results[k])
    check("a steady body is not cut", results["steady"] == 200, results["steady"])
    m = talk(server, get("/metrics")).body.decode()
    check("reaped are counted", int(re.search(r"reaped_total (\d+)", m)[1]) >= 5, m[-600:])
    check("a cut upload leaves no file", eventually(lambda: not list(server.spool.iterdir())))
    s = server.connect()
    s.sendall(get("/empty"))
    read_answer(s)
    check("an idle connection is closed", ends(s, 6))
    check("ends well", server.stop() == 0)
    server.remove()


def stopping(program):
    server = Server(program)
    idle = server.connect()
    idle.sendall(get("/empty"))
    read_answer(idle)
    running, streaming = server.connect(), server.connect()
    running.sendall(get("/slow"))
    streaming.sendall(get("/stream/10?sleep=1"))
    time.sleep(0.2)
    stopper = threading.Thread(target=server.stop)
    stopper.start()
    time.sleep(0.15)
    try:
        server.connect(1).close()
        refused = False
    except OSError:
        refused = True
    check("no new connections while it stops", refused)
    a, _ = read_answer(running)
    check("an answer under way is finished", a.status == 200 and a.body == b"slept" and a["connection"] == "close", a)
    a, _ = read_answer(streaming)
    check("a stream under way is finished", a.body.count(b"\n") == 10, a)
    stopper.join()
    check("idle connections end", ends(idle))
    check("ends well with work under way", server.child.returncode == 0)
    server.remove()


def listening(program):
    server = Server(program, listen="unix:HOME/s")
    path = server.address[5:]
    check("unix socket", talk(server, get("/echo/x")).body.count(b"client=unix") == 1)
    check("unix socket has mode 0660", stat.S_IMODE(os.stat(path).st_mode) == 0o660, oct(os.stat(path).st_mode))
    server.child.kill()
    server.child.wait()
    check("a killed server leaves its socket", exists(path))
    again = Server(program, listen=f"unix:{path}")
    check("the next one takes its place", talk(again, get("/empty")).status == 200)
    again.stop()
    check("a stopped server removes its socket", not exists(path))
    again.remove()
    server.remove()
    import subprocess
    for listen in ("0.0.0.0:0", "[::]:0", "8.8.8.8:80", "nonsense", "127.0.0.1:99999", "unix:"):
        done = subprocess.run([program, listen, "/tmp"], capture_output=True, timeout=10)
        check(f"does not listen on {listen}", done.returncode == 1, done.stderr)
    front = Server(program, "tls=1", listen="unix:HOME/s")
    a = talk(front, get("/echo/x", "X-Forwarded-For: 10.0.0.9, 203.0.113.7"))
    check("the front's word for the address", b"client=203.0.113.7" in a.body, a)
    check("Secure cookies behind a front", "; Secure" in talk(front, get("/cookie"))["set-cookie"])
    front.stop()
    front.remove()


def main():
    program = sys.argv[1]
    server = Server(program)
    for part in (malformed, chunk_forms, answers, bodies, huge, lives, statics):
        part(server)
    check("the server lives", server.child.poll() is None)
    log = server.text_of_log()
    check("the log has no query and no body", "%E4" not in log and "a=1" not in log)
    check("ends well", server.stop() == 0)
    server.remove()
    crawlers(program)
    stopping(program)
    listening(program)
    finish()


main()
