"""Rows of market entities that do not exist, for the tests of imports."""
import csv

SET, WEIGHTS = "0123456789ABCDEFGHJKLMNPQRTUWXY", [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
ORGANISATION = [3, 7, 9, 10, 5, 8, 4, 2]
HEADER = ["uscc", "name", "region", "established_on", "premises", "capital", "representative"]


def code(i):
    body = f"YD{i:06d}"
    check = 11 - sum(w * int(c, 36) for w, c in zip(ORGANISATION, body)) % 11
    head = "91430102" + body + ("0" if check == 11 else "X" if check == 10 else str(check))
    return head + SET[-sum(w * SET.index(c) for w, c in zip(WEIGHTS, head)) % 31]


def row(i, **other):
    values = {"uscc": code(i), "name": f"试验{i}号有限公司", "region": "430102", "established_on": "2020-02-03",
              "premises": f"五一大道{i % 900}号", "capital": 1000 * (i % 77), "representative": "张某", **other}
    return [values[h] for h in HEADER]


def write(path, rows, encoding="utf-8"):
    with path.open("w", newline="", encoding=encoding) as f:
        out = csv.writer(f)
        out.writerow(HEADER)
        out.writerows(rows)
