#!/usr/bin/env python3
"""sishi import, export and jobs on the command line: what they say, their exit codes, Ctrl-C, a full disk."""
import csv
import gzip
import io
import os
import pathlib
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import import_rows as rows
from lib import INPUT, NO, OK, REFUSED, USAGE, check, with_program

REAL = pathlib.Path(os.environ.get("SISHI_TEST_COMPANIES", ""))  # a tab-separated file of real firms, gzip; never part of the project


def accounts(p):
    p.good("account", "add", "root", "--role", "system_admin", given="Secret-words-1\n")
    p.good("account", "add", "wang", "--role", "registrar", "--as", "root", given="Secret-words-1\n")
    p.good("account", "add", "li", "--role", "planner", "--as", "root", given="Secret-words-1\n")


def counts(text):
    return {k: int(text.split(f" {k}")[0].split()[-1]) for k in ("added", "changed", "unchanged", "refused")}


def imported(p, path, *words, want=OK):
    code, out, err = p.run("import", str(path), "--as", "wang", "--json", *words)
    check(f"import of {path.name} ends with {want}", code == want, f"{code} {out} {err}")
    import json
    return json.loads(out)


def in_and_out(p):
    path = p.folder / "firms.csv"
    rows.write(path, [rows.row(i) for i in range(50)] + [rows.row(50, uscc="nothing"), rows.row(51, region="999999")])
    tried = imported(p, path, "--dry-run", want=NO)
    check("a dry run counts", (tried["added"], tried["refused"], tried["dry_run"]) == (50, 2, True), tried)
    got = imported(p, path, want=NO)
    check("50 are added, 2 refused", (got["rows"], got["added"], got["refused"]) == (52, 50, 2), got)
    errors = list(csv.reader(io.StringIO((p.folder / "data" / got["refused_rows"]).read_text())))
    check("the errors file has the file's columns and a reason", errors[0] == [*rows.HEADER, "Reason"], errors[0])
    check("each with its line", [e[-1].split(":")[0] for e in errors[1:]] == ["52", "53"], errors)
    check("the row as it stood", errors[1][:-1] == [str(v) for v in rows.row(50, uscc="nothing")], errors[1])
    again = imported(p, path, want=NO)
    check("again: nothing changes", (again["added"], again["changed"], again["unchanged"]) == (0, 0, 50), again)
    text = p.good("export", "--view", "staff", "--as", "wang", "--quiet")
    check("byte order mark and CR LF", text.startswith("\ufeff") and "\r\n" in p_bytes(p), text[:40])
    out = p.folder / "out.csv"
    p.good("export", "--view", "staff", "--as", "wang", "--out", str(out), "--lang", "zh")
    back = imported(p, out)
    check("what was exported changes nothing", (back["unchanged"], back["rows"]) == (50, 50), back)
    filtered = p.good("export", "--code", rows.code(7), "--quiet")
    check("a filter", filtered.count(rows.code(7)) == 1 and len(filtered.splitlines()) == 2, filtered)
    check("the public sees no people", "张某" not in filtered and "张某" in text)
    check("text for people", counts(p.run("import", str(path), "--as", "wang", "--lang", "en")[1])["unchanged"] == 50)


def p_bytes(p):
    done = subprocess.run([os.environ["SISHI"], "export", "--quiet", "--data", str(p.folder / "data")], capture_output=True, check=True)
    return done.stdout.decode()


def columns(p):
    path = p.folder / "odd.csv"
    path.write_bytes(f"甲列;乙列\n新公司;{rows.code(900)}\n".encode("gb18030"))
    p.refused("no column feeds a code", INPUT, "uscc", "import", str(path), "--as", "wang", "--quiet")
    got = imported(p, path, "--map", "name=甲列", "--map", "uscc=2", "--region", "430102", "--remember")
    check("columns by title and by number", got["added"] == 1, got)
    got = imported(p, path, "--region", "430102")
    check("and remembered", got["unchanged"] == 1, got)
    p.refused("no such field", USAGE, "nothing", "import", str(path), "--map", "nothing=1", "--as", "wang", "--quiet")
    p.refused("no such column", USAGE, "丙", "import", str(path), "--map", "name=丙", "--as", "wang", "--quiet")
    p.refused("no such division", INPUT, "region", "import", str(path), "--region", "999999", "--as", "wang", "--quiet")
    p.refused("no account named", USAGE, "--as", "import", str(path))
    p.refused("a planner", REFUSED, "", "import", str(path), "--as", "li", "--quiet")
    p.refused("no such job", INPUT, "", "job", "0000000000001", "--as", "wang")
    check("no jobs yet", p.json("jobs", "--as", "wang") == [])


def stopped(p):
    """Ctrl-C: the batch under way is committed, the same file again does the rest."""
    path = p.folder / "many.csv"
    total = 120000
    rows.write(path, (rows.row(1000 + i) for i in range(total)))
    words = [os.environ["SISHI"], "import", str(path), "--as", "wang", "--json", "--data", str(p.folder / "data")]
    run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=p.env)
    for _ in range(400):  # until the first batch is on the disk
        if int(p.json("show", rows.code(1000)) is not None) if p.run("show", rows.code(1000), "--json")[0] == OK else False:
            break
        if run.poll() is not None:
            break
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=100)
    import json
    got = json.loads(out)
    check("Ctrl-C stops with 1, or came too late", run.returncode == (NO if got["cancelled"] else OK), err)
    check("what was read is entered", got["added"] == got["rows"] > 0, got)
    rest = imported(p, path)
    check("the same file again does the rest", (rest["added"], rest["unchanged"]) == (total - got["added"], got["added"]), rest)


def full_disk(p):
    """No room for the errors file: one clear error, nothing of the batch is entered, and it can be done again."""
    path = p.folder / "bad.csv"
    rows.write(path, [rows.row(i, uscc="bad") for i in range(4000)])

    def narrow():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = subprocess.run([os.environ["SISHI"], "import", str(path), "--dry-run", "--as", "wang", "--quiet", "--data", str(p.folder / "data")],
                          capture_output=True, text=True, env=p.env, preexec_fn=narrow, timeout=100)
    check("a full disk is said", done.returncode == 5 and "results/" in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr)
    got = imported(p, path, want=NO)
    check("with room it goes", got["refused"] == 4000, got)


def real_firms(p):
    if not REAL.is_file():
        print("SKIPPED: real firms; SISHI_TEST_COMPANIES names no file")
        return
    path = p.folder / "real.tsv"
    path.write_bytes(gzip.open(REAL).read())
    got = imported(p, path, want=NO)
    check("nearly all real firms are entered", got["added"] > 0.999 * got["rows"] > 90000, got)
    again = imported(p, path, want=NO)
    check("and once", (again["added"], again["unchanged"]) == (0, got["added"] + got["changed"] + got["unchanged"]), again)


def story(p):
    accounts(p)
    in_and_out(p)
    columns(p)
    stopped(p)
    full_disk(p)
    real_firms(p)


with_program(story)
