#!/usr/bin/env python3
"""A whole database moved from engine to engine and back, by the program itself: the digests stay, and a change of
any one value shows. On PostgreSQL the program's own story through its socket is told too.

    test_copy.py SISHI SERVER_TEST
"""
import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

SISHI, SERVER_TEST = sys.argv[1:3]
SERVER, ONLY = os.environ.get("SISHI_TEST_PG"), os.environ.get("SISHI_TEST_STORE")
passed = failed = made = 0


def check(what, good):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("FAIL", what)


def sishi(*words, code=0):
    done = subprocess.run([SISHI, *words], capture_output=True, text=True, timeout=120)
    if done.returncode != code:
        print(f"FAIL sishi {' '.join(words)}: exit {done.returncode}, not {code}: {done.stderr.strip()}")
    check(f"exit of {words}", done.returncode == code)
    return done


def digest(url):
    return json.loads(sishi("copy", "--digest", "--json", url).stdout)


@contextlib.contextmanager
def schema():
    """The URL of an empty place on the server."""
    global made
    made += 1
    name = f"copy_{os.getpid()}_{made}"
    psql = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", SERVER, "-c"]
    subprocess.run([*psql, f"CREATE SCHEMA {name}"], check=True)
    yield f"postgres:{SERVER} options=-csearch_path={name}"
    subprocess.run([*psql, f"DROP SCHEMA {name} CASCADE"], check=True, stderr=subprocess.DEVNULL)


def story(first, folder, through):
    """first -> through -> a file: all the same."""
    back = f"sqlite:{folder}/back.db"
    want = digest(first)
    check("a province was made", sum(t["rows"] for t in want["tables"]) > 1000)
    for source, target in ((first, through), (through, back)):
        out = sishi("copy", "--json", source, target)
        check("the copy says the same digests", json.loads(out.stdout) == want)
        check("and that they are the same", "same on both sides" in out.stderr)
    check("digest of the copy", digest(through) == want)
    check("digest of the copy's copy", digest(back) == want)
    refused = sishi("copy", first, through, code=4)
    check("a target that is not empty is named", "not empty" in refused.stderr or "not new" in refused.stderr)
    return back, want


DAMAGE = [  # each changes one table's digest and no other's
    ("entity", "UPDATE entity SET premises = COALESCE(premises, '') || 'x' WHERE home = (SELECT MAX(home) FROM entity)"),
    ("grade", "DELETE FROM grade WHERE home = (SELECT MAX(home) FROM grade)"),
    ("dept", "UPDATE dept SET parent = NULL WHERE code = (SELECT code FROM dept WHERE parent IS NOT NULL LIMIT 1)"),
]


def damage(path, want):
    for table, sql in DAMAGE:
        with contextlib.closing(sqlite3.connect(path)) as db:
            check(f"{table} was changed", db.execute(sql).rowcount == 1)
            db.commit()
        got = digest(f"sqlite:{path}")
        differ = [a["name"] for a, b in zip(got["tables"], want["tables"]) if a != b]
        check(f"{table} differs, not {differ}", differ == [table] and got["sha256"] != want["sha256"])
        want = got


with tempfile.TemporaryDirectory() as folder:
    first = f"sqlite:{folder}/sishi.db"
    sishi("demo", "--data", folder, "--entities", "2000", "--quiet")
    if ONLY != "postgres":
        back, want = story(first, folder, f"sqlite:{folder}/through.db")
        damage(back.partition(":")[2], want)
        sishi("copy", f"sqlite:{folder}/none.db", f"sqlite:{folder}/x.db", code=5)
        sishi("copy", first, code=2)
        sishi("copy", "--digest", first, first, code=2)
        check("help", "one snapshot" in sishi("copy", "--help").stdout)
    if SERVER and ONLY != "sqlite":
        print("on PostgreSQL")
        pathlib.Path(folder, "back.db").unlink(missing_ok=True)
        with schema() as url:
            story(first, folder, url)
        with schema() as url, tempfile.TemporaryDirectory() as data:
            env = dict(os.environ, SISHI_DB=url, SISHI_DATA=data)
            told = subprocess.run([sys.executable, SERVER_TEST, SISHI], env=env, capture_output=True, text=True, timeout=300)
            check("the server's story on PostgreSQL", told.returncode == 0 and " 0 failed" in told.stdout)
            if told.returncode != 0:
                print(told.stdout, told.stderr)
    elif ONLY != "sqlite":
        print("SKIPPED: PostgreSQL: SISHI_TEST_PG names no server")

print(f"{passed} passed, {failed} failed")
sys.exit(bool(failed))
