#!/usr/bin/env python3
"""Checks a published draw (format sishi-draw/1) with nothing but Python's standard library. Written from the specification alone.

    python3 verify.py DIR        everything: formats, hashes, commitments, seed, tickets, lots, result, inspectors, prices
    python3 verify.py DIR ID     the same, but of the population only the entity ID is recomputed, and explained
Says the first thing that is wrong and exits 1, or says what was checked and exits 0."""
import collections, datetime, functools, hashlib, itertools, pathlib, re, sys  # noqa: E401

ID, NAME, HEX, INT = "[!-~]{1,64}", "[A-Za-z0-9_]{1,32}", "[0-9a-f]{64}", "(?:0|[1-9][0-9]{0,17})"
COUNT, BEACON = f"({INT} {HEX})\n", "(?:lottery|dice|drand|nist|other) [!-~]+"
PLAN = (f"sishi-draw/1 plan\ndraw ([!-~]{{1,64}})\n(?:title .+\n)?(?:rules {HEX}\n)?hash (sha256|sm3)\n((?:party {NAME}\n){{1,16}})"
        f"((?:beacon {BEACON}\n){{0,8}})missing (void|skip)\npublish (?:now|embargo ([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}))\n"
        f"((?:lot {NAME} (?:fixed {INT} reserve {INT}|rate)\n)+)((?:team {NAME} {NAME} {INT} (?:{NAME}|-)\n)*)")
ROWS = {name: re.compile("\t".join(form)) for name, form in {  # a sealed line of the population is the id and the leaf's hash
    "population": (f"({ID})", f"(?:({HEX})|([0-9]{{6,12}})", f"({NAME}={INT}(?:,{NAME}={INT})*)", "(?:-|[0-9a-f]{32})", "(-|[^\0-\x1f\x7f]+))"),
    "roster": (f"({ID})", f"({NAME})", "([0-9]{1,12}(?:,[0-9]{1,12})*)", f"(-|{NAME}(?:,{NAME})*)", f"({INT})", f"({INT})", "(?:-|[0-9a-f]{32})"),
    "recusal": (f"({ID})", f"({ID})"), "assign": (f"({ID})", f"({NAME})", f"({NAME}|-)", f"({ID})"),
    "prices": (f"({NAME})", f"({NAME}|-)", f"({ID})", "([1-9][0-9]{0,39})")}.items()}
SORT = {"population": 1, "roster": 1, "recusal": 2, "assign": 4, "prices": 3}  # so many first fields must ascend
S, B, SHORT = 1 << 20, 1 << 72, 1 << 96  # scale of prices, cost of one step of load, cost of an unfilled place

def need(ok, what):
    if not ok:
        raise ValueError(what)

