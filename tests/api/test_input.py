#!/usr/bin/env python3
"""What the API does with input that is not what it asks for: one clear problem that names the thing, nothing kept, memory flat.

    test_input.py SISHI
"""
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "http"))
from lib import check, eventually, finish, read_answer, rss_kb  # noqa: E402

SISHI = sys.argv[1]
JSON = "Content-Type: application/json"
GOOD = b'{"codes":["91350100M000100Y43"]}'
# what it is, headers, body, status, code, a word of the detail: all to POST /api/v1/codes
BODIES = [
    ("as it should be", [JSON], GOOD, 200, None, ""),
    ("charset named", ["Content-Type: application/json; charset=UTF-8"], GOOD, 200, None, ""),
    ("charset quoted", ['Content-Type: Application/JSON; x=y; charset="utf-8"'], GOOD, 200, None, ""),
    ("charset of another script", ["Content-Type: application/json; charset=gb18030"], GOOD, 415, "MEDIA_TYPE", "UTF-8"),
    ("no type", [], GOOD, 415, "MEDIA_TYPE", "application/json"),
    ("a form", ["Content-Type: application/x-www-form-urlencoded"], b"codes=1", 415, "MEDIA_TYPE", "application/json"),
    ("compressed", [JSON, "Content-Encoding: gzip"], GOOD, 415, None, ""),
    ("GB18030 in truth", [JSON], '{"codes":["代码"]}'.encode("gb18030"), 400, "BAD_REQUEST", "byte 12"),
    ("a byte order mark", [JSON], b"\xef\xbb\xbf" + GOOD, 400, "BAD_REQUEST", "line 1"),
    ("a NUL", [JSON], b'{"codes":["9\x00"]}', 400, "BAD_REQUEST", "byte 13"),
    ("a NUL as an escape", [JSON], rb'{"codes":["9\u0000"]}', 400, "BAD_REQUEST", "line 1"),
    ("half a document", [JSON], b'{"codes":["91350100M0', 400, "BAD_REQUEST", "line 1"),
    ("two documents", [JSON], GOOD + GOOD, 400, "BAD_REQUEST", "end of file"),
    ("a member twice", [JSON], b'{"codes":["1"],"codes":["2"]}', 400, "BAD_REQUEST", "duplicate"),
    ("too deep", [JSON], b"[" * 30000 + b"]" * 30000, 400, "BAD_REQUEST", "nested over 16"),
    ("deep inside a text", [JSON], b'{"codes":["' + b"[" * 60 + b'"]}', 200, None, ""),
    ("a list for an object", [JSON], b"[]", 400, "BAD_REQUEST", "object"),
    ("nothing for an object", [JSON], b"null", 400, "BAD_REQUEST", "object"),
    ("no body", [JSON], b"", 422, "FIELD", "codes: missing"),
    ("an unknown member", [JSON], b'{"codes":["1"],"colour":1}', 422, "FIELD", "colour"),
    ("no list", [JSON], b'{"codes":"1"}', 422, "FIELD", "codes: a list"),
    ("an empty list", [JSON], b'{"codes":[]}', 422, "FIELD", "codes: 1 to 1000"),
    ("a number in the list", [JSON], b'{"codes":[1]}', 422, "FIELD", "codes"),
    ("two lines in a text", [JSON], b'{"codes":["1\\n2"]}', 422, "FIELD", "codes"),
    ("1001 codes", [JSON], json.dumps({"codes": ["1"] * 1001}).encode(), 422, "FIELD", "1 to 1000"),
    ("over the body's limit", [JSON], b" " * (1 << 20) + GOOD, 413, "TOO_LONG", "1048576"),
    ("two lengths", [JSON, "Content-Length: 7"], GOOD, 400, None, ""),
    ("an unknown field of the query", [JSON], GOOD, 200, None, ""),
]
# numbers, to POST /api/v1/tokens as the registrar: what stands for 1 in {"label":"x","days":1}
NUMBERS = ["0", "-1", "367", "1.0", "1e2", '"1"', "true", "null", "[1]", "9223372036854775807"]
TOO_BIG = ["9223372036854775808", "1e999", "99999999999999999999999999999999", "-1e999"]
QUERIES = [
    ("limit=0", "limit"), ("limit=501", "limit"), ("limit=1e3", "limit"), ("limit=%2B5", "limit"), ("limit=", "limit"), ("limit=5&limit=6", "limit: given twice"),
    ("limit=99999999999999999999", "limit"), ("status=closed", "status: one of active"), ("class=nothing", "class"), ("count=yes", "count"),
    ("sort=age", "sort: one of code, name"), ("colour=red", "colour: not known"), ("cursor=%41%42", "cursor"), ("lim%69t=5&colour=1", "lim%69t"), ("grade=E", "grade"),
]


