#!/usr/bin/env python3
"""count_tests: reads a test log of meson (one JSON document a line) and prints "PASSED FAILED".
A program that counts its own tests (cmocka's lines, or a closing "N passed, N failed") adds that
many; any other counts as one. A skip (exit 77) counts as neither and is named on stderr.

    count_tests.py LOG [--saying WORDS]    counts only programs that printed WORDS, or failed"""
import json
import re
import sys

saying = sys.argv[3] if sys.argv[2:3] == ["--saying"] else None
passed = failed = 0
for line in open(sys.argv[1], encoding="utf-8"):
    t = json.loads(line)
    text = t.get("stdout", "") + t.get("stderr", "")
    good = t["result"] in ("OK", "EXPECTEDFAIL")
    if saying and good and saying not in text:
        continue
    if t["result"] == "SKIP":
        print(f"skipped: {t['name']}: {text.strip().splitlines()[-1] if text.strip() else ''}", file=sys.stderr)
        continue
    for said in re.findall(r"^.*\bSKIP(?:PED)?:.*$", text, re.M):
        print(f"skipped in {t['name']}: {said.strip()}", file=sys.stderr)
    p = sum(int(n) for n in re.findall(r"\[  PASSED  \] (\d+) test", text))
    f = sum(int(n) for n in re.findall(r"\[  FAILED  \] (\d+) test", text))
    for a, b in re.findall(r"^(\d+) passed, (\d+) failed$", text, re.M):
        p, f = p + int(a), f + int(b)
    if p + f == 0:
        p, f = (1, 0) if good else (0, 1)
    if not good and f == 0:  # it died after or between its tests
        f = 1
    passed, failed = passed + p, failed + f
print(passed, failed)
