#!/usr/bin/env python3
"""A draw held on the command line, step by step and in one command, with what must be refused at each step."""
import copy
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

from lib import INPUT, NO, OK, REFUSED, USAGE, check, with_program

PLAN = {
    "region": "430100", "title": "Catering", "task": "row 7 of the yearly plan", "demo": True, "beacon_wait_s": 0, "missing_skip": True,
    "parties": ["p_market", "p_ecology"], "beacons": [{"kind": "dice", "ref": "town-hall"}],
    "lots": [{"name": "catering", "item": "B03", "mode": "fixed", "n": 5, "reserve": 2, "industries": ["H62"]}],
    "teams": [{"lot": "catering", "dept": "p_market", "size": 2, "qual": "food"}]}
DICE = "12345612345612345612"


def changed(**members):
    return json.dumps({**copy.deepcopy(PLAN), **members})


def lot(**members):
    return changed(lots=[{**PLAN["lots"][0], **members}])


BAD_PLANS = [
    ("no JSON", "{", "JSON"), ("a list", "[]", "plan"), ("no region", changed(region=""), "region"), ("no task", changed(task=""), "task"),
    ("unknown member", changed(color="red"), "color"), ("a text for a number", changed(beacon_wait_s="soon"), "beacon_wait_s"),
    ("no parties", changed(parties=[]), "parties"), ("no lots", changed(lots=[]), "lots"), ("no such mode", lot(mode="best"), "mode"),
    ("nobody to draw", lot(n=0), "n"), ("a team of one", changed(teams=[{**PLAN["teams"][0], "size": 1}]), "size"),
    ("a team for no lot", changed(teams=[{**PLAN["teams"][0], "lot": "x"}]), "teams"), ("a day that is none", changed(embargo_on="2026-02-30"), "embargo_on")]


def plans(p):
    for what, text, names in BAD_PLANS:
        p.refused(f"plan: {what}", INPUT, names, "draw", "plan", "-", "--as", "planner", given=text)
    p.refused("plan: no file", INPUT, "nowhere.json", "draw", "plan", "nowhere.json", "--as", "planner")
    p.refused("plan: unknown department", INPUT, "p_none", "draw", "plan", "-", "--as", "planner", given=changed(parties=["p_market", "p_none"]))
    p.refused("plan: by nobody", USAGE, "--as", "draw", "plan", "-", given=json.dumps(PLAN))
    p.refused("plan: by an operator", REFUSED, "DRAW_PLAN", "draw", "plan", "-", "--as", "operator", given=json.dumps(PLAN))
    check("none of them took a number", p.json("draw", "list") == [])


def commitments(p, no):
    """One department lets the program keep its value, the other keeps a file of its own."""
    p.refused("freeze without commitments", REFUSED, "", "draw", "freeze", no, "--as", "operator")
    p.refused("not a party", REFUSED, "", "draw", "commit", no, "--as", "emergency")
    p.refused("a commitment that is none", INPUT, "", "draw", "commit", no, "--commitment", "abc", "--as", "ecology")
    p.good("draw", "commit", no, "--as", "market")
    code, file, note = p.run("draw", "contribution", no, "--as", "ecology")
    digest = hashlib.sha256(file.encode()).hexdigest()
    check("the note is the file's digest", code == OK and digest in note, note)
    p.good("draw", "commit", no, "--commitment", digest, "--as", "ecology")
    return re.search(r"^value ([0-9a-f]{64})$", file, re.M)[1]


