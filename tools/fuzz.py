#!/usr/bin/env python3
"""fuzz: runs every fuzz target of a build folder on its corpus and then for some seconds.
usage: fuzz.py BUILD [--seconds N] [--only NAME]"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

p = argparse.ArgumentParser()
p.add_argument("build", type=pathlib.Path)
p.add_argument("--seconds", type=int, default=60)
p.add_argument("--only")
a = p.parse_args()
targets = sorted(t for t in (a.build / "tests/fuzz").glob("fuzz_*") if t.is_file() and os.access(t, os.X_OK))
targets = [t for t in targets if not a.only or t.name == "fuzz_" + a.only]
wrong = []
for t in targets:
    corpus = pathlib.Path("tests/fuzz/corpus") / t.name.removeprefix("fuzz_")
    with tempfile.TemporaryDirectory() as work:
        cmd = [str(t), f"-max_total_time={a.seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=65536",
               "-verbosity=0", f"-artifact_prefix={work}/", work]
        r = subprocess.run(cmd + ([str(corpus)] if corpus.is_dir() else []), capture_output=True, text=True)
        if r.returncode != 0:
            wrong.append(t.name)
            print(r.stderr[-6000:])
            for crash in pathlib.Path(work).glob("crash-*"):
                print(crash.name, crash.read_bytes()[:400])
    if not corpus.is_dir():
        wrong.append(f"{t.name} has no corpus")
print(f"fuzz: {len(targets)} targets, {a.seconds} s each, wrong: {' '.join(wrong) or 'none'}")
sys.exit(bool(wrong) or not targets)
