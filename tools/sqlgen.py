#!/usr/bin/env python3
"""sqlgen: makes typed C functions from the named statements in sql/query/*.sql, and the list of
migrations and tables from sql/schema/*.sql. It is the SQL lint too: a statement that names a wrong
column, or uses what SQLite and PostgreSQL read differently, ends the build.

    sqlgen.py OUTDIR --schema sql/schema/*.sql --query sql/query/*.sql

The syntax is told at the top of src/store/store.h and in docs/guide/developer.md, section SQL."""
import pathlib
import re
import sqlite3
import sys

TYPES = {"int": ("int64_t", "VAL_INT", "i", "i"), "text": ("struct str", "VAL_TEXT", "s", "t"),
         "blob": ("struct str", "VAL_BLOB", "s", "b")}
KINDS = ("one", "maybe", "many", "each", "exec")
HEAD = re.compile(r"^-- name: (\w+) ([({])(.*?)[)}] :(\w+)(?: \((.*?)\))?$")
BULK = re.compile(r"^-- bulk: (\w+) \((.*?)\)$")
RESERVED = {"cx", "tx", "out", "n", "found", "changed", "row", "arg", "a", "v", "int", "default", "register"}
MACROS = {"ID": ("INTEGER", "BIGINT"), "I8": ("INTEGER", "BIGINT"), "BLOB": ("BLOB", "BYTEA"),
          "STRICT": ("STRICT", ""), "KEYED": (", WITHOUT ROWID", ""), "FORUPD": ("", "FOR UPDATE")}
# what the two engines read differently, or one of them not at all
FORBIDDEN = [
    (r'"', 'a double-quoted name or string: SQLite takes an unknown "name" for a string'),
    (r"\bavg\s*\(", "avg(): send sum and count, divide in C"),
    (r"\bnow\s*\(|\bcurrent_(time|date|timestamp)\b|\bdatetime\s*\(", "the clock: bind it from C"),
    (r"\b(lower|upper)\s*\(", "lower()/upper(): differ beyond ASCII; fold in C"),
    (r"\b(true|false)\b", "a boolean: use 1 and 0"),
    (r"\bselect\s+(\w+\.)?\*", "SELECT *: name the columns"),
    (r"\b(i?like|glob|similar\s+to)\b", "LIKE: case differs; use a range, or {GRAM_MATCH}"),
    (r"(?<!cast\()(?<!cast\( )\bsum\s*\(", "sum(): numeric in PostgreSQL; write CAST(sum(..) AS BIGINT)"),
    (r"::|->", "a PostgreSQL cast or JSON arrow"),
    (r"==|\binsert\s+or\b|\breplace\s+into\b|\browid\b", "SQLite only"),
    (r"\brandom\s*\(", "random(): chance comes from C"),
    (r"\b(real|float|double|numeric|decimal)\b", "a fraction: use integers"),
]
# the same, where a whole statement has to be looked at: pattern that is wrong, unless the other is there too
SILENT = [
    (r"\binsert into .*\bselect\b.*\bdo update\b", r"\bgroup by\b|\bdistinct\b|\blimit 1\b",
     "INSERT .. SELECT .. DO UPDATE: PostgreSQL refuses a row that comes twice; GROUP BY or DISTINCT"),
    (r"\bcast\s*\((?!\s*(\d|\$|sum\b|count\b|max\b|min\b|coalesce\b|case\b))[^()]*\bas (integer|bigint|int)\b", None,
     "CAST of text to a number: SQLite makes 0 of what is none, PostgreSQL fails; read numbers in C"),
    (r"\bsubstr(ing)?\s*\(", None, "substr(): positions before 1 differ; cut in C"),
    (r"\blimit\s+(-|null\b)|\boffset\s+-", None, "LIMIT -1 or NULL: each is an error on one of the two"),
    (r"(?<![\w$])\d+\.\d", None, "a fraction: use integers"),
    (r"\b(min|max)\s*\([^()]*,", None, "min()/max() of two: SQLite only; CASE"),
    (r"\b(ifnull|iif|total|group_concat|printf|instr|hex|unixepoch|strftime|julianday)\s*\(", None, "a function of SQLite alone"),
    (r"\b(greatest|least|string_agg|array_agg|to_char|to_date|strpos|generate_series|nextval)\s*\(", None, "a function of PostgreSQL alone"),
    (r"\bcollate\b", None, "COLLATE: text is in the order of code points everywhere"),
]
WIDE = re.compile(r"^\s+(\w+(?:_at|_ms|_fen|_by)|home|id|account|entity)\s+INTEGER\b")
OVERLONG = 4000  # bytes a C string literal may surely have


