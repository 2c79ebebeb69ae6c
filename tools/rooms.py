#!/usr/bin/env python3
"""rooms: fails when a file in src/ includes a room that src/ROOMS does not allow it, reaches past
another room's front door (room/room.h), uses an outside library that belongs to another room, or
when ROOMS itself goes round."""
import pathlib
import re
import sys

# an outside header belongs to the rooms named here
LIBRARIES = {
    "sqlite3.h": ["store"], "libpq-fe.h": ["store"], "libfyaml.h": ["def"],
    "microhttpd.h": ["http"], "jansson.h": ["base"], "sodium.h": ["kernel", "office"],
    "openssl/": ["core", "kernel"], "utf8proc.h": ["base", "office"], "iconv.h": ["base", "office"],
}

src, wrong = pathlib.Path(sys.argv[1]), []
allowed, order = {}, []
for line in (src / "ROOMS").read_text().splitlines():
    if line.strip() and not line.startswith("#"):
        room, _, may = line.partition(":")
        allowed[room.strip()] = may.split()
        order.append(room.strip())
wrong += [f"ROOMS: {r} may include {m}, which is not above it" for r in order for m in allowed[r]
          if m not in order[: order.index(r)]]
wrong += [f"ROOMS: src/{d.name} is no room" for d in sorted(src.iterdir()) if d.is_dir() and d.name not in order]
for f in sorted(src.rglob("*.[ch]")):
    room = f.relative_to(src).parts[0]
    for n, line in enumerate(f.read_text(encoding="utf-8").splitlines(), 1):
        m = re.match(r'\s*#\s*include\s+["<]([^">]+)[">]', line)
        if not m:
            continue
        to, _, rest = m[1].partition("/")
        for lib, where in LIBRARIES.items():
            if (m[1] == lib or lib.endswith("/") and m[1].startswith(lib)) and room not in where:
                wrong.append(f"{f}:{n}: only {' '.join(where)} may use {m[1]}")
        if rest and to in allowed and to != room:
            if to not in allowed[room]:
                wrong.append(f"{f}:{n}: {room}/ may not use {to}/")
            elif rest != to + ".h":
                wrong.append(f"{f}:{n}: {m[1]} is private to {to}/")
print("\n".join(wrong) or f"rooms: {len(order)} rooms in order")
sys.exit(bool(wrong))
