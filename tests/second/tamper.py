#!/usr/bin/env python3
"""tamper: damages whole draws in some hundreds of ways; every verifier must refuse every damage.

    python3 tamper.py [SISHI]     SISHI: the program, whose freeze, run and verify are tried too
Verifiers: verify.py, verify.mjs and `sishi draw verify`. On draws made from numbers (generate.py) each must
first accept the whole draw, and `sishi draw freeze` and `run` must write the reference's very bytes.
"""
import contextlib
import io
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import generate
import verify

HERE = pathlib.Path(__file__).parent
GOLDEN = HERE.parent / "golden" / "draw-v1"
LISTS = ("population.tsv", "roster.tsv", "recusal.tsv", "lots.tsv", "result.tsv", "assign.tsv", "prices.tsv")
MADE = ("lots.tsv", "result.tsv", "assign.tsv", "prices.tsv", "head.txt")
WHOLE, PER_FILE = 24, 14


def mutations(bundle, rng):
    """Pairs (what was done, damaged bundle). A change that is none, or that only drops reveals.txt, is left out."""
    for name, data in sorted(bundle.items()):
        lines = data.decode().splitlines(keepends=True)
        for _ in range(PER_FILE if data else 0):
            at = rng.randrange(len(data))
            yield f"{name}: bit {at}", {**bundle, name: data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]}
        for _ in range(3 if len(lines) > 1 else 0):
            i, j = sorted(rng.sample(range(len(lines)), 2))
            for what, changed in (("dropped", lines[:i] + lines[i + 1:]), ("doubled", lines[:i] + [lines[i]] + lines[i:]),
                                  ("swapped", lines[:i] + [lines[j]] + lines[i + 1:j] + [lines[i]] + lines[j + 1:])):
                yield f"{name}: line {i + 1} {what}", {**bundle, name: "".join(changed).encode()}
        if data:
            yield f"{name}: CRLF", {**bundle, name: data.replace(b"\n", b"\r\n")}
            yield f"{name}: no last line end", {**bundle, name: data[:-1]}
            yield f"{name}: BOM", {**bundle, name: b"\xef\xbb\xbf" + data}
            yield f"{name}: empty line", {**bundle, name: data + b"\n"}
        if name != "reveals.txt":
            yield f"{name}: missing", {k: v for k, v in bundle.items() if k != name}
    staff = [l.split("\t")[0] for l in bundle["roster.tsv"].decode().splitlines()]
    rows = bundle["assign.tsv"].decode().splitlines(keepends=True)
    for _ in range(10 if rows and staff else 0):  # another inspector, in the right order
        i = rng.randrange(len(rows))
        part = rows[i].rstrip("\n").split("\t")
        part[3] = rng.choice([s for s in staff if s != part[3]] or ["nobody"])
        yield f"assign.tsv: line {i + 1} given to {part[3]}", {**bundle, "assign.tsv": "".join(sorted({*rows[:i], *rows[i + 1:], "\t".join(part) + "\n"})).encode()}


def by_python(folder):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            verify.verify(folder)
        return True
    except (ValueError, OSError, TypeError, LookupError):
        return False


def write(folder, bundle):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in bundle.items():
        (folder / name).write_bytes(data)


def by_program(command, folder):
    return subprocess.run([*command, str(folder)], capture_output=True).returncode == 0


def main(sishi=None):
    rng, passed, failed = random.Random(20261123), 0, 0
    programs = {"verify.mjs": ["node", str(HERE / "verify.mjs")]}
    if sishi:
        programs["sishi"] = [sishi, "draw", "verify", "--quiet"]

    def tell(good, what):
        nonlocal passed, failed
        passed, failed = passed + good, failed + (not good)
        if not good:
            print("WRONG:", what)

    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work) / "bundle"
        golden = {f.name: f.read_bytes() for f in GOLDEN.iterdir()}
        for name, bundle in [("draw-v1", golden)] + [(f"made {n}", generate.generate(n)) for n in range(WHOLE)]:
            write(folder, bundle)
            tell(by_python(folder), f"{name}: verify.py refuses a whole draw")
            for program, command in programs.items():
                tell(by_program(command, folder), f"{name}: {program} refuses a whole draw")
            if sishi and b"embargo" not in bundle["plan.txt"]:
                for made in MADE:
                    (folder / made).unlink()
                tell(by_program([sishi, "draw", "run", "--quiet"], folder), f"{name}: run")
                for made in filter(lambda made: (folder / made).exists(), MADE):
                    tell((folder / made).read_bytes() == bundle[made], f"{name}: {made} differs from the reference")
        damages = [d for d in mutations(golden, rng) if d[1] != golden]
        for what, bundle in damages:
            write(folder, bundle)
            tell(not by_python(folder), f"verify.py accepts {what}")
            for program, command in programs.items():
                tell(not by_program(command, folder), f"{program} accepts {what}")
        print(f"{len(damages)} damaged bundles, {1 + len(programs)} verifiers")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


sys.exit(main(*sys.argv[1:]))