def ceremony(p):
    no = json.loads(p.good("draw", "plan", "-", "--as", "planner", "--json", given=json.dumps(PLAN)))["no"]
    check("the first number of the region and year", re.fullmatch(r"430100-\d{4}-0001", no), no)
    value = commitments(p, no)
    p.refused("reveal before the freeze", REFUSED, "", "draw", "reveal", no, "--as", "market")
    p.refused("freeze by a planner", REFUSED, "DRAW_FREEZE", "draw", "freeze", no, "--as", "planner")
    check("frozen", p.json("draw", "freeze", no, "--as", "operator")["state"] == "frozen")
    p.refused("frozen twice", REFUSED, "", "draw", "freeze", no, "--as", "operator")
    p.refused("another value", INPUT, "", "draw", "reveal", no, "--value", "0" * 64, "--as", "ecology")
    p.refused("beacon before the reveals", REFUSED, "", "draw", "beacon", no, "dice", "town-hall", DICE, "--as", "operator")
    p.good("draw", "reveal", no, "--as", "market")
    check("revealed", json.loads(p.good("draw", "reveal", no, "--value", value, "--as", "ecology", "--json"))["state"] == "revealed")
    p.refused("run without a seed", REFUSED, "", "draw", "run", no, "--as", "operator")
    p.refused("a letter on a die", INPUT, "", "draw", "beacon", no, "dice", "town-hall", DICE[:-1] + "x", "--as", "operator")
    p.refused("no such event", INPUT, "elsewhere", "draw", "beacon", no, "dice", "elsewhere", DICE, "--as", "operator")
    p.refused("no instant", INPUT, "yesterday", "draw", "beacon", no, "dice", "town-hall", DICE, "--at", "yesterday", "--as", "operator")
    p.refused("before the reveals", REFUSED, "", "draw", "beacon", no, "dice", "town-hall", DICE, "--at", "2020-01-01T00:00:00+08:00", "--as", "operator")
    p.good("draw", "beacon", no, "dice", "town-hall", DICE, "--as", "operator")
    p.refused("publish before the run", REFUSED, "", "draw", "publish", no, "--as", "reviewer")
    check("drawn", p.json("draw", "run", no, "--as", "operator")["state"] == "drawn")
    p.refused("publish by an operator", REFUSED, "DRAW_PUBLISH", "draw", "publish", no, "--as", "operator")
    check("published", p.json("draw", "publish", no, "--as", "reviewer")["state"] == "published")
    p.refused("void what is published", REFUSED, "", "draw", "void", no, "--reason", "regret", "--as", "reviewer")
    return no


def views(p, no):
    shown = p.json("draw", "show", no)
    check("shown to the public", shown["state"] == "published" and shown["targets"] == 5 and len(shown["parties"]) == 2, shown)
    check("in words", "population.tsv" in p.good("draw", "show", no))
    check("listed", [r["no"] for r in p.json("draw", "list", "--state", "published")] == [no])
    check("not among the void", p.json("draw", "list", "--state", "void") == [])
    p.refused("no such state", USAGE, "almost", "draw", "list", "--state", "almost")
    p.refused("no such draw", INPUT, "430100-1999-0001", "draw", "show", "430100-1999-0001")
    steps = [e["step"] for e in p.json("draw", "log", no)]
    order = [s for i, s in enumerate(steps) if i == 0 or steps[i - 1] != s]
    check("every step in the log", order == ["plan", "commit", "freeze", "reveal", "beacon", "run", "publish"], order)
    check("the log in words", "publish" in p.good("draw", "log", no))


def bundle(p, no):
    folder = p.folder / "bundle"
    p.good("draw", "export", no, str(folder))
    code, out, _ = p.run("draw", "verify", str(folder))
    check("a stranger verifies", code == OK, out)
    drawn = [line.split("\t") for line in (folder / "result.tsv").read_text().splitlines()]
    check("as many as planned, and reserves", len(drawn) == 7, drawn)
    result = folder / "result.tsv"
    text = result.read_text()
    lines = text.splitlines(keepends=True)
    result.write_text("".join([lines[1], lines[0], *lines[2:]]))
    check("another result does not verify", p.run("draw", "verify", str(folder))[0] == NO)
    result.write_text(text)


def previewed(p):
    seen = json.loads(p.good("draw", "preview", "-", "--as", "planner", "--json", given=json.dumps(PLAN)))
    check("everybody of the lot is counted", seen["entities"] == sum(r["entities"] for r in seen["lots"]) > 5, seen)
    check("five visits are expected", abs(int(seen["joint_p31"]) / 2**31 - 5) < 0.01, seen)
    check("in words", "catering" in p.good("draw", "preview", "-", "--as", "planner", given=json.dumps(PLAN)))
    p.refused("preview: by an operator", REFUSED, "DRAW_PLAN", "draw", "preview", "-", "--as", "operator", given=json.dumps(PLAN))
    check("nothing is stored", len(p.json("draw", "list")) == 1)


