#!/usr/bin/env python3
"""Procedures on the command line: checking, showing, drawing, the sheet, and the difference of two versions."""
import os
import pathlib
import xml.dom.minidom

from lib import INPUT, USAGE, check, with_program

DEFINITIONS = pathlib.Path(os.environ["SISHI_DEFINITIONS"])
COMPLAINT = (DEFINITIONS / "procedures/complaint.yaml").read_text(encoding="utf-8")
KEYS = ("complaint", "complaint@1", "report")


def mistakes(p):
    check("all of them", p.json("def", "check")["procedures"] >= 3)
    draft = p.folder / "draft.yaml"
    draft.write_text(COMPLAINT, encoding="utf-8")
    good = p.json("def", "check", str(draft))
    check("a good draft", (good["procedure"], good["version"], good["states"]) == ("complaint", 2, 9), good)
    draft.write_text(COMPLAINT.replace("given pause_reason", "given pause_raeson"), encoding="utf-8")
    code, out, err = p.run("def", "check", str(draft))
    lines = err.splitlines()
    check("a mistake: its line, a caret, one message", code == INPUT and out == "" and len(lines) == 3, err)
    check("the caret stands below the word", lines[0][lines[1].index("^"):].startswith("pause_raeson"), err)
    check("named", ': "pause_raeson" is no field of this procedure' in lines[2], err)
    p.refused("no such file", 5, "nowhere.yaml", "def", "check", "nowhere.yaml")
    for command in ("show", "draw", "sheet"):
        p.refused("no such procedure", INPUT, "wedding", "def", command, "wedding")
        p.refused("no such version", INPUT, "complaint@9", "def", command, "complaint@9")
        p.refused("which one?", USAGE, "PROCEDURE", "def", command)


def shown(p):
    for key in KEYS:
        for lang in ("zh", "en"):
            steps = p.json("def", "show", key, "--lang", lang)["steps"]
            picture = p.good("def", "draw", key, "--lang", lang)
            sheet = p.good("def", "sheet", key, "--lang", lang)
            words = [e.firstChild.data for e in xml.dom.minidom.parseString(picture).getElementsByTagName("text")]
            for step in steps:
                check(f"{key} {lang}: {step['event']} is drawn", any(w.endswith(step["label"]) for w in words), words)
                check(f"{key} {lang}: {step['event']} is on the sheet", f"<b>{step['label']}</b>" in sheet)
            check("no pattern is left unfilled", not any(f"{{{n}}}" in sheet for n in "123"))
            check("marks", sheet.count('class="u"') >= sum(not s["verified"] for s in steps))
    check("by the clock alone", [s["event"] for s in p.json("def", "show", "complaint")["steps"] if s["by"] == ["timer"]] == ["lapse", "expire"])


def changed(p):
    code, out, _ = p.run("def", "diff", "complaint@1", "complaint@2", "--lang", "en")
    check("a difference", code == 1)
    for line in ("+ state wait_identity: waiting for proof of identity", "~ period C3", "+ step ask_identity"):
        check(line, line in out, out)
    check("forty-five working days became sixty days", "45 working days" in out and "60 days" in out)
    draft = p.folder / "draft.yaml"
    draft.write_text("# another remark\n" + COMPLAINT, encoding="utf-8")
    code, out, err = p.run("def", "diff", "complaint@2", str(draft))
    check("a remark is none", (code, out) == (0, ""), out + err)
    draft.write_text(COMPLAINT.replace("when: given pause_reason", "when: given pause_reason and no_recusal"), encoding="utf-8")
    code, out, _ = p.run("def", "diff", "complaint@2", str(draft), "--lang", "en")
    check("one condition", code == 1 and [x for x in out.splitlines() if x[0] != " "] == ["~ condition of pause"], out)


def story(p):
    mistakes(p)
    shown(p)
    changed(p)


with_program(story)
