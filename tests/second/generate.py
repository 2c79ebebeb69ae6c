#!/usr/bin/env python3
"""Makes small whole draws for tests, each a bundle {file name: bytes}, from a number: the same number, the same bytes.

    python3 generate.py NUMBER DIR     writes bundle NUMBER to DIR
The features turn with the number, so that any run of 24 numbers has SHA-256 and SM3, publication now and under embargo, salted lines,
a party that reveals nothing, lots by rate, fixed lots with take-alls, reserves and too few candidates, empty lots, shortage of
inspectors, qualifications, recusals, and empty lists.
"""
import random
import sys

import reference

CLASSES = (1, 2, 5, 10)
DEPTS = ("emergency", "fire", "market")


def entity_id(rng, n):
    kind = rng.randrange(8)
    if kind == 0:
        return "".join(rng.choice("!#,;=~-_.:/9Az") for _ in range(rng.randint(1, 9))) + str(n)
    if kind == 1:
        return str(n).rjust(rng.choice((22, 23, 54, 55, 64)), "x")
    return f"9143010{rng.randrange(3)}MA{n:07d}{rng.choice('0123456789X')}"


def weight(rng, kind):
    if kind == "rate":
        return rng.choice((1, 2**31, rng.randrange(1, 2**31), 107374182, 1073741824))
    return rng.choice((rng.choice(CLASSES), rng.choice(CLASSES), rng.choice(CLASSES), rng.choice((1, 40, 3000, 2**31))))


def plan_text(rng, number):
    lots = []
    for at in range(rng.randint(1, 4)):
        name = rng.choice(("F", "S", "R_", "9x")) + str(at)
        rate = (number + at) % 3 == 2
        lots.append((name, "rate" if rate else f"fixed {rng.choice((0, 1, 2, 4, 6, 9, 60))} reserve {rng.choice((0, 1, 3, 50))}", rate))
    beacons = [f"beacon {kind} {ref}" for kind, ref in (("lottery", "ssq-2026085"), ("dice", "hall-20260723"), ("other", "a=b"))[:rng.randint(number % 4 == 1, 3)]]
    parties = sorted(rng.sample(("audit", "discipline", "justice", "market", "Zhi_9"), rng.randint(1, 4)))
    lines = ["sishi-draw/1 plan", f"draw 430100-2026-{number:04d}"]
    lines += [f"title random test draw {number}, \u53cc\u968f\u673a"] if number % 2 else []
    lines += [f"rules {rng.getrandbits(256):064x}"] if number % 5 == 0 else []
    lines += [f"hash {'sm3' if number % 2 else 'sha256'}"] + [f"party {party}" for party in parties] + beacons
    lines += [f"missing {'skip' if beacons and number % 4 in (1, 2) else 'void'}"]
    lines += [f"publish {'embargo 2026-12-31' if number % 3 == 1 else 'now'}"]
    lines += [f"lot {name} {rest}" for name, rest, _ in lots]
    for name, _, _ in lots:
        for _ in range(rng.choice((0, 1, 1, 2))):
            lines.append(f"team {name} {rng.choice(DEPTS)} {rng.choice((2, 2, 2, 3))} {rng.choice(('-', '-', 'food', 'lifts'))}")
    return "\n".join(lines) + "\n", lots, parties, beacons


def generate(number):
    """The whole bundle of this number."""
    rng = random.Random(f"sishi-draw/1 test bundle {number}")
    text, lots, parties, beacons = plan_text(rng, number)
    salted = number % 6 in (3, 4)
    ids = sorted({entity_id(rng, n) for n in range(rng.choice((0, 1, 7, 24, 33, 40)) if number % 8 == 7 else rng.randint(16, 40))})
    people = []
    for who in ids:
        some = [f"{name}={weight(rng, 'rate' if rate else 'fixed')}" for name, _, rate in sorted(lots) if rng.random() < 0.7]
        some = some or [f"{min(lots)[0]}={weight(rng, 'rate' if min(lots)[2] else 'fixed')}"]
        note = rng.choice(("-", "-", "grade=B", "\u6ce8\u610f " + "n" * rng.choice((1, 200))))
        people.append((who, rng.choice(("430102", "430103", "430181", "430181001002")), ",".join(some), f"{rng.getrandbits(128):032x}" if salted else "-", note))
    staff = []
    for at in range(0 if number % 12 == 11 else rng.randint(5, 14)):
        quals = sorted({q for q in ("food", "lifts") if rng.random() < 0.5})
        regions = rng.choice(("4301", "43", "430102,430103", "430181"))
        staff.append((f"J{at:03d}", rng.choice(DEPTS), regions, ",".join(quals) or "-", rng.choice((0, 1, 3, 9, 40)), rng.choice((0, 0, 1, 2, 2**20)), "-"))
    recusals = sorted({(rng.choice(staff)[0], rng.choice(ids)) for _ in range(rng.randrange(6))}) if staff and ids else []
    bundle = {"plan.txt": text.encode(), "population.tsv": reference.tsv(people), "roster.tsv": reference.tsv(sorted(staff)), "recusal.tsv": reference.tsv(recusals)}
    draw, hash_ = f"430100-2026-{number:04d}", reference.hash_of(bundle)
    values = {party: f"{rng.getrandbits(256):064x}" for party in parties}
    bundle["freeze.txt"] = reference.freeze(bundle, {p: hash_(reference.contribution(draw, p, v)).hex() for p, v in values.items()})
    if b"\nmissing skip\n" in bundle["plan.txt"]:
        values[rng.choice(parties)] = "-"
    if number % 2:
        bundle["reveals.txt"] = reference.seed_text(bundle, values, (), "reveals")
    bundle["seed.txt"] = reference.seed_text(bundle, values, [{"lottery": "02-09-13-20-27-33+11", "dice": "20237331128159211123"}.get(b.split()[1], "a-word") for b in beacons])
    return reference.run(bundle)


def seal(bundle, opened=()):
    """The public's copy of a bundle with salted lines: id and leaf hash, but for the ids in `opened`."""
    hash_, lines = reference.hash_of(bundle), []
    for line in bundle["population.tsv"].decode().split("\n")[:-1]:
        who = line.split("\t")[0]
        lines.append(line if who in opened else who + "\t" + hash_(b"\0" + line.encode()).hex())
    return {**bundle, "population.tsv": ("\n".join(lines) + "\n" if lines else "").encode()}


if __name__ == "__main__":
    reference.write(sys.argv[2], generate(int(sys.argv[1])))
