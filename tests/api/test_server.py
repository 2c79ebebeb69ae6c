#!/usr/bin/env python3
"""The whole program on a demo province, through its socket: signing in, form tokens, who may see what.

    test_server.py SISHI
"""
import http.client
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import urllib.parse

SISHI = sys.argv[1]
FIRST = "92430102YD0000005Q"  # of seed 1
passed = failed = 0


def check(what, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAIL", what)


class Client:
    def __init__(self, address):
        self.where, self.cookies = urllib.parse.urlsplit(address).netloc, {}

    def ask(self, method, path, form=None, **headers):
        c = http.client.HTTPConnection(self.where, timeout=20)
        head = {k.replace("_", "-"): v for k, v in headers.items()}
        if self.cookies:
            head["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        body = urllib.parse.urlencode(form) if form is not None else None
        if body is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        c.request(method, path, body, head)
        r = c.getresponse()
        text = r.read().decode()
        for k, v in r.getheaders():
            if k.lower() == "set-cookie":
                name, _, value = v.split(";")[0].partition("=")
                self.cookies[name] = value
        return r.status, text, r

    def sign_in(self, name, password, **headers):
        return self.ask("POST", "/sign-in", {"name": name, "password": password}, **headers)[0]


def story(address):
    public = Client(address)
    check("well", public.ask("GET", "/healthz")[0] == 200)
    status, text, r = public.ask("GET", "/")
    check("start page in Chinese", status == 200 and 'lang="zh-CN"' in text)
    check("start page in English", 'lang="en"' in Client(address).ask("GET", "/?lang=en")[1])
    check("pages may not be framed or run foreign script", "default-src 'self'" in r.getheader("Content-Security-Policy", ""))
    check("unknown page", public.ask("GET", "/nowhere")[0] == 404)
    check("unknown API path is JSON", json.loads(public.ask("GET", "/api/v1/nowhere")[1])["code"] == "NO_ROUTE")
    check("right code", json.loads(public.ask("GET", "/api/v1/codes/91350100M000100Y43")[1])["valid"] is True)
    wrong = json.loads(public.ask("GET", "/api/v1/codes/9135010OM000100Y43")[1])
    check("wrong code, its place and correction", wrong["position"] == 8 and wrong["suggestion"] == "91350100M000100Y43")
    status, text, _ = public.ask("GET", f"/api/v1/entities/{FIRST}")
    check("an entity is public", status == 200 and json.loads(text)["region"] == "430102")
    check("its grade is not", json.loads(text)["grade"] is None)
    check("no such entity", public.ask("GET", "/api/v1/entities/91350100M000100Y43")[0] == 404)
    check("no code at all", public.ask("GET", "/api/v1/entities/91350100M000100Y44")[0] == 422)
    check("me needs an account", public.ask("GET", "/api/v1/me")[0] == 401)
    check("a made-up token is refused, not the public", public.ask("GET", f"/api/v1/entities/{FIRST}", Authorization="Bearer " + "0" * 64)[0] == 401)
    check("wrong password", public.sign_in("planner", "nonsense") == 401)
    check("another site's form", public.sign_in("planner", "Sishi-try-2026", Origin="http://elsewhere.example") == 403)
    check("another site's form, by fetch metadata", public.sign_in("planner", "Sishi-try-2026", Sec_Fetch_Site="cross-site") == 403)

    staff = Client(address)
    check("sign in", staff.sign_in("planner", "Sishi-try-2026") == 303)
    check("who am I", json.loads(staff.ask("GET", "/api/v1/me")[1])["roles"] == ["planner"])
    check("staff see the grade", json.loads(staff.ask("GET", f"/api/v1/entities/{FIRST}")[1]).get("grade") in list("ABCD"))
    check("a write without the form token", staff.ask("POST", "/sign-out", {})[0] == 403)
    token = re.search(r'name="_token" value="([0-9a-f]{64})"', staff.ask("GET", "/")[1])
    check("pages carry the form token", token)
    check("with another's token", staff.ask("POST", "/sign-out", {"_token": "0" * 64})[0] == 403)
    kept = dict(staff.cookies)
    check("sign out", staff.ask("POST", "/sign-out", {"_token": token[1]})[0] == 303)
    staff.cookies = kept
    check("the session is over, whoever kept the cookie", staff.ask("GET", "/api/v1/me")[0] == 401)
    for _ in range(5):
        public.sign_in("witness", "nonsense")
    check("five failures lock", public.sign_in("witness", "Sishi-try-2026") == 423)


def main():
    with tempfile.TemporaryDirectory() as work:
        subprocess.run([SISHI, "demo", "--data", work, "--entities", "300", "--quiet"], check=True)
        with open(pathlib.Path(work) / "log", "wb") as log:
            server = subprocess.Popen([SISHI, "serve", "--data", work, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=log, text=True)
            try:
                story(server.stdout.readline().split()[1])
            finally:
                server.send_signal(signal.SIGTERM)
                check("it stops when told to", server.wait(20) == 0)
        check("no password and no token in the log", b"Sishi-try" not in (pathlib.Path(work) / "log").read_bytes())
    print(f"{passed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
