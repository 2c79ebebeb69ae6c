#!/usr/bin/env python3
"""Every message of the catalogue is used by a page or by C, so that none is left to rot."""
import pathlib
import re
import sys

web = pathlib.Path(sys.argv[1])
keys = [line.split("\t")[0] for line in (web / "messages.tsv").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
pages = "\n".join(f.read_text(encoding="utf-8") for f in sorted((web / "pages").glob("*.html")))
code = "\n".join(f.read_text(encoding="utf-8") for f in sorted(web.glob("*.[ch]")))
used = set(re.findall(r"\{t ([a-z0-9_.]+)", pages)) | set(re.findall(r"=@([a-z0-9_.]+)", pages))
in_c = set(re.findall(r"\bM_([a-z][a-z0-9_]*)", code))
months = {f"month.{n}" for n in range(1, 13)}  # reached from month.1 by number
left = [k for k in keys if k not in used and k.replace(".", "_") not in in_c and k not in months]
print("\n".join(f"messages.tsv: {k} is used nowhere" for k in left) or f"messages: all {len(keys)} used")
sys.exit(bool(left))
