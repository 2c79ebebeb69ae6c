#!/usr/bin/env python3
"""Departments, inspectors, interests and items on the command line of a demo province."""
import csv
import io
import sys

from lib import INPUT, REFUSED, USAGE, check, with_program

FIRM = "92430102YD0000005Q"  # of seed 1
NEW = ("inspector", "put", "M-17", "--name", "Li", "--regions", "4301,430211", "--quals", "fire,food", "--cert", "43-17",
       "--cert-until", "2028-12-31", "--status", "valid")


def inspectors(p):
    p.refused("who acts?", USAGE, "--as", "show", "inspectors")
    p.refused("nobody", INPUT, "nobody", "show", "inspectors", "--as", "nobody")
    p.refused("a registrar sees none", REFUSED, "DRAW_READ", "show", "inspectors", "--as", "registrar")
    all_of = p.json("show", "inspectors", "--as", "planner")
    few = p.json("show", "inspectors", "--dept", "p_ecology", "--as", "planner")
    check("more than a page", len(all_of) > 1000)
    check("by staff number", [i["staff_no"] for i in all_of] == sorted(i["staff_no"] for i in all_of))
    check("of one department", few and {i["dept"] for i in few} == {"p_ecology"})
    p.refused("not theirs", REFUSED, "p_market", *NEW, "--dept", "p_market", "--as", "ecology")
    p.good(*NEW, "--as", "market")
    one = p.json("show", "inspector", "M-17", "--as", "planner")
    check("entered", (one["dept"], one["kind"], one["quals"], one["cap"], one["load"]) == ("p_market", "officer", "fire,food", 8, 0), one)
    p.good("inspector", "put", "M-17", "--cap", "3", "--as", "market")
    again = p.json("show", "inspector", "M-17", "--as", "planner")
    check("one thing changed", again == {**one, "cap": 3}, again)
    for what, code, names, words in [
            ("unknown region", INPUT, "regions", ("--regions", "99")), ("no day", INPUT, "2028-02-30", ("--cert-until", "2028-02-30")),
            ("unknown skill", INPUT, "cooking", ("--quals", "cooking")), ("no kind", USAGE, "cook", ("--kind", "cook")),
            ("no number", USAGE, "--cap", ("--cap", "many")), ("unknown department", INPUT, "p_none", ("--dept", "p_none"))]:
        p.refused(what, code, names, "inspector", "put", "M-17", *words, "--as", "market")
    p.refused("unknown inspector", INPUT, "M-99", "show", "inspector", "M-99", "--as", "planner")
    p.refused("no staff number", USAGE, "STAFF_NO", "inspector", "put", "--as", "market")


def interests(p):
    tie = ("interest", "add", "M-17", FIRM, "--kind", "shareholding", "--from", "2025-01-01")
    p.refused("not theirs", REFUSED, "DRAW_COMMIT", *tie, "--as", "ecology")
    record = p.good(*tie, "--to", "2026-12-31", "--as", "market").strip()
    shown = p.json("show", "inspector", "M-17", "--as", "planner")["interests"]
    check("declared", shown == [{"id": record, "code": FIRM, "kind": "shareholding", "from_on": "2025-01-01", "to_on": "2026-12-31", "note": ""}], shown)
    check("in words", FIRM in p.good("show", "inspector", "M-17", "--as", "planner"))
    p.refused("no kind", INPUT, "kind", "interest", "add", "M-17", FIRM, "--from", "2025-01-01", "--as", "market")
    p.refused("no firm", INPUT, "code", *tie[:3], "91350100M000100Y43", *tie[4:], "--as", "market")
    p.refused("no code", INPUT, "X1", *tie[:3], "X1", *tie[4:], "--as", "market")
    p.refused("ends before", INPUT, "to_on", *tie, "--to", "2024-01-01", "--as", "market")
    p.refused("no inspector", INPUT, "M-99", *tie[:2], "M-99", *tie[3:], "--as", "market")
    end = ("interest", "end", "M-17", record)
    p.refused("end: not theirs", REFUSED, "DRAW_COMMIT", *end, "--as", "ecology")
    p.refused("end: no id", INPUT, "", *end[:3], "one", "--as", "market")
    p.refused("end: before it began", INPUT, "to_on", *end, "--on", "2024-12-31", "--as", "market")
    check("ended", p.good(*end, "--on", "2026-06-30", "--as", "market").strip() == record)
    p.refused("end: put off", REFUSED, "2026", *end, "--on", "2026-12-31", "--as", "market")
    check("its last day", p.json("show", "inspector", "M-17", "--as", "planner")["interests"][0]["to_on"] == "2026-06-30")


def items(p):
    rows = list(csv.reader(io.StringIO(p.good("export", "items", "--lang", "zh").removeprefix("\ufeff"))))
    check("the published columns", rows[0] == ["序号", "抽查类别", "抽查事项", "检查对象", "事项类别", "检查方式", "检查主体", "检查依据"], rows[0])
    check("numbered", [r[0] for r in rows[1:]] == [str(n) for n in range(1, len(rows))])
    check("every cell is filled", all(len(r) == 8 and all(r) for r in rows))
    check("two kinds", {r[4] for r in rows[1:]} == {"一般检查事项", "重点检查事项"})
    check("each names its law", all("《" in r[7] for r in rows[1:]))
    english = list(csv.reader(io.StringIO(p.good("export", "items", "--lang", "en").removeprefix("\ufeff"))))
    check("header in English", english[0][0] == "No." and len(english) == len(rows))
    check("as many are shown", len(p.json("show", "items")) == len(rows) - 1)
    check("none before the list began", p.json("show", "items", "--on", "2020-01-01") == [])
    p.refused("no day", INPUT, "yesterday", "show", "items", "--on", "yesterday")


def story(p):
    p.good("demo", "--entities", "300", "--quiet")
    check("departments", len(p.json("show", "departments")) == 30)
    check("of a city", {d["region"][:4] for d in p.json("show", "departments", "--region", "430100")} == {"4301"})
    inspectors(p)
    interests(p)
    items(p)


sys.exit(with_program(story))
