"""What every test of the command line uses: the built program, a fresh folder, one line a failed check."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

OK, NO, USAGE, INPUT, REFUSED, ENVIRONMENT = range(6)  # exit codes, src/cli/cli.h
counts = {True: 0, False: 0}


def check(what, holds, shown=""):
    counts[bool(holds)] += 1
    if not holds:
        print("FAIL", what, shown)


def finish():
    print(f"{counts[True]} passed, {counts[False]} failed")
    sys.exit(bool(counts[False]) or not counts[True])


class Program:
    """The program on one data folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("SISHI_LANG", "SISHI_DATA", "LC_", "LANG"))}

    def run(self, *words, given=""):
        """-> exit code, standard output, standard error"""
        done = subprocess.run([os.environ["SISHI"], *words, "--data", str(self.folder / "data")], input=given, capture_output=True,
                              text=True, env=self.env, timeout=100)
        return done.returncode, done.stdout, done.stderr

    def good(self, *words, given=""):
        """Must succeed -> standard output."""
        code, out, err = self.run(*words, given=given)
        check(" ".join(words), code == OK, err)
        return out

    def json(self, *words):
        return json.loads(self.good(*words, "--json") or "null")

    def refused(self, what, code, names, *words, given=""):
        """Must fail with one clear line that names the thing, and print no result."""
        got, out, err = self.run(*words, given=given)
        lines = [line for line in err.splitlines() if line.strip()]
        check(f"{what}: exit code {code}", got == code, f"got {got}: {err}")
        check(f"{what}: says {names!r}", lines and names in lines[0], err)
        check(f"{what}: one message", len(lines) <= (2 if code == USAGE else 1), err)
        check(f"{what}: no result", out == "", out[:200])


def with_program(story):
    with tempfile.TemporaryDirectory() as folder:
        story(Program(folder))
    finish()