class Wrong(Exception):
    """A mistake in an .sql file: where and what."""


def bare(sql):
    """The statement without its string literals."""
    return re.sub(r"'(?:[^']|'')*'", "'x'", sql)


def expand(text, engine, where):
    """Macros -> the words of one engine (0 SQLite, 1 PostgreSQL)."""
    def one(m):
        word, *args = m[1].split()
        if word in MACROS and not args:
            return MACROS[word][engine]
        if word == "GRAM_INDEX" and len(args) == 4:
            return gram_index(engine, *args)
        if word == "GRAM_MATCH" and len(args) == 4:
            index, key, column, wanted = args
            return (f"{key} IN (SELECT rowid FROM {index} WHERE {index} MATCH {wanted})",
                    f"string_to_array({column}, ' ') @> string_to_array({wanted}, ' ')")[engine]
        raise Wrong(f"{where}: unknown macro {m[0]}")
    return re.sub(r"\{([^}]*)\}", one, text)


def gram_index(engine, index, table, key, column):
    """Full-text search over space-separated bigrams that C has made: FTS5 kept in step by triggers, or GIN."""
    if engine == 1:
        return f"CREATE INDEX {index} ON {table} USING gin (string_to_array({column}, ' '))"
    put = f"INSERT INTO {index}(rowid, {column}) VALUES (new.{key}, new.{column})"
    drop = f"INSERT INTO {index}({index}, rowid, {column}) VALUES ('delete', old.{key}, old.{column})"
    return "\n;;\n".join([
        f"CREATE VIRTUAL TABLE {index} USING fts5({column}, content='{table}', content_rowid='{key}', "
        "detail=none, tokenize='unicode61 remove_diacritics 0')",
        f"CREATE TRIGGER {index}_add AFTER INSERT ON {table} WHEN new.{column} IS NOT NULL BEGIN {put}; END",
        f"CREATE TRIGGER {index}_cut AFTER DELETE ON {table} WHEN old.{column} IS NOT NULL BEGIN {drop}; END",
        f"CREATE TRIGGER {index}_out AFTER UPDATE OF {column} ON {table} WHEN old.{column} IS NOT NULL BEGIN {drop}; END",
        f"CREATE TRIGGER {index}_in AFTER UPDATE OF {column} ON {table} WHEN new.{column} IS NOT NULL BEGIN {put}; END"])


def variants(lines, engine, where):
    """The lines one engine reads: all but the other's, comments cut off."""
    mine, other = ("-- sqlite:", "-- postgres:")[engine], ("-- postgres:", "-- sqlite:")[engine]
    kept = []
    for line in lines:
        bare_line = line.strip()
        if bare_line.startswith(other):
            continue
        if bare_line.startswith(mine):
            line = bare_line[len(mine):]
        kept.append(line.split("--")[0].rstrip())
    return expand("\n".join(kept), engine, where)


def outermost(sql):
    """The statement without what stands in parentheses."""
    while True:
        less = re.sub(r"\([^()]*\)", " ", sql)
        if less == sql:
            return sql
        sql = less


def one_line(sql):
    return " ".join(sql.split())


# ---- schema ---------------------------------------------------------------------------------


