#!/usr/bin/env python3
"""Checks the replacements of a published draw, events.tsv (docs/guide/draw.md, "Replacements"), with nothing but Python's standard
library and verify.py beside it. Written from the guide alone.

    python3 replacements.py DIR [EVENTS]     EVENTS: another file instead of DIR/events.tsv
First checks the draw itself. Says the first thing that is wrong and exits 1, or says how many replacements there are and exits 0."""
import collections
import pathlib
import re
import sys

import verify
from verify import need

ID, NAME = verify.ID, verify.NAME
LINE = re.compile(f"([1-9][0-9]*)\t({ID})\t(?:target\t({NAME})/({ID})|inspector\t([^/\t]+)/({NAME})/({ID})|place\t([^/\t]+)/({NAME})/({NAME}|-))"
                  f"\t([^\0-\x1f\x7f]+)\t(?:{verify.HEX}|-)\t({ID})")


class Standing:
    """Lots and teams as they stand after the draw and the replacements so far."""

    def __init__(self, bundle):
        self.b, self.waiting, self.drawn = bundle, collections.defaultdict(list), collections.defaultdict(set)
        for lot, _, status, who, *_ in bundle.table("result"):
            if status == "R":
                self.waiting[lot].append(who)
            else:
                self.drawn[who].add(lot)
        self.places = [[*row, True] for row in bundle.table("assign")]  # target, dept, qual, inspector, goes
        self.prices = {tuple(row[:3]): int(row[3]) for row in bundle.table("prices")}
        self.staff, self.recused = [*bundle.table("roster")], {*bundle.table("recusal")}

    def held(self, inspector):
        return sum(who == inspector and goes for *_, who, goes in self.places)

    def wanted(self, target, dept):
        """{qual: places} that its lots ask for, in the order in which they are filled."""
        lines = [(int(size), qual) for lot, d, size, qual in self.b.teams if lot in self.drawn[target] and d == dept]
        quals = sorted({qual for _, qual in lines} - {"-"})
        return {**dict.fromkeys(quals, 1), "-": max(0, max(lines, default=[0])[0] - len(quals))}

    def cheapest(self, target, dept, qual):
        def price(inspector):
            r48 = int.from_bytes(self.b.hash(self.b.ticket(target)[0] + b"I" + inspector.encode())[:6], "big")
            return r48 * verify.S + self.prices.get((dept, qual, inspector), 0)
        ever = {who for t, d, _, who, _ in self.places if (t, d) == (target, dept)}
        may = [who for who, d, regions, quals, cap, *_ in self.staff if d == dept and qual in ("-", *quals.split(",")) and who not in ever and
               self.b.region[target].startswith(tuple(regions.split(","))) and (who, target) not in self.recused and self.held(who) < int(cap)]
        return min(may, key=price, default=None)

    def target(self, lot, code):
        """What must follow when the target leaves the lot: lines as (kind, id, replaced-by)."""
        need(lot in self.drawn[code], f"{code} is no target of lot {lot}")
        need(self.waiting[lot], f"lot {lot} has no reserve left")
        enters = self.waiting[lot].pop(0)
        self.drawn[code].remove(lot)
        self.drawn[enters].add(lot)
        yield "target", f"{lot}/{code}", enters
        for place in self.places:
            if place[0] == code and place[4] and not any(lot in self.drawn[code] and d == place[1] for lot, d, *_ in self.b.teams):
                place[4] = False
                if place[3] != "~":
                    yield "inspector", f"{code}/{place[1]}/{place[3]}", "-"
        for dept in sorted({d for _, d, *_ in self.b.teams}):
            for qual, places in self.wanted(enters, dept).items():
                for _ in range(places - sum(p[:3] == [enters, dept, qual] and p[4] for p in self.places)):
                    who = self.cheapest(enters, dept, qual) or "~"
                    self.places.append([enters, dept, qual, who, True])
                    yield "place", f"{enters}/{dept}/{qual}", who

    def inspector(self, target, dept, who):
        place = next((p for p in self.places if p[:2] == [target, dept] and p[3] == who and p[4]), None)
        need(place and who != "~", f"{who} does not visit {target} for {dept}")
        enters = self.cheapest(target, dept, place[2])
        need(enters, f"nobody else may visit {target} for {dept}")
        place[4] = False
        self.places.append([target, dept, place[2], enters, True])
        yield "inspector", f"{target}/{dept}/{who}", enters


def replacements(folder, events=None):
    b = verify.Bundle(folder)
    b.open_seed(), b.results(None), b.inspectors()
    need(not b.sealed, "population.tsv: sealed lines hide the regions that inspectors serve")
    standing, want = Standing(b), iter(())
    text = pathlib.Path(events or pathlib.Path(folder, "events.tsv")).read_text(encoding="utf-8")
    lines = text.split("\n")
    need(lines.pop() == "", "events.tsv: does not end with LF")
    for number, line in enumerate(lines, 1):
        row, where = LINE.fullmatch(line), f"events.tsv line {number}: "
        need(row and row[1] == str(number), f"{where}not understood, or not numbered in order")
        said = (*line.split("\t")[2:4], row[12])
        must = next(want, None)
        if must is None:  # a new replacement begins
            need(said[0] != "place", f"{where}no target's replacement asks for this place")
            want = standing.target(row[3], row[4]) if row[3] else standing.inspector(row[5], row[6], row[7])
            must = next(want)
        need(said == must, f"{where}is {said}, must be {must}")
    rest = next(want, None)
    need(rest is None, f"events.tsv: {rest} is missing")
    return f"{len(lines)} lines of replacements"


if __name__ == "__main__":
    try:
        print("OK", replacements(*sys.argv[1:3]))
    except (ValueError, OSError, TypeError, LookupError) as wrong:
        sys.exit(f"WRONG {wrong}")
