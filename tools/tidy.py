#!/usr/bin/env python3
"""tidy: clang-tidy over every file of src/ that the build folder compiles, on all processors."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

build = pathlib.Path(sys.argv[1])
root = pathlib.Path.cwd()
commands = json.loads((build / "compile_commands.json").read_text())
files = sorted({os.path.relpath((build / c["file"]).resolve(), root) for c in commands})
files = [f for f in files if f.startswith("src/") and f.endswith(".c")]


def check(f):
    r = subprocess.run(["clang-tidy", "--quiet", "-p", str(build), f], capture_output=True, text=True)
    return f, r.returncode, r.stdout


wrong = 0
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for f, code, text in pool.map(check, files):
        if code != 0:
            wrong += 1
            print(text)
print(f"tidy: {len(files)} files, {wrong} with warnings")
sys.exit(wrong != 0)
