#!/usr/bin/env python3
"""bench_import: a file of a million market entities into the register by `sishi import`, as a ratio to what the
`sqlite3` shell needs for the same file.

    bench_import.py SISHI [ROWS]

Three tables are the measure: the file's columns as they are with a unique index of the code; the same with indexes of
region, name and industry; and with an index of parts of names besides (FTS5 trigrams), which is what the register can
be searched by. What none of them does: check codes, dates and divisions, keep former holders of codes, go on after a
stop. The rounds take turns; the best of each counts. Exits 1 when a row is missing.
"""
import csv
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

SISHI, ROWS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
ROUNDS = 3
SET, WEIGHTS = "0123456789ABCDEFGHJKLMNPQRTUWXY", [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
ORGANISATION = [3, 7, 9, 10, 5, 8, 4, 2]
HEADER = ["uscc", "name", "class", "status", "region", "industry", "established_on", "premises", "capital", "representative"]
REGIONS = ["430102", "430103", "430104", "430121", "430181", "430202", "430302", "430405", "430502", "430602"]
INDUSTRIES = ["F5211", "F5212", "H6210", "C1311", "I6511", "O8051", "F5121", "L7211", "M7310", "R8890"]
SYLLABLES = "安邦昌达恩丰广恒华佳康利隆茂宁鹏荣盛泰祥兴源永泽"


def code(i):
    body = f"YD{i:06d}"
    check = 11 - sum(w * int(c, 36) for w, c in zip(ORGANISATION, body)) % 11
    head = "91" + REGIONS[i % len(REGIONS)] + body + ("0" if check == 11 else "X" if check == 10 else str(check))
    return head + SET[-sum(w * SET.index(c) for w, c in zip(WEIGHTS, head)) % 31]


def write_rows(path):
    rng, order = random.Random(1), list(range(ROWS))
    rng.shuffle(order)
    with path.open("w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(HEADER)
        for i in order:
            name = "长沙" + "".join(rng.choices(SYLLABLES, k=4)) + "商贸有限公司"
            out.writerow([code(i), name, "company", "active", REGIONS[i % 10], rng.choice(INDUSTRIES),
                          f"20{rng.randrange(25):02d}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
                          f"芙蓉区五一大道{rng.randrange(1, 900)}号", rng.randrange(10, 5000) * 1000, "张" + rng.choice(SYLLABLES)])


def shell(folder, rows, indexes):
    db = folder / "shell.db"
    db.unlink(missing_ok=True)
    columns = ", ".join(f"{c} TEXT" for c in HEADER)
    script = ["PRAGMA journal_mode=WAL;", f"CREATE TABLE e ({columns});", *indexes, ".mode csv", f".import --skip 1 {rows} e",
              "SELECT count(*) FROM e;"]
    begun = time.monotonic()
    done = subprocess.run(["sqlite3", str(db)], input="\n".join(script), text=True, capture_output=True, check=True)
    seconds = time.monotonic() - begun
    assert done.stdout.split()[-1] == str(ROWS), done
    return seconds


def ours(folder, rows):
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    base = [SISHI, "--lang", "en", "--data", str(data)]
    for name, role, by in (("root", "system_admin", []), ("wang", "registrar", ["--as", "root"])):
        subprocess.run([base[0], "account", "add", name, "--role", role, *base[1:], *by], input="Secret-words-1\n", text=True,
                       stdout=subprocess.DEVNULL, check=True)
    begun = time.monotonic()
    done = subprocess.run([SISHI, "import", str(rows), "--as", "wang", "--quiet", *base[1:]], text=True, capture_output=True)
    seconds = time.monotonic() - begun
    assert f"{ROWS} rows: {ROWS} added" in done.stdout, done
    return seconds


BARE = ["CREATE UNIQUE INDEX e_uscc ON e (uscc);"]
SEARCHED = [*BARE, "CREATE INDEX e_region ON e (region);", "CREATE INDEX e_name ON e (name);",
            "CREATE INDEX e_industry ON e (industry);"]

BY_PARTS = [*SEARCHED, "CREATE VIRTUAL TABLE f USING fts5(name, content='e', tokenize='trigram', detail=none);",
            "CREATE TRIGGER t AFTER INSERT ON e BEGIN INSERT INTO f(rowid, name) VALUES (new.rowid, new.name); END;"]


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as where:
        folder = pathlib.Path(where)
        rows = folder / "rows.csv"
        write_rows(rows)
        best = {}
        for _ in range(ROUNDS):
            for what, run in (("sishi", lambda: ours(folder, rows)), ("code index", lambda: shell(folder, rows, BARE)),
                              ("four indexes", lambda: shell(folder, rows, SEARCHED)),
                              ("parts of names", lambda: shell(folder, rows, BY_PARTS))):
                best[what] = min(best.get(what, 1e9), run())
        print(f"{ROWS} rows, {rows.stat().st_size >> 20} MiB")
        for what, seconds in best.items():
            print(f"{what:14} {ROWS / seconds / 1000:8.0f} thousand rows/s   sishi takes {best['sishi'] / seconds:5.2f} of its time")


main()
