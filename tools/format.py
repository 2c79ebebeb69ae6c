#!/usr/bin/env python3
"""format: fails when a C file is not as clang-format would write it; --fix writes it."""
import subprocess
import sys

files = subprocess.run(["git", "ls-files", "*.c", "*.h"], capture_output=True, text=True, check=True).stdout.split()
mode = ["-i"] if "--fix" in sys.argv else ["--dry-run", "--Werror"]
sys.exit(subprocess.run(["clang-format", *mode, *files]).returncode if files else 0)
