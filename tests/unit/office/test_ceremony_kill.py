#!/usr/bin/env python3
"""A freeze and a run are killed at random moments; the work goes on after each, and what comes out in the end is a
bundle that both independent verifiers accept.

    test_ceremony_kill.py ACT SOURCE_ROOT [ENTITIES [KILLS]]

ACT is the test program ceremony_act. verify.mjs is skipped, loudly, when there is no node."""
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

act, root = sys.argv[1], pathlib.Path(sys.argv[2])
entities = sys.argv[3] if len(sys.argv) > 3 else "40000"
kills = int(sys.argv[4]) if len(sys.argv) > 4 else 12
env = dict(os.environ, SISHI_DEFINITIONS=str(root / "definitions"))
random.seed(20261123)
SECONDS = 1.2  # about as long as a step takes on a slow machine


def start(*words):
    return subprocess.Popen([act, *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def must(*words):
    p = start(*words)
    out, err = p.communicate()
    if p.returncode != 0:
        sys.exit(f"{words}: exit {p.returncode}\n{err}")
    return out, err


def killed_until_done(folder, step):
    """Kills the step again and again within the time it needs, then lets it end. How often it was hit."""
    began, hits = time.monotonic(), 0
    for k in range(kills):  # later and later, so that every part of the work is hit
        p = start(folder, step)
        try:
            p.wait(timeout=random.uniform(0.5, 1) * (k + 1) * SECONDS / kills)
            if p.returncode == 3:
                print(f"{step}: killed {hits} times, the last when it was done already")
                return hits
            if p.returncode != 0:
                sys.exit(f"{step}: exit {p.returncode}\n{p.stderr.read()}")
            print(f"{step}: killed {hits} times, done after {time.monotonic() - began:.1f} s")
            return hits
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()
            hits += 1
    p = start(folder, step)
    _, err = p.communicate()
    if p.returncode not in (0, 3):
        sys.exit(f"{step} after {hits} kills: exit {p.returncode}\n{err}")
    print(f"{step}: killed {hits} times, done after {time.monotonic() - began:.1f} s")
    return hits


def leftovers(folder):
    """Runs in the database that no draw names."""
    db = sqlite3.connect(f"{folder}/db")
    count = 0
    for table in ("draw_block", "draw_memory", "draw_result", "draw_place"):
        count += db.execute(f"SELECT COUNT(*) FROM {table} t JOIN draw d ON d.home = t.home "
                            "WHERE t.run <> d.frame_run AND t.run <> d.result_run").fetchone()[0]
    db.close()
    return count


def verifiers():
    yield [sys.executable, str(root / "tests/second/verify.py")]
    node = shutil.which("node")
    if node:
        yield [node, str(root / "tests/second/verify.mjs")]
    else:
        print("SKIPPED: verify.mjs: no node here")


with tempfile.TemporaryDirectory(prefix="sishi-kill-") as folder:
    out, _ = must(folder, "make", entities)
    env["CEREMONY_DRAW"] = out.split()[-1]
    hits = killed_until_done(folder, "freeze")
    must(folder, "reveal")
    hits += killed_until_done(folder, "run")
    if hits == 0:
        sys.exit("no step was hit: the test has tried nothing")
    if leftovers(folder) != 0:
        sys.exit(f"{leftovers(folder)} rows of killed attempts are left")
    bundle = pathlib.Path(folder) / "bundle"
    bundle.mkdir()
    must(folder, "bundle", str(bundle))
    for command in verifiers():
        p = subprocess.run([*command, str(bundle)], capture_output=True, text=True)
        if p.returncode != 0:
            sys.exit(f"{command[-1]}: {p.stdout}{p.stderr}")
        print(pathlib.Path(command[-1]).name, "accepts")
    lines = (bundle / "population.tsv").read_text().splitlines()
    (bundle / "population.tsv").write_text("\n".join(lines[1:]) + "\n")
    for command in verifiers():
        if subprocess.run([*command, str(bundle)], capture_output=True).returncode == 0:
            sys.exit(f"{command[-1]} accepts a bundle without its first entity")
print("ok")
