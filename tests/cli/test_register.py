#!/usr/bin/env python3
"""The register at the command line: enter, change, correct, find, look back. Run by meson."""
import json

from lib import INPUT, REFUSED, USAGE, check, with_program

CODE = "91350100M000100Y43"


def from_entry_to_correction(p):
    facts = {"name": "Zhixing Trading", "class": "company", "region": "430104", "industry": "5211", "capital_fen": 100,
             "established_on": "2020-01-01", "premises": "Road 1"}
    words = ("entity", "add", "--as", "registrar", "--stdin", "--op-key", "k1")
    identity = p.good(*words, given=json.dumps(facts)).strip()
    check("the same key enters once", p.good(*words, given=json.dumps(facts)).strip() == identity)
    show = ("show", "entity", identity)
    e = p.json(*show)
    check("entered", (e["code"], e["industry"], e["status"], e["version"]) == (identity, "F5211", "active", 1), e)
    change = ("entity", "change", identity, "--as", "registrar", "--reason", "moved")
    p.good(*change, "--from", "2024-01-01", "--region", "430105", "--premises", "")
    p.good(*change, "--name", "Zhixing Group", "--version", "2")
    p.refused("an old version", REFUSED, "version 3", *change, "--name", "x", "--version", "2")
    now, then = p.json(*show, "--as", "planner"), p.json(*show, "--as-of", "2023-12-31")
    check("now", (now["name"], now["region"], now["premises"], now["reason"]) == ("Zhixing Group", "430105", None, "moved"), now)
    check("then", (then["name"], then["region"], then["premises"], then["reason"]) == ("Zhixing Trading", "430104", "Road 1", None), then)
    p.refused("before it began", INPUT, identity, *show, "--as-of", "2019-12-31")
    p.refused("before it was known", INPUT, identity, *show, "--as-known", "2019-12-31")
    check("five versions", len(p.json(*show, "--history", "--as", "planner")) == 5)
    check("history says what was superseded", "superseded" in p.good(*show, "--history", "--as", "planner"))
    p.refused("history is for the staff", REFUSED, "REGISTER_READ", *show, "--history")


def names_are_found(p):
    identity = p.good("entity", "add", "--as", "registrar", "--name", "Qingfeng Dumplings", "--class", "company", "--region", "430104",
                      "--uscc", CODE).strip()
    for _ in range(2):
        p.good("entity", "alias", CODE, "Green Wind", "--as", "registrar")
    for words in (("qing", "FENG"), ("green", "wind"), ("--code", "91350100m000")):
        page = p.json("search", *words, "--count")
        check(f"found by {words}", [i["entity"]["id"] for i in page["items"]] == [identity], page)
        check(f"counted by {words}", (page["count"], page["count_capped"], page["next"]) == (1, False, None), page)
    check("the alias that matched is said", "(Green Wind)" in p.good("search", "green"))
    p.good("search", "rebuild", "--quiet")
    check("found after a rebuild", CODE in p.good("search", "dumplings"))


def pages_follow_each_other(p):
    seen, after = [], ()
    while True:
        page = p.json("search", "--region", "43", "--sort", "name", "--limit", "123", *after)
        seen += [i["entity"]["id"] for i in page["items"]]
        if page["next"] is None:
            break
        after = ("--after", page["next"])
    check("all are there", len(seen) >= 500, len(seen))
    check("each once", len(seen) == len(set(seen)))


def mistakes_are_named(p):
    facts = ("--name", "X", "--class", "company", "--region", "430104")
    add = ("entity", "add", "--as", "registrar", *facts)
    p.refused("nobody", USAGE, "--as", "entity", "add", *facts)
    p.refused("no registrar", REFUSED, "REGISTER_WRITE", "entity", "add", "--as", "planner", *facts)
    p.refused("class", INPUT, "palace", *add, "--class", "palace")
    p.refused("region", INPUT, "430199", *add, "--region", "430199")
    p.refused("a member too many", INPUT, "colour", *add, "--stdin", given='{"colour": "red"}')
    p.refused("a member of another kind", INPUT, "name", *add, "--stdin", given='{"name": 7}')
    p.refused("no object", INPUT, "object", *add, "--stdin", given="[]")
    p.refused("no JSON", INPUT, "line 1", *add, "--stdin", given="{")
    p.refused("check character", INPUT, "91350100M000100Y44", *add, "--uscc", "91350100M000100Y44")
    p.refused("sort", USAGE, "--sort", "search", "x", "--sort", "age")
    p.refused("cursor", INPUT, "cursor", "search", "x", "--after", "x")
    p.refused("grades are for the staff", REFUSED, "REGISTER_READ", "search", "x", "--grade", "D")
    p.refused("grade", USAGE, "--grade", "search", "x", "--grade", "E", "--as", "planner")
    p.refused("date", INPUT, "2026-13-01", "show", "entity", CODE, "--as-of", "2026-13-01")


def help_is_a_page(p):
    for command in ("show entity", "search", "search rebuild", "entity add", "entity change", "entity alias"):
        page = p.good(*command.split(), "--help")
        for part in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "sishi " + command):
            check(f"{command}: {part}", part in page)


def story(p):
    p.good("demo", "--entities", "500", "--quiet")
    from_entry_to_correction(p)
    names_are_found(p)
    pages_follow_each_other(p)
    mistakes_are_named(p)
    help_is_a_page(p)


with_program(story)