def schema_comments(path, lines, known):
    """Every table says what it holds, and every column is spoken of where its name first appears."""
    table, said = None, ""
    for n, line in enumerate(lines, 1):
        m = re.match(r"CREATE TABLE (\w+) \($", line.rstrip())
        column = re.match(r"\s+([a-z]\w*) ", line)
        if m:
            table = m[1]
            if not said:
                raise Wrong(f"{path}:{n}: table {table} has no comment above it")
            known.update(re.findall(r"\w+", said))
        elif line.startswith("CREATE TABLE"):
            raise Wrong(f'{path}:{n}: write "CREATE TABLE name (" and one column a line')
        elif table and line.startswith(")"):
            table = None
        elif table and WIDE.match(line):
            raise Wrong(f"{path}:{n}: {table}.{WIDE.match(line)[1]} is an instant, an id or money: {{I8}}, 32 bits are too few on PostgreSQL")
        elif table and column:
            if "--" in line or lines[n - 2].strip().startswith("--"):
                known.add(column[1])
                known.update(re.findall(r"\w+", line.partition("--")[2]))
            if column[1] not in known and not column[1].endswith(("_at", "_on", "_en")):
                raise Wrong(f"{path}:{n}: {table}.{column[1]} has no comment")
        said = said + line if line.startswith("--") else ""


def read_schema(path, known):
    """A migration: (number, name, [SQLite statements], [PostgreSQL statements])."""
    lines = path.read_text(encoding="utf-8").splitlines()
    schema_comments(path, lines, known)
    m = re.match(r"(\d{4})_(\w+)$", path.stem)
    if not m:
        raise Wrong(f"{path}: a migration is called NNNN_name.sql")
    texts = []
    for engine in (0, 1):
        text = variants(lines, engine, path).replace("\n;;\n", "\0")
        texts.append([one_line(s) for part in text.split(";\n") for s in part.strip().rstrip(";").split("\0") if s.strip()])
    for sql in texts[0] + texts[1]:
        if re.match(r"(?!CREATE|ALTER TABLE \w+ ADD|INSERT|UPDATE|DROP (INDEX|TRIGGER))", sql):
            raise Wrong(f"{path}: migrations only add: {sql[:60]}")
        for pattern, why in FORBIDDEN[:6] + FORBIDDEN[-1:]:
            if re.search(pattern, bare(sql), re.I):
                raise Wrong(f"{path}: {why}: {sql[:60]}")
        if len(sql.encode()) > OVERLONG:
            raise Wrong(f"{path}: statement over {OVERLONG} bytes: {sql[:60]}")
    return int(m[1]), m[2], texts[0], texts[1]


def read_tables(db):
    """What the migrations made: [(table, [(column, letter, key position)])] in the order of making."""
    tables = []
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                              "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY rowid").fetchall():
        if db.execute("SELECT 1 FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%' AND ? LIKE name || '\\_%' ESCAPE '\\'", (name,)).fetchone():
            continue  # a shadow table of FTS5
        columns = []
        for _, column, kind, notnull, _, key, hidden in db.execute(f"PRAGMA table_xinfo({name})"):
            letter = {"INTEGER": "i", "TEXT": "t", "BLOB": "b"}[kind]
            if not hidden:
                columns.append((column, letter if notnull or key else letter.upper(), key))
        if not any(key for _, _, key in columns):
            raise Wrong(f"table {name} has no primary key")
        tables.append((name, columns))
    return tables


def read_virtual(db):
    """The full-text tables, which only a bulk may name: a row number and the columns."""
    made = db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%' ORDER BY rowid").fetchall()
    return [(name, [("rowid", "i", 1)] + [(c[1], "t", 0) for c in db.execute(f"PRAGMA table_info({name})")]) for (name,) in made]


# ---- queries --------------------------------------------------------------------------------


def fields(text, where):
    """"home int, code text?" -> [(name, type, may be NULL)]"""
    out = []
    for f in (text or "").split(","):
        if not f.strip():
            continue
        m = re.match(r"\s*([a-z]\w*) (int|text|blob)(\?)?\s*$", f)
        if not m or m[1] in RESERVED:
            raise Wrong(f"{where}: cannot read field '{f.strip()}'")
        out.append((m[1], m[2], bool(m[3])))
    if len({n for n, _, _ in out}) != len(out):
        raise Wrong(f"{where}: a field is named twice")
    return out


def letters(fs):
    return "".join(TYPES[t][3].upper() if null else TYPES[t][3] for _, t, null in fs)


