#!/usr/bin/env python3
"""embed: makes files a part of the program.

  embed OUT.c FOLDER_OR_FILE...

Each file is served twice: under /s/NAME.<hash>.EXT, which never changes its content and so is kept by
browsers for good, and under /s/NAME.EXT for links that cannot know the hash (a worker's imports)."""
import gzip
import hashlib
import pathlib
import sys

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
         ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8", ".py": "text/x-python; charset=utf-8", ".png": "image/png",
         ".csv": "text/csv; charset=utf-8"}


def static_files(places):
    found = [f for p in places for f in (p.rglob("*") if p.is_dir() else [p])]
    return sorted((f for f in found if f.is_file() and f.suffix in TYPES), key=lambda f: f.name)


def digest(f):
    return hashlib.sha256(f.read_bytes()).hexdigest()[:16]


def served_name(f):
    stem, dot, ext = f.name.rpartition(".")
    return f"/s/{stem}.{digest(f)}{dot}{ext}"


def array(f, name, data):
    rows = [", ".join(map(str, data[at:at + 24])) for at in range(0, len(data), 24)]
    return f"static const uint8_t {name}[] = {{ /* {f.name} */\n    " + ",\n    ".join(rows) + "\n};\n"


def arrays(f, i):
    data = f.read_bytes()
    return array(f, f"file_{i}", data) + array(f, f"gz_{i}", gzip.compress(data, 9, mtime=0))


def main():
    files = static_files([pathlib.Path(a) for a in sys.argv[2:]])
    names = [f.name for f in files]
    if len(names) != len(set(names)) or any(not f.stat().st_size for f in files):
        sys.exit(f"embed: two files of one name, or an empty file, among {sys.argv[2:]}")
    rows = "".join(f'    {{ "{path}", "{TYPES[f.suffix]}", file_{i}, sizeof file_{i}, gz_{i}, sizeof gz_{i}, "{digest(f)}", {hashed} }},\n'
                   for i, f in enumerate(files) for path, hashed in ((served_name(f), "true"), ("/s/" + f.name, "false")))
    pathlib.Path(sys.argv[1]).write_text(
        '/* Made from the static files. */\n#include "web/web.h"\n\n' + "\n".join(arrays(f, i) for i, f in enumerate(files)) +
        f"\nconst struct http_static web_statics[] = {{\n{rows}}};\nconst size_t n_web_statics = sizeof web_statics / sizeof web_statics[0];\n",
        encoding="utf-8")


if __name__ == "__main__":
    main()
