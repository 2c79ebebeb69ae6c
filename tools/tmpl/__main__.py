#!/usr/bin/env python3
"""tmpl: compiles page templates and the message catalogue into C.

  tmpl --messages messages.tsv --static PLACE... --out DIR [--include HEADER]... PAGE.html...

writes messages.h, messages.c, NAME.h and NAME.c (--name pages). Any mistake ends it with
"file:line: what" and status 1. What the languages of templates and messages are is told in syntax.py
and catalogue.py; what a value may and may not stand in, in place.py."""
import argparse
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import catalogue  # noqa: E402
from catalogue import Wrong  # noqa: E402
from emit import Emitter, message_header, message_source  # noqa: E402
from syntax import Parser  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from embed import served_name, static_files  # noqa: E402


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--messages", type=pathlib.Path, required=True)
    ap.add_argument("--static", type=pathlib.Path, action="append", default=[], help="a folder or file, as for embed")
    ap.add_argument("--out", type=pathlib.Path, required=True)
    ap.add_argument("--name", default="pages")
    ap.add_argument("--include", action="append", default=[])
    ap.add_argument("--root", type=pathlib.Path, help="paths are told from here")
    ap.add_argument("pages", type=pathlib.Path, nargs="+")
    o = ap.parse_args()
    assets, icons = {}, set()
    for f in static_files(o.static):
        assets[f.name] = served_name(f)
        if f.name == "icons.svg":
            icons = set(re.findall(r'<symbol id="([^"]+)"', f.read_text(encoding="utf-8")))
    try:
        messages = catalogue.load(o.messages)
        tops = []
        for page in o.pages:
            shown = page.resolve().relative_to(o.root.resolve()) if o.root else page
            tops += Parser(str(shown), page.read_text(encoding="utf-8")).parse()
        emitter = Emitter(tops, messages, assets, icons)
        header = emitter.header(f"SISHI_{o.name.upper()}_H")
        source = emitter.source([f"{o.name}.h"] + o.include)
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 1
    for name, text in (("messages.h", message_header(messages)), ("messages.c", message_source(messages)),
                       (f"{o.name}.h", header), (f"{o.name}.c", source)):
        (o.out / name).write_text(text, encoding="utf-8")
    return 0


sys.exit(main())
