#!/usr/bin/env python3
"""Replacements after the open bundle's draw: the independent checker and `sishi draw verify` accept the published ones, and both refuse
every line dropped, doubled, swapped with its neighbour, or naming another successor.

    python3 test_replacements.py SISHI"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import replacements

GOLDEN = pathlib.Path(__file__).parent.parent / "golden"
NOBODY = "4301Z999"


def damages(lines):
    """(what was done, the damaged lines)"""
    numbered = lambda some: ["\t".join([str(i), *line.split("\t")[1:]]) for i, line in enumerate(some, 1)]  # noqa: E731
    for i, line in enumerate(lines):
        kind, successor = line.split("\t")[2], line.split("\t")[-1]
        if i + 1 < len(lines):
            if kind != "inspector" or successor == "-":  # one inspector's replacement is a whole by itself: the evidence log misses it
                yield f"line {i + 1} dropped", numbered(lines[:i] + lines[i + 1:])
            yield f"lines {i + 1} and {i + 2} swapped", numbered(lines[:i] + [lines[i + 1], line] + lines[i + 2:])
        yield f"line {i + 1} doubled", numbered(lines[:i] + [line, line] + lines[i + 1:])
        yield f"line {i + 1} with another successor", lines[:i] + ["\t".join([*line.split("\t")[:-1], NOBODY])] + lines[i + 1:]


def accepts(folder, sishi):
    try:
        replacements.replacements(folder)
        python = True
    except (ValueError, LookupError, TypeError):
        python = False
    done = subprocess.run([sishi, "draw", "verify", str(folder)], capture_output=True, text=True, timeout=100)
    return python, done.returncode == 0, done.stdout.strip().splitlines()[-1:] + done.stderr.splitlines()[:1]


def main(sishi):
    wrong = tried = 0
    text = (GOLDEN / "draw-v1-events.tsv").read_text()
    with tempfile.TemporaryDirectory() as at:
        folder = pathlib.Path(at, "draw")
        shutil.copytree(GOLDEN / "draw-v1", folder)
        for what, lines, holds in [("as published", text.splitlines(), True), ("none", [], True), *((w, x, False) for w, x in damages(text.splitlines()))]:
            (folder / "events.tsv").write_text("".join(line + "\n" for line in lines))
            python, ours, said = accepts(folder, sishi)
            tried += 1
            if python is not holds or ours is not holds:
                wrong += 1
                print(f"FAIL {what}: replacements.py {python}, sishi {ours}, must be {holds}: {said}")
    print(f"{tried - wrong} passed, {wrong} failed")
    return bool(wrong) or tried < 30


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