class Query:
    """A named statement."""

    def __init__(self, where, head, body, db, nullable):
        self.where, self.name, self.kind, self.body = where, head[1], head[4], body
        self.packed = head[2] == "{"  # arguments travel in a struct
        self.args, self.cols = fields(head[3], where), fields(head[5], where)
        self.sql, self.sql_postgres = (one_line(variants(body, e, where)) for e in (0, 1))
        if not (self.sql.endswith(";") and self.sql_postgres.endswith(";")):
            self.bad("does not end with ';'")
        self.sql, self.sql_postgres = self.sql.rstrip(";"), self.sql_postgres.rstrip(";")
        self.writes = bool(re.match(r"(INSERT|UPDATE|DELETE)\b", self.sql) or re.search(r"\)\s*(INSERT|UPDATE|DELETE)\b", self.sql))
        self.lint(nullable)
        self.prepare(db)
        self.sql = re.sub(r"\$(\d+)", r"?\1", self.sql)  # numbered, where SQLite would count $n by appearance

    def bad(self, why):
        raise Wrong(f"{self.where}: {self.name}: {why}")

    def lint(self, nullable):
        if self.kind not in KINDS:
            self.bad(f"kind :{self.kind} is none of {' '.join(KINDS)}")
        if (self.kind == "exec") == bool(self.cols):
            self.bad("columns and kind do not go together")
        for sql in (self.sql, self.sql_postgres):
            used = sorted({int(n) for n in re.findall(r"\$(\d+)", sql)})
            if used != list(range(1, len(self.args) + 1)):
                self.bad(f"uses parameters {used}, declares {len(self.args)}")
            if len(sql.encode()) > OVERLONG:
                self.bad(f"over {OVERLONG} bytes")
            if "''" in sql:
                self.bad("'' is never stored: NULL or something")
        common = one_line(variants(self.body_common(), 0, self.where))
        for pattern, why in FORBIDDEN:
            if re.search(pattern, common, re.I):
                self.bad(why)
        for pattern, but, why in SILENT:
            if re.search(pattern, common, re.I) and not (but and re.search(but, common, re.I)):
                self.bad(why)
        for sql in (self.sql, self.sql_postgres):
            self.lint_order(bare(sql))
        for order in re.findall(r"\border by (.*?)(?:\blimit\b|\)|$)", common, re.I):
            for term in order.split(","):
                words = re.findall(r"[\w.$]+", term)
                if words and words[0].split(".")[-1] in nullable and "nulls" not in term.lower():
                    self.bad(f"ORDER BY {words[0]}: it may be NULL, say NULLS FIRST or LAST")

    def lint_order(self, sql):
        """Rows without an order come as the engine likes, and so does the choice that LIMIT makes; where that is no
        matter a line says "-- any order: why"."""
        ordered = any(re.match(r"\s*-- any order: \w", line) for line in self.body) or re.search(r"\border by\b", outermost(sql), re.I)
        if self.kind in ("many", "each") and not self.writes and not ordered:
            self.bad("several rows without ORDER BY")
        if re.search(r"\blimit\b", outermost(sql), re.I) and not ordered:
            self.bad("LIMIT without ORDER BY")

    def body_common(self):
        """Both engines' text without literals, and without macros, which may do what others may not."""
        return [re.sub(r"\{[^}]*\}", "1", bare(line)) for line in self.body if not line.startswith(("-- sqlite:", "-- postgres:"))]

    def prepare(self, db):
        try:
            nothing = {str(i + 1): None for i in range(len(self.args))}
            db.execute("EXPLAIN " + self.sql, nothing).fetchall()
            if self.cols and not self.writes:
                # no row is asked for, only the shape of the answer
                n = len(db.execute(f"SELECT * FROM ({self.sql}) LIMIT 0", nothing).description)
                if n != len(self.cols):
                    self.bad(f"answers {n} columns, declares {len(self.cols)}")
        except sqlite3.Error as e:
            self.bad(f"{e}: {self.sql}")


