#!/usr/bin/env python3
"""The evidence log on the command line: its keeper, a witness on a machine of its own, and a checker that shares no
code with either. The entries are put into the database here, so that what the program says of them is known beforehand."""
import pathlib
import sqlite3
import stat
import sys

from lib import INPUT, REFUSED, USAGE, check, with_program

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "second"))
import log as second  # noqa: E402

KINDS = "plan freeze reveals seed result void event evidence".split()
DRAW = "430000-2026-0001"


def nodes(leaves):
    """Every perfect subtree: (level, number) -> digest."""
    found, level = {}, list(leaves)
    for n in range(40):
        found |= {(n, i): d for i, d in enumerate(level)}
        level = [second.h(b"\1", level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return found


def grow(p, n):
    """Makes the log n entries long; -> all lines."""
    lines = [f"{KINDS[i % 8]} {DRAW if i % 3 else '430000-2026-0002'} {i:064x}" for i in range(n)]
    db = sqlite3.connect(p.folder / "data" / "sishi.db")
    have = db.execute("SELECT size FROM log_head").fetchone()[0]
    for i in range(have, n):
        kind, draw, hex_ = lines[i].split()
        db.execute("INSERT INTO log_entry (seq, at, kind, draw_no, hex) VALUES (?, ?, ?, ?, ?)", (i, 1795395600000 + i, KINDS.index(kind), draw, hex_))
    db.executemany("INSERT INTO log_node (level, idx, digest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                   [(*at, d) for at, d in nodes(second.h(b"\0", x.encode()) for x in lines).items()])
    db.execute("UPDATE log_head SET size = ?", (n,))
    db.commit()
    db.close()
    return lines


def keep(p, name, text):
    (p.folder / name).write_text(text, encoding="utf-8")
    return str(p.folder / name)


def judged(*words):
    """The second implementation's verdict."""
    try:
        return second.main(*words) == 0
    except SystemExit as no:
        print("second:", no)
        return False


def heads(p, vkey):
    lines = grow(p, 13)
    note = p.good("log", "checkpoint")
    size, root = second.checkpoint(note, vkey)
    check("size and root", (size, root) == (13, second.root_of([second.h(b"\0", x.encode()) for x in lines])), note)
    told = p.json("log", "checkpoint")
    check("as JSON", (told["size"], told["root"], told["note"]) == (13, root.hex(), note), told)
    check("all lines", p.good("log", "entries").splitlines() == lines)
    check("a page", p.good("log", "entries", "--from", "4", "--limit", "2").splitlines() == lines[4:6])
    check("one draw's", [e["line"] for e in p.json("log", "entries", "--draw", DRAW)] == [x for x in lines if DRAW in x])
    file, all_of = keep(p, "head.txt", note), keep(p, "log.txt", "".join(x + "\n" for x in lines))
    check("accepted by the second", judged(file, vkey, all_of))
    check("a line changed is not", not judged(file, vkey, keep(p, "bad.txt", "".join(lines[:-1]) + "\n")))
    forged = keep(p, "forged.txt", note.replace("\n13\n", "\n12\n"))
    check("a size changed is not", not judged(forged, vkey))
    return lines, file


def proofs(p, vkey, file):
    for seq in range(13):
        proof = keep(p, "proof.json", p.good("log", "prove", str(seq)))
        check(f"entry {seq} is in", judged(file, vkey, "--entry", proof))
    wrong = keep(p, "wrong.json", pathlib.Path(proof).read_text(encoding="utf-8").replace('"seq":12', '"seq":11'))
    check("in another place it is not", not judged(file, vkey, "--entry", wrong))
    p.refused("no such entry", INPUT, "13", "log", "prove", "13")
    p.refused("neither", USAGE, "--from", "log", "prove")
    p.refused("both", USAGE, "--from", "log", "prove", "3", "--from", "2")
    p.refused("a log of the future", INPUT, "99", "log", "prove", "3", "--size", "99")


def witness(p, vkey, file):
    key = str(p.folder / "witness.key")
    w = p.good("log", "witness", "key", key, "--name", "jijian.example/witness").strip()
    check("the key is private", stat.S_IMODE(pathlib.Path(key).stat().st_mode) == 0o600)
    check("and stays the same", p.good("log", "witness", "key", key).strip() == w)
    line = p.good("log", "cosign", file, "--key", key, "--log", vkey)
    sent = keep(p, "line.txt", line)
    p.refused("who is no witness yet", INPUT, "witness", "log", "take", "13", sent)
    p.refused("who registers?", USAGE, "--as", "log", "witness", "add", w)
    p.good("account", "add", "root", "--role", "system_admin", given="Secret-words-1\n")
    p.good("account", "add", "li", "--role", "planner", "--as", "root", given="Other-words-2\n")
    p.refused("a planner registers none", REFUSED, "ACCOUNT_ADMIN", "log", "witness", "add", w, "--as", "li")
    p.refused("a log's key is no witness's", INPUT, "type 4", "log", "witness", "add", vkey, "--as", "root")
    p.good("log", "witness", "add", w, "--as", "root")
    p.refused("a signature of another head", INPUT, "12", "log", "take", "12", sent)
    p.refused("a changed line", INPUT, "witness", "log", "take", "13", keep(p, "odd.txt", line.replace("A", "B", 1)))
    p.good("log", "take", "13", sent)
    p.good("log", "take", "13", sent)
    note = keep(p, "cosigned.txt", p.good("log", "checkpoint"))
    check("the second sees the cosignature", judged(note, vkey, "--witness", w))
    check("and that it is not the log's", not judged(file, vkey, "--witness", w))
    return key


def growth(p, vkey, old, key):
    lines = grow(p, 20)
    note = p.good("log", "checkpoint")
    new = keep(p, "head20.txt", note)
    grown = keep(p, "grown.json", p.good("log", "prove", "--from", "13"))
    check("the log only grew", judged(new, vkey, "--from", old, grown))
    check("another path does not show it", not judged(new, vkey, "--from", old, keep(p, "short.json", '{"path":[]}')))
    p.refused("a witness wants the proof", USAGE, "--proof", "log", "cosign", new, "--key", key, "--log", vkey)
    p.refused("a path that is none", INPUT, "beginning", "log", "cosign", new, "--key", key, "--log", vkey, "--proof", str(p.folder / "short.json"))
    check("with it, it signs", p.good("log", "cosign", new, "--key", key, "--log", vkey, "--proof", grown).startswith("\u2014 jijian.example/witness "))
    p.refused("never an older one again", INPUT, "shrunk", "log", "cosign", old, "--key", key, "--log", vkey)
    pathlib.Path(key).chmod(0o644)
    p.refused("a key that others may read", INPUT, "0644", "log", "cosign", new, "--key", key, "--log", vkey)
    check("lines go on", p.good("log", "entries", "--from", "13").splitlines() == lines[13:])


def forks(p, vkey, old):
    """Another log under the same name's key is impossible, so a rewritten one is shown to a fresh witness's memory."""
    key = str(p.folder / "second.key")
    p.good("log", "witness", "key", key, "--name", "notary.example/witness")
    p.good("log", "cosign", old, "--key", key, "--log", vkey)
    seen = pathlib.Path(key + ".seen")
    origin, size, root = seen.read_text(encoding="utf-8").splitlines()[:3]
    seen.write_text(f"{origin}\n{size}\n{root[::-1][1:] + '='}\n" if root.endswith("=") else f"{origin}\n{size}\n{root}\n", encoding="utf-8")
    code, _, err = p.run("log", "cosign", old, "--key", key, "--log", vkey)
    check("the same size with another root is refused", code == INPUT, err)


def story(p):
    vkey = p.good("log", "key").strip()
    check("the log's key is private", stat.S_IMODE((p.folder / "data" / "evidence.key").stat().st_mode) == 0o600)
    check("an empty log has a head", second.checkpoint(p.good("log", "checkpoint"), vkey) == (0, second.h()))
    _, file = heads(p, vkey)
    proofs(p, vkey, file)
    key = witness(p, vkey, file)
    growth(p, vkey, file, key)
    forks(p, vkey, file)
    (p.folder / "data" / "evidence.key").chmod(0o640)
    p.refused("a log's key that others may read", INPUT, "0640", "log", "checkpoint")


with_program(story)