def sm3(data):  # GB/T 32905-2016
    rot, mask = lambda x, n: (x << n | (x & mask) >> 32 - n) & mask, 0xFFFFFFFF
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    data += b"\x80" + bytes(-(len(data) + 9) % 64) + (len(data) * 8).to_bytes(8, "big")
    for at in range(0, len(data), 64):
        w = [int.from_bytes(data[i:i + 4], "big") for i in range(at, at + 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rot(w[j - 3], 15)
            w.append(x ^ rot(x, 15) ^ rot(x, 23) ^ rot(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            ss = rot(rot(a, 12) + e + rot(0x79CC4519 if j < 16 else 0x7A879D8A, j % 32), 7)
            ff, gg = (a ^ b ^ c, e ^ f ^ g) if j < 16 else (a & b | a & c | b & c, e & f | ~e & g)
            t1, t2 = ff + d + (ss ^ rot(a, 12)) + (w[j] ^ w[j + 4]) & mask, gg + h + ss + w[j] & mask
            a, b, c, d, e, f, g, h = t1, a, rot(b, 9), c, t2 ^ rot(t2, 9) ^ rot(t2, 17), e, rot(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(4, "big") for x in v)
def entry(mode, m, total, w, u, who, p=None):  # a candidate as (not certain, K, u, id, p), which sorts as the result does; None: not drawn
    if mode == "rate":
        return (True, 0, u, who, w) if u < w << 32 else None
    if p == 1 << 31 or not p and (total == 0 or m and m * w >= total):
        return False, 0, 0, who, 1 << 31
    p = p or max(1, (m * w << 31) // total)
    return True, ((u * ((1 << 31) - p)) << 31) // (p * ((1 << 63) - u)) if m else u, u, who, p
def take_all(m, weights):  # {w: how many} -> (m, W) left when everybody whose share is a whole place has it
    left, total = dict(weights), sum(w * k for w, k in weights.items())
    while m and (certain := [w for w in left if m * w >= total]):
        gone = {w: left.pop(w) for w in certain}
        m, total = m - sum(gone.values()), total - sum(w * k for w, k in gone.items())
    return m, total

class Bundle:
    def __init__(self, folder):
        self.folder, self.hash = pathlib.Path(folder), lambda data: hashlib.sha256(data).digest()
        self.draw, kind, parties, beacons, self.missing, day, lots, teams = self.text("plan.txt", PLAN)
        self.hash, self.embargo = sm3 if kind == "sm3" else self.hash, day and datetime.date.fromisoformat(day)
        self.parties, self.beacons, self.teams = parties.split()[1::2], beacons.splitlines(), [line.split()[1:] for line in teams.splitlines()]
        self.lots = dict(sorted((name, rest) for _, name, *rest in map(str.split, lots.splitlines())))  # name: [fixed, n, reserve, r] or [rate]
        need(self.parties == sorted(set(self.parties)) and len(self.lots) == lots.count("\n"), "plan.txt: parties do not ascend, or a lot is there twice")
        need(all(t[0] in self.lots and t[2] != "0" for t in self.teams) and (self.missing == "void" or beacons), "plan.txt: a wrong team, or skip without beacon")
        top, commits = f"draw {re.escape(self.draw)}\n", "".join(f"commit {party} ({HEX})\n" for party in self.parties)
        frozen = self.text("freeze.txt", f"sishi-draw/1 freeze\n{top}plan {self.digest('plan.txt')}\npopulation {COUNT}roster {COUNT}recusal {COUNT}{commits}")
        self.commits, self.freeze = frozen[3:], f"freeze {self.digest('freeze.txt')}\n"
        self.shown, *roots = self.text("head.txt", f"sishi-draw/1 result\n{top}{self.freeze}{'seal' if day else 'seed'} ({HEX})\n"
                                       f"lots {COUNT}result {COUNT}assign {COUNT}prices {COUNT}")
        self.roots = dict(zip(("population", "roster", "recusal", "lots", "result", "assign", "prices"), [*frozen[:3], *roots]))

    def digest(self, name):
        return self.hash((self.folder / name).read_bytes()).hex()
    def text(self, name, form):
        found = re.fullmatch(form, text := (self.folder / name).read_bytes().decode())
        need(found and "\r" not in text, f"{name}: is not of the form that the specification, the plan and the other files' hashes give it")
        return found.groups()

    def table(self, name):
        """Rows of name.tsv; at the end its count and RFC 6962 root must be the published ones."""
        count, stack, last = 0, [], ()
        with open(self.folder / f"{name}.tsv", "rb") as file:
            for count, line in enumerate(file, 1):
                found = line.endswith(b"\n") and b"\r" not in line and (ROWS[name].fullmatch if name in ROWS else str)(line[:-1].decode())
                need(found, f"{name}.tsv line {count}: not understood: {line[:80]}")
                row = found.groups() if name in ROWS else found.split("\t")
                need(not last or last < row[:SORT[name]] or last == row and row[3] == "~", f"{name}.tsv line {count}: twice, or out of order: {line[:80]}")
                last, k = row[:SORT.get(name, 0)], count - 1
                node = bytes.fromhex(row[1]) if name == "population" and row[1] else self.hash(b"\0" + line[:-1])
                while k & 1:
                    node, k = self.hash(b"\1" + stack.pop() + node), k >> 1
                stack.append(node)
                yield row
        root = functools.reduce(lambda right, left: self.hash(b"\1" + left + right), reversed(stack)) if stack else self.hash(b"")
        need(f"{count} {root.hex()}" == self.roots[name], f"{name}.tsv: has {count} lines and root {root.hex()}, published: {self.roots[name]}")

    def open_seed(self):
        reveals = self.freeze + "".join(f"reveal {party} ({HEX}{'|-' if self.missing == 'skip' else ''})\n" for party in self.parties)
        values = self.text("seed.txt", "sishi-draw/1 seed\n" + reveals + "".join(f"{re.escape(beacon)} [!-~]{{1,400}}\n" for beacon in self.beacons))
        for party, value, commit in zip(self.parties, values, self.commits):
            made = self.hash(f"sishi-draw/1 contribution\ndraw {self.draw}\nparty {party}\nvalue {value}\n".encode()).hex()
            need(value == "-" or made == commit, f"seed.txt: {party} did not reveal what it had committed")
        if (self.folder / "reveals.txt").is_file():
            need(self.text("reveals.txt", "sishi-draw/1 reveals\n" + reveals) == values, "reveals.txt: differs from seed.txt")
        self.seed = bytes.fromhex(seed := self.digest("seed.txt"))
        need(self.shown == (self.hash(f"sishi-draw/1 seal\n{seed}\n".encode()).hex() if self.embargo else seed), "head.txt: the seed (or its seal) is not that of seed.txt")
    def ticket(self, who):
        ticket = self.hash(self.seed + b"T" + who.encode())
        return ticket, int.from_bytes(ticket[:8], "big") >> 1

    def results(self, only):
        """Nobody in the published rows is too many and nobody is missing. Sealed lines, and with `only` all others, count as published."""
        lots, rows, all_rows = {row[0]: row for row in self.table("lots")}, [*self.table("result")], []
        need([*lots] == [*self.lots] and {row[0] for row in rows} <= {*lots}, "lots.tsv, result.tsv: not the lots of the plan, in order")
        odds = {name: (rest[0], int(lots[name][6]), int(lots[name][7])) for name, rest in self.lots.items()}
        told = [(name, who, entry(*odds[name], int(p), self.ticket(who)[1], who, int(p))) for name, _, _, who, p, _, _ in rows]
        last, found, counts = {row[0]: row[2] for row in told}, {name: {} for name in lots}, {name: collections.Counter() for name in lots}
        self.told, self.region, self.sealed = [], {who: "" for _, who, _ in told}, 0
        for who, leaf, region, weights, note in self.table("population"):
            self.region.update({who: region} if who in self.region else {})
            need(leaf or len(note.encode()) <= 255, f"population.tsv: {who}: note longer than 255 bytes")
            self.sealed += bool(leaf)
            u, before = self.ticket(who)[1] if not leaf and only in (None, who) else None, ""
            for name, w in [] if leaf else [part.split("=") for part in weights.split(",")]:
                need(before < name and name in lots and 1 <= int(w) <= 1 << 31, f"population.tsv: {who}: {name}={w}: order, lot or weight")
                before, counts[name][int(w)] = name, counts[name][int(w)] + 1
                mine = u is not None and entry(*odds[name], int(w), u, who)
                if mine and (odds[name][0] == "rate" or mine <= last.get(name, ())):
                    found[name][who] = mine
                if who == only:
                    self.told.append(f"lot {name}: weight {w}, ticket u={u}, " + (f"K={mine[1]}, p={mine[4]}" if mine else "not below its rate"))
        for name, who, row in told:
            need(row and self.region[who] != "", f"result.tsv: {name}: {who}: above its rate, or not in the population")
            found[name].update({who: row} if self.region[who] is None or only not in (None, who) else {})
        for name, (mode, *rest) in self.lots.items():
            n, keep, ranked = int([*rest, 0][0]), int(rest[0]) + int(rest[2]) if rest else 0, sorted(found[name].values())
            kinds = ["A" if not e[0] else "S" if mode == "rate" or at < n else "R" for at, e in enumerate(ranked)]
            want = [[name, str(at + 1), kinds[at], e[3], str(e[4]), str(self.ticket(e[3])[1]), str(e[1])] for at, e in enumerate(ranked)]
            count, total, (m, left) = counts[name].total(), sum(w * k for w, k in counts[name].items()), take_all(n, counts[name]) if rest else (0, 0)
            count, total, m, left = (*map(int, lots[name][2:4]), n - kinds.count("A"), int(lots[name][7])) if self.sealed else (count, total, m, left)
            final = [(row[6], row[5], row[3]) for row in want if row[2] == "S" and rest] or [(0, 0, "-")]
            row = [name, mode, count, total, n, kinds.count("A"), m, left, len(kinds) - kinds.count("R"), *final[-1]]
            need([*map(str, row)] == lots[name] and (not rest or len(kinds) == min(count, keep)), f"lots.tsv, result.tsv: lot {name}: is not {row}")
            all_rows += want
        wrong = next((pair for pair in itertools.zip_longest(rows, all_rows) if pair[0] != pair[1]), None)
        need(not wrong, f"result.tsv: is and should be: {wrong}")
        visits = sorted((row[3], row[0]) for row in rows if row[2] != "R")
        self.visits = {who: {lot for _, lot in some} for who, some in itertools.groupby(visits, lambda visit: visit[0])}

    def inspectors(self):
        """No optimisation is repeated: the published prices prove that the assignment is the best one, and the only best one."""
        staff, recused, placed, mates = [*self.table("roster")], {*self.table("recusal")}, collections.Counter(), collections.defaultdict(set)
        teams, prices, wanted = (collections.defaultdict(lambda: collections.defaultdict(list)) for _ in range(3))
        for who, dept, qual, inspector in self.table("assign"):
            teams[dept, qual][who].append(inspector)
        for dept, qual, inspector, price in self.table("prices"):
            prices[dept, qual][inspector] = int(price)
        for who, dept in itertools.product(self.visits, {t[1] for t in self.teams}):
            lines = [(int(size), qual) for lot, d, size, qual in self.teams if lot in self.visits[who] and d == dept]
            quals = {qual for _, qual in lines} - {"-"}
            for qual, places in [*((q, 1) for q in quals), ("-", max(lines, default=[0])[0] - len(quals))]:
                if places > 0:
                    wanted[dept, qual][who] = places
        need({phase: {who: len(team) for who, team in some.items()} for phase, some in teams.items()} == wanted, "assign.tsv: not the places that are to be filled")
        need(prices.keys() <= wanted.keys() and all(int(load) <= 1 << 20 for *_, load in staff), "prices.tsv: not the phases there are; or a load above 2^20")
        for dept, qual in sorted(wanted, key=lambda phase: (phase[0], phase[1] == "-", phase[1])):
            able, price, held = [r for r in staff if r[1] == dept and qual in ("-", *r[3].split(","))], prices[dept, qual], teams[dept, qual]
            x, where, most = collections.Counter(j for team in held.values() for j in team if j != "~"), f"assign.tsv, prices.tsv: {dept} {qual}", {}
            need([*price] == [r[0] for r in able], f"{where}: not one price for each inspector who could come")
            for name, _, _, _, cap, load in able:
                left, load = int(cap) - placed[name] - x[name], int(load) + placed[name] + x[name]
                most[name] = S * B * (load + 1) - 1 if left else S * SHORT
                need(left >= 0 and (not x[name] or price[name] > S * B * load), f"{where}: {name} has more than cap or balance allow")
            for who, team in held.items():
                region, ticket, got = self.region[who], self.ticket(who)[0] + b"I", {j for j in team if j != "~"}
                cost = {j: S * int.from_bytes(self.hash(ticket + j.encode())[:6], "big") for j, _, where_to, *_ in able if (j, who) not in recused and
                        j not in mates[who, dept] and (region.startswith(tuple(where_to.split(","))) if region else j in got)}
                need(len(got) + team.count("~") == len(team) and got <= cost.keys(), f"{where}: {who}: an inspector twice, or one who may not come")
                other = min((cost[j] + price[j] for j in cost.keys() - got), default=1 << 200)
                need(len(got) == len(team) or other > S * SHORT, f"{where}: {who}: a place is empty though somebody could come")
                most.update({j: min(most[j], min(other, S * SHORT) - 1 - cost[j]) for j in got})
                mates[who, dept] |= got
            need(all(price[j] == most[j] or price[j] < most[j] and None in map(self.region.get, held) for j in price), f"{where}: the prices prove it not")
            placed.update(x)

def verify(folder, only=None):
    b = Bundle(folder)
    if b.embargo and not any((b.folder / name).exists() for name in ("seed.txt", "lots.tsv", "result.tsv", "assign.tsv", "prices.tsv")):
        return f"under embargo until {b.embargo}: plan, freeze and sealed head agree; seed and lists are still to be published"
    b.open_seed(), b.results(only), b.inspectors()
    text = "\n".join(b.told or [f"{only} is not in the population"]) if only else f"{b.roots['population'].split()[0]} entities, {len(b.visits)} visits"
    return f"draw {b.draw}: {text}" + (f"; {b.sealed} sealed lines could not be recomputed" if b.sealed else "")

if __name__ == "__main__":
    try:
        print("OK", verify(*sys.argv[1:3]))
    except (ValueError, OSError, TypeError, LookupError) as wrong:
        sys.exit(f"WRONG {wrong}")