def read_queries(path, db, tables):
    """The statements and bulk tables of one file."""
    nullable = {c for _, cols in tables for c, letter, _ in cols if letter.isupper()}
    nullable -= {c for _, cols in tables for c, letter, _ in cols if letter.islower()}
    queries, bulks, head, body, at = [], [], None, [], 0
    lines = path.read_text(encoding="utf-8").splitlines() + [""]
    for number, line in enumerate(lines, 1):
        m = HEAD.match(line.rstrip())
        b = BULK.match(line.rstrip())
        if line.startswith(("-- name:", "-- bulk:")) and not (m or b):
            raise Wrong(f"{path}:{number}: cannot read this heading")
        if head and (m or b or not line.strip()):
            queries.append(Query(f"{path}:{at}", head, body, db, nullable))
            head = None
        if b:
            bulks.append(read_bulk(f"{path}:{number}", b, tables + read_virtual(db)))
        elif m:
            head, body, at = m, [], number
        elif head:
            body.append(line)
        elif line.strip() and not line.startswith("--"):
            raise Wrong(f"{path}:{number}: SQL outside a named statement (a blank line ends one)")
    return queries, bulks


def read_bulk(where, m, tables):
    name, cols = m[1], fields(m[2], where)
    table = dict(tables).get(name)
    if table is None:
        raise Wrong(f"{where}: no table {name}")
    kinds = {c: letter for c, letter, _ in table}
    for column, letter in zip((n for n, _, _ in cols), letters(cols)):
        if kinds.get(column) != letter:
            raise Wrong(f"{where}: {name}.{column} is {kinds.get(column)} in the schema, {letter} here")
    missing = [c for c, letter in kinds.items() if letter.islower() and c not in {n for n, _, _ in cols}]
    if missing:
        raise Wrong(f"{where}: {name} needs {' '.join(missing)}")
    return name, cols


# ---- C --------------------------------------------------------------------------------------


def c_string(text):
    out = []
    for byte in text.encode():
        ch = chr(byte)
        out.append("\\" + ch if ch in '"\\' else ch if 0x20 <= byte < 0x7f else f"\\{byte:03o}")
    return '"' + "".join(out).replace("??", "?\\?") + '"'


def c_stmt(name, sql, postgres, args, cols, writes, stream=False):
    n_args, n_cols = len(args), len(cols)
    return (f"{{ .name = {c_string(name)},\n    .sql = {c_string(sql)},\n    .sql_postgres = {c_string(postgres)},\n"
            f'    .args = "{args}", .cols = "{cols}", .n_args = {n_args}, .n_cols = {n_cols}, .writes = {int(writes)}, .stream = {int(stream)} }}')


def c_bulk(table, names, kinds):
    """A table's INSERT for SQLite and COPY for PostgreSQL."""
    cols = ", ".join(names)
    marks = ", ".join(f"?{i + 1}" for i in range(len(names)))
    stmt = c_stmt("bulk " + table, f"INSERT INTO {table} ({cols}) VALUES ({marks})",
                  f"COPY {table} ({cols}) FROM STDIN (FORMAT binary)", kinds, "", True)
    none = f"SELECT {cols} FROM {table} LIMIT 0"
    shape = c_stmt("shape of " + table, none, none, "", kinds, False)
    return f'{{ .table = "{table}", .insert = {stmt},\n    .shape = {shape} }}'


def c_struct(tag, fs):
    return f"struct {tag} {{\n" + "".join(f"    {TYPES[t][0]} {n};{' /* may be NULL */' if null else ''}\n" for n, t, null in fs) + "};\n"


def c_vals(fs, prefix):
    """Initialisers of struct val for arguments; what may be NULL is asked."""
    out = []
    for n, t, null in fs:
        made = {"int": "val_int_or_null" if null else "val_int", "text": "val_text", "blob": "val_blob"}[t]
        out.append(f"{made}({prefix}{n})")
    return ", ".join(out)


def c_signature(q):
    par = f", const struct qa_{q.name} *a" if q.packed else "".join(f", {TYPES[t][0]} {n}" for n, t, _ in q.args)
    out = {"exec": "int64_t *changed", "one": f"struct q_{q.name} *out", "maybe": f"struct q_{q.name} *out, bool *found",
           "many": f"struct q_{q.name} **out, size_t *n",
           "each": f"enum err (*row)(struct cx *cx, const struct q_{q.name} *r, void *arg), void *arg"}[q.kind]
    return f"enum err q_{q.name}(struct cx *cx, struct tx *tx{par}, {out})"


