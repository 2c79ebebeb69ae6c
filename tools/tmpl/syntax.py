"""Reads a template file into nodes. Directives stand in braces; a brace followed by anything but a
letter, '#' or '/' is text.

  {# a comment #}
  {struct chip  text: str, href: str}            a C struct made for the templates
  {extern entity_row  code: str, name: str}      a C struct that exists; the C compiler checks it
  {template chips  items: [chip], title: str} ... {/template}
  {x.y}  {x.y|filter}  {t key name=x.y}  {icon name}  {asset file}
  {if cond} {elif cond} {else} {/if}   {for x in xs} {for x, i in xs} {else} {/for}
  {call name a=x.y b="text" c=@message.key} ... {/call}   {slot}

Types: str z int size bool id date time hash msg; a struct's name; *struct; [type], whose count is
the field n_NAME, or [type; count_field]."""
import re
from catalogue import Wrong

SCALARS = ("str", "z", "int", "size", "bool", "id", "date", "time", "hash", "msg")
NAME = r"[a-z][a-z0-9_]*"
PATH = re.compile(rf"{NAME}(\.{NAME})*\Z")
DIRECTIVE = re.compile(r"\{#.*?#\}|\{(?:[A-Za-z/](?:\"[^\"]*\"|[^{}\"])*)\}", re.S)
FIELD = re.compile(rf"({NAME})\s*:\s*(\[\s*\*?{NAME}\s*(?:;\s*{NAME}\s*)?\]|\*?{NAME})\s*,?\s*")
ARG = re.compile(rf"({NAME})=(\"[^\"]*\"|@[a-z0-9_.]+|-?[0-9]+|[A-Z][A-Z0-9_]*|{NAME}(?:\.{NAME})*(?:\|{NAME})?)\s*")
TOKEN = re.compile(rf"\s*(==|!=|<=|>=|<|>|\(|\)|-?[0-9]+|\"[^\"]*\"|[A-Z][A-Z0-9_]*|{NAME}(?:\.{NAME})*)")


class Node:
    def __init__(self, kind, line, **parts):
        self.kind, self.line = kind, line
        self.__dict__.update(parts)


class Type:
    """name: a scalar or struct; array: a list of them; pointer: struct behind a pointer."""

    def __init__(self, text, field):
        self.array = text.startswith("[")
        inner = text.strip("[] ").split(";")
        self.pointer = inner[0].strip().startswith("*")
        self.name = inner[0].strip().lstrip("*")
        self.count = inner[1].strip() if len(inner) > 1 else "n_" + field


class Operand:
    """Something with a value: path, int, const (a C constant), text or message key."""

    def __init__(self, text, filter_name=None):
        self.filter = filter_name
        if text.startswith('"'):
            self.kind, self.value = "text", text[1:-1]
        elif text.startswith("@"):
            self.kind, self.value = "msg", text[1:]
        elif re.match(r"-?[0-9]+\Z", text):
            self.kind, self.value = "int", text
        elif re.match(r"[A-Z][A-Z0-9_]*\Z", text):
            self.kind, self.value = "const", text
        else:
            self.kind, self.value = "path", text.split(".")


