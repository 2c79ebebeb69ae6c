"""A small test harness on the standard library: starts the server under test, talks raw bytes."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PASS, FAIL = [], []


def check(what, good, seen=""):
    (PASS if good else FAIL).append(what)
    if not good:
        print(f"FAIL {what}: {seen!r}"[:600], flush=True)


def finish():
    print(f"{len(PASS)} passed, {len(FAIL)} failed")
    raise SystemExit(1 if FAIL else 0)


class Server:
    """The program under test in a folder of its own."""

    def __init__(self, program, *options, listen="127.0.0.1:0"):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="sishi-http-"))
        self.spool = self.home / "spool"
        self.spool.mkdir()
        self.log = open(self.home / "log", "wb")
        listen = listen.replace("HOME", str(self.home))
        self.child = subprocess.Popen([program, listen, str(self.spool), *options],
                                      stdout=subprocess.PIPE, stderr=self.log)
        self.address = self.child.stdout.readline().decode().strip()
        if not self.address:
            raise SystemExit("the server did not start: " + self.text_of_log())

    def text_of_log(self):
        return (self.home / "log").read_text(errors="replace")

    def port(self):
        return int(self.address.rsplit(":", 1)[1])

    def connect(self, timeout=5.0):
        if self.address.startswith("unix:"):
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(timeout)
            s.connect(self.address[5:])
            return s
        return socket.create_connection(("127.0.0.1", self.port()), timeout=timeout)

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(timeout=20)
        self.log.close()
        return code

    def remove(self):
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        shutil.rmtree(self.home, ignore_errors=True)


class Answer:
    def __init__(self, status, headers, body, closed):
        self.status, self.headers, self.body, self.closed = status, headers, body, closed

    def __getitem__(self, name):
        return self.headers.get(name.lower(), [None])[0]

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:200]!r} closed={self.closed}"


def _more(s, data):
    got = s.recv(65536)
    if not got:
        raise EOFError
    return data + got


def read_answer(s, data=b"", head=False):
    """One answer and what was read behind it. Raises EOFError when the peer closes before it ends."""
    while b"\r\n\r\n" not in data:
        data = _more(s, data)
    top, data = data.split(b"\r\n\r\n", 1)
    lines = top.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers.setdefault(name.lower(), []).append(value.strip())
    status = int(lines[0].split()[1])
    body = b""
    if head or status in (304, 204) or status < 200:
        pass
    elif "chunked" in headers.get("transfer-encoding", []):
        while True:
            while b"\r\n" not in data:
                data = _more(s, data)
            size, data = data.split(b"\r\n", 1)
            n = int(size, 16)
            while len(data) < n + 2:
                data = _more(s, data)
            body, data = body + data[:n], data[n + 2:]
            if n == 0:
                break
    elif "content-length" in headers:
        n = int(headers["content-length"][0])
        while len(data) < n:
            data = _more(s, data)
        body, data = data[:n], data[n:]
    else:
        try:
            while True:
                data = _more(s, data)
        except EOFError:
            body, data = data, b""
    return Answer(status, headers, body, False), data


def ends(s, within=2.0):
    """Whether the peer closes."""
    s.settimeout(within)
    try:
        while s.recv(65536):
            pass
        return True
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def talk(server, raw, head=False, timeout=5.0):
    """Sends bytes on a fresh connection, returns the first answer (None: closed without one)."""
    s = server.connect(timeout)
    try:
        s.sendall(raw)
        answer, rest = read_answer(s, head=head)
        answer.rest = rest
        return answer
    except (EOFError, ConnectionResetError, BrokenPipeError):
        return None
    finally:
        s.close()


def get(path, *headers, method="GET", host="x"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode()


def post(path, body, *headers):
    return get(path, f"Content-Length: {len(body)}", *headers, method="POST") + body


def rss_kb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    return 0


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def eventually(fn, within=3.0):
    end = time.monotonic() + within
    while time.monotonic() < end:
        if fn():
            return True
        time.sleep(0.05)
    return bool(fn())


def exists(path):
    return os.path.exists(path)