def replaced(p, no):
    folder = p.folder / "bundle"
    rows = [line.split("\t") for line in (folder / "result.tsv").read_text().splitlines()]
    reserve = next(r for r in rows if "R" in r[:4])
    target = next(r for r in rows if "S" in r[:4])
    code = next(cell for cell in target if cell.isalnum() and len(cell) in (13, 15, 18))
    next_one = next(cell for cell in reserve if cell.isalnum() and len(cell) in (13, 15, 18))
    base = ("draw", "replace", no, "--code", code)
    p.refused("replace whom?", USAGE, "--code", "draw", "replace", no, "--as", "reviewer")
    p.refused("no reason", INPUT, "reason", *base, "--lot", "catering", "--as", "reviewer")
    p.refused("no such lot", INPUT, "", *base, "--lot", "x", "--reason", "gone", "--as", "reviewer")
    who = next(line.split("\t")[3] for line in (folder / "assign.tsv").read_text().splitlines() if line.startswith(code))
    colleague = p.good(*base, "--inspector", who, "--dept", "p_market", "--reason", "ill", "--as", "market").strip()
    check("a colleague", colleague not in ("", who), colleague)
    check("the first reserve", p.good(*base, "--lot", "catering", "--reason", "deregistered", "--as", "reviewer").strip() == next_one)
    check("both in the log", {"replace_target", "replace_inspector"} <= {e["step"] for e in p.json("draw", "log", no)})


def strangers(p, no):
    """What is exported after the replacements is accepted by every verifier, and not with another successor."""
    second, folder = pathlib.Path(os.environ["SISHI_DEFINITIONS"]).parent / "tests/second", p.folder / "replaced"
    p.good("draw", "export", no, str(folder))
    events = folder / "events.tsv"
    text = events.read_text()
    rows = [line.split("\t") for line in text.splitlines()]
    check("one inspector, one target, its team", [r[2] for r in rows] == ["inspector", "target", "inspector", "inspector", "place", "place"], text)
    for words in ((sys.executable, second / "verify.py"), ("node", second / "verify.mjs"), (sys.executable, second / "replacements.py")):
        done = subprocess.run([*words, folder], capture_output=True, text=True, timeout=100)
        check(f"{words[1].name} accepts what was exported", done.returncode == 0, done.stdout + done.stderr)
    code, out, _ = p.run("draw", "verify", str(folder), "--json")
    check("and so do we", code == OK and json.loads(out)["passed"][-1] == "changes", out)
    events.write_text("".join(line + "\n" for line in text.splitlines()[:-1]))
    code, out, _ = p.run("draw", "verify", str(folder))
    check("not without a place of the team", code == NO and "events.tsv:6" in out, out)
    events.write_text(text.replace(rows[1][6], rows[1][3].split("/")[1]))
    code, out, _ = p.run("draw", "verify", str(folder))
    check("not with another reserve", code == NO and "events.tsv:2" in out, out)


def half_revealed(p, **members):
    """A draw in which one of two departments reveals, up to the closing."""
    no = json.loads(p.good("draw", "plan", "-", "--as", "planner", "--json", given=changed(**members)))["no"]
    p.good("draw", "commit", no, "--as", "market")
    p.good("draw", "commit", no, "--as", "ecology")
    p.refused("close before the freeze", REFUSED, "", "draw", "close-reveals", no, "--reason", "late", "--as", "operator")
    p.good("draw", "freeze", no, "--as", "operator")
    p.good("draw", "reveal", no, "--as", "market")
    p.refused("close without a reason", INPUT, "reason", "draw", "close-reveals", no, "--as", "operator")
    p.refused("close by a department", REFUSED, "", "draw", "close-reveals", no, "--reason", "late", "--as", "market")
    return no


def closed(p):
    """A department that does not reveal: by the plan's rule it is skipped, or the draw is void."""
    no = half_revealed(p)
    check("skipped", p.json("draw", "close-reveals", no, "--reason", "ecology is closed", "--as", "operator")["state"] == "revealed")
    p.refused("too late to reveal", REFUSED, "", "draw", "reveal", no, "--as", "ecology")
    p.good("draw", "beacon", no, "dice", "town-hall", DICE, "--as", "operator")
    p.good("draw", "run", no, "--as", "operator")
    p.good("draw", "publish", no, "--as", "reviewer")
    folder = p.folder / "skipped"
    p.good("draw", "export", no, str(folder))
    check("the missing value is shown", re.search(r"^reveal p_ecology -$", (folder / "reveals.txt").read_text(), re.M))
    check("the draw without it verifies", p.run("draw", "verify", str(folder))[0] == OK)
    no = half_revealed(p, missing_skip=False)
    check("void", p.json("draw", "close-reveals", no, "--reason", "ecology is closed", "--as", "operator")["state"] == "void")
    check("and says why", "ecology is closed" in p.json("draw", "show", no)["void_reason"])
    p.refused("nothing goes on after it", REFUSED, "", "draw", "beacon", no, "dice", "town-hall", DICE, "--as", "operator")