class Program:
    def __init__(self, home):
        self.home = home
        subprocess.run([SISHI, "demo", "--data", home, "--entities", "300", "--quiet"], check=True)
        self.log = open(home + "/log", "wb")
        self.child = subprocess.Popen([SISHI, "serve", "--data", home, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.port = int(self.child.stdout.readline().rsplit(":", 1)[1])

    def token(self, name, *options):
        return subprocess.run([SISHI, "token", "make", name, "--data", self.home, "--as", "root", *options], check=True, capture_output=True, text=True).stdout.strip()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, method, path, headers=(), body=None, token=None):
        head = [f"{method} {path} HTTP/1.1", "Host: x", "Accept-Language: en", *headers]
        head += [f"Authorization: Bearer {token}"] if token else []
        head += [f"Content-Length: {len(body)}"] if body is not None else []
        with self.connect() as s:
            s.sendall("\r\n".join([*head, "", ""]).encode() + (body or b""))
            answer, _ = read_answer(s)
        answer.json = json.loads(answer.body) if "json" in (answer["content-type"] or "") else None
        return answer


def problem(what, a, status, code, word):
    good = a.status == status and (code is None or (a.json or {}).get("code") == code) and word in (a.json or {}).get("detail", "" if not word else "\0")
    check(what, good, f"{a.status} {a.body[:300]}")
    if code is not None:
        check(what + ": a problem", a["content-type"].startswith("application/problem+json") and a.json["status"] == status and a.json["request"] == a["x-request-id"], a)


def bodies(p):
    for what, headers, body, status, code, word in BODIES:
        problem(what, p.ask("POST", "/api/v1/codes", headers, body), status, code, word)
    token = p.token("registrar")
    for n in NUMBERS:
        problem(f"days {n}", p.ask("POST", "/api/v1/tokens", [JSON], b'{"label":"x","days":%s}' % n.encode(), token), 422, "FIELD", "days: a whole number from 1 to 366")
    for n in TOO_BIG:
        problem(f"days {n}", p.ask("POST", "/api/v1/tokens", [JSON], b'{"label":"x","days":%s}' % n.encode(), token), 400, "BAD_REQUEST", "line 1")
    for query, word in QUERIES:
        problem(query, p.ask("GET", "/api/v1/entities?" + query, token=token), 422, "FIELD", word)
    problem("a malformed address", p.ask("GET", "/api/v1/codes/%ff"), 400, "BAD_REQUEST", "")
    problem("no such method", p.ask("PUT", "/api/v1/codes", [JSON], b"{}"), 405, "METHOD", "PUT")
    for key in ("", "x" * 129, "a b"):
        problem(f"operation key {key[:9]!r}", p.ask("POST", "/api/v1/entities", [JSON, f"Idempotency-Key: {key}"], b"{}", token), 422, "FIELD", "Idempotency-Key")


def callers(p):
    problem("no token", p.ask("POST", "/api/v1/entities", [JSON], b"{}"), 401, "SIGNED_OUT", "")
    problem("a token that is none", p.ask("GET", "/api/v1/me", token="0" * 64), 401, "SIGNED_OUT", "")
    problem("another scheme", p.ask("GET", "/api/v1/codes/1", ["Authorization: Basic eDp5"]), 401, "SIGNED_OUT", "Bearer")
    fewer = p.token("demo", "--role", "planner")
    check("a token with fewer roles", p.ask("GET", "/api/v1/me", token=fewer).json["roles"] == ["planner"])
    problem("does less than its account", p.ask("POST", "/api/v1/entities", [JSON], b"{}", fewer), 403, "FORBIDDEN", "")
    signed = p.ask("POST", "/api/v1/session", [JSON], b'{"name":"registrar","password":"Sishi-try-2026"}')
    cookie = "Cookie: " + signed["set-cookie"].split(";")[0]
    check("a cookie that scripts cannot read", "HttpOnly" in signed["set-cookie"] and "SameSite=Lax" in signed["set-cookie"])
    problem("a session without its form token", p.ask("POST", "/api/v1/entities", [JSON, cookie], b"{}"), 403, "CSRF", "")
    problem("with another's", p.ask("POST", "/api/v1/entities", [JSON, cookie, "X-Form-Token: " + "0" * 64], b"{}"), 403, "CSRF", "")
    problem("with its own", p.ask("POST", "/api/v1/entities", [JSON, cookie, "X-Form-Token: " + signed.json["form_token"]], b"{}"), 422, "FIELD", "name: missing")
    problem("from another site", p.ask("POST", "/api/v1/entities", [JSON, cookie, "Origin: https://elsewhere.example", "X-Form-Token: " + signed.json["form_token"]], b"{}"), 403, "CSRF", "site")


def spool_empty(p):
    return not any(pathlib.Path(p.home, "spool").glob("upload-??????"))


def uploads(p):
    token = p.token("registrar")
    head = f"POST /api/v1/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: text/csv\r\n"
    before = rss_kb(p.child.pid)
    with p.connect() as s:
        s.sendall((head + f"Content-Length: {3 << 30}\r\n\r\n").encode())
        answer, _ = read_answer(s)
    check("3 GB are refused by their declared length", answer.status == 413 and b"2147483648" in answer.body, answer)
    with p.connect() as s:
        s.sendall((head.replace(token, "0" * 64) + f"Content-Length: {1 << 20}\r\n\r\n").encode())
        check("whoever may not is refused before the body", read_answer(s)[0].status == 401)
    row = "公司,91350100M000100Y43,公司,430102\n".encode() * 20000
    with p.connect() as s:
        s.sendall((head + "Transfer-Encoding: chunked\r\n\r\n").encode())
        first = "名称,代码,类型,区划\n".encode()
        for piece in [first, *[row] * 70, b""]:
            s.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        answer, _ = read_answer(s)
    check("64 MB in pieces are taken", answer.status == 201 and json.loads(answer.body)["columns"][0]["header"] == "名称", answer)
    grown = rss_kb(p.child.pid) - before
    check("and memory stays flat", grown < 16 << 10, f"{grown} kB more")
    with p.connect() as s:
        s.sendall((head + "Transfer-Encoding: chunked\r\n\r\n" + "400000\r\n").encode() + b"x" * 100000)
    check("a client that goes away leaves nothing", eventually(lambda: spool_empty(p), 5))
    with p.connect() as s:
        s.sendall(b"POST /api/v1/codes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(64):
                s.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            status = read_answer(s)[0].status
        except (EOFError, ConnectionResetError):
            status = None
    check("pieces over the limit are cut there", status in (413, None), status)
    for what, body, status in [("an empty file", b"", 422), ("bytes that are no text", bytes(range(256)) * 9, 422), ("a header alone", "名称,代码\n".encode(), 201),
                               ("two columns of one name", "名称,名称\n".encode(), 422)]:
        answer = p.ask("POST", "/api/v1/uploads", ["Content-Type: text/csv"], body, token)
        check(what, answer.status == status, f"{answer.status} {answer.body[:200]}")
    check("nothing refused is kept", eventually(lambda: spool_empty(p), 5), list(pathlib.Path(p.home, "spool").iterdir()))


def main():
    with tempfile.TemporaryDirectory() as home:
        p = Program(home)
        try:
            bodies(p)
            callers(p)
            uploads(p)
            check("and it is well", p.ask("GET", "/healthz").status == 200)
        finally:
            p.child.send_signal(signal.SIGTERM)
            check("it stops when told to", p.child.wait(20) == 0)
        check("no password and no body in the log", b"Sishi-try" not in pathlib.Path(home, "log").read_bytes())
    finish()


main()
