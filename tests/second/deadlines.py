"""Deadlines counted a second time, day by day, from the two tables as text: every row of
definitions/deadlines.yaml, random starts of twenty years, with pauses and extensions.
  deadlines.py SISHI DEFINITIONS"""
import calendar
import datetime
import json
import pathlib
import random
import re
import subprocess
import sys

sishi, definitions = sys.argv[1], pathlib.Path(sys.argv[2])
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
CHINA = datetime.timezone(datetime.timedelta(hours=8))
FIRST, LAST, EACH = 2007, 2026, 40


def day(text):
    return datetime.date.fromisoformat(text)


def days_of(text):
    for part in filter(None, (p.strip() for p in text.split(","))):
        first, _, last = part.partition("..")
        at = day(first)
        while at <= day(last or first):
            yield at
            at += DAY


def read_calendar():
    """Days off, days made up, statutory holidays; the later notice counts."""
    off, made_up, statutory = set(), set(), set()
    for line in (definitions / "calendar.yaml").read_text().splitlines():
        lists = dict(re.findall(r"(off|statutory|work): \[([^\]]*)\]", line))
        if "name:" not in line:
            continue
        for d in days_of(lists.get("off", "")):
            off.add(d)
            made_up.discard(d)
        statutory.update(days_of(lists.get("statutory", "")))
        for d in days_of(lists.get("work", "")):
            made_up.add(d)
            off.discard(d)
    return off, made_up, statutory


OFF, MADE_UP, STATUTORY = read_calendar()


def works(d):
    return d in MADE_UP or (d.weekday() < 5 and d not in OFF)


def read_rules():
    text = (definitions / "deadlines.yaml").read_text()
    for row in re.findall(r"- \{(.*?)\}", text, re.S):
        flat = re.sub(r"\s+", " ", row)
        yield {k: v.strip('"') for k, v in re.findall(r'(\w+): ("(?:[^"\\]|\\.)*"|[^,]+?)(?=, \w+:|\s*$)', flat)}


def add_months(d, n):
    month = d.month - 1 + n
    year, month = d.year + month // 12, month % 12 + 1
    return d.replace(year=year, month=month, day=min(d.day, calendar.monthrange(year, month)[1]))


def paused(d, pauses):
    return any(a < d <= b for a, b in pauses)


def walk(at, n, counts):
    """The n-th day after `at` for which `counts` is true."""
    while n > 0:
        at += DAY
        n -= counts(at)
    return at


def count(start, amounts, pauses, backwards):
    at = start
    for n, unit in amounts:
        if unit in ("month", "year"):
            n = (add_months(at, n * (12 if unit == "year" else 1) * (-1 if backwards else 1)) - at).days
            unit = "day"
            if backwards:
                return at + n * DAY
        if backwards:
            while n > 0:
                at -= DAY
                n -= works(at) if unit == "work_day" else 1
            return at
        free = works if unit == "work_day" else lambda d: True
        at = walk(at, n, lambda d: free(d) and not paused(d, pauses))
    if at in STATUTORY and not works(at):
        at = walk(at, 1, works)
    return at


def count_hours(start, hours, pauses):
    """Minute by minute would be slow: hour by hour, pauses lie on whole hours here."""
    at = start.replace(minute=0, second=0) + HOUR
    while hours > 0:
        hours -= not any(a <= at < b for a, b in pauses)
        at += HOUR
    return at


def random_day(rng):
    return datetime.date(FIRST, 1, 1) + rng.randrange((datetime.date(LAST - 3, 1, 1) - datetime.date(FIRST, 1, 1)).days) * DAY


def random_pauses(rng, start):
    pauses, at = [], start
    for _ in range(rng.choice([0, 0, 1, 2])):
        a = at + rng.randrange(0, 25) * DAY
        b = a + rng.randrange(0, 40) * DAY
        pauses.append((a, b))
        at = b
    return pauses


def question(rng, rule):
    """A line for `sishi due` and the answer it must give."""
    start = random_day(rng)
    named, backwards = rule["unit"] == "named", rule.get("backwards") == "true"
    words = [rule["procedure"], rule["key"], start.isoformat()]
    if named:
        end = start + rng.randrange(400) * DAY
        return words + [f"date={end}"], end
    amounts = [(int(rule["n"]), rule["unit"])]
    if rule["unit"] == "hour":
        begun = datetime.datetime.combine(start, datetime.time(rng.randrange(24), rng.randrange(60)), CHINA)
        words[2] = begun.isoformat()
        return words, count_hours(begun, amounts[0][0], [])
    pauses = [] if backwards else random_pauses(rng, start)
    words += [f"pause={a}..{b}" for a, b in pauses]
    if "extend" in rule and rng.random() < 0.5:
        amounts.append((int(rule["extend"]), rule["extend_unit"]))
        words.append("extend")
    return words, count(start, amounts, pauses, backwards)


def main():
    rng, asked = random.Random(20261125), []
    rules = list(read_rules())
    doubtful = [r for r in rules if r["verified"] == "true" and re.search("not verified|not defined", " ".join(r.values()))]
    for r in doubtful:
        print(f"{r['procedure']} {r['key']} is called verified and says that it is not")
    for rule in rules:
        for _ in range(EACH):
            words, end = question(rng, rule)
            start = datetime.datetime.fromisoformat(words[2]).date()
            if day(rule.get("valid_from", "1900-01-01")) <= start <= day(rule.get("valid_to", "2100-01-01")):
                asked.append((words, end))
    # the rules that came lately, on starts of their own time
    for rule in rules:
        if "valid_from" in rule:
            for k in range(EACH):
                start = day(rule["valid_from"]) + k * DAY
                asked.append(([rule["procedure"], rule["key"], start.isoformat()],
                              count(start, [(int(rule["n"]), rule["unit"])], [], False)))
    lines = "\n".join(" ".join(words) for words, _ in asked) + "\n"
    done = subprocess.run([sishi, "due", "--json", "--quiet"], input=lines, capture_output=True, text=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = 0
    for (words, end), got in zip(asked, answers):
        said = got["due_on"] if isinstance(end, datetime.date) and not isinstance(end, datetime.datetime) else got["too_late_from"]
        if said != end.isoformat():
            wrong += 1
            if wrong <= 10:
                print(f"{' '.join(words)}: {said} here, {end.isoformat()} counted day by day")
    print(f"{len(rules)} deadlines, {len(asked)} periods counted twice, {wrong} differ {done.stderr.strip()}")
    return wrong > 0 or doubtful != [] or len(answers) != len(asked) or len(rules) < 113


sys.exit(main())