def c_body(q):
    call = f"tx_run(cx, tx, &stmt_{q.name}, {'args' if q.args else 'NULL'}, "
    args = f"    const struct val args[] = {{ {c_vals(q.args, 'a->' if q.packed else '')} }};\n" if q.args else ""
    size = f"sizeof(struct q_{q.name})"
    body = {
        "exec": f"    return {call}NULL, NULL, changed);\n",
        "each": f"    struct each_{q.name} e = {{ row, arg }};\n    return {call}each_{q.name}, &e, NULL);\n",
        "one": f"    struct rows r = {{ .size = {size}, .most = 1, .get = get_{q.name} }};\n    TRY({call}rows_add, &r, NULL));\n"
               f"    return rows_one(cx, &r, stmt_{q.name}.name, out);\n",
        "maybe": f"    struct rows r = {{ .size = {size}, .most = 1, .get = get_{q.name} }};\n    TRY({call}rows_add, &r, NULL));\n"
                 "    *found = rows_maybe(&r, out);\n    return ERR_OK;\n",
        "many": f"    struct rows r = {{ .size = {size}, .most = SIZE_MAX, .get = get_{q.name} }};\n    TRY({call}rows_add, &r, NULL));\n"
                "    *out = r.at;\n    *n = r.n;\n    return ERR_OK;\n"}[q.kind]
    return args + body


def c_get(q):
    """From values to the row's struct; a row that is kept gets its own text."""
    out = f"\nstatic enum err get_{q.name}(struct cx *cx, const struct val *v, void *at, bool keep)\n{{\n    struct q_{q.name} *r = at;\n"
    if all(t == "int" for _, t, _ in q.cols):
        out += "    (void)cx;\n    (void)keep;\n"
    for i, (n, t, _) in enumerate(q.cols):
        out += f"    r->{n} = v[{i}].i;\n" if t == "int" else f"    TRY(val_keep(cx, &v[{i}], keep, &r->{n}));\n"
    out += "    return ERR_OK;\n}\n"
    if q.kind == "each":
        out += (f"\nstruct each_{q.name} {{\n    enum err (*row)(struct cx *cx, const struct q_{q.name} *r, void *arg);\n    void *arg;\n}};\n"
                f"\nstatic enum err each_{q.name}(struct cx *cx, const struct val *v, void *arg)\n{{\n"
                f"    const struct each_{q.name} *e = arg;\n    struct q_{q.name} r;\n    TRY(get_{q.name}(cx, v, &r, false));\n"
                "    return e->row(cx, &r, e->arg);\n}\n")
    return out


MADE = "/* made by tools/sqlgen.py; do not edit */\n"


def c_header(stem, queries, bulks):
    out = MADE + f'#ifndef SISHI_Q_{stem.upper()}_H\n#define SISHI_Q_{stem.upper()}_H\n\n#include "store/store.h"\n'
    for q in queries:
        out += f"\n/* {one_line(q.sql_postgres).replace('*/', '* /').replace('/*', '/ *')} */\n"
        out += "extern const struct stmt stmt_" + q.name + ";\n"
        out += c_struct("q_" + q.name, q.cols) if q.cols else ""
        out += c_struct("qa_" + q.name, q.args) if q.packed else ""
        out += c_signature(q) + " MUST_USE;\n"
    for name, cols in bulks:
        out += "\n" + c_struct("qb_" + name, cols)
        out += f"enum err qb_{name}_open(struct cx *cx, struct tx *tx, struct bulk **out) MUST_USE;\n"
        out += f"enum err qb_{name}_row(struct cx *cx, struct bulk *b, const struct qb_{name} *a) MUST_USE;\n"
    return out + "\n#endif\n"


def c_source(stem, queries, bulks):
    out = MADE + f'#include "q_{stem}.h"\n'
    for q in queries:
        out += f"\nconst struct stmt stmt_{q.name} = {c_stmt(q.name, q.sql, q.sql_postgres, letters(q.args), letters(q.cols), q.writes, q.kind == 'each')};\n"
        out += c_get(q) if q.cols else ""
        out += f"\n{c_signature(q)}\n{{\n{c_body(q)}}}\n"
    for name, cols in bulks:
        out += f"\nstatic const struct bulk_table bulk_{name} = {c_bulk(name, [n for n, _, _ in cols], letters(cols))};\n"
        out += f"\nenum err qb_{name}_open(struct cx *cx, struct tx *tx, struct bulk **out)\n{{\n    return bulk_open(cx, tx, &bulk_{name}, out);\n}}\n"
        out += (f"\nenum err qb_{name}_row(struct cx *cx, struct bulk *b, const struct qb_{name} *a)\n{{\n"
                f"    const struct val v[] = {{ {c_vals(cols, 'a->')} }};\n    return bulk_row(cx, b, v);\n}}\n")
    return out


