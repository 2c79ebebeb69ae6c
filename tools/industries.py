#!/usr/bin/env python3
"""industries: writes definitions/industries.tsv, the code table of GB/T 4754-2017.

usage: tools/industries.py TABLE.csv > definitions/industries.tsv

TABLE.csv is any transcription of the standard's table with the columns code (with its section
letter: A, A01, A011, A0111) and name. The codes and names are the national standard's own; the
layout is ours. What the generator checks: 20 sections, 97 divisions and 473 groups, as the
standard counts them; every parent present; no code twice.
"""
import csv
import re
import sys

COUNTS = {1: 20, 2: 97, 3: 473}


def main(path):
    rows = {}
    for row in csv.DictReader(open(path, encoding="utf-8-sig")):
        code, name = row["code"].strip(), row["name"].strip()
        if not re.fullmatch(r"[A-T](\d{2,4})?", code) or not name or code in rows:
            sys.exit(f"{code}: not a code, without a name, or there twice")
        rows[code] = name
    for code in rows:
        if len(code) > 1 and (code[0] if len(code) == 3 else code[:-1]) not in rows:
            sys.exit(f"{code}: without its parent")
    for level, want in COUNTS.items():
        got = sum(1 for c in rows if (1 if len(c) == 1 else len(c) - 1) == level)
        if got != want:
            sys.exit(f"level {level}: {got} codes, the standard has {want}")
    print("code\tname\tlevel")
    for code in sorted(rows):
        print(f"{code}\t{rows[code]}\t{1 if len(code) == 1 else len(code) - 1}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
