#!/usr/bin/env python3
"""A second implementation of the draw itself (sishi-draw/1), slow and plain: what freeze and run must write, byte for byte.

It shares nothing with the C program and with the verifiers only SM3. Every rule is done the obvious way: all keys are computed
and sorted, the assignment is a minimum-cost flow in exact integers, prices are a Bellman-Ford from above. For small bundles.

    python3 reference.py DIR     reads plan, population, roster, recusal, freeze (or commitments) and seed; writes the rest
A bundle in memory is a dict {file name: bytes}.
"""
import hashlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from verify import sm3  # noqa: E402

B, SHORT, S = 2**72, 2**96, 2**20
LISTS = ("lots", "result", "assign", "prices")


def hash_of(bundle):
    if b"\nhash sm3\n" in bundle["plan.txt"]:
        return sm3
    return lambda data: hashlib.sha256(data).digest()


def tree_root(hash_, leaves):
    """RFC 6962 section 2.1, as it is written: split at the largest power of two below n."""
    if not leaves:
        return hash_(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hash_(b"\1" + tree_root(hash_, leaves[:k]) + tree_root(hash_, leaves[k:]))


def count_root(hash_, data):
    """'<lines> <root>' of a file."""
    leaves = [hash_(b"\0" + line) for line in data.split(b"\n")[:-1]]
    return f"{len(leaves)} {tree_root(hash_, leaves).hex()}"


def table(bundle, name):
    return [line.split("\t") for line in bundle[name].decode().split("\n")[:-1]]


class Plan:
    def __init__(self, data):
        lines = [line.split(" ") for line in data.decode().split("\n")[:-1]]
        self.draw = lines[1][1]
        self.parties = [f[1] for f in lines if f[0] == "party"]
        self.beacons = [f[1:] for f in lines if f[0] == "beacon"]
        self.embargo = ["publish", "now"] not in lines
        self.lots = {f[1]: (f[2], int(f[3]), int(f[5])) if f[2] == "fixed" else ("rate", 0, 0) for f in lines if f[0] == "lot"}
        self.teams = [(f[1], f[2], int(f[3]), f[4]) for f in lines if f[0] == "team"]


def contribution(draw, party, value_hex):
    return f"sishi-draw/1 contribution\ndraw {draw}\nparty {party}\nvalue {value_hex}\n".encode()


def freeze(bundle, commitments):
    """freeze.txt from plan, population, roster, recusal and {party: 64 hex}."""
    plan, hash_ = Plan(bundle["plan.txt"]), hash_of(bundle)
    text = f"sishi-draw/1 freeze\ndraw {plan.draw}\nplan {hash_(bundle['plan.txt']).hex()}\n"
    for name in ("population", "roster", "recusal"):
        text += f"{name} {count_root(hash_, bundle[name + '.tsv'])}\n"
    return (text + "".join(f"commit {party} {commitments[party]}\n" for party in plan.parties)).encode()


def seed_text(bundle, values, beacon_values, kind="seed"):
    plan = Plan(bundle["plan.txt"])
    text = f"sishi-draw/1 {kind}\nfreeze {hash_of(bundle)(bundle['freeze.txt']).hex()}\n"
    text += "".join(f"reveal {party} {values[party]}\n" for party in plan.parties)
    if kind == "seed":
        text += "".join(f"beacon {kind_} {ref} {value}\n" for (kind_, ref), value in zip(plan.beacons, beacon_values))
    return text.encode()


class Draw:
    """Everything that follows from the seed."""
    def __init__(self, bundle):
        self.plan, self.hash, self.bundle = Plan(bundle["plan.txt"]), hash_of(bundle), bundle
        self.seed = self.hash(bundle["seed.txt"])
        self.people = {f[0]: (f[1], {part.split("=")[0]: int(part.split("=")[1]) for part in f[2].split(",")}) for f in table(bundle, "population.tsv")}

    def ticket(self, who):
        return self.hash(self.seed + b"T" + who.encode())

    def u(self, who):
        return int.from_bytes(self.ticket(who)[:8], "big") // 2

    def lot(self, name):
        """Rows of result.tsv and the row of lots.tsv."""
        mode, n, reserve = self.plan.lots[name]
        weights = {who: lots[name] for who, (_, lots) in self.people.items() if name in lots}
        total = sum(weights.values())
        if mode == "rate":
            drawn = sorted((self.u(who), who) for who, w in weights.items() if self.u(who) < w * 2**32)
            rows = [(name, at + 1, "S", who, weights[who], u, 0) for at, (u, who) in enumerate(drawn)]
            return rows, (name, "rate", len(weights), total, 0, 0, 0, 0, len(rows), 0, 0, "-")
        left, m, certain = dict(weights), n, []
        while m > 0:
            group = [who for who, w in left.items() if m * w >= sum(left.values())]
            if not group:
                break
            certain += group
            m -= len(group)
            for who in group:
                del left[who]
        rest = sum(left.values())
        keyed = []
        for who, w in left.items():
            p, u = (max(1, m * w * 2**31 // rest), self.u(who)) if m else (1, self.u(who))
            keyed.append((u * (2**31 - p) * 2**31 // (p * (2**63 - u)) if m else u, u, who, p))
        keyed.sort()
        rows = [(name, at + 1, "A", who, 2**31, self.u(who), 0) for at, who in enumerate(sorted(certain))]
        for at, (key, u, who, p) in enumerate(keyed[:m + reserve]):
            rows.append((name, len(rows) + 1, "S" if at < m else "R", who, p, u, key))
        last = keyed[min(m, len(keyed)) - 1] if min(m, len(keyed)) > 0 else (0, 0, "-", 0)
        return rows, (name, "fixed", len(weights), total, n, len(certain), m, rest, len(certain) + min(m, len(keyed)), *last[:3])

    def draw(self):
        rows, lots, visits = [], [], {}
        for name in sorted(self.plan.lots):
            some, row = self.lot(name)
            rows += some
            lots.append(row)
            for r in some:
                if r[2] in "AS":
                    visits.setdefault(r[3], set()).add(name)
        return lots, rows, visits

    def phases(self, visits):
        """[(dept, qual, {target: places})] in the order they are filled."""
        places = {}
        for who, lots in visits.items():
            for dept in {dept for lot, dept, _, _ in self.plan.teams if lot in lots}:
                lines = [(size, qual) for lot, d, size, qual in self.plan.teams if lot in lots and d == dept]
                quals = {qual for _, qual in lines if qual != "-"}
                for qual in quals:
                    places.setdefault((dept, qual), {})[who] = 1
                if max(size for size, _ in lines) > len(quals):
                    places.setdefault((dept, "-"), {})[who] = max(size for size, _ in lines) - len(quals)
        return [(d, q, places[d, q]) for d, q in sorted(places, key=lambda phase: (phase[0], phase[1] == "-", phase[1]))]

    def inspectors(self, visits):
        """Rows of assign.tsv and prices.tsv."""
        staff = [(f[0], f[1], f[2].split(","), f[3].split(","), int(f[4]), int(f[5])) for f in table(self.bundle, "roster.tsv")]
        recused = {tuple(f) for f in table(self.bundle, "recusal.tsv")}
        got = {f[0]: 0 for f in staff}
        mates, assign, prices = {}, [], []
        for dept, qual, demand in self.phases(visits):
            able = [f for f in staff if f[1] == dept and (qual == "-" or qual in f[3])]
            cost = {}
            for who in demand:
                region = self.people[who][0]
                for f in able:
                    if any(region.startswith(prefix) for prefix in f[2]) and (f[0], who) not in recused and f[0] not in mates.get((who, dept), ()):
                        cost[who, f[0]] = int.from_bytes(self.hash(self.ticket(who) + b"I" + f[0].encode())[:6], "big")
            load = {f[0]: f[5] + got[f[0]] for f in able}
            cap = {f[0]: f[4] - got[f[0]] for f in able}
            chosen = cheapest(demand, cost, load, cap)
            price = prices_of(demand, cost, load, cap, chosen)
            for who, places in demand.items():
                team = [j for t, j in chosen if t == who]
                assign += [(who, dept, qual, j) for j in team] + [(who, dept, qual, "~")] * (places - len(team))
                mates.setdefault((who, dept), set()).update(team)
            for _, j in chosen:
                got[j] += 1
            prices += [(dept, qual, j, price[j]) for j in price]
        return sorted(assign), sorted(prices)

    def head(self, bundle):
        seed = f"seed {self.seed.hex()}"
        if self.plan.embargo:
            seed = "seal " + self.hash(f"sishi-draw/1 seal\n{self.seed.hex()}\n".encode()).hex()
        text = f"sishi-draw/1 result\ndraw {self.plan.draw}\nfreeze {self.hash(bundle['freeze.txt']).hex()}\n{seed}\n"
        return (text + "".join(f"{name} {count_root(self.hash, bundle[name + '.tsv'])}\n" for name in LISTS)).encode()


def objective(demand, cost, load, chosen):
    """The integer of section 4.7 that is to be least; chosen: {(target, inspector)}."""
    total = sum(cost[pair] for pair in chosen) + SHORT * (sum(demand.values()) - len(chosen))
    for j in load:
        x = sum(1 for _, k in chosen if k == j)
        total += sum(B * (load[j] + step) for step in range(1, x + 1))
    return total


def cheapest(demand, cost, load, cap):
    """Least-cost set of pairs: one unit after another along the cheapest augmenting path (Bellman-Ford on the residual graph)."""
    chosen, x, short = set(), {j: 0 for j in load}, {t: 0 for t in demand}
    for start in demand:
        for _ in range(demand[start]):
            # nodes: ("t", target), ("j", inspector), ("short",); distance and predecessor from the target that wants a place
            dist, back = {("t", start): 0}, {}
            changed = True
            while changed:
                changed = False
                for (t, j), c in cost.items():
                    a, b, w = (("j", j), ("t", t), -c) if (t, j) in chosen else (("t", t), ("j", j), c)
                    if a in dist and (b not in dist or dist[a] + w < dist[b]):
                        dist[b], back[b], changed = dist[a] + w, a, True
                for t in demand:
                    for a, b, w, open_ in ((("t", t), ("short",), SHORT, True), (("short",), ("t", t), -SHORT, short[t] > 0)):
                        if open_ and a in dist and (b not in dist or dist[a] + w < dist[b]):
                            dist[b], back[b], changed = dist[a] + w, a, True
            ends = [(dist["j", j] + B * (load[j] + x[j] + 1), ("j", j)) for j in load if ("j", j) in dist and x[j] < cap[j]]
            if ("short",) in dist:
                ends.append((dist[("short",)], ("short",)))
            _, node = min(ends)
            if node[0] == "j":
                x[node[1]] += 1
            while node != ("t", start):
                before = back[node]
                if before[0] == "t" and node[0] == "j":
                    chosen.add((before[1], node[1]))
                elif before[0] == "j" and node[0] == "t":
                    chosen.discard((node[1], before[1]))
                elif node == ("short",):
                    short[before[1]] += 1
                else:
                    short[node[1]] -= 1
                node = before
    return chosen


def prices_of(demand, cost, load, cap, chosen):
    """The largest integers that section 4.7 allows: start from the caps and relax until nothing moves."""
    price = {}
    for j in load:
        x = sum(1 for _, k in chosen if k == j)
        price[j] = S * B * (load[j] + x + 1) - 1 if x < cap[j] else S * SHORT
    moved = True
    while moved:
        moved = False
        for t, j in chosen:
            bounds = [S * SHORT - 1 - S * cost[t, j]]
            bounds += [S * cost[t, k] + price[k] - 1 - S * cost[t, j] for (s, k) in cost if s == t and (t, k) not in chosen]
            if min(bounds) < price[j]:
                price[j], moved = min(bounds), True
    return price


def tsv(rows):
    return "".join("\t".join(map(str, row)) + "\n" for row in rows).encode()


def run(bundle):
    """Adds lots, result, assign, prices and head to a bundle that has plan, population, roster, recusal, freeze and seed."""
    draw = Draw(bundle)
    lots, rows, visits = draw.draw()
    assign, prices = draw.inspectors(visits)
    out = {**bundle, "lots.tsv": tsv(lots), "result.tsv": tsv(rows), "assign.tsv": tsv(assign), "prices.tsv": tsv(prices)}
    return {**out, "head.txt": draw.head(out)}


def read(folder):
    return {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir() if path.suffix in (".txt", ".tsv")}


def write(folder, bundle):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in bundle.items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    write(sys.argv[1], run(read(sys.argv[1])))