def c_schema(migrations, tables):
    out = MADE + '#include "store/schema.h"\n'
    for number, name, *texts in migrations:
        for engine, statements in zip(("sqlite", "postgres"), texts):
            out += f"\nstatic const char *const {engine}_{number:04}[] = {{\n" + "".join(f"    {c_string(s)},\n" for s in statements) + "    NULL,\n};\n"
    out += "\nconst struct migration schema_migrations[] = {\n"
    out += "".join(f'    {{ {number}, "{name}", sqlite_{number:04}, postgres_{number:04} }},\n' for number, name, *_ in migrations) + "};\n"
    out += "const size_t schema_migration_count = COUNT_OF(schema_migrations);\n\nconst struct table schema_tables[] = {\n"
    for name, columns in tables:
        names, kinds = [c for c, _, _ in columns], "".join(k for _, k, _ in columns)
        keys = ", ".join(c for _, c in sorted((key, c) for c, _, key in columns if key))
        select = f"SELECT {', '.join(names)} FROM {name} ORDER BY {keys}"
        out += f'    {{ .name = "{name}",\n    .columns = "{", ".join(names)}",\n'
        clear = c_stmt("clear " + name, f"DELETE FROM {name}", f"DELETE FROM {name}", "", "", True)
        out += f"    .all = {c_stmt('all of ' + name, select, select, '', kinds, False, True)},\n    .clear = {clear},\n    .bulk = {c_bulk(name, names, kinds)} }},\n"
    return out + "};\nconst size_t schema_table_count = COUNT_OF(schema_tables);\n"


def c_all(files):
    """Every statement, so that a test can prepare each on a real engine."""
    out = MADE + "".join(f'#include "q_{stem}.h"\n' for stem, _, _ in files) + '#include "q_all.h"\n\nconst struct stmt *const q_all[] = {\n'
    out += "".join(f"    &stmt_{q.name},\n" for _, queries, _ in files for q in queries)
    return out + "};\nconst size_t q_all_count = COUNT_OF(q_all);\n"


ALL_H = MADE + ('#ifndef SISHI_Q_ALL_H\n#define SISHI_Q_ALL_H\n\n#include "store/store.h"\n\n'
                "extern const struct stmt *const q_all[];\nextern const size_t q_all_count;\n\n#endif\n")


def write(path, text):
    """Leaves an unchanged file alone, so that nothing is compiled twice."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main(argv):
    out = pathlib.Path(argv[1])
    cut = argv.index("--query")
    known = set()
    migrations = [read_schema(pathlib.Path(p), known) for p in sorted(argv[3:cut])]
    if [m[0] for m in migrations] != list(range(1, len(migrations) + 1)):
        raise Wrong(f"migrations are not numbered 1, 2, 3 ...: {[m[0] for m in migrations]}")
    db = sqlite3.connect(":memory:")
    for _, name, statements, _ in migrations:
        for sql in statements:
            try:
                db.execute(sql)
            except sqlite3.Error as e:
                raise Wrong(f"schema {name}: {e}: {sql}") from e
    tables, files = read_tables(db), []
    for path in map(pathlib.Path, argv[cut + 1:]):
        queries, bulks = read_queries(path, db, tables)
        files.append((path.stem, queries, bulks))
        write(out / f"q_{path.stem}.h", c_header(path.stem, queries, bulks))
        write(out / f"q_{path.stem}.c", c_source(path.stem, queries, bulks))
    names = [q.name for _, queries, _ in files for q in queries]
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise Wrong(f"statements named twice: {' '.join(sorted(twice))}")
    write(out / "schema.c", c_schema(migrations, tables))
    write(out / "q_all.h", ALL_H)
    write(out / "q_all.c", c_all(files))


if __name__ == "__main__":
    try:
        main(sys.argv)
    except Wrong as wrong:
        sys.exit(f"sqlgen: {wrong}")
