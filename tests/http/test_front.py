#!/usr/bin/env python3
"""The shipped nginx configuration in front of the server, over a unix socket, as it stands but for
paths and ports. usage: test_front.py ECHO_SERVER DEPLOY_FOLDER"""
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import warnings

from lib import Server, check, eventually, finish, free_port, get, post, read_answer

MAIN = """
daemon off;
worker_processes 1;
pid {home}/nginx.pid;
error_log {home}/error.log info;
events {{ worker_connections 512; }}
http {{
    types {{ text/html html; }}
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    include {home}/sishi.conf;
}}
"""

warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.1 is asked for, to see it refused


class Front:
    def __init__(self, shipped, upstream):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="sishi-front-"))
        self.http, self.https = free_port(), free_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", self.home / "key.pem", "-out", self.home / "cert.pem", "-days", "2", "-subj",
                        "/CN=sishi.example", "-addext", "subjectAltName=DNS:sishi.example"], check=True, capture_output=True)
        text = shipped.read_text()
        for old, new in [
            ("unix:/run/sishi/http.sock", upstream), ("/etc/sishi/tls/fullchain.pem", f"{self.home}/cert.pem"),
            ("/etc/sishi/tls/key.pem", f"{self.home}/key.pem"), ("/var/log/nginx/sishi.log", f"{self.home}/access.log"),
            ("listen 80;", f"listen 127.0.0.1:{self.http};"), ("listen [::]:80;", ""),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{self.https} ssl http2;"), ("listen [::]:443 ssl http2;", ""),
        ]:
            check(f"nginx.conf has {old}", old in text)
            text = text.replace(old, new)
        (self.home / "sishi.conf").write_text(text)
        (self.home / "nginx.conf").write_text(("user root;" if os.geteuid() == 0 else "") + MAIN.format(home=self.home))
        nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        self.words = [nginx or "nginx", "-p", str(self.home), "-e", f"{self.home}/error.log", "-c", f"{self.home}/nginx.conf"]
        tried = subprocess.run([*self.words, "-t"], capture_output=True, text=True)
        check("nginx -t", tried.returncode == 0, tried.stderr)
        check("nginx -t warns of nothing", "[warn]" not in tried.stderr and "[emerg]" not in tried.stderr, tried.stderr)
        self.child = subprocess.Popen(self.words, stderr=subprocess.DEVNULL)
        self.tls = ssl.create_default_context(cafile=str(self.home / "cert.pem"))
        check("the front starts", eventually(self.up, 10))

    def up(self):
        try:
            socket.create_connection(("127.0.0.1", self.https), timeout=1).close()
            return True
        except OSError:
            return False

    def connect(self, alpn=("http/1.1",), version=None):
        context = self.tls
        if version or alpn != ("http/1.1",):
            context = ssl.create_default_context(cafile=str(self.home / "cert.pem"))
        context.set_alpn_protocols(list(alpn))
        if version:
            context.minimum_version = context.maximum_version = version
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=10)
        return context.wrap_socket(plain, server_hostname="sishi.example")

    def stop(self):
        self.child.terminate()
        self.child.wait(timeout=10)
        shutil.rmtree(self.home, ignore_errors=True)


def ask(front, raw, head=False):
    s = front.connect()
    try:
        s.sendall(raw)
        return read_answer(s, head=head)[0]
    except (EOFError, ConnectionResetError, BrokenPipeError, ssl.SSLError) as e:
        print("note:", repr(e))
        return None
    finally:
        s.close()


def req(path, *headers, method="GET"):
    return get(path, *headers, method=method, host="sishi.example")


