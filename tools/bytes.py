#!/usr/bin/env python3
"""bytes: makes files a part of the program, each a struct str.

  bytes OUT.c OUT.h NAME=FILE..."""
import pathlib
import sys


def rows(data):
    return ",\n    ".join(", ".join(map(str, data[at:at + 24])) for at in range(0, len(data), 24))


def main():
    out_c, out_h = map(pathlib.Path, sys.argv[1:3])
    files = [(name, pathlib.Path(path).read_bytes()) for name, path in (a.split("=", 1) for a in sys.argv[3:])]
    out_h.write_text('#include "base/base.h"\n' + "".join(f"extern const struct str {n};\n" for n, _ in files))
    out_c.write_text(f'#include "{out_h.name}"\n' + "".join(
        f"static const uint8_t {n}_bytes[] = {{\n    {rows(d)}\n}};\n"
        f"const struct str {n} = {{ (const char *){n}_bytes, sizeof {n}_bytes }};\n" for n, d in files))


if __name__ == "__main__":
    main()
