#!/usr/bin/env python3
"""What tools/sqlgen.py refuses: statements that SQLite and PostgreSQL would read differently, and mistakes.

    test_sqlgen.py SQLGEN
"""
import pathlib
import subprocess
import sys
import tempfile

SQLGEN = sys.argv[1]
SCHEMA = """-- thing: what tests are made of.
CREATE TABLE thing (
    id   {I8} NOT NULL PRIMARY KEY, -- its number
    name TEXT,                      -- may be NULL
    n    INTEGER NOT NULL           -- a small number
){STRICT};
"""
# heading, statement, what the refusal says ("" = it is accepted)
STATEMENTS = [
    ("t (id int) :one (num int)", "SELECT n FROM thing WHERE id = $1", ""),
    ("t () :many (id int)", "SELECT id FROM thing ORDER BY id", ""),
    ("t () :many (id int)", "SELECT id FROM thing", "without ORDER BY"),
    ("t () :many (id int)", "-- any order: they are counted\nSELECT id FROM thing", ""),
    ("t () :many (id int)", "-- any order:\nSELECT id FROM thing", "without ORDER BY"),
    ("t () :each (id int)", "SELECT id FROM (SELECT id FROM thing ORDER BY id) t", "without ORDER BY"),
    ("t () :maybe (id int)", "SELECT id FROM thing LIMIT 1", "LIMIT without ORDER BY"),
    ("t () :one (num int)", "SELECT COUNT(*) FROM (SELECT id FROM thing LIMIT 9) t", ""),
    ("t () :many (id int)", "SELECT id FROM thing ORDER BY id LIMIT -1", "LIMIT -1"),
    ("t () :many (id int)", "SELECT id FROM thing ORDER BY name, id", "say NULLS"),
    ("t () :many (id int)", "SELECT id FROM thing ORDER BY name NULLS LAST, id", ""),
    ("t () :one (num int)", "SELECT SUM(n) FROM thing", "sum()"),
    ("t () :one (num int?)", "SELECT CAST(SUM(n) AS BIGINT) FROM thing", ""),
    ("t () :one (num int)", "SELECT AVG(n) FROM thing", "avg()"),
    ("t () :one (num int)", "SELECT CAST(name AS BIGINT) FROM thing", "CAST of text"),
    ("t () :one (num int)", "SELECT CAST(1 AS BIGINT) << n FROM thing", ""),
    ("t (want text) :one (num int)", "SELECT n FROM thing WHERE name LIKE $1", "LIKE"),
    ("t (want text) :one (num int)", "SELECT n FROM thing WHERE lower(name) = $1", "lower()"),
    ("t (want text) :one (num int)", 'SELECT n FROM thing WHERE name = $1 OR name = "x"', "double-quoted"),
    ("t () :one (s text)", "SELECT substr(name, 0, 3) FROM thing", "substr()"),
    ("t () :one (num int)", "SELECT MAX(n, 3) FROM thing", "of two"),
    ("t () :one (num int)", "SELECT IFNULL(n, 3) FROM thing", "SQLite alone"),
    ("t () :one (num int)", "SELECT n * 1.5 FROM thing", "fraction"),
    ("t () :one (num int)", "SELECT n FROM thing WHERE n = 1 AND name = true", "boolean"),
    ("t () :exec", "INSERT INTO thing (id, n) SELECT n, n FROM thing WHERE n > 0 ON CONFLICT (id) DO UPDATE SET n = excluded.n", "comes twice"),
    ("t () :exec", "INSERT INTO thing (id, n) SELECT n, MAX(n) FROM thing GROUP BY n ON CONFLICT (id) DO UPDATE SET n = excluded.n", ""),
    ("t () :exec", "INSERT OR REPLACE INTO thing (id, n) VALUES (1, 2)", "SQLite only"),
    ("t () :exec", "UPDATE thing SET name = ''", "never stored"),
    ("t () :exec", "UPDATE thing SET n = now()", "clock"),
    ("t (num int) :exec", "UPDATE thing SET n = 1", "uses parameters"),
    ("t () :one (one_ int, two_ int)", "SELECT n FROM thing", "answers 1 columns"),
    ("t () :one (num int)", "SELECT colour FROM thing", "no such column"),
]
SCHEMAS = [  # a column of the table, what is said of it
    ("    made_at INTEGER NOT NULL,      -- an instant", "32 bits are too few"),
    ("    fine_fen INTEGER NOT NULL,     -- money", "32 bits are too few"),
    ("    made_at {I8} NOT NULL,         -- an instant", ""),
    ("    silent  INTEGER NOT NULL,", "has no comment"),
]
passed = failed = 0


def sqlgen(schema, query):
    with tempfile.TemporaryDirectory() as folder:
        at = pathlib.Path(folder)
        (at / "0001_t.sql").write_text(schema)
        (at / "t.sql").write_text(query)
        return subprocess.run([sys.executable, SQLGEN, at, "--schema", at / "0001_t.sql", "--query", at / "t.sql"], capture_output=True, text=True)


def check(what, done, said):
    global passed, failed
    good = done.returncode == 0 if said == "" else done.returncode != 0 and done.stderr.startswith("sqlgen: ") and said in done.stderr
    passed, failed = passed + good, failed + (not good)
    if not good:
        print(f"FAIL {what}\n  wanted '{said}', exit {done.returncode}: {done.stderr.strip()[-300:]}")


for head, sql, said in STATEMENTS:
    check(sql, sqlgen(SCHEMA, f"-- name: {head}\n{sql};\n\n"), said)
for column, said in SCHEMAS:
    check(column, sqlgen(SCHEMA.replace("    name TEXT", f"{column}\n    name TEXT"), "\n"), said)
print(f"{passed} passed, {failed} failed")
sys.exit(bool(failed))