def proxying(front):
    a = ask(front, req("/echo/a%20b?a=1", "X-Forwarded-For: 6.6.6.6", "X-Test: t"))
    check("through the front", a and a.status == 200 and b"seg=a b\n" in a.body and b"header=t\n" in a.body, a)
    check("the client's word for its address is not passed on", b"client=127.0.0.1\n" in a.body, a)
    check("security headers pass", "default-src 'self'" in a["content-security-policy"], a)
    check("HSTS", (a["strict-transport-security"] or "").startswith("max-age="), a)
    check("the front names no version", a["server"] in (None, "nginx"), a["server"])
    check("Secure cookies", "; Secure" in ask(front, req("/cookie"))["set-cookie"])
    check("a POST passes", b"body=3:abc" in ask(front, post("/echo/x", b"abc", "X: y")).body)
    check("a failure passes", ask(front, req("/denied")).status == 403)
    check("a stream passes", ask(front, req("/stream/2000")).body.count(b"\n") == 2000)
    check("a static arrives compressed", ask(front, req("/s/app.css", "Accept-Encoding: gzip"))["content-encoding"] == "gzip")
    check("metrics are not for the outside", ask(front, req("/metrics")).status == 404)
    check("health", ask(front, req("/healthz")).status == 200)
    s = socket.create_connection(("127.0.0.1", front.http), timeout=5)
    s.sendall(req("/echo/x?a=1"))
    a, _ = read_answer(s)
    s.close()
    check("plain HTTP is sent to TLS", a.status == 308 and a["location"] == "https://sishi.example/echo/x?a=1", a)
    s = front.connect(alpn=("h2", "http/1.1"))
    check("HTTP/2 is offered", s.selected_alpn_protocol() == "h2", s.selected_alpn_protocol())
    s.close()
    done = subprocess.run(["curl", "-sk", "--http2", "-m", "10", "-o", "/dev/null", "-w", "%{http_version} %{http_code}",
                           "--resolve", f"sishi.example:{front.https}:127.0.0.1", f"https://sishi.example:{front.https}/echo/x"],
                          capture_output=True, text=True) if shutil.which("curl") else None
    check("HTTP/2 works", done is None or done.stdout in ("2 200", "2.0 200"), done)
    for version, good in ((ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_1, False)):
        try:
            front.connect(version=version).close()
            spoken = True
        except (ssl.SSLError, OSError):
            spoken = False
        check(f"{version.name} is spoken: {good}", spoken == good)


def limits(front, server):
    a = ask(front, req("/echo/x", "Content-Length: 3221225472", method="POST"))
    check("3 GB: 413 by the front", a and a.status == 413, a)
    a = ask(front, post("/echo/x", b"y" * 1001, "X: y"))
    check("over the route's limit: 413 by the server", a and a.status == 413 and b"TOO_LONG" in a.body, a)
    a = ask(front, req("/api/v1/imports", "Content-Length: 3221225472", method="POST"))
    check("imports take no 3 GB either", a and a.status == 413, a)
    a = ask(front, post("/api/v1/imports", b"y" * 3_000_000, "X: y"))
    check("imports take more than a page does", a and a.status == 404, a)  # the echo server has no such route
    for what, raw in [("two Content-Length", req("/echo/x", "Content-Length: 1", "Content-Length: 2", method="POST") + b"xx"),
                      ("both lengths", req("/echo/x", "Content-Length: 5", "Transfer-Encoding: chunked", method="POST") + b"0\r\n\r\n"),
                      ("NUL", req("/echo/x", "X-A: a\0b")), ("no Host", b"GET /echo/x HTTP/1.1\r\n\r\n")]:
        a = ask(front, raw)
        check(f"{what}: 400", a and a.status == 400, a)
    statuses = []
    def burst():
        s = front.connect()
        for _ in range(30):
            s.sendall(req("/empty"))
            statuses.append(read_answer(s)[0].status)
        s.close()
    threads = [threading.Thread(target=burst) for _ in range(12)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    check("a flood from one address is slowed", 150 <= statuses.count(200) < 330 and 429 in statuses, (statuses.count(200), statuses.count(429)))
    time.sleep(1)
    statuses = [ask(front, req("/sign-in")).status for _ in range(40)]
    check("sign-in is slowed sooner", 404 in statuses and 429 in statuses, statuses)
    check("nothing stays in the spool", eventually(lambda: not list(server.spool.iterdir())))


def main():
    program, deploy = sys.argv[1], pathlib.Path(sys.argv[2])
    server = Server(program, "tls=1", listen="unix:HOME/http.sock")
    front = Front(deploy / "nginx.conf", server.address)
    try:
        proxying(front)
        limits(front, server)
        log = (front.home / "access.log").read_text()
        check("the front's log has no address and no query", "127.0.0.1" not in log and "a=1" not in log, log[:300])
        check("the front's log has request ids", log.count("/echo/x 200") >= 1 and any(len(l.split()[-1]) == 13 for l in log.splitlines()), log[:300])
        server.stop()
        a = ask(front, req("/empty"))
        check("502 while the server is away", a and a.status == 502, a)
    finally:
        front.stop()
        server.remove()
    finish()


main()
