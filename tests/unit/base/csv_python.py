#!/usr/bin/env python3
"""csv.c against Python's csv module: the same fields of well-formed files, and a fault exactly where the strict
reader has one.

    csv_python.py CSV_DUMP
"""
import csv
import io
import random
import subprocess
import sys

ROUNDS = 300
WORDS = ["", "a", "12", "株洲", "x,y", "x;y", "t\tt", 'say "no"', '"', '""', "two\nlines", "two\r\nlines", " a ", "é", "𠮷"]
PIECES = ["a", ",", ",", '"', '"', '""', "\n", "\r\n", "株", ",,", "\n\n"]


def ours(text, separator, chunk):
    out = subprocess.run([sys.argv[1], separator, str(chunk)], input=text.encode(), capture_output=True, check=True).stdout
    return out.decode().split("\n")[:-1]


def hexed(rows):
    return [",".join(f.encode().hex() for f in row) for row in rows]


def well_formed(rng):
    separator = rng.choice(",;\t")
    to = io.StringIO(newline="")
    writer = csv.writer(to, delimiter=separator, lineterminator=rng.choice(["\n", "\r\n"]),
                        quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    rows = [[rng.choice(WORDS) for _ in range(rng.randint(1, 9))] for _ in range(rng.randint(1, 20))]
    for row in rows:
        writer.writerow(row)
    text = to.getvalue()
    text = text.rstrip("\r\n") if rng.random() < 0.3 and not text.endswith('""') and rows[-1][-1] not in ("", "two\n") else text
    return text, separator, rows


def strict(text):
    try:
        return [row or [""] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error:
        return None


def main():
    rng, wrong, faults = random.Random(20261125), 0, 0
    for i in range(ROUNDS):
        text, separator, rows = well_formed(rng)
        got = ours(text, separator, rng.choice([1, 7, 1 << 22]))
        if got != hexed(rows):
            wrong += 1
            print("differs:", repr(text), got, hexed(rows))
        text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 14)))
        want, got = strict(text), ours(text, ",", rng.choice([1, 3, 1 << 22]))
        faults += want is None
        if (want is None) != any(g.startswith("!") for g in got) or want is not None and got != hexed(want):
            wrong += 1
            print("differs:", repr(text), got, want)
    print(f"{2 * ROUNDS} files, {faults} of them faulty, {wrong} differ")
    return wrong > 0 or not 20 < faults < ROUNDS - 20


sys.exit(main())