def voided(p):
    no = json.loads(p.good("draw", "plan", "-", "--as", "planner", "--json", given=json.dumps(PLAN)))["no"]
    p.refused("void without a reason", INPUT, "reason", "draw", "void", no, "--as", "reviewer")
    check("void", p.json("draw", "void", no, "--reason", "wrong region", "--as", "reviewer")["state"] == "void")
    shown = p.json("draw", "show", no)
    check("its reason stays", shown["void_reason"] == "wrong region", shown)
    p.refused("nothing goes on", REFUSED, "", "draw", "commit", no, "--as", "market")


def guide(p):
    """The plan that docs/guide/draw.md shows is one that the program takes."""
    text = (pathlib.Path(os.environ["SISHI_DEFINITIONS"]).parent / "docs/guide/draw.md").read_text(encoding="utf-8")
    plan = re.search(r"```json\n(.*?)```", text, re.S)[1]
    check("the guide's plan", json.loads(p.good("draw", "plan", "-", "--as", "planner", "--json", given=plan))["state"] == "planned")


SAYS = {"en": ("The draw verifies", ": drawn, rank", ": not drawn"), "zh": ("核验通过", "：抽中，第", "：未抽中")}


def in_two_languages(p):
    """The same answers in Chinese, and the same JSON."""
    folder = str(p.folder / "skipped")
    drawn = (p.folder / "skipped/result.tsv").read_text().split("\t")[3]
    for words in (("verify", folder), ("check", folder, drawn), ("check", folder, "91430000000000000X"), ("verify", str(p.folder / "replaced"))):
        zh, en = (p.run("draw", *words, "--lang", lang) for lang in ("zh", "en"))
        check(f"draw {words[0]}: as many lines in both", zh[0] == en[0] and zh[1].count("\n") == en[1].count("\n"), (zh, en))
        check(f"draw {words[0]}: every line in Chinese", all(re.search("[\u4e00-\u9fff]", line) or line.startswith("    ") for line in zh[1].splitlines()), zh[1])
        check(f"draw {words[0]}: none in English", not re.search("[\u4e00-\u9fff]", en[1]) or words[0] == "check", en[1])
        check(f"draw {words[0]}: JSON is the same", p.run("draw", *words, "--lang", "zh", "--json")[:2] == p.run("draw", *words, "--lang", "en", "--json")[:2])


def in_one_command(p):
    for lang, word in (("en", "Twenty ten-sided dice"), ("zh", "二十个十面骰子")):
        out = p.good("demo", "draw", "--lang", lang, "--out", str(p.folder / lang))
        check(f"{lang}: in words", word in out, out[:400])
        verifies, drawn, left = SAYS[lang]
        check(f"{lang}: verifies", verifies in out, out[-1500:])
        check(f"{lang}: one drawn and one not", drawn in out and left in out, out[-1500:])
        check(f"{lang}: files verify again", p.run("draw", "verify", str(p.folder / lang))[0] == OK)
        check(f"{lang}: every place is filled", "~" not in (p.folder / lang / "assign.tsv").read_text())
    check("marked as demo", all(r["demo"] for r in p.json("draw", "list", "--state", "published")))


def story(p):
    p.refused("demo draw: too few", USAGE, "--entities", "demo", "draw", "--entities", "10")
    p.good("demo", "--entities", "6000", "--quiet")
    plans(p)
    no = ceremony(p)
    views(p, no)
    bundle(p, no)
    previewed(p)
    replaced(p, no)
    strangers(p, no)
    closed(p)
    voided(p)
    in_two_languages(p)
    guide(p)
    in_one_command(p)


sys.exit(with_program(story))