class Parser:
    def __init__(self, path, text):
        self.path, self.text, self.at = path, text, 0
        self.line, self.line_at = 1, 0

    def wrong(self, what, line=None):
        return Wrong(self.path, line or self.line, what)

    def _line_of(self, pos):
        self.line += self.text.count("\n", self.line_at, pos)
        self.line_at = pos
        return self.line

    def tokens(self):
        """(line, None, text) and (line, word, rest) in order."""
        for m in DIRECTIVE.finditer(self.text):
            if m.start() > self.at:
                yield self._line_of(self.at), None, self.text[self.at:m.start()]
            line, self.at = self._line_of(m.start()), m.end()
            if not m[0].startswith("{#"):
                word, _, rest = m[0][1:-1].strip().partition(" ")
                if "\n" in word:
                    word, _, rest = m[0][1:-1].strip().partition("\n")
                yield line, word, rest.strip()
        if self.at < len(self.text):
            yield self._line_of(self.at), None, self.text[self.at:]

    def fields(self, rest, line):
        found, at = {}, 0
        while at < len(rest):
            m = FIELD.match(rest, at)
            if not m:
                raise self.wrong(f"expected 'name: type' at {rest[at:at + 30]!r}", line)
            if m[1] in found:
                raise self.wrong(f"{m[1]!r} is declared twice", line)
            found[m[1]] = Type(m[2], m[1])
            at = m.end()
        return found

    def args(self, rest, line):
        found, at = {}, 0
        while at < len(rest):
            m = ARG.match(rest, at)
            if not m:
                raise self.wrong(f"expected name=value at {rest[at:at + 30]!r}", line)
            if m[1] in found:
                raise self.wrong(f"{m[1]!r} is given twice", line)
            value, _, filter_name = (m[2], "", "") if m[2].startswith('"') else m[2].partition("|")
            found[m[1]] = Operand(value, filter_name or None)
            at = m.end()
        return found

    def condition(self, rest, line):
        """("or"|"and", a, b), ("not", a), ("cmp", op, x, y) or ("is", x)."""
        words, at = [], 0
        rest = rest.rstrip()
        while at < len(rest):
            m = TOKEN.match(rest, at)
            if not m:
                raise self.wrong(f"cannot read the condition at {rest[at:at + 20]!r}", line)
            words.append(m[1])
            at = m.end()
        words.append(None)

        def one():
            word = words.pop(0)
            if word == "not":
                return ("not", one())
            if word == "(":
                inner = some("or")
                if words.pop(0) != ")":
                    raise self.wrong("')' missing in a condition", line)
                return inner
            if word is None or word in ("and", "or", ")"):
                raise self.wrong("condition ends too early", line)
            if words[0] in ("==", "!=", "<", ">", "<=", ">="):
                op, other = words.pop(0), words.pop(0)
                if other is None:
                    raise self.wrong("condition ends too early", line)
                return ("cmp", op, Operand(word), Operand(other))
            return ("is", Operand(word))

        def some(joint):
            left = some("and") if joint == "or" else one()
            while words[0] == joint:
                words.pop(0)
                left = (joint, left, some("and") if joint == "or" else one())
            return left

        result = some("or")
        if words != [None]:
            raise self.wrong(f"cannot read the condition at {words[0]!r}", line)
        return result

    def parse(self):
        """Top-level nodes: struct, extern, template."""
        top, stream = [], self.tokens()
        for line, word, rest in stream:
            if word is None:
                if rest.strip():
                    raise self.wrong("text outside a template", line)
            elif word in ("struct", "extern", "template"):
                name, _, fields = (rest.replace("\n", " ") + " ").partition(" ")
                if not re.match(NAME + r"\Z", name):
                    raise self.wrong(f"{word} needs a name", line)
                node = Node(word, line, name=name, fields=self.fields(fields.strip(), line), path=self.path)
                if word == "template":
                    node.body, _ = self.block(stream, ("/template",), line)
                top.append(node)
            else:
                raise self.wrong(f"{{{word}}} outside a template", line)
        return top

    def block(self, stream, ends, opened):
        body = []
        for line, word, rest in stream:
            if word in ends:
                return body, (line, word, rest)
            if word and word.startswith("/"):
                raise self.wrong(f"{{{ends[-1]}}} missing", opened)
            body.append(self.node(stream, line, word, rest))
        raise self.wrong(f"{{{ends[-1]}}} missing", opened)

    def node(self, stream, line, word, rest):
        if word is None:
            return Node("text", line, text=rest)
        if word == "t":
            key, _, args = rest.partition(" ")
            return Node("message", line, key=key, args=self.args(args.strip(), line))
        if word in ("icon", "asset"):
            return Node(word, line, name=rest)
        if word == "slot":
            return Node("slot", line)
        if word == "if":
            return self.if_node(stream, line, rest)
        if word == "for":
            return self.for_node(stream, line, rest)
        if word == "call":
            return self.call_node(stream, line, rest)
        path, _, filter_name = word.partition("|")
        if rest or not PATH.match(path):
            raise self.wrong(f"unknown directive {{{word} {rest}}}", line)
        return Node("out", line, value=Operand(path, filter_name or None))

    def if_node(self, stream, line, rest):
        branches, otherwise, cond = [], None, self.condition(rest, line)
        while True:
            body, (at, word, rest) = self.block(stream, ("elif", "else", "/if"), line)
            if cond is None:
                otherwise = body
            else:
                branches.append((cond, body))
            if word == "/if":
                return Node("if", line, branches=branches, otherwise=otherwise)
            if cond is None:
                raise self.wrong("{else} must be the last branch", at)
            cond = self.condition(rest, at) if word == "elif" else None

    def for_node(self, stream, line, rest):
        m = re.match(rf"({NAME})(?:\s*,\s*({NAME}))?\s+in\s+({NAME}(?:\.{NAME})*)\Z", rest)
        if not m:
            raise self.wrong("expected {for x in xs} or {for x, i in xs}", line)
        body, (at, word, _) = self.block(stream, ("else", "/for"), line)
        empty = self.block(stream, ("/for",), at)[0] if word == "else" else None
        return Node("for", line, var=m[1], index=m[2], value=Operand(m[3]), body=body, empty=empty)

    def call_node(self, stream, line, rest):
        name, _, args = rest.replace("\n", " ").partition(" ")
        block = name.startswith("+")  # {call +layout ...} takes a body
        body = self.block(stream, ("/call",), line)[0] if block else None
        return Node("call", line, name=name.lstrip("+"), args=self.args(args.strip(), line), body=body)
