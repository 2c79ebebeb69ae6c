#!/usr/bin/env python3
"""words: a catalogue `key TAB Chinese TAB English` as C.

    words.py CATALOGUE NAME HEADER     writes HEADER with enum NAME (NAME_KEY ...) and the tables NAME_keys and NAME_texts
Refuses a key that stands twice, a row that is not whole, and languages that ask for different numbers of values ({})."""
import json
import pathlib
import sys


def rows(path):
    seen = set()
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) != 3 or not row[0].isidentifier() or row[0] in seen or not (row[1].strip() and row[2].strip()):
            sys.exit(f"{path}:{number}: a row is key, Chinese, English, each key once")
        if row[1].count("{}") != row[2].count("{}"):
            sys.exit(f"{path}:{number}: the languages ask for different numbers of values")
        seen.add(row[0])
        yield row


def main(path, name, out):
    table = list(rows(path))
    quoted = lambda s: json.dumps(s, ensure_ascii=False)  # noqa: E731
    lines = [f"/* Made of {pathlib.Path(path).name}. */", f"enum {name} {{"]
    lines += [f"    {name.upper()}_{key.upper()}," for key, _, _ in table] + [f"    {name.upper()}__COUNT", "};"]
    lines += [f"static const char *const {name}_keys[] = {{"] + [f"    {quoted(key)}," for key, _, _ in table] + ["};"]
    lines += [f"static const char *const {name}_texts[][2] = {{"] + [f"    {{ {quoted(zh)}, {quoted(en)} }}," for _, zh, en in table] + ["};"]
    pathlib.Path(out).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
