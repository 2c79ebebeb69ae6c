#!/usr/bin/env python3
"""icons: makes src/web/static/icons.svg, one sprite of the icons the pages use.

  npm pack lucide-static && tar xf lucide-static-*.tgz
  tools/icons.py package/icons src/web/static/icons.svg

Run by hand when an icon is added to NAMES; the sprite is kept in the tree."""
import pathlib
import re
import sys

NAMES = """building-2 search dices shield-check file-up list users landmark scroll-text log-in log-out languages check x circle-check
circle-x triangle-alert info chevron-right chevron-left arrow-right arrow-up arrow-down download upload calendar clock lock lock-open eye
hash link house circle-help accessibility a-large-small copy refresh-cw play trash-2 plus minus filter user-check user-x
map-pin radio key-round scale printer git-branch circle-dot circle hourglass badge-check file-text""".split()


def symbol(folder, name):
    text = (folder / f"{name}.svg").read_text(encoding="utf-8")
    inner = re.sub(r"\s+", " ", re.search(r"<svg[^>]*>(.*)</svg>", text, re.S)[1]).strip().replace(" />", "/>").replace("> <", "><")
    return (f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>')


def main():
    folder, out = map(pathlib.Path, sys.argv[1:3])
    out.write_text("<!-- Icons of Lucide (lucide.dev), ISC and MIT: see icons-licence.txt -->\n" + '<svg xmlns="http://www.w3.org/2000/svg">\n' +
                   "\n".join(symbol(folder, n) for n in sorted(NAMES)) + "\n</svg>\n", encoding="utf-8")


main()
