#!/usr/bin/env python3
"""lint: what neither compiler nor clang-tidy says. One row a rule: pattern, where it is allowed, why."""
import pathlib
import re
import sys

RULES = [
    (r"\b(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|atoi|atol|gets|scanf|localtime|gmtime|ctime|asctime|system|popen)\s*\(", (), "banned: easy to misuse"),
    (r"\b(malloc|calloc|realloc|strdup)\s*\(", ("base/", "store/", "http/", "core/"), "work memory comes from cx->mem; the malloc family only where a handle is made"),
    (r"\bgoto\b", (), "use CLEANUP"),
    (r'"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER)\s', (), "SQL belongs in sql/"),
    (r"[\u4e00-\u9fff]", ("base/err_table.h",), "Chinese text belongs in definitions/, templates, catalogues or err_table.h"),
    (r"(?<![>.\w])(time|clock_gettime|rand|random|getrandom|fopen|open)\s*\(", ("base/", "main/", "cli/", "store/", "http/", "def/", "office/"), "core and decide_* are pure: take it as an argument"),
    (r"\bdouble\b|\bfloat\b", (), "nothing published is a float"),
]
COMMENT = re.compile(r"/\*.*?\*/", re.S)
LINES_MAX = 600
src, wrong = pathlib.Path(sys.argv[1]), []
for f in sorted(src.rglob("*.[ch]")):
    text = COMMENT.sub(lambda m: "\n" * m[0].count("\n"), f.read_text(encoding="utf-8"))
    lines = text.splitlines()
    if len(lines) > LINES_MAX:
        wrong.append(f"{f}: {len(lines)} lines: a file is one noun, under {LINES_MAX} lines")
    for n, line in enumerate(lines, 1):
        for pattern, where, why in RULES:
            if re.search(pattern, line) and not str(f.relative_to(src)).startswith(where or ("\0",)):
                wrong.append(f"{f}:{n}: {why}: {line.strip()[:60]}")
print("\n".join(wrong) or "lint: clean")
sys.exit(bool(wrong))
