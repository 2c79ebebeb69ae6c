#!/usr/bin/env python3
"""A program that is killed in the middle of an import, many times at random moments: what it is started again for ends as
an import that nothing disturbed. Once by hand (the same command again), once as a job of the serving program, which
goes on by itself from where it was."""
import csv
import json
import os
import pathlib
import random
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import import_rows as rows
from lib import NO, OK, Program, check, with_program

ROWS, PADDING, BAD_EACH = 30000, "x" * 900, 50


def accounts(p):
    p.folder.mkdir()
    p.good("account", "add", "root", "--role", "system_admin", given="Secret-words-1\n")
    p.good("account", "add", "wang", "--role", "registrar", "--as", "root", given="Secret-words-1\n")


def make_file(path):
    """Some 27 MiB, so that there are several batches; the last column feeds nothing."""
    with path.open("w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow([*rows.HEADER, "remark"])
        for i in range(ROWS):
            out.writerow([*(rows.row(i, uscc="bad") if i % BAD_EACH == 7 else rows.row(i)), PADDING])


def state(p):
    """The register as it is, without what depends on when it was written."""
    return p.good("export", "--view", "staff", "--as", "wang", "--quiet")


def undisturbed(folder, path):
    p = Program(folder)
    accounts(p)
    code, out, err = p.run("import", str(path), "--as", "wang", "--json", "--lang", "en")
    got = json.loads(out)
    check("undisturbed", code == NO and got["added"] == ROWS - ROWS // BAD_EACH, err)
    return p, got, (p.folder / "data" / got["refused_rows"]).read_bytes()


def killed_by_hand(p, path, want, rng):
    words = [os.environ["SISHI"], "import", str(path), "--as", "wang", "--json", "--data", str(p.folder / "data")]
    kills, done = 0, None
    while done is None:
        run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=p.env)
        try:
            out, _ = run.communicate(timeout=rng.uniform(0.02, 0.2 + 0.04 * kills))
            done = json.loads(out)
        except subprocess.TimeoutExpired:
            run.kill()
            run.communicate()
            kills += 1
    check("by hand: it was killed", kills >= 2, kills)
    check("by hand: the end is the same", state(p) == want)
    check("by hand: each row is counted in the last run", done["rows"] == ROWS, done)
    print(f"by hand: killed {kills} times")


def serve_until(p, job, seconds):
    """Serves for so long and is killed, unless the job ends before."""
    run = subprocess.Popen([os.environ["SISHI"], "serve", "--listen", "127.0.0.1:0", "--data", str(p.folder / "data")],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=p.env)
    run.stdout.readline()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.01)
    run.kill()
    run.communicate()
    return p.json("job", job, "--as", "wang")


def killed_as_a_job(p, path, got, errors, want, rng):
    job = p.good("import", str(path), "--as", "wang", "--job", "--lang", "en").strip()
    kills, cursors = 0, set()
    now = p.json("job", job, "--as", "wang")
    check("the job waits", now["state"] == "waiting", now)
    while now["state"] in ("waiting", "running") and kills < 200:
        now = serve_until(p, job, rng.uniform(0.02, 0.2 + 0.06 * kills))
        cursors.add(now["done"])
        kills += 1
    check("the job is done", now["state"] == "done", now)
    check("it was killed on the way", kills >= 3 and len(cursors) >= 2, (kills, cursors))
    same = {k: got[k] for k in ("rows", "added", "changed", "unchanged", "refused")}
    check("its counts are the same", {k: now["counts"][k] for k in same} == same, now)
    check("its errors file is the same, byte for byte", (p.folder / "data" / now["result"]).read_bytes() == errors)
    check("the register is the same", state(p) == want)
    check("its file is gone", not any((p.folder / "data" / "imports").iterdir()))
    print(f"as a job: killed {kills} times at {len(cursors)} places")


def story(p):
    seed = int(os.environ.get("SISHI_TEST_SEED", time.time_ns() % 10**6))
    rng, path = random.Random(seed), p.folder / "firms.csv"
    print("SISHI_TEST_SEED =", seed)
    make_file(path)
    calm, got, errors = undisturbed(p.folder / "calm", path)
    want = state(calm)
    for name, run in (("hand", lambda q: killed_by_hand(q, path, want, rng)),
                      ("job", lambda q: killed_as_a_job(q, path, got, errors, want, rng))):
        q = Program(p.folder / name)
        accounts(q)
        run(q)


with_program(story)
